//! A crowd of clients that publish and subscribe while the server is being broken, and what they saw.

mod evidence;
mod latecomer;
mod poster;
mod publisher;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use loquat_protocol::Format;

use self::latecomer::Latecomer;
pub use self::{evidence::Evidence, latecomer::Late, poster::Posted};
use crate::{
    Client, Dice,
    client::{Options as ClientOptions, Records},
    wait_for,
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

/// A crowd.
pub struct Crowd {
    options: Options,
    stop: Arc<AtomicBool>,
    publishers: Vec<Arc<Client>>,
    drivers: Vec<JoinHandle<()>>,
    posters: Vec<JoinHandle<Vec<Posted>>>,
    subscribers: Vec<Client>,
    latecomers: Vec<Latecomer>,
    gone: Vec<Late>,
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
            std::thread::spawn(move || publisher::run(&client, &stop, &options, index as u64 + 1, dice))
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
        self.latecomers.push(Latecomer::attach(self.options.server, channel, Format::ALL[choice % 2]));
        while self.latecomers.len() > keep {
            self.gone.push(self.latecomers.remove(0).finish());
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
            let Some(last) = evidence.last_acked(channel) else { continue };
            let late = self.latecomers.iter().filter(|late| late.channel() == channel).map(Latecomer::client);
            for client in self.subscribers.iter().chain(late) {
                let there = client.wait(Duration::from_secs(30), |records| {
                    records.position(channel).is_some_and(|position| position >= last)
                });
                let position = client.look(|records| records.position(channel));
                assert!(there, "TAIL-1: {channel} ends at {last}, a subscriber is at {position:?}");
            }
        }
        evidence.subscribers.extend(self.subscribers.into_iter().map(Client::finish));
        evidence.latecomers.extend(self.latecomers.into_iter().map(Latecomer::finish));
        evidence
    }
}
