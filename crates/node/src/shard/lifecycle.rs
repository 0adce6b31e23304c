//! Connections come and go.

use std::sync::Arc;

use loquat_core::{Changed, Now, Slot};
use loquat_protocol::{Action, ErrorCode, ProtocolMessage};
use loquat_ws::{close_code, close_frame};
use mio::Token;

use super::{
    connection::{Adopted, Io, Purpose, Refused},
    mailbox::Command,
    turn::Loop,
};
use crate::registry::Place;

impl Loop {
    pub(super) fn adopt(&mut self, now: Now, adopted: Adopted) {
        let Adopted { socket, read_ahead, purpose, guard } = adopted;
        match purpose {
            Purpose::Realtime(opening) => {
                let id = opening.id.clone();
                let slot = self.core.open(now, opening);
                let place = Place { shard: self.index, slot };
                if let Some(old) = self.node.registry().live(&id, place) {
                    self.node.tell(old.shard, Command::Supersede(old.slot));
                }
                self.node.presence().returned(&id);
                tracing::debug!(connection = %id, shard = self.index, "connected");
                let io = Io::new(socket, self.node.limits().frame_bytes_max, Some(slot), guard);
                self.install(now, slot, io, &read_ahead);
            }
            Purpose::Refuse(refused) => self.refuse(now, Io::new(socket, 0, None, guard), &refused),
            Purpose::Echo => self.echoes.adopt(self.poll.registry(), socket, &read_ahead, guard),
        }
    }

    pub(super) fn install(&mut self, now: Now, slot: Slot, io: Io, read_ahead: &[u8]) {
        let index = slot.index as usize;
        if self.ios.len() <= index {
            self.ios.resize_with(index + 1, || None);
        }
        let mut io = Box::new(io);
        if let Err(error) = io.socket.register(self.poll.registry(), Token(index)) {
            tracing::warn!(%error, "a connection cannot be watched");
            io.closing = true;
        }
        let closing = io.closing;
        self.node.metrics().connections_open.inc();
        self.node.metrics().connections_opened.inc();
        self.ios[index] = Some(io);
        if closing {
            return self.mark_dirty(slot.index);
        }
        if !read_ahead.is_empty() {
            let mut bytes = read_ahead.to_vec();
            self.received(now, slot.index, &mut bytes);
        }
        self.unread.push(slot.index);
    }

    /// Tells why a connection is refused, and closes it; it never becomes a connection. DISCONNECTED where coming back
    /// can help, since clients take an ERROR as final.
    pub(super) fn refuse(&mut self, now: Now, mut io: Io, refused: &Refused) {
        let passes = refused.error.status_code >= 500 || refused.error.code == ErrorCode::Disconnected.code();
        let action = if passes { Action::Disconnected } else { Action::Error };
        let error = ProtocolMessage { error: Some(refused.error.clone()), ..ProtocolMessage::new(action) };
        io.outbox.push(loquat_core::render::frame(&error, refused.format));
        io.outbox.push_last(close_frame(close_code::NORMAL, ""));
        self.partings.take(self.poll.registry(), now.mono_ms, Box::new(io));
    }

    pub(super) fn close(&mut self, slot: Slot) {
        let Some(io) = self.ios.get_mut(slot.index as usize).and_then(Option::as_mut) else { return };
        if io.slot == Some(slot) && !io.closing {
            io.closing = true;
            io.outbox.push_last(close_frame(close_code::NORMAL, ""));
            self.mark_dirty(slot.index);
        }
    }

    /// The connection is gone.
    pub(super) fn remove(&mut self, now: Now, index: u32) {
        drop(self.release(now, index));
    }

    /// The connection is over; its socket is kept until the peer knows.
    pub(super) fn part(&mut self, now: Now, index: u32) {
        if let Some(io) = self.release(now, index) {
            self.partings.take(self.poll.registry(), now.mono_ms, io);
        }
    }

    fn release(&mut self, now: Now, index: u32) -> Option<Box<Io>> {
        let mut io = self.ios.get_mut(index as usize).and_then(Option::take)?;
        io.socket.deregister(self.poll.registry());
        self.node.metrics().connections_open.dec();
        if io.blocked {
            self.node.metrics().slow_readers.dec();
        }
        let Some(slot) = io.slot else { return Some(io) };
        let Some(connection) = self.core.connection(slot) else { return Some(io) };
        let (grace_ms, rights) = (connection.grace_ms, Arc::clone(&connection.rights));
        if let Some(id) = self.core.socket_closed(slot)
            && self.node.registry().gone(&id, Place { shard: self.index, slot }, now.mono_ms)
        {
            tracing::debug!(connection = %id, "the socket is gone; the connection can be resumed");
            self.node.presence().departed(&id, now.mono_ms + grace_ms, rights);
            // What changed just before may have found neither the connection nor its absence.
            self.node.check_absent(id.as_str(), &Changed::Nobody);
        }
        Some(io)
    }
}
