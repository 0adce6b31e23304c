//! Which crate may use which; ARCHITECTURE.md shows the same as a picture.

use crate::Report;
use crate::repository::root;

/// A crate's folder, and the crates of ours that it may depend on. Tests may use more.
const ARROWS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("ws", &[]),
    ("config", &[]),
    ("telemetry", &[]),
    ("core", &["protocol", "ws"]),
    ("log", &["protocol"]),
    ("log-sqlite", &["protocol", "log"]),
    ("log-nats", &["protocol", "log"]),
    ("store", &["protocol"]),
    ("store-sqlite", &["protocol", "store"]),
    ("auth", &["protocol", "store"]),
    ("node", &["protocol", "ws", "core", "log", "store", "auth", "telemetry"]),
    ("gateway", &["protocol", "ws", "core", "log", "store", "auth", "node", "telemetry"]),
    ("chat", &["protocol", "store", "auth"]),
    ("api", &["protocol", "store", "auth", "chat"]),
    ("bench", &["protocol", "ws"]),
    ("sim", &["protocol", "core", "log"]),
    ("xtask", &["protocol", "config", "telemetry", "api"]),
];

/// Crates that see everything: the binary, which wires, and what tests share.
const SEE_ALL: &[&str] = &["loquat", "testkit"];

/// Crates without I/O, clock or randomness, and what must therefore not be among their dependencies.
const PURE: &[&str] = &["protocol", "ws", "core"];
const IMPURE_DEPENDENCIES: &[&str] = &[
    "tokio",
    "mio",
    "socket2",
    "libc",
    "hyper",
    "axum",
    "rusqlite",
    "async-nats",
    "rand",
    "getrandom",
    "tracing",
];

pub(super) fn check(report: &mut Report) {
    let Ok(folders) = std::fs::read_dir(root().join("crates")) else {
        return report.fail("crates/ can't be read");
    };
    let mut names: Vec<_> =
        folders.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    for name in names {
        report.check(problems(&name));
    }
}

fn problems(name: &str) -> Vec<String> {
    let Some(used) = dependencies(name) else {
        return vec![format!("crates/{name}/Cargo.toml can't be read")];
    };
    let mut problems = Vec::new();
    if PURE.contains(&name) {
        let impure = used.iter().filter(|used| IMPURE_DEPENDENCIES.contains(&used.as_str()));
        problems.extend(impure.map(|used| format!("crates/{name} is pure and must not use {used}")));
    }
    if SEE_ALL.contains(&name) {
        return problems;
    }
    let Some((_, allowed)) = ARROWS.iter().find(|(folder, _)| *folder == name) else {
        problems.push(format!("crates/{name} has no place in xtask's arrows and ARCHITECTURE.md yet"));
        return problems;
    };
    let ours = used.iter().filter_map(|used| used.strip_prefix("loquat-"));
    let wrong = ours.filter(|used| !allowed.contains(used));
    problems
        .extend(wrong.map(|used| format!("crates/{name} must not use crates/{used} (see ARCHITECTURE.md)")));
    problems
}

fn dependencies(name: &str) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).ok()?;
    let manifest: toml::Table = text.parse().ok()?;
    let table = manifest.get("dependencies").and_then(|value| value.as_table());
    Some(table.map_or_else(Vec::new, |table| table.keys().cloned().collect()))
}
