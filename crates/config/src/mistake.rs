//! What is wrong with a configuration.

use std::fmt;

/// The exit code of a process whose configuration is wrong.
pub const EXIT_CODE: u8 = 2;

/// One mistake: one line, with the place to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `loquat.toml:12`, an environment variable, a flag, or `configuration` for values that
    /// don't go together.
    pub place: String,
    /// The option, dotted; empty where the place says it all.
    pub path: String,
    /// What is wrong, and what to do about it.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}: {}", self.place, self.problem)
        } else {
            write!(f, "{}: {}: {}", self.place, self.path, self.problem)
        }
    }
}

/// Every mistake that was found; never empty. Displays one line per mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
