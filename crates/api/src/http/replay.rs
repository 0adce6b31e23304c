//! What was answered to requests with an idempotency key, so that the same request gets the same answer.
//!
//! Kept in memory: after a restart a repeated request is a new one, but for messages, whose ids the log knows. Only
//! successes are kept: a refusal changed nothing, and the next attempt may fare better.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use parking_lot::Mutex;

/// How long an answer is kept.
const TTL_MS: u64 = 24 * 3_600_000;
/// Answers kept at most; the oldest goes when there are more.
const ANSWERS_MAX: usize = 65_536;
/// Bytes of bodies kept at most; the oldest go when there are more.
const BYTES_MAX: usize = 32 << 20;
/// Answers kept for one person at most, so that nobody pushes out those of others.
const ANSWERS_PER_PERSON_MAX: usize = 2_048;

/// Whose request it is and which: a key is a person's own.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ReplayKey {
    /// The person's id.
    pub person: Arc<str>,
    /// By what right they asked: whoever has less now, is asked for it anew and not answered from here.
    pub standing: Standing,
    /// What the client sent.
    pub key: Arc<str>,
}

/// What somebody may do beside what every member may.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Standing {
    /// Whether they are signed in, and not a script with an API token.
    pub in_session: bool,
    /// Whether they administrate the server.
    pub administrator: bool,
}

/// The hash of what was asked: method, path and body.
pub type Fingerprint = [u8; 32];

/// An answer that can be given again.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body; may hold a secret, so it is never printed.
    pub body: Hidden,
}

/// Bytes that don't show in logs.
#[derive(Clone)]
pub struct Hidden(pub Bytes);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// What becomes of a request with a key.
pub enum Claim {
    /// It is the first: do it, then [`Ticket::answered`]. Dropping the ticket makes the key free again.
    First(Ticket),
    /// It was done: this is the answer.
    Again(Answer),
    /// It is being done at this moment.
    Running,
    /// The key belongs to another request.
    Other,
}

struct Entry {
    fingerprint: Fingerprint,
    /// `None` while the first request runs.
    answer: Option<Answer>,
    /// Which claim of the key it is, so that its place in the order is told from an earlier one's.
    claim: u64,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<ReplayKey, Entry>,
    /// Answered keys by age: when they end, and which claim it was.
    order: VecDeque<(u64, ReplayKey, u64)>,
    per_person: HashMap<Arc<str>, usize>,
    bytes: usize,
    claims: u64,
}

/// The answers that are kept.
#[derive(Default)]
pub struct Replays(Arc<Mutex<Kept>>);

impl Replays {
    /// Takes a key for a request, or says what became of the request that took it before.
    pub fn claim(&self, key: ReplayKey, fingerprint: Fingerprint, now_ms: u64) -> Claim {
        let mut kept = self.0.lock();
        kept.forget(now_ms);
        if let Some(entry) = kept.entries.get(&key) {
            return match &entry.answer {
                _ if entry.fingerprint != fingerprint => Claim::Other,
                Some(answer) => Claim::Again(answer.clone()),
                None => Claim::Running,
            };
        }
        kept.claims += 1;
        let claim = kept.claims;
        kept.entries.insert(key.clone(), Entry { fingerprint, answer: None, claim });
        Claim::First(Ticket { kept: Arc::clone(&self.0), key, answered: false })
    }

    /// Answers that are kept now.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.lock().order.len()
    }
}

/// The right to answer a key.
pub struct Ticket {
    kept: Arc<Mutex<Kept>>,
    key: ReplayKey,
    answered: bool,
}

impl Ticket {
    /// Keeps the answer for whoever asks again.
    pub fn answered(mut self, answer: Answer, now_ms: u64) {
        self.answered = true;
        self.kept.lock().keep(&self.key, answer, now_ms);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.answered {
            self.kept.lock().entries.remove(&self.key);
        }
    }
}

