//! Where an order stands in the queue of what waits.

use crate::domain::id::OrderId;
use crate::domain::order::{Order, State};
use crate::domain::time::Moment;

/// A place in the queue: deadline, or none while money is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueRow {
    /// When it is late; none while money is awaited.
    pub deadline: Option<Moment>,
    /// Which order.
    pub order: OrderId,
    /// Which shipment; 0 while money is awaited.
    pub part: u8,
}

impl QueueRow {
    /// The places of an order: one for each shipment that waits, a single one while money is awaited.
    pub fn all_of(order: &Order) -> Vec<QueueRow> {
        let (id, open) = (order.id, order.state == State::Open);
        if open && order.parts.is_empty() {
            return vec![QueueRow { deadline: None, order: id, part: 0 }];
        }
        let waiting = order.parts.iter().filter(|part| open && part.is_waiting());
        waiting.map(|part| QueueRow { deadline: Some(part.deadline), order: id, part: part.no }).collect()
    }
}
