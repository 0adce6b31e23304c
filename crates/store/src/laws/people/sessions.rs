//! Laws of sessions and tokens.

use super::{
    PeopleFixture,
    make::{NOW_MS, add_person, hash, id},
};
use crate::{
    StoreErrorKind,
    people::{ApiToken, ApiTokens, PeopleStore, PersonId, Persons, Session, SessionId, Sessions, TokenId},
};

fn session(n: u8, person: &PersonId) -> Session {
    Session {
        id: SessionId::from_bits([n; 10]),
        person: person.clone(),
        secret_hash: hash(&format!("session {n}")),
        label: "a browser".into(),
        address: "192.0.2.1".into(),
        created_ms: NOW_MS,
        seen_ms: NOW_MS + u64::from(n),
        expires_ms: NOW_MS + 1000 - u64::from(n),
    }
}

fn token(n: u8, person: &PersonId) -> ApiToken {
    ApiToken {
        id: TokenId::from_bits([n; 10]),
        person: person.clone(),
        secret_hash: hash(&format!("token {n}")),
        name: format!("script {n}"),
        created_ms: NOW_MS + u64::from(n),
        expires_ms: n.is_multiple_of(2).then_some(NOW_MS + 5),
        used_ms: None,
    }
}

/// With its person as they are now; ids and secrets are one session's alone.
pub fn a_session_is_found_by_its_secret<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let made = session(1, &ada);
    store.create_session(&made).unwrap();
    let same_secret = Session { id: SessionId::from_bits([2; 10]), ..made.clone() };
    for refused in [&made, &same_secret, &session(3, &id("nobody"))] {
        assert_eq!(store.create_session(refused).unwrap_err().kind, StoreErrorKind::Conflict);
    }
    fixture.reopen();
    let store = fixture.store();
    let person = store.person(&ada).unwrap().unwrap();
    assert_eq!(store.session_by_secret(&made.secret_hash).unwrap(), Some((made.clone(), person.clone())));
    assert_eq!(store.session_by_secret(&hash("session 2")).unwrap(), None);
    store.touch_session(&made.id, NOW_MS + 50, "2001:db8::1").unwrap();
    assert!(store.extend_session(&made.id, NOW_MS + 9_000).unwrap());
    let after = Session {
        seen_ms: NOW_MS + 50,
        address: "2001:db8::1".into(),
        expires_ms: NOW_MS + 9_000,
        ..made.clone()
    };
    assert_eq!(store.session(&made.id).unwrap(), Some(after.clone()));
    assert_eq!(store.session_by_secret(&made.secret_hash).unwrap(), Some((after, person)));
}

/// An ended session is found no more, and touching or extending it does not bring it back.
pub fn sessions_end_one_by_one_or_all_but_one<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let made: Vec<Session> = (1..=5).map(|n| session(n, if n == 5 { &bob } else { &ada })).collect();
    made.iter().for_each(|session| store.create_session(session).unwrap());
    let seen = |person| -> Vec<SessionId> {
        store.sessions_of(person).unwrap().into_iter().map(|session| session.id).collect()
    };
    assert_eq!(seen(&ada), [3, 2, 1, 0].map(|n: usize| made[n].id.clone()));
    assert!(store.end_session(&made[0].id).unwrap());
    assert!(!store.end_session(&made[0].id).unwrap());
    store.touch_session(&made[0].id, NOW_MS, "").unwrap();
    assert!(!store.extend_session(&made[0].id, NOW_MS).unwrap());
    assert_eq!(store.session_by_secret(&made[0].secret_hash).unwrap(), None);
    let ended = store.end_sessions(&ada, Some(&made[2].id)).unwrap();
    assert_eq!(ended, [made[1].id.clone(), made[3].id.clone()]);
    assert_eq!(seen(&ada), [made[2].id.clone()]);
    assert_eq!(store.end_sessions(&ada, None).unwrap(), [made[2].id.clone()]);
    assert_eq!(store.end_sessions(&id("nobody"), None).unwrap(), []);
    assert_eq!((seen(&ada), seen(&bob)), (vec![], vec![made[4].id.clone()]));
}

/// At the moment of their end and not before, in bounded steps.
pub fn expired_sessions_end_the_longest_expired_first<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let made: Vec<Session> = (1..=4).map(|n| session(n, &ada)).collect();
    made.iter().for_each(|session| store.create_session(session).unwrap());
    let pair = |n: usize| (ada.clone(), made[n].id.clone());
    assert_eq!(store.end_expired_sessions(made[3].expires_ms - 1, 9).unwrap(), []);
    assert_eq!(store.end_expired_sessions(made[1].expires_ms, 2).unwrap(), [pair(3), pair(2)]);
    assert_eq!(store.end_expired_sessions(made[1].expires_ms, 2).unwrap(), [pair(1)]);
    assert_eq!(store.sessions_of(&ada).unwrap(), [made[0].clone()]);
}

/// Nobody revokes another's token.
pub fn a_token_is_found_by_its_secret_and_revoked_by_its_person<F: PeopleFixture>() {
    let mut fixture = F::empty();
    let store = fixture.store();
    let (ada, bob) = (add_person(store, "ada"), add_person(store, "bob"));
    let made: Vec<ApiToken> = (1..=3).map(|n| token(n, &ada)).collect();
    made.iter().for_each(|token| store.create_token(token).unwrap());
    for refused in [&made[0], &token(9, &id("nobody"))] {
        assert_eq!(store.create_token(refused).unwrap_err().kind, StoreErrorKind::Conflict);
    }
    store.touch_token(&made[1].id, NOW_MS + 7).unwrap();
    fixture.reopen();
    let store = fixture.store();
    let used = ApiToken { used_ms: Some(NOW_MS + 7), ..made[1].clone() };
    let person = store.person(&ada).unwrap().unwrap();
    assert_eq!(store.token_by_secret(&used.secret_hash).unwrap(), Some((used.clone(), person)));
    assert_eq!(store.tokens_of(&ada).unwrap(), [made[2].clone(), used.clone(), made[0].clone()]);
    assert!(!store.revoke_token(&bob, &used.id).unwrap());
    let rights = store.rights_version().unwrap();
    assert!(store.revoke_token(&ada, &used.id).unwrap());
    assert!(store.rights_version().unwrap() > rights);
    assert!(!store.revoke_token(&ada, &used.id).unwrap());
    store.touch_token(&used.id, NOW_MS).unwrap();
    assert_eq!(store.token_by_secret(&used.secret_hash).unwrap(), None);
    assert_eq!(store.tokens_of(&bob).unwrap(), []);
}

/// So that another process learns of ended sessions, and of nothing that doesn't matter.
pub fn rights_move_when_a_session_ends_and_not_when_it_is_seen<F: PeopleFixture>() {
    let fixture = F::empty();
    let store = fixture.store();
    let ada = add_person(store, "ada");
    let at = || store.rights_version().unwrap();
    let before = at();
    let made = session(1, &ada);
    store.create_session(&made).unwrap();
    store.touch_session(&made.id, NOW_MS, "").unwrap();
    store.extend_session(&made.id, NOW_MS).unwrap();
    assert_eq!(store.end_expired_sessions(0, 9).unwrap(), []);
    assert_eq!(store.end_sessions(&ada, Some(&made.id)).unwrap(), []);
    assert_eq!(at(), before);
    store.end_session(&made.id).unwrap();
    assert!(at() > before && at() <= store.version().unwrap());
}
