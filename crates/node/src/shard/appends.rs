//! The appends of a turn: gathered, handed to the log together, and answered when they are durable.

use std::{sync::Arc, time::Instant};

use loquat_core::effect::Ticket;
use loquat_log::{AppendDone, Appended, LogError, NewEntry};
use loquat_protocol::PartitionId;
use loquat_telemetry::{PublishTrace, Stage};

use super::{
    mailbox::{Command, Outcome},
    turn::Loop,
};
use crate::{Node, publish::log_error};

/// The appends of one turn, by partition: handed to the log together.
#[derive(Default)]
pub(super) struct Appends(Vec<Batch>);

/// The appends to one partition, each with who waits for it.
struct Batch {
    partition: PartitionId,
    entries: Vec<NewEntry>,
    waiting: Vec<Waiting>,
}

/// Who waits for an entry, and what is answered: a publish's serials, or that a presence change is kept.
pub(super) struct Waiting {
    pub ticket: Option<Ticket>,
    pub messages: usize,
    pub trace: Option<Box<PublishTrace>>,
}

impl Appends {
    pub fn add(&mut self, partition: PartitionId, entry: NewEntry, waiting: Waiting) {
        match self.0.iter_mut().find(|batch| batch.partition == partition) {
            Some(batch) => {
                batch.entries.push(entry);
                batch.waiting.push(waiting);
            }
            None => self.0.push(Batch { partition, entries: vec![entry], waiting: vec![waiting] }),
        }
    }
}

impl Loop {
    /// Where traces are on and this publish is one of those traced.
    pub(super) fn begin_trace(&self, ticket: Option<Ticket>, body: &[u8]) -> Option<Box<PublishTrace>> {
        if !self.node.traces().is_on() {
            return None;
        }
        let connection = self.core.connection(ticket?.slot)?;
        let header = loquat_protocol::entry::decode_header(body).ok()?;
        let mut trace = self.node.traces().begin(connection.id.as_str(), header.channel)?;
        trace.reached(Stage::Submitted);
        Some(trace)
    }

    /// Gives the log what this turn has gathered, in one call.
    pub(super) fn hand_over_appends(&mut self) {
        let batches = std::mem::take(&mut self.appends.0);
        if batches.is_empty() {
            return;
        }
        let began = Instant::now();
        let entries = batches.iter().map(|batch| batch.entries.len()).sum::<usize>();
        self.node.metrics().append_batch_entries.observe(entries as f64);
        let with_answer = |Batch { partition, entries, waiting }| {
            let (node, shard) = (Arc::clone(&self.node), self.index);
            let done: AppendDone = Box::new(move |result| {
                node.metrics().append_seconds.observe(began.elapsed().as_secs_f64());
                answer(&node, shard, partition, waiting, &result);
            });
            (partition, entries, done)
        };
        self.node.log().append_many(batches.into_iter().map(with_answer).collect());
    }
}

/// Counts what became of a batch, and tells the shard, for whoever waits.
fn answer(
    node: &Node,
    shard: usize,
    partition: PartitionId,
    waiting: Vec<Waiting>,
    result: &Result<Vec<Appended>, LogError>,
) {
    let wrote = result.as_ref().map(|appended| appended.iter().any(|appended| !appended.duplicate));
    node.note_append(partition, wrote);
    if let Ok(appended) = result {
        let duplicates = appended.iter().filter(|appended| appended.duplicate).count();
        node.metrics().messages_duplicate.inc_by(duplicates as u64);
        node.metrics().messages_published.inc_by((appended.len() - duplicates) as u64);
    }
    let answers = waiting.into_iter().enumerate().filter_map(|(index, waiting)| {
        let Waiting { ticket, messages, mut trace } = waiting;
        let outcome = match result {
            Ok(appended) => Ok(appended[index].serial),
            Err(error) => Err(log_error(error)),
        };
        match (&outcome, trace.as_mut()) {
            (Ok(_), Some(trace)) => trace.reached(Stage::Durable),
            (Err(error), Some(_)) => trace.take().into_iter().for_each(|trace| trace.refused(error.code)),
            (_, None) => {}
        }
        Some(Outcome { ticket: ticket?, outcome, messages, trace })
    });
    node.tell_appended(shard, Command::Appended(answers.collect()), matches!(wrote, Ok(true)));
}
