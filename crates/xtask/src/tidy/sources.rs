//! Rules for source files.

use std::path::Path;

use crate::Report;
use crate::repository::{files, root, shown};

/// Longest source file. Most have 70 to 220 lines; a file that reaches this one holds two nouns.
const LINES_MAX: usize = 500;

/// Crates whose time comes in as an argument.
const WITHOUT_CLOCK: &[&str] = &["protocol", "ws", "core"];
const CLOCKS: &[&str] = &["Instant::now", "SystemTime::now", "thread::sleep"];

pub(super) fn check(report: &mut Report) {
    for path in files(&root().join("crates"), "rs") {
        let Ok(text) = std::fs::read_to_string(&path) else {
            report.fail(format_args!("{} can't be read", shown(&path)));
            continue;
        };
        let mut problems = Vec::new();
        let count = text.lines().count();
        if count > LINES_MAX {
            problems.push(format!("{} has {count} lines, above {LINES_MAX}: split it by noun", shown(&path)));
        }
        if !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#!") {
            problems.push(format!("{} doesn't open with what it is for (`//!`)", shown(&path)));
        }
        if is_without_clock(&path) {
            let used = CLOCKS.iter().filter(|clock| text.contains(**clock));
            problems.extend(used.map(|clock| format!("{} is pure and must not call {clock}", shown(&path))));
        }
        report.check(problems);
    }
}

fn is_without_clock(path: &Path) -> bool {
    WITHOUT_CLOCK.iter().any(|name| path.starts_with(root().join("crates").join(name).join("src")))
}
