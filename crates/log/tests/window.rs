//! The window law: an id is found exactly while it is in the window, whatever comes between.

use std::collections::HashMap;

use loquat_log::{
    DedupeKey,
    window::{First, Window, WindowOptions},
};
use loquat_protocol::PartitionId;
use proptest::prelude::*;

const P: PartitionId = PartitionId(0);

fn key(number: u64) -> DedupeKey {
    DedupeKey(u128::from(number).to_be_bytes())
}

proptest! {
    /// Compared with a map that forgets nothing and looks at the time.
    #[test]
    fn ids_are_found_exactly_while_they_are_in_the_window(
        steps in prop::collection::vec((0..2_u16, 0..60_u64, 0..40_u64), 1..600),
    ) {
        let options = WindowOptions { span_ms: 300, ids_max: 10_000 };
        let mut window = Window::new(options, 2);
        let mut known: HashMap<(u16, u64), First> = HashMap::new();
        let (mut now, mut seqs) = (0, [0; 2]);
        for (partition, number, elapsed) in steps {
            now += elapsed;
            let expected = known.get(&(partition, number)).copied().filter(|first| now - first.time_ms <= 300);
            let id = PartitionId(partition);
            prop_assert_eq!(window.find(id, key(number), now), expected);
            if expected.is_none() {
                seqs[id.index()] += 1;
                let first = First { seq: seqs[id.index()], time_ms: now };
                window.insert(id, key(number), first);
                known.insert((partition, number), first);
            }
        }
    }

    /// At the bound only expired ids go.
    #[test]
    fn the_bound_never_costs_an_id(elapsed in prop::collection::vec(0..30_u64, 1..400)) {
        let options = WindowOptions { span_ms: 100, ids_max: 12 };
        let mut window = Window::new(options, 1);
        let (mut now, mut stored) = (0, Vec::new());
        for (number, elapsed) in (0_u64..).zip(elapsed) {
            now += elapsed;
            if window.make_room(1, now) {
                let first = First { seq: stored.len() as u64 + 1, time_ms: now };
                window.insert(P, key(number), first);
                stored.push((number, first));
            } else {
                prop_assert_eq!(stored.iter().filter(|(_, first)| now - first.time_ms <= 100).count(), 12);
            }
            prop_assert!(window.len() <= 12);
            for (number, first) in stored.iter().rev().take_while(|(_, first)| now - first.time_ms <= 100) {
                prop_assert_eq!(window.find(P, key(*number), now), Some(*first));
            }
        }
    }
}

#[test]
fn a_partition_that_is_idle_gives_its_room_to_others() {
    let mut window = Window::new(WindowOptions { span_ms: 10, ids_max: 4 }, 2);
    for seq in 1..=4 {
        window.insert(P, key(seq), First { seq, time_ms: 5 });
    }
    assert!(!window.make_room(1, 15));
    assert!(window.make_room(3, 16));
    window.insert(PartitionId(1), key(1), First { seq: 1, time_ms: 16 });
    assert_eq!(window.len(), 2);
}

#[test]
fn a_rebuild_reserves_and_continues_anywhere() {
    let mut window = Window::new(WindowOptions::default(), 1);
    window.reserve(P, 100);
    assert_eq!(window.next_seq(P), None);
    // Past 2^32 the index holds half the number.
    let begin = u64::from(u32::MAX) - 50;
    for seq in begin..begin + 100 {
        window.insert(P, key(seq), First { seq, time_ms: 7 });
    }
    assert_eq!(window.next_seq(P), Some(begin + 100));
    assert!((begin..begin + 100).all(|seq| window.find(P, key(seq), 7) == Some(First { seq, time_ms: 7 })));
}
