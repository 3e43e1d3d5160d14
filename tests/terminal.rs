//! Terminals and their server: attaching, living together, breaking and coming back.

mod terminals;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use taizhang::client::{self, Launch, Setup, Taste};
use taizhang::domain::id::PersonId;
use taizhang::server::{Options, Progress, ServeFault, detach};
use taizhang::store::books::Books;
use taizhang::store::open::Store;
use taizhang::wire::{Call, Goodbye, Hello, Place, RUNNING, Up, Want};
use terminals::house::{self, Running};
use terminals::pty::Pty;
use terminals::socket::{Socket, connect};

const ROLE: &str = "TAIZHANG_TEST_ROLE";
const STORE: &str = "TAIZHANG_TEST_STORE";

/// This test program again, to be another process: `ROLE` says which side it is.
fn itself(role: &str, store: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "this_program_can_be_any_side", "--nocapture"]).env(ROLE, role).env(STORE, store);
    command
}

fn setup(store: &Path) -> Setup {
    let place = Place::new(store).unwrap();
    let folder = store.to_owned();
    let launch = Launch::new(move || Ok(itself("server", &folder)));
    Setup { place, launch, taste: Taste::default() }
}

#[test]
fn this_program_can_be_any_side() {
    let store = std::env::var_os(STORE).unwrap_or_default();
    let store = Path::new(&store);
    let status = match std::env::var(ROLE).as_deref() {
        Ok("server") => {
            detach::detach().unwrap();
            let mut options = Options::new(store.to_owned());
            options.linger = Some(Duration::from_secs(5));
            options.ready = Box::new(detach::tell_ready);
            match taizhang::server::serve(options, house::open) {
                Ok(()) => 0,
                Err(ServeFault::Gate(taizhang::server::GateFault::Running)) => i32::from(RUNNING),
                Err(fault) => panic!("{fault}"),
            }
        }
        Ok("terminal") => match client::open(&setup(store)) {
            Ok(left) => i32::from(left == client::Left::Hangup),
            Err(fault) => {
                println!("{fault}");
                4
            }
        },
        Ok("speaker") => 42,
        _ => {
            let spoken = itself("speaker", Path::new("/")).stdout(Stdio::null()).status().unwrap();
            assert_eq!(spoken.code(), Some(42));
            return;
        }
    };
    std::process::exit(status);
}

fn terminal(store: &Path, cols: u16, rows: u16) -> Pty {
    let program = std::env::current_exe().unwrap();
    let args = ["--exact", "this_program_can_be_any_side", "--nocapture"];
    Pty::start(program.as_os_str(), &args, &[(ROLE, OsStr::new("terminal")), (STORE, store.as_os_str())], cols, rows)
}

