//! The picture of a terminal: rows of keys first, then the screens, then what stands in front.

use ratatui::layout::{Position, Rect};

use crate::domain::command::permit;
use crate::ui::Pen;
use crate::ui::app::App;
use crate::ui::app::over::Over;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::{Confirm, Entry};
use crate::ui::layout::{self, Frame, LEAST_HEIGHT};
use crate::ui::look::Tone;
use crate::ui::part::bar;
use crate::ui::part::find::Find;
use crate::ui::part::form::Form;
use crate::ui::part::menu::{Item, Menu};
use crate::ui::part::message::Weight;
use crate::ui::part::scroll::{self, Line, Scroll};
use crate::ui::text::{self, Align};

/// Acts that everybody knows: they are keys, but no entries of the menu.
const OBVIOUS: &[&str] = &["row.", "page.", "field.", "text.", "dialog.", "save.", "guard.", "palette."];

impl App {
    pub(super) fn picture(&self, area: Rect, buf: &mut Canvas) -> Option<Position> {
        let area = area.intersection(buf.area);
        let pen = self.pen();
        let Some(frame) = layout::frame(area, self.least_width()) else {
            self.too_small(area, buf);
            return None;
        };
        if let Some(gate) = self.seat.gate().filter(|_| !self.is_lit()) {
            let body = Rect { height: frame.body.height.saturating_sub(1), ..frame.body };
            let department = self.known.settings.department.as_str();
            let cursor = gate.render(department, &self.station.welcome, body, buf, pen);
            self.status(&frame, buf);
            self.gate_keys(&frame, buf);
            self.message(&frame, buf);
            return cursor;
        }
        let mut cursor = self.body(&frame, buf);
        self.status(&frame, buf);
        if self.is_lit() {
            self.message(&frame, buf);
            let words = format!(" {}", self.view.words.say("gate.lit"));
            text::put(buf, frame.hints.x, frame.hints.y, frame.hints.width, &words, pen.style(Tone::Plain));
            return None;
        }
        buf.lay_part(&self.printed_key_rows(&frame));
        self.message(&frame, buf);
        cursor = match &self.over {
            None => cursor,
            Some(Over::Question(question)) => question.dialog.render(frame.body, buf, pen),
            Some(Over::Menu(menu)) => menu.render(frame.body, buf, pen),
            Some(Over::Chooser(chooser)) => chooser.render(frame.body, buf, pen),
            Some(Over::Text(title, text)) => {
                let inside =
                    crate::ui::part::dialog_view::frame(title, 78, text.rows() as u16 + 2, frame.body, buf, pen);
                text.render(inside, buf, pen);
                None
            }
        };
        cursor.filter(|at| area.contains(*at))
    }

    fn too_small(&self, area: Rect, buf: &mut Canvas) {
        let least = self.least_width();
        let needed = [("width", &area.width as &dyn std::fmt::Display), ("height", &area.height)];
        let mut values = needed.to_vec();
        values.extend([("least_width", &least as &dyn std::fmt::Display), ("least_height", &LEAST_HEIGHT)]);
        let words = self.view.words.say_with("screen.too_small", &values);
        for (row, line) in text::wrap(&words, usize::from(area.width).max(1)).iter().enumerate() {
            text::put(buf, area.x, area.y.saturating_add(row as u16), area.width, line, self.pen().style(Tone::Plain));
        }
    }

    fn status(&self, frame: &Frame, buf: &mut Canvas) {
        let style = self.pen().style(Tone::Alert);
        let row = frame.status;
        self.printed_status(row.width.into(), |line| {
            text::put_fit(buf, row.x, row.y, row.width, line, Align::Left, style);
        });
    }

    /// The message that stands, in as many rows as it may take, and what it is. What a screen merely expects takes one: the
    /// hints below it say more.
    fn said(&self, width: u16) -> Option<(Vec<String>, Tone)> {
        let said = self.messages.now().map(|message| (message.weight, message.words.clone()));
        let standing = || self.stage.top_ref().notice(&self.view.words).filter(|_| self.seat.gate().is_none());
        let is_standing = said.is_none();
        let (weight, words) = said.or_else(standing)?;
        let tone = if weight == Weight::Warned { Tone::Alert } else { Tone::Plain };
        if is_standing && weight != Weight::Warned {
            return Some((vec![words], tone));
        }
        Some((text::wrap(&words, usize::from(width).saturating_sub(1).max(1)), tone))
    }

