//! What stands on the screens, as lines: what is on top, what the program said, and a prompt for what is awaited.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{COLUMNS, Plain, ROWS};
use crate::ui::app::over::{Over, Question};
use crate::ui::canvas::Canvas;
use crate::ui::face::Face;
use crate::ui::pane::Body;
use crate::ui::part::field::{Entry, Field};
use crate::ui::part::form::Form;
use crate::ui::part::input::Kind;
use crate::ui::text;

impl Plain {
    /// Whether what is typed now must not be shown.
    pub(super) fn is_secret(&mut self) -> bool {
        let kind = |form: &Form| form.field_at().map(|at| form.fields[at].kind());
        let kind = match (self.app.in_front(), self.app.seat.gate()) {
            (Some(Over::Question(question)), _) => {
                question.dialog.field_at().map(|at| question.dialog.fields[at].kind())
            }
            (Some(_), _) => None,
            (None, Some(gate)) => kind(&gate.form),
            (None, None) => self.form().as_ref().and_then(kind),
        };
        kind == Some(Kind::Passphrase)
    }

    /// The form on top, if there is one.
    pub(super) fn form(&mut self) -> Option<Form> {
        match self.app.stage.top().body() {
            Body::Form(form) => Some(form.clone()),
            Body::Rows(_) | Body::Text(_) | Body::Entry(_) => None,
        }
    }

    /// Says what has changed since it was said last, then asks for the next line.
    pub(super) fn tell(&mut self) {
        let lines = self.lines();
        if lines != self.told {
            // A form or a question whose prompt alone goes on is not read out again.
            let known = self.told.first() == lines.first() && self.is_filling();
            let fresh: Vec<&String> = lines.iter().filter(|line| !known || !self.told.contains(line)).collect();
            fresh.iter().for_each(|line| self.out.push_str(&format!("{line}\n")));
            self.told = lines;
        }
        let count = self.app.messages.count();
        if let Some(message) = self.app.messages.now().filter(|_| self.said != count) {
            self.out.push_str(&format!("* {}\n", message.words));
        }
        self.said = count;
        // A text that is read needs no key to go away again.
        if matches!(self.app.in_front(), Some(Over::Text(..))) {
            self.app.over = None;
            self.told.clear();
        }
        let prompt = self.prompt();
        self.out.push_str(&prompt);
    }

    fn is_filling(&mut self) -> bool {
        let form = self.form().is_some();
        matches!(self.app.in_front(), Some(Over::Question(_))) || self.app.seat.gate().is_some() || form
    }

    fn say(&self, key: &str) -> String {
        self.app.view.words.say(key).to_owned()
    }

    /// What is on top, in lines.
    fn lines(&mut self) -> Vec<String> {
        let lines = match (self.app.in_front(), self.app.seat.gate()) {
            (Some(Over::Question(question)), _) => self.question_lines(question),
            (Some(Over::Menu(menu)), _) => {
                let number = |number: Option<u8>| number.map_or_else(String::new, |number| format!("{number} "));
                let items = menu.shown();
                let items = items.iter();
                items
                    .map(|item| format!("{}{}  {}  {}", number(item.number), item.words, item.keys, item.remark))
                    .collect()
            }
            (Some(Over::Chooser(chooser)), _) => {
                let found = chooser.candidates().iter().enumerate();
                found.map(|(at, one)| format!("{} {}  {}  {}", at + 1, one.code, one.name, one.remark)).collect()
            }
            (Some(Over::Text(title, text)), _) => {
                [title.clone()].into_iter().chain(text.lines().iter().map(|line| line.words.clone())).collect()
            }
            (None, Some(_)) => self.picture_lines(),
            (None, None) => self.pane_lines(),
        };
        lines.iter().map(|line| squeezed(line)).filter(|line| !line.is_empty()).collect()
    }

    fn question_lines(&self, question: &Question) -> Vec<String> {
        let dialog = &question.dialog;
        [dialog.title.clone()].into_iter().chain(dialog.lines.iter().cloned()).collect()
    }

