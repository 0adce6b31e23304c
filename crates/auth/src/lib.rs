//! Who is asking and what they may do: the one place that turns credentials into a [`Principal`].
//!
//! API keys, this server's own tokens (of a key or a person) and JWTs come in as [`Credentials`]; [`Authenticator`] answers with a
//! principal or with the protocol's error. No clock and no randomness inside: time is a parameter
//! (`now_ms`, milliseconds since 1970), random bytes come from an [`Entropy`].
//!
//! What a principal may do is asked of it at the time of each operation (SEC-1): [`Principal::operations`] alone
//! decides, by a key's capability or by a person's [`Standing`]. That the key behind an open connection still stands is
//! asked with [`Authenticator::check`], cheap enough to be asked whenever [`Authenticator::generation`] has moved.

mod admin;
pub mod authenticator;
mod carried;
pub mod connection_key;
pub mod credentials;
pub mod entropy;
#[doc(hidden)]
pub mod fuzz;
pub mod identity;
mod issue;
mod jwt;
mod mac;
mod nonce;
mod options;
mod os;
pub mod password;
pub mod person;
pub mod principal;
mod registry;
mod request;
mod secret;
mod snapshot;
mod token;

pub use authenticator::Authenticator;
pub use connection_key::{ConnectionKeyClaims, ConnectionKeySigner, new_connection_id};
pub use credentials::Credentials;
pub use entropy::{Entropy, EntropyError};
pub use identity::ClientIdentity;
pub use options::{Options, RootKey};
pub use os::OsEntropy;
pub use password::{PasswordError, PasswordOptions, Passwords};
pub use person::{PersonStandings, Standing};
pub use principal::{Principal, may_replace};
pub use request::{TokenDetails, TokenRequest, WireNumber, sign_token_request};
pub use secret::ServerSecret;

/// Longest token or JWT that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 64 * 1024;
/// Longest life of a token, in milliseconds.
pub const TOKEN_TTL_MS_MAX: u64 = 24 * 60 * 60 * 1000;
/// Life of a token whose request does not say, in milliseconds (specification TK2a).
pub const TOKEN_TTL_MS_DEFAULT: u64 = 60 * 60 * 1000;
/// How far a signed token request's timestamp, or a JWT's `iat`, may be from this server's clock, in milliseconds.
pub const CLOCK_TOLERANCE_MS: u64 = 15 * 60 * 1000;
