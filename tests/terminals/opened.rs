//! A program as the leader of a session on a pseudo-terminal of its own.

use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Starts `program` with `args` and `env` on a new terminal of this size: where keys go in and pictures come out, the
/// terminal itself, the program.
pub fn start(program: &OsStr, args: &[&str], env: &[(&str, &OsStr)], cols: u16, rows: u16) -> (OwnedFd, File, Child) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let slave = File::options().read(true).write(true).open(&name).unwrap();
    resize(&master, cols, rows);
    // `setsid --ctty` makes the terminal the program's own without unsafe code here.
    let mut command = Command::new("setsid");
    command.arg("--ctty").arg(program).args(args).env("TERM", "xterm-256color").envs(env.iter().copied());
    let side = || Stdio::from(slave.try_clone().unwrap());
    let child = command.stdin(side()).stdout(side()).stderr(side()).spawn().unwrap();
    (master, slave, child)
}

/// Gives a terminal a size.
pub fn resize(master: &OwnedFd, cols: u16, rows: u16) {
    tcsetwinsize(master, Winsize { ws_row: rows, ws_col: cols, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
}
