//! `loquat.toml` as a flat list of dotted keys with line numbers.

use toml::de::{DeTable, DeValue};

use crate::setting::Raw;

/// One key of the file.
pub(crate) struct FileEntry {
    pub path: String,
    pub line: usize,
    pub raw: Raw,
}

/// The line and the reason why the file isn't TOML.
pub(crate) struct SyntaxError {
    pub line: usize,
    pub problem: String,
}

/// Reads the text of a file. Tables become prefixes; what isn't a table is an entry.
pub(crate) fn entries(text: &str) -> Result<Vec<FileEntry>, SyntaxError> {
    let table = DeTable::parse(text).map_err(|error| SyntaxError {
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        problem: error.message().lines().collect::<Vec<_>>().join(", "),
    })?;
    let mut found = Vec::new();
    flatten(text, "", table.get_ref(), &mut found);
    found.sort_by_key(|entry| entry.line);
    Ok(found)
}

fn flatten(text: &str, prefix: &str, table: &DeTable<'_>, found: &mut Vec<FileEntry>) {
    for (key, value) in table {
        let path = format!("{prefix}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => {
                flatten(text, &format!("{path}."), inner, found);
            }
            // An empty section says nothing, and is only wrong where no section has its name.
            DeValue::Table(_) if is_section(&path) => {}
            other => found.push(FileEntry { path, line: line_at(text, key.span().start), raw: raw(other) }),
        }
    }
}

fn is_section(path: &str) -> bool {
    crate::options().any(|spec| spec.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(value) => Raw::Bool(*value),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Raw::Other, Raw::Int)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Raw::Other, Raw::Float),
        DeValue::Array(items) => Raw::List(items.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Datetime(_) | DeValue::Table(_) => Raw::Other,
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}
