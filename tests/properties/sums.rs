//! What must hold after every command, whatever was asked: read from the books alone, not from the model.

use std::collections::{BTreeMap, BTreeSet};

use taizhang::domain::event::Event;
use taizhang::domain::id::{ArticleId, DealerId, FlowId, OrderId};
use taizhang::domain::order::{Allocation, Order, Source, State};
use taizhang::domain::quantity::Quantity;
use taizhang::store::books::{Books, Promoting, Purchases, Timeliness};

/// The month in which every sequence happens.
const MONTH: &str = "2026-11";

/// Figures of the books, and of what happened.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// Fen that arrived.
    pub arrived: i64,
    /// Fen of payments that are open.
    pub open: i64,
    /// Fen given back to payers.
    pub returned: i64,
    /// Fen that orders hold.
    pub held: i64,
    /// Fen of dealers' credit.
    pub credit: i64,
    /// Fen of credit given back.
    pub credit_returned: i64,
    /// The smallest credit of any dealer.
    pub least_credit: i64,
    /// Thousandths on hand and packed, by article.
    pub stock: Vec<(i64, i64)>,
    /// Thousandths that the packed, waiting shipments hold, by article.
    pub packed: Vec<i64>,
    /// Thousandths that open orders need by the books' totals, and by the orders themselves, by article.
    pub needed: [Vec<i64>; 2],
    /// Shipments that left, those that left late, and seconds from their payments to their leaving: by the totals of the
    /// month, and by the orders themselves.
    pub timely: [Timeliness; 2],
    /// Thousandths that the promotion gave: by the totals of the month, and by the orders themselves.
    pub given: [i64; 2],
    /// How often each shipment left.
    pub left: BTreeMap<(OrderId, u8), u32>,
    /// For shipments that left: different signers, and whether an exception stands.
    pub signers: Vec<(usize, bool)>,
    /// Signatures of waiting shipments that are of something else than what stands there.
    pub stale: usize,
    /// Open orders that ship although less than the amount due counts for them.
    pub unpaid_waiting: usize,
    /// Shipments, taken together, that hold more or less than their order.
    pub misfit: usize,
    /// Orders that hold a stranger's money and do not settle at retail, before anything has left.
    pub cheap: usize,
    /// Entries in the journal, and how many there should be.
    pub entries: (u64, u64),
}

