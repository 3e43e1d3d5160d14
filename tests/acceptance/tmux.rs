//! The program inside tmux, as a clerk over SSH has it.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::desk::{Desk, PASSPHRASE, PROGRAM, name_of};

/// How often a window is looked at.
const AGAIN: Duration = Duration::from_millis(30);

/// A tmux server of a test's own with one window.
pub struct Tmux {
    socket: String,
}

impl Tmux {
    /// Starts the program with `args` in a window of this size, at the sign-in.
    pub fn start(desk: &Desk, args: &str, size: (u16, u16)) -> Tmux {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let tmux = Tmux { socket: format!("taizhang-acceptance-{}-{number}", std::process::id()) };
        let program =
            format!("env TERM=tmux-256color LC_ALL=C.UTF-8 {PROGRAM} --store {} {args}", desk.path().display());
        let (cols, rows) = (size.0.to_string(), size.1.to_string());
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-s", "w", "-x", &cols, "-y", &rows, &program]);
        tmux.run(&["set-option", "-g", "remain-on-exit", "on"]);
        tmux.wait_for("zhuanyuan");
        tmux
    }

    /// The same with a person signed in.
    pub fn sit(desk: &Desk, person: &str, args: &str, size: (u16, u16)) -> Tmux {
        let tmux = Tmux::start(desk, args, size);
        tmux.literal(person);
        tmux.keys(&["Enter"]);
        tmux.literal(PASSPHRASE);
        tmux.keys(&["Enter"]);
        tmux.wait_for(&format!("{}/", name_of(person)));
        tmux
    }

    /// Runs one tmux command.
    pub fn run(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").args(["-u", "-L", &self.socket]).args(args).env("LC_ALL", "C.UTF-8").output();
        let output =
            output.unwrap_or_else(|fault| panic!("tmux is needed for this test (apt-get install tmux): {fault}"));
        assert!(output.status.success(), "tmux {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Presses keys by their tmux names.
    pub fn keys(&self, keys: &[&str]) {
        self.run(&[&["send-keys", "-t", "w"], keys].concat());
    }

    /// Sends text in one piece.
    pub fn literal(&self, text: &str) {
        self.run(&["send-keys", "-t", "w", "-l", text]);
    }

    /// Sends bytes.
    pub fn bytes(&self, bytes: &[u8]) {
        let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:x}")).collect();
        let hex: Vec<&str> = hex.iter().map(String::as_str).collect();
        self.run(&[&["send-keys", "-t", "w", "-H"], &hex[..]].concat());
    }

    /// What the window shows.
    pub fn capture(&self) -> String {
        self.run(&["capture-pane", "-p", "-t", "w"])
    }

    /// A format of tmux, about the window.
    pub fn display(&self, format: &str) -> String {
        self.run(&["display-message", "-p", "-t", "w", format]).trim().to_owned()
    }

    /// Waits until the window is as `right` says.
    pub fn until(&self, what: &str, right: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.capture();
            if right(&shown) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{what} did not come; the window shows\n{shown}");
            std::thread::sleep(AGAIN);
        }
    }

    /// Waits until the window shows `text`.
    pub fn wait_for(&self, text: &str) -> String {
        self.until(text, |shown| shown.contains(text))
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // A server that has gone with its window needs no end.
        let _ = Command::new("tmux").args(["-L", &self.socket, "kill-server"]).output();
    }
}
