//! The chat product's services: people and their accounts, rooms and their members, what each has read.
//!
//! [`Chat`] has a method per thing that can be asked for; those of people who have authenticated take the acting
//! [`Actor`] first and authorise the operation when it happens (SEC-1). Nothing here knows of HTTP or of the realtime
//! layer, which is reached through [`Ports`] and asks back through [`Chat::standings`]. All methods block shortly, for the
//! store or for a password's hash: call them where that is allowed. Time and randomness come in at [`Chat::new`].
//!
//! - What somebody may do in a room is decided in one place, [`rights`].
//! - What one may not see is answered like what isn't there.
//! - Every change is told to the open connections that it concerns ([`events`]), in order and with absolute values: what
//!   a client held before, plus the events, is what it would be given afresh (SNAP-1).
//! - Messages come from the log: [`RoomProjector`] counts them into the store and tells of it.

mod accounts;
pub mod actor;
mod chat;
pub mod error;
pub mod events;
mod invitations;
pub mod limits;
mod live;
mod members;
mod messages;
pub mod operator;
mod options;
mod passwords;
mod people;
pub mod ports;
pub mod projector;
mod reading;
pub mod rights;
mod rooms;
mod secret;
mod sessions;
mod text;
mod tick;
mod tokens;
mod totals;
mod turn;
pub mod views;

pub use accounts::{AccountChange, NewAccount, ProfileChange, ResetCode, SignedIn};
pub use actor::{Actor, Credential, Visitor};
pub use chat::{Chat, Clock};
pub use error::{ChatError, FieldError};
pub use invitations::NewInvitation;
pub use limits::{Allowance, Door, LimitOptions};
pub use messages::NewMessage;
pub use options::{Options, SignUp};
pub use passwords::PasswordKeeper;
pub use ports::{Count, OutgoingMessage, Ports, Sending, SentMessage};
pub use projector::RoomProjector;
pub use rooms::{NewRoom, RoomEdit};
pub use secret::TOKEN_PREFIX;
pub use sessions::Authenticated;
pub use totals::Totals;
