//! The decision point: credentials in, principal or error out.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use loquat_protocol::{ErrorCode, ErrorInfo, KeyName};
use loquat_store::{Directory, StoreError};
use parking_lot::Mutex;

use crate::{
    ClientIdentity, Credentials, Entropy, Options, PersonStandings, Principal, ServerSecret, TOKEN_BYTES_MAX,
    carried::{Carried, carried},
    jwt,
    mac::equal_secrets,
    nonce::NonceSet,
    person::PersonTokenSigner,
    principal::{Grant, Parts},
    registry::Registry,
    snapshot::{KeyFault, Snapshot},
    token::TokenSigner,
};

/// Turns credentials into principals. Answers from memory; only the methods that change apps and keys, and
/// [`Self::refresh`], go to the directory and block.
pub struct Authenticator {
    pub(crate) registry: Registry,
    pub(crate) tokens: TokenSigner,
    pub(crate) person_tokens: PersonTokenSigner,
    /// Who knows the persons; without it there are none.
    pub(crate) people: OnceLock<Arc<dyn PersonStandings>>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) nonces: Mutex<NonceSet>,
}

impl Authenticator {
    /// Builds one over a directory, which it reads once. Blocks.
    ///
    /// # Errors
    /// The directory's.
    pub fn new(
        directory: Arc<dyn Directory>,
        entropy: Arc<dyn Entropy>,
        secret: &ServerSecret,
        options: Options,
        now_ms: u64,
    ) -> Result<Self, StoreError> {
        let nonces = NonceSet::new(options.nonces_max, options.nonces_per_app_max);
        Ok(Self {
            registry: Registry::new(directory, entropy.clone(), options.root_key, now_ms)?,
            tokens: TokenSigner::new(secret),
            person_tokens: PersonTokenSigner::new(secret),
            people: OnceLock::new(),
            entropy,
            nonces: Mutex::new(nonces),
        })
    }

    /// Who sends these credentials; `None` is a request without any.
    ///
    /// # Errors
    /// 40100 without credentials; else see [`Self::authenticate_basic`] and [`Self::authenticate_token`], and
    /// 40012 and 40102 for a clientId that the credentials do not permit.
    pub fn authenticate(
        &self,
        credentials: Option<&Credentials>,
        now_ms: u64,
    ) -> Result<Principal, ErrorInfo> {
        match credentials {
            None => Err(ErrorInfo::new(
                ErrorCode::Unauthorized,
                "no credentials: give an API key or a token, in the Authorization header or as key or access_token",
            )),
            Some(Credentials::Basic { key, client_id }) => {
                self.authenticate_basic(key, client_id.as_deref(), now_ms)
            }
            Some(Credentials::Token { token, key_name, client_id }) => {
                self.authenticate_token(token, key_name.as_deref(), now_ms)?.acting_as(client_id.as_deref())
            }
        }
    }

    /// Who has this API key, `app.key:secret`.
    ///
    /// # Errors
    /// 40101 when it is malformed, unknown or has the wrong secret, 40400 when its app is unknown, 40131 when
    /// it is revoked, 40012 for an invalid client id.
    pub fn authenticate_basic(
        &self,
        key: &str,
        client_id: Option<&str>,
        now_ms: u64,
    ) -> Result<Principal, ErrorInfo> {
        let invalid = |why: &'static str| ErrorInfo::new(ErrorCode::InvalidCredentials, why);
        let (name, secret) =
            key.split_once(':').ok_or_else(|| invalid("an API key has the form app.key:secret"))?;
        if KeyName::parse(name).is_none() || secret.is_empty() {
            return Err(invalid("an API key has the form app.key:secret"));
        }
        let snapshot = self.registry.snapshot();
        let key = snapshot.key(name).map_err(|fault| fault.for_key())?;
        if !equal_secrets(secret, &key.secret) {
            return Err(invalid("invalid credentials: the key's secret is wrong"));
        }
        Ok(Principal::new(Parts {
            app: key.name.app(),
            key_name: Some(key.name.clone()),
            key_id: key.id,
            grant: Grant::Key(key.capability.clone()),
            client: ClientIdentity::Any.narrowed_to(client_id)?,
            issued_ms: now_ms,
            expires_ms: None,
            token_id: None,
            revocation_key: None,
            user_claims: BTreeMap::new(),
        }))
    }