fn server_pid(store: &Path) -> rustix::process::Pid {
    let mut out = Vec::new();
    let call = Call { verb: "pid".into(), args: serde_json::Value::Null };
    let setup = setup(store);
    let status = client::call(&setup.place, &setup.launch, call, None, &mut out, &mut Vec::new()).unwrap();
    assert_eq!(status, 0);
    rustix::process::Pid::from_raw(String::from_utf8(out).unwrap().parse().unwrap()).unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_change_on_one_terminal_shows_on_the_other() {
    let store = folder();
    let _server = Running::start(store.path());
    let (mut one, mut other) = (Socket::attach(store.path(), 80, 24), Socket::attach(store.path(), 60, 16));
    one.keys(b"\x1b[B");
    assert!(one.text().contains("按键 1") && one.text().contains("key Down"));
    assert!(other.text().contains("按键 0"));
    one.keys(b"r");
    assert!(one.text().contains("accepted"), "{}", one.text());
    other.until_text("账目 1");
    assert_eq!(other.told.2, 1, "the frame says which entry it was drawn at");
    other.keys(b"9787020002207\r");
    assert!(other.text().contains("burst 9787020002207 true"));
    one.send(&Up::Size { cols: 100, rows: 30 });
    one.until_text("size 100x30");
}

#[test]
fn keys_come_between_what_a_move_makes_terminals_read_one_after_another() {
    let store = folder();
    let _server = Running::start(store.path());
    let attach = || Socket::attach(store.path(), 80, 24);
    let (mut one, mut first, mut second) = (attach(), attach(), attach());
    let unread = |socket: &Socket| {
        let screen = socket.text();
        let left = screen.lines().find_map(|line| line.trim().strip_prefix("未读 ")).map(str::to_owned);
        left.and_then(|left| left.parse::<u32>().ok()).unwrap_or_else(|| panic!("{screen}"))
    };
    for slow in [&mut first, &mut second] {
        slow.keys(b"h");
    }
    // What happens elsewhere waits until the keys rest.
    std::thread::sleep(Duration::from_millis(150));
    one.keys(b"r");
    std::thread::sleep(Duration::from_millis(30));
    one.keys(b"\x1b[B");
    second.keys(b"\x1b[B");
    assert!(second.text().contains("账目 0"), "it is the first one's turn: {}", second.text());
    let frames = first.frames;
    first.keys(b"\x1b[B");
    assert!(first.text().contains("账目 1") && (1..house::PARTS).contains(&unread(&first)), "{}", first.text());
    assert_eq!(first.frames, frames + 1, "nothing was drawn before the key");
    for slow in [&mut first, &mut second] {
        slow.frame();
        assert!(slow.text().contains("账目 1") && unread(slow) == 0, "drawn once all is read: {}", slow.text());
    }
}

#[test]
fn the_cursor_stands_in_the_field_and_a_character_is_not_held_there() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut one = Socket::attach(store.path(), 80, 24);
    one.keys(b"t");
    one.keys("成都".as_bytes());
    assert!(one.text().contains("正文 成都"));
    assert_eq!(one.cursor(), (3, 5));
    let before = one.frames;
    one.keys(b"x");
    assert_eq!(one.frames, before + 1, "one key in a field, one frame");
    one.keys(b"\x1b");
    assert_eq!(one.cursor(), (23, 0), "without a field the cursor is parked");
}

#[test]
fn a_terminal_that_reads_nothing_delays_nobody() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut stalled: Vec<Socket> = (0..10).map(|_| Socket::greet(store.path(), 200, 60)).collect();
    stalled.iter_mut().for_each(|socket| socket.press(b"\x1b[A"));
    let mut one = Socket::attach(store.path(), 200, 60);
    let mut times: Vec<Duration> = (0..500)
        .map(|n| {
            let begun = Instant::now();
            one.keys(if n % 2 == 0 { b"\x1b[A" } else { b"\x1b[B" });
            begun.elapsed()
        })
        .collect();
    one.keys(b"r");
    times.sort();
    println!("key to frame beside ten stalled terminals: p50 {:?} p99 {:?}", times[250], times[495]);
    assert!(times[250] < Duration::from_millis(250), "{:?}", times[250]);
    for socket in &mut stalled {
        socket.until_text("账目 1");
        assert!(socket.frames <= 3, "what was missed was merged, not queued: {} frames", socket.frames);
    }
}

#[test]
fn two_hundred_terminals_fit_and_the_next_is_told() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut all: Vec<Socket> = (0..200).map(|_| Socket::attach(store.path(), 120, 40)).collect();
    let mut late = Socket::greet(store.path(), 80, 24);
    assert_eq!(late.goodbye(), Some(Goodbye::Full { limit: 200 }));
    all[7].keys(b"r");
    all.iter_mut().for_each(|socket| socket.until_text("账目 1"));
    drop(all.pop());
    let begun = Instant::now();
    while Socket::greet(store.path(), 80, 24).take_frame().is_err() {
        assert!(begun.elapsed() < terminals::PATIENCE, "a place that was left can be taken");
    }
}

#[test]
fn a_screen_that_breaks_closes_alone() {
    let store = folder();
    let _server = Running::start(store.path());
    let (mut one, mut other) = (Socket::attach(store.path(), 80, 24), Socket::attach(store.path(), 80, 24));
    one.press(b"p");
    assert_eq!(one.goodbye(), Some(Goodbye::Broken));
    other.keys(b"r");
    other.until_text("账目 1");
    other.press(b"q");
    assert_eq!(other.goodbye(), Some(Goodbye::Quit));
}

