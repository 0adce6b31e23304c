//! What can be asked of a run.

use std::path::PathBuf;
use std::time::Duration;

use crate::wire::dialect::Format;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scenario {
    /// All of the below, one after the other.
    All,
    /// `fanout-paced`, then `fanout-full`.
    Fanout,
    /// One publisher, many subscribers, at a fixed rate.
    FanoutPaced,
    /// One publisher, many subscribers, as fast as the window allows.
    FanoutFull,
    /// Many rooms of a few members, one message a second each.
    Rooms,
    /// Memory of attached connections on which nothing happens.
    Idle,
    /// Acknowledged publishes per second.
    Durable,
    /// All clients drop, miss messages, reconnect and resume.
    Storm,
    /// From the start of the process to ready, with many stored messages.
    Start,
    /// The bare fan-out loop (started by the bench itself).
    #[value(hide = true)]
    BareFanout,
    /// The same with coalesced writes.
    #[value(hide = true)]
    BareFanoutJoined,
    /// The bare reconnect loop.
    #[value(hide = true)]
    BareCatchup,
    /// The bare group commit.
    #[value(hide = true)]
    BareDurable,
}

/// Which sides of the comparison to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    /// The server, then the bare loop.
    #[default]
    Both,
    /// The server alone.
    Server,
    /// The bare loop alone.
    Bare,
}

/// The flags of `loquat bench`.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// What to measure
    #[arg(value_enum)]
    pub scenario: Scenario,
    /// Measure a server that is already running, for example ws://127.0.0.1:8080
    #[arg(long, value_name = "URL", requires = "key")]
    pub target: Option<String>,
    /// API key for --target, as app.key:secret
    #[arg(long)]
    pub key: Option<String>,
    /// Process id of the --target server; without it there are no CPU and memory figures
    #[arg(long, value_name = "PID", requires = "target")]
    pub server_pid: Option<u32>,
    /// Server program to start when there is no --target [default: this program]
    #[arg(long, value_name = "FILE", env = "LOQUAT_BIN")]
    pub server_bin: Option<PathBuf>,
    /// Further argument for the started server; may be repeated
    #[arg(long, value_name = "ARG", allow_hyphen_values = true)]
    pub server_arg: Vec<String>,
    /// Measure over TLS, with a certificate made for the run; the bare loop encrypts as well
    #[arg(long, conflicts_with = "target")]
    pub tls: bool,
    /// Certificates to trust for a wss:// --target, in PEM
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Where a bare loop finds its certificate (set by the bench itself)
    #[arg(long, hide = true)]
    pub tls_dir: Option<PathBuf>,
    /// Directory below which data directories are made; put it on the disk that you want to measure
    #[arg(long, value_name = "DIR", default_value_os_t = std::env::temp_dir())]
    pub work_dir: PathBuf,
    /// Which sides to run
    #[arg(long, value_enum, default_value_t)]
    pub only: Only,
    /// Wire format of the clients
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Runs of each side; figures are medians
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub runs: u32,
    /// Measured seconds of each run
    #[arg(long, default_value_t = 10.0, value_parser = positive)]
    pub seconds: f64,
    /// Seconds of the same load before measuring begins
    #[arg(long, default_value_t = 2.0, value_parser = positive)]
    pub warmup_seconds: f64,
    /// Also write the report as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// fanout: subscribers
    #[arg(long, default_value_t = 1000, value_parser = count)]
    pub subscribers: usize,
    /// fanout-paced: messages per second
    #[arg(long, default_value_t = 50.0, value_parser = positive)]
    pub rate: f64,
    /// fanout-full: messages published and not yet acknowledged and delivered to all
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub window: u64,
    /// fanout, rooms: bytes of a message's data
    #[arg(long, default_value_t = 128, value_parser = count)]
    pub size: usize,
    /// rooms: number of rooms
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rooms: u32,
    /// rooms, idle, storm: members of a room or channel
    #[arg(long, default_value_t = 10, value_parser = count)]
    pub members: usize,
    /// idle: connections
    #[arg(long, default_value_t = 15_000, value_parser = count)]
    pub idle_connections: usize,
    /// durable: publishing connections
    #[arg(long, default_value_t = 16, value_parser = count)]
    pub publishers: usize,
    /// durable: publishes in flight on each connection
    #[arg(long, default_value_t = 4, value_parser = count)]
    pub in_flight: usize,
    /// durable: bytes of a message's data, and of a record of the bare group commit
    #[arg(long, default_value_t = 300, value_parser = count)]
    pub durable_size: usize,
    /// storm: connections
    #[arg(long, default_value_t = 5000, value_parser = count)]
    pub storm_connections: usize,
    /// storm: messages missed on each channel
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub missed: u64,
    /// start: stored messages
    #[arg(long, default_value_t = 1_000_000)]
    pub messages: u64,
    /// Bytes of a bare frame when the server is not run first, frame header included; storm: of all frames
    #[arg(long, default_value_t = 300, value_parser = count)]
    pub bare_bytes: usize,
}

impl Options {
    /// Whether a `--target` is to be spoken to over TLS.
    pub fn is_target_encrypted(&self) -> bool {
        self.target.as_ref().is_some_and(|target| target.starts_with("wss://"))
    }

    /// Measured time of each run.
    pub fn duration(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// Load before it.
    pub fn warmup(&self) -> Duration {
        Duration::from_secs_f64(self.warmup_seconds)
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value <= 1e6 => Ok(value),
        _ => Err("not a number between 0 and 1,000,000".to_owned()),
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(value @ 1..=1_000_000) => Ok(value),
        _ => Err("not a number between 1 and 1,000,000".to_owned()),
    }
}
