//! Any sequence of steps gives what the oracle gives, which counts message by message.

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{
    PeopleFixture,
    make::{self, NOW_MS, hash, id, invitation, membership, person, room_id, serial},
};
use crate::{
    StoreError,
    people::{
        Admission, Email, Handle, Invitation, InvitationId, InvitationsTo, Membership, MemoryPeople,
        PeopleStore, Person, PersonChange, PersonId, PersonRole, RoomChange, RoomId, RoomKind, RoomMessage,
        RoomRole, Session, SessionId,
    },
};

/// People and rooms that there can be; a few more are asked for that there never are.
const PEOPLE: u8 = 6;
const ROOMS: u8 = 5;
const INVITATIONS: u8 = 4;

#[derive(Clone, Debug)]
enum Step {
    CreatePerson { who: u8, handle: u8, administrator: bool, by: Option<u8> },
    ChangePerson { who: u8, handle: Option<u8>, administrator: Option<bool>, active: Option<bool> },
    CreateRoom { room: u8, kind: RoomKind, people: Vec<(u8, RoomRole)> },
    ChangeRoom { room: u8, kind: Option<RoomKind>, archived: Option<bool> },
    Invite { link: u8, room: Option<u8>, uses_max: u32, lasts_ms: u64 },
    Revoke(u8),
    RevokeAll { by: u8, to: Option<Option<u8>> },
    Join { room: u8, who: u8, role: RoomRole, by: Option<u8> },
    ChangeRole { room: u8, who: u8, role: RoomRole },
    Leave { room: u8, who: u8 },
    Say(Vec<Said>),
    Replay,
    MarkRead { room: u8, who: u8, back_by: Option<u64>, backwards: bool },
    SignIn { session: u8, who: u8 },
    SignOut(u8),
    SignOutAll { who: u8, except: u8 },
    Expire(u8),
    Sync,
    Reopen,
}

#[derive(Clone, Debug)]
struct Said {
    room: u8,
    author: Option<u8>,
    mentions: Vec<u8>,
    all: bool,
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    (0..all.len()).prop_map(|n| all[n])
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..PEOPLE;
    let room = || 0..ROOMS;
    let link = || 0..INVITATIONS;
    let some_link = || prop::option::of(0..INVITATIONS);
    let role = || one_of(RoomRole::ALL);
    let said = (room(), prop::option::weighted(0.9, who()), vec(who(), 0..3), prop::bool::weighted(0.2))
        .prop_map(|(room, author, mentions, all)| Said { room, author, mentions, all });
    prop_oneof![
        4 => (who(), who(), any::<bool>(), some_link())
            .prop_map(|(who, handle, administrator, by)| Step::CreatePerson { who, handle, administrator, by }),
        2 => (who(), prop::option::of(who()), any::<Option<bool>>(), any::<Option<bool>>()).prop_map(
            |(who, handle, administrator, active)| Step::ChangePerson { who, handle, administrator, active }
        ),
        4 => (room(), one_of(RoomKind::ALL), vec((who(), role()), 0..4))
            .prop_map(|(room, kind, people)| Step::CreateRoom { room, kind, people }),
        2 => (room(), prop::option::of(one_of(RoomKind::ALL)), any::<Option<bool>>())
            .prop_map(|(room, kind, archived)| Step::ChangeRoom { room, kind, archived }),
        2 => (link(), prop::option::of(room()), 0_u32..3, 0_u64..3)
            .prop_map(|(link, room, uses_max, lasts_ms)| Step::Invite { link, room, uses_max, lasts_ms }),
        1 => link().prop_map(Step::Revoke),
        1 => (0_u8..2, prop::option::of(prop::option::of(room())))
            .prop_map(|(by, to)| Step::RevokeAll { by, to }),
        4 => (room(), who(), role(), some_link())
            .prop_map(|(room, who, role, by)| Step::Join { room, who, role, by }),
        2 => (room(), who(), role()).prop_map(|(room, who, role)| Step::ChangeRole { room, who, role }),
        2 => (room(), who()).prop_map(|(room, who)| Step::Leave { room, who }),
        8 => vec(said, 0..6).prop_map(Step::Say),
        1 => Just(Step::Replay),
        6 => (room(), who(), prop::option::of(0_u64..12), any::<bool>())
            .prop_map(|(room, who, back_by, backwards)| Step::MarkRead { room, who, back_by, backwards }),
        1 => (0_u8..6, who()).prop_map(|(session, who)| Step::SignIn { session, who }),
        1 => (0_u8..6).prop_map(Step::SignOut),
        1 => (who(), 0_u8..6).prop_map(|(who, except)| Step::SignOutAll { who, except }),
        1 => (0_u8..6).prop_map(Step::Expire),
        1 => Just(Step::Sync),
        1 => Just(Step::Reopen),
    ]
}

