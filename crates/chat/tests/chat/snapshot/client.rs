//! A client, as small as it can be: of each part it keeps what has the highest version.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::support::Told;

/// What one device of a person knows.
#[derive(Clone, Default)]
pub struct Client {
    rooms: BTreeMap<String, Room>,
    /// By id: what is known of people.
    people: BTreeMap<String, Value>,
    /// The version of the newest snapshot.
    floor: u64,
}

#[derive(Clone, Default)]
struct Room {
    room: Option<Value>,
    membership: Option<Value>,
    others: Value,
    /// Counts, with the version that they are of.
    activity: Option<Value>,
    /// How many members, and as of when.
    members: (u64, u64),
    /// Role and version by person; a gone one is `null`.
    roles: BTreeMap<String, (Value, u64)>,
    /// As of when the members were read; 0: not yet.
    members_read: u64,
    /// One was no member at this version.
    removed: u64,
}

fn version(value: &Value) -> u64 {
    value["version"].as_u64().expect("what comes from the server has a version")
}

fn is_newer(known: &Option<Value>, value: &Value) -> bool {
    known.as_ref().is_none_or(|known| version(known) < version(value))
}

impl Client {
    /// `GET /me/rooms`, after which nothing older counts.
    pub fn take_snapshot(&mut self, snapshot: &Value) {
        self.floor = version(snapshot);
        let mut present = Vec::new();
        for listing in snapshot["items"].as_array().unwrap() {
            present.push(listing["room"]["id"].as_str().unwrap().to_owned());
            self.take_listing(listing);
        }
        for (id, room) in &mut self.rooms {
            if !present.contains(id) {
                room.removed = room.removed.max(self.floor);
            }
        }
    }

    /// `GET /rooms/{id}/members`, as of a version of the whole.
    pub fn take_members(&mut self, room: &str, members: &[Value], as_of: u64) {
        let room = self.rooms.entry(room.to_owned()).or_default();
        room.members_read = as_of;
        room.roles.retain(|_, (_, version)| *version > as_of);
        for member in members {
            let id = member["person"]["id"].as_str().unwrap().to_owned();
            let entry = room.roles.entry(id.clone()).or_insert((Value::Null, 0));
            if entry.1 < as_of {
                *entry = (member["role"].clone(), as_of);
            }
            self.people
                .entry(id)
                .and_modify(|known| newest(known, &member["person"]))
                .or_insert(member["person"].clone());
        }
    }

    pub fn apply(&mut self, told: &Told) {
        let data = &told.data;
        match told.name {
            "room.changed" => self.take_listing(&data["listing"]),
            "room.removed" => {
                let room = self.room(data);
                room.removed = room.removed.max(version(data));
            }
            "room.activity" => {
                let room = self.room(data);
                if is_newer(&room.activity, data) {
                    room.activity = Some(data.clone());
                }
            }
            "member.changed" => {
                let room = self.room(data);
                if room.members.1 < version(data) {
                    room.members = (data["members"].as_u64().unwrap(), version(data));
                }
                let person = data["person"].as_str().unwrap().to_owned();
                let known = room.roles.entry(person).or_insert((Value::Null, 0));
                if known.1 < version(data) {
                    *known = (data["role"].clone(), version(data));
                }
            }
            "person.changed" => {
                let person = &data["person"];
                let id = person["id"].as_str().unwrap().to_owned();
                self.people.entry(id).and_modify(|known| newest(known, person)).or_insert(person.clone());
            }
            "session.ended" => {}
            other => panic!("an event that no client knows: {other}"),
        }
    }

    fn room(&mut self, data: &Value) -> &mut Room {
        let id = data["room"].as_str().unwrap().to_owned();
        let floor = self.floor;
        self.rooms.entry(id).or_insert_with(|| Room { removed: floor, ..Room::default() })
    }

    fn take_listing(&mut self, listing: &Value) {
        let (row, membership) = (&listing["room"], &listing["membership"]);
        let room = self.rooms.entry(row["id"].as_str().unwrap().to_owned()).or_default();
        if is_newer(&room.room, row) {
            room.room = Some(row.clone());
        }
        if room.members.1 < version(row) {
            room.members = (row["members"].as_u64().unwrap(), version(row));
        }
        if is_newer(&room.membership, membership) {
            room.membership = Some(membership.clone());
            room.others = listing["others"].clone();
        }
        let mut activity = json!({
            "messages": row["messages"], "last_serial": row["last_serial"], "last_ms": row["last_ms"],
            "unread": listing["unread"]["unread"], "mentions": listing["unread"]["mentions"],
        });
        activity["version"] = version(row).max(version(membership)).into();
        if is_newer(&room.activity, &activity) {
            room.activity = Some(activity);
        }
    }

    /// Rooms that one is in and whose members one hasn't read yet.
    pub fn rooms_without_members(&self) -> Vec<String> {
        let unread =
            self.rooms.iter().filter(|(_, room)| room.is_there() && room.members_read <= room.removed);
        unread.map(|(id, _)| id.clone()).collect()
    }

    /// The list as it is shown: by room, without versions.
    pub fn shown(&self) -> BTreeMap<String, Value> {
        let there = self.rooms.iter().filter(|(_, room)| room.is_there());
        there.map(|(id, room)| (id.clone(), room.shown())).collect()
    }

    /// The members of a room as they are shown: role by person.
    pub fn shown_members(&self, room: &str) -> BTreeMap<String, Value> {
        let roles = self.rooms[room].roles.iter().filter(|(_, (role, _))| !role.is_null());
        roles.map(|(person, (role, _))| (person.clone(), role.clone())).collect()
    }

    pub fn person(&self, id: &str) -> Option<&Value> {
        self.people.get(id)
    }
}

fn newest(known: &mut Value, person: &Value) {
    if version(known) < version(person) {
        *known = person.clone();
    }
}

impl Room {
    fn is_there(&self) -> bool {
        self.room.is_some() && self.membership.as_ref().is_some_and(|own| version(own) > self.removed)
    }

    fn shown(&self) -> Value {
        let (room, activity) = (self.room.as_ref().unwrap(), self.activity.as_ref().unwrap());
        let listing = json!({
            "room": room, "membership": self.membership, "others": self.others,
            "unread": {"unread": activity["unread"], "mentions": activity["mentions"]},
        });
        let mut shown = without_versions(&listing);
        for field in ["messages", "last_serial", "last_ms"] {
            shown["room"][field] = activity[field].clone();
        }
        shown["room"]["members"] = self.members.0.into();
        shown
    }
}

/// A listing of the server's, for comparison: without what only tells old from new.
pub fn without_versions(listing: &Value) -> Value {
    let strip = |value: &Value| {
        let fields = value.as_object().unwrap().iter().filter(|(name, _)| *name != "version");
        Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
    };
    json!({
        "room": strip(&listing["room"]), "membership": strip(&listing["membership"]),
        "others": listing["others"], "unread": listing["unread"],
    })
}
