//! A program on a pseudo-terminal of its own, and the picture it draws there.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{Termios, tcgetattr};

use super::PATIENCE;
use super::opened;

struct Seen {
    terminal: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
}

/// A running program and its terminal.
pub struct Pty {
    master: Option<OwnedFd>,
    /// Closing it ends the reading thread, which holds the master too.
    reading: Option<UnixStream>,
    slave: File,
    child: Child,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

impl Pty {
    /// Starts `program` with `args` and `env` as the leader of a session on a new terminal of this size.
    pub fn start(program: &OsStr, args: &[&str], env: &[(&str, &OsStr)], cols: u16, rows: u16) -> Pty {
        let (master, slave, child) = opened::start(program, args, env, cols, rows);
        let terminal = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let seen = Arc::new((Mutex::new(Seen { terminal, raw: Vec::new(), ended: false }), Condvar::new()));
        let (mut from, to) = (File::from(master.try_clone().unwrap()), seen.clone());
        let (reading, stop) = UnixStream::pair().unwrap();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let mut fds = [PollFd::new(&from, PollFlags::IN), PollFd::new(&stop, PollFlags::IN)];
                poll(&mut fds, None).unwrap();
                let stopped = !fds[1].revents().is_empty();
                let count = if stopped { 0 } else { from.read(&mut bytes).unwrap_or(0) };
                let mut seen = to.0.lock().unwrap();
                seen.terminal.process(&bytes[..count]);
                seen.raw.extend_from_slice(&bytes[..count]);
                seen.ended = count == 0;
                to.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Pty { master: Some(master), reading: Some(reading), slave, child, seen }
    }

    /// The program's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends key bytes.
    pub fn keys(&self, bytes: &[u8]) {
        let master = self.master.as_ref().expect("the terminal is there");
        File::from(master.try_clone().unwrap()).write_all(bytes).unwrap();
    }

    /// Gives the terminal another size, which the program is told by its signal.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.seen.0.lock().unwrap().terminal.screen_mut().set_size(rows.try_into().unwrap(), cols.try_into().unwrap());
        opened::resize(self.master.as_ref().expect("the terminal is there"), cols, rows);
    }

    /// Waits until the picture is as `right` says, and answers it.
    pub fn wait_for(&self, what: &str, right: impl Fn(&vt100::Screen) -> bool) -> String {
        self.look(PATIENCE, right).unwrap_or_else(|| {
            panic!(
                "{what} did not come; the screen shows\n{}",
                self.seen.0.lock().unwrap().terminal.screen().contents()
            )
        })
    }

    /// Waits as long as `patience` for the picture to be as `right` says, and answers it if it came to be.
    pub fn look(&self, patience: Duration, right: impl Fn(&vt100::Screen) -> bool) -> Option<String> {
        let begun = Instant::now();
        let mut seen = self.seen.0.lock().unwrap();
        while !right(seen.terminal.screen()) {
            let left = patience.checked_sub(begun.elapsed())?;
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        Some(seen.terminal.screen().contents())
    }

    /// Waits until the picture contains `text`.
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(text, |screen| screen.contents().contains(text))
    }

    /// Waits until the program has written `bytes`, and answers everything it has written.
    pub fn wait_for_written(&self, bytes: &str) -> String {
        let begun = Instant::now();
        let mut seen = self.seen.0.lock().unwrap();
        loop {
            // Of the last character perhaps only the first bytes have come: it is not written yet.
            let whole = match std::str::from_utf8(&seen.raw) {
                Err(fault) if fault.error_len().is_none() => fault.valid_up_to(),
                _ => seen.raw.len(),
            };
            let written = String::from_utf8_lossy(&seen.raw[..whole]).into_owned();
            if written.contains(bytes) {
                return written;
            }
            let left = PATIENCE.checked_sub(begun.elapsed());
            seen =
                self.seen.1.wait_timeout(seen, left.unwrap_or_else(|| panic!("{bytes:?} is not written"))).unwrap().0;
        }
    }

    /// The terminal's settings as they are now.
    pub fn settings(&self) -> Termios {
        tcgetattr(self.slave.as_fd()).unwrap()
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Waits for the program's end.
    pub fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "the program does not end");
            thread::yield_now();
        }
    }

    /// Takes the terminal away, as a closed window does, and waits for the program's end.
    pub fn hang_up(mut self) -> ExitStatus {
        (self.master, self.reading) = (None, None);
        self.wait()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Most programs have ended by now; the others are ended with the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
