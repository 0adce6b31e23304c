//! Setting up log lines: text or JSON on standard error, behind a bounded queue.

mod writer;

use std::io;
use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use writer::FLUSH_TIMEOUT;
pub use writer::{LineWriter, WriterGuard};

/// The writer of the process's lines, for [`abort`].
static PROCESS_WRITER: OnceLock<LineWriter> = OnceLock::new();

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object per line: `timestamp`, `level`, `target`, `message`, and each field by its name.
    Json,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The filter isn't a level or a list of directives.
    #[error("log filter {filter:?} is wrong: {reason}")]
    Filter {
        /// The filter as given.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The process has a logger already.
    #[error("logging is set up already")]
    Twice,
    /// The writer's thread could not be started.
    #[error("the thread that writes log lines could not be started: {0}")]
    Thread(#[from] io::Error),
}

/// Checks a filter without setting anything up, for `loquat check`.
///
/// # Errors
/// [`InitError::Filter`].
pub fn check_filter(filter: &str) -> Result<(), InitError> {
    parse_filter(filter).map(drop)
}

/// Sends the process's log lines to standard error. Writing never blocks the caller: lines wait in a
/// bounded queue for a thread of their own, and when nobody reads standard error the surplus is dropped
/// and counted in a line that says so. Keep the guard until the process ends; dropping it writes what waits.
///
/// # Errors
/// A wrong filter, a second call, or no thread.
pub fn init(format: Format, filter: &str) -> Result<WriterGuard, InitError> {
    let filter = parse_filter(filter)?;
    let (writer, guard) = LineWriter::start(io::stderr())?;
    let _ = PROCESS_WRITER.set(writer.clone());
    let lines = fmt::layer().with_writer(writer).with_ansi(false);
    let registry = tracing_subscriber::registry().with(filter);
    let set = match format {
        Format::Text => registry.with(lines).try_init(),
        Format::Json => registry.with(lines.json().flatten_event(true).with_current_span(false)).try_init(),
    };
    set.map_err(|_| InitError::Twice)?;
    Ok(guard)
}

/// Ends the process at once, without running anything else of it, once the lines that wait are written: the
/// last of them says why. Waits a second at most, should nobody read standard error.
pub fn abort() -> ! {
    if let Some(writer) = PROCESS_WRITER.get() {
        writer.flush_within(FLUSH_TIMEOUT);
    }
    std::process::abort()
}

fn parse_filter(filter: &str) -> Result<EnvFilter, InitError> {
    EnvFilter::builder()
        .parse(filter)
        .map_err(|error| InitError::Filter { filter: filter.to_owned(), reason: error.to_string() })
}
