//! System calls that fail: what a disk that is dying does. By `strace`, on a process of our own.

mod support;

use loquat_store_sqlite::{Options, SqliteStore};
use support::{child, workload};

/// Not a test of its own: the process that the tests below start.
#[test]
fn child() {
    child::run_if_child();
}

fn errors(inject: &str) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let errors = child::errors_under_fault(dir.path(), inject);
    let store = SqliteStore::open(dir.path(), &Options::for_test()).expect("the store opens afterwards");
    workload::verify(&store);
    errors
}

#[test]
fn after_a_failed_sync_nothing_is_promised_any_more() {
    let errors = errors("inject=fdatasync:error=EIO:when=40");
    assert!(errors.len() > 10, "{errors:?}");
    // A commit that waits for the disk fails in its sync; all that follows is refused at once.
    assert!(errors.iter().all(|error| error.ends_with("Damaged")), "{errors:?}");
}

/// The sync that a checkpoint begins with: by then the commits were told as done.
#[test]
fn a_failed_checkpoint_is_not_overlooked() {
    for when in 30..50 {
        let errors = errors(&format!("inject=fdatasync:error=EIO:when={when}"));
        assert!(errors.len() > 10, "{when}: {errors:?}");
        assert!(errors.iter().all(|error| error.ends_with("Damaged")), "{when}: {errors:?}");
    }
}

/// What fails when one of so many writes fails. A write of a checkpoint is none of a batch's: it is done again by the next
/// one, and nobody hears of it.
fn errors_of_writes(error: &str) -> Vec<String> {
    let places = [260, 290, 320, 350, 380, 410];
    let run = |when| errors(&format!("inject=pwrite64:error={error}:when={when}"));
    let all = places.map(run);
    assert!(all.iter().all(|errors| errors.len() <= 1), "{all:?}");
    all.concat()
}

#[test]
fn a_failed_write_takes_the_batch_back_and_the_next_one_succeeds() {
    let errors = errors_of_writes("EIO");
    assert!(errors.len() > 1 && errors.iter().all(|error| error.ends_with("Unavailable")), "{errors:?}");
}

#[test]
fn a_write_without_room_is_told_apart() {
    let errors = errors_of_writes("ENOSPC");
    assert!(errors.len() > 1 && errors.iter().all(|error| error.ends_with("Full")), "{errors:?}");
}
