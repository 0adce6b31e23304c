//! The sections of the configuration, a file each.

mod accounts;
mod chat;
mod limits;
mod log;
mod realtime;
mod retention;
mod server;
mod telemetry;
mod tls;

pub use accounts::Accounts;
pub use chat::Chat;
pub use limits::Limits;
pub use log::Log;
pub use realtime::Realtime;
pub use retention::Retention;
pub use server::Server;
pub use telemetry::Telemetry;
pub use tls::Tls;

use crate::section::Section;
use crate::spec::OptionSpec;

/// Title and options of every section, in the order of the documentation.
pub(crate) const ALL_SPECS: &[(&str, &[OptionSpec])] = &[
    (Server::TITLE, Server::SPECS),
    (Tls::TITLE, Tls::SPECS),
    (Accounts::TITLE, Accounts::SPECS),
    (Chat::TITLE, Chat::SPECS),
    (Realtime::TITLE, Realtime::SPECS),
    (Limits::TITLE, Limits::SPECS),
    (Retention::TITLE, Retention::SPECS),
    (Log::TITLE, Log::SPECS),
    (Telemetry::TITLE, Telemetry::SPECS),
];
