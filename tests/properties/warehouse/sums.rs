//! What must hold in the warehouse after every command, whatever was asked: read from the books and from what happened,
//! not from the model.

use std::collections::{BTreeMap, BTreeSet};

use taizhang::domain::event::Event;
use taizhang::domain::id::{ArticleId, BillId, OrderId, PersonId, StocktakeId};
use taizhang::domain::moving::DamagedTo;
use taizhang::domain::parting::Became;
use taizhang::domain::stocktake::Stocktake;
use taizhang::store::books::{Books, Counts, Purchases};

use super::ask::PLACES;
use super::model::{HOMES, RETAIL};

/// Thousandths of an article at a place: sound, damaged.
type Goods = BTreeMap<(u32, String), [i64; 2]>;

/// Figures of the books, and of what happened.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// What came in less what went out, and what counts put right, as it happened.
    pub came: Goods,
    /// What is there by the books.
    pub there: Goods,
    /// Thousandths on hand of each article by the books, in all places together.
    pub totals: [i64; 2],
    /// The least of any shelf, and of what is free on it.
    pub least: i64,
    /// Thousandths taken against bills as it happened, and as the bills say, by article.
    pub taken: [[i64; 2]; 2],
    /// Lines of bills on which more was accepted than was billed.
    pub overfull: usize,
    /// Fen owed to the factory as the books say, as the bills say, and of that what went back.
    pub owed: (i64, i64, i64),
    /// People who are on both first sheets, or who count again alone what they counted.
    pub twice: usize,
    /// Records by somebody whose sheet it is not.
    pub strangers: usize,
    /// Entries in the journal, and how many there should be.
    pub entries: (u64, u64),
}