    /// What is too long for the row of messages goes on in that of the hints: why something is refused ends with what
    /// would let it pass. Drawn after the hints.
    fn message(&self, frame: &Frame, buf: &mut Canvas) {
        let Some((rows, tone)) = self.said(frame.message.width) else { return };
        let first = rows.first().map_or("", String::as_str);
        let rest = rows.get(1..).unwrap_or_default().join(" ");
        for (row, words) in [(frame.message, first), (frame.hints, &rest)] {
            if row == frame.message || !words.is_empty() {
                text::put_fit(buf, row.x, row.y, row.width, &format!(" {words}"), Align::Left, self.pen().style(tone));
            }
        }
    }

    fn body(&self, frame: &Frame, buf: &mut Canvas) -> Option<Position> {
        let pen = self.pen();
        if let Some(pane) = self.stage.stack.last() {
            let title = pane.title(&self.view.words);
            let (list, below) = layout::opened(frame.body);
            let room = if pane.has_detail() { list } else { frame.body };
            if pane.has_detail() {
                text::rule(
                    buf,
                    Rect { y: list.bottom(), height: 1, ..list },
                    list.bottom(),
                    '-',
                    pen.style(Tone::Faint),
                );
                scroll::render(pane.detail(), below, buf, pen);
            }
            let (body, finding) = title_row(&title, pane.finding(), true, room, buf, pen);
            return pane.render(body, buf, pen, true).or(finding);
        }
        let furniture = self.furniture(frame.body);
        let (space, mut cursor) = (&furniture.space, None);
        for (slot, rect) in &space.panes {
            let at = self.stage.draw(*slot, *rect, buf, |pane, focused, buf| {
                let title = format!("{} {}", *slot as usize + 1, pane.title(&self.view.words));
                let (body, finding) = title_row(&title, pane.finding(), focused, *rect, buf, pen);
                pane.render(body, buf, pen, focused).or(finding)
            });
            cursor = if *slot == self.stage.slot { at } else { cursor };
        }
        buf.lay_part(&furniture.lines);
        scroll::render(self.stage.top_ref().detail(), space.detail, buf, pen);
        if let Some(spare) = space.spare {
            self.lately(spare, buf);
        }
        cursor
    }

    /// What was said lately, in the free room of a wide screen.
    fn lately(&self, area: Rect, buf: &mut Canvas) {
        let pen = self.pen();
        let (body, _) = title_row(pen.say("messages.title"), None, false, area, buf, pen);
        scroll::show(&self.past_lines(body.height.into()), body, buf, pen);
    }

    fn past_lines(&self, limit: usize) -> Vec<Line> {
        let zone = self.known.settings.zone;
        self.messages
            .past()
            .take(limit)
            .map(|message| Line::plain(format!("{} {}", message.at.clock(zone), message.words)))
            .collect()
    }

    /// Whether the person's roles, and the rules as far as they were asked, allow an act of the screen on top.
    pub(super) fn offered(&self, act: &str) -> bool {
        self.allowed(act) && self.may_pass(act)
    }

    /// Whether the person's roles allow an act of the screen on top.
    fn allowed(&self, act: &str) -> bool {
        let (Some(command), Some(who)) = (self.stage.top_ref().command(act), self.seat.who()) else { return true };
        permit(command, who.roles).is_ok()
    }

    /// Whether the screen on top can do an act at all: a list without a filter is not searched, a form without lines gets none.
    pub(super) fn offers(&self, act: &str) -> bool {
        let form = || self.stage.top_ref().form();
        match act {
            "find.open" => self.stage.top_ref().finding().is_some(),
            "line.new" | "line.drop" => form().is_none_or(|form| form.grid.is_some()),
            "field.copy" => form().is_none_or(Form::can_copy),
            "field.lookup" => form().is_none_or(Form::can_look_up),
            _ => true,
        }
    }

    fn gate_keys(&self, frame: &Frame, buf: &mut Canvas) {
        let say = |key| self.view.words.say(key);
        let keys =
            [(1, say("gate.key_help")), (8, say("gate.key_enter")), (9, say("lang.other")), (10, say("gate.key_quit"))];
        bar::render(&keys, frame.keys, buf, self.station.look);
    }

