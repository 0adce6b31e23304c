//! What rooms cost: CPU per message counted, and of the questions that a web app asks.
//!
//! `cargo run --release -p loquat-store-sqlite --example people_bench [directory]`. One person is in all rooms, whose
//! messages come from fifty people in turn, one in ten mentions somebody; the person has read half of each. CPU is that
//! of the asking thread, the median of many.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::{path::PathBuf, time::Instant};

use loquat_protocol::PartitionId;
use loquat_store::{
    Advance,
    people::{
        Admission, Handle, Membership, Memberships, PeopleStore, Person, PersonId, PersonRole, Persons, Room,
        RoomBatch, RoomId, RoomKind, RoomMessage, RoomProjection, RoomRole, Rooms, SecretHash, Session,
        SessionId, Sessions,
    },
};
use loquat_store_sqlite::{Options, SqlitePeople};

const PEOPLE: usize = 50;
const BATCH: u64 = 1_000;
const NOW_MS: u64 = 1_700_000_000_000;

fn main() {
    let dir =
        std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from).join("loquat-people-bench");
    for (rooms, messages) in [(300, 100), (300, 3_000), (5_000, 100)] {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("a directory to work in");
        let store = SqlitePeople::open(&dir, &Options::default()).expect("a new store");
        println!("{rooms} rooms of {messages} messages");
        let world = World::make(&store, rooms);
        world.speak(&store, messages);
        world.read_half(&store, messages);
        world.ask(&store);
        drop(store);
        std::fs::remove_dir_all(&dir).expect("the directory is ours");
    }
}

