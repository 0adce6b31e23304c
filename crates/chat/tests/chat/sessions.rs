//! Sessions and API tokens.

use loquat_chat::{AccountChange, Options, ProfileChange};
use loquat_store::people::{PersonRole, RoomKind, SessionId, TokenId};

use crate::support::{NOW_MS, PASSWORD, World, code, in_room, visitor};

const DAY_MS: u64 = 86_400_000;

#[test]
fn sessions_are_listed_and_ended_one_by_one() {
    let (world, _) = World::with_ada();
    let laptop = world.sign_up("bob");
    world.pass_ms(1_000);
    let phone = world.sign_in("bob");
    let chat = &world.chat;
    let listed = chat.sessions(&laptop.actor).unwrap();
    let current: Vec<_> = listed.iter().map(|session| session.current).collect();
    assert_eq!(current, [false, true], "newest seen first");
    assert_eq!((listed[0].label.as_str(), listed[0].address.as_str()), ("A browser", "192.0.2.1"));

    let connection = world.connect(&phone);
    world.ports.take_told();
    chat.end_session(&laptop.actor, &listed[0].id).unwrap();
    assert_eq!(connection.revoked().map(|error| error.code), Some(40141));
    let told = world.ports.take_told();
    assert_eq!(told[0].name, "session.ended");
    assert_eq!(told[0].data["session"], listed[0].id.as_str());
    assert_eq!(code(chat.authenticate_session(&phone.secret, &visitor(1))), 41001);
    assert_eq!(code(chat.end_session(&laptop.actor, &listed[0].id)), 40400);
    chat.sign_out(&laptop.actor).unwrap();
    assert_eq!(code(chat.authenticate_session(&laptop.secret, &visitor(1))), 41001);
}

#[test]
fn all_others_end_at_once() {
    let (world, _) = World::with_ada();
    let here = world.sign_up("bob");
    let there = [world.sign_in("bob"), world.sign_in("bob")];
    let standings = there.each_ref().map(|someone| world.connect(someone));
    let own = world.connect(&here);
    world.chat.end_other_sessions(&here.actor).unwrap();
    assert!(standings.iter().all(|standing| standing.revoked().is_some()));
    assert!(own.revoked().is_none());
    assert_eq!(world.chat.sessions(&here.actor).unwrap().len(), 1);
}

#[test]
fn a_session_lives_as_long_as_it_is_used() {
    let (world, _) = World::with_ada();
    let bob = world.sign_up("bob");
    let eve = world.sign_up("eve");
    let chat = &world.chat;
    assert_eq!(chat.authenticate_session(&bob.secret, &visitor(1)).unwrap().renewed_ms, None);
    for day in 1..=60 {
        world.set_now_ms(NOW_MS + day * DAY_MS);
        let authenticated = chat.authenticate_session(&bob.secret, &visitor(2)).unwrap();
        if let Some(expires_ms) = authenticated.renewed_ms {
            assert_eq!(expires_ms, world.now_ms() + chat.options().session_ttl_ms);
        }
    }
    assert_eq!(chat.sessions(&bob.actor).unwrap()[0].address, "192.0.2.2");
    assert_eq!(code(chat.authenticate_session(&eve.secret, &visitor(1))), 41001, "30 days unused");
    chat.refresh_if_changed().unwrap();
    assert!(chat.sessions(&eve.actor).unwrap().is_empty());
}

#[test]
fn a_clock_that_is_a_day_off_and_comes_right_again_signs_nobody_out() {
    let (world, _) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    for now_ms in [NOW_MS - DAY_MS, NOW_MS + DAY_MS, NOW_MS] {
        world.set_now_ms(now_ms);
        assert!(chat.authenticate_session(&bob.secret, &visitor(1)).is_ok());
        assert!(chat.sign_in(&visitor(1), "bob", PASSWORD).is_ok());
        chat.refresh_if_changed().unwrap();
    }
}

#[test]
fn the_session_that_was_longest_not_seen_makes_room() {
    let (world, _) = World::with_ada();
    let first = world.sign_up("bob");
    let last = (0..100).map(|_| {
        world.pass_ms(1_000);
        world.sign_in("bob")
    });
    let last = last.last().unwrap();
    assert_eq!(world.chat.sessions(&last.actor).unwrap().len(), 100);
    assert_eq!(code(world.chat.authenticate_session(&first.secret, &visitor(1))), 41001);
}

