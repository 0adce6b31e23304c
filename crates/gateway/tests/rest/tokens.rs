//! Token requests.

use loquat_auth::{TokenDetails, TokenRequest, WireNumber, sign_token_request};
use loquat_node::clock::wall_ms;
use loquat_protocol::Format;
use serde_json::json;

use crate::support::Server;

const PATH: &str = "/keys/app.root/requestToken";

fn signed(secret: &str) -> TokenRequest {
    let mut request = TokenRequest {
        key_name: Some("app.root".to_owned()),
        ttl: Some(WireNumber::Whole(60_000)),
        capability: Some(json!(r#"{"c":["history"]}"#)),
        client_id: Some("me".to_owned()),
        timestamp: Some(WireNumber::Whole(wall_ms() as i64)),
        nonce: Some("0123456789abcdef".to_owned()),
        mac: None,
    };
    request.mac = Some(sign_token_request(&request, secret));
    request
}

#[tokio::test]
async fn a_signed_request_needs_nothing_else_and_is_used_once() {
    let server = Server::start();
    for format in Format::ALL {
        let mut request = signed("secret");
        request.nonce = Some(format!("nonce-for-{format:?}-000000"));
        request.mac = Some(sign_token_request(&request, "secret"));
        let body = format.encode(&request);
        let send = || {
            let call = server.call("POST", PATH).header("accept", format.content_type());
            call.body(format.content_type(), body.clone()).send()
        };
        let reply = send().await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        let details: TokenDetails = reply.decode(format);
        assert_eq!(
            (details.key_name.as_deref(), details.client_id.as_deref()),
            (Some("app.root"), Some("me"))
        );
        assert_eq!(details.capability.as_deref(), Some(r#"{"c":["history"]}"#));
        assert_eq!(details.expires - details.issued, 60_000);
        let again = send().await;
        assert_eq!((again.status.as_u16(), again.header("x-ably-errorcode")), (401, "40105"));

        let bearer = format!("Bearer {}", details.token);
        let get = |path| server.call("GET", path).header("authorization", &bearer).send();
        assert_eq!(get("/channels/c/messages").await.status, 200);
        assert_eq!(get("/channels/d/messages").await.refusal(), (401, 40160));
    }
}

#[tokio::test]
async fn requests_are_refused_with_their_own_codes() {
    let server = Server::start();
    let post = |path: &'static str, request: &TokenRequest| {
        server.call("POST", path).json(&serde_json::to_value(request).unwrap()).send()
    };
    assert_eq!(post(PATH, &signed("wrong")).await.refusal(), (401, 40101));
    assert_eq!(post("/keys/nobody.root/requestToken", &signed("secret")).await.refusal(), (404, 40400));
    assert_eq!(post("/keys/app.other/requestToken", &signed("secret")).await.refusal(), (401, 40101));
    assert_eq!(post(PATH, &TokenRequest::default()).await.refusal(), (401, 40100));
    let mut late = signed("secret");
    late.timestamp = Some(WireNumber::Whole(wall_ms() as i64 - 3_600_000));
    late.mac = Some(sign_token_request(&late, "secret"));
    assert_eq!(post(PATH, &late).await.refusal(), (401, 40104));
    let long = server.post(PATH, &json!({"ttl": 90_000_000})).send().await;
    assert_eq!(long.refusal(), (400, 40003));
    let other = server.key(r#"{"*":["*"]}"#);
    assert_eq!(server.call("POST", PATH).key(&other).json(&json!({})).send().await.refusal(), (401, 40101));
}

#[tokio::test]
async fn a_signed_request_counts_whatever_comes_along() {
    let server = Server::start();
    let body = serde_json::to_value(signed("secret")).unwrap();
    let call = server.call("POST", PATH).json(&body).header("authorization", "Bearer out-of-date");
    assert_eq!(call.send().await.status, 201);
}

#[tokio::test]
async fn a_form_is_a_request_and_a_list_is_none() {
    let server = Server::start();
    let post = || server.call("POST", PATH).key(crate::support::ROOT);
    let form =
        b"keyName=app.root&ttl=5000&clientId=me&capability=%7B%22c%22%3A%5B%22publish%22%5D%7D".to_vec();
    let details: TokenDetails =
        post().body("application/x-www-form-urlencoded", form).send().await.decode(Format::Json);
    assert_eq!((details.expires - details.issued, details.client_id.as_deref()), (5_000, Some("me")));
    assert_eq!(details.capability.as_deref(), Some(r#"{"c":["publish"]}"#));
    for list in [json!([]), json!(["app.root", 5_000])] {
        assert_eq!(post().json(&list).send().await.refusal(), (400, 40000), "{list}");
    }
}
