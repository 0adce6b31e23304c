//! `loquat bench` as a program of its own.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use loquat_bench::{Options, Program, run};

/// Measures a Loquat server against bare loops on the same machine.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let Arguments { options } = Arguments::parse();
    let measured = std::env::current_exe().map_err(|error| error.to_string()).and_then(|path| {
        run(&options, &Program { path, prefix: Vec::new() }).map_err(|error| error.to_string())
    });
    match measured {
        Ok(report) => {
            let text = report.map(|report| report.to_string()).unwrap_or_default();
            // A reader that has gone does not want the report.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "loquat-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
