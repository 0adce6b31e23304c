//! Laws of asking about the past.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use loquat_protocol::{Serial, entry::EntryKind};

use super::{
    Fixture,
    make::{P, all, ask, batch, channel, channel_of, fill, row, row_in, seqs},
};
use crate::{Direction, History, HistoryQuery, Projection};

/// Every field survives, for small, empty and large bodies and any name.
pub fn rows_come_back_as_they_were<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let mut rows =
        vec![row("plain", 1), row("a name with spaces, 漢字 and 🍊", 2), row(&"n".repeat(1024), 3)];
    rows[0].body = Bytes::new();
    rows[1].body = Bytes::from(vec![0xa5; 300_000]);
    rows[1].serial = Serial::new(u16::MAX, 2);
    rows[2].items = u16::MAX;
    rows[2].kind = EntryKind::Presence;
    rows[2].time_ms = 4_000_000_000_000;
    store.apply(&batch(0, rows.clone())).unwrap();
    for row in rows {
        let query = HistoryQuery { kind: row.kind, ..all(row.channel.clone()) };
        assert_eq!(ask(store, &query), [row]);
    }
}

/// Forwards is oldest first, backwards newest first; the limit cuts at the far end.
pub fn both_directions_and_limits<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    fill(store, "a", 300);
    let forwards = HistoryQuery { limit: 200, ..all(channel("a")) };
    let backwards = HistoryQuery { direction: Direction::Backwards, ..forwards.clone() };
    assert_eq!(seqs(store, &forwards), (1..=200).collect::<Vec<_>>());
    assert_eq!(seqs(store, &backwards), (101..=300).rev().collect::<Vec<_>>());
    assert_eq!(seqs(store, &HistoryQuery { limit: 1, ..backwards }), [300]);
    assert!(seqs(store, &HistoryQuery { limit: 0, ..forwards }).is_empty());
}

/// Both ends of a range of sequence numbers belong to it, whether or not the channel has an entry there.
pub fn bounds_in_sequence_are_inclusive<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let rows: Vec<_> = (1..=400).map(|n| row(if n % 2 == 0 { "even" } else { "odd" }, n)).collect();
    store.apply(&batch(0, rows)).unwrap();
    for (from_seq, to_seq) in [(100, 110), (99, 111), (1, 2), (2, 2), (3, 3), (400, 900), (401, 900), (7, 6)]
    {
        let expected: Vec<u64> = (from_seq..=to_seq.min(400)).filter(|seq| seq % 2 == 0).collect();
        let query = HistoryQuery { from_seq, to_seq, ..all(channel("even")) };
        assert_eq!(seqs(store, &query), expected, "{from_seq}..={to_seq}");
        let mut answer = seqs(store, &HistoryQuery { direction: Direction::Backwards, ..query });
        answer.reverse();
        assert_eq!(answer, expected, "{from_seq}..={to_seq} backwards");
    }
}

/// Both ends of a range of time belong to it, also where many entries share one time.
pub fn bounds_in_time_are_inclusive<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let time_ms = |seq: u64| 1_000 + seq / 10;
    let rows: Vec<_> = (1..=500).map(|n| crate::Row { time_ms: time_ms(n), ..row("a", n) }).collect();
    store.apply(&batch(0, rows)).unwrap();
    for (start_ms, end_ms) in [(1_010, 1_012), (0, 1_000), (1_050, 9_999), (1_051, 9_999), (1_005, 1_004)] {
        let expected: Vec<u64> = (1..=500).filter(|n| (start_ms..=end_ms).contains(&time_ms(*n))).collect();
        let query = HistoryQuery { start_ms, end_ms, ..all(channel("a")) };
        assert_eq!(seqs(store, &query), expected, "{start_ms}..={end_ms}");
        let newest = HistoryQuery { direction: Direction::Backwards, limit: 3, ..query };
        let expected: Vec<u64> = expected.into_iter().rev().take(3).collect();
        assert_eq!(seqs(store, &newest), expected, "{start_ms}..={end_ms} backwards");
    }
}

/// A question is about one kind of one channel of one app.
pub fn kinds_channels_and_apps_are_apart<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let mut rows = vec![row("a", 1), row("b", 2), row("a", 3), row_in(P, channel_of("other", "a"), 4)];
    rows[2].kind = EntryKind::Presence;
    store.apply(&batch(0, rows)).unwrap();
    assert_eq!(seqs(store, &all(channel("a"))), [1]);
    assert_eq!(seqs(store, &HistoryQuery { kind: EntryKind::Presence, ..all(channel("a")) }), [3]);
    assert_eq!(seqs(store, &all(channel_of("other", "a"))), [4]);
    assert!(seqs(store, &all(channel_of("app", "A"))).is_empty());
}

/// Paging from either end, each page starting past the last, gives everything once.
pub fn pages_add_up_to_the_whole<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let rows: Vec<_> = (1..=700).map(|n| row(["a", "b", "c"][n as usize % 3], n)).collect();
    for part in rows.chunks(90) {
        store.apply(&batch(part[0].serial.seq - 1, part.to_vec())).unwrap();
    }
    let whole = seqs(store, &all(channel("b")));
    let mut query = HistoryQuery { limit: 7, direction: Direction::Backwards, ..all(channel("b")) };
    let mut paged = Vec::new();
    loop {
        let page = seqs(store, &query);
        let Some(last) = page.last() else { break };
        query.to_seq = last - 1;
        paged.extend(page);
    }
    paged.reverse();
    assert_eq!(paged, whole);
}

/// While batches are applied by another thread, an answer holds exactly the rows up to the cursor beside it.
pub fn an_answer_is_complete_up_to_its_cursor<F: Fixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..100 {
                let rows = (n * 10 + 1..=n * 10 + 10).map(|seq| row("a", seq)).collect();
                store.apply(&batch(n * 10, rows)).unwrap();
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            let (rows, cursor) = store.query(&all(channel("a")), P).unwrap();
            assert_eq!(rows.len() as u64, cursor.seq);
        }
    });
}
