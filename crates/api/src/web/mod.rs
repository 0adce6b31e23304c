//! The web app as files: from inside of the binary, or from a folder while somebody works on it.
//!
//! * `source`: where the files are, and what is known of each.
//! * `encoding`: which of a file's compressed forms the client takes.
//! * `answer`: a file as a response, with what caches may do with it.
//! * `opening`: the room at the page's address, as data in the page.
//! * `policy`: what the page may load and who may frame it.

mod answer;
mod encoding;
mod opening;
mod policy;
mod source;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, Uri, header};
use loquat_protocol::ErrorCode;

use self::source::Source;
use crate::{ApiState, Problem, http::guard};

/// The page that every address of the app shows.
const PAGE: &str = "index.html";
/// Folder of the files whose name holds their hash.
const HASHED: &str = "assets/";

#[derive(Clone)]
struct Web {
    source: Arc<Source>,
    state: ApiState,
    public_https: bool,
}

/// The routes of the app's files, and the page that answers every other address of the app.
pub(crate) struct App {
    /// `/assets/…`, `/sw.js` and what else lies beside the page.
    pub files: Router,
    /// Answers any path with the page.
    pub page: Router,
}

/// The app from a folder, or the one that was built in. Files that appear at the top of the folder later are seen after
/// the next start.
pub(crate) fn app(state: ApiState) -> App {
    let public_https = state.public_url().is_some_and(|url| url.starts_with("https://"));
    let source = Arc::new(Source::new(state.options().web_dir.clone()));
    let web = Web { source, state, public_https };
    let mut files = Router::new().route("/assets/{*file}", get(file));
    for name in web.source.top() {
        files = match name.strip_suffix('/') {
            Some("assets") => files,
            Some(folder) => files.route(&format!("/{folder}/{{*file}}"), get(file)),
            None if name == PAGE => files,
            None => files.route(&format!("/{name}"), get(file)),
        };
    }
    let files = files.method_not_allowed_fallback(guard::wrong_method).with_state(web.clone());
    App { files, page: Router::new().fallback(page).with_state(web) }
}

async fn file(State(web): State<Web>, request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/');
    match web.source.get(name) {
        Some(file) => answer::file(&file, request.headers(), name.starts_with(HASHED)),
        None => missing(request.uri()),
    }
}

fn missing(uri: &Uri) -> Response {
    let mut response =
        Problem::new(ErrorCode::NotFound, format!("the web app has no file {}", uri.path())).into_response();
    let headers = response.headers_mut();
    // A file may be there after an upgrade: no cache remembers that it wasn't.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    guard::harden(headers);
    response
}

async fn page(State(web): State<Web>, request: Request) -> Response {
    let policy = policy::of(&request, web.public_https);
    let mut response = match web.source.get(PAGE) {
        Some(file) => {
            let plain = answer::file(&file, request.headers(), false);
            opening::page(&web.state, request, &file).await.unwrap_or(plain)
        }
        None => answer::text(
            StatusCode::SERVICE_UNAVAILABLE,
            "This server was built without the web app. Build it with `make run`, or give --web-dir.\n",
        ),
    };
    policy::apply(response.headers_mut(), policy);
    response
}
