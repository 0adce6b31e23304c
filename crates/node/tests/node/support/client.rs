//! A client on a socket of its own.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    time::Instant,
};

use loquat_auth::{OsEntropy, Principal, TokenRequest, new_connection_id};
use loquat_core::connection::Opening;
use loquat_node::{Adopted, ConnectionRights, Node, Socket, clock::wall_ms, shard::Purpose};
use loquat_protocol::{Action, AppId, Format, ProtocolMessage};
use loquat_ws::{Opcode, client_frame};

use super::{ADA, PATIENCE};

/// A connection to a node.
pub struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Client {
    /// A token of Ada's session.
    pub fn token(node: &Arc<Node>) -> String {
        let app = AppId::from_trusted("app");
        node.authenticator().issue_person_token(&app, ADA, "s_1", wall_ms(), 3_600_000).unwrap().token
    }

    /// A token of the root key for any client.
    pub fn token_of_key(node: &Arc<Node>) -> String {
        let auth = node.authenticator();
        let sender = auth.authenticate_basic("app.root:secret", None, wall_ms()).unwrap();
        let request = TokenRequest { client_id: Some("*".to_owned()), ..TokenRequest::default() };
        auth.request_token("app.root", &request, Some(&sender), wall_ms()).unwrap().token
    }

    /// Ada connects with a token of her session.
    pub fn ada(node: &Arc<Node>) -> Self {
        let principal = node.authenticator().authenticate_token(&Self::token(node), None, wall_ms());
        Self::of(node, principal.unwrap())
    }

    /// Somebody connects with the root key.
    pub fn key(node: &Arc<Node>) -> Self {
        let principal = node.authenticator().authenticate_basic("app.root:secret", None, wall_ms());
        Self::of(node, principal.unwrap())
    }

    fn of(node: &Arc<Node>, principal: Principal) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (served, _) = listener.accept().unwrap();
        served.set_nonblocking(true).unwrap();
        let id = new_connection_id(&OsEntropy).unwrap();
        let opening = Opening {
            id,
            key: "key".to_owned(),
            error: None,
            rights: Arc::new(ConnectionRights::new(principal, Arc::clone(node.authenticator()))),
            format: Format::Json,
            echo: true,
            heartbeats: false,
            idle_interval_ms: None,
            grace_ms: 15_000,
        };
        let (socket, purpose) = (Socket::plain(served), Purpose::Realtime(opening));
        node.adopt(Adopted { socket, read_ahead: bytes::Bytes::new(), purpose, guard: Box::new(()) });
        let mut client = Self { stream, unread: Vec::new() };
        client.until(Action::Connected);
        client
    }

    /// Sends a frame.
    pub fn send(&mut self, json: &str) {
        let mut out = Vec::new();
        client_frame(Opcode::Text, json.as_bytes(), [1, 2, 3, 4], &mut out);
        self.stream.write_all(&out).unwrap();
    }

    /// Attaches, perhaps from a serial, and gives ATTACHED or ERROR.
    pub fn attach(&mut self, channel: &str, more: &str) -> ProtocolMessage {
        self.send(&format!(r#"{{"action":10,"channel":"{channel}"{more}}}"#));
        let answer = |frame: &ProtocolMessage| {
            frame.channel.as_deref() == Some(channel)
                && matches!(frame.action(), Some(Action::Attached | Action::Error))
        };
        self.find(answer)
    }

    /// The next frame of an action; others are skipped.
    #[track_caller]
    pub fn until(&mut self, action: Action) -> ProtocolMessage {
        self.find(|frame| frame.action() == Some(action))
    }

    /// The texts of the next `count` messages.
    #[track_caller]
    pub fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            texts.extend(texts_of(&self.until(Action::Message)));
        }
        texts
    }

    /// The next frame that fits; others are skipped.
    #[track_caller]
    pub fn find(&mut self, mut fits: impl FnMut(&ProtocolMessage) -> bool) -> ProtocolMessage {
        let until = Instant::now() + PATIENCE;
        loop {
            let frame = self.next(until).expect("the connection has ended or nothing came");
            if fits(&frame) {
                return frame;
            }
        }
    }

    /// Every frame until the server closes the connection or nothing came for a while.
    pub fn next(&mut self, until: Instant) -> Option<ProtocolMessage> {
        loop {
            if let Some((opcode, payload)) = self.take_frame() {
                match opcode {
                    0x81 => return Some(Format::Json.decode(&payload).unwrap()),
                    0x88 => return None,
                    _ => continue,
                }
            }
            let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_read_timeout(Some(left)).unwrap();
            let mut buffer = [0; 65_536];
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(read) => self.unread.extend_from_slice(&buffer[..read]),
            }
        }
    }

    fn take_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let bytes = &self.unread;
        let (header, length) = match *bytes.get(1)? {
            126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
            127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
            short => (2, u64::from(short)),
        };
        let end = header + length as usize;
        let payload = bytes.get(header..end)?.to_vec();
        let opcode = bytes[0];
        self.unread.drain(..end);
        Some((opcode, payload))
    }
}

/// The texts of a MESSAGE.
pub fn texts_of(frame: &ProtocolMessage) -> Vec<String> {
    let text = |message: &loquat_protocol::Message| match &message.data {
        loquat_protocol::Data::Text(text) => text.clone(),
        other => panic!("no text: {other:?}"),
    };
    frame.messages.iter().map(text).collect()
}
