//! A directory in memory, a counting source of "randomness", and JWTs made by hand.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use loquat_auth::{
    Authenticator, Entropy, EntropyError, Options, Principal, RootKey, ServerSecret, TokenRequest,
    WireNumber, sign_token_request,
};
use loquat_protocol::{AppId, Capability, ErrorInfo, KeyName};
use loquat_store::{AppRecord, Directory, KeyRecord, StoreError, StoreErrorKind};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;

pub const NOW: u64 = 1_800_000_000_000;
pub const MINUTE: u64 = 60_000;
pub const SECRET: &str = "a-secret-of-the-key";

/// Apps and keys in memory.
#[derive(Default)]
pub struct TestDirectory {
    tables: Mutex<(Vec<AppRecord>, Vec<KeyRecord>)>,
}

fn conflict() -> StoreError {
    StoreError::new(StoreErrorKind::Conflict, "exists")
}

impl Directory for TestDirectory {
    fn apps(&self) -> Result<Vec<AppRecord>, StoreError> {
        Ok(self.tables.lock().0.clone())
    }

    fn create_app(&self, app: &AppRecord, keys: &[KeyRecord]) -> Result<(), StoreError> {
        let mut tables = self.tables.lock();
        if tables.0.iter().any(|known| known.id == app.id) {
            return Err(conflict());
        }
        tables.0.push(app.clone());
        tables.1.extend_from_slice(keys);
        Ok(())
    }

    fn delete_app(&self, app: &AppId) -> Result<bool, StoreError> {
        let mut tables = self.tables.lock();
        let before = tables.0.len();
        tables.0.retain(|known| known.id != *app);
        tables.1.retain(|key| key.name.app() != *app);
        Ok(tables.0.len() != before)
    }

    fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        Ok(self.tables.lock().1.clone())
    }

    fn create_key(&self, key: &KeyRecord) -> Result<(), StoreError> {
        let mut tables = self.tables.lock();
        let app_exists = tables.0.iter().any(|app| app.id == key.name.app());
        if !app_exists || tables.1.iter().any(|known| known.name == key.name) {
            return Err(conflict());
        }
        tables.1.push(key.clone());
        Ok(())
    }

    fn revoke_key(&self, name: &KeyName, at_ms: u64) -> Result<bool, StoreError> {
        let mut tables = self.tables.lock();
        let Some(key) = tables.1.iter_mut().find(|key| key.name == *name && key.revoked_ms.is_none()) else {
            return Ok(false);
        };
        key.revoked_ms = Some(at_ms);
        Ok(true)
    }
}

/// Bytes that differ from call to call and are the same in every run.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let call = self.0.fetch_add(1, Ordering::Relaxed);
        for (place, byte) in out.iter_mut().enumerate() {
            *byte = (call.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (place % 8 * 8)) as u8 ^ place as u8;
        }
        Ok(())
    }
}

pub fn capability(text: &str) -> Capability {
    Capability::parse(text).unwrap()
}

pub fn record(name: &str, permits: &str) -> KeyRecord {
    KeyRecord {
        name: KeyName::parse(name).unwrap(),
        secret: SECRET.to_owned(),
        capability: capability(permits),
        created_ms: 0,
        revoked_ms: None,
    }
}

pub fn server_secret() -> ServerSecret {
    ServerSecret::from_bytes([3; 32])
}

/// The app `app` with the keys `full` (everything), `chat` (publish and subscribe in `chat:*`), `old` (revoked) and
/// `empty` (no secret), the app `other` with `other.full`, and the root key `root.key`.
pub fn directory() -> Arc<TestDirectory> {
    let directory = Arc::new(TestDirectory::default());
    let revoked = KeyRecord { revoked_ms: Some(5), ..record("app.old", r#"{"*":["*"]}"#) };
    let empty = KeyRecord { secret: String::new(), ..record("app.empty", r#"{"*":["*"]}"#) };
    let chat = record("app.chat", r#"{"chat:*":["publish","subscribe"]}"#);
    let keys = [record("app.full", r#"{"*":["*"]}"#), chat, revoked, empty];
    let app = |id: &str| AppRecord { id: AppId::parse(id).unwrap(), created_ms: 0 };
    directory.create_app(&app("app"), &keys).unwrap();
    directory.create_app(&app("other"), &[record("other.full", r#"{"*":["*"]}"#)]).unwrap();
    directory
}

pub fn authenticator_with(options: Options) -> Authenticator {
    Authenticator::new(directory(), Arc::new(Counting::default()), &server_secret(), options, NOW).unwrap()
}

pub fn authenticator() -> Authenticator {
    authenticator_with(Options { root_key: RootKey::parse("root.key:root-secret"), ..Options::default() })
}

pub fn basic(auth: &Authenticator, key_name: &str) -> Principal {
    auth.authenticate_basic(&format!("{key_name}:{SECRET}"), None, NOW).unwrap()
}

/// A complete token request of a key, not signed yet.
pub fn request(key_name: &str, nonce: &str) -> TokenRequest {
    TokenRequest {
        key_name: Some(key_name.to_owned()),
        timestamp: Some(WireNumber::Whole(NOW as i64)),
        nonce: Some(format!("{nonce:0>16}")),
        ..TokenRequest::default()
    }
}

pub fn signed(request: TokenRequest) -> TokenRequest {
    let mac = sign_token_request(&request, SECRET);
    TokenRequest { mac: Some(mac), ..request }
}

/// A token of a key, asked for with Basic authentication.
pub fn token(auth: &Authenticator, key_name: &str, client_id: Option<&str>) -> String {
    let request = TokenRequest { client_id: client_id.map(str::to_owned), ..TokenRequest::default() };
    auth.request_token(key_name, &request, Some(&basic(auth, key_name)), NOW).unwrap().token
}

pub fn jwt_with(header: &Value, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A JWT of `app.full` that is valid for an hour, with further claims (null takes a claim away).
pub fn jwt(further: Value) -> String {
    let mut claims = json!({"iat": NOW / 1000, "exp": NOW / 1000 + 3600});
    for (name, value) in further.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    jwt_with(&json!({"alg": "HS256", "typ": "JWT", "kid": "app.full"}), &claims, SECRET)
}

/// Code and status of a refusal.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, ErrorInfo>) -> (u32, u16) {
    let error = result.unwrap_err();
    (error.code, error.status_code)
}
