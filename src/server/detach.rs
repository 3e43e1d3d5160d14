//! A server that outlives the terminal which started it.
//!
//! The starter reads one word from the server's standard output, or its end: that is how it knows when to connect
//! without asking again and again.

use std::fs::OpenOptions;
use std::io::{self, Write};

/// The word that says that terminals can connect.
pub const READY: &str = "ready";

/// Leaves the starter's session and folder. What is written to standard error goes on to the log it was given.
pub fn detach() -> io::Result<()> {
    match rustix::process::setsid() {
        // Who leads its own group already was started detached.
        Ok(_) | Err(rustix::io::Errno::PERM) => {}
        Err(fault) => return Err(fault.into()),
    }
    rustix::process::chdir("/")?;
    Ok(())
}

/// Lets the calling thread give way to every other: for work that nobody waits for with a finger on a key.
pub fn be_patient() {
    // Where the kernel refuses, the work is only as impatient as before.
    let _ = rustix::process::setpriority_process(None, 19);
}

/// Tells the starter that terminals can connect, and lets go of the pipe to it.
pub fn tell_ready() {
    let told = (|| {
        let mut out = io::stdout().lock();
        writeln!(out, "{READY}")?;
        out.flush()?;
        let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
        rustix::stdio::dup2_stdout(nowhere)?;
        io::Result::Ok(())
    })();
    if let Err(fault) = told {
        super::log(format_args!("the starter could not be told: {fault}"));
    }
}
