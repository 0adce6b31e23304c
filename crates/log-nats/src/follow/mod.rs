//! Following: the gapless feed of one partition.
//!
//! The servers republish what they store, at most once, and around a change of leader twice or late. So the feed
//! takes only the next sequence number, drops what is older and fetches what is missing; and since the last message
//! of a burst can be the lost one, it makes sure of the head whenever it has heard nothing for half a second.
//! Followers tell each other the head on a beacon subject, so that a quiet partition costs its leader about two
//! questions a second, however many nodes follow.

mod held;
mod places;
mod position;
mod work;

use std::{sync::Arc, time::Duration};

use async_nats::{Message, Subscriber};
use futures_util::{FutureExt, StreamExt};
use loquat_log::{Entry, FeedSink, LogError, LogErrorKind};
use loquat_protocol::Serial;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

pub(crate) use self::places::Followers;
use self::{
    position::Position,
    work::{Finding, Work},
};
use crate::{fetch::Stored, link::Failure, names, partition::Partition, random};

/// After how long without news the head is asked for. With a fetch, and a retry of either, the last entry of a burst
/// arrives well within the three seconds of TAIL-1.
const QUIET_MAX: Duration = Duration::from_millis(500);
/// After how long without certainty the sink hears that the feed is stalled.
const UNSURE_MAX: Duration = Duration::from_secs(5);
/// Live messages handed over at once, at most.
const RUN_MAX: usize = 256;

/// The feed of one partition; runs until it is aborted.
pub(crate) struct Follower {
    partition: Arc<Partition>,
    sink: Arc<dyn FeedSink>,
    live: Subscriber,
    beacons: Subscriber,
    doubts: watch::Receiver<u64>,
    findings: mpsc::Receiver<Finding>,
    work: Work,
    position: Position,
    /// When it was last certain that nothing was missing.
    sure: Instant,
    stalled: bool,
    /// When to ask for the head next.
    ask_at: Instant,
}

enum Event {
    Live(Option<Message>),
    Beacon(Option<Message>),
    Doubt,
    Found(Finding),
    Wake,
}

impl Follower {
    /// Registers with the servers, before the head is looked at, so that nothing falls between the two.
    pub(crate) async fn start(
        partition: Arc<Partition>,
        after: u64,
        sink: Arc<dyn FeedSink>,
    ) -> Result<Self, LogError> {
        let link = &partition.link;
        let live = link.subscribe(names::feed(partition.id)).await.map_err(Failure::Lost)?;
        let beacons = link.subscribe(names::beacon(partition.id)).await.map_err(Failure::Lost)?;
        let head = partition.head().await?;
        if after + 1 < head.first_seq {
            let why = format!("the entries up to {} were truncated", head.first_seq - 1);
            return Err(LogError::new(LogErrorKind::Truncated, why));
        }
        if after > head.serial.seq {
            let why = format!("the log ends at {}, before {after}", head.serial.seq);
            return Err(LogError::new(LogErrorKind::Damaged, why));
        }
        let (work, findings) = Work::new(Arc::clone(&partition));
        let time_ms = (after == head.serial.seq).then_some(head.time_ms);
        let position = Position::new(after, time_ms, head.serial.seq);
        let (doubts, now) = (link.doubts(), Instant::now());
        Ok(Self {
            partition,
            sink,
            live,
            beacons,
            doubts,
            findings,
            work,
            position,
            sure: now,
            stalled: false,
            ask_at: now,
        })
    }

    pub(crate) async fn run(mut self) {
        loop {
            self.work.fetch_if(self.position.has_gap(), self.position.next());
            self.work.ask_if(Instant::now() >= self.ask_at);
            self.tell_if_stalled();
            match self.next_event().await {
                Event::Live(Some(message)) => self.take_live(message),
                Event::Beacon(Some(message)) => self.take_beacon(&message),
                // The link was closed for good.
                Event::Live(None) | Event::Beacon(None) => return,
                Event::Doubt => self.ask_at = Instant::now(),
                Event::Found(finding) => self.take_finding(finding).await,
                Event::Wake => {}
            }
        }
    }

