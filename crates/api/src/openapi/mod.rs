//! The OpenAPI document: what the routes say of themselves, and what is true of all of them.

mod page;
mod refusals;

use std::sync::OnceLock;

use utoipa::openapi::{
    InfoBuilder, LicenseBuilder, OpenApi, SecurityRequirement, Server,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

pub use self::page::page;
use crate::routes;

/// Where the API's routes lie.
pub const BASE: &str = "/api/v1";

const DESCRIPTION: &str = "\
The chat product's API: accounts, rooms, members, invitations, read state. Messages arrive by the realtime protocol at \
the root of the same address; `POST /me/realtime-token` gives a token for it.

* A browser authenticates by the session's cookie; its writes must come from a page of the same origin. A script \
authenticates by an API token, `Authorization: Bearer lqt_…`. There is no CORS.
* Every refusal is a problem (RFC 9457) whose `code` is a row of the error table that the realtime protocol uses too.
* What one may not see is answered like what does not exist: 404.
* Lists come in pages: `next` of one page is `after` of the following one.
* A POST with an `Idempotency-Key` can be sent again: within a day it is answered as the first time, and not done again.
* Bodies are read strictly: an unknown field is refused. Answers may get further fields in later releases.
* Times are milliseconds since 1970, and their names end in `_ms`.";

const TAGS: [(&str, &str); 10] = [
    ("server", "The server, and this document."),
    ("entrance", "Accounts are made, people sign in and out, and find back."),
    ("me", "One's own account, sessions and tokens."),
    ("my rooms", "One's rooms with what is unread in them."),
    ("people", "The people of this server."),
    ("rooms", "Rooms, and how to join them."),
    ("members", "Who is in a room."),
    ("messages", "Sending; reading goes by the realtime protocol."),
    ("invitations", "Links that let people in."),
    ("administration", "For administrators of the server."),
];

/// The document of this release.
pub fn document() -> OpenApi {
    let (_, mut document) = routes::api().split_for_parts();
    document.info = InfoBuilder::new()
        .title("Loquat")
        .version("1")
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.servers = Some(vec![Server::new(BASE)]);
    document.tags = Some(
        TAGS.iter()
            .map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build())
            .collect(),
    );
    let anything: [&str; 0] = [];
    let schemes = ["cookie", "token"].map(|name| SecurityRequirement::new(name, anything));
    document.security = Some(schemes.to_vec());
    add_schemes(&mut document);
    refusals::declare(&mut document);
    document
}

fn add_schemes(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let cookie = "The session of a browser. Over TLS its name is `__Host-loquat_session`.";
    let cookie = ApiKeyValue::with_description("loquat_session", cookie);
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("lqt_…")
        .description(Some("An API token, made at `POST /me/tokens`."))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
}

/// The document as text, made once.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| document().to_pretty_json().unwrap_or_default() + "\n")
}
