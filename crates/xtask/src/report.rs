//! What a command found, and its last line.

use std::process::ExitCode;

/// Counts checks and prints the failures as they come.
#[derive(Default)]
pub(crate) struct Report {
    passed: usize,
    failed: usize,
}

impl Report {
    /// A check that held.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    /// A check that didn't, and what to do about it.
    pub(crate) fn fail(&mut self, problem: impl std::fmt::Display) {
        self.failed += 1;
        eprintln!("failed: {problem}");
    }

    /// Either, by the problems that were found.
    pub(crate) fn check(&mut self, problems: Vec<String>) {
        if problems.is_empty() {
            self.pass();
        }
        problems.into_iter().for_each(|problem| self.fail(problem));
    }

    /// Prints the last line.
    pub(crate) fn finish(self) -> ExitCode {
        eprintln!("{} passed, {} failed", self.passed, self.failed);
        ExitCode::from(u8::from(self.failed > 0))
    }
}
