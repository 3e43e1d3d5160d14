//! Power cuts over the real desk.
//!
//! A chain is one to four cuts in a row, each of them somewhere in opening, recovery or work; after each the store must
//! open, with everything acknowledged in it and nothing by half. `TAIZHANG_CUTS` asks for another number of cuts,
//! `TAIZHANG_SEED` for one chain by its seed, as the failing ones are printed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use taizhang::desk::Desk;
use taizhang::store::journal;
use taizhang::store::open::Store;

use super::bases::Bases;
use super::disk::{Disk, LOSSES, Plan};
use super::script::Step;
use super::witness::{Witness, go_on, verified};

/// Cuts in one run of the tests.
const CUTS: u64 = 20_000;
/// Seeds that failed once, run for ever.
const FAILED_ONCE: &[u64] = &[];
/// One chain in so many is verified byte for byte at its end; all others are looked at.
const VERIFIED: u64 = 8;

/// A fault that the harness must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    Nothing,
    /// The disk answers a sync without doing it.
    LyingSync,
    /// A command is acknowledged before it is committed.
    EarlyAnswer,
}

#[derive(Default)]
struct Tally {
    cuts: AtomicU64,
    opening: AtomicU64,
    acknowledged: AtomicU64,
    verified: AtomicU64,
    failures: Mutex<Vec<String>>,
}

/// One life of the machine, from power to power cut. Gives whether the cut fell into opening.
fn life(
    disk: &Disk,
    witness: &mut Witness,
    steps: &[Step],
    luck: &mut fastrand::Rng,
    early: bool,
) -> Result<bool, String> {
    if !witness.founded {
        // As a file is created: under a name that does not count until it is closed and synced.
        match Store::on_backend(disk.clone(), true) {
            Err(_) if disk.is_dead() => return Ok(true),
            Err(fault) => return Err(format!("CREATE: {fault}")),
            Ok(store) => drop(store),
        }
        if disk.is_dead() {
            return Ok(true);
        }
        disk.synced();
        witness.founded = true;
    }
    let store = match Store::on_backend(disk.clone(), true) {
        Ok(store) => store,
        Err(_) if disk.is_dead() => return Ok(true),
        Err(fault) => return Err(format!("OPEN: {fault}")),
    };
    match witness.look(&store) {
        Err(_) if disk.is_dead() => return Ok(true),
        looked => looked?,
    }
    go_on(&Desk::new(store), disk, witness, steps, luck, early)?;
    Ok(false)
}

fn chain(bases: &Bases, seed: u64, planted: Planted, tally: &Tally) -> Result<(), String> {
    let mut luck = fastrand::Rng::with_seed(seed);
    let (mut witness, base) = luck.choice(&bases.stores).cloned().expect("there are bases");
    let mut image = base.to_vec();
    for _ in 0..luck.u8(1..=4) {
        let cut = if luck.bool() { luck.u64(1..20) } else { luck.u64(1..400) };
        let mut disk = Disk::holding(std::mem::take(&mut image), Plan::CutAt(cut));
        if planted == Planted::LyingSync {
            disk = disk.lying();
        }
        let before = witness.next;
        let opening = life(&disk, &mut witness, &bases.steps, &mut luck, planted == Planted::EarlyAnswer)?;
        tally.cuts.fetch_add(1, Relaxed);
        tally.opening.fetch_add(u64::from(opening), Relaxed);
        tally.acknowledged.fetch_add((witness.next - before) as u64, Relaxed);
        let loss = *luck.choice(&LOSSES).expect("there are losses");
        if witness.founded {
            image = disk.image(loss, &mut luck);
        }
    }
    let disk = Disk::holding(image, Plan::Sound);
    let upto = (witness.next + luck.usize(0..4)).min(bases.steps.len());
    life(&disk, &mut witness, &bases.steps[..upto], &mut luck, false)?;
    let store = Store::on_backend(disk, true).map_err(|fault| format!("OPEN: {fault}"))?;
    witness.look(&store)?;
    if seed.is_multiple_of(VERIFIED) {
        tally.verified.fetch_add(1, Relaxed);
        verified(&store)?;
    }
    Ok(())
}

