//! The month's goods (进销存月报): of every article what was on hand, what came and left for which reason, what is on hand at the
//! month's end and what that is worth at retail price (W8), with what left day by day. F6 and F7 turn to the month before and after.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::domain::goods::PriceOf;
use crate::domain::id::ArticleId;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stock::MoveKind;
use crate::domain::time::{Day, Month};
use crate::store::books::{Books, Counts, Daybook, Fault, MonthOfArticle, Timeliness};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Deed, Opening, Sight};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::part::spark;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.code", least: 6, most: 10, align: Align::Left, rank: 0 },
    Column { title: "column.name", least: 10, most: 24, align: Align::Left, rank: 1 },
    Column { title: "show_column.opening", least: 7, most: 9, align: Align::Right, rank: 2 },
    Column { title: "month.begun", least: 7, most: 11, align: Align::Right, rank: 10 },
    Column { title: "month.delivery", least: 7, most: 9, align: Align::Right, rank: 3 },
    Column { title: "month.came_back", least: 6, most: 9, align: Align::Right, rank: 6 },
    Column { title: "show_column.gone", least: 7, most: 9, align: Align::Right, rank: 1 },
    Column { title: "month.damaged", least: 6, most: 10, align: Align::Right, rank: 7 },
    Column { title: "month.to_factory", least: 7, most: 10, align: Align::Right, rank: 9 },
    Column { title: "show_column.counted", least: 7, most: 9, align: Align::Right, rank: 8 },
    Column { title: "show_column.other", least: 6, most: 8, align: Align::Right, rank: 11 },
    Column { title: "show_column.closing", least: 7, most: 9, align: Align::Right, rank: 0 },
    Column { title: "month.value", least: 12, most: 17, align: Align::Right, rank: 2 },
    Column { title: "month.by_day", least: 31, most: 31, align: Align::Left, rank: 5 },
];
/// How wide the bar of timeliness is, in cells.
const BAR: u64 = 20;

/// The month's goods.
pub type Months = Listing<MonthTable>;

/// What is known of a month.
struct Known {
    month: Month,
    /// The last month that can be turned to.
    latest: Month,
    /// What was on hand or moved, without what the person counts at the moment.
    goods: BTreeMap<ArticleId, MonthOfArticle>,
    timeliness: Timeliness,
    /// What left and what is on hand at the end at retail price, of all goods; nothing for who counts some of them.
    sums: Option<(Money, Money)>,
}

impl Known {
    fn read(sight: &Sight<'_>, chosen: Option<Month>) -> Result<Known, Fault> {
        let present = sight.now.day(sight.settings.zone).month();
        // Where the month's last day is closed early, what leaves then counts for the next one.
        let open = sight.books.last_closed()?.map_or(present, |last| last.next().month());
        let month = chosen.unwrap_or(present);
        let blindness = sight.books.blindness(Some(sight.who.id))?;
        let mut goods = sight.books.month_of_goods(month)?;
        goods.retain(|id, goods| goods.is_something() && !blindness.hides(*id));
        let timeliness = sight.books.timeliness(month)?;
        let mut known = Known { month, latest: present.max(open), goods, timeliness, sums: None };
        if !blindness.is_blind() {
            let worth = known.goods.iter().map(|(id, goods)| known.worth(sight, *id, goods));
            let worth = worth.sum::<Result<Money, Fault>>()?;
            known.sums = Some((known.goods.values().map(MonthOfArticle::sold).sum(), worth));
        }
        Ok(known)
    }

    fn worth(&self, sight: &Sight<'_>, id: ArticleId, goods: &MonthOfArticle) -> Result<Money, Fault> {
        Ok(goods.worth(sight.books.price(id, &PriceOf::Retail, self.month.last_day())?))
    }

    /// What left of an article on each day.
    fn days(&self, sight: &Sight<'_>, id: ArticleId) -> Result<Vec<Quantity>, Fault> {
        sight.books.left_by_day(id, self.month.first_day(), self.month.last_day())
    }

    fn row(&self, sight: &Sight<'_>, id: ArticleId) -> Result<Option<Row<ArticleId>>, Fault> {
        let (Some(goods), Some(article)) = (self.goods.get(&id), sight.books.article(id)?) else { return Ok(None) };
        let quantity = |of: Quantity| Cell::plain(if of.is_zero() { String::new() } else { of.to_string() });
        let of = |kind| quantity(goods.of(kind));
        let days: Vec<u64> = self.days(sight, id)?.iter().map(|left| left.as_thousandths().max(0) as u64).collect();
        let cells = vec![
            Cell::plain(article.card.code.as_str()),
            Cell::plain(format!("{} ({})", article.card.name, article.card.unit)),
            Cell::plain(goods.opening.to_string()),
            of(MoveKind::Opening),
            of(MoveKind::Delivery),
            of(MoveKind::Returned),
            of(MoveKind::Shipped),
            quantity(goods.of(MoveKind::Damaged) + goods.of(MoveKind::Restored)),
            of(MoveKind::ToFactory),
            of(MoveKind::Counted),
            quantity(goods.other()),
            Cell::plain(goods.closing().to_string()),
            Cell::plain(self.worth(sight, id, goods)?.to_string()),
            Cell::plain(spark::line(&days)),
        ];
        Ok(Some(Row { id, cells }))
    }

