//! Connections that are told why they end, and wait for their peer to end too.
//!
//! A socket that is closed while its peer still sends is reset by the system, and the reset can take back from the peer
//! what it has not read yet: the very error that says why. So what is left is written, the sending direction ends, what
//! comes is read and dropped, and the socket is closed when the peer has closed, or was given its time (RFC 6455
//! section 7.1.1; RFC 9112 section 9.6 has the same for HTTP).

use std::io;

use loquat_ws::{Decoder, Role};
use mio::{Registry, Token};

use super::{connection::Io, echo::ECHO_TOKENS, outbox::Flushed};

/// Tokens from here until those of the echo connections are parting ones.
pub(super) const PARTING_TOKENS: usize = ECHO_TOKENS >> 1;
/// Connections that part at once; what comes beyond is closed without waiting for its peer.
const PARTING_MAX: usize = 4_096;
/// How long one may take, in milliseconds.
const PARTING_MS_MAX: u64 = 5_000;
/// What one may still send before it is closed, in bytes.
const DROPPED_BYTES_MAX: usize = 16 << 20;
/// Reads from one connection per turn.
const READS_PER_TURN: usize = 4;

/// The parting connections of a shard.
#[derive(Default)]
pub(super) struct Partings {
    places: Vec<Option<Box<Parting>>>,
    /// Places whose socket may hold more, though no event will tell.
    unread: Vec<usize>,
}

struct Parting {
    io: Box<Io>,
    until_ms: u64,
    told: bool,
    dropped_bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Served {
    Waits,
    HasMore,
    Over,
}

impl Partings {
    /// Takes a connection, whose socket is not registered (any more).
    pub(super) fn take(&mut self, registry: &Registry, now_ms: u64, mut io: Box<Io>) {
        // Frees what it holds of an unfinished message.
        io.decoder = Decoder::new(Role::Server, 0);
        let free = self.places.iter().position(Option::is_none);
        let place = free.unwrap_or(self.places.len());
        let mut parting = Parting { io, until_ms: now_ms + PARTING_MS_MAX, told: false, dropped_bytes: 0 };
        parting.tell();
        let token = Token(PARTING_TOKENS + place);
        // Registering tells of what is there already.
        if place >= PARTING_MAX || parting.io.socket.register(registry, token).is_err() {
            return;
        }
        if free.is_none() {
            self.places.push(None);
        }
        self.places[place] = Some(Box::new(parting));
    }

    /// Something can be read or written.
    pub(super) fn ready(&mut self, registry: &Registry, token: Token, buffer: &mut [u8]) {
        self.serve(registry, token.0 - PARTING_TOKENS, buffer);
    }

    /// Goes on with those that had more than one turn's share.
    pub(super) fn go_on(&mut self, registry: &Registry, buffer: &mut [u8]) {
        for place in std::mem::take(&mut self.unread) {
            self.serve(registry, place, buffer);
        }
    }

    /// Whether [`Partings::go_on`] has something to do.
    pub(super) fn has_more(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Closes those whose time is over.
    pub(super) fn tick(&mut self, now_ms: u64) {
        for place in &mut self.places {
            place.take_if(|parting| parting.until_ms <= now_ms);
        }
        if self.places.iter().all(Option::is_none) {
            self.places = Vec::new();
        }
    }

    fn serve(&mut self, registry: &Registry, place: usize, buffer: &mut [u8]) {
        let Some(parting) = self.places.get_mut(place).and_then(Option::as_mut) else { return };
        match parting.serve(buffer) {
            Served::Waits => {}
            Served::HasMore => self.unread.push(place),
            Served::Over => {
                parting.io.socket.deregister(registry);
                self.places[place] = None;
            }
        }
    }
}

impl Parting {
    /// Writes what is left; then ends the sending direction. `false` when the socket is broken.
    fn tell(&mut self) -> bool {
        if self.told {
            return true;
        }
        match self.io.outbox.flush(&mut self.io.socket) {
            Ok(Flushed::Blocked) => true,
            Ok(Flushed::All) => {
                self.io.socket.shut_down();
                self.told = true;
                true
            }
            Err(_) => false,
        }
    }

    fn serve(&mut self, buffer: &mut [u8]) -> Served {
        if !self.tell() {
            return Served::Over;
        }
        for _ in 0..READS_PER_TURN {
            match self.io.socket.read(buffer) {
                Ok(0) => return Served::Over,
                Ok(length) => self.dropped_bytes += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Served::Waits,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Served::Over,
            }
            if self.dropped_bytes > DROPPED_BYTES_MAX {
                return Served::Over;
            }
        }
        Served::HasMore
    }
}
