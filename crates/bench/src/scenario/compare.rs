//! Runs both sides as often as asked, the server first: the bare loop writes frames of the length that the server's had.

use serde_json::{Value, json};

use crate::error::BenchError;
use crate::options::Only;
use crate::report::{Figures, Section, medians};
use crate::scenario::{Context, Side};

/// What does not change from run to run.
pub struct Frame {
    /// The scenario's name.
    pub scenario: &'static str,
    /// Its parameters, in words.
    pub conditions: String,
}

/// Runs `server` and `bare` in turn. `bare` is given the wire bytes of the server's last run, or `--bare-bytes`;
/// a scenario without a bare loop passes `None`. The section has no bars yet.
pub fn compare(
    context: &Context<'_>,
    frame: Frame,
    mut server: impl FnMut() -> Result<Side, BenchError>,
    mut bare: Option<&mut dyn FnMut(usize) -> Result<Side, BenchError>>,
) -> Result<Section, BenchError> {
    let only = context.options.only;
    let (mut sides, mut details, mut notes) = ((Vec::new(), Vec::new()), Vec::new(), Vec::<String>::new());
    let mut wire_bytes = context.options.bare_bytes;
    for run in 1..=context.options.runs {
        if only != Only::Bare {
            let side = server()?;
            if side.wire_bytes > 0 {
                wire_bytes = side.wire_bytes;
            }
            take(run, "server", side, &mut sides.0, &mut details, &mut notes);
        }
        if let Some(bare) = bare.as_mut().filter(|_| only != Only::Server) {
            take(run, "bare loop", bare(wire_bytes)?, &mut sides.1, &mut details, &mut notes);
        }
    }
    Ok(Section {
        scenario: frame.scenario,
        conditions: frame.conditions,
        runs: context.options.runs as usize,
        figures: medians(&sides.0, &sides.1),
        bars: Vec::new(),
        notes,
        details,
    })
}

fn take(
    run: u32,
    name: &str,
    side: Side,
    figures: &mut Vec<Figures>,
    details: &mut Vec<Value>,
    notes: &mut Vec<String>,
) {
    let named: serde_json::Map<String, Value> =
        side.figures.iter().map(|(figure, value)| ((*figure).to_owned(), json!(value))).collect();
    details.push(json!({"run": run, "side": name, "figures": named, "details": side.details}));
    notes.extend(side.notes.into_iter().map(|note| format!("run {run}, {name}: {note}")));
    figures.push(side.figures);
}
