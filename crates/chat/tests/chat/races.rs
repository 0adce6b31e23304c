//! Two at once: one of them is first.

use std::thread;

use loquat_chat::{AccountChange, ChatError, NewInvitation, NewRoom};
use loquat_protocol::Operation;
use loquat_store::people::{RoomKind, RoomRole};

use crate::support::{PASSWORD, World, account, code, in_room, visitor};

/// Runs all at once; the codes of what they answer, sorted.
fn race<T: Send>(racers: Vec<impl FnOnce() -> Result<T, ChatError> + Send>) -> Vec<u32> {
    thread::scope(|scope| {
        let running: Vec<_> = racers.into_iter().map(|racer| scope.spawn(move || code(racer()))).collect();
        let mut codes: Vec<u32> = running.into_iter().map(|racer| racer.join().unwrap()).collect();
        codes.sort_unstable();
        codes
    })
}

#[test]
fn a_handle_goes_to_one_of_those_who_want_it() {
    let (world, ada) = World::with_ada();
    let racers = (0..4).map(|_| || world.chat.sign_up(&visitor(1), &account("bob"), None)).collect();
    assert_eq!(race(racers), [0, 41010, 41010, 41010]);
    assert_eq!(world.chat.counts(&ada.actor).unwrap().0, 2);
}

#[test]
fn two_people_who_set_the_server_up_at_once_are_one() {
    let world = World::new(loquat_chat::Options::for_test());
    let setup_code = world.chat.setup_code().unwrap().unwrap();
    let (world, setup_code) = (&world, &setup_code);
    let racers = ["ada", "bob", "eve"];
    let racers = racers.map(|handle| move || world.chat.set_up(&visitor(1), setup_code, &account(handle)));
    assert_eq!(race(racers.into()), [0, 41025, 41025]);
}

#[test]
fn two_owners_do_not_both_leave_the_others_behind() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    for _ in 0..20 {
        let room = &world.room(&ada, RoomKind::Private, &[&bob, &eve]);
        world.chat.set_member(&ada.actor, room, &bob.id, RoomRole::Owner).unwrap();
        let chat = &world.chat;
        let leave = [&ada, &bob].map(|owner| move || chat.remove_member(&owner.actor, room, &owner.id));
        assert_eq!(race(leave.into()), [0, 41041]);
    }
}

#[test]
fn two_who_write_to_each_other_for_the_first_time_meet_in_one_room() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = |one: &crate::support::Someone, other: &crate::support::Someone| {
        let members = vec![other.id.clone()];
        let new = NewRoom { kind: RoomKind::Direct, name: String::new(), topic: String::new(), members };
        world.chat.create_room(&one.actor, &new).unwrap().0.room.id
    };
    let (ada, bob, room) = (&ada, &bob, &room);
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(move || room(ada, bob));
        let other = scope.spawn(move || room(bob, ada));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one, other);
}

#[test]
fn of_two_new_passwords_one_counts_and_no_session_of_the_old_one_is_left() {
    let (world, _) = World::with_ada();
    let (laptop, phone) = (world.sign_up("bob"), world.sign_in("bob"));
    let chat = &world.chat;
    let change = [(&laptop, "first new password"), (&phone, "second new password")]
        .map(|(one, new)| move || chat.change_password(&one.actor, &visitor(1), PASSWORD, new));
    assert_eq!(race(change.into()), [0, 41003]);
    let left = [&laptop, &phone].map(|one| chat.authenticate_session(&one.secret, &visitor(1)).is_ok());
    assert_eq!(left.iter().filter(|left| **left).count(), 1);
    assert_eq!(code(chat.sign_in(&visitor(1), "bob", PASSWORD)), 41002);
}

#[test]
fn a_sign_in_that_a_new_password_overtakes_gets_nowhere() {
    let (world, _) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    let secrets: Vec<String> = thread::scope(|scope| {
        let signing_in: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let tries = (0..20).filter_map(|_| chat.sign_in(&visitor(1), "bob", PASSWORD).ok());
                    tries.map(|signed_in| signed_in.secret).collect::<Vec<_>>()
                })
            })
            .collect();
        chat.change_password(&bob.actor, &visitor(2), PASSWORD, "another plum tree").unwrap();
        signing_in.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    for secret in secrets {
        assert_eq!(code(chat.authenticate_session(&secret, &visitor(1))), 41001);
    }
    assert_eq!(chat.sessions(&bob.actor).unwrap().len(), 1);
}

