//! How often strangers may try (sign-in, sign-up, recovery, invitations), and how fast a person may write and bring others
//! into rooms.
//!
//! Each attempt counts against the address it comes from and against what it is aimed at, whether or not that exists, so
//! that a refusal tells nothing. An account may be tried less often from one address than from all together: a stranger
//! can slow its owner down only by trying from everywhere.

mod buckets;
mod options;
mod paces;

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use loquat_store::people::PersonId;
use parking_lot::Mutex;

use crate::{ChatError, Count, Ports};
use buckets::Buckets;

pub use options::{Allowance, LimitOptions};

/// What strangers knock at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Door {
    /// Sign-in, and the current password when it is asked for.
    SignIn,
    /// New accounts, and the set-up of the server.
    SignUp,
    /// Asking for a way back in, and using one.
    Recovery,
    /// Looking at invitations.
    Invitation,
    /// Giving oneself an e-mail address, which tells whether somebody has it: each counts, a right one too.
    Email,
}

/// The attempts of the recent past.
pub(crate) struct Limits {
    options: LimitOptions,
    ports: Arc<dyn Ports>,
    addresses: Mutex<Buckets<(Door, IpAddr)>>,
    subjects: Mutex<Buckets<(Door, Box<str>)>>,
    pairs: Mutex<Buckets<(Door, IpAddr, Box<str>)>>,
    writers: Mutex<Buckets<PersonId>>,
    passing: Mutex<Buckets<PersonId>>,
    changers: Mutex<Buckets<PersonId>>,
    adders: Mutex<Buckets<PersonId>>,
}

/// An attempt that was let through; given back when it was no stranger's.
pub(crate) struct Attempt<'a> {
    limits: &'a Limits,
    door: Door,
    address: IpAddr,
    subject: Option<Box<str>>,
}

impl Limits {
    /// `ports`: who counts what is refused.
    pub fn new(options: LimitOptions, ports: Arc<dyn Ports>) -> Self {
        Self {
            options,
            ports,
            addresses: Mutex::default(),
            subjects: Mutex::default(),
            pairs: Mutex::default(),
            writers: Mutex::default(),
            passing: Mutex::default(),
            changers: Mutex::default(),
            adders: Mutex::default(),
        }
    }

    /// Counts an attempt. `subject`: what it is aimed at, by any name under which no other is known.
    ///
    /// # Errors
    /// `TooManyAttempts`, which says when one more may be made.
    pub fn attempt(
        &self,
        door: Door,
        address: IpAddr,
        subject: Option<&str>,
        now_ms: u64,
    ) -> Result<Attempt<'_>, ChatError> {
        let attempt = self.try_attempt(door, address, subject, now_ms);
        attempt.inspect_err(|_| self.ports.count(Count::RefusedAt(door)))
    }

    fn try_attempt(
        &self,
        door: Door,
        address: IpAddr,
        subject: Option<&str>,
        now_ms: u64,
    ) -> Result<Attempt<'_>, ChatError> {
        let attempt =
            Attempt { limits: self, door, address: network(address), subject: subject.map(Box::from) };
        // The narrowest first: what it refuses uses nothing of the others.
        let pair = attempt.on_pair(|buckets, key, allowance| buckets.take(key, allowance, now_ms));
        pair.unwrap_or(Ok(())).map_err(ChatError::too_many)?;
        let subject = attempt.on_subject(|buckets, key, allowance| buckets.take(key, allowance, now_ms));
        if let Some(Err(retry_after_ms)) = subject {
            attempt.on_pair(|buckets, key, allowance| buckets.give_back(&key, allowance));
            return Err(ChatError::too_many(retry_after_ms));
        }
        let address = attempt.on_address(|buckets, key, allowance| buckets.take(key, allowance, now_ms));
        if let Err(retry_after_ms) = address {
            attempt.on_pair(|buckets, key, allowance| buckets.give_back(&key, allowance));
            attempt.on_subject(|buckets, key, allowance| buckets.give_back(&key, allowance));
            return Err(ChatError::too_many(retry_after_ms));
        }
        Ok(attempt)
    }
}

