//! Links between documents lead somewhere.

use std::path::Path;

use crate::Report;
use crate::repository::{files, root, shown};

pub(super) fn check(report: &mut Report) {
    for path in files(root(), "md") {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let folder = path.parent().unwrap_or(root());
        let broken = targets(&text).filter(|target| !leads_somewhere(folder, target));
        report.check(
            broken.map(|target| format!("{} links to {target}, which isn't there", shown(&path))).collect(),
        );
    }
}

/// The targets of `[text](target)` outside of code blocks.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split(')').next())
}

fn leads_somewhere(folder: &Path, target: &str) -> bool {
    let outside = target.contains("://") || target.starts_with('#') || target.starts_with("mailto:");
    let file = target.split('#').next().unwrap_or(target);
    outside || folder.join(file).exists()
}
