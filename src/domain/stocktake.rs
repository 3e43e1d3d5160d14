//! The stocktake (盘点): what is counted, by whom, on which sheets, and how far it has come.
//!
//! Two people count blind, each on a sheet (盘点表) of their own or both on one (M5.2). The same goods at the same place on
//! two sheets are compared; goods at several places add up (E39). First figures are never overwritten: what was put
//! right, taken back or counted again stands beside them as a record of its own (M5.3).

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::goods::Article;
use super::id::{ArticleId, PersonId, StocktakeId};
use super::quantity::Quantity;
use super::text::Text;
use super::time::{Day, Moment};

/// What a stocktake is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StocktakeKind {
    /// 月盘: on the 30th, or on February's last day.
    Monthly,
    /// 季盘: with a finance person (W9).
    Quarterly,
    /// 临时盘点: any day.
    AnyDay,
}

impl StocktakeKind {
    /// The kind's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            StocktakeKind::Monthly => "monthly",
            StocktakeKind::Quarterly => "quarterly",
            StocktakeKind::AnyDay => "any_day",
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Whole,
    /// All goods at these places.
    Places(Vec<Text>),
    /// These articles, wherever they are.
    Articles(Vec<ArticleId>),
}

impl Scope {
    /// Whether goods of that article found at that place are counted by it.
    pub fn covers(&self, article: Option<ArticleId>, place: &Text) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Places(places) => places.contains(place),
            Scope::Articles(articles) => article.is_some_and(|article| articles.contains(&article)),
        }
    }

    /// Whether a figure of the article's whole stock would tell something of what is counted.
    pub fn touches(&self, article: ArticleId) -> bool {
        match self {
            Scope::Whole | Scope::Places(_) => true,
            Scope::Articles(articles) => articles.contains(&article),
        }
    }

    /// The scope's name in data and in the locale files.
    pub const fn key(&self) -> &'static str {
        match self {
            Scope::Whole => "whole",
            Scope::Places(_) => "places",
            Scope::Articles(_) => "articles",
        }
    }
}

/// On how many sheets the two count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 两人各一张表: each counts everything; the same goods at the same place are compared, never added up.
    #[default]
    TwoSheets,
    /// 两人同一张表: both count together and both hand the sheet in.
    OneSheet,
}

impl Method {
    /// The method's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Method::TwoSheets => "two_sheets",
            Method::OneSheet => "one_sheet",
        }
    }

    /// How many first sheets there are.
    pub const fn sheets(self) -> u8 {
        match self {
            Method::TwoSheets => 2,
            Method::OneSheet => 1,
        }
    }
}

/// How far a stocktake has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The first sheets are being filled in.
    Counting,
    /// They differ from each other or from the book: somebody has to be appointed to count again.
    Differing,
    /// What differed is being counted again.
    Recounting,
    /// All is counted: differences await their cause and the confirmation.
    Settling,
    /// Confirmed.
    Closed,
    /// Given up before its end.
    Abandoned,
}

impl Stage {
    /// The stage's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Stage::Counting => "counting",
            Stage::Differing => "differing",
            Stage::Recounting => "recounting",
            Stage::Settling => "settling",
            Stage::Closed => "closed",
            Stage::Abandoned => "abandoned",
        }
    }

    /// Whether something is still to be counted, so that whoever counts is blind.
    pub const fn is_counting(self) -> bool {
        matches!(self, Stage::Counting | Stage::Differing | Stage::Recounting)
    }

    /// Whether it has neither been confirmed nor given up.
    pub const fn is_open(self) -> bool {
        !matches!(self, Stage::Closed | Stage::Abandoned)
    }
}

/// One of the people of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// Who.
    pub person: PersonId,
    /// The last of their records that was not taken back, 0 for none.
    pub top: u32,
    /// The place of their last record: there they go on.
    pub place: Text,
    /// When they handed the sheet in.
    pub submitted: Option<Moment>,
}

/// A sheet: 1 and 2 are the first ones (甲, 乙), from 3 on goods are counted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Of which stocktake.
    pub stocktake: StocktakeId,
    /// Its number.
    pub no: u8,
    /// Who fills it in: one person, or two together.
    pub hands: Vec<Hand>,
    /// How many records it has.
    pub records: u32,
    /// How many lines were begun.
    pub lines: u32,
    /// How many goods were left blank when it was handed in.
    pub blanks: u32,
}

