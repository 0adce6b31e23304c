//! The smallest HTTP client that a collector beside the node needs: one POST per batch, plain HTTP/1.1, a
//! connection each, blocking on the exporter's own thread. It saves the program a second HTTP and TLS stack.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use opentelemetry_http::{HttpClient, HttpError};

/// Longest wait for each step of a request.
const STEP_TIMEOUT: Duration = Duration::from_secs(3);
/// What is read of an answer; a collector's answer to spans is a few bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// A client for one collector.
#[derive(Debug)]
pub(super) struct PlainHttp {
    /// `host:port`, as it stands in the address; also the Host header.
    authority: String,
}

impl PlainHttp {
    /// A client for `http://host[:port][/path]`; `None` for anything else.
    pub(super) fn to(base: &str) -> Option<Self> {
        let rest = base.strip_prefix("http://")?;
        let authority = rest.split('/').next().filter(|host| !host.is_empty())?;
        let well_formed = authority.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
        let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { authority.to_owned() } else { format!("{authority}:80") };
        well_formed.then_some(Self { authority })
    }

    fn post(&self, request: &Request<Bytes>) -> io::Result<Response<Bytes>> {
        let address = self.authority.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let mut stream = TcpStream::connect_timeout(&address, STEP_TIMEOUT)?;
        stream.set_read_timeout(Some(STEP_TIMEOUT))?;
        stream.set_write_timeout(Some(STEP_TIMEOUT))?;
        stream.write_all(&self.head(request))?;
        stream.write_all(request.body())?;
        read_answer(BufReader::new(stream.take(ANSWER_BYTES_MAX)))
    }

    fn head(&self, request: &Request<Bytes>) -> Vec<u8> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let mut head =
            format!("{} {path} HTTP/1.1\r\nHost: {}\r\n", request.method(), self.authority).into_bytes();
        for (name, value) in request.headers() {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        let length = request.body().len();
        head.extend_from_slice(format!("Content-Length: {length}\r\nConnection: close\r\n\r\n").as_bytes());
        head
    }
}

/// Reads the status line and drains the rest. The body is of no use: what it could say is advice to humans.
fn read_answer(mut answer: impl BufRead) -> io::Result<Response<Bytes>> {
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let code = line.split(' ').nth(1).and_then(|code| code.parse::<u16>().ok());
    let status = code.and_then(|code| StatusCode::from_u16(code).ok()).ok_or(io::ErrorKind::InvalidData)?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    Ok(response)
}

#[async_trait]
impl HttpClient for PlainHttp {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        Ok(self.post(&request)?)
    }
}
