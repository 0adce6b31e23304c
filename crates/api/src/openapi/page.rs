//! The reference page: the operations and the error table, for people.

use std::fmt::Write;

use loquat_protocol::ErrorCode;

use super::{BASE, DESCRIPTION, TAGS, document, refusals::operations};

const INTRODUCTION: &str = "\
# The chat API

<!-- Generated from crates/api by `make generate`; change the routes there, not this page. -->

";

const AFTER: &str = "
What each operation takes and answers stands in [openapi.json](openapi.json), which a server also serves at
`/api/v1/openapi.json`.
";

const ERRORS: &str = "
## Codes

`code` of a problem is one of these, or one of the realtime protocol's. A status of 5xx or 429 may be gone at the next
attempt; everything else is about the request.

| code | status | meaning |
|---|---|---|
";

/// The page, in Markdown.
pub fn page() -> String {
    let mut page = format!("{INTRODUCTION}{DESCRIPTION}\n{AFTER}");
    let rows = rows();
    for (tag, text) in TAGS {
        let _ =
            write!(page, "\n## {}\n\n{text}\n\n| operation | what it does |\n|---|---|\n", capitalised(tag));
        for (_, line) in rows.iter().filter(|(of, _)| of == tag) {
            page.push_str(line);
        }
    }
    page + ERRORS + &codes()
}

/// Each operation's tag and its line.
fn rows() -> Vec<(String, String)> {
    let mut document = document();
    let mut rows = Vec::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let tag = operation.tags.clone().unwrap_or_default().concat();
            let summary = operation.summary.clone().unwrap_or_default();
            let open = if operation.security.is_some() { " *(open)*" } else { "" };
            let method = method.to_uppercase();
            rows.push((tag, format!("| `{method} {BASE}{path}` | {summary}{open} |\n")));
        }
    }
    rows
}

fn codes() -> String {
    let of_chat = |code: &&ErrorCode| (41_001..41_100).contains(&code.code()) || COMMON.contains(code);
    let rows = ErrorCode::ALL.iter().filter(of_chat);
    let line = |code: &ErrorCode| format!("| {} | {} | {} |\n", code.code(), code.status(), code.text());
    rows.map(line).collect()
}

/// The codes of the realtime protocol that this API answers with as well.
const COMMON: [ErrorCode; 10] = [
    ErrorCode::InvalidBody,
    ErrorCode::InvalidParameter,
    ErrorCode::MessageTooLarge,
    ErrorCode::NotFound,
    ErrorCode::MethodNotAllowed,
    ErrorCode::Conflict,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::StorageFull,
];

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