impl Sheet {
    /// An empty sheet for these people.
    pub fn new(stocktake: StocktakeId, no: u8, people: &[PersonId]) -> Sheet {
        let hand = |person: &PersonId| Hand { person: *person, top: 0, place: Text::default(), submitted: None };
        Sheet { stocktake, no, hands: people.iter().map(hand).collect(), records: 0, lines: 0, blanks: 0 }
    }

    /// That person's part of it.
    pub fn hand(&self, person: PersonId) -> Option<&Hand> {
        self.hands.iter().find(|hand| hand.person == person)
    }

    /// Whether it takes no more lines: somebody handed it in.
    pub fn is_frozen(&self) -> bool {
        self.hands.iter().any(|hand| hand.submitted.is_some())
    }

    /// Whether everybody has handed it in.
    pub fn is_complete(&self) -> bool {
        self.hands.iter().all(|hand| hand.submitted.is_some())
    }

    /// Who has yet to hand it in.
    pub fn missing(&self) -> impl Iterator<Item = PersonId> {
        self.hands.iter().filter(|hand| hand.submitted.is_none()).map(|hand| hand.person)
    }
}

/// A stocktake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stocktake {
    /// Its number.
    pub id: StocktakeId,
    /// What it is for.
    pub kind: StocktakeKind,
    /// The day of the count: the month's goods up to then are in it.
    pub day: Day,
    /// The last day of the month: what moves after `day` belongs to the month, and not to this count (E49).
    pub month_end: Day,
    /// What is counted.
    pub scope: Scope,
    /// Whether goods in scope may not move until it is closed.
    pub frozen: bool,
    /// On how many sheets.
    pub method: Method,
    /// The two who count.
    pub counters: Vec<PersonId>,
    /// Who else was there, such as finance at the quarter's end.
    pub present: Vec<PersonId>,
    /// What was written about it.
    pub note: Text,
    /// Who arranged it.
    pub by: PersonId,
    /// When it was opened.
    pub at: Moment,
    /// The entry that opened it.
    pub seq: u64,
    /// How far it has come.
    pub stage: Stage,
    /// The sheets, in order. They lie in a table of their own, since each record touches one.
    #[serde(skip)]
    pub sheets: Vec<Sheet>,
    /// The entry after which the first sheets were compared, 0 before.
    pub compared: u64,
    /// Finance agreed to the differences: who, when (W9).
    pub agreed: Option<(PersonId, Moment)>,
    /// Who closed it or gave it up, when, and why.
    pub ended: Option<(PersonId, Moment, Text)>,
    /// The entry that ended it, 0 before.
    pub ended_seq: u64,
    /// Figures that came of the comparison.
    pub sum: Sum,
}

/// How the lines of a stocktake came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// Goods at places that were compared.
    pub rows: u32,
    /// Those that have to be counted again.
    pub again: u32,
    /// Those that differ from the book, as they stand.
    pub differing: u32,
    /// Differences whose cause is not written down.
    pub unexplained: u32,
}

