//! Random steps, and what they come to in a department that stands where it stands.
//!
//! A step is a handful of small numbers. What it asks is worked out from the model, so that most steps make sense (the next
//! thing that an order needs, the amount that is due) and some do not (the wrong person, a fen too much, an order that is not there).

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::ask::{Ask, Payer, SETS, SIGNERS};
use crate::model::{Model, Order, Part};

/// A step: what kind, and numbers that it picks with.
#[derive(Debug, Clone)]
pub struct Step {
    pub kind: u8,
    pub a: u8,
    pub b: u8,
    pub c: u8,
}

/// Money that arrives, or somebody who asks.
#[derive(Debug, Clone)]
pub enum Deed {
    Arrives { payer: Payer, fen: i64 },
    Asks { who: String, ask: Ask },
}

/// Kinds of steps, by weight.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![
        4 => Just(0u8), 1 => Just(1u8), 5 => Just(2u8), 6 => Just(3u8), 18 => Just(4u8), 2 => Just(5u8), 1 => Just(6u8),
        4 => Just(7u8), 12 => Just(8u8),
    ];
    of_kinds(kind, 60)
}

/// Fewer than `most` steps of such kinds.
pub fn of_kinds(kind: impl Strategy<Value = u8>, most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (kind, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(kind, a, b, c)| Step { kind, a, b, c });
    proptest::collection::vec(step, 1..most)
}

const STAFF: [&str; 10] = ["clerk", "boss", "keeper", "money", "promo", "sales", "flex", "office", "all", "admin"];

/// One of so many; the first where there is none.
pub fn pick(of: usize, by: u8) -> usize {
    if of == 0 { 0 } else { usize::from(by) % of }
}

/// An order, the newest more often, and now and then one that is not there.
fn an_order(model: &Model, by: u8) -> usize {
    if by > 250 {
        model.orders.len()
    } else {
        pick(model.orders.len().min(6), by) + model.orders.len().saturating_sub(6)
    }
}

fn a_part(order: Option<&Order>, by: u8) -> u8 {
    let Some(order) = order else { return 1 };
    if by > 245 { 9 } else { order.parts.get(pick(order.parts.len(), by)).map_or(1, |part| part.no) }
}

fn lines(b: u8, c: u8) -> Vec<(usize, i64)> {
    let much = [1, 150, 1_000, 2_500, 6_333, 10_000, 12_500, 40_000];
    let one = (usize::from(b % 2), much[usize::from(c % 8)]);
    match b % 11 {
        0..=4 => vec![one],
        5..=8 => vec![one, (1 - one.0, much[usize::from(c / 8 % 8)])],
        9 => vec![one, one],
        _ => vec![(one.0, 0)],
    }
}

/// Around an amount: exactly it, mostly; a fen more or less, or half.
fn about(fen: i64, by: u8) -> i64 {
    match by % 12 {
        0 => fen + 1,
        1 => fen - 1,
        2 | 3 => fen / 2,
        4 => fen - 500,
        5 => fen - 501,
        _ => fen,
    }
}

impl Step {
    /// What the step comes to now.
    pub fn deed(&self, model: &Model) -> Deed {
        let Step { kind, a, b, c } = *self;
        let asks = |who: &str, ask: Ask| Deed::Asks { who: who.to_owned(), ask };
        let order = an_order(model, a);
        match kind {
            0 => asks(
                if c % 9 == 8 { "keeper" } else { "clerk" },
                Ask::Enter { dealer: [0, 0, 0, 1, 1, 2][pick(6, a)], lines: lines(b, c), promoted: a % 5 < 3 },
            ),
            1 => asks("boss", Ask::Tmall { number: a % 8, lines: lines(b, c), promoted: c % 2 == 0 }),
            2 => self.arrives(model, order),
            3 => self.confirms(model),
            4 => self.next(model, order).unwrap_or_else(|| self.stray(model, order)),
            5 => {
                let content = model.orders.get(order).map_or(1, |order| order.content) + u32::from(b > 220);
                asks("clerk", Ask::Change { order, content, lines: lines(b, c) })
            }
            6 => asks("clerk", Ask::Cancel { order, reasoned: c % 9 != 0 }),
            7 => self.settles(model, order),
            _ => self.stray(model, order),
        }
    }

