//! The closed lists of the store, as the OpenAPI document has them.

use serde::Serialize;
use utoipa::ToSchema;

/// What a person is to the server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in for the store's type, which knows no schemas")]
pub(super) enum PersonRole {
    /// Looks after people, rooms and keys.
    Administrator,
    /// Everybody else.
    Member,
}

/// Who finds a room and how one gets in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in for the store's type, which knows no schemas")]
pub(super) enum RoomKind {
    /// Everybody finds it and may join.
    Public,
    /// By invitation.
    Private,
    /// A fixed set of people; found again by that set.
    Direct,
}

/// What a person is to a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in for the store's type, which knows no schemas")]
pub(super) enum RoomRole {
    /// Decides about the room.
    Owner,
    /// Looks after its members.
    Moderator,
    /// Reads and writes.
    Member,
    /// Reads.
    ReadOnly,
}
