//! Strangers are slowed down; owners aren't.

use loquat_chat::{Allowance, Count, Door, LimitOptions, NewMessage, NewRoom, Options, SignUp};
use loquat_store::people::{RoomKind, RoomRole};

use crate::support::{PASSWORD, Someone, World, account, code, visitor};

const TWO: Allowance = Allowance { burst: 2, refill_ms: 1_000 };

fn world(limits: LimitOptions) -> World {
    let world = World::new(Options { sign_up: SignUp::Open, limits, ..Options::for_test() });
    world.set_up("ada");
    world
}

#[test]
fn guessing_a_password_is_slowed_down_alike_for_accounts_that_are_not_there() {
    let world = world(LimitOptions { sign_in_pair: TWO, ..LimitOptions::default() });
    let chat = &world.chat;
    for login in ["ada", "nobody"] {
        for _ in 0..2 {
            assert_eq!(code(chat.sign_in(&visitor(1), login, "wrong password")), 41002);
        }
        let refused = chat.sign_in(&visitor(1), login, "wrong password").err().unwrap();
        assert_eq!((refused.code.code(), refused.retry_after_ms), (41051, Some(1_000)));
    }
    // The right password from there doesn't help now; from elsewhere, or after a while, it does.
    assert_eq!(code(chat.sign_in(&visitor(1), "ada", PASSWORD)), 41051);
    assert_eq!(code(chat.sign_in(&visitor(2), "ada", PASSWORD)), 0);
    world.pass_ms(1_000);
    assert_eq!(code(chat.sign_in(&visitor(1), "ada", PASSWORD)), 0);
}

#[test]
fn a_refusal_does_not_tell_which_logins_are_one_account() {
    let world = world(LimitOptions { sign_in_pair: TWO, ..LimitOptions::default() });
    let bob = loquat_chat::NewAccount { email: Some("bob@example.org".into()), ..account("bob") };
    world.chat.sign_up(&visitor(1), &bob, None).unwrap();
    for (login, other) in [("bob", "bob@example.org"), ("nobody", "nobody@example.org")] {
        let guess = |login: &str| code(world.chat.sign_in(&visitor(1), login, "wrong password"));
        assert_eq!((guess(login), guess(login), guess(&login.to_uppercase())), (41002, 41002, 41051));
        assert_eq!((guess(other), guess(other), guess(other)), (41002, 41002, 41051), "{other}");
    }
}

#[test]
fn signing_in_as_often_as_one_likes_is_no_attack() {
    let world = world(LimitOptions { sign_in_pair: TWO, ..LimitOptions::default() });
    for _ in 0..20 {
        world.sign_in("ada");
    }
}

#[test]
fn one_address_makes_only_so_many_accounts() {
    let world = world(LimitOptions { sign_up_address: TWO, ..LimitOptions::default() });
    let sign_up = |from, handle: &str| code(world.chat.sign_up(&visitor(from), &account(handle), None));
    assert_eq!((sign_up(1, "a1"), sign_up(1, "a2"), sign_up(1, "a3")), (0, 0, 41051));
    assert_eq!(sign_up(2, "a3"), 0);
}

#[test]
fn asking_for_help_and_trying_codes_is_slowed_down() {
    let one = Allowance { burst: 1, refill_ms: 1_000 };
    let world = world(LimitOptions {
        recovery_account: one,
        recovery_address: Allowance { burst: 3, refill_ms: 1_000 },
        invitation_address: TWO,
        ..LimitOptions::default()
    });
    let chat = &world.chat;
    for login in ["ada", "nobody"] {
        assert_eq!(code(chat.request_recovery(&visitor(1), login)), 0);
        assert_eq!(code(chat.request_recovery(&visitor(1), login)), 41051, "{login}");
    }
    assert_eq!(code(chat.complete_recovery(&visitor(1), &"A".repeat(43), "another plum tree")), 41026);
    assert_eq!(code(chat.complete_recovery(&visitor(1), &"A".repeat(43), "another plum tree")), 41051);
    let unknown = "A".repeat(43);
    assert_eq!(code(chat.preview_invitation(&visitor(1), &unknown)), 41022);
    assert_eq!(code(chat.preview_invitation(&visitor(1), &unknown)), 41022);
    assert_eq!(code(chat.preview_invitation(&visitor(1), &unknown)), 41051);
}

