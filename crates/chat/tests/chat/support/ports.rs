//! Ports that remember what came through them.

use loquat_auth::TokenDetails;
use loquat_chat::{Count, OutgoingMessage, Ports, Sending, SentMessage};
use loquat_protocol::ErrorInfo;
use loquat_store::people::PersonId;
use parking_lot::Mutex;
use serde_json::Value;

/// An event, as a person's connections get it.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    pub person: PersonId,
    pub name: &'static str,
    pub data: Value,
}

#[derive(Default)]
pub struct WorldPorts {
    told: Mutex<Vec<Told>>,
    rights: Mutex<Vec<PersonId>>,
    sent: Mutex<Vec<OutgoingMessage>>,
    counts: Mutex<Vec<Count>>,
}

impl WorldPorts {
    /// The events since the last call.
    pub fn take_told(&self) -> Vec<Told> {
        std::mem::take(&mut self.told.lock())
    }

    /// The names of the events that a person was told since the last call of either; those of others are forgotten.
    pub fn take_names(&self, person: &PersonId) -> Vec<&'static str> {
        self.take_told().into_iter().filter(|told| told.person == *person).map(|told| told.name).collect()
    }

    /// Whose rights have changed since the last call.
    pub fn take_rights(&self) -> Vec<PersonId> {
        std::mem::take(&mut self.rights.lock())
    }

    /// What was counted since the last call.
    pub fn take_counts(&self) -> Vec<Count> {
        std::mem::take(&mut self.counts.lock())
    }

    pub fn take_sent(&self) -> Vec<OutgoingMessage> {
        std::mem::take(&mut self.sent.lock())
    }
}

impl Ports for WorldPorts {
    fn publish_event(&self, person: &PersonId, name: &'static str, data: &str) {
        let data = serde_json::from_str(data).expect("events are JSON");
        self.told.lock().push(Told { person: person.clone(), name, data });
    }

    fn rights_changed(&self, person: &PersonId) {
        self.rights.lock().push(person.clone());
    }

    fn send_message(&self, message: OutgoingMessage) -> Sending {
        self.sent.lock().push(message);
        Box::pin(std::future::ready(Ok(SentMessage {
            serial: "0001-0000000000000001:000".into(),
            created_ms: 1,
        })))
    }

    fn count(&self, what: Count) {
        self.counts.lock().push(what);
    }

    fn realtime_token(
        &self,
        person: &PersonId,
        credential: &str,
        now_ms: u64,
        ttl_ms: u64,
    ) -> Result<TokenDetails, ErrorInfo> {
        Ok(TokenDetails {
            token: format!("{person}/{credential}"),
            key_name: None,
            issued: now_ms,
            expires: now_ms + ttl_ms,
            capability: None,
            client_id: Some(person.to_string()),
        })
    }
}
