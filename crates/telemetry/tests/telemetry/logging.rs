//! Log lines: their form, and that writing them neither blocks nor grows.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use loquat_telemetry::logging::{LineWriter, check_filter};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;

/// An output that a test can hold shut and read afterwards.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    shut: bool,
    written: Vec<u8>,
}

impl Gate {
    fn shut() -> Self {
        let gate = Self::default();
        gate.0.0.lock().unwrap().shut = true;
        gate
    }

    fn open(&self) {
        self.0.0.lock().unwrap().shut = false;
        self.0.1.notify_all();
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.0.lock().unwrap().written.clone()).unwrap()
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.1.wait_while(self.0.0.lock().unwrap(), |state| state.shut).unwrap();
        state.written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn dropping_the_guard_writes_what_waits() {
    let gate = Gate::default();
    let (mut writer, guard) = LineWriter::start(gate.clone()).unwrap();
    for line in 0..100 {
        writeln!(writer, "line {line}").unwrap();
    }
    drop(guard);
    assert_eq!(gate.text().lines().count(), 100);
}

#[test]
fn a_flush_waits_until_what_was_given_is_written() {
    let gate = Gate::default();
    let (mut writer, guard) = LineWriter::start(gate.clone()).unwrap();
    for line in 0..100 {
        writeln!(writer, "line {line}").unwrap();
    }
    writer.flush_within(Duration::from_secs(60));
    assert_eq!(gate.text().lines().count(), 100);
    drop(guard);
}

#[test]
fn a_flush_gives_up_when_nobody_reads() {
    let gate = Gate::shut();
    let (mut writer, guard) = LineWriter::start(gate.clone()).unwrap();
    for _ in 0..20_000 {
        writer.write_all(b"x\n").unwrap();
    }
    writer.flush_within(Duration::from_millis(20));
    gate.open();
    drop(guard);
}

#[test]
fn a_reader_that_stops_costs_lines_and_not_the_caller() {
    let gate = Gate::shut();
    let (mut writer, guard) = LineWriter::start(gate.clone()).unwrap();
    for line in 0..20_000 {
        writer.write_all(format!("line {line}\n").as_bytes()).unwrap();
    }
    gate.open();
    drop(guard);
    let text = gate.text();
    assert!(text.lines().count() < 9_000, "the queue is bounded");
    assert!(text.contains("log lines were dropped"));
}

#[test]
fn an_output_that_is_never_read_does_not_keep_the_process() {
    let gate = Gate::shut();
    let (mut writer, guard) = LineWriter::start(gate.clone()).unwrap();
    for _ in 0..20_000 {
        writer.write_all(b"x\n").unwrap();
    }
    drop(guard);
    assert_eq!(gate.text(), "");
}

#[test]
fn json_lines_carry_connection_and_channel_as_fields() {
    let gate = Gate::default();
    let (writer, guard) = LineWriter::start(gate.clone()).unwrap();
    let lines = fmt::layer().with_writer(writer).json().flatten_event(true);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
        tracing::info!(connection = "c1", channel = "room\n1", "attached");
    });
    drop(guard);
    let line: serde_json::Value = serde_json::from_str(&gate.text()).unwrap();
    assert_eq!(line["connection"], "c1");
    assert_eq!(line["channel"], "room\n1");
    assert_eq!(line["message"], "attached");
    assert_eq!(line["level"], "INFO");
}

#[test]
fn a_filter_is_checked_before_it_is_used() {
    check_filter("info,loquat_node=debug").unwrap();
    let error = check_filter("loquat=loud").unwrap_err();
    assert!(error.to_string().contains("\"loquat=loud\""), "{error}");
}
