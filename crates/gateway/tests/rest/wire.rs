//! Formats, errors, CORS, envelopes, methods, and what is not there.

use http::StatusCode;
use loquat_protocol::Format;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{ROOT, Server};

#[tokio::test]
async fn the_time_is_open_and_comes_in_both_formats() {
    let server = Server::start();
    let json: Vec<u64> = server.call("GET", "/time").send().await.decode(Format::Json);
    let packed = server.call("GET", "/time").header("accept", "application/x-msgpack").send().await;
    let packed: Vec<u64> = packed.decode(Format::Msgpack);
    assert!(json.len() == 1 && packed.len() == 1 && packed[0].abs_diff(json[0]) < 60_000);
}

#[tokio::test]
async fn the_format_is_negotiated_and_errors_have_it_too() {
    let server = Server::start();
    for (path, accept, format) in [
        ("/nothing", "", Format::Json),
        ("/nothing", "text/html", Format::Json),
        ("/nothing", "text/html, application/x-msgpack;q=0.9", Format::Msgpack),
        ("/nothing?format=msgpack", "*/*", Format::Msgpack),
        ("/nothing?format=msgpack", "application/json", Format::Json),
        ("/nothing?format=json", "application/x-msgpack", Format::Msgpack),
        ("/nothing?format=xml", "application/x-msgpack", Format::Msgpack),
    ] {
        let reply = server.call("GET", path).header("accept", accept).send().await;
        assert_eq!(reply.status, 404);
        let error: Value = reply.decode(format);
        assert_eq!(error["error"]["code"], 40400, "{path} {accept}");
        assert_eq!(reply.header("x-ably-errorcode"), "40400");
    }
}

#[tokio::test]
async fn every_version_of_the_protocol_is_served() {
    let server = Server::start();
    for version in ["1", "1.2", "2", "3", "4", "5", "6", "7"] {
        let reply = server.get("/channels/c/messages").header("x-ably-version", version).send().await;
        assert_eq!(reply.json(), json!([]));
    }
}

#[tokio::test]
async fn answers_are_not_cached_nor_sniffed_and_open_to_every_origin() {
    let server = Server::start();
    for path in ["/time", "/nothing", "/channels/c/messages", "/healthz"] {
        let reply = server.call("GET", path).header("origin", "https://example.org").send().await;
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert!(reply.header("access-control-expose-headers").contains("Link"));
        assert!(reply.headers.get("access-control-allow-credentials").is_none());
    }
}

#[tokio::test]
async fn a_preflight_needs_no_credentials_and_admits_what_it_asks_for() {
    let server = Server::start();
    for path in ["/channels/c/messages", "/nothing", "/keys/a.b/requestToken"] {
        let reply = server
            .call("OPTIONS", path)
            .header("origin", "https://example.org")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "x-mine")
            .send()
            .await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::NO_CONTENT, 0));
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert!(reply.header("access-control-allow-methods").contains("PATCH"));
        let all = reply.headers.get_all("access-control-allow-headers").iter();
        let all = all.map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join(", ");
        for name in
            ["Authorization", "Content-Type", "X-Ably-Version", "X-Ably-ClientId", "Ably-Agent", "x-mine"]
        {
            assert!(all.contains(name), "{name}");
        }
    }
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_ones() {
    let server = Server::start();
    let reply = server.call("DELETE", "/channels/c/messages").key(ROOT).send().await;
    assert_eq!(reply.refusal(), (405, 40500));
    assert!(reply.header("allow").contains("GET") && reply.header("allow").contains("POST"));
    assert_eq!(server.call("PUT", "/time").send().await.refusal(), (405, 40500));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = Server::start();
    server.publish("c", &["a".to_owned()]).await;
    for (path, status) in
        [("/time", 200), ("/channels/c/messages", 200), ("/healthz", 200), ("/nothing", 404)]
    {
        let reply = server.call("HEAD", path).key(ROOT).send().await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (status, 0), "{path}");
    }
    assert!(server.call("HEAD", "/channels/c/messages").key(ROOT).send().await.link("first").is_some());
}

#[tokio::test]
async fn what_later_releases_bring_is_told_as_such() {
    let server = Server::start();
    for (method, path) in [
        ("GET", "/channels"),
        ("POST", "/messages"),
        ("GET", "/presence?channels=a"),
        ("GET", "/stats"),
        ("POST", "/stats"),
        ("POST", "/keys/app.root/revokeTokens"),
        ("PATCH", "/channels/c/messages/0001-0000000000000001:000"),
        ("POST", "/channels/c/messages/0001-0000000000000001:000/annotations"),
        ("GET", "/channels/c/object"),
        ("GET", "/channels/c/object/root"),
        ("POST", "/channels/c/objects"),
        ("POST", "/push/publish"),
        ("PUT", "/push/deviceRegistrations/x"),
        ("PUT", "/chat/v4/rooms/r/messages/s"),
    ] {
        let reply = server.call(method, path).key(ROOT).send().await;
        assert_eq!(reply.refusal(), (501, 50100), "{method} {path}");
        let stranger = server.call(method, path).send().await;
        assert_eq!(stranger.refusal(), (401, 40100), "{method} {path}");
    }
    for path in ["/sse?channels=c", "/comet/connect?stream=false", "/event-stream"] {
        assert_eq!(server.call("GET", path).send().await.refusal(), (501, 50100), "{path}");
    }
}

