//! Counting: each scan and each figure is a record of its own, on a sheet that its people alone write on.
//!
//! Nothing that is found on a shelf blocks who counts: an unknown code keeps its quantity, goods out of scope are kept and
//! marked. What can only be a mistake of the scanner or the keypad is refused.

use serde::{Deserialize, Serialize};

use super::arranging::{known, wrong_stage};
use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::Article;
use super::id::StocktakeId;
use super::quantity::Quantity;
use super::stocktake::{CountAct, CountLine, CountRecord, Hand, Sheet, Stage, Stocktake};
use super::text::{Text, fold};
use super::{Actor, Rule, barcode};

/// The longest code that a scanner is expected to send.
const CODE_MAX: usize = 48;
/// How many of the goods that are blank on a sheet a refusal names.
pub const BLANKS_NAMED: usize = 20;
/// A figure has at most five digits before the point: a code never becomes a quantity.
const FIGURE_END: Quantity = Quantity::whole(100_000);

/// Count goods: a scan, or a code typed. Without a quantity it is one of what the code stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountGoods {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// The place.
    pub place: Text,
    /// The article's code or barcode; a pack's barcode stands for the pack.
    pub code: Text,
    /// How much of what the code stands for, above zero.
    #[serde(default = "one")]
    pub quantity: Quantity,
    /// Go on with the last line where it is of the same goods at the same place, instead of beginning one.
    #[serde(default)]
    pub join: bool,
    /// It is so much, even past the limit for one line.
    #[serde(default)]
    pub sure: bool,
}

/// Put the last line right: either to a figure, zero included, or by more or less. The sheet keeps the difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectCount {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// What the line says from now on, in what its code stands for.
    #[serde(default)]
    pub to: Option<Quantity>,
    /// By how much it changes.
    #[serde(default)]
    pub by: Option<Quantity>,
    /// The line that is meant, if the screen shows one; refused where it is not the last.
    #[serde(default)]
    pub line: Option<u32>,
    /// It is so much, even past the limit for one line.
    #[serde(default)]
    pub sure: bool,
}

/// Take the last record back that stands (冲销); again, the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoCount {
    /// Which stocktake.
    pub stocktake: StocktakeId,
}

/// Enter the last line once more, as a line of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatCount {
    /// Which stocktake.
    pub stocktake: StocktakeId,
}

/// Hand a sheet in (交表): from then on it takes no more lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitSheet {
    /// Which stocktake.
    pub stocktake: StocktakeId,
    /// How many goods are left blank, as they were shown and asked about (E38).
    #[serde(default)]
    pub blanks: Option<u32>,
}

fn one() -> Quantity {
    Quantity::whole(1)
}

/// What counting may look at. None of it is a figure of the book or of another sheet.
pub struct CountFacts {
    /// The stocktake named, if there is one.
    pub stocktake: Option<Stocktake>,
    /// The article of the code, if it is known.
    pub article: Option<Article>,
    /// Whether the place exists.
    pub place_known: bool,
    /// Whether the code is somebody's sign-in code.
    pub badge: bool,
    /// The person's last record that stands, its number, and its line.
    pub last: Option<(u32, CountRecord, CountLine)>,
    /// Whether the goods are among those to be counted again.
    pub asked_again: bool,
    /// The most of that article on one line that is not asked about.
    pub limit: Option<Quantity>,
    /// How many goods are blank on the sheet.
    pub blanks: u32,
    /// The first [`BLANKS_NAMED`] of them: place and article in words.
    pub first_blanks: Vec<Text>,
}

impl CountFacts {
    /// The sheet of who asks, and their part of it, while it takes lines.
    fn sheet(&self, id: StocktakeId, by: &Actor) -> Result<(&Stocktake, &Sheet, &Hand), Refusal> {
        let take = known(&self.stocktake, id)?;
        let own = |sheet| take.sheet(sheet).and_then(|sheet: &Sheet| Some((sheet, sheet.hand(by.person)?)));
        let current = take.sheet_of(by.person).and_then(|sheet| own(sheet.no));
        let Some((sheet, hand)) = current else {
            return Err(Clause::TwoCount.refuse(Reason::NotYourSheet { stocktake: id }));
        };
        if !matches!(take.stage, Stage::Counting | Stage::Recounting) {
            return Err(wrong_stage(take));
        }
        Ok((take, sheet, hand))
    }

    /// The same, while nobody has handed the sheet in.
    fn writable(&self, id: StocktakeId, by: &Actor) -> Result<(&Stocktake, &Sheet, &Hand), Refusal> {
        let (take, sheet, hand) = self.sheet(id, by)?;
        if sheet.is_frozen() {
            return Err(Clause::TwoCount.refuse(Reason::SheetFrozen { stocktake: id }));
        }
        Ok((take, sheet, hand))
    }