impl Kept {
    fn keep(&mut self, key: &ReplayKey, answer: Answer, now_ms: u64) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        self.bytes += answer.body.0.len();
        entry.answer = Some(answer);
        let claim = entry.claim;
        self.order.push_back((now_ms + TTL_MS, key.clone(), claim));
        *self.per_person.entry(Arc::clone(&key.person)).or_default() += 1;
        self.forget(now_ms);
        if self.per_person.get(&key.person).is_some_and(|count| *count > ANSWERS_PER_PERSON_MAX) {
            self.forget_oldest_of(&key.person);
        }
    }

    fn forget(&mut self, now_ms: u64) {
        while let Some((ends_ms, ..)) = self.order.front() {
            let is_over = self.order.len() > ANSWERS_MAX || self.bytes > BYTES_MAX;
            if *ends_ms > now_ms && !is_over {
                return;
            }
            self.remove_at(0);
        }
    }

    fn forget_oldest_of(&mut self, person: &Arc<str>) {
        if let Some(index) = self.order.iter().position(|(_, key, _)| key.person == *person) {
            self.remove_at(index);
        }
    }

    fn remove_at(&mut self, index: usize) {
        let Some((_, key, claim)) = self.order.remove(index) else { return };
        if self.entries.get(&key).is_some_and(|entry| entry.claim == claim) {
            let removed = self.entries.remove(&key).and_then(|entry| entry.answer);
            self.bytes -= removed.map_or(0, |answer| answer.body.0.len());
        }
        if let Some(count) = self.per_person.get_mut(&key.person) {
            *count -= 1;
            if *count == 0 {
                self.per_person.remove(&key.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(person: &str, key: &str) -> ReplayKey {
        let standing = Standing { in_session: true, administrator: false };
        ReplayKey { person: person.into(), standing, key: key.into() }
    }

    fn answer(body: &str) -> Answer {
        let body = Hidden(Bytes::copy_from_slice(body.as_bytes()));
        Answer { status: StatusCode::CREATED, headers: HeaderMap::new(), body }
    }

    fn answered(replays: &Replays, of: ReplayKey, body: &str, now_ms: u64) {
        let Claim::First(ticket) = replays.claim(of, [0; 32], now_ms) else { panic!("the key was taken") };
        ticket.answered(answer(body), now_ms);
    }

    #[test]
    fn a_repeated_request_gets_the_first_answer_until_it_is_too_old() {
        let replays = Replays::default();
        answered(&replays, key("p", "k"), "one", 5);
        let again = replays.claim(key("p", "k"), [0; 32], 5 + TTL_MS - 1);
        assert!(matches!(again, Claim::Again(answer) if answer.body.0 == "one"));
        assert!(matches!(replays.claim(key("p", "k"), [0; 32], 5 + TTL_MS), Claim::First(_)));
    }

    #[test]
    fn a_key_is_one_requests_and_one_persons() {
        let replays = Replays::default();
        answered(&replays, key("p", "k"), "one", 0);
        assert!(matches!(replays.claim(key("p", "k"), [1; 32], 0), Claim::Other));
        assert!(matches!(replays.claim(key("q", "k"), [1; 32], 0), Claim::First(_)));
    }

    #[test]
    fn while_the_first_runs_the_second_is_told_and_a_failure_frees_the_key() {
        let replays = Replays::default();
        let first = replays.claim(key("p", "k"), [0; 32], 0);
        assert!(matches!(replays.claim(key("p", "k"), [0; 32], 0), Claim::Running));
        drop(first);
        assert!(matches!(replays.claim(key("p", "k"), [0; 32], 0), Claim::First(_)));
    }

    #[test]
    fn one_person_fills_only_their_own_share() {
        let replays = Replays::default();
        answered(&replays, key("q", "k"), "one", 0);
        for index in 0..=ANSWERS_PER_PERSON_MAX {
            answered(&replays, key("p", &index.to_string()), "one", 0);
        }
        assert_eq!(replays.len(), ANSWERS_PER_PERSON_MAX + 1);
        assert!(matches!(replays.claim(key("q", "k"), [0; 32], 0), Claim::Again(_)));
        assert!(matches!(replays.claim(key("p", "0"), [0; 32], 0), Claim::First(_)));
        assert!(matches!(replays.claim(key("p", "1"), [0; 32], 0), Claim::Again(_)));
    }

    #[test]
    fn large_answers_push_out_the_oldest() {
        let replays = Replays::default();
        let large = "x".repeat(BYTES_MAX / 2);
        for name in ["a", "b", "c"] {
            answered(&replays, key(name, "k"), &large, 0);
        }
        assert_eq!(replays.len(), 2);
        assert!(matches!(replays.claim(key("a", "k"), [0; 32], 0), Claim::First(_)));
        assert!(!format!("{:?}", answer("secret")).contains("secret"));
    }
}
