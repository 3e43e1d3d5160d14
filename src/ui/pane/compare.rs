//! What differs in a stocktake (比对): only those lines, what each sheet says, and what is to be done with each.
//!
//! Which figures a person may see is the one rule's word, asked row by row: who counts again sees what, never how much.

use ratatui::layout::{Position, Rect};

use crate::domain::arranging::AppointRecount;
use crate::domain::command::Command;
use crate::domain::id::{ClaimId, PersonId, StocktakeId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::resolving::{AgreeStocktake, ConfirmStocktake, ExplainDifference, differences};
use crate::domain::stocktake::{Stage, Stocktake, StocktakeKind};
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault};
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::keymap::{Confirm, Kind};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::differing::{Difference, RowId, Whole, figures, page, signed};
use crate::ui::pane::{Act, Ask, Body, Deed, Filled, Opening, Screen, Sight, Subject, unread};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Column, List, Picture};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

pub(super) const COLUMNS: &[Column] = &[
    Column { title: "compare.column_place", least: 6, most: 10, align: Align::Left, rank: 1 },
    Column { title: "compare.column_article", least: 6, most: 14, align: Align::Left, rank: 4 },
    Column { title: "compare.column_name", least: 8, most: 26, align: Align::Left, rank: 0 },
    Column { title: "compare.column_first_1", least: 8, most: 10, align: Align::Right, rank: 1 },
    Column { title: "compare.column_first_2", least: 8, most: 10, align: Align::Right, rank: 1 },
    Column { title: "compare.column_again", least: 8, most: 10, align: Align::Right, rank: 2 },
    Column { title: "compare.column_book", least: 8, most: 10, align: Align::Right, rank: 2 },
    Column { title: "compare.column_difference", least: 8, most: 10, align: Align::Right, rank: 1 },
    Column { title: "compare.column_outcome", least: 8, most: 14, align: Align::Left, rank: 3 },
];
/// The most lines of adjustments and claims that the question before confirming names.
const NAMED: usize = 12;

/// What differs.
pub struct Compare {
    take: StocktakeId,
    list: List<RowId>,
    /// The places of rows that were shown, so that a row can be named by a number.
    places: Vec<Text>,
    /// The rows of the page.
    rows: Vec<(RowId, Difference)>,
    whole: Whole,
    stocktake: Option<Stocktake>,
    people: Vec<(Text, Text)>,
    who: Option<PersonId>,
    detail: Vec<Line>,
}

impl Compare {
    /// What differs in a stocktake.
    pub fn of(take: StocktakeId) -> Compare {
        Compare {
            take,
            list: List::default(),
            places: Vec::new(),
            rows: Vec::new(),
            whole: Whole::default(),
            stocktake: None,
            people: Vec::new(),
            who: None,
            detail: Vec::new(),
        }
    }

    fn gather(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        self.who = Some(sight.who.id);
        self.stocktake = sight.books.stocktake(self.take)?;
        let Some(take) = &self.stocktake else { return Ok(()) };
        let counters = take.counters.iter().map(|id| sight.books.person(*id));
        let counters: Vec<_> = counters.collect::<Result<Vec<_>, _>>()?;
        self.people = counters.into_iter().flatten().map(|person| (person.code, person.name)).collect();
        let as_of = sight.books.latest()?;
        if self.whole.as_of != as_of {
            self.whole = Whole::read(sight, take, as_of)?;
        }
        self.read_page(sight)
    }

    /// Reads the page that is shown, and no more.
    fn read_page(&mut self, sight: &Sight<'_>) -> Result<(), Fault> {
        let Some(take) = &self.stocktake else { return Ok(()) };
        let blindness = sight.books.blindness(Some(sight.who.id))?;
        let (places, rows) = (&mut self.places, &mut self.rows);
        rows.clear();
        self.list.read(|need, height| {
            let page = page(sight, take, &blindness, places, need, height)?;
            let shown = page.iter().map(|(id, found)| found.cells(sight.words, *id)).collect();
            rows.extend(page);
            Ok(shown)
        })
    }

    fn at(&self) -> Option<&Difference> {
        let at = self.list.at()?;
        self.rows.iter().find(|(id, _)| *id == at).map(|(_, found)| found)
    }

