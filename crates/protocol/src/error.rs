//! The error table: one row per code gives the code, its HTTP status, whether a retry helps, and its meaning.
//!
//! The numbers are the protocol's; clients act on them. The block 41001 to 41099 is the chat product's, whose REST
//! API answers with the same table.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// Whether doing the same again can help.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retry {
    /// The request itself is wrong.
    Never,
    /// With another token or key.
    AfterReauth,
    /// Later; the same message id may be sent again safely.
    Later,
}

macro_rules! error_codes {
    ($($name:ident = $code:literal, $status:literal, $retry:ident, $text:literal;)*) => {
        /// A code of the protocol's error table.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum ErrorCode { $(#[doc = $text] $name),* }

        impl ErrorCode {
            /// Every row of the table, by rising code.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The number on the wire.
            pub const fn code(self) -> u32 { match self { $(Self::$name => $code),* } }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status),* } }

            /// Whether a retry can help.
            pub const fn retry(self) -> Retry { match self { $(Self::$name => Retry::$retry),* } }

            /// What it means, in general words.
            pub const fn text(self) -> &'static str { match self { $(Self::$name => $text),* } }
        }
    };
}

error_codes! {
    BadRequest = 40000, 400, Never, "bad request";
    InvalidBody = 40001, 400, Never, "the request body cannot be read";
    InvalidParameter = 40003, 400, Never, "a parameter has an invalid value";
    InvalidConnectionId = 40006, 400, Never, "invalid connection id";
    MessageTooLarge = 40009, 400, Never, "the message is larger than the limit";
    InvalidChannelName = 40010, 400, Never, "invalid channel name";
    InvalidClientId = 40012, 400, Never, "invalid clientId";
    InvalidMessageData = 40013, 400, Never, "invalid message data or encoding";
    InvalidMessageId = 40031, 400, Never, "invalid message id";
    InvalidExtras = 40032, 400, Never, "invalid message extras";
    Unauthorized = 40100, 401, AfterReauth, "authentication is needed";
    InvalidCredentials = 40101, 401, AfterReauth, "invalid credentials";
    IncompatibleCredentials = 40102, 401, AfterReauth, "the credentials do not fit the connection";
    TimestampNotCurrent = 40104, 401, AfterReauth, "the timestamp of the token request is not current";
    NonceReplayed = 40105, 401, AfterReauth, "the nonce of the token request was used before";
    KeyRevoked = 40131, 401, AfterReauth, "the API key is revoked";
    TokenError = 40140, 401, AfterReauth, "the token is not usable";
    TokenRevoked = 40141, 401, AfterReauth, "the token is revoked";
    TokenExpired = 40142, 401, AfterReauth, "the token has expired";
    TokenUnrecognised = 40143, 401, AfterReauth, "the token is not one of this server's";
    InvalidJwt = 40144, 401, AfterReauth, "the JWT is not valid";
    ConnectionBlocked = 40150, 403, Later, "too many connections";
    NotPermitted = 40160, 401, Never, "the capability does not permit the operation";
    NotIdentified = 40161, 401, Never, "the operation needs an identified client";
    ModeMissing = 40165, 401, Never, "the attachment was not granted the mode that the operation needs";
    Forbidden = 40300, 403, Never, "forbidden";
    NotFound = 40400, 404, Never, "not found";
    MethodNotAllowed = 40500, 405, Never, "method not allowed";
    NotAcceptable = 40600, 406, Never, "none of the accepted content types can be given";
    Conflict = 40900, 409, Never, "conflict";
    SessionMissing = 41001, 401, AfterReauth, "there is no session, or it has ended: sign in";
    WrongLogin = 41002, 401, Never, "the handle, the e-mail address or the password is wrong";
    WrongPassword = 41003, 403, Never, "the current password is wrong";
    AccountDeactivated = 41004, 403, Never, "the account is deactivated";
    SessionNeeded = 41005, 403, Never, "this needs a signed-in session; an API token cannot do it";
    HandleTaken = 41010, 409, Never, "the handle is taken";
    EmailTaken = 41011, 409, Never, "the e-mail address belongs to another account";
    HandleRefused = 41012, 400, Never, "the handle cannot be used";
    NameRefused = 41013, 400, Never, "the name cannot be used";
    EmailRefused = 41014, 400, Never, "this is no e-mail address";
    PasswordRefused = 41015, 400, Never, "the password is too weak";
    SignUpClosed = 41020, 403, Never, "sign-up is closed on this server";
    InvitationNeeded = 41021, 403, Never, "sign-up on this server needs an invitation";
    InvitationUnknown = 41022, 404, Never, "there is no such invitation";
    InvitationExpired = 41023, 410, Never, "the invitation has expired";
    InvitationUsedUp = 41024, 410, Never, "the invitation is used up";
    SetupRefused = 41025, 403, Never, "the set-up code is wrong, or the server is set up already";
    RecoveryRefused = 41026, 403, Never, "the recovery code is wrong, was used before or has expired";
    NotAdministrator = 41030, 403, Never, "this is for administrators of the server";
    LastAdministrator = 41031, 409, Never, "the server needs an active administrator";
    NotPermittedInRoom = 41040, 403, Never, "the role in the room does not permit this";
    LastOwner = 41041, 409, Never, "a room with members needs an owner";
    RoomArchived = 41042, 409, Never, "the room is archived";
    DirectRoomFixed = 41043, 409, Never, "a direct room's people and settings are fixed";
    LimitReached = 41050, 409, Never, "there are as many as there may be";
    TooManyAttempts = 41051, 429, Later, "too many attempts";
    OriginRefused = 41060, 403, Never, "the request comes from another site";
    IdempotencyKeyRefused = 41061, 400, Never, "the idempotency key cannot be used";
    IdempotencyKeyReused = 41062, 422, Never, "the idempotency key was used with another request";
    IdempotencyKeyInUse = 41063, 409, Later, "the request with this idempotency key is still being answered";
    VersionConflict = 41064, 412, Never, "it was changed in the meantime";
    UnsupportedMediaType = 41500, 415, Never, "the content type cannot be read";
    RateLimited = 42910, 429, Later, "too many requests";
    ConnectionRateLimited = 42911, 429, Later, "the connection publishes faster than its limit";
    Internal = 50000, 500, Later, "internal error";
    InternalChannel = 50001, 500, Later, "internal error of a channel";
    Unavailable = 50003, 503, Later, "the service is not available at the moment";
    StorageFull = 50008, 507, Later, "the server's storage is full";
    NotImplemented = 50100, 501, Never, "not available in this release";
    ConnectionFailed = 80000, 400, Never, "the connection failed";
    Disconnected = 80003, 400, Later, "the connection was interrupted";
    RecoveryExpired = 80008, 400, Never, "the connection can no longer be resumed";
    ProtocolError = 80013, 400, Never, "the frame breaks the protocol";
    ConnectionTimedOut = 80014, 408, Later, "the connection timed out";
    OperationSuperseded = 80016, 400, Later, "the operation was superseded by a later connection";
    ConnectionClosed = 80017, 400, Never, "the connection is closed";
    InvalidConnectionKey = 80018, 400, Never, "the connection key is not valid";
    SubscriberTooSlow = 80020, 400, Later, "the client reads more slowly than its channels speak";
    ChannelFailed = 90000, 400, Never, "the channel operation failed";
    InvalidChannelState = 90001, 400, Never, "the channel is not in a state that permits the operation";
    ChannelContinuityLost = 90003, 400, Never, "messages between the given serial and now are no longer held";
    ChannelSerialUnknown = 90005, 400, Never, "the channel serial is not one of this log's";
    TooManyChannels = 90010, 400, Never, "too many channels on one connection";
    PresenceNoClientId = 91000, 400, Never, "presence needs a clientId";
    PresenceNotAttached = 91001, 400, Never, "presence needs an attached channel";
    PresenceFull = 91003, 400, Later, "the channel has too many presence members";
}

/// An error as clients see it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInfo {
    /// The number from the error table; 0 when a peer sent none.
    #[serde(default)]
    pub code: u32,
    /// The HTTP status that goes with it.
    #[serde(default)]
    pub status_code: u16,
    /// What is wrong and what to do.
    #[serde(default)]
    pub message: Cow<'static, str>,
}

impl ErrorInfo {
    /// An error with the row's code and status and a message that names the value and the remedy.
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.code(), status_code: code.status(), message: message.into() }
    }

    /// The same with another HTTP status than the table's.
    #[must_use]
    pub fn with_status(mut self, status_code: u16) -> Self {
        self.status_code = status_code;
        self
    }
}

impl From<ErrorCode> for ErrorInfo {
    fn from(code: ErrorCode) -> Self {
        Self::new(code, code.text())
    }
}

impl fmt::Display for ErrorInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for ErrorInfo {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_and_are_unique() {
        assert!(ErrorCode::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    }
}
