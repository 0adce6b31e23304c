//! Passwords, as the services use them.

use std::sync::Arc;

use loquat_auth::{Entropy, PasswordError, Passwords};

/// Makes and compares password hashes. Blocks for as long as that takes.
pub trait PasswordKeeper: Send + Sync + 'static {
    /// The hash of a password, to be stored.
    ///
    /// # Errors
    /// See [`PasswordError`]; so below.
    fn hash(&self, password: &str) -> Result<String, PasswordError>;

    /// Whether a password is the one of a hash.
    fn verify(&self, password: &str, stored: &str) -> Result<bool, PasswordError>;

    /// Takes as long as [`Self::verify`], for a login that nobody has.
    fn verify_none(&self, password: &str);

    /// Whether a hash should be made anew when its password comes by.
    fn is_outdated(&self, stored: &str) -> bool;
}

/// Argon2id, with salts from a source of random bytes.
pub(crate) struct Argon2Keeper {
    pub passwords: Passwords,
    pub entropy: Arc<dyn Entropy>,
}

impl PasswordKeeper for Argon2Keeper {
    fn hash(&self, password: &str) -> Result<String, PasswordError> {
        self.passwords.hash(password, &*self.entropy)
    }

    fn verify(&self, password: &str, stored: &str) -> Result<bool, PasswordError> {
        self.passwords.verify(password, stored)
    }

    fn verify_none(&self, password: &str) {
        self.passwords.verify_none(password);
    }

    fn is_outdated(&self, stored: &str) -> bool {
        self.passwords.is_outdated(stored)
    }
}
