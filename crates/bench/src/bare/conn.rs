//! One connection of a bare server.

use std::io::{self, Read, Write};

use mio::net::TcpStream;

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
    stream: TcpStream,
    /// What it asked for.
    pub role: Role,
    /// The part of a head or frame that has arrived.
    pub inbox: Vec<u8>,
    backlog: Vec<u8>,
}

impl Conn {
    /// A fresh connection.
    pub fn new(stream: TcpStream) -> Self {
        Conn { stream, role: Role::Unknown, inbox: Vec::new(), backlog: Vec::new() }
    }

    /// Reads what is there into the inbox; false if the peer has ended.
    pub fn read(&mut self, buffer: &mut [u8]) -> bool {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return false,
                Ok(count) => {
                    self.inbox.extend_from_slice(&buffer[..count]);
                    if count < buffer.len() {
                        return true;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
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
        let written = match self.stream.write(bytes) {
            Ok(count) => count,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => 0,
            Err(_) => return false,
        };
        self.backlog.extend_from_slice(&bytes[written..]);
        true
    }

    /// Goes on with what the socket did not take; false if the connection is broken.
    pub fn resume_write(&mut self) -> bool {
        let backlog = std::mem::take(&mut self.backlog);
        backlog.is_empty() || self.write(&backlog)
    }

    /// The socket, to register.
    pub fn stream_mut(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}
