//! The department as a reader would tell it: plain maps of whole fen and thousandths, and one function for each thing asked.
//!
//! It shares no code with the program. Where the two disagree, one of them is wrong, and the rulebook says which.
//! [`Bug`] plants a mistake on purpose, to prove that the comparison would find it.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::{Ask, Payer, SETS, SIGNERS};
use crate::bug::Bug;

/// Articles: tier price, retail price, in fen.
pub const PRICES: [(i64, i64); 2] = [(800, 1_000), (335, 505)];
const FREIGHT: i64 = 1_200;
const FREE_FROM: i64 = 5_000;
const TOLERANCE: i64 = 500;
/// From where money of an order came.
#[derive(Debug, Clone, PartialEq)]
pub enum From {
    Payment(usize),
    Credit,
    Tolerated,
}

/// Money of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub from: From,
    pub fen: i64,
    pub registered: bool,
}

/// A shipment: what it holds by line, and how far it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    pub no: u8,
    pub holds: BTreeMap<usize, i64>,
    pub signed: Vec<(String, &'static str)>,
    pub excepted: bool,
    pub objected: Option<String>,
    pub unsigned_kind: bool,
    pub packed: bool,
    pub waybill: Option<u8>,
    pub shipped: bool,
    pub closed: bool,
    pub returned: BTreeMap<usize, i64>,
}

impl Part {
    pub fn waits(&self) -> bool {
        !self.shipped && !self.closed
    }

    pub fn is_signed(&self) -> bool {
        let enough = self.signed.len() >= 3 || (self.excepted && self.signed.len() >= 2);
        self.unsigned_kind || (enough && self.objected.is_none())
    }

    fn stage(&self) -> usize {
        match self {
            part if part.closed => 5,
            part if part.shipped => 4,
            part if !part.is_signed() => 0,
            part if !part.packed => 1,
            part if part.waybill.is_none() => 2,
            _ => 3,
        }
    }

    fn void(&mut self) {
        (self.signed, self.excepted, self.objected) = (Vec::new(), false, None);
    }
}

/// An order: lines as (article, thousandths).
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub dealer: Option<usize>,
    pub lines: Vec<(usize, i64)>,
    pub retail: bool,
    pub content: u32,
    pub over: Option<&'static str>,
    pub held: Vec<Held>,
    pub parts: Vec<Part>,
    pub credited: i64,
    /// Whether it names the promotion: buy 2 of the first article, get 1 of it.
    pub promoted: bool,
    /// The line that is given free.
    pub gift: Option<usize>,
    /// How much of it was charged since, and at what.
    pub charged: (i64, i64),
}

fn rounded(price: i64, thousandths: i64) -> i64 {
    (price * thousandths + 500) / 1_000
}

impl Order {
    fn price(&self, line: usize, retail: bool) -> i64 {
        if self.gift == Some(line) {
            return 0;
        }
        let (tier, full) = PRICES[self.lines[line].0];
        if retail || self.dealer.is_none() { full } else { tier }
    }

    fn has_worth(&self) -> bool {
        let bought = (0..self.lines.len()).filter(|at| self.gift != Some(*at));
        bought.into_iter().all(|at| rounded(self.price(at, false), self.lines[at].1) > 0)
    }

    fn total(&self, retail: bool) -> i64 {
        let goods: i64 = (0..self.lines.len()).map(|at| rounded(self.price(at, retail), self.lines[at].1)).sum();
        let free = self.dealer.is_none() || (!retail && goods >= FREE_FROM);
        goods + if free { 0 } else { FREIGHT }
    }

    pub fn due_at(&self, retail: bool) -> i64 {
        let closed = || self.parts.iter().filter(|part| part.closed);
        if closed().count() > 0 && closed().count() == self.parts.len() {
            return 0;
        }
        let worth = |(line, much): (&usize, &i64)| rounded(self.price(*line, retail), *much);
        let gone: i64 = closed().flat_map(|part| part.holds.iter().map(worth)).sum();
        (self.total(retail) - gone - self.credited).max(0)
    }

