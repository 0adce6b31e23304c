//! The params of paged answers, and the links from page to page (RFC 8288).

use http::{HeaderValue, header};
use loquat_protocol::{ErrorCode, ErrorInfo};
use loquat_store::Direction;

use super::call::Query;

/// Items of a page when the request does not say.
const LIMIT_DEFAULT: usize = 100;
/// Most items of a page.
const LIMIT_MAX: usize = 1_000;
/// The param that carries a page's place.
pub const CURSOR: &str = "cursor";
/// What is never repeated in a link: links are logged, kept and passed on.
const SECRETS: [&str; 4] = ["key", "access_token", "accessToken", "keyName"];

fn invalid(text: String) -> ErrorInfo {
    ErrorInfo::new(ErrorCode::InvalidParameter, text)
}

/// The `limit` of a request.
///
/// # Errors
/// 40003.
pub fn limit(query: &Query) -> Result<usize, ErrorInfo> {
    let Some(text) = query.get("limit") else { return Ok(LIMIT_DEFAULT) };
    let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| invalid(format!("'limit' must be a number from 1 to {LIMIT_MAX}")))
}

/// The span of time that a request asks about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Oldest, milliseconds since 1970.
    pub start_ms: u64,
    /// Newest, milliseconds since 1970.
    pub end_ms: u64,
    /// Which way.
    pub direction: Direction,
}

impl Span {
    /// `start`, `end` and `direction` of a request (RSL2b): everything, newest first, when it does not say.
    ///
    /// # Errors
    /// 40003.
    pub fn of(query: &Query) -> Result<Self, ErrorInfo> {
        let time = |name: &str, default: u64| {
            let number = |text: &str| text.parse::<u64>();
            query
                .get(name)
                .map_or(Ok(default), number)
                .map_err(|_| invalid(format!("'{name}' must be a time in milliseconds since 1970")))
        };
        let (start_ms, end_ms) = (time("start", 0)?, time("end", u64::MAX)?);
        if start_ms > end_ms {
            return Err(invalid("'start' must not be later than 'end'".to_owned()));
        }
        let direction = match query.get("direction") {
            None | Some("backwards") => Direction::Backwards,
            Some("forwards") => Direction::Forwards,
            Some(_) => return Err(invalid("'direction' must be 'backwards' or 'forwards'".to_owned())),
        };
        Ok(Self { start_ms, end_ms, direction })
    }
}

/// The `Link` header of a page: relative to the request's path, whose last word is `word`. Each of the cursors is that of
/// the page which the link leads to; without one it is the page that the request began with.
pub fn links(word: &str, query: &Query, first: Option<&str>, next: Option<&str>) -> HeaderValue {
    let target = |cursor: Option<&str>| {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let kept = |name: &str| name != CURSOR && !SECRETS.contains(&name);
        pairs.extend_pairs(query.0.iter().filter(|(name, _)| kept(name)));
        if let Some(cursor) = cursor {
            pairs.append_pair(CURSOR, cursor);
        }
        format!("<./{word}?{}>", pairs.finish())
    };
    let current = query.get(CURSOR).or(first);
    let mut text = format!("{}; rel=\"first\", {}; rel=\"current\"", target(first), target(current));
    if let Some(next) = next {
        text.push_str(&format!(", {}; rel=\"next\"", target(Some(next))));
    }
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// Gives a page its links.
pub fn with_links(mut response: axum::response::Response, links: HeaderValue) -> axum::response::Response {
    response.headers_mut().insert(header::LINK, links);
    response
}
