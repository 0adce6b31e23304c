//! Identifiers and secrets, made of random bytes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_auth::{Entropy, EntropyError};
use loquat_store::people::SecretHash;
use sha2::{Digest, Sha256};

/// What an API token begins with, so that scanners of source code find one that leaked.
pub const TOKEN_PREFIX: &str = "lqt_";
/// 32 bytes as base64url.
const SECRET_CHARS: usize = 43;

/// 80 random bits, for an identifier.
pub(crate) fn id_bits(entropy: &dyn Entropy) -> Result<[u8; 10], EntropyError> {
    let mut bits = [0; 10];
    entropy.fill(&mut bits)?;
    Ok(bits)
}

/// A new secret and the hash by which it is found again.
pub(crate) fn new_secret(entropy: &dyn Entropy, prefix: &str) -> Result<(String, SecretHash), EntropyError> {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes)?;
    let secret = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = hash(&secret);
    Ok((secret, hash))
}

/// The hash of a text that may be a secret; `None` when it can be none, however long it is.
pub(crate) fn hash_of(secret: &str, prefix: &str) -> Option<SecretHash> {
    let body = secret.strip_prefix(prefix)?;
    let fits = body.len() == SECRET_CHARS
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    fits.then(|| hash(secret))
}

fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use loquat_auth::OsEntropy;

    use super::*;

    #[test]
    fn a_secret_is_found_by_its_hash_and_no_other_text_is() {
        let (secret, hash) = new_secret(&OsEntropy, TOKEN_PREFIX).unwrap();
        assert_eq!(secret.len(), 47);
        assert_eq!(hash_of(&secret, TOKEN_PREFIX), Some(hash));
        assert_eq!(hash_of(&secret, ""), None, "a token is no cookie");
        for text in ["", "lqt_", &secret[..46], &format!("{secret}A"), &"a".repeat(100_000), "lqt_\u{202e}"] {
            assert_eq!(hash_of(text, TOKEN_PREFIX), None);
        }
    }
}