fn bits(kind: u8, n: usize) -> [u8; 10] {
    let mut bits = [kind; 10];
    bits[..8].copy_from_slice(&(n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bits
}

fn serial(n: u64) -> String {
    format!("0001-{n:016x}:000")
}

struct World {
    people: Vec<PersonId>,
    rooms: Vec<RoomId>,
    session: SecretHash,
}

impl World {
    fn make(store: &SqlitePeople, rooms: usize) -> Self {
        let people: Vec<PersonId> = (0..PEOPLE).map(|n| person(store, n)).collect();
        let rooms = (0..rooms).map(|n| room(store, n, &people)).collect();
        let session = Session {
            id: SessionId::from_bits(bits(3, 1)),
            person: people[0].clone(),
            secret_hash: [3; 32],
            label: "a browser".into(),
            address: "127.0.0.1".into(),
            created_ms: NOW_MS,
            seen_ms: NOW_MS,
            expires_ms: NOW_MS,
        };
        store.create_session(&session).expect("a session");
        Self { people, rooms, session: session.secret_hash }
    }

    /// Rooms take turns, as on a busy server: a batch touches many.
    fn speak(&self, store: &SqlitePeople, messages: u64) {
        let total = messages * self.rooms.len() as u64;
        let (cpu, wall) = (cpu_us(), Instant::now());
        for first in (1..=total).step_by(BATCH as usize) {
            let last = (first + BATCH - 1).min(total);
            let advances = vec![Advance { partition: PartitionId(0), after_seq: first - 1, to_seq: last }];
            let messages = (first..=last).map(|n| self.message(n)).collect();
            store.apply_rooms(&RoomBatch { advances, messages }).expect("a batch is counted");
        }
        store.sync_rooms().expect("a sync");
        let per = |us: f64| us / total as f64;
        let (cpu, wall) = (per(cpu_us() - cpu), per(wall.elapsed().as_secs_f64() * 1e6));
        println!("  count a message      {cpu:>9.1} µs CPU {wall:>9.1} µs");
    }

    fn message(&self, n: u64) -> RoomMessage {
        let place = n as usize;
        RoomMessage {
            room: self.rooms[place % self.rooms.len()].clone(),
            serial: serial(n),
            author: Some(self.people[place * 7 % PEOPLE].clone()),
            time_ms: NOW_MS + n,
            mentions: if n.is_multiple_of(10) {
                vec![self.people[place / 10 % PEOPLE].clone()]
            } else {
                vec![]
            },
            mentions_all: n.is_multiple_of(97),
        }
    }

    fn read_half(&self, store: &SqlitePeople, messages: u64) {
        let half = serial(messages * self.rooms.len() as u64 / 2);
        let mut rooms = self.rooms.iter().cycle();
        measure("mark as read", self.rooms.len(), || {
            let room = rooms.next().expect("there are rooms");
            store.mark_read(room, &self.people[0], Some(&half), false).expect("a marker").is_some()
        });
    }

    fn ask(&self, store: &SqlitePeople) {
        let (me, room) = (&self.people[0], &self.rooms[self.rooms.len() / 2]);
        let mut unread = 0;
        measure("list all rooms", 101, || {
            let listing = store.listing(me, None).expect("a listing");
            unread = listing.rooms.iter().map(|listing| listing.unread.unread).sum();
            listing.rooms.len() == self.rooms.len()
        });
        println!("  ({unread} messages unread in them)");
        let version = store.version().expect("a version");
        measure("list what changed", 101, || {
            store.listing(me, Some(version)).expect("a listing").rooms.is_empty()
        });
        measure("list one room", 101, || store.listing_of(me, room).expect("a listing").is_some());
        measure("unread of 50 people", 101, || {
            store.unread_of_many(room, &self.people).expect("counts").len() == PEOPLE
        });
        measure("session by secret", 101, || {
            store.session_by_secret(&self.session).expect("a session").is_some()
        });
        measure("rights in all rooms", 101, || {
            store.memberships_of(me).expect("rights").len() == self.rooms.len()
        });
        measure("version of rights", 101, || store.rights_version().expect("a version") > 0);
    }
}

fn person(store: &SqlitePeople, n: usize) -> PersonId {
    let person = Person {
        id: PersonId::from_bits(bits(1, n)),
        handle: Handle::parse(&format!("person{n}")).expect("a handle"),
        name: format!("Person {n}"),
        email: None,
        role: PersonRole::Member,
        time_zone: None,
        created_ms: NOW_MS,
        deactivated_ms: None,
        version: 0,
    };
    store.create_person(&person, "hash", &Admission::Free).expect("a person");
    person.id
}

fn room(store: &SqlitePeople, n: usize, people: &[PersonId]) -> RoomId {
    let room = Room {
        id: RoomId::from_bits(bits(2, n)),
        kind: RoomKind::Public,
        name: format!("Room number {n}"),
        topic: "What is said in this room, in a line".into(),
        created_by: people[0].clone(),
        created_ms: NOW_MS,
        archived_ms: None,
        members: 0,
        messages: 0,
        last_serial: None,
        last_ms: None,
        version: 0,
    };
    let members = people.iter().enumerate().map(|(place, person)| Membership {
        room: room.id.clone(),
        person: person.clone(),
        role: if place == 0 { RoomRole::Owner } else { RoomRole::Member },
        joined_ms: NOW_MS,
        read_serial: None,
        read_messages: 0,
        read_own: 0,
        version: 0,
    });
    store.create_room(&room, &members.collect::<Vec<_>>()).expect("a room");
    room.id
}

/// Does something often, which must succeed each time, and prints the medians.
fn measure(what: &str, times: usize, mut work: impl FnMut() -> bool) {
    let mut cpus = Vec::with_capacity(times);
    let mut walls = Vec::with_capacity(times);
    for _ in 0..times {
        let (cpu, wall) = (cpu_us(), Instant::now());
        assert!(work(), "{what}");
        cpus.push(cpu_us() - cpu);
        walls.push(wall.elapsed().as_secs_f64() * 1e6);
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    println!("  {what:<20} {:>9.1} µs CPU {:>9.1} µs", median(cpus), median(walls));
}

/// CPU of this thread so far.
fn cpu_us() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of the type that this clock writes.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}
