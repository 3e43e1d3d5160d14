//! From a key to the settled frame, measured from outside: the program on a pseudo-terminal, in turn with a peer.
//!
//! `cargo bench --bench keys`. The peer is `csvlens`, a pager of tables, over as many rows of orders; where it is not installed
//! only the floor is there to compare with: a `cat` on the same pseudo-terminal, which is what kernel and scheduler
//! cost. `TAIZHANG_BENCH_STORE` names a store that `taizhang demo` made; without it a small one is made. `ROWS`
//! says how many rows the peer gets.

#[path = "../tests/terminals/opened.rs"]
mod opened;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The terminal's size.
const SIZE: (u16, u16) = (120, 40);
/// After so long without a byte the picture is settled.
const SETTLED: Duration = Duration::from_millis(50);
/// After so long a program that says nothing is broken.
const PATIENCE: Duration = Duration::from_secs(120);
/// Turns of each side, and the keys of a turn.
const TURNS: usize = 6;
const KEYS: usize = 20;

const DOWN: &[u8] = b"\x1b[B";
const UP: &[u8] = b"\x1b[A";
const PAGE_DOWN: &[u8] = b"\x1b[6~";
const PAGE_UP: &[u8] = b"\x1b[5~";

/// A program at work.
struct Program {
    name: &'static str,
    terminal: OwnedFd,
    child: Child,
    cursor: Vec<Sample>,
    page: Vec<Sample>,
}

/// How long a key took, and how many bytes came.
#[derive(Clone, Copy)]
struct Sample(Duration, usize);

impl Program {
    fn start(name: &'static str, program: &str, args: &[&str], env: &[(&str, &OsStr)]) -> Program {
        let (terminal, _, child) = opened::start(OsStr::new(program), args, env, SIZE.0, SIZE.1);
        Program { name, terminal, child, cursor: Vec::new(), page: Vec::new() }
    }

    fn file(&self) -> File {
        File::from(self.terminal.try_clone().expect("a descriptor"))
    }

    /// What comes within `patience`, if anything.
    fn read(&self, into: &mut [u8], patience: Duration) -> usize {
        let mut fds = [PollFd::new(&self.terminal, PollFlags::IN)];
        let wait = Timespec { tv_sec: patience.as_secs() as i64, tv_nsec: patience.subsec_nanos().into() };
        poll(&mut fds, Some(&wait)).expect("the terminal can be waited for");
        if fds[0].revents().is_empty() { 0 } else { self.file().read(into).expect("the terminal can be read") }
    }

    /// Presses a key and waits until the picture is settled.
    fn press(&self, key: &[u8]) -> Sample {
        let begun = Instant::now();
        self.file().write_all(key).expect("the terminal takes keys");
        let (mut took, mut bytes, mut buffer) = (Duration::ZERO, 0, [0; 64 * 1024]);
        let mut patience = PATIENCE;
        loop {
            match self.read(&mut buffer, patience) {
                0 => return Sample(took, bytes),
                count => (took, bytes) = (begun.elapsed(), bytes + count),
            }
            patience = SETTLED;
        }
    }

    /// Waits until `words` were written and then nothing for a while.
    fn wait_for(&self, words: &str) {
        let (begun, mut seen, mut buffer) = (Instant::now(), Vec::new(), [0; 64 * 1024]);
        loop {
            let count = self.read(&mut buffer, SETTLED * 10);
            seen.extend_from_slice(&buffer[..count]);
            if count == 0 && String::from_utf8_lossy(&seen).contains(words) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{} does not show {words:?}", self.name);
        }
    }

    fn type_in(&self, words: &str) {
        for letter in words.chars() {
            self.press(letter.to_string().as_bytes());
        }
    }

