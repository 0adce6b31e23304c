//! Which part of the server answers a request: the realtime API, what else is served beside it, or the web app's page.

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header};
use tower::ServiceExt;

use crate::bounds::Manners;

/// What the paths of APIs begin with. Below them nothing is ever a page, and what is unknown is told so as data.
const API_WORDS: [&str; 16] = [
    "apps",
    "channels",
    "chat",
    "comet",
    "debug",
    "event-stream",
    "healthz",
    "keys",
    "media",
    "messages",
    "presence",
    "push",
    "readyz",
    "sse",
    "stats",
    "time",
];

/// The same for the API whose cookies other origins must not use: what is unknown there is not theirs to read either.
const OWN_API: &str = "api";

/// What a listener serves beside the realtime API. The default serves nothing more.
///
/// Every request carries [`axum::extract::ConnectInfo`] with the client's [`std::net::SocketAddr`], and an
/// [`http::uri::Scheme`] among its extensions: HTTPS when it came by TLS; a trusted proxy's word counts for both.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Routes of exact paths (`/api/v1/…`, `/assets/…`, `/sw.js`). They come before the realtime API's and have no part in
    /// its CORS, formats and errors. A fallback of its own is never asked.
    pub routes: Router,
    /// The page: answers GET and HEAD of `/`, and of every path that belongs to no API when the request accepts
    /// `text/html`. Which path it was is for the page to see.
    pub page: Option<Router>,
    /// How the listener treats its requests.
    pub manners: Manners,
}

#[derive(Clone)]
struct Front {
    realtime: Router,
    page: Option<Router>,
}

/// All routes of a listener.
pub fn router(realtime: Router, site: Site) -> Router {
    let front = Front { realtime, page: site.page };
    site.routes.fallback(move |request: Request| front.clone().answer(request))
}

impl Front {
    async fn answer(self, request: Request) -> Response {
        let word = first_word(request.uri().path());
        let is_own = word == OWN_API;
        let is_api = is_own || API_WORDS.contains(&word);
        let chosen = match self.page {
            Some(page) if !is_api && is_for_page(&request) => page,
            _ => self.realtime,
        };
        let mut response = chosen.oneshot(request).await.into_response();
        if is_own {
            response.headers_mut().remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        }
        response
    }
}

/// Whether a path belongs to the realtime API, when there is something beside it.
pub fn is_realtime(path: &str) -> bool {
    API_WORDS.contains(&first_word(path))
}

fn first_word(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn is_for_page(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    reads && (request.uri().path() == "/" || accepts_html(request.headers()))
}

/// Whether it is a browser that wants to show something: programs ask for anything, browsers name HTML.
fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut types = values.flat_map(|value| value.split(','));
    types.any(|part| {
        let media_type = part.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("text/html")
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::StatusCode;

    use super::*;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /// Whether the page answers; the realtime API says 404 here.
    async fn is_page(method: Method, path: &str, accept: &str) -> bool {
        let page = Some(Router::new().fallback(|| async { "page" }));
        let router = router(Router::new(), Site { page, ..Site::default() });
        let request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        response.status() == StatusCode::OK
    }

    #[tokio::test]
    async fn a_browser_gets_the_page_at_every_path_of_the_app() {
        for path in ["/", "/sign-in", "/rooms/r_aaaaaaaaaaaaaaaa", "/join/code", "/admin", "/channelsurfing"]
        {
            assert!(is_page(Method::GET, path, BROWSER).await, "{path}");
            assert!(is_page(Method::HEAD, path, BROWSER).await, "{path}");
            assert!(!is_page(Method::POST, path, BROWSER).await, "{path}");
        }
    }

    #[tokio::test]
    async fn an_api_path_is_never_the_page() {
        for word in API_WORDS.into_iter().chain([OWN_API]) {
            for path in [format!("/{word}"), format!("/{word}/unknown"), format!("//{word}/unknown")] {
                assert!(!is_page(Method::GET, &path, BROWSER).await, "{path}");
            }
        }
    }

    #[tokio::test]
    async fn a_program_gets_the_page_at_the_root_only() {
        assert!(is_page(Method::GET, "/", "*/*").await);
        assert!(!is_page(Method::GET, "/rooms", "*/*").await);
        assert!(!is_page(Method::GET, "/rooms", "application/json").await);
    }
}
