//! The real server killed again and again while many post: what was answered is there, once, and so is what was asked again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::program::Store;

/// How many post at once.
const WRITERS: usize = 6;
/// How often the server is killed; `TAIZHANG_KILLS` says otherwise.
const KILLS: usize = 20;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// A call of `post` that stays.
struct Line {
    child: Child,
    input: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Line {
    fn open(store: &Store) -> Line {
        let mut command = store.command(&["post"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Line { child, input, answers: BufReader::new(output) }
    }

    /// The answer to a command, or none where the server died before it came.
    fn ask(&mut self, command: &str) -> Option<Value> {
        writeln!(self.input, "{command}").ok()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).ok()?;
        serde_json::from_str(&answer).ok()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // It ends by itself once its server is gone; this only clears it away.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Posts orders one after the other, each until it is answered; gives what was answered, by id.
fn post(store: &Store, writer: usize, answers: &AtomicU64, done: &AtomicBool) -> BTreeMap<String, u64> {
    let (mut line, mut kept) = (Line::open(store), BTreeMap::new());
    while !done.load(Relaxed) {
        let id = format!("kill-{writer}-{}", kept.len());
        let order = format!(
            r#"{{"as":"zhuanyuan","id":"{id}","do":"enter_order","dealer":"D00001","lines":[{{"article":"HJ01","quantity":"1"}}]}}"#
        );
        match line.ask(&order) {
            Some(answer) => {
                assert_eq!(answer["ok"], true, "{answer}");
                kept.insert(id, answer["seq"].as_u64().expect("an entry"));
                answers.fetch_add(1, Relaxed);
            }
            None => line = Line::open(store),
        }
    }
    kept
}

/// Kills whoever serves the store; whether anybody did.
fn kill(store: &Store) -> bool {
    let served = UnixStream::connect(store.0.path().join("desk.sock"));
    let peer = served.and_then(|stream| Ok(rustix::net::sockopt::socket_peercred(&stream)?));
    peer.is_ok_and(|peer| rustix::process::kill_process(peer.pid, rustix::process::Signal::KILL).is_ok())
}

#[test]
fn what_was_answered_outlives_every_kill_and_what_is_asked_again_is_done_once() {
    let wanted = std::env::var("TAIZHANG_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let (store, mut luck) = (Store::demo(), fastrand::Rng::with_seed(20));
    let (answers, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let answered: BTreeMap<String, u64> = std::thread::scope(|scope| {
        let (store, answers, done) = (&store, &answers, &done);
        let writers = (0..WRITERS).map(|writer| scope.spawn(move || post(store, writer, answers, done)));
        let writers: Vec<_> = writers.collect();
        let (mut kills, begun) = (0, Instant::now());
        while kills < wanted {
            // Mostly in the middle of work, now and then while the store is being opened.
            let enough = answers.load(Relaxed) + if luck.u8(0..5) == 0 { 0 } else { luck.u64(1..40) };
            while answers.load(Relaxed) < enough && begun.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_micros(luck.u64(..20_000)));
            kills += usize::from(kill(store));
            assert!(begun.elapsed() < PATIENCE, "only {kills} kills");
        }
        done.store(true, Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    // Whoever was killed last may not have died yet.
    store.stop();
    let mut there: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for line in store.text(&["journal"]).lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        if let Some(id) = entry["id"].as_str().filter(|id| id.starts_with("kill-")) {
            there.entry(id.to_owned()).or_default().push(entry["seq"].as_u64().expect("a number"));
        }
    }
    println!("{} answered, {} there, {wanted} kills", answered.len(), there.len());
    for (id, seq) in &answered {
        assert_eq!(there.get(id), Some(&vec![*seq]), "{id} was answered");
    }
    assert!(there.values().all(|entries| entries.len() == 1), "{there:?}");
    assert!(answered.len() > wanted, "too few kills fell into work");
    assert!(store.text(&["verify"]).contains("good"));
}
