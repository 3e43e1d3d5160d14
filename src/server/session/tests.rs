//! The clock of a terminal while keys are pressed at it, and what it is told and does between them.

use std::os::unix::net::UnixStream;

use super::*;
use crate::domain::id::Seq;
use crate::ui::canvas::Canvas;

/// Wants a tick each second, and counts them.
struct Clock {
    at: Moment,
    ticks: std::rc::Rc<std::cell::Cell<u32>>,
    focus: Focus,
    restless: bool,
    rests: std::rc::Rc<std::cell::Cell<u32>>,
    moves: std::rc::Rc<std::cell::Cell<u64>>,
    looks: std::rc::Rc<std::cell::Cell<u32>>,
    /// How many screens a move leaves to be read, and how many are left.
    screens: u32,
    behind: std::rc::Rc<std::cell::Cell<u32>>,
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
            Event::Moved(seq) => {
                self.moves.set(seq.0);
                self.behind.set(self.screens);
            }
            Event::CatchUp => self.behind.set(self.behind.get() - 1),
            Event::Shown => self.looks.set(self.looks.get() + 1),
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
    fn is_behind(&self) -> bool {
        self.behind.get() > 0
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
    moves: std::rc::Rc<std::cell::Cell<u64>>,
    looks: std::rc::Rc<std::cell::Cell<u32>>,
    behind: std::rc::Rc<std::cell::Cell<u32>>,
    begun: Instant,
    _terminal: UnixStream,
}

impl Sitting {
    fn new(focus: Focus) -> Sitting {
        Sitting::reading(focus, 0)
    }

    /// The same, where a move leaves so many screens to be read.
    fn reading(focus: Focus, screens: u32) -> Sitting {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let peer = Peer { uid: 0, gid: 0, pid: 0 };
        let terminal = Terminal { cols: 20, rows: 5, ..Terminal::default() };
        let mut session = Session::new(SessionId(1), Link::new(ours).unwrap(), peer, terminal);
        let clock = Clock {
            at: Moment::from_micros(1_000_000),
            ticks: Default::default(),
            focus,
            restless: false,
            rests: Default::default(),
            moves: Default::default(),
            looks: Default::default(),
            screens,
            behind: Default::default(),
        };
        let behind = std::rc::Rc::clone(&clock.behind);
        let (ticks, rests) = (std::rc::Rc::clone(&clock.ticks), std::rc::Rc::clone(&clock.rests));
        let (moves, looks) = (std::rc::Rc::clone(&clock.moves), std::rc::Rc::clone(&clock.looks));
        session.show(Some(Box::new(clock)));
        Sitting { session, ticks, rests, moves, looks, behind, begun: Instant::now(), _terminal: theirs }
    }

    fn at(&self, millis: i64) -> (Instant, Moment) {
        (self.begun + Duration::from_millis(millis as u64), Moment::from_micros(millis * 1_000))
    }

    fn key(&mut self, millis: i64) -> u32 {
        let (now, moment) = self.at(millis);
        self.session.input(1, b"\x1b[B", now, moment);
        self.ticks.get()
    }

    /// A turn of the core in which nothing arrives and nothing is drawn.
    fn turn(&mut self, millis: i64) {
        let (now, _) = self.at(millis);
        self.session.look_ahead(now);
        self.session.work(now);
    }

    fn look_ahead(&mut self, millis: i64) -> u32 {
        self.turn(millis);
        self.looks.get()
    }

    /// The books move. Returns of which move the terminal knows a turn later.
    fn moved(&mut self, seq: u64, millis: i64) -> u64 {
        let (now, _) = self.at(millis);
        self.session.moved(Seq(seq), now);
        self.turn(millis);
        self.moves.get()
    }

    fn wants_frame(&self, millis: i64) -> bool {
        self.session.wants_frame(self.at(millis).0)
    }

