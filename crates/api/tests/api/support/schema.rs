//! Whether an answer is what the OpenAPI document says: its status is declared, and its body has the declared form.

use std::sync::LazyLock;

use http::Method;
use serde_json::Value;

use super::Answer;

/// The document.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(loquat_api::openapi::text()).unwrap());

/// The operation of a path, if the document has it.
pub fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.strip_prefix("/api/v1")?;
    let templates = DOCUMENT["paths"].as_object()?;
    let matching = templates.iter().filter(|(template, _)| fits(template, path));
    // What is written out comes before what is a variable, as in the router.
    let (_, item) = matching.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.as_str().to_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(word, found)| word.starts_with('{') || word == found)
}

/// Holds an answer to the document. Paths and methods that it doesn't have are refused, which is checked elsewhere.
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let status = answer.status.as_u16().to_string();
    let response = &operation["responses"][&status];
    assert!(!response.is_null(), "{method} {path}: {status} is not declared: {}", answer.json);
    let response = resolved(response);
    let Some(content) = response["content"].as_object() else {
        return assert!(answer.bytes.is_empty(), "{method} {path}: {status} has a body: {}", answer.json);
    };
    let media_type = answer.header("content-type");
    let schema =
        content.get(media_type).unwrap_or_else(|| panic!("{method} {path}: {media_type} is not declared"));
    if let Err(problem) = conforms(&schema["schema"], &answer.json, "$") {
        panic!("{method} {path}: {status}: {problem} in {}", answer.json);
    }
}

/// Follows a reference.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(target) => DOCUMENT.pointer(target.strip_prefix('#').unwrap()).expect(target),
        None => value,
    }
}

/// As much of JSON Schema as the document's answers use.
fn conforms(schema: &'static Value, value: &Value, place: &str) -> Result<(), String> {
    let schema = resolved(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        conforms(part, value, place)?;
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(parts) = schema[word].as_array()
            && !parts.iter().any(|part| conforms(part, value, place).is_ok())
        {
            return Err(format!("{place} is none of {word}"));
        }
    }
    if !types(schema).is_none_or(|types| types.iter().any(|name| is(value, name))) {
        return Err(format!("{place} is not of {}", schema["type"]));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{place} is not one of {}", schema["enum"]));
    }
    members(schema, value, place)
}

fn members(schema: &'static Value, value: &Value, place: &str) -> Result<(), String> {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            return Err(format!("{place}.{name} is missing"));
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(member) = value.get(name) {
            conforms(schema, member, &format!("{place}.{name}"))?;
        }
    }
    if let (Some(_), Some(items)) = (schema.get("items"), value.as_array()) {
        for (index, item) in items.iter().enumerate() {
            conforms(&schema["items"], item, &format!("{place}[{index}]"))?;
        }
    }
    Ok(())
}

fn types(schema: &Value) -> Option<Vec<&str>> {
    match &schema["type"] {
        Value::String(name) => Some(vec![name]),
        Value::Array(names) => Some(names.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        _ => false,
    }
}
