//! A socket that a shard serves: plain or TLS, never blocking.

use std::io::{self, IoSlice, Read, Write};

use mio::{Interest, Registry, Token, net::TcpStream};

/// Plaintext taken into the TLS session before the socket must have taken its ciphertext, in bytes.
const TLS_PENDING_MAX: usize = 64 * 1024;

/// A socket.
pub enum Socket {
    /// Plain TCP.
    Plain(TcpStream),
    /// TLS after its handshake.
    Tls(Box<Tls>),
}

/// A TLS session over a socket.
pub struct Tls {
    stream: TcpStream,
    session: rustls::ServerConnection,
}

impl Socket {
    /// A plain socket, which must be non-blocking.
    pub fn plain(stream: std::net::TcpStream) -> Self {
        Self::Plain(TcpStream::from_std(stream))
    }

    /// A TLS socket after its handshake; the socket must be non-blocking.
    pub fn tls(stream: std::net::TcpStream, mut session: rustls::ServerConnection) -> Self {
        session.set_buffer_limit(Some(TLS_PENDING_MAX));
        Self::Tls(Box::new(Tls { stream: TcpStream::from_std(stream), session }))
    }

    fn stream(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &mut tls.stream,
        }
    }

    /// Registers with an epoll, edge-triggered for both directions, once for the socket's life.
    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        registry.register(self.stream(), token, Interest::READABLE | Interest::WRITABLE)
    }

    pub(super) fn deregister(&mut self, registry: &Registry) {
        drop(registry.deregister(self.stream()));
    }

    /// Ends the sending direction.
    pub(super) fn shut_down(&mut self) {
        if let Self::Tls(tls) = self {
            tls.session.send_close_notify();
            drop(tls.session.write_tls(&mut tls.stream));
        }
        drop(self.stream().shutdown(std::net::Shutdown::Write));
    }

    /// Reads into `buffer`; 0 at the end of the stream.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(tls) => tls.read(buffer),
        }
    }

    /// Writes what the socket takes of `buffers`.
    pub(super) fn write(&mut self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => match buffers {
                [one] => stream.write(one),
                many => stream.write_vectored(many),
            },
            Self::Tls(tls) => tls.write(buffers),
        }
    }

    /// Pushes out what the session still holds; `false` when the socket takes no more.
    pub(super) fn flush(&mut self) -> io::Result<bool> {
        match self {
            Self::Plain(_) => Ok(true),
            Self::Tls(tls) => tls.flush(),
        }
    }
}

impl Tls {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
            if self.session.read_tls(&mut self.stream)? == 0 {
                return Ok(0);
            }
            self.session
                .process_new_packets()
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            if self.session.wants_write() {
                self.flush()?;
            }
        }
    }

    fn write(&mut self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        if !self.flush()? {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let written = self.session.writer().write_vectored(buffers)?;
        self.flush()?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<bool> {
        while self.session.wants_write() {
            match self.session.write_tls(&mut self.stream) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}
