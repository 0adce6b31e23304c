//! Lives a range of seeds and names those that break a law: `loquat-sim --seeds 1..200 [--steps 3000]`.

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::{ops::Range, process::ExitCode};

use loquat_sim::Tally;

struct Options {
    seeds: Range<u64>,
    steps: usize,
}

fn parse(mut words: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options { seeds: 1..201, steps: 3_000 };
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--seeds" => {
                let (first, last) = value.split_once("..").unwrap_or((&value, &value));
                options.seeds = first.parse().ok()?..last.trim_start_matches('=').parse::<u64>().ok()? + 1;
            }
            "--steps" => options.steps = value.parse().ok()?,
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let Some(options) = parse(std::env::args().skip(1)) else {
        println!("usage: loquat-sim [--seeds FIRST..LAST] [--steps COUNT]");
        return ExitCode::from(2);
    };
    let (mut passed, mut failed, mut total) = (0, 0, Tally::default());
    for seed in options.seeds {
        match loquat_sim::run(seed, options.steps) {
            Ok(tally) => {
                passed += 1;
                total += tally;
            }
            Err(broken) => {
                failed += 1;
                println!("seed {seed}: {broken}");
            }
        }
    }
    println!("{total:?}");
    println!("{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
