//! The entry form of a stocktake (盘点录入): one line, a scanner, a number pad. What a line means is decided in `ui/entry`.
//!
//! Each line is a command of its own, asked after the answer to the one before; what is typed meanwhile waits. It shows one's
//! own sheet and nothing of the book: no stock, no expected lines, not the other's sheet (M5.2).

use std::collections::VecDeque;

use ratatui::layout::{Position, Rect};

use crate::domain::clause::Reason;
use crate::domain::command::Command;
use crate::domain::counting::{CorrectCount, CountGoods, RepeatCount, SubmitSheet, UndoCount};
use crate::domain::event::Event;
use crate::domain::id::StocktakeId;
use crate::domain::quantity::Quantity;
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::entry::{Came, Entry, Fault as EntryFault, Known, Order, State};
use crate::ui::face::{Answer, Focus, Key};
use crate::ui::keymap::{Confirm, Kind};
use crate::ui::layout::HANDHELD_WIDTH;
use crate::ui::locale::Words;
use crate::ui::pane::count_view::{self, Shown};
use crate::ui::pane::{Act, Ask, Body, Deed, Due, Entering, Half, Opening, Screen, Sight, unread};
use crate::ui::part::input::{Input, Kind as Typing};
use crate::ui::part::message::Weight;

/// Why the last line was not taken.
#[derive(Debug, Clone)]
enum Why {
    /// By the line itself.
    Line(EntryFault),
    /// By the rules, in words.
    Rules(String),
}

/// One's own sheet, being filled in.
pub struct CountForm {
    take: StocktakeId,
    place: Text,
    entry: Entry,
    line: Input,
    /// Characters came that no code has: the line will be refused whole.
    spoiled: bool,
    why: Option<Why>,
    /// What is wanted before the next line is read.
    due: VecDeque<Due>,
    wants_submit: bool,
    shown: Shown,
    height: usize,
}

/// What entering looks up, in the books.
struct Shelves<'a>(&'a Sight<'a>);

impl Known for Shelves<'_> {
    fn code(&self, code: &str) -> bool {
        // What cannot be read now is refused by the sheet itself.
        self.0.books.article_by_code(code).is_ok_and(|article| article.is_some())
    }
    fn place(&self, code: &str) -> bool {
        self.0.books.can_count_at(&code.into()).unwrap_or(false)
    }
}

impl CountForm {
    /// The sheet of who sits there, at a place; at the last one where none is named.
    pub fn of(take: StocktakeId, place: Text) -> CountForm {
        CountForm {
            take,
            place,
            entry: Entry::default(),
            line: Input::new(Typing::Code),
            spoiled: false,
            why: None,
            due: VecDeque::new(),
            wants_submit: false,
            shown: Shown::default(),
            height: 1,
        }
    }

    /// Enter: the line joins those that wait to be read.
    fn accept(&mut self) {
        let queued = match std::mem::take(&mut self.spoiled) {
            true => self.entry.enter_spoiled(),
            false => self.entry.enter(self.line.text()),
        };
        self.line = Input::new(Typing::Code);
        if let Err(fault) = queued {
            self.object(Why::Line(fault));
        }
    }

    /// Enters a line as if it had been typed, such as `-` for an undo; what is half-typed stays.
    fn enter(&mut self, line: &str) {
        if let Err(fault) = self.entry.enter(line) {
            self.object(Why::Line(fault));
        }
    }

    fn object(&mut self, why: Why) {
        self.why = Some(why);
        self.due.push_back(Due::Bell);
    }

    /// F12: what is half-typed goes; where nothing is, what the field waits for.
    fn clear(&mut self) {
        if self.line.is_empty() && !self.spoiled {
            self.entry.give_up();
        }
        self.line = Input::new(Typing::Code);
        self.spoiled = false;
    }

    /// F8: what is half-typed is a line too, and is saved or refused before the sheet is handed in (E45).
    fn hand_in(&mut self) {
        if self.spoiled || !self.line.is_empty() {
            self.accept();
        }
        self.wants_submit = true;
    }

    /// F2: back to the figure of the last line.
    fn mend(&mut self) {
        if let Some(last) = self.shown.last() {
            self.entry.mend(last.line, &last.code);
        }
    }

