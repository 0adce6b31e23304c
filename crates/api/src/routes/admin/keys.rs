//! API keys of the app whose channels are the rooms: what programs that are nobody connect with.

use axum::extract::State;
use loquat_chat::ChatError;
use loquat_protocol::{Capability, ErrorCode, KeyName};
use loquat_store::KeyRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        Object, Schema,
        schema::{ArrayBuilder, ObjectBuilder, Type},
    },
};

use crate::{
    ApiState,
    http::{
        body::Json,
        caller::Caller,
        place::Place,
        reply::{self, Outcome},
    },
    problem::Problem,
};

/// Most keys of the app, those that were revoked not counted.
const KEYS_MAX: usize = 1_000;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewKey)]
pub struct KeyBody {
    /// What it permits.
    #[schema(schema_with = capability_schema)]
    capability: Map<String, Value>,
}

/// What can be permitted, and `*` for all of it.
const OPERATIONS: [&str; 18] = [
    "*",
    "annotation-publish",
    "annotation-subscribe",
    "channel-metadata",
    "history",
    "message-delete-any",
    "message-delete-own",
    "message-update-any",
    "message-update-own",
    "object-publish",
    "object-subscribe",
    "presence",
    "privileged-headers",
    "publish",
    "push-admin",
    "push-subscribe",
    "stats",
    "subscribe",
];

fn capability_schema() -> Object {
    let operation = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(OPERATIONS));
    let operations = ArrayBuilder::new().items(operation).min_items(Some(1));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(
            "What it permits: operations by channel, or by pattern of channels such as `*::$chat`.",
        ))
        .additional_properties(Some(Schema::Array(operations.build())))
        .min_properties(Some(1))
        .examples([serde_json::json!({"*": ["subscribe", "history"]})])
        .build()
}

/// A key.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyReply {
    /// Its public half, `app.key`.
    #[schema(example = "app.k3J9xQ")]
    name: String,
    /// What it permits.
    #[schema(value_type = std::collections::BTreeMap<String, Vec<String>>)]
    capability: Value,
    /// When it was made, milliseconds since 1970.
    created_ms: u64,
    /// When it was revoked, milliseconds since 1970.
    #[schema(required = true)]
    revoked_ms: Option<u64>,
}

/// A new key with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedKey)]
pub struct CreatedReply {
    /// The key.
    #[serde(flatten)]
    key: KeyReply,
    /// The whole key, `app.key:secret`, which is shown this once.
    secret: String,
}

/// All keys.
#[derive(Serialize, ToSchema)]
#[schema(as = Keys)]
pub struct KeysReply {
    /// By name.
    items: Vec<KeyReply>,
}

/// A key's name.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct KeyPlace {
    /// The key's name, `app.key`.
    #[param(pattern = "^[A-Za-z0-9_-]{1,64}\\.[A-Za-z0-9_-]{1,64}$", example = "app.k3J9xQ")]
    name: String,
}

impl From<&KeyRecord> for KeyReply {
    fn from(key: &KeyRecord) -> Self {
        Self {
            name: key.name.to_string(),
            capability: serde_json::from_str(&key.capability.to_string()).unwrap_or_default(),
            created_ms: key.created_ms,
            revoked_ms: key.revoked_ms,
        }
    }
}

/// The API keys, without their secrets. The root key stands in the configuration, not here.
#[utoipa::path(
    get, path = "/admin/keys", tag = "administration",
    responses((status = 200, description = "All of them, revoked ones too.", body = KeysReply))
)]
pub async fn list_keys(State(state): State<ApiState>, Caller(actor): Caller) -> Outcome {
    actor.require_administrator()?;
    let keys = state.clone().call(move |_| own_keys(&state)).await?;
    Ok(reply::ok(&KeysReply { items: keys.iter().map(Into::into).collect() }))
}

/// Makes an API key. The answer is the only place where its secret ever stands. An API token cannot do it: a key would
/// outlive it.
#[utoipa::path(
    post, path = "/admin/keys", tag = "administration", request_body = KeyBody,
    responses(
        (status = 201, description = "The key with its secret.", body = CreatedReply),
        (status = 409, description = "There are as many keys as there may be.", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn create_key(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Json(body): Json<KeyBody>,
) -> Outcome {
    actor.require_administrator()?;
    actor.require_session()?;
    let capability = capability(body.capability)?;
    let key = state
        .clone()
        .call(move |chat| {
            chat.confirm(&actor)?;
            if own_keys(&state)?.iter().filter(|key| key.revoked_ms.is_none()).count() >= KEYS_MAX {
                return Err(ChatError::new(
                    ErrorCode::LimitReached,
                    "there are as many keys as there may be",
                ));
            }
            Ok(state.authenticator().create_key(&chat.options().app, &capability, state.now_ms())?)
        })
        .await?;
    let secret = format!("{}:{}", key.name, key.secret);
    Ok(reply::created(&CreatedReply { key: (&key).into(), secret }))
}

/// Revokes an API key, and with it every token that stands on it, within a second. An API token cannot do it.
#[utoipa::path(
    delete, path = "/admin/keys/{name}", tag = "administration", params(KeyPlace),
    responses((status = 204, description = "It is revoked."))
)]
pub async fn revoke_key(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(place): Place<KeyPlace>,
) -> Outcome {
    actor.require_administrator()?;
    actor.require_session()?;
    let name = KeyName::parse(&place.name).ok_or_else(|| Problem::not_found("key"))?;
    let revoked = state
        .clone()
        .call(move |chat| {
            chat.confirm(&actor)?;
            let is_own = name.app() == chat.options().app;
            Ok::<_, ChatError>(is_own && state.authenticator().revoke_key(&name, state.now_ms())?)
        })
        .await?;
    if revoked { Ok(reply::done()) } else { Err(Problem::not_found("key")) }
}

fn capability(map: Map<String, Value>) -> Result<Capability, Problem> {
    let refuse = |why: String| Problem::new(ErrorCode::InvalidBody, why.clone()).at("capability", why);
    if map.is_empty() {
        return Err(refuse("a capability permits something".to_owned()));
    }
    Capability::parse(&Value::Object(map).to_string()).map_err(|error| refuse(error.message.into_owned()))
}

fn own_keys(state: &ApiState) -> Result<Vec<KeyRecord>, ChatError> {
    let mut keys = state.authenticator().keys()?;
    keys.retain(|key| key.name.app() == state.chat().options().app);
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_document_can_be_permitted() {
        for name in OPERATIONS {
            let map = Map::from_iter([("*".to_owned(), serde_json::json!([name]))]);
            assert!(capability(map).is_ok(), "{name}");
        }
        assert!(capability(Map::new()).is_err());
    }
}
