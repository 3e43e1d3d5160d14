//! A house for tests of the server: a face that counts, a desk that numbers, two people with passphrases.
//!
//! It has no business in it, so that what a test sees is the server's doing.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use taizhang::domain;
use taizhang::domain::command::Command;
use taizhang::domain::id::{PersonId, Seq};
use taizhang::domain::time::Moment;
use taizhang::server::{
    Arrival, CallLine, Counter, Credentials, Errand, Faces, House, Mail, Options, Task, Tries, Verbs, login,
};
use taizhang::ui::canvas::Canvas;
use taizhang::ui::face::{Answer, Draft, Event, Face, Focus, Key, Press, Wish};
use taizhang::ui::text;
use taizhang::wire::Call;
use zeroize::Zeroizing;

/// The code and the passphrase of the test's person.
pub const PERSON: (&str, &str) = ("test-clerk", "a long passphrase");

/// Counts presses and shows what it is told. Letters: `r` submits, `s`/`w` sign in rightly and wrongly, `v` proves,
/// `o` signs out, `q` quits, `p` panics, `b` rings, `h` makes every move a long reading from now on, `t` opens the text
/// field, Esc closes it.
pub struct CountingFace {
    presses: u32,
    text: Option<String>,
    seq: u64,
    words: String,
    ticket: u64,
    person: Option<PersonId>,
    ticks: u32,
    tick_at: Option<Moment>,
    session: u64,
    /// How many parts of a move it reads, each slowly, and how many are left.
    parts: u32,
    unread: u32,
}

/// How many parts of a move a face reads that reads for long, and how long each takes.
pub const PARTS: u32 = 40;
const PART: Duration = Duration::from_millis(10);

impl CountingFace {
    fn press(&mut self, press: Press) -> Option<Wish> {
        self.presses += 1;
        if let Some(text) = &mut self.text {
            match press {
                Press::Char(c) => text.push(c),
                Press::Burst { text: burst, .. } | Press::Paste(burst) => text.push_str(&burst),
                Press::Key(Key::Esc, _) => self.text = None,
                Press::Key(..) => {}
            }
            return None;
        }
        match press {
            Press::Char(c) => return self.letter(c),
            Press::Burst { text, entered } => self.words = format!("burst {text} {entered}"),
            Press::Paste(text) => self.words = format!("paste {}", text.len()),
            Press::Key(key, _) => self.words = format!("key {key:?}"),
        }
        None
    }

    fn letter(&mut self, letter: char) -> Option<Wish> {
        self.ticket += 1;
        let ticket = self.ticket;
        let passphrase = |words: &str| Zeroizing::new(words.to_owned());
        let sign_in = |words: &str| Wish::SignIn { ticket, code: PERSON.0.to_owned(), passphrase: passphrase(words) };
        match letter {
            'r' => return Some(Wish::Submit { ticket, command: Box::new(any_command()) }),
            's' => return Some(sign_in(PERSON.1)),
            'w' => return Some(sign_in("wrong")),
            'u' => return Some(Wish::SignIn { ticket, code: "nobody".to_owned(), passphrase: passphrase("wrong") }),
            'v' => return Some(Wish::Prove { ticket, passphrase: passphrase(PERSON.1) }),
            'o' => {
                self.person = None;
                return Some(Wish::SignOut);
            }
            'a' => return Some(Wish::Submit { ticket, command: Box::new(first_administrator()) }),
            'k' => {
                let (person, passphrase) = (PERSON.0.to_owned(), passphrase(PERSON.1));
                return Some(Wish::SetPassphrase { ticket, person, passphrase });
            }
            'i' => {
                let order = Box::new(serde_json::json!({"file": "nowhere.csv"}));
                return Some(Wish::Import { ticket, order });
            }
            'q' => return Some(Wish::Quit),
            'b' => return Some(Wish::Bell),
            'h' => self.parts = PARTS,
            'l' => return Some(Wish::Repaint),
            'p' => panic!("a planted bug"),
            't' => self.text = Some(String::new()),
            'c' => self.tick_at = Some(Moment::from_micros(0)),
            other => self.words = format!("letter {other}"),
        }
        None
    }
}

