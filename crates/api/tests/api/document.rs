//! The OpenAPI document: that it says what the router does, and is well formed.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;

use crate::support::{Server, schema::DOCUMENT};

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

fn paths() -> impl Iterator<Item = (&'static String, &'static Value)> {
    DOCUMENT["paths"].as_object().unwrap().iter()
}

fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    paths().flat_map(|(path, item)| {
        let methods = METHODS.iter().map(|method| method.as_str().to_lowercase());
        methods.filter_map(move |method| Some((format!("{method} {path}"), item.get(method)?)))
    })
}

/// A path with something in the place of each variable.
fn filled(path: &str) -> String {
    let word = |word: &str| match word {
        "{room}" => "r_aaaaaaaaaaaaaaaa".to_owned(),
        "{person}" => "p_aaaaaaaaaaaaaaaa".to_owned(),
        "{session}" => "s_aaaaaaaaaaaaaaaa".to_owned(),
        "{token}" => "t_aaaaaaaaaaaaaaaa".to_owned(),
        "{invitation}" => "i_aaaaaaaaaaaaaaaa".to_owned(),
        "{code}" => "A".repeat(43),
        "{name}" => "chat.key".to_owned(),
        word => word.to_owned(),
    };
    path.split('/').map(word).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_path_answers_to_the_documents_methods_and_to_no_others() {
    let (_server, admin) = Server::with_admin().await;
    for (path, item) in paths() {
        let mut allowed = BTreeSet::new();
        for method in METHODS {
            let is_declared = item.get(method.as_str().to_lowercase()).is_some();
            // Signing out is the one write that works without a body.
            if path == "/sign-out" && is_declared {
                allowed.insert(method.as_str().to_owned());
                continue;
            }
            let answer = admin.raw(method.clone(), &filled(path), None, "").await;
            assert_eq!(answer.status != 405, is_declared, "{method} {path}: {}", answer.status);
            if is_declared {
                allowed.insert(method.as_str().to_owned());
                let detail = answer.json["detail"].as_str().unwrap_or_default();
                assert!(!detail.starts_with("there is nothing at"), "{method} {path} is not routed");
            }
        }
        if allowed.contains("GET") {
            allowed.insert("HEAD".to_owned());
        }
        let refused = admin.raw(Method::TRACE, &filled(path), None, "").await.refused(405, 40500);
        let told: BTreeSet<_> =
            refused.header("allow").split(',').map(|name| name.trim().to_owned()).collect();
        assert_eq!(told, allowed, "{path}");
    }
}

#[tokio::test]
async fn the_document_is_served_once_and_then_known() {
    let server = Server::empty();
    let browser = server.browser();
    let served = browser.get("/openapi.json").await.is(200);
    assert_eq!(served.json["openapi"], "3.1.0");
    assert_eq!(served.json, *DOCUMENT);
    let known = browser.having("if-none-match", served.header("etag"));
    assert!(known.get("/openapi.json").await.is(304).bytes.is_empty());
}

#[test]
fn operations_have_names_of_their_own_and_say_how_they_fail() {
    let mut names = BTreeSet::new();
    for (place, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        assert!(operation["summary"].is_string(), "{place} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{place}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{place} never succeeds");
        for status in ["429", "500", "503"] {
            assert!(responses.contains_key(status), "{place} does not declare {status}");
        }
        let is_open = operation["security"].as_array().is_some();
        assert_eq!(responses.contains_key("401"), !is_open || name == "sign_in", "{place}");
        if operation.get("requestBody").is_some() {
            assert!(["400", "413", "415"].iter().all(|status| responses.contains_key(*status)), "{place}");
        }
    }
    assert!(names.len() > 45);
}

#[test]
fn references_lead_somewhere_and_requests_are_closed() {
    let mut targets = BTreeSet::new();
    collect(&DOCUMENT, &mut targets);
    for target in targets {
        assert!(DOCUMENT.pointer(target.strip_prefix('#').unwrap()).is_some(), "{target} is missing");
    }
    for (place, operation) in operations() {
        let Some(body) = operation.get("requestBody") else { continue };
        let schema = &body["content"]["application/json"]["schema"];
        let schema = crate::support::schema::resolved(schema);
        assert_eq!(schema["additionalProperties"], false, "{place} takes unknown fields");
    }
}

fn collect(value: &Value, targets: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            targets.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|value| collect(value, targets));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, targets)),
        _ => {}
    }
}
