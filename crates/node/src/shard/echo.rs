//! Connections that are sent back what they send: the same sockets, buffers and codec as the realtime ones, so that a
//! WebSocket conformance suite can be run against them.

use std::io;

use loquat_ws::{Decoder, Event, Opcode, Role, close_frame, close_reply, server_frame};
use mio::{Registry, Token};

use super::{
    Socket,
    connection::{Guard, Io},
    outbox::Flushed,
};

/// Tokens from here on are echo connections.
pub const ECHO_TOKENS: usize = 1 << 32;
/// Largest message that is sent back.
const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// Bytes that may wait before the socket is no longer read.
const OUTBOX_BYTES_MAX: usize = 64 << 20;

/// The echo connections of a shard.
#[derive(Default)]
pub struct Echoes(Vec<Option<Box<Io>>>);

impl Echoes {
    /// Takes a connection.
    pub fn adopt(&mut self, registry: &Registry, socket: Socket, read_ahead: &[u8], guard: Guard) {
        let mut io = Box::new(Io::new(socket, 0, None, guard));
        io.decoder = Decoder::new(Role::Server, MESSAGE_BYTES_MAX as u32);
        let index = self.0.iter().position(Option::is_none).unwrap_or_else(|| {
            self.0.push(None);
            self.0.len() - 1
        });
        let token = Token(ECHO_TOKENS + index);
        if io.socket.register(registry, token).is_ok() {
            received(&mut io, &mut read_ahead.to_vec());
            self.0[index] = Some(io);
        }
    }

    /// Something can be read or written.
    pub fn ready(&mut self, registry: &Registry, token: Token, buffer: &mut [u8]) {
        let Some(place) = self.0.get_mut(token.0 - ECHO_TOKENS) else { return };
        let Some(io) = place.as_mut() else { return };
        if !serve(io, buffer) {
            io.socket.deregister(registry);
            *place = None;
        }
    }
}

/// `false` when the connection is over.
fn serve(io: &mut Io, buffer: &mut [u8]) -> bool {
    loop {
        match io.outbox.flush(&mut io.socket) {
            Ok(Flushed::Blocked) if io.outbox.bytes() > OUTBOX_BYTES_MAX => return true,
            Ok(Flushed::All) if io.closing => {
                io.socket.shut_down();
                return false;
            }
            Ok(_) => {}
            Err(_) => return false,
        }
        match io.socket.read(buffer) {
            Ok(0) => return false,
            Ok(length) => received(io, &mut buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
    match io.outbox.flush(&mut io.socket) {
        Ok(Flushed::All) if io.closing => {
            io.socket.shut_down();
            false
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

fn received(io: &mut Io, mut input: &mut [u8]) {
    while !io.closing {
        let reply = match io.decoder.decode(&mut input) {
            Ok(None) => return,
            Ok(Some(Event::Text(text))) => server_frame(Opcode::Text, text.as_bytes()),
            Ok(Some(Event::Binary(bytes))) => server_frame(Opcode::Binary, bytes),
            Ok(Some(Event::Ping(payload))) => server_frame(Opcode::Pong, payload),
            Ok(Some(Event::Pong(_))) => continue,
            Ok(Some(Event::Close(frame))) => {
                io.closing = true;
                close_reply(frame)
            }
            Err(error) => {
                io.closing = true;
                close_frame(error.close_code(), &error.to_string())
            }
        };
        io.outbox.push(reply);
    }
}
