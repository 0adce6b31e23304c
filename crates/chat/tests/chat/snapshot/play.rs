//! Five people, some with an open connection, and what they do.

use std::{collections::BTreeMap, sync::Arc};

use loquat_auth::Standing;
use loquat_chat::{
    AccountChange, ChatError, NewInvitation, NewRoom, Options, ProfileChange, RoomEdit, SignUp,
    operator::Operator,
    rights::{Place, operations},
};
use loquat_protocol::Operations;
use loquat_store::people::{PeopleStore, PersonId, RoomId, RoomKind, RoomRole};
use serde_json::Value;

use super::client::{Client, without_versions};
use crate::support::{CountingEntropy, Someone, Told, World, in_room, visitor};

const HANDLES: [&str; 5] = ["ada", "bob", "eve", "joe", "zoe"];

/// Numbers pick people, rooms and so on, modulo how many there are.
#[derive(Clone, Debug)]
pub enum Move {
    Create {
        who: u8,
        kind: u8,
        with: u8,
    },
    Join {
        who: u8,
        room: u8,
    },
    SetMember {
        who: u8,
        room: u8,
        whom: u8,
        role: u8,
    },
    Remove {
        who: u8,
        room: u8,
        whom: u8,
    },
    Change {
        who: u8,
        room: u8,
        how: u8,
    },
    Say {
        who: u8,
        room: u8,
        whom: u8,
    },
    Read {
        who: u8,
        room: u8,
        back: u8,
        backwards: bool,
    },
    Profile {
        who: u8,
        how: u8,
    },
    Deactivate {
        whom: u8,
        off: bool,
    },
    Invite {
        who: u8,
        room: u8,
        whom: u8,
    },
    Connect {
        who: u8,
    },
    Disconnect {
        who: u8,
    },
    /// An event of before comes once more.
    Repeat {
        who: u8,
        which: u8,
    },
    /// Another process takes an account out of use, or back.
    Elsewhere {
        whom: u8,
        off: bool,
    },
}

struct Device {
    standing: Arc<dyn Standing>,
    client: Client,
    heard: Vec<Told>,
}

pub struct Play {
    world: World,
    operator: Operator,
    people: Vec<Someone>,
    devices: BTreeMap<PersonId, Device>,
    rooms: Vec<RoomId>,
    said: BTreeMap<RoomId, Vec<String>>,
}

impl Play {
    pub fn over(store: Arc<dyn PeopleStore>) -> Self {
        let world = World::over(store, Options { sign_up: SignUp::Open, ..Options::for_test() });
        let mut people = vec![world.set_up(HANDLES[0])];
        people.extend(HANDLES[1..].iter().map(|handle| world.sign_up(handle)));
        let entropy = Arc::new(CountingEntropy::default());
        let operator =
            Operator::new(world.store.clone(), entropy, world.clock(), Options::for_test()).unwrap();
        let (devices, rooms, said) = Default::default();
        Self { world, operator, people, devices, rooms, said }
    }

    fn who(&self, number: u8) -> Someone {
        self.people[usize::from(number) % self.people.len()].clone()
    }

    fn room(&self, number: u8) -> RoomId {
        match self.rooms.len() {
            0 => RoomId::from_bits([9; 10]),
            count => self.rooms[usize::from(number) % count].clone(),
        }
    }

    /// Makes a move; that it may be refused is part of the game.
    pub fn make(&mut self, one: &Move) {
        self.world.pass_ms(1);
        drop(self.try_make(one));
        self.deliver();
    }

