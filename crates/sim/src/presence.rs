//! A channel's members as a client folds them from SYNC and PRESENCE (RTP2, RTP18, RTP19).

use std::collections::{BTreeMap, BTreeSet};

use loquat_protocol::{Data, PresenceAction, PresenceMessage, ProtocolMessage};

/// Connection id and client id.
pub type MemberKey = (String, String);

/// A client's picture of who is there.
#[derive(Clone, Debug, Default)]
pub struct View {
    members: BTreeMap<MemberKey, PresenceMessage>,
    /// During a sync: the members that it has not confirmed yet.
    residual: Option<(String, BTreeSet<MemberKey>)>,
}

impl View {
    /// ATTACHED said that nobody is there.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Applies a SYNC frame.
    pub fn sync(&mut self, frame: ProtocolMessage) {
        let text = frame.channel_serial.unwrap_or_default();
        let (id, cursor) = text.split_once(':').unwrap_or((&text, ""));
        if self.residual.as_ref().is_none_or(|(current, _)| current != id) {
            self.residual = Some((id.to_owned(), self.members.keys().cloned().collect()));
        }
        frame.presence.into_iter().for_each(|event| self.apply(event));
        if cursor.is_empty()
            && let Some((_, gone)) = self.residual.take()
        {
            gone.iter().for_each(|key| drop(self.members.remove(key)));
        }
    }

    /// Applies one event, unless a newer one about the member is known.
    pub fn apply(&mut self, event: PresenceMessage) {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let key = (text(&event.connection_id), text(&event.client_id));
        if let Some((_, residual)) = &mut self.residual {
            residual.remove(&key);
        }
        if self.members.get(&key).is_some_and(|known| !is_newer(&event, known)) {
            return;
        }
        if event.action == PresenceAction::Leave as u8 {
            self.members.remove(&key);
        } else {
            self.members.insert(key, event);
        }
    }

    /// Who is there, with what.
    pub fn members(&self) -> BTreeMap<MemberKey, Data> {
        self.members.iter().map(|(key, event)| (key.clone(), event.data.clone())).collect()
    }
}

/// RTP2b: by msgSerial and index where both ids are the member's connection's own, else by time.
fn is_newer(event: &PresenceMessage, known: &PresenceMessage) -> bool {
    match (own_number(event), own_number(known)) {
        (Some(event), Some(known)) => event > known,
        _ => event.timestamp >= known.timestamp,
    }
}

fn own_number(event: &PresenceMessage) -> Option<(i64, i64)> {
    let rest = event.id.as_deref()?.strip_prefix(event.connection_id.as_deref()?)?.strip_prefix(':')?;
    let (serial, index) = rest.split_once(':')?;
    Some((serial.parse().ok()?, index.parse().ok()?))
}
