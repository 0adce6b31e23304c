//! A thorough look at a data directory, or at a backup, which is one.

use std::{os::unix::fs::PermissionsExt, path::Path};

use loquat_config::LogEngine;
use loquat_log_sqlite::{Span, spans};
use loquat_protocol::PartitionId;
use loquat_store::Projection;
use loquat_store_sqlite::SqliteStore;

use crate::{
    data_dir::{self, DataDir, SECRET_FILE},
    error::CommandError,
    hold::Hold,
    wire,
};

/// What was found, a line each.
#[derive(Debug, Default)]
pub struct Findings {
    /// What is well.
    pub sound: Vec<String>,
    /// What is not: which file, what, and what to do.
    pub problems: Vec<String>,
}

impl Findings {
    fn note<T, E: std::fmt::Display>(&mut self, outcome: Result<T, E>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(error.to_string().trim_start_matches("loquat: ").to_owned());
                None
            }
        }
    }
}

/// Reads all of a data directory, also while a server runs on it, at about a million entries a second.
pub fn inspect(path: &Path, engine: LogEngine) -> Findings {
    let mut findings = Findings::default();
    let Some(data) = findings.note(DataDir::open_existing(path)) else { return findings };
    findings.sound.push(format!(
        "{}: version {}, instance {}, {} partitions",
        path.join("loquat.json").display(),
        data.meta.version,
        data.meta.instance,
        data.meta.partitions
    ));
    if let Some(served) = findings.note(data_dir::is_served(path)) {
        let state = if served { "a server runs on it" } else { "no server runs on it" };
        findings.sound.push(format!("{}: {state}", path.display()));
    }
    look_at_secret(&data, &mut findings);
    look_at_log_and_store(&data, engine, &mut findings);
    findings
}

fn look_at_secret(data: &DataDir, findings: &mut Findings) {
    let file = data.path().join(SECRET_FILE);
    let mode = std::fs::metadata(&file).map(|metadata| metadata.permissions().mode());
    match findings.note(mode.map_err(|error| format!("{}: {error}", file.display()))) {
        Some(mode) if mode & 0o077 != 0 => findings.problems.push(format!(
            "{}: others may read it, and could make tokens with it; run chmod 600 on it",
            file.display()
        )),
        Some(_) => findings.sound.push(format!("{}: only its owner may read it", file.display())),
        None => {}
    }
}

/// The cursors are read before the heads, and the log is not truncated meanwhile, so that a server may go on.
fn look_at_log_and_store(data: &DataDir, engine: LogEngine, findings: &mut Findings) {
    let hold = Hold::take(data.path());
    let Some(_hold) = findings.note(hold) else { return };
    let cursors = look_at_store(data, findings);
    if engine == LogEngine::Nats {
        findings.sound.push("the log is in the cluster and is not looked at".to_owned());
        return;
    }
    let spans = look_at_log(data, findings);
    if let (Some(cursors), Some(spans)) = (cursors, spans) {
        let problems = disagreements(&cursors, &spans);
        let behind: u64 =
            cursors.iter().zip(&spans).map(|(seq, span)| span.head_seq.saturating_sub(*seq)).sum();
        if problems.is_empty() {
            findings.sound.push(format!("log and store agree; the store is {behind} entries behind"));
        }
        let files = format!("{} and store.sqlite", data.log_file().display());
        findings.problems.extend(problems.iter().map(|problem| {
            format!("{files}: {problem}; they are not of one directory or one moment: restore a backup")
        }));
    }
}

/// Gives the cursor of each partition.
fn look_at_store(data: &DataDir, findings: &mut Findings) -> Option<Vec<u64>> {
    let file = data.path().join("store.sqlite");
    for file in [&file, &data.path().join("directory.sqlite")] {
        if !file.exists() {
            findings.problems.push(format!("{}: is missing; restore a backup", file.display()));
        }
    }
    if !findings.problems.is_empty() && !file.exists() {
        return None;
    }
    let store = findings.note(wire::open_store(data))?;
    let problems = findings.note(store.check())?;
    if problems.is_empty() {
        let stats = findings.note(store.stats())?;
        findings.sound.push(format!(
            "{}: {} entries of {} channels; {} apps, {} keys",
            file.display(),
            stats.rows,
            stats.channels,
            stats.apps,
            stats.keys
        ));
    }
    findings.problems.extend(problems.into_iter().map(|problem| advise(&file, &problem)));
    findings.note(cursors(&store, data.meta.partitions))
}

/// How far the store is in each partition of the log.
///
/// # Errors
/// When a cursor cannot be read.
pub fn cursors(store: &SqliteStore, partitions: u16) -> Result<Vec<u64>, CommandError> {
    let cursor = |partition| store.cursor(PartitionId(partition)).map(|cursor| cursor.seq);
    (0..partitions).map(cursor).collect::<Result<_, _>>().map_err(CommandError::failed)
}

fn look_at_log(data: &DataDir, findings: &mut Findings) -> Option<Vec<Span>> {
    let file = data.log_file();
    let report = findings.note(loquat_log_sqlite::check(&file))?;
    let spans = findings.note(spans(&file))?;
    let epoch = spans.iter().map(|span| span.epoch).max().unwrap_or(1);
    if report.partitions != data.meta.partitions {
        let problem =
            format!("has {} partitions, loquat.json says {}", report.partitions, data.meta.partitions);
        findings.problems.push(advise(&file, &problem));
    }
    if report.problems.is_empty() {
        findings.sound.push(format!(
            "{}: {} entries, {} bytes, epoch {epoch}",
            file.display(),
            report.entries,
            report.body_bytes
        ));
    }
    findings.problems.extend(report.problems.into_iter().map(|problem| advise(&file, &problem)));
    Some(spans)
}

/// What is wrong between a store and a log: the store may be behind, but only by what the log still holds.
pub fn disagreements(cursors: &[u64], spans: &[Span]) -> Vec<String> {
    let disagreement = |(partition, (&seq, span)): (usize, (&u64, &Span))| {
        if seq > span.head_seq {
            let head_seq = span.head_seq;
            Some(format!(
                "partition {partition}: the store is at entry {seq}, but the log ends at {head_seq}"
            ))
        } else if seq + 1 < span.first_seq {
            let first_seq = span.first_seq;
            Some(format!(
                "partition {partition}: the store is at entry {seq}, but the log begins at {first_seq}"
            ))
        } else {
            None
        }
    };
    cursors.iter().zip(spans).enumerate().filter_map(disagreement).collect()
}

fn advise(file: &Path, problem: &str) -> String {
    let remedy = "stop the server, keep a copy of the file, and restore a backup";
    match problem.strip_prefix(&format!("{}: ", file.display())) {
        Some(problem) => format!("{}: {problem}; {remedy}", file.display()),
        None => format!("{}: {problem}; {remedy}", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_may_be_behind_by_what_the_log_holds() {
        let spans = [Span { first_seq: 5, head_seq: 9, epoch: 1 }];
        for seq in 4..=9 {
            assert_eq!(disagreements(&[seq], &spans), [""; 0], "{seq}");
        }
        assert!(disagreements(&[10], &spans)[0].contains("ends at 9"));
        assert!(disagreements(&[3], &spans)[0].contains("begins at 5"));
    }
}
