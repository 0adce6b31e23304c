//! A server in memory, and browsers and scripts that use it.

pub mod answer;
pub mod browser;
pub mod ports;
pub mod schema;

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Request, uri::Scheme};
use loquat_api::{ApiState, Numbers, Options, router};
use loquat_auth::{Authenticator, OsEntropy, ServerSecret};
use loquat_chat::{Chat, Clock};
use loquat_protocol::AppId;
use loquat_store::{memory::MemoryStore, people::MemoryPeople};
use tower::ServiceExt;

pub use self::{answer::Answer, browser::Browser, ports::FakePorts};

/// What the first administrator signs in with.
pub const PASSWORD: &str = "plums in a blue bowl";
/// The host that requests name.
pub const HOST: &str = "loquat.test:8080";
/// What the clock shows at the start.
pub const START_MS: u64 = 1_790_000_000_000;

/// A server in memory.
pub struct Server {
    pub chat: Arc<Chat>,
    pub ports: Arc<FakePorts>,
    pub router: Router,
    clock_ms: Arc<AtomicU64>,
}

/// How a server differs from the usual one.
pub struct Setting {
    pub public_url: Option<String>,
    pub web_dir: Option<std::path::PathBuf>,
    pub chat: loquat_chat::Options,
}

impl Default for Setting {
    fn default() -> Self {
        Self { public_url: None, web_dir: None, chat: loquat_chat::Options::for_test() }
    }
}

impl Server {
    /// A server without any account.
    pub fn empty() -> Self {
        Self::with(Setting::default())
    }

    /// A server without any account, but with other settings.
    pub fn with(setting: Setting) -> Self {
        let clock_ms = Arc::new(AtomicU64::new(START_MS));
        let clock: Clock = {
            let clock_ms = Arc::clone(&clock_ms);
            Arc::new(move || clock_ms.load(Ordering::Relaxed))
        };
        let app = setting.chat.app.clone();
        let authenticator = Arc::new(authenticator(&app));
        let ports = Arc::new(FakePorts::new(Arc::clone(&authenticator), app));
        let people = Arc::new(MemoryPeople::default());
        let (entropy, clock_of_chat) = (Arc::new(OsEntropy), Arc::clone(&clock));
        let chat = Chat::new(people, entropy, clock_of_chat, Arc::clone(&ports) as _, setting.chat).unwrap();
        let options = Options {
            name: "Loquat".to_owned(),
            version: "0.1.0".to_owned(),
            public_url: setting.public_url,
            web_dir: setting.web_dir,
        };
        let numbers =
            Arc::new(|| Numbers { started_ms: START_MS - 5_000, connections: 3, ..Numbers::default() });
        let state = ApiState::new(Arc::clone(&chat), authenticator, numbers, clock, options);
        Self { chat, ports, router: router(state), clock_ms }
    }

    /// A server with an administrator, `ada`, who is signed in.
    pub async fn with_admin() -> (Self, Browser) {
        let server = Self::empty();
        let admin = server.set_up().await;
        (server, admin)
    }

    /// Makes the first account.
    pub async fn set_up(&self) -> Browser {
        let code = self.chat.setup_code().unwrap().unwrap();
        let mut browser = self.browser();
        let body =
            serde_json::json!({"code": code, "handle": "ada", "name": "Ada Lovelace", "password": PASSWORD});
        let answer = browser.post("/setup", body).await.is(201);
        browser.id = answer.json["person"]["id"].as_str().unwrap().to_owned();
        browser
    }

    /// Another account, made by an invitation of an administrator, signed in.
    pub async fn member(&self, admin: &Browser, handle: &str) -> Browser {
        let code = admin.post("/admin/invitations", serde_json::json!({})).await.is(201).text("code");
        let mut browser = self.browser();
        let body = serde_json::json!({
            "handle": handle, "name": handle.to_uppercase(), "password": PASSWORD, "invitation": code,
        });
        let answer = browser.post("/sign-up", body).await.is(201);
        browser.id = answer.json["person"]["id"].as_str().unwrap().to_owned();
        browser
    }

    /// Somebody who is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Lets time pass.
    pub fn pass_ms(&self, ms: u64) {
        self.clock_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

fn authenticator(app: &AppId) -> Authenticator {
    let (directory, entropy) = (Arc::new(MemoryStore::new()), Arc::new(OsEntropy));
    let secret = ServerSecret::from_bytes([7; 32]);
    let options = loquat_auth::Options::default();
    let authenticator = Authenticator::new(directory, entropy, &secret, options, START_MS).unwrap();
    authenticator.create_app(Some(app.clone()), &[], START_MS).unwrap();
    authenticator
}

/// Sends a request as a listener hands it over.
pub async fn send(router: &Router, mut request: Request<Body>, scheme: Scheme) -> Answer {
    let from = SocketAddr::new(IpAddr::from([192, 0, 2, 7]), 40_000);
    request.extensions_mut().insert(ConnectInfo(from));
    request.extensions_mut().insert(scheme);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = router.clone().oneshot(request).await.unwrap();
    Answer::read(&method, &path, response).await
}
