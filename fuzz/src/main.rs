//! Fuzzing every parser: `fuzz/run [--seconds N] [--seed N] [target…]`.
//!
//! The runner is coverage-guided: the compiler adds a counter to every edge (see `fuzz/run`), inputs that reach
//! new ones are kept and mutated further. It works on stable Rust, needs no library, and is small enough to read.
//! What it keeps between runs are findings: `fuzz/corpus/<target>/` holds inputs that once failed, run first.

mod corpus;
mod coverage;
mod mutate;
mod options;
mod random;
mod run;
mod targets;

use std::process::ExitCode;

use options::Options;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\nusage: fuzz/run [--seconds N] [--seed N] [target…]");
            return ExitCode::from(2);
        }
    };
    if coverage::edges() == 0 {
        eprintln!("built without coverage counters; start this through fuzz/run");
        return ExitCode::from(2);
    }
    let chosen: Vec<_> = targets::ALL.iter().filter(|target| options.wants(target.name)).collect();
    let failed = chosen.iter().filter(|target| !run::target(target, &options)).count();
    println!("fuzz: {} passed, {failed} failed", chosen.len() - failed);
    ExitCode::from(u8::from(failed > 0))
}
