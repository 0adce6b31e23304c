//! One target for its time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::corpus::{self, Corpus};
use crate::mutate::mutate;
use crate::options::Options;
use crate::random::Random;
use crate::targets::Target;

/// A parser that works on one input for longer has been brought to a halt.
const INPUT_TIME_MAX: Duration = Duration::from_secs(10);

/// What the watchdog looks at.
#[derive(Default)]
struct Watched {
    runs: AtomicU64,
    input: Mutex<Vec<u8>>,
    /// Held by the runner; when it ends, so does the watchdog.
    running: Mutex<()>,
}

/// Fuzzes a target; whether it held.
pub(crate) fn target(target: &'static Target, options: &Options) -> bool {
    let watched = Arc::new(Watched::default());
    let running = watched.running.lock().expect("a new lock");
    let watchdog = std::thread::spawn({
        let watched = Arc::clone(&watched);
        move || watch(target, &watched)
    });
    let held = fuzz(target, options, &watched);
    drop(running);
    watchdog.thread().unpark();
    let _ = watchdog.join();
    held
}

fn fuzz(target: &Target, options: &Options, watched: &Watched) -> bool {
    let began = Instant::now();
    let mut random = Random::new(options.seed);
    let mut corpus = Corpus::new();
    let known = corpus::findings(target).into_iter().map(|(_, input)| input);
    for input in known.chain(target.seeds.iter().map(|seed| seed.to_vec())) {
        if !holds(target, &input, &mut corpus, &mut random, watched) {
            return false;
        }
    }
    while began.elapsed() < options.duration {
        // Asking for the time costs as much as a short run.
        for _ in 0..64 {
            let other = corpus.any(&mut random).to_vec();
            let from = corpus.any(&mut random).to_vec();
            let input = mutate(&from, &other, target.words, &mut random);
            if !holds(target, &input, &mut corpus, &mut random, watched) {
                println!("the seed was {}", options.seed);
                return false;
            }
        }
    }
    println!(
        "{}: held over {} runs, {} edges, {} inputs kept, {} s",
        target.name,
        watched.runs.load(Ordering::Relaxed),
        corpus.edges_seen(),
        corpus.len(),
        began.elapsed().as_secs()
    );
    true
}

fn holds(target: &Target, input: &[u8], corpus: &mut Corpus, random: &mut Random, watched: &Watched) -> bool {
    input.clone_into(&mut watched.input.lock().expect("the watchdog doesn't panic"));
    watched.runs.fetch_add(1, Ordering::Relaxed);
    let mut outcome = Ok(());
    corpus.observe(input, || outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(input))), random);
    if outcome.is_err() {
        println!("{}: FAILED; the input is in {}", target.name, corpus::keep_finding(target, input));
    }
    outcome.is_ok()
}

/// Ends the process when an input takes too long: there is no other way out of an endless loop.
fn watch(target: &Target, watched: &Watched) {
    loop {
        let before = watched.runs.load(Ordering::Relaxed);
        std::thread::park_timeout(INPUT_TIME_MAX);
        if watched.running.try_lock().is_ok() {
            return;
        }
        if before != 0 && watched.runs.load(Ordering::Relaxed) == before {
            let input = watched.input.lock().expect("the runner doesn't panic with it").clone();
            println!(
                "{}: FAILED, no end; the input is in {}",
                target.name,
                corpus::keep_finding(target, &input)
            );
            std::process::exit(1);
        }
    }
}
