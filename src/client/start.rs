//! Finds the server of a store, and starts one where none answers.
//!
//! Any number of terminals may start one at the same moment: the store's lock lets one server live, and the others
//! say so by their exit status. Nobody here removes a socket; that is the right of who holds the lock.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{ClientFault, Situation};
use crate::wire::{Place, RUNNING};

/// How long a server that says it runs may take until it can be connected to.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before the next try, where nothing tells when to try.
const AGAIN: Duration = Duration::from_millis(10);

/// How a server is started: the command, which must serve the store detached and say when it is ready.
pub struct Launch(Box<dyn Fn() -> io::Result<Command>>);

impl Launch {
    /// This program, as `taizhang serve --store FOLDER --detached`.
    pub fn own(place: &Place) -> Launch {
        let folder = place.folder().to_owned();
        Launch::new(move || {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("serve").arg("--store").arg(&folder).arg("--detached");
            Ok(command)
        })
    }

    /// Another command.
    pub fn new(command: impl Fn() -> io::Result<Command> + 'static) -> Launch {
        Launch(Box::new(command))
    }
}

/// The way to a store's server.
pub(super) struct Starter<'a> {
    place: &'a Place,
    launch: &'a Launch,
    /// The server that this process started; asked for its status so that none stays behind as a zombie.
    child: Option<Child>,
}

/// What became of a started server.
enum Started {
    Ready,
    /// Another one has the store.
    Other,
}

impl Starter<'_> {
    pub fn new<'a>(place: &'a Place, launch: &'a Launch) -> Starter<'a> {
        Starter { place, launch, child: None }
    }

    /// A connection to the store's server, started where none answers.
    pub fn connect(&mut self) -> Result<UnixStream, ClientFault> {
        let path = self.place.socket();
        let (length, limit) = (path.as_os_str().len(), Place::SOCKET_MAX);
        if length > limit {
            return Err(ClientFault::Told(Situation::LongPath { path, length, limit }));
        }
        let begun = Instant::now();
        loop {
            match UnixStream::connect(&path) {
                Ok(stream) => return self.checked(stream),
                Err(fault) if matches!(fault.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
                    if begun.elapsed() > PATIENCE {
                        return Err(self.not_started());
                    }
                    match self.start()? {
                        Started::Ready => {}
                        Started::Other => thread::sleep(AGAIN),
                    }
                }
                // The server's queue of connections is full for a moment.
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock && begun.elapsed() < PATIENCE => {
                    thread::sleep(AGAIN)
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    /// Nobody types a passphrase into a screen that is served by a stranger.
    fn checked(&self, stream: UnixStream) -> Result<UnixStream, ClientFault> {
        let server = rustix::net::sockopt::socket_peercred(&stream).map_err(io::Error::from)?.uid.as_raw();
        let owner = fs::metadata(self.place.folder())?.uid();
        if server != owner && server != 0 {
            return Err(ClientFault::Told(Situation::Stranger { uid: server }));
        }
        Ok(stream)
    }

    fn start(&mut self) -> Result<Started, ClientFault> {
        if let Some(mut before) = self.child.take() {
            // Whether it has ended or not, it is not ours to end; this only clears it away where it has.
            let _ = before.try_wait();
        }
        DirBuilder::new().recursive(true).mode(0o700).create(self.place.folder())?;
        let log = OpenOptions::new().append(true).create(true).mode(0o600).open(self.place.log())?;
        let mut command = (self.launch.0)()?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut out = BufReader::new(child.stdout.take().expect("it was asked for"));
        let mut word = String::new();
        while out.read_line(&mut word)? > 0 {
            // Other words may come before it where the server is a test's.
            if word.trim_end().ends_with("ready") {
                self.child = Some(child);
                return Ok(Started::Ready);
            }
            word.clear();
        }
        match child.wait()?.code() {
            Some(code) if code == i32::from(RUNNING) => Ok(Started::Other),
            _ => Err(self.not_started()),
        }
    }

    fn not_started(&self) -> ClientFault {
        ClientFault::Told(Situation::NotStarted { log: self.log_tail() })
    }

    /// The last lines of the server's log.
    pub fn log_tail(&self) -> String {
        let lines = File::open(self.place.log())
            .map(|log| BufReader::new(log).lines().map_while(Result::ok).collect::<Vec<_>>());
        let lines = lines.unwrap_or_default();
        lines[lines.len().saturating_sub(3)..].join("\n")
    }
}
