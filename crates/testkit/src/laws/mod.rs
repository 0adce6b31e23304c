//! The laws of the design, checked from what clients saw.

mod channel;

use std::{collections::HashMap, net::SocketAddr};

use loquat_protocol::MessageSerial;

use self::channel::{complete, cut, durable, orderly};
use crate::{client::Outcome, crowd::Evidence, history};

/// What was found to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Acknowledged publishes.
    pub acked: usize,
    /// Publishes that were refused, to be tried again later.
    pub refused: usize,
    /// Messages in history.
    pub stored: usize,
    /// Messages received by subscribers.
    pub received: usize,
    /// Connections that subscribers and publishers made.
    pub connections: usize,
}

/// Whether the disk failed while the server ran, so that it may have refused publishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disk {
    /// It didn't: every publish must have been acknowledged.
    Sound,
    /// It did.
    Failed,
}

/// Checks every law against history and each other.
///
/// # Panics
/// With the law's name when one is broken.
pub fn check(evidence: &Evidence, server: SocketAddr, channels: &[String], disk: Disk) -> Summary {
    let everybody = evidence.publishers.iter().chain(&evidence.subscribers);
    let late = evidence.latecomers.iter().map(|late| &late.records);
    let mut summary = Summary::default();
    for records in everybody.chain(late) {
        assert_eq!(records.surprises, Vec::<String>::new(), "a client was surprised");
        assert!(records.connection_ids.len() <= 1, "the connection id changed: {:?}", records.connection_ids);
        summary.connections += records.connections;
        summary.received += records.received();
    }
    let acked = acked(evidence, &mut summary);
    assert!(disk == Disk::Failed || summary.refused == 0, "publishes were refused: {summary:?}");
    for channel in channels {
        let stored = history::read(server, channel, "forwards", "").expect("history");
        summary.stored += stored.len();
        orderly(channel, &stored);
        durable(channel, &stored, acked.get(channel.as_str()));
        for records in &evidence.subscribers {
            complete(channel, &stored, records);
        }
        for late in evidence.latecomers.iter().filter(|late| late.channel == *channel) {
            cut(channel, &stored, late.at, &late.before, &late.records);
        }
    }
    summary
}

type Acked<'a> = HashMap<&'a str, HashMap<u64, MessageSerial>>;

/// Every acknowledged message with its serial, by channel.
fn acked<'a>(evidence: &'a Evidence, summary: &mut Summary) -> Acked<'a> {
    let mut all = Acked::new();
    let mut note = |channel: &'a str, number: u64, serial: MessageSerial| {
        let first = *all.entry(channel).or_default().entry(number).or_insert(serial);
        assert_eq!(first, serial, "DUP-1: number {number:x} on {channel} was acknowledged with two serials");
    };
    for published in evidence.publishers.iter().flat_map(|records| &records.published) {
        let serials = match &published.outcome {
            Some(Outcome::Acked(serials)) => serials,
            Some(Outcome::Refused(50_000..=50_099)) => {
                summary.refused += 1;
                continue;
            }
            other => panic!("a publish ended with {other:?}: {published:?}"),
        };
        summary.acked += 1;
        for (number, serial) in published.numbers.iter().zip(serials) {
            note(&published.channel, *number, *serial);
        }
    }
    for posted in evidence.posters.iter().flatten() {
        summary.acked += 1;
        note(&posted.channel, posted.number, posted.serial);
    }
    all
}
