//! Validating an upgrade request (RFC 6455 section 4.2.1).

use http::{HeaderName, HeaderValue, Method, StatusCode, Version, header};

use super::{Headers, VERSION, accept_key, is_key};

/// A request that may be upgraded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// Value of the answer's `Sec-WebSocket-Accept`.
    pub accept: String,
}

/// What is wrong with an upgrade request; [`status`](Self::status) and [`header`](Self::header) make the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// The method isn't GET.
    #[error("a WebSocket upgrade must be a GET request")]
    Method,
    /// The request isn't HTTP/1.1.
    #[error("a WebSocket upgrade needs HTTP/1.1")]
    HttpVersion,
    /// `Upgrade` doesn't name `websocket`.
    #[error("the Upgrade header does not ask for websocket")]
    NotWebSocket,
    /// `Connection` doesn't name `upgrade`.
    #[error("the Connection header does not ask for an upgrade")]
    NotUpgrade,
    /// `Sec-WebSocket-Version` isn't 13.
    #[error("only WebSocket version 13 is supported")]
    Version,
    /// `Sec-WebSocket-Key` is missing, given twice, or isn't the base64 of 16 bytes.
    #[error("Sec-WebSocket-Key is not the base64 of 16 bytes")]
    Key,
}

impl UpgradeError {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotWebSocket | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::HttpVersion | Self::NotUpgrade | Self::Key => StatusCode::BAD_REQUEST,
        }
    }

    /// The header that the answer must carry, telling what would have been right.
    pub fn header(self) -> Option<(HeaderName, HeaderValue)> {
        Some(match self {
            Self::Method => (header::ALLOW, HeaderValue::from_static("GET")),
            Self::NotWebSocket => (header::UPGRADE, HeaderValue::from_static("websocket")),
            Self::Version => (header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSION)),
            Self::HttpVersion | Self::NotUpgrade | Self::Key => return None,
        })
    }
}

impl Upgrade {
    /// Checks a request by its method, version and headers. Origin, path and rights are the caller's business.
    ///
    /// # Errors
    /// The first rule that the request breaks.
    pub fn check(
        method: &Method,
        version: Version,
        headers: &(impl Headers + ?Sized),
    ) -> Result<Self, UpgradeError> {
        if method != Method::GET {
            return Err(UpgradeError::Method);
        }
        if version != Version::HTTP_11 {
            return Err(UpgradeError::HttpVersion);
        }
        if !wants_upgrade(headers) {
            return Err(UpgradeError::NotWebSocket);
        }
        if !headers.has_token("connection", "upgrade") {
            return Err(UpgradeError::NotUpgrade);
        }
        if headers.single("sec-websocket-version") != Some(VERSION) {
            return Err(UpgradeError::Version);
        }
        let key = headers.single("sec-websocket-key").filter(|key| is_key(key)).ok_or(UpgradeError::Key)?;
        Ok(Self { accept: accept_key(key) })
    }

    /// The whole answer, for a caller that writes HTTP by itself.
    pub fn response(&self) -> String {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n\r\n",
            self.accept
        )
    }
}

/// Whether a request means to become a WebSocket, well-formed or not: the question of a router.
pub fn wants_upgrade(headers: &(impl Headers + ?Sized)) -> bool {
    headers.has_token("upgrade", "websocket")
}