impl Face for CountingFace {
    fn on(&mut self, event: Event) -> Vec<Wish> {
        match event {
            Event::Input(presses) => return presses.into_iter().filter_map(|press| self.press(press)).collect(),
            Event::Resized(cols, rows) => self.words = format!("size {cols}x{rows}"),
            Event::Tick(now) => {
                self.ticks += 1;
                self.tick_at = Some(now.plus_seconds(1));
            }
            Event::Rested | Event::Shown => {}
            Event::Moved(seq) => (self.seq, self.unread) = (seq.0, self.parts),
            Event::CatchUp => {
                thread::sleep(PART);
                self.unread -= 1;
            }
            Event::Answered { answer, .. } => match answer {
                Answer::SignedIn(person) => self.person = Some(person),
                Answer::NotSignedIn { .. } => self.words = "not signed in".into(),
                Answer::Accepted { event, .. } => self.words = accepted(&event),
                other => self.words = format!("{other:?}"),
            },
            Event::Progress { done, of, .. } => self.words = format!("{done} of {of}"),
            Event::Notice(words) => self.words = words[0].to_string(),
        }
        vec![]
    }

    fn wants_at(&self) -> Option<Moment> {
        self.tick_at
    }

    fn is_behind(&self) -> bool {
        self.unread > 0
    }

    fn focus(&self) -> Focus {
        if self.text.is_some() { Focus::Text } else { Focus::List }
    }

    fn draft(&self) -> Option<Draft> {
        self.text.clone().map(|text| Draft { form: "text".to_owned(), text })
    }

    fn draw(&self, area: Rect, buf: &mut Canvas) -> Option<Position> {
        let text = self.text.as_deref().unwrap_or("-");
        let lines = [
            format!("台账 终端 {}", self.session),
            format!("按键 {}", self.presses),
            format!("账目 {}", self.seq),
            format!("正文 {text}"),
            format!("人员 {}", self.person.map_or("-".into(), |person| person.0.to_string())),
            format!("消息 {}", self.words),
            format!("未读 {}", self.unread),
        ];
        for (y, line) in (area.y..area.bottom()).zip(&lines) {
            text::put(buf, area.x, y, area.width, line, Style::new());
        }
        self.text.is_some().then(|| Position::new(area.x + 5, (area.y + 3).min(area.bottom().saturating_sub(1))))
    }
}

struct NumberingDesk(Sender<Errand>);

impl Counter for NumberingDesk {
    fn take(&mut self, errand: Errand) {
        self.0.send(errand).unwrap();
    }
}

fn number(mail: Mail) -> NumberingDesk {
    let (send, errands) = channel::<Errand>();
    thread::spawn(move || {
        for (seq, errand) in errands.into_iter().enumerate() {
            let seq = Seq(seq as u64 + 1);
            assert!(matches!(errand.task, Task::Submit(_)));
            let proved = if errand.speaker.proved.is_some() { "proved" } else { "unproved" };
            let words = format!("{:?} {proved} uid {}", errand.speaker.person, errand.speaker.peer.uid);
            let event = Box::new(domain::event::Event::TierDefined { code: "A".into(), name: words.into() });
            mail.answered(errand.session, errand.ticket, Answer::Accepted { seq, event });
            mail.moved(seq);
        }
    });
    NumberingDesk(send)
}

struct EchoingVerbs;

impl Verbs for EchoingVerbs {
    fn call(&self, call: &Call, line: &mut CallLine) -> u8 {
        match &*call.verb {
            "echo" => {
                let mut count = 0;
                while let Some(piece) = line.piece().unwrap() {
                    count += piece.len();
                    line.out(&piece).unwrap();
                }
                line.error(format!("{count} bytes from uid {}", line.peer.uid).as_bytes()).unwrap();
                u8::from(count == 0)
            }
            "pid" => {
                line.out(std::process::id().to_string().as_bytes()).unwrap();
                0
            }
            _ => panic!("a planted bug"),
        }
    }
}

