//! What a person may see of the books while they count: the one place that screens and command line ask.
//!
//! Whoever counts is blind (M5.2): until all is counted they see no book quantity of what is counted, not the other's
//! sheet, and no figure that follows from either. What a sheet says is also kept from everybody who is not on it until the
//! first sheets are in, so that nobody can pass it on.

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::comparing::{Compared, Figure};
use super::event::Event;
use super::id::{ArticleId, PersonId};
use super::stocktake::{Scope, Stage, Stocktake};
use super::text::Text;

/// How much of the books one person sees.
#[derive(Debug, Clone, Default)]
pub struct Blindness {
    person: Option<PersonId>,
    /// Whether it is for readers who are not known: as if they counted everywhere.
    anybody: bool,
    open: Vec<Stocktake>,
}

/// A compared row as a person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The figures that may be seen: first ones, then what was counted again; `None` for one that may not.
    pub figures: Vec<Option<Figure>>,
    /// Whether the book's figure in them, what is packed and what follows from them may be seen.
    pub book: bool,
}

impl Blindness {
    /// What that person sees, by the stocktakes that are open. Nobody in particular (the store's owner) sees everything.
    pub fn of(person: Option<PersonId>, open: Vec<Stocktake>) -> Blindness {
        Blindness { person, anybody: false, open }
    }

    /// What may be sent where anybody may read it, such as a mailed ledger: nothing that a counter must not see.
    pub fn of_anybody(open: Vec<Stocktake>) -> Blindness {
        Blindness { person: None, anybody: true, open }
    }

    fn counts(&self) -> impl Iterator<Item = &Stocktake> {
        let counts = |take: &&Stocktake| self.anybody || self.person.is_some_and(|person| take.has_counter(person));
        self.open.iter().filter(|take| take.stage.is_counting()).filter(counts)
    }

    /// Whether the person counts anything now: sums over all goods are hidden too.
    pub fn is_blind(&self) -> bool {
        self.counts().next().is_some()
    }

    /// Whether the book's figures of an article are hidden.
    pub fn hides(&self, article: ArticleId) -> bool {
        self.counts().any(|take| take.scope.touches(article))
    }

    /// A book figure of an article, or nothing.
    pub fn book<T>(&self, article: ArticleId, figure: T) -> Option<T> {
        (!self.hides(article)).then_some(figure)
    }

    /// Whether the lines and figures of a sheet may be seen.
    pub fn sees_sheet(&self, take: &Stocktake, no: u8) -> bool {
        let Some(person) = self.person else {
            return !self.anybody || !take.stage.is_counting();
        };
        let own = take.sheet(no).is_some_and(|sheet| sheet.hand(person).is_some());
        let counts_again = take.recount().is_some_and(|sheet| sheet.hand(person).is_some());
        match take.stage {
            _ if own => true,
            Stage::Counting => false,
            Stage::Differing => true,
            Stage::Recounting => !counts_again && !take.is_recount(no),
            Stage::Settling | Stage::Closed | Stage::Abandoned => true,
        }
    }

    /// Whether a compared row may be seen at all, and which of its figures; `None` where it may not.
    ///
    /// Who counted sees that the sheets differ, never that both differ from the book; who counts again sees what is to
    /// be counted, and no figure.
    pub fn row(&self, take: &Stocktake, row: &Compared) -> Option<Seen> {
        let book = self.sees_sums(take) && !self.hides(row.article);
        let asked = take.recount().is_some_and(|sheet| row.asked == sheet.no && self.is_on(sheet.no, take));
        if !book && !asked && !row.sheets_differ() {
            return None;
        }
        let figures = row.figures.iter().map(|figure| Some(*figure).filter(|it| self.sees_sheet(take, it.sheet)));
        let figures: Vec<Option<Figure>> = figures.collect();
        if !book && !asked && figures.iter().all(Option::is_none) {
            return None;
        }
        Some(Seen { figures, book })
    }

    /// Whether figures over all of a stocktake may be seen: how many goods there are, how many differ.
    pub fn sees_sums(&self, take: &Stocktake) -> bool {
        !self.counts().any(|own| own.id == take.id)
    }

    fn is_on(&self, no: u8, take: &Stocktake) -> bool {
        self.person.is_some_and(|person| take.sheet(no).is_some_and(|sheet| sheet.hand(person).is_some()))
    }

    /// Whether an event may be shown with its figures.
    pub fn sees(&self, event: &Event) -> bool {
        match event {
            Event::GoodsCounted { stocktake, sheet, .. } => {
                self.open.iter().find(|take| take.id == *stocktake).is_none_or(|take| self.sees_sheet(take, *sheet))
            }
            // What was asked of the factory keeps the stock that it was suggested from.
            Event::RequisitionSubmitted { lines, .. } => {
                lines.iter().all(|asked| asked.need.is_none() || !self.hides(asked.article))
            }
            _ => true,
        }
    }

    /// Refusals with no figure in them that must not be seen: what is short is named without what is there.
    pub fn veil(&self, refusals: Refusals) -> Refusals {
        if !self.is_blind() {
            return refusals;
        }
        refusals.map(|refusal| match refusal.reason() {
            Reason::StockShort { article, wanted, .. } | Reason::NotThere { article, wanted, .. } => {
                let (article, wanted) = (article.clone(), *wanted);
                refusal.clause().refuse(Reason::ShortUnseen { article, wanted })
            }
            _ => refusal,
        })
    }
}

/// Refuses a movement of goods that a frozen stocktake counts, naming it; `places` is where they are, or belong.
pub fn frozen(open: &[Stocktake], article: ArticleId, places: &[Text]) -> Result<(), Refusal> {
    let counts = |take: &&Stocktake| {
        let covered = match &take.scope {
            Scope::Places(counted) => places.iter().any(|place| counted.contains(place)),
            scope => scope.touches(article),
        };
        take.frozen && take.stage.is_open() && covered
    };
    match open.iter().find(counts) {
        Some(take) => Err(Clause::TwoCount.refuse(Reason::GoodsFrozen { stocktake: take.id })),
        None => Ok(()),
    }
}
