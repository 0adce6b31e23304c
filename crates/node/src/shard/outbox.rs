//! What waits to be written to one socket.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
};

use bytes::{Buf, Bytes};

use super::Socket;

/// Pieces given to one system call.
const SLICES_MAX: usize = 64;

/// Frames in the order in which they go out. Almost always empty or one, so those cost no allocation.
#[derive(Default)]
pub struct Outbox {
    first: Bytes,
    rest: VecDeque<Bytes>,
    bytes: usize,
    sealed: bool,
}

/// What became of a flush.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flushed {
    /// Everything is written.
    All,
    /// The socket takes no more at the moment.
    Blocked,
}

impl Outbox {
    /// Adds the last frame, a close: what comes after it is not sent (RFC 6455, section 5.5.1).
    pub fn push_last(&mut self, frame: Bytes) {
        self.push(frame);
        self.sealed = true;
    }

    /// Adds a frame, unless the last one was added.
    pub fn push(&mut self, frame: Bytes) {
        if self.sealed {
            return;
        }
        self.bytes += frame.len();
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = frame;
        } else {
            self.rest.push_back(frame);
        }
    }

    /// Bytes that wait.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Writes what the socket takes.
    ///
    /// # Errors
    /// When the socket is broken.
    pub fn flush(&mut self, socket: &mut Socket) -> io::Result<Flushed> {
        while self.bytes > 0 {
            let written = if self.rest.is_empty() {
                socket.write(&[IoSlice::new(&self.first)])
            } else {
                let mut slices = [IoSlice::new(&[]); SLICES_MAX];
                let pieces = std::iter::once(&self.first).chain(&self.rest).take(SLICES_MAX);
                let count =
                    slices.iter_mut().zip(pieces).map(|(slice, piece)| *slice = IoSlice::new(piece)).count();
                socket.write(&slices[..count])
            };
            match written {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => self.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Flushed::Blocked),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(if socket.flush()? { Flushed::All } else { Flushed::Blocked })
    }

    fn advance(&mut self, mut written: usize) {
        self.bytes -= written;
        while written > 0 {
            let here = written.min(self.first.len());
            self.first.advance(here);
            written -= here;
            if self.first.is_empty() {
                self.first = self.rest.pop_front().unwrap_or_default();
            }
        }
        if self.rest.is_empty() && self.rest.capacity() > 0 {
            self.rest = VecDeque::new();
        }
    }
}
