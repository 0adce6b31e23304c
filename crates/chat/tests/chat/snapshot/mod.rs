//! SNAP-1: for every person, what a client held before, plus the events it was told, is what it would be given afresh.
//! Whatever several people do, in any order; also when events come twice or late.

mod client;
mod play;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use loquat_store::people::{MemoryPeople, PeopleStore};
use loquat_store_sqlite::SqlitePeople;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use play::{Move, Play};

fn a_move() -> impl Strategy<Value = Move> {
    let n = || 0..8_u8;
    prop_oneof![
        2 => (n(), n(), n()).prop_map(|(who, kind, with)| Move::Create { who, kind, with }),
        2 => (n(), n()).prop_map(|(who, room)| Move::Join { who, room }),
        3 => (n(), n(), n(), n()).prop_map(|(who, room, whom, role)| Move::SetMember { who, room, whom, role }),
        2 => (n(), n(), n()).prop_map(|(who, room, whom)| Move::Remove { who, room, whom }),
        2 => (n(), n(), n()).prop_map(|(who, room, how)| Move::Change { who, room, how }),
        6 => (n(), n(), n()).prop_map(|(who, room, whom)| Move::Say { who, room, whom }),
        4 => (n(), n(), n(), any::<bool>())
            .prop_map(|(who, room, back, backwards)| Move::Read { who, room, back, backwards }),
        1 => (n(), n()).prop_map(|(who, how)| Move::Profile { who, how }),
        1 => (n(), any::<bool>()).prop_map(|(whom, off)| Move::Deactivate { whom, off }),
        1 => (n(), n(), n()).prop_map(|(who, room, whom)| Move::Invite { who, room, whom }),
        2 => n().prop_map(|who| Move::Connect { who }),
        1 => n().prop_map(|who| Move::Disconnect { who }),
        2 => (n(), n()).prop_map(|(who, which)| Move::Repeat { who, which }),
        1 => (n(), any::<bool>()).prop_map(|(whom, off)| Move::Elsewhere { whom, off }),
    ]
}

/// Plays many games, each over a store of its own.
fn play(cases: u32, store: impl Fn() -> Arc<dyn PeopleStore>) {
    // More by PROPTEST_CASES.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let games = proptest::collection::vec(a_move(), 1..80);
    TestRunner::new(config)
        .run(&games, |moves| {
            let mut play = Play::over(store());
            for one in moves {
                play.make(&one);
                play.check(&one);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn snapshot_and_events_are_the_next_snapshot() {
    play(128, || Arc::new(MemoryPeople::default()));
}

#[test]
fn so_they_are_over_the_embedded_engine() {
    let folders = tempfile::tempdir().unwrap();
    let games = AtomicU32::new(0);
    play(8, || {
        let folder = folders.path().join(games.fetch_add(1, Ordering::Relaxed).to_string());
        std::fs::create_dir(&folder).unwrap();
        Arc::new(SqlitePeople::open(&folder, &loquat_store_sqlite::Options::default()).unwrap())
    });
}
