//! What every operation of a kind may be refused with: declared by rule, so that none is forgotten.

use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
    schema::{ObjectBuilder, Schema, SchemaType, Type},
};

use crate::problem::MEDIA_TYPE;

/// Name, status, meaning of the refusals that are the same everywhere.
const SHARED: [(&str, &str, &str); 13] = [
    ("BadRequest", "400", "The path, the query, a header or the body is wrong; `errors` names the field."),
    ("Unauthenticated", "401", "There is no session or token, or it has ended."),
    ("Forbidden", "403", "The role does not permit it, or the request comes from a page of another origin."),
    ("NotFound", "404", "It does not exist, or may not be seen."),
    ("Late", "408", "The body did not arrive in time."),
    ("Conflict", "409", "It does not fit the present state."),
    ("TooLarge", "413", "The body is larger than the limit."),
    ("NotJson", "415", "The body is not said to be JSON."),
    ("KeyReused", "422", "The Idempotency-Key was used with another request."),
    ("TooMany", "429", "Too many attempts; `Retry-After` says when to come back."),
    ("Failed", "500", "The server failed; it is in its log."),
    ("Busy", "503", "The server has too much to do or is stopping; `Retry-After` says when to come back."),
    ("Full", "507", "The server's storage is full."),
];

/// Declares them, with the headers that go with them.
pub fn declare(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    for (name, status, meaning) in SHARED {
        components.responses.insert(name.to_owned(), RefOr::T(problem(status, meaning)));
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(method, path, operation);
        }
    }
}

/// The operations of a path.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let slots = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    slots.into_iter().filter_map(|(method, slot)| Some((method, slot.as_mut()?)))
}

fn complete(method: &str, path: &str, operation: &mut Operation) {
    let is_open = operation.security.is_some();
    let is_write = method != "get";
    let has_body = operation.request_body.is_some();
    let is_repeatable = method == "post" && !is_open;
    if is_repeatable {
        operation.parameters.get_or_insert_default().push(idempotency_key().into());
    }
    operation.parameters.iter_mut().flatten().for_each(without_null);
    let has_params = operation.parameters.as_ref().is_some_and(|params| !params.is_empty());
    for (applies, names) in [
        (true, &["TooMany", "Failed", "Busy"][..]),
        (has_params || has_body, &["BadRequest"]),
        (!is_open, &["Unauthenticated"]),
        (is_write || path.starts_with("/admin"), &["Forbidden"]),
        (is_write, &["Full"]),
        (path.contains('{'), &["NotFound"]),
        (has_body, &["Late", "TooLarge", "NotJson"]),
        (is_repeatable, &["Conflict", "KeyReused"]),
    ] {
        names.iter().filter(|_| applies).for_each(|name| add(operation, name));
    }
}

/// What is optional in a query or a header is left out; there is no `null` there.
fn without_null(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(Parameter { schema: Some(RefOr::T(Schema::Object(object))), .. }) = parameter else {
        return;
    };
    if let SchemaType::Array(kinds) = &mut object.schema_type {
        kinds.retain(|kind| *kind != Type::Null);
        if let [kind] = kinds.as_slice() {
            object.schema_type = SchemaType::Type(kind.clone());
        }
    }
}

/// Adds a refusal, unless the operation says more about it itself.
fn add(operation: &mut Operation, name: &str) {
    let Some((_, status, _)) = SHARED.iter().find(|(known, ..)| *known == name) else { return };
    let reference = RefOr::Ref(Ref::from_response_name(name));
    operation.responses.responses.entry((*status).to_owned()).or_insert(reference);
}

fn problem(status: &str, meaning: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(meaning).content(MEDIA_TYPE, content);
    match status {
        "401" => response.header("WWW-Authenticate", header("How to authenticate.", Type::String)).build(),
        "429" | "503" => {
            response.header("Retry-After", header("After how many seconds.", Type::Integer)).build()
        }
        _ => response.build(),
    }
}

fn header(meaning: &str, kind: Type) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(kind).build()))
        .description(Some(meaning))
        .build()
}

fn idempotency_key() -> Parameter {
    let text = "A text of the client's own choice for this one write. The same request with the same key is answered \
                as the first time, for a day, and not done again.";
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_.-]{1,64}$"))
        .examples([serde_json::json!("0d9ff2f6-0b1a-4f43-9c1a-7b1f7a0c6f54")])
        .build();
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}
