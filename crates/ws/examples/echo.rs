//! A plain blocking echo server on this codec, a thread for each connection: a test tool for conformance suites.
//!
//! `cargo run -p loquat-ws --example echo -- 9001` listens on 127.0.0.1:9001 (0 picks a free port) and prints the
//! address. Text and binary messages up to 16 MiB come back as they are.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use http::{Method, Version};
use loquat_ws::handshake::{Head, Upgrade};
use loquat_ws::{
    DecodeError, Decoder, Event, FrameHeader, Opcode, Role, close_frame, close_reply, write_frame_header,
};

const MESSAGE_BYTES_MAX: u32 = 16 * 1024 * 1024;
const READ_BYTES: usize = 64 * 1024;
/// A peer that says nothing for this long is dropped, so that an interrupted test run leaves no threads behind.
const SILENCE_MAX: Duration = Duration::from_secs(60);

fn main() -> io::Result<()> {
    let port: u16 = match std::env::args().nth(1).map(|arg| arg.parse()) {
        Some(Ok(port)) => port,
        _ => return Err(io::Error::other("usage: echo PORT")),
    };
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    writeln!(io::stdout(), "ws://{}", listener.local_addr()?)?;
    for stream in listener.incoming() {
        let stream = stream?;
        std::thread::spawn(move || {
            if let Err(error) = serve(stream) {
                let _ = writeln!(io::stderr(), "connection ended: {error}");
            }
        });
    }
    Ok(())
}

/// One connection from its first byte to its last.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    let mut buffer = vec![0; READ_BYTES];
    let (mut filled, head_len) = shake_hands(&mut stream, &mut buffer)?;
    buffer.copy_within(head_len..filled, 0);
    filled -= head_len;

    let mut decoder = Decoder::new(Role::Server, MESSAGE_BYTES_MAX);
    let mut replies = Vec::new();
    loop {
        let goes_on = answer(&mut decoder, &mut buffer[..filled], &mut replies);
        stream.write_all(&replies)?;
        // An echo of 16 MiB should not stay in memory until the connection ends.
        replies = Vec::new();
        if !goes_on {
            return hang_up(&stream, &mut buffer);
        }
        filled = stream.read(&mut buffer)?;
        if filled == 0 {
            return Ok(());
        }
    }
}

/// Reads the request and upgrades it. Returns how much of the buffer is filled and how long the request was.
fn shake_hands(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<(usize, usize)> {
    let mut filled = 0;
    loop {
        let more = stream.read(&mut buffer[filled..])?;
        if more == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += more;
        let Some(head) = Head::parse(&buffer[..filled]).map_err(io::Error::other)? else { continue };
        let mut words = head.start_line.split(' ');
        let method = if words.next() == Some("GET") { Method::GET } else { Method::POST };
        let version = if words.nth(1) == Some("HTTP/1.1") { Version::HTTP_11 } else { Version::HTTP_10 };
        match Upgrade::check(&method, version, &head.headers[..]) {
            Ok(upgrade) => stream.write_all(upgrade.response().as_bytes())?,
            Err(error) => {
                write!(
                    stream,
                    "HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                    error.status()
                )?;
                return Err(io::Error::other(error));
            }
        }
        return Ok((filled, head.len));
    }
}

/// Appends the answers to everything in `input`; false once the connection must end.
fn answer(decoder: &mut Decoder, mut input: &mut [u8], replies: &mut Vec<u8>) -> bool {
    loop {
        match decoder.decode(&mut input) {
            Ok(Some(Event::Text(text))) => push_frame(Opcode::Text, text.as_bytes(), replies),
            Ok(Some(Event::Binary(bytes))) => push_frame(Opcode::Binary, bytes, replies),
            Ok(Some(Event::Ping(bytes))) => push_frame(Opcode::Pong, bytes, replies),
            Ok(Some(Event::Pong(_))) => {}
            Ok(Some(Event::Close(frame))) => {
                replies.extend_from_slice(&close_reply(frame));
                return false;
            }
            Ok(None) => return true,
            Err(error) => {
                replies.extend_from_slice(&refusal(error));
                return false;
            }
        }
    }
}

fn push_frame(opcode: Opcode, payload: &[u8], replies: &mut Vec<u8>) {
    replies.reserve(FrameHeader::new(opcode, payload.len()).encoded_len() + payload.len());
    write_frame_header(opcode, payload.len(), None, replies);
    replies.extend_from_slice(payload);
}

fn refusal(error: DecodeError) -> bytes::Bytes {
    close_frame(error.close_code(), &error.to_string())
}

/// Ends our side and reads what is still on its way, so that the peer gets our close frame and not a reset.
fn hang_up(mut stream: &TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    while stream.read(buffer)? != 0 {}
    Ok(())
}
