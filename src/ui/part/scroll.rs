//! Text that is read: help, the detail of an object, its journal. It scrolls by rows and pages and is never edited.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::domain::time::Moment;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::text::{self, Align};

/// How far in a line goes on that was too long.
const INDENT: usize = 2;

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its words.
    pub words: String,
    /// What it is.
    pub tone: Tone,
    /// Says it anew as time goes by.
    clock: Option<Clock>,
}

impl Line {
    /// A plain line.
    pub fn plain(words: impl Into<String>) -> Line {
        Line::toned(words, Tone::Plain)
    }

    /// A heading.
    pub fn title(words: impl Into<String>) -> Line {
        Line::toned(words, Tone::Title)
    }

    /// A line with a tone.
    pub fn toned(words: impl Into<String>, tone: Tone) -> Line {
        Line { words: words.into(), tone, clock: None }
    }

    /// A line that time changes, as it is at `now`.
    pub fn timed(
        now: Moment,
        words: &Words,
        say: impl Fn(Moment, &Words) -> (String, Tone) + Send + Sync + 'static,
    ) -> Line {
        let (said, tone) = say(now, words);
        Line { words: said, tone, clock: Some(Clock(Arc::new(say))) }
    }

    /// The clock moved on: what time changes is said anew. Returns whether anything was.
    pub fn tick(&mut self, now: Moment, words: &Words) -> bool {
        let Some(Clock(say)) = &self.clock else { return false };
        (self.words, self.tone) = say(now, words);
        true
    }
}

/// Says what a line is at a moment.
#[derive(Clone)]
struct Clock(Arc<Say>);

/// What a line says at a moment, and what it is.
type Say = dyn Fn(Moment, &Words) -> (String, Tone) + Send + Sync;

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Lines are the same where they say the same.
impl PartialEq for Clock {
    fn eq(&self, _: &Clock) -> bool {
        true
    }
}

impl Eq for Clock {}

/// A way to scroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roll {
    /// A row up.
    Up,
    /// A row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// The acts that everything that is read has, by their names in the keymaps.
pub const ROLLS: &[(&str, Roll)] = &[
    ("text.up", Roll::Up),
    ("text.down", Roll::Down),
    ("text.page_up", Roll::PageUp),
    ("text.page_down", Roll::PageDown),
];

/// Lines, and how far they are scrolled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scroll {
    lines: Vec<Line>,
    /// The lines as they are wrapped into the width.
    wrapped: Vec<Line>,
    top: usize,
    height: usize,
    width: usize,
}

impl Scroll {
    /// Text from its beginning.
    pub fn new(lines: Vec<Line>) -> Scroll {
        let mut scroll = Scroll { lines, wrapped: Vec::new(), top: 0, height: 1, width: usize::MAX };
        scroll.wrap();
        scroll
    }

    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many rows it takes, wrapped.
    pub fn rows(&self) -> usize {
        self.wrapped.len()
    }

    /// Replaces the text and stays where it is scrolled to, as far as there is text.
    pub fn replace(&mut self, lines: Vec<Line>) {
        self.lines = lines;
        self.wrap();
    }

    /// The clock moved on.
    pub fn tick(&mut self, now: Moment, words: &Words) {
        let ticked = self.lines.iter_mut().map(|line| line.tick(now, words)).filter(|ticked| *ticked).count();
        if ticked > 0 {
            self.wrap();
        }
    }

    /// Says how many rows there is room for, and how wide they are.
    pub fn fit(&mut self, width: usize, height: usize) {
        (self.width, self.height) = (width.max(1), height.max(1));
        self.wrap();
    }

    fn wrap(&mut self) {
        self.wrapped = wrapped(&self.lines, self.width);
        self.hold();
    }

    /// Scrolls.
    pub fn roll(&mut self, roll: Roll) {
        let page = self.height.saturating_sub(1).max(1);
        self.top = match roll {
            Roll::Up => self.top.saturating_sub(1),
            Roll::Down => self.top + 1,
            Roll::PageUp => self.top.saturating_sub(page),
            Roll::PageDown => self.top + page,
        };
        self.hold();
    }

    fn hold(&mut self) {
        self.top = self.top.min(self.wrapped.len().saturating_sub(self.height));
    }

