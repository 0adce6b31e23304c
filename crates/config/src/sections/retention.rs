//! How long things are kept.

use std::time::Duration;

section! { "Retention", "retention.",
/// How long things are kept.
Retention {
    /// Age at which a message leaves the history of a channel that is no room.
    messages: Duration = "72h", in "1m"..="36500d";
    /// Age at which a message leaves the history of a room. Rooms are kept for ever unless given.
    rooms: Option<Duration>, in "1m"..="36500d";
}}
