//! Accounts: set-up, sign-up, profile, passwords, administration.

use loquat_chat::{AccountChange, NewAccount, Options, ProfileChange, SignUp};
use loquat_protocol::ErrorCode;
use loquat_store::people::{PersonRole, RoomKind};

use crate::support::{PASSWORD, World, account, code, visitor};

#[test]
fn the_first_person_sets_the_server_up_once() {
    let world = World::new(Options::for_test());
    let setup_code = world.chat.setup_code().unwrap().unwrap();
    assert!(world.chat.needs_setup().unwrap());
    for wrong in ["", "x", &setup_code[1..], &format!("{setup_code}x")] {
        assert_eq!(code(world.chat.set_up(&visitor(1), wrong, &account("ada"))), 41025);
    }
    assert_eq!(code(world.chat.sign_up(&visitor(1), &account("eve"), None)), 41020, "not before the set-up");
    let ada = world.set_up("ada");
    assert_eq!(ada.actor.role(), PersonRole::Administrator);
    assert_eq!(world.chat.setup_code().unwrap(), None);
    assert!(!world.chat.needs_setup().unwrap());
    assert_eq!(code(world.chat.set_up(&visitor(1), &setup_code, &account("eve"))), 41025);
}

#[test]
fn sign_up_follows_the_servers_policy() {
    for (sign_up, without) in [(SignUp::Open, 0), (SignUp::Invitation, 41021), (SignUp::Closed, 41020)] {
        let world = World::new(Options { sign_up, ..Options::for_test() });
        let ada = world.set_up("ada");
        assert_eq!(code(world.chat.sign_up(&visitor(1), &account("bob"), None)), without);
        let link = world.chat.invite_to_server(&ada.actor, Default::default()).unwrap().code;
        let with = if sign_up == SignUp::Closed { 41020 } else { 0 };
        assert_eq!(code(world.chat.sign_up(&visitor(1), &account("eve"), Some(&link))), with);
    }
}

#[test]
fn taken_names_are_told_and_nothing_is_made() {
    let (world, ada) = World::with_ada();
    let with_email = |handle: &str, email: &str| NewAccount { email: Some(email.into()), ..account(handle) };
    world.chat.sign_up(&visitor(1), &with_email("bob", "Bob@Example.org"), None).unwrap();
    let refused =
        world.chat.sign_up(&visitor(1), &with_email("BOB", "other@example.org"), None).err().unwrap();
    assert_eq!((refused.code, refused.fields[0].field), (ErrorCode::HandleTaken, "handle"));
    let refused = world.chat.sign_up(&visitor(1), &with_email("eve", "bob@example.ORG"), None).err().unwrap();
    assert_eq!((refused.code, refused.fields[0].field), (ErrorCode::EmailTaken, "email"));
    assert_eq!(world.chat.counts(&ada.actor).unwrap().0, 2);
}

#[test]
fn all_faults_of_a_form_are_told_at_once() {
    let (world, _) = World::with_ada();
    let new = NewAccount {
        handle: "everyone".into(),
        name: "\u{200b}".into(),
        email: Some("nowhere".into()),
        password: "short".into(),
    };
    let refused = world.chat.sign_up(&visitor(1), &new, None).err().unwrap();
    let fields: Vec<_> = refused.fields.iter().map(|fault| fault.field).collect();
    assert_eq!((refused.code, fields), (ErrorCode::HandleRefused, vec!["handle", "name", "email"]));
    let weak = NewAccount { password: "short".into(), ..account("bob") };
    assert_eq!(code(world.chat.sign_up(&visitor(1), &weak, None)), 41015);
}

#[test]
fn one_signs_in_by_handle_or_address_in_any_case() {
    let (world, _) = World::with_ada();
    let bob = NewAccount { email: Some("bob@example.org".into()), ..account("bob") };
    world.chat.sign_up(&visitor(1), &bob, None).unwrap();
    for login in ["bob", " BOB ", "Bob@Example.Org"] {
        let signed_in = world.chat.sign_in(&visitor(1), login, PASSWORD).unwrap();
        assert_eq!(signed_in.account.person.handle.as_str(), "bob");
    }
    // Typed with letters composed another way, it is the same password.
    let composed = NewAccount { password: "Café au lait".into(), ..account("eve") };
    world.chat.sign_up(&visitor(1), &composed, None).unwrap();
    assert!(world.chat.sign_in(&visitor(1), "eve", "Cafe\u{301} au lait").is_ok());
}

