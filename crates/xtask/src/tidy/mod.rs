//! Rules of the house that no compiler checks.

mod arrows;
mod links;
mod sources;

use crate::Report;

/// Runs every rule.
pub(crate) fn run() -> Report {
    let mut report = Report::default();
    arrows::check(&mut report);
    sources::check(&mut report);
    links::check(&mut report);
    report
}
