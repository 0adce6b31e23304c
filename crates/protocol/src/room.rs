//! Chat rooms: each is one channel, whose name is the room's with a suffix; and what a token says about its user there.

use serde_json::{Map, Value};

use crate::{ChannelName, ErrorCode, ErrorInfo};

/// What the name of a room's channel ends with.
pub const ROOM_SUFFIX: &str = "::$chat";

/// The room that a channel belongs to, if it is a room's.
pub fn room_of(channel: &str) -> Option<&str> {
    channel.strip_suffix(ROOM_SUFFIX).filter(|room| !room.is_empty())
}

/// The channel of a room.
///
/// # Errors
/// 40010 when the room's name is empty or makes no channel name, see [`ChannelName::parse`].
pub fn room_channel(room: &str) -> Result<ChannelName, ErrorInfo> {
    if room.is_empty() {
        return Err(ErrorInfo::new(ErrorCode::InvalidChannelName, "invalid room name: it is empty"));
    }
    ChannelName::parse(&format!("{room}{ROOM_SUFFIX}"))
}

/// Writes what a token says about its user into the extras of what the user sends. Whatever the sender wrote there itself
/// is dropped: receivers take it for proven.
pub fn set_user_claim(extras: &mut Option<Value>, claim: Option<&str>) {
    const FIELD: &str = "userClaim";
    if let Some(Value::Object(fields)) = extras {
        fields.remove(FIELD);
    }
    let Some(claim) = claim else { return };
    if let Value::Object(fields) = extras.get_or_insert_with(|| Value::Object(Map::new())) {
        fields.insert(FIELD.to_owned(), claim.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_room_and_its_channel_name_each_other() {
        for room in ["general", "dms:ada:grace", "a room", "a room ", "Raum/ü%"] {
            let channel = room_channel(room).unwrap();
            assert_eq!(room_of(channel.as_str()), Some(room));
        }
        for channel in ["general", "::$chat", "general::$chat:more", "general:$chat"] {
            assert_eq!(room_of(channel), None, "{channel}");
        }
    }

    #[test]
    fn a_claim_is_the_servers_to_write() {
        let with = |extras: Value, claim| {
            let mut extras = Some(extras);
            set_user_claim(&mut extras, claim);
            extras.unwrap()
        };
        let forged = json!({"headers": {"a": 1}, "userClaim": "admin"});
        assert_eq!(with(forged.clone(), None), json!({"headers": {"a": 1}}));
        assert_eq!(with(forged, Some("guest")), json!({"headers": {"a": 1}, "userClaim": "guest"}));
        let mut none = None;
        set_user_claim(&mut none, None);
        assert_eq!(none, None);
        set_user_claim(&mut none, Some("guest"));
        assert_eq!(none, Some(json!({"userClaim": "guest"})));
    }

    #[test]
    fn what_makes_no_channel_is_no_room() {
        for room in ["", ":a", "[meta]a", "a\nb", &"x".repeat(2_048)] {
            assert_eq!(room_channel(room).unwrap_err().code, 40010, "{room:?}");
        }
    }
}
