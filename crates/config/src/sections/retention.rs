//! How long things are kept.

use std::time::Duration;

section! { "Retention", "retention.",
/// How long things are kept.
Retention {
    /// Age at which a message leaves history.
    messages: Duration = "72h", in "1m"..="36500d";
}}
