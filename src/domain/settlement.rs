//! Settlement with finance (月结): last month's purchases, by the 5th of this one (M2.3).
//!
//! All goods bought settle at the unified retail price (M4.6). What was billed in a month, less what of it was refused or
//! never came, less what went back to the factory and less the gifts written off, is payable. The department prepares
//! the settlement once the month is over; finance confirms what it sees, and what has changed since is prepared anew.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::id::{BillId, PersonId, ReceiptId, StockNoteId};
use super::money::Money;
use super::shipment::Mark;
use super::text::Text;
use super::time::{Day, Month};
use super::{Actor, Rule};

/// The day of a month by which the month before is settled.
const DUE_DAY: u32 = 5;

/// Why the department's account at the factory changed (挂账).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactoryKind {
    /// 进货: billed.
    Billed,
    /// 拒收短少: billed, and refused or never came.
    NotTaken,
    /// 退厂: went back to the factory.
    SentBack,
    /// 赠品核销: given away under a confirmed promotion.
    GiftsWrittenOff,
    /// 已结: settled with finance.
    Settled,
}

impl FactoryKind {
    /// Every kind, in the order of reports.
    pub const ALL: &[FactoryKind] = &[
        FactoryKind::Billed,
        FactoryKind::NotTaken,
        FactoryKind::SentBack,
        FactoryKind::GiftsWrittenOff,
        FactoryKind::Settled,
    ];

    /// The kind's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            FactoryKind::Billed => "billed",
            FactoryKind::NotTaken => "not_taken",
            FactoryKind::SentBack => "sent_back",
            FactoryKind::GiftsWrittenOff => "gifts_written_off",
            FactoryKind::Settled => "settled",
        }
    }
}

/// The paper behind a row of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactoryPaper {
    /// A bill.
    Bill(BillId),
    /// A goods-in.
    Receipt(ReceiptId),
    /// A note of goods that went back.
    Note(StockNoteId),
    /// A settlement.
    Settlement(Month),
    /// A write-off of gifts.
    WriteOff(Month),
}

/// A row of the department's account at the factory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactoryRow {
    /// The day it counts for.
    pub day: Day,
    /// Why.
    pub kind: FactoryKind,
    /// What is owed more, or less where negative.
    pub amount: Money,
    /// What was owed afterwards.
    pub balance: Money,
    /// The paper.
    pub paper: FactoryPaper,
}

/// What a month comes to, each figure at or above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MonthFigures {
    /// Billed, at retail price.
    pub billed: Money,
    /// Of bills, refused or never came.
    pub not_taken: Money,
    /// Went back to the factory.
    pub sent_back: Money,
    /// Gifts written off.
    pub gifts: Money,
}

impl MonthFigures {
    /// Adds a row of the account; what was settled is no figure of a month.
    pub fn count(&mut self, kind: FactoryKind, amount: Money) {
        match kind {
            FactoryKind::Billed => self.billed += amount,
            FactoryKind::NotTaken => self.not_taken -= amount,
            FactoryKind::SentBack => self.sent_back -= amount,
            FactoryKind::GiftsWrittenOff => self.gifts -= amount,
            FactoryKind::Settled => {}
        }
    }

    /// What is payable; below zero where more went back than came.
    pub fn payable(&self) -> Money {
        self.billed - self.not_taken - self.sent_back - self.gifts
    }
}

/// A month's settlement as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Which month.
    pub month: Month,
    /// What it came to when it was prepared.
    pub figures: MonthFigures,
    /// Who prepared it.
    pub prepared: Mark,
    /// Who confirmed it for finance.
    pub confirmed: Option<Mark>,
}

impl Settlement {
    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: super::time::Moment, event: &Event) {
        if let Event::SettlementConfirmed { .. } = event {
            self.confirmed = Some(Mark { by, at, why: Text::default() });
        }
    }
}

/// The last day on which a month is settled in time.
pub fn due(month: Month) -> Day {
    month.next().day(DUE_DAY).expect("every month has a fifth day")
}

/// How far the settlement of a month has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// 待编制: nobody has prepared it.
    Waiting,
    /// 待财务确认: prepared.
    Prepared,
    /// 超期: its day has passed and finance has not confirmed it.
    Overdue,
    /// 已结清: finance has confirmed it.
    Confirmed,
}

impl Progress {
    /// How far it has come on a day (M2.3).
    pub fn of(month: Month, settlement: Option<&Settlement>, today: Day) -> Progress {
        match settlement {
            Some(settlement) if settlement.confirmed.is_some() => Progress::Confirmed,
            _ if today > due(month) => Progress::Overdue,
            Some(_) => Progress::Prepared,
            None => Progress::Waiting,
        }
    }

