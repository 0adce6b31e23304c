//! Whether a server answers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::error::BenchError;
use crate::net::tls::Dialer;

const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// A loopback address with a port that nobody listens on now.
pub fn free_address() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(BenchError::io("find a free port"))?;
    listener.local_addr().map_err(BenchError::io("find a free port"))
}

/// True if `GET /readyz` is answered with 200.
pub fn is_ready(address: SocketAddr, dialer: Option<&Dialer>) -> bool {
    ask(address, dialer).is_ok_and(|line| line.starts_with("HTTP/1.1 200"))
}

fn ask(address: SocketAddr, dialer: Option<&Dialer>) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_LIMIT)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    match dialer.map(Dialer::dial).transpose().map_err(io::Error::other)? {
        None => exchange(&mut stream, address),
        Some(rustls::Connection::Client(mut tls)) => {
            exchange(&mut rustls::Stream::new(&mut tls, &mut stream), address)
        }
        Some(rustls::Connection::Server(_)) => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Sends the request and returns the first line of the answer.
fn exchange(stream: &mut (impl Read + Write), address: SocketAddr) -> io::Result<String> {
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    stream.flush()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}
