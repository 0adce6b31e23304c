//! Throw-away apps for test tools, on servers that were started for that (`--sandbox`).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, uri::Authority};
use loquat_auth::Authenticator;
use loquat_node::clock::wall_ms;
use loquat_protocol::{
    AppId, Capability, ChannelId, ChannelName, ErrorCode, ErrorInfo, PresenceAction, PresenceMessage,
};
use loquat_store::{KeyRecord, StoreError, StoreErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Rest,
    answer::{Failure, Outcome, answer},
    body::Posted,
    call::{Call, PathParts},
    exchange::Exchange,
};
use crate::state::Peer;

/// Most keys, namespaces and channels of one request.
const PARTS_MAX: usize = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
struct AppRequest {
    keys: Vec<KeyRequest>,
    namespaces: Vec<Value>,
    channels: Vec<ChannelRequest>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct KeyRequest {
    /// JSON text or the JSON itself; every operation on every channel when absent.
    capability: Option<Value>,
    revocable_tokens: Option<bool>,
}

#[derive(Deserialize)]
struct ChannelRequest {
    name: String,
    #[serde(default)]
    presence: Vec<PresenceMessage>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AppDetails<'a> {
    account_id: &'static str,
    app_id: &'a str,
    keys: Vec<KeyDetails<'a>>,
    namespaces: &'a [Value],
    endpoint: String,
    port: u16,
    tls: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyDetails<'a> {
    id: &'a str,
    value: &'a str,
    key_name: &'a str,
    key_secret: &'a str,
    key_str: String,
    capability: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocable_tokens: Option<bool>,
}

/// `POST /apps`: an app with keys, and members that are present on its channels as long as it lives.
pub async fn create(
    State(rest): State<Rest>,
    exchange: Exchange,
    peer: Option<axum::Extension<Peer>>,
    headers: HeaderMap,
    posted: Posted,
) -> Outcome {
    let asked: AppRequest = posted.decode()?;
    if [asked.keys.len(), asked.namespaces.len(), asked.channels.len()].iter().any(|count| *count > PARTS_MAX)
    {
        let text = format!("an app can be made with {PARTS_MAX} keys, namespaces and channels at most");
        return Err(Failure::new(ErrorCode::BadRequest, text));
    }
    let capabilities = asked.keys.iter().map(capability).collect::<Result<Vec<_>, _>>()?;
    let made = blocking(&rest, move |them| them.create_app(None, &capabilities, wall_ms())).await;
    let (app, keys) = made?;
    if let Err(error) = seed(&rest, &app.id, asked.channels).await {
        drop_app(&rest, app.id).await?;
        return Err(error.into());
    }
    let (endpoint, port) = reached(&headers, peer.as_deref());
    let details = AppDetails {
        account_id: "sandbox",
        app_id: app.id.as_str(),
        keys: keys.iter().zip(&asked.keys).map(|(key, asked)| describe(key, asked)).collect(),
        namespaces: &asked.namespaces,
        endpoint,
        port,
        tls: peer.is_some_and(|peer| peer.tls),
    };
    Ok(answer(exchange.format, StatusCode::CREATED, &details))
}

/// `DELETE /apps/{app}`, with one of the app's keys: its keys stop, its connections end.
pub async fn remove(State(rest): State<Rest>, call: Call, path: PathParts) -> Outcome {
    if call.principal.is_token() || call.principal.app().as_str() != path.get("app") {
        return Err(Failure::new(ErrorCode::Forbidden, "an app is removed with one of its own API keys"));
    }
    drop_app(&rest, call.principal.app().clone()).await?;
    Ok::<Response, Failure>(StatusCode::NO_CONTENT.into_response())
}

async fn drop_app(rest: &Rest, app: AppId) -> Result<(), ErrorInfo> {
    let fixture = fixture_connection(&app);
    blocking(rest, move |them| them.delete_app(&app)).await?;
    let node = rest.state.node();
    node.presence().leave(&fixture, None, wall_ms());
    node.recheck_rights();
    Ok(())
}

async fn blocking<T: Send + 'static>(
    rest: &Rest,
    change: impl FnOnce(&Authenticator) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, ErrorInfo> {
    let authenticator = Arc::clone(rest.state.authenticator());
    let told = |error: StoreError| {
        tracing::warn!(%error, "an app could not be made or removed");
        let code = match error.kind {
            StoreErrorKind::Conflict => ErrorCode::Conflict,
            StoreErrorKind::Full => ErrorCode::StorageFull,
            _ => ErrorCode::Unavailable,
        };
        ErrorInfo::from(code)
    };
    rest.reads.run(move || change(&authenticator).map_err(told)).await
}

fn capability(asked: &KeyRequest) -> Result<Capability, ErrorInfo> {
    match &asked.capability {
        None | Some(Value::Null) => Capability::parse(r#"{"*":["*"]}"#),
        Some(Value::String(text)) => Capability::parse(text),
        Some(other) => Capability::parse(&other.to_string()),
    }
}

fn describe<'a>(key: &'a KeyRecord, asked: &KeyRequest) -> KeyDetails<'a> {
    let name = key.name.as_str();
    KeyDetails {
        id: name.split_once('.').map_or(name, |(_, id)| id),
        value: &key.secret,
        key_name: name,
        key_secret: &key.secret,
        key_str: format!("{name}:{}", key.secret),
        capability: key.capability.to_string(),
        revocable_tokens: asked.revocable_tokens,
    }
}

fn fixture_connection(app: &AppId) -> String {
    format!("fixture-{app}")
}

/// Lets the fixture's members enter. Their connection has no socket, so nothing ends it before the app.
async fn seed(rest: &Rest, app: &AppId, channels: Vec<ChannelRequest>) -> Result<(), ErrorInfo> {
    let (connection, mut count) = (fixture_connection(app), 0);
    for channel in channels {
        let id = ChannelId::new(app.clone(), ChannelName::parse(&channel.name)?);
        let mut members = channel.presence;
        for member in &mut members {
            member.normalise()?;
            member.id = Some(format!("{connection}:0:{count}"));
            member.connection_id = Some(connection.clone());
            member.action = PresenceAction::Enter as u8;
            member.timestamp = Some(wall_ms() as i64);
            count += 1;
        }
        rest.state.node().enter(&id, members).await?;
    }
    Ok(())
}

/// The host and port under which the client has reached this server.
fn reached(headers: &HeaderMap, peer: Option<&Peer>) -> (String, u16) {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let local = peer.map(|peer| peer.local);
    let name = host.as_ref().map(|host| host.host().to_owned());
    let name = name.or(local.map(|local| local.ip().to_string())).unwrap_or_else(|| "localhost".to_owned());
    let port = host.and_then(|host| host.port_u16()).or(local.map(|local| local.port())).unwrap_or(0);
    (name, port)
}