    fn try_make(&mut self, one: &Move) -> Result<(), ChatError> {
        let chat = Arc::clone(&self.world.chat);
        match *one {
            Move::Create { who, kind, with } => {
                let kind = RoomKind::ALL[usize::from(kind) % 3];
                let members = (0..with % 4).map(|n| self.who(with + n).id).collect();
                let new = NewRoom { kind, name: "A room".into(), topic: String::new(), members };
                let (listing, is_new) = chat.create_room(&self.who(who).actor, &new)?;
                if is_new {
                    self.rooms.push(listing.room.id);
                }
            }
            Move::Join { who, room } => drop(chat.join_room(&self.who(who).actor, &self.room(room))?),
            Move::SetMember { who, room, whom, role } => {
                let role = RoomRole::ALL[usize::from(role) % 4];
                chat.set_member(&self.who(who).actor, &self.room(room), &self.who(whom).id, role)?;
            }
            Move::Remove { who, room, whom } => {
                chat.remove_member(&self.who(who).actor, &self.room(room), &self.who(whom).id)?;
            }
            Move::Change { who, room, how } => {
                drop(chat.change_room(&self.who(who).actor, &self.room(room), &edit(how), None)?);
            }
            Move::Say { who, room, whom } => self.say(who, &self.room(room), whom),
            Move::Read { who, room, back, backwards } => {
                let room = self.room(room);
                let said = self.said.get(&room).map_or(&[][..], Vec::as_slice);
                let serial = said.iter().rev().nth(usize::from(back));
                chat.mark_read(&self.who(who).actor, &room, serial.map(String::as_str), backwards)?;
            }
            Move::Profile { who, how } => {
                let change = ProfileChange { name: Some(format!("Name {how}")), ..ProfileChange::default() };
                chat.change_profile(&self.who(who).actor, &visitor(1), &change, None)?;
            }
            Move::Deactivate { whom, off } => {
                let change = AccountChange { deactivated: Some(off), ..AccountChange::default() };
                chat.change_account(&self.people[0].actor, &self.who(whom).id, change)?;
            }
            Move::Invite { who, room, whom } => {
                let made =
                    chat.invite_to_room(&self.who(who).actor, &self.room(room), NewInvitation::default())?;
                chat.accept_invitation(&self.who(whom).actor, &visitor(1), &made.code)?;
            }
            Move::Connect { who } => self.connect(who),
            Move::Disconnect { who } => drop(self.devices.remove(&self.who(who).id)),
            Move::Repeat { who, which } => self.repeat(who, which),
            Move::Elsewhere { whom, off } => {
                let done = self.operator.set_deactivated(&self.who(whom).id, off);
                chat.refresh_if_changed()?;
                done?;
            }
        }
        Ok(())
    }

    /// The room's channel is open to programs of the operator too.
    fn say(&mut self, who: u8, room: &RoomId, whom: u8) {
        let who = self.who(who);
        let text = match whom {
            7 => "@all, listen".to_owned(),
            _ => format!("hello @{}", HANDLES[usize::from(whom) % HANDLES.len()]),
        };
        let serial = self.world.log.say(room, who.id.as_str(), &text);
        self.said.entry(room.clone()).or_default().push(serial);
    }

    /// Attaches first, then reads the snapshot. A session that ended is replaced by a new one, if it may be.
    fn connect(&mut self, who: u8) {
        let place = usize::from(who) % self.people.len();
        let one = &self.people[place];
        if self.world.chat.authenticate_session(&one.secret, &visitor(1)).is_err() {
            let signed_in = self.world.chat.sign_in(&visitor(1), HANDLES[place], crate::support::PASSWORD);
            let Ok(signed_in) = signed_in else { return };
            self.people[place] = self.world.someone(signed_in.secret);
        }
        let one = self.people[place].clone();
        let standing = self.world.connect(&one);
        let before = self.devices.remove(&one.id);
        // Whoever comes back still has what they had.
        let mut client = before.map(|device| device.client).unwrap_or_default();
        client.take_snapshot(&self.snapshot(&one));
        self.devices.insert(one.id.clone(), Device { standing, client, heard: Vec::new() });
    }

    fn snapshot(&self, one: &Someone) -> Value {
        serde_json::to_value(self.world.chat.my_rooms(&one.actor).unwrap()).unwrap()
    }

