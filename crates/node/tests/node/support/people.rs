//! A person whose memberships and session a test changes.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use loquat_auth::{PersonStandings, Standing};
use loquat_protocol::{ErrorCode, ErrorInfo, Operation, Operations};
use parking_lot::RwLock;

pub const ADA: &str = "p_adaadaadaadaadaa";

/// Ada's session: a member of some channels, until it ends.
#[derive(Default)]
pub struct Session {
    pub member_of: RwLock<HashSet<String>>,
    pub ended: AtomicBool,
}

impl Session {
    pub fn member_of(channels: &[&str]) -> Arc<Self> {
        let session = Self::default();
        session.member_of.write().extend(channels.iter().map(|name| (*name).to_owned()));
        Arc::new(session)
    }

    pub fn remove_from(&self, channel: &str) {
        assert!(self.member_of.write().remove(channel));
    }
}

/// Knows Ada and her one session.
pub struct People(pub Arc<Session>);

struct Now(Arc<Session>);

impl Standing for Now {
    fn operations(&self, channel: &str) -> Operations {
        let operations = [Operation::Publish, Operation::Subscribe, Operation::Presence, Operation::History];
        match self.0.member_of.read().contains(channel) {
            true => operations.into_iter().fold(Operations::NONE, |all, one| all | Operations::only(one)),
            false => Operations::NONE,
        }
    }

    fn revoked(&self) -> Option<ErrorInfo> {
        self.0.ended.load(SeqCst).then(|| ErrorCode::TokenRevoked.into())
    }
}

impl PersonStandings for People {
    fn standing(&self, person: &str, session: &str) -> Result<Arc<dyn Standing>, ErrorInfo> {
        let now = Now(Arc::clone(&self.0));
        match (person, session) == (ADA, "s_1") && now.revoked().is_none() {
            true => Ok(Arc::new(now)),
            false => Err(ErrorCode::TokenRevoked.into()),
        }
    }
}
