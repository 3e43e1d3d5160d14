//! A block of flows of which few are wanted: all of it is read and checked, and only those are taken out.
//!
//! To own the texts of 128 flows costs many times what it costs to look over them, and a page has a dozen rows.

use serde::Deserialize;

use crate::domain::flow::{Direction, Flow, FlowClass};
use crate::domain::id::{AccountId, DealerId, FlowId, ImportId};
use crate::domain::money::Money;
use crate::domain::payment::Posted;
use crate::domain::time::Moment;
use crate::store::Fault;
use crate::store::codec::{Image, Record};
use crate::store::tables::{BLOCK, FlowBlock};

/// A block whose texts stay where they lie: the same fields in the same order as [`FlowBlock`].
#[derive(Deserialize)]
pub(super) struct Picked<'a> {
    account: AccountId,
    import: ImportId,
    #[serde(borrow)]
    flows: Vec<Lying<'a>>,
    matched: Vec<Option<DealerId>>,
}

/// The same fields in the same order as [`Flow`].
#[derive(Deserialize)]
struct Lying<'a> {
    row: u32,
    number: &'a str,
    order_ref: &'a str,
    time: Moment,
    direction: Direction,
    class: FlowClass,
    amount: Money,
    fee: Money,
    payer: &'a str,
    payer_account: &'a str,
    remark: &'a str,
    kind: &'a str,
    state: &'a str,
}

impl Lying<'_> {
    fn taken(&self) -> Flow {
        Flow {
            row: self.row,
            number: self.number.into(),
            order_ref: self.order_ref.into(),
            time: self.time,
            direction: self.direction,
            class: self.class,
            amount: self.amount,
            fee: self.fee,
            payer: self.payer.into(),
            payer_account: self.payer_account.into(),
            remark: self.remark.into(),
            kind: self.kind.into(),
            state: self.state.into(),
        }
    }
}

impl<'a> Picked<'a> {
    /// Reads a block, or says that it cannot be read.
    pub fn of(image: &'a Image<'_, FlowBlock>) -> Result<Picked<'a>, Fault> {
        let block: Picked<'a> = image.unpack_as()?;
        // A place is asked for in both lists and among the bits of the open ones.
        let is_whole = block.flows.len() == block.matched.len() && block.flows.len() <= BLOCK;
        if is_whole { Ok(block) } else { Err(Fault::Unreadable { record: FlowBlock::NAME }) }
    }

    /// How many flows it holds.
    pub fn len(&self) -> usize {
        self.flows.len()
    }

    /// The flow at a place of the block whose first one has the number `first`.
    pub fn posted(&self, first: u64, at: usize) -> Posted {
        Posted {
            id: FlowId(first + at as u64),
            account: self.account,
            import: self.import,
            flow: self.flows[at].taken(),
            matched: self.matched[at],
        }
    }
}

#[cfg(test)]
mod tests;
