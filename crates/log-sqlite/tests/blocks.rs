//! Entries of many partitions in one commit: what one lets go, the others keep.

mod support;

use std::{path::Path, sync::Arc, sync::mpsc, time::Duration};

use loquat_log::{
    AppendDone, Log, ReadLimit,
    laws::{Collector, new_entry},
};
use loquat_log_sqlite::{Options, SqliteLog, check};
use loquat_protocol::PartitionId;
use support::{Dice, rounds};

const PARTITIONS: u16 = 4;
const ANY: ReadLimit = ReadLimit { entries: usize::MAX, bytes: usize::MAX };
const PATIENCE: Duration = Duration::from_secs(20);

fn open(file: &Path) -> Arc<dyn Log> {
    Arc::new(SqliteLog::open(Options::for_test(file)).expect("the log opens"))
}

/// Appends so many entries to each partition, all handed over at once; entry `n` of a partition has number `n`.
fn append_mixed(log: &Arc<dyn Log>, heads: &mut [u64], counts: &[u64]) {
    let (tell, told) = mpsc::sync_channel(counts.len());
    let batches = (0..).map(PartitionId).zip(heads.iter().zip(counts)).map(|(partition, (&head, &count))| {
        let tell = tell.clone();
        let done: AppendDone = Box::new(move |outcome| {
            let _ = tell.send(outcome.is_ok());
        });
        (partition, (head + 1..=head + count).map(new_entry).collect(), done)
    });
    log.append_many(batches.collect());
    assert!(counts.iter().all(|_| told.recv_timeout(PATIENCE) == Ok(true)), "all is stored");
    heads.iter_mut().zip(counts).for_each(|(head, count)| *head += count);
}

/// Each partition gives its entries from `first` on and nothing else, wherever the reading begins and ends.
fn verify(log: &Arc<dyn Log>, firsts: &[u64], heads: &[u64], dice: &mut Dice) {
    for (partition, (&first, &head)) in (0..).map(PartitionId).zip(firsts.iter().zip(heads)) {
        let told = log.head(partition).expect("a head");
        assert_eq!((told.first_seq, told.serial.seq), (first, head), "{partition}");
        let from = dice.below(head + 2);
        let limit = ReadLimit { entries: 1 + dice.below(40) as usize, bytes: usize::MAX };
        for (from, limit) in [(0, ANY), (from, ANY), (from, limit)] {
            let read = log.read(partition, from, limit).expect("it can be read");
            let expected: Vec<u64> = (from.max(first)..=head).take(limit.entries).collect();
            let seqs: Vec<u64> = read.iter().map(|entry| entry.serial.seq).collect();
            assert_eq!(seqs, expected, "{partition} from {from}");
            assert!(read.iter().all(|entry| entry.body == new_entry(entry.serial.seq).body), "{partition}");
        }
    }
}

fn count_blocks(file: &Path) -> u64 {
    let connection = rusqlite::Connection::open(file).expect("the file opens");
    connection.query_row("SELECT count(*) FROM block", [], |row| row.get(0)).expect("they can be counted")
}

#[test]
fn whatever_is_let_go_in_whatever_order_the_rest_is_there() {
    for seed in 1..=u64::from(rounds(6, 200)) {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("log.db");
        let mut log = open(&file);
        let (mut firsts, mut heads) = ([1; PARTITIONS as usize], [0; PARTITIONS as usize]);
        for _ in 0..60 {
            for _ in 0..1 + dice.below(8) {
                // Some partitions have long quiet times.
                let counts: Vec<u64> = (0..4)
                    .map(|quiet| if dice.below(1 << (3 * quiet)) == 0 { dice.below(9) } else { 0 })
                    .collect();
                append_mixed(&log, &mut heads, &counts);
            }
            let at = dice.below(4) as usize;
            let below = firsts[at] + dice.below(heads[at] + 2 - firsts[at]);
            log.truncate(PartitionId(at as u16), below).expect("a truncation");
            firsts[at] = below;
            if dice.below(5) == 0 {
                log.close();
                assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new(), "seed {seed}");
                log = open(&file);
            }
            verify(&log, &firsts, &heads, &mut dice);
        }
        let report = check(&file).expect("it is a log, also while it is open");
        let held: u64 = firsts.iter().zip(heads).map(|(first, head)| head + 1 - first).sum();
        assert_eq!((report.problems, report.entries), (vec![], held), "seed {seed}");
    }
}

#[test]
fn a_block_goes_with_the_last_that_needs_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    let log = open(&file);
    let mut heads = [0; PARTITIONS as usize];
    for _ in 0..500 {
        append_mixed(&log, &mut heads, &[2, 1, 1, 1]);
    }
    let all = count_blocks(&file);
    for partition in [3, 0, 1] {
        log.truncate(PartitionId(partition), 10_000).expect("a truncation");
        assert_eq!(count_blocks(&file), all, "partition 2 needs them");
    }
    log.truncate(PartitionId(2), 251).expect("a truncation");
    assert_eq!(count_blocks(&file), all / 2);
    log.truncate(PartitionId(2), 10_000).expect("a truncation");
    assert_eq!(count_blocks(&file), 0);
    log.close();
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    let log = open(&file);
    verify(&log, &[1001, 501, 501, 501], &heads, &mut Dice(3));
    append_mixed(&log, &mut heads, &[1, 1, 0, 1]);
    verify(&log, &[1001, 501, 501, 501], &heads, &mut Dice(3));
}

/// More than is kept of what was read, for partitions that take turns.
#[test]
fn many_partitions_catch_up_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(&directory.path().join("log.db"));
    let mut heads = [0; PARTITIONS as usize];
    for _ in 0..300 {
        append_mixed(&log, &mut heads, &[9, 3, 1, 0]);
    }
    append_mixed(&log, &mut heads, &[0, 0, 0, 1]);
    let collectors: Vec<_> =
        (0..PARTITIONS).map(PartitionId).map(|partition| Collector::follow(&log, partition, 0)).collect();
    for (collector, head) in collectors.iter().zip(heads) {
        let entries = collector.wait_for(head, PATIENCE);
        assert!(entries.iter().all(|entry| entry.body == new_entry(entry.serial.seq).body));
    }
}