#[test]
fn hostile_bytes_close_their_own_connection_only() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut honest = Socket::attach(store.path(), 80, 24);
    let mut random = fastrand::Rng::with_seed(42);
    let mut times = Vec::new();
    for round in 0..1_000 {
        let mut hostile = connect(store.path());
        let mut bytes = Vec::new();
        match random.u8(0..6) {
            0 => (0..random.usize(1..300)).for_each(|_| bytes.push(random.u8(..))),
            1 => bytes.extend(u32::MAX.to_le_bytes()),
            2 => bytes.extend([5, 0, 0, 0, 99, 1, 2, 3, 4]),
            3 => Up::Ack.encode(&mut bytes),
            _ => {
                let greeting = Hello::new(Want::Screen(terminals::socket::terminal(random.u16(..), random.u16(..))));
                Up::Hello(Box::new(greeting)).encode(&mut bytes);
                (0..random.usize(0..400))
                    .for_each(|_| Up::Size { cols: random.u16(..), rows: random.u16(..) }.encode(&mut bytes));
                let cut = random.usize(0..=bytes.len());
                bytes.truncate(cut);
                bytes.push(random.u8(..));
            }
        }
        // The server may hang up in the middle of it, which is what is tested.
        let _ = hostile.write_all(&bytes);
        if random.bool() {
            let _ = hostile.shutdown(std::net::Shutdown::Write);
        }
        if round % 10 == 0 {
            let begun = Instant::now();
            honest.keys(b"\x1b[A");
            times.push(begun.elapsed());
        }
    }
    times.sort();
    println!("the honest terminal's keys: p50 {:?}, p99 {:?}", times[50], times[98]);
    honest.keys(b"r");
    // The answer and the word that the journal moved come each by themselves.
    honest.until_text("账目 1");
    assert!(times[50] < Duration::from_millis(250), "{:?}", times[50]);
}

#[test]
fn mute_connections_make_room_for_the_next() {
    let store = folder();
    let _server = Running::start(store.path());
    let mute: Vec<_> = (0..80).map(|_| connect(store.path())).collect();
    let mut one = Socket::attach(store.path(), 80, 24);
    one.keys(b"r");
    let mut first = &mute[0];
    assert_eq!(first.read(&mut [0; 8]).unwrap(), 0, "the oldest mute connection was closed");
}

#[test]
fn another_protocol_is_told_which_one_is_spoken_here() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut bytes = Vec::new();
    Up::Hello(Box::new(Hello { protocol: 77, version: String::new(), want: None })).encode(&mut bytes);
    let mut stream = connect(store.path());
    stream.write_all(&bytes).unwrap();
    let mut inflow = taizhang::wire::Inflow::new(4096);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    inflow.push(&answer);
    let told = inflow.next_down().unwrap();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    assert_eq!(
        told,
        Some(taizhang::wire::Down::Goodbye(Goodbye::Protocol { protocol: taizhang::wire::PROTOCOL, version }))
    );
}

#[test]
fn people_sign_in_and_who_they_are_is_the_servers_word() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut one = Socket::attach(store.path(), 80, 24);
    one.keys(b"r");
    assert!(one.text().contains("None unproved"), "{}", one.text());
    one.keys(b"s");
    assert!(one.text().contains("人员 7"));
    one.keys(b"r");
    let uid = rustix::process::getuid().as_raw();
    assert!(one.text().contains(&format!("Some(PersonId(7)) proved uid {uid}")), "{}", one.text());
    one.keys(b"o");
    one.keys(b"r");
    assert!(one.text().contains("None unproved"));
    one.keys(b"s");
    one.keys(b"v");
    one.keys(b"w");
    assert!(one.text().contains("not signed in"));
}

#[test]
fn guessing_is_slowed_down_and_unknown_people_answer_alike() {
    let store = folder();
    let _server = Running::start(store.path());
    let mut one = Socket::attach(store.path(), 80, 24);
    for key in [b"u", b"u", b"u", b"w", b"w", b"w"] {
        one.keys(key);
        assert!(one.text().contains("not signed in"));
    }
    // The third wrong one closed the door for a second, even to the right one.
    one.keys(b"s");
    assert!(one.text().contains("not signed in") && one.text().contains("人员 -"), "{}", one.text());
}

