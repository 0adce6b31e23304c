//! Links that let people in.

use std::thread;

use loquat_chat::{AccountChange, Actor, NewInvitation, Options, RoomEdit};
use loquat_store::people::{PersonRole, RoomKind, RoomRole};

use crate::support::{NOW_MS, World, account, code, visitor};

#[test]
fn a_link_shows_where_it_leads_and_lets_in() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    let created = chat.invite_to_room(&ada.actor, &room, NewInvitation::default()).unwrap();
    let preview = chat.preview_invitation(&visitor(9), &created.code).unwrap();
    assert_eq!(
        (preview.room_name.as_deref(), preview.inviter_name.as_str()),
        (Some("A room"), "Name of ada")
    );
    let listing = chat.accept_invitation(&bob.actor, &visitor(9), &created.code).unwrap().unwrap();
    assert_eq!((&listing.room.id, listing.room.members), (&room, 2));
    let again = chat.accept_invitation(&bob.actor, &visitor(9), &created.code).unwrap();
    assert_eq!(again, Some(listing));
    assert_eq!(chat.room_invitations(&ada.actor, &room, None, 10).unwrap()[0].uses, 1);
    assert_eq!(code(chat.room_invitations(&bob.actor, &room, None, 10)), 41040);
}

#[test]
fn a_link_to_a_room_makes_an_account_and_a_member_in_one_step() {
    let world = World::new(Options::for_test());
    let ada = world.set_up("ada");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let once = NewInvitation { uses_max: Some(1), ..NewInvitation::default() };
    let link = world.chat.invite_to_room(&ada.actor, &room, once).unwrap().code;
    let connection = world.connect(&ada);
    world.ports.take_told();
    let signed_in = world.chat.sign_up(&visitor(1), &account("bob"), Some(&link)).unwrap();
    assert_eq!(signed_in.room, Some(room.clone()));
    let bob = world.someone(signed_in.secret);
    assert_eq!(world.chat.my_rooms(&bob.actor).unwrap().items[0].room.id, room);
    assert_eq!(
        world.ports.take_names(&ada.id),
        ["member.changed", "person.changed"],
        "who is there hears of it"
    );
    assert_eq!(code(world.chat.sign_up(&visitor(1), &account("eve"), Some(&link))), 41024);
    drop(connection);
}

#[test]
fn a_link_to_a_room_that_is_archived_lets_nobody_in() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    let link = chat.invite_to_room(&ada.actor, &room, NewInvitation::default()).unwrap().code;
    let archived = RoomEdit { archived: Some(true), ..RoomEdit::default() };
    chat.change_room(&ada.actor, &room, &archived, None).unwrap();
    assert_eq!(code(chat.preview_invitation(&visitor(1), &link)), 41042);
    assert_eq!(code(chat.accept_invitation(&bob.actor, &visitor(1), &link)), 41042);
    assert_eq!(code(chat.sign_up(&visitor(1), &account("carol"), Some(&link)).map(drop)), 41042);
    assert_eq!(chat.members(&ada.actor, &room, None, 10).unwrap().len(), 1);
    assert!(chat.sign_up(&visitor(1), &account("carol"), None).is_ok(), "the handle was not taken");
}