    pub fn due(&self) -> i64 {
        self.due_at(self.retail)
    }

    pub fn paid(&self) -> i64 {
        self.held.iter().map(|held| held.fen).sum()
    }

    fn money(&self) -> i64 {
        self.held.iter().filter(|held| held.from != From::Tolerated).map(|held| held.fen).sum()
    }

    pub fn rest(&self) -> i64 {
        (self.due() - self.paid()).max(0)
    }

    pub fn state(&self) -> &'static str {
        const STAGES: [&str; 6] = ["signing", "packing", "waybill", "ready", "shipped", "closed"];
        let first = self.parts.iter().map(Part::stage).min();
        self.over.unwrap_or_else(|| first.map_or("money", |stage| STAGES[stage]))
    }

    fn untouched(&self) -> bool {
        self.over.is_none() && self.parts.iter().all(|part| !part.packed && part.waits())
    }

    /// Adds the gift that the goods earn: nothing for a step not reached.
    fn give(&mut self, begun: bool) {
        let bought: i64 = self.lines.iter().filter(|(article, _)| *article == 0).map(|(_, much)| *much).sum();
        let steps = (bought + if begun { 1_999 } else { 0 }) / 2_000;
        self.gift = None;
        if self.promoted && steps > 0 {
            self.gift = Some(self.lines.len());
            self.lines.push((0, steps * 1_000));
        }
    }

    /// How much of a line has left and has not come back.
    fn with_customer(&self, line: usize) -> i64 {
        let of = |all: &BTreeMap<usize, i64>| all.get(&line).copied().unwrap_or(0);
        self.parts.iter().filter(|part| part.shipped).map(|part| of(&part.holds) - of(&part.returned)).sum()
    }

    /// By how much the gift that stays is more than what stays with the customer earns.
    fn unearned(&self) -> i64 {
        let Some(gift) = self.gift else { return 0 };
        let of = |all: &BTreeMap<usize, i64>, line: usize| all.get(&line).copied().unwrap_or(0);
        let stays = |line: usize| -> i64 {
            let open = self.parts.iter().filter(|part| !part.closed);
            open.map(|part| of(&part.holds, line) - of(&part.returned, line)).sum()
        };
        let bought: i64 = (0..self.lines.len()).filter(|at| *at != gift && self.lines[*at].0 == 0).map(stays).sum();
        (stays(gift) - self.charged.0 - bought / 2_000 * 1_000).max(0)
    }

    /// Charges at retail what stays of the gift and is not earned.
    fn charge(&mut self, bug: Option<Bug>) -> i64 {
        let Some(gift) = self.gift else { return 0 };
        let again = if bug == Some(Bug::ChargeAgain) { self.charged.0 } else { 0 };
        let much = (self.unearned() + again).min(self.with_customer(gift) - self.charged.0 + again);
        let (tier, retail) = PRICES[self.lines[gift].0];
        let fen = rounded(if bug == Some(Bug::ChargeAtTier) { tier } else { retail }, much);
        self.charged = (self.charged.0 + much, self.charged.1 + fen);
        fen
    }

    fn whole(&self) -> Part {
        let holds = self.lines.iter().map(|(_, much)| *much).enumerate().collect();
        Part { no: 1, holds, unsigned_kind: self.dealer.is_none(), ..Part::default() }
    }

    fn settle_basis(&mut self) {
        let retail = self.held.iter().any(|held| !held.registered);
        if retail != self.retail {
            self.retail = retail;
            self.content += 1;
        }
    }

    fn settle_queue(&mut self) {
        if self.paid() >= self.due() {
            if self.parts.is_empty() {
                self.parts.push(self.whole());
            }
        } else if self.parts.iter().all(|part| !part.packed && part.waits()) {
            self.parts.clear();
        }
    }
}

/// A payment: who paid, how much, and how much of it is open.
#[derive(Debug, Clone)]
pub struct Payment {
    pub payer: Payer,
    pub fen: i64,
    pub open: i64,
}

