//! Goods in (收货) against the factory's bill, line by line (W4), and the report of what differs (W5).
//!
//! What is more than billed, wrong or damaged is refused and never enters sound stock; damaged goods can be taken as damaged,
//! apart. What differs is reported to the operations director and the store manager, open until one of them has read it.

use serde::{Deserialize, Serialize};

use super::bill::{Bill, BillState, in_base};
use super::clause::{Clause, Reason, Refusal, Refusals};
use super::event::Event;
use super::goods::{Article, GoodsLine};
use super::id::{ArticleId, BillId, PersonId, ReceiptId};
use super::place::PlaceFacts;
use super::quantity::Quantity;
use super::role::Role;
use super::text::Text;
use super::time::Moment;
use super::{Actor, Rule};

/// Who reads a report of W5.
pub const READERS: &[Role] = &[Role::OperationsDirector, Role::StoreManager];

/// What was found of goods that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// 合格: as billed, taken.
    #[default]
    Accepted,
    /// 残次收下: damaged, taken apart from sound goods.
    DamagedKept,
    /// 残损拒收: damaged, refused.
    Damaged,
    /// 超量拒收: more than billed, refused.
    Over,
    /// 错货拒收: something else than billed, refused.
    Wrong,
    /// 短少: billed, and did not come.
    Short,
}

impl Found {
    /// What a line of a goods-in can say; what is short follows from the others.
    pub const ENTERED: &[Found] = &[Found::Accepted, Found::DamagedKept, Found::Damaged, Found::Over, Found::Wrong];

    /// The finding's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Found::Accepted => "accepted",
            Found::DamagedKept => "damaged_kept",
            Found::Damaged => "damaged",
            Found::Over => "over",
            Found::Wrong => "wrong",
            Found::Short => "short",
        }
    }
}

/// A line of a goods-in as it is entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundLine {
    /// The article's code or barcode; for wrong goods that are not listed, what stands on them.
    pub article: Text,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit; none for the base unit.
    #[serde(default)]
    pub unit: Option<Text>,
    /// What was found.
    #[serde(default)]
    pub found: Found,
    /// The place it is put; none for the article's own.
    #[serde(default)]
    pub place: Option<Text>,
}

/// Receive goods against a bill (按账单收货), all of it or a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBill {
    /// Which bill.
    pub bill: BillId,
    /// How many goods-ins of the bill were seen; a further one would make this one another.
    #[serde(default)]
    pub seen: u16,
    /// The number on the paper that came with the goods.
    #[serde(default)]
    pub note: Text,
    /// What was found.
    #[serde(default)]
    pub lines: Vec<FoundLine>,
    /// Whether nothing more is awaited: what has not come is short.
    #[serde(default)]
    pub last: bool,
    /// The plain goods-in by which these goods came before their bill, instead of lines.
    #[serde(default)]
    pub before: Option<ReceiptId>,
    /// Why somebody else than their keeper receives special goods (W12).
    #[serde(default)]
    pub reason: Text,
}

/// Goods that were taken, as the journal keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Taken {
    /// What.
    pub article: ArticleId,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// Where.
    pub place: Text,
    /// Whether it was taken as damaged.
    pub damaged: bool,
}

/// A difference between bill and goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Discrepancy {
    /// The article, unless it is wrong goods that are not listed.
    pub article: Option<ArticleId>,
    /// Its code and name, or what stands on the goods.
    pub name: Text,
    /// What differs.
    pub found: Found,
    /// How much.
    pub quantity: Quantity,
}

/// A report of differences (差异报告) as the books keep it; it has the number of its goods-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The goods-in.
    pub receipt: ReceiptId,
    /// The bill.
    pub bill: BillId,
    /// What differs.
    pub differences: Vec<Discrepancy>,
    /// Who received.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Who has read it, and when.
    pub read: Vec<(PersonId, Moment)>,
}

/// A plain goods-in as the books keep it, for the bill that comes after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number.
    pub id: ReceiptId,
    /// The delivery note's number.
    pub note: Text,
    /// What came.
    pub lines: Vec<(ArticleId, Quantity)>,
    /// When.
    pub at: Moment,
    /// The bill it was counted against, since.
    pub bill: Option<BillId>,
}

