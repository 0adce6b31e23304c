//! Every role by every action by every kind of room, written out: the specification of `decide`, beside its code.

use loquat_chat::rights::{Place, RoomAction, Verdict, decide, operations};
use loquat_protocol::{ErrorCode, Operation, Operations};
use loquat_store::people::{RoomKind, RoomRole};

/// The columns: owner, moderator, member, read-only, nobody, administrator who is no member.
const COLUMNS: [(Option<RoomRole>, bool); 6] = [
    (Some(RoomRole::Owner), false),
    (Some(RoomRole::Moderator), false),
    (Some(RoomRole::Member), false),
    (Some(RoomRole::ReadOnly), false),
    (None, false),
    (None, true),
];

/// `y` allowed, `n` not by this role, `h` hidden, `a` because it is archived, `d` because it is direct.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Allowed => 'y',
        Verdict::Hidden => 'h',
        Verdict::Refused(ErrorCode::NotPermittedInRoom) => 'n',
        Verdict::Refused(ErrorCode::RoomArchived) => 'a',
        Verdict::Refused(ErrorCode::DirectRoomFixed) => 'd',
        Verdict::Refused(other) => panic!("no reason that people know: {other:?}"),
    }
}

fn check(kind: RoomKind, archived: bool, rows: &[(RoomAction, &str)]) {
    for (action, expected) in rows {
        let row: String = COLUMNS
            .iter()
            .map(|(role, administrator)| {
                letter(decide(Place { role: *role, administrator: *administrator, kind, archived }, *action))
            })
            .collect();
        assert_eq!(row, *expected, "{action:?} in a room that is {kind} (archived: {archived})");
    }
}

use RoomAction as A;
const ADD_OWNER: RoomAction = A::AddMember { role: RoomRole::Owner };
const ADD_MODERATOR: RoomAction = A::AddMember { role: RoomRole::Moderator };
const ADD_MEMBER: RoomAction = A::AddMember { role: RoomRole::Member };
const ADD_READER: RoomAction = A::AddMember { role: RoomRole::ReadOnly };
const REMOVE_OWNER: RoomAction = A::RemoveMember { role: RoomRole::Owner };
const REMOVE_MODERATOR: RoomAction = A::RemoveMember { role: RoomRole::Moderator };
const REMOVE_MEMBER: RoomAction = A::RemoveMember { role: RoomRole::Member };
const REMOVE_READER: RoomAction = A::RemoveMember { role: RoomRole::ReadOnly };

#[test]
fn public_rooms() {
    check(
        RoomKind::Public,
        false,
        &[
            (A::See, "yyyyyy"),
            (A::SeeMembers, "yyyyyy"),
            (A::Read, "yyyynn"),
            (A::Observe, "yyyynn"),
            (A::Appear, "yyyynn"),
            (A::Post, "yyynnn"),
            (A::Join, "yyyyyy"),
            (A::JoinInvited, "yyyyyy"),
            (A::Leave, "yyyynn"),
            (A::Describe, "ynnnny"),
            (A::ChangeKind, "ynnnnn"),
            (A::Archive, "ynnnny"),
            (A::Invite, "yynnnn"),
            (A::ChangeRole, "ynnnny"),
            (ADD_OWNER, "ynnnnn"),
            (ADD_MODERATOR, "ynnnnn"),
            (ADD_MEMBER, "yynnnn"),
            (ADD_READER, "yynnnn"),
            (REMOVE_OWNER, "ynnnnn"),
            (REMOVE_MODERATOR, "ynnnnn"),
            (REMOVE_MEMBER, "yynnnn"),
            (REMOVE_READER, "yynnnn"),
        ],
    );
}

#[test]
fn private_rooms() {
    check(
        RoomKind::Private,
        false,
        &[
            (A::See, "yyyyhy"),
            (A::SeeMembers, "yyyyhn"),
            (A::Read, "yyyyhn"),
            (A::Observe, "yyyyhn"),
            (A::Appear, "yyyyhn"),
            (A::Post, "yyynhn"),
            (A::Join, "nnnnhn"),
            (A::JoinInvited, "yyyyyy"),
            (A::Leave, "yyyyhn"),
            (A::Describe, "ynnnhy"),
            (A::ChangeKind, "ynnnhn"),
            (A::Archive, "ynnnhy"),
            (A::Invite, "yynnhn"),
            (A::ChangeRole, "ynnnhy"),
            (ADD_OWNER, "ynnnhn"),
            (ADD_MODERATOR, "ynnnhn"),
            (ADD_MEMBER, "yynnhn"),
            (ADD_READER, "yynnhn"),
            (REMOVE_OWNER, "ynnnhn"),
            (REMOVE_MODERATOR, "ynnnhn"),
            (REMOVE_MEMBER, "yynnhn"),
            (REMOVE_READER, "yynnhn"),
        ],
    );
}

