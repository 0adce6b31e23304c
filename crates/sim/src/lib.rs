//! A seeded world around the real core: one number decides everything that happens, so a failure is a seed.
//!
//! The shards, ring and member table are those of production. Modelled are the log (commits come late, keys find
//! duplicates, a crash loses what was not reported), the sockets (frames are late, readers stop, links break without
//! the server noticing), the node between them, and clients that behave as an SDK does: they reconnect, resume, send
//! again what was not acknowledged, and attach with the last channelSerial.

pub mod check;
pub mod client;
pub mod log;
pub mod net;
pub mod presence;
pub mod rights;
pub mod rng;
pub mod server;
pub mod world;

/// A law that was broken, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The law's name in the design, for example `GAP-1`.
    pub law: &'static str,
    /// What was seen.
    pub what: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.law, self.what)
    }
}

impl std::error::Error for Broken {}

/// What a run has exercised, so that a run that tests nothing is noticed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Messages that were acknowledged.
    pub acknowledged: usize,
    /// Messages that clients received.
    pub received: usize,
    /// Attachments that went on after another socket.
    pub resumed: usize,
    /// Attachments that were told that messages were missed.
    pub lost: usize,
    /// Times that a reader was blocked.
    pub blocked: usize,
    /// Reads of the projection.
    pub reads: usize,
    /// Crashes of the server.
    pub crashes: usize,
    /// Presence events that clients received.
    pub presence: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.received += other.received;
        self.resumed += other.resumed;
        self.lost += other.lost;
        self.blocked += other.blocked;
        self.reads += other.reads;
        self.crashes += other.crashes;
        self.presence += other.presence;
    }
}

/// Lives one seed for so many steps, lets it come to rest, and checks every law.
///
/// # Errors
/// The first law that was broken.
pub fn run(seed: u64, steps: usize) -> Result<Tally, Broken> {
    let mut world = world::World::new(seed);
    for _ in 0..steps {
        world.step()?;
    }
    world.come_to_rest()?;
    check::at_rest(&world)?;
    Ok(world.tally)
}