    /// Who has this token: one of this server's (one dot), of a key or a person, or a JWT (two dots), signed with a key
    /// or with one of a key's tokens in it (four dots when it is encrypted). `key_name` names the key of a JWT whose
    /// header does not.
    ///
    /// # Errors
    /// 40143 when it is no token of this server or its key is unknown, 40144 when it is a JWT that is not
    /// valid, 40142 when it has expired, 40141 when its key is revoked or its session has ended, 40400 when its app is
    /// unknown, 40160 when its key permits nothing of what it asks for, 40012 when a key's token names a person.
    pub fn authenticate_token(
        &self,
        token: &str,
        key_name: Option<&str>,
        now_ms: u64,
    ) -> Result<Principal, ErrorInfo> {
        if token.len() > TOKEN_BYTES_MAX {
            let text = format!("the token is longer than {TOKEN_BYTES_MAX} bytes");
            return Err(ErrorInfo::new(ErrorCode::TokenUnrecognised, text));
        }
        let snapshot = self.registry.snapshot();
        if let Some(carried) = carried(token) {
            return self.authenticate_carried(&carried, &snapshot, now_ms);
        }
        match token.bytes().filter(|byte| *byte == b'.').count() {
            1 if PersonTokenSigner::claims(token) => self.authenticate_person(token, &snapshot, now_ms),
            1 => self.tokens.verify(token, &snapshot, now_ms),
            2 => jwt::verify(token, key_name, &snapshot, now_ms),
            _ => Err(ErrorCode::TokenUnrecognised.into()),
        }
    }

    /// Who has the token that came in somebody else's JWT. It ends with that.
    fn authenticate_carried(
        &self,
        carried: &Carried,
        snapshot: &Snapshot,
        now_ms: u64,
    ) -> Result<Principal, ErrorInfo> {
        if carried.expires_ms.is_some_and(|expires_ms| expires_ms <= now_ms) {
            return Err(ErrorCode::TokenExpired.into());
        }
        let token = carried.token.as_str();
        let principal = match token.bytes().filter(|byte| *byte == b'.').count() {
            1 if !PersonTokenSigner::claims(token) => self.tokens.verify(token, snapshot, now_ms)?,
            2 => jwt::verify(token, None, snapshot, now_ms)?,
            _ => return Err(ErrorCode::TokenUnrecognised.into()),
        };
        Ok(principal.until(carried.expires_ms))
    }

    /// Whether a principal of before still stands: its app, key or session are there, its token has not expired. For
    /// open connections: to be asked when [`Self::generation`] has moved, and when the token expires; that a session
    /// has ended moves no generation, [`Principal::revoked`] tells it.
    ///
    /// # Errors
    /// 40142 for an expired token; 40141 for a token, 40131 for a key when the key is revoked or no longer the
    /// same; 40141 when a person's session has ended; 40400 when the app is gone.
    pub fn check(&self, principal: &Principal, now_ms: u64) -> Result<(), ErrorInfo> {
        if principal.expires_ms().is_some_and(|expires_ms| expires_ms <= now_ms) {
            return Err(ErrorCode::TokenExpired.into());
        }
        let (snapshot, is_token) = (self.registry.snapshot(), principal.is_token());
        let Some(name) = principal.key_name() else {
            return match principal.revoked() {
                Some(error) => Err(error),
                None if snapshot.has_app(principal.app()) => Ok(()),
                None => Err(KeyFault::UnknownApp(principal.app().as_str()).for_token()),
            };
        };
        match snapshot.key(name.as_str()) {
            Ok(key) if key.id == principal.0.key_id => Ok(()),
            Ok(_) if is_token => Err(ErrorCode::TokenRevoked.into()),
            Ok(_) => Err(ErrorCode::KeyRevoked.into()),
            Err(fault) if is_token => Err(fault.for_token()),
            Err(fault) => Err(fault.for_key()),
        }
    }
}