    /// What the month comes to: its money, and how many of its shipments were in time, as a bar.
    fn lines(&self, words: &Words) -> Vec<Line> {
        let month: (&str, &dyn std::fmt::Display) = ("month", &self.month);
        let money = match &self.sums {
            Some((sold, worth)) => {
                Line::plain(words.say_with("month.sums", &[month, ("sold", sold), ("worth", worth)]))
            }
            None => Line::toned(words.say("month.blind"), Tone::Soon),
        };
        let Timeliness { shipments, late, seconds } = self.timeliness;
        if shipments == 0 {
            return vec![money, Line::plain(words.say_with("month.nothing_left", &[month]))];
        }
        let in_time = shipments - late;
        let cells = (in_time.saturating_mul(BAR) / shipments) as usize;
        let bar = format!("[{}{}]", "#".repeat(cells), ".".repeat(BAR as usize - cells));
        let tenths = seconds / 360 / shipments;
        let hours = format!("{}.{}", tenths / 10, tenths % 10);
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("in_time", &in_time), ("shipments", &shipments), ("bar", &bar), ("hours", &hours)];
        let tone = if late > 0 { Tone::Soon } else { Tone::Done };
        vec![money, Line::toned(words.say_with("month.timely", &values), tone)]
    }
}

/// What the month's list is about.
#[derive(Default)]
pub struct MonthTable {
    /// The month that was chosen; none is the present one.
    chosen: Option<Month>,
    /// What was read last: a month reads every article.
    known: RefCell<Option<Known>>,
}

impl Table for MonthTable {
    type Id = ArticleId;
    const NAME: &'static str = "month";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "month.none";
    const ACTS: &'static [Act<Months>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Card)) },
        Act { name: "month.previous", command: |_| None, deed: Deed::Read(|pane| turn(pane, Month::previous)) },
        Act { name: "month.next", command: |_| None, deed: Deed::Read(|pane| turn(pane, Month::next)) },
    ];

    fn title(&self, words: &Words) -> String {
        let month = self.known.borrow().as_ref().map(|known| known.month.to_string());
        format!("{} {}", words.say("list_name.month"), month.unwrap_or_default())
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<ArticleId>,
        height: usize,
    ) -> Result<Vec<Row<ArticleId>>, Fault> {
        let known = Known::read(sight, self.chosen)?;
        let upper = query.to_ascii_uppercase();
        let mut found = Vec::new();
        for id in known.goods.keys().copied() {
            let fits = query.is_empty()
                || sight
                    .books
                    .article(id)?
                    .is_some_and(|article| article.card.code.contains(&upper) || article.card.name.contains(query));
            found.extend(fits.then_some(id));
        }
        let page = need.page_of(&found, |id| *id, height);
        let rows = page.iter().filter_map(|id| known.row(sight, *id).transpose()).collect();
        self.known.replace(Some(known));
        rows
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ArticleId>) -> Result<Vec<Line>, Fault> {
        let Some(known) = self.known.get_mut() else { return Ok(vec![]) };
        let mut lines = known.lines(sight.words);
        let Some((id, goods)) = at.and_then(|id| Some((id, known.goods.get(&id)?))) else { return Ok(lines) };
        let kinds = goods.moved.iter().filter(|(_, (quantity, _))| !quantity.is_zero());
        let each = kinds.map(|(kind, (quantity, value))| {
            format!("{} {quantity} ({value})", sight.words.say(&format!("move_kind.{}", kind.key())))
        });
        lines.push(Line::plain(each.collect::<Vec<_>>().join("  ")));
        let days = known.days(sight, id)?;
        let most = days.iter().enumerate().rev().max_by_key(|(_, left)| **left);
        if let Some((day, most)) = most.filter(|(_, most)| !most.is_zero()) {
            let day: Option<Day> = known.month.day(day as u32 + 1);
            let day = day.map(|day| day.to_string()).unwrap_or_default();
            lines.push(Line::plain(sight.words.say_with("month.most", &[("day", &day), ("most", most)])));
        }
        Ok(lines)
    }
}

/// Turns to the month before or after, but for those that have not come.
fn turn(pane: &mut Months, by: fn(Month) -> Month) {
    let Some(known) = pane.of.known.get_mut() else { return };
    pane.of.chosen = Some(by(known.month).min(known.latest));
    pane.restart();
}
