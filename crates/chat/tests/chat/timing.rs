//! Whether an account exists can't be told by what the server does: the same steps are taken, down to the hashes.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use loquat_auth::PasswordError;
use loquat_chat::{Chat, Options, PasswordKeeper, SignUp};
use loquat_store::people::MemoryPeople;

use crate::support::{CountingEntropy, NOW_MS, PASSWORD, WorldPorts, account, visitor};

/// Counts hashes, by what they are for.
#[derive(Default)]
struct Counting {
    made: AtomicU32,
    compared: AtomicU32,
}

impl Counting {
    fn take(&self) -> (u32, u32) {
        (self.made.swap(0, Ordering::Relaxed), self.compared.swap(0, Ordering::Relaxed))
    }
}

impl PasswordKeeper for Counting {
    fn hash(&self, password: &str) -> Result<String, PasswordError> {
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(format!("hash of {password}"))
    }

    fn verify(&self, password: &str, stored: &str) -> Result<bool, PasswordError> {
        self.compared.fetch_add(1, Ordering::Relaxed);
        Ok(stored == format!("hash of {password}"))
    }

    fn verify_none(&self, _: &str) {
        self.compared.fetch_add(1, Ordering::Relaxed);
    }

    fn is_outdated(&self, _: &str) -> bool {
        false
    }
}

#[test]
fn every_sign_in_compares_one_hash_and_every_refusal_is_the_same() {
    let counting = Arc::new(Counting::default());
    let chat = Chat::with_passwords(
        Arc::new(MemoryPeople::default()),
        Arc::new(CountingEntropy::default()),
        Arc::new(|| NOW_MS),
        Arc::new(WorldPorts::default()),
        counting.clone(),
        Options { sign_up: SignUp::Open, ..Options::for_test() },
    )
    .unwrap();
    let code = chat.setup_code().unwrap().unwrap();
    chat.set_up(&visitor(1), &code, &account("ada")).unwrap();
    counting.take();

    let refuse = |login: &str, password: &str| {
        let refused = chat.sign_in(&visitor(1), login, password).err();
        assert_eq!(counting.take(), (0, 1), "{login:.20}");
        refused
    };
    let known = refuse("ada", "a wrong password");
    assert!(known.is_some());
    for login in ["nobody", "nobody@example.org", "", "\u{202e}", &"x".repeat(100_000)] {
        assert_eq!(refuse(login, "a wrong password"), known);
    }
    assert_eq!(refuse("ada", ""), known);
    assert_eq!(refuse("ada", &"x".repeat(100_000)), known);
    assert_eq!(refuse("ada", PASSWORD), None);

    // Asking for help answers alike too, and hashes nothing.
    for login in ["ada", "nobody"] {
        chat.request_recovery(&visitor(1), login).unwrap();
        assert_eq!(counting.take(), (0, 0));
    }
    // A code that is wrong costs what a right one does.
    let refused = chat.complete_recovery(&visitor(1), &"A".repeat(43), "another plum tree");
    assert_eq!((refused.is_err(), counting.take()), (true, (1, 0)));
}
