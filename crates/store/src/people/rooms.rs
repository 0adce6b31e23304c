//! Rooms.

use super::{Membership, PersonId, RoomId, RoomKind};
use crate::StoreError;

/// A room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// Who finds it.
    pub kind: RoomKind,
    /// What it is called; empty for a direct room.
    pub name: String,
    /// What it is about.
    pub topic: String,
    /// Who made it.
    pub created_by: PersonId,
    /// When it was made, milliseconds since 1970.
    pub created_ms: u64,
    /// Since when nobody writes to it, milliseconds since 1970.
    pub archived_ms: Option<u64>,
    /// How many members it has; counted by the store.
    pub members: u32,
    /// How many messages were projected; counted by the store.
    pub messages: u64,
    /// The serial of the newest of them; given by the store.
    pub last_serial: Option<String>,
    /// The time of the newest of them, milliseconds since 1970; given by the store.
    pub last_ms: Option<u64>,
    /// The store's counter when the row was written last: a change, a message, a member come or gone; given by the
    /// store.
    pub version: u64,
}

/// What became of a room to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CreateRoom {
    /// It is there, empty of messages.
    Created(Room),
    /// A direct room of exactly these people is there already.
    DirectExists(Room),
}

/// What to change about a room; `None` leaves a field as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoomChange {
    /// Another name.
    pub name: Option<String>,
    /// Another topic.
    pub topic: Option<String>,
    /// Another kind: public or private. A direct room stays one, and no other becomes one.
    pub kind: Option<RoomKind>,
    /// Archived since then, milliseconds since 1970, or in use again.
    pub archived_ms: Option<Option<u64>>,
}

/// Rooms.
pub trait Rooms: Send + Sync + 'static {
    /// A room.
    ///
    /// # Errors
    /// See [`StoreError`]; so below.
    fn room(&self, id: &RoomId) -> Result<Option<Room>, StoreError>;

    /// Those of the given rooms that exist, in the order given.
    fn rooms(&self, ids: &[RoomId]) -> Result<Vec<Room>, StoreError>;

    /// Makes a room with its first members, all or nothing. Its counts, `last_*` and `version`, and the members' read
    /// markers and versions, are given by the store. Law: there is never more than one direct room of a set of people.
    ///
    /// # Errors
    /// `Conflict` when the id exists, a person does not, or a membership is twice there or of another room.
    fn create_room(&self, room: &Room, members: &[Membership]) -> Result<CreateRoom, StoreError>;

    /// The direct room of exactly these people, in any order.
    fn direct_room(&self, members: &[PersonId]) -> Result<Option<Room>, StoreError>;

    /// Public rooms in use of whose name any word begins with `prefix` in any case; by name in lower case, then id,
    /// beginning after `after`, at most `limit`. An `after` that doesn't exist gives none.
    fn public_rooms(
        &self,
        prefix: &str,
        after: Option<&RoomId>,
        limit: usize,
    ) -> Result<Vec<Room>, StoreError>;

    /// All rooms, oldest first, beginning after `after`, at most `limit`. An `after` that doesn't exist gives none.
    fn all_rooms(&self, after: Option<&RoomId>, limit: usize) -> Result<Vec<Room>, StoreError>;

    /// How many rooms there are, archived ones too.
    fn count_rooms(&self) -> Result<u64, StoreError>;

    /// Changes a room; it as it is now, also when nothing differs, and then with the version that it had. `None` when
    /// there is no such room.
    ///
    /// # Errors
    /// `Conflict` when the kind cannot be changed to that.
    fn change_room(&self, id: &RoomId, change: &RoomChange) -> Result<Option<Room>, StoreError>;
}
