//! What the writer does besides appends: it ends copies of the write-ahead log, truncates, and raises epochs.

use std::sync::atomic::Ordering::Relaxed;

use loquat_log::LogError;

use super::Writer;
use crate::{
    error::Failure,
    queue::Control,
    trim::{self, Trim},
};

impl Writer<'_> {
    /// What is neither an append nor a piece of a truncation.
    pub(super) fn control(&mut self, control: Control) -> Result<(), String> {
        match control {
            Control::Copied(bulk) => self.finish_copy(bulk),
            Control::Truncate { partition, below, reply } => {
                self.trims.push_back(Trim { partition, below, reply });
                Ok(())
            }
            Control::RaiseEpoch { reply } => {
                let (connection, state) = (self.connection, &self.parts.state);
                let raised = self.statements.transaction(|_| trim::insert_epoch(connection, state));
                let answer = rolled_back(raised)?;
                if let Ok(epoch) = answer {
                    trim::publish_epoch(state, epoch);
                    self.tails.iter_mut().for_each(|tail| tail.epoch = epoch);
                }
                // Nobody to tell is fine.
                let _ = reply.send(answer);
                Ok(())
            }
        }
    }

    /// One piece of the oldest truncation, so that appends between pieces wait little.
    pub(super) fn trim(&mut self) -> Result<(), String> {
        let Some(first) = self.trims.front() else { return Ok(()) };
        let (connection, state) = (self.connection, &self.parts.state);
        let answer = match first.next(state) {
            None => Ok(()),
            Some(below) => {
                let deleted = self.statements.transaction(|_| first.delete(connection, state, below));
                match rolled_back(deleted)? {
                    Ok(below) => {
                        state.lock(first.partition).truncated(below);
                        return Ok(());
                    }
                    Err(error) => Err(error),
                }
            }
        };
        if let Some(trim) = self.trims.pop_front() {
            let _ = trim.reply.send(answer);
        }
        Ok(())
    }

    fn finish_copy(&mut self, bulk: Result<(), Failure>) -> Result<(), String> {
        self.parts.counters.checkpoints.fetch_add(1, Relaxed);
        // What comes next can need more room.
        self.has_space = false;
        if let Err(error) = rolled_back(self.parts.wal.copied(self.connection, bulk))? {
            // What was committed stays in the write-ahead log.
            tracing::warn!(%error, "the write-ahead log can't be copied into the database");
        }
        Ok(())
    }
}

/// Tells a failure that the caller learns of from one that ends the writer.
fn rolled_back<T>(outcome: Result<T, Failure>) -> Result<Result<T, LogError>, String> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Failure::RolledBack(error)) => Ok(Err(error)),
        Err(Failure::Fatal(reason)) => Err(reason),
    }
}
