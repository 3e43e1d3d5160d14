//! A terminal without a terminal: keys in, the picture out, wishes granted by a desk in memory.

use std::sync::Arc;

use ratatui::layout::Rect;
use taizhang::desk::{self, Envelope};
use taizhang::domain::clause::Refusals;
use taizhang::domain::command::Command;
use taizhang::domain::id::{ArticleId, DealerId, PersonId, Seq};
use taizhang::domain::text::Text;
use taizhang::domain::time::Moment;
use taizhang::house::Shelves;
use taizhang::store::books::Books;
use taizhang::ui::app::{App, Station as Terminal, contexts};
use taizhang::ui::canvas::Canvas;
use taizhang::ui::face::{Answer, Event, Face, Focus, Key, Press, Wish};
use taizhang::ui::keymap::Keymap;
use taizhang::ui::locale::Lang;
use taizhang::ui::look::Look;
use taizhang::ui::pane::{Library, Reading};

use crate::frames_support::{Seen, seen};
use crate::rehearsal::Rehearsal;

/// The passphrase of everybody in the rehearsal.
pub const PASSPHRASE: &str = "correct horse";

/// What screens read, over the desk in memory.
struct Shelf(Shelves);

impl Library for Shelf {
    fn read(&self) -> Result<Reading, Text> {
        self.0.read()
    }
    fn find_dealers(&self, query: &str, limit: usize) -> Vec<DealerId> {
        self.0.follow();
        self.0.find_dealers(query, limit)
    }
    fn find_articles(&self, query: &str, limit: usize) -> Vec<ArticleId> {
        self.0.follow();
        self.0.find_articles(query, limit)
    }
    fn would_refuse(&self, books: &Reading, by: PersonId, at: Moment, command: &Command) -> Option<Refusals> {
        desk::Desk::would_refuse(books, by, at, command).unwrap()
    }
    fn statements(&self) -> Vec<String> {
        vec!["alipay-2026-11.csv".into()]
    }
}

/// One terminal.
pub struct Station {
    /// Its screens.
    pub app: App,
    /// How often the bell rang.
    pub bells: usize,
    /// Whether it was closed.
    pub closed: bool,
    /// Whose passphrases it asked to be set.
    pub set_passphrases: Vec<String>,
    desk: Arc<taizhang::desk::Desk>,
    person: PersonId,
    now: Moment,
    size: (u16, u16),
}

impl Station {
    /// A terminal of this size over the rehearsal's books, with nobody signed in.
    pub fn new(books: &Rehearsal, lang: Lang, size: (u16, u16)) -> Station {
        let (keymap, findings) = Keymap::load(contexts(), &[]);
        assert_eq!(findings, []);
        let library = Arc::new(Shelf(Shelves::new(books.desk.clone())));
        let terminal = Terminal {
            lang,
            look: Look::Mono,
            clipboard: false,
            slow: false,
            overlays: vec!["keypad".into()],
            welcome: vec![],
            rehearsal: false,
            unix: None,
            warnings: vec![],
        };
        let now = books.now.plus_seconds(60);
        let app = App::new(library, Arc::new(keymap), terminal, now, size);
        let mut station = Station {
            app,
            bells: 0,
            closed: false,
            set_passphrases: vec![],
            desk: books.desk.clone(),
            person: PersonId(0),
            now,
            size,
        };
        station.tell(Event::Tick(now));
        station
    }

    /// The same, with a person signed in by code and passphrase.
    pub fn of(books: &Rehearsal, person: &str, lang: Lang, size: (u16, u16)) -> Station {
        let mut station = Station::new(books, lang, size);
        station.type_in(person).key(Key::Enter).type_in(PASSPHRASE).key(Key::Enter);
        assert!(station.app.seated().is_some(), "{person} is signed in");
        station
    }

    /// Presses a key.
    pub fn key(&mut self, key: Key) -> &mut Station {
        self.press(Press::key(key))
    }

    /// Presses an F-key after any question has become ready to be answered.
    pub fn f(&mut self, number: u8) -> &mut Station {
        self.key(Key::F(number))
    }

    /// Goes by Tab to the pane of that number, from the third, where everybody begins.
    pub fn pane(&mut self, number: usize) -> &mut Station {
        for _ in 0..(number + 1) % 4 {
            self.key(Key::Tab);
        }
        self
    }

