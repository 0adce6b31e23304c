//! What the chat product counts, put into the node's metrics.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use loquat_chat::{Chat, Count, Door};
use loquat_telemetry::{ApiRoute, ChatLimit, Metrics, SignIn};

/// What the paths of the chat product's API begin with.
const API: &str = "/api/v1/";

/// Counts what the services say.
pub fn count(metrics: &Metrics, what: Count) {
    let chat = &metrics.chat;
    if what == Count::RefusedAt(Door::SignIn) {
        chat.sign_ins.of(SignIn::Limited).inc();
    }
    let (counter, by) = match what {
        Count::SignedIn => (chat.sign_ins.of(SignIn::Ok), 1),
        Count::WrongLogin => (chat.sign_ins.of(SignIn::Wrong), 1),
        Count::SignInDeactivated => (chat.sign_ins.of(SignIn::Deactivated), 1),
        Count::AccountMade => (&chat.accounts_made, 1),
        Count::MessagesCounted(count) => (&chat.messages_counted, count),
        Count::ReadMarkerMoved => (&chat.read_markers_moved, 1),
        Count::RefusedAt(door) => (chat.refused.of(limit(door)), 1),
        Count::RefusedMessages => (chat.refused.of(ChatLimit::Messages), 1),
        Count::RefusedPassing => (chat.refused.of(ChatLimit::Passing), 1),
        Count::RefusedChanges => (chat.refused.of(ChatLimit::Changes), 1),
        Count::RefusedAdditions => (chat.refused.of(ChatLimit::Additions), 1),
    };
    counter.inc_by(by);
}

fn limit(door: Door) -> ChatLimit {
    match door {
        Door::SignIn => ChatLimit::SignIn,
        Door::SignUp => ChatLimit::SignUp,
        Door::Recovery => ChatLimit::Recovery,
        Door::Invitation => ChatLimit::Invitation,
        Door::Email => ChatLimit::Email,
    }
}

/// Takes stock of people, sessions and rooms.
pub fn take_stock(metrics: &Metrics, services: &Chat) {
    match services.totals() {
        Ok(totals) => {
            let chat = &metrics.chat;
            for (gauge, count) in [
                (&chat.people, totals.people),
                (&chat.sessions, totals.sessions),
                (&chat.rooms, totals.rooms),
                (&chat.people_online, totals.online),
            ] {
                gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
            }
        }
        Err(error) => tracing::warn!(%error, "people and rooms cannot be counted for the metrics"),
    }
}

/// The routes, with their answers counted and timed.
pub fn watched(routes: Router, metrics: &Arc<Metrics>) -> Router {
    routes.layer(middleware::from_fn_with_state(Arc::clone(metrics), watch))
}

async fn watch(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let Some(route) = route_of(request.uri().path()) else { return next.run(request).await };
    let began = Instant::now();
    let response = next.run(request).await;
    metrics.chat.answered(route, response.status().as_u16(), began.elapsed().as_secs_f64());
    response
}

/// What a request is about; `None` when it is none of the API's. Never the path itself: whoever asks writes that.
fn route_of(path: &str) -> Option<ApiRoute> {
    let mut words = path.strip_prefix(API)?.split('/');
    Some(match (words.next()?, words.next(), words.next()) {
        ("server" | "openapi.json", None, _) => ApiRoute::Server,
        ("setup" | "sign-up" | "sign-in" | "sign-out" | "recovery", ..) => ApiRoute::Entrance,
        ("me", Some("rooms"), _) => ApiRoute::MyRooms,
        ("me", ..) => ApiRoute::Me,
        ("people", ..) => ApiRoute::People,
        ("rooms", Some(_), Some("members" | "join")) => ApiRoute::Members,
        ("rooms", Some(_), Some("messages")) => ApiRoute::Messages,
        ("rooms", Some(_), Some("invitations")) | ("invitations", ..) => ApiRoute::Invitations,
        ("rooms", ..) => ApiRoute::Rooms,
        ("admin", ..) => ApiRoute::Administration,
        _ => ApiRoute::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_document_has_its_route() {
        let document: serde_json::Value = serde_json::from_str(loquat_api::openapi::text()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.len() > 30);
        for path in paths.keys() {
            let path = format!("{}{path}", loquat_api::openapi::BASE);
            let route = route_of(&path);
            assert!(route.is_some_and(|route| route != ApiRoute::Other), "{path}: {route:?}");
        }
    }

    #[test]
    fn what_strangers_write_is_no_label() {
        assert_eq!(route_of("/api/v1/wp-login.php"), Some(ApiRoute::Other));
        assert_eq!(route_of("/api/v1/"), Some(ApiRoute::Other));
        assert_eq!(route_of("/api/v1/rooms/r_x/messages/y"), Some(ApiRoute::Messages));
        for path in ["/", "/api", "/api/v2/me", "/assets/api/v1/me", "/channels/api/v1/messages"] {
            assert_eq!(route_of(path), None, "{path}");
        }
    }
}
