//! The realtime layer, played.

use std::sync::{Arc, Mutex};

use loquat_auth::{Authenticator, TokenDetails};
use loquat_chat::{OutgoingMessage, Ports, Sending, SentMessage};
use loquat_protocol::{AppId, ErrorInfo};
use loquat_store::people::PersonId;
use tokio::sync::Semaphore;

use super::START_MS;

/// Remembers what it was told.
pub struct FakePorts {
    authenticator: Arc<Authenticator>,
    app: AppId,
    sent: Mutex<Vec<OutgoingMessage>>,
    events: Mutex<Vec<(String, &'static str)>>,
    /// Messages are stored at once while it has a permit; taken away, they wait for it.
    pub gate: Arc<Semaphore>,
}

impl FakePorts {
    pub fn new(authenticator: Arc<Authenticator>, app: AppId) -> Self {
        Self {
            authenticator,
            app,
            sent: Mutex::default(),
            events: Mutex::default(),
            gate: Arc::new(Semaphore::new(1)),
        }
    }

    /// The messages that are stored, each once.
    pub fn sent(&self) -> Vec<OutgoingMessage> {
        self.sent.lock().unwrap().clone()
    }

    /// The names of the events that a person was sent.
    pub fn events_of(&self, person: &str) -> Vec<&'static str> {
        let events = self.events.lock().unwrap();
        events.iter().filter(|(to, _)| to == person).map(|(_, name)| *name).collect()
    }

    /// As the log does it: the same id is the same message.
    fn append(&self, message: OutgoingMessage) -> SentMessage {
        let mut sent = self.sent.lock().unwrap();
        let known = sent.iter().position(|earlier| message.id.is_some() && earlier.id == message.id);
        let index = known.unwrap_or_else(|| {
            sent.push(message);
            sent.len() - 1
        });
        SentMessage { serial: format!("0000001-{index:010}"), created_ms: START_MS }
    }
}

impl Ports for FakePorts {
    fn publish_event(&self, person: &PersonId, name: &'static str, _: &str) {
        self.events.lock().unwrap().push((person.to_string(), name));
    }

    fn rights_changed(&self, _: &PersonId) {}

    fn send_message(&self, message: OutgoingMessage) -> Sending {
        let (sent, gate) = (self.append(message), Arc::clone(&self.gate));
        Box::pin(async move {
            drop(gate.acquire().await);
            Ok(sent)
        })
    }

    fn realtime_token(
        &self,
        person: &PersonId,
        credential: &str,
        now_ms: u64,
        ttl_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo> {
        self.authenticator.issue_person_token(&self.app, person.as_str(), credential, now_ms, ttl_ms)
    }
}