fn accepted(event: &domain::event::Event) -> String {
    match event {
        domain::event::Event::TierDefined { name, .. } => format!("accepted {name}"),
        other => format!("{other:?}"),
    }
}

fn first_administrator() -> Command {
    let command =
        serde_json::json!({"do": "appoint_person", "code": PERSON.0, "name": "Test", "roles": ["administrator"]});
    serde_json::from_value(command).expect("it is spelled as the table of commands spells it")
}

/// A command, of which the desk above only counts that it came.
fn any_command() -> Command {
    let command = serde_json::json!({"do": "define_tier", "code": "A", "name": "A"});
    serde_json::from_value(command).expect("it is spelled as the table of commands spells it")
}

/// One person, cheap to check; the cost of real hashes is tested where they are made.
struct OnePerson {
    hash: String,
    tries: Mutex<HashMap<(String, u32), Tries>>,
}

impl Credentials for OnePerson {
    fn find(&self, code: &str) -> Option<(PersonId, String)> {
        (code == PERSON.0).then(|| (PersonId(7), self.hash.clone()))
    }
    fn code_of(&self, person: PersonId) -> Option<String> {
        (person == PersonId(7)).then(|| PERSON.0.to_owned())
    }
    fn bound_to(&self, _: u32) -> Option<PersonId> {
        None
    }
    fn tries(&self, code: &str, uid: u32) -> Tries {
        self.tries.lock().unwrap().get(&(code.to_owned(), uid)).copied().unwrap_or_default()
    }
    fn keep_tries(&self, code: &str, uid: u32, tries: Tries) {
        self.tries.lock().unwrap().insert((code.to_owned(), uid), tries);
    }
    fn forget_tries(&self, _: &str) {}
    fn signed_in(&self, _: PersonId, _: &str) {}
}

/// The house, as the server opens it.
pub fn open(mail: Mail) -> Result<House, String> {
    let hash = login::hash(PERSON.1).map_err(|fault| fault.to_string())?;
    let credentials = Arc::new(OnePerson { hash, tries: Mutex::default() });
    Ok(House {
        faces: faces(),
        counter: Box::new(number(mail)),
        verbs: Arc::new(EchoingVerbs),
        credentials,
        close: Box::new(|| {}),
    })
}

/// The same face and verbs over a real store.
pub fn open_books(folder: &Path, mail: &Mail) -> Result<House, String> {
    taizhang::house::open(folder, true, &Default::default(), mail, |_| faces(), |_| Arc::new(EchoingVerbs))
}

fn faces() -> Faces {
    Box::new(|arrival: &Arrival| -> Box<dyn Face> {
        Box::new(CountingFace {
            presses: 0,
            text: None,
            seq: 0,
            words: String::new(),
            ticket: 0,
            person: None,
            ticks: 0,
            tick_at: None,
            session: arrival.session.0,
            parts: 0,
            unread: 0,
        })
    })
}

/// A server in this process, stopped when it is dropped.
pub struct Running {
    mail: Mail,
    thread: Option<thread::JoinHandle<()>>,
}

impl Running {
    /// Serves `store` with the house above.
    pub fn start(store: &Path) -> Running {
        Running::with(store, open)
    }

    /// Serves real books in `store`, with the face above.
    pub fn with_books(store: &Path) -> Running {
        let folder = store.to_owned();
        Running::with(store, move |mail| open_books(&folder, &mail))
    }

    fn with(store: &Path, open: impl FnOnce(Mail) -> Result<House, String> + Send + 'static) -> Running {
        let (send, mail) = channel();
        let store = store.to_owned();
        let thread = thread::spawn(move || {
            let options = Options::new(store);
            let open = move |mail: Mail| {
                send.send(mail.clone()).unwrap();
                open(mail)
            };
            // The test that breaks its server looks at what the terminals are told.
            let _ = taizhang::server::serve(options, open);
        });
        Running { mail: mail.recv().unwrap(), thread: Some(thread) }
    }

    /// The way to the core.
    pub fn mail(&self) -> &Mail {
        &self.mail
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.mail.stop();
        self.thread.take().expect("it is stopped once").join().unwrap();
    }
}
