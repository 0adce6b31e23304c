//! What is not there: unknown paths, wrong methods, and what later releases bring.

use http::{Method, Uri};
use loquat_protocol::ErrorCode;

use super::{answer::Failure, call::Call};

/// A path that the API does not have.
pub async fn unknown(uri: Uri) -> Failure {
    let path: String = uri.path().chars().take(256).collect();
    Failure::new(ErrorCode::NotFound, format!("there is nothing at {path}"))
}

/// A method that a path does not have.
pub async fn wrong_method(method: Method, uri: Uri) -> Failure {
    let path: String = uri.path().chars().take(256).collect();
    Failure::new(ErrorCode::MethodNotAllowed, format!("{method} is not possible on {path}"))
}

/// A part of the protocol that this release does not have; told to those only who may ask.
pub async fn known(_: Call, method: Method, uri: Uri) -> Failure {
    let path: String = uri.path().chars().take(256).collect();
    Failure::new(ErrorCode::NotImplemented, format!("{method} {path} is not available in this release"))
}

/// A transport that this release does not have; told to everybody, so that a client goes on to another one.
pub async fn transport(uri: Uri) -> Failure {
    let name = uri.path().split('/').nth(1).unwrap_or_default().to_owned();
    let text = format!("the transport '{name}' is not available in this release: connect by WebSocket");
    Failure::new(ErrorCode::NotImplemented, text)
}
