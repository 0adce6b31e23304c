//! `GET /` with an upgrade becomes a realtime connection.
//!
//! A client that may not connect is let in all the same and told the protocol's error: a browser shows its page nothing
//! of a refused upgrade.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use loquat_auth::{ConnectionKeyClaims, Credentials, OsEntropy, Principal, new_connection_id};
use loquat_core::connection::Opening;
use loquat_node::{
    Adopted, ConnectionRights, Socket,
    shard::{Purpose, Refused},
};
use loquat_protocol::{ErrorCode, ErrorInfo, Format};
use loquat_ws::handshake::{Upgrade, UpgradeError};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::{budget::Share, query, stall::Stalling, state::State};

/// The shortest silence that a client may ask for.
const IDLE_INTERVAL_MS_MIN: u64 = 5_000;
/// The longest one. A peer that is gone without a word is noticed that late.
const IDLE_INTERVAL_MS_MAX: u64 = 30 * 60 * 1000;

/// Whether a request can be upgraded.
///
/// # Errors
/// What is wrong with it.
pub fn check(request: &Request<Body>) -> Result<Upgrade, UpgradeError> {
    Upgrade::check(request.method(), request.version(), request.headers())
}

/// The answer to a request that cannot be upgraded, after which the connection goes on as it was.
pub fn refused(error: UpgradeError) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{error}\n")));
    *response.status_mut() = error.status();
    if let Some((name, value)) = error.header() {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Answers an upgrade request that was checked; the connection goes to a shard once the answer is out. `share`: the
/// connection's part of the budget, kept as long as it lives.
pub fn upgrade(state: &State, mut request: Request<Body>, upgrade: &Upgrade, share: Share) -> Response<Body> {
    let pending = hyper::upgrade::on(&mut request);
    let asked = Asked::of(&request);
    let state = state.clone();
    tokio::spawn(adopt(state, pending, asked, share));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Ok(accept) = HeaderValue::from_str(&upgrade.accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

/// What the request asks for.
struct Asked {
    credentials: Result<Option<Credentials>, ErrorInfo>,
    resume: Option<String>,
    format: Format,
    echo: bool,
    heartbeats: bool,
    idle_interval_ms: Option<u64>,
    remain_present_for_ms: Option<u64>,
    debug_echo: bool,
}

impl Asked {
    fn of(request: &Request<Body>) -> Self {
        let pairs = query::pairs(request.uri());
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let borrowed = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Self {
            credentials: Credentials::from_request(
                header("authorization"),
                header("x-ably-clientid"),
                borrowed,
            ),
            resume: get("resume").or(get("recover")).map(str::to_owned),
            format: if get("format") == Some("msgpack") { Format::Msgpack } else { Format::Json },
            echo: get("echo") != Some("false"),
            heartbeats: get("heartbeats") != Some("false"),
            idle_interval_ms: get("heartbeatInterval").and_then(idle_interval_ms),
            remain_present_for_ms: get("remainPresentFor").and_then(|text| text.parse().ok()),
            debug_echo: is_debug_echo(request.uri()),
        }
    }
}

/// How long the server may be silent, as a client asks for it: rarely, to save its battery, or often, to notice a lost
/// network sooner. `None` for what is no number.
fn idle_interval_ms(text: &str) -> Option<u64> {
    text.parse().ok().map(|ms: u64| ms.clamp(IDLE_INTERVAL_MS_MIN, IDLE_INTERVAL_MS_MAX))
}

/// The path on which a server started with `--debug-echo` sends back what it is sent.
pub fn is_debug_echo(uri: &Uri) -> bool {
    uri.path() == "/debug/echo"
}

async fn adopt(state: State, pending: OnUpgrade, asked: Asked, share: Share) {
    let upgraded = match pending.await {
        Ok(upgraded) => upgraded,
        Err(error) => return tracing::debug!(%error, "an upgrade was not completed"),
    };
    let Some((socket, read_ahead)) = take_out(upgraded) else {
        return tracing::error!("an upgraded connection is of no known kind");
    };
    let purpose = if asked.debug_echo { Purpose::Echo } else { purpose(&state, &asked) };
    state.node().adopt(Adopted { socket, read_ahead, purpose, guard: Box::new(share) });
}

fn purpose(state: &State, asked: &Asked) -> Purpose {
    match opening(state, asked) {
        Ok(opening) => Purpose::Realtime(opening),
        Err(error) => Purpose::Refuse(Refused { error, format: asked.format }),
    }
}

fn opening(state: &State, asked: &Asked) -> Result<Opening, ErrorInfo> {
    let node = state.node();
    let now = node.clock().now();
    node.readiness().or_else(|why| match why {
        "draining" => Err(ErrorInfo::new(ErrorCode::Disconnected, "the server is going away; connect again")),
        _ => Ok(()),
    })?;
    let credentials = asked.credentials.clone()?;
    let principal = state.authenticator().authenticate(credentials.as_ref(), now.wall_ms)?;
    let resumed = asked.resume.as_deref().map(|key| resume(state, &principal, key, now));
    let (id, error) = match resumed {
        Some(Ok(id)) => {
            state.metrics().connections_resumed.inc();
            (Some(id), None)
        }
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let entropy = |_| ErrorInfo::new(ErrorCode::Internal, "no random bytes for a connection id");
    let id = match id {
        Some(id) => id,
        None => new_connection_id(&OsEntropy).map_err(entropy)?,
    };
    let key = node.connection_keys().sign(&ConnectionKeyClaims {
        connection_id: id.clone(),
        app: principal.app().clone(),
        client: principal.client().clone(),
        issued_ms: now.wall_ms,
    });
    let limits = node.limits();
    let grace_ms = asked
        .remain_present_for_ms
        .map_or(limits.presence_grace_ms, |ms| ms.min(limits.connection_state_ttl_ms));
    Ok(Opening {
        id,
        key,
        error,
        rights: Arc::new(ConnectionRights::new(principal, Arc::clone(state.authenticator()))),
        format: asked.format,
        echo: asked.echo,
        heartbeats: asked.heartbeats,
        idle_interval_ms: asked.idle_interval_ms,
        grace_ms,
    })
}

fn resume(
    state: &State,
    principal: &Principal,
    key: &str,
    now: loquat_core::Now,
) -> Result<loquat_protocol::ConnectionId, ErrorInfo> {
    let node = state.node();
    let claims = node.connection_keys().verify(key)?;
    if claims.app != *principal.app() || claims.client != *principal.client() {
        let text = "the connection key belongs to another app or clientId; a new connection was made";
        return Err(ErrorInfo::new(ErrorCode::InvalidConnectionKey, text));
    }
    if !node.registry().may_resume(&claims.connection_id, claims.issued_ms, now) {
        let text = "the connection was closed or lost too long ago to be resumed; a new connection was made";
        return Err(ErrorInfo::new(ErrorCode::RecoveryExpired, text));
    }
    Ok(claims.connection_id)
}

/// Takes the socket out of hyper and out of the reactor, with what was read beyond the request.
fn take_out(upgraded: Upgraded) -> Option<(Socket, bytes::Bytes)> {
    let upgraded = match upgraded.downcast::<TokioIo<Stalling<TcpStream>>>() {
        Ok(parts) => {
            let stream = parts.io.into_inner().into_inner().into_std().ok()?;
            return Some((Socket::plain(stream), parts.read_buf));
        }
        Err(upgraded) => upgraded,
    };
    let parts = upgraded.downcast::<TokioIo<Stalling<TlsStream<TcpStream>>>>().ok()?;
    let (stream, session) = parts.io.into_inner().into_inner().into_inner();
    Some((Socket::tls(stream.into_std().ok()?, session), parts.read_buf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_silence_that_a_client_asks_for_has_its_bounds() {
        for (query, expected) in [
            ("", None),
            ("heartbeatInterval=often", None),
            ("heartbeatInterval=1", Some(5_000)),
            ("heartbeatInterval=30000", Some(30_000)),
            ("heartbeatInterval=99999999", Some(1_800_000)),
        ] {
            let request = Request::builder().uri(format!("/?key=a.b:c&{query}")).body(Body::empty()).unwrap();
            assert_eq!(Asked::of(&request).idle_interval_ms, expected, "{query}");
        }
    }
}