#[test]
fn a_profile_changes_in_the_version_that_one_has_seen() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let before = world.chat.me(&bob.actor).unwrap();
    let change = ProfileChange {
        handle: Some("Bobby".into()),
        name: Some("  Bob   B. ".into()),
        email: Some(Some("bob@example.org".into())),
        time_zone: Some(Some("Europe/Berlin".into())),
    };
    let version = before.person.version;
    let after = world.chat.change_profile(&bob.actor, &visitor(1), &change, Some(version)).unwrap();
    assert_eq!((after.person.handle.as_str(), after.person.name.as_str()), ("bobby", "Bob B."));
    assert!(after.person.version > version);
    assert_eq!(code(world.chat.change_profile(&bob.actor, &visitor(1), &change, Some(version))), 41064);
    let taken = ProfileChange { handle: Some("ada".into()), ..ProfileChange::default() };
    assert_eq!(code(world.chat.change_profile(&bob.actor, &visitor(1), &taken, None)), 41010);
    let none = ProfileChange { email: Some(None), ..ProfileChange::default() };
    assert_eq!(world.chat.change_profile(&bob.actor, &visitor(1), &none, None).unwrap().email, None);
    // Others see what is for everybody.
    let seen = world.chat.person(&ada.actor, &bob.id).unwrap();
    let json = serde_json::to_value(seen).unwrap();
    assert_eq!(json["time_zone"], "Europe/Berlin");
    assert!(json.get("email").is_none());
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let (world, _) = World::with_ada();
    let laptop = world.sign_up("bob");
    let phone = world.sign_in("bob");
    let on_phone = world.connect(&phone);
    let chat = &world.chat;
    let new = "another plum tree";
    assert_eq!(code(chat.change_password(&laptop.actor, &visitor(1), "wrong password", new)), 41003);
    assert_eq!(code(chat.change_password(&laptop.actor, &visitor(1), PASSWORD, "bob")), 41015);
    assert!(on_phone.revoked().is_none());
    chat.change_password(&laptop.actor, &visitor(1), PASSWORD, new).unwrap();
    assert_eq!(on_phone.revoked().map(|error| error.code), Some(40141));
    assert_eq!(world.ports.take_rights(), std::slice::from_ref(&phone.id));
    assert_eq!(code(chat.authenticate_session(&phone.secret, &visitor(1))), 41001);
    assert!(chat.authenticate_session(&laptop.secret, &visitor(1)).is_ok());
    assert_eq!(code(chat.sign_in(&visitor(1), "bob", PASSWORD)), 41002);
    assert!(chat.sign_in(&visitor(1), "bob", new).is_ok());
}

#[test]
fn recovery_goes_through_an_administrator() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    for login in ["bob", "nobody", "bob"] {
        chat.request_recovery(&visitor(1), login).unwrap();
    }
    chat.refresh_if_changed().unwrap();
    let asked: Vec<_> =
        chat.recoveries(&ada.actor).unwrap().into_iter().map(|recovery| recovery.person.id).collect();
    assert_eq!(asked, std::slice::from_ref(&bob.id));
    assert_eq!(code(chat.recoveries(&bob.actor)), 41030);

    let reset = chat.reset_password(&ada.actor, &bob.id).unwrap();
    assert_eq!(code(chat.complete_recovery(&visitor(1), &reset.code, "short")), 41015);
    let new = "another plum tree";
    chat.complete_recovery(&visitor(1), &reset.code, new).unwrap();
    assert_eq!(code(chat.complete_recovery(&visitor(1), &reset.code, new)), 41026, "once");
    assert_eq!(code(chat.authenticate_session(&bob.secret, &visitor(1))), 41001);
    assert!(chat.sign_in(&visitor(1), "bob", new).is_ok());
    assert!(chat.recoveries(&ada.actor).unwrap().is_empty());

    let late = chat.reset_password(&ada.actor, &bob.id).unwrap();
    world.set_now_ms(late.expires_ms);
    assert_eq!(code(chat.complete_recovery(&visitor(1), &late.code, new)), 41026);
}

#[test]
fn deactivation_shuts_every_door_and_opens_them_again() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    let token = chat.create_token(&bob.actor, "script", None).unwrap().secret;
    let room = world.room(&ada, RoomKind::Private, &[&bob]);
    let connection = world.connect(&bob);
    let of_token = chat.authenticate_token(&token).unwrap();
    let of_token = world.standings().standing(bob.id.as_str(), of_token.credential().as_str()).unwrap();
    let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    assert!(chat.change_account(&ada.actor, &bob.id, off).unwrap().deactivated_ms.is_some());
    assert!(connection.revoked().is_some() && of_token.revoked().is_some());
    assert!(crate::support::in_room(&*connection, &room).is_empty());
    assert!(world.ports.take_rights().contains(&bob.id));
    assert_eq!(code(chat.authenticate_session(&bob.secret, &visitor(1))), 41001);
    assert_eq!(code(chat.authenticate_token(&token)), 41001);
    assert_eq!(code(chat.sign_in(&visitor(1), "bob", PASSWORD)), 41004);
    assert_eq!(code(chat.sign_in(&visitor(1), "bob", "a wrong one")), 41002);
    assert!(world.standings().standing(bob.id.as_str(), bob.actor.credential().as_str()).is_err());
    // The room is still theirs when they come back.
    let on = AccountChange { deactivated: Some(false), ..AccountChange::default() };
    chat.change_account(&ada.actor, &bob.id, on).unwrap();
    let again = world.sign_in("bob");
    assert_eq!(chat.my_rooms(&again.actor).unwrap().items.len(), 1);
    let script = chat.authenticate_token(&token).unwrap();
    assert!(connection.revoked().is_some(), "never taken back");
    let anew = world.standings().standing(bob.id.as_str(), script.credential().as_str()).unwrap();
    assert!(!crate::support::in_room(&*anew, &room).is_empty());
}

#[test]
fn there_is_always_an_administrator() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let chat = &world.chat;
    let demote = AccountChange { role: Some(PersonRole::Member), ..AccountChange::default() };
    let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    assert_eq!(code(chat.change_account(&ada.actor, &ada.id, demote)), 41031);
    assert_eq!(code(chat.change_account(&ada.actor, &ada.id, off)), 41031);
    assert!(chat.authenticate_session(&ada.secret, &visitor(1)).is_ok(), "nothing was ended");
    let promote = AccountChange { role: Some(PersonRole::Administrator), ..AccountChange::default() };
    assert_eq!(code(chat.change_account(&bob.actor, &bob.id, promote)), 41030);
    chat.change_account(&ada.actor, &bob.id, promote).unwrap();
    chat.change_account(&ada.actor, &ada.id, demote).unwrap();
    // The next request sees the new role; an actor is for one request.
    assert!(!chat.authenticate_session(&ada.secret, &visitor(1)).unwrap().actor.is_administrator());
}
