//! Facts of purchasing: requisitions and settlements.

use super::{Gather, next};
use crate::domain::Actor;
use crate::domain::id::RequisitionId;
use crate::domain::requisition::{
    AcknowledgeRequisition, CloseRequisition, NoteSent, RequisitionFacts, SubmitRequisition,
};
use crate::domain::settlement::{ConfirmSettlement, PrepareSettlement, SettlementFacts};
use crate::domain::time::Month;
use crate::store::Fault;
use crate::store::books::{Books, Purchases};

fn facts(books: &impl Books, id: Option<RequisitionId>) -> Result<RequisitionFacts, Fault> {
    let requisition = id.map_or(Ok(None), |id| books.requisition(id))?;
    let acknowledged = requisition.as_ref().and_then(|requisition| requisition.acknowledged.as_ref());
    Ok(RequisitionFacts {
        acknowledged_by: acknowledged.map_or(Ok(Default::default()), |mark| books.person_name(mark.by))?,
        requisition,
        lines: Vec::new(),
        next: RequisitionId(next(books, "requisitions")?),
    })
}

impl Gather for SubmitRequisition {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<RequisitionFacts, Fault> {
        let lines = self.lines.iter().map(|line| books.article_by_code(&line.article)).collect::<Result<_, _>>()?;
        Ok(RequisitionFacts { lines, ..facts(books, None)? })
    }
}

/// Commands that name a requisition and nothing else of the books.
macro_rules! about_a_requisition {
    ($($command:ty),*) => {$(
        impl Gather for $command {
            fn gather(&self, books: &impl Books, _: &Actor) -> Result<RequisitionFacts, Fault> {
                facts(books, Some(self.requisition))
            }
        }
    )*};
}
about_a_requisition!(AcknowledgeRequisition, NoteSent, CloseRequisition);

fn settlement_facts(books: &impl Books, month: Month) -> Result<SettlementFacts, Fault> {
    let settlement = books.settlement(month)?;
    let confirmed = settlement.as_ref().and_then(|settlement| settlement.confirmed.as_ref());
    Ok(SettlementFacts {
        confirmed_by: confirmed.map_or(Ok(Default::default()), |mark| books.person_name(mark.by))?,
        settlement,
        figures: books.month_figures(month)?,
    })
}

impl Gather for PrepareSettlement {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<SettlementFacts, Fault> {
        settlement_facts(books, self.month)
    }
}

impl Gather for ConfirmSettlement {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<SettlementFacts, Fault> {
        settlement_facts(books, self.month)
    }
}
