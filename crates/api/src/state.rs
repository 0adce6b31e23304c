//! What every route sees.

use std::{path::PathBuf, sync::Arc};

use loquat_auth::Authenticator;
use loquat_chat::{Chat, Clock};

use crate::{
    Problem,
    http::{replay::Replays, turns::Turns},
    numbers::{Numbers, NumbersSource, Rate},
};

/// How much larger than a message's text a body may be: JSON writes line breaks, quotes and the like with two bytes.
const BODY_BYTES_PER_TEXT_BYTE: usize = 2;
/// What a body may have beside a message's text.
const BODY_BYTES_MORE: usize = 65_536;

/// What an operator decides about the API and the web app.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server's name, as people see it.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// Where people reach this server, without a slash at the end, such as `https://chat.example.org`: links begin with
    /// it, and pages of it may write. With `https` cookies are secure, also behind a proxy. `None`: each request's own
    /// address.
    pub public_url: Option<String>,
    /// A folder with the web app, instead of the one inside of the program.
    pub web_dir: Option<PathBuf>,
}

/// The API's shared state; cheap to clone.
#[derive(Clone)]
pub struct ApiState(Arc<Inner>);

struct Inner {
    chat: Arc<Chat>,
    authenticator: Arc<Authenticator>,
    numbers: NumbersSource,
    clock: Clock,
    options: Options,
    calls: Turns,
    hashes: Turns,
    replays: Replays,
    rate: Rate,
}

impl ApiState {
    /// The state over the chat services. `authenticator`: keeper of the API keys. `clock`: as the services have it.
    pub fn new(
        chat: Arc<Chat>,
        authenticator: Arc<Authenticator>,
        numbers: NumbersSource,
        clock: Clock,
        options: Options,
    ) -> Self {
        let (calls, hashes) = (Turns::for_calls(), Turns::for_hashes());
        let (replays, rate) = (Replays::default(), Rate::default());
        Self(Arc::new(Inner { chat, authenticator, numbers, clock, options, calls, hashes, replays, rate }))
    }

    /// The options.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// The services.
    pub fn chat(&self) -> &Chat {
        &self.0.chat
    }

    /// The keeper of the API keys.
    pub(crate) fn authenticator(&self) -> &Authenticator {
        &self.0.authenticator
    }

    /// Live numbers.
    pub(crate) fn numbers(&self) -> Numbers {
        (self.0.numbers)()
    }

    /// How fast messages come; see [`Rate`].
    pub(crate) fn rate(&self) -> &Rate {
        &self.0.rate
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        (self.0.clock)()
    }

    /// Calls a service where that may block.
    ///
    /// # Errors
    /// 50003 when too many wait; the service's.
    pub(crate) async fn call<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        call: impl FnOnce(&Chat) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let chat = Arc::clone(&self.0.chat);
        self.0.calls.run(move || call(&chat)).await
    }

    /// Calls a service that hashes a password.
    ///
    /// # Errors
    /// 50003 when too many wait; the service's.
    pub(crate) async fn hash<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        call: impl FnOnce(&Chat) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let chat = Arc::clone(&self.0.chat);
        self.0.hashes.run(move || call(&chat)).await
    }

    /// Answers that can be given again.
    pub(crate) fn replays(&self) -> &Replays {
        &self.0.replays
    }

    /// Largest body of a request, in bytes.
    pub(crate) fn body_bytes_max(&self) -> usize {
        self.chat().options().message_bytes_max * BODY_BYTES_PER_TEXT_BYTE + BODY_BYTES_MORE
    }

    /// The configured address, which is its own origin.
    pub(crate) fn public_url(&self) -> Option<&str> {
        self.0.options.public_url.as_deref()
    }
}
