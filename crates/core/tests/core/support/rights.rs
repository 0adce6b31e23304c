//! Rights that a test sets, and can take away.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use loquat_core::{Identity, Rights};
use loquat_protocol::{AppId, Capability, ClientId, ErrorCode, ErrorInfo, Operations};

/// What a test's connection may do.
#[derive(Debug)]
pub struct TestRights {
    pub app: AppId,
    pub capability: Mutex<Capability>,
    pub identity: Identity,
    pub expires_ms: Option<u64>,
    pub claim: Option<String>,
    /// How much may still be told that is not kept.
    passing: AtomicUsize,
    revoked: Mutex<Option<ErrorInfo>>,
}

impl TestRights {
    /// An API key that may do everything.
    pub fn key() -> Self {
        Self {
            app: AppId::from_trusted("app"),
            capability: Mutex::new(Capability::everything()),
            identity: Identity::Any,
            expires_ms: None,
            claim: None,
            passing: AtomicUsize::new(usize::MAX),
            revoked: Mutex::default(),
        }
    }

    /// Reads `client=bob cap=c:subscribe,publish;d:* anonymous wildcard expires=5000 claim=guest app=other passing=2`; other
    /// words are left alone.
    pub fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Arc<Self> {
        let mut rights = Self::key();
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "anonymous" => rights.identity = Identity::Anonymous,
                "wildcard" => rights.identity = Identity::Wildcard,
                "client" => rights.identity = Identity::Named(ClientId::from_trusted(value)),
                "expires" => rights.expires_ms = Some(value.parse().expect("milliseconds")),
                "claim" => rights.claim = Some(value.to_owned()),
                "passing" => rights.passing = AtomicUsize::new(value.parse().expect("a number")),
                "app" => rights.app = AppId::from_trusted(value),
                "cap" => rights.capability = Mutex::new(capability(value)),
                _ => {}
            }
        }
        Arc::new(rights)
    }

    /// What is permitted changes, as it does for persons.
    pub fn change<'a>(&self, words: impl Iterator<Item = &'a str>) {
        let new = Self::parse(words);
        std::mem::swap(
            &mut *self.capability.lock().unwrap_or_else(PoisonError::into_inner),
            &mut *new.capability.lock().unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// The key or token behind the rights is revoked.
    pub fn revoke(&self, code: ErrorCode) {
        *self.revoked.lock().unwrap_or_else(PoisonError::into_inner) = Some(code.into());
    }
}

/// `c:subscribe,publish;d:*` as a capability.
fn capability(text: &str) -> Capability {
    let pattern = |part: &str| {
        let (channel, operations) = part.rsplit_once(':').expect("<channel>:<operation>,…");
        let operations: Vec<String> = operations.split(',').map(|name| format!("{name:?}")).collect();
        format!("{channel:?}:[{}]", operations.join(","))
    };
    let patterns: Vec<String> = text.split(';').map(pattern).collect();
    Capability::parse(&format!("{{{}}}", patterns.join(","))).expect("a capability")
}

impl Rights for TestRights {
    fn app(&self) -> &AppId {
        &self.app
    }

    fn operations(&self, channel: &str) -> Operations {
        self.capability.lock().unwrap_or_else(PoisonError::into_inner).operations(channel)
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn revoked(&self, _now_ms: u64) -> Option<ErrorInfo> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn expires_ms(&self) -> Option<u64> {
        self.expires_ms
    }

    fn admit_passing(&self, items: usize, _now_ms: u64) -> Result<(), ErrorInfo> {
        let less = |left: usize| left.checked_sub(items);
        let taken = self.passing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.map(drop).map_err(|_| ErrorCode::RateLimited.into())
    }

    fn user_claim(&self, channel: &str) -> Option<&str> {
        self.claim.as_deref().filter(|_| channel == "claimed")
    }
}