/// Random histories, step by step beside the oracle: answers, versions, everybody's listing and what is unread agree
/// after each.
pub fn any_history_agrees_with_a_recount<F: PeopleFixture>() {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&vec(step(), 1..70), |steps| {
            let (mut fixture, oracle, mut said) = (F::empty(), MemoryPeople::new(), 0);
            // A world to begin with, so that most histories get somewhere.
            for step in beginning().into_iter().chain(steps) {
                let expected = take(&oracle, &step, said);
                let answer = take(fixture.store(), &step, said);
                prop_assert_eq!(answer, expected, "{:?}", step);
                if let Step::Say(messages) = &step {
                    said += messages.len() as u64;
                }
                if let Step::Reopen = &step {
                    fixture.reopen();
                }
                prop_assert_eq!(look(fixture.store()), look(&oracle), "{:?}", step);
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

fn beginning() -> Vec<Step> {
    let mut steps: Vec<Step> =
        (0..4).map(|who| Step::CreatePerson { who, handle: who, administrator: who < 2, by: None }).collect();
    let people = |all: &[u8]| {
        let role = |place| if place == 0 { RoomRole::Owner } else { RoomRole::Member };
        all.iter().enumerate().map(|(place, who)| (*who, role(place))).collect()
    };
    steps.push(Step::CreateRoom { room: 0, kind: RoomKind::Public, people: people(&[0, 1, 2]) });
    steps.push(Step::CreateRoom { room: 1, kind: RoomKind::Direct, people: people(&[1, 2]) });
    steps.push(Step::Invite { link: 0, room: Some(0), uses_max: 2, lasts_ms: 2 });
    steps
}

fn who(n: u8) -> PersonId {
    id(&format!("person{n}"))
}

fn which(n: u8) -> RoomId {
    room_id(&format!("room{n}"))
}

fn link(n: u8) -> InvitationId {
    InvitationId::from_bits([n; 10])
}

fn session(n: u8) -> SessionId {
    SessionId::from_bits([n; 10])
}

fn role(administrator: bool) -> PersonRole {
    if administrator { PersonRole::Administrator } else { PersonRole::Member }
}

/// The answer of a store to a step, as text; of an error, its kind.
fn take(store: &impl PeopleStore, step: &Step, said: u64) -> String {
    fn told<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> String {
        format!("{:?}", answer.map_err(|error| error.kind))
    }
    match step {
        Step::CreatePerson { who: n, handle, administrator, by } => {
            let name = format!("person{handle}");
            let email = (handle % 2 == 0).then(|| Email::from_trusted(&name));
            let handle = Handle::from_trusted(&name);
            let made =
                Person { id: who(*n), handle, email, role: role(*administrator), ..person("somebody") };
            let admission = by.map_or(Admission::Free, |by| Admission::Invited(link(by)));
            told(store.create_person(&made, "hash", &admission))
        }
        Step::ChangePerson { who: n, handle, administrator, active } => {
            let change = PersonChange {
                handle: handle.map(|handle| Handle::from_trusted(&format!("person{handle}"))),
                role: administrator.map(role),
                deactivated_ms: active.map(|active| (!active).then_some(NOW_MS)),
                ..PersonChange::default()
            };
            told(store.change_person(&who(*n), &change))
        }
        Step::CreateRoom { room, kind, people } => {
            let made = make::room(&format!("room{room}"), *kind, &who(0));
            let members: Vec<Membership> =
                people.iter().map(|(n, role)| membership(&which(*room), &who(*n), *role)).collect();
            told(store.create_room(&made, &members))
        }
        Step::ChangeRoom { room, kind, archived } => {
            let archived_ms = archived.map(|archived| archived.then_some(NOW_MS));
            told(store.change_room(
                &which(*room),
                &RoomChange { kind: *kind, archived_ms, ..RoomChange::default() },
            ))
        }
        Step::Invite { link: n, room, uses_max, lasts_ms } => {
            let room = room.map(which);
            let made = Invitation {
                id: link(*n),
                uses_max: uses_max.checked_sub(1),
                expires_ms: lasts_ms.checked_sub(1).map(|lasts_ms| NOW_MS + lasts_ms),
                ..invitation(&format!("link{n}"), room.as_ref(), &who(0))
            };
            told(store.create_invitation(&made))
        }
        Step::Revoke(n) => told(store.revoke_invitation(&link(*n), NOW_MS)),
        Step::RevokeAll { by, to } => {
            let room = to.flatten().map(which);
            let to = match (to, &room) {
                (None, _) => InvitationsTo::Anywhere,
                (Some(_), None) => InvitationsTo::Server,
                (Some(_), Some(room)) => InvitationsTo::Room(room),
            };
            told(store.revoke_invitations_by(&who(*by), to, NOW_MS))
        }
        Step::Join { room, who: n, role, by } => {
            told(store.join(&membership(&which(*room), &who(*n), *role), by.map(link).as_ref()))
        }
        Step::ChangeRole { room, who: n, role } => told(store.change_role(&which(*room), &who(*n), *role)),
        Step::Leave { room, who: n } => told(store.leave(&which(*room), &who(*n), NOW_MS)),
        Step::Say(messages) => {
            let messages = (said + 1..).zip(messages).map(|(n, message)| spoken(n, message)).collect();
            told(store.apply_rooms(&make::batch(store, messages)))
        }
        Step::Replay => {
            let mut batch = make::batch(store, vec![]);
            batch.advances[0].after_seq += 1;
            batch.advances[0].to_seq += 1;
            told(store.apply_rooms(&batch))
        }
        Step::MarkRead { room, who: n, back_by, backwards } => {
            let serial = back_by.map(|back_by| serial(said.saturating_sub(back_by)));
            told(store.mark_read(&which(*room), &who(*n), serial.as_deref(), *backwards))
        }
        Step::SignIn { session: n, who: person } => {
            let made = Session {
                id: session(*n),
                person: who(*person),
                secret_hash: hash(&format!("session{n}")),
                label: String::new(),
                address: String::new(),
                created_ms: NOW_MS,
                seen_ms: NOW_MS,
                expires_ms: NOW_MS + u64::from(*n),
            };
            told(store.create_session(&made))
        }
        Step::SignOut(n) => told(store.end_session(&session(*n))),
        Step::SignOutAll { who: n, except } => told(store.end_sessions(&who(*n), Some(&session(*except)))),
        Step::Expire(n) => told(store.end_expired_sessions(NOW_MS + u64::from(*n), 2)),
        Step::Sync => told(store.sync_rooms()),
        Step::Reopen => String::new(),
    }
}

fn spoken(n: u64, said: &Said) -> RoomMessage {
    RoomMessage {
        room: which(said.room),
        serial: serial(n),
        author: said.author.map(who),
        time_ms: NOW_MS + n,
        mentions: said.mentions.iter().map(|n| who(*n)).collect(),
        mentions_all: said.all,
    }
}

/// All that can be seen, as text.
fn look(store: &impl PeopleStore) -> Vec<String> {
    let mut seen = vec![
        format!("{:?} {:?}", store.version(), store.rights_version()),
        format!("{:?} {:?}", store.count_sessions(), store.count_persons()),
        format!("{:?} {:?}", store.room_cursors(), store.count_administrators()),
        format!("{:?}", store.all_rooms(None, 100)),
        format!("{:?}", store.public_rooms("r", None, 100)),
        format!("{:?}", store.find_persons("", None, 100)),
        format!("{:?}", store.server_invitations(None, 100)),
        format!("{:?}", store.count_open_invitations(None, NOW_MS + 1)),
    ];
    let everybody: Vec<PersonId> = (0..PEOPLE).map(who).collect();
    for person in &everybody {
        seen.push(format!("{:?}", store.listing(person, None)));
        seen.push(format!("{:?} {:?}", store.memberships_of(person), store.sessions_of(person)));
    }
    for room in (0..ROOMS).map(which) {
        seen.push(format!(
            "{:?} {:?}",
            store.members_of(&room, None, 100),
            store.unread_of_many(&room, &everybody)
        ));
        seen.push(format!(
            "{:?} {:?}",
            store.invitations_of_room(&room, None, 100),
            store.count_open_invitations(Some(&room), NOW_MS + 1)
        ));
        let restricted = everybody.iter().map(|person| store.left_restricted(&room, person));
        seen.push(format!("{:?}", restricted.collect::<Vec<_>>()));
    }
    seen
}
