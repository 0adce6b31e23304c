//! A socket with or without TLS on it, for the generator and for the bare servers alike.

use std::io::{self, ErrorKind, Read, Write};

use mio::net::TcpStream;

/// A non-blocking stream of bytes.
#[derive(Debug)]
pub struct Pipe {
    stream: TcpStream,
    tls: Option<Box<rustls::Connection>>,
}

impl Pipe {
    /// Puts TLS on the stream, if given.
    pub fn new(stream: TcpStream, tls: Option<rustls::Connection>) -> Pipe {
        Pipe { stream, tls: tls.map(Box::new) }
    }

    /// Reads once. `Ok(None)`: nothing there; `Ok(Some(0))`: the peer has ended.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let Pipe { stream, tls } = self;
        let Some(tls) = tls else { return would_block(|| stream.read(buffer)) };
        loop {
            match tls.reader().read(buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            match would_block(|| tls.read_tls(stream))? {
                Some(count) if count > 0 => {}
                other => return Ok(other),
            }
            tls.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            // The handshake's answers.
            push(tls, stream)?;
        }
    }

    /// True if a read that did not fill the buffer has emptied the socket. Under TLS a record may be behind it.
    pub fn is_drained_by(&self, count: usize, buffer: usize) -> bool {
        self.tls.is_none() && count < buffer
    }

    /// Takes as much of `bytes` as it can; how much that was.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Pipe { stream, tls } = self;
        match tls {
            None => Ok(would_block(|| stream.write(bytes))?.unwrap_or(0)),
            Some(tls) => {
                let count = tls.writer().write(bytes)?;
                push(tls, stream)?;
                Ok(count)
            }
        }
    }

    /// Goes on with what TLS has taken but the socket has not.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            None => Ok(()),
            Some(tls) => push(tls, &mut self.stream),
        }
    }

    /// The socket, to register.
    pub fn stream_mut(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}

fn push(tls: &mut rustls::Connection, stream: &mut TcpStream) -> io::Result<()> {
    while tls.wants_write() && would_block(|| tls.write_tls(stream))?.is_some() {}
    Ok(())
}

/// Repeats what was interrupted; `None` if it cannot be done now.
fn would_block(mut attempt: impl FnMut() -> io::Result<usize>) -> io::Result<Option<usize>> {
    loop {
        match attempt() {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // A socket that is not connected yet becomes writable when it is.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
    }
}
