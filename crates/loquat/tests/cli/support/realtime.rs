//! A client of the realtime protocol, frame by frame, in JSON.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use loquat_ws::{Decoder, Event, Opcode, Role, client_frame, handshake};
use serde_json::{Value, json};

use super::PATIENCE;

/// Action numbers (specification item TR2).
const CONNECTED: u64 = 4;
const ERROR: u64 = 9;
const ATTACH: u64 = 10;
const ATTACHED: u64 = 11;
const MESSAGE: u64 = 15;

/// A connection.
pub struct Realtime {
    stream: TcpStream,
    decoder: Decoder,
    frames: VecDeque<Value>,
    ended: bool,
}

impl Realtime {
    /// Connects with a key and waits for CONNECTED.
    #[track_caller]
    pub fn connect(address: &str, key: &str) -> Self {
        Self::connect_by(address, &format!("key={key}"))
    }

    /// Connects with a token and waits for CONNECTED.
    #[track_caller]
    pub fn connect_with_token(address: &str, token: &str) -> Self {
        Self::connect_by(address, &format!("accessToken={token}"))
    }

    #[track_caller]
    fn connect_by(address: &str, credential: &str) -> Self {
        let mut stream = TcpStream::connect(address).expect("the server takes connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let nonce = handshake::client_key(&[7; 16]);
        let target = format!("/?{credential}&v=5&format=json");
        stream.write_all(handshake::request(address, &target, &nonce).as_bytes()).expect("the server reads");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("an answer");
            head.push(byte[0]);
        }
        handshake::check_response(&head, &nonce).expect("an upgrade");
        let decoder = Decoder::new(Role::Client, 1 << 20);
        let mut realtime = Self { stream, decoder, frames: VecDeque::new(), ended: false };
        realtime.expect(CONNECTED);
        realtime
    }

    /// Attaches, going on behind `serial` if there is one; gives ATTACHED.
    #[track_caller]
    pub fn attach(&mut self, channel: &str, serial: Option<&str>) -> Value {
        let mut attach = json!({ "action": ATTACH, "channel": channel });
        if let Some(serial) = serial {
            attach["channelSerial"] = serial.into();
        }
        let mut frame = Vec::new();
        client_frame(Opcode::Text, attach.to_string().as_bytes(), [1, 2, 3, 4], &mut frame);
        self.stream.write_all(&frame).expect("the server reads");
        self.expect(ATTACHED)
    }

    /// The data of the next so many messages.
    #[track_caller]
    pub fn messages(&mut self, count: usize) -> Vec<String> {
        let mut data = Vec::new();
        while data.len() < count {
            let frame = self.expect(MESSAGE);
            let messages = frame["messages"].as_array().expect("messages");
            data.extend(messages.iter().map(|message| message["data"].as_str().expect("text").to_owned()));
        }
        data
    }

    /// Whether the server ends an attachment in time.
    pub fn is_cut_off_within(&mut self, channel: &str, limit: Duration) -> bool {
        self.stream.set_read_timeout(Some(limit)).expect("a timeout");
        let began = std::time::Instant::now();
        let is_it = |frame: &Value| frame["action"] == ERROR && frame["channel"] == channel;
        while !self.frames.iter().any(is_it) && !self.ended && began.elapsed() < limit {
            self.read();
        }
        self.frames.iter().any(is_it)
    }

    /// Whether the server ends the connection in time.
    pub fn ends_within(mut self, limit: Duration) -> bool {
        self.stream.set_read_timeout(Some(limit)).expect("a timeout");
        let began = std::time::Instant::now();
        while !self.ended && began.elapsed() < limit {
            self.read();
        }
        self.ended
    }

    /// The next frame of an action; others are passed over.
    #[track_caller]
    fn expect(&mut self, action: u64) -> Value {
        loop {
            while let Some(frame) = self.frames.pop_front() {
                if frame["action"] == action {
                    return frame;
                }
            }
            assert!(!self.ended, "the connection ended without action {action}");
            self.read();
        }
    }

    fn read(&mut self) {
        let mut buffer = [0; 65_536];
        let length = match self.stream.read(&mut buffer) {
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
            Err(_) => 0,
        };
        self.ended |= length == 0;
        let mut input = &mut buffer[..length];
        while let Some(event) = self.decoder.decode(&mut input).expect("frames") {
            match event {
                Event::Text(text) => self.frames.push_back(serde_json::from_str(text).expect("JSON")),
                Event::Close(_) => self.ended = true,
                _ => {}
            }
        }
    }
}
