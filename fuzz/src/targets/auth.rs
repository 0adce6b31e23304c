//! Credentials of every kind.

use super::Target;

/// The first four are accepted by the fuzz entry's one key, so that changes stay close to what is.
pub(super) const CREDENTIALS: Target = Target {
    name: "auth-credentials",
    run: loquat_auth::fuzz::fuzz_credentials,
    seeds: &[
        b"app.key:secret",
        b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImFwcC5rZXkifQ.eyJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMCwieC1h\
          Ymx5LWNhcGFiaWxpdHkiOiJ7XCIqXCI6W1wiKlwiXX0iLCJ4LWFibHktY2xpZW50SWQiOiJhZGEiLCJhYmx5LnJvb20ubG9iYnkiOiJob3N0In0\
          .784VIO1fM9qa79Dp84RIZiVanfAqd4WSbs24t4mfHMk",
        b"app.AXsiayI6ImtleSIsImMiOiJ7XCJbKl0qXCI6W1wiKlwiXX0iLCJpIjoiYWRhIiwidCI6MTcwMDAwMDAwMDAwMCwieCI6MTcwMDAwMzYwMDAw\
          MCwibiI6IkFBQUFBQUFBQUFBQUFBQUEifVh42IHU2labmi-c53_c3ErI_-Jne2t2qv50zb2IZ5FC",
        b"AQGLz-VoAAAMQWJjXzEyMy14eXo5A2FwcGgtntiDh6mt8XObGd1uACE",
        b"Basic YXBwLmtleTpzZWNyZXQ=",
        b"Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6ImFwcC5rZXkifQ.eyJpYXQiOjE3MDAwMDAwMDB9.c2ln",
        br#"{"keyName":"app.key","ttl":3600000,"capability":"{\"*\":[\"*\"]}","timestamp":1700000000000,"nonce":"0123456789abcdef"}"#,
        br#"{"ttl":"60000","capability":{"a":["subscribe"]},"clientId":"*"}"#,
    ],
    words: &[b"Basic ", b"Bearer ", b"\"clientId\":", b"\"ttl\":", b"\"x-ably-capability\":", b"eyJ", b"app.key"],
};

/// Behind the signature: the claims of a JWT, the body of a token.
pub(super) const SIGNED_CLAIMS: Target = Target {
    name: "auth-signed-claims",
    run: loquat_auth::fuzz::fuzz_signed_claims,
    seeds: &[
        br#"{"iat":1700000000,"exp":1700003600,"x-ably-capability":"{\"*\":[\"*\"]}","x-ably-clientId":"ada","ably.room.lobby":"host"}"#,
        br#"{"iat":1700000000.5,"exp":1.7000036e9,"nbf":1699999999,"x-ably-revocation-key":"g"}"#,
        b"\x01{\"k\":\"key\",\"c\":\"{\\\"*\\\":[\\\"*\\\"]}\",\"i\":\"ada\",\"t\":1700000000000,\"x\":1700003600000,\"n\":\"AAAA\"}",
    ],
    words: &[
        b"\"iat\":",
        b"\"exp\":",
        b"\"nbf\":",
        b"1700000000",
        b"1e300",
        b"null",
        b"\"x-ably-capability\":",
        b"\"x-ably-clientId\":",
        b"\"ably.room.",
        b"{\\\"*\\\":[\\\"*\\\"]}",
    ],
};
