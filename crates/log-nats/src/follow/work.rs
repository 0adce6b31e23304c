//! What a feed finds out beside taking messages: one fetch and one question at a time, each in its own task, so that
//! a slow answer never holds up live messages.

use std::{sync::Arc, time::Duration};

use async_nats::HeaderMap;
use loquat_log::{Entry, LogError};
use loquat_protocol::Serial;
use tokio::{sync::mpsc, time::Instant};

use crate::{
    fetch::{BATCH_BYTES_MAX, BATCH_MESSAGES_MAX},
    names,
    partition::Partition,
    random,
};

const RETRY_MIN: Duration = Duration::from_millis(20);
const RETRY_MAX: Duration = Duration::from_millis(500);

/// The outcome of a fetch or a question.
pub(super) enum Finding {
    /// Entries from where the feed stood; none when the replica asked is behind.
    Entries(Result<Vec<Entry>, LogError>),
    /// The last sequence number.
    Head(Result<u64, LogError>),
}

/// What is under way.
pub(super) struct Work {
    partition: Arc<Partition>,
    findings: mpsc::Sender<Finding>,
    fetching: Option<tokio::task::JoinHandle<()>>,
    asking: Option<tokio::task::JoinHandle<()>>,
    retry: Duration,
    retry_at: Instant,
}

impl Work {
    pub(super) fn new(partition: Arc<Partition>) -> (Self, mpsc::Receiver<Finding>) {
        // One place each for a fetch and a question.
        let (findings, found) = mpsc::channel(2);
        let work = Self {
            partition,
            findings,
            fetching: None,
            asking: None,
            retry: RETRY_MIN,
            retry_at: Instant::now(),
        };
        (work, found)
    }

    /// Fetches entries from `from` on if `wanted`, unless a fetch is under way or the last one was just in vain.
    pub(super) fn fetch_if(&mut self, wanted: bool, from: u64) {
        if !wanted || is_running(&self.fetching) || Instant::now() < self.retry_at {
            return;
        }
        // Until `progress` says otherwise, this one is in vain.
        self.retry_at = Instant::now() + random::jittered(self.retry);
        self.retry = (self.retry * 2).min(RETRY_MAX);
        let (partition, findings) = (Arc::clone(&self.partition), self.findings.clone());
        self.fetching = Some(tokio::spawn(async move {
            let found = partition.next_entries(from, BATCH_MESSAGES_MAX, BATCH_BYTES_MAX).await;
            // The feed may have ended meanwhile.
            let _ = findings.send(Finding::Entries(found)).await;
        }));
    }

    /// Asks the leader for the head if `wanted`, unless a question is under way.
    pub(super) fn ask_if(&mut self, wanted: bool) {
        if !wanted || is_running(&self.asking) {
            return;
        }
        let (partition, findings) = (Arc::clone(&self.partition), self.findings.clone());
        self.asking = Some(tokio::spawn(async move {
            let head = partition.last_seq().await;
            let _ = findings.send(Finding::Head(head)).await;
        }));
    }

    /// Whether a question is under way.
    pub(super) fn is_asking(&self) -> bool {
        is_running(&self.asking)
    }

    /// A finding was taken over, so another of its kind may be looked for.
    pub(super) fn took(&mut self, finding: &Finding) {
        match finding {
            Finding::Entries(_) => self.fetching = None,
            Finding::Head(_) => self.asking = None,
        }
    }

    /// The last fetch found something.
    pub(super) fn progress(&mut self) {
        self.retry = RETRY_MIN;
        self.retry_at = Instant::now();
    }

    /// When a fetch may be tried, unless one is under way.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        (!is_running(&self.fetching)).then_some(self.retry_at)
    }

    /// Tells the other followers of the partition how far it goes.
    pub(super) async fn tell(&self, head: Serial) {
        let subject = names::beacon(self.partition.id);
        let told = self.partition.link.publish(subject, HeaderMap::new(), head.to_string().into()).await;
        if told.is_err() {
            tracing::debug!(partition = %self.partition.id, "cannot tell the head");
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        for task in [&self.fetching, &self.asking].into_iter().flatten() {
            task.abort();
        }
    }
}

fn is_running(task: &Option<tokio::task::JoinHandle<()>>) -> bool {
    task.as_ref().is_some_and(|task| !task.is_finished())
}
