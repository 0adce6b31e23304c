//! Random bytes, injected, so that nothing here makes randomness of its own.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::{StoreError, StoreErrorKind};

/// The source has no random bytes to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no random bytes are available")]
pub struct EntropyError;

impl From<EntropyError> for ErrorInfo {
    fn from(error: EntropyError) -> Self {
        Self::new(ErrorCode::Internal, error.to_string())
    }
}

impl From<EntropyError> for StoreError {
    fn from(error: EntropyError) -> Self {
        Self::new(StoreErrorKind::Unavailable, error.to_string())
    }
}

/// A source of random bytes. Secrets and ids are made from it, so in production it must be cryptographically
/// secure; see [`crate::OsEntropy`].
pub trait Entropy: Send + Sync + 'static {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    /// [`EntropyError`] when there are none; `out` is not to be used then.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// Digits and lower-case letters without `i`, `l`, `o` and `u`: ids that can be read out loud.
const ID_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A random id of `N` characters, 5 bits each.
pub(crate) fn random_id<const N: usize>(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(ID_ALPHABET[usize::from(byte & 31)])).collect())
}

/// `N` random bytes as URL-safe text.
pub(crate) fn random_text<const N: usize>(entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
