//! The configuration of a node: one typed, validated [`Config`] from four layers.
//!
//! Precedence is flag > environment > file > default. Every option is declared exactly once, as a
//! documented field of a section (`sections/`); from that declaration come its key in `loquat.toml`,
//! its environment variable (`LOQUAT_` and the key in capitals), its flag (`--` and the key with
//! dashes), its default, its bounds, `loquat check --print-config`, the reference page and the example
//! file. A new option is a new field: nothing else has to be told.
//!
//! All mistakes are collected, one line each, never only the first; the binary prints them and exits
//! with [`EXIT_CODE`]. Values of every layer are checked, also those that a higher layer overrides.
//!
//! This crate knows nothing of the other crates' option types; the binary maps a [`Config`] onto them.

mod check;
mod choice;
mod file;
mod layers;
mod load;
mod mistake;
mod network;
mod print;
mod reference;
mod root_key;
mod secret;
#[macro_use]
mod section;
mod sections;
mod setting;
mod spec;
mod units;

pub use choice::{LogEngine, LogFormat, Role, SignUp};
pub use layers::{Layer, Layers};
pub use load::{Config, EffectiveConfig};
pub use mistake::{EXIT_CODE, Mistake, Mistakes};
pub use network::Network;
pub use reference::{example_file, reference_page};
pub use root_key::RootKey;
pub use secret::Secret;
pub use sections::{Accounts, Chat, Limits, Log, Realtime, Retention, Server, Telemetry, Tls};
pub use setting::Ratio;
pub use spec::{OptionSpec, options};
pub use units::ByteSize;
