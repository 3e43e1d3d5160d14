//! The one thread that owns everything that can change: it takes what has come, then draws what is stale.
//!
//! Its inbox is the kernel's: sockets, the bell of [`Mail`], signals and the next deadline of any session. After every
//! turn the terminals that pressed a key are drawn at once; those that only look on are drawn one at a time, with a
//! look at the inbox between two, so that a change shown on two hundred terminals delays a key by one drawing. What a
//! change makes them read is done one chore a turn likewise, of one terminal.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};
use signal_hook::consts::{SIGINT, SIGTERM};

use super::arrivals::PAUSE;
use super::gate::{Gate, GateFault, Peer};
use super::link::{Link, LinkEnd};
use super::lobby::Lobby;
use super::login::Door;
use super::mail::{Mail, News};
use super::session::{Session, Stale, farewell};
use super::{House, Options, Progress, log, now};
use crate::domain::id::Seq;
use crate::ui::face::Event;
use crate::wire::{Call, Goodbye, Place, Up};

pub(super) const LISTENER: u64 = 0;
const BELL: u64 = 1;
const SIGNAL: u64 = 2;
const FIRST_CONNECTION: u64 = 16;

/// Past every deadline: what is held is due now.
const FAR: Duration = Duration::from_secs(3_600);
/// How long an opening store is not spoken of.
const QUIET: Duration = Duration::from_millis(300);
/// A turn that took longer is named in the log.
const SLOW: Duration = Duration::from_millis(20);