    fn last(&self, line: Option<u32>) -> Result<(u32, &CountRecord, &CountLine), Refusal> {
        let Some((nth, record, last)) = &self.last else {
            return Err(Clause::Known.refuse(Reason::NothingCounted));
        };
        match line {
            Some(seen) if seen != last.line => {
                let (seen, now) = (seen.into(), last.line.into());
                Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }))
            }
            _ => Ok((*nth, record, last)),
        }
    }

    fn asked(&self, now: Quantity, code: &Text, sure: bool) -> Result<(), Refusal> {
        match self.limit {
            Some(limit) if now > limit && !sure => {
                Err(Clause::Exact.refuse(Reason::ReallySoMuch { article: code.clone(), quantity: now, limit }))
            }
            _ => Ok(()),
        }
    }
}

/// A figure as it was typed: below a hundred thousand, so that no code is taken for one.
fn typed(quantity: Quantity) -> Result<Quantity, Refusal> {
    if quantity >= FIGURE_END || -quantity >= FIGURE_END {
        return Err(Clause::Exact.refuse(Reason::TooLarge { field: "quantity" }));
    }
    Ok(quantity)
}

/// So many of what the code stands for, in the base unit.
fn in_base(quantity: Quantity, factor: Quantity, code: &Text) -> Result<Quantity, Refusal> {
    let inexact = || Clause::Exact.refuse(Reason::NotInBaseUnit { article: code.clone(), unit: Text::default() });
    typed(quantity)?.packs_of(factor).ok_or_else(inexact).and_then(typed)
}

/// What a line says after a change: never below zero, never past what a line may say.
fn line_says(was: Quantity, change: Quantity, code: &Text) -> Result<Quantity, Refusal> {
    let now = was + change;
    if now < Quantity::ZERO {
        return Err(Clause::Exact.refuse(Reason::BelowZero { article: code.clone() }));
    }
    typed(now)
}

/// A scanner's code as it may be kept: ASCII after folding, unless some article is called so; no badge; not damaged.
fn proper_code(own: &CountGoods, facts: &CountFacts) -> Result<Text, Refusal> {
    let code = if facts.article.is_some() { own.code.clone() } else { Text::new(&fold(&own.code)) };
    let plain = code.bytes().all(|b| matches!(b, 0x20..=0x7e));
    if code.is_empty() {
        return Err(Clause::Exact.refuse(Reason::Empty { field: "code" }));
    }
    if facts.article.is_none() {
        if !plain || code.len() > CODE_MAX {
            return Err(Clause::Exact.refuse(Reason::Malformed { field: "code", value: code }));
        }
        if facts.badge {
            return Err(Clause::Exact.refuse(Reason::BadgeScanned));
        }
        if barcode::is_damaged(&code) {
            return Err(Clause::Exact.refuse(Reason::CodeDamaged { code }));
        }
    }
    Ok(code)
}

/// How many base units one of that code is.
fn factor(article: Option<&Article>, code: &Text) -> Quantity {
    let packs = article.into_iter().flat_map(|article| &article.card.packs);
    packs.filter(|pack| !pack.barcode.is_empty()).find(|pack| pack.barcode == *code).map_or(one(), |pack| pack.holds)
}

impl Rule for CountGoods {
    type Facts = CountFacts;

    fn decide(&self, by: &Actor, facts: &CountFacts) -> Result<Event, Refusals> {
        let (take, sheet, hand) = facts.writable(self.stocktake, by)?;
        let code = proper_code(self, facts)?;
        if !facts.place_known {
            return Err(Clause::Known.refuse(Reason::Unknown { what: "place", code: self.place.clone() }).into());
        }
        if !self.quantity.is_positive() {
            return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }).into());
        }
        let article = facts.article.as_ref().map(|article| article.id);
        if take.is_recount(sheet.no) && article.is_some() && !facts.asked_again {
            let place = self.place.clone();
            return Err(Clause::CountAgain.refuse(Reason::NotToCountAgain { article: code, place }).into());
        }
        let factor = factor(facts.article.as_ref(), &code);
        let quantity = in_base(self.quantity, factor, &code)?;
        let goes_on = |line: &&CountLine| {
            let same_goods = line.article == article && (article.is_some() || line.code == code);
            self.join && same_goods && line.place == self.place && line.standing > 0
        };
        let line = facts.last.as_ref().map(|(_, _, line)| line).filter(goes_on);
        let now = line_says(line.map_or(Quantity::ZERO, |line| line.quantity), quantity, &code)?;
        facts.asked(now, &code, self.sure)?;
        let nth = sheet.records + 1;
        debug_assert!(hand.top < nth);
        Ok(Event::GoodsCounted {
            stocktake: take.id,
            sheet: sheet.no,
            nth,
            line: line.map_or(sheet.lines + 1, |line| line.line),
            act: CountAct::Scan,
            place: self.place.clone(),
            code: line.map_or(code, |line| line.code.clone()),
            article,
            factor: line.map_or(factor, |line| line.factor),
            quantity,
            now,
            undoes: None,
            top: nth,
            in_scope: take.scope.covers(article, &self.place),
        })
    }
}

