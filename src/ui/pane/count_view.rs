//! What the entry form shows: whose sheet, how far by places, the line that is open, and what was written, the latest first.
//!
//! All of it is read from one's own sheet and from the cards. Progress counts places, never expected lines.

use ratatui::layout::{Position, Rect};

use crate::domain::goods::ArticleCard;
use crate::domain::id::StocktakeId;
use crate::domain::quantity::Quantity;
use crate::domain::stocktake::{CountAct, CountLine, Sheet, Stage, Stocktake};
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault, Walks};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::entry::{Entry, State};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::stocktake_words::{self as said, Walk};
use crate::ui::pane::{Opening, Sight};
use crate::ui::part::input::Input;
use crate::ui::text::{self, Align};

/// Below this width only what cannot be left out is shown.
const NARROW: u16 = 60;
/// Below this height the rules between the parts are left out.
const LOW: u16 = 14;
/// The most blanks that the question before handing in names.
const NAMED: usize = 6;

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entered {
    nth: u32,
    place: Text,
    code: Text,
    name: String,
    quantity: Quantity,
    clock: String,
    is_undo: bool,
}

/// The last line of who counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LastLine {
    pub line: u32,
    pub code: String,
    name: String,
    unit: String,
    special: String,
    quantity: Quantity,
}

/// What is shown, as it was read last.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The sheet in words: which stocktake, which of the two, first count or recount.
    pub heading: String,
    sheet: Option<u8>,
    stage: Option<Stage>,
    is_frozen: bool,
    may_count: bool,
    records: u32,
    walk: Walk,
    here: (usize, Quantity),
    log: Vec<Entered>,
    last: Option<LastLine>,
    /// What is left to be counted again: place, code, name.
    left: Option<Vec<String>>,
    person: Text,
}

impl Shown {
    /// Reads everything. Where no place is chosen, the one counted last is.
    pub fn read(&mut self, sight: &Sight<'_>, id: StocktakeId, place: &mut Text, height: usize) -> Result<(), Fault> {
        let Some(take) = sight.books.stocktake(id)? else { return Ok(()) };
        self.stage = Some(take.stage);
        let own = take.sheet_of(sight.who.id).or_else(|| take.last_sheet_of(sight.who.id));
        self.sheet = own.map(|sheet| sheet.no);
        let Some(sheet) = own else { return Ok(()) };
        self.person = sight.who.name.clone();
        self.heading = format!("{} {}", take.id, said::sheet_name(sight.words, &take, sheet.no));
        self.is_frozen = sheet.is_frozen() || !matches!(take.stage, Stage::Counting | Stage::Recounting);
        self.records = sheet.records;
        self.walk.read(sight, &take, sheet.no)?;
        if place.is_empty() {
            let only = || if let [one] = self.walk.places() { one.clone() } else { Text::default() };
            *place = sheet.hand(sight.who.id).map(|hand| hand.place.clone()).unwrap_or_default();
            if place.is_empty() {
                *place = only();
            }
        }
        self.may_count = !place.is_empty() || self.walk.places().is_empty();
        let here = sight.books.tallies_at(take.id, sheet.no, place)?;
        self.here = (here.len(), here.iter().map(|row| row.tally.quantity).sum());
        self.last = last_line(sight, &take, sheet)?;
        self.log = log(sight, &take, sheet, height)?;
        self.left = match take.is_recount(sheet.no) {
            true => Some(left(sight, &take, sheet)?),
            false => None,
        };
        Ok(())
    }

    /// Whether a place is chosen, or none is needed.
    pub fn may_count_here(&self) -> bool {
        self.may_count
    }

    /// Whether the sheet still takes lines.
    pub fn is_open(&self) -> bool {
        self.sheet.is_some() && !self.is_frozen
    }

    /// The last line of who counts.
    pub fn last(&self) -> Option<&LastLine> {
        self.last.as_ref()
    }

    /// The lines of the sheet, to be looked at.
    pub fn sheet(&self, take: StocktakeId) -> Option<Opening> {
        self.sheet.map(|no| Opening::Sheet(take, no))
    }

    /// The row above the form.
    pub fn title(&self, words: &Words, place: &Text) -> String {
        let place = if place.is_empty() { words.say("count.no_place_yet") } else { place.as_str() };
        words.say_with(
            "count.title",
            &[("sheet", &self.heading), ("person", &self.person), ("place", &place), ("saved", &self.records)],
        )
    }

