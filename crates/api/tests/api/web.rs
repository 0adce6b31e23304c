//! The web app's files and its page.

use std::path::Path;

use http::Method;
use serde_json::json;

use crate::support::{Answer, Browser, Server, Setting};

/// A built app in a folder, and a browser in front of a server that serves it.
fn served() -> (tempfile::TempDir, Browser) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "index.html", "<!doctype html><title>Loquat</title>");
    write(folder.path(), "index.html.br", "page in brotli");
    write(folder.path(), "index.html.gz", "page in gzip");
    write(folder.path(), "sw.js", "self.skipWaiting()");
    write(folder.path(), "assets/main-x1y2.js", "console.log(1)");
    write(folder.path(), "assets/main-x1y2.js.gz", "script in gzip");
    write(folder.path(), "icons/loquat.svg", "<svg/>");
    write(folder.path(), ".vite/manifest.json", "{}");
    let server = Server::with(Setting { web_dir: Some(folder.path().to_owned()), ..Setting::default() });
    let browser = server.browser().having("accept", "text/html").having("origin", "");
    (folder, browser)
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

async fn get(browser: &Browser, path: &str) -> Answer {
    browser.at(Method::GET, path, None, "").await
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.bytes).unwrap()
}

#[tokio::test]
async fn every_address_of_the_app_is_its_page_with_the_policy() {
    let (_folder, browser) = served();
    for path in ["/", "/sign-in", "/rooms/r_aaaaaaaaaaaaaaaa", "/join/code", "/settings/profile", "/admin"] {
        let answer = get(&browser, path).await.is(200);
        assert_eq!(text(&answer), "<!doctype html><title>Loquat</title>", "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("connect-src 'self' ws://loquat.test:8080;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value);
        }
        assert!(answer.headers.contains_key("permissions-policy"));
    }
}

