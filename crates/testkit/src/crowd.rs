//! A crowd of clients that publish and subscribe while the server is being broken, and what they saw.

mod poster;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_protocol::{Format, Serial};

pub use self::poster::Posted;
use crate::{
    Client, Dice,
    client::{Options as ClientOptions, Received, Records, numbered},
    history, wait_for,
};

/// How large a crowd.
#[derive(Clone, Debug)]
pub struct Options {
    /// The server.
    pub server: SocketAddr,
    /// Where they meet.
    pub channels: Vec<String>,
    /// Clients that publish on a connection.
    pub publishers: usize,
    /// Clients that publish over REST.
    pub posters: usize,
    /// Clients that subscribe to every channel.
    pub subscribers: usize,
    /// How long each publisher rests between publishes.
    pub pace: Duration,
}

impl Options {
    /// A crowd that two cores bear beside the server.
    pub fn small(server: SocketAddr) -> Self {
        let channels = ["news", "crash:two", "räume/3", "q"].map(str::to_owned).to_vec();
        let pace = Duration::from_millis(4);
        Self { server, channels, publishers: 4, posters: 2, subscribers: 4, pace }
    }
}

/// Somebody who attached late: history until the attach, and what came live after it (CUT-1).
pub struct Latecomer {
    /// Where.
    pub channel: String,
    /// The attach.
    pub at: Serial,
    /// History until the attach, oldest first.
    pub before: Vec<Received>,
    client: Client,
}

/// What the whole crowd saw.
#[derive(Default)]
pub struct Evidence {
    /// Publishers.
    pub publishers: Vec<Records>,
    /// Those who published over REST.
    pub posters: Vec<Vec<Posted>>,
    /// Subscribers.
    pub subscribers: Vec<Records>,
    /// Latecomers: channel, attach, history until then and records.
    pub latecomers: Vec<(String, Serial, Vec<Received>, Records)>,
}

/// A crowd.
pub struct Crowd {
    options: Options,
    stop: Arc<AtomicBool>,
    publishers: Vec<Arc<Client>>,
    drivers: Vec<JoinHandle<()>>,
    posters: Vec<JoinHandle<Vec<Posted>>>,
    subscribers: Vec<Client>,
    latecomers: Vec<Latecomer>,
    gone: Vec<(String, Serial, Vec<Received>, Records)>,
}

impl Crowd {
    /// Starts everybody and waits until every subscriber is attached.
    ///
    /// # Panics
    /// When they aren't within 30 s.
    pub fn start(options: Options, seed: u64) -> Self {
        let client = |index: usize, channels: Vec<String>| {
            let format = Format::ALL[index % 2];
            Client::start(ClientOptions { server: options.server, format, channels, in_flight: 8 })
        };
        let subscribers: Vec<_> =
            (0..options.subscribers).map(|index| client(index, options.channels.clone())).collect();
        let all = options.channels.len();
        wait_for("every subscriber is attached", || {
            subscribers.iter().all(|subscriber| subscriber.look(|records| records.channels.len() == all))
        });
        let stop = Arc::new(AtomicBool::new(false));
        let publishers: Vec<_> =
            (0..options.publishers).map(|index| Arc::new(client(index, Vec::new()))).collect();
        let drivers = publishers.iter().enumerate().map(|(index, client)| {
            let (client, stop, options) = (Arc::clone(client), Arc::clone(&stop), options.clone());
            let dice = Dice(seed.wrapping_mul(31).wrapping_add(index as u64));
            std::thread::spawn(move || drive(&client, &stop, &options, index as u64 + 1, dice))
        });
        let drivers = drivers.collect();
        let posters = (0..options.posters).map(|index| {
            let (stop, options) = (Arc::clone(&stop), options.clone());
            std::thread::spawn(move || poster::run(&stop, &options, 0x1000 + index as u64, seed))
        });
        let posters = posters.collect();
        let (latecomers, gone) = (Vec::new(), Vec::new());
        Self { options, stop, publishers, drivers, posters, subscribers, latecomers, gone }
    }

    /// How many publishes on connections were acknowledged so far.
    pub fn acked(&self) -> usize {
        self.publishers.iter().map(|publisher| publisher.look(Records::acked)).sum()
    }

    /// Waits until so many more publishes were acknowledged: the server works.
    ///
    /// # Panics
    /// When they aren't within 30 s.
    pub fn works(&self, more: usize) {
        let before = self.acked();
        wait_for("publishes are acknowledged", || self.acked() >= before + more);
    }

