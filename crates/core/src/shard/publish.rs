//! MESSAGE: validate, authorise, append; and the answers.

use std::sync::Arc;

use loquat_protocol::{
    ChannelId, ChannelName, ErrorCode, ErrorInfo, Flags, MessageSerial, Operation, PartitionId,
    ProtocolMessage, Serial, frame::PublishResult,
};

use super::Shard;
use crate::{
    Effect, Now, Slot,
    channel::EphemeralMessage,
    effect::{Append, Ticket},
    publish::{Publisher, prepare},
};

impl Shard {
    pub(super) fn publish(&mut self, now: Now, slot: Slot, message: ProtocolMessage) {
        let msg_serial = message.msg_serial;
        if let Err(error) = self.try_publish(now, slot, message) {
            self.refuse_serial(slot, msg_serial, error);
        }
    }

    fn try_publish(&mut self, now: Now, slot: Slot, message: ProtocolMessage) -> Result<(), ErrorInfo> {
        let no_serial = || ErrorInfo::new(ErrorCode::ProtocolError, "a MESSAGE must carry a msgSerial");
        let msg_serial = message.msg_serial.ok_or_else(no_serial)?;
        let name = ChannelName::parse(message.channel.as_deref().unwrap_or_default())?;
        self.take_allowance(now, slot, message.messages.len())?;
        self.permit(slot, &name, Operation::Publish, Flags::PUBLISH)?;
        let Some(connection) = self.connection(slot) else { return Ok(()) };
        let channel = ChannelId::new(connection.rights.app().clone(), name);
        let base_id = format!("{}:{}", connection.id, msg_serial);
        let publisher = Publisher {
            identity: connection.rights.identity(),
            connection_id: Some(connection.id.as_str()),
            base_id: &base_id,
            user_claim: connection.rights.user_claim(channel.name.as_str()),
        };
        let publish = prepare(&channel, publisher, message.messages, &self.limits)?;
        let count = publish.payload.messages.len();
        match publish.ephemeral {
            true => connection.rights.admit_passing(count, now.wall_ms)?,
            false => connection.rights.admit(count, now.wall_ms)?,
        }
        let ticket = Ticket { slot, msg_serial };
        let effect = if publish.ephemeral {
            let message = Arc::new(EphemeralMessage::new(channel, publish.payload, now.wall_ms));
            Effect::Ephemeral { ticket, message }
        } else {
            let partition = PartitionId::of(&channel, self.limits.partitions);
            let (body, messages) = (publish.body(&channel), publish.payload.messages.len());
            let (ticket, key, time_ms) = (Some(ticket), publish.key, now.wall_ms);
            Effect::Append(Append { ticket, partition, key, time_ms, body, messages })
        };
        self.effects.push(effect);
        self.expect(ticket);
        Ok(())
    }

    /// A publish begins to wait; past the bound the socket is not read until answers have come.
    pub(super) fn expect(&mut self, ticket: Ticket) {
        let in_flight_max = self.limits.in_flight_max;
        let Some(connection) = self.connection_mut(ticket.slot) else { return };
        connection.expect(ticket.msg_serial);
        if connection.in_flight() >= in_flight_max && !connection.paused {
            connection.paused = true;
            self.effects.push(Effect::Reading { slot: ticket.slot, on: false });
        }
    }

    /// Whether the connection may do this on the channel: its rights, and its attachment's modes if it is attached.
    pub(super) fn permit(
        &self,
        slot: Slot,
        name: &ChannelName,
        operation: Operation,
        mode: Flags,
    ) -> Result<(), ErrorInfo> {
        let Some(connection) = self.connection(slot) else { return Ok(()) };
        if !connection.rights.operations(name.as_str()).contains(operation) {
            let text =
                format!("the capability does not permit '{}' on the channel '{name}'", operation.name());
            return Err(ErrorInfo::new(ErrorCode::NotPermitted, text));
        }
        match self.attachment(slot, name) {
            Some(attachment) if !attachment.modes.contains(mode) => {
                let text = format!(
                    "the channel '{name}' was attached without the mode that '{}' needs",
                    operation.name()
                );
                Err(ErrorInfo::new(ErrorCode::ModeMissing, text))
            }
            _ => Ok(()),
        }
    }

    /// A token bucket, counted in thousandths of a message.
    pub(super) fn take_allowance(&mut self, now: Now, slot: Slot, messages: usize) -> Result<(), ErrorInfo> {
        let rate = u64::from(self.limits.inbound_rate_max);
        let Some(connection) = self.connection_mut(slot) else { return Ok(()) };
        if rate == 0 {
            return Ok(());
        }
        let elapsed_ms = now.mono_ms.saturating_sub(connection.allowance_ms);
        let raised = connection.allowance.saturating_add(elapsed_ms.min(1_000) * rate);
        connection.allowance = raised.min(rate * 1_000);
        connection.allowance_ms = now.mono_ms;
        let cost = messages.max(1) as u64 * 1_000;
        if connection.allowance < cost {
            let text = format!("the connection publishes more than {rate} messages a second");
            return Err(ErrorInfo::new(ErrorCode::ConnectionRateLimited, text));
        }
        connection.allowance -= cost;
        Ok(())
    }

    /// The outcome of [`Effect::Append`]: the entry is durable at `serial`, or was not stored.
    pub fn appended(&mut self, ticket: Ticket, outcome: Result<Serial, ErrorInfo>, messages: usize) {
        let result = outcome.map(|entry| {
            let serial = |index| Some(MessageSerial { entry, index: index as u16 }.to_string());
            PublishResult { serials: (0..messages).map(serial).collect() }
        });
        self.settle(ticket, result);
    }

    /// The outcome of [`Effect::Presence`] or [`Effect::Ephemeral`].
    pub fn accepted(&mut self, ticket: Ticket, outcome: Result<(), ErrorInfo>) {
        self.settle(ticket, outcome.map(|()| PublishResult::default()));
    }

    fn settle(&mut self, ticket: Ticket, outcome: Result<PublishResult, ErrorInfo>) {
        if let Some(connection) = self.connection_mut(ticket.slot) {
            connection.settle(ticket.msg_serial, outcome);
            self.answers_due.push(ticket.slot);
        }
    }

    /// Writes the answers that have become possible since the last call.
    pub(super) fn flush_due_answers(&mut self) {
        let mut due = std::mem::take(&mut self.answers_due);
        for slot in due.drain(..) {
            self.flush_answers(slot);
        }
        self.answers_due = due;
    }

    pub(super) fn flush_answers(&mut self, slot: Slot) {
        let in_flight_max = self.limits.in_flight_max;
        let mut tally = std::mem::take(&mut self.tally);
        let mut answers = std::mem::take(&mut self.answers);
        if let Some(connection) = self.connection_mut(slot) {
            connection.answers(&mut answers, &mut tally);
            if connection.paused && connection.in_flight() <= in_flight_max / 2 {
                connection.paused = false;
                self.effects.push(Effect::Reading { slot, on: true });
            }
        }
        for bytes in answers.drain(..) {
            self.write_frame(slot.index, bytes);
        }
        self.answers = answers;
        self.tally = tally;
    }
}
