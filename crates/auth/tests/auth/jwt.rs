//! JWTs signed with an API key's secret.

use serde_json::{Value, json};

use crate::support::{MINUTE, NOW, SECRET, authenticator, jwt, jwt_with, refusal, token};

const DAY_S: u64 = 24 * 3600;
const NOW_S: u64 = NOW / 1000;

fn code_of(further: Value) -> u32 {
    authenticator().authenticate_token(&jwt(further), None, NOW).map_or_else(|error| error.code, |_| 0)
}

#[test]
fn a_jwt_is_what_its_claims_say_within_the_key() {
    let token = jwt(json!({
        "x-ably-capability": r#"{"chat:*":["subscribe"]}"#,
        "x-ably-clientId": "ada",
        "x-ably-revocation-key": "group",
        "ably.room.lobby": "host",
        "ably.room.*": {"level": 3},
        "ably.limits": 7,
    }));
    let principal = authenticator().authenticate_token(&token, None, NOW).unwrap();
    assert_eq!(principal.capability().unwrap().to_string(), r#"{"chat:*":["subscribe"]}"#);
    assert_eq!(principal.client().wire_text(), Some("ada"));
    assert_eq!(principal.revocation_key(), Some("group"));
    assert_eq!((principal.issued_ms(), principal.expires_ms()), (NOW, Some(NOW + 60 * MINUTE)));
    let claims: Vec<_> =
        principal.user_claims().iter().map(|(room, claim)| (room.as_str(), claim.clone())).collect();
    assert_eq!(claims, [("*", json!({"level": 3})), ("lobby", json!("host"))]);
    assert!(principal.is_token());
}

#[test]
fn absent_claims_leave_it_to_the_key() {
    let principal = authenticator().authenticate_token(&jwt(json!({})), None, NOW).unwrap();
    assert_eq!(principal.capability().unwrap().to_string(), r#"{"*":["*"]}"#);
    assert_eq!(principal.client().wire_text(), None);
    assert_eq!(code_of(json!({"x-ably-clientId": "*"})), 0);
}

#[test]
fn every_wrong_claim_has_its_error() {
    let table = [
        (json!({"exp": null}), 40144),
        (json!({"iat": null}), 40144),
        (json!({"exp": "soon"}), 40144),
        (json!({"exp": -1}), 40144),
        (json!({"exp": NOW_S}), 40142),
        (json!({"exp": NOW_S + 1}), 0),
        (json!({"exp": NOW_S as f64 + 0.5}), 0),
        (json!({"exp": 1e300}), 40144),
        (json!({"exp": u64::MAX}), 40144),
        (json!({"exp": NOW_S + DAY_S}), 0),
        (json!({"exp": NOW_S + DAY_S + 1}), 40144),
        (json!({"iat": NOW_S + 15 * 60}), 0),
        (json!({"iat": NOW_S + 16 * 60}), 40144),
        (json!({"nbf": NOW_S + 15 * 60}), 0),
        (json!({"nbf": NOW_S + 16 * 60}), 40144),
        (json!({"nbf": "later"}), 40144),
        (json!({"x-ably-capability": ""}), 40144),
        (json!({"x-ably-capability": {"*": ["*"]}}), 40144),
        (json!({"x-ably-capability": "no json"}), 40144),
        (json!({"x-ably-capability": r#"{"a":["fly"]}"#}), 40144),
        (json!({"x-ably-capability": "{}"}), 40160),
        (json!({"x-ably-clientId": ""}), 40144),
        (json!({"x-ably-clientId": 7}), 40144),
        (json!({"x-ably-revocation-key": ""}), 40144),
        (json!({"x-ably-revocation-key": 7}), 40144),
    ];
    for (claims, code) in table {
        assert_eq!(code_of(claims.clone()), code, "{claims}");
    }
}

#[test]
fn every_wrong_header_has_its_error() {
    let claims = json!({"iat": NOW_S, "exp": NOW_S + 60});
    let table = [
        (json!({"alg": "none", "kid": "app.full"}), 40144),
        (json!({"alg": "RS256", "kid": "app.full"}), 40144),
        (json!({"alg": "hs256", "kid": "app.full"}), 40144),
        (json!({"kid": "app.full"}), 40144),
        (json!({"alg": "HS256"}), 40144),
        (json!({"alg": "HS256", "kid": "app.full", "crit": ["exp"]}), 40144),
        (json!({"alg": "HS256", "kid": "app.unknown"}), 40143),
        (json!({"alg": "HS256", "kid": "app.empty"}), 40143),
        (json!({"alg": "HS256", "kid": "app"}), 40143),
        (json!({"alg": "HS256", "kid": "app.old"}), 40141),
        (json!({"alg": "HS256", "kid": "nowhere.full"}), 40400),
        (json!([]), 40144),
    ];
    for (header, code) in table {
        let token = jwt_with(&header, &claims, SECRET);
        assert_eq!(refusal(authenticator().authenticate_token(&token, None, NOW)).0, code, "{header}");
    }
}

#[test]
fn the_key_may_be_named_beside_the_jwt() {
    let claims = json!({"iat": NOW_S, "exp": NOW_S + 60});
    let token = jwt_with(&json!({"alg": "HS256"}), &claims, SECRET);
    let auth = authenticator();
    assert_eq!(auth.authenticate_token(&token, Some("app.full"), NOW).unwrap().app().as_str(), "app");
    assert_eq!(refusal(auth.authenticate_token(&token, Some("app.unknown"), NOW)), (40143, 401));
}

#[test]
fn a_wrong_or_missing_signature_is_refused() {
    let auth = authenticator();
    let genuine = jwt(json!({}));
    let (signed, _) = genuine.rsplit_once('.').unwrap();
    let claims = json!({"iat": NOW_S, "exp": NOW_S + 60});
    let other = jwt_with(&json!({"alg": "HS256", "kid": "app.full"}), &claims, "another secret");
    for token in [format!("{signed}."), format!("{signed}.AAAA"), format!("{genuine}="), other, "..".into()] {
        assert_eq!(refusal(auth.authenticate_token(&token, None, NOW)), (40144, 401), "{token}");
    }
}

#[test]
fn the_empty_intersection_is_not_permitted() {
    let claims = json!({"iat": NOW_S, "exp": NOW_S + 60, "x-ably-capability": r#"{"news":["publish"]}"#});
    let token = jwt_with(&json!({"alg": "HS256", "kid": "app.chat"}), &claims, SECRET);
    assert_eq!(refusal(authenticator().authenticate_token(&token, None, NOW)), (40160, 401));
}

#[test]
fn a_token_may_come_in_somebody_elses_jwt_and_ends_with_it() {
    let auth = authenticator();
    let theirs = |header: Value, claims: Value| jwt_with(&header, &claims, "a key of theirs");
    let of = |token: &str| auth.authenticate_token(token, None, NOW);
    let inner = jwt(json!({"x-ably-clientId": "ada"}));
    let token = token(&auth, "app.full", Some("ada"));
    let exp = json!(NOW_S + 60);
    for carried in [&inner, &token] {
        let header = json!({"alg": "RS256", "x-ably-token": carried});
        let in_header = of(&theirs(header.clone(), json!({"exp": exp}))).unwrap();
        let in_claims =
            of(&theirs(json!({"alg": "RS256"}), json!({"exp": exp, "x-ably-token": carried}))).unwrap();
        for principal in [&in_header, &in_claims] {
            assert_eq!(principal.expires_ms(), Some(NOW + MINUTE));
            assert_eq!(principal.client(), of(carried).unwrap().client());
            assert!(principal.is_token());
        }
        let encrypted = format!("{}.a.b.c.d", theirs(header.clone(), json!({})).split_once('.').unwrap().0);
        assert_eq!(of(&encrypted).unwrap().expires_ms(), of(carried).unwrap().expires_ms());
        let later = of(&theirs(header.clone(), json!({"exp": NOW_S + 10 * DAY_S}))).unwrap();
        assert_eq!(later.expires_ms(), of(carried).unwrap().expires_ms());
        assert_eq!(refusal(of(&theirs(header, json!({"exp": NOW_S})))), (40142, 401));
    }
    let forged = jwt_with(
        &json!({"alg": "HS256", "kid": "app.full"}),
        &json!({"iat": NOW_S, "exp": exp}),
        "no secret",
    );
    let nested = theirs(json!({"x-ably-token": inner}), json!({}));
    for (carried, code) in
        [(forged, 40144), (nested, 40144), ("app.junk".into(), 40143), ("junk".into(), 40143)]
    {
        let outer = theirs(json!({"x-ably-token": carried}), json!({"exp": exp}));
        assert_eq!(refusal(of(&outer)), (code, 401), "{carried}");
    }
}
