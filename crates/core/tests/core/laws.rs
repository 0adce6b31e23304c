//! Laws over random histories of a node in miniature: what every client saw is compared with what the log holds.

mod client;
mod evidence;
mod history;

use std::collections::BTreeMap;

use loquat_core::Limits;
use proptest::prelude::*;

use crate::support::Options;
use history::{History, Step};

fn step() -> impl Strategy<Value = Step> {
    let (client, channel) = (0..3_usize, 0..2_usize);
    prop_oneof![
        4 => (client.clone(), channel.clone(), 1..3_usize).prop_map(|(c, ch, n)| Step::Publish(c, ch, n)),
        3 => (client.clone(), channel.clone()).prop_map(|(c, ch)| Step::Attach(c, ch)),
        1 => (client.clone(), channel.clone(), 1..5_u32).prop_map(|(c, ch, n)| Step::Rewind(c, ch, n)),
        1 => (client.clone(), channel.clone()).prop_map(|(c, ch)| Step::Detach(c, ch)),
        2 => (client.clone(), 0..2_usize).prop_map(|(c, shard)| Step::Reconnect(c, shard)),
        2 => client.clone().prop_map(Step::Block),
        2 => client.clone().prop_map(Step::Drain),
        2 => (client.clone(), channel.clone(), any::<bool>()).prop_map(|(c, ch, on)| Step::Presence(c, ch, on)),
        4 => (0..2_usize, 1..4_usize).prop_map(|(shard, n)| Step::Feed(shard, n)),
        4 => (1..4_usize).prop_map(Step::Commit),
        2 => (0..4_usize).prop_map(Step::Answer),
        3 => Just(Step::Turn),
        1 => Just(Step::Prune),
    ]
}

fn options(ring_bytes: usize, pieces: usize) -> Options {
    let limits = Limits { partitions: 2, catch_up_entries: pieces, ..Limits::default() };
    Options { limits, shards: 2, ring_bytes, ..Options::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_law_holds(
        steps in prop::collection::vec(step(), 1..120),
        ring_bytes in prop_oneof![Just(0), Just(3_000), Just(usize::MAX)],
        pieces in 1..4_usize,
    ) {
        let mut history = History::new(&options(ring_bytes, pieces));
        for step in &steps {
            history.step(step);
        }
        history.come_to_rest();
        for (who, channel, span) in history.spans() {
            let stored = history.stored(channel);
            // GAP-1, CUT-1, TAIL-1: after the attach point everything, once, and in order; until the end if it goes on.
            let last = span.rows.last().map_or(span.start, |(seq, _)| *seq);
            let until = if span.goes_on { u64::MAX } else { last };
            let mut promised: Vec<_> =
                stored.iter().filter(|(seq, _)| span.start < *seq && *seq <= until).cloned().collect();
            if let (true, Some(first), Some((seq, texts))) = (span.rewound, promised.first_mut(), span.rows.first()) {
                // A rewind by count leaves out the beginning of the first entry.
                if first.0 == *seq && first.1.ends_with(texts) {
                    first.1.clone_from(texts);
                }
            }
            prop_assert_eq!(&span.rows, &promised, "{} on {}", who, channel);
        }
        // Presence: the fold of what each subscriber was told is the table.
        for (who, channel, view) in history.views() {
            prop_assert_eq!(view, history.members(channel), "{} on {}", who, channel);
        }
        // Every publish has one answer, in the order of the msgSerials.
        for (who, (sent, answered)) in history.answers() {
            prop_assert_eq!(answered, (0..sent).collect::<Vec<i64>>(), "{}", who);
        }
        // MEM-1: nothing but answers and small frames while blocked; at rest nothing waits.
        prop_assert_eq!(&history.queued_while_blocked, &BTreeMap::new());
        prop_assert!(history.node.shards.iter().all(|shard| !shard.has_catch_up()));
    }
}
