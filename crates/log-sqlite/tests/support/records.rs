//! What was acknowledged, as kept by somebody who outlives the log, and the comparison with what the log holds.

use std::{
    collections::{BTreeMap, HashMap},
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use loquat_log::{Appended, Log, LogError, ReadLimit};
use loquat_log_sqlite::{SqliteLog, check};
use loquat_protocol::{PartitionId, Serial};

use super::child::{self, PARTITIONS};

const RECORD: usize = 32;

/// One outcome, as it travels.
#[derive(Clone, Debug)]
pub enum Record {
    /// The entry with this number is durable there.
    Stored { number: u64, serial: Serial },
    /// It was refused with this.
    Refused { number: u64, kind: String },
}

impl Record {
    pub fn of(number: u64, outcome: &Result<Vec<Appended>, LogError>) -> Self {
        match outcome {
            Ok(appended) => Self::Stored { number, serial: appended[0].serial },
            Err(error) => Self::Refused { number, kind: format!("{:?}", error.kind) },
        }
    }

    /// Sends the record whole or not at all.
    pub fn send(&self, mut to: &UnixStream) -> std::io::Result<()> {
        let mut bytes = [0; RECORD];
        match self {
            Self::Stored { number, serial } => {
                bytes[8..16].copy_from_slice(&number.to_le_bytes());
                bytes[16..24].copy_from_slice(&serial.seq.to_le_bytes());
                bytes[24..26].copy_from_slice(&serial.epoch.to_le_bytes());
            }
            Self::Refused { number, kind } => {
                bytes[0] = kind.len() as u8;
                bytes[8..16].copy_from_slice(&number.to_le_bytes());
                bytes[16..16 + kind.len()].copy_from_slice(kind.as_bytes());
            }
        }
        to.write_all(&bytes)
    }

    /// The next record; none when the sender has gone.
    pub fn receive(mut from: &UnixStream) -> Option<Self> {
        let mut bytes = [0; RECORD];
        from.read_exact(&mut bytes).ok()?;
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|index| bytes[at + index]));
        let number = long(8);
        Some(match usize::from(bytes[0]) {
            0 => Self::Stored {
                number,
                serial: Serial::new(u16::from_le_bytes([bytes[24], bytes[25]]), long(16)),
            },
            length => {
                Self::Refused { number, kind: String::from_utf8_lossy(&bytes[16..16 + length]).into_owned() }
            }
        })
    }
}

/// Everything that was acknowledged, over all lives of the log.
#[derive(Default)]
pub struct Records {
    stored: HashMap<u64, Serial>,
    /// What can't be, as it was reported.
    conflicts: Vec<String>,
    /// How often it was refused, by kind.
    pub refused: BTreeMap<String, usize>,
}

impl Records {
    /// Notes an outcome.
    pub fn note(&mut self, record: Record) {
        match record {
            Record::Stored { number, serial } => {
                let first = *self.stored.entry(number).or_insert(serial);
                if first != serial {
                    self.conflicts
                        .push(format!("number {number} was acknowledged at {first} and at {serial}"));
                }
            }
            Record::Refused { kind, .. } => *self.refused.entry(kind).or_default() += 1,
        }
    }

    pub fn len(&self) -> usize {
        self.stored.len()
    }

    /// Compares with the log in `file`, which is opened as after any crash.
    ///
    /// # Errors
    /// What breaks the laws: an acknowledged entry that is missing, a gap, an id twice, a damaged log.
    pub fn compare(&self, file: &Path) -> Result<(), String> {
        if let Some(conflict) = self.conflicts.first() {
            return Err(conflict.clone());
        }
        let log = SqliteLog::open(child::options(file)).map_err(|error| error.to_string())?;
        let held = read_log(&log);
        log.close();
        let Held { entries, first_seqs } = held?;
        if let Some(problem) = check(file).map_err(|error| error.to_string())?.problems.first() {
            return Err(problem.clone());
        }
        let truncated =
            |number: u64, serial: Serial| serial.seq < first_seqs[child::partition_of(number).index()];
        let there = |(&number, &serial): (&u64, &Serial)| {
            entries.get(&number) == Some(&serial)
                || (truncated(number, serial) && !entries.contains_key(&number))
        };
        match self.stored.iter().filter(|&stored| !there(stored)).count() {
            0 => Ok(()),
            lost => Err(format!("{lost} of {} acknowledged entries are lost", self.stored.len())),
        }
    }
}

/// What a log holds.
struct Held {
    entries: HashMap<u64, Serial>,
    first_seqs: Vec<u64>,
}

fn read_log(log: &SqliteLog) -> Result<Held, String> {
    let everything = ReadLimit { entries: usize::MAX, bytes: usize::MAX };
    let mut held = Held { entries: HashMap::new(), first_seqs: Vec::new() };
    for partition in (0..PARTITIONS).map(PartitionId) {
        let head = log.head(partition).map_err(|error| error.to_string())?;
        held.first_seqs.push(head.first_seq);
        let entries = log.read(partition, 0, everything).map_err(|error| error.to_string())?;
        for (entry, seq) in entries.into_iter().zip(head.first_seq..) {
            if entry.serial.seq != seq {
                return Err(format!("partition {partition} has {} where {seq} is due", entry.serial));
            }
            let number = child::number_of(&entry.body);
            if let Some(first) = held.entries.insert(number, entry.serial) {
                return Err(format!("number {number} is stored at {first} and at {}", entry.serial));
            }
        }
    }
    Ok(held)
}
