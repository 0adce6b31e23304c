//! Damage: refused when a log is opened, found by the check, and not read.

mod support;

use std::fs;

use loquat_log::{LogErrorKind, ReadLimit};
use loquat_log_sqlite::{OpenError, check, fuzz_block, fuzz_keys};
use loquat_protocol::PartitionId;
use support::files::{closed, fill, fill_singly, open, options, refusal, tamper};

const P0: PartitionId = PartitionId(0);

#[test]
fn damage_is_refused_with_what_to_do() {
    for (sql, what) in [
        ("DELETE FROM block WHERE id=6", "the ids of commit"),
        ("DELETE FROM key_batch WHERE id=8", "partition 3 has entries without ids"),
        ("DELETE FROM block WHERE id=3", "partition 2 has entry 11 in block 7, where 1 is due"),
        ("UPDATE floor SET head_seq=30 WHERE partition=2", "partition 2 holds 1..=20"),
        ("UPDATE block SET head=substr(head, 1, 30) WHERE id=1", "the head of block 1"),
        ("UPDATE block SET id=1000-id WHERE id=8", "the head of block 992"),
        ("UPDATE mark SET tails=zeroblob(64)", "the mark at block 1"),
        ("DELETE FROM epoch WHERE partition=3", "partition 3 has no epoch"),
        ("UPDATE epoch SET first_seq=99 WHERE partition=0", "partition 0 ends before its epoch begins"),
        ("UPDATE key_batch SET keys=substr(keys, 1, 30) WHERE id=1", "commit 1"),
        ("UPDATE key_batch SET keys=x'00' WHERE id=2", "commit 2"),
        ("DELETE FROM meta", "its description is missing"),
        ("DROP TABLE block", "block"),
    ] {
        let directory = closed(|log| fill(log, 20));
        tamper(directory.path(), sql);
        let (error, text) = refusal(options(directory.path()));
        assert!(matches!(error, OpenError::Damaged { .. }), "{sql}: {text}");
        assert!(text.contains("log.db") && text.contains(what) && text.contains("backup"), "{sql}: {text}");
    }
}

#[test]
fn broken_pages_are_refused_or_found_by_the_check() {
    let directory = closed(|log| fill(log, 2000));
    let file = directory.path().join("log.db");
    let sound = fs::read(&file).expect("it can be read");
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    for page in [0, 1, 3, sound.len() / 4096 / 2] {
        let mut broken = sound.clone();
        // The file's own header stays.
        let from = if page == 0 { 100 } else { page * 4096 };
        broken[from..(page + 1) * 4096].fill(0x5a);
        fs::write(&file, &broken).expect("it can be written");
        let found = match check(&file) {
            Ok(report) => !report.problems.is_empty(),
            Err(OpenError::Damaged { .. } | OpenError::NotALog { .. }) => true,
            Err(other) => panic!("page {page}: {other}"),
        };
        assert!(found, "page {page}");
    }
}

#[test]
fn the_check_counts_and_names_gaps() {
    let directory = tempfile::tempdir().expect("a directory");
    let log = open(directory.path());
    fill(&log, 30);
    log.truncate(P0, 11).expect("a truncation");
    let file = directory.path().join("log.db");
    let report = check(&file).expect("it is a log, also while it is open");
    assert_eq!((report.partitions, report.entries, report.problems.len()), (4, 110, 0));
    log.close();
    drop(log);
    tamper(
        directory.path(),
        "DELETE FROM block WHERE id=2; UPDATE block SET bodies=zeroblob(length(bodies)) WHERE id=7;
         UPDATE epoch SET epoch=2 WHERE partition=3",
    );
    let problems = check(&file).expect("it is a log").problems.join("; ");
    assert!(problems.contains("partition 1 lacks entries 1 to 15"), "{problems}");
    assert!(problems.contains("the bodies of block 7"), "{problems}");
    assert!(problems.contains("partition 3, entry 1: not of epoch 1"), "{problems}");
}

#[test]
fn the_check_finds_a_mark_that_leads_astray() {
    let directory = closed(|log| fill_singly(log, 300, 3));
    let file = directory.path().join("log.db");
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
    tamper(directory.path(), "DELETE FROM block WHERE id=192");
    let problems = check(&file).expect("it is a log").problems.join("; ");
    assert!(problems.contains("the mark at block 193 doesn't fit"), "{problems}");
    assert!(problems.contains("partition 2 lacks entries 64 to 64"), "{problems}");
}

/// SQLite sees damage to its own structures; what it keeps for us it gives back as it is.
#[test]
fn damaged_bodies_are_not_read() {
    let directory = closed(|log| fill_singly(log, 300, 1));
    tamper(directory.path(), "UPDATE block SET bodies=CAST('bodY 149' AS BLOB) WHERE id=150");
    let log = open(directory.path());
    let read = |from| log.read(P0, from, ReadLimit { entries: 10, bytes: 1 << 20 });
    assert_eq!(read(145).expect_err("one of them is damaged").kind, LogErrorKind::Damaged);
    let error = read(150).expect_err("it is damaged");
    assert!(error.message.contains("the bodies of block 150"), "{error}");
    assert_eq!(read(151).expect("the others are sound").len(), 10);
}

#[test]
fn a_log_that_lost_its_oldest_block_is_refused() {
    let directory = closed(|log| fill_singly(log, 300, 1));
    tamper(directory.path(), "DELETE FROM block WHERE id=1");
    let (error, text) = refusal(options(directory.path()));
    assert!(matches!(error, OpenError::Damaged { .. }), "{text}");
    assert!(text.contains("partition 0 holds 2..=300, and its floor says 1"), "{text}");
}

#[test]
fn packed_ids_of_any_bytes_are_read_or_refused() {
    let mut row = Vec::new();
    for length in 0..200 {
        row.push((length * 37 % 251) as u8);
        fuzz_keys(&row);
        fuzz_keys(&[&[1, 0, 1, 0, 0, 0], row.as_slice()].concat());
    }
}

#[test]
fn heads_of_any_bytes_are_read_or_refused() {
    let mut head = Vec::new();
    for length in 0..200 {
        head.push((length * 37 % 251) as u8);
        fuzz_block(&head);
        fuzz_block(&[&[1, 0, 1, 0, 1, 0, 0, 0], head.as_slice()].concat());
        let numbered = [&[1, 0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], &head[..]].concat();
        fuzz_block(&numbered);
        // Bodies of a few bytes.
        fuzz_block(&numbered.iter().map(|byte| byte % 3).collect::<Vec<_>>());
    }
}