#[test]
fn a_store_that_opens_slowly_shows_how_far_it_is() {
    let store = folder();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let path = store.path().to_owned();
    let server = std::thread::spawn(move || {
        let mut options = Options::new(path);
        options.waiting = Box::new(|_, progress| vec![format!("{} {}", progress.stage, progress.done)]);
        taizhang::server::serve(options, move |mail| {
            mail.opening(Progress { stage: "checking", done: 400 });
            wait.recv().unwrap();
            let house = house::open(mail.clone());
            std::thread::spawn(move || {
                // The second word from the test stops the server.
                let _ = wait.recv();
                mail.stop();
            });
            house
        })
    });
    let mut early = Socket::greet(store.path(), 80, 24);
    early.until_text("checking 400");
    early.press(b"x");
    go.send(()).unwrap();
    early.until_text("按键 0");
    go.send(()).unwrap();
    assert_eq!(early.goodbye(), Some(Goodbye::Stopping));
    server.join().unwrap().unwrap();
}

#[test]
fn a_store_that_cannot_be_opened_is_said_and_the_server_ends() {
    let store = folder();
    let path = store.path().to_owned();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        taizhang::server::serve(Options::new(path), move |_| {
            wait.recv().unwrap();
            panic!("a planted bug")
        })
    });
    let mut early = Socket::greet(store.path(), 80, 24);
    go.send(()).unwrap();
    assert!(matches!(early.goodbye(), Some(Goodbye::Closed { .. }) | None));
    assert!(matches!(server.join().unwrap(), Err(ServeFault::Store(_))));
}

#[test]
fn a_failed_commit_is_told_on_every_terminal() {
    let store = folder();
    let server = Running::start(store.path());
    let mut all: Vec<Socket> = (0..3).map(|_| Socket::attach(store.path(), 80, 24)).collect();
    server.mail().fatal("disk full".into());
    for socket in &mut all {
        assert_eq!(socket.goodbye(), Some(Goodbye::Closed { fault: "disk full".into() }));
    }
}

#[test]
fn calls_carry_input_output_and_status() {
    let store = folder();
    let _server = Running::start(store.path());
    let setup = setup(store.path());
    let call = |verb: &str, input: &'static [u8]| {
        let (mut out, mut error) = (Vec::new(), Vec::new());
        let call = Call { verb: verb.into(), args: serde_json::Value::Null };
        let status =
            client::call(&setup.place, &setup.launch, call, Some(Box::new(input)), &mut out, &mut error).unwrap();
        (status, out, String::from_utf8(error).unwrap())
    };
    let big: &'static [u8] = Box::leak(vec![b'x'; 3_000_000].into_boxed_slice());
    let uid = rustix::process::getuid().as_raw();
    assert_eq!(call("echo", big), (0, big.to_vec(), format!("3000000 bytes from uid {uid}")));
    assert_eq!(call("echo", b"").0, 1);
    for verb in ["broken", "", "\0", "a\0b", "\u{1b}]0;x\u{7}", "一二三四五六七八九十"] {
        assert_eq!(call(verb, b"").0, 70, "{verb:?}");
    }
    let mut one = Socket::attach(store.path(), 80, 24);
    one.keys(b"r");
}

#[test]
fn twelve_terminals_that_start_at_once_have_one_server() {
    let store = folder();
    let all: Vec<Pty> = (0..12).map(|_| terminal(store.path(), 80, 24)).collect();
    all.iter().for_each(|pty| drop(pty.wait_for_text("台账 终端")));
    let pid = server_pid(store.path());
    all[3].keys(b"r");
    all.iter().for_each(|pty| drop(pty.wait_for_text("账目 1")));
    for mut pty in all {
        pty.keys(b"q");
        assert_eq!(pty.wait().code(), Some(0));
    }
    assert_eq!(server_pid(store.path()), pid);
    rustix::process::kill_process(pid, Signal::TERM).unwrap();
}

