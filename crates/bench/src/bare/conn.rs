//! One connection of a bare server.

use mio::net::TcpStream;

use crate::net::pipe::Pipe;

/// What a client asked for by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The upgrade has not been asked for yet.
    Unknown,
    /// Gets what is published to this channel, and may publish.
    Member(u32),
    /// Publishes only.
    Publisher,
}

impl Role {
    /// `/member/<channel>` or `/publisher`.
    pub fn of_path(path: &str) -> Role {
        match path.strip_prefix("/member/").and_then(|channel| channel.parse().ok()) {
            Some(channel) => Role::Member(channel),
            None => Role::Publisher,
        }
    }
}

/// A socket, what it sent so far of a frame, and what it would not take yet.
pub struct Conn {
    pipe: Pipe,
    /// What it asked for.
    pub role: Role,
    /// The part of a head or frame that has arrived.
    pub inbox: Vec<u8>,
    backlog: Vec<u8>,
}

impl Conn {
    /// A fresh connection.
    pub fn new(pipe: Pipe) -> Self {
        Conn { pipe, role: Role::Unknown, inbox: Vec::new(), backlog: Vec::new() }
    }

    /// Reads what is there into the inbox; false if the peer has ended.
    pub fn read(&mut self, buffer: &mut [u8]) -> bool {
        loop {
            match self.pipe.read(buffer) {
                Ok(None) => return true,
                Ok(Some(0)) | Err(_) => return false,
                Ok(Some(count)) => {
                    self.inbox.extend_from_slice(&buffer[..count]);
                    if self.pipe.is_drained_by(count, buffer.len()) {
                        return true;
                    }
                }
            }
        }
    }

    /// One write. What the socket does not take waits for it to become writable; the generator's window bounds it.
    /// False if the connection is broken.
    pub fn write(&mut self, bytes: &[u8]) -> bool {
        if !self.backlog.is_empty() {
            self.backlog.extend_from_slice(bytes);
            return true;
        }
        match self.pipe.write(bytes) {
            Ok(written) => self.backlog.extend_from_slice(&bytes[written..]),
            Err(_) => return false,
        }
        true
    }

    /// Goes on with what the socket did not take; false if the connection is broken.
    pub fn resume_write(&mut self) -> bool {
        let backlog = std::mem::take(&mut self.backlog);
        self.pipe.flush().is_ok() && (backlog.is_empty() || self.write(&backlog))
    }

    /// The socket, to register.
    pub fn stream_mut(&mut self) -> &mut TcpStream {
        self.pipe.stream_mut()
    }
}
