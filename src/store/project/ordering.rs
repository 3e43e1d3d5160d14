//! Rows of orders: the order, its places in the queue, its waybills, and the indexes that follow.

use std::collections::{BTreeMap, BTreeSet};

use redb::WriteTransaction;

use super::{change_treatment, dealing, must, put, raise};
use crate::domain::event::Event;
use crate::domain::id::{ArticleId, OrderId};
use crate::domain::money::Money;
use crate::domain::order::{Basis, Buyer, GivenBack, Order, Priced, State};
use crate::domain::quantity::Quantity;
use crate::domain::shipment::Part;
use crate::store::Fault;
use crate::store::books::QueueRow;
use crate::store::journal::Entry;
use crate::store::lists::{List, Lists};
use crate::store::tables::*;
use crate::store::totals;

/// Writes an order, moving its places in the queue from what they were before.
fn keep(tx: &WriteTransaction, before: Option<&Order>, after: &Order) -> Result<(), Fault> {
    put(tx, ORDERS, after.id.number(), after)?;
    let (was, now) = (before.map(QueueRow::all_of).unwrap_or_default(), QueueRow::all_of(after));
    list(tx, before, after, &was, &now)?;
    if was != now {
        let paid = |rows: &[QueueRow]| rows.iter().filter(|row| row.deadline.is_some()).count() as i64;
        super::add(tx, "queue", paid(&now) - paid(&was))?;
        super::add(tx, "unpaid", (now.len() as i64 - paid(&now)) - (was.len() as i64 - paid(&was)))?;
    }
    let (before_needs, needs) = (before.map(|order| needed(order, &was)).unwrap_or_default(), needed(after, &now));
    for article in before_needs.keys().chain(needs.keys()).collect::<BTreeSet<_>>() {
        let of = |all: &BTreeMap<ArticleId, Quantity>| all.get(article).copied().unwrap_or_default();
        totals::add(tx, totals::ordered_addend(*article, of(&needs) - of(&before_needs)))?;
    }
    Ok(())
}

/// Moves an order's places in the queue, and puts a dealer's on the lists of that dealer's orders.
fn list(
    tx: &WriteTransaction,
    before: Option<&Order>,
    after: &Order,
    was: &[QueueRow],
    now: &[QueueRow],
) -> Result<(), Fault> {
    let unpaid = |order: &Order| order.state == State::Open && order.open_amount().is_positive();
    let (was_unpaid, is_unpaid) = (before.is_some_and(unpaid), unpaid(after));
    if was == now && was_unpaid == is_unpaid && before.is_some() {
        return Ok(());
    }
    let mut lists = Lists::open(tx)?;
    lists.requeue(was, now)?;
    let Some(dealer) = after.dealer() else { return Ok(()) };
    let number = after.id.number();
    if before.is_none() {
        lists.add(List::orders(dealer), number)?;
    }
    match (was_unpaid, is_unpaid) {
        (false, true) => lists.add(List::unpaid(dealer), number),
        (true, false) => lists.remove(List::unpaid(dealer), number),
        _ => Ok(()),
    }
}

/// What the places of an order in the queue still need from the shelf.
fn needed(order: &Order, places: &[QueueRow]) -> BTreeMap<ArticleId, Quantity> {
    let mut needed = BTreeMap::<ArticleId, Quantity>::new();
    for (article, quantity) in places.iter().flat_map(|place| order.still_to_pack(place.part)) {
        *needed.entry(article).or_default() += quantity;
    }
    needed
}

/// The order that an entry takes.
fn taken(entry: &Entry) -> Order {
    use Event::{OrderEntered, TmallOrderEntered};
    let (OrderEntered { order, name, day, lines, to, remark, gifts, promotions, .. }
    | TmallOrderEntered { order, name, day, lines, to, remark, gifts, promotions, .. }) = &entry.event
    else {
        unreachable!("{} takes no order", entry.event.key())
    };
    let mut new = Order {
        id: *order,
        buyer: Buyer::Tmall(Default::default()),
        name: name.clone(),
        by: entry.by,
        at: entry.at,
        day: *day,
        tier: Default::default(),
        lines: lines.clone(),
        freight: Money::ZERO,
        retail_freight: Money::ZERO,
        basis: Basis::Tier,
        to: to.clone(),
        remark: remark.clone(),
        content: 1,
        state: State::Open,
        allocations: Vec::new(),
        queued_at: None,
        parts: Vec::new(),
        credited: Money::ZERO,
        gifts: gifts.clone(),
        promotions: promotions.clone(),
        charged: Vec::new(),
    };
    match &entry.event {
        OrderEntered { dealer, tier, freight, retail_freight, .. } => {
            (new.buyer, new.tier) = (Buyer::Dealer(*dealer), tier.clone());
            (new.freight, new.retail_freight) = (*freight, *retail_freight);
        }
        TmallOrderEntered { number, paid_at, deadline, .. } => {
            let whole = Part::whole(lines, *paid_at, entry.at, 0);
            (new.buyer, new.queued_at) = (Buyer::Tmall(number.clone()), Some(entry.at));
            new.parts = vec![Part { needs_signing: false, deadline: *deadline, ..whole }];
        }
        _ => {}
    }
    new
}

