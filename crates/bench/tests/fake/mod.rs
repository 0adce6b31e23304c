//! A small server of the realtime protocol that can be told to misbehave, and that counts its misdeeds.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use loquat_bench::wire::frame::{self, opcode};
use loquat_bench::wire::http;
use serde_json::{Value, json};

/// What to do wrong, on every n-th delivery of the whole server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub lose_every: u64,
    pub double_every: u64,
    pub swap_every: u64,
    pub nack_every: u64,
    pub forget_sessions: bool,
}

/// What was done wrong so far, and what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Misdeeds {
    pub lost: u64,
    pub doubled: u64,
    pub swapped: u64,
    pub nacked: u64,
}

pub struct Fake {
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    faults: Faults,
    misdeeds: Misdeeds,
    deliveries: u64,
    publishes: u64,
    connections: u64,
    channels: HashMap<String, Channel>,
}

#[derive(Default)]
struct Channel {
    log: Vec<Value>,
    members: Vec<Member>,
}

struct Member {
    stream: TcpStream,
    json: bool,
    held_back: Option<Value>,
}

impl Fake {
    pub fn start(faults: Faults) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared { faults, ..Shared::default() }));
        let served = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = served.clone();
                std::thread::spawn(move || serve(stream, &served));
            }
        });
        Fake { address, shared }
    }

    pub fn misdeeds(&self) -> Misdeeds {
        self.shared.lock().unwrap().misdeeds
    }
}

fn serve(mut stream: TcpStream, shared: &Mutex<Shared>) -> Option<()> {
    stream.set_nodelay(true).unwrap();
    let (mut inbox, mut buffer) = (Vec::new(), [0; 65_536]);
    let head = loop {
        match http::head_length(&inbox) {
            Some(length) => break inbox.drain(..length).collect::<Vec<u8>>(),
            None => read(&mut stream, &mut buffer, &mut inbox)?,
        }
    };
    let path = http::request_path(&head)?;
    let json = path.contains("format=json");
    stream.write_all(http::SWITCHING.as_bytes()).ok()?;
    greet(&mut stream, json, path, shared)?;
    loop {
        while let Some(frame) = frame::first(&inbox) {
            let mut payload = frame.payload.to_vec();
            frame::apply_mask(&mut payload, frame.mask.expect("client frames are masked"));
            let length = frame.length;
            answer(&mut stream, json, &decode(json, &payload), shared)?;
            inbox.drain(..length);
        }
        read(&mut stream, &mut buffer, &mut inbox)?;
    }
}

fn read(stream: &mut TcpStream, buffer: &mut [u8], inbox: &mut Vec<u8>) -> Option<()> {
    let count = stream.read(buffer).ok().filter(|&count| count > 0)?;
    inbox.extend_from_slice(&buffer[..count]);
    Some(())
}

fn greet(stream: &mut TcpStream, json: bool, path: &str, shared: &Mutex<Shared>) -> Option<()> {
    let mut shared = shared.lock().unwrap();
    shared.connections += 1;
    let fresh = format!("connection-{}", shared.connections);
    let resumed = path.split_once("resume=key-of-").map(|(_, id)| id.to_owned());
    let id = resumed.filter(|_| !shared.faults.forget_sessions).unwrap_or(fresh);
    send(
        stream,
        json,
        &json!({"action": 4, "connectionId": id, "connectionDetails": {"connectionKey": format!("key-of-{id}"),
            "maxMessageSize": 65536, "clientId": null}}),
    )
}

fn answer(stream: &mut TcpStream, json: bool, message: &Value, shared: &Mutex<Shared>) -> Option<()> {
    let mut shared = shared.lock().unwrap();
    let name = message["channel"].as_str().unwrap_or_default().to_owned();
    match message["action"].as_u64()? {
        10 => {
            let forget = shared.faults.forget_sessions;
            let channel = shared.channels.entry(name.clone()).or_default();
            let from = message["channelSerial"].as_str().and_then(|serial| serial.parse::<usize>().ok());
            let from = from.filter(|_| !forget);
            let flags = if from.is_some() { 4 } else { 0 };
            let now = channel.log.len().to_string();
            send(
                stream,
                json,
                &json!({"action": 11, "channel": name, "flags": flags, "channelSerial": now}),
            )?;
            for missed in &channel.log[from.unwrap_or(channel.log.len())..] {
                send(stream, json, missed)?;
            }
            channel.members.push(Member { stream: stream.try_clone().ok()?, json, held_back: None });
            Some(())
        }
        15 => {
            shared.publishes += 1;
            let serial = message["msgSerial"].clone();
            if due(shared.faults.nack_every, shared.publishes) {
                shared.misdeeds.nacked += 1;
                let error = json!({"code": 40160, "statusCode": 401, "message": "refused by the test"});
                return send(
                    stream,
                    json,
                    &json!({"action": 2, "msgSerial": serial, "count": 1, "error": error}),
                );
            }
            shared.publish(&name, &message["messages"]);
            send(
                stream,
                json,
                &json!({"action": 1, "msgSerial": serial, "count": 1, "res": [{"serials": ["s"]}]}),
            )
        }
        other => panic!("the generator sent action {other}"),
    }
}

impl Shared {
    fn publish(&mut self, name: &str, messages: &Value) {
        let Shared { faults, misdeeds, deliveries, channels, .. } = self;
        let channel = channels.entry(name.to_owned()).or_default();
        let serial = (channel.log.len() + 1).to_string();
        let delivery = json!({"action": 15, "id": format!("m:{serial}"), "connectionId": "c", "channel": name,
            "channelSerial": serial, "timestamp": 1_700_000_000_000u64, "messages": messages});
        channel.log.push(delivery.clone());
        channel.members.retain_mut(|member| {
            *deliveries += 1;
            let mut alive = true;
            if due(faults.swap_every, *deliveries) && member.held_back.is_none() {
                misdeeds.swapped += 1;
                member.held_back = Some(delivery.clone());
                return true;
            }
            if due(faults.lose_every, *deliveries) {
                misdeeds.lost += 1;
            } else {
                alive &= send(&mut member.stream, member.json, &delivery).is_some();
            }
            if due(faults.double_every, *deliveries) {
                misdeeds.doubled += 1;
                alive &= send(&mut member.stream, member.json, &delivery).is_some();
            }
            if let Some(late) = member.held_back.take() {
                alive &= send(&mut member.stream, member.json, &late).is_some();
            }
            alive
        });
    }
}

fn due(every: u64, number: u64) -> bool {
    every > 0 && number.is_multiple_of(every)
}

fn decode(json: bool, payload: &[u8]) -> Value {
    if json { serde_json::from_slice(payload).unwrap() } else { rmp_serde::from_slice(payload).unwrap() }
}

fn send(stream: &mut TcpStream, json: bool, message: &Value) -> Option<()> {
    let mut bytes = Vec::new();
    if json {
        frame::push_server(&mut bytes, opcode::TEXT, message.to_string().as_bytes());
    } else {
        frame::push_server(&mut bytes, opcode::BINARY, &rmp_serde::to_vec_named(message).unwrap());
    }
    stream.write_all(&bytes).ok()
}
