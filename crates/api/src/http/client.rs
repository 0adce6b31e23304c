//! Who is at the other end of the line, and by what address they reached this server.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{header, request::Parts, uri::Scheme};
use loquat_chat::Visitor;

use crate::ApiState;

/// Longest text of a user agent that is looked at, in characters.
const AGENT_CHARS_MAX: usize = 500;

/// Where a request comes from. The listener puts `ConnectInfo<SocketAddr>` and a [`Scheme`] among the request's
/// extensions; without them the address counts as unknown and the connection as plain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// The client's address; `0.0.0.0` when it is not known.
    pub address: IpAddr,
    /// Whether the client's connection is encrypted, by this server or by the proxy that the public address names.
    pub secure: bool,
    /// What the client says it is.
    pub agent: String,
    /// The host that the request names.
    pub host: String,
    /// What links begin with: the public address, or the one that the request names.
    pub base: String,
}

impl Client {
    /// Reads it off a request.
    pub fn of(parts: &Parts, public_url: Option<&str>) -> Self {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
        let tls = parts.extensions.get::<Scheme>().is_some_and(|scheme| *scheme == Scheme::HTTPS);
        let secure = tls || public_url.is_some_and(|url| url.starts_with("https://"));
        let text = |name| parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let agent = text(header::USER_AGENT).unwrap_or_default().chars().take(AGENT_CHARS_MAX).collect();
        // HTTP/2 has the host in the request line.
        let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
        let host = authority.or_else(|| text(header::HOST).map(Into::into)).unwrap_or_default();
        let scheme = if secure { "https" } else { "http" };
        let base = public_url.map_or_else(|| format!("{scheme}://{host}"), str::to_owned);
        let address = address.map_or(Ipv4Addr::UNSPECIFIED.into(), |address| address.to_canonical());
        Self { address, secure, agent, host, base }
    }

    /// As the services know it.
    pub fn visitor(&self) -> Visitor {
        Visitor { address: self.address, agent: self.agent.clone() }
    }
}

impl FromRequestParts<ApiState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state.public_url()))
    }
}
