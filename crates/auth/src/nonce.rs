//! Nonces of signed token requests that were used, so that none is used twice (specification RSA9c, TE6).
//!
//! Kept per process: a request captured before a restart could be used once more after it, within its
//! acceptance window. Two bounds (MEM-1): one for all apps, one for each, so that no app locks out the others.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
};

use loquat_protocol::AppId;

use crate::mac::fingerprint;

/// What became of a nonce.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Nonce {
    Fresh,
    Replayed,
    /// It cannot be remembered, so it must not be accepted.
    NoRoom,
}

/// The nonces whose requests could still be accepted.
pub(crate) struct NonceSet {
    seen: HashSet<[u8; 16]>,
    by_expiry: BinaryHeap<Reverse<(u64, [u8; 16], AppId)>>,
    per_app: HashMap<AppId, usize>,
    total_max: usize,
    per_app_max: usize,
}

impl NonceSet {
    pub fn new(total_max: usize, per_app_max: usize) -> Self {
        Self {
            seen: HashSet::new(),
            by_expiry: BinaryHeap::new(),
            per_app: HashMap::new(),
            total_max,
            per_app_max,
        }
    }

    /// Uses a nonce of an app's key; it is remembered until `expires_ms`.
    pub fn use_once(&mut self, app: &AppId, key: &str, nonce: &str, expires_ms: u64, now_ms: u64) -> Nonce {
        self.forget_expired(now_ms);
        let id = fingerprint(&[key.as_bytes(), nonce.as_bytes()]);
        if self.seen.contains(&id) {
            return Nonce::Replayed;
        }
        let of_app = self.per_app.get(app).copied().unwrap_or(0);
        if self.seen.len() >= self.total_max || of_app >= self.per_app_max {
            return Nonce::NoRoom;
        }
        self.seen.insert(id);
        self.by_expiry.push(Reverse((expires_ms, id, app.clone())));
        self.per_app.insert(app.clone(), of_app + 1);
        Nonce::Fresh
    }

    fn forget_expired(&mut self, now_ms: u64) {
        while self.by_expiry.peek().is_some_and(|Reverse((expires_ms, ..))| *expires_ms < now_ms) {
            let Some(Reverse((_, id, app))) = self.by_expiry.pop() else { break };
            self.seen.remove(&id);
            if let Some(count) = self.per_app.get_mut(&app) {
                *count -= 1;
                if *count == 0 {
                    self.per_app.remove(&app);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_fresh_once_until_it_expires() {
        let (mut nonces, app) = (NonceSet::new(8, 8), AppId::from_trusted("a"));
        assert_eq!(nonces.use_once(&app, "a.k", "n", 100, 0), Nonce::Fresh);
        assert_eq!(nonces.use_once(&app, "a.k", "n", 100, 100), Nonce::Replayed);
        assert_eq!(nonces.use_once(&app, "a.other", "n", 100, 100), Nonce::Fresh);
        assert_eq!(nonces.use_once(&app, "a.k", "n", 200, 101), Nonce::Fresh);
    }

    #[test]
    fn both_bounds_hold_and_leave_room_again() {
        let mut nonces = NonceSet::new(3, 2);
        let (a, b) = (AppId::from_trusted("a"), AppId::from_trusted("b"));
        assert_eq!(nonces.use_once(&a, "a.k", "1", 10, 0), Nonce::Fresh);
        assert_eq!(nonces.use_once(&a, "a.k", "2", 20, 0), Nonce::Fresh);
        assert_eq!(nonces.use_once(&a, "a.k", "3", 20, 0), Nonce::NoRoom);
        assert_eq!(nonces.use_once(&b, "b.k", "3", 20, 0), Nonce::Fresh);
        assert_eq!(nonces.use_once(&b, "b.k", "4", 20, 0), Nonce::NoRoom);
        assert_eq!(nonces.use_once(&a, "a.k", "3", 20, 11), Nonce::Fresh);
        assert_eq!((nonces.seen.len(), nonces.by_expiry.len()), (3, 3));
    }
}
