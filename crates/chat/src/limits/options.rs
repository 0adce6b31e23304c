//! The allowances, and their defaults with the reasons.

/// How many attempts at once, and how fast they come back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// Attempts at once.
    pub burst: u32,
    /// Milliseconds until one comes back.
    pub refill_ms: u64,
}

/// The allowances.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LimitOptions {
    /// Wrong sign-ins from one address (of IPv6: from one /64).
    pub sign_in_address: Allowance,
    /// Wrong sign-ins by one login, a handle or an address.
    pub sign_in_account: Allowance,
    /// Wrong sign-ins by one login from one address.
    pub sign_in_pair: Allowance,
    /// Sign-ups from one address.
    pub sign_up_address: Allowance,
    /// Recoveries from one address.
    pub recovery_address: Allowance,
    /// Recoveries of one account.
    pub recovery_account: Allowance,
    /// Unknown invitations from one address.
    pub invitation_address: Allowance,
    /// E-mail addresses from one address.
    pub email_address: Allowance,
    /// E-mail addresses that one account tries.
    pub email_account: Allowance,
    /// Messages of one person, over all rooms.
    pub messages_person: Allowance,
    /// Presence and ephemeral messages of one person, over all rooms.
    pub passing_person: Allowance,
    /// What one person changes of which others are told: their profile, rooms, memberships.
    pub changes_person: Allowance,
    /// People whom one person brings into rooms without their doing, direct rooms too.
    pub additions_person: Allowance,
}

impl Default for LimitOptions {
    /// An office behind one address signs in on a Monday without noticing; a guesser has some 3,000 tries a day at one
    /// login from one address.
    fn default() -> Self {
        Self {
            sign_in_address: Allowance { burst: 60, refill_ms: 2_000 },
            sign_in_account: Allowance { burst: 60, refill_ms: 10_000 },
            sign_in_pair: Allowance { burst: 10, refill_ms: 30_000 },
            sign_up_address: Allowance { burst: 60, refill_ms: 20_000 },
            recovery_address: Allowance { burst: 20, refill_ms: 30_000 },
            recovery_account: Allowance { burst: 5, refill_ms: 600_000 },
            invitation_address: Allowance { burst: 60, refill_ms: 2_000 },
            // As with wrong sign-ins.
            email_address: Allowance { burst: 60, refill_ms: 2_000 },
            email_account: Allowance { burst: 10, refill_ms: 30_000 },
            // What was written offline goes out at once; a script gets ten a second.
            messages_person: Allowance { burst: 100, refill_ms: 100 },
            // Whoever comes back to hundreds of rooms enters them at once; somebody types in one.
            passing_person: Allowance { burst: 1_000, refill_ms: 20 },
            // Each is told to everybody who shares a room.
            changes_person: Allowance { burst: 200, refill_ms: 1_000 },
            // A new room with all the people that it may begin with, and then some; a script for a whole company takes
            // its time.
            additions_person: Allowance { burst: 300, refill_ms: 2_000 },
        }
    }
}