    /// Somebody attaches now and reads history until then. At most `keep` latecomers stay; the oldest leaves first.
    ///
    /// # Panics
    /// When it doesn't come to that within 30 s.
    pub fn latecomer(&mut self, choice: usize, keep: usize) {
        let channel = self.options.channels[choice % self.options.channels.len()].clone();
        let client = Client::start(ClientOptions {
            server: self.options.server,
            format: Format::ALL[choice % 2],
            channels: vec![channel.clone()],
            in_flight: 1,
        });
        wait_for("a latecomer is attached", || {
            client.look(|records| records.channels.contains_key(&channel))
        });
        let at = client.look(|records| records.channels[&channel][0].after);
        let query = format!("&from_serial={at}");
        let mut before =
            history::read(self.options.server, &channel, "backwards", &query).expect("history until attach");
        before.reverse();
        self.latecomers.push(Latecomer { channel, at, before, client });
        while self.latecomers.len() > keep {
            let oldest = self.latecomers.remove(0);
            self.gone.push((oldest.channel, oldest.at, oldest.before, oldest.client.finish()));
        }
    }

    /// Ends the load, waits until everything published is acknowledged and has reached everybody, and collects what they
    /// saw. The server must be up.
    ///
    /// # Panics
    /// When something is never acknowledged or never arrives (TAIL-1).
    pub fn finish(self) -> Evidence {
        self.stop.store(true, Ordering::Release);
        let mut evidence = Evidence { latecomers: self.gone, ..Evidence::default() };
        for driver in self.drivers {
            driver.join().expect("a publisher");
        }
        for publisher in self.publishers {
            assert!(publisher.settles(Duration::from_secs(30)), "publishes are never answered");
            let client = Arc::into_inner(publisher).expect("nobody else has it");
            evidence.publishers.push(client.finish());
        }
        evidence.posters = self.posters.into_iter().map(|poster| poster.join().expect("a poster")).collect();
        for channel in &self.options.channels {
            let Some(last) = last_acked(&evidence, channel) else { continue };
            let late =
                self.latecomers.iter().filter(|late| late.channel == *channel).map(|late| &late.client);
            for client in self.subscribers.iter().chain(late) {
                let there = client.wait(Duration::from_secs(30), |records| {
                    records.position(channel).is_some_and(|position| position >= last)
                });
                let position = client.look(|records| records.position(channel));
                assert!(there, "TAIL-1: {channel} ends at {last}, a subscriber is at {position:?}");
            }
        }
        evidence.subscribers.extend(self.subscribers.into_iter().map(Client::finish));
        let late = self.latecomers.into_iter();
        evidence
            .latecomers
            .extend(late.map(|late| (late.channel, late.at, late.before, late.client.finish())));
        evidence
    }
}

/// The newest acknowledged entry of a channel.
fn last_acked(evidence: &Evidence, channel: &str) -> Option<Serial> {
    let published = evidence.publishers.iter().flat_map(|records| &records.published);
    let acked = published.filter(|published| published.channel == channel);
    let acked = acked.filter_map(|published| match &published.outcome {
        Some(crate::client::Outcome::Acked(serials)) => serials.last().copied(),
        _ => None,
    });
    let posted = evidence.posters.iter().flatten().filter(|posted| posted.channel == channel);
    acked.chain(posted.map(|posted| posted.serial)).map(|serial| serial.entry).max()
}

/// Publishes until it is stopped: alone and together, with an id of its own and without, and now and then the same
/// message with the same id again.
fn drive(client: &Client, stop: &AtomicBool, options: &Options, publisher: u64, mut dice: Dice) {
    let mut next = publisher << 40;
    while !stop.load(Ordering::Acquire) {
        let channel = &options.channels[dice.below(options.channels.len() as u64) as usize];
        let count = if dice.below(8) == 0 { 3 } else { 1 };
        let mut messages: Vec<_> =
            (next..next + count).map(|number| numbered(number, 16 + dice.below(300) as usize)).collect();
        next += count;
        let with_id = dice.below(3) == 0;
        if with_id {
            for (index, message) in messages.iter_mut().enumerate() {
                message.id = Some(format!("own-{publisher}-{next}:{index}"));
            }
        }
        let again = (with_id && dice.below(4) == 0).then(|| messages.clone());
        for messages in std::iter::once(messages).chain(again) {
            assert!(client.publish(channel, messages).is_some(), "nothing is acknowledged for a minute");
        }
        std::thread::park_timeout(options.pace);
    }
}