#[tokio::test]
async fn the_smallest_form_that_the_browser_takes_is_sent() {
    let (_folder, browser) = served();
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", "page in brotli"),
        ("gzip", "gzip", "page in gzip"),
        ("br;q=0, gzip", "gzip", "page in gzip"),
        ("identity", "", "<!doctype html><title>Loquat</title>"),
    ] {
        let answer = get(&browser.having("accept-encoding", accepted), "/").await.is(200);
        assert_eq!((answer.header("content-encoding"), text(&answer)), (encoding, body), "{accepted}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        let known =
            browser.having("accept-encoding", accepted).having("if-none-match", answer.header("etag"));
        assert!(get(&known, "/").await.is(304).bytes.is_empty());
    }
    // There is no brotli of this one.
    let answer = get(&browser.having("accept-encoding", "br, gzip"), "/assets/main-x1y2.js").await.is(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn files_with_a_hash_are_kept_for_good_and_others_asked_for_again() {
    let (_folder, browser) = served();
    let script = get(&browser, "/assets/main-x1y2.js").await.is(200);
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(get(&browser, "/sw.js").await.is(200).header("cache-control"), "no-cache");
    assert_eq!(get(&browser, "/icons/loquat.svg").await.is(200).header("content-type"), "image/svg+xml");
    let head = browser.at(Method::HEAD, "/assets/main-x1y2.js", None, "").await.is(200);
    assert!(head.bytes.is_empty() && head.header("content-length") == "14");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_the_page() {
    let (folder, browser) = served();
    std::fs::write(folder.path().parent().unwrap().join("outside.txt"), "secret").unwrap();
    for path in [
        "/assets/old-z9.js",
        "/assets/../index.html",
        "/assets/..%2findex.html",
        "/assets/../../outside.txt",
        "/assets/%2e%2e/%2e%2e/outside.txt",
        "/assets//etc/passwd",
        "/assets/.hidden",
        "/assets/main-x1y2.js.gz/x",
    ] {
        let answer = get(&browser, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    browser.at(Method::POST, "/assets/main-x1y2.js", None, "").await.is(405);
    std::fs::remove_file(folder.path().parent().unwrap().join("outside.txt")).unwrap();
}

#[tokio::test]
async fn a_folder_without_the_app_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(Setting { web_dir: Some(folder.path().to_owned()), ..Setting::default() });
    let answer = get(&server.browser(), "/").await.is(503);
    assert!(text(&answer).contains("without the web app"));
    assert!(answer.headers.contains_key("content-security-policy"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// A signed-in owner of a room of this name, and the path of the room's page.
async fn in_room(name: &str) -> (tempfile::TempDir, Server, Browser, String) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "index.html", "<head><title>Loquat</title></head>");
    write(folder.path(), "index.html.br", "page in brotli");
    let server = Server::with(Setting { web_dir: Some(folder.path().to_owned()), ..Setting::default() });
    let browser = server.set_up().await;
    let room = browser.post("/rooms", json!({"kind": "private", "name": name})).await.is(201);
    let path = format!("/rooms/{}", room.json["room"]["id"].as_str().unwrap());
    (folder, server, browser, path)
}

/// What the page says about its room, if anything.
fn opening(answer: &Answer) -> Option<serde_json::Value> {
    let (_, rest) = text(answer).split_once("<script type=\"application/json\" id=\"opening\">")?;
    let (data, rest) = rest.split_once("</script>")?;
    assert_eq!(rest, "</head>");
    Some(serde_json::from_str(data).unwrap())
}

#[tokio::test]
async fn the_page_of_a_room_knows_it_already() {
    let (_folder, server, browser, path) = in_room("Kitchen").await;
    let browser = browser.having("accept-encoding", "br");
    let answer = get(&browser, &path).await.is(200);
    let room = path.rsplit('/').next().unwrap();
    let expected = json!({"person": browser.id, "room": room, "name": "Kitchen", "topic": ""});
    assert_eq!(opening(&answer), Some(expected));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    assert!(!answer.headers.contains_key("content-encoding") && !answer.headers.contains_key("etag"));

    // Others learn nothing, not even that it exists; and where one can't write, there is nothing to begin with.
    let other = server.member(&browser, "grace").await.having("accept-encoding", "br");
    let missing = get(&other, "/rooms/r_aaaaaaaaaaaaaaaa").await.is(200);
    for answer in [
        get(&other, &path).await.is(200),
        get(&server.browser().having("accept-encoding", "br"), &path).await.is(200),
        get(&browser, "/").await.is(200),
    ] {
        assert_eq!((text(&answer), answer.header("cache-control")), ("page in brotli", "no-cache"));
        assert_eq!(answer.header("etag"), missing.header("etag"));
    }
    browser.patch(&path, json!({"archived": true})).await.is(200);
    assert_eq!(text(&get(&browser, &path).await.is(200)), "page in brotli");
}

#[tokio::test]
async fn only_where_one_can_write_at_once_the_apps_script_waits_to_be_fetched() {
    let (folder, _server, browser, path) = in_room("Kitchen").await;
    let fetched = r#"<head><link rel="preload" as="script" href="/assets/a.js" data-app></head>"#;
    write(folder.path(), "index.html", fetched);
    let page = get(&browser, &path).await.is(200);
    assert!(opening(&page).is_some() && !text(&page).contains("preload"), "{}", text(&page));
    assert!(text(&page).contains(r#"<link rel="app" as="script" href="/assets/a.js" data-app>"#));
    assert_eq!(text(&get(&browser, "/rooms/r_aaaaaaaaaaaaaaaa").await.is(200)), fetched);
}

#[tokio::test]
async fn a_rooms_name_and_topic_stay_data_in_the_page() {
    let name = "</script><script>alert(1)</script><!-- & \" \\";
    let (_folder, _server, browser, path) = in_room(name).await;
    browser.patch(&path, json!({"topic": name})).await.is(200);
    let answer = get(&browser, &path).await.is(200);
    let data = opening(&answer).unwrap();
    assert_eq!([&data["name"], &data["topic"]], [name, name]);
    assert_eq!(text(&answer).matches("<script").count(), 1, "{}", text(&answer));
}
