//! Credentials of every kind.

use super::Target;

pub(super) const CREDENTIALS: Target = Target {
    name: "auth-credentials",
    run: loquat_auth::fuzz::fuzz_credentials,
    seeds: &[
        b"Basic YXBwLmtleTpzZWNyZXQ=",
        b"Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6ImFwcC5rZXkifQ.eyJpYXQiOjE3MDAwMDAwMDB9.c2ln",
        b"app.key:secret",
        br#"{"keyName":"app.key","ttl":3600000,"capability":"{\"*\":[\"*\"]}","timestamp":1700000000000,"nonce":"0123456789abcdef"}"#,
    ],
    words: &[b"Basic ", b"Bearer ", b"\"clientId\":", b"\"ttl\":", b"\"x-ably-capability\":", b"eyJ", b"app.key"],
};
