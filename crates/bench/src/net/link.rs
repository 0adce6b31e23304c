//! One client connection: its socket, and the bytes of a frame that has not wholly arrived.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr};

use mio::net::TcpStream;
use socket2::{Domain, Protocol, Socket, Type};

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The request is on its way, the answer not yet whole.
    Upgrading,
    /// Frames flow.
    Open,
    /// Ended, by either side.
    Closed,
}

/// A connection.
#[derive(Debug)]
pub struct Link {
    /// The socket; `None` once closed.
    pub stream: Option<TcpStream>,
    /// How far it is.
    pub stage: Stage,
    /// Bytes received that are not yet a whole head or frame. Bounded by the largest frame of the peer, which is
    /// trusted.
    pub inbox: Vec<u8>,
    /// Bytes received since the connection was opened, the handshake's answer not counted.
    pub bytes: u64,
}

impl Link {
    /// Starts to connect, from `source` if given.
    pub fn connect(target: SocketAddr, source: Option<IpAddr>) -> io::Result<Link> {
        let socket = Socket::new(Domain::for_address(target), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        // A reset instead of a farewell keeps ports out of TIME_WAIT, and is what a lost network looks like.
        socket.set_linger(Some(std::time::Duration::ZERO))?;
        if let Some(source) = source {
            socket.bind(&SocketAddr::new(source, 0).into())?;
        }
        match socket.connect(&target.into()) {
            Err(error) if error.raw_os_error() != Some(libc::EINPROGRESS) => return Err(error),
            _ => {}
        }
        let stream = TcpStream::from_std(socket.into());
        Ok(Link { stream: Some(stream), stage: Stage::Upgrading, inbox: Vec::new(), bytes: 0 })
    }

    /// Reads once. `Ok(None)`: nothing there; `Ok(Some(0))`: the peer has ended.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let Some(stream) = &mut self.stream else { return Ok(Some(0)) };
        loop {
            match stream.read(buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes as much of `bytes` as the socket takes, and removes that from them.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let Some(stream) = &mut self.stream else {
            bytes.clear();
            return Ok(());
        };
        let mut written = 0;
        let result = loop {
            if written == bytes.len() {
                break Ok(());
            }
            match stream.write(&bytes[written..]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Not connected yet, or the peer is slow: the poll reports when it can take more.
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::NotConnected) =>
                {
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
        };
        bytes.drain(..written);
        result
    }
}
