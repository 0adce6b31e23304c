//! From the log to what is unread.

use loquat_protocol::{Data, Message};
use loquat_store::{StoreErrorKind, people::RoomKind};

use crate::support::{Someone, World, code, said};

struct Scene {
    world: World,
    ada: Someone,
    bob: Someone,
    room: loquat_store::people::RoomId,
}

fn scene() -> Scene {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    Scene { world, ada, bob, room }
}

impl Scene {
    /// Messages, unread, mentions, as somebody's listing has them.
    fn counts(&self, who: &Someone) -> (u64, u64, u64) {
        let listing = self.world.chat.my_room(&who.actor, &self.room).unwrap();
        (listing.room.messages, listing.unread.unread, listing.unread.mentions)
    }
}

#[test]
fn messages_of_others_are_unread_and_mentions_are_counted() {
    let scene = scene();
    let say = |who: &Someone, text| scene.world.log.say(&scene.room, who.id.as_str(), text);
    say(&scene.ada, "hello @bob, and @bob again");
    say(&scene.ada, "`@bob` in code, @ada herself, @nobody");
    say(&scene.bob, "@all: lunch");
    assert_eq!(scene.counts(&scene.ada), (3, 1, 1));
    assert_eq!(scene.counts(&scene.bob), (3, 2, 1));
    // Somebody who isn't in the room isn't spoken to, also not later.
    let eve = scene.world.sign_up("eve");
    say(&scene.ada, "what would @eve say?");
    scene
        .world
        .chat
        .set_member(&scene.ada.actor, &scene.room, &eve.id, loquat_store::people::RoomRole::Member)
        .unwrap();
    assert_eq!(scene.counts(&eve), (4, 0, 0));
}

#[test]
fn what_is_no_message_of_the_room_does_not_count() {
    let scene = scene();
    let channel = format!("{}::$chat", scene.room);
    let plain = said("script", "one");
    let other = Message { name: Some("chat.other".into()), ..plain.clone() };
    let update = Message { action: Some(1), ..plain.clone() };
    let unreadable = Message { data: Data::Text("{".into()), ..plain.clone() };
    scene.world.log.publish(&channel, vec![other, plain, update, unreadable]).unwrap();
    assert_eq!(scene.counts(&scene.ada), (2, 2, 0), "the plain one, and one that says nothing readable");
    let last = scene.world.chat.my_room(&scene.ada.actor, &scene.room).unwrap().room.last_serial;
    assert_eq!(last.as_deref(), Some("0001-0000000000000001:003"));
}

#[test]
fn a_stretch_is_applied_once_and_in_its_place() {
    let scene = scene();
    let channel = format!("{}::$chat", scene.room);
    let apply = |after_seq| scene.world.log.apply(after_seq, &channel, vec![said("script", "x")]);
    assert_eq!(apply(0), Ok(()));
    for wrong in [0, 2] {
        assert_eq!(apply(wrong).unwrap_err().kind, StoreErrorKind::OutOfOrder);
    }
    assert_eq!(apply(1), Ok(()));
    assert_eq!(scene.counts(&scene.ada).0, 2);
    let partition = loquat_protocol::PartitionId(0);
    scene.world.log.projector.sync().unwrap();
    assert_eq!(scene.world.log.projector.durable_seq(partition), Ok(2));
    assert_eq!(scene.world.log.projector.cursor(loquat_protocol::PartitionId(7)), Ok(0));
}

#[test]
fn who_is_there_is_told_absolute_values() {
    let scene = scene();
    let connections = [scene.world.connect(&scene.ada), scene.world.connect(&scene.bob)];
    scene.world.ports.take_told();
    let serial = scene.world.log.say(&scene.room, scene.ada.id.as_str(), "@bob and @ada");
    let told = scene.world.ports.take_told();
    assert_eq!(told.len(), connections.len());
    for told in told {
        assert_eq!(told.name, "room.activity");
        let is_bob = told.person == scene.bob.id;
        let expected = serde_json::json!({
            "room": scene.room, "messages": 1, "last_serial": serial, "last_ms": 1,
            "unread": u64::from(is_bob), "mentions": u64::from(is_bob), "mentioned": is_bob,
            "version": told.data["version"],
        });
        assert_eq!(told.data, expected);
    }
}