#[test]
fn links_that_lead_nowhere_say_why() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    let accept = |actor, link: &str| code(chat.accept_invitation(actor, &visitor(9), link));
    for unknown in ["", "x", &"A".repeat(43), &"A".repeat(100_000)] {
        assert_eq!(accept(&bob.actor, unknown), 41022);
        assert_eq!(code(chat.preview_invitation(&visitor(9), unknown)), 41022);
    }
    let hour = NewInvitation { expires_in_ms: Some(3_600_000), ..NewInvitation::default() };
    let hour = chat.invite_to_room(&ada.actor, &room, hour).unwrap();
    assert_eq!(hour.invitation.expires_ms, Some(NOW_MS + 3_600_000));
    world.set_now_ms(NOW_MS + 3_600_000);
    assert_eq!(accept(&bob.actor, &hour.code), 41023);
    let once = NewInvitation { uses_max: Some(1), ..NewInvitation::default() };
    let once = chat.invite_to_room(&ada.actor, &room, once).unwrap();
    assert_eq!(accept(&bob.actor, &once.code), 0);
    assert_eq!(accept(&eve.actor, &once.code), 41024);
    assert_eq!(accept(&bob.actor, &once.code), 0, "whoever is in finds the way in");
    let revoked = chat.invite_to_room(&ada.actor, &room, NewInvitation::default()).unwrap();
    chat.revoke_room_invitation(&ada.actor, &room, &revoked.invitation.id).unwrap();
    assert_eq!(accept(&eve.actor, &revoked.code), 41022, "as if it had never been there");
    assert_eq!(code(chat.revoke_room_invitation(&ada.actor, &room, &revoked.invitation.id)), 40400);
    let link = chat.invite_to_room(&ada.actor, &room, NewInvitation::default()).unwrap().code;
    let archive = RoomEdit { archived: Some(true), ..RoomEdit::default() };
    chat.change_room(&ada.actor, &room, &archive, None).unwrap();
    assert_eq!(accept(&eve.actor, &link), 41042);
}

#[test]
fn what_would_be_of_no_use_is_not_made() {
    let (world, ada) = World::with_ada();
    let room = world.room(&ada, RoomKind::Private, &[]);
    let make = |new| code(world.chat.invite_to_room(&ada.actor, &room, new));
    assert_eq!(make(NewInvitation { uses_max: Some(0), ..NewInvitation::default() }), 40003);
    assert_eq!(make(NewInvitation { expires_ms: Some(NOW_MS), ..NewInvitation::default() }), 40003);
    let twice = NewInvitation { expires_ms: Some(NOW_MS + 1), expires_in_ms: Some(1), uses_max: None };
    assert_eq!(make(twice), 40003);
    let far = NewInvitation { expires_in_ms: Some(u64::MAX), ..NewInvitation::default() };
    assert_eq!(make(far), 0);
}

#[test]
fn open_links_are_bounded() {
    let (world, ada) = World::with_ada();
    let room = world.room(&ada, RoomKind::Private, &[]);
    let make = || world.chat.invite_to_room(&ada.actor, &room, NewInvitation::default());
    let first = make().unwrap();
    assert!((1..200).all(|_| make().is_ok()));
    assert_eq!(code(make()), 41050);
    world.chat.revoke_room_invitation(&ada.actor, &room, &first.invitation.id).unwrap();
    assert_eq!(code(make()), 41051, "those that end stay on the list, so there is a pace");
    world.pass_ms(1_000);
    assert_eq!(code(make()), 0);
}

#[test]
fn invitations_to_the_server_are_the_administrators() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&bob, RoomKind::Private, &[]);
    let chat = &world.chat;
    let link = chat.invite_to_server(&ada.actor, NewInvitation::default()).unwrap();
    assert_eq!(code(chat.invite_to_server(&bob.actor, NewInvitation::default())), 41030);
    assert_eq!(code(chat.server_invitations(&bob.actor, None, 10)), 41030);
    assert_eq!(code(chat.revoke_server_invitation(&bob.actor, &link.invitation.id)), 41030);
    assert_eq!(chat.accept_invitation(&bob.actor, &visitor(1), &link.code).unwrap(), None);
    // One room's owner has no hand in what is another's.
    assert_eq!(code(chat.revoke_room_invitation(&bob.actor, &room, &link.invitation.id)), 40400);
    chat.revoke_server_invitation(&ada.actor, &link.invitation.id).unwrap();
    assert_eq!(code(chat.preview_invitation(&visitor(1), &link.code)), 41022);
}

#[test]
fn the_last_use_of_a_link_lets_one_in_however_many_race() {
    let (world, ada) = World::with_ada();
    let room = world.room(&ada, RoomKind::Private, &[]);
    let two = NewInvitation { uses_max: Some(2), ..NewInvitation::default() };
    let link = &world.chat.invite_to_room(&ada.actor, &room, two).unwrap().code;
    let people: Vec<_> = (0..8).map(|n| world.sign_up(&format!("racer{n}"))).collect();
    let outcomes: Vec<u32> = thread::scope(|scope| {
        let chat = &world.chat;
        let racers: Vec<_> = people
            .iter()
            .map(|one| scope.spawn(move || code(chat.accept_invitation(&one.actor, &visitor(1), link))))
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == 0).count(), 2);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == 41024).count(), 6);
    assert_eq!(world.chat.room(&ada.actor, &room).unwrap().members, 3);
}