/// Read a report of differences (阅差异报告).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadReport {
    /// The goods-in that it is about.
    pub report: ReceiptId,
    /// What is to be done, or empty.
    #[serde(default)]
    pub remark: Text,
}

/// An article with who keeps it and the place named for it.
pub struct Kept {
    /// The article, if the code names one.
    pub article: Option<Article>,
    /// Who keeps it, where it is special.
    pub keeper: Option<(PersonId, Text)>,
    /// The place named.
    pub place: PlaceFacts,
}

/// What receiving may look at.
pub struct ReceivingFacts {
    /// The bill, if there is one.
    pub bill: Option<Bill>,
    /// The articles of the lines, in order.
    pub lines: Vec<Kept>,
    /// The articles of the bill, in order.
    pub billed: Vec<Article>,
    /// The plain goods-in named.
    pub before: Option<Receipt>,
    /// The number the next goods-in gets.
    pub next: ReceiptId,
}

/// What reading a report may look at.
pub struct ReportFacts {
    /// The report, if there is one.
    pub report: Option<Report>,
    /// The name of whoever acts.
    pub name: Text,
}

impl Article {
    /// Code and name together, as words of a refusal or a report.
    pub(super) fn called(&self) -> Text {
        Text::new(&format!("{} {}", self.card.code, self.card.name))
    }
}

impl Kept {
    /// Special goods are received and moved by their own keeper, or with a reason (W12).
    pub(super) fn own_keeper(&self, by: &Actor, reason: &Text) -> Result<(), Refusal> {
        match (&self.article, &self.keeper) {
            (Some(article), Some((keeper, name))) if *keeper != by.person && reason.is_empty() => {
                let (article, mark) = (article.called(), article.card.special.clone());
                Err(Clause::OwnKeeper.refuse(Reason::OthersGoods { article, mark, keeper: name.clone() }))
            }
            _ => Ok(()),
        }
    }

    /// The place to which goods go: one on the list, or the article's own.
    pub(super) fn goes_to(&self, named: Option<&Text>) -> Result<Text, Refusal> {
        let own = self.article.as_ref().map(|article| article.card.location.clone()).unwrap_or_default();
        match named {
            Some(place) if *place != own && self.place.place.is_none() => {
                Err(Clause::FixedPlaces.refuse(Reason::Unknown { what: "place", code: place.clone() }))
            }
            Some(place) => Ok(place.clone()),
            None => Ok(own),
        }
    }
}

