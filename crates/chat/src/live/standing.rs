//! A person in one of their sessions, as open connections hold them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use loquat_auth::Standing;
use loquat_protocol::{ErrorCode, ErrorInfo, Operation, Operations, room::room_of};

use super::{LivePerson, revoked};

/// What the name of a person's own channel begins with; their id follows.
pub(crate) const OWN_CHANNEL_PREFIX: &str = "$me:";

/// A standing; see [`Standing`].
pub(crate) struct SessionStanding {
    person: Arc<LivePerson>,
    has_ended: AtomicBool,
}

impl SessionStanding {
    pub(super) fn new(person: Arc<LivePerson>) -> Self {
        Self { person, has_ended: AtomicBool::new(false) }
    }

    /// Ends it; whether it had not ended before.
    pub(super) fn revoke(&self) -> bool {
        !self.has_ended.swap(true, Ordering::AcqRel)
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }
}

impl Standing for SessionStanding {
    fn operations(&self, channel: &str) -> Operations {
        if self.has_ended() {
            return Operations::NONE;
        }
        if let Some(person) = channel.strip_prefix(OWN_CHANNEL_PREFIX) {
            let own = person == self.person.id().as_str();
            return if own { Operations::only(Operation::Subscribe) } else { Operations::NONE };
        }
        room_of(channel).map_or(Operations::NONE, |room| self.person.operations(room))
    }

    fn revoked(&self) -> Option<ErrorInfo> {
        self.has_ended().then(revoked)
    }

    fn admit(&self, messages: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        self.person.admit(messages, now_ms).map_err(too_fast)
    }

    fn admit_passing(&self, items: usize, now_ms: u64) -> Result<(), ErrorInfo> {
        self.person.admit_passing(items, now_ms).map_err(too_fast)
    }
}

fn too_fast(wait_ms: u64) -> ErrorInfo {
    let text = format!("you publish faster than people write; try again in {wait_ms} ms");
    ErrorInfo::new(ErrorCode::RateLimited, text)
}
