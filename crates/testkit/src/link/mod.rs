//! One WebSocket to the server, as a client that does nothing by itself but answer pings.

mod connect;

use std::{
    collections::VecDeque,
    io::{self, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use loquat_protocol::{Action, Format, ProtocolMessage};
use loquat_ws::{Decoder, Event, Opcode, client_frame};

pub use self::connect::{Wanted, tcp};

const MASK: [u8; 4] = [7, 1, 9, 3];

/// What came.
#[derive(Clone, PartialEq, Debug)]
pub enum Incoming {
    /// A frame of the protocol.
    Frame(Box<ProtocolMessage>),
    /// A pong.
    Pong(Vec<u8>),
    /// The server's close frame, with its code.
    Close(Option<u16>),
    /// The end of the stream.
    End,
}

/// A WebSocket.
#[derive(Debug)]
pub struct Link {
    stream: TcpStream,
    decoder: Decoder,
    /// The format of frames in both directions.
    pub format: Format,
    incoming: VecDeque<Incoming>,
    buffer: Vec<u8>,
    ended: bool,
}

impl Link {
    /// A connection that has been upgraded.
    fn over(stream: TcpStream, decoder: Decoder, format: Format) -> Self {
        let (incoming, buffer) = (VecDeque::new(), vec![0; 64 * 1024]);
        Self { stream, decoder, format, incoming, buffer, ended: false }
    }

    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn send(&mut self, frame: &ProtocolMessage) -> io::Result<()> {
        let bytes = self.encode(frame);
        self.stream.write_all(&bytes)
    }

    /// A frame's bytes, masked.
    pub fn encode(&self, frame: &ProtocolMessage) -> Vec<u8> {
        let opcode = if self.format == Format::Json { Opcode::Text } else { Opcode::Binary };
        let mut bytes = Vec::new();
        client_frame(opcode, &self.format.encode(frame), MASK, &mut bytes);
        bytes
    }

    /// Sends a payload of any kind in one masked frame.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn send_payload(&mut self, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::new();
        client_frame(opcode, payload, MASK, &mut bytes);
        self.stream.write_all(&bytes)
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// The next thing that comes within `limit`; none when nothing does. [`Incoming::End`] again and again after the end.
    ///
    /// # Errors
    /// When the connection is broken or the server breaks the protocol.
    pub fn next(&mut self, limit: Duration) -> io::Result<Option<Incoming>> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(incoming) = self.incoming.pop_front() {
                return Ok(Some(incoming));
            }
            if self.ended {
                return Ok(Some(Incoming::End));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            let mut buffer = std::mem::take(&mut self.buffer);
            let outcome = self.stream.read(&mut buffer);
            let outcome = match outcome {
                Ok(0) => {
                    self.ended = true;
                    Ok(())
                }
                Ok(length) => self.take_in(&mut buffer[..length]),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    Ok(())
                }
                Err(error) => Err(error),
            };
            self.buffer = buffer;
            outcome?;
        }
    }

    /// The next frame of the protocol within 20 s.
    ///
    /// # Errors
    /// When the connection ends or nothing comes.
    pub fn frame(&mut self) -> io::Result<ProtocolMessage> {
        match self.next(Duration::from_secs(20))? {
            Some(Incoming::Frame(frame)) => Ok(*frame),
            Some(Incoming::Pong(_)) => self.frame(),
            Some(other) => Err(io::Error::new(io::ErrorKind::ConnectionAborted, format!("{other:?}"))),
            None => Err(io::Error::new(io::ErrorKind::TimedOut, "no frame within 20 s")),
        }
    }

    /// The next frame of an action; others are passed over.
    ///
    /// # Errors
    /// When the connection ends or nothing comes.
    pub fn wait(&mut self, action: Action) -> io::Result<ProtocolMessage> {
        loop {
            let frame = self.frame()?;
            if frame.action() == Some(action) {
                return Ok(frame);
            }
        }
    }

    fn take_in(&mut self, mut input: &mut [u8]) -> io::Result<()> {
        let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        loop {
            let event = self.decoder.decode(&mut input).map_err(|error| invalid(error.to_string()))?;
            let incoming = match event {
                None => return Ok(()),
                Some(Event::Text(text)) => decode(Format::Json, text.as_bytes()).map_err(invalid)?,
                Some(Event::Binary(bytes)) => decode(Format::Msgpack, bytes).map_err(invalid)?,
                Some(Event::Ping(payload)) => {
                    let mut pong = Vec::new();
                    client_frame(Opcode::Pong, payload, MASK, &mut pong);
                    self.stream.write_all(&pong)?;
                    continue;
                }
                Some(Event::Pong(payload)) => Incoming::Pong(payload.to_vec()),
                Some(Event::Close(frame)) => Incoming::Close(frame.map(|frame| frame.code)),
            };
            self.incoming.push_back(incoming);
        }
    }
}

fn decode(format: Format, payload: &[u8]) -> Result<Incoming, String> {
    format.decode(payload).map(|frame| Incoming::Frame(Box::new(frame))).map_err(|error| error.to_string())
}