    /// Draws what is in sight.
    pub fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
        show(&self.wrapped[self.top.min(self.wrapped.len())..], area, buf, pen);
    }
}

/// How many rows the lines take where they are so wide.
pub fn rows(lines: &[Line], width: usize) -> usize {
    wrapped(lines, width).len()
}

/// Draws the beginning of what does not scroll.
pub fn render(lines: &[Line], area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let area = area.intersection(buf.area);
    let (mut rows, mut last) = (0, None);
    for line in lines {
        let style = pen.style(line.tone);
        let is_last = |row: usize| row + 1 == usize::from(area.height);
        let fits = text::put_whole(buf, area, rows, &line.words, style);
        if fits {
            last = last.or(is_last(rows).then_some((Cow::Borrowed(line.words.as_str()), line.tone)));
            rows += 1;
            continue;
        }
        for words in broken(&line.words, area.width.into()) {
            text::put_whole(buf, area, rows, &words, style);
            last = last.or(is_last(rows).then_some((Cow::Owned(words), line.tone)));
            rows += 1;
        }
    }
    more(rows, last, area, buf, pen);
}

/// The lines in rows: those that are too long go on in the next row, a little further in.
fn wrapped(lines: &[Line], width: usize) -> Vec<Line> {
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        if text::width(&line.words) <= width {
            all.push(line.clone());
            continue;
        }
        all.extend(broken(&line.words, width).map(|words| Line::toned(words, line.tone)));
    }
    all
}

/// The rows of a line that is too long.
fn broken(words: &str, width: usize) -> impl Iterator<Item = String> {
    let rows = text::wrap(words, width.saturating_sub(INDENT).max(1));
    let indented = |(at, words): (usize, String)| if at == 0 { words } else { " ".repeat(INDENT) + &words };
    rows.into_iter().enumerate().map(indented)
}

/// Draws the first of the rows, each cut to the width, and how many more there are.
pub fn show(rows: &[Line], area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let area = area.intersection(buf.area);
    for (row, line) in rows.iter().take(area.height.into()).enumerate() {
        text::put(buf, area.x, area.y + row as u16, area.width, &line.words, pen.style(line.tone));
    }
    let last = usize::from(area.height).checked_sub(1).and_then(|last| rows.get(last));
    more(rows.len(), last.map(|line| (Cow::Borrowed(line.words.as_str()), line.tone)), area, buf, pen);
}

/// Says how many of the rows have no room, at the end of the last one that has: what stands there and does not leave room
/// for that goes on below, like any line that is too long.
fn more(rows: usize, last: Option<(Cow<'_, str>, Tone)>, area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let mut more = rows.saturating_sub(area.height.into());
    let Some((words, tone)) = last.filter(|_| more > 0 && area.width > 12) else { return };
    let (x, y) = (area.x, area.bottom() - 1);
    let room = |more: usize| area.width - text::width(&mark(more)) as u16;
    if text::width(&words) > room(more).into() {
        more += 1;
        let begun = broken(&words, room(more).into()).next().unwrap_or_default();
        text::put_fit(buf, x, y, area.width, &begun, Align::Left, pen.style(tone));
    }
    let room = room(more);
    text::put(buf, x + room, y, area.width - room, &mark(more), pen.style(Tone::Key));
}

/// How it is said that so many rows are below.
fn mark(rows: usize) -> String {
    format!(" +{rows} ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut scroll = Scroll::new((0..10).map(|n| Line::plain(n.to_string())).collect());
        scroll.fit(80, 4);
        for roll in [Roll::Up, Roll::PageDown, Roll::PageDown, Roll::PageDown] {
            scroll.roll(roll);
        }
        assert_eq!(scroll.top, 6);
        scroll.roll(Roll::PageUp);
        assert_eq!(scroll.top, 3);
        scroll.replace(vec![Line::plain("x")]);
        assert_eq!(scroll.top, 0);
    }

    #[test]
    fn a_long_line_goes_on_in_the_next_row() {
        let mut scroll = Scroll::new(vec![Line::plain("成都文轩图书专营店"), Line::plain("x")]);
        scroll.fit(12, 4);
        let rows: Vec<&str> = scroll.wrapped.iter().map(|line| line.words.as_str()).collect();
        assert_eq!(rows, ["成都文轩图", "  书专营店", "x"]);
    }
}
