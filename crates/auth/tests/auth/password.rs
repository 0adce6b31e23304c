//! Passwords.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use loquat_auth::{
    Entropy, EntropyError, PasswordError, PasswordOptions, Passwords, password::PASSWORD_BYTES_MAX,
};

use crate::support::Counting;

fn cheap() -> (Passwords, Counting) {
    let entropy = Counting::default();
    (Passwords::new(PasswordOptions::for_test(), &entropy).unwrap(), entropy)
}

#[test]
fn the_right_password_fits_and_no_other() {
    let (passwords, entropy) = cheap();
    for password in ["correct horse", "", "пароль", "pass\0word", "  spaces  "] {
        let hash = passwords.hash(password, &entropy).unwrap();
        assert_eq!(passwords.verify(password, &hash), Ok(true), "{password}");
        for other in ["correct hors", "Correct horse", "correct horse ", "pass", "spaces", "x"] {
            assert_eq!(passwords.verify(other, &hash), Ok(false), "{other}");
        }
    }
}

#[test]
fn a_hash_is_argon2id_in_the_phc_form_with_at_least_what_owasp_asks_for() {
    let entropy = Counting::default();
    let passwords = Passwords::new(PasswordOptions::default(), &entropy).unwrap();
    let hash = passwords.hash("correct horse", &entropy).unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, passwords.hash("correct horse", &entropy).unwrap(), "each has its own salt");
    assert_eq!(passwords.verify("correct horse", &hash), Ok(true));
}

/// RFC 9106 has its vectors with a secret and associated data; this one is of the reference implementation's tests.
#[test]
fn hashes_of_other_implementations_are_read() {
    let (passwords, _) = cheap();
    let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert_eq!(passwords.verify("password", hash), Ok(true));
    assert_eq!(passwords.verify("differentpassword", hash), Ok(false));
    assert!(passwords.is_outdated(hash));
}

#[test]
fn a_hash_under_other_parameters_still_fits_and_is_outdated() {
    let (passwords, entropy) = cheap();
    let dearer = PasswordOptions { passes: 2, ..PasswordOptions::for_test() };
    let dearer = Passwords::new(dearer, &entropy).unwrap();
    let old = passwords.hash("correct horse", &entropy).unwrap();
    assert_eq!(dearer.verify("correct horse", &old), Ok(true));
    assert_eq!((dearer.is_outdated(&old), passwords.is_outdated(&old)), (true, false));
    assert!(passwords.is_outdated("$2b$12$bcrypt") && passwords.is_outdated(""));
}

#[test]
fn what_cannot_be_hashed_or_read_is_said() {
    let (passwords, entropy) = cheap();
    let long = "x".repeat(PASSWORD_BYTES_MAX);
    let longer = format!("{long}x");
    let hash = passwords.hash(&long, &entropy).unwrap();
    assert_eq!(passwords.hash(&longer, &entropy), Err(PasswordError::TooLong));
    assert_eq!(passwords.verify(&longer, &hash), Ok(false), "not cut off and then found right");
    for stored in ["", "plain", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ"] {
        assert!(!matches!(passwords.verify("plain", stored), Ok(true)), "{stored}");
    }
    assert!(matches!(passwords.verify("x", "plain"), Err(PasswordError::Stored(_))));
    let none = PasswordOptions { passes: 0, ..PasswordOptions::for_test() };
    assert!(matches!(Passwords::new(none, &entropy), Err(PasswordError::Options(_))));

    struct Dry;
    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
            Err(EntropyError)
        }
    }
    assert_eq!(passwords.hash("x", &Dry), Err(PasswordError::Entropy(EntropyError)));
}

/// CPU time of this thread, in nanoseconds, as the scheduler counts it: the machine has other work, which clocks see.
fn cpu_ns() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// What each costs in all, taken in turns.
fn costs<const N: usize>(works: [&dyn Fn(); N]) -> [u64; N] {
    let mut costs = [0; N];
    for _ in 0..30 {
        for (work, cost) in works.iter().zip(&mut costs) {
            let before = cpu_ns();
            work();
            *cost += cpu_ns() - before;
        }
    }
    costs
}

#[test]
fn an_unknown_account_costs_as_much_as_a_wrong_password() {
    let entropy = Counting::default();
    let options = PasswordOptions { memory_kib: 2 * 1024, ..PasswordOptions::default() };
    let passwords = Passwords::new(options, &entropy).unwrap();
    let hash = passwords.hash("correct horse", &entropy).unwrap();
    let long = "x".repeat(PASSWORD_BYTES_MAX + 1);
    let [wrong, unknown, too_long] = costs([
        &|| drop(passwords.verify("wrong horse", &hash)),
        &|| passwords.verify_none("wrong horse"),
        &|| drop(passwords.verify(&long, &hash)),
    ]);
    for (what, cost) in [("unknown", unknown), ("too long", too_long)] {
        let ratio = cost as f64 / wrong as f64;
        assert!((0.5..2.0).contains(&ratio), "{what}: {cost} and {wrong} ns");
    }
}

#[test]
fn only_so_many_are_hashed_at_once_and_nobody_is_forgotten() {
    let options = PasswordOptions { concurrent_max: 1, ..PasswordOptions::for_test() };
    let passwords = Arc::new(Passwords::new(options, &Counting::default()).unwrap());
    let (start, done) = (Arc::new(Barrier::new(8)), Arc::new(AtomicUsize::new(0)));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (passwords, start, done) = (Arc::clone(&passwords), Arc::clone(&start), Arc::clone(&done));
            std::thread::spawn(move || {
                start.wait();
                (0..20).for_each(|_| passwords.verify_none("wrong horse"));
                done.fetch_add(20, SeqCst);
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(done.load(SeqCst), 160);
}