    /// Draws as the core does.
    fn draw(&mut self, millis: i64) {
        let (now, _) = self.at(millis);
        self.session.draw(now, 0, |_| Vec::new()).unwrap();
        self.session.acknowledged();
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
        sitting.turn(millis);
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

#[test]
fn the_next_key_is_prepared_once_the_frame_of_the_last_one_has_gone_to_the_terminal() {
    let mut sitting = Sitting::new(Focus::List);
    sitting.key(100);
    assert_eq!(sitting.look_ahead(100), 0, "nothing was sent yet");
    let (now, moment) = sitting.at(101);
    sitting.session.sent(now);
    assert_eq!(sitting.look_ahead(103), 0, "the frame is on its way");
    assert!(
        sitting.session.deadline(now, moment).is_some_and(|at| at <= now + between::CARRIED),
        "it is not forgotten"
    );
    assert_eq!(sitting.look_ahead(104), 1);
    assert_eq!(sitting.look_ahead(300), 1, "once");
    let (now, _) = sitting.at(400);
    sitting.session.make_stale(Stale::Own);
    sitting.session.draw(now, 0, |_| Vec::new()).unwrap();
    sitting.key(402);
    assert_eq!(sitting.look_ahead(410), 1, "another key came first: its own frame will be followed by it");
    let (now, _) = sitting.at(411);
    sitting.session.draw(now, 0, |_| Vec::new()).unwrap();
    assert_eq!(sitting.look_ahead(414), 2);
}

#[test]
fn what_happens_elsewhere_is_told_between_keys_and_not_for_each_of_them() {
    let mut sitting = Sitting::new(Focus::List);
    let waited = |sitting: &mut Sitting, millis| {
        sitting.turn(millis);
        sitting.moves.get()
    };
    assert_eq!(sitting.moved(1, 10), 1, "nobody presses anything: at once");
    sitting.key(100);
    assert_eq!(sitting.moved(2, 120), 1);
    assert_eq!(waited(&mut sitting, 199), 1);
    assert_eq!(waited(&mut sitting, 200), 2, "the keys rest");
    let held: Vec<u64> = (0..12)
        .map(|nth| {
            sitting.key(300 + nth * 40);
            let (now, _) = sitting.at(301 + nth * 40);
            sitting.session.sent(now);
            sitting.look_ahead(305 + nth * 40);
            sitting.moved(3 + nth as u64, 310 + nth * 40)
        })
        .collect();
    assert_eq!(held[..8], [2; 8], "keys go on and on");
    assert_eq!(held.last(), Some(&10), "and now and then all that has happened is told after one of them");
    let (now, _) = sitting.at(820);
    sitting.session.make_stale(Stale::Elsewhere);
    assert!(sitting.session.stale == Stale::Own && sitting.session.wants_frame(now), "a key is drawn at once");
    sitting.session.stale = Stale::Elsewhere;
    assert!(!sitting.session.wants_frame(now), "what happens elsewhere waits for the next key");
    let (now, _) = sitting.at(850);
    assert!(sitting.session.wants_frame(now), "or for a rest");
}

#[test]
fn what_a_key_has_done_itself_is_seen_with_its_answer() {
    let mut sitting = Sitting::new(Focus::List);
    sitting.key(100);
    sitting.session.answer(1, Answer::Failed(Text::from("x")));
    assert_eq!(sitting.moved(7, 110), 7);
    sitting.key(120);
    assert!(sitting.session.expects_answer());
    assert_eq!(sitting.moved(8, 125), 8, "the answer is on its way");
}

#[test]
fn a_key_comes_between_what_a_move_makes_a_terminal_read_and_is_drawn_at_once() {
    let mut sitting = Sitting::reading(Focus::List, 3);
    sitting.draw(0);
    assert_eq!((sitting.moved(1, 10), sitting.behind.get()), (1, 3), "it hears of it, and no more");
    sitting.turn(10);
    assert_eq!(sitting.behind.get(), 2, "one a turn");
    assert!(!sitting.wants_frame(11), "what was read so far is not drawn for itself");
    sitting.key(12);
    assert!(sitting.wants_frame(12), "a key asks for a frame");
    sitting.draw(12);
    sitting.turn(13);
    assert_eq!(sitting.behind.get(), 2, "its frame is on its way");
    let (now, moment) = sitting.at(13);
    assert!(sitting.session.deadline(now, moment).is_some_and(|at| at <= sitting.at(15).0), "and no longer");
    sitting.turn(15);
    sitting.turn(15);
    assert_eq!(sitting.behind.get(), 0);
    assert!(!sitting.wants_frame(50), "keys go on: it is seen with the next one");
    assert!(!sitting.wants_frame(112), "what was left for a rest belongs to it");
    sitting.turn(112);
    assert!(sitting.rests.get() == 1 && sitting.wants_frame(113), "or once they rest");
}

#[test]
fn moves_without_a_pause_keep_nothing_from_being_read_and_drawn() {
    let mut sitting = Sitting::reading(Focus::List, 3);
    sitting.draw(0);
    let mut known = Vec::new();
    for nth in 1..=12 {
        known.push(sitting.moved(nth, 10 * nth as i64));
        if sitting.wants_frame(10 * nth as i64) {
            assert_eq!(sitting.behind.get(), 0, "nothing is drawn halfway");
            sitting.draw(10 * nth as i64);
            known.push(0);
        }
    }
    assert_eq!(
        known,
        [1, 1, 1, 1, 0, 5, 5, 5, 5, 0, 9, 9, 9, 9, 0],
        "each move is read to its end before the next is told"
    );
    assert!(!sitting.wants_frame(130) && sitting.behind.get() == 0);
}

#[test]
fn a_terminal_that_has_something_to_read_is_not_waited_for() {
    let mut sitting = Sitting::reading(Focus::List, 1);
    sitting.draw(0);
    sitting.turn(5);
    let (now, moment) = sitting.at(10);
    assert!(sitting.session.deadline(now, moment).is_some_and(|at| at > now) && !sitting.session.has_chore(now));
    sitting.session.moved(Seq(1), now);
    for left in [1, 0] {
        assert!(sitting.session.deadline(now, moment).is_some_and(|at| at <= now) && sitting.session.has_chore(now));
        sitting.session.work(now);
        assert_eq!(sitting.behind.get(), left);
    }
    assert!(!sitting.session.has_chore(now) && sitting.session.wants_frame(now));
}
