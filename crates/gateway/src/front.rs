//! Which part of the server answers a request: the realtime API, what else is served beside it, or the web app's page.

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header};
use tower::ServiceExt;

/// What the paths of APIs begin with. Below them nothing is ever a page, and what is unknown is told so as data.
const API_WORDS: [&str; 17] = [
    "api",
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

/// What a listener serves beside the realtime API. The default serves nothing more.
///
/// Every request carries [`axum::extract::ConnectInfo`] with the client's [`std::net::SocketAddr`], and an
/// [`http::uri::Scheme`] among its extensions: HTTPS when it came by TLS.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Routes of exact paths (`/api/v1/…`, `/assets/…`, `/sw.js`). They come before the realtime API's and have no part in
    /// its CORS, formats and errors. A fallback of its own is never asked.
    pub routes: Router,
    /// The page: answers GET and HEAD of `/`, and of every path that belongs to no API when the request accepts
    /// `text/html`. Which path it was is for the page to see.
    pub page: Option<Router>,
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
        let chosen = match self.page {
            Some(page) if is_for_page(request.method(), request.uri().path(), request.headers()) => page,
            _ => self.realtime,
        };
        chosen.oneshot(request).await.into_response()
    }
}

fn is_for_page(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let word = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    reads && !API_WORDS.contains(&word) && (path == "/" || accepts_html(headers))
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
    use super::*;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    fn is_page(method: Method, path: &str, accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        is_for_page(&method, path, &headers)
    }

    #[test]
    fn a_browser_gets_the_page_at_every_path_of_the_app() {
        for path in ["/", "/sign-in", "/rooms/r_aaaaaaaaaaaaaaaa", "/join/code", "/admin", "/channelsurfing"]
        {
            assert!(is_page(Method::GET, path, BROWSER), "{path}");
            assert!(is_page(Method::HEAD, path, BROWSER), "{path}");
            assert!(!is_page(Method::POST, path, BROWSER), "{path}");
        }
    }

    #[test]
    fn an_api_path_is_never_the_page() {
        for word in API_WORDS {
            assert!(!is_page(Method::GET, &format!("/{word}"), BROWSER), "{word}");
            assert!(!is_page(Method::GET, &format!("/{word}/unknown"), BROWSER), "{word}");
            assert!(!is_page(Method::GET, &format!("//{word}/unknown"), BROWSER), "{word}");
        }
    }

    #[test]
    fn a_program_gets_the_page_at_the_root_only() {
        assert!(is_page(Method::GET, "/", "*/*"));
        assert!(!is_page(Method::GET, "/rooms", "*/*"));
        assert!(!is_page(Method::GET, "/rooms", "application/json"));
    }
}