    fn arrives(&self, model: &Model, order: usize) -> Deed {
        let dealer = model.orders.get(order).and_then(|order| order.dealer).unwrap_or(0);
        let payer = match self.b % 8 {
            0 => Payer::Stranger,
            1 => Payer::Masked,
            2 => Payer::Dealer(1 - dealer),
            _ => Payer::Dealer(dealer),
        };
        let rest = model
            .orders
            .get(order)
            .map_or(5_000, |order| order.due_at(order.retail || payer == Payer::Stranger) - order.paid());
        Deed::Arrives { payer, fen: about(rest.max(2_000), self.c).max(1) }
    }

    /// An open payment over the orders of a dealer, as finance would, or nearly.
    fn confirms(&self, model: &Model) -> Deed {
        let open: Vec<usize> = (0..model.payments.len()).filter(|at| model.payments[*at].open > 0).collect();
        let payment =
            if self.a > 245 { model.payments.len() } else { open.get(pick(open.len(), self.a)).copied().unwrap_or(0) };
        let payer = model.payments.get(payment).map(|payment| payment.payer);
        let dealer = match payer {
            Some(Payer::Dealer(dealer)) if !self.b.is_multiple_of(7) => dealer,
            _ => usize::from(self.b / 7 % 2),
        };
        let judged = match self.c % 5 {
            0 => None,
            1 => Some(false),
            _ => Some(true),
        };
        let registered = match payer {
            Some(Payer::Dealer(of)) => of == dealer,
            Some(Payer::Masked) => judged == Some(true),
            _ => false,
        };
        let mut left = model.payments.get(payment).map_or(0, |payment| payment.open);
        let wants = |order: &Order| order.dealer == Some(dealer) && order.over.is_none();
        let mut shares = Vec::new();
        for (at, order) in
            model.orders.iter().enumerate().rev().filter(|(_, order)| wants(order)).take(1 + usize::from(self.c % 3))
        {
            let fen = left.min(order.due_at(order.retail || !registered) - order.paid()).max(0);
            if fen > 0 || self.c.is_multiple_of(31) {
                shares.push((at, fen));
                left -= fen;
            }
        }
        if self.b.is_multiple_of(23) {
            left += 1;
        }
        let retail = !self.c.is_multiple_of(6);
        let who = if self.b.is_multiple_of(19) { "clerk" } else { "money" };
        Deed::Asks { who: who.into(), ask: Ask::Confirm { payment, dealer, shares, credit: left, retail, judged } }
    }

    /// What the order needs next, done by who should do it.
    fn next(&self, model: &Model, order: usize) -> Option<Deed> {
        let asks = |who: &str, ask: Ask| Some(Deed::Asks { who: who.to_owned(), ask });
        let kept = model.orders.get(order)?;
        let short = kept.over.is_none() && kept.parts.is_empty() && (1..=501).contains(&kept.rest());
        if short && !kept.held.is_empty() {
            return asks("money", Ask::Tolerate { order, reasoned: !self.c.is_multiple_of(8) });
        }
        let parts: Vec<&Part> = kept.parts.iter().filter(|part| part.waits()).collect();
        if parts.is_empty() && self.c.is_multiple_of(2) {
            return self.comes_back(kept, order);
        }
        let kept = parts.get(pick(parts.len(), self.b))?;
        let part = kept.no;
        if let Some(who) = &kept.objected {
            return asks(who, Ask::Lift { order, part, reasoned: true });
        }
        if !kept.is_signed() {
            let missing: Vec<usize> =
                (0..3).filter(|at| kept.signed.iter().all(|(_, step)| step != &SIGNERS[*at])).collect();
            if (missing.len() == 1 && self.c.is_multiple_of(4)) || (missing.len() == 2 && self.c % 8 == 1) {
                return asks(&kept.signed[0].0, Ask::Except { order, part, reasoned: true });
            }
            let who = ["boss", "promo", "sales"][missing[pick(missing.len(), self.c)]];
            let who = if self.c.is_multiple_of(13) { "all" } else { who };
            return asks(who, Ask::Sign { order, part, fresh: true });
        }
        match (kept.packed, kept.waybill) {
            (false, _) => asks("keeper", Ask::Pack { order, part }),
            (true, None) => asks("keeper", Ask::Waybill { order, part, number: self.c % 12 }),
            (true, Some(_)) => asks("keeper", Ask::Ship { order, part }),
        }
    }

    /// Half or all of a line of what has left comes back, and with it perhaps what its gift hangs on.
    fn comes_back(&self, kept: &Order, order: usize) -> Option<Deed> {
        let part = kept.parts.iter().find(|part| part.shipped)?;
        let (line, holds) = part.holds.iter().nth(pick(part.holds.len(), self.b))?;
        let much = if self.a.is_multiple_of(2) { *holds } else { holds / 2 };
        let charge = self.c.is_multiple_of(3);
        let ask = Ask::TakeBack { order, part: part.no, line: *line, much, reasoned: true, charge };
        Some(Deed::Asks { who: "keeper".into(), ask })
    }

