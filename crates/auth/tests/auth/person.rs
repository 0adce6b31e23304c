//! Persons: their tokens, their rights, and what is kept for them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use loquat_auth::{
    Authenticator, ClientIdentity, Credentials, PersonStandings, Principal, Standing, TokenDetails,
};
use loquat_protocol::{AppId, ErrorCode, ErrorInfo, Operation, Operations};
use parking_lot::Mutex;
use serde_json::json;

use crate::support::{MINUTE, NOW, SECRET, authenticator, basic, jwt, refusal, token};

const ADA: &str = "p_abcdefgh234567zz";
const BOB: &str = "p_bbbbbbbbbbbbbbbb";

/// What a person may do now, in a session that may have ended.
#[derive(Default)]
struct Session {
    ended: AtomicBool,
    rights: Mutex<BTreeMap<String, Operations>>,
}

impl Session {
    fn grant(&self, channel: &str, operations: Operations) {
        self.rights.lock().insert(channel.to_owned(), operations);
    }
}

impl Standing for Session {
    fn operations(&self, channel: &str) -> Operations {
        self.rights.lock().get(channel).copied().unwrap_or_default()
    }
    fn revoked(&self) -> Option<ErrorInfo> {
        self.ended.load(SeqCst).then(|| ErrorCode::TokenRevoked.into())
    }
}

#[derive(Default)]
struct People(Mutex<BTreeMap<(String, String), Arc<Session>>>);

impl PersonStandings for People {
    fn standing(&self, person: &str, session: &str) -> Result<Arc<dyn Standing>, ErrorInfo> {
        match self.0.lock().get(&(person.to_owned(), session.to_owned())) {
            Some(session) if session.revoked().is_none() => Ok(session.clone()),
            _ => Err(ErrorCode::TokenRevoked.into()),
        }
    }
}

/// An authenticator that knows Ada's session `s_1`.
fn with_ada() -> (Authenticator, Arc<Session>) {
    let (auth, session) = (authenticator(), Arc::new(Session::default()));
    let people = People::default();
    people.0.lock().insert((ADA.to_owned(), "s_1".to_owned()), session.clone());
    auth.set_people(Arc::new(people));
    (auth, session)
}

fn issue(auth: &Authenticator) -> TokenDetails {
    auth.issue_person_token(&app(), ADA, "s_1", NOW, 60 * MINUTE).unwrap()
}

fn app() -> AppId {
    AppId::from_trusted("app")
}

fn principal(auth: &Authenticator) -> Principal {
    auth.authenticate_token(&issue(auth).token, None, NOW).unwrap()
}

#[test]
fn a_persons_token_names_the_person_and_the_session_and_nothing_more() {
    let (auth, _) = with_ada();
    let details = issue(&auth);
    assert_eq!((details.issued, details.expires), (NOW, NOW + 60 * MINUTE));
    assert_eq!((details.key_name, details.capability, details.client_id.as_deref()), (None, None, Some(ADA)));
    assert!(details.token.starts_with("app.") && details.token.matches('.').count() == 1, "suits URLs");

    let ada = auth.authenticate_token(&details.token, None, NOW).unwrap();
    assert_eq!((ada.app(), ada.client().wire_text()), (&app(), Some(ADA)));
    assert_eq!((ada.session(), ada.key_name(), ada.capability()), (Some("s_1"), None, None));
    assert_eq!((ada.is_token(), ada.expires_ms()), (true, Some(NOW + 60 * MINUTE)));
}

#[test]
fn a_person_may_do_what_their_standing_says_at_that_moment() {
    let (auth, session) = with_ada();
    let ada = principal(&auth);
    assert_eq!(ada.operations("r::$chat"), Operations::NONE);
    session.grant("r::$chat", Operations::only(Operation::Subscribe));
    assert_eq!(ada.require("r::$chat", Operation::Subscribe), Ok(()), "no new token is needed");
    assert_eq!(refusal(ada.require("r::$chat", Operation::Publish)), (40160, 401));
    session.grant("r::$chat", Operations::NONE);
    assert!(!ada.permits("r::$chat", Operation::Subscribe), "the right is gone with the membership");
}

#[test]
fn with_the_session_every_right_ends() {
    let (auth, session) = with_ada();
    let ada = principal(&auth);
    session.grant("r::$chat", Operations::ALL);
    assert_eq!((ada.revoked(), auth.check(&ada, NOW)), (None, Ok(())));
    let generation = auth.generation();
    session.ended.store(true, SeqCst);
    assert_eq!(ada.revoked().unwrap().code, 40141);
    assert_eq!(ada.operations("r::$chat"), Operations::NONE, "whatever the standing still says");
    assert_eq!(refusal(auth.check(&ada, NOW)), (40141, 401));
    assert_eq!(refusal(auth.authenticate_token(&issue(&auth).token, None, NOW)), (40141, 401));
    assert_eq!(auth.generation(), generation, "no generation of keys is needed for it");
}