    fn members(&self, one: &Someone, room: &str) -> Vec<Value> {
        let room = RoomId::parse(room).unwrap();
        let members = self.world.chat.members(&one.actor, &room, None, 100).unwrap();
        members.iter().map(|member| serde_json::to_value(member).unwrap()).collect()
    }

    fn deliver(&mut self) {
        // Who was signed out has no device any more.
        self.devices.retain(|_, device| device.standing.revoked().is_none());
        for told in self.world.ports.take_told() {
            if let Some(device) = self.devices.get_mut(&told.person) {
                device.client.apply(&told);
                device.heard.push(told);
            }
        }
        for one in &self.people {
            let Some(device) = self.devices.get(&one.id) else { continue };
            let rooms = device.client.rooms_without_members();
            let as_of = self.snapshot(one)["version"].as_u64().unwrap();
            for room in rooms {
                let members = self.members(one, &room);
                self.devices.get_mut(&one.id).unwrap().client.take_members(&room, &members, as_of);
            }
        }
    }

    fn repeat(&mut self, who: u8, which: u8) {
        let Some(device) = self.devices.get_mut(&self.people[usize::from(who) % HANDLES.len()].id) else {
            return;
        };
        if !device.heard.is_empty() {
            let told = device.heard[usize::from(which) % device.heard.len()].clone();
            device.client.apply(&told);
        }
    }

    /// What each device shows is what it would be given afresh, and what it may do is what the store says.
    pub fn check(&self, one: &Move) {
        for someone in &self.people {
            let Some(device) = self.devices.get(&someone.id) else { continue };
            let fresh = self.snapshot(someone);
            let items = fresh["items"].as_array().unwrap().iter();
            let fresh: BTreeMap<String, Value> = items
                .map(|listing| {
                    (listing["room"]["id"].as_str().unwrap().to_owned(), without_versions(listing))
                })
                .collect();
            assert_eq!(device.client.shown(), fresh, "the list of {} after {one:?}", someone.id);
            for room in fresh.keys() {
                self.check_members(someone, &device.client, room, one);
            }
            self.check_rights(someone, &*device.standing, one);
        }
    }

    fn check_members(&self, someone: &Someone, client: &Client, room: &str, one: &Move) {
        let fresh = self.members(someone, room);
        let id = |member: &Value| member["person"]["id"].as_str().unwrap().to_owned();
        let roles: BTreeMap<_, _> = fresh.iter().map(|member| (id(member), member["role"].clone())).collect();
        assert_eq!(client.shown_members(room), roles, "the members for {} after {one:?}", someone.id);
        for member in &fresh {
            // Of newcomers nobody has told yet what they are called; that is looked up when they are shown.
            if let Some(known) = client.person(&id(member)) {
                assert_eq!(known, &member["person"], "a person for {} after {one:?}", someone.id);
            }
        }
    }

    fn check_rights(&self, someone: &Someone, standing: &dyn Standing, one: &Move) {
        let rights = self.world.store.memberships_of(&someone.id).unwrap();
        for room in &self.rooms {
            let expected =
                rights.iter().find(|rights| rights.room == *room).map_or(Operations::NONE, |rights| {
                    let (role, kind, archived) = (Some(rights.role), rights.kind, rights.archived);
                    operations(Place { role, administrator: false, kind, archived })
                });
            assert_eq!(in_room(standing, room), expected, "rights of {} after {one:?}", someone.id);
            assert!(self.world.store.room(room).unwrap().is_some());
        }
    }
}

fn edit(how: u8) -> RoomEdit {
    let edit = RoomEdit::default();
    match how {
        0 => RoomEdit { archived: Some(true), ..edit },
        1..=3 => RoomEdit { archived: Some(false), ..edit },
        4 => RoomEdit { kind: Some(RoomKind::Public), ..edit },
        5 => RoomEdit { kind: Some(RoomKind::Private), ..edit },
        _ => RoomEdit { name: Some(format!("Room {how}")), topic: Some("topic".into()), ..edit },
    }
}
