//! Retention by class: realtime channels forget, the rooms of the same partition do not.

use loquat_node::clock::wall_ms;
use loquat_protocol::{Action, Flags, Serial, entry::EntryKind};
use loquat_store::{Direction, HistoryQuery};

use crate::support::{Client, House, Running, channel, wait_for};

const ROOM: &str = "r_aaaaaaaaaaaaaaaa::$chat";

/// The texts of a channel's past, and up to where it may have gaps.
fn past(running: &Running, name: &str) -> (Vec<String>, u64) {
    let query = HistoryQuery {
        channel: channel(name),
        kind: EntryKind::Message,
        from_seq: 1,
        to_seq: u64::MAX,
        start_ms: 0,
        end_ms: u64::MAX,
        direction: Direction::Forwards,
        limit: 1_000,
    };
    let past = running.past(&query).unwrap();
    let text = |entry: &std::sync::Arc<loquat_core::feed::FeedEntry>| {
        crate::support::texts_of(&loquat_core::render::message(entry, &entry.messages(), 0))
    };
    (past.entries.iter().flat_map(text).collect(), past.pruned_seq)
}

/// A node with one partition, in which a room and a realtime channel took turns, and nothing is left of the latter.
fn aged(rooms_retention_ms: Option<u64>) -> (House, Running, Vec<Serial>, Vec<Serial>) {
    let mut house = House::new(1).without_rings();
    (house.options.retention_ms, house.options.rooms_retention_ms) = (300, rooms_retention_ms);
    let running = house.start(None);
    let serials = (0..10).map(|number| {
        (running.publish(ROOM, &format!("room {number}")), running.publish("c", &format!("live {number}")))
    });
    let (room, live): (Vec<_>, Vec<_>) = serials.unzip();
    wait_for("retention", || past(&running, "c").0.is_empty());
    wait_for("the log to be truncated", || house.first_seq(0) == 21);
    (house, running, room, live)
}

#[test]
fn a_room_is_kept_while_the_channel_beside_it_is_forgotten() {
    let began = wall_ms();
    let (mut house, running, room, live) = aged(None);
    assert!(wall_ms() - began >= 300, "not before its time");
    assert_eq!(past(&running, "c"), (vec![], live[9].seq));
    let texts: Vec<_> = (0..10).map(|number| format!("room {number}")).collect();
    assert_eq!(past(&running, ROOM), (texts.clone(), 0));

    // After a restart, too, the node knows what is gone of which.
    drop(running);
    house.reopen_log();
    let running = house.start(None);
    let mut client = Client::key(&running);
    let resume = |serial: Serial| format!(r#","channelSerial":"{serial}""#);
    let attached = client.attach(ROOM, &resume(room[2]));
    assert!(attached.flags().contains(Flags::RESUMED) && attached.error.is_none(), "{attached:?}");
    assert_eq!(client.texts(7), texts[3..]);

    wait_for("the node to know what was pruned", || {
        let mut client = Client::key(&running);
        client.attach("c", &resume(live[2])).error.is_some_and(|error| error.code == 90003)
    });
    let mut client = Client::key(&running);
    let attached = client.attach(ROOM, r#","params":{"rewind":"4"}"#);
    assert!(attached.flags().contains(Flags::HAS_BACKLOG), "{attached:?}");
    assert_eq!(client.texts(4), texts[6..]);
    running.publish(ROOM, "and on");
    assert_eq!(client.texts(1), ["and on"]);
    assert_eq!(client.attach(ROOM, "").action(), Some(Action::Attached));
}

#[test]
fn an_operator_may_let_rooms_be_forgotten_too() {
    let (_house, running, room, _) = aged(Some(300));
    wait_for("retention of rooms", || past(&running, ROOM).0.is_empty());
    assert_eq!(past(&running, ROOM).1, room[9].seq);
    let mut client = Client::key(&running);
    let attached = client.attach(ROOM, &format!(r#","channelSerial":"{}""#, room[2]));
    assert_eq!(attached.error.map(|error| error.code), Some(90003));
}