/// The department.
#[derive(Debug, Clone)]
pub struct Model {
    pub bug: Option<Bug>,
    pub roles: BTreeMap<String, BTreeSet<&'static str>>,
    /// Whether `flex` may act no more.
    pub idle: bool,
    pub orders: Vec<Order>,
    pub payments: Vec<Payment>,
    pub credit: [i64; 2],
    pub stock: [(i64, i64); 2],
    pub second_file_complete: bool,
    pub waybills: BTreeMap<u8, (usize, u8)>,
    pub tmall: BTreeSet<u8>,
}

/// A refusal. The model does not say why.
pub struct No;
type Answer = Result<(), No>;

fn must(fact: bool) -> Answer {
    if fact { Ok(()) } else { Err(No) }
}

impl Model {
    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// Answers, and changes only where the answer is yes.
    pub fn ask(&mut self, who: &str, ask: &Ask) -> Answer {
        let mut after = self.clone();
        after.permit(who, ask)?;
        after.decide(who, ask)?;
        if !self.has(Bug::SignaturesStay) {
            after.void_changed(&self.orders);
        }
        after.finish();
        *self = after;
        Ok(())
    }

    fn permit(&self, who: &str, ask: &Ask) -> Answer {
        let roles: &[&str] = match ask {
            Ask::Enter { .. } | Ask::Tmall { .. } | Ask::Change { .. } | Ask::Cancel { .. } => {
                &["clerk", "ecommerce_supervisor"]
            }
            Ask::Confirm { .. } | Ask::Return { .. } | Ask::UseCredit { .. } | Ask::ReturnCredit { .. } => &["finance"],
            Ask::Release { .. } | Ask::Tolerate { .. } | Ask::Credit { .. } => &["finance"],
            Ask::Sign { .. } | Ask::Object { .. } | Ask::Lift { .. } | Ask::Except { .. } => &SIGNERS,
            Ask::Pack { .. } | Ask::Unpack { .. } | Ask::Waybill { .. } | Ask::Ship { .. } => &["keeper"],
            Ask::TakeBack { .. } | Ask::Receive { .. } => &["keeper"],
            Ask::Split { .. } => &["keeper", "ecommerce_supervisor"],
            Ask::Close { .. } => &["ecommerce_supervisor"],
            Ask::Acknowledge => &["back_office"],
            Ask::Roles { .. } | Ask::Active { .. } => &["administrator"],
        };
        let held = self.roles.get(who);
        must(who != "flex" || !self.idle)?;
        must(held.is_some_and(|held| roles.iter().any(|role| held.contains(role))))
    }