    /// The pane on top: a text whole, anything else as its picture has it, the chosen row's detail below.
    fn pane_lines(&mut self) -> Vec<String> {
        let words = self.app.view.words.clone();
        let title = self.app.stage.top_ref().title(&words);
        let detail: Vec<String> = self.app.stage.top_ref().detail().iter().map(|line| line.words.clone()).collect();
        let body = match self.app.stage.top().body() {
            Body::Text(text) => text.lines().iter().map(|line| line.words.clone()).collect(),
            Body::Form(_) | Body::Rows(_) | Body::Entry(_) => {
                let area = Rect::new(0, 0, COLUMNS, ROWS);
                let mut canvas = Canvas::new(area);
                self.app.stage.top_ref().render(area, &mut canvas, self.app.pen(), true);
                rows(&canvas.picture())
            }
        };
        [title].into_iter().chain(body).chain(detail).collect()
    }

    /// The whole picture without its rows of keys: the sign-in.
    fn picture_lines(&self) -> Vec<String> {
        let area = Rect::new(0, 0, COLUMNS, ROWS);
        let mut canvas = Canvas::new(area);
        self.app.draw(area, &mut canvas);
        let mut lines = rows(&canvas.picture());
        lines.truncate(usize::from(ROWS) - 3);
        lines.split_off(1)
    }

    /// What is awaited: the field, the answer, or an act.
    fn prompt(&mut self) -> String {
        let form = self.form();
        match (self.app.in_front(), self.app.seat.gate()) {
            (Some(Over::Question(question)), _) => {
                let dialog = &question.dialog;
                match dialog.field_at() {
                    Some(at) => self.field_prompt(&dialog.fields[at]),
                    None => {
                        let code = dialog.code.map_or_else(String::new, |code| code.to_string());
                        let values: [(&str, &dyn std::fmt::Display); 2] = [("verb", &dialog.verb), ("code", &code)];
                        let key = if dialog.code.is_some() { "plain.answer_code" } else { "plain.answer" };
                        self.app.view.words.say_with(key, &values)
                    }
                }
            }
            (Some(Over::Menu(_)), _) => self.say("plain.menu"),
            (Some(Over::Chooser(_)), _) => self.say("plain.choose"),
            (Some(Over::Text(..)), _) => String::new(),
            (None, Some(gate)) => self.form_prompt(&gate.form),
            (None, None) => match form {
                Some(form) => self.form_prompt(&form),
                None if self.app.is_entering() => self.entry_prompt(),
                None => self.say("plain.act"),
            },
        }
    }

    /// A field whose lines are commands: what stands on its message row, then what a line can be.
    fn entry_prompt(&self) -> String {
        let words = &self.app.view.words;
        let notice = self.app.stage.top_ref().notice(words).map_or_else(String::new, |(_, notice)| notice);
        format!("{notice}\n{}: ", words.say("count.code"))
    }

    fn form_prompt(&self, form: &Form) -> String {
        match (form.field_at(), &form.grid) {
            (Some(at), _) => self.field_prompt(&form.fields[at]),
            (None, Some(grid)) => {
                let column = grid.columns[grid.column];
                let held = grid.lines[grid.row].inputs[grid.column].text();
                format!("{} {} [{held}]: ", grid.row + 1, self.say(column.label))
            }
            (None, None) => self.say("plain.act"),
        }
    }

    fn field_prompt(&self, field: &Field) -> String {
        let fault = field.fault.as_ref().map_or_else(String::new, |fault| format!("! {}\n", self.say(fault)));
        let held = match &field.entry {
            Entry::Line(input) if input.kind() == Kind::Passphrase => String::new(),
            Entry::Line(input) if input.text().is_empty() => String::new(),
            Entry::Line(input) => format!(" [{}]", text::safe(input.text())),
            Entry::Choice(choice) => {
                let values = choice.values.iter().enumerate();
                let each = values.map(|(at, (_, words))| {
                    let mark = if at == choice.at { "*" } else { "" };
                    format!("{mark}{} {}", at + 1, self.say(words))
                });
                format!(" ({})", each.collect::<Vec<_>>().join(", "))
            }
        };
        let needed = if field.needed { " *" } else { "" };
        format!("{fault}{}{needed}{held}: ", self.say(field.label))
    }
}

/// The rows of a picture as text.
fn rows(buf: &Buffer) -> Vec<String> {
    let columns = usize::from(buf.area.width).max(1);
    let row = |cells: &[ratatui::buffer::Cell]| {
        let mut line = String::new();
        let mut skip = 0;
        for cell in cells {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = text::width(cell.symbol()).saturating_sub(1);
        }
        line
    };
    buf.content.chunks(columns).map(row).collect()
}

/// A line without its columns: what is read aloud needs no room between words.
fn squeezed(line: &str) -> String {
    let safe = text::safe(line);
    let words: Vec<&str> = safe.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
    words.join("  ")
}