    fn command(&self, order: Order) -> Command {
        let stocktake = self.take;
        match order {
            Order::Scan { code, quantity, join, sure } => Command::CountGoods(CountGoods {
                stocktake,
                place: self.place.clone(),
                code: code.as_str().into(),
                quantity: quantity.unwrap_or(Quantity::whole(1)),
                join,
                sure,
            }),
            Order::Set { to, line, sure } => {
                Command::CorrectCount(CorrectCount { stocktake, to: Some(to), by: None, line, sure })
            }
            Order::Adjust { by, sure } => {
                Command::CorrectCount(CorrectCount { stocktake, to: None, by: Some(by), line: None, sure })
            }
            Order::Undo => Command::UndoCount(UndoCount { stocktake }),
            Order::Repeat => Command::RepeatCount(RepeatCount { stocktake }),
        }
    }

    /// What came of a line, as something to do.
    fn came(&mut self, came: Came) -> Due {
        if !matches!(came, Came::Refused(_)) {
            self.why = None;
        }
        match came {
            Came::Nothing => Due::Shown,
            Came::Order(Order::Scan { .. }) if !self.shown.may_count_here() => {
                self.entry.declined(None);
                self.why = Some(Why::Line(EntryFault::NoPlace));
                Due::Bell
            }
            Came::Order(order) => Due::Command(Box::new(self.command(order))),
            Came::Find(letters) => Due::Pick("article", letters),
            Came::Place(place) => {
                self.place = place.as_str().into();
                Due::Shown
            }
            Came::AsksZero => Due::Bell,
            Came::Refused(fault) => {
                // The first error is the one that has to be read.
                if fault != EntryFault::Held || self.why.is_none() {
                    self.why = Some(Why::Line(fault));
                }
                Due::Bell
            }
        }
    }

    /// The question before the sheet is handed in, with its totals and what is blank.
    fn submission(&self, sight: &Sight<'_>) -> Result<Option<Ask>, Fault> {
        let Some(take) = sight.books.stocktake(self.take)? else { return Ok(None) };
        let Some(sheet) = take.sheet_of(sight.who.id) else { return Ok(None) };
        let (lines, blanks) = count_view::summary(sight, &take, sheet)?;
        let stocktake = self.take;
        let command = Command::SubmitSheet(SubmitSheet { stocktake, blanks: Some(blanks) });
        Ok(Some(Ask::plain(self.shown.heading.clone(), lines, command).confirmed_by(Confirm::F8)))
    }
}

impl Entering for CountForm {
    fn typed(&mut self, text: &str) {
        // It is said at once, and refused when Enter ends the line.
        if self.line.insert(text).is_err() {
            self.spoiled = true;
        }
    }

    fn pasted(&mut self, text: &str) {
        let mut lines = text.split(['\r', '\n']).map(str::trim).peekable();
        while let Some(line) = lines.next() {
            self.typed(line);
            // A blank line of a paste is the second half of a line's end.
            if lines.peek().is_some() && (self.spoiled || !self.line.is_empty()) {
                self.accept();
            }
        }
    }

    fn edit(&mut self, key: Key) -> bool {
        self.line.edit(key)
    }

    fn picked(&mut self, field: &str, code: &str) {
        let queued = if field == "place" { self.entry.go_to(code) } else { self.entry.pick(code) };
        if let Err(fault) = queued {
            self.object(Why::Line(fault));
        }
    }

    fn next(&mut self, sight: &Sight<'_>) -> Option<Due> {
        if let Some(due) = self.due.pop_front() {
            return Some(due);
        }
        if let Some(came) = self.entry.next(&Shelves(sight)) {
            return Some(self.came(came));
        }
        if !self.wants_submit || !self.entry.is_idle() {
            return None;
        }
        self.wants_submit = false;
        if self.entry.is_asking() {
            return Some(Due::Bell);
        }
        match self.submission(sight) {
            Ok(Some(ask)) => Some(Due::Ask("submit_sheet", ask)),
            Ok(None) => Some(Due::Bell),
            Err(fault) => {
                self.why = Some(Why::Rules(fault.to_string()));
                Some(Due::Bell)
            }
        }
    }