    /// When something is due, if nothing happens before.
    fn wake_at(&self) -> Instant {
        let stall_at = (!self.stalled).then_some(self.sure + UNSURE_MAX);
        let ask_at = (!self.work.is_asking()).then_some(self.ask_at);
        let retry_at = self.work.retry_at().filter(|_| self.position.has_gap());
        let due = [stall_at, ask_at, retry_at].into_iter().flatten().min();
        // A task that was lost without a finding is noticed by then.
        due.unwrap_or(Instant::now() + UNSURE_MAX).min(Instant::now() + UNSURE_MAX)
    }

    async fn next_event(&mut self) -> Event {
        let wake_at = self.wake_at();
        tokio::select! {
            message = self.live.next() => Event::Live(message),
            message = self.beacons.next() => Event::Beacon(message),
            Some(finding) = self.findings.recv() => Event::Found(finding),
            Ok(()) = self.doubts.changed() => Event::Doubt,
            () = tokio::time::sleep_until(wake_at) => Event::Wake,
        }
    }

    /// Takes a live message, and those that wait behind it.
    fn take_live(&mut self, first: Message) {
        let mut entries = Vec::new();
        let mut next = Some(first);
        for left in (0..RUN_MAX).rev() {
            let Some(message) = next.take() else { break };
            match Stored::from_message(message) {
                Ok(stored) => {
                    self.partition.saw(stored.seq());
                    self.position.take_live(stored, &mut entries);
                }
                Err(error) => tracing::error!(%error, "a message on a feed is dropped"),
            }
            if left > 0 {
                next = self.live.next().now_or_never().flatten();
            }
        }
        self.give(entries);
    }

    fn take_beacon(&mut self, message: &Message) {
        let serial = std::str::from_utf8(&message.payload).ok().and_then(|text| text.parse::<Serial>().ok());
        if let Some(serial) = serial {
            self.hear_of(serial.seq);
        }
    }

    async fn take_finding(&mut self, finding: Finding) {
        self.work.took(&finding);
        match finding {
            Finding::Head(Ok(head)) => {
                self.hear_of(head);
                self.work.tell(Serial::new(self.partition.epoch(), head)).await;
            }
            Finding::Head(Err(error)) => {
                self.ask_at = Instant::now() + random::jittered(QUIET_MAX);
                tracing::debug!(partition = %self.partition.id, %error, "cannot learn the head");
            }
            Finding::Entries(Ok(found)) => self.take_found(found),
            Finding::Entries(Err(error)) => {
                tracing::debug!(partition = %self.partition.id, %error, "cannot fetch what the feed lacks");
            }
        }
    }

    /// Somebody says that the partition goes up to `head`.
    fn hear_of(&mut self, head: u64) {
        self.position.hear_of(head);
        self.ask_at = Instant::now() + random::jittered(QUIET_MAX);
        if self.position.is_complete() {
            self.sure = Instant::now();
        }
    }

    fn take_found(&mut self, found: Vec<Entry>) {
        let found_any = !found.is_empty();
        match self.position.take_found(found) {
            Ok(entries) => {
                if found_any {
                    self.work.progress();
                }
                self.give(entries);
            }
            Err(_) => {
                let (partition, next) = (self.partition.id, self.position.next());
                tracing::error!(%partition, next, "entries were truncated before they were followed: the feed stands");
            }
        }
    }

    fn give(&mut self, entries: Vec<Entry>) {
        let Some(last) = entries.last() else { return };
        self.partition.observe(last.serial.seq, last.time_ms);
        if self.position.is_complete() {
            self.sure = Instant::now();
            self.ask_at = self.sure + random::jittered(QUIET_MAX);
        }
        self.sink.entries(self.partition.id, entries);
        self.sink.settled();
    }

    fn tell_if_stalled(&mut self) {
        let stalled = self.sure.elapsed() > UNSURE_MAX;
        if stalled != self.stalled {
            self.stalled = stalled;
            tracing::warn!(partition = %self.partition.id, next = self.position.next(), stalled, "the feed");
            self.sink.stalled(self.partition.id, stalled);
        }
    }
}