    fn decide(&mut self, who: &str, ask: &Ask) -> Answer {
        match ask {
            Ask::Enter { dealer, lines, promoted } => self.enter(*dealer, lines, *promoted),
            Ask::Tmall { number, lines, promoted } => {
                let mut order = Order { dealer: None, promoted: *promoted, ..taken(lines)? };
                order.give(self.has(Bug::StepBegun));
                must(self.tmall.insert(*number) && order.has_worth())?;
                let parts = vec![order.whole()];
                self.orders.push(Order { parts, ..order });
                Ok(())
            }
            Ask::Change { order, content, lines } => self.change(*order, *content, lines),
            Ask::Cancel { order, reasoned } => {
                let kept = self.orders.get_mut(*order).ok_or(No)?;
                must(kept.untouched() && *reasoned)?;
                kept.over = Some("cancelled");
                kept.parts.clear();
                kept.held.retain(|held| held.from != From::Tolerated);
                let all = kept.paid();
                self.give_back(*order, all);
                Ok(())
            }
            Ask::Confirm { .. } => self.confirm(ask),
            Ask::Return { payment, fen, reasoned } => {
                let payment = self.payments.get_mut(*payment).ok_or(No)?;
                must(*reasoned && *fen > 0 && *fen <= payment.open)?;
                payment.open -= fen;
                Ok(())
            }
            Ask::ReturnCredit { dealer, fen, reasoned } => {
                let credit = self.credit.get_mut(*dealer).ok_or(No)?;
                must(*reasoned && *fen > 0 && *fen <= *credit)?;
                *credit -= fen;
                Ok(())
            }
            Ask::UseCredit { .. } | Ask::Release { .. } | Ask::Tolerate { .. } | Ask::Credit { .. } => self.money(ask),
            Ask::Sign { .. } | Ask::Object { .. } | Ask::Lift { .. } | Ask::Except { .. } => self.sign(who, ask),
            Ask::Pack { .. } | Ask::Unpack { .. } | Ask::Waybill { .. } | Ask::Ship { .. } => self.ship(ask),
            Ask::Split { .. } | Ask::Close { .. } | Ask::TakeBack { .. } => self.part(ask),
            Ask::Receive { article, much } => {
                must(*much > 0)?;
                self.stock[*article].0 += much;
                Ok(())
            }
            Ask::Acknowledge => {
                must(!self.second_file_complete)?;
                self.second_file_complete = true;
                Ok(())
            }
            Ask::Roles { set } => {
                self.roles.insert("flex".into(), SETS[*set].iter().copied().collect());
                Ok(())
            }
            Ask::Active { active } => {
                self.idle = !active;
                Ok(())
            }
        }
    }

    fn enter(&mut self, dealer: usize, lines: &[(usize, i64)], promoted: bool) -> Answer {
        must(dealer < 2)?;
        let mut order = Order { dealer: Some(dealer), promoted, ..taken(lines)? };
        order.give(self.has(Bug::StepBegun));
        self.orders.push(order);
        let order = self.orders.last().expect("just taken");
        must(order.has_worth())
    }

    fn change(&mut self, at: usize, content: u32, lines: &[(usize, i64)]) -> Answer {
        let begun = self.has(Bug::StepBegun);
        let order = self.orders.get_mut(at).ok_or(No)?;
        must(order.content == content && order.untouched())?;
        order.lines = taken(lines)?.lines;
        order.give(begun);
        must(order.has_worth())?;
        order.content += 1;
        order.parts.clear();
        order.held.retain(|held| held.from != From::Tolerated);
        if order.dealer.is_none() {
            order.parts.push(order.whole());
            return Ok(());
        }
        for _ in 0..2 {
            let order = &self.orders[at];
            let surplus = (order.paid() - order.due()).max(0);
            self.give_back(at, surplus);
            self.orders[at].settle_basis();
        }
        self.orders[at].settle_queue();
        Ok(())
    }

    fn confirm(&mut self, ask: &Ask) -> Answer {
        let Ask::Confirm { payment, dealer, shares, credit, retail, judged } = ask else { return Err(No) };
        let paid = self.payments.get(*payment).ok_or(No)?.clone();
        must(paid.open > 0 && *dealer < 2 && *credit >= 0)?;
        let registered = match paid.payer {
            Payer::Dealer(of) => of == *dealer,
            Payer::Stranger => false,
            Payer::Masked => judged.ok_or(No)?,
        };
        must(registered || (*credit == 0 && *retail))?;
        let orders: BTreeSet<usize> = shares.iter().map(|(order, _)| *order).collect();
        must(orders.len() == shares.len())?;
        must(shares.iter().map(|(_, fen)| fen).sum::<i64>() + credit == paid.open)?;
        let registered_for_basis = registered || self.has(Bug::StrangerAtTier);
        for (order, fen) in shares {
            let order = self.orders.get_mut(*order).ok_or(No)?;
            must(order.dealer == Some(*dealer) && order.over.is_none() && *fen > 0)?;
            must(registered || order.retail || order.untouched())?;
            let basis = order.retail || !registered_for_basis;
            must(*fen <= order.due_at(basis) - order.paid())?;
            order.held.push(Held { from: From::Payment(*payment), fen: *fen, registered: registered_for_basis });
            order.settle_basis();
            order.settle_queue();
        }
        self.payments[*payment].open = 0;
        self.credit[*dealer] += credit;
        Ok(())
    }

