//! Whether a server answers.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::error::BenchError;

const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// A loopback address with a port that nobody listens on now.
pub fn free_address() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(BenchError::io("find a free port"))?;
    listener.local_addr().map_err(BenchError::io("find a free port"))
}

/// True if `GET /readyz` is answered with 200.
pub fn is_ready(address: SocketAddr) -> bool {
    ask(address).is_ok_and(|line| line.starts_with("HTTP/1.1 200"))
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}
