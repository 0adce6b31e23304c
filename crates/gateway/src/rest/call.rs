//! Who asks, and what the path and the query say.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use loquat_auth::{Authenticator, Credentials, Principal};
use loquat_node::clock::wall_ms;
use loquat_protocol::{ChannelId, ChannelName, ErrorCode, ErrorInfo, Operation};

use super::{Rest, answer::Failure, exchange::Exchange};
use crate::{query, state::State};

/// The decoded pairs of a query.
#[derive(Clone, Debug, Default)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// An authenticated request.
pub struct Call {
    /// The answer's form.
    pub exchange: Exchange,
    /// The query.
    pub query: Query,
    /// Who asks.
    pub principal: Principal,
    authenticator: Arc<Authenticator>,
}

/// The credentials of a request, if it has any.
///
/// # Errors
/// See [`Credentials::from_request`].
pub fn credentials(parts: &Parts) -> Result<Option<Credentials>, ErrorInfo> {
    let pairs = query::pairs(&parts.uri);
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    // Over REST the client that a request acts as is told by the header (RSA7e2); `clientId` in a query is a filter.
    let pairs = pairs.iter().filter(|(name, _)| name != "clientId");
    let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
    Credentials::from_request(header("authorization"), header("x-ably-clientid"), pairs)
}

/// Whether a request shows what authenticates it.
pub fn is_known(state: &State, parts: &Parts) -> bool {
    let known = |credentials| state.authenticator().authenticate(Some(&credentials), wall_ms()).is_ok();
    credentials(parts).ok().flatten().is_some_and(known)
}

impl FromRequestParts<Rest> for Call {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, rest: &Rest) -> Result<Self, Failure> {
        let credentials = credentials(parts)?;
        let principal = rest.state.authenticator().authenticate(credentials.as_ref(), wall_ms())?;
        let exchange = parts.extensions.get().copied().unwrap_or_default();
        let authenticator = Arc::clone(rest.state.authenticator());
        Ok(Self { exchange, query: Query(query::pairs(&parts.uri)), principal, authenticator })
    }
}

impl Call {
    /// The channel of that name, provided that the operation is permitted on it now: since the request began, as long as
    /// its body took to arrive, a key may have been revoked (SEC-1).
    ///
    /// # Errors
    /// 40160; those of [`Authenticator::check`].
    pub fn channel(&self, name: ChannelName, operation: Operation) -> Result<ChannelId, ErrorInfo> {
        self.authenticator.check(&self.principal, wall_ms())?;
        self.principal.require(name.as_str(), operation)?;
        Ok(ChannelId::new(self.principal.app().clone(), name))
    }
}

/// The decoded variables of the path.
pub struct PathParts(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for PathParts {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        Path::from_request_parts(parts, state).await.map(|Path(parts)| Self(parts)).map_err(|_| {
            Failure::new(ErrorCode::BadRequest, "the path cannot be read: it is not percent-encoded UTF-8")
        })
    }
}

impl PathParts {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The channel that the path names.
    ///
    /// # Errors
    /// 40010.
    pub fn channel(&self) -> Result<ChannelName, ErrorInfo> {
        ChannelName::parse(self.get("channel"))
    }
}
