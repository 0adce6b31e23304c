//! What the chat product counts.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use super::encode::Catalogue;
use super::labels::Answer;
use super::{ApiRoute, ChatLimit, Labelled, SignIn, WordLabel};

/// The chat product's part of the catalogue.
pub struct ChatMetrics {
    /// Sign-ins with a password, by what became of them.
    pub sign_ins: Labelled<SignIn, Counter>,
    /// Accounts that people made for themselves.
    pub accounts_made: Counter,
    /// Sessions, as they were counted last.
    pub sessions: Gauge,
    /// Accounts, deactivated ones too.
    pub people: Gauge,
    /// People with a realtime connection.
    pub people_online: Gauge,
    /// Rooms, archived ones too.
    pub rooms: Gauge,
    /// Messages of rooms that were counted into room lists and unread counts.
    pub messages_counted: Counter,
    /// Read markers that moved.
    pub read_markers_moved: Counter,
    /// What was refused for coming too often.
    pub refused: Labelled<ChatLimit, Counter>,
    requests: Family<Answer, Counter>,
    request_seconds: Labelled<ApiRoute, Histogram>,
}

impl ChatMetrics {
    pub(super) fn register(c: &mut Catalogue) -> Self {
        // 500 µs to 4 s, doubling.
        let seconds: fn() -> Histogram = || Histogram::new(exponential_buckets(0.000_5, 2.0, 14));
        let request_seconds = c.add_made(
            "api_request_seconds",
            "Seconds from a request to /api/v1 to its response's head, by route",
            Family::new_with_constructor(seconds),
        );
        Self {
            sign_ins: c.labelled("chat_sign_ins", "Sign-ins with a password, by result"),
            accounts_made: c.add("chat_accounts_made", "Accounts that people made for themselves"),
            sessions: c.add("chat_sessions", "Sessions, as counted last (every 30 s)"),
            people: c.add("chat_people", "Accounts, deactivated ones too, as counted last"),
            people_online: c.add("chat_people_online", "People with a realtime connection"),
            rooms: c.add("chat_rooms", "Rooms, archived ones too, as counted last"),
            messages_counted: c.add("chat_messages_counted", "Messages counted into room lists and unread"),
            read_markers_moved: c.add("chat_read_markers_moved", "Read markers that moved"),
            refused: c.labelled("chat_refused", "Refused for coming too often, by what"),
            requests: c.add("api_requests", "Requests to /api/v1 answered, by route and status"),
            request_seconds: Labelled::new(&request_seconds),
        }
    }

    /// A request to `/api/v1` was answered.
    pub fn answered(&self, route: ApiRoute, status: u16, seconds: f64) {
        self.requests.get_or_create(&Answer { route: route.word(), status }).inc();
        self.request_seconds.of(route).observe(seconds);
    }
}
