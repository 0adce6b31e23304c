//! The report for people.

use std::fmt::{Display, Formatter, Result};

use crate::report::{Bar, Figure, Machine, Report, Section};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.machine)?;
        for section in &self.sections {
            writeln!(f, "\n{section}")?;
        }
        Ok(())
    }
}

impl Display for Machine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let build = if self.optimised { "" } else { ", NOT OPTIMISED: the figures mean nothing" };
        write!(
            f,
            "loquat {}{build}; {} x {}, {} MiB, Linux {}, {} open files per process",
            self.version, self.cpus, self.processor, self.memory_mib, self.kernel, self.open_files
        )
    }
}

impl Display for Section {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let runs =
            if self.runs == 1 { "one run".to_owned() } else { format!("medians of {} runs", self.runs) };
        writeln!(f, "{}: {}; {runs}", self.scenario, self.conditions)?;
        let width = self.figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
        writeln!(f, "  {:width$}  {:>12}  {:>12}  {:>7}", "", "server", "bare loop", "ratio")?;
        for figure in &self.figures {
            let Figure { name, server, bare } = figure;
            let ratio = figure.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            writeln!(f, "  {name:width$}  {:>12}  {:>12}  {ratio:>7}", number(*server), number(*bare))?;
        }
        self.bars.iter().try_for_each(|bar| writeln!(f, "  {bar}"))?;
        self.notes.iter().try_for_each(|note| writeln!(f, "  note: {note}"))
    }
}

impl Display for Bar {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let verdict = match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not measured",
        };
        match self.measured {
            Some(value) => write!(f, "bar: {}: {value:.2}, {verdict}", self.text),
            None => write!(f, "bar: {}: {verdict}", self.text),
        }
    }
}

/// Four significant digits, thousands set apart.
fn number(value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    let decimals = match value.abs() {
        large if large >= 1000.0 || large == 0.0 => 0,
        large if large >= 100.0 => 1,
        large if large >= 10.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{median, medians};

    #[test]
    fn numbers_read_well() {
        let text = |value| number(Some(value));
        assert_eq!(text(1_234_567.8), "1,234,568");
        assert_eq!(
            (text(0.42), text(12.345), text(999.94)),
            ("0.420".into(), "12.35".into(), "999.9".into())
        );
        assert_eq!((text(0.0), text(-1234.0), number(None)), ("0".into(), "-1,234".into(), "-".into()));
    }

    #[test]
    fn medians_and_bars() {
        assert_eq!((median(vec![]), median(vec![3.0, 1.0, 2.0])), (None, Some(2.0)));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        let figures = medians(
            &[vec![("a", Some(3.0))], vec![("a", Some(5.0))]],
            &[vec![("a", Some(2.0)), ("b", None)]],
        );
        let ratio = figures[0].ratio();
        assert_eq!((ratio, figures[1].server, figures[1].bare), (Some(2.0), None, None));
        assert_eq!(Bar::at_most("x", 1.4, ratio).to_string(), "bar: x: 2.00, MISSED");
        assert_eq!(Bar::at_least("x", 1.4, ratio).met, Some(true));
        assert_eq!(Bar::at_least("x", 1.4, None).to_string(), "bar: x: not measured");
    }
}
