//! The objects that an event is about: under which of them its entry is found again.

use crate::domain::event::Event;
use crate::domain::id::{ArticleId, OrderId, PersonId, PromotionId, RequisitionId};
use crate::store::books::Kind;

/// The objects an event is about.
pub fn touched(event: &Event) -> Vec<(Kind, u64)> {
    use Event::*;
    let person = |id: &PersonId| vec![(Kind::Person, u64::from(id.0))];
    let asked = |id: &RequisitionId| vec![(Kind::Requisition, u64::from(id.0))];
    let offered = |id: &PromotionId| vec![(Kind::Promotion, u64::from(id.0))];
    let article = |id: &ArticleId| vec![(Kind::Article, u64::from(id.0))];
    let sold = |id: &OrderId| vec![(Kind::Order, id.number())];
    match event {
        PersonAppointed { person: id, .. } | RolesChanged { person: id, .. } => person(id),
        UnixBound { person: id, .. } => person(id),
        AddressSet { person: id, .. } | LetterSent { person: id, .. } | LetterHurried { person: id, .. } => person(id),
        ActiveSet { person: id, .. } | PassphraseChanged { person: id } | SignedIn { person: id } => person(id),
        SignInFailed { person: id, .. } => id.iter().flat_map(person).collect(),
        SettingsChanged { .. } | TierDefined { .. } | FreeShippingDefined { .. } => vec![(Kind::Setting, 0)],
        PlaceDefined { .. } | AccountOpened { .. } => vec![(Kind::Setting, 0)],
        ArticleListed { article: id, .. } | ArticleRevised { article: id, .. } => article(id),
        GoodsReceived { .. }
        | BillEntered { .. }
        | BillReceived { .. }
        | ReportRead { .. }
        | GoodsMoved { .. }
        | DamageNoted { .. }
        | DamageSettled { .. } => in_the_warehouse(event),
        RequisitionSubmitted { requisition, .. } | RequisitionAcknowledged { requisition } => asked(requisition),
        RequisitionClosed { requisition, .. } | GoodsSent { requisition, .. } => asked(requisition),
        SettlementPrepared { .. } | SettlementConfirmed { .. } => Vec::new(),
        WriteOffPrepared { .. } | WriteOffConfirmed { .. } | ConflictSettled { .. } => Vec::new(),
        PromotionDrafted { promotion: id, .. } | PromotionRevised { promotion: id, .. } => offered(id),
        PromotionSubmitted { promotion: id, .. } | PromotionConfirmed { promotion: id, .. } => offered(id),
        PromotionRejected { promotion: id, .. } | PromotionEnded { promotion: id, .. } => offered(id),
        PremisesChecked { .. } | CheckRead { .. } | VisitorEntered { .. } | VisitorLeft { .. } => Vec::new(),
        SlowProposed { article: id, .. } | PriceSet { article: id, .. } => article(id),
        DealerFiled { dealer, .. } | DealerRevised { dealer, .. } | DealerAcknowledged { dealer, .. } => {
            vec![(Kind::Dealer, dealer.0.into())]
        }
        DealerMatched { dealer, .. } | CreditReturned { dealer, .. } => {
            vec![(Kind::Dealer, dealer.0.into())]
        }
        CustomerReferred { .. } | ListExported { .. } | DayClosed { .. } => Vec::new(),
        BooksAccepted { second: id, .. } => person(id),
        OrderEntered { order, dealer, .. } => vec![(Kind::Order, order.number()), (Kind::Dealer, dealer.0.into())],
        StatementImported { import, .. } | FlowsPosted { import, .. } => {
            vec![(Kind::Import, import.0.into())]
        }
        PaymentConfirmed { payment, dealer, orders, .. } => {
            let orders = orders.iter().map(|share| (Kind::Order, share.order.number()));
            [(Kind::Payment, payment.0), (Kind::Dealer, dealer.0.into())].into_iter().chain(orders).collect()
        }
        PaymentReturned { payment, .. } => vec![(Kind::Payment, payment.0)],
        CreditUsed { dealer, order, .. } => vec![(Kind::Dealer, dealer.0.into()), (Kind::Order, order.number())],
        AllocationReleased { order, payment, .. } => {
            vec![(Kind::Order, order.number()), (Kind::Payment, payment.0)]
        }
        TmallOrderEntered { order, .. } | OrderChanged { order, .. } | OrderCancelled { order, .. } => sold(order),
        ShortfallTolerated { order, .. } | OrderCredited { order, .. } => sold(order),
        ShipmentSigned { order, .. } | ShipmentObjected { order, .. } | ObjectionLifted { order, .. } => sold(order),
        ExceptionMade { order, .. } | ShipmentPacked { order, .. } | ShipmentUnpacked { order, .. } => sold(order),
        WaybillNoted { order, .. } | GoodsShipped { order, .. } | ShipmentSplit { order, .. } => sold(order),
        ShipmentClosed { order, .. } | GoodsTakenBack { order, .. } => sold(order),
        StocktakeOpened { .. }
        | GoodsCounted { .. }
        | SheetSubmitted { .. }
        | RecountAppointed { .. }
        | StocktakeAgreed { .. }
        | StocktakeAbandoned { .. }
        | DifferenceExplained { .. }
        | StocktakeConfirmed { .. }
        | ClaimSettled { .. } => in_a_stocktake(event),
    }
}

