//! What can keep a measurement from being made.

use std::path::PathBuf;

/// Why a scenario gave no figures. Figures that miss a bar are not an error; they are in the report.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The operating system refused something that the generator needs.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// The refusal.
        #[source]
        source: std::io::Error,
    },
    /// A started process did not become ready, or ended early.
    #[error("{name} did not become ready: {why}")]
    NotReady {
        /// Which process.
        name: String,
        /// What was seen of it.
        why: String,
    },
    /// Connections could not be brought to the state that the scenario starts from.
    #[error("only {ready} of {wanted} connections became ready within {seconds} s; first refusal: {why}")]
    Setup {
        /// Connections that did become ready.
        ready: usize,
        /// Connections wanted.
        wanted: usize,
        /// How long was waited.
        seconds: u64,
        /// The first error that the server named, or "none".
        why: String,
    },
    /// The scenario was started but did not come to its end.
    #[error("{what} did not happen within {seconds} s: {why}")]
    Unfinished {
        /// What was waited for.
        what: &'static str,
        /// How long.
        seconds: u64,
        /// How far it came.
        why: String,
    },
    /// The measured process could not be read.
    #[error("cannot read /proc/{pid}/{what}")]
    Proc {
        /// Its id.
        pid: u32,
        /// Which file.
        what: &'static str,
    },
    /// The options contradict each other or the machine.
    #[error("{0}")]
    Options(String),
    /// The report could not be written.
    #[error("cannot write {path}: {source}")]
    Report {
        /// Where to.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

impl BenchError {
    /// An operating system error with what was being done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> BenchError {
        let what = what.into();
        move |source| BenchError::Io { what, source }
    }
}
