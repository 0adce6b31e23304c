//! What the services need of the realtime layer, which they don't see.

use std::{future::Future, pin::Pin};

use loquat_auth::TokenDetails;
use loquat_protocol::ErrorInfo;
use loquat_store::people::{PersonId, RoomId};
use serde_json::{Map, Value};

use crate::limits::Door;

/// A message on its way into a room's channel.
#[derive(Clone, PartialEq, Debug)]
pub struct OutgoingMessage {
    /// The room.
    pub room: RoomId,
    /// Who says it: the clientId.
    pub author: PersonId,
    /// The message's id, by which a repetition is known; `None`: the server's choice.
    pub id: Option<String>,
    /// What is said.
    pub text: String,
    /// What goes with it.
    pub metadata: Option<Map<String, Value>>,
    /// `extras.headers`.
    pub headers: Option<Map<String, Value>>,
}

/// A message that is in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentMessage {
    /// Its serial; that of the first time when it was a repetition.
    pub serial: String,
    /// Its time, milliseconds since 1970.
    pub created_ms: u64,
}

/// What comes of sending.
pub type Sending = Pin<Box<dyn Future<Output = Result<SentMessage, ErrorInfo>> + Send>>;

/// Something that happened, for whoever counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Count {
    /// Somebody signed in with their password.
    SignedIn,
    /// Somebody tried to, and was told that login or password is wrong.
    WrongLogin,
    /// The password was right, and the account is deactivated.
    SignInDeactivated,
    /// Somebody made an account for themselves.
    AccountMade,
    /// So many messages of rooms were counted.
    MessagesCounted(u64),
    /// A read marker moved.
    ReadMarkerMoved,
    /// Something was refused because it came too often: what strangers knock at.
    RefusedAt(Door),
    /// The same of messages.
    RefusedMessages,
    /// The same of presence and ephemeral messages.
    RefusedPassing,
    /// The same of changes of which others are told.
    RefusedChanges,
    /// The same of people who are brought into rooms.
    RefusedAdditions,
}

/// The realtime layer, as the services use it. All but the future of [`Self::send_message`] answer at once and never
/// call the services: they are called in the middle of a change.
pub trait Ports: Send + Sync + 'static {
    /// Sends an ephemeral message to the person's own channel, `$me:<person>`: `name` and `data`, which is JSON. Law:
    /// those of one person arrive in the order of the calls.
    fn publish_event(&self, person: &PersonId, name: &'static str, data: &str);

    /// What the person may do has changed: their open connections ask again, at once.
    fn rights_changed(&self, person: &PersonId);

    /// Publishes a `chat.message` in a room's channel; nobody asks again whether it may be.
    fn send_message(&self, message: OutgoingMessage) -> Sending;

    /// Counts what happened. Whoever has no use for it does nothing.
    fn count(&self, _what: Count) {}

    /// A token that names the person and their session (or API token), for `ttl_ms` from `now_ms` on.
    ///
    /// # Errors
    /// Those of the issuer.
    fn realtime_token(
        &self,
        person: &PersonId,
        credential: &str,
        now_ms: u64,
        ttl_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo>;
}
