//! The wallboard (大屏看板): read from across the warehouse. The queue, what is late, what is counted today, and what left on
//! the last days. It asks for nothing and changes nothing.

use ratatui::layout::{Position, Rect};

use crate::domain::money::Money;
use crate::domain::shipment::Stage;
use crate::domain::text::Text;
use crate::domain::time::{CHINA, Day, Moment, Zone};
use crate::store::books::{Books, Counts, Daybook, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::Kind;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::{Act, Body, Screen, Sight, order_words as said, stocktake_words, unread};
use crate::ui::part::scroll::{Line, Scroll};
use crate::ui::text::{Align, fit};

/// Of how many shipments the deadlines are looked at, of how many of the most urgent ones the stages, and how many are named.
const TIMED: usize = 5_000;
const LOOKED_AT: usize = 200;
const NAMED: usize = 8;
/// Of how many days it is shown what left.
const DAYS: usize = 14;
/// The longest bar, in cells.
const BAR: u64 = 40;

/// A shipment that is to leave.
struct Due {
    deadline: Moment,
    number: String,
    name: String,
    stage: Stage,
    awaited: String,
}

/// The wallboard.
#[derive(Default)]
pub struct Wall {
    text: Scroll,
    /// The most urgent shipments.
    due: Vec<Due>,
    /// The deadlines, the next one first.
    deadlines: Vec<Moment>,
    paid: i64,
    unpaid: i64,
    counts: Vec<String>,
    days: Vec<(Day, Money)>,
    zone: Option<Zone>,
    warn_hours: u16,
}

/// A bar in proportion to the longest; something is never drawn as nothing.
fn bar(value: u64, most: u64) -> String {
    let share = value.saturating_mul(BAR).checked_div(most).unwrap_or_default();
    let cells = share.max(u64::from(value > 0));
    "#".repeat(cells as usize)
}

impl Wall {
    fn read(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        (self.paid, self.unpaid) = (sight.books.count("queue")?, sight.books.count("unpaid")?);
        let queue = sight.books.queue(None, TIMED)?;
        self.deadlines = queue.iter().filter_map(|place| place.deadline).collect();
        self.due.clear();
        for place in queue.into_iter().take(LOOKED_AT) {
            let (Some(deadline), Some(order)) = (place.deadline, sight.books.order(place.order)?) else { break };
            let Some(part) = order.parts.iter().find(|part| part.no == place.part) else { continue };
            let awaited = said::awaited(sight.words, Some(part));
            let (number, name, stage) = (order.id.to_string(), order.name.to_string(), part.stage());
            self.due.push(Due { deadline, number, name, stage, awaited });
        }
        self.counts.clear();
        for take in sight.books.open_stocktakes()? {
            let people = take.sheets.iter().map(|sheet| stocktake_words::people(sight, sheet));
            let people = people.collect::<Result<Vec<_>, _>>()?.join(" / ");
            let stage = sight.words.say(&format!("stocktake_stage.{}", take.stage.key())).to_owned();
            let scope = stocktake_words::scope(sight.words, &take);
            self.counts.push(format!("{} {stage}  {scope}  {people}", take.id));
        }
        let today = sight.now.day(sight.settings.zone);
        self.days.clear();
        let days = std::iter::successors(Some(today), |day| Some(day.previous())).take(DAYS);
        for day in days {
            self.days.push((day, sight.books.day_figures(day, None)?.shipped));
        }
        (self.zone, self.warn_hours) = (Some(sight.settings.zone), sight.settings.warn_hours);
        Ok(())
    }

    fn urgency(&self, words: &Words, deadline: Moment, now: Moment) -> Tone {
        said::urgency(words, deadline, now, self.warn_hours).1
    }

    fn lines(&self, now: Moment, words: &Words) -> Vec<Line> {
        let tones: Vec<Tone> = self.deadlines.iter().map(|deadline| self.urgency(words, *deadline, now)).collect();
        let how_many = |wanted: Tone| tones.iter().filter(|tone| **tone == wanted).count();
        let (late, soon) = (how_many(Tone::Late), how_many(Tone::Soon));
        let mut lines = vec![Line::title(now.full(self.zone.unwrap_or(CHINA)))];
        let all = [("queue", &self.paid as &dyn std::fmt::Display), ("unpaid", &self.unpaid)];
        lines.push(Line::plain(words.say_with("wall.queue", &all)));
        let tone = |count: usize, tone| if count > 0 { tone } else { Tone::Done };
        lines.push(Line::toned(words.say_with("wall.late", &[("late", &late)]), tone(late, Tone::Late)));
        let values = [("soon", &soon as &dyn std::fmt::Display), ("hours", &self.warn_hours)];
        lines.push(Line::toned(words.say_with("wall.soon", &values), tone(soon, Tone::Soon)));
        lines.push(Line::title(words.say_with("wall.stages", &[("count", &self.due.len())])));
        let stages = [Stage::Signing, Stage::Packing, Stage::Waybill, Stage::Ready];
        let counted = stages.map(|stage| self.due.iter().filter(|due| due.stage == stage).count() as u64);
        let most = counted.into_iter().max().unwrap_or_default();
        for (stage, count) in stages.into_iter().zip(counted) {
            let name = fit(words.say(&format!("stage.{}", stage.key())), 12, Align::Left);
            lines.push(Line::plain(format!("  {name}{} {count}", bar(count, most))));
        }
        lines.push(Line::title(words.say("wall.next")));
        for due in self.due.iter().take(NAMED) {
            lines.push(Line::toned(named(due, now, words), self.urgency(words, due.deadline, now)));
        }
        if !self.counts.is_empty() {
            lines.push(Line::title(words.say("wall.counts")));
            lines.extend(self.counts.iter().map(Line::plain));
        }
        lines.push(Line::title(words.say("wall.days")));
        let most = self.days.iter().map(|(_, money)| money.as_fen().unsigned_abs()).max().unwrap_or_default();
        for (day, money) in &self.days {
            lines.push(Line::plain(format!("  {day} {} {money}", bar(money.as_fen().unsigned_abs(), most))));
        }
        lines
    }
}

fn named(due: &Due, now: Moment, words: &Words) -> String {
    let left = said::countdown(due.deadline.seconds_since(now));
    let stage = fit(words.say(&format!("stage.{}", due.stage.key())), 12, Align::Left);
    format!(
        "  {} {} {stage}{} {}",
        due.number,
        fit(&left, 11, Align::Right),
        fit(&due.awaited, 16, Align::Left),
        due.name
    )
}

impl Screen for Wall {
    const NAME: &'static str = "wall";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[];

    fn title(&self, words: &Words) -> String {
        words.say("pane.wall").to_owned()
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.read(sight).map_err(unread)?;
        let lines = self.lines(sight.now, sight.words);
        self.text.replace(lines);
        Ok(())
    }

    fn tick(&mut self, now: Moment, words: &Words) {
        let lines = self.lines(now, words);
        self.text.replace(lines);
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, _focused: bool) -> Option<Position> {
        let inside = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        self.text.render(inside, buf, pen);
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Text(&mut self.text)
    }

    fn rows_above(&self) -> u16 {
        1
    }

    fn stays_lit(&self) -> bool {
        true
    }
}
