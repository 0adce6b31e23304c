//! A publisher over REST: each message has an id and is posted until an answer comes.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread::park_timeout,
    time::{Duration, Instant},
};

use loquat_protocol::MessageSerial;
use serde_json::json;

use super::Options;
use crate::{
    Dice,
    http::{self, escape},
};

/// A message that was accepted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Where.
    pub channel: String,
    /// Which.
    pub number: u64,
    /// Its serial.
    pub serial: MessageSerial,
}

/// Posts until it is stopped, each message until it is accepted; now and then once more, which must give the same serial
/// (DUP-1).
pub(super) fn run(stop: &AtomicBool, options: &Options, poster: u64, seed: u64) -> Vec<Posted> {
    let mut dice = Dice(seed ^ poster);
    let mut posted = Vec::new();
    let mut number = poster << 40;
    while !stop.load(Ordering::Acquire) {
        number += 1;
        let channel = options.channels[dice.below(options.channels.len() as u64) as usize].clone();
        let serial = post(options, &channel, number);
        if dice.below(4) == 0 {
            assert_eq!(
                post(options, &channel, number),
                serial,
                "DUP-1: number {number:x} on {channel} again"
            );
        }
        posted.push(Posted { channel, number, serial });
        park_timeout(options.pace * 4);
    }
    posted
}

fn post(options: &Options, channel: &str, number: u64) -> MessageSerial {
    let body = json!({ "id": format!("rest-{number:x}"), "data": format!("{number:016x}") });
    let path = format!("/channels/{}/messages", escape(channel));
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match http::post(options.server, &path, &body) {
            Ok(answer) if answer.status == 201 => {
                let text = answer.json()["serials"][0].as_str().unwrap_or_default().to_owned();
                return text.parse().unwrap_or_else(|_| panic!("accepted with the serial '{text}'"));
            }
            Ok(answer) if answer.status < 500 => panic!("refused: {} {}", answer.status, answer.json()),
            // Killed, going away, or not there yet.
            Ok(_) | Err(_) => {}
        }
        assert!(Instant::now() < deadline, "nothing is accepted for a minute");
        park_timeout(Duration::from_millis(20));
    }
}