    fn money(&mut self, ask: &Ask) -> Answer {
        let (Ask::UseCredit { order: at, .. }
        | Ask::Release { order: at, .. }
        | Ask::Tolerate { order: at, .. }
        | Ask::Credit { order: at, .. }) = ask
        else {
            return Err(No);
        };
        let limit = TOLERANCE - i64::from(self.has(Bug::ToleranceBelowLimit));
        let order = self.orders.get_mut(*at).ok_or(No)?;
        let dealer = order.dealer.ok_or(No)?;
        match ask {
            Ask::UseCredit { fen, .. } => {
                must(order.over.is_none() && *fen > 0 && *fen <= self.credit[dealer] && *fen <= order.rest())?;
                self.credit[dealer] -= fen;
                order.held.push(Held { from: From::Credit, fen: *fen, registered: true });
            }
            Ask::Tolerate { reasoned, .. } => {
                let short = order.rest();
                must(order.over.is_none() && *reasoned && !order.held.is_empty() && short > 0 && short <= limit)?;
                order.held.push(Held { from: From::Tolerated, fen: short, registered: true });
            }
            Ask::Release { payment, reasoned, .. } => {
                let of = |held: &&Held| held.from == From::Payment(*payment);
                let fen: i64 = order.held.iter().filter(of).map(|held| held.fen).sum();
                must(fen > 0 && *reasoned && order.untouched())?;
                order.held.retain(|held| held.from != From::Payment(*payment) && held.from != From::Tolerated);
                order.settle_basis();
                let surplus = (order.paid() - order.due()).max(0);
                self.payments[*payment].open += fen;
                self.give_back(*at, surplus);
            }
            Ask::Credit { fen, reasoned, .. } => {
                let gone = order.parts.iter().any(|part| part.shipped);
                must(gone && *reasoned && *fen > 0 && *fen <= order.money() - order.charged.1)?;
                order.credited += fen;
                self.give_back(*at, *fen);
                return Ok(());
            }
            _ => return Err(No),
        }
        self.orders[*at].settle_basis();
        self.orders[*at].settle_queue();
        Ok(())
    }

    /// Money leaves an order, the latest first: a stranger's is open again, the rest is the dealer's credit.
    fn give_back(&mut self, at: usize, mut fen: i64) {
        let twice = if self.has(Bug::CreditTwice) { 2 } else { 1 };
        let to_credit = self.has(Bug::StrangerToCredit);
        let order = &mut self.orders[at];
        for held in order.held.iter_mut().rev().filter(|held| held.from != From::Tolerated) {
            let part = fen.min(held.fen);
            held.fen -= part;
            fen -= part;
            match (&held.from, order.dealer) {
                (From::Payment(payment), _) if !held.registered && !to_credit => self.payments[*payment].open += part,
                (_, Some(dealer)) => self.credit[dealer] += part * twice,
                (_, None) => {}
            }
        }
        order.held.retain(|held| held.fen > 0);
    }

    /// A shipment that waits: paid for, not gone, not closed.
    fn waiting(&mut self, order: usize, part: u8) -> Result<&mut Part, No> {
        let part = self.orders.get_mut(order).ok_or(No)?.parts.iter_mut().find(|kept| kept.no == part).ok_or(No)?;
        must(part.waits())?;
        Ok(part)
    }

