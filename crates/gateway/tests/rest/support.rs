//! A node in memory behind the routes, and requests to it.

use std::sync::Arc;

use axum::{Router, body::Body};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Request, Response, StatusCode};
use loquat_auth::{
    Authenticator, ClientIdentity, ConnectionKeyClaims, ConnectionKeySigner, Options, OsEntropy, RootKey,
    ServerSecret,
};
use loquat_core::{Limits, feed::RingLimits};
use loquat_gateway::{State, rest};
use loquat_log::memory::{MemoryLog, MemoryOptions};
use loquat_node::{Engines, Node, NodeOptions, clock::wall_ms};
use loquat_protocol::{
    AppId, Capability, ChannelId, ChannelName, ClientId, ConnectionId, Format, Message, PresenceMessage,
};
use loquat_store::memory::MemoryStore;
use loquat_telemetry::Metrics;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

/// The key that may do everything.
pub const ROOT: &str = "app.root:secret";

/// A node and its routes.
pub struct Server {
    pub node: Arc<Node>,
    router: Router,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.node.stop();
    }
}

impl Server {
    /// A server with `--sandbox`.
    pub fn start() -> Self {
        Self::with(true, 64 << 20)
    }

    /// `ring_bytes`: 0 makes history read the log and the projection only.
    pub fn with(sandbox: bool, ring_bytes: usize) -> Self {
        let secret = ServerSecret::from_bytes([7; 32]);
        let store = Arc::new(MemoryStore::new());
        let options = Options { root_key: RootKey::parse(ROOT), ..Options::default() };
        let directory = Arc::clone(&store) as _;
        let authenticator =
            Authenticator::new(directory, Arc::new(OsEntropy), &secret, options, wall_ms()).unwrap();
        let engines = Engines {
            log: Arc::new(MemoryLog::new(MemoryOptions { partitions: 2, ..MemoryOptions::default() })),
            projection: Arc::clone(&store) as _,
            history: store,
        };
        let options = NodeOptions {
            limits: Limits::default(),
            shards: 1,
            ring: RingLimits { bytes_max: ring_bytes, age_ms_max: 120_000 },
            retention_ms: 3_600_000,
            rooms_retention_ms: None,
            upkeep_every_ms: 30_000,
            readers: 1,
            traces: loquat_telemetry::PublishTraces::off(),
        };
        let keys = ConnectionKeySigner::new(&secret);
        let metrics = Arc::new(Metrics::new("test"));
        let node = Node::start(options, engines, Arc::new(authenticator), keys, metrics).unwrap();
        let router = rest::router(State::new(Arc::clone(&node), sandbox));
        Self { node, router }
    }

    /// An API key of a fresh app with this capability.
    pub fn key(&self, capability: &str) -> String {
        let capability = Capability::parse(capability).unwrap();
        let (_, keys) = self.node.authenticator().create_app(None, &[capability], wall_ms()).unwrap();
        format!("{}:{}", keys[0].name, keys[0].secret)
    }

    /// A connection key of the root key's app.
    pub fn connection_key(&self, id: &str, client: ClientIdentity) -> String {
        let claims = ConnectionKeyClaims {
            connection_id: ConnectionId::from_trusted(id),
            app: AppId::from_trusted("app"),
            client,
            issued_ms: wall_ms(),
        };
        self.node.connection_keys().sign(&claims)
    }

    /// A request with the root key.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path).key(ROOT)
    }

    /// A request with the root key and a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Call<'_> {
        self.call("POST", path).key(ROOT).json(body)
    }

    /// A bare request.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        let request = Request::builder().method(method).uri(path);
        Call { server: self, request, body: Vec::new() }
    }

    /// Publishes messages of these names together; gives their serials.
    pub async fn publish(&self, channel: &str, names: &[String]) -> Vec<String> {
        let messages: Vec<_> = names.iter().map(|name| serde_json::json!({ "name": name })).collect();
        let reply = self.post(&format!("/channels/{channel}/messages"), &Value::from(messages)).send().await;
        assert_eq!(reply.status, 201, "{reply:?}");
        serde_json::from_value(reply.json()["serials"].clone()).unwrap()
    }
}

/// A channel of the root key's app.
pub fn channel(name: &str) -> ChannelId {
    ChannelId::new(AppId::from_trusted("app"), ChannelName::parse(name).unwrap())
}

/// A client id.
pub fn named(client: &str) -> ClientIdentity {
    ClientIdentity::Named(ClientId::parse(client).unwrap())
}

/// A member's enter.
pub fn enter(client: &str, connection: &str, index: usize) -> PresenceMessage {
    PresenceMessage {
        id: Some(format!("{connection}:0:{index}")),
        action: 2,
        client_id: Some(client.to_owned()),
        connection_id: Some(connection.to_owned()),
        timestamp: Some(wall_ms() as i64),
        ..PresenceMessage::default()
    }
}

/// A request in the making.
pub struct Call<'a> {
    server: &'a Server,
    request: http::request::Builder,
    body: Vec<u8>,
}

impl Call<'_> {
    /// With Basic authentication.
    pub fn key(self, key: &str) -> Self {
        let value = format!("Basic {}", STANDARD.encode(key));
        self.header("authorization", &value)
    }

    /// With a header; it takes the place of one of that name.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().unwrap().insert(name, value.parse().unwrap());
        self
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// With messages in msgpack.
    pub fn msgpack(self, messages: &[Message]) -> Self {
        self.body("application/x-msgpack", Format::Msgpack.encode(messages))
    }

    /// With a body.
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }

    /// Sends it.
    pub async fn send(mut self) -> Reply {
        let body = Body::from(std::mem::take(&mut self.body));
        self.send_body(body).await
    }

    /// Sends it with a body that is still in the making.
    pub async fn send_body(self, body: Body) -> Reply {
        let request = self.request.body(body).unwrap();
        let response: Response<Body> = self.server.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

/// A response.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        self.decode(Format::Json)
    }

    /// The body, which must be in this format and say so.
    pub fn decode<T: DeserializeOwned>(&self, format: Format) -> T {
        assert_eq!(self.header("content-type"), format.content_type(), "{}", self.text());
        format.decode(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// HTTP status and error code; the body and the headers must agree.
    pub fn refusal(&self) -> (u16, u64) {
        let error = &self.json()["error"];
        assert_eq!(error["statusCode"], self.status.as_u16(), "{}", self.text());
        assert_eq!(error["code"].to_string(), self.header("x-ably-errorcode"));
        assert!(!self.header("x-ably-errormessage").is_empty());
        (self.status.as_u16(), error["code"].as_u64().unwrap())
    }

    /// The values of one field of a list.
    pub fn field(&self, name: &str) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.text());
        let text = |item: &Value| item[name].as_str().unwrap_or_default().to_owned();
        self.json().as_array().unwrap().iter().map(text).collect()
    }

    /// The query of the link with this relation.
    pub fn link(&self, rel: &str) -> Option<String> {
        let parts = self.header("link").split(", ").map(str::to_owned).collect::<Vec<_>>();
        let end = format!(">; rel=\"{rel}\"");
        let link =
            parts.iter().find_map(|part| part.strip_prefix("<./")?.strip_suffix(&end).map(str::to_owned));
        link.inspect(|link| assert!(!link.contains(',')))
    }
}