    /// What stands on the message row while nothing is wrong; a quantity is asked for only where one would be taken.
    pub fn standing(&self, words: &Words, takes_figure: bool, waiting: usize) -> String {
        if self.sheet.is_none() {
            return words.say("count.not_yours").to_owned();
        }
        if self.is_frozen {
            return words.say("count.frozen").to_owned();
        }
        if !self.may_count {
            return words.say("count.choose_place").to_owned();
        }
        let Some(last) = &self.last else { return words.say("count.begin").to_owned() };
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("nth", &self.records),
            ("name", &last.name),
            ("quantity", &last.quantity),
            ("unit", &last.unit),
            ("waiting", &waiting),
        ];
        let key = match takes_figure {
            _ if waiting > 0 => "count.behind",
            true => "count.saved",
            false => "count.saved_scan",
        };
        words.say_with(key, &values)
    }
}

/// What an article is called; an unknown code says that it is one.
fn called(words: &Words, card: Option<&ArticleCard>) -> String {
    card.map_or_else(|| words.say("count.unknown").to_owned(), |card| card.name.to_string())
}

fn card_of(sight: &Sight<'_>, line: &CountLine) -> Result<Option<ArticleCard>, Fault> {
    let article = line.article.map_or(Ok(None), |id| sight.books.article(id))?;
    Ok(article.map(|article| article.card))
}

fn last_line(sight: &Sight<'_>, take: &Stocktake, sheet: &Sheet) -> Result<Option<LastLine>, Fault> {
    let top = sheet.hand(sight.who.id).map_or(0, |hand| hand.top);
    let Some(record) = sight.books.count_record(take.id, sheet.no, top)? else { return Ok(None) };
    let Some(line) = sight.books.count_line(take.id, sheet.no, record.line)? else { return Ok(None) };
    let card = card_of(sight, &line)?;
    Ok(Some(LastLine {
        line: line.line,
        code: line.code.to_string(),
        name: called(sight.words, card.as_ref()),
        unit: card.as_ref().map_or_else(String::new, |card| card.unit.to_string()),
        special: card.as_ref().map_or_else(String::new, |card| said::special(sight.words, card)),
        quantity: line.quantity,
    }))
}