/// An order was taken.
pub(super) fn entered(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let order = taken(entry);
    match &entry.event {
        Event::OrderEntered { .. } => {}
        Event::TmallOrderEntered { number, referral, .. } => {
            tx.open_table(TMALL_NUMBERS)?.insert(number.as_str(), order.id.number())?;
            if let Some(referral) = referral {
                dealing::tie(tx, *referral, order.id)?;
            }
        }
        other => unreachable!("{} takes no order", other.key()),
    }
    let month = format!("orders/{}", order.day.month_number());
    raise(tx, &month, (order.id.number() % OrderId::PER_MONTH) as i64)?;
    super::add(tx, "orders", 1)?;
    keep(tx, None, &order)
}

/// An order was changed or cancelled.
pub(super) fn changed(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    let at = entry.at;
    match &entry.event {
        Event::OrderChanged {
            order,
            lines,
            freight,
            retail_freight,
            to,
            remark,
            back,
            ship_hours,
            gifts,
            promotions,
            ..
        } => {
            let before = load(tx, *order)?;
            let mut after = before.clone();
            let (freight, retail_freight) = (*freight, *retail_freight);
            let (lines, gifts, promotions) = (lines.clone(), gifts.clone(), promotions.clone());
            let priced = Priced { lines, freight, retail_freight, gifts, promotions };
            after.change(priced, to.clone(), remark.clone(), at, *ship_hours);
            give_back(tx, entry, &after, back)?;
            keep(tx, Some(&before), &after)
        }
        Event::OrderCancelled { order, back, .. } => {
            let before = load(tx, *order)?;
            let mut after = before.clone();
            after.cancel();
            give_back(tx, entry, &after, back)?;
            keep(tx, Some(&before), &after)
        }
        other => unreachable!("{} changes no order", other.key()),
    }
}

fn load(tx: &WriteTransaction, id: OrderId) -> Result<Order, Fault> {
    must(tx, ORDERS, id.number(), "orders", id.number())
}

/// Money that left the order: to the dealer's credit, or to payments that are open again.
fn give_back(tx: &WriteTransaction, entry: &Entry, order: &Order, back: &GivenBack) -> Result<(), Fault> {
    if let Some(dealer) = order.dealer() {
        dealing::credit(tx, dealer, back.to_credit)?;
    }
    for (payment, amount) in &back.reopened {
        change_treatment(tx, *payment, |treatment| treatment.reopen(order.id, *amount), entry)?;
    }
    Ok(())
}

/// What an event about money does to an order.
pub(super) fn money(tx: &WriteTransaction, entry: &Entry, id: OrderId) -> Result<(), Fault> {
    let before = load(tx, id)?;
    let mut after = before.clone();
    after.apply_money(entry.at, &entry.event);
    after.void_changed(&before);
    if let Event::AllocationReleased { back, .. } | Event::OrderCredited { back, .. } = &entry.event {
        give_back(tx, entry, &after, back)?;
    }
    keep(tx, Some(&before), &after)
}

/// What an event about a shipment does to its order.
pub(super) fn shipment(tx: &WriteTransaction, entry: &Entry) -> Result<(), Fault> {
    use Event::*;
    let (ShipmentSigned { order, part, .. }
    | ShipmentObjected { order, part, .. }
    | ObjectionLifted { order, part, .. }
    | ExceptionMade { order, part, .. }
    | ShipmentPacked { order, part, .. }
    | ShipmentUnpacked { order, part, .. }
    | WaybillNoted { order, part, .. }
    | GoodsShipped { order, part, .. }
    | ShipmentSplit { order, part, .. }
    | ShipmentClosed { order, part, .. }
    | GoodsTakenBack { order, part, .. }) = &entry.event
    else {
        unreachable!("{} is no event about a shipment", entry.event.key())
    };
    let before = load(tx, *order)?;
    let mut after = before.clone();
    after.apply_shipment(entry.by, entry.at, &entry.event);
    after.void_changed(&before);
    let carrier = |order: &Order| {
        let part = order.parts.iter().find(|p| p.no == *part);
        part.and_then(|part| part.waybill.as_ref()).map(|waybill| (waybill.carrier as u8, waybill.number.clone()))
    };
    let (was, now) = (carrier(&before), carrier(&after));
    if was != now {
        let mut waybills = tx.open_table(WAYBILLS)?;
        if let Some((carrier, number)) = was {
            waybills.remove((carrier, number.as_str()))?;
        }
        if let Some((carrier, number)) = now {
            waybills.insert((carrier, number.as_str()), (order.number(), *part))?;
        }
    }
    if let ShipmentClosed { back, .. } = &entry.event {
        give_back(tx, entry, &after, back)?;
    }
    keep(tx, Some(&before), &after)
}
