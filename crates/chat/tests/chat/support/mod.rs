//! A small world: the services over the oracle, a clock that is set, ports that remember.

mod log;
mod ports;

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use loquat_auth::{Entropy, EntropyError, PersonStandings, Standing};
use loquat_chat::{Actor, Chat, Clock, NewAccount, NewRoom, Options, SignUp, Visitor, views::ListingView};
use loquat_protocol::Operations;
use loquat_store::people::{MemoryPeople, PeopleStore, PersonId, RoomId, RoomKind};

pub use log::{Log, said};
pub use ports::{Told, WorldPorts};

pub const NOW_MS: u64 = 1_800_000_000_000;
pub const PASSWORD: &str = "a plum tree in May";

/// Counts up: no two secrets are alike, and every run is the same.
#[derive(Default)]
pub struct CountingEntropy(AtomicU64);

impl Entropy for CountingEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&number.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub struct World {
    pub chat: Arc<Chat>,
    pub store: Arc<dyn PeopleStore>,
    pub ports: Arc<WorldPorts>,
    pub log: Log,
    now_ms: Arc<AtomicU64>,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Someone {
    pub id: PersonId,
    pub actor: Actor,
    pub secret: String,
}

impl World {
    /// Open to everybody, with Ada as its administrator.
    pub fn with_ada() -> (Self, Someone) {
        let world = Self::new(Options { sign_up: SignUp::Open, ..Options::for_test() });
        let ada = world.set_up("ada");
        (world, ada)
    }

    pub fn new(options: Options) -> Self {
        let store = Arc::new(MemoryPeople::default());
        Self::over(store, options)
    }

    pub fn over(store: Arc<dyn PeopleStore>, options: Options) -> Self {
        let now_ms = Arc::new(AtomicU64::new(NOW_MS));
        let ports = Arc::new(WorldPorts::default());
        let chat = Chat::new(
            store.clone(),
            Arc::new(CountingEntropy::default()),
            Self::clock_of(&now_ms),
            ports.clone(),
            options,
        );
        let chat = chat.expect("services over an empty store");
        let log = Log::new(Arc::clone(&chat));
        Self { chat, store, ports, log, now_ms }
    }

    fn clock_of(now_ms: &Arc<AtomicU64>) -> Clock {
        let now_ms = Arc::clone(now_ms);
        Arc::new(move || now_ms.load(Ordering::Relaxed))
    }

    pub fn clock(&self) -> Clock {
        Self::clock_of(&self.now_ms)
    }

    pub fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    pub fn set_now_ms(&self, now_ms: u64) {
        self.now_ms.store(now_ms, Ordering::Relaxed);
    }

    pub fn pass_ms(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn set_up(&self, handle: &str) -> Someone {
        let code = self.chat.setup_code().unwrap().expect("nobody is administrator yet");
        let signed_in = self.chat.set_up(&visitor(1), &code, &account(handle)).unwrap();
        self.someone(signed_in.secret)
    }

    pub fn sign_up(&self, handle: &str) -> Someone {
        let signed_in = self.chat.sign_up(&visitor(1), &account(handle), None).unwrap();
        self.someone(signed_in.secret)
    }

    pub fn sign_in(&self, handle: &str) -> Someone {
        let signed_in = self.chat.sign_in(&visitor(1), handle, PASSWORD).unwrap();
        self.someone(signed_in.secret)
    }

    pub fn someone(&self, secret: String) -> Someone {
        let actor = self.chat.authenticate_session(&secret, &visitor(1)).unwrap().actor;
        Someone { id: actor.person().clone(), actor, secret }
    }

    pub fn room(&self, owner: &Someone, kind: RoomKind, members: &[&Someone]) -> RoomId {
        self.create(owner, kind, members).room.id
    }

    pub fn create(&self, owner: &Someone, kind: RoomKind, members: &[&Someone]) -> ListingView {
        let members = members.iter().map(|someone| someone.id.clone()).collect();
        let new = NewRoom { kind, name: "A room".into(), topic: String::new(), members };
        self.chat.create_room(&owner.actor, &new).unwrap().0
    }

    /// As a connection would hold it.
    pub fn connect(&self, someone: &Someone) -> Arc<dyn Standing> {
        self.standings().standing(someone.id.as_str(), someone.actor.credential().as_str()).unwrap()
    }

    pub fn standings(&self) -> Arc<dyn PersonStandings> {
        self.chat.standings()
    }
}

pub fn visitor(last: u8) -> Visitor {
    Visitor { address: IpAddr::from([192, 0, 2, last]), agent: "A browser".into() }
}

pub fn account(handle: &str) -> NewAccount {
    NewAccount {
        handle: handle.into(),
        name: format!("Name of {handle}"),
        email: None,
        password: PASSWORD.into(),
    }
}

/// What somebody may do in a room by an open connection.
pub fn in_room(standing: &dyn Standing, room: &RoomId) -> Operations {
    standing.operations(&format!("{room}::$chat"))
}

/// The code of a refusal.
pub fn code<T>(result: Result<T, loquat_chat::ChatError>) -> u32 {
    match result {
        Ok(_) => 0,
        Err(error) => error.code.code(),
    }
}
