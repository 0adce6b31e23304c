//! What is wrong with a configuration.

use std::fmt;

/// The exit code of a process whose configuration is wrong.
pub const EXIT_CODE: u8 = 2;

/// One mistake, displayed in one line, with the place to go to.
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
        let (place, path, problem) = (Line(&self.place), Line(&self.path), Line(&self.problem));
        if self.path.is_empty() {
            write!(f, "{place}: {problem}")
        } else {
            write!(f, "{place}: {path}: {problem}")
        }
    }
}

/// Text with its control characters spelled out: names of keys, variables and flags may hold any.
struct Line<'a>(&'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0.split_inclusive(char::is_control) {
            match piece.chars().next_back().filter(|last| last.is_control()) {
                Some(last) => {
                    write!(f, "{}{}", &piece[..piece.len() - last.len_utf8()], last.escape_debug())?
                }
                None => f.write_str(piece)?,
            }
        }
        Ok(())
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
