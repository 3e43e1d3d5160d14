//! What a filter finds in the queue: a letter costs the same whether a thousand orders wait or a million.
//!
//! A number and a waybill are looked up. The dealers that the search finds bring their orders. Everything else is looked
//! for among the most urgent only.

use std::collections::BTreeSet;

use crate::domain::id::{DealerId, OrderId};
use crate::domain::order::Order;
use crate::domain::waybill::Carrier;
use crate::store::books::{Books, Fault, QueueRow, Reading};
use crate::ui::pane::Sight;

/// How many dealers a filter looks through.
const DEALERS: usize = 200;
/// How many orders of theirs it looks at.
const ORDERS: usize = 600;
/// How many of the most urgent it looks at.
const URGENT: usize = 600;

/// What waits under `query`, in the order of the queue.
pub(super) fn matching(sight: &Sight<'_>, query: &str) -> Result<Vec<QueueRow>, Fault> {
    let books = sight.books;
    let dealers = sight.library.find_dealers(query, DEALERS);
    let mut wanted: BTreeSet<OrderId> = named(books, query)?.into_iter().collect();
    for dealer in &dealers {
        let room = (ORDERS + 1).saturating_sub(wanted.len());
        if room == 0 {
            break;
        }
        wanted.extend(books.dealer_orders(*dealer, None, room)?);
    }
    let mut found = Vec::new();
    for order in &wanted {
        found.extend(books.order(*order)?.iter().flat_map(QueueRow::all_of));
    }
    let dealers: BTreeSet<DealerId> = dealers.into_iter().collect();
    for place in books.queue(None, URGENT)? {
        if !wanted.contains(&place.order)
            && books.order(place.order)?.is_some_and(|order| fits(&order, query, &dealers))
        {
            found.push(place);
        }
    }
    // Where money is awaited there is no deadline, and the place is behind all that have one.
    found.sort_by_key(|place| (place.deadline.is_none(), *place));
    Ok(found)
}

/// The orders that bear exactly that number, or whose parcel does.
fn named(books: &Reading, query: &str) -> Result<Vec<OrderId>, Fault> {
    let mut found: Vec<OrderId> = query.parse().into_iter().collect();
    for carrier in Carrier::ALL {
        found.extend(books.waybill(*carrier as u8, query)?.map(|(order, _)| order));
    }
    Ok(found)
}

fn fits(order: &Order, query: &str, dealers: &BTreeSet<DealerId>) -> bool {
    order.id.to_string().contains(&query.to_ascii_uppercase())
        || order.name.contains(query)
        || order.dealer().is_some_and(|id| dealers.contains(&id))
}
