//! Any sequence of operations gives what the oracle gives.

use loquat_protocol::{AppId, PartitionId, entry::EntryKind};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{
    Fixture,
    make::{channel_of, row_in},
};
use crate::{
    Advance, Direction, History, HistoryQuery, Projection, ProjectionBatch, Retention, Row, StoreErrorKind,
    memory::MemoryStore,
};

const PARTITIONS: u16 = 3;
const CHANNELS: u8 = 6;

#[derive(Clone, Debug)]
enum Operation {
    Apply(Vec<NewRow>),
    Refused,
    Query { channel: u8, kind: bool, from: u64, to: u64, start: u64, end: u64, backwards: bool, limit: usize },
    Prune { partition: u16, rooms: bool, before: u64, limit: usize },
    RemoveApp(bool),
    Sync,
    Reopen,
}

/// A row to be: how far its sequence number and its time lie from those before it decides where it stands.
#[derive(Clone, Debug)]
struct NewRow {
    channel: u8,
    presence: bool,
    seq_step: u64,
    time_step: u64,
}

/// A bound that is mostly within reach, and at times open.
fn bound(reach: u64) -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0..reach, 1 => Just(0), 2 => Just(u64::MAX)]
}

fn operation() -> impl Strategy<Value = Operation> {
    let row = (0..CHANNELS, prop::bool::weighted(0.2), 1_u64..4, prop_oneof![4 => Just(0), 1 => 1_u64..5])
        .prop_map(|(channel, presence, seq_step, time_step)| NewRow {
            channel,
            presence,
            seq_step,
            time_step,
        });
    let query = ((0..CHANNELS, prop::bool::weighted(0.2), bound(600), bound(600)), (bound(900), bound(900)))
        .prop_flat_map(|(range, (start, end))| {
            (Just(range), Just((start, end)), any::<bool>(), prop_oneof![0_usize..20, Just(10_000)])
        })
        .prop_map(|((channel, kind, from, to), (start, end), backwards, limit)| Operation::Query {
            channel,
            kind,
            from,
            to,
            start,
            end,
            backwards,
            limit,
        });
    prop_oneof![
        10 => vec(row, 0..120).prop_map(Operation::Apply),
        1 => Just(Operation::Refused),
        12 => query,
        3 => (0..PARTITIONS, any::<bool>(), bound(900), 1_usize..90)
            .prop_map(|(partition, rooms, before, limit)| Operation::Prune { partition, rooms, before, limit }),
        1 => any::<bool>().prop_map(Operation::RemoveApp),
        1 => Just(Operation::Sync),
        1 => Just(Operation::Reopen),
    ]
}