    fn answered(&mut self, answer: &Answer, why: Option<String>) {
        match answer {
            Answer::Accepted { event, .. } => {
                if let Event::GoodsCounted { line, code, .. } = &**event {
                    self.entry.accepted(*line, code);
                }
                self.due.push_back(Due::Chime);
            }
            Answer::Refused(refusals) => {
                let asks = refusals.list().iter().find_map(|refusal| match refusal.reason() {
                    Reason::ReallySoMuch { quantity, .. } => Some(*quantity),
                    _ => None,
                });
                self.entry.declined(asks);
                self.object(Why::Rules(why.unwrap_or_default()));
            }
            _ => {
                self.entry.declined(None);
                self.object(Why::Rules(why.unwrap_or_default()));
            }
        }
    }

    fn fit(&mut self, height: usize) {
        self.height = height;
    }
}

impl Screen for CountForm {
    const NAME: &'static str = "stocktake";
    const KIND: Kind = Kind::Form;
    const ACTS: &'static [Act<Self>] = &[
        Act { name: "count.accept", command: |_| Some("count_goods"), deed: Deed::Turn(CountForm::accept) },
        Act {
            name: "count.find",
            command: |_| Some("count_goods"),
            deed: Deed::Turn(|form| form.due.push_back(Due::Pick("article", String::new()))),
        },
        Act { name: "count.mend", command: |_| Some("correct_count"), deed: Deed::Turn(CountForm::mend) },
        Act {
            name: "count.place",
            command: |_| Some("count_goods"),
            deed: Deed::Turn(|form| form.due.push_back(Due::Pick("place", String::new()))),
        },
        Act { name: "count.lines", command: |_| None, deed: Deed::Open(|form| form.shown.sheet(form.take)) },
        Act { name: "count.submit", command: |_| Some("submit_sheet"), deed: Deed::Turn(CountForm::hand_in) },
        Act { name: "count.undo", command: |_| Some("undo_count"), deed: Deed::Turn(|form| form.enter("-")) },
        Act { name: "count.repeat", command: |_| Some("repeat_count"), deed: Deed::Turn(|form| form.enter("+")) },
        Act { name: "nav.cancel", command: |_| None, deed: Deed::Turn(CountForm::clear) },
    ];

    fn title(&self, words: &Words) -> String {
        self.shown.title(words, &self.place)
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        let mut shown = std::mem::take(&mut self.shown);
        let read = shown.read(sight, self.take, &mut self.place, self.height);
        self.shown = shown;
        read.map_err(unread)
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        count_view::render(&self.shown, &self.entry, &self.line, area, buf, pen)
    }

    fn body(&mut self) -> Body<'_> {
        Body::Entry(self)
    }

    fn focus(&self) -> Focus {
        Focus::Code
    }

    fn half(&self) -> Option<Half<'_>> {
        let opening = Opening::Count(self.take, self.place.clone());
        self.shown.is_open().then_some(Half { opening, form: None, seen: 0 })
    }

    fn rows_above(&self) -> u16 {
        1
    }

    fn least_width(&self) -> u16 {
        HANDHELD_WIDTH
    }

    fn notice(&self, words: &Words) -> Option<(Weight, String)> {
        let warned = |text: String| Some((Weight::Warned, text));
        let why = || match &self.why {
            Some(Why::Line(fault)) => words.say(fault.words()).to_owned(),
            Some(Why::Rules(text)) => text.clone(),
            None => String::new(),
        };
        match self.entry.state() {
            State::Held(_) => {
                let since = self.entry.refused_since();
                let key = if since > 0 { "count.holds_more" } else { "count.holds" };
                warned(words.say_with(key, &[("why", &why()), ("since", &since)]))
            }
            State::Zero(_) => warned(words.say("count.zero").to_owned()),
            State::Sure { figure, .. } => warned(words.say_with("count.sure", &[("figure", figure), ("why", &why())])),
            _ if self.spoiled => warned(words.say(EntryFault::NotAscii.words()).to_owned()),
            _ if self.why.is_some() => warned(why()),
            State::Code { preset: Some(many) } => {
                Some((Weight::Said, words.say_with("count.preset", &[("many", many)])))
            }
            state @ (State::Code { .. } | State::Figure(_)) => {
                let takes_figure = matches!(state, State::Figure(_));
                Some((Weight::Said, self.shown.standing(words, takes_figure, self.entry.waiting().count())))
            }
        }
    }

    fn hint(&self) -> Option<&'static str> {
        Some("count.hint")
    }
}
