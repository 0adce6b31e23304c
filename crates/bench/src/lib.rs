//! What `loquat bench` runs: a load generator, and the *bare loops* that give its figures a measure.
//!
//! A figure such as "8 us of CPU per delivery" says as much about the machine as about the server. So each scenario
//! runs twice: against the server, and against the least program that could do the same work on the same machine
//! ([`bare`]). The ratio is what can be compared. Generator, server and bare loop are separate processes.
//!
//! * [`scenario`]: what is measured. * [`crowd`]: the clients. * [`net`]: their connections. * [`wire`]: their bytes.
//! * [`server`]: the measured processes. * [`measure`]: clocks, histograms, tallies, `/proc`. * [`report`]: the result.

pub mod bare;
pub mod crowd;
mod error;
pub mod measure;
pub mod net;
mod options;
pub mod report;
pub mod scenario;
pub mod server;
pub mod wire;

use std::io::Write;

pub use error::BenchError;
pub use options::{Only, Options, Scenario};
pub use report::Report;
pub use server::Program;

use net::tls::{Acceptor, Files};
use report::{Machine, Section};
use scenario::{Context, durable, fanout, idle, rooms, start, storm};

/// Measures what `options` asks for. `program` tells how to start a bare loop, which is this program again.
///
/// Returns `None` if this process was itself started as a bare loop and has done its work; its result went to
/// standard output. With `--json` the report is also written there.
///
/// # Errors
/// When a figure could not be measured at all; a missed bar is a [`Report`].
pub fn run(options: &Options, program: &Program) -> Result<Option<Report>, BenchError> {
    let open_files =
        net::limits::raise_open_files().map_err(BenchError::io("raise the limit of open files"))?;
    if let Some(work) = bare_work(options) {
        work?;
        return Ok(None);
    }
    let tls_dir = options.tls.then(|| server::data_dir(options)).transpose()?;
    let tls = tls_dir.as_ref().map(|dir| Files::make(dir.path())).transpose()?;
    let context = Context { options, program, tls: tls.as_ref() };
    let mut sections = Vec::new();
    for &measure in measures(options.scenario) {
        sections.push(measure(&context)?);
    }
    let report = Report { machine: Machine::look(open_files), sections };
    if let Some(path) = &options.json {
        std::fs::write(path, report.to_json())
            .map_err(|source| BenchError::Report { path: path.clone(), source })?;
    }
    Ok(Some(report))
}

type Measure = fn(&Context<'_>) -> Result<Section, BenchError>;

fn measures(scenario: Scenario) -> &'static [Measure] {
    match scenario {
        Scenario::All => {
            &[fanout::paced, fanout::full_speed, rooms::run, idle::run, durable::run, storm::run, start::run]
        }
        Scenario::Fanout => &[fanout::paced, fanout::full_speed],
        Scenario::FanoutPaced => &[fanout::paced],
        Scenario::FanoutFull => &[fanout::full_speed],
        Scenario::Rooms => &[rooms::run],
        Scenario::Idle => &[idle::run],
        Scenario::Durable => &[durable::run],
        Scenario::Storm => &[storm::run],
        Scenario::Start => &[start::run],
        Scenario::BareFanout | Scenario::BareFanoutJoined | Scenario::BareCatchup | Scenario::BareDurable => {
            &[]
        }
    }
}

/// Runs a bare loop if that is what this process was started for.
fn bare_work(options: &Options) -> Option<Result<(), BenchError>> {
    use bare::serve::{Mode, serve};
    let mut out = std::io::stdout();
    Some(match options.scenario {
        Scenario::BareFanout => acceptor(options).and_then(|tls| serve(Mode::Each, tls, &mut out)),
        Scenario::BareFanoutJoined => acceptor(options).and_then(|tls| serve(Mode::Joined, tls, &mut out)),
        Scenario::BareCatchup => {
            acceptor(options).and_then(|tls| serve(Mode::Catchup(options.bare_bytes), tls, &mut out))
        }
        Scenario::BareDurable => {
            let plan = bare::durable::Plan {
                producers: options.publishers,
                in_flight: options.in_flight,
                size: options.durable_size,
                duration: options.duration(),
            };
            bare::durable::run(&plan, &options.work_dir).and_then(|outcome| {
                let line = serde_json::to_string(&outcome).unwrap_or_default();
                writeln!(out, "{line}").map_err(BenchError::io("print the outcome"))
            })
        }
        _ => return None,
    })
}

fn acceptor(options: &Options) -> Result<Option<Acceptor>, BenchError> {
    options.tls_dir.as_ref().map(|dir| Acceptor::new(&Files::in_dir(dir))).transpose()
}
