//! The realtime wire: frames, messages, serials, errors, capabilities and their codecs.
//!
//! Pure: no I/O, no clock, no randomness. What a client may send is parsed here once, at the border, into
//! types that the rest of the program can trust; what goes out is encoded here once per format.

pub mod action;
pub mod capability;
pub mod codec;
pub mod data;
pub mod details;
pub mod entry;
pub mod error;
pub mod flags;
pub mod frame;
#[doc(hidden)]
pub mod fuzz;
pub mod ids;
pub mod message;
pub mod params;
pub mod partition;
pub mod presence;
pub mod room;
pub mod serial;
mod wire;

pub use action::Action;
pub use capability::{Capability, Operation, Operations};
pub use codec::Format;
pub use data::Data;
pub use details::ConnectionDetails;
pub use error::{ErrorCode, ErrorInfo};
pub use flags::Flags;
pub use frame::ProtocolMessage;
pub use ids::{AppId, ChannelId, ChannelName, ClientId, ConnectionId, KeyName};
pub use message::Message;
pub use partition::PartitionId;
pub use presence::{PresenceAction, PresenceMessage};
pub use serial::{MessageSerial, Serial};