impl Attempt<'_> {
    /// It was right: it doesn't count.
    pub fn forgive(self) {
        self.on_pair(|buckets, key, allowance| buckets.give_back(&key, allowance));
        self.on_subject(|buckets, key, allowance| buckets.give_back(&key, allowance));
        self.on_address(|buckets, key, allowance| buckets.give_back(&key, allowance));
    }

    fn on_pair<T>(
        &self,
        f: impl FnOnce(&mut Buckets<(Door, IpAddr, Box<str>)>, (Door, IpAddr, Box<str>), Allowance) -> T,
    ) -> Option<T> {
        let allowance = match self.door {
            Door::SignIn => self.limits.options.sign_in_pair,
            Door::SignUp | Door::Recovery | Door::Invitation | Door::Email => return None,
        };
        let key = (self.door, self.address, self.subject.clone()?);
        Some(f(&mut self.limits.pairs.lock(), key, allowance))
    }

    fn on_subject<T>(
        &self,
        f: impl FnOnce(&mut Buckets<(Door, Box<str>)>, (Door, Box<str>), Allowance) -> T,
    ) -> Option<T> {
        let allowance = match self.door {
            Door::SignIn => self.limits.options.sign_in_account,
            Door::Recovery => self.limits.options.recovery_account,
            Door::Email => self.limits.options.email_account,
            Door::SignUp | Door::Invitation => return None,
        };
        let key = (self.door, self.subject.clone()?);
        Some(f(&mut self.limits.subjects.lock(), key, allowance))
    }

    fn on_address<T>(
        &self,
        f: impl FnOnce(&mut Buckets<(Door, IpAddr)>, (Door, IpAddr), Allowance) -> T,
    ) -> T {
        let options = &self.limits.options;
        let allowance = match self.door {
            Door::SignIn => options.sign_in_address,
            Door::SignUp => options.sign_up_address,
            Door::Recovery => options.recovery_address,
            Door::Invitation => options.invitation_address,
            Door::Email => options.email_address,
        };
        f(&mut self.limits.addresses.lock(), (self.door, self.address), allowance)
    }
}

/// Whoever has one address of an IPv6 /64 usually has them all.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use loquat_auth::TokenDetails;
    use loquat_protocol::{ErrorCode, ErrorInfo};

    use super::*;
    use crate::{OutgoingMessage, Sending};

    const NOW_MS: u64 = 1_800_000_000_000;
    const THREE: Allowance = Allowance { burst: 3, refill_ms: 1_000 };

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    /// Counts nothing and does nothing.
    struct Nowhere;

    impl Ports for Nowhere {
        fn publish_event(&self, _: &PersonId, _: &'static str, _: &str) {}

        fn rights_changed(&self, _: &PersonId) {}

        fn send_message(&self, _: OutgoingMessage) -> Sending {
            Box::pin(std::future::ready(Err(ErrorCode::Unavailable.into())))
        }

        fn realtime_token(&self, _: &PersonId, _: &str, _: u64, _: u64) -> Result<TokenDetails, ErrorInfo> {
            Err(ErrorCode::Unavailable.into())
        }
    }

    fn of(options: LimitOptions) -> Limits {
        Limits::new(options, Arc::new(Nowhere))
    }

    fn limits() -> Limits {
        of(LimitOptions {
            sign_in_pair: THREE,
            sign_in_account: Allowance { burst: 5, refill_ms: 1_000 },
            ..LimitOptions::default()
        })
    }

    #[test]
    fn a_stranger_elsewhere_is_slowed_down_before_the_owner() {
        let limits = limits();
        for _ in 0..3 {
            assert!(limits.attempt(Door::SignIn, address(1), Some("ada"), NOW_MS).is_ok());
        }
        let refused = limits.attempt(Door::SignIn, address(1), Some("ada"), NOW_MS).err().unwrap();
        assert_eq!(refused.retry_after_ms, Some(1_000));
        assert!(limits.attempt(Door::SignIn, address(2), Some("ada"), NOW_MS).is_ok());
        // From everywhere together there is an end too.
        assert!(limits.attempt(Door::SignIn, address(3), Some("ada"), NOW_MS).is_ok());
        assert!(limits.attempt(Door::SignIn, address(4), Some("ada"), NOW_MS).is_err());
        assert!(limits.attempt(Door::SignIn, address(4), Some("bob"), NOW_MS).is_ok());
    }

    #[test]
    fn what_was_right_does_not_count() {
        let limits = limits();
        for _ in 0..100 {
            limits.attempt(Door::SignIn, address(1), Some("ada"), NOW_MS).unwrap().forgive();
        }
    }

    #[test]
    fn neighbours_of_one_network_count_as_one() {
        let limits = of(LimitOptions { sign_up_address: THREE, ..LimitOptions::default() });
        let from = |host: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, host]);
        for host in 0..3 {
            assert!(limits.attempt(Door::SignUp, from(host), None, NOW_MS).is_ok());
        }
        assert!(limits.attempt(Door::SignUp, from(9), None, NOW_MS).is_err());
        let mapped = "::ffff:192.0.2.7".parse().unwrap();
        assert!(limits.attempt(Door::SignUp, mapped, None, NOW_MS).is_ok());
    }
}