    /// Its name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Progress::Waiting => "waiting",
            Progress::Prepared => "prepared",
            Progress::Overdue => "overdue",
            Progress::Confirmed => "confirmed",
        }
    }
}

/// Days left until a month is due; below zero once that day has passed.
pub fn days_left(month: Month, today: Day) -> i32 {
    due(month).ordinal() - today.ordinal()
}

/// Prepare a month's settlement (编制月结).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareSettlement {
    /// Which month.
    pub month: Month,
}

/// Confirm a month's settlement for finance (财务确认月结).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSettlement {
    /// Which month.
    pub month: Month,
    /// The amount payable that was seen.
    pub payable: Money,
}

/// What commands about settlements may look at.
pub struct SettlementFacts {
    /// The settlement prepared so far, if there is one.
    pub settlement: Option<Settlement>,
    /// What the month comes to now.
    pub figures: MonthFigures,
    /// The name of who confirmed it, for words.
    pub confirmed_by: Text,
}

impl SettlementFacts {
    fn unconfirmed(&self, month: Month) -> Result<(), Refusals> {
        let confirmed = self.settlement.as_ref().and_then(|settlement| settlement.confirmed.as_ref());
        confirmed.map_or(Ok(()), |mark| {
            let settled = Reason::SettledAlready { month, by: self.confirmed_by.clone(), at: mark.at };
            Err(Clause::OnceOnly.refuse(settled).into())
        })
    }
}

impl Rule for PrepareSettlement {
    type Facts = SettlementFacts;

    fn decide(&self, by: &Actor, facts: &SettlementFacts) -> Result<Event, Refusals> {
        if by.today().month() <= self.month {
            return Err(Clause::MonthSettled.refuse(Reason::MonthNotOver { month: self.month }).into());
        }
        facts.unconfirmed(self.month)?;
        Ok(Event::SettlementPrepared { month: self.month, figures: facts.figures, payable: facts.figures.payable() })
    }
}

impl Rule for ConfirmSettlement {
    type Facts = SettlementFacts;

    fn decide(&self, by: &Actor, facts: &SettlementFacts) -> Result<Event, Refusals> {
        facts.unconfirmed(self.month)?;
        let Some(prepared) = &facts.settlement else {
            return Err(Clause::MonthSettled.refuse(Reason::NotPrepared { month: self.month }).into());
        };
        if prepared.prepared.by == by.person {
            return Err(Clause::OwnWork.refuse(Reason::OwnSettlement { month: self.month }).into());
        }
        let now = facts.figures.payable();
        if prepared.figures != facts.figures || self.payable != now {
            let moved = Reason::FiguresMoved { month: self.month, seen: self.payable, now };
            return Err(Clause::AsSeen.refuse(moved).into());
        }
        Ok(Event::SettlementConfirmed { month: self.month, payable: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_due_on_the_fifth_of_the_next() {
        for (month, day) in [("2026-11", "2026-12-05"), ("2026-12", "2027-01-05")] {
            assert_eq!(due(month.parse().unwrap()).to_string(), day);
        }
    }

    #[test]
    fn a_month_is_overdue_from_the_sixth_until_finance_has_confirmed_it() {
        let month: Month = "2026-10".parse().unwrap();
        let mark = Mark { by: PersonId(1), at: super::super::time::Moment::from_micros(0), why: Text::default() };
        let prepared = Settlement { month, figures: MonthFigures::default(), prepared: mark.clone(), confirmed: None };
        let confirmed = Settlement { confirmed: Some(mark), ..prepared.clone() };
        let cases = [
            ("2026-11-05", None, Progress::Waiting, 0),
            ("2026-11-05", Some(&prepared), Progress::Prepared, 0),
            ("2026-11-06", None, Progress::Overdue, -1),
            ("2026-11-06", Some(&prepared), Progress::Overdue, -1),
            ("2026-11-06", Some(&confirmed), Progress::Confirmed, -1),
        ];
        for (today, settlement, progress, left) in cases {
            let today: Day = today.parse().unwrap();
            assert_eq!((Progress::of(month, settlement, today), days_left(month, today)), (progress, left), "{today}");
        }
    }

    #[test]
    fn what_is_payable_is_what_came_and_stayed() {
        let mut figures = MonthFigures::default();
        let rows = [
            (FactoryKind::Billed, 10_000),
            (FactoryKind::NotTaken, -1_000),
            (FactoryKind::SentBack, -500),
            (FactoryKind::GiftsWrittenOff, -150),
            (FactoryKind::Settled, -8_000),
        ];
        rows.into_iter().for_each(|(kind, fen)| figures.count(kind, Money::fen(fen)));
        assert_eq!(figures.payable(), Money::fen(8_350));
    }
}
