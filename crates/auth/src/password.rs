//! Passwords: hashed with Argon2id (RFC 9106), kept in the PHC string format.
//!
//! Hashing takes memory and time on purpose, so it is never done on a shard or a thread that others wait for, and only a
//! few at once: the others wait in line (MEM-1). Whoever lets strangers ask must limit how often.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use parking_lot::{Condvar, Mutex};

use crate::{Entropy, EntropyError};

/// Longest password that is looked at, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// How dear a hash is. The default is what OWASP's Password Storage Cheat Sheet asks for at least of Argon2id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PasswordOptions {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes; they are computed one after the other.
    pub lanes: u32,
    /// Hashes that are computed at the same time; the others wait.
    pub concurrent_max: usize,
}

impl Default for PasswordOptions {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1, concurrent_max: 4 }
    }
}

impl PasswordOptions {
    /// The cheapest that there is: for tests that are not about passwords.
    pub fn for_test() -> Self {
        Self { memory_kib: Params::MIN_M_COST, passes: 1, lanes: 1, concurrent_max: 4 }
    }
}

/// Why a password was not hashed or compared.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is longer than [`PASSWORD_BYTES_MAX`].
    #[error("the password is longer than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// The options are not Argon2's.
    #[error("these are no parameters of Argon2id: {0}")]
    Options(String),
    /// The stored hash cannot be read.
    #[error("the stored password hash cannot be read: {0}")]
    Stored(String),
    /// There is no memory for it.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    /// There are no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// Makes and compares password hashes. Blocks for tens of milliseconds at every call, longer in line.
pub struct Passwords {
    argon2: Argon2<'static>,
    params: Params,
    /// What the password of nobody is compared with.
    decoy: String,
    free: Mutex<usize>,
    freed: Condvar,
}

impl Passwords {
    /// With these parameters for new hashes; those of old ones are read from the hashes.
    ///
    /// # Errors
    /// [`PasswordError::Options`]; [`PasswordError::Entropy`].
    pub fn new(options: PasswordOptions, entropy: &dyn Entropy) -> Result<Self, PasswordError> {
        let PasswordOptions { memory_kib, passes, lanes, concurrent_max } = options;
        let params = Params::new(memory_kib, passes, lanes, None)
            .map_err(|error| PasswordError::Options(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let free = Mutex::new(concurrent_max.max(1));
        let mut this = Self { argon2, params, decoy: String::new(), free, freed: Condvar::new() };
        let mut nobody = [0; 32];
        entropy.fill(&mut nobody)?;
        this.decoy = this.hash_bytes(&nobody, entropy)?;
        Ok(this)
    }

    /// The hash of a password under a fresh salt, to be stored. The text is taken byte by byte: whoever wants equal
    /// looking passwords to be equal normalises them first.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`], [`PasswordError::Entropy`], [`PasswordError::Hash`].
    pub fn hash(&self, password: &str, entropy: &dyn Entropy) -> Result<String, PasswordError> {
        self.hash_bytes(checked(password)?, entropy)
    }

    fn hash_bytes(&self, password: &[u8], entropy: &dyn Entropy) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        let hash: Result<PasswordHash, _> =
            self.in_line(|| self.argon2.hash_password_with_salt(password, &salt));
        hash.map(|hash| hash.to_string()).map_err(|error| PasswordError::Hash(error.to_string()))
    }

    /// Whether a password is the one of a stored hash; compared in a time that tells nothing of either.
    ///
    /// # Errors
    /// [`PasswordError::Stored`] when the hash is none, [`PasswordError::Hash`]. One that is too long is wrong.
    pub fn verify(&self, password: &str, stored: &str) -> Result<bool, PasswordError> {
        let hash = PasswordHash::new(stored).map_err(|error| PasswordError::Stored(error.to_string()))?;
        // Compared all the same, so that the answer takes as long.
        let (password, fits) = match checked(password) {
            Ok(password) => (password, true),
            Err(_) => (&password.as_bytes()[..PASSWORD_BYTES_MAX], false),
        };
        match self.in_line(|| self.argon2.verify_password(password, &hash)) {
            Ok(()) => Ok(fits),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(PasswordError::Hash(error.to_string())),
        }
    }

    /// Compares a password with nobody's, at the cost of [`Self::verify`]: for a login that no account has, so that the
    /// time of the answer does not tell.
    pub fn verify_none(&self, password: &str) {
        drop(self.verify(password, &self.decoy));
    }

    /// Whether a stored hash was made with other parameters than new ones are: to be hashed anew when its password comes
    /// by.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let Ok(hash) = PasswordHash::new(stored) else { return true };
        let same = |params: Params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        };
        hash.algorithm.as_str() != Algorithm::Argon2id.as_str() || !Params::try_from(&hash).is_ok_and(same)
    }

    fn in_line<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut free = self.free.lock();
        self.freed.wait_while(&mut free, |free| *free == 0);
        *free -= 1;
        drop(free);
        let _place = Place(self);
        work()
    }
}

/// Given back also when the work panics.
struct Place<'a>(&'a Passwords);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock() += 1;
        self.0.freed.notify_one();
    }
}

fn checked(password: &str) -> Result<&[u8], PasswordError> {
    let bytes = password.as_bytes();
    if bytes.len() > PASSWORD_BYTES_MAX { Err(PasswordError::TooLong) } else { Ok(bytes) }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").field("params", &self.params).finish_non_exhaustive()
    }
}
