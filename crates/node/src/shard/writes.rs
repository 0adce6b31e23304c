//! From the core to sockets: once per connection and turn.

use std::sync::Arc;

use loquat_core::Now;

use super::{outbox::Flushed, turn::Loop};

impl Loop {
    pub(super) fn writable(&mut self, index: u32) {
        let blocked =
            self.ios.get(index as usize).and_then(Option::as_ref).is_some_and(|io| io.blocked || io.closing);
        if blocked {
            self.mark_dirty(index);
        }
    }

    pub(super) fn mark_dirty(&mut self, index: u32) {
        if let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut)
            && !io.dirty
        {
            io.dirty = true;
            self.dirty.push(index);
        }
    }

    /// Moves the core's frames into the outboxes.
    pub(super) fn queue_writes(&mut self) {
        let mut bytes = 0;
        self.node.metrics().frames_out.inc_by(self.writes.len() as u64);
        for (index, frame) in self.writes.drain(..) {
            let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            bytes += frame.len() as u64;
            io.outbox.push(frame);
            if !io.dirty {
                io.dirty = true;
                self.dirty.push(index);
            }
        }
        self.node.metrics().bytes_out.inc_by(bytes);
    }

    pub(super) fn take_core_writes(&mut self) {
        self.core.take_writes(&mut self.writes);
        self.queue_writes();
    }

    /// One write per connection that has something.
    pub(super) fn flush(&mut self, now: Now) {
        let node = Arc::clone(&self.node);
        for index in std::mem::take(&mut self.dirty) {
            let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { continue };
            io.dirty = false;
            let flushed = io.outbox.flush(&mut io.socket);
            // Beyond what waited when the socket was full there are only answers and other small frames.
            let too_much =
                io.blocked && io.outbox.bytes() > io.blocked_bytes + node.limits().control_bytes_max;
            match (flushed, io.slot) {
                (Ok(_), _) if io.closing => self.part(now, index),
                (Ok(Flushed::All), Some(slot)) if std::mem::take(&mut io.blocked) => {
                    node.metrics().slow_readers.dec();
                    self.core.drained(&*node, slot);
                    self.take_core_writes();
                    // What the core wrote on waking up is flushed in the next turn, which must not wait for an event.
                    self.mark_dirty(index);
                    self.mailbox.wake();
                }
                (Ok(Flushed::Blocked), Some(_)) if too_much => {
                    node.metrics().readers_cut_off.inc();
                    self.remove(now, index);
                }
                (Ok(Flushed::Blocked), Some(slot)) if !io.blocked => {
                    io.blocked = true;
                    io.blocked_bytes = io.outbox.bytes();
                    node.metrics().slow_readers.inc();
                    self.core.blocked(now, slot);
                }
                (Ok(_), _) => {}
                (Err(_), _) => self.remove(now, index),
            }
        }
    }
}
