//! kill -9 under load, again and again.

use std::time::Duration;

use loquat_testkit::{Crowd, Dice, Setup, crowd::Options, laws};

/// `LOQUAT_TEST_KILLS` asks for more.
const KILLS: u64 = 40;
/// Latecomers that stay.
const LATECOMERS: usize = 6;

#[test]
fn heavy_no_kill_loses_doubles_or_reorders_a_message() {
    let kills = std::env::var("LOQUAT_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let setup = Setup::new();
    let mut server = setup.start();
    let options = Options::small(setup.address);
    let channels = options.channels.clone();
    let mut dice = Dice(kills);
    let mut crowd = Crowd::start(options, 1);
    for kill in 0..kills {
        crowd.works(40);
        // Histories grow; in a long run not every life needs its latecomer.
        if kill < KILLS || kill % 20 == 0 {
            crowd.latecomer(kill as usize, LATECOMERS);
        }
        std::thread::park_timeout(Duration::from_millis(dice.below(900)));
        server.kill();
        server = setup.start();
    }
    crowd.works(40);
    let evidence = crowd.finish();
    let summary = laws::check(&evidence, setup.address, &channels, laws::Disk::Sound);
    eprintln!("{kills} kills: {summary:?}");
    assert!(summary.connections > kills as usize, "the clients were there: {summary:?}");
}
