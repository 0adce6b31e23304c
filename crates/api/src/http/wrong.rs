//! Turns what a deserializer says into a problem that names the field.

use loquat_protocol::ErrorCode;
use serde::de::DeserializeOwned;

use crate::Problem;

/// Longest text of a field's name or message that goes back: both may quote the request.
const TEXT_CHARS_MAX: usize = 200;

/// Reads a value, or says which field is wrong.
///
/// # Errors
/// The code given, with the field and what is wrong with it.
pub fn read<'de, T: DeserializeOwned, D>(deserializer: D, code: ErrorCode, what: &str) -> Result<T, Problem>
where
    D: serde::Deserializer<'de>,
    D::Error: std::fmt::Display,
{
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        problem(code, what, &path, &message)
    })
}

fn problem(code: ErrorCode, what: &str, path: &str, message: &str) -> Problem {
    let message = without_place(message);
    // serde names a field that is unknown or missing in its words; the path then ends at what should hold the field.
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split_once('`').map(|(name, _)| name));
    let above = if path == "." || path == "?" { "" } else { path };
    let field = match named {
        Some(name) if above.is_empty() || above == name || above.ends_with(&format!(".{name}")) => {
            if above.is_empty() { name.to_owned() } else { above.to_owned() }
        }
        Some(name) => format!("{above}.{name}"),
        None => above.to_owned(),
    };
    let (field, message) = (shortened(&field), shortened(message));
    if field.is_empty() {
        return Problem::new(code, format!("the {what} cannot be read: {message}"));
    }
    Problem::new(code, format!("the {what} cannot be read: '{field}': {message}")).at(field, message)
}

/// serde_json appends where it stopped reading, which is of no use beside the field's name.
fn without_place(message: &str) -> &str {
    message.rfind(" at line ").map_or(message, |end| &message[..end])
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect()
}
