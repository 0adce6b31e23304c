//! Snapshots of the members, and the changes after them.

use loquat_core::Slot;
use loquat_protocol::{Action, Format};

use super::{channel, member};
use crate::support::{Event, Node, Options, check, opening, wire};

/// Opens a connection and attaches it to `c`.
fn attach(node: &mut Node) -> Slot {
    let slot = node.shards[0].open(node.now, opening("a"));
    ask(node, slot, br#"{"action":10,"channel":"c"}"#);
    slot
}

fn ask(node: &mut Node, slot: Slot, frame: &[u8]) {
    node.shards[0].frame(node.now, &node.place, slot, Format::Json, frame);
}

/// The frames of an action that come out of a turn: channelSerial and members.
fn frames(node: &mut Node, action: Action) -> Vec<(String, Vec<String>)> {
    let frame = |event| match event {
        Event::Frame(_, _, wire::Received::Message(_, frame)) if frame.action() == Some(action) => {
            let names = frame.presence.iter().filter_map(|event| event.client_id.clone()).collect();
            Some((frame.channel_serial.unwrap_or_default(), names))
        }
        _ => None,
    };
    node.turn().into_iter().filter_map(frame).collect()
}

#[test]
fn a_snapshot_at_the_attach_and_each_change_after_it_once() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"clientId":"x"},{"action":2,"clientId":"y"}]
        a: PRESENCE c enter x@a (a:0:0)
        a: PRESENCE c enter y@a (a:0:1)
        a: ACK 0 []
        > b ATTACH c
        b: ATTACHED c #0 HAS_PRESENCE default
        b: SYNC c 2: present x@a (a:0:0) present y@a (a:0:1)
        > a PRESENCE c 1 [{"action":3,"clientId":"x"}]
        a: PRESENCE c leave x@a (a:1:0)
        b: PRESENCE c leave x@a (a:1:0)
        a: ACK 1 []
        > b SYNC c
        b: SYNC c 3: present y@a (a:0:1)
        > b ATTACH d {"flags":131072}
        b: ATTACHED d #0 publish
        > a ATTACH d
        a: ATTACHED d #0 default
        > a PRESENCE d 2 [{"action":2,"clientId":"x"}]
        a: PRESENCE d enter x@a (a:2:0)
        a: ACK 2 []
        > b ATTACH d
        b: ATTACHED d #0 RESUMED HAS_PRESENCE default
        b: SYNC d 4: present x@a (a:2:0)
        "#,
    );
}

#[test]
fn a_large_snapshot_comes_in_pages_of_one_sync() {
    let mut node = Node::new(&Options::default());
    for n in 0..250 {
        node.place.members.apply(&channel(), vec![member(&format!("{n:03}"))]).unwrap();
    }
    attach(&mut node);
    let pages: Vec<_> =
        frames(&mut node, Action::Sync).into_iter().map(|(at, names)| (at, names.len())).collect();
    assert_eq!(pages, [("250:1".into(), 100), ("250:2".into(), 100), ("250:".into(), 50)]);
}

/// MEM-1: what is asked for with a few bytes and answered with many is not written as often as somebody can ask for it
/// in one go.
#[test]
fn a_snapshot_that_is_asked_for_again_and_again_in_a_turn_is_given_once() {
    let mut node = Node::new(&Options::default());
    let entered = node.place.members.apply(&channel(), vec![member("first")]).unwrap();
    let slot = attach(&mut node);
    for _ in 0..100 {
        ask(&mut node, slot, br#"{"action":16,"channel":"c"}"#);
        ask(&mut node, slot, br#"{"action":10,"channel":"c"}"#);
    }
    let more = node.place.members.apply(&channel(), vec![member("second")]).unwrap();
    node.shards[0].presence_changes(node.now, &[entered, more].concat());
    let both = vec!["first".to_owned(), "second".to_owned()];
    assert_eq!(frames(&mut node, Action::Sync), [("2:".to_owned(), both)]);
    ask(&mut node, slot, br#"{"action":16,"channel":"c"}"#);
    assert_eq!(frames(&mut node, Action::Sync).len(), 1);
}

#[test]
fn a_change_that_the_snapshot_had_is_not_told_again_and_the_next_one_is() {
    let mut node = Node::new(&Options::default());
    // The table is ahead of what its shards were told.
    let first = node.place.members.apply(&channel(), vec![member("first")]).unwrap();
    attach(&mut node);
    assert_eq!(frames(&mut node, Action::Sync), [("1:".to_owned(), vec!["first".to_owned()])]);
    let second = node.place.members.apply(&channel(), vec![member("second")]).unwrap();
    node.shards[0].presence_changes(node.now, &first);
    node.shards[0].presence_changes(node.now, &second);
    assert_eq!(frames(&mut node, Action::Presence), [(String::new(), vec!["second".to_owned()])]);
}

#[test]
fn a_reader_that_was_blocked_gets_a_fresh_snapshot() {
    check(
        r#"
        > open a
        a: CONNECTED a
        > open b
        b: CONNECTED b
        > a ATTACH c
        a: ATTACHED c #0 default
        > b ATTACH c
        b: ATTACHED c #0 default
        > a PRESENCE c 0 [{"action":2,"clientId":"x"}]
        a: PRESENCE c enter x@a (a:0:0)
        b: PRESENCE c enter x@a (a:0:0)
        a: ACK 0 []
        > block b
        > a PRESENCE c 1 [{"action":2,"clientId":"y"}]
        a: PRESENCE c enter y@a (a:1:0)
        a: ACK 1 []
        > drain b
        b: SYNC c 2: present x@a (a:0:0) present y@a (a:1:0)
        > block b
        > drain b
        > block b
        > a PRESENCE c 2 [{"action":3,"clientId":"x"},{"action":3,"clientId":"y"}]
        a: PRESENCE c leave x@a (a:2:0)
        a: PRESENCE c leave y@a (a:2:1)
        a: ACK 2 []
        > drain b
        b: SYNC c 4:
        > b SYNC c
        b: SYNC c 4:
        "#,
    );
}