    fn look_closer(&mut self, words: &Words) {
        self.detail.clear();
        let Some(take) = &self.stocktake else { return };
        let mut lines = Vec::new();
        if let Some(found) = self.at() {
            lines.push(Line::title(format!("{} {} {} {}", found.row.place, found.code, found.name, found.special)));
            lines.extend(figures(words, take, found).into_iter().map(Line::plain));
            match found.row.explained.as_ref().filter(|_| found.seen.book) {
                Some(it) => lines.push(Line::plain(words.say_with(
                    "compare.explained",
                    &[("cause", &it.cause), ("party", &it.party), ("proposal", &it.proposal)],
                ))),
                None if take.stage == Stage::Settling => {
                    lines.push(Line::toned(words.say("compare.not_explained"), Tone::Soon));
                }
                None => (),
            }
        }
        lines.extend(self.whole.pairs(words).map(|pair| Line::toned(pair, Tone::Soon)));
        self.detail = lines;
    }

    /// F8: the next step of the whole stocktake.
    fn next_command(&self) -> &'static str {
        match &self.stocktake {
            Some(take) if matches!(take.stage, Stage::Settling | Stage::Closed) => "confirm_stocktake",
            _ => "appoint_recount",
        }
    }

    fn step(&self, words: &Words) -> Option<Ask> {
        match self.next_command() {
            "confirm_stocktake" => self.confirm(words),
            _ => self.appoint(words),
        }
    }

    /// Who counts again: somebody who has not counted it, or both counters together.
    fn appoint(&self, words: &Words) -> Option<Ask> {
        let take = self.stocktake.as_ref()?;
        let stocktake = take.id;
        let both: Vec<Text> = self.people.iter().map(|(code, _)| code.clone()).collect();
        let names: Vec<&str> = self.people.iter().map(|(_, name)| name.as_str()).collect();
        let values: [(&str, &dyn std::fmt::Display); 2] = [("lines", &take.sum.again), ("both", &names.join(", "))];
        let ways = [("third", "compare.third"), ("both", "compare.both")];
        let ways = ways.map(|(value, key)| (value.to_owned(), key.to_owned()));
        let fields = vec![
            Field::choice("way", "compare.field_way", ways.to_vec()),
            Field::line("person", "compare.field_recounter", input::Kind::Code),
        ];
        let make = move |filled: &Filled<'_>| {
            let people = if filled("way") == "both" { both.clone() } else { vec![Text::new(&filled("person"))] };
            if people.iter().any(|code| code.is_empty()) {
                return Err(("person", "input.needed".to_owned()));
            }
            Ok(Command::AppointRecount(AppointRecount { stocktake, people }))
        };
        let lines = vec![words.say_with("compare.appointing", &values)];
        Some(Ask { title: take.id.to_string(), lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) })
    }

    /// Enter: one's own recount at this place, else what the difference came of.
    fn recount_here(&self) -> Option<Opening> {
        let (take, found, who) = (self.stocktake.as_ref()?, self.at()?, self.who?);
        let sheet = take.recount().filter(|sheet| sheet.hand(who).is_some() && !sheet.is_frozen());
        match sheet {
            Some(_) => Some(Opening::Count(take.id, found.row.place.clone())),
            None => Some(Opening::Stocktake(take.id)),
        }
    }

    /// Cause, responsible party, proposal.
    fn explain(&self, words: &Words) -> Option<Ask> {
        let (take, found) = (self.stocktake.as_ref()?, self.at()?);
        let (stocktake, article, place) = (take.id, found.code.clone(), found.row.place.clone());
        let known = found.row.explained.as_ref();
        let field = |name: &'static str, label: &'static str, text: Option<&Text>| {
            Field::line(name, label, input::Kind::Text).needed().holding(text.map_or("", Text::as_str))
        };
        let fields = vec![
            field("cause", "compare.field_cause", known.map(|it| &it.cause)),
            field("party", "compare.field_party", known.map(|it| &it.party)),
            field("proposal", "compare.field_proposal", known.map(|it| &it.proposal)),
        ];
        let make = move |filled: &Filled<'_>| {
            let text = |name: &str| Text::new(&filled(name));
            let (article, place) = (article.clone(), place.clone());
            let (cause, party, proposal) = (text("cause"), text("party"), text("proposal"));
            Ok(Command::ExplainDifference(ExplainDifference { stocktake, article, place, cause, party, proposal }))
        };
        let mut lines = figures(words, take, found);
        lines.extend(self.whole.pairs(words));
        let title = format!("{} {}", found.row.place, found.name);
        Some(Ask { title, lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) })
    }

    fn agree(&self, words: &Words) -> Option<Ask> {
        let take = self.stocktake.as_ref()?;
        let command = Command::AgreeStocktake(AgreeStocktake { stocktake: take.id });
        Some(Ask::plain(take.id.to_string(), self.outcome(words), command).confirmed_by(Confirm::F8))
    }

    /// What is put right and what is claimed at which price, before it is confirmed (M5.3).
    fn confirm(&self, words: &Words) -> Option<Ask> {
        let take = self.stocktake.as_ref()?;
        let command = Command::ConfirmStocktake(ConfirmStocktake { stocktake: take.id, note: Text::default() });
        Some(Ask::plain(take.id.to_string(), self.outcome(words), command).confirmed_by(Confirm::F8))
    }

    fn outcome(&self, words: &Words) -> Vec<String> {
        let differing = &self.whole.differing;
        let made = differences(differing.iter().map(|found| (&found.row, found.free, found.price)), ClaimId(1));
        let mut claimed = Money::ZERO;
        let mut lines = Vec::new();
        // What stays in the books, since it is packed (E52), is named before all that is as it looks.
        let mut each: Vec<_> = differing.iter().zip(made).collect();
        each.sort_by_key(|(_, made)| made.rest.is_zero());
        for (found, made) in each {
            let by = found.row.difference();
            claimed += made.amount;
            let money = |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
            let price = made.price.filter(|_| made.claim.is_some());
            let goods = format!("{} {}", found.row.place, found.name);
            let values: [(&str, &dyn std::fmt::Display); 6] = [
                ("goods", &goods.trim_start()),
                ("by", &signed(by)),
                ("adjusted", &signed(made.adjusted)),
                ("rest", &signed(made.rest)),
                ("price", &money(price)),
                ("amount", &money(price.map(|_| made.amount))),
            ];
            let key = match by < Quantity::ZERO {
                true if !made.rest.is_zero() => "compare.short_packed",
                true => "compare.short",
                false => "compare.over",
            };
            lines.push(words.say_with(key, &values));
        }
        let all = lines.len();
        lines.truncate(NAMED);
        if all > NAMED {
            lines.push(words.say_with("compare.more", &[("count", &(all - NAMED))]));
        }
        lines.extend(self.whole.pairs(words).take(3));
        lines.push(words.say_with("compare.claims", &[("count", &all), ("amount", &claimed)]));
        lines
    }
}

