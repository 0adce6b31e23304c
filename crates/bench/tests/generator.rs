//! The generator against a server whose faults are known: what it counts is what was done.

mod fake;

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use fake::{Fake, Faults};
use loquat_bench::crowd::Crowd;
use loquat_bench::measure::clock::Clock;
use loquat_bench::net::fleet::Fleet;
use loquat_bench::scenario::load::{self, Outcome, Pace, Plan};
use loquat_bench::wire::dialect::{Dialect, Format};
use loquat_bench::{Options, Program, Report};

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

const PLAN: Plan = Plan {
    channels: 3,
    members: 4,
    outside_publisher: true,
    pace: Pace::Rate(40.0),
    size: 128,
    warmup: Duration::from_millis(100),
    duration: Duration::from_millis(500),
    drain: Duration::from_secs(2),
};

fn load(fake: &Fake, format: Format, plan: &Plan) -> Outcome {
    let mut fleet = Fleet::new(fake.address, None, Clock::start()).unwrap();
    let mut crowd = Crowd::new(Dialect::Realtime { format, key: "app.key:secret".into() });
    load::run(&mut fleet, &mut crowd, plan, None).unwrap()
}

fn scenario(address: SocketAddr, arguments: &str) -> Result<Report, String> {
    let target = format!("bench {arguments} --only server --target ws://{address} --key app.key:secret");
    let Arguments { options } = Arguments::try_parse_from(target.split(' ')).unwrap();
    let program = Program { path: env!("CARGO_BIN_EXE_loquat-bench").into(), prefix: Vec::new() };
    loquat_bench::run(&options, &program).map(Option::unwrap).map_err(|error| error.to_string())
}

#[test]
fn an_honest_server_gets_a_clean_account_in_both_formats() {
    for format in [Format::Json, Format::Msgpack] {
        let outcome = load(&Fake::start(Faults::default()), format, &PLAN);
        let totals = outcome.totals;
        assert_eq!((totals.lost, totals.duplicated, totals.reordered, totals.foreign), (0, 0, 0, 0));
        assert!((50..=70).contains(&outcome.published), "120/s for 0.5 s: {}", outcome.published);
        assert!(totals.received >= outcome.published * 4 && outcome.deliveries > 0);
        assert!(outcome.bytes_per_delivery > 200.0 && outcome.latency_ms[0] < 1000.0);
        assert_eq!((outcome.nacked, outcome.closed, outcome.refusal), (0, 0, None));
    }
}

#[test]
fn each_fault_is_counted_as_what_it_is() {
    let fake = Fake::start(Faults { lose_every: 17, ..Faults::default() });
    let totals = load(&fake, Format::Msgpack, &PLAN).totals;
    let lost = fake.misdeeds().lost;
    assert!(lost > 0);
    assert_eq!((totals.lost, totals.duplicated, totals.reordered), (lost, 0, 0));

    let fake = Fake::start(Faults { double_every: 13, ..Faults::default() });
    let totals = load(&fake, Format::Json, &PLAN).totals;
    let doubled = fake.misdeeds().doubled;
    assert!(doubled > 0);
    assert_eq!((totals.lost, totals.duplicated, totals.reordered), (0, doubled, 0));

    let fake = Fake::start(Faults { swap_every: 19, ..Faults::default() });
    let totals = load(&fake, Format::Msgpack, &PLAN).totals;
    let swapped = fake.misdeeds().swapped;
    // One may be held back for ever if nothing follows on its channel; then it is lost, and rightly so.
    assert!(swapped > 2);
    assert_eq!((totals.reordered + totals.lost, totals.duplicated), (swapped, 0));
    assert!(totals.reordered > 0);
}

#[test]
fn refusals_are_counted_and_the_first_is_named() {
    let fake = Fake::start(Faults { nack_every: 10, ..Faults::default() });
    let outcome = load(&fake, Format::Msgpack, &PLAN);
    assert_eq!(outcome.nacked, fake.misdeeds().nacked);
    assert!(outcome.nacked > 0);
    assert_eq!(outcome.refusal.as_deref(), Some("40160 refused by the test"));
}

#[test]
fn members_in_turn_get_their_own_messages_too() {
    let plan = Plan { outside_publisher: false, ..PLAN };
    let outcome = load(&Fake::start(Faults::default()), Format::Msgpack, &plan);
    assert_eq!((outcome.totals.lost, outcome.totals.duplicated), (0, 0));
    assert!(outcome.totals.received > 0);
}

#[test]
fn full_speed_keeps_within_its_window() {
    let plan = Plan { channels: 1, pace: Pace::Window(8), ..PLAN };
    let outcome = load(&Fake::start(Faults::default()), Format::Msgpack, &plan);
    assert_eq!((outcome.totals.lost, outcome.totals.duplicated, outcome.totals.reordered), (0, 0, 0));
    assert!(outcome.published > 100, "{}", outcome.published);
}

#[test]
fn a_storm_resumes_and_misses_nothing() {
    let fake = Fake::start(Faults::default());
    let report = scenario(fake.address, "storm --storm-connections 20 --members 5 --missed 7").unwrap();
    let figure = |name| report.sections[0].figure(name).unwrap().server;
    assert_eq!((figure("same connectionId"), figure("attachments RESUMED")), (Some(20.0), Some(20.0)));
    assert_eq!(
        (figure("lost"), figure("duplicated"), figure("reordered")),
        (Some(0.0), Some(0.0), Some(0.0))
    );
    assert!(figure("wire bytes/client") > Some(7.0 * 200.0));
}

#[test]
fn durable_counts_acknowledgements() {
    let fake = Fake::start(Faults::default());
    let report =
        scenario(fake.address, "durable --publishers 2 --in-flight 3 --seconds 0.3 --warmup-seconds 0.1")
            .unwrap();
    let figure = |name| report.sections[0].figure(name).unwrap().server;
    assert!(figure("acked publishes/s") > Some(100.0));
    assert_eq!((figure("refused"), figure("stray acks")), (Some(0.0), Some(0.0)));
    assert!(report.to_string().contains("not measured") && report.to_json().contains("\"durable\""));
}

#[test]
fn a_dead_target_is_an_error_that_says_so() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = scenario(free, "fanout-paced --subscribers 3").unwrap_err();
    assert!(error.contains("0 of 4") && error.contains("refused"), "{error}");
}

#[test]
fn a_server_that_does_not_start_is_quoted() {
    let options = ["bench", "idle", "--server-bin", "/bin/ls"];
    let Arguments { options } = Arguments::try_parse_from(options).unwrap();
    let program = Program { path: env!("CARGO_BIN_EXE_loquat-bench").into(), prefix: Vec::new() };
    let error = loquat_bench::run(&options, &program).unwrap_err().to_string();
    assert!(error.contains("server did not become ready") && error.contains("--listen"), "{error}");
}
