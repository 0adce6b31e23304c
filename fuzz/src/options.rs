//! The command line.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::targets;

/// What to run, and for how long.
pub(crate) struct Options {
    /// Time for each target.
    pub duration: Duration,
    /// Where randomness starts; printed, so that a run can be repeated.
    pub seed: u64,
    names: Vec<String>,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut options =
            Self { duration: Duration::from_secs(8), seed: now.as_millis() as u64, names: vec![] };
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().ok_or(format!("{argument} needs a number"))?;
                text.parse::<u64>().map_err(|_| format!("{text} is not a number"))
            };
            match argument.as_str() {
                "--seconds" => options.duration = Duration::from_secs(number()?),
                "--seed" => options.seed = number()?,
                name if targets::ALL.iter().any(|target| target.name == name) => options.names.push(argument),
                _ => {
                    let names: Vec<_> = targets::ALL.iter().map(|target| target.name).collect();
                    return Err(format!("{argument} is no target; there are {}", names.join(", ")));
                }
            }
        }
        Ok(options)
    }

    /// Whether a target is to run: all do unless some are named.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}