    /// Types characters one by one.
    pub fn type_in(&mut self, text: &str) -> &mut Station {
        for c in text.chars() {
            self.press(Press::Char(c));
        }
        self
    }

    /// Characters that come together, as an input method or a scanner sends them.
    pub fn burst(&mut self, text: &str, entered: bool) -> &mut Station {
        let holds = self.app.focus().holds();
        self.press(Press::Burst { text: text.into(), entered: entered && holds });
        if entered && !holds {
            self.key(Key::Enter);
        }
        self
    }

    /// One press, and all that follows from it.
    pub fn press(&mut self, press: Press) -> &mut Station {
        self.tell(Event::Input(vec![press]));
        self
    }

    /// Time passes.
    pub fn wait(&mut self, millis: i64) -> &mut Station {
        self.now = Moment::from_micros(self.now.as_micros() + millis * 1_000);
        self.tell(Event::Tick(self.now));
        self
    }

    /// Answers a question after its grace period.
    pub fn settled(&mut self) -> &mut Station {
        self.wait(1).wait(400)
    }

    /// The journal moved elsewhere.
    pub fn moved(&mut self) -> &mut Station {
        self.tell(Event::Moved(Seq(0)));
        self
    }

    /// The terminal has another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Station {
        self.size = (width, height);
        self.tell(Event::Resized(width, height));
        self
    }

    /// What is on the screen.
    pub fn picture(&self) -> Seen {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut canvas = Canvas::new(area);
        let cursor = self.app.draw(area, &mut canvas);
        seen(&canvas.picture(), cursor)
    }

    /// Whether the screen holds that text.
    pub fn has(&self, text: &str) -> bool {
        self.picture().glyphs.contains(text)
    }

    /// What characters mean now.
    pub fn focus(&self) -> Focus {
        self.app.focus()
    }

    fn tell(&mut self, event: Event) {
        self.pass_on(event);
        while self.app.is_behind() {
            self.pass_on(Event::CatchUp);
        }
        self.pass_on(Event::Shown);
        if self.app.wants_rest() {
            self.pass_on(Event::Rested);
        }
    }

    /// An event and the answers that it leads to, but nothing that is done while nobody waits.
    pub fn pass_on(&mut self, event: Event) {
        let mut wishes = self.app.on(event);
        while !wishes.is_empty() {
            for wish in std::mem::take(&mut wishes) {
                if let Some((ticket, answer)) = self.grant(wish) {
                    wishes.extend(self.app.on(Event::Answered { ticket, answer }));
                }
            }
        }
    }

    fn grant(&mut self, wish: Wish) -> Option<(u64, Answer)> {
        match wish {
            Wish::Submit { ticket, command } => {
                self.now = self.now.plus_seconds(1);
                let envelope =
                    Envelope { command: *command, by: self.person, at: self.now, terminal: "screen".into(), id: None };
                Some((
                    ticket,
                    match self.desk.submit(&envelope) {
                        desk::Answer::Accepted { seq, event } => Answer::Accepted { seq, event },
                        desk::Answer::Refused(refusals) => Answer::Refused(refusals),
                        desk::Answer::Failed(words) => Answer::Failed(words.into()),
                    },
                ))
            }
            Wish::SignIn { ticket, code, passphrase } => {
                let found = self.desk.store().read().unwrap().person_by_code(&code).unwrap();
                Some((
                    ticket,
                    match found {
                        Some(person) if *passphrase == PASSPHRASE => {
                            self.person = person.id;
                            Answer::SignedIn(person.id)
                        }
                        _ => Answer::NotSignedIn { again: self.now.plus_seconds(2) },
                    },
                ))
            }
            Wish::Prove { ticket, passphrase } => Some((
                ticket,
                match *passphrase == PASSPHRASE {
                    true => Answer::SignedIn(self.person),
                    false => Answer::NotSignedIn { again: self.now.plus_seconds(2) },
                },
            )),
            Wish::Bell => {
                self.bells += 1;
                None
            }
            Wish::Quit => {
                self.closed = true;
                None
            }
            Wish::SetPassphrase { person, .. } => {
                self.set_passphrases.push(person);
                None
            }
            _ => None,
        }
    }
}
