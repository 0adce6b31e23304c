//! Logs as release 0.1.0 wrote them: its tables, filled with what it would have stored.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use loquat_protocol::Serial;
use rusqlite::{Connection, OpenFlags};

use super::{
    child::{PARTITIONS, entry, partition_of},
    records::{Record, Records},
};

/// Entries of one commit.
const COMMIT: usize = 100;

/// Writes a log with the entries numbered below `count`, and notes them as acknowledged.
///
/// # Panics
/// When it can't be written.
pub fn write(file: &Path, count: u64, records: &mut Records) {
    let connection = Connection::open(file).expect("the file opens");
    let tables = "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; BEGIN;
        PRAGMA application_id=1280404583; PRAGMA user_version=1;
        CREATE TABLE meta(name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        CREATE TABLE epoch(partition INTEGER, epoch INTEGER, first_seq INTEGER NOT NULL,
            PRIMARY KEY (partition, epoch)) WITHOUT ROWID;
        CREATE TABLE floor(partition INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, head_seq INTEGER NOT NULL,
            head_time_ms INTEGER NOT NULL);
        CREATE TABLE key_batch(id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, keys BLOB NOT NULL);";
    connection.execute_batch(tables).expect("the tables can be made");
    connection
        .execute("INSERT INTO meta VALUES ('partitions', ?1), ('instance', randomblob(16))", [PARTITIONS])
        .expect("it can be described");
    for partition in 0..PARTITIONS {
        let sql = format!(
            "CREATE TABLE entry_{partition}(seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,
                 time_ms INTEGER NOT NULL, body BLOB NOT NULL);
             INSERT INTO epoch VALUES ({partition}, 1, 1); INSERT INTO floor VALUES ({partition}, 1, 0, 0);"
        );
        connection.execute_batch(&sql).expect("the tables can be made");
    }
    let numbers: Vec<u64> = (0..count).collect();
    for partition in 0..PARTITIONS {
        let own: Vec<u64> =
            numbers.iter().copied().filter(|&number| partition_of(number).0 == partition).collect();
        write_partition(&connection, partition, &own, records);
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);").expect("it can be written");
}

fn write_partition(connection: &Connection, partition: u16, numbers: &[u64], records: &mut Records) {
    let insert = format!("INSERT INTO entry_{partition} VALUES (?1, 1, ?2, ?3)");
    let mut insert = connection.prepare(&insert).expect("the table is there");
    let mut insert_keys = connection
        .prepare("INSERT INTO key_batch(time_ms, keys) VALUES (?1, ?2)")
        .expect("the table is there");
    // One time for all, as within one millisecond.
    let time_ms = numbers.first().map_or(0, |&number| entry(number).time_ms);
    for (commit, numbers) in (0..).zip(numbers.chunks(COMMIT)) {
        let first_seq = commit * COMMIT as u64 + 1;
        let mut keys = partition.to_le_bytes().to_vec();
        keys.extend_from_slice(&(numbers.len() as u32).to_le_bytes());
        keys.extend_from_slice(&first_seq.to_le_bytes());
        for (seq, &number) in (first_seq..).zip(numbers) {
            let new = entry(number);
            insert.execute((seq, time_ms, &new.body[..])).expect("an entry can be written");
            keys.extend_from_slice(&new.key.0);
            keys.extend_from_slice(&time_ms.to_le_bytes());
            records.note(Record::Stored { number, serial: Serial::new(1, seq) });
        }
        insert_keys.execute((time_ms, keys)).expect("its ids can be written");
    }
}

/// How many blocks there are, and tables of format 1. Read only: a look leaves everything as a crash left it.
fn stand(file: &Path) -> (u64, u64) {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(connection) = Connection::open_with_flags(file, flags) else { return (0, 0) };
    // Tables that aren't there yet, or a file that somebody is about to open, count as nothing.
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).unwrap_or(0);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'entry_[0-9]*'";
    (count("SELECT count(*) FROM block"), count(tables))
}

/// Whether some entries are in the tables of one format, and some in those of the next.
pub fn is_half_upgraded(file: &Path) -> bool {
    let (blocks, tables) = stand(file);
    blocks > 0 && tables > 0
}

/// Whether all entries are in blocks.
pub fn is_upgraded(file: &Path) -> bool {
    let (blocks, tables) = stand(file);
    blocks > 0 && tables == 0
}

/// Waits until one more block is there, or the upgrade is finished.
///
/// # Panics
/// When that takes longer than `patience`.
pub fn wait_for_progress(file: &Path, patience: Duration) {
    let deadline = Instant::now() + patience;
    let (before, _) = stand(file);
    while stand(file).0 <= before && !is_upgraded(file) {
        assert!(Instant::now() < deadline, "the upgrade doesn't go on");
        std::thread::park_timeout(Duration::from_micros(200));
    }
}