    fn turn(&mut self) {
        for (keys, out) in [([DOWN, UP], false), ([PAGE_DOWN, PAGE_UP], true)] {
            let pressed: Vec<Sample> = keys
                .into_iter()
                .flat_map(|key| std::iter::repeat_n(key, KEYS / 2))
                .map(|key| self.press(key))
                .collect();
            if out { self.page.extend(pressed) } else { self.cursor.extend(pressed) }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // What does not end by itself ends with the bench.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The value below which `percent` of them lie.
fn quantile(samples: &[Sample], percent: usize) -> Duration {
    let mut all: Vec<Duration> = samples.iter().map(|sample| sample.0).collect();
    all.sort();
    all[(all.len() * percent).div_ceil(100).saturating_sub(1)]
}

fn report(what: &str, samples: &[Sample]) {
    let mut bytes: Vec<usize> = samples.iter().map(|sample| sample.1).collect();
    bytes.sort_unstable();
    let (half, most) = (quantile(samples, 50), quantile(samples, 99));
    println!("{what:<22} p50 {half:>10.1?}  p99 {most:>10.1?}  {:>6} bytes", bytes[bytes.len() / 2]);
}

/// A program in the folders of `PATH`.
fn installed(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// A table of orders.
fn table(path: &Path, rows: usize) {
    let mut out = std::io::BufWriter::new(File::create(path).expect("a file can be made"));
    writeln!(out, "order,day,dealer,due,paid,stage,address").expect("the file takes rows");
    for row in 0..rows {
        let (fen, day) = (row * 9_973 % 900_000, row % 28 + 1);
        writeln!(
            out,
            "XS2611{row:06},2026-11-{day:02},成都文轩图书专营店{},{}.{:02},0.00,待发货,四川省成都市青羊区文翁路{row}号",
            row % 977,
            fen / 100,
            fen % 100
        )
        .expect("the file takes rows");
    }
}

fn compare(ours: &Program, other: &Program) {
    for (what, one, two) in [("cursor", &ours.cursor, &other.cursor), ("page", &ours.page, &other.page)] {
        let ratio = |percent| {
            let hundredths = quantile(one, percent).as_nanos() * 100 / quantile(two, percent).as_nanos().max(1);
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        };
        println!("{what}: {} / {}  p50 {}  p99 {}", ours.name, other.name, ratio(50), ratio(99));
    }
}

fn main() {
    let program = env!("CARGO_BIN_EXE_taizhang");
    let folder = tempfile::tempdir().expect("a folder");
    let store = std::env::var_os("TAIZHANG_BENCH_STORE").map_or_else(|| folder.path().join("store"), PathBuf::from);
    if !store.exists() {
        let made = Command::new(program).args(["demo", "--no-open", "--store"]).arg(&store).status();
        assert!(made.is_ok_and(|status| status.success()), "a demonstration can be made");
    }
    let env = [("TAIZHANG_STORE", store.as_os_str()), ("LANG", OsStr::new("zh_CN.UTF-8"))];
    let mut ours = Program::start("taizhang", program, &[], &env);
    ours.wait_for("登录");
    ours.type_in("zhuguan\rtaizhang-demo\r");
    ours.press(DOWN);
    let floor = Program::start("floor", "sh", &["-c", "stty raw -echo; echo ready; exec cat"], &[]);
    floor.wait_for("ready");
    let rows = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let orders = folder.path().join("orders.csv");
    let mut peer = installed("csvlens").map(|path| {
        table(&orders, rows);
        let (path, orders) = (path.to_string_lossy().into_owned(), orders.to_string_lossy().into_owned());
        let peer = Program::start("csvlens", &path, &[&orders], &[]);
        peer.wait_for("XS2611");
        peer
    });
    let mut echoes = Vec::new();
    for _ in 0..TURNS {
        ours.turn();
        if let Some(peer) = &mut peer {
            peer.turn();
        }
        echoes.extend((0..KEYS).map(|_| floor.press(b"x")));
    }
    report("floor", &echoes);
    for program in [Some(&ours), peer.as_ref()].into_iter().flatten() {
        report(&format!("{} cursor", program.name), &program.cursor);
        report(&format!("{} page", program.name), &program.page);
    }
    match &peer {
        Some(peer) => compare(&ours, peer),
        None => println!("csvlens is not installed: no ratio"),
    }
}