    /// The menu of the screen on top.
    pub(super) fn menu(&mut self) {
        self.ask_ahead();
        let (context, lang) = (self.stage.top_ref().name(), self.view.words.lang());
        let say = |key: &str| self.view.words.say(key).to_owned();
        let item = |entry: &Entry| Item {
            act: entry.binding.run.clone(),
            number: entry.binding.menu,
            words: entry.binding.label(lang).to_owned(),
            keys: entry.chords.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            remark: match entry.binding.confirm {
                _ if !self.allowed(&entry.binding.run) => say("menu.not_yours"),
                _ if !self.may_pass(&entry.binding.run) => say("menu.not_now"),
                Confirm::None => String::new(),
                Confirm::F8 | Confirm::Code => say("menu.asks"),
                Confirm::Pin => say("menu.pin"),
            },
        };
        let entries = self.keymap.entries(context, &self.station.overlays);
        let shown = entries.iter().filter(|entry| self.offers(&entry.binding.run)).filter(|entry| {
            let run = &entry.binding.run;
            self.stage.top_ref().has(run)
                || entry.binding.menu.is_some()
                || !OBVIOUS.iter().any(|prefix| run.starts_with(prefix))
        });
        let mut items: Vec<Item> = shown.map(item).collect();
        items.sort_by_key(|item| item.number.map_or(1_000, |number| if number == 0 { 999 } else { u16::from(number) }));
        let title = format!("{}: {}", say("menu.title"), self.stage.top_ref().title(&self.view.words));
        self.over = Some(Over::Menu(Menu::new(title, items)));
    }

    /// Help, printed from the keymap: keys, words, and the clause by which an act may be refused.
    pub(super) fn help(&mut self) {
        let (context, lang) = (self.stage.top_ref().name(), self.view.words.lang());
        let mut lines = vec![Line::title(self.view.words.say("help.intro"))];
        let entries = self.keymap.entries(context, &self.station.overlays);
        for entry in entries.into_iter().filter(|entry| self.offers(&entry.binding.run)) {
            let keys = entry.chords.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            let clause =
                self.stage.top_ref().command(&entry.binding.run).and_then(crate::domain::command::Command::roles_of);
            let clause = clause.map_or_else(String::new, |(_, clause)| clause.id().to_owned());
            let menu = entry.binding.menu.map_or_else(String::new, |number| format!("F9 {number}"));
            let row = [(keys, 22), (menu, 7), (entry.binding.label(lang).to_owned(), 24), (clause, 8)];
            lines.push(Line::plain(
                row.iter().map(|(words, cells)| text::fit(words, *cells, Align::Left)).collect::<String>(),
            ));
        }
        lines.extend(["help.enter", "help.letters", "help.scan"].map(|key| Line::plain(self.view.words.say(key))));
        let mut text = Scroll::new(lines);
        text.fit(74, usize::from(self.view.area.height.saturating_sub(6)));
        self.over = Some(Over::Text(self.view.words.say("help.title").to_owned(), text));
    }

    pub(super) fn past_messages(&mut self) {
        let text = Scroll::new(self.past_lines(50));
        self.over = Some(Over::Text(self.view.words.say("messages.title").to_owned(), text));
    }
}

/// Draws a pane's title and its filter into the first row. Returns what is below, and where the filter's cursor stands.
fn title_row(
    title: &str,
    find: Option<&Find>,
    focused: bool,
    area: Rect,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> (Rect, Option<Position>) {
    if area.height == 0 {
        return (area, None);
    }
    let title = if focused { format!("[{title}]") } else { format!(" {title} ") };
    let mut x = text::put(buf, area.x, area.y, area.width, &title, pen.style(Tone::Title));
    let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let Some(find) = find.filter(|find| find.active || !find.query().is_empty()) else { return (below, None) };
    x = text::put(
        buf,
        x + 1,
        area.y,
        area.right().saturating_sub(x + 1),
        pen.say("find.prompt"),
        pen.style(Tone::Title),
    );
    let room = area.right().saturating_sub(x).min(30);
    let (typed, at) = find.input.window(room.into());
    let tone = if find.active { Tone::Field } else { Tone::Blank };
    text::put_fit(buf, x, area.y, room, &typed, Align::Left, pen.style(tone));
    (below, (find.active && room > 0).then(|| Position { x: x + at as u16, y: area.y }))
}
