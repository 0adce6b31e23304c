//! Entry points for the fuzzer: arbitrary bytes as every kind of credentials, checked for promises that hold of any.

use std::sync::{Arc, OnceLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use loquat_protocol::{AppId, ClientId, ErrorInfo, KeyName, Operations};
use loquat_store::{AppRecord, Directory, KeyRecord, StoreError};

use crate::{
    Authenticator, ConnectionKeySigner, Credentials, Entropy, EntropyError, Options, PersonStandings,
    RootKey, ServerSecret, Standing, TokenRequest, mac::hmac_sha256,
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

struct Everybody;

impl PersonStandings for Everybody {
    fn standing(&self, _: &str, _: &str) -> Result<Arc<dyn Standing>, ErrorInfo> {
        Ok(Arc::new(Self))
    }
}

impl Standing for Everybody {
    fn operations(&self, _: &str) -> Operations {
        Operations::ALL
    }
    fn revoked(&self) -> Option<ErrorInfo> {
        None
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
        let auth = Authenticator::new(Arc::new(NoDirectory), Arc::new(Zeros), &secret, options, NOW_MS)
            .expect("a directory that never fails");
        auth.set_people(Arc::new(Everybody));
        auth
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

/// Any bytes as the claims of a JWT and as the body of a key's and a person's token that are rightly signed: behind the
/// signature, too, they are accepted or refused, never a panic; no key's names a person.
pub fn fuzz_signed_claims(data: &[u8]) {
    let auth = authenticator();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"app.key"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(data));
    let mac = URL_SAFE_NO_PAD.encode(hmac_sha256(b"secret", &[signed.as_bytes()]));
    let jwt = auth.authenticate_token(&format!("{signed}.{mac}"), None, NOW_MS);
    let snapshot = auth.registry.snapshot();
    let Ok(key) = snapshot.key("app.key") else { return };
    let token = auth.authenticate_token(&auth.tokens.sign_body(key, data.to_vec()), None, NOW_MS);
    let person = auth.authenticate_token(
        &auth.person_tokens.sign_claims(&AppId::from_trusted("app"), data),
        None,
        NOW_MS,
    );
    if let Ok(person) = person {
        assert!(person.session().is_some() && person.client().name().is_some());
    }
    for answer in [jwt, token] {
        match answer {
            Ok(principal) => {
                assert_eq!(auth.check(&principal, NOW_MS), Ok(()));
                assert!(principal.capability().is_some_and(|capability| !capability.is_empty()));
                assert!(principal.expires_ms().is_some_and(|expires_ms| expires_ms > NOW_MS));
                assert!(!principal.client().name().is_some_and(|name| ClientId::is_reserved(name.as_str())));
            }
            Err(error) => assert!(error.status_code == 401 || error.code == 40012, "{error:?}"),
        }
    }
}

/// A token request that the key itself sends is refused, or answered with a token that this server accepts.
fn fuzz_token_request(auth: &Authenticator, data: &[u8]) {
    let Ok(mut request) = serde_json::from_slice::<TokenRequest>(data) else { return };
    request.mac = None;
    let sender = auth.authenticate_basic(KEY, None, NOW_MS).expect("the root key");
    if let Ok(details) = auth.request_token("app.key", &request, Some(&sender), NOW_MS) {
        let principal = auth.authenticate_token(&details.token, None, NOW_MS).expect("a token just issued");
        assert_eq!(principal.capability().map(ToString::to_string), details.capability);
        assert_eq!(principal.client().wire_text(), details.client_id.as_deref());
        assert_eq!(
            auth.authenticate_token(&details.token, None, details.expires).map_err(|e| e.code).err(),
            Some(40142)
        );
    }
}
