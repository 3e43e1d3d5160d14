//! Random sequences in the warehouse, asked of the program and of a simple model at once: bills, places, damage, shipments,
//! returns, and stocktakes that two people count blind.
//!
//! `TAIZHANG_WAREHOUSE` sets how many sequences are tried.

mod ask;
mod bug;
mod count;
mod model;
mod office;
mod step;
mod sums;
mod twin;

use proptest::test_runner::TestCaseError;

use sums::Sums;

fn sequences() -> u32 {
    std::env::var("TAIZHANG_WAREHOUSE").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

#[test]
fn the_warehouse_and_its_model_agree() {
    super::on_all_threads(sequences(), |runner| {
        runner.run(&step::steps(), |steps| twin::run(&steps, None).map_err(TestCaseError::fail))
    });
}

#[test]
fn every_mistake_planted_in_the_warehouse_is_found() {
    super::finds_every_mistake(bug::BUGS, step::steps(), twin::run);
}

#[test]
fn every_broken_sum_of_the_warehouse_is_named() {
    let good = || {
        let goods = || [((1, "P1".to_owned()), [5_000, 1_000])].into();
        Sums { came: goods(), there: goods(), totals: [5_000, 0], owed: (700, 1_000, 300), ..Sums::default() }
    };
    let planted: &[super::Plant<Sums>] = &[
        (|sums| sums.least = -1, "below zero"),
        (|sums| sums.came.values_mut().for_each(|much| much[0] += 1), "put right"),
        (|sums| sums.there.values_mut().for_each(|much| much[1] += 1), "put right"),
        (|sums| sums.totals[0] -= 1, "together are the stock"),
        (|sums| sums.taken = [[1, 0], [0, 0]], "what the bills say"),
        (|sums| sums.overfull = 1, "was billed"),
        (|sums| sums.owed.0 += 1, "what is owed"),
        (|sums| sums.twice = 1, "both sheets"),
        (|sums| sums.strangers = 1, "another's sheet"),
        (|sums| sums.entries = (1, 2), "dense"),
    ];
    super::names_every_broken_sum(good, Sums::broken, planted);
}
