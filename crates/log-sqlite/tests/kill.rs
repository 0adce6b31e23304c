//! DUR-1 under kill -9: what was acknowledged is in the log, once, and the log is dense.

mod support;

use std::time::Duration;

use support::{
    Dice,
    child::{self, Orders, Running},
    records::Records,
    rounds,
};

/// What a killed process runs; see `support::child`.
#[test]
fn child() {
    child::run_if_asked();
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    kill_again_and_again(false);
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed_while_it_truncates() {
    kill_again_and_again(true);
}

fn kill_again_and_again(truncate: bool) {
    let mut dice = Dice(7);
    // Thirty lives for each log, so that a long run reads no long logs.
    for _ in 0..rounds(1, 34) {
        live_and_die(truncate, &mut dice);
    }
}

fn live_and_die(truncate: bool, dice: &mut Dice) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut orders = Orders { truncate, ..Orders::new(directory.path().join("log.db")) };
    let mut records = Records::default();
    for life in 0..30 {
        orders.life = life;
        let mut running = Running::start(&orders);
        running.listen(&mut records, Duration::from_millis(5 + dice.below(90)));
        running.kill(&mut records);
        if life % 10 == 9 {
            assert_eq!(records.compare(&orders.file), Ok(()), "after life {life}");
        }
    }
    assert!(records.len() > 1000, "{} were acknowledged", records.len());
    assert_eq!(records.refused.len(), 0, "{:?}", records.refused);
}
