//! The bare loops do what the server does, or their figures would compare nothing.

use std::time::Duration;

use clap::Parser;
use loquat_bench::crowd::Crowd;
use loquat_bench::measure::clock::Clock;
use loquat_bench::net::fleet::Fleet;
use loquat_bench::net::tls::Files;
use loquat_bench::scenario::Context;
use loquat_bench::scenario::load::{self, Outcome, Pace, Plan};
use loquat_bench::server::Subject;
use loquat_bench::{Options, Program, Scenario};

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
}

fn load(scenario: Scenario, plan: &Plan, tls: Option<&Files>) -> Outcome {
    let Arguments { options } = Arguments::parse_from(["bench", "fanout"]);
    let program = Program { path: env!("CARGO_BIN_EXE_loquat-bench").into(), prefix: Vec::new() };
    let context = Context { options: &options, program: &program, tls };
    let subject = Subject::bare(&context, scenario, 321).unwrap();
    let mut fleet = Fleet::new(subject.address, subject.dialer.clone(), Clock::start()).unwrap();
    let mut crowd = Crowd::new(subject.dialect.clone());
    load::run(&mut fleet, &mut crowd, plan, subject.process).unwrap()
}

const PLAN: Plan = Plan {
    channels: 4,
    members: 5,
    outside_publisher: false,
    pace: Pace::Rate(50.0),
    size: 128,
    warmup: Duration::from_millis(50),
    duration: Duration::from_millis(500),
    drain: Duration::from_secs(2),
};

fn is_clean(outcome: &Outcome) {
    let totals = outcome.totals;
    assert_eq!((totals.lost, totals.duplicated, totals.reordered, totals.foreign), (0, 0, 0, 0));
    assert_eq!(outcome.bytes_per_delivery, 321.0, "frames are as long as the server's");
    assert_eq!(outcome.closed, 0);
}

#[test]
fn each_member_gets_each_frame_of_its_channel() {
    let outcome = load(Scenario::BareFanout, &PLAN, None);
    is_clean(&outcome);
    assert!(outcome.totals.received >= outcome.published * 5);
    assert!(outcome.spent.cpu.is_some() && outcome.resident_kib > 0);
}

#[test]
fn joined_frames_arrive_whole_and_in_order() {
    let plan = Plan { channels: 1, outside_publisher: true, pace: Pace::Window(64), ..PLAN };
    let outcome = load(Scenario::BareFanoutJoined, &plan, None);
    is_clean(&outcome);
    assert!(outcome.published > 500, "{}", outcome.published);
}

#[test]
fn over_tls_the_same_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::make(dir.path()).unwrap();
    is_clean(&load(Scenario::BareFanout, &PLAN, Some(&files)));
    let plan = Plan { channels: 1, outside_publisher: true, pace: Pace::Window(64), ..PLAN };
    let outcome = load(Scenario::BareFanoutJoined, &plan, Some(&files));
    is_clean(&outcome);
    assert!(outcome.published > 100, "{}", outcome.published);
}

#[test]
fn group_commit_acknowledges_and_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let plan = loquat_bench::bare::durable::Plan {
        producers: 4,
        in_flight: 2,
        size: 100,
        duration: Duration::from_millis(200),
    };
    let outcome = loquat_bench::bare::durable::run(&plan, dir.path()).unwrap();
    assert!(outcome.acked_per_s > 0.0 && outcome.ceiling_per_s > 0.0);
    assert!(outcome.batch >= 1.0 && outcome.batch <= 8.0);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