/// Random histories of applying, asking, pruning, removing, syncing and reopening, step by step beside the oracle.
pub fn any_history_agrees_with_the_oracle<F: Fixture>() {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&vec(operation(), 1..60), |operations| {
            let mut world =
                World { fixture: F::empty(), oracle: MemoryStore::new(), time_ms: [1; PARTITIONS as usize] };
            for operation in operations {
                world.step(operation)?;
            }
            world.agree_on_all()
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

struct World<F> {
    fixture: F,
    oracle: MemoryStore,
    time_ms: [u64; PARTITIONS as usize],
}

fn partition_of(channel: u8) -> PartitionId {
    PartitionId(u16::from(channel) % PARTITIONS)
}

/// Half of the channels are of rooms; each partition has both classes.
fn name_of(channel: u8) -> String {
    if channel >= CHANNELS / 2 { format!("{channel}::$chat") } else { channel.to_string() }
}

fn kind_of(presence: bool) -> EntryKind {
    if presence { EntryKind::Presence } else { EntryKind::Message }
}

fn app_of(channel: u8) -> &'static str {
    if channel.is_multiple_of(2) { "even" } else { "odd" }
}

impl<F: Fixture> World<F> {
    fn step(&mut self, operation: Operation) -> Result<(), TestCaseError> {
        let store = self.fixture.store();
        match operation {
            Operation::Apply(rows) => {
                let batch = self.batch(&rows);
                self.oracle.apply(&batch)?;
                self.fixture.store().apply(&batch)?;
            }
            Operation::Refused => {
                let partition = PartitionId(0);
                let after_seq = self.oracle.cursor(partition)?.seq + 1;
                let advances = vec![Advance { partition, after_seq, to_seq: after_seq + 1 }];
                let error = store.apply(&ProjectionBatch { advances, rows: vec![] }).unwrap_err();
                prop_assert_eq!(error.kind, StoreErrorKind::OutOfOrder);
            }
            Operation::Query { channel, kind, from, to, start, end, backwards, limit } => {
                let direction = if backwards { Direction::Backwards } else { Direction::Forwards };
                let name = channel_of(app_of(channel), &name_of(channel));
                let query = HistoryQuery {
                    channel: name,
                    kind: kind_of(kind),
                    from_seq: from,
                    to_seq: to,
                    start_ms: start,
                    end_ms: end,
                    direction,
                    limit,
                };
                self.agree(&query, partition_of(channel))?;
            }
            Operation::Prune { partition, rooms, before, limit } => {
                let retention = if rooms { Retention::Rooms } else { Retention::Realtime };
                let more = self.oracle.prune(PartitionId(partition), retention, before, limit)?;
                prop_assert_eq!(store.prune(PartitionId(partition), retention, before, limit)?, more);
            }
            Operation::RemoveApp(even) => {
                let app = AppId::from_trusted(app_of(u8::from(!even)));
                self.oracle.remove_app(&app)?;
                store.remove_app(&app)?;
            }
            Operation::Sync => {
                self.oracle.sync()?;
                store.sync()?;
            }
            Operation::Reopen => self.fixture.reopen(),
        }
        self.agree_on_cursors()
    }

    fn batch(&mut self, rows: &[NewRow]) -> ProjectionBatch {
        let mut batch = ProjectionBatch::default();
        let mut next = Vec::new();
        for partition in (0..PARTITIONS).map(PartitionId) {
            let after_seq = self.oracle.cursor(partition).map_or(0, |cursor| cursor.seq);
            batch.advances.push(Advance { partition, after_seq, to_seq: after_seq });
            next.push(after_seq);
        }
        for new in rows {
            let partition = partition_of(new.channel);
            let index = partition.index();
            next[index] += new.seq_step;
            self.time_ms[index] += new.time_step;
            let row = row_in(partition, channel_of(app_of(new.channel), &name_of(new.channel)), next[index]);
            batch.rows.push(Row { kind: kind_of(new.presence), time_ms: self.time_ms[index], ..row });
            batch.advances[index].to_seq = next[index];
        }
        batch.advances.retain(|advance| advance.to_seq > advance.after_seq);
        batch
    }

    fn agree(&self, query: &HistoryQuery, partition: PartitionId) -> Result<(), TestCaseError> {
        let expected = self.oracle.query(query, partition)?;
        let answer = self.fixture.store().query(query, partition)?;
        prop_assert_eq!(answer.0, expected.0, "{:?}", query);
        Ok(())
    }

    fn agree_on_cursors(&self) -> Result<(), TestCaseError> {
        for partition in (0..PARTITIONS).map(PartitionId) {
            let (expected, cursor) =
                (self.oracle.cursor(partition)?, self.fixture.store().cursor(partition)?);
            prop_assert_eq!(cursor.seq, expected.seq);
            prop_assert_eq!(cursor.durable_seq, expected.durable_seq);
            for retention in Retention::ALL {
                prop_assert!(cursor.pruned_seq_of(retention) >= expected.pruned_seq_of(retention));
                prop_assert!(cursor.pruned_seq_of(retention) <= cursor.seq);
            }
        }
        Ok(())
    }

    fn agree_on_all(&self) -> Result<(), TestCaseError> {
        for channel in 0..CHANNELS {
            for presence in [false, true] {
                let name = channel_of(app_of(channel), &name_of(channel));
                let query = HistoryQuery { kind: kind_of(presence), ..super::make::all(name) };
                self.agree(&query, partition_of(channel))?;
            }
        }
        Ok(())
    }
}