    fn sign(&mut self, who: &str, ask: &Ask) -> Answer {
        let (Ask::Sign { order, part: no, .. }
        | Ask::Object { order, part: no, .. }
        | Ask::Lift { order, part: no, .. }
        | Ask::Except { order, part: no, .. }) = ask
        else {
            return Err(No);
        };
        let held = self.roles[who].clone();
        let (twice, least) = (self.has(Bug::SignTwice), if self.has(Bug::ExceptionOfOne) { 1 } else { 2 });
        let kept = self.orders.get(*order).ok_or(No)?.parts.iter().find(|part| part.no == *no).ok_or(No)?;
        let afterwards = kept.shipped && kept.excepted && matches!(ask, Ask::Sign { .. });
        let orders = &mut self.orders;
        let part = orders[*order].parts.iter_mut().find(|part| part.no == *no).ok_or(No)?;
        must(
            (part.waits() || afterwards)
                && (!part.unsigned_kind || matches!(ask, Ask::Except { .. } | Ask::Lift { .. })),
        )?;
        let free = |step: &&str| part.signed.iter().all(|(_, signed)| signed != step) && held.contains(*step);
        let step = SIGNERS.iter().find(|step| free(step)).copied();
        let signed = part.signed.iter().any(|(by, _)| by == who);
        match ask {
            Ask::Sign { fresh, .. } => {
                must(part.objected.is_none() && (!signed || twice) && *fresh)?;
                part.signed.push((who.to_owned(), step.ok_or(No)?));
            }
            Ask::Object { reasoned, .. } => {
                must(part.objected.is_none() && !part.packed && step.is_some() && *reasoned)?;
                part.objected = Some(who.to_owned());
            }
            Ask::Lift { reasoned, .. } => {
                must(part.objected.as_deref() == Some(who) && *reasoned)?;
                part.objected = None;
            }
            Ask::Except { reasoned, .. } => {
                must(
                    part.objected.is_none() && !part.is_signed() && part.signed.len() >= least && signed && *reasoned,
                )?;
                part.excepted = true;
            }
            _ => return Err(No),
        }
        Ok(())
    }

    fn ship(&mut self, ask: &Ask) -> Answer {
        let (Ask::Pack { order, part }
        | Ask::Unpack { order, part, .. }
        | Ask::Waybill { order, part, .. }
        | Ask::Ship { order, part }) = ask
        else {
            return Err(No);
        };
        let (anything, again) = (self.has(Bug::PackAnything), self.has(Bug::WaybillTwice));
        let kept = self.waiting(*order, *part)?.clone();
        let lines = self.orders[*order].lines.clone();
        let file = self.orders[*order].dealer != Some(1) || self.second_file_complete;
        let papers = file && kept.is_signed();
        let goods = || kept.holds.iter().map(|(line, much)| (lines[*line].0, *much));
        match ask {
            Ask::Pack { .. } => {
                let mut wanted = BTreeMap::new();
                goods().for_each(|(article, much)| *wanted.entry(article).or_insert(0) += much);
                let there = wanted.iter().all(|(of, much)| self.stock[*of].0 - self.stock[*of].1 >= *much);
                must(!kept.packed && papers && (there || anything))?;
                goods().for_each(|(article, much)| self.stock[article].1 += much);
                self.waiting(*order, *part)?.packed = true;
            }
            Ask::Unpack { reasoned, .. } => {
                must(kept.packed && *reasoned)?;
                goods().for_each(|(article, much)| self.stock[article].1 -= much);
                self.waybills.retain(|_, place| *place != (*order, *part));
                let kept = self.waiting(*order, *part)?;
                (kept.packed, kept.waybill) = (false, None);
            }
            Ask::Waybill { number, .. } => {
                let holder = self.waybills.get(number);
                must(kept.packed && (again || holder.is_none_or(|place| *place == (*order, *part))))?;
                self.waybills.retain(|_, place| *place != (*order, *part));
                self.waybills.insert(*number, (*order, *part));
                self.waiting(*order, *part)?.waybill = Some(*number);
            }
            Ask::Ship { .. } => {
                must(papers && kept.packed && kept.waybill.is_some())?;
                for (article, much) in goods() {
                    self.stock[article].0 -= much;
                    self.stock[article].1 -= much;
                }
                self.waiting(*order, *part)?.shipped = true;
            }
            _ => return Err(No),
        }
        Ok(())
    }