#[test]
fn reading_moves_forward_unless_told_otherwise() {
    let scene = scene();
    let (chat, room) = (&scene.world.chat, &scene.room);
    let first = scene.world.log.say(room, scene.ada.id.as_str(), "one");
    let second = scene.world.log.say(room, scene.ada.id.as_str(), "two");
    let read = |serial: Option<&str>, backwards| {
        let state = chat.mark_read(&scene.bob.actor, room, serial, backwards).unwrap();
        (state.read_serial, state.unread)
    };
    assert_eq!(read(Some(&first), false), (Some(first.clone()), 1));
    assert_eq!(read(None, false), (Some(second.clone()), 0));
    assert_eq!(read(Some(&first), false), (Some(second.clone()), 0), "a slow device takes nothing back");
    assert_eq!(read(Some(&first), true), (Some(first.clone()), 1));
    assert_eq!(read(Some("0001-0000000000000000:000"), true), (None, 2));
    for serial in ["", "x", "0001", "9999-ffffffffffffffff", &"0".repeat(100_000)] {
        assert_eq!(code(chat.mark_read(&scene.bob.actor, room, Some(serial), false)), 40003);
    }
}

#[test]
fn the_other_device_hears_what_was_read_once() {
    let scene = scene();
    let _connection = scene.world.connect(&scene.bob);
    scene.world.log.say(&scene.room, scene.ada.id.as_str(), "one");
    scene.world.ports.take_told();
    scene.world.chat.mark_read(&scene.bob.actor, &scene.room, None, false).unwrap();
    assert_eq!(scene.world.ports.take_names(&scene.bob.id), ["room.activity", "room.changed"]);
    scene.world.chat.mark_read(&scene.bob.actor, &scene.room, None, false).unwrap();
    assert!(scene.world.ports.take_told().is_empty(), "nothing has moved");
}

#[test]
fn a_message_that_was_read_before_it_was_counted_is_read() {
    let scene = scene();
    let chat = &scene.world.chat;
    let say = || scene.world.log.say(&scene.room, scene.ada.id.as_str(), "@bob");
    let ahead = |by: u64| {
        let last = chat.my_room(&scene.bob.actor, &scene.room).unwrap().room.last_serial.unwrap();
        let serial: loquat_protocol::MessageSerial = last.parse().unwrap();
        let entry = loquat_protocol::Serial { seq: serial.entry.seq + by, ..serial.entry };
        loquat_protocol::MessageSerial { entry, ..serial }.to_string()
    };
    let mark = |serial: &str| chat.mark_read(&scene.bob.actor, &scene.room, Some(serial), false).unwrap();
    say();
    let _connection = scene.world.connect(&scene.bob);
    mark(&ahead(2));
    scene.world.ports.take_told();
    say();
    assert_eq!(scene.counts(&scene.bob), (2, 0, 0));
    assert_eq!(scene.world.ports.take_names(&scene.bob.id).last(), Some(&"room.changed"));
    say();
    assert_eq!(scene.counts(&scene.bob), (3, 0, 0));
    say();
    assert_eq!(scene.counts(&scene.bob), (4, 1, 1), "what comes after the marker is news");
    // A disk may stall for a while; a marker that nothing ever comes up to is forgotten.
    mark(&ahead(1));
    scene.world.pass_ms(29_999);
    say();
    assert_eq!(scene.counts(&scene.bob), (5, 0, 0));
    mark(&ahead(1_000));
    scene.world.pass_ms(30_001);
    say();
    assert_eq!(scene.counts(&scene.bob), (6, 1, 1));
}