/// The record that changes a line, or begins one like it.
fn record(take: &Stocktake, sheet: &Sheet, line: &CountLine, act: CountAct, quantity: Quantity) -> Event {
    let nth = sheet.records + 1;
    let repeats = act == CountAct::Repeat;
    Event::GoodsCounted {
        stocktake: take.id,
        sheet: sheet.no,
        nth,
        line: if repeats { sheet.lines + 1 } else { line.line },
        act,
        place: line.place.clone(),
        code: line.code.clone(),
        article: line.article,
        factor: line.factor,
        quantity,
        now: if repeats { quantity } else { line.quantity + quantity },
        undoes: None,
        top: nth,
        in_scope: line.in_scope,
    }
}

impl Rule for CorrectCount {
    type Facts = CountFacts;

    fn decide(&self, by: &Actor, facts: &CountFacts) -> Result<Event, Refusals> {
        let (take, sheet, _) = facts.writable(self.stocktake, by)?;
        let (_, _, line) = facts.last(self.line)?;
        let (act, change) = match (self.to, self.by) {
            (Some(to), None) if to < Quantity::ZERO => {
                return Err(Clause::Exact.refuse(Reason::BelowZero { article: line.code.clone() }).into());
            }
            (Some(to), None) => (CountAct::Set, in_base(to, line.factor, &line.code)? - line.quantity),
            (None, Some(by)) => (CountAct::Adjust, in_base(by, line.factor, &line.code)?),
            _ => return Err(Clause::Exact.refuse(Reason::Empty { field: "quantity" }).into()),
        };
        let now = line_says(line.quantity, change, &line.code)?;
        facts.asked(now, &line.code, self.sure)?;
        Ok(record(take, sheet, line, act, change))
    }
}

impl Rule for RepeatCount {
    type Facts = CountFacts;

    fn decide(&self, by: &Actor, facts: &CountFacts) -> Result<Event, Refusals> {
        let (take, sheet, _) = facts.writable(self.stocktake, by)?;
        let (_, _, line) = facts.last(None)?;
        Ok(record(take, sheet, line, CountAct::Repeat, line.quantity))
    }
}

impl Rule for UndoCount {
    type Facts = CountFacts;

    fn decide(&self, by: &Actor, facts: &CountFacts) -> Result<Event, Refusals> {
        let (take, sheet, _) = facts.writable(self.stocktake, by)?;
        let (nth, last, line) = facts.last(None)?;
        // On a sheet of two, what the other added to the line may leave less than this record brought.
        line_says(line.quantity, -last.quantity, &line.code)?;
        let mut event = record(take, sheet, line, CountAct::Undo, -last.quantity);
        if let Event::GoodsCounted { undoes, top, .. } = &mut event {
            (*undoes, *top) = (Some(nth), last.below);
        }
        Ok(event)
    }
}

impl Rule for SubmitSheet {
    type Facts = CountFacts;

    fn decide(&self, by: &Actor, facts: &CountFacts) -> Result<Event, Refusals> {
        let (take, sheet, hand) = facts.sheet(self.stocktake, by)?;
        if hand.submitted.is_some() {
            return Err(Clause::OnceOnly.refuse(Reason::SheetFrozen { stocktake: take.id }).into());
        }
        let blanks = facts.blanks;
        if !sheet.is_frozen() {
            if sheet.records == 0 {
                return Err(Clause::TwoCount.refuse(Reason::NothingCounted).into());
            }
            let first = facts.first_blanks.clone();
            if blanks > 0 && take.is_recount(sheet.no) {
                return Err(Clause::CountAgain.refuse(Reason::StillToCount { count: blanks, first }).into());
            }
            if blanks > 0 && self.blanks != Some(blanks) {
                return Err(Clause::TwoCount.refuse(Reason::BlanksLeft { count: blanks, first }).into());
            }
        }
        let blanks = if sheet.is_frozen() { sheet.blanks } else { blanks };
        let (lines, records) = (sheet.lines, sheet.records);
        Ok(Event::SheetSubmitted { stocktake: take.id, sheet: sheet.no, lines, records, blanks })
    }
}