/// The objects an event of the warehouse is about.
fn in_the_warehouse(event: &Event) -> Vec<(Kind, u64)> {
    use Event::*;
    let article = |id: &ArticleId| vec![(Kind::Article, u64::from(id.0))];
    match event {
        GoodsReceived { lines, .. } => lines.iter().flat_map(|(id, _)| article(id)).collect(),
        BillEntered { bill, requisition, .. } => {
            let asked = requisition.map(|id| (Kind::Requisition, u64::from(id.0)));
            std::iter::once((Kind::Bill, bill.0.into())).chain(asked).collect()
        }
        BillReceived { bill, taken, .. } => {
            let goods = taken.iter().flat_map(|goods| article(&goods.article));
            std::iter::once((Kind::Bill, bill.0.into())).chain(goods).collect()
        }
        ReportRead { .. } => Vec::new(),
        GoodsMoved { goods, .. } | DamageNoted { goods, .. } | DamageSettled { goods, .. } => {
            goods.iter().flat_map(|goods| article(&goods.article)).collect()
        }
        other => unreachable!("{} is no event of the warehouse", other.key()),
    }
}

/// The objects an event of a stocktake is about.
fn in_a_stocktake(event: &Event) -> Vec<(Kind, u64)> {
    use Event::*;
    let article = |id: &ArticleId| vec![(Kind::Article, u64::from(id.0))];
    match event {
        StocktakeOpened { stocktake, .. } | GoodsCounted { stocktake, .. } | SheetSubmitted { stocktake, .. } => {
            vec![(Kind::Stocktake, stocktake.0.into())]
        }
        RecountAppointed { stocktake, .. } | StocktakeAgreed { stocktake, .. } => {
            vec![(Kind::Stocktake, stocktake.0.into())]
        }
        StocktakeAbandoned { stocktake, .. } => vec![(Kind::Stocktake, stocktake.0.into())],
        DifferenceExplained { stocktake, article: id, .. } | ClaimSettled { stocktake, article: id, .. } => {
            [(Kind::Stocktake, stocktake.0.into())].into_iter().chain(article(id)).collect()
        }
        StocktakeConfirmed { stocktake, differences, .. } => {
            let articles = differences.iter().flat_map(|it| article(&it.article));
            [(Kind::Stocktake, stocktake.0.into())].into_iter().chain(articles).collect()
        }
        other => unreachable!("{} is no event of a stocktake", other.key()),
    }
}
