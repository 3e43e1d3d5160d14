//! A list: a page of rows, one of them chosen. The choice is an id, never a row number, for rows move.
//!
//! The rows come by page from whoever reads the books; a step past the page says which page is needed. Rows are
//! numbered from 1 on each page, so that two digits on the keypad reach any of them. Columns have a
//! rank: when the width is short the least important go first, and what is left shrinks to its least width.

use std::cell::LazyCell;

use ratatui::layout::Rect;

use crate::ui::canvas::Canvas;
use crate::ui::look::{Look, Tone};
use crate::ui::part::kept::{KeptRows, Manner};
use crate::ui::text::{self, Align};

/// One column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The locale key of its header.
    pub title: &'static str,
    /// The least width in cells; with less it is left out.
    pub least: u16,
    /// The width beyond which it does not grow.
    pub most: u16,
    /// Where its text stands.
    pub align: Align,
    /// 0 is kept to the last; the highest goes first.
    pub rank: u8,
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// The text, which is made safe when it is drawn.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

impl Cell {
    /// A plain cell.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), tone: Tone::Plain }
    }

    /// A cell with a tone.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Cell {
        Cell { text: text.into(), tone }
    }
}

/// One row: what it stands for, and its cells in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<I> {
    /// What the row stands for.
    pub id: I,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// Which rows a list needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need<I> {
    /// The first ones.
    First,
    /// The last ones.
    Last,
    /// The ones from this one on, or from its place if it is gone.
    From(I),
    /// The ones after this one.
    After(I),
    /// The ones before this one.
    Before(I),
}

/// What the next step in a list needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming<I> {
    /// What is known of a row of the page.
    Row(I),
    /// Other rows.
    Page(Need<I>),
}

/// A way to move in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the first row of all.
    First,
    /// To the last row of all.
    Last,
}

/// The acts that every list has, by their names in the keymaps.
pub const TRAVELS: &[(&str, Travel)] = &[
    ("row.prev", Travel::Up),
    ("row.next", Travel::Down),
    ("page.prev", Travel::PageUp),
    ("page.next", Travel::PageDown),
    ("row.first", Travel::First),
    ("row.last", Travel::Last),
];

/// Where the choice falls when a page arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Landing {
    /// It stays on its row; where that is gone, on the row that took its place.
    #[default]
    Stay,
    Top,
    Bottom,
}

/// A page of rows and the chosen one.
#[derive(Debug)]
pub struct List<I> {
    rows: Vec<Row<I>>,
    at: Option<I>,
    place: usize,
    need: Need<I>,
    landing: Landing,
    height: usize,
    /// How the choice moved last.
    heading: Option<Travel>,
    drawn: KeptRows,
}

impl<I: Copy + PartialEq> Default for List<I> {
    fn default() -> List<I> {
        List {
            rows: Vec::new(),
            at: None,
            place: 0,
            need: Need::First,
            landing: Landing::Stay,
            height: 1,
            heading: None,
            drawn: KeptRows::default(),
        }
    }
}

impl<I: Copy + PartialEq> List<I> {
    /// The chosen row's id.
    pub fn at(&self) -> Option<I> {
        self.at
    }

    /// Chooses a row, which need not be on the page: the page that begins with it is asked for.
    pub fn choose(&mut self, id: I) {
        self.at = Some(id);
        match self.rows.iter().position(|row| row.id == id) {
            Some(place) => self.place = place,
            None => self.need = Need::From(id),
        }
    }

    /// Chooses a row wherever it stands: on the first page if it is there, else on the page that begins with it.
    pub fn seek(&mut self, id: I) {
        (self.need, self.landing, self.at, self.place) = (Need::First, Landing::Stay, Some(id), 0);
    }

    /// The rows of the page.
    pub fn rows(&self) -> &[Row<I>] {
        &self.rows
    }

    /// Which rows to read, and how many.
    pub fn need(&self) -> (Need<I>, usize) {
        (self.need, self.height)
    }

    /// Says how many rows there is room for. Returns whether the page must be read again.
    pub fn fit(&mut self, height: usize) -> bool {
        let height = height.max(1);
        let grown = std::mem::replace(&mut self.height, height) != height;
        if grown && self.place >= height {
            self.need = self.at.map_or(Need::First, Need::From);
        }
        grown
    }

    /// Begins again from the first row, as after another filter.
    pub fn restart(&mut self) {
        (self.need, self.landing, self.at, self.place) = (Need::First, Landing::Top, None, 0);
    }