#[test]
fn a_persons_token_ends_on_the_millisecond_and_lives_a_day_at_most() {
    let (auth, _) = with_ada();
    let ada = principal(&auth);
    assert_eq!(auth.check(&ada, NOW + 60 * MINUTE - 1), Ok(()));
    assert_eq!(refusal(auth.check(&ada, NOW + 60 * MINUTE)), (40142, 401));
    assert_eq!(refusal(auth.authenticate_token(&issue(&auth).token, None, NOW + 60 * MINUTE)), (40142, 401));
    let long = auth.issue_person_token(&app(), ADA, "s_1", NOW, u64::MAX).unwrap();
    assert_eq!(long.expires, NOW + 24 * 60 * MINUTE);
}

#[test]
fn what_is_no_persons_token_is_refused() {
    let (auth, _) = with_ada();
    let genuine = issue(&auth).token;
    let stranger = auth.issue_person_token(&app(), BOB, "s_1", NOW, MINUTE).unwrap().token;
    assert_eq!(refusal(auth.authenticate_token(&stranger, None, NOW)), (40141, 401), "another's session");
    let elsewhere = genuine.replacen("app.", "other.", 1);
    assert_eq!(refusal(auth.authenticate_token(&elsewhere, None, NOW)), (40143, 401), "another app");
    for cut in 4..genuine.len() {
        assert_eq!(auth.authenticate_token(&genuine[..cut], None, NOW).unwrap_err().code, 40143);
    }
    let nowhere = auth.issue_person_token(&AppId::from_trusted("gone"), ADA, "s_1", NOW, MINUTE).unwrap();
    assert_eq!(refusal(auth.authenticate_token(&nowhere.token, None, NOW)), (40400, 404));
    assert_eq!(
        refusal(authenticator().authenticate_token(&genuine, None, NOW)),
        (40143, 401),
        "a server without people"
    );
    for id in [
        "ada",
        "",
        "p_",
        "p_abcdefgh234567z",
        "p_abcdefgh234567zzz",
        "p_ABCDEFGH234567zz",
        "p_abcdefgh034567zz",
    ] {
        assert_eq!(refusal(auth.issue_person_token(&app(), id, "s_1", NOW, MINUTE)), (40012, 400), "{id}");
    }
}

#[test]
fn a_person_dies_with_the_app() {
    let (auth, _) = with_ada();
    let ada = principal(&auth);
    assert!(auth.delete_app(&app()).unwrap());
    assert_eq!(refusal(auth.check(&ada, NOW)), (40400, 404));
}

#[test]
fn nobody_but_the_person_acts_in_their_name() {
    let (auth, _) = with_ada();
    let key = format!("app.full:{SECRET}");
    assert_eq!(refusal(auth.authenticate_basic(&key, Some(ADA), NOW)), (40012, 400));
    assert_eq!(refusal(auth.authenticate_basic("root.key:root-secret", Some(ADA), NOW)), (40012, 400));
    assert_eq!(
        refusal(auth.authenticate_token(&jwt(json!({"x-ably-clientId": ADA})), None, NOW)),
        (40012, 400)
    );
    let request = loquat_auth::TokenRequest { client_id: Some(ADA.to_owned()), ..Default::default() };
    let sender = basic(&auth, "app.full");
    assert_eq!(refusal(auth.request_token("app.full", &request, Some(&sender), NOW)), (40012, 400));
    let any = Credentials::Token {
        token: token(&auth, "app.full", Some("*")),
        key_name: None,
        client_id: Some(ADA.to_owned()),
    };
    assert_eq!(refusal(auth.authenticate(Some(&any), NOW)), (40012, 400));
    assert!(!ClientIdentity::Any.admits(ADA) && ClientIdentity::Any.admits("p_abc"));

    let ada = principal(&auth);
    assert!(ada.client().admits(ADA) && !ada.client().admits(BOB));
    assert_eq!(ada.acting_as(Some(ADA)).unwrap(), ada);
    assert_eq!(refusal(ada.acting_as(Some(BOB))), (40102, 401));
    assert_eq!(refusal(ada.replaced_by(&sender)), (40012, 400), "nor do a key's rights take their place");
    assert_eq!(ada.replaced_by(&principal(&auth)).unwrap().session(), Some("s_1"));
}

#[test]
fn no_key_has_a_right_on_a_persons_own_channel() {
    let (auth, session) = with_ada();
    let own = format!("$me:{ADA}");
    let named = jwt(json!({"x-ably-capability": json!({own.as_str(): ["*"], "[*]*": ["*"]}).to_string()}));
    let powers = [
        auth.authenticate_basic("root.key:root-secret", None, NOW).unwrap(),
        basic(&auth, "app.full"),
        auth.authenticate_token(&named, None, NOW).unwrap(),
        auth.authenticate_token(&token(&auth, "app.full", Some("*")), None, NOW).unwrap(),
    ];
    for power in &powers {
        for channel in [own.as_str(), "$me:", "$me:x", "[meta]$me:x", "[?rewind=1]$me:x"] {
            assert_eq!(power.operations(channel), Operations::NONE, "{channel}");
            assert_eq!(power.require(channel, Operation::Subscribe).unwrap_err().code, 40160);
        }
        assert_eq!(power.operations("$mex"), Operations::ALL);
        assert_eq!(power.operations("a$me:b"), Operations::ALL);
    }
    session.grant(&own, Operations::only(Operation::Subscribe));
    assert!(principal(&auth).permits(&own, Operation::Subscribe));
}
