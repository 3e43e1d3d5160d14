//! Whose money a payment probably is, for which orders, and why one thinks so. A suggestion, never a decision.
//!
//! A registered account names its dealer; a masked one may only be possible; a name is a hint. Among the dealer's unpaid
//! orders one of exactly that amount is suggested, else the oldest ones as far as the money goes.

use crate::domain::id::{DealerId, OrderId};
use crate::domain::money::Money;
use crate::domain::payment::{Posted, Standing, is_readable, standing};
use crate::store::books::{Books, Fault};
use crate::ui::pane::Reading;

/// How many unpaid orders of a dealer are looked at.
const UNPAID: usize = 50;

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Whose money it probably is.
    pub dealer: DealerId,
    /// Why: the locale key of the reason.
    pub why: &'static str,
    /// Whether the account is registered for that dealer at the time of the payment.
    pub standing: Standing,
    /// For which orders, with the amounts.
    pub orders: Vec<(OrderId, Money)>,
    /// What would be left over.
    pub left: Money,
}

/// The suggestion for a payment with `open` left to dispose of, if anything points anywhere.
pub fn suggestion(
    books: &Reading,
    posted: &Posted,
    channel: crate::domain::flow::Channel,
    open: Money,
) -> Result<Option<Suggestion>, Fault> {
    let flow = &posted.flow;
    let registration = books.registration(channel, &flow.payer_account, flow.time)?;
    let by_account = registration
        .as_ref()
        .filter(|_| is_readable(&flow.payer_account))
        .map(|found| (found.dealer, "suggest.account"));
    let found = match by_account {
        Some(found) => Some(found),
        None => by_order_number(books, posted)?.or(by_mask(books, posted, channel)?).or(by_name(books, posted)?),
    };
    let Some((dealer, why)) = found else { return Ok(None) };
    let (orders, left) = share(books, dealer, open)?;
    let standing = standing(flow, registration.as_ref(), dealer);
    Ok(Some(Suggestion { dealer, why, standing, orders, left }))
}

/// The payer wrote the number of an order of ours.
fn by_order_number(books: &Reading, posted: &Posted) -> Result<Option<(DealerId, &'static str)>, Fault> {
    let texts = [&posted.flow.remark, &posted.flow.order_ref];
    let numbers = texts.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()));
    for number in numbers.filter_map(|word| word.parse::<OrderId>().ok()) {
        if let Some(dealer) = books.order(number)?.and_then(|order| order.dealer()) {
            return Ok(Some((dealer, "suggest.order")));
        }
    }
    Ok(None)
}

/// A masked account (`138****1234`) fits one registered account only: possible, never certain.
fn by_mask(
    books: &Reading,
    posted: &Posted,
    channel: crate::domain::flow::Channel,
) -> Result<Option<(DealerId, &'static str)>, Fault> {
    let account = posted.flow.payer_account.as_str();
    let Some((head, rest)) = account.split_once('*').filter(|(head, _)| head.len() >= 2) else { return Ok(None) };
    let tail = rest.trim_start_matches('*');
    let mut fits: Vec<DealerId> = books
        .accounts_like(channel, head, 200)?
        .into_iter()
        .filter(|(number, _)| number.ends_with(tail))
        .map(|(_, dealer)| dealer)
        .collect();
    fits.dedup();
    Ok(match fits[..] {
        [dealer] => Some((dealer, "suggest.mask")),
        _ => None,
    })
}

fn by_name(books: &Reading, posted: &Posted) -> Result<Option<(DealerId, &'static str)>, Fault> {
    if posted.flow.payer.is_empty() {
        return Ok(None);
    }
    Ok(match books.dealers_called(&posted.flow.payer)?[..] {
        [dealer] => Some((dealer, "suggest.name")),
        _ => None,
    })
}

/// The unpaid orders that the money goes to: one of exactly that amount, else the oldest first.
fn share(books: &Reading, dealer: DealerId, open: Money) -> Result<(Vec<(OrderId, Money)>, Money), Fault> {
    let mut waiting = Vec::new();
    for id in books.dealer_unpaid(dealer, UNPAID)? {
        if let Some(order) = books.order(id)? {
            waiting.push((id, order.open_amount()));
        }
    }
    if let Some(exact) = waiting.iter().find(|(_, amount)| *amount == open) {
        return Ok((vec![*exact], Money::ZERO));
    }
    let mut left = open;
    let mut orders = Vec::new();
    for (id, amount) in waiting {
        let given = amount.min(left);
        if given.is_positive() {
            orders.push((id, given));
            left -= given;
        }
    }
    Ok((orders, left))
}