#[tokio::test]
async fn unknown_paths_are_the_protocols_404() {
    let server = Server::start();
    for path in ["/", "/nothing", "/channels/", "/channels/c/nothing", "/time/", "/keys/a.b/nothing", "/%ff"]
    {
        assert_eq!(server.call("GET", path).key(ROOT).send().await.refusal(), (404, 40400), "{path}");
    }
}

#[tokio::test]
async fn health_is_open_and_readiness_has_a_reason() {
    let server = Server::start();
    assert_eq!(server.call("GET", "/healthz").send().await.text(), "ok");
    let ready = server.call("GET", "/readyz").send().await;
    assert_eq!((ready.status.as_u16(), ready.json()), (200, json!({"status": "ready"})));
    server.node.drain();
    let draining = server.call("GET", "/readyz").send().await;
    assert_eq!((draining.status.as_u16(), &draining.json()["reason"]), (503, &json!("draining")));
    assert_eq!(server.call("GET", "/healthz").send().await.status, 200);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    status_code: u16,
    headers: std::collections::BTreeMap<String, String>,
    response: Value,
}

#[tokio::test]
async fn an_envelope_carries_status_headers_and_body() {
    let server = Server::start();
    server.publish("c", &["a".to_owned(), "b".to_owned()]).await;
    for (name, format) in [("json", Format::Json), ("msgpack", Format::Msgpack)] {
        let path = format!("/channels/c/messages?limit=1&envelope={name}");
        let reply = server.get(&path).send().await;
        assert_eq!(reply.status, 200);
        let envelope: Envelope = reply.decode(format);
        assert_eq!((envelope.status_code, &envelope.response[0]["name"]), (200, &json!("b")));
        assert!(envelope.headers["link"].contains("rel=\"next\""));

        let reply = server.call("GET", &path).send().await;
        assert_eq!(reply.status, 200);
        let envelope: Envelope = reply.decode(format);
        assert_eq!((envelope.status_code, &envelope.response["error"]["code"]), (401, &json!(40100)));
        assert_eq!(envelope.headers["x-ably-errorcode"], "40100");

        let envelope: Envelope =
            server.call("GET", &format!("/healthz?envelope={name}")).send().await.decode(format);
        assert_eq!((envelope.status_code, envelope.response), (200, json!("ok")));
    }
    let app: Envelope =
        server.post("/apps?envelope=json", &json!({"keys": [{}]})).send().await.decode(Format::Json);
    assert_eq!(app.status_code, 201);
    let (id, key) =
        (app.response["appId"].as_str().unwrap(), app.response["keys"][0]["keyStr"].as_str().unwrap());
    let gone = server.call("DELETE", &format!("/apps/{id}?envelope=json")).key(key).send().await;
    let gone: Envelope = gone.decode(Format::Json);
    assert_eq!((gone.status_code, gone.response), (204, Value::Null));
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let server = Server::start();
    let path = "/channels/c/messages";
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for (content_type, body, refusal) in [
        ("application/json", &b"{"[..], (400, 40000)),
        ("application/json", b"", (400, 40000)),
        ("application/json", b"[]", (400, 40000)),
        ("application/json", b"\"text\"", (400, 40000)),
        ("application/json", b"{\"name\":7}", (400, 40000)),
        ("application/json", b"{\"name\":\"\xff\"}", (400, 40000)),
        ("application/json", deep.as_bytes(), (400, 40000)),
        ("application/x-msgpack", b"\xc1", (400, 40000)),
        ("application/x-msgpack", b"\xdf\xff\xff\xff\xff", (400, 40000)),
        ("application/x-www-form-urlencoded", b"data=%FF&encoding=base64", (400, 40013)),
        ("text/plain", b"{}", (415, 41500)),
    ] {
        let reply = server.call("POST", path).key(ROOT).body(content_type, body.to_vec()).send().await;
        assert_eq!(reply.refusal(), refusal, "{content_type} {:?}", String::from_utf8_lossy(body));
    }
    let large = vec![b' '; server.node.limits().frame_bytes_max + 1];
    let reply = server.call("POST", path).key(ROOT).body("application/json", large).send().await;
    assert_eq!(reply.refusal(), (413, 40009));
    assert_eq!(server.get(path).send().await.json(), json!([]));
}

#[tokio::test]
async fn a_body_without_a_content_type_or_with_a_charset_is_json() {
    let server = Server::start();
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "text/json"] {
        let body = b"{\"name\":\"a\"}".to_vec();
        let call = server.call("POST", "/channels/c/messages").key(ROOT).body(content_type, body);
        assert_eq!(call.send().await.status, 201);
    }
    let mut request = http::Request::post("/channels/c/messages");
    request = request.header("authorization", "Basic YXBwLnJvb3Q6c2VjcmV0");
    let request = request.body(axum::body::Body::from("{\"name\":\"a\"}")).unwrap();
    let router = loquat_gateway::rest::router(loquat_gateway::State::new(server.node.clone(), false));
    assert_eq!(tower::ServiceExt::oneshot(router, request).await.unwrap().status(), 201);
}
