//! From an address to a WebSocket.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use loquat_protocol::Format;
use loquat_ws::{Decoder, Role, handshake};

use super::Link;
use crate::KEY;

const MESSAGE_BYTES_MAX: u32 = 64 << 20;

/// How to connect.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The format to speak.
    pub format: Format,
    /// More of the query, each beginning with `&`.
    pub query: String,
    /// The address to come from.
    pub from: Ipv4Addr,
    /// The size of the socket's receive buffer; the system's when none.
    pub receive_buffer: Option<usize>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { format: Format::Json, query: String::new(), from: Ipv4Addr::LOCALHOST, receive_buffer: None }
    }
}

/// A TCP connection, from a chosen address.
///
/// # Errors
/// When the server is away.
pub fn tcp(server: SocketAddr, wanted: &Wanted) -> io::Result<TcpStream> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    if let Some(bytes) = wanted.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    if wanted.from != Ipv4Addr::LOCALHOST {
        socket.bind(&SocketAddr::new(IpAddr::V4(wanted.from), 0).into())?;
    }
    socket.connect_timeout(&server.into(), Duration::from_secs(5))?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.set_write_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

impl Link {
    /// Connects and upgrades, as JSON from the usual address.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub fn open(server: SocketAddr) -> io::Result<Self> {
        Self::connect(server, &Wanted::default())
    }

    /// Connects and upgrades.
    ///
    /// # Errors
    /// When the server is away or refuses.
    pub fn connect(server: SocketAddr, wanted: &Wanted) -> io::Result<Self> {
        let format = if wanted.format == Format::Msgpack { "msgpack" } else { "json" };
        let target = format!("/?key={KEY}&v=6&heartbeats=true&format={format}{}", wanted.query);
        Self::upgrade(tcp(server, wanted)?, wanted.format, &target)
    }

    /// Upgrades a connection.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn upgrade(mut stream: TcpStream, format: Format, target: &str) -> io::Result<Self> {
        let key = handshake::client_key(&[5; 16]);
        stream.write_all(handshake::request("loquat", target, &key).as_bytes())?;
        let mut received = Vec::new();
        let mut piece = [0; 4_096];
        let length = loop {
            let checked = handshake::check_response(&received, &key);
            match checked.map_err(|error| io::Error::new(io::ErrorKind::ConnectionRefused, error))? {
                Some(length) => break length,
                None => match stream.read(&mut piece)? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    length => received.extend_from_slice(&piece[..length]),
                },
            }
        };
        let mut link = Self::over(stream, Decoder::new(Role::Client, MESSAGE_BYTES_MAX), format);
        link.take_in(&mut received[length..])?;
        Ok(link)
    }
}
