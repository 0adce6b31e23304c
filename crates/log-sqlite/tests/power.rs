//! DUR-1 under loss of power: everything that was not synced is gone, and nothing acknowledged is.

mod support;

use std::time::Duration;

use loquat_log_sqlite::Faults;
use support::{
    Dice,
    child::{self, Orders, Running},
    image::Image,
    records::Records,
    rounds,
};

/// What is running when the power is cut; see `support::child`.
#[test]
fn child() {
    child::run_if_asked();
}

/// Cuts the power so many times, or until the log breaks a law: then gives how.
fn cut_until_broken(faults: Faults, cuts: u32) -> Option<String> {
    let mut image = Image::new(256);
    let mut orders = Orders { faults, ..Orders::new(image.root().join("log.db")) };
    // The records are kept outside the image: they have left the machine whose power is cut.
    let mut records = Records::default();
    let mut dice = Dice(11);
    for cut in 0..cuts {
        orders.life = u64::from(cut);
        let mut running = Running::start(&orders);
        running.listen(&mut records, Duration::from_millis(10 + dice.below(120)));
        image.cut();
        running.kill(&mut records);
        image.restore();
        if let Err(broken) = records.compare(&orders.file) {
            return Some(broken);
        }
    }
    assert!(records.len() > 1000, "{} were acknowledged", records.len());
    None
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    for _ in 0..rounds(1, 15) {
        assert_eq!(cut_until_broken(Faults::default(), 20), None);
    }
}

/// The test above is worth something only if it sees an engine that doesn't sync.
#[test]
fn an_engine_that_does_not_sync_is_caught() {
    let broken = cut_until_broken(Faults { synchronous_off: true, ..Faults::default() }, 20);
    assert!(broken.is_some(), "20 cuts cost nothing");
}

/// And one that acknowledges too early.
#[test]
fn an_engine_that_acknowledges_before_it_commits_is_caught() {
    let broken = cut_until_broken(Faults { ack_before_commit: true, ..Faults::default() }, 20);
    let lost = broken.expect("20 cuts cost something");
    assert!(lost.contains("acknowledged"), "{lost}");
}
