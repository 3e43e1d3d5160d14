//! Random sequences of commands, asked of the program and of a simple model at once.
//!
//! After every command both must agree, and the sums that hold for any department must hold. `TAIZHANG_SEQUENCES` sets how
//! many sequences are tried; a failing one is printed in its shortest form, and its seed is kept in `properties/seeds.txt`.

#[path = "properties/ask.rs"]
mod ask;
#[path = "properties/bug.rs"]
mod bug;
#[path = "properties/model.rs"]
mod model;
#[path = "properties/step.rs"]
mod step;
#[path = "properties/sums.rs"]
mod sums;
#[path = "properties/twin.rs"]
mod twin;
#[path = "properties/warehouse/mod.rs"]
mod warehouse;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use sums::Sums;

/// Where seeds of failures are kept: they are tried first from then on.
const SEEDS: &str = "tests/properties/seeds.txt";

fn sequences() -> u32 {
    std::env::var("TAIZHANG_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

/// Tries so many sequences, shared out among the processor's threads; a failing one is told in its shortest form.
fn on_all_threads<E: std::fmt::Display>(sequences: u32, run: impl Fn(&mut TestRunner) -> Result<(), E> + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u32);
    let share = || {
        let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(SEEDS)) as _);
        let cases = sequences.div_ceil(threads);
        let mut runner = TestRunner::new(Config { cases, failure_persistence, ..Config::default() });
        run(&mut runner).map_err(|error| error.to_string())
    };
    let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        all.into_iter().map(|one| one.join().unwrap_or_else(|_| Err("a sequence panicked".into()))).collect()
    });
    let faults: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_program_and_the_model_agree() {
    on_all_threads(sequences(), |runner| {
        runner.run(&step::steps(), |steps| twin::run(&steps, None).map_err(TestCaseError::fail))
    });
}

/// A comparison that finds nothing proves nothing: each planted mistake must be found, by the same steps.
fn finds_every_mistake<B: Copy + std::fmt::Debug>(
    bugs: &[B],
    steps: impl Strategy<Value = Vec<step::Step>>,
    run: impl Fn(&[step::Step], Option<B>) -> Result<(), String>,
) {
    const TRIES: usize = 800;
    let mut missed = Vec::new();
    for bug in bugs {
        let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let found = (0..TRIES).find(|_| {
            let steps = steps.new_tree(&mut runner).expect("steps can be made").current();
            run(&steps, Some(*bug)).is_err()
        });
        missed.extend(found.is_none().then_some(*bug));
        println!("{bug:?} found at sequence {found:?}");
    }
    assert!(missed.is_empty(), "not found in {TRIES} sequences: {missed:?}");
}

#[test]
fn every_planted_mistake_is_found() {
    finds_every_mistake(bug::BUGS, step::steps(), twin::run);
}

/// Breaks one sum, and a word of what must be said of it.
type Plant<S> = (fn(&mut S), &'static str);

/// Each sum that must hold is named once it is broken by hand.
fn names_every_broken_sum<S>(good: impl Fn() -> S, broken: impl Fn(&S) -> Option<&'static str>, planted: &[Plant<S>]) {
    assert_eq!(broken(&good()), None);
    for (plant, word) in planted {
        let mut sums = good();
        plant(&mut sums);
        assert!(broken(&sums).is_some_and(|name| name.contains(word)), "{word}: {:?}", broken(&sums));
    }
}

#[test]
fn every_broken_sum_is_named() {
    let good = || Sums { arrived: 5, open: 1, returned: 1, held: 1, credit: 1, credit_returned: 1, ..Sums::default() };
    let planted: &[Plant<Sums>] = &[
        (|sums| sums.held += 1, "money"),
        (|sums| sums.least_credit = -1, "credit"),
        (|sums| sums.stock = vec![(-1, 0)], "stock"),
        (|sums| (sums.stock, sums.packed) = (vec![(1, 2)], vec![2]), "more is packed"),
        (|sums| (sums.stock, sums.packed) = (vec![(2, 1)], vec![2]), "packed shipments"),
        (|sums| sums.needed = [vec![1], vec![2]], "open orders need"),
        (|sums| sums.timely[0].late = 1, "in time"),
        (|sums| sums.given = [1, 2], "gifts"),
        (|sums| sums.signers.push((2, false)), "signed"),
        (|sums| sums.signers.push((1, true)), "signed"),
        (|sums| sums.stale = 1, "signatures"),
        (|sums| sums.unpaid_waiting = 1, "paid"),
        (|sums| sums.misfit = 1, "ordered"),
        (|sums| sums.cheap = 1, "retail"),
        (|sums| sums.entries = (1, 2), "dense"),
    ];
    names_every_broken_sum(good, Sums::broken, planted);
    let order = "XS2611000001".parse().expect("an order's number");
    let mut twice = good();
    twice.left.insert((order, 1), 2);
    assert_eq!(twice.broken(), Some("nothing ships twice"));
}