impl ReceiveBill {
    fn check<'a>(&self, facts: &'a ReceivingFacts) -> Result<&'a Bill, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "bill", code: self.bill.to_string().into() });
        let bill = facts.bill.as_ref().ok_or_else(unknown)?;
        if bill.state == BillState::Received {
            return Err(Clause::OnceOnly.refuse(Reason::BillReceived { bill: bill.id, number: bill.number.clone() }));
        }
        if usize::from(self.seen) != bill.receipts.len() {
            let (seen, now) = (self.seen.into(), bill.receipts.len() as u64);
            return Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }));
        }
        if self.lines.is_empty() && self.before.is_none() && !self.last {
            return Err(Clause::GoodsChecked.refuse(Reason::NoLines));
        }
        Ok(bill)
    }

    /// What the lines say: goods taken, and what differs.
    fn lines(
        &self,
        by: &Actor,
        bill: &Bill,
        facts: &ReceivingFacts,
    ) -> Result<(Vec<Taken>, Vec<Discrepancy>), Refusals> {
        let (mut taken, mut differences) = (Vec::<Taken>::new(), Vec::new());
        let mut refused = Vec::new();
        for (line, kept) in self.lines.iter().zip(&facts.lines) {
            let plain = GoodsLine { article: line.article.clone(), quantity: line.quantity, unit: line.unit.clone() };
            if line.found == Found::Short {
                let value = line.found.key().into();
                return Err(Clause::Exact.refuse(Reason::Malformed { field: "found", value }).into());
            }
            if line.found == Found::Wrong && kept.article.is_none() {
                if !line.quantity.is_positive() {
                    return Err(Clause::Exact.refuse(Reason::NotPositive { field: "quantity" }).into());
                }
                let (name, found, quantity) = (line.article.clone(), line.found, line.quantity);
                differences.push(Discrepancy { article: None, name, found, quantity });
                continue;
            }
            let (article, quantity) = in_base(&plain, &kept.article)?;
            let name = kept.article.as_ref().map(Article::called).unwrap_or_default();
            if line.found != Found::Accepted {
                let (article, name, found) = (Some(article), name.clone(), line.found);
                differences.push(Discrepancy { article, name, found, quantity });
            }
            let damaged = line.found == Found::DamagedKept;
            if line.found != Found::Accepted && !damaged {
                continue;
            }
            kept.own_keeper(by, &self.reason)?;
            let Some(billed) = bill.line(article) else {
                refused.push(Clause::RefuseDiffering.refuse(Reason::NotOnBill { article: name }));
                continue;
            };
            let before: Quantity = taken.iter().filter(|goods| goods.article == article).map(|g| g.quantity).sum();
            let left = billed.left() - before;
            if quantity > left {
                let refusal = Reason::MoreThanBilled { article: name, offered: quantity, left };
                refused.push(Clause::RefuseDiffering.refuse(refusal));
                continue;
            }
            taken.push(Taken { article, quantity, place: kept.goes_to(line.place.as_ref())?, damaged });
        }
        Refusals::unless_empty(refused)?;
        Ok((taken, differences))
    }

    /// What came before its bill: it lies in stock already, so that what is over is only reported.
    fn earlier(
        &self,
        bill: &Bill,
        facts: &ReceivingFacts,
        receipt: ReceiptId,
    ) -> Result<(Vec<Taken>, Vec<Discrepancy>), Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "receipt", code: receipt.to_string().into() });
        let before = facts.before.as_ref().ok_or_else(unknown)?;
        if let Some(other) = before.bill {
            let (code, by) = (receipt.to_string().into(), other.to_string().into());
            return Err(Clause::OnceOnly.refuse(Reason::Taken { what: "receipt", code, by }));
        }
        let (mut taken, mut differences) = (Vec::<Taken>::new(), Vec::new());
        for (article, came) in &before.lines {
            let counted: Quantity = taken.iter().filter(|goods| goods.article == *article).map(|g| g.quantity).sum();
            let left = bill.line(*article).map_or(Quantity::ZERO, |line| line.left() - counted);
            let quantity = left.min(*came);
            if quantity.is_positive() {
                taken.push(Taken { article: *article, quantity, place: Text::default(), damaged: false });
            }
            let known = facts.billed.iter().find(|known| known.id == *article).map(Article::called);
            if (*came - quantity).is_positive() {
                let found = if bill.line(*article).is_some() { Found::Over } else { Found::Wrong };
                let name = known.unwrap_or_default();
                differences.push(Discrepancy { article: Some(*article), name, found, quantity: *came - quantity });
            }
        }
        Ok((taken, differences))
    }
}

impl Rule for ReceiveBill {
    type Facts = ReceivingFacts;

    fn decide(&self, by: &Actor, facts: &ReceivingFacts) -> Result<Event, Refusals> {
        let bill = self.check(facts)?;
        let (taken, mut differences) = match self.before {
            Some(receipt) => self.earlier(bill, facts, receipt)?,
            None => self.lines(by, bill, facts)?,
        };
        for (line, article) in bill.lines.iter().zip(&facts.billed).filter(|_| self.last) {
            let came = taken.iter().filter(|goods| goods.article == article.id).map(|goods| goods.quantity);
            let quantity = line.left() - came.sum();
            if quantity.is_positive() {
                let (article, name) = (Some(article.id), article.called());
                differences.push(Discrepancy { article, name, found: Found::Short, quantity });
            }
        }
        Ok(Event::BillReceived {
            bill: bill.id,
            receipt: facts.next,
            note: self.note.clone(),
            taken,
            differences,
            last: self.last,
            before: self.before,
            reason: self.reason.clone(),
        })
    }
}

impl Rule for ReadReport {
    type Facts = ReportFacts;

    fn decide(&self, by: &Actor, facts: &ReportFacts) -> Result<Event, Refusals> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "report", code: self.report.to_string().into() });
        let report = facts.report.as_ref().ok_or_else(unknown)?;
        if let Some((_, at)) = report.read.iter().find(|(person, _)| *person == by.person) {
            let by = facts.name.clone();
            return Err(Clause::OnceOnly.refuse(Reason::ReadAlready { by, at: *at }).into());
        }
        Ok(Event::ReportRead { report: report.receipt, remark: self.remark.clone() })
    }
}
