//! What the chat SDKs can ask for and this release has not. Told to those only who may ask for anything.

use loquat_protocol::ErrorCode;

use crate::rest::{answer::Failure, call::Call};

fn absent(what: &'static str) -> Failure {
    Failure::new(ErrorCode::NotImplemented, what)
}

/// `PUT …/messages/{serial}`.
pub async fn update(_: Call) -> Failure {
    absent("messages cannot be changed in this release")
}

/// `POST …/messages/{serial}/delete`.
pub async fn delete(_: Call) -> Failure {
    absent("messages cannot be deleted in this release")
}

/// `GET …/messages/{serial}/versions`.
pub async fn versions(_: Call) -> Failure {
    absent("messages have no versions in this release: they cannot be changed")
}

/// `POST`, `DELETE …/messages/{serial}/reactions` and `GET …/client-reactions`.
pub async fn reactions(_: Call) -> Failure {
    absent("reactions to messages are not available in this release; reactions to the room are")
}
