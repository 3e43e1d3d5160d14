//! The clock of a terminal while keys are pressed at it.

use std::os::unix::net::UnixStream;

use super::*;
use crate::ui::canvas::Canvas;

/// Wants a tick each second, and counts them.
struct Clock {
    at: Moment,
    ticks: std::rc::Rc<std::cell::Cell<u32>>,
    focus: Focus,
    restless: bool,
    rests: std::rc::Rc<std::cell::Cell<u32>>,
}

impl Face for Clock {
    fn on(&mut self, event: Event) -> Vec<Wish> {
        match event {
            Event::Tick(now) => {
                self.at = now.plus_seconds(1);
                self.ticks.set(self.ticks.get() + 1);
            }
            Event::Input(_) => self.restless = true,
            Event::Rested => {
                self.restless = false;
                self.rests.set(self.rests.get() + 1);
            }
            _ => {}
        }
        Vec::new()
    }
    fn wants_at(&self) -> Option<Moment> {
        Some(self.at)
    }
    fn wants_rest(&self) -> bool {
        self.restless
    }
    fn focus(&self) -> Focus {
        self.focus
    }
    fn draw(&self, _: Rect, _: &mut Canvas) -> Option<Position> {
        None
    }
}

/// A session whose clock is due one second after its start, and how often it was told the time.
struct Sitting {
    session: Session,
    ticks: std::rc::Rc<std::cell::Cell<u32>>,
    rests: std::rc::Rc<std::cell::Cell<u32>>,
    begun: Instant,
    _terminal: UnixStream,
}

impl Sitting {
    fn new(focus: Focus) -> Sitting {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let peer = Peer { uid: 0, gid: 0, pid: 0 };
        let terminal = Terminal { cols: 20, rows: 5, ..Terminal::default() };
        let mut session = Session::new(SessionId(1), Link::new(ours).unwrap(), peer, terminal);
        let (ticks, rests): (std::rc::Rc<_>, std::rc::Rc<_>) = Default::default();
        let at = Moment::from_micros(1_000_000);
        let (told, left) = (std::rc::Rc::clone(&ticks), std::rc::Rc::clone(&rests));
        let clock = Clock { at, ticks: told, focus, restless: false, rests: left };
        session.show(Some(Box::new(clock)));
        Sitting { session, ticks, rests, begun: Instant::now(), _terminal: theirs }
    }

    fn at(&self, millis: i64) -> (Instant, Moment) {
        (self.begun + Duration::from_millis(millis as u64), Moment::from_micros(millis * 1_000))
    }

    fn key(&mut self, millis: i64) -> u32 {
        let (now, moment) = self.at(millis);
        self.session.input(1, b"\x1b[B", now, moment);
        self.ticks.get()
    }

    fn rest(&mut self, millis: i64) -> u32 {
        let (now, moment) = self.at(millis);
        self.session.tick(now, moment);
        self.ticks.get()
    }
}

#[test]
fn the_clock_goes_with_the_next_key_or_comes_once_the_keys_rest() {
    let mut sitting = Sitting::new(Focus::List);
    assert_eq!(sitting.key(950), 0);
    assert_eq!(sitting.rest(1_001), 0, "a key was pressed a moment ago");
    assert_eq!(sitting.key(1_010), 1, "it is due: it goes with the key");
    assert_eq!(sitting.key(1_050), 1, "once a second");
    assert_eq!(sitting.rest(2_010), 2);
    let held: Vec<u32> = (0..40).map(|at| sitting.key(2_020 + at * 30)).collect();
    assert_eq!(held.last(), Some(&3), "a key that is held down does not stop the clock");
}

#[test]
fn the_clock_waits_for_whoever_types_into_a_field() {
    let mut sitting = Sitting::new(Focus::Text);
    assert_eq!(sitting.key(990), 0);
    assert_eq!(sitting.key(1_100), 0);
    assert_eq!(sitting.rest(1_300), 0);
    assert_eq!(sitting.rest(1_400), 1);
}

#[test]
fn what_is_too_much_for_every_key_is_done_once_the_keys_rest() {
    let mut sitting = Sitting::new(Focus::List);
    let rest = |sitting: &mut Sitting, millis| {
        let (now, _) = sitting.at(millis);
        sitting.session.rest(now);
        sitting.rests.get()
    };
    assert_eq!(rest(&mut sitting, 10), 0, "nothing was left for then");
    sitting.key(100);
    assert_eq!(rest(&mut sitting, 150), 0);
    sitting.key(180);
    assert_eq!(rest(&mut sitting, 250), 0, "another key came");
    assert_eq!(rest(&mut sitting, 281), 1);
    assert_eq!(rest(&mut sitting, 500), 1, "once");
}