    /// Reads the rows that are needed from `rows`, which is asked again where the answer does not hold the choice.
    ///
    /// On the first page new rows appear above. Where that pushes the chosen row off the page, the page that
    /// begins with it is read instead; where too little stands above a page, the first page is.
    pub fn read<E>(&mut self, mut rows: impl FnMut(Need<I>, usize) -> Result<Vec<Row<I>>, E>) -> Result<(), E> {
        let (need, height) = self.need();
        let mut found = rows(need, height)?;
        match need {
            Need::Before(_) if found.len() < height && !found.is_empty() => {
                self.at = found.last().map(|row| row.id);
                self.landing = Landing::Stay;
                self.need = Need::First;
                found = rows(Need::First, height)?;
            }
            Need::First if self.landing == Landing::Stay => {
                let lost = self.at.filter(|at| found.iter().all(|row| row.id != *at));
                if let Some(at) = lost.filter(|_| found.len() >= height) {
                    self.need = Need::From(at);
                    let from = rows(self.need, height)?;
                    let still_there = from.first().is_some_and(|row| row.id == at);
                    if still_there { found = from } else { self.need = Need::First }
                }
            }
            _ => (),
        }
        self.show(found);
        Ok(())
    }

    /// Takes the rows that were asked for. Fewer than asked on the way down keep the page as it was.
    pub fn show(&mut self, rows: Vec<Row<I>>) {
        self.drawn.forget();
        let past_the_end = rows.is_empty() && matches!(self.need, Need::After(_) | Need::Before(_));
        if !past_the_end {
            self.rows = rows;
            self.rows.truncate(self.height);
        }
        let last = self.rows.len().saturating_sub(1);
        let landing = std::mem::take(&mut self.landing);
        let kept = self.rows.iter().position(|row| Some(row.id) == self.at);
        self.place = match landing {
            _ if past_the_end => self.place.min(last),
            Landing::Top => 0,
            Landing::Bottom => last,
            Landing::Stay => kept.unwrap_or(self.place.min(last)),
        };
        self.at = self.rows.get(self.place).map(|row| row.id);
        self.need = match (self.need, self.rows.first()) {
            (Need::First, _) | (_, None) => Need::First,
            (_, Some(row)) => Need::From(row.id),
        };
    }

    /// The rows, to write anew what counts down.
    pub fn rows_mut(&mut self) -> &mut [Row<I>] {
        self.drawn.forget();
        &mut self.rows
    }

    /// Moves. Returns whether other rows are needed now.
    pub fn travel(&mut self, travel: Travel) -> bool {
        self.heading = Some(travel);
        let (first, last) = (self.rows.first().map(|row| row.id), self.rows.last().map(|row| row.id));
        let needed = match travel {
            Travel::Up if self.place > 0 => return self.step_to(self.place - 1),
            Travel::Down if self.place + 1 < self.rows.len() => return self.step_to(self.place + 1),
            Travel::Up | Travel::PageUp => first.map(|id| (Need::Before(id), Landing::Bottom)),
            Travel::Down | Travel::PageDown => last.map(|id| (Need::After(id), Landing::Top)),
            Travel::First => Some((Need::First, Landing::Top)),
            Travel::Last => Some((Need::Last, Landing::Bottom)),
        };
        let Some((need, landing)) = needed else { return false };
        (self.need, self.landing) = (need, landing);
        true
    }

    /// What is needed next if the choice goes on as it moved last.
    pub fn ahead(&self) -> Option<Coming<I>> {
        let row = |place: Option<usize>| place.and_then(|place| self.rows.get(place)).map(|row| row.id);
        match self.heading? {
            Travel::Up => match row(self.place.checked_sub(1)) {
                Some(id) => Some(Coming::Row(id)),
                None => Some(Coming::Page(Need::Before(row(Some(0))?))),
            },
            Travel::Down => match row(Some(self.place + 1)) {
                Some(id) => Some(Coming::Row(id)),
                None => Some(Coming::Page(Need::After(self.rows.last()?.id))),
            },
            Travel::PageUp => Some(Coming::Page(Need::Before(row(Some(0))?))),
            Travel::PageDown => Some(Coming::Page(Need::After(self.rows.last()?.id))),
            Travel::First | Travel::Last => None,
        }
    }

    /// Goes to the row that bears `number` on this page. Returns whether there is one.
    pub fn go_to(&mut self, number: usize) -> bool {
        let there = number >= 1 && number <= self.rows.len();
        if there {
            self.step_to(number - 1);
        }
        there
    }

    fn step_to(&mut self, place: usize) -> bool {
        self.place = place;
        self.at = self.rows.get(place).map(|row| row.id);
        false
    }
}

