//! Orders and the queue, as rows.

use super::print::Printer;
use super::rows::{LineRow, OrderRow, QueueRow, ShipmentRow, SignatureRow};
use super::{PAGE, Stop, View};
use crate::domain::id::OrderId;
use crate::domain::money::Money;
use crate::domain::order::{Buyer, Order, ShipTo};
use crate::domain::role::Role;
use crate::domain::shipment::{Part, Stage};
use crate::domain::time::Day;
use crate::store::books::{Books, QueueRow as Place};

pub(super) fn orders(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    if let Some(id) = view.filter.only.as_ref() {
        let order = id.parse().ok().map_or(Ok(None), |id| view.books.order(id))?;
        return order.map_or(Ok(()), |order| out.row(&order_row(view, order)?).map(drop));
    }
    let dealer = match view.filter.dealer.as_ref() {
        Some(named) => match view.books.dealer_named(named)? {
            Some(dealer) => Some(dealer.id),
            None => return Ok(()),
        },
        None => None,
    };
    let mut before = view.filter.to.and_then(after_month);
    loop {
        let page = match dealer {
            None => view.books.orders(before, PAGE)?,
            Some(dealer) => {
                let ids = view.books.dealer_orders(dealer, before, PAGE)?;
                ids.into_iter().filter_map(|id| view.books.order(id).transpose()).collect::<Result<_, _>>()?
            }
        };
        let Some(last) = page.last() else { return Ok(()) };
        before = Some(last.id);
        for order in page {
            // Numbers are given in the order of time, so nothing older can follow.
            if view.filter.from.is_some_and(|from| order.day < from) {
                return Ok(());
            }
            if !view.has_day(order.day) || !view.has_state(order.state_key()) {
                continue;
            }
            if !out.row(&order_row(view, order)?)? {
                return Ok(());
            }
        }
    }
}

/// Where the pages start for what was ordered until a day: numbers begin with the month, with two digits of its year, which
/// says something of this century alone.
fn after_month(to: Day) -> Option<OrderId> {
    let first = Day::new(2_000, 1, 1)?;
    let last = Day::new(2_099, 12, 31)?;
    (first..=last).contains(&to).then(|| OrderId::new(to.month_number() + 1, 0))
}

fn order_row(view: &View<'_>, order: Order) -> Result<OrderRow, Stop> {
    let mut lines = Vec::with_capacity(order.lines.len());
    for (at, line) in order.lines.iter().enumerate() {
        let card = view.names.article(line.article)?.map(|article| article.card);
        let (article, name, unit) = card.map_or_else(Default::default, |card| (card.code, card.name, card.unit));
        let gift = order.gift_of(at as u16);
        let (quantity, price, retail, amount) = (line.quantity, line.price, line.retail, line.amount);
        lines.push(LineRow { line: at + 1, article, name, quantity, unit, price, retail, amount, gift });
    }
    let shipments = order.parts.iter().map(|part| shipment_row(view, &order, part)).collect::<Result<_, _>>()?;
    let (dealer, tmall) = match &order.buyer {
        Buyer::Dealer(dealer) => (Some(*dealer), None),
        Buyer::Tmall(number) => (None, Some(number.clone())),
    };
    // The platform holds the money of the shop's own orders (M3.1): nothing is owed here.
    let on_platform = order.is_tmall();
    Ok(OrderRow {
        order: order.id,
        dealer,
        tmall,
        name: order.name.clone(),
        state: order.state_key(),
        day: order.day,
        at: order.at,
        by: view.names.person(order.by)?,
        tier: order.tier.clone(),
        basis: order.basis,
        due: order.due(),
        paid: if on_platform { order.due() } else { order.paid() },
        open: if on_platform { Money::ZERO } else { order.open_amount() },
        charged: order.charges(),
        tier_total: order.tier_total(),
        retail_total: order.retail_total(),
        freight: order.freight,
        lines,
        shipments,
        to: ShipTo { phone: view.sight.phone(&order.to.phone), ..order.to },
        remark: order.remark,
        content: order.content,
    })
}

fn shipment_row(view: &View<'_>, order: &Order, part: &Part) -> Result<ShipmentRow, Stop> {
    let mut signed = Vec::with_capacity(part.signatures.len());
    for signature in &part.signatures {
        let by = view.names.person(signature.by)?;
        signed.push(SignatureRow { step: signature.step, by, at: signature.at });
    }
    Ok(ShipmentRow {
        part: part.no,
        stage: part.stage().key(),
        deadline: part.deadline,
        late: part.is_late(view.now),
        seen: order.fingerprint(part.no),
        signed,
        unsigned: part.unsigned(),
        exception: part.exception.as_ref().map(|mark| mark.why.clone()),
        objection: part.objection.as_ref().map(|mark| mark.why.clone()),
        packed_at: part.packed.as_ref().map(|mark| mark.at),
        carrier: part.waybill.as_ref().map(|waybill| waybill.carrier),
        waybill: part.waybill.as_ref().map(|waybill| waybill.number.clone()),
        shipped_at: part.shipped.as_ref().map(|mark| mark.at),
    })
}

pub(super) fn queue(view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    let mut after: Option<Place> = None;
    loop {
        let page = view.books.queue(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(*last);
        for place in page {
            let Some(order) = view.books.order(place.order)? else { continue };
            let row = queue_row(view, place, &order);
            let due_then = place.deadline.is_none_or(|deadline| view.has_moment(deadline));
            if !view.has_state(row.stage) || !due_then || !view.is_wanted(&[&row.order.to_string()]) {
                continue;
            }
            if !out.row(&row)? {
                return Ok(());
            }
        }
    }
}

fn queue_row(view: &View<'_>, place: Place, order: &Order) -> QueueRow {
    let part = order.parts.iter().find(|part| part.no == place.part);
    let stage = part.map_or(Stage::Money, Part::stage);
    // The stages of the clock are fewer than those of the queue: packed goods wait for waybill and carrier together.
    let clock = if stage == Stage::Ready { Stage::Waybill } else { stage };
    let spent = part.and_then(|part| part.spent(view.now).into_iter().find(|(of, _)| *of == clock));
    QueueRow {
        order: place.order,
        part: place.part,
        name: order.name.clone(),
        dealer: order.dealer(),
        stage: stage.key(),
        deadline: place.deadline,
        late: part.is_some_and(|part| part.is_late(view.now)),
        awaits: part.map_or_else(|| vec![Role::Finance], Part::awaited),
        due: order.due(),
        hours: spent.map(|(_, seconds)| seconds / 3_600),
    }
}