#[test]
fn who_is_sent_away_does_not_come_back_by_a_link_of_their_own() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    let link = |who: &crate::support::Someone| {
        chat.invite_to_room(&who.actor, &room, NewInvitation::default()).unwrap().code
    };
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Moderator).unwrap();
    let (own, hers) = (link(&bob), link(&ada));
    chat.remove_member(&ada.actor, &room, &bob.id).unwrap();
    assert_eq!(code(chat.accept_invitation(&bob.actor, &visitor(9), &own)), 41022);
    assert_eq!(code(chat.accept_invitation(&bob.actor, &visitor(9), &hers)), 0, "somebody else's stays open");

    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Moderator).unwrap();
    let own = link(&bob);
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Member).unwrap();
    let eve = world.sign_up("eve");
    assert_eq!(code(chat.accept_invitation(&eve.actor, &visitor(9), &own)), 41022);
}

/// Neither from the count nor from those that end with their maker's right.
#[test]
fn an_open_link_is_not_hidden_behind_many_that_are_revoked() {
    let (world, ada) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let room = world.room(&ada, RoomKind::Private, &[]);
    let chat = &world.chat;
    chat.set_member(&ada.actor, &room, &bob.id, RoomRole::Moderator).unwrap();
    let make = || {
        world.pass_ms(1_000);
        chat.invite_to_room(&bob.actor, &room, NewInvitation::default())
    };
    let hidden: Vec<_> = (0..200).map(|_| make().unwrap()).collect();
    // Room for one at a time, over and over.
    let mut last = hidden[0].invitation.id.clone();
    for _ in 0..1_001 {
        chat.revoke_room_invitation(&bob.actor, &room, &last).unwrap();
        last = make().unwrap().invitation.id;
    }
    assert_eq!(code(make()), 41050, "as many as there may be are open still");
    chat.remove_member(&ada.actor, &room, &bob.id).unwrap();
    for link in [&hidden[1], &hidden[199]] {
        assert_eq!(code(chat.accept_invitation(&bob.actor, &visitor(9), &link.code)), 41022);
        assert_eq!(code(chat.accept_invitation(&eve.actor, &visitor(9), &link.code)), 41022);
    }
    assert_eq!(chat.members(&ada.actor, &room, None, 10).unwrap().len(), 1);
}

#[test]
fn who_no_longer_may_invite_leaves_no_way_in_behind() {
    let (world, ada) = World::with_ada();
    let [bob, eve, kim] = ["bob", "eve", "kim"].map(|handle| world.sign_up(handle));
    let chat = &world.chat;
    let change = |who: &crate::support::Someone, change| chat.change_account(&ada.actor, &who.id, change);
    let role = |role| AccountChange { role: Some(role), ..AccountChange::default() };
    let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    for who in [&bob, &eve] {
        change(who, role(PersonRole::Administrator)).unwrap();
    }
    let room = world.room(&eve, RoomKind::Private, &[&ada]);
    let as_now = |handle| world.sign_in(handle).actor;
    let link = |actor: &Actor| chat.invite_to_server(actor, NewInvitation::default()).unwrap().code;
    let (of_bob, of_eve) = (link(&as_now("bob")), link(&as_now("eve")));
    let of_ada = link(&ada.actor);
    let into_room = chat.invite_to_room(&eve.actor, &room, NewInvitation::default()).unwrap().code;
    change(&bob, role(PersonRole::Member)).unwrap();
    change(&eve, off).unwrap();
    for gone in [&of_bob, &of_eve, &into_room] {
        assert_eq!(code(chat.preview_invitation(&visitor(9), gone)), 41022);
        assert_eq!(code(chat.sign_up(&visitor(9), &account("again"), Some(gone)).map(drop)), 41022);
        assert_eq!(code(chat.accept_invitation(&kim.actor, &visitor(9), gone)), 41022);
    }
    assert_eq!(code(chat.preview_invitation(&visitor(9), &of_ada)), 0, "others' stay");
}