    fn part(&mut self, ask: &Ask) -> Answer {
        match ask {
            Ask::Split { order, part, line, much } => {
                let next = self.orders.get(*order).ok_or(No)?.parts.iter().map(|part| part.no).max().unwrap_or(0) + 1;
                let kept = self.waiting(*order, *part)?;
                let holds = kept.holds.get(line).copied().unwrap_or(0);
                must(!kept.packed && *much > 0 && *much <= holds)?;
                must(kept.holds.len() > 1 || *much < holds)?;
                kept.void();
                let apart = Part { no: next, holds: [(*line, *much)].into(), ..kept.clone() };
                kept.holds.insert(*line, holds - much);
                kept.holds.retain(|_, much| *much > 0);
                self.orders[*order].parts.push(apart);
                self.orders[*order].content += 1;
            }
            Ask::Close { order, part, reasoned } => {
                let keeps = self.has(Bug::CloseKeepsMoney);
                let kept = self.waiting(*order, *part)?;
                must(!kept.packed && *reasoned)?;
                kept.closed = true;
                must(self.has(Bug::GiftStays) || self.orders[*order].unearned() == 0)?;
                let order_now = &mut self.orders[*order];
                let (money, due) = (order_now.money(), order_now.due());
                for held in order_now.held.iter_mut().filter(|held| held.from == From::Tolerated) {
                    held.fen = held.fen.min((due - money).max(0));
                }
                self.give_back(*order, if keeps { 0 } else { (money - due).max(0) });
            }
            Ask::TakeBack { order: at, part, line, much, reasoned, charge } => {
                let order = self.orders.get_mut(*at).ok_or(No)?;
                let article = order.lines.get(*line).map(|(article, _)| *article);
                let is_gift = order.gift == Some(*line);
                must(!is_gift || *much <= order.with_customer(*line) - order.charged.0)?;
                let part = order.parts.iter_mut().find(|kept| kept.no == *part).ok_or(No)?;
                let back = part.returned.get(line).copied().unwrap_or(0);
                let out = part.holds.get(line).copied().unwrap_or(0) - back;
                must(part.shipped && *reasoned && *much > 0 && *much <= out)?;
                part.returned.insert(*line, back + much);
                self.stock[article.ok_or(No)?].0 += much;
                let (bug, order) = (self.bug, &mut self.orders[*at]);
                let worth = rounded(order.price(*line, order.retail), *much);
                must(!charge || order.charge(bug) <= worth)?;
                must(self.has(Bug::GiftStays) || self.orders[*at].unearned() == 0)?;
            }
            _ => return Err(No),
        }
        Ok(())
    }

    /// A signature is of what was seen: another payment, price, line or content voids it where the goods still wait.
    fn void_changed(&mut self, before: &[Order]) {
        let sight = |order: &Order| (order.lines.clone(), order.retail, order.due(), order.held.clone());
        for (now, was) in self.orders.iter_mut().zip(before) {
            let other = sight(now) != sight(was);
            now.parts.iter_mut().filter(|part| other && part.waits()).for_each(Part::void);
        }
    }

    fn finish(&mut self) {
        for order in &mut self.orders {
            let gone = !order.parts.is_empty() && order.parts.iter().all(|part| !part.waits());
            if order.over.is_none() && gone {
                order.over = Some("done");
            }
        }
    }
}

/// An order of these lines, if there can be one.
fn taken(lines: &[(usize, i64)]) -> Result<Order, No> {
    let articles: BTreeSet<usize> = lines.iter().map(|(article, _)| *article).collect();
    must(!lines.is_empty() && articles.len() == lines.len())?;
    must(lines.iter().all(|(article, much)| *article < PRICES.len() && *much > 0))?;
    let (held, parts, promoted, gift, charged) = (Vec::new(), Vec::new(), false, None, (0, 0));
    let (dealer, over, lines) = (None, None, lines.to_vec());
    Ok(Order { dealer, lines, retail: false, content: 1, over, held, parts, credited: 0, promoted, gift, charged })
}
