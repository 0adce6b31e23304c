//! What a run found, as values that print as a table and serialise as JSON.

pub mod machine;
pub mod table;

use serde::Serialize;
use serde_json::Value;

pub use machine::Machine;

/// All that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// What.
    pub sections: Vec<Section>,
}

/// One comparison.
#[derive(Debug, Serialize)]
pub struct Section {
    /// The scenario's name.
    pub scenario: &'static str,
    /// Its parameters and conditions, in words.
    pub conditions: String,
    /// Number of runs that the medians are over.
    pub runs: usize,
    /// The figures, in the order of the table.
    pub figures: Vec<Figure>,
    /// How they stand to the bars.
    pub bars: Vec<Bar>,
    /// What a reader must know besides.
    pub notes: Vec<String>,
    /// Further data per run, for JSON only.
    pub details: Vec<Value>,
}

/// One line of the table: medians over the runs.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it is, with its unit.
    pub name: &'static str,
    /// The server's.
    pub server: Option<f64>,
    /// The bare loop's.
    pub bare: Option<f64>,
}

/// A promise and what was measured.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// The promise.
    pub text: String,
    /// What was measured, if both sides were.
    pub measured: Option<f64>,
    /// Whether it is kept.
    pub met: Option<bool>,
}

impl Bar {
    /// A promise that a value is at most `limit`.
    pub fn at_most(text: impl Into<String>, limit: f64, measured: Option<f64>) -> Bar {
        Bar { text: text.into(), measured, met: measured.map(|value| value <= limit) }
    }

    /// A promise that a value is at least `limit`.
    pub fn at_least(text: impl Into<String>, limit: f64, measured: Option<f64>) -> Bar {
        Bar { text: text.into(), measured, met: measured.map(|value| value >= limit) }
    }
}

/// The named figures of one side in one run, in order.
pub type Figures = Vec<(&'static str, Option<f64>)>;

/// Medians over the runs of both sides, line by line; a side that did not run has none.
pub fn medians(server: &[Figures], bare: &[Figures]) -> Vec<Figure> {
    let mut names: Vec<&'static str> = Vec::new();
    for (name, _) in server.iter().chain(bare).flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let of = |runs: &[Figures], name: &str| {
        median(
            runs.iter().flatten().filter(|(own, _)| *own == name).filter_map(|(_, value)| *value).collect(),
        )
    };
    names.into_iter().map(|name| Figure { name, server: of(server, name), bare: of(bare, name) }).collect()
}

/// The middle value; of an even number the mean of the two in the middle; `None` of nothing.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(values[middle]),
        _ => Some((values[middle - 1] + values[middle]) / 2.0),
    }
}

impl Section {
    /// The figure of this name.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// Server by bare loop, of the figure of this name.
    pub fn ratio(&self, name: &str) -> Option<f64> {
        self.figure(name).and_then(Figure::ratio)
    }
}

impl Figure {
    /// Server by bare loop.
    pub fn ratio(&self) -> Option<f64> {
        self.server.zip(self.bare).filter(|(_, bare)| *bare > 0.0).map(|(server, bare)| server / bare)
    }
}

impl Report {
    /// The report as indented JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// True if a bar was measured and missed.
    pub fn missed_a_bar(&self) -> bool {
        self.sections.iter().flat_map(|section| &section.bars).any(|bar| bar.met == Some(false))
    }
}
