//! Going on as another principal after AUTH.

use loquat_auth::{Principal, may_replace};

use crate::support::{NOW, SECRET, authenticator, refusal, token};

fn principals() -> [(&'static str, Principal); 7] {
    let auth = authenticator();
    let of_token = |client| auth.authenticate_token(&token(&auth, "app.full", client), None, NOW).unwrap();
    let of_key =
        |key: &str, client| auth.authenticate_basic(&format!("{key}:{SECRET}"), client, NOW).unwrap();
    [
        ("any", of_token(Some("*"))),
        ("none", of_token(None)),
        ("ada", of_token(Some("ada"))),
        ("bob", of_token(Some("bob"))),
        ("key", of_key("app.chat", None)),
        ("key as ada", of_key("app.full", Some("ada"))),
        ("other app", of_key("other.full", Some("ada"))),
    ]
}

#[test]
fn app_and_client_id_stay() {
    let permitted = [
        ("any", "any"),
        ("any", "key"),
        ("key", "any"),
        ("key", "key"),
        ("none", "none"),
        ("ada", "ada"),
        ("ada", "key as ada"),
        ("ada", "any"),
        ("ada", "key"),
        ("key as ada", "ada"),
        ("key as ada", "key as ada"),
        ("key as ada", "any"),
        ("key as ada", "key"),
        ("bob", "bob"),
        ("bob", "any"),
        ("bob", "key"),
        ("other app", "other app"),
    ];
    let principals = principals();
    for (old_name, old) in &principals {
        for (new_name, new) in &principals {
            let answer = may_replace(old, new);
            if permitted.contains(&(old_name, new_name)) {
                assert_eq!(answer, Ok(()), "{old_name} → {new_name}");
                let goes_on = old.replaced_by(new).unwrap();
                assert_eq!(goes_on.client(), old.client());
                assert_eq!(goes_on.capability(), new.capability());
            } else {
                assert_eq!(refusal(answer), (40102, 401), "{old_name} → {new_name}");
            }
        }
    }
}
