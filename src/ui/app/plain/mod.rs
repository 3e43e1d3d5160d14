//! The workstation line by line: no cursor moves, no redraw, one prompt after another.
//!
//! For screen readers, slow lines and terminals that can do nothing else. The screens are the same ones, with the same
//! acts, forms, questions and refusals; they are told in lines ([`tell`]) and obey lines ([`obey`]). What is typed is
//! echoed here, except a passphrase. Lines that come while something is awaited wait for it.

mod obey;
mod tell;

use std::collections::VecDeque;

use ratatui::layout::{Position, Rect};

use crate::domain::time::Moment;
use crate::ui::app::App;
use crate::ui::app::over::Over;
use crate::ui::canvas::Canvas;
use crate::ui::face::{Draft, Event, Face, Focus, Key, Press, Wish};
use crate::ui::text;

/// The cells of the picture that lines are read from.
pub(in crate::ui) const COLUMNS: u16 = 120;
/// Its rows: a page of a list, short enough to be heard.
pub(in crate::ui) const ROWS: u16 = 32;
/// The longest line that can be typed, in bytes.
const LINE_MAX: usize = 4 * 1024;

/// A terminal's screens, line by line.
pub struct Plain {
    app: App,
    line: String,
    held: VecDeque<String>,
    out: String,
    /// What was told last, so that the same is not told again.
    told: Vec<String>,
    /// How many messages there were when one was told last.
    said: u64,
}

impl Plain {
    /// Tells the screens of `app`, whatever the terminal's size is.
    pub fn new(mut app: App) -> Plain {
        app.resized(COLUMNS, ROWS);
        let mut plain =
            Plain { app, line: String::new(), held: VecDeque::new(), out: String::new(), told: Vec::new(), said: 0 };
        plain.tell();
        plain
    }

    fn press(&mut self, press: Press, wishes: &mut Vec<Wish>) {
        match press {
            Press::Char(c) => self.typed(c.encode_utf8(&mut [0; 4])),
            Press::Burst { text, entered } => {
                self.typed(&text);
                if entered {
                    self.entered(wishes);
                }
            }
            Press::Paste(text) => {
                for (nth, line) in text.lines().enumerate() {
                    if nth > 0 {
                        self.entered(wishes);
                    }
                    self.typed(line);
                }
            }
            Press::Key(Key::Enter, _) => self.entered(wishes),
            Press::Key(Key::Backspace, _) => self.rubbed_out(),
            Press::Key(Key::Ctrl('u'), _) => {
                while !self.line.is_empty() {
                    self.rubbed_out();
                }
            }
            // A terminal that has other keys may use them.
            key @ Press::Key(..) => {
                self.line.clear();
                self.out.push('\n');
                wishes.extend(self.app.on(Event::Input(vec![key])));
                self.tell();
            }
        }
    }

    fn typed(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        if self.line.len() + clean.len() > LINE_MAX {
            self.out.push('\x07');
            return;
        }
        if !self.is_secret() {
            self.out.push_str(&text::safe(&clean));
        }
        self.line.push_str(&clean);
    }

    fn rubbed_out(&mut self) {
        let Some(last) = self.line.pop() else { return };
        if !self.is_secret() {
            let cells = text::width(&text::safe(last.encode_utf8(&mut [0; 4])));
            for part in ["\x08", " ", "\x08"] {
                self.out.push_str(&part.repeat(cells));
            }
        }
    }

    fn entered(&mut self, wishes: &mut Vec<Wish>) {
        let line = std::mem::take(&mut self.line);
        self.out.push('\n');
        self.held.push_back(line);
        self.go_on(wishes);
    }

    /// Obeys the lines that came, until one makes something that must be awaited.
    fn go_on(&mut self, wishes: &mut Vec<Wish>) {
        while !self.is_waiting() {
            let Some(line) = self.held.pop_front() else { return };
            self.obey(&line, wishes);
            if !self.app.pending.is_waiting() {
                self.tell();
            }
        }
    }

    /// The gate closed by itself, or had been there `before`: what was half typed was not meant for it.
    fn tell_gate(&mut self, before: bool) {
        if self.app.seat.gate().is_some() != before {
            self.line.clear();
            self.held.clear();
            self.out.push('\n');
            self.tell();
        }
    }

    /// Whether an answer is awaited, or a question does not take keys yet.
    fn is_waiting(&self) -> bool {
        let quiet =
            matches!(self.app.in_front(), Some(Over::Question(question)) if question.dialog.wants_at().is_some());
        quiet || self.app.pending.is_waiting()
    }
}

impl Face for Plain {
    fn on(&mut self, event: Event) -> Vec<Wish> {
        let mut wishes = Vec::new();
        match event {
            Event::Input(presses) => presses.into_iter().for_each(|press| self.press(press, &mut wishes)),
            // Lines have no size.
            Event::Resized(..) => {}
            Event::Answered { .. } => {
                wishes = self.app.on(event);
                self.tell();
                self.go_on(&mut wishes);
            }
            Event::Tick(_) => {
                let gate = self.app.seat.gate().is_some();
                wishes = self.app.on(event);
                // Lines are not read from afar: the lock itself is told.
                self.app.seat.wake(self.app.view.now);
                self.tell_gate(gate);
                self.go_on(&mut wishes);
            }
            Event::Notice(_) | Event::Progress { .. } => {
                wishes = self.app.on(event);
                self.out.push('\n');
                self.tell();
            }
            Event::Moved(_) => {
                let gate = self.app.seat.gate().is_some();
                wishes = self.app.on(event);
                self.tell_gate(gate);
            }
            Event::CatchUp => wishes = self.app.on(event),
            // A terminal of lines shows no bar.
            Event::Rested | Event::Shown => {}
        }
        if wishes.iter().any(|wish| matches!(wish, Wish::Repaint)) {
            self.told.clear();
            self.tell();
        }
        wishes
    }

    fn wants_at(&self) -> Option<Moment> {
        self.app.wants_at()
    }

    fn is_behind(&self) -> bool {
        self.app.is_behind()
    }

    fn focus(&self) -> Focus {
        Focus::Text
    }

    fn draft(&self) -> Option<Draft> {
        self.app.draft()
    }

    fn draw(&self, _: Rect, _: &mut Canvas) -> Option<Position> {
        None
    }

    fn speak(&mut self) -> String {
        std::mem::take(&mut self.out)
    }
}
