//! Connections come, are superseded, and go.

use loquat_protocol::{Action, ConnectionDetails, ConnectionId, ErrorCode, ErrorInfo, ProtocolMessage};

use super::Shard;
use crate::{
    Effect, Identity, Now, Rights, Slot, World,
    connection::{Connection, Opening},
    effect::CloseReason,
};

impl Shard {
    /// A connection begins: it is told CONNECTED.
    pub fn open(&mut self, now: Now, opening: Opening) -> Slot {
        self.generation = self.generation.wrapping_add(1);
        let error = opening.error.clone();
        let connection = Connection::new(opening, self.generation, now.mono_ms);
        let index = self.connections.insert(connection) as u32;
        let slot = Slot { index, generation: self.generation };
        self.send_connected(slot, error);
        // Of a connection that is resumed with less than it had.
        self.check_members(slot);
        slot
    }

    pub(super) fn send_connected(&mut self, slot: Slot, error: Option<ErrorInfo>) {
        let Some(connection) = self.connection(slot) else { return };
        let limits = &self.limits;
        let details = ConnectionDetails {
            client_id: connection.rights.identity().wire(),
            connection_key: connection.key.to_string(),
            max_message_size: limits.message_bytes_max as u64,
            max_inbound_rate: u64::from(limits.inbound_rate_max),
            max_frame_size: limits.frame_bytes_max as u64,
            max_idle_interval: connection.idle_interval_ms.unwrap_or(limits.idle_interval_ms),
            connection_state_ttl: limits.connection_state_ttl_ms,
            server_id: limits.server_id.clone(),
        };
        let connected = ProtocolMessage {
            connection_id: Some(connection.id.as_str().to_owned()),
            connection_details: Some(details),
            error,
            ..ProtocolMessage::new(Action::Connected)
        };
        self.send(slot, &connected);
    }

    /// The socket is gone, whoever closed it. Returns the connection's id for the caller's registry, unless another
    /// socket has taken the connection over.
    pub fn socket_closed(&mut self, slot: Slot) -> Option<ConnectionId> {
        self.connection(slot)?;
        self.detach_all(slot);
        // What it was still to be written must not reach the next user of the place.
        self.writes.retain(|(index, _)| *index != slot.index);
        if !self.unanswered.is_empty() {
            self.unanswered.retain(|(of, _)| *of != slot);
        }
        let connection = self.connections.remove(slot.index as usize);
        if self.connections.is_empty() {
            self.connections.shrink_to_fit();
        }
        (!connection.superseded).then_some(connection.id)
    }

    /// Another socket has resumed the connection: this one ends without a trace.
    pub fn supersede(&mut self, slot: Slot) {
        if let Some(connection) = self.connections.get_mut(slot.index as usize)
            && connection.generation == slot.generation
        {
            connection.superseded = true;
            self.close(slot, CloseReason::Superseded);
        }
    }

    /// The connection ends with an error that its client is told: ERROR (fatal) or DISCONNECTED (come back).
    pub fn fail(&mut self, slot: Slot, action: Action, error: ErrorInfo) {
        let frame = ProtocolMessage { error: Some(error.clone()), ..ProtocolMessage::new(action) };
        self.close_with(slot, &frame, CloseReason::Error(error));
    }

    /// The server goes down, or sheds the connection: its client is told to come back.
    pub fn drain(&mut self, slot: Slot) {
        // Not with a status of 5xx: a client would look for another host by it, and some wait for ever if they have none.
        let error = ErrorInfo::new(ErrorCode::Disconnected, "the server is going away; reconnect to resume");
        let frame = ProtocolMessage { error: Some(error), ..ProtocolMessage::new(Action::Disconnected) };
        self.close_with(slot, &frame, CloseReason::Drain);
    }

    /// Every connection's slot.
    pub fn slots(&self) -> Vec<Slot> {
        let slot = |(index, connection): (usize, &Connection)| Slot {
            index: index as u32,
            generation: connection.generation,
        };
        self.connections.iter().map(slot).collect()
    }

    /// The outcome of [`Effect::Authenticate`].
    pub fn authenticated(
        &mut self,
        world: &impl World,
        slot: Slot,
        outcome: Result<std::sync::Arc<dyn Rights>, ErrorInfo>,
    ) {
        match outcome {
            Err(error) => self.fail(slot, Action::Error, error),
            Ok(rights) => {
                let Some(connection) = self.connection_mut(slot) else { return };
                if let Some(error) = incompatible(&*connection.rights, &*rights) {
                    return self.fail(slot, Action::Error, error);
                }
                connection.rights = rights;
                connection.reauth_at_ms = None;
                self.send_connected(slot, None);
                self.recheck_attachments(world, slot);
            }
        }
    }

    /// The client asked to close: its members leave at once.
    pub(super) fn closed_by_client(&mut self, slot: Slot) {
        let Some(connection) = self.connection(slot) else { return };
        let departed = Effect::Departed { connection: connection.id.clone() };
        self.effects.push(departed);
        self.close_with(slot, &ProtocolMessage::new(Action::Closed), CloseReason::Client);
    }
}

/// Why new rights cannot carry on a connection: another app's channels, or another person's name (RTC8, RSA15).
fn incompatible(old: &dyn Rights, new: &dyn Rights) -> Option<ErrorInfo> {
    if old.app() != new.app() {
        let text = "the new token is for another app than the connection's";
        return Some(ErrorInfo::new(ErrorCode::IncompatibleCredentials, text));
    }
    match (old.identity(), new.identity()) {
        (Identity::Named(old), Identity::Named(new)) if old != new => {
            let text = format!("the new token's clientId '{new}' is not the connection's, '{old}'");
            Some(ErrorInfo::new(ErrorCode::IncompatibleCredentials, text))
        }
        _ => None,
    }
}
