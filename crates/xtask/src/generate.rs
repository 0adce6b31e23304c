//! Files that are made from the code.

use loquat_protocol::{ErrorCode, error::Retry};
use loquat_telemetry::Metrics;

use crate::Report;
use crate::repository::root;

/// Whether files are written or only compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write what differs.
    Write,
    /// Fail where something differs.
    Check,
}

/// Brings every generated file up to date, or says which isn't.
pub(crate) fn run(mode: Mode) -> Report {
    let mut report = Report::default();
    let files = [
        ("docs/reference/configuration.md", loquat_config::reference_page()),
        ("docs/reference/loquat.example.toml", loquat_config::example_file()),
        ("docs/reference/metrics.md", metrics_page()),
        ("docs/reference/errors.md", errors_page()),
        ("docs/reference/openapi.json", loquat_api::openapi::text().to_owned()),
        ("docs/reference/chat-api.md", loquat_api::openapi::page()),
    ];
    for (path, text) in files {
        let target = root().join(path);
        if std::fs::read_to_string(&target).is_ok_and(|current| current == text) {
            report.pass();
            continue;
        }
        match mode {
            Mode::Check => {
                report.fail(format_args!("{path} is out of date; run `make generate` and commit it"))
            }
            Mode::Write => match std::fs::write(&target, text) {
                Ok(()) => report.pass(),
                Err(error) => report.fail(format_args!("{path} can't be written: {error}")),
            },
        }
    }
    report
}

const METRICS_INTRODUCTION: &str = "\
# Metrics

<!-- Generated from crates/telemetry by `make generate`; change the catalogue there, not this page. -->

Served as OpenMetrics text at `/metrics` on the address of `metrics_listen`, which is off unless given.
Counters end in `_total`, histograms in `_bucket`, `_sum` and `_count`. What to watch and alert on stands in
[Observability](../operations/observability.md).

| metric | kind | meaning |
|---|---|---|
";

fn metrics_page() -> String {
    let rows = Metrics::reference();
    let lines = rows.iter().map(|(name, kind, help)| format!("| `{name}` | {kind} | {help} |\n"));
    METRICS_INTRODUCTION.to_owned() + &lines.collect::<String>()
}

const ERRORS_INTRODUCTION: &str = "\
# Errors

<!-- Generated from the table in crates/protocol by `make generate`; change it there, not this page. -->

One table for both APIs: the realtime layer sends a code with `statusCode` and `message`, `/api/v1` answers with problem
details (RFC 9457) that carry it as `code`. Codes 41001 to 41099 are the chat product's. A number never changes its meaning,
so programs act on it; the words beside it may change.

| code | status | again? | meaning |
|---|---|---|---|
";

fn errors_page() -> String {
    let line = |row: &ErrorCode| {
        let again = match row.retry() {
            Retry::Never => "no",
            Retry::AfterReauth => "with other credentials",
            Retry::Later => "later",
        };
        format!("| {} | {} | {again} | {} |\n", row.code(), row.status(), row.text())
    };
    ERRORS_INTRODUCTION.to_owned() + &ErrorCode::ALL.iter().map(line).collect::<String>()
}
