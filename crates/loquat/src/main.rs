//! The `loquat` binary: reads the configuration, names the engines, runs the commands.

mod chat;
mod cli;
mod data_dir;
mod error;
mod hold;
mod inspect;
mod terminal;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            terminal::complain(&error.to_string());
            ExitCode::from(error.exit_code())
        }
    }
}
