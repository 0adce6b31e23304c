//! The room that a request is about.

use loquat_protocol::{ChannelId, ErrorInfo, Operation, room::room_channel};

use crate::rest::call::{Call, PathParts};

/// The channel of the path's room, provided that the operation is permitted on it.
///
/// # Errors
/// 40010 when the name is no room's, 40160.
pub fn channel(call: &Call, path: &PathParts, operation: Operation) -> Result<ChannelId, ErrorInfo> {
    call.channel(room_channel(path.get("room"))?, operation)
}