#[test]
fn the_set_up_code_is_not_to_be_guessed() {
    let limits = LimitOptions { sign_up_address: TWO, ..LimitOptions::default() };
    let world = World::new(Options { limits, ..Options::for_test() });
    let guess = || code(world.chat.set_up(&visitor(1), "guess", &account("eve")));
    assert_eq!([guess(), guess(), guess()], [41025, 41025, 41051]);
}

#[test]
fn one_person_does_not_flood_the_rooms_of_others() {
    let world = world(LimitOptions { messages_person: TWO, ..LimitOptions::default() });
    let (ada, bob) = (world.sign_in("ada"), world.sign_up("bob"));
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let send = |who: &Someone| {
        let text = "hello".to_owned();
        code(world.chat.send_message(
            &who.actor,
            &room,
            NewMessage { text, metadata: None, headers: None, key: None },
        ))
    };
    assert_eq!((send(&bob), send(&bob), send(&bob)), (0, 0, 41051));
    assert_eq!(send(&ada), 0, "others write on");
    world.pass_ms(1_000);
    assert_eq!((send(&bob), send(&bob)), (0, 41051));
}

#[test]
fn an_address_is_tried_as_slowly_by_its_owner_as_by_a_guesser() {
    let limits = LimitOptions { email_account: TWO, ..LimitOptions::default() };
    let world = world(limits);
    let chat = &world.chat;
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let email = |text: Option<&str>| loquat_chat::ProfileChange {
        email: Some(text.map(Into::into)),
        ..Default::default()
    };
    let change = |who: &Someone, text| code(chat.change_profile(&who.actor, &visitor(1), &email(text), None));
    assert_eq!(change(&bob, Some("bob@example.org")), 0);
    // Whether somebody has it or nobody: each answer costs the same.
    assert_eq!(change(&eve, Some("bob@example.org")), 41011);
    assert_eq!(change(&eve, Some("eve@example.org")), 0);
    assert_eq!(change(&eve, Some("bob@example.org")), 41051);
    assert_eq!(change(&eve, Some("nobody@example.org")), 41051);
    // None is nobody's, and the rest of the profile has nothing to do with it.
    assert_eq!(change(&eve, None), 0);
    let name = loquat_chat::ProfileChange { name: Some("Eve".into()), ..Default::default() };
    assert_eq!(code(chat.change_profile(&eve.actor, &visitor(1), &name, None)), 0);
    assert_eq!(change(&bob, Some("bobby@example.org")), 0);
    world.pass_ms(1_000);
    assert_eq!(change(&eve, Some("bobby@example.org")), 41011);
}

#[test]
fn nobody_is_flooded_with_rooms() {
    let limits = LimitOptions {
        additions_person: Allowance { burst: 3, refill_ms: 1_000 },
        ..LimitOptions::default()
    };
    let world = world(limits);
    let people: Vec<_> = ["bob", "eve", "kim", "max", "zoe"].map(|handle| world.sign_up(handle)).into();
    let mallory = world.sign_up("mallory");
    let make = |who: &Someone, kind, members: &[&Someone]| {
        let members = members.iter().map(|someone| someone.id.clone()).collect();
        let new = NewRoom { kind, name: "A room".into(), topic: String::new(), members };
        world.chat.create_room(&who.actor, &new)
    };
    assert_eq!(code(make(&mallory, RoomKind::Direct, &[&people[0]])), 0);
    assert_eq!(code(make(&mallory, RoomKind::Private, &[&people[0], &people[1]])), 0);
    let refused = make(&mallory, RoomKind::Direct, &[&people[1]]).err().unwrap();
    assert_eq!((refused.code.code(), refused.retry_after_ms), (41051, Some(1_000)));
    // A room that is there is found, one of one's own is made, and whoever joins by themselves is nobody's addition.
    assert_eq!(code(make(&mallory, RoomKind::Direct, &[&people[0]])), 0);
    let own = make(&mallory, RoomKind::Public, &[]).unwrap().0.room.id;
    assert_eq!(code(world.chat.join_room(&people[2].actor, &own)), 0);
    let add =
        |person: &Someone| code(world.chat.set_member(&mallory.actor, &own, &person.id, RoomRole::Member));
    assert_eq!(add(&people[3]), 41051);
    // Who is there already may get another role.
    assert_eq!(code(world.chat.set_member(&mallory.actor, &own, &people[2].id, RoomRole::Moderator)), 0);
    world.pass_ms(1_000);
    assert_eq!((add(&people[3]), add(&people[4])), (0, 41051));
    assert_eq!(code(make(&people[0], RoomKind::Direct, &[&people[4]])), 0, "others go on");
}