#[test]
fn a_killed_server_is_back_within_two_seconds() {
    let store = folder();
    let (one, mut other) = (terminal(store.path(), 80, 24), terminal(store.path(), 80, 24));
    one.wait_for_text("台账 终端");
    other.wait_for_text("台账 终端");
    one.keys(b"\x1b[A");
    one.wait_for_text("按键 1");
    let pid = server_pid(store.path());
    let begun = Instant::now();
    rustix::process::kill_process(pid, Signal::KILL).unwrap();
    one.wait_for_text("按键 0");
    other.keys(b"\x1b[A");
    other.wait_for_text("按键 1");
    let back = begun.elapsed();
    println!("back after {back:?}");
    assert!(back < Duration::from_secs(2), "{back:?}");
    one.wait_for_written("正在重新启动");
    assert_ne!(server_pid(store.path()), pid);
    other.keys(b"q");
    assert_eq!(other.wait().code(), Some(0));
    rustix::process::kill_process(server_pid(store.path()), Signal::TERM).unwrap();
}

#[test]
fn a_server_that_dies_again_and_again_is_given_up_with_what_is_known_of_it() {
    let store = folder();
    let mut one = terminal(store.path(), 80, 24);
    one.wait_for_text("台账 终端");
    // What an earlier server wrote is nothing of this one.
    let place = Place::new(store.path()).unwrap();
    assert_eq!(std::fs::read_to_string(place.log()).unwrap_or_default(), "");
    // Four deaths in all; where the terminal meets a server that is just ending, that is one of them.
    for _ in 1..=4 {
        one.wait_for("a new screen, or the end", |screen| {
            let shown = screen.contents();
            shown.contains("按键 0") || shown.contains("Dying")
        });
        if one.look(Duration::ZERO, |screen| screen.contents().contains("Dying")).is_some() {
            break;
        }
        one.keys(b"\x1b[A");
        one.wait_for_text("按键 1");
        rustix::process::kill_process(server_pid(store.path()), Signal::KILL).unwrap();
    }
    let told = one.wait_for_written("Dying");
    assert_eq!(one.wait().code(), Some(4));
    assert!(told.contains("times: 4") && told.contains("Signal(9)") && told.contains("log: \"\""), "{told}");
}

#[test]
fn a_stopped_terminal_catches_up() {
    let store = folder();
    let server = Running::start(store.path());
    let (stopped, mut one) = (terminal(store.path(), 80, 24), Socket::attach(store.path(), 80, 24));
    stopped.wait_for_text("台账 终端");
    stopped.signal(Signal::STOP);
    (0..20).for_each(|_| one.keys(b"r"));
    stopped.signal(Signal::CONT);
    stopped.wait_for_text("账目 20");
    drop(server);
}

#[test]
fn the_terminal_is_left_as_it_was_found() {
    let store = folder();
    let _server = Running::start(store.path());
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let mut pty = terminal(store.path(), 80, 24);
        pty.wait_for_text("台账 终端");
        let raw = pty.settings();
        assert!(!raw.local_modes.contains(rustix::termios::LocalModes::ICANON));
        match signal {
            None => pty.keys(b"q"),
            Some(signal) => pty.signal(signal),
        }
        pty.wait();
        assert!(
            pty.settings()
                .local_modes
                .contains(rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO)
        );
        let written = pty.wait_for_written("\x1b[?1049l");
        for opened in ["\x1b[?1049h", "\x1b[?2004h", "\x1b>", "\x1b[?1l"] {
            assert!(written.contains(opened), "{opened:?}");
        }
        for never in ["?1000h", "?1002h", "?1003h", "\x1b[>", "\x1b]", "?25l"] {
            assert!(!written.contains(never), "{never:?}");
        }
        let last = &written[written.len() - 40..];
        for closed in ["\x1b[?2004l", "\x1b[?25h", "\x1b[?1049l"] {
            assert!(last.contains(closed), "{closed:?} in {last:?}");
        }
    }
}

