//! Carries bytes between a terminal and the server, and notices when either is gone.
//!
//! One wait for everything: the keyboard, the socket, a new size, a signal to end. Nothing here ever waits for one
//! side alone, so a terminal that takes no output still hears SIGTERM, and a dead one is seen by its hang-up.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};

use super::tty::Tty;
use crate::wire::{DOWN_MAX, Down, Goodbye, INPUT_MAX, Inflow, Up};

/// How long after a frame was written the server hears of it, unless a key says so sooner: at once, the server's waking
/// would take a core from the terminal that is about to show the frame.
const SHOWING: Duration = Duration::from_micros(400);
/// How much is read at once.
const PIECE: usize = 16 * 1024;
/// How much may wait for the server before the keyboard is not read.
const PENDING_MAX: usize = 64 * 1024;

/// How carrying came to its end.
#[derive(Debug)]
pub(super) enum Ended {
    /// The terminal is gone, or the process shall end.
    Hangup,
    /// The server is gone without a word.
    Lost,
    /// The server said why.
    Goodbye(Goodbye),
}

/// The signals of this process.
pub(super) struct Pump {
    resized: UnixStream,
    ending: UnixStream,
}

/// What is on its way.
struct Flow {
    stream: UnixStream,
    up: Vec<u8>,
    inputs: u32,
    inflow: Inflow,
    /// What a read of either side fills; it is not made anew for every key.
    piece: Vec<u8>,
    screen: Vec<u8>,
    written: usize,
    /// When the server is to hear that the last frame was written.
    due: Option<Instant>,
}

impl Pump {
    /// Listens to the signals.
    pub fn new() -> io::Result<Pump> {
        let listen = |signals: &[i32]| {
            let (hear, raise) = UnixStream::pair()?;
            hear.set_nonblocking(true)?;
            for signal in signals {
                signal_hook::low_level::pipe::register(*signal, raise.try_clone()?)?;
            }
            io::Result::Ok(hear)
        };
        Ok(Pump { resized: listen(&[SIGWINCH])?, ending: listen(&[SIGTERM, SIGHUP, SIGINT])? })
    }

    /// Carries until one side ends.
    pub fn run(&mut self, tty: &mut Tty, stream: UnixStream, greeting: &Up) -> io::Result<Ended> {
        stream.set_nonblocking(true)?;
        let mut flow = Flow {
            stream,
            up: Vec::new(),
            inputs: 0,
            inflow: Inflow::new(DOWN_MAX),
            piece: vec![0; PIECE],
            screen: Vec::new(),
            written: 0,
            due: None,
        };
        greeting.encode(&mut flow.up);
        loop {
            if flow.due.is_some_and(|due| due <= Instant::now()) {
                flow.acknowledge();
            }
            if flow.send().is_err() {
                // What the server said last is still to be read.
                return Ok(flow.last_word());
            }
            let [keys, server, resized, ending] = self.wait(tty, &flow)?;
            if ending.intersects(PollFlags::IN) || keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                return Ok(Ended::Hangup);
            }
            if resized.intersects(PollFlags::IN) {
                // How often it was resized does not matter, only the size it has now.
                let _ = self.resized.read(&mut [0; 64]);
                let (cols, rows) = tty.size()?;
                Up::Size { cols, rows }.encode(&mut flow.up);
            }
            if keys.intersects(PollFlags::IN) && flow.type_from(tty).is_err() {
                return Ok(Ended::Hangup);
            }
            if server.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR)
                && let Some(ended) = flow.receive(Some(tty))
            {
                return Ok(ended);
            }
            if flow.show_on(tty).is_err() {
                return Ok(Ended::Hangup);
            }
        }
    }

    fn wait(&self, tty: &Tty, flow: &Flow) -> io::Result<[PollFlags; 4]> {
        let when = |wanted: bool, flag: PollFlags| if wanted { flag } else { PollFlags::empty() };
        let keys = when(flow.up.len() < PENDING_MAX, PollFlags::IN) | when(!flow.screen.is_empty(), PollFlags::OUT);
        let server = when(flow.screen.is_empty(), PollFlags::IN) | when(!flow.up.is_empty(), PollFlags::OUT);
        let mut fds = [
            PollFd::from_borrowed_fd(tty.as_fd(), keys),
            PollFd::from_borrowed_fd(flow.stream.as_fd(), server),
            PollFd::from_borrowed_fd(self.resized.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.ending.as_fd(), PollFlags::IN),
        ];
        let wait = flow.due.map(|due| due.saturating_duration_since(Instant::now()));
        let wait = wait.map(|wait| Timespec { tv_sec: 0, tv_nsec: wait.subsec_nanos().into() });
        match poll(&mut fds, wait.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(fds.map(|fd| fd.revents())),
            Err(fault) => Err(fault.into()),
        }
    }
}

impl Flow {
    fn type_from(&mut self, tty: &mut Tty) -> io::Result<()> {
        if let Some(count) = tty.read(&mut self.piece[..INPUT_MAX])? {
            self.acknowledge();
            self.inputs = self.inputs.wrapping_add(1);
            Up::Input { n: self.inputs, bytes: self.piece[..count].to_vec() }.encode(&mut self.up);
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        while !self.up.is_empty() {
            match self.stream.write(&self.up) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => drop(self.up.drain(..count)),
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// Reads from the server until a frame is there to be shown.
    fn receive(&mut self, tty: Option<&Tty>) -> Option<Ended> {
        match self.stream.read(&mut self.piece) {
            Ok(0) => return Some(Ended::Lost),
            Ok(count) => self.inflow.push(&self.piece[..count]),
            Err(fault) if matches!(fault.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(_) => return Some(Ended::Lost),
        }
        self.take_messages(tty)
    }

    fn take_messages(&mut self, tty: Option<&Tty>) -> Option<Ended> {
        loop {
            match self.inflow.next_down() {
                Ok(None) => return None,
                Ok(Some(Down::Frame { bytes, .. })) if bytes.is_empty() => self.due = Some(Instant::now()),
                Ok(Some(Down::Frame { bytes, .. })) => {
                    self.screen.extend(match tty {
                        Some(tty) => tty.shown(bytes),
                        None => bytes,
                    });
                }
                Ok(Some(Down::Goodbye(why))) => return Some(Ended::Goodbye(why)),
                Ok(Some(Down::Out { .. } | Down::Done(_))) | Err(_) => return Some(Ended::Lost),
            }
        }
    }

    /// Tells the server that the last frame was written, if it has not heard of it yet.
    fn acknowledge(&mut self) {
        if self.due.take().is_some() {
            Up::Ack.encode(&mut self.up);
        }
    }

    /// Writes the frame; the server hears in a moment when all of it is written.
    fn show_on(&mut self, tty: &mut Tty) -> io::Result<()> {
        while self.written < self.screen.len() {
            match tty.write(&self.screen[self.written..])? {
                0 => return Ok(()),
                count => self.written += count,
            }
        }
        if self.written > 0 {
            (self.screen, self.written) = (Vec::new(), 0);
            self.due = Some(Instant::now() + SHOWING);
        }
        Ok(())
    }

    fn last_word(&mut self) -> Ended {
        loop {
            match self.receive(None) {
                Some(ended) => return ended,
                None if self.stream.set_nonblocking(false).is_err() => return Ended::Lost,
                None => {}
            }
        }
    }
}
