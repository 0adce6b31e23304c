//! The core's effects, carried out.

use std::sync::Arc;

use loquat_core::{
    Effect, Now, Slot,
    effect::{Append, CloseReason, Ticket},
};
use loquat_log::{DedupeKey, NewEntry};
use loquat_protocol::{ChannelId, ErrorCode, ErrorInfo, Operation, PartitionId, PresenceMessage};

use super::{appends::Waiting, turn::Loop};
use crate::{
    ConnectionRights,
    backlog::{Job, Question},
    registry::Place,
};

impl Loop {
    /// Carries out what the core wants, until it wants nothing more.
    pub(super) fn carry_out(&mut self, now: Now) {
        let node = Arc::clone(&self.node);
        loop {
            self.core.give_due(&*node);
            self.take_core_writes();
            let mut effects = std::mem::take(&mut self.effects);
            self.core.take_effects(&mut effects);
            if effects.is_empty() {
                self.effects = effects;
                break;
            }
            for effect in effects.drain(..) {
                self.effect(now, effect);
            }
            self.effects = effects;
        }
        self.hand_over_appends();
    }

    fn effect(&mut self, now: Now, effect: Effect) {
        match effect {
            Effect::Append(Append { ticket, partition, key, time_ms, body, messages }) => {
                let trace = self.begin_trace(ticket, &body);
                let entry = NewEntry { key: DedupeKey(key), time_ms, body };
                self.appends.add(partition, entry, Waiting { ticket, messages, trace });
            }
            Effect::Presence { ticket, channel, events } => self.presence(ticket, &channel, events),
            Effect::Departed { connection } => {
                self.node.registry().closed(&connection, now.mono_ms);
                let changes = self.node.presence().leave(connection.as_str(), None, now.wall_ms);
                self.node.keep_presence(&changes);
            }
            Effect::LeaveChannel { connection, channel } => {
                let changes = self.node.presence().leave(connection.as_str(), Some(&channel), now.wall_ms);
                self.node.keep_presence(&changes);
            }
            Effect::CheckMembers { connection, rights } => {
                for channel in self.node.presence().channels_of(&connection) {
                    if !rights.operations(channel.name.as_str()).contains(Operation::Presence) {
                        self.effect(now, Effect::LeaveChannel { connection: connection.clone(), channel });
                    }
                }
            }
            Effect::Ephemeral { ticket, message } => {
                self.node.broadcast(&message);
                self.core.accepted(ticket, Ok(()));
            }
            Effect::ReadBacklog { slot, channel, partition, after, until } => {
                self.ask(slot, channel, partition, Question::Range { after, until });
            }
            Effect::FindRewind { slot, channel, partition, rewind, until } => {
                self.ask(slot, channel, partition, Question::Rewind { rewind, until });
            }
            Effect::Authenticate { slot, token } => self.authenticate(now, slot, &token),
            Effect::Occupancy { channel, before, now } => self.node.occupancy().change(channel, before, now),
            Effect::Reading { slot, on } => self.reading(slot, on),
            Effect::Close { slot, reason } => {
                self.note_close(slot, &reason);
                self.close(slot);
            }
        }
    }

    fn note_close(&self, slot: Slot, reason: &CloseReason) {
        use loquat_telemetry::CloseReason as Label;
        let label = match reason {
            CloseReason::Client => Label::Client,
            CloseReason::Error(error) if error.status_code == 401 => Label::Auth,
            CloseReason::Error(error) if error.status_code == 400 => Label::Protocol,
            CloseReason::Error(_) => Label::Internal,
            CloseReason::Superseded => Label::Superseded,
            CloseReason::Slow => Label::Behind,
            CloseReason::Drain => Label::Shutdown,
        };
        if let Some(connection) = self.core.connection(slot) {
            tracing::debug!(connection = %connection.id, ?reason, "closing");
        }
        self.node.metrics().connections_closed.of(label).inc();
    }

    fn presence(&mut self, ticket: Option<Ticket>, channel: &ChannelId, events: Vec<PresenceMessage>) {
        let outcome = match ticket.and_then(|ticket| Some((ticket.slot, self.core.connection(ticket.slot)?)))
        {
            None => self.node.presence().apply(channel, events),
            Some((slot, connection)) => {
                // Frames that an old socket still held must not change what the connection's new socket has said.
                let place = Place { shard: self.index, slot };
                let apply = || self.node.presence().apply(channel, events);
                let superseded = || Err(ErrorInfo::from(ErrorCode::OperationSuperseded));
                self.node.registry().while_at(&connection.id, place, apply).unwrap_or_else(superseded)
            }
        };
        let changes = match outcome {
            Ok(changes) => changes,
            Err(error) => return self.accept(ticket, Err(error)),
        };
        match self.node.presence_entry(&changes) {
            Some((partition, entry)) => {
                self.appends.add(partition, entry, Waiting { ticket, messages: 0, trace: None })
            }
            None => self.accept(ticket, Ok(())),
        }
    }

    fn accept(&mut self, ticket: Option<Ticket>, outcome: Result<(), ErrorInfo>) {
        if let Some(ticket) = ticket {
            self.core.accepted(ticket, outcome);
        }
    }

    fn ask(&mut self, slot: Slot, channel: ChannelId, partition: PartitionId, question: Question) {
        self.submit(Job { shard: self.index, slot, channel, partition, question });
    }

    /// Hands a read over; while too many wait it is kept and handed over again at the next tick. There is at most one
    /// per attachment.
    pub(super) fn submit(&mut self, job: Job) {
        if let Some(Err(job)) = self.node.readers().map(|readers| readers.submit(job)) {
            self.postponed.push(job);
        }
    }

    fn authenticate(&mut self, now: Now, slot: Slot, token: &str) {
        let Some(connection) = self.core.connection(slot) else { return };
        let authenticator = self.node.authenticator();
        let outcome = authenticator.authenticate_token(token, None, now.wall_ms).and_then(|new| {
            let identity = connection.rights.identity().clone();
            let app = connection.rights.app().clone();
            crate::rights::replacement(&app, &identity, new)
        });
        let rights = outcome.map(|principal| {
            Arc::new(ConnectionRights::new(principal, Arc::clone(authenticator)))
                as Arc<dyn loquat_core::Rights>
        });
        let node = Arc::clone(&self.node);
        self.core.authenticated(&*node, slot, rights);
    }
}