impl Sums {
    /// The first that does not hold.
    pub fn broken(&self) -> Option<&'static str> {
        let is_filled =
            |goods: &Goods| goods.clone().into_iter().filter(|(_, much)| *much != [0, 0]).collect::<Goods>();
        let total = |article: u32| {
            self.there.iter().filter(|((of, _), _)| *of == article).map(|(_, much)| much[0]).sum::<i64>()
        };
        let rules = [
            ("no shelf is below zero, nor what is free on it", self.least >= 0),
            (
                "what came less what went, put right by counts, is there",
                is_filled(&self.came) == is_filled(&self.there),
            ),
            ("the places together are the stock", self.totals == [total(1), total(2)]),
            ("what was taken is what the bills say", self.taken[0] == self.taken[1]),
            ("no more is accepted than was billed", self.overfull == 0),
            ("what is owed is what the bills come to", self.owed.0 == self.owed.1 - self.owed.2),
            ("nobody counts both sheets, nor again what they counted", self.twice == 0),
            ("nobody writes on another's sheet", self.strangers == 0),
            ("the journal is dense", self.entries.0 == self.entries.1),
        ];
        rules.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
    }

    fn add(&mut self, article: ArticleId, place: &str, sound: i64, damaged: i64) {
        let there = self.came.entry((article.0, place.to_owned())).or_default();
        there[0] += sound;
        there[1] += damaged;
    }

    /// Notes what happened.
    pub fn note(&mut self, books: &impl Books, by: PersonId, event: &Event) {
        let home = |article: ArticleId| PLACES[HOMES[article.0 as usize - 1]];
        match event {
            Event::GoodsReceived { lines, .. } => {
                lines.iter().for_each(|(article, much)| self.add(*article, home(*article), much.as_thousandths(), 0));
            }
            Event::BillReceived { taken, before, .. } => {
                for goods in taken {
                    let much = goods.quantity.as_thousandths();
                    self.taken[0][goods.article.0 as usize - 1] += much;
                    let (sound, damaged) = if goods.damaged { (0, much) } else { (much, 0) };
                    if before.is_none() {
                        self.add(goods.article, &goods.place, sound, damaged);
                    }
                }
            }
            Event::GoodsMoved { goods, to, damaged, .. } => {
                for held in goods {
                    let much = held.quantity.as_thousandths();
                    let (sound, damaged) = if *damaged { (0, much) } else { (much, 0) };
                    self.add(held.article, &held.place, -sound, -damaged);
                    self.add(held.article, to, sound, damaged);
                }
            }
            Event::DamageNoted { goods, .. } => {
                let much = goods.iter().map(|held| (held.article, &held.place, held.quantity.as_thousandths()));
                much.for_each(|(article, place, much)| self.add(article, place, -much, much));
            }
            Event::DamageSettled { goods, outcome, .. } => {
                for held in goods {
                    let much = held.quantity.as_thousandths();
                    let back = if *outcome == DamagedTo::Restored { much } else { 0 };
                    self.add(held.article, &held.place, back, -much);
                    if *outcome == DamagedTo::ToFactory {
                        self.owed.2 += RETAIL[held.article.0 as usize - 1] * much / 1_000;
                    }
                }
            }
            Event::GoodsShipped { order, .. } => self.gone(books, *order),
            Event::GoodsTakenBack { goods, became, place, fates, .. } => {
                for (nth, (article, much)) in goods.iter().enumerate() {
                    let (became, place) = fates.get(nth).map_or((became, place), |fate| (&fate.became, &fate.place));
                    let (much, place) = (much.as_thousandths(), place.as_deref().unwrap_or(home(*article)));
                    match became {
                        Became::Sound => self.add(*article, place, much, 0),
                        Became::Damaged => self.add(*article, place, 0, much),
                        Became::WrittenOff => {}
                    }
                }
            }
            Event::StocktakeConfirmed { differences, .. } => {
                let put_right = differences.iter().map(|it| (it.article, &it.place, it.adjusted.as_thousandths()));
                put_right.for_each(|(article, place, much)| self.add(article, place, much, 0));
            }
            Event::GoodsCounted { stocktake, sheet, .. } => {
                let take = books.stocktake(*stocktake).unwrap().expect("it was opened");
                let is_own = take.sheet(*sheet).is_some_and(|sheet| sheet.hand(by).is_some());
                self.strangers += usize::from(!is_own);
            }
            _ => {}
        }
    }

    /// What a shipment took along, from where it was packed.
    fn gone(&mut self, books: &impl Books, order: OrderId) {
        let order = books.order(order).unwrap().expect("it was taken");
        for held in order.parts.iter().flat_map(|part| &part.picked) {
            self.add(held.article, &held.place, -held.quantity.as_thousandths(), 0);
        }
    }

    /// Reads the figures that stand in the books; what happened is kept.
    pub fn read(&mut self, books: &impl Books, bills: usize, takes: usize) {
        self.there.clear();
        self.least = 0;
        for article in [1, 2] {
            for place in PLACES {
                let stock = books.stock_at(ArticleId(article), place).unwrap();
                let (on_hand, damaged) = (stock.on_hand.as_thousandths(), stock.damaged.as_thousandths());
                self.least = self.least.min(on_hand).min(damaged).min(stock.sound().as_thousandths());
                self.there.insert((article, place.to_owned()), [on_hand, damaged]);
            }
            self.totals[article as usize - 1] = books.stock(ArticleId(article)).unwrap().on_hand.as_thousandths();
        }
        (self.taken[1], self.overfull) = ([0, 0], 0);
        (self.owed.0, self.owed.1) = (books.factory_balance().unwrap().as_fen(), 0);
        for id in 1..=bills {
            let bill = books.bill(BillId(id as u32)).unwrap().expect("it was entered");
            let done = bill.state.key() == "received";
            for line in &bill.lines {
                let (billed, accepted) = (line.billed.quantity.as_thousandths(), line.accepted.as_thousandths());
                let article = line.billed.article.0 as usize - 1;
                self.taken[1][article] += accepted;
                self.overfull += usize::from(accepted > billed || accepted < 0);
                let counts = if done { accepted } else { billed };
                self.owed.1 += RETAIL[article] * counts / 1_000;
            }
        }
        let takes = (1..=takes).map(|id| books.stocktake(StocktakeId(id as u32)).unwrap().expect("it was opened"));
        self.twice = takes.map(|take| counted_twice(&take)).sum();
    }
}

/// How many people are on two sheets of a stocktake, other than both who counted first, together.
fn counted_twice(take: &Stocktake) -> usize {
    let mut seen: BTreeSet<PersonId> = BTreeSet::new();
    let counters: BTreeSet<PersonId> = take.counters.iter().copied().collect();
    let mut twice = usize::from(counters.len() != 2);
    for sheet in &take.sheets {
        let hands: BTreeSet<PersonId> = sheet.hands.iter().map(|hand| hand.person).collect();
        let together = take.is_recount(sheet.no) && hands == counters;
        twice += if together { 0 } else { hands.intersection(&seen).count() };
        seen.extend(hands);
    }
    twice
}