    /// What only finance does, besides confirming.
    fn settles(&self, model: &Model, order: usize) -> Deed {
        let reasoned = !self.b.is_multiple_of(8);
        let kept = model.orders.get(order);
        let rest = kept.map_or(100, Order::rest);
        let ask = match self.c % 7 {
            0 => Ask::Return { payment: pick(model.payments.len() + 1, self.b), fen: about(1_000, self.a), reasoned },
            1 | 2 => Ask::UseCredit { order, fen: about(rest, self.b) },
            3 => Ask::ReturnCredit { dealer: pick(3, self.a), fen: about(500, self.b), reasoned },
            4 => Ask::Release { order, payment: pick(model.payments.len(), self.b), reasoned },
            5 => Ask::Tolerate { order, reasoned },
            _ => Ask::Credit { order, fen: about(kept.map_or(100, Order::paid), self.b), reasoned },
        };
        let who = if self.a.is_multiple_of(17) { "boss" } else { "money" };
        Deed::Asks { who: who.into(), ask }
    }

    /// Anything by anybody.
    fn stray(&self, model: &Model, order: usize) -> Deed {
        let part = a_part(model.orders.get(order), self.b);
        let (who, reasoned) = (STAFF[pick(STAFF.len(), self.b)], !self.c.is_multiple_of(11));
        let much = [1, 500, 1_000, 2_000, 10_000, 0][pick(6, self.a)];
        let line = [0, 0, 0, 1, 1, 2][usize::from(self.b / 16 % 6)];
        let (right, ask) = match self.c % 16 {
            0 => ("boss", Ask::Sign { order, part, fresh: !self.b.is_multiple_of(8) }),
            1 => ("sales", Ask::Object { order, part, reasoned }),
            2 => ("sales", Ask::Lift { order, part, reasoned }),
            3 => ("promo", Ask::Except { order, part, reasoned }),
            4 => ("keeper", Ask::Pack { order, part }),
            5 => ("keeper", Ask::Unpack { order, part, reasoned }),
            6 => ("keeper", Ask::Waybill { order, part, number: self.a % 12 }),
            7 => ("keeper", Ask::Ship { order, part }),
            8 | 9 => ("keeper", Ask::Split { order, part, line, much }),
            10 => ("boss", Ask::Close { order, part, reasoned }),
            11 => ("keeper", Ask::TakeBack { order, part, line, much, reasoned, charge: false }),
            12 => ("keeper", Ask::Receive { article: usize::from(self.a % 2), much: i64::from(self.b) * 500 }),
            13 => ("office", Ask::Acknowledge),
            14 => ("admin", Ask::Roles { set: pick(SETS.len(), self.a) }),
            _ => ("admin", Ask::Active { active: !self.a.is_multiple_of(3) }),
        };
        let who = if self.a.is_multiple_of(3) { who } else { right };
        Deed::Asks { who: who.into(), ask }
    }
}

fn yuan(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.abs() / 100, fen.abs() % 100)
}

fn units(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
}

fn why(reasoned: bool) -> &'static str {
    if reasoned { "理由" } else { "" }
}

/// An order's number, by its place.
pub fn number(order: usize) -> String {
    format!("XS2611{:06}", order + 1)
}

/// A payment's number, by its place.
pub fn flow(payment: usize) -> String {
    format!("LS{:08}", payment + 1)
}

fn dealer_code(dealer: usize) -> String {
    format!("D{:05}", dealer + 1)
}

