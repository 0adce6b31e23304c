//! One client connection: its socket, and the bytes of a frame that has not wholly arrived.

use std::io;
use std::net::{IpAddr, SocketAddr};

use mio::net::TcpStream;
use socket2::{Domain, Protocol, Socket, Type};

use crate::net::pipe::Pipe;
use crate::net::tls::Dialer;

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
    pub pipe: Option<Pipe>,
    /// How far it is.
    pub stage: Stage,
    /// Bytes received that are not yet a whole head or frame. Bounded by the largest frame of the peer, which is
    /// trusted.
    pub inbox: Vec<u8>,
    /// Bytes received since the connection was opened, the handshake's answer not counted.
    pub bytes: u64,
}

impl Link {
    /// Starts to connect, from `source` if given, with TLS if there is a dialer.
    pub fn connect(target: SocketAddr, source: Option<IpAddr>, dialer: Option<&Dialer>) -> io::Result<Link> {
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
        let tls = dialer.map(Dialer::dial).transpose().map_err(io::Error::other)?;
        let pipe = Pipe::new(TcpStream::from_std(socket.into()), tls);
        Ok(Link { pipe: Some(pipe), stage: Stage::Upgrading, inbox: Vec::new(), bytes: 0 })
    }

    /// Writes as much of `bytes` as the socket takes, and removes that from them.
    pub fn write(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let Some(pipe) = &mut self.pipe else {
            bytes.clear();
            return Ok(());
        };
        pipe.flush()?;
        while !bytes.is_empty() {
            match pipe.write(bytes)? {
                0 => break,
                count => drop(bytes.drain(..count)),
            }
        }
        Ok(())
    }
}
