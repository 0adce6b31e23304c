//! A handful of seeds in every run; many more with `cargo run -p loquat-sim -- --seeds 1..2000`.

use loquat_sim::{Tally, run};

#[test]
fn fifty_seeds_keep_the_laws() {
    let mut total = Tally::default();
    for seed in 1..=50 {
        match run(seed, 1_500) {
            Ok(tally) => total += tally,
            Err(broken) => panic!("seed {seed}: {broken}"),
        }
    }
    let exercised = [
        total.acknowledged,
        total.received,
        total.resumed,
        total.lost,
        total.blocked,
        total.reads,
        total.crashes,
        total.presence,
    ];
    assert!(exercised.iter().all(|count| *count >= 50), "too little happened: {total:?}");
}

#[test]
fn a_seed_repeats() {
    assert_eq!(run(7, 1_000), run(7, 1_000));
}