#[test]
fn an_owner_who_leaves_while_the_other_is_demoted_leaves_an_owner() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    for _ in 0..20 {
        world.pass_ms(60_000);
        let room = &world.room(&ada, RoomKind::Private, &[&bob, &eve]);
        world.chat.set_member(&ada.actor, room, &bob.id, RoomRole::Owner).unwrap();
        let chat = &world.chat;
        let (ada, bob) = (&ada, &bob);
        let leave: Box<dyn FnOnce() -> Result<(), ChatError> + Send> =
            Box::new(move || chat.remove_member(&ada.actor, room, &ada.id));
        let demote: Box<dyn FnOnce() -> Result<(), ChatError> + Send> =
            Box::new(move || chat.set_member(&bob.actor, room, &bob.id, RoomRole::Member).map(drop));
        assert_eq!(race(vec![leave, demote]), [0, 41041]);
        let members = world.store.members_of(room, None, 10).unwrap();
        assert_eq!(members.iter().filter(|(member, _)| member.role == RoomRole::Owner).count(), 1);
    }
}

#[test]
fn whoever_is_made_read_only_while_they_come_and_go_is_read_only() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let (world, bob) = (&world, &bob);
    for _ in 0..20 {
        let room = &world.room(&ada, RoomKind::Public, &[bob]);
        let come_and_go = || {
            world.pass_ms(10_000);
            drop(world.chat.remove_member(&bob.actor, room, &bob.id));
            drop(world.chat.join_room(&bob.actor, room));
        };
        thread::scope(|scope| {
            scope.spawn(|| (0..20).for_each(|_| come_and_go()));
            world.chat.set_member(&ada.actor, room, &bob.id, RoomRole::ReadOnly).unwrap();
        });
        come_and_go();
        assert_eq!(world.chat.my_room(&bob.actor, room).unwrap().membership.role, RoomRole::ReadOnly);
        let connection = world.connect(bob);
        assert!(!in_room(&*connection, room).contains(Operation::Publish));
    }
}

#[test]
fn whoever_signs_in_while_they_are_deactivated_is_out_afterwards() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let (chat, standings) = (&world.chat, world.standings());
    let (secrets, connections) = thread::scope(|scope| {
        let signing_in = scope.spawn(|| {
            let tries = (0..60).filter_map(|_| chat.sign_in(&visitor(1), "bob", PASSWORD).ok());
            tries.map(|signed_in| signed_in.secret).collect::<Vec<_>>()
        });
        let connecting = scope.spawn(|| {
            let credential = bob.actor.credential().as_str();
            let tries = (0..200).filter_map(|_| standings.standing(bob.id.as_str(), credential).ok());
            tries.collect::<Vec<_>>()
        });
        let change = AccountChange { deactivated: Some(true), ..AccountChange::default() };
        chat.change_account(&ada.actor, &bob.id, change).unwrap();
        (signing_in.join().unwrap(), connecting.join().unwrap())
    });
    for secret in secrets {
        assert_eq!(code(chat.authenticate_session(&secret, &visitor(1))), 41001);
    }
    for connection in connections {
        assert!(connection.revoked().is_some() && in_room(&*connection, &room).is_empty());
    }
    assert_eq!(world.store.sessions_of(&bob.id).unwrap(), []);
}

#[test]
fn a_link_with_one_use_makes_one_member_of_strangers_and_people_alike() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    for round in 0..10 {
        let room = world.room(&ada, RoomKind::Private, &[]);
        let once = NewInvitation { uses_max: Some(1), ..NewInvitation::default() };
        let link = &world.chat.invite_to_room(&ada.actor, &room, once).unwrap().code;
        let (chat, bob) = (&world.chat, &bob);
        let accept: Box<dyn FnOnce() -> Result<(), ChatError> + Send> =
            Box::new(move || chat.accept_invitation(&bob.actor, &visitor(1), link).map(drop));
        let sign_up: Box<dyn FnOnce() -> Result<(), ChatError> + Send> = Box::new(move || {
            chat.sign_up(&visitor(2), &account(&format!("new{round}")), Some(link)).map(drop)
        });
        assert_eq!(race(vec![accept, sign_up]), [0, 41024]);
        assert_eq!(world.store.members_of(&room, None, 10).unwrap().len(), 2);
    }
}
