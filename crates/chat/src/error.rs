//! What a service answers when it doesn't do what was asked.

use std::{borrow::Cow, fmt};

use loquat_auth::{EntropyError, PasswordError};
use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::{StoreError, StoreErrorKind, people::InvalidName};

/// What is wrong with one field of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldError {
    /// The field's name, as the request has it.
    pub field: &'static str,
    /// What is wrong, for the person who typed it.
    pub message: Cow<'static, str>,
}

/// A refusal: a row of the shared error table, words for people, and the fields that are at fault.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub struct ChatError {
    /// What a client decides by; its HTTP status goes with it.
    pub code: ErrorCode,
    /// What is wrong and what to do. Never tells of what the asker may not see.
    pub detail: Cow<'static, str>,
    /// The fields at fault, if any are.
    pub fields: Vec<FieldError>,
    /// In how many milliseconds asking again may help; with `TooManyAttempts`.
    pub retry_after_ms: Option<u64>,
}

impl ChatError {
    /// A refusal in these words.
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), fields: Vec::new(), retry_after_ms: None }
    }

    /// A refusal because of one field.
    pub fn field(code: ErrorCode, field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self { fields: vec![FieldError { field, message: message.clone() }], ..Self::new(code, message) }
    }

    /// The answer to everything that the asker may not see, and to what isn't there: the same.
    pub fn not_found() -> Self {
        ErrorCode::NotFound.into()
    }

    pub(crate) fn too_many(retry_after_ms: u64) -> Self {
        Self::too_fast("too many attempts", retry_after_ms)
    }

    pub(crate) fn too_fast(what: &str, retry_after_ms: u64) -> Self {
        let seconds = retry_after_ms.div_ceil(1_000);
        let detail = format!("{what}: try again in {seconds} s");
        Self { retry_after_ms: Some(retry_after_ms), ..Self::new(ErrorCode::TooManyAttempts, detail) }
    }
}

impl fmt::Display for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.code.code())
    }
}

impl From<ErrorCode> for ChatError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.text())
    }
}

/// What the store says is for the log; people are told what they can do about it.
impl From<StoreError> for ChatError {
    fn from(error: StoreError) -> Self {
        let code = match error.kind {
            StoreErrorKind::Full => ErrorCode::StorageFull,
            StoreErrorKind::Unavailable => ErrorCode::Unavailable,
            StoreErrorKind::Conflict => ErrorCode::Conflict,
            StoreErrorKind::OutOfOrder | StoreErrorKind::Damaged | StoreErrorKind::Newer => {
                ErrorCode::Internal
            }
        };
        tracing::error!(%error, kind = ?error.kind, "the store of people failed");
        code.into()
    }
}

impl From<EntropyError> for ChatError {
    fn from(error: EntropyError) -> Self {
        tracing::error!(%error, "no secret could be made");
        ErrorCode::Internal.into()
    }
}

impl From<PasswordError> for ChatError {
    fn from(error: PasswordError) -> Self {
        if error == PasswordError::TooLong {
            return Self::field(ErrorCode::PasswordRefused, "password", error.to_string());
        }
        tracing::error!(%error, "a password could not be hashed or compared");
        ErrorCode::Internal.into()
    }
}

impl From<InvalidName> for ChatError {
    fn from(why: InvalidName) -> Self {
        match why {
            InvalidName::Identifier => Self::not_found(),
            InvalidName::Email => Self::field(ErrorCode::EmailRefused, "email", why.to_string()),
            InvalidName::HandleLength
            | InvalidName::HandleCharacters
            | InvalidName::HandleEnds
            | InvalidName::HandleReserved
            | InvalidName::HandleLooksLikeId => {
                Self::field(ErrorCode::HandleRefused, "handle", why.to_string())
            }
        }
    }
}

/// As the realtime layer says it.
impl From<ChatError> for ErrorInfo {
    fn from(error: ChatError) -> Self {
        Self::new(error.code, error.detail)
    }
}