impl Ask {
    /// The command as `post` would read it. `seen` is what the signer's screen shows.
    pub fn command(&self, seen: &str) -> Value {
        let goods = |lines: &[(usize, i64)]| -> Value {
            lines
                .iter()
                .map(|(article, much)| json!({"article": (["A1", "B1"][*article]), "quantity": units(*much)}))
                .collect()
        };
        let to = json!({"name": "x", "address": "x"});
        let named = |promoted: bool| promoted.then_some("CX000001").into_iter().collect::<Vec<_>>();
        let reason = |reasoned: &bool| why(*reasoned);
        match self {
            Ask::Enter { dealer, lines, promoted } => json!({"do": "enter_order", "dealer": dealer_code(*dealer),
                "lines": goods(lines), "promotions": named(*promoted)}),
            Ask::Tmall { number, lines, promoted } => {
                json!({"do": "enter_tmall_order", "number": format!("TM{number}"), "buyer": "x", "promotions": named(*promoted),
                "paid_at": "2026-11-02T08:00:00+08:00", "lines": goods(lines), "to": to})
            }
            Ask::Change { order, content, lines } => {
                json!({"do": "change_order", "order": number(*order), "content": content, "lines": goods(lines), "to": to})
            }
            Ask::Cancel { order, reasoned } => {
                json!({"do": "cancel_order", "order": number(*order), "reason": reason(reasoned)})
            }
            Ask::Confirm { payment, dealer, shares, credit, retail, judged } => {
                let orders: Value =
                    shares.iter().map(|(order, fen)| json!({"order": number(*order), "amount": yuan(*fen)})).collect();
                let judgement = judged.map(|registered| json!({"registered": registered, "reason": "已核实"}));
                json!({"do": "confirm_payment", "payment": flow(*payment), "dealer": dealer_code(*dealer), "orders": orders,
                    "to_credit": yuan(*credit), "accept_retail": retail, "judgement": judgement})
            }
            Ask::Return { payment, fen, reasoned } => {
                json!({"do": "return_payment", "payment": flow(*payment), "amount": yuan(*fen), "reason": reason(reasoned)})
            }
            Ask::UseCredit { order, fen } => json!({"do": "use_credit", "order": number(*order), "amount": yuan(*fen)}),
            Ask::ReturnCredit { dealer, fen, reasoned } => {
                json!({"do": "return_credit", "dealer": dealer_code(*dealer), "amount": yuan(*fen), "reason": reason(reasoned)})
            }
            Ask::Release { order, payment, reasoned } => json!({"do": "release_allocation", "order": number(*order),
                "payment": flow(*payment), "reason": reason(reasoned)}),
            Ask::Tolerate { order, reasoned } => {
                json!({"do": "tolerate_shortfall", "order": number(*order), "reason": reason(reasoned)})
            }
            Ask::Credit { order, fen, reasoned } => {
                json!({"do": "credit_order", "order": number(*order), "amount": yuan(*fen), "reason": reason(reasoned)})
            }
            Ask::Receive { article, much } => {
                json!({"do": "receive_goods", "from": "delivery", "lines": goods(&[(*article, *much)])})
            }
            Ask::Acknowledge => {
                json!({"do": "acknowledge_dealer", "dealer": "D00002", "version": 1, "party": "back_office"})
            }
            Ask::Roles { set } => json!({"do": "change_roles", "person": "flex", "roles": SETS[*set]}),
            Ask::Active { active } => json!({"do": "set_active", "person": "flex", "active": active}),
            _ => self.shipment_command(seen),
        }
    }

    fn shipment_command(&self, seen: &str) -> Value {
        let of = |name: &str, order: &usize, part: &u8| json!({"do": name, "order": number(*order), "part": part});
        let (mut command, more) = match self {
            Ask::Sign { order, part, fresh } => {
                (of("sign_shipment", order, part), json!({"seen": if *fresh { seen } else { "0000000000000000" }}))
            }
            Ask::Object { order, part, reasoned } => {
                (of("object_shipment", order, part), json!({"reason": why(*reasoned)}))
            }
            Ask::Lift { order, part, reasoned } => {
                (of("lift_objection", order, part), json!({"reason": why(*reasoned)}))
            }
            Ask::Except { order, part, reasoned } => {
                (of("except_shipment", order, part), json!({"reason": why(*reasoned)}))
            }
            Ask::Unpack { order, part, reasoned } => {
                (of("unpack_shipment", order, part), json!({"reason": why(*reasoned)}))
            }
            Ask::Close { order, part, reasoned } => {
                (of("close_shipment", order, part), json!({"reason": why(*reasoned)}))
            }
            Ask::Pack { order, part } => (of("pack_shipment", order, part), json!({})),
            Ask::Ship { order, part } => (of("ship_shipment", order, part), json!({})),
            Ask::Waybill { order, part, number } => {
                (of("note_waybill", order, part), json!({"carrier": "other", "number": format!("WB-{number:04}")}))
            }
            Ask::Split { order, part, line, much } => {
                (of("split_shipment", order, part), json!({"lines": [[line + 1, units(*much)]]}))
            }
            Ask::TakeBack { order, part, line, much, reasoned, charge } => (
                of("take_back_goods", order, part),
                json!({"lines": [[line + 1, units(*much)]], "reason": why(*reasoned), "charge_gifts": charge}),
            ),
            other => panic!("{other:?} is not about a shipment"),
        };
        let fields = command.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        command
    }
}
