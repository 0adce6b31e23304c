//! From sockets to the core.

use std::{io, sync::Arc};

use bytes::Bytes;
use loquat_core::{Now, Slot};
use loquat_protocol::{Action, ErrorCode, ErrorInfo, Format};
use loquat_ws::{Event, Opcode, close_code, close_frame, close_reply, server_frame};

use super::turn::Loop;

impl Loop {
    pub(super) fn read(&mut self, now: Now, index: u32) {
        let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { return };
        if io.closing || !io.reading {
            io.unread = true;
            return;
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        match io.socket.read(&mut buffer) {
            Ok(0) => self.remove(now, index),
            Ok(length) => {
                self.node.metrics().bytes_in.inc_by(length as u64);
                // A plain short read has emptied the socket; anything else is read again in the next turn, so that one
                // busy connection cannot keep the others waiting.
                let emptied = matches!(io.socket, super::Socket::Plain(_)) && length < buffer.len();
                if !emptied {
                    self.unread.push(index);
                }
                self.take_feed(now);
                self.received(now, index, &mut buffer[..length]);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.unread.push(index),
            Err(_) => self.remove(now, index),
        }
        self.buffer = buffer;
    }

    pub(super) fn received(&mut self, now: Now, index: u32, mut input: &mut [u8]) {
        let node = Arc::clone(&self.node);
        let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) else { return };
        let Some(slot) = io.slot else { return };
        loop {
            match io.decoder.decode(&mut input) {
                Ok(None) => return,
                Ok(Some(Event::Text(text))) => {
                    self.core.frame(now, &*node, slot, Format::Json, text.as_bytes())
                }
                Ok(Some(Event::Binary(bytes))) => self.core.frame(now, &*node, slot, Format::Msgpack, bytes),
                Ok(Some(Event::Ping(payload))) => io.outbox.push(server_frame(Opcode::Pong, payload)),
                Ok(Some(Event::Pong(_))) => continue,
                Ok(Some(Event::Close(frame))) => {
                    let reply = close_reply(frame);
                    io.closing = true;
                    return self.end_with(index, reply);
                }
                Err(error) => {
                    let code = if error.close_code() == close_code::TOO_BIG {
                        ErrorCode::MessageTooLarge
                    } else {
                        ErrorCode::ProtocolError
                    };
                    let close = close_frame(error.close_code(), &error.to_string());
                    self.core.fail(slot, Action::Error, ErrorInfo::new(code, error.to_string()));
                    return self.end_with(index, close);
                }
            }
            node.metrics().frames_in.inc();
            if !io.dirty && !io.outbox.is_empty() {
                io.dirty = true;
                self.dirty.push(index);
            }
        }
    }

    /// Sends what was answered until here, and then a close frame.
    fn end_with(&mut self, index: u32, close: Bytes) {
        self.take_core_writes();
        if let Some(io) = self.ios.get_mut(index as usize).and_then(Option::as_mut) {
            io.outbox.push_last(close);
        }
        self.mark_dirty(index);
    }

    pub(super) fn reading(&mut self, slot: Slot, on: bool) {
        let Some(io) = self.ios.get_mut(slot.index as usize).and_then(Option::as_mut) else { return };
        io.reading = on;
        if on && std::mem::take(&mut io.unread) {
            self.unread.push(slot.index);
        }
    }
}