/// Why a server ended otherwise than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum ServeFault {
    /// It could not be set up.
    #[error(transparent)]
    Gate(#[from] GateFault),
    /// The store could not be opened, or a commit failed.
    #[error("{0}")]
    Store(String),
    /// The machine failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Serves a store until it is told to stop, or nobody has been there for as long as `options` say. `open` opens the
/// store in a thread of its own, while terminals that come early are shown its progress.
pub fn serve(
    options: Options,
    open: impl FnOnce(Mail) -> Result<House, String> + Send + 'static,
) -> Result<(), ServeFault> {
    let gate = Gate::take(Place::new(&options.store)?)?;
    let listener = gate.listen()?;
    let mut core = Core::new(options, listener)?;
    let mail = core.mail.clone();
    let opening = move || {
        let opened = catch_unwind(AssertUnwindSafe(|| open(mail.clone())));
        let opened = opened.unwrap_or_else(|_| Err("the opening of the store broke".to_owned()));
        mail.send(News::Opened(opened.map(Box::new)));
    };
    thread::Builder::new().name("opening".to_owned()).spawn(opening)?;
    std::mem::replace(&mut core.ready, Box::new(|| {}))();
    let ended = core.run();
    gate.close();
    core.say_goodbye(&ended);
    core.close_house();
    log(format_args!("the server ends"));
    ended
}

pub(super) struct Core {
    pub(super) poll: rustix::fd::OwnedFd,
    pub(super) listener: UnixListener,
    signals: UnixStream,
    letters: Receiver<News>,
    pub(super) mail: Mail,
    pub(super) house: Option<House>,
    pub(super) door: Option<Door>,
    pub(super) sessions: BTreeMap<u64, Session>,
    pub(super) lobby: Lobby,
    /// Calls that came before the store was open.
    pub(super) early: Vec<(Call, Link, Peer)>,
    /// How many calls each user has going.
    pub(super) calls: BTreeMap<u32, usize>,
    progress: Progress,
    seq: Seq,
    pub(super) next: u64,
    /// From which terminal on the next one with a chore is looked for.
    turn_of: u64,
    pub(super) options: super::Options,
    ready: Box<dyn FnOnce()>,
    pub(super) paused: Option<Instant>,
    /// Whether the last connection could not be accepted, which is logged once.
    pub(super) exhausted: bool,
    alone_since: Instant,
    /// Until then nothing is shown of the store's opening, which mostly is over sooner.
    quiet_until: Instant,
}

/// Whether the core goes on.
enum Turn {
    On,
    Stop,
}

impl Core {
    fn new(mut options: Options, listener: UnixListener) -> io::Result<Core> {
        let (send, letters) = channel();
        let mail = Mail::new(send)?;
        let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let (signals, raised) = UnixStream::pair()?;
        signals.set_nonblocking(true)?;
        for signal in [SIGTERM, SIGINT] {
            signal_hook::low_level::pipe::register(signal, raised.try_clone()?)?;
        }
        epoll::add(&poll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
        epoll::add(&poll, mail.bell(), EventData::new_u64(BELL), EventFlags::IN)?;
        epoll::add(&poll, &signals, EventData::new_u64(SIGNAL), EventFlags::IN)?;
        let ready = std::mem::replace(&mut options.ready, Box::new(|| {}));
        Ok(Core {
            poll,
            listener,
            signals,
            letters,
            mail,
            house: None,
            door: None,
            sessions: BTreeMap::new(),
            lobby: Lobby::default(),
            early: Vec::new(),
            calls: BTreeMap::new(),
            progress: Progress::default(),
            seq: Seq(0),
            next: FIRST_CONNECTION,
            turn_of: FIRST_CONNECTION,
            options,
            ready,
            paused: None,
            exhausted: false,
            alone_since: Instant::now(),
            quiet_until: Instant::now() + QUIET,
        })
    }

    fn run(&mut self) -> Result<(), ServeFault> {
        let mut events = [epoll::Event { flags: EventFlags::empty(), data: EventData::new_u64(0) }; 64];
        loop {
            let timeout = self.timeout(Instant::now());
            let count = match epoll::wait(&self.poll, &mut events, timeout.as_ref()) {
                Ok(count) => count,
                Err(rustix::io::Errno::INTR) => 0,
                Err(fault) => return Err(io::Error::from(fault).into()),
            };
            let begun = Instant::now();
            for event in &events[..count] {
                if let Turn::Stop = self.arrived(event.data.u64(), event.flags, begun)? {
                    return Ok(());
                }
            }
            self.look_at_clock(begun);
            if !self.draw(begun) {
                self.give_turn(begun);
            }
            self.bury();
            if begun.elapsed() > SLOW {
                log(format_args!("a turn over {count} events took {:?}", begun.elapsed()));
            }
            if self.is_alone_too_long(begun) {
                log(format_args!("nobody is here"));
                return Ok(());
            }
        }
    }

    fn arrived(&mut self, token: u64, flags: EventFlags, at: Instant) -> Result<Turn, ServeFault> {
        match token {
            LISTENER => self.accept(at)?,
            BELL => {
                self.mail.hush();
                while let Ok(news) = self.letters.try_recv() {
                    if let Turn::Stop = self.read_letter(news)? {
                        return Ok(Turn::Stop);
                    }
                }
            }
            SIGNAL => {
                // Every signal registered here means the same, so how many came does not matter.
                let _ = (&self.signals).read(&mut [0; 16]);
                return Ok(Turn::Stop);
            }
            guest if self.lobby.holds(guest) => self.greet(guest),
            session => self.serve_session(session, flags, at),
        }
        Ok(Turn::On)
    }

    fn read_letter(&mut self, news: News) -> Result<Turn, ServeFault> {
        match news {
            News::Opening(progress) => {
                self.progress = progress;
                self.everybody(|session| session.make_stale(Stale::Elsewhere));
            }
            News::Opened(Ok(house)) => self.move_in(*house)?,
            News::Opened(Err(fault)) | News::Fatal(fault) => return Err(ServeFault::Store(fault)),
            News::Answered { session, ticket, answer } => self.pass_answer(session, ticket, answer),
            News::Progress { session, ticket, done, of } => self.pass_progress(session, ticket, done, of),
            News::Judged { session, verdict } => self.pass_verdict(session, &verdict),
            News::Moved(seq) => {
                self.seq = self.seq.max(seq);
                let now = Instant::now();
                self.everybody(|session| session.moved(seq, now));
            }
            News::Notice(words) => self.tell_all(|| Event::Notice(words.clone())),
            News::CallEnded(uid) => self.call_ended(uid),
            News::Stop => return Ok(Turn::Stop),
        }
        Ok(Turn::On)
    }

    fn move_in(&mut self, house: House) -> Result<(), ServeFault> {
        self.door = Some(Door::new(house.credentials.clone(), self.mail.clone())?);
        self.house = Some(house);
        let mut waiting = std::mem::take(&mut self.sessions);
        waiting.values_mut().for_each(|session| self.dress(session));
        self.sessions = waiting;
        for (call, link, peer) in std::mem::take(&mut self.early) {
            self.start_call(call, link, peer);
        }
        Ok(())
    }

    fn serve_session(&mut self, number: u64, flags: EventFlags, at: Instant) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let sent = if flags.contains(EventFlags::OUT) { session.link.send() } else { Ok(false) };
        let heard = match sent {
            Ok(more) => {
                if flags.contains(EventFlags::OUT) && !more {
                    self.watch(number, EventFlags::IN);
                }
                self.sessions.get_mut(&number).map_or(Ok(()), |session| session.link.receive())
            }
            Err(end) => Err(end),
        };
        match heard {
            Ok(()) => self.hear(number, at),
            Err(end) => self.leave(number, &end),
        }
    }

    /// Takes every whole message of a session.
    pub(super) fn hear(&mut self, number: u64, at: Instant) {
        loop {
            let Some(session) = self.sessions.get_mut(&number) else { return };
            let wishes = match session.link.message() {
                Ok(None) => return,
                Ok(Some(Up::Input { n, bytes })) => session.input(n, &bytes, at, now()),
                Ok(Some(Up::Size { cols, rows })) => session.resize(cols, rows),
                Ok(Some(Up::Ack)) => {
                    session.acknowledged();
                    Vec::new()
                }
                Ok(Some(Up::Hello(_) | Up::Chunk(_))) => return self.leave(number, &LinkEnd::Gone),
                Err(end) => return self.leave(number, &end),
            };
            self.grant(number, wishes);
        }
    }

    fn leave(&mut self, number: u64, end: &LinkEnd) {
        if !matches!(end, LinkEnd::Gone) {
            log(format_args!("terminal {number} is let go: {end}"));
        }
        self.dismiss(number, Goodbye::Broken);
    }

    /// Closes a session.
    pub(super) fn dismiss(&mut self, number: u64, why: Goodbye) {
        self.keep_draft(number, Instant::now() + FAR);
        if let Some(session) = self.sessions.remove(&number) {
            session.close(why);
        }
    }

    fn watch(&self, number: u64, flags: EventFlags) {
        if let Some(session) = self.sessions.get(&number) {
            // A socket that cannot be watched any more has closed; its end is read in the next turn.
            let _ = epoll::modify(&self.poll, &session.link, EventData::new_u64(number), flags);
        }
    }

    fn everybody(&mut self, mut each: impl FnMut(&mut Session)) {
        self.sessions.values_mut().for_each(&mut each);
    }

    fn tell_all(&mut self, event: impl Fn() -> Event) {
        let numbers: Vec<u64> = self.sessions.keys().copied().collect();
        for number in numbers {
            let Some(session) = self.sessions.get_mut(&number) else { continue };
            let wishes = session.tell(event(), Stale::Elsewhere);
            self.grant(number, wishes);
        }
    }

    /// Lets one terminal do one chore. It is the same one's turn until it has done what belongs together.
    fn give_turn(&mut self, at: Instant) {
        let has_chore = |(number, session): (&u64, &Session)| session.has_chore(at).then_some(*number);
        let later = self.sessions.range(self.turn_of..).find_map(has_chore);
        let Some(number) = later.or_else(|| self.sessions.iter().find_map(has_chore)) else { return };
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let wishes = session.work(at);
        self.turn_of = if session.is_in_round(at) { number } else { number + 1 };
        self.grant(number, wishes);
    }

    /// Ticks, held keys, stuck terminals, mute guests, the rest of the listener.
    fn look_at_clock(&mut self, at: Instant) {
        let moment = now();
        let numbers: Vec<u64> = self.sessions.keys().copied().collect();
        for number in numbers {
            let Some(session) = self.sessions.get_mut(&number) else { continue };
            if session.is_stuck(at) {
                log(format_args!("terminal {number} takes no frames and is let go"));
                // Without a goodbye, so that it attaches again should it come back to life.
                self.keep_draft(number, at + FAR);
                self.sessions.remove(&number);
                continue;
            }
            let mut wishes = session.wake_keyboard(at);
            session.look_ahead(at);
            wishes.extend(session.tick(at, moment));
            self.grant(number, wishes);
            self.keep_draft(number, at);
        }
        self.lobby.sweep(at);
        if self.paused.is_some_and(|until| until <= at) {
            self.paused = None;
            // Should this fail, the next turn's pause ends with another try.
            let again = epoll::modify(&self.poll, &self.listener, EventData::new_u64(LISTENER), EventFlags::IN);
            self.paused = again.err().map(|_| at + PAUSE);
        }
        if !self.sessions.is_empty() || !self.calls.is_empty() || !self.early.is_empty() || !self.lobby.is_empty() {
            self.alone_since = at;
        }
    }

    /// Draws the terminals that did something, and one of those that look on. Returns whether there was one.
    fn draw(&mut self, at: Instant) -> bool {
        let due = |stale: Stale, (number, session): (&u64, &Session)| {
            (session.stale == stale && session.wants_frame(at)).then_some(*number)
        };
        let own: Vec<u64> = self.sessions.iter().filter_map(|entry| due(Stale::Own, entry)).collect();
        let elsewhere = self.sessions.iter().find_map(|entry| due(Stale::Elsewhere, entry));
        for number in own.into_iter().chain(elsewhere) {
            let Some(session) = self.sessions.get_mut(&number) else { continue };
            let (waiting, progress) = (&self.options.waiting, &self.progress);
            if session.face.is_none() && at < self.quiet_until {
                continue;
            }
            match session.draw(at, self.seq.0, |terminal| waiting(terminal, progress)) {
                Ok(false) => {}
                Ok(true) => self.watch(number, EventFlags::IN | EventFlags::OUT),
                Err(end) => self.leave(number, &end),
            }
        }
        elsewhere.is_some()
    }

    /// Closes the sessions whose face broke.
    fn bury(&mut self) {
        let broken: Vec<u64> =
            self.sessions.iter().filter(|(_, session)| session.broken).map(|(number, _)| *number).collect();
        for number in broken {
            log(format_args!("the screen of terminal {number} broke"));
            self.dismiss(number, Goodbye::Broken);
        }
    }

    fn timeout(&self, at: Instant) -> Option<Timespec> {
        let quiet = at < self.quiet_until;
        if self.sessions.values().any(|session| session.wants_frame(at) && !(quiet && session.face.is_none())) {
            return Some(Timespec { tv_sec: 0, tv_nsec: 0 });
        }
        let moment = now();
        let sessions = self.sessions.values().filter_map(|session| session.deadline(at, moment)).min();
        let alone = self.options.linger.map(|linger| self.alone_since + linger);
        let alone = alone.filter(|_| self.sessions.is_empty() && self.calls.is_empty());
        let quiet = (quiet && self.house.is_none()).then_some(self.quiet_until);
        let next = [sessions, alone, quiet, self.paused, self.lobby.deadline()].into_iter().flatten().min()?;
        let wait = next.saturating_duration_since(at);
        Some(Timespec { tv_sec: wait.as_secs() as i64, tv_nsec: i64::from(wait.subsec_nanos()) })
    }

    fn is_alone_too_long(&self, at: Instant) -> bool {
        self.house.is_some() && self.options.linger.is_some_and(|linger| at >= self.alone_since + linger)
    }

    /// Lets go of everything that reads the store, then closes it: a store that is not closed is checked at the next start.
    fn close_house(&mut self) {
        self.door = None;
        if let Some(House { faces, counter, verbs, credentials, close }) = self.house.take() {
            drop((faces, counter, verbs, credentials));
            close();
        }
    }

    fn say_goodbye(&mut self, ended: &Result<(), ServeFault>) {
        let why = match ended {
            Ok(()) => Goodbye::Stopping,
            Err(fault) => Goodbye::Closed { fault: fault.to_string() },
        };
        let numbers: Vec<u64> = self.sessions.keys().copied().collect();
        numbers.into_iter().for_each(|number| self.dismiss(number, why.clone()));
        for (_, mut link, _) in std::mem::take(&mut self.early) {
            farewell(&mut link, why.clone());
        }
    }
}