#[test]
fn a_dead_terminal_ends_its_program_even_where_hangups_are_ignored() {
    let store = folder();
    let _server = Running::start(store.path());
    let program = std::env::current_exe().unwrap();
    let script = format!("trap '' HUP; exec {} --exact this_program_can_be_any_side --nocapture", program.display());
    let env = [(ROLE, OsStr::new("terminal")), (STORE, store.path().as_os_str())];
    let pty = Pty::start(OsStr::new("sh"), &["-c", &script], &env, 80, 24);
    pty.wait_for_text("台账 终端");
    let begun = Instant::now();
    pty.hang_up();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_terminal_follows_its_size_and_stays_small() {
    let store = folder();
    let _server = Running::start(store.path());
    let pty = terminal(store.path(), 80, 24);
    pty.wait_for_text("台账 终端");
    for (cols, rows) in [(120, 40), (200, 60), (20, 5), (5, 2), (80, 24)] {
        pty.resize(cols, rows);
        let expected = format!("size {cols}x{rows}");
        if cols >= 20 && rows > 5 {
            pty.wait_for_text(&expected);
        }
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", pty.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("a terminal's peak memory, in a test build: {}", peak.trim());
}

#[test]
fn a_server_nobody_needs_ends_by_itself() {
    let store = folder();
    let begun = Instant::now();
    let served = {
        let mut options = Options::new(store.path().to_owned());
        options.linger = Some(Duration::from_millis(300));
        taizhang::server::serve(options, house::open)
    };
    served.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert!(!Place::new(store.path()).unwrap().socket().exists());
}

#[test]
fn a_second_server_says_that_one_runs() {
    let store = folder();
    let _server = Running::start(store.path());
    let status = itself("server", store.path()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(i32::from(RUNNING)));
}

#[test]
fn a_real_store_is_founded_signed_into_and_remembers_wrong_passphrases() {
    let store = folder();
    let uid = rustix::process::getuid().as_raw();
    {
        let _server = Running::with_books(store.path());
        let mut one = Socket::attach(store.path(), 80, 24);
        one.keys(b"r");
        assert!(one.text().contains("Refused"), "nobody is signed in: {}", one.text());
        one.keys(b"a");
        assert!(one.text().contains("PersonAppointed"), "{}", one.text());
        one.keys(b"k");
        assert!(one.text().contains("PassphraseChanged"), "the first administrator is who sits here: {}", one.text());
        one.keys(b"o");
        one.keys(b"a");
        assert!(one.text().contains("Refused"), "a second first administrator is none: {}", one.text());
        one.keys(b"s");
        assert!(one.text().contains("人员 1"), "{}", one.text());
        one.keys(b"i");
        assert!(one.text().contains("Damaged"), "a file that is not there: {}", one.text());
        one.keys(b"t");
        one.keys(b"half an order");
        let mut other = Socket::attach(store.path(), 80, 24);
        other.keys(b"w");
        other.keys(b"w");
    }
    let books = Store::open(&Place::new(store.path()).unwrap().books(), false, &mut |_| {}).unwrap();
    let read = books.read().unwrap();
    let draft = read.draft(PersonId(1), "text").unwrap();
    assert_eq!(draft.as_deref(), Some("half an order"), "what was half-entered waits for its person");
    assert_eq!(read.tries(house::PERSON.0, uid).unwrap().0, 2, "failures outlive the server");
    let lines: Vec<String> =
        (1..=4).filter_map(|seq| read.line(seq).unwrap()).map(|line| String::from_utf8(line).unwrap()).collect();
    assert!(lines[0].contains(&format!("uid {uid} gid ")), "the journal names the kernel's word: {}", lines[0]);
    assert!(lines.iter().any(|line| line.contains("\"signed_in\"")), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains(house::PERSON.1)));
}

#[test]
fn a_server_out_of_descriptors_rests_and_recovers() {
    let store = folder();
    let program = std::env::current_exe().unwrap();
    let script = format!("ulimit -n 24; exec {} --exact this_program_can_be_any_side --nocapture", program.display());
    let mut command = Command::new("sh");
    command.args(["-c", &script]).env(ROLE, "server").env(STORE, store.path());
    let mut server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut one = Socket::attach(store.path(), 80, 24);
    let many: Vec<_> = (0..60).map(|_| connect(store.path())).collect();
    one.keys(b"r");
    // Whoever is in goes on working while nobody else can come in.
    (0..20).for_each(|_| one.keys(b"\x1b[A"));
    drop(many);
    let mut late = Socket::attach(store.path(), 80, 24);
    late.keys(b"r");
    rustix::process::kill_process(rustix::process::Pid::from_child(&server), Signal::TERM).unwrap();
    assert_eq!(late.goodbye(), Some(Goodbye::Stopping));
    server.wait().unwrap();
}
