//! Disks that fail: every read, write, sync and change of length of the script fails once, alone or with all after it.
//!
//! After a failed commit nobody knows what is kept, so the desk must refuse everything that follows and say so; and
//! whatever was acknowledged before must be there when the store is opened anew. `TAIZHANG_FAULTS=all` looks at
//! five images of the disk for each failing call, failing once and for good, instead of one.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, mpsc};

use taizhang::desk::{Answer, Desk, thread};
use taizhang::store::open::Store;

use super::bases::Bases;
use super::disk::{CALLS, Call, Disk, LOSSES, Plan};
use super::script::{self, Came, Step};
use super::witness::{Witness, verified};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

/// A stretch of the script from a store on: opening it, and the steps up to the next store.
struct Stretch<'a> {
    witness: &'a Witness,
    image: &'a [u8],
    steps: &'a [Step],
}

fn stretches(bases: &Bases) -> Vec<Stretch<'_>> {
    let named = bases.stores.iter().filter(|(witness, _)| witness.founded);
    let stretch = named.map(|(witness, image)| {
        let upto = (witness.next + 11).min(bases.steps.len());
        Stretch { witness, image, steps: &bases.steps[..upto] }
    });
    stretch.collect()
}

/// What one failing call led to.
#[derive(Default)]
struct Seen {
    failed: bool,
    refused_after: u64,
}

/// Opens the store and hands in the stretch, on a disk that fails by `plan`.
fn work(stretch: &Stretch<'_>, disk: &Disk, witness: &mut Witness) -> Result<Seen, String> {
    let mut seen = Seen::default();
    let Ok(store) = Store::on_backend(disk.clone(), true) else {
        return Ok(Seen { failed: true, ..seen });
    };
    let desk = Desk::new(store);
    for index in witness.next..stretch.steps.len() {
        let step = &stretch.steps[index];
        if !seen.failed {
            witness.hands_in(std::slice::from_ref(step));
        }
        match script::hand_in(&desk, index, step) {
            Came::Unseen => return Ok(seen),
            Came::Kept(_) if seen.failed => return Err(format!("step {index} was accepted after a failed commit")),
            Came::Kept(seq) => {
                let entries = u64::from(!matches!(step, Step::Draft(_)));
                witness.is_told(1, seq.unwrap_or(witness.seq + entries), None);
            }
            Came::Failed(words) if words.contains("broke down") => return Err(format!("PANIC: {words}")),
            Came::Failed(_) if desk.stopped().is_none() => {
                return Err(format!("step {index} failed and the desk goes on"));
            }
            Came::Failed(_) if seen.failed => seen.refused_after += 1,
            Came::Failed(_) => seen.failed = true,
            Came::Refused(words) => return Err(format!("step {index} was refused: {words}")),
        }
    }
    Ok(seen)
}

fn point(stretch: &Stretch<'_>, nth: usize, plan: Plan, all: bool) -> Result<Seen, String> {
    let disk = Disk::holding(stretch.image.to_vec(), plan);
    let mut witness = stretch.witness.clone();
    let seen = work(stretch, &disk, &mut witness)?;
    let mut luck = fastrand::Rng::with_seed(nth as u64);
    let losses = if all { &LOSSES[..] } else { &LOSSES[nth % LOSSES.len()..][..1] };
    for loss in losses {
        let image = disk.image(*loss, &mut luck);
        let store =
            Store::on_backend(Disk::holding(image, Plan::Sound), true).map_err(|fault| format!("OPEN: {fault}"))?;
        witness.clone().look(&store)?;
        if nth.is_multiple_of(64) {
            verified(&store)?;
        }
    }
    Ok(seen)
}

/// Every call of every stretch, failing once or for good.
fn points(stretches: &[Stretch<'_>], all: bool) -> Vec<(usize, Plan)> {
    let mut points = Vec::new();
    for (at, stretch) in stretches.iter().enumerate() {
        let disk = Disk::holding(stretch.image.to_vec(), Plan::Sound);
        work(stretch, &disk, &mut stretch.witness.clone()).expect("a sound disk keeps everything");
        for call in CALLS {
            for nth in 1..=disk.calls(call) {
                let errno = if nth % 2 == 0 { EIO } else { ENOSPC };
                let ways = [false, true].into_iter().filter(|for_good| all || *for_good == (nth % 4 < 2));
                points.extend(ways.map(|for_good| (at, Plan::Fail { call, at: nth, errno, for_good })));
            }
        }
    }
    points
}

#[test]
fn a_failing_disk_stops_the_desk_and_loses_nothing() {
    let all = std::env::var("TAIZHANG_FAULTS").is_ok_and(|asked| asked == "all");
    let began = std::time::Instant::now();
    let bases = Bases::new();
    let stretches = stretches(&bases);
    let points = points(&stretches, all);
    let (next, stopped, refused) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some((nth, (at, plan))) =
                    Some(next.fetch_add(1, Relaxed)).and_then(|nth| Some((nth, *points.get(nth)?)))
                {
                    match point(&stretches[at], nth, plan, all) {
                        Ok(seen) => {
                            stopped.fetch_add(u64::from(seen.failed), Relaxed);
                            refused.fetch_add(seen.refused_after, Relaxed);
                        }
                        Err(words) => failures.lock().unwrap().push(format!("point {nth} {plan:?}: {words}")),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    let (count, stopped, refused) = (points.len(), stopped.into_inner(), refused.into_inner());
    println!("{count} failing calls, {stopped} stopped the desk, {refused} later steps refused, {:?}", began.elapsed());
    assert!(failures.is_empty(), "{} failures, such as {:#?}", failures.len(), &failures[..failures.len().min(5)]);
    assert!(stopped > 1_000 && refused > 1_000, "the disks did not fail where it matters");
}

/// Whoever runs the desk is told once, and all who wait are answered or let go.
#[test]
fn whoever_runs_the_desk_is_told_that_it_stopped() {
    let bases = Bases::new();
    let asks = |from: usize| bases.steps[from..].iter().take(3).all(|step| matches!(step, Step::Ask(..)));
    let (witness, image) = bases.stores.iter().find(|(witness, _)| witness.founded && asks(witness.next)).unwrap();
    let disk = Disk::holding(image.to_vec(), Plan::Sound);
    let desk = Arc::new(Desk::new(Store::on_backend(disk.clone(), true).unwrap()));
    let (tell, told) = mpsc::channel();
    let clock = || script::moment(100_000);
    let inbox = thread::start(desk.clone(), clock, |_| {}, move |why| drop(tell.send(why))).unwrap();
    let envelope = |nth: usize| script::envelope(&desk, witness.next + nth, &bases.steps[witness.next + nth]).unwrap();
    assert!(matches!(inbox.submit(envelope(0)), Answer::Accepted { .. }));
    let (second, third) = (envelope(1), envelope(2));
    disk.plan(Plan::Fail { call: Call::Sync, at: 1, errno: ENOSPC, for_good: false });
    assert!(matches!(inbox.submit(second), Answer::Failed(_)));
    let why = told.recv().unwrap();
    assert!(why.contains("No space left"), "{why}");
    assert!(matches!(inbox.submit(third), Answer::Failed(_)));
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}
