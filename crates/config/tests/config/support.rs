//! Shorthands for tests of the configuration.

use std::ffi::OsString;
use std::path::Path;

use loquat_config::{EffectiveConfig, Layers, Mistakes};

/// The layers of a file's text.
pub fn file(text: &str) -> Layers {
    Layers::new().file_text(Path::new("loquat.toml"), text)
}

/// Environment variables as a process has them.
pub fn variables(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    pairs.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// The lines that are printed for a wrong configuration.
pub fn lines(loaded: Result<EffectiveConfig, Mistakes>) -> Vec<String> {
    match loaded {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.to_string().lines().map(str::to_owned).collect(),
    }
}
