//! A person before the realtime layer's authenticator, which asks the services at each operation.

use std::sync::Arc;

use loquat_auth::{Authenticator, Options, RootKey, ServerSecret};
use loquat_chat::{AccountChange, Allowance, LimitOptions, NewMessage, SignUp};
use loquat_protocol::{AppId, Operation};
use loquat_store::{memory::MemoryStore, people::RoomKind};

use crate::support::{CountingEntropy, NOW_MS, World};

fn authenticator(world: &World) -> Authenticator {
    let options = Options { root_key: RootKey::parse("chat.key:secret"), ..Options::default() };
    let secret = ServerSecret::from_bytes([7; 32]);
    let (directory, entropy) = (Arc::new(MemoryStore::new()), Arc::new(CountingEntropy::default()));
    let authenticator = Authenticator::new(directory, entropy, &secret, options, NOW_MS).unwrap();
    authenticator.set_people(world.standings());
    authenticator
}

#[test]
fn one_token_follows_its_persons_rooms_until_the_session_ends() {
    let (world, ada) = World::with_ada();
    let bob = world.sign_up("bob");
    let authenticator = authenticator(&world);
    let app = AppId::from_trusted("chat");
    let session = bob.actor.credential().as_str();
    let token =
        authenticator.issue_person_token(&app, bob.id.as_str(), session, NOW_MS, 60_000).unwrap().token;
    let principal = authenticator.authenticate_token(&token, None, NOW_MS).unwrap();
    assert_eq!(principal.client().name().map(|name| name.as_str()), Some(bob.id.as_str()));

    let room = world.room(&ada, RoomKind::Private, &[]);
    let channel = format!("{room}::$chat");
    assert!(principal.operations(&channel).is_empty());
    world.chat.set_member(&ada.actor, &room, &bob.id, loquat_store::people::RoomRole::Member).unwrap();
    assert!(principal.permits(&channel, Operation::Publish), "with the token of before");
    world.chat.remove_member(&ada.actor, &room, &bob.id).unwrap();
    assert!(principal.operations(&channel).is_empty());
    assert!(principal.permits(&format!("$me:{}", bob.id), Operation::Subscribe));

    // A key may do everything, but nothing on a person's own channel.
    let key = authenticator.authenticate_basic("chat.key:secret", None, NOW_MS).unwrap();
    assert!(key.permits(&channel, Operation::Publish));
    assert!(key.operations(&format!("$me:{}", bob.id)).is_empty());

    let off = AccountChange { deactivated: Some(true), ..AccountChange::default() };
    world.chat.change_account(&ada.actor, &bob.id, off).unwrap();
    assert_eq!(authenticator.check(&principal, NOW_MS).unwrap_err().code, 40141);
    assert!(principal.operations(&format!("$me:{}", bob.id)).is_empty());
    assert_eq!(authenticator.authenticate_token(&token, None, NOW_MS).unwrap_err().code, 40141);
}

#[test]
fn a_person_has_one_pace_whichever_way_they_write() {
    let limits = LimitOptions {
        messages_person: Allowance { burst: 3, refill_ms: 1_000 },
        passing_person: Allowance { burst: 2, refill_ms: 1_000 },
        ..LimitOptions::default()
    };
    let world = World::new(loquat_chat::Options {
        sign_up: SignUp::Open,
        limits,
        ..loquat_chat::Options::for_test()
    });
    let ada = world.set_up("ada");
    let authenticator = authenticator(&world);
    let app = AppId::from_trusted("chat");
    let session = ada.actor.credential().as_str();
    let token =
        authenticator.issue_person_token(&app, ada.id.as_str(), session, NOW_MS, 60_000).unwrap().token;
    let principal = authenticator.authenticate_token(&token, None, NOW_MS).unwrap();
    assert_eq!(principal.admit(4, NOW_MS).unwrap_err().code, 42910, "more than ever fit");
    principal.admit(2, NOW_MS).unwrap();
    let room = world.room(&ada, RoomKind::Private, &[]);
    let hello = || NewMessage { text: "hello".into(), metadata: None, headers: None, key: None };
    assert!(world.chat.send_message(&ada.actor, &room, hello()).is_ok());
    assert!(world.chat.send_message(&ada.actor, &room, hello()).is_err());
    assert_eq!(principal.admit(1, NOW_MS).unwrap_err().code, 42910);
    assert!(principal.admit(1, NOW_MS + 1_000).is_ok());

    // What is not kept has its own pace, for readers too, and leaves the messages alone.
    assert!(principal.admit_passing(2, NOW_MS).is_ok());
    assert_eq!(principal.admit_passing(1, NOW_MS).unwrap_err().code, 42910);
    assert!(principal.admit(1, NOW_MS + 2_000).is_ok());

    let key = authenticator.authenticate_basic("chat.key:secret", None, NOW_MS).unwrap();
    assert!(key.admit(1_000_000, NOW_MS).is_ok(), "keys are for programs");
    assert!(key.admit_passing(1_000_000, NOW_MS).is_ok());
}
