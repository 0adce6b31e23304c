//! Open connections: what they may do follows each change, and the table is as large as there are connections.

use std::thread;

use loquat_protocol::{Operation, Operations};
use loquat_store::people::{RoomKind, RoomRole};

use crate::support::{World, in_room};

#[test]
fn rights_follow_without_a_new_token() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let connection = world.connect(&bob);
    let room = world.room(&ada, RoomKind::Private, &[]);
    assert!(in_room(&*connection, &room).is_empty());
    world.chat.set_member(&ada.actor, &room, &bob.id, RoomRole::ReadOnly).unwrap();
    let reading = in_room(&*connection, &room);
    assert!(reading.contains(Operation::Subscribe) && !reading.contains(Operation::Publish));
    world.ports.take_rights();
    world.chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Member).unwrap();
    assert!(in_room(&*connection, &room).contains(Operation::Publish));
    assert_eq!(world.ports.take_rights(), std::slice::from_ref(&bob.id));
    world.chat.remove_member(&bob.actor, &room, &bob.id).unwrap();
    assert!(in_room(&*connection, &room).is_empty());
}

#[test]
fn two_sessions_of_one_person_stand_on_their_own() {
    let (world, _) = World::with_ada();
    let laptop = world.sign_up("bob");
    let phone = world.sign_in("bob");
    let room = world.room(&laptop, RoomKind::Private, &[]);
    let (on_laptop, on_phone) = (world.connect(&laptop), world.connect(&phone));
    world.chat.sign_out(&phone.actor).unwrap();
    assert!(on_phone.revoked().is_some() && in_room(&*on_phone, &room).is_empty());
    assert!(on_laptop.revoked().is_none() && !in_room(&*on_laptop, &room).is_empty());
    let refused = world.standings().standing(phone.id.as_str(), phone.actor.credential().as_str());
    assert_eq!(refused.err().unwrap().code, 40141);
}

#[test]
fn only_who_is_there_is_told() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let connection = world.connect(&bob);
    world.ports.take_told();
    world.log.say(&room, ada.id.as_str(), "hello");
    assert_eq!(world.ports.take_told().len(), 1, "not to Ada, who has no connection");
    drop(connection);
    world.log.say(&room, ada.id.as_str(), "hello");
    world.chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Moderator).unwrap();
    assert!(world.ports.take_told().is_empty());
}

#[test]
fn a_session_that_expires_takes_its_connections_along() {
    let (world, _) = World::with_ada();
    let bob = world.sign_up("bob");
    let connection = world.connect(&bob);
    world.pass_ms(world.chat.options().session_ttl_ms - 1);
    world.chat.refresh_if_changed().unwrap();
    assert!(connection.revoked().is_none());
    world.pass_ms(60_000);
    world.chat.refresh_if_changed().unwrap();
    assert!(connection.revoked().is_some());
    assert!(world.ports.take_rights().contains(&bob.id));
    let refused = world.standings().standing(bob.id.as_str(), bob.actor.credential().as_str());
    assert_eq!(refused.err().unwrap().code, 40141);
}

#[test]
fn whoever_was_given_a_token_is_expected_for_a_while() {
    let (world, ada) = World::with_ada();
    let room = world.room(&ada, RoomKind::Private, &[]);
    world.chat.realtime_token(&ada.actor).unwrap();
    world.log.say(&room, "script", "hello");
    assert_eq!(world.ports.take_told().len(), 1);
    world.pass_ms(30_000);
    world.chat.refresh_if_changed().unwrap();
    world.log.say(&room, "script", "hello");
    assert!(world.ports.take_told().is_empty());
}

#[test]
fn coming_and_going_beside_changes_ends_in_the_truth() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let world = &world;
    let member_of = |round: usize| round.is_multiple_of(2);
    let rounds = 2_000;
    thread::scope(|scope| {
        let (bob, room) = (&bob, &room);
        scope.spawn(move || {
            for round in 1..=rounds {
                if member_of(round) {
                    // People don't come and go so fast.
                    world.pass_ms(10_000);
                    world.chat.set_member(&ada.actor, room, &bob.id, RoomRole::Member).unwrap();
                } else {
                    drop(world.chat.remove_member(&ada.actor, room, &bob.id));
                }
            }
        });
        for _ in 0..2 {
            scope.spawn(move || {
                for _ in 0..rounds {
                    let connection = world.connect(bob);
                    // While nothing else runs, it is the one or the other.
                    let operations = in_room(&*connection, room);
                    assert!(operations == Operations::NONE || operations.contains(Operation::Publish));
                }
            });
        }
    });
    let connection = world.connect(&bob);
    assert_eq!(in_room(&*connection, &room).contains(Operation::Publish), member_of(rounds));
    world.ports.take_told();
    world.log.say(&room, "script", "hello");
    assert_eq!(world.ports.take_told().len(), 1, "and is told once");
}
