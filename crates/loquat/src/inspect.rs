//! A thorough look at a data directory, or at a backup, which is one.

use std::{os::unix::fs::PermissionsExt, path::Path};

use loquat_config::LogEngine;
use loquat_log_sqlite::{Span, spans};
use loquat_protocol::PartitionId;
use loquat_store::{Projection, people::RoomProjection};
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
    let followers = look_at_store(data, findings);
    if engine == LogEngine::Nats {
        findings.sound.push("the log is in the cluster and is not looked at".to_owned());
        return;
    }
    let spans = look_at_log(data, findings);
    if let (Some(followers), Some(spans)) = (followers, spans) {
        let problems = disagreements(&followers, &spans);
        let behind: u64 =
            followers.store.iter().zip(&spans).map(|(seq, span)| span.head_seq.saturating_sub(*seq)).sum();
        if problems.is_empty() {
            findings.sound.push(format!("log and store agree; the store is {behind} entries behind"));
        }
        let files = format!("{} and the store", data.log_file().display());
        findings.problems.extend(problems.iter().map(|problem| {
            format!("{files}: {problem}; they are not of one directory or one moment: restore a backup")
        }));
    }
}

/// Gives the cursors of each partition.
fn look_at_store(data: &DataDir, findings: &mut Findings) -> Option<Cursors> {
    let file = data.path().join("store.sqlite");
    let missing: Vec<_> = data.databases().filter(|file| !file.exists()).collect();
    for file in &missing {
        findings.problems.push(format!("{}: is missing; restore a backup", file.display()));
    }
    // Opening would make them.
    if !missing.is_empty() {
        return None;
    }
    let store = findings.note(wire::open_store(data))?;
    let problems = findings.note(store.check())?;
    if problems.is_empty() {
        let stats = findings.note(store.stats())?;
        findings.sound.push(format!(
            "{}: {} entries of {} channels; {} apps, {} keys; {} people, {} rooms",
            file.display(),
            stats.rows,
            stats.channels,
            stats.apps,
            stats.keys,
            stats.people,
            stats.rooms
        ));
    }
    findings.problems.extend(problems.into_iter().map(|problem| advise(&file, &problem)));
    findings.note(cursors(&store, data.meta.partitions))
}

/// How far what is derived from the log is, in each of its partitions.
pub struct Cursors {
    /// History.
    store: Vec<u64>,
    /// What is counted in rooms; 0 where it has not begun, which it may do at any entry.
    rooms: Vec<u64>,
}

/// How far the store is in each partition of the log.
///
/// # Errors
/// When a cursor cannot be read.
pub fn cursors(store: &SqliteStore, partitions: u16) -> Result<Cursors, CommandError> {
    let cursor = |partition| store.cursor(PartitionId(partition)).map(|cursor| cursor.seq);
    let history: Result<_, _> = (0..partitions).map(cursor).collect();
    let counted = store.people().room_cursors().map_err(CommandError::failed)?;
    let of = |partition| counted.iter().find(|(other, _)| other.0 == partition).map_or(0, |(_, seq)| *seq);
    let rooms = (0..partitions).map(of).collect();
    Ok(Cursors { store: history.map_err(CommandError::failed)?, rooms })
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
pub fn disagreements(cursors: &Cursors, spans: &[Span]) -> Vec<String> {
    let pairs =
        |seqs: &[u64]| seqs.iter().copied().zip(spans.iter().copied()).enumerate().collect::<Vec<_>>();
    let history = pairs(&cursors.store).into_iter();
    let history = history.filter_map(|(partition, (seq, span))| disagreement("store", partition, seq, span));
    let counted = pairs(&cursors.rooms).into_iter().filter(|(_, (seq, _))| *seq > 0);
    let counted =
        counted.filter_map(|(partition, (seq, span))| disagreement("count of rooms", partition, seq, span));
    history.chain(counted).collect()
}

fn disagreement(what: &str, partition: usize, seq: u64, span: Span) -> Option<String> {
    let Span { first_seq, head_seq, .. } = span;
    let where_it_is = format!("partition {partition}: the {what} is at entry {seq}, but the log");
    if seq > head_seq {
        Some(format!("{where_it_is} ends at {head_seq}"))
    } else if seq + 1 < first_seq {
        Some(format!("{where_it_is} begins at {first_seq}"))
    } else {
        None
    }
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
        let of = |store, rooms| disagreements(&Cursors { store: vec![store], rooms: vec![rooms] }, &spans);
        for seq in 4..=9 {
            assert_eq!(of(seq, seq), [""; 0], "{seq}");
        }
        assert!(of(10, 9)[0].contains("store is at entry 10, but the log ends at 9"));
        assert!(of(3, 9)[0].contains("store is at entry 3, but the log begins at 5"));
        assert!(of(9, 10)[0].contains("rooms is at entry 10, but the log ends at 9"));
        assert!(of(9, 3)[0].contains("rooms is at entry 3, but the log begins at 5"));
        assert_eq!(of(9, 0), [""; 0], "rooms that nobody counted yet");
    }
}
