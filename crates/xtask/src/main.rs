//! The repository's own tools, `cargo run -p xtask -- <command>`:
//!
//! * `generate` writes the files that are made from the code; `generate --check` only compares them.
//! * `tidy` checks what no compiler does: which crate may use which, that pure crates stay pure, the length
//!   of files, links between documents.
//!
//! Both end with a line `N passed, N failed` and exit with 1 if anything failed.

mod generate;
mod report;
mod repository;
mod tidy;

use std::process::ExitCode;

use report::Report;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = match words.as_slice() {
        ["generate"] => generate::run(generate::Mode::Write),
        ["generate", "--check"] => generate::run(generate::Mode::Check),
        ["tidy"] => tidy::run(),
        _ => {
            eprintln!("usage: cargo run -p xtask -- generate [--check] | tidy");
            return ExitCode::from(2);
        }
    };
    report.finish()
}