#[test]
fn a_token_acts_for_its_person_and_cannot_take_the_account_over() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let chat = &world.chat;
    let created = chat.create_token(&bob.actor, "weather bot", None).unwrap();
    assert!(created.secret.starts_with("lqt_"));
    let script = chat.authenticate_token(&created.secret).unwrap();
    assert_eq!(script.person(), &bob.id);
    assert_eq!(chat.my_rooms(&script).unwrap().items[0].room.id, room);
    chat.change_profile(
        &script,
        &visitor(1),
        &ProfileChange { name: Some("Bot".into()), ..Default::default() },
        None,
    )
    .unwrap();

    let handle = ProfileChange { handle: Some("evil".into()), ..Default::default() };
    let email = ProfileChange { email: Some(Some("evil@example.org".into())), ..Default::default() };
    assert_eq!(code(chat.change_profile(&script, &visitor(1), &handle, None)), 41005);
    assert_eq!(code(chat.change_profile(&script, &visitor(1), &email, None)), 41005);
    assert_eq!(code(chat.change_password(&script, &visitor(1), PASSWORD, "another plum tree")), 41005);
    assert_eq!(code(chat.create_token(&script, "more", None)), 41005);
    assert_eq!(code(chat.revoke_token(&script, &created.token.id)), 41005);
    assert_eq!(code(chat.end_other_sessions(&script)), 41005);

    let connection =
        world.standings().standing(bob.id.as_str(), script.credential().as_str()).expect("a live token");
    assert!(!in_room(&*connection, &room).is_empty());
    chat.revoke_token(&bob.actor, &created.token.id).unwrap();
    assert!(connection.revoked().is_some());
    assert_eq!(code(chat.authenticate_token(&created.secret)), 41001);
    assert_eq!(code(chat.revoke_token(&bob.actor, &created.token.id)), 40400);
}

#[test]
fn a_token_of_an_administrator_opens_no_accounts() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    let script =
        chat.authenticate_token(&chat.create_token(&ada.actor, "builds", None).unwrap().secret).unwrap();
    assert_eq!(code(chat.reset_password(&script, &ada.id)), 41005);
    assert_eq!(code(chat.reset_password(&script, &bob.id)), 41005);
    let promoted = AccountChange { role: Some(PersonRole::Administrator), ..Default::default() };
    assert_eq!(code(chat.change_account(&script, &bob.id, promoted)), 41005);
    let deactivated = AccountChange { deactivated: Some(true), ..Default::default() };
    chat.change_account(&script, &bob.id, deactivated).unwrap();
}

#[test]
fn tokens_end_and_are_bounded() {
    let (world, _) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    assert_eq!(code(chat.create_token(&bob.actor, "x", Some(NOW_MS))), 40003);
    let short = chat.create_token(&bob.actor, "x", Some(NOW_MS + 1_000)).unwrap();
    assert!(chat.authenticate_token(&short.secret).is_ok());
    world.pass_ms(1_000);
    assert_eq!(code(chat.authenticate_token(&short.secret)), 41001);
    for _ in 1..100 {
        chat.create_token(&bob.actor, "x", None).unwrap();
    }
    assert_eq!(code(chat.create_token(&bob.actor, "x", None)), 41050);
}

#[test]
fn what_belongs_to_others_is_not_there() {
    let (world, _) = World::with_ada();
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let chat = &world.chat;
    let token = chat.create_token(&bob.actor, "x", None).unwrap().token.id;
    let session = chat.sessions(&bob.actor).unwrap()[0].id.clone();
    assert_eq!(code(chat.revoke_token(&eve.actor, &token)), 40400);
    assert_eq!(code(chat.end_session(&eve.actor, &session)), 40400);
    let unknown = (TokenId::from_bits([9; 10]), SessionId::from_bits([9; 10]));
    let refusals = [chat.revoke_token(&eve.actor, &unknown.0), chat.revoke_token(&eve.actor, &token)];
    assert_eq!(refusals[0], refusals[1], "the same answer, word for word");
    let refusals = [chat.end_session(&eve.actor, &unknown.1), chat.end_session(&eve.actor, &session)];
    assert_eq!(refusals[0], refusals[1]);
    assert!(chat.authenticate_session(&bob.secret, &visitor(1)).is_ok());
}

#[test]
fn a_realtime_token_names_person_and_session_and_waits_in_memory() {
    let world = World::new(Options::for_test());
    let ada = world.set_up("ada");
    let details = world.chat.realtime_token(&ada.actor).unwrap();
    assert_eq!(details.token, format!("{}/{}", ada.id, ada.actor.credential().as_str()));
    assert_eq!(details.expires - details.issued, 3_600_000);
    // It doesn't outlive what it stands on.
    let token = world.chat.create_token(&ada.actor, "script", Some(NOW_MS + 60_000)).unwrap();
    let script = world.chat.authenticate_token(&token.secret).unwrap();
    assert_eq!(world.chat.realtime_token(&script).unwrap().expires, NOW_MS + 60_000);
    world.chat.sign_out(&ada.actor).unwrap();
    assert_eq!(code(world.chat.realtime_token(&ada.actor)), 41001);
}
