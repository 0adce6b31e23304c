//! What people, rooms and the rest look like from outside: the same in answers of the API and in events, so that a
//! client holds one kind of each. Nothing here is a secret to whom it is given.

mod access;
mod people;
mod rooms;
#[cfg(feature = "openapi")]
mod schema;

pub use access::{
    CreatedInvitationView, CreatedTokenView, InvitationPreview, InvitationView, SessionView, TokenView,
};
pub use people::{AccountView, ManagedAccountView, PersonView, RecoveryView};
pub use rooms::{
    ListingView, MemberView, MembershipView, PublicRoomView, ReadView, RoomView, RoomsView, UnreadView,
};