impl Stocktake {
    /// The sheet of that number.
    pub fn sheet(&self, no: u8) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.no == no)
    }

    /// The sheet that a person fills in now: the recount's if there is one, else one of the first.
    pub fn sheet_of(&self, person: PersonId) -> Option<&Sheet> {
        let last = self.sheets.last().map_or(0, |sheet| sheet.no);
        let current = |sheet: &&Sheet| match self.stage {
            Stage::Recounting => sheet.no == last,
            _ => sheet.no <= self.method.sheets(),
        };
        self.sheets.iter().filter(current).find(|sheet| sheet.hand(person).is_some())
    }

    /// The sheet of a person, the last one where there are several.
    pub fn last_sheet_of(&self, person: PersonId) -> Option<&Sheet> {
        self.sheets.iter().rev().find(|sheet| sheet.hand(person).is_some())
    }

    /// Whether that person counts, or counted, in it.
    pub fn has_counter(&self, person: PersonId) -> bool {
        self.sheets.iter().any(|sheet| sheet.hand(person).is_some())
    }

    /// The recount's sheet, while it is being filled in.
    pub fn recount(&self) -> Option<&Sheet> {
        self.sheets.last().filter(|_| self.stage == Stage::Recounting)
    }

    /// Whether that sheet holds goods counted again.
    pub fn is_recount(&self, no: u8) -> bool {
        no > self.method.sheets()
    }

    /// Whether all first sheets are handed in.
    pub fn is_counted(&self) -> bool {
        self.sheets.iter().take(usize::from(self.method.sheets())).all(Sheet::is_complete)
    }

    fn sheet_mut(&mut self, no: u8) -> Option<&mut Sheet> {
        self.sheets.iter_mut().find(|sheet| sheet.no == no)
    }

    /// What an event does to the record. What came of comparing is in [`Stocktake::sum`], kept by who compares.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        match event {
            Event::GoodsCounted { sheet, nth, line, top, place, .. } => {
                let Some(sheet) = self.sheet_mut(*sheet) else { return };
                sheet.records = *nth;
                sheet.lines = sheet.lines.max(*line);
                if let Some(hand) = sheet.hands.iter_mut().find(|hand| hand.person == by) {
                    hand.top = *top;
                    hand.place = place.clone();
                }
            }
            Event::SheetSubmitted { sheet, blanks, .. } => {
                let Some(sheet) = self.sheet_mut(*sheet) else { return };
                sheet.blanks = *blanks;
                if let Some(hand) = sheet.hands.iter_mut().find(|hand| hand.person == by) {
                    hand.submitted = Some(at);
                }
            }
            Event::RecountAppointed { sheet, people, .. } => {
                self.sheets.push(Sheet::new(self.id, *sheet, people));
                self.stage = Stage::Recounting;
                self.agreed = None;
            }
            Event::DifferenceExplained { .. } => self.agreed = None,
            Event::StocktakeAgreed { .. } => self.agreed = Some((by, at)),
            Event::StocktakeConfirmed { note, .. } => {
                self.stage = Stage::Closed;
                self.ended = Some((by, at, note.clone()));
            }
            Event::StocktakeAbandoned { reason, .. } => {
                self.stage = Stage::Abandoned;
                self.ended = Some((by, at, reason.clone()));
            }
            _ => {}
        }
    }
}

/// How a record came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountAct {
    /// A scan, or a code typed.
    Scan,
    /// The last line was set to a figure; the record carries the difference.
    Set,
    /// The last line was made more or less.
    Adjust,
    /// The last line was entered once more, as a line of its own.
    Repeat,
    /// The last record was taken back (冲销); this one carries its negative.
    Undo,
}

impl CountAct {
    /// The act's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            CountAct::Scan => "scan",
            CountAct::Set => "set",
            CountAct::Adjust => "adjust",
            CountAct::Repeat => "repeat",
            CountAct::Undo => "undo",
        }
    }
}

/// One record of a sheet: one event of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountRecord {
    /// The entry of the journal: the book is looked at as it was then.
    pub seq: u64,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The line it belongs to.
    pub line: u32,
    /// How it came about.
    pub act: CountAct,
    /// What it adds to the line, in the base unit; negative where it takes away.
    pub quantity: Quantity,
    /// The record it takes back.
    pub undoes: Option<u32>,
    /// The last record of the same person before it that stood, 0 for none.
    pub below: u32,
    /// Where the goods' figure stood last before it, 0 for nowhere.
    pub tally_before: u64,
}

/// One line of a sheet: a scan with what followed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLine {
    /// Its place in the sheet, from 1.
    pub line: u32,
    /// Who began it.
    pub by: PersonId,
    /// When it was last touched.
    pub at: Moment,
    /// The entry that touched it last.
    pub seq: u64,
    /// The place.
    pub place: Text,
    /// What was scanned or typed.
    pub code: Text,
    /// The article, unless the code is unknown (未知码).
    pub article: Option<ArticleId>,
    /// How many base units one of the code is: a pack's barcode stands for the pack (E56).
    pub factor: Quantity,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// How many of its records stand; at 0 all was taken back, and the line says nothing.
    pub standing: u32,
    /// Whether it is among what is to be counted (E40).
    pub in_scope: bool,
}

/// What a sheet says of one article at one place: blank where there is none, which is not zero (E38).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// How many lines say so.
    pub lines: u32,
    /// The entry that began it.
    pub first: u64,
    /// The entry that touched it last.
    pub last: u64,
    /// Whether it is among what is to be counted.
    pub in_scope: bool,
}

/// The place at which an article is expected by its card: there it is asked for when it was left blank.
pub fn home(article: &Article) -> &Text {
    &article.card.location
}