/// Runs chains until there were `cuts` cuts; gives what happened.
fn run(cuts: u64, planted: Planted) -> Tally {
    let bases = Bases::new();
    let tally = Tally::default();
    let next = AtomicU64::new(1);
    let only: Option<u64> = std::env::var("TAIZHANG_SEED").ok().and_then(|seed| seed.parse().ok());
    let one = |seed: u64| {
        let came = catch_unwind(AssertUnwindSafe(|| chain(&bases, seed, planted, &tally)));
        let came = came.unwrap_or_else(|_| Err("PANIC".into()));
        if let Err(words) = came {
            tally.failures.lock().unwrap().push(format!("seed {seed}: {words}"));
        }
    };
    if let Some(seed) = only.filter(|_| planted == Planted::Nothing) {
        one(seed);
        return tally;
    }
    if planted == Planted::Nothing {
        FAILED_ONCE.iter().for_each(|seed| one(*seed));
    }
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while tally.cuts.load(Relaxed) < cuts {
                    one(next.fetch_add(1, Relaxed));
                }
            });
        }
    });
    tally
}

fn told(tally: &Tally, began: std::time::Instant) -> (u64, u64, Vec<String>) {
    let (cuts, opening) = (tally.cuts.load(Relaxed), tally.opening.load(Relaxed));
    let failures = tally.failures.lock().unwrap().clone();
    println!(
        "{cuts} cuts, {opening} of them in opening or recovery, {} steps acknowledged, {} stores verified, {} failures, {:?}",
        tally.acknowledged.load(Relaxed),
        tally.verified.load(Relaxed),
        failures.len(),
        began.elapsed()
    );
    failures.iter().take(10).for_each(|failure| println!("{failure}"));
    (cuts, opening, failures)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let wanted = std::env::var("TAIZHANG_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(CUTS);
    let began = std::time::Instant::now();
    let (cuts, opening, failures) = told(&run(wanted, Planted::Nothing), began);
    assert!(failures.is_empty(), "seeds that fail: {failures:?}");
    assert!(std::env::var("TAIZHANG_SEED").is_ok() || opening * 5 >= cuts, "too few cuts fell into opening");
}

#[test]
fn a_disk_that_lies_about_syncs_is_found_out() {
    let began = std::time::Instant::now();
    let (_, _, failures) = told(&run(200, Planted::LyingSync), began);
    assert!(failures.len() > 5, "the harness cannot see lost writes");
}

#[test]
fn an_answer_before_the_commit_is_found_out() {
    let began = std::time::Instant::now();
    let (_, _, failures) = told(&run(200, Planted::EarlyAnswer), began);
    assert!(failures.iter().any(|failure| failure.contains("LOST")), "the harness cannot see early answers");
}

/// The script is only worth something while it touches everything.
#[test]
fn the_script_touches_every_command() {
    let bases = Bases::new();
    let (witness, image) = bases.stores.last().expect("there are bases");
    assert!(witness.next + 10 > bases.steps.len());
    let store = Store::on_backend(Disk::holding(image.to_vec(), Plan::Sound), true).unwrap();
    let entries = bases.steps[..witness.next].iter().filter(|step| !matches!(step, Step::Draft(_))).count();
    assert_eq!(journal::head(&store.read().unwrap()).unwrap().seq.0, entries as u64);
    verified(&store).unwrap();
    let asked = |name: &str| {
        bases.steps.iter().any(|step| match step {
            Step::Ask(_, value) => value["do"] == *name,
            Step::Passphrase(..) => name == "note_passphrase",
            _ => false,
        })
    };
    let missing: Vec<&&str> = taizhang::domain::command::Command::NAMES.iter().filter(|name| !asked(name)).collect();
    assert!(missing.is_empty(), "no step of the script is {missing:?}");
}
