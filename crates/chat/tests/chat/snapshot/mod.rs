//! SNAP-1: for every person, what a client held before, plus the events it was told, is what it would be given afresh.
//! Whatever several people do, in any order; also when events come twice or late.

mod client;
mod play;

use proptest::prelude::*;

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn snapshot_and_events_are_the_next_snapshot(moves in proptest::collection::vec(a_move(), 1..80)) {
        let mut play = Play::new();
        for one in moves {
            play.make(&one);
            play.check(&one);
        }
    }
}