impl Screen for Compare {
    const NAME: &'static str = "compare";
    const KIND: Kind = Kind::List;
    const ACTS: &'static [Act<Self>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(Compare::recount_here) },
        Act { name: "compare.step", command: |pane| Some(pane.next_command()), deed: Deed::Ask(Compare::step) },
        Act { name: "row.edit", command: |_| Some("explain_difference"), deed: Deed::Ask(Compare::explain) },
        Act { name: "compare.agree", command: |_| Some("agree_stocktake"), deed: Deed::Ask(Compare::agree) },
        Act { name: "compare.recount", command: |_| Some("appoint_recount"), deed: Deed::Ask(Compare::appoint) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| Some(Opening::Journal(Subject::Stocktake(pane.take)))),
        },
    ];

    fn unfilled(&self, act: &str) -> Option<Command> {
        let asks = matches!(act, "compare.step" | "compare.recount");
        asks.then(|| Command::AppointRecount(AppointRecount { stocktake: self.take, people: Vec::new() }))
    }

    fn title(&self, words: &Words) -> String {
        let Some(take) = &self.stocktake else { return words.say("compare.title").to_owned() };
        let stage = words.say(&format!("stocktake_stage.{}", take.stage.key())).to_owned();
        let quarterly = take.kind == StocktakeKind::Quarterly && take.stage == Stage::Settling && take.agreed.is_none();
        let awaits = if quarterly { words.say("compare.awaits_finance") } else { "" };
        format!("{} {} {stage} {awaits}", words.say("compare.title"), take.id).trim().to_owned()
    }

    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.gather(sight).map_err(unread)?;
        self.look_closer(sight.words);
        Ok(())
    }

    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.look_closer(sight.words);
        Ok(())
    }

    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position> {
        let picture = Picture {
            columns: COLUMNS,
            titles: COLUMNS.iter().map(|column| pen.say(column.title)).collect(),
            number: pen.say("list.number"),
            focused,
            empty: pen.say("compare.none"),
            look: pen.look,
        };
        let detail = self.detail.len().min(8).min(usize::from(area.height / 2)) as u16;
        let list = Rect { height: area.height - detail, ..area };
        picture.render(&self.list, list, buf);
        let mut text = crate::ui::part::scroll::Scroll::new(self.detail.clone());
        let below = Rect {
            x: area.x + 1.min(area.width),
            y: list.bottom(),
            width: area.width.saturating_sub(2),
            height: detail,
        };
        text.fit(below.width.into(), detail.into());
        text.render(below, buf, pen);
        None
    }

    fn body(&mut self) -> Body<'_> {
        Body::Rows(&mut self.list)
    }

    fn rows_above(&self) -> u16 {
        10
    }
}
