//! A demo department of a test's own, people at its terminals, and its journal.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::pty::Pty;

/// The passphrase of everybody in the demo.
pub const PASSPHRASE: &str = "taizhang-demo";
/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_taizhang");

/// A store with the demo department; its server ends with it.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// The demo, made once for all tests of a run, so that its deadlines are of today.
fn original() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance-demo");
        let _ = std::fs::remove_dir_all(&folder);
        let made = Command::new(PROGRAM).args(["demo", "--no-open", "--store"]).arg(&folder).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        folder
    })
}

impl Desk {
    pub fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("inbox")).unwrap();
        for name in ["books.redb", "welcome.txt"] {
            std::fs::copy(original().join(name), folder.path().join(name)).unwrap();
        }
        for file in std::fs::read_dir(original().join("inbox")).unwrap().flatten() {
            std::fs::copy(file.path(), folder.path().join("inbox").join(file.file_name())).unwrap();
        }
        Desk { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A terminal with nobody at it yet.
    pub fn terminal(&self, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        let mut all = vec![("TAIZHANG_STORE", self.path().as_os_str()), ("LC_ALL", OsStr::new("C.UTF-8"))];
        all.extend(env.iter().map(|(name, value)| (*name, OsStr::new(*value))));
        let terminal = Pty::start(OsStr::new(PROGRAM), args, &all, size.0, size.1);
        terminal.wait_for_text("zhuanyuan");
        terminal
    }

    /// The person of that code, at a terminal of this size.
    pub fn sit(&self, person: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        let terminal = self.terminal(args, env, size);
        sign_in(&terminal, person);
        terminal
    }

    /// The person of that code at an ordinary terminal.
    pub fn clerk(&self, person: &str) -> Pty {
        self.sit(person, &[], &[], (80, 24))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).args(["--lang", "en", "--store"]).arg(self.path()).stdin(Stdio::null());
        command
    }

    /// What a subcommand prints, with its status.
    pub fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.command(args).output().unwrap();
        let words = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&words).into_owned())
    }

    /// The rows of a list.
    pub fn rows(&self, args: &[&str]) -> Vec<Value> {
        let output = self.command(&[&["show", "--json"], args].concat()).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The journal without comings and goings, which are no business.
    pub fn journal(&self) -> Vec<Value> {
        let (_, lines) = self.run(&["journal"]);
        let entries = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        entries.filter(|entry| entry["event"]["event"] != "signed_in").collect()
    }

    /// The first order at this stage of which `right` is true, by number.
    pub fn order(&self, state: &str, right: impl Fn(&Value) -> bool) -> String {
        let orders = self.rows(&["orders", "--state", state]);
        let order = orders.iter().find(|order| right(order)).unwrap_or_else(|| panic!("no such order is {state}"));
        order["order"].as_str().unwrap().to_owned()
    }

    /// How many have signed an order.
    pub fn signatures(&self, order: &str) -> usize {
        let orders = self.rows(&["orders", order]);
        orders[0]["shipments"][0]["signed"].as_array().unwrap().len()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(pid) = server(self.path()) {
            // A server that has ended by itself needs no end.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}

/// The process that serves a store: the kernel knows it as the peer of a connection to the socket.
pub fn server(store: &Path) -> Option<rustix::process::Pid> {
    let stream = std::os::unix::net::UnixStream::connect(store.join("desk.sock")).ok()?;
    Some(rustix::net::sockopt::socket_peercred(&stream).ok()?.pid)
}

/// Signs a person in.
pub fn sign_in(terminal: &Pty, person: &str) {
    terminal.keys(format!("{person}\r{PASSPHRASE}\r").as_bytes());
    let name = name_of(person);
    terminal.wait_for("the person's name in the first row", |screen| row(screen, 0).contains(&format!("{name}/")));
}

/// The name of a person of the demo.
pub fn name_of(person: &str) -> &'static str {
    let known = taizhang::demo::PEOPLE.iter().find(|(code, ..)| *code == person);
    known.map(|(_, name, _)| *name).expect("a person of the demo")
}

/// One row of a screen.
pub fn row(screen: &vt100::Screen, number: u16) -> String {
    screen.contents_between(number, 0, number, screen.size().1.get())
}

/// The chosen row of a list, if there is one.
pub fn chosen(screen: &vt100::Screen) -> String {
    (0..screen.size().0.get()).map(|number| row(screen, number)).find(|row| row.starts_with('>')).unwrap_or_default()
}

/// Finds `text` in the list on top and leaves the filter standing.
pub fn find(terminal: &Pty, text: &str) {
    terminal.keys(b"\x1bOS");
    terminal.keys(text.as_bytes());
    terminal.wait_for(text, |screen| chosen(screen).contains(text));
    terminal.keys(b"\r");
}

/// Presses `key` until `text` shows, no faster than a question takes keys.
pub fn press_until(terminal: &Pty, key: &[u8], text: &str) -> String {
    for _ in 0..20 {
        terminal.keys(key);
        if let Some(seen) = terminal.look(std::time::Duration::from_secs(2), |screen| screen.contents().contains(text))
        {
            return seen;
        }
    }
    terminal.wait_for_text(text)
}