#[test]
fn nobody_makes_the_server_tell_everybody_something_all_the_time() {
    let limits = LimitOptions { changes_person: TWO, ..LimitOptions::default() };
    let world = world(limits);
    let (bob, eve) = (world.sign_up("bob"), world.sign_up("eve"));
    let chat = &world.chat;
    let room = world.room(&bob, RoomKind::Public, &[]);
    let attempts: [&dyn Fn() -> u32; 5] = [
        &|| code(chat.join_room(&eve.actor, &room)),
        &|| code(chat.remove_member(&eve.actor, &room, &eve.id)),
        &|| {
            let name = loquat_chat::ProfileChange { name: Some("Eve".into()), ..Default::default() };
            code(chat.change_profile(&eve.actor, &visitor(1), &name, None))
        },
        &|| code(chat.join_room(&eve.actor, &room)),
        &|| code(chat.remove_member(&eve.actor, &room, &eve.id)),
    ];
    assert_eq!(attempts.map(|attempt| attempt()), [0, 0, 41051, 41051, 41040]);
    let topic = |topic: &str| loquat_chat::RoomEdit { topic: Some(topic.into()), ..Default::default() };
    let edit = |text| code(chat.change_room(&bob.actor, &room, &topic(text), None));
    assert_eq!((edit("one"), edit("two"), edit("three")), (0, 0, 41051));
    world.pass_ms(1_000);
    assert_eq!(code(chat.join_room(&eve.actor, &room)), 0);
    world.pass_ms(1_000);
    let role = |role| code(chat.set_member(&bob.actor, &room, &eve.id, role));
    assert_eq!((role(RoomRole::ReadOnly), role(RoomRole::Member)), (0, 0));
    assert_eq!(
        (role(RoomRole::Member), role(RoomRole::Moderator)),
        (0, 41051),
        "what is so already costs nothing"
    );
}

#[test]
fn what_happens_is_counted_once() {
    let limits = LimitOptions { sign_in_pair: TWO, messages_person: TWO, ..LimitOptions::default() };
    let world = world(limits);
    let (chat, counted) = (&world.chat, || world.ports.take_counts());
    counted();
    let bob = world.sign_up("bob");
    assert_eq!(counted(), [Count::AccountMade]);
    for _ in 0..3 {
        drop(chat.sign_in(&visitor(1), "bob", "wrong password"));
    }
    drop(chat.sign_in(&visitor(2), "bob", PASSWORD));
    let expected = [Count::WrongLogin, Count::WrongLogin, Count::RefusedAt(Door::SignIn), Count::SignedIn];
    assert_eq!(counted(), expected);
    let room = world.room(&bob, RoomKind::Private, &[]);
    let hello = || NewMessage { text: "hello".into(), metadata: None, headers: None, key: None };
    for _ in 0..3 {
        drop(chat.send_message(&bob.actor, &room, hello()));
    }
    assert_eq!(counted(), [Count::RefusedMessages]);
    world.log.say(&room, "script", "hello");
    assert_eq!(counted(), [Count::MessagesCounted(1)]);
    chat.mark_read(&bob.actor, &room, None, false).unwrap();
    chat.mark_read(&bob.actor, &room, None, false).unwrap();
    assert_eq!(counted(), [Count::ReadMarkerMoved]);
    let connection = world.connect(&bob);
    let totals = chat.totals().unwrap();
    assert_eq!((totals.people, totals.sessions, totals.rooms, totals.online), (2, 3, 1, 1));
    drop(connection);
}