/// The records, the latest first. A scan and the figures that followed it are one row; what was taken back is its own.
fn log(sight: &Sight<'_>, take: &Stocktake, sheet: &Sheet, height: usize) -> Result<Vec<Entered>, Fault> {
    let mut rows: Vec<(u32, Entered)> = Vec::new();
    for (nth, record) in sight.books.count_records(take.id, sheet.no, None, height.max(1) * 3)? {
        let plain = matches!(record.act, CountAct::Set | CountAct::Adjust | CountAct::Scan);
        if let Some((line, above)) = rows.last_mut()
            && *line == record.line
            && plain
            && !above.is_undo
        {
            above.quantity += record.quantity;
            continue;
        }
        if rows.len() >= height.max(1) {
            break;
        }
        let Some(line) = sight.books.count_line(take.id, sheet.no, record.line)? else { continue };
        let mut name = called(sight.words, card_of(sight, &line)?.as_ref());
        if let Some(undone) = record.undoes {
            name = sight.words.say_with("count.undid", &[("name", &name), ("nth", &undone)]);
        }
        let entered = Entered {
            nth,
            place: line.place,
            code: line.code,
            name,
            quantity: record.quantity,
            clock: record.at.clock(sight.settings.zone),
            is_undo: record.act == CountAct::Undo,
        };
        // A repeated line is never joined with what came before it.
        rows.push((if record.act == CountAct::Repeat { 0 } else { record.line }, entered));
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// What has to be counted again and is not on the sheet yet: where and what, and no figure.
fn left(sight: &Sight<'_>, take: &Stocktake, sheet: &Sheet) -> Result<Vec<String>, Fault> {
    let asked = sight.books.still_asked(take, sheet.no)?.into_iter();
    asked.map(|(article, place)| said::goods(sight, article, &place)).collect()
}

/// What the question before handing in says, and how many goods are blank.
pub(super) fn summary(sight: &Sight<'_>, take: &Stocktake, sheet: &Sheet) -> Result<(Vec<String>, u32), Fault> {
    let words = sight.words;
    let tallies = sight.books.tallies(take.id, sheet.no)?;
    let pieces: Quantity = tallies.iter().map(|row| row.tally.quantity).sum();
    let unknown = tallies.iter().filter(|row| row.article.is_none()).count();
    let mut walk = Walk::default();
    walk.read(sight, take, sheet.no)?;
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("lines", &sheet.lines), ("goods", &tallies.len()), ("pieces", &pieces)];
    let mut lines = vec![words.say_with("count.totals", &values), walk.words(words)];
    if unknown > 0 {
        lines.push(words.say_with("count.unknowns", &[("count", &unknown)]));
    }
    let blank = match take.is_recount(sheet.no) {
        true => sight.books.still_asked(take, sheet.no)?,
        false => sight.books.blanks(take, sheet.no)?,
    };
    if !blank.is_empty() {
        lines.push(words.say_with("count.blanks", &[("count", &blank.len())]));
        for (article, place) in blank.iter().take(NAMED) {
            lines.push(format!("  {}", said::goods(sight, *article, place)?));
        }
    }
    lines.push(words.say("count.no_more").to_owned());
    Ok((lines, blank.len() as u32))
}

/// Draws the form. Returns where the cursor stands.
pub(super) fn render(
    shown: &Shown,
    entry: &Entry,
    line: &Input,
    area: Rect,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> Option<Position> {
    let area = area.intersection(buf.area);
    let mut rows = area.rows();
    let is_low = area.height < LOW;
    let rule = |rows: &mut ratatui::layout::Rows, buf: &mut Canvas| {
        if let Some(row) = (!is_low).then(|| rows.next()).flatten() {
            text::rule(buf, row, row.y, '=', pen.style(Tone::Faint));
        }
    };
    if let Some(row) = rows.next() {
        progress(shown, row, buf, pen);
    }
    rule(&mut rows, buf);
    let cursor = field(shown, entry, line, &mut rows, buf, pen);
    rule(&mut rows, buf);
    let log = rows.next().map(|first| Rect { height: area.bottom() - first.y, ..first });
    if let Some(log) = log {
        written(shown, entry, log, buf, pen);
    }
    cursor
}

/// How far it is by places, and what stands on the sheet here.
fn progress(shown: &Shown, row: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let words = match &shown.left {
        Some(left) if left.is_empty() => pen.say("count.none_left").to_owned(),
        Some(left) => {
            let first = left.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("; ");
            pen.words.say_with("count.left", &[("count", &left.len()), ("first", &first)])
        }
        None if row.width < NARROW => pen.words.say_with(
            "count.progress_narrow",
            &[
                ("done", &shown.walk.done()),
                ("of", &shown.walk.of()),
                ("goods", &shown.here.0),
                ("pieces", &shown.here.1),
            ],
        ),
        None => {
            let bar = said::bar(shown.walk.done(), shown.walk.of(), 32);
            let values: [(&str, &dyn std::fmt::Display); 6] = [
                ("done", &shown.walk.done()),
                ("of", &shown.walk.of()),
                ("percent", &shown.walk.percent()),
                ("bar", &bar),
                ("goods", &shown.here.0),
                ("pieces", &shown.here.1),
            ];
            pen.words.say_with("count.progress", &values)
        }
    };
    text::put(buf, row.x, row.y, row.width, &format!(" {words}"), pen.style(Tone::Plain));
}

/// The code, what it is, how many: one line is typed, and its cursor stands where it will go.
fn field(
    shown: &Shown,
    entry: &Entry,
    line: &Input,
    rows: &mut ratatui::layout::Rows,
    buf: &mut Canvas,
    pen: Pen<'_>,
) -> Option<Position> {
    let is_figure = matches!(entry.state(), State::Figure(_) | State::Zero(_) | State::Sure { .. });
    let last = shown.last.as_ref().filter(|_| is_figure);
    let (code, name, figure) = (rows.next(), rows.next(), rows.next());
    let mut cursor = None;
    let mut typed = |row: Option<Rect>, label: &str, held: &str, is_here: bool, hint: &str, buf: &mut Canvas| {
        let Some(row) = row else { return };
        let label = format!("   {label} > ");
        let x = text::put(buf, row.x, row.y, row.width, &label, pen.style(Tone::Title));
        let room = row.right().saturating_sub(x).min(24);
        if is_here {
            let (words, at) = line.window(room.into());
            text::put_fit(buf, x, row.y, room, &words, Align::Left, pen.style(Tone::Field));
            cursor = (room > 0).then(|| Position { x: x + at as u16, y: row.y });
            let after = (x + room + 1).min(row.right());
            text::put(buf, after, row.y, row.right() - after, hint, pen.style(Tone::Faint));
        } else {
            text::put(buf, x, row.y, room, held, pen.style(Tone::Plain));
        }
    };
    let wide = |key: &'static str| if code.is_some_and(|row| row.width >= NARROW) { pen.say(key) } else { "" };
    typed(code, pen.say("count.code"), last.map_or("", |last| &last.code), !is_figure, wide("count.code_hint"), buf);
    typed(figure, pen.say("count.figure"), "", is_figure, wide("count.figure_hint"), buf);
    if let Some((row, last)) = name.zip(last) {
        let x = text::put(
            buf,
            row.x,
            row.y,
            row.width,
            &format!("   {}   ", pen.say("count.name")),
            pen.style(Tone::Title),
        );
        let so_far = format!("{}  {} {}  ", last.name, last.quantity, last.unit);
        let x = text::put(buf, x, row.y, row.right().saturating_sub(x), &so_far, pen.style(Tone::Plain));
        text::put(buf, x, row.y, row.right().saturating_sub(x), &last.special, pen.style(Tone::Soon));
    }
    cursor
}

/// The columns of the log: their width, where they stand, whether a handheld has them.
const COLUMNS: [(&str, u16, Align, bool); 7] = [
    ("count.column_nth", 5, Align::Right, true),
    ("count.column_place", 8, Align::Left, false),
    ("count.column_code", 14, Align::Left, true),
    ("count.column_name", 0, Align::Left, false),
    ("count.column_quantity", 9, Align::Right, true),
    ("count.column_time", 8, Align::Left, false),
    ("count.column_saved", 4, Align::Left, true),
];

/// What was written, the latest first, below what waits to be.
fn written(shown: &Shown, entry: &Entry, area: Rect, buf: &mut Canvas, pen: Pen<'_>) {
    let titles = COLUMNS.map(|(key, ..)| pen.say(key).to_owned());
    row(&titles, Rect { height: 1, ..area }, Tone::Title, buf, pen);
    let waiting: Vec<&str> = entry.waiting().collect();
    let room = usize::from(area.height.saturating_sub(1));
    let shown_waiting = waiting.len().min(room / 2);
    let mut lines: Vec<([String; 7], Tone)> = Vec::new();
    for code in waiting.iter().rev().skip(waiting.len() - shown_waiting) {
        let cells = ["", "", code, "", "", "", pen.say("count.not_saved")].map(str::to_owned);
        lines.push((cells, Tone::Soon));
    }
    for entered in &shown.log {
        let cells = [
            entered.nth.to_string(),
            entered.place.to_string(),
            entered.code.to_string(),
            entered.name.clone(),
            entered.quantity.to_string(),
            entered.clock.clone(),
            pen.say("count.is_saved").to_owned(),
        ];
        lines.push((cells, if entered.is_undo { Tone::Soon } else { Tone::Plain }));
    }
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    for ((cells, tone), place) in lines.iter().zip(below.rows()) {
        row(cells, place, *tone, buf, pen);
    }
}

fn row(cells: &[String; 7], area: Rect, tone: Tone, buf: &mut Canvas, pen: Pen<'_>) {
    let is_narrow = area.width < NARROW;
    let kept = || COLUMNS.iter().zip(cells).filter(|((.., always), _)| *always || !is_narrow);
    let fixed: u16 = kept().map(|((_, cells, ..), _)| cells + 1).sum();
    let name = area.width.saturating_sub(fixed + 1);
    let mut x = area.x + u16::from(!is_narrow);
    for ((_, width, align, _), words) in kept() {
        let width = if *width == 0 { name } else { *width }.min(area.right().saturating_sub(x));
        text::put_fit(buf, x, area.y, width, words, *align, pen.style(tone));
        x += width + 1;
    }
}
