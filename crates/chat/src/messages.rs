//! Saying something.

use loquat_protocol::ErrorCode;
use loquat_store::people::RoomId;
use serde_json::{Map, Value};

use crate::{Actor, Chat, ChatError, OutgoingMessage, Sending, rights::RoomAction};

/// Longest idempotency key, in characters.
const KEY_CHARS_MAX: usize = 128;
/// The header by which a client knows its own message again.
const OWN_ID_HEADER: &str = "loquat-id";
/// Largest metadata and headers together, in bytes of JSON.
const EXTRAS_BYTES_MAX: usize = 16 * 1024;

/// A message to be said.
#[derive(Clone, PartialEq, Debug)]
pub struct NewMessage {
    /// What is said.
    pub text: String,
    /// What goes with it, for programs.
    pub metadata: Option<Map<String, Value>>,
    /// Short values for programs, which stand outside of the message's data.
    pub headers: Option<Map<String, Value>>,
    /// The sender's own id of the message: saying it again under the same id says it once.
    pub key: Option<String>,
}

impl Chat {
    /// Says something in a room. Whether the actor may is decided here; the result comes when it is in the log.
    ///
    /// # Errors
    /// `NotFound` when they are no member; `NotPermittedInRoom`, `RoomArchived`; `MessageTooLarge`, `InvalidParameter`,
    /// `IdempotencyKeyRefused`; `TooManyAttempts` when they write faster than people do; those of [`Self::confirm`].
    pub fn send_message(&self, actor: &Actor, room: &RoomId, new: NewMessage) -> Result<Sending, ChatError> {
        self.confirm(actor)?;
        self.require(actor, room, RoomAction::Post)?;
        self.check_message(&new)?;
        self.limits.messages(&actor.person, 1, self.now_ms()).map_err(ChatError::too_many)?;
        let NewMessage { text, metadata, mut headers, key } = new;
        // The header says what the key was, never what somebody wrote there.
        if let Some(headers) = &mut headers {
            headers.remove(OWN_ID_HEADER);
        }
        if let Some(key) = &key {
            headers.get_or_insert_default().insert(OWN_ID_HEADER.to_owned(), key.as_str().into());
        }
        let id = key.map(|key| format!("{}-{key}", actor.person));
        let (room, author) = (room.clone(), actor.person.clone());
        Ok(self.ports.send_message(OutgoingMessage { room, author, id, text, metadata, headers }))
    }

    fn check_message(&self, new: &NewMessage) -> Result<(), ChatError> {
        let bytes_max = self.options.message_bytes_max;
        if new.text.trim().is_empty() {
            return Err(ChatError::field(ErrorCode::InvalidParameter, "text", "a message needs a text"));
        }
        if new.text.len() > bytes_max {
            let why = format!("a message has at most {bytes_max} bytes; this one has {}", new.text.len());
            return Err(ChatError::field(ErrorCode::MessageTooLarge, "text", why));
        }
        let size = |map: &Option<Map<String, Value>>| {
            map.as_ref().map_or(0, |map| serde_json::to_string(map).map_or(usize::MAX, |text| text.len()))
        };
        if size(&new.metadata).saturating_add(size(&new.headers)) > EXTRAS_BYTES_MAX {
            let why = format!("metadata and headers have at most {EXTRAS_BYTES_MAX} bytes together");
            return Err(ChatError::field(ErrorCode::MessageTooLarge, "metadata", why));
        }
        let is_flat = |value: &Value| !value.is_object() && !value.is_array();
        if new.headers.as_ref().is_some_and(|headers| !headers.values().all(is_flat)) {
            let why = "headers are texts, numbers, booleans or null";
            return Err(ChatError::field(ErrorCode::InvalidParameter, "headers", why));
        }
        if new.key.as_deref().is_some_and(|key| !is_key(key)) {
            let why =
                format!("an idempotency key has 1 to {KEY_CHARS_MAX} letters, digits, '-', '_', '.' and '~'");
            return Err(ChatError::new(ErrorCode::IdempotencyKeyRefused, why));
        }
        Ok(())
    }
}

/// A colon would make it look like an id of the server's, which ends with a place in a batch.
fn is_key(key: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(is_plain)
}