impl Sums {
    /// The first that does not hold.
    pub fn broken(&self) -> Option<&'static str> {
        let used = self.open + self.returned + self.held + self.credit + self.credit_returned;
        let rules = [
            ("money is neither created nor lost", self.arrived == used),
            ("no credit is below zero", self.least_credit >= 0),
            ("no stock is below zero", self.stock.iter().all(|(on_hand, _)| *on_hand >= 0)),
            (
                "no more is packed than is there",
                self.stock.iter().all(|(on_hand, packed)| packed <= on_hand && *packed >= 0),
            ),
            (
                "what is packed is what packed shipments hold",
                self.stock.iter().map(|(_, packed)| *packed).eq(self.packed.iter().copied()),
            ),
            ("what open orders need is what the totals say", self.needed[0] == self.needed[1]),
            ("how many left in time is what the totals say", self.timely[0] == self.timely[1]),
            ("gifts are what the totals say", self.given[0] == self.given[1]),
            ("nothing ships twice", self.left.values().all(|times| *times == 1)),
            (
                "three people signed, or two with a reason",
                self.signers.iter().all(|(people, except)| *people >= 3 || (*people == 2 && *except)),
            ),
            ("signatures are of what stands there", self.stale == 0),
            ("what waits to be shipped is paid", self.unpaid_waiting == 0),
            ("shipments hold what was ordered", self.misfit == 0),
            ("a stranger's money settles at retail", self.cheap == 0),
            ("the journal is dense", self.entries.0 == self.entries.1),
        ];
        rules.into_iter().find(|(_, holds)| !holds).map(|(name, _)| name)
    }

    /// Reads the figures that stand in the books; what happened (`left`, `arrived`, `credit_returned`, `entries`) is kept.
    pub fn read(&mut self, books: &impl Books, orders: &[OrderId], payments: u64) {
        let dealers: Vec<i64> =
            (1..=2).filter_map(|id| books.dealer(DealerId(id)).unwrap()).map(|dealer| dealer.credit.as_fen()).collect();
        (self.credit, self.least_credit) = (dealers.iter().sum(), dealers.iter().copied().min().unwrap_or(0));
        let stock = |id| books.stock(ArticleId(id)).unwrap();
        self.stock =
            (1..=2).map(|id| (stock(id).on_hand.as_thousandths(), stock(id).packed.as_thousandths())).collect();
        (self.open, self.returned) = (0, 0);
        for id in (1..=payments).map(FlowId) {
            let treatment = books.treatment(id).unwrap();
            self.open += books.flow(id).unwrap().expect("it was posted").open(treatment.as_ref()).as_fen();
            self.returned += treatment.map_or(0, |treatment| treatment.returned.as_fen());
        }
        (self.held, self.stale, self.unpaid_waiting, self.misfit, self.cheap) = (0, 0, 0, 0, 0);
        (self.packed, self.signers) = (vec![0, 0], Vec::new());
        let totals = books.ordered().unwrap();
        let total = |id| totals.get(&ArticleId(id)).map_or(0, |much| much.as_thousandths());
        self.needed = [vec![total(1), total(2)], vec![0, 0]];
        self.timely = [books.timeliness(MONTH.parse().unwrap()).unwrap(), Timeliness::default()];
        let given = books.given(MONTH.parse().unwrap()).unwrap();
        self.given = [given.iter().map(|given| given.quantity.as_thousandths()).sum(), 0];
        for id in orders {
            self.add(&books.order(*id).unwrap().expect("it was taken"));
        }
    }

    fn add(&mut self, order: &Order) {
        let real = |allocation: &&Allocation| allocation.source != Source::Tolerated;
        self.held += order.allocations.iter().filter(real).map(|allocation| allocation.amount.as_fen()).sum::<i64>();
        let strangers = order.allocations.iter().any(|allocation| !allocation.registered);
        self.cheap += usize::from(strangers && order.basis != taizhang::domain::order::Basis::Retail);
        let waits = order.parts.iter().any(|part| part.is_waiting());
        self.unpaid_waiting +=
            usize::from(order.state == State::Open && waits && !order.is_tmall() && order.paid() < order.due());
        self.given[1] -= order.charged.iter().map(|charged| charged.quantity.as_thousandths()).sum::<i64>();
        let mut holds = vec![0; order.lines.len()];
        for part in &order.parts {
            part.lines.iter().for_each(|(line, much)| holds[usize::from(*line)] += much.as_thousandths());
            if part.is_waiting() {
                let now = order.fingerprint(part.no);
                self.stale += part.signatures.iter().filter(|signature| signature.content != now).count();
            }
            if part.packed.is_some() && part.is_waiting() {
                order
                    .contents(part)
                    .for_each(|(article, much)| self.packed[article.0 as usize - 1] += much.as_thousandths());
            }
            if let Some(left) = &part.shipped {
                let gifts = part.lines.iter().filter(|(line, _)| order.gift_of(*line).is_some());
                self.given[1] += gifts.map(|(line, _)| part.with_customer(*line).as_thousandths()).sum::<i64>();
                let timely = &mut self.timely[1];
                timely.shipments += 1;
                timely.late += u64::from(left.at > part.deadline);
                timely.seconds += left.at.seconds_since(part.paid_at).max(0) as u64;
            }
            if part.shipped.is_some() && part.needs_signing {
                let people: BTreeSet<_> = part.signatures.iter().map(|signature| signature.by).collect();
                self.signers.push((people.len(), part.exception.is_some()));
            }
        }
        if order.state == State::Open && order.parts.is_empty() {
            order.lines.iter().for_each(|line| self.needs(line.article, line.quantity));
        }
        for part in order.parts.iter().filter(|part| part.is_waiting() && part.packed.is_none()) {
            order.contents(part).for_each(|(article, much)| self.needs(article, much));
        }
        let ordered = order.lines.iter().map(|line| line.quantity.as_thousandths());
        self.misfit += usize::from(!order.parts.is_empty() && !ordered.eq(holds));
    }

    fn needs(&mut self, article: ArticleId, much: Quantity) {
        self.needed[1][article.0 as usize - 1] += much.as_thousandths();
    }

    /// Notes what happened.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::GoodsShipped { order, part, .. } => *self.left.entry((*order, *part)).or_default() += 1,
            Event::CreditReturned { amount, .. } => self.credit_returned += amount.as_fen(),
            _ => {}
        }
    }
}
