//! Disks that are full, and disks that fail.

mod support;

use std::{
    os::unix::process::ExitStatusExt,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use loquat_log::{
    Log, LogErrorKind, NewEntry, ReadLimit,
    laws::{append_now, new_entry},
};
use loquat_log_sqlite::{Options, SqliteLog, check};
use loquat_protocol::PartitionId;
use support::{
    child::{self, Orders, Running},
    fixture::Sqlite,
    image::{Image, fill},
    records::Records,
};

/// What runs under the tracer; see `support::child`.
#[test]
fn child() {
    child::run_if_asked();
}

const P0: PartitionId = PartitionId(0);

fn large(number: u64) -> NewEntry {
    NewEntry { body: Bytes::from(vec![number as u8; 20_000]), ..new_entry(number) }
}

/// Appends until the log is full; gives how many entries were stored.
fn append_until_full(log: &Arc<dyn Log>, from: u64) -> u64 {
    for number in from.. {
        match append_now(&Sqlite, log, P0, vec![large(number)]) {
            Ok(appended) => assert_eq!(appended[0].serial.seq, number + 1),
            Err(error) => {
                assert_eq!(error.kind, LogErrorKind::Full, "{error}");
                return number;
            }
        }
    }
    unreachable!("a disk is finite")
}

#[test]
fn a_full_disk_refuses_appends_and_recovers_by_itself() {
    let image = Image::new(24);
    fill(&image.root().join("ballast"), 4);
    let file = image.root().join("log.db");
    let log: Arc<dyn Log> = Arc::new(SqliteLog::open(Options::for_test(&file)).expect("the log opens"));
    let stored = append_until_full(&log, 0);
    assert!(stored > 100, "{stored} fitted");

    // Full again and again, nothing of it stored; what is there can be read.
    for _ in 0..20 {
        let error = append_now(&Sqlite, &log, P0, vec![large(stored)]).expect_err("it is full");
        assert_eq!(error.kind, LogErrorKind::Full);
    }
    assert_eq!(log.head(P0).expect("a head").serial.seq, stored);
    let last = log.read(P0, stored, ReadLimit { entries: 10, bytes: 1 << 20 }).expect("the log can be read");
    assert_eq!((last.len(), &last[0].body), (1, &large(stored - 1).body));

    // Room, and nobody does anything: the same keys are stored now.
    std::fs::remove_file(image.root().join("ballast")).expect("it can be removed");
    let later = append_until_full(&log, stored);
    assert!(later > stored + 50, "{later} fitted, and {stored} before");
    log.close();
    drop(log);

    let log = SqliteLog::open(Options::for_test(&file)).expect("a log on a full disk opens");
    assert_eq!(log.head(P0).expect("a head").serial.seq, later);
    log.close();
    assert_eq!(check(&file).expect("it is a log").problems, Vec::<String>::new());
}

#[test]
fn truncation_makes_room_on_a_full_disk() {
    let image = Image::new(16);
    let log: Arc<dyn Log> =
        Arc::new(SqliteLog::open(Options::for_test(image.root().join("log.db"))).expect("the log opens"));
    let stored = append_until_full(&log, 0);
    let deadline = Instant::now() + Duration::from_secs(20);
    while log.truncate(P0, stored / 2).is_err() {
        assert!(Instant::now() < deadline, "nothing can be truncated");
    }
    let later = append_until_full(&log, stored);
    assert!(later > stored + stored / 4, "{later} fitted, and {stored} before");
}

/// Starts the load with a system call failing as `inject` says.
fn start_injected(orders: Orders, inject: &str) -> Running {
    let call = inject.split(':').next().unwrap_or_default();
    let trace = format!("trace={call}");
    let inject = format!("inject={inject}");
    let words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
    let wrapper = words.map(String::from).to_vec();
    Running::start(&Orders { wrapper, ..orders })
}

/// After a failed sync nobody can say what is on the disk: the process ends, and a restart has all that was
/// acknowledged.
#[test]
fn a_failed_sync_stops_the_process() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    let mut records = Records::default();
    // Commits, and syncs of the database file when the write-ahead log is copied.
    for (life, when) in (0..).zip([10, 11, 40, 41, 42, 150]) {
        let inject = format!("fdatasync:error=EIO:when={when}+");
        let status = start_injected(Orders { life, ..Orders::new(file.clone()) }, &inject)
            .listen_to_the_end(&mut records);
        assert_eq!(status.signal(), Some(libc::SIGABRT), "{inject}: {status}");
        assert_eq!(records.compare(&file), Ok(()), "{inject}");
    }
    assert!(records.len() > 500, "{} were acknowledged", records.len());
}

/// After a failed write nothing of the commit is stored, and the log goes on.
#[test]
fn a_failed_write_refuses_the_commit_and_the_log_goes_on() {
    for (error, refusal) in [("EIO", "Unavailable"), ("ENOSPC", "Full")] {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("log.db");
        let mut records = Records::default();
        for (life, when) in (0..).zip(["60+97", "61+211", "100+499"]) {
            let inject = format!("pwrite64:error={error}:when={when}");
            let (stored, refused) = (records.len(), records.refused.get(refusal).copied().unwrap_or(0));
            let mut running = start_injected(Orders { life, ..Orders::new(file.clone()) }, &inject);
            running
                .listen_until(&mut records, |records| records.refused.get(refusal) > Some(&(refused + 50)));
            running.listen_until(&mut records, |records| records.len() > stored + 500);
            running.kill(&mut records);
            assert_eq!(records.refused.len(), 1, "{inject}: {:?}", records.refused);
            assert_eq!(records.compare(&file), Ok(()), "{inject}");
        }
    }
}

/// Where the process doesn't end at once, nobody is told of a success after a failed sync, and everybody is told.
#[test]
fn after_a_failed_sync_nothing_is_acknowledged() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("log.db");
    let mut records = Records::default();
    let mut running =
        start_injected(Orders { survive: true, ..Orders::new(file.clone()) }, "fdatasync:error=EIO:when=40");
    running.listen_until(&mut records, |records| records.refused.contains_key("fatal"));
    let acknowledged = records.len();
    // Every appender is refused for the second time by a closed log.
    running.listen_until(&mut records, |records| {
        records.refused.get("Closed").copied().unwrap_or(0) == child::IN_FLIGHT as usize
    });
    running.kill(&mut records);
    assert_eq!(records.len(), acknowledged);
    assert_eq!(records.refused.get("fatal"), Some(&1));
    assert!(records.refused.contains_key("Unknown"), "{:?}", records.refused);
    assert_eq!(records.compare(&file), Ok(()));
}