#[test]
fn direct_rooms() {
    let people_and_settings = [
        A::Join,
        A::Leave,
        A::Describe,
        A::ChangeKind,
        A::Archive,
        A::Invite,
        A::ChangeRole,
        ADD_OWNER,
        ADD_MODERATOR,
        ADD_MEMBER,
        ADD_READER,
        REMOVE_OWNER,
        REMOVE_MODERATOR,
        REMOVE_MEMBER,
        REMOVE_READER,
    ];
    check(RoomKind::Direct, false, &people_and_settings.map(|action| (action, "ddddhd")));
    check(
        RoomKind::Direct,
        false,
        &[
            (A::See, "yyyyhy"),
            (A::SeeMembers, "yyyyhn"),
            (A::Read, "yyyyhn"),
            (A::Observe, "yyyyhn"),
            (A::Appear, "yyyyhn"),
            (A::Post, "yyynhn"),
            (A::JoinInvited, "dddddd"),
        ],
    );
}

#[test]
fn archived_rooms() {
    for kind in [RoomKind::Public, RoomKind::Private] {
        let frozen = [
            A::Observe,
            A::Appear,
            A::Post,
            A::Join,
            A::Describe,
            A::ChangeKind,
            A::Invite,
            A::ChangeRole,
            ADD_OWNER,
            ADD_MODERATOR,
            ADD_MEMBER,
            ADD_READER,
            REMOVE_OWNER,
            REMOVE_MODERATOR,
            REMOVE_MEMBER,
            REMOVE_READER,
        ];
        check(kind, true, &frozen.map(|action| (action, "aaaaha")));
        let members = if kind == RoomKind::Public { "yyyyhy" } else { "yyyyhn" };
        check(
            kind,
            true,
            &[
                (A::See, "yyyyhy"),
                (A::SeeMembers, members),
                (A::Read, "yyyyhn"),
                (A::JoinInvited, "aaaaaa"),
                (A::Leave, "yyyyhn"),
                (A::Archive, "ynnnhy"),
            ],
        );
    }
}

#[test]
fn an_administrator_who_is_a_member_also_looks_after_the_room() {
    let place =
        |role| Place { role: Some(role), administrator: true, kind: RoomKind::Private, archived: false };
    for role in RoomRole::ALL {
        for action in [A::Describe, A::ChangeKind, A::Archive, A::ChangeRole, A::Read] {
            assert_eq!(decide(place(*role), action), Verdict::Allowed, "{action:?} as {role}");
        }
        let others = decide(place(*role), ADD_OWNER) == Verdict::Allowed;
        assert_eq!(others, *role == RoomRole::Owner);
    }
    assert_ne!(decide(place(RoomRole::ReadOnly), A::Post), Verdict::Allowed);
}

#[test]
fn a_higher_role_may_all_that_a_lower_one_may() {
    let actions = [
        A::See,
        A::SeeMembers,
        A::Read,
        A::Observe,
        A::Appear,
        A::Post,
        A::Join,
        A::JoinInvited,
        A::Leave,
        A::Describe,
        A::ChangeKind,
        A::Archive,
        A::Invite,
        A::ChangeRole,
        ADD_OWNER,
        ADD_MODERATOR,
        ADD_MEMBER,
        ADD_READER,
        REMOVE_OWNER,
        REMOVE_MODERATOR,
        REMOVE_MEMBER,
        REMOVE_READER,
    ];
    for kind in RoomKind::ALL {
        for archived in [false, true] {
            for action in actions {
                let may = |role: RoomRole| {
                    let place = Place { role: Some(role), administrator: false, kind: *kind, archived };
                    decide(place, action) == Verdict::Allowed
                };
                for pair in RoomRole::ALL.windows(2) {
                    assert!(may(pair[0]) || !may(pair[1]), "{action:?}: {} against {}", pair[0], pair[1]);
                }
            }
        }
    }
}

fn set(list: &[Operation]) -> Operations {
    list.iter().fold(Operations::NONE, |all, operation| all | Operations::only(*operation))
}

#[test]
fn a_role_is_a_set_of_operations_on_the_rooms_channel() {
    use Operation as O;
    let all = set(&[
        O::Publish,
        O::Subscribe,
        O::Presence,
        O::History,
        O::AnnotationPublish,
        O::AnnotationSubscribe,
        O::ChannelMetadata,
    ]);
    let reading = set(&[O::Subscribe, O::Presence, O::History, O::AnnotationSubscribe, O::ChannelMetadata]);
    let archive = set(&[O::Subscribe, O::History]);
    for kind in RoomKind::ALL {
        let of = |role, archived| operations(Place { role, administrator: true, kind: *kind, archived });
        assert_eq!(of(Some(RoomRole::Owner), false), all);
        assert_eq!(of(Some(RoomRole::Moderator), false), all);
        assert_eq!(of(Some(RoomRole::Member), false), all);
        assert_eq!(of(Some(RoomRole::ReadOnly), false), reading);
        assert_eq!(of(None, false), Operations::NONE, "not even as an administrator");
        for role in RoomRole::ALL {
            assert_eq!(of(Some(*role), true), archive);
        }
        assert_eq!(of(None, true), Operations::NONE);
    }
}
