//! Entry point for the fuzzer: arbitrary bytes as every kind of credentials, checked for promises that hold of any.

use std::sync::{Arc, OnceLock};

use loquat_protocol::{AppId, KeyName};
use loquat_store::{AppRecord, Directory, KeyRecord, StoreError};

use crate::{
    Authenticator, ConnectionKeySigner, Credentials, Entropy, EntropyError, Options, RootKey, ServerSecret,
    TokenRequest,
};

const NOW_MS: u64 = 1_700_000_000_000;
const KEY: &str = "app.key:secret";

struct NoDirectory;

impl Directory for NoDirectory {
    fn apps(&self) -> Result<Vec<AppRecord>, StoreError> {
        Ok(vec![AppRecord { id: AppId::from_trusted("app"), created_ms: 0 }])
    }
    fn create_app(&self, _: &AppRecord, _: &[KeyRecord]) -> Result<(), StoreError> {
        Ok(())
    }
    fn delete_app(&self, _: &AppId) -> Result<bool, StoreError> {
        Ok(false)
    }
    fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        Ok(Vec::new())
    }
    fn create_key(&self, _: &KeyRecord) -> Result<(), StoreError> {
        Ok(())
    }
    fn revoke_key(&self, _: &KeyName, _: u64) -> Result<bool, StoreError> {
        Ok(false)
    }
}

struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        out.fill(0);
        Ok(())
    }
}

fn authenticator() -> &'static Authenticator {
    static ONE: OnceLock<Authenticator> = OnceLock::new();
    ONE.get_or_init(|| {
        let options = Options { root_key: RootKey::parse(KEY), ..Options::default() };
        let secret = ServerSecret::from_bytes([7; 32]);
        Authenticator::new(Arc::new(NoDirectory), Arc::new(Zeros), &secret, options, NOW_MS)
            .expect("a directory that never fails")
    })
}

/// Any bytes, as a header, key, token, JWT, connection key or token request, are accepted or refused with an
/// error of the table, never a panic; what is accepted belongs to the one key there is.
pub fn fuzz_credentials(data: &[u8]) {
    let auth = authenticator();
    let text = String::from_utf8_lossy(data);
    for credentials in [
        Credentials::from_authorization(&text),
        Credentials::from_request(None, None, [("key", KEY), ("clientId", &*text)])
            .map(|credentials| credentials.expect("a key was given")),
        Ok(Credentials::token(&*text)),
        Ok(Credentials::Basic { key: text.to_string(), client_id: Some(text.to_string()) }),
        Ok(Credentials::Basic { key: KEY.to_owned(), client_id: Some(text.to_string()) }),
    ] {
        let answer = credentials.and_then(|credentials| auth.authenticate(Some(&credentials), NOW_MS));
        match answer {
            Ok(principal) => {
                assert_eq!(principal.app().as_str(), "app");
                assert_eq!(auth.check(&principal, NOW_MS), Ok(()));
                assert!(principal.expires_ms().is_none_or(|expires_ms| expires_ms > NOW_MS));
            }
            Err(error) => assert!(matches!(error.status_code, 400 | 401 | 404), "{error:?}"),
        }
    }
    let signer = ConnectionKeySigner::new(&ServerSecret::from_bytes([7; 32]));
    if let Ok(claims) = signer.verify(&text) {
        assert_eq!(signer.sign(&claims), text, "a connection key that reads must be the one that was made");
    }
    fuzz_token_request(auth, data);
}

/// A token request that the key itself sends is refused, or answered with a token that this server accepts.
fn fuzz_token_request(auth: &Authenticator, data: &[u8]) {
    let Ok(mut request) = serde_json::from_slice::<TokenRequest>(data) else { return };
    request.mac = None;
    let sender = auth.authenticate_basic(KEY, None, NOW_MS).expect("the root key");
    if let Ok(details) = auth.request_token("app.key", &request, Some(&sender), NOW_MS) {
        let principal = auth.authenticate_token(&details.token, None, NOW_MS).expect("a token just issued");
        assert_eq!(principal.capability().to_string(), details.capability);
        assert_eq!(principal.client().wire_text(), details.client_id.as_deref());
        assert_eq!(
            auth.authenticate_token(&details.token, None, details.expires).map_err(|e| e.code).err(),
            Some(40142)
        );
    }
}