impl<I: Copy + PartialEq> Need<I> {
    /// The page of rows that lie in memory in order, `height` of them at most.
    pub fn page_of<R>(self, all: &[R], id: impl Fn(&R) -> I, height: usize) -> &[R] {
        let place = |wanted: I| all.iter().position(|row| id(row) == wanted);
        let start = match self {
            Need::First => 0,
            Need::Last => all.len().saturating_sub(1) / height.max(1) * height.max(1),
            Need::From(wanted) => place(wanted).unwrap_or(0),
            Need::After(wanted) => place(wanted).map_or(0, |at| at + 1),
            Need::Before(wanted) => place(wanted).map_or(0, |at| at.saturating_sub(height)),
        };
        let end = match self {
            Need::Before(wanted) => place(wanted).unwrap_or(0),
            _ => all.len().min(start.saturating_add(height)),
        };
        &all[start.min(end)..end]
    }
}

/// The columns that fit into `width`, each with its width, by their place in `columns`.
pub fn fit_columns(columns: &[Column], width: u16) -> Vec<(usize, u16)> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    let least = |kept: &[usize]| kept.iter().map(|at| columns[*at].least + 1).sum::<u16>().saturating_sub(1);
    while least(&kept) > width && !kept.is_empty() {
        let weakest = kept.iter().enumerate().max_by_key(|(place, at)| (columns[**at].rank, *place));
        let place = weakest.map_or(0, |(place, _)| place);
        kept.remove(place);
    }
    let mut spare = width.saturating_sub(least(&kept));
    let mut widths: Vec<(usize, u16)> = kept.iter().map(|at| (*at, columns[*at].least)).collect();
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by_key(|place| columns[widths[*place].0].rank);
    for place in order {
        let (at, given) = widths[place];
        let more = columns[at].most.saturating_sub(given).min(spare);
        widths[place].1 += more;
        spare -= more;
    }
    widths
}

/// How many cells the mark and the number in front of a row take.
const FRONT: u16 = 4;

/// The picture of a list: its header if there is one, then the page.
pub struct Picture<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// Their headers, in the same order.
    pub titles: Vec<&'a str>,
    /// What the number column is called.
    pub number: &'a str,
    /// Whether the list has the focus.
    pub focused: bool,
    /// What stands where there is no row.
    pub empty: &'a str,
    /// The style of everything.
    pub look: Look,
}

impl Picture<'_> {
    /// Draws header and rows into `area`.
    pub fn render<I: Copy + PartialEq>(&self, list: &List<I>, area: Rect, buf: &mut Canvas) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let widths = LazyCell::new(|| fit_columns(self.columns, area.width.saturating_sub(FRONT)));
        let manner = Manner { area, focused: self.focused, look: self.look };
        list.drawn.draw(manner, 0, false, buf, |area, buf| self.header(&widths, area, buf));
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if list.rows.is_empty() && body.height > 0 {
            text::put(buf, body.x + 1, body.y, body.width.saturating_sub(1), self.empty, self.look.style(Tone::Faint));
        }
        for (line, row) in list.rows.iter().take(body.height.into()).enumerate() {
            let chosen = list.at == Some(row.id);
            list.drawn.draw(manner, line + 1, chosen, buf, |area, buf| {
                self.row(line, row, chosen, &widths, area, buf);
            });
        }
    }

    fn header(&self, widths: &[(usize, u16)], area: Rect, buf: &mut Canvas) {
        let style = self.look.style(Tone::Title);
        text::put_fit(buf, area.x, area.y, FRONT.min(area.width), &format!(" {}", self.number), Align::Left, style);
        let mut x = area.x + FRONT;
        for (at, cells) in widths {
            let title = self.titles.get(*at).copied().unwrap_or_default();
            text::put_fit(buf, x, area.y, *cells, title, self.columns[*at].align, style);
            x += cells + 1;
        }
    }

    fn row<I>(&self, line: usize, row: &Row<I>, chosen: bool, widths: &[(usize, u16)], area: Rect, buf: &mut Canvas) {
        let over = match (chosen, self.focused) {
            (true, true) => Some(Tone::Chosen),
            (true, false) => Some(Tone::Held),
            (false, _) => None,
        };
        if let Some(tone) = over {
            text::put_fit(buf, area.x, area.y, area.width, "", Align::Left, self.look.style(tone));
        }
        let style = |tone| over.map_or_else(|| self.look.style(tone), |chosen| self.look.style(chosen));
        let mark = if chosen { '>' } else { ' ' };
        text::put(buf, area.x, area.y, FRONT.min(area.width), &format!("{mark}{:>2}", line + 1), style(Tone::Plain));
        let mut x = area.x + FRONT;
        for (at, cells) in widths {
            if let Some(cell) = row.cells.get(*at) {
                text::put_fit(buf, x, area.y, *cells, &cell.text, self.columns[*at].align, style(cell.tone));
            }
            x += cells + 1;
        }
    }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
