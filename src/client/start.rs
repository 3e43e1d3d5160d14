//! Finds the server of a store, and starts one where none answers.
//!
//! Any number of terminals may start one at the same moment: the store's lock lets one server live, and the others
//! say so by their exit status. Nobody here removes a socket; that is the right of who holds the lock.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{ClientFault, End, Situation};
use crate::wire::{Place, RUNNING};

/// How long a server that says it runs may take until it can be connected to.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before the next try, where nothing tells when to try.
const AGAIN: Duration = Duration::from_millis(10);

/// How long a server whose socket is closed may take to end.
const DYING: Duration = Duration::from_secs(1);
/// How many lines of the log are told.
const LOG_LINES: usize = 3;

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
    /// How long the log was when this terminal was opened: what stands before is of other servers.
    log_from: u64,
}

/// What became of a started server.
enum Started {
    Ready,
    /// Another one has the store.
    Other,
}

impl Starter<'_> {
    pub fn new<'a>(place: &'a Place, launch: &'a Launch) -> Starter<'a> {
        let log_from = fs::metadata(place.log()).map_or(0, |log| log.len());
        Starter { place, launch, child: None, log_from }
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
                        return Err(self.not_started(End::Unknown));
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
                Err(fault) => return Err(self.closed_to_us(fault)),
            }
        }
    }

    /// A folder that another account owns is a matter between people; anything else is the machine's.
    fn closed_to_us(&self, fault: io::Error) -> ClientFault {
        match fault.kind() {
            io::ErrorKind::PermissionDenied => {
                ClientFault::Told(Situation::Forbidden { folder: self.place.folder().to_owned() })
            }
            _ => fault.into(),
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
        let made = DirBuilder::new().recursive(true).mode(0o700).create(self.place.folder());
        let log = made.and_then(|()| OpenOptions::new().append(true).create(true).mode(0o600).open(self.place.log()));
        let log = log.map_err(|fault| self.closed_to_us(fault))?;
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
        match end_of(child.wait()?) {
            End::Status(code) if code == i32::from(RUNNING) => Ok(Started::Other),
            end => Err(self.not_started(end)),
        }
    }

    fn not_started(&self, end: End) -> ClientFault {
        ClientFault::Told(Situation::NotStarted { end, log: self.log_tail() })
    }

    /// How the server ended that this process started last. Its socket closes a moment before its status is there.
    pub fn end(&mut self) -> End {
        let Some(mut child) = self.child.take() else { return End::Unknown };
        let begun = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return end_of(status),
                Ok(None) if begun.elapsed() < DYING => thread::sleep(AGAIN),
                Ok(None) | Err(_) => return End::Unknown,
            }
        }
    }

    /// What was written into the server's log since this terminal was opened: its last lines.
    pub fn log_tail(&self) -> String {
        let lines = File::open(self.place.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_from))?;
            Ok(BufReader::new(log).lines().map_while(Result::ok).collect::<Vec<_>>())
        });
        let lines = lines.unwrap_or_default();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }
}

fn end_of(status: ExitStatus) -> End {
    status.code().map(End::Status).or_else(|| status.signal().map(End::Signal)).unwrap_or(End::Unknown)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn ended(script: &'static str) -> (End, String) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path()).unwrap();
        fs::write(place.log(), "of an earlier server\n").unwrap();
        let launch = Launch::new(move || {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            Ok(command)
        });
        let mut starter = Starter::new(&place, &launch);
        assert!(matches!(starter.start(), Ok(Started::Ready)));
        (starter.end(), starter.log_tail())
    }

    #[test]
    fn how_a_server_ended_and_what_it_wrote_is_known() {
        assert_eq!(ended("echo ready; kill -9 $$"), (End::Signal(9), String::new()));
        assert_eq!(ended("echo ready; echo why >&2; exit 3"), (End::Status(3), "why".to_owned()));
        let lines = ended("echo ready; for n in 1 2 3 4 5; do echo $n >&2; done; exit 0");
        assert_eq!(lines, (End::Status(0), "3\n4\n5".to_owned()));
        let none =
            Starter::new(&Place::new(&std::env::temp_dir()).unwrap(), &Launch::new(|| Ok(Command::new("true")))).end();
        assert_eq!(none, End::Unknown);
    }

    #[test]
    fn a_log_that_was_made_anew_is_told_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path()).unwrap();
        fs::write(place.log(), "long enough to be longer\n").unwrap();
        let launch = Launch::new(|| Ok(Command::new("true")));
        let starter = Starter::new(&place, &launch);
        let mut log = File::create(place.log()).unwrap();
        log.write_all(b"short\n").unwrap();
        assert_eq!(starter.log_tail(), "");
    }
}
