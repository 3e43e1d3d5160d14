//! Events: what happened, in the past tense, with every figure it was decided on.
//!
//! Events are the journal, and outlive the code: a variant or a field may be added, never renamed or removed.

use serde::{Deserialize, Serialize};

use super::bill::Billed;
use super::dealer::DealerFile;
use super::export::FileKind;
use super::flow::Channel;
use super::gift::{Charged, Gift};
use super::goods::{ArticleCard, GoodsFrom};
use super::id::{
    AccountId, ArticleId, BillId, CheckId, ClaimId, DealerId, FlowId, ImportId, OrderId, PersonId, PromotionId,
    ReceiptId, ReferralId, RequisitionId, StockNoteId, StocktakeId, VisitorId,
};
use super::ledger::{DayFigures, LeftOpen};
use super::money::Money;
use super::moving::DamagedTo;
use super::order::{GivenBack, Line, ShipTo};
use super::parting::{Became, Fate};
use super::payment::{Conflict, Share};
use super::premises::{Irregularity, Shift};
use super::promotion::Terms;
use super::quantity::Quantity;
use super::receiving::{Discrepancy, Taken};
use super::requisition::Asked;
use super::resolving::Difference;
use super::role::{Role, Roles};
use super::setting::Settings;
use super::settlement::MonthFigures;
use super::statement::{FileFacts, FlowTable};
use super::stock::Picked;
use super::stocktake::{CountAct, Method, Scope, StocktakeKind};
use super::text::Text;
use super::time::{Day, Moment, Month};
use super::waybill::Carrier;
use super::write_off::Given;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs, reason = "a field is the figure that its name says, in the words of its subject")]
pub enum Event {
    /// A person was appointed.
    PersonAppointed { person: PersonId, code: Text, name: Text, roles: Roles, unix: Option<u32> },
    /// A person's roles changed.
    RolesChanged { person: PersonId, roles: Roles, was: Roles },
    /// A Unix account was bound to a person, or none.
    UnixBound { person: PersonId, unix: Option<u32>, was: Option<u32> },
    /// A person may act no more, or again.
    ActiveSet { person: PersonId, active: bool },
    /// A passphrase was set; the hash is not in the journal.
    PassphraseChanged { person: PersonId },
    /// A person signed in at a terminal.
    SignedIn { person: PersonId },
    /// Somebody tried to sign in and failed, so often since the last entry.
    SignInFailed { person: Option<PersonId>, peer: u32, tries: u32 },
    /// Two people let books stand that the witness objected to: `entries` long, where it had seen `witnessed`.
    BooksAccepted { second: PersonId, reason: Text, objection: Text, entries: u64, witnessed: u64 },
    /// Settings changed.
    SettingsChanged { settings: Settings, was: Settings },
    /// A price tier was defined or renamed.
    TierDefined { code: Text, name: Text },
    /// A free-shipping level was defined or changed.
    FreeShippingDefined { code: Text, name: Text, free_from: Option<Money> },
    /// A receiving account was opened.
    AccountOpened { account: AccountId, channel: Channel, number: Text, name: Text },
    /// An article was listed.
    ArticleListed { article: ArticleId, card: ArticleCard },
    /// An article's card was revised.
    ArticleRevised { article: ArticleId, card: ArticleCard, version: u32 },
    /// A price was set from a day on.
    PriceSet { article: ArticleId, tier: Option<Text>, price: Money, from: Day },
    /// A place of the warehouse was defined or renamed.
    PlaceDefined { code: Text, name: Text, turn: u32 },
    /// Goods came into stock.
    GoodsReceived { receipt: ReceiptId, from: GoodsFrom, note: Text, lines: Vec<(ArticleId, Quantity)> },
    /// A requisition was submitted.
    RequisitionSubmitted { requisition: RequisitionId, factory: Text, lines: Vec<Asked>, remark: Text },
    /// The back office took a requisition.
    RequisitionAcknowledged { requisition: RequisitionId },
    /// The factory sent what it billed.
    GoodsSent { requisition: RequisitionId, day: Day, by_what: Text },
    /// A requisition was closed: what is not billed will not be.
    RequisitionClosed { requisition: RequisitionId, reason: Text },
    /// A month's settlement was prepared, or prepared anew.
    SettlementPrepared { month: Month, figures: MonthFigures, payable: Money },
    /// Finance confirmed a month's settlement.
    SettlementConfirmed { month: Month, payable: Money },
    /// A promotion was drafted.
    PromotionDrafted { promotion: PromotionId, terms: Terms },
    /// A draft says something else.
    PromotionRevised { promotion: PromotionId, version: u32, terms: Terms },
    /// A promotion was submitted.
    PromotionSubmitted { promotion: PromotionId, version: u32 },
    /// A party confirmed a promotion.
    PromotionConfirmed { promotion: PromotionId, version: u32, party: Role },
    /// A promotion was rejected: it is a draft again.
    PromotionRejected { promotion: PromotionId, reason: Text },
    /// A promotion was ended before its last day.
    PromotionEnded { promotion: PromotionId, reason: Text },
    /// A month's write-off of gifts was prepared, or prepared anew.
    WriteOffPrepared { month: Month, given: Vec<Given>, amount: Money },
    /// Finance confirmed a month's write-off.
    WriteOffConfirmed { month: Month, amount: Money },
    /// The warehouse was checked before or after work.
    PremisesChecked { check: CheckId, day: Day, shift: Shift, irregular: Vec<Irregularity> },
    /// The irregularities of a check were read.
    CheckRead { check: CheckId, remark: Text },
    /// A visitor came in.
    VisitorEntered { visitor: VisitorId, name: Text, firm: Text, purpose: Text },
    /// A visitor left.
    VisitorLeft { visitor: VisitorId },
    /// It was proposed what to do with goods that lie.
    SlowProposed { article: ArticleId, proposal: Text, was: Text },
    /// A bill of the factory was entered.
    BillEntered {
        bill: BillId,
        number: Text,
        factory: Text,
        day: Day,
        lines: Vec<Billed>,
        /// The requisition it follows from.
        #[serde(default)]
        requisition: Option<RequisitionId>,
    },
    /// Goods came against a bill; `before` where they lay in stock already.
    BillReceived {
        bill: BillId,
        receipt: ReceiptId,
        note: Text,
        taken: Vec<Taken>,
        differences: Vec<Discrepancy>,
        last: bool,
        before: Option<ReceiptId>,
        reason: Text,
    },
    /// A report of differences was read.
    ReportRead { report: ReceiptId, remark: Text },
    /// Goods were moved to another place.
    GoodsMoved { note: StockNoteId, goods: Vec<Picked>, to: Text, damaged: bool, reason: Text },
    /// Sound goods turned out damaged.
    DamageNoted { note: StockNoteId, goods: Vec<Picked>, cause: Text },
    /// Damaged goods were written off, went back to the factory, or turned out sound.
    DamageSettled { note: StockNoteId, goods: Vec<Picked>, outcome: DamagedTo, reason: Text },
    /// A dealer's file was opened.
    DealerFiled { dealer: DealerId, file: DealerFile },
    /// A dealer's file was revised.
    DealerRevised { dealer: DealerId, version: u32, file: DealerFile, changed: Vec<Text> },
    /// A party took a file version into its books.
    DealerAcknowledged { dealer: DealerId, version: u32, party: Role },
    /// The back office matched an offline customer.
    DealerMatched { dealer: DealerId, number: Text },
    /// A retail customer was sent to the Tmall shop.
    CustomerReferred { referral: ReferralId, name: Text, contact: Text, remark: Text },
    /// A dealer's order was taken.
    OrderEntered {
        order: OrderId,
        dealer: DealerId,
        name: Text,
        tier: Text,
        day: Day,
        lines: Vec<Line>,
        freight: Money,
        retail_freight: Money,
        to: ShipTo,
        remark: Text,
        /// The lines that are given free.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gifts: Vec<Gift>,
        /// The promotions that the order names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        promotions: Vec<PromotionId>,
    },
    /// An order of the Tmall shop was taken, paid on the platform.
    TmallOrderEntered {
        order: OrderId,
        number: Text,
        name: Text,
        day: Day,
        paid_at: Moment,
        deadline: Moment,
        lines: Vec<Line>,
        to: ShipTo,
        remark: Text,
        referral: Option<ReferralId>,
        /// The lines that are given free.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gifts: Vec<Gift>,
        /// The promotions that the order names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        promotions: Vec<PromotionId>,
    },
    /// An order's content changed; its signatures are void.
    OrderChanged {
        order: OrderId,
        content: u32,
        lines: Vec<Line>,
        freight: Money,
        retail_freight: Money,
        to: ShipTo,
        remark: Text,
        back: GivenBack,
        signatures_void: u32,
        ship_hours: u16,
        /// The lines that are given free.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        gifts: Vec<Gift>,
        /// The promotions that the order names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        promotions: Vec<PromotionId>,
    },
    /// An order was cancelled.
    OrderCancelled { order: OrderId, reason: Text, back: GivenBack },
    /// A statement was accepted; its flows follow.
    StatementImported { import: ImportId, account: AccountId, file: FileFacts, accepted: Option<Text> },
    /// Flows of a statement were posted, the first as `first` and so on.
    FlowsPosted {
        import: ImportId,
        account: AccountId,
        first: FlowId,
        flows: FlowTable,
        known: u64,
        conflicts: Vec<Conflict>,
    },
    /// Finance confirmed a payment.
    PaymentConfirmed {
        payment: FlowId,
        dealer: DealerId,
        registered: bool,
        reason: Text,
        paid_at: Moment,
        orders: Vec<Share>,
        to_credit: Money,
        repriced: Vec<OrderId>,
        ship_hours: u16,
    },
    /// Money was given back to the payer.
    PaymentReturned { payment: FlowId, amount: Money, reason: Text },
    /// A dealer's credit was used for an order.
    CreditUsed { dealer: DealerId, order: OrderId, amount: Money, ship_hours: u16 },
    /// A dealer's credit was given back.
    CreditReturned { dealer: DealerId, amount: Money, reason: Text },
    /// One allocation was taken back.
    AllocationReleased {
        order: OrderId,
        payment: FlowId,
        amount: Money,
        reason: Text,
        back: GivenBack,
        ship_hours: u16,
    },
    /// A small shortfall was let pass.
    ShortfallTolerated { order: OrderId, amount: Money, reason: Text, ship_hours: u16 },
    /// Part of a shipped order's price was credited.
    OrderCredited { order: OrderId, amount: Money, reason: Text, back: GivenBack },
    /// A conflict between statements was settled in words.
    ConflictSettled { conflict: u32, note: Text },
    /// A shipment was signed; `afterwards` where goods had left under an exception (补签).
    ShipmentSigned { order: OrderId, part: u8, step: Role, content: Text, afterwards: bool },
    /// A signer refused.
    ShipmentObjected { order: OrderId, part: u8, reason: Text },
    /// The signer's refusal was settled.
    ObjectionLifted { order: OrderId, part: u8, reason: Text },
    /// Two signatures were let suffice.
    ExceptionMade { order: OrderId, part: u8, reason: Text, missing: Vec<Role> },
    /// A shipment was packed.
    ShipmentPacked {
        order: OrderId,
        part: u8,
        goods: Vec<(ArticleId, Quantity)>,
        /// From which places; none in entries of the time before places were kept.
        #[serde(default)]
        from: Vec<Picked>,
    },
    /// A shipment was unpacked; its waybill is void.
    ShipmentUnpacked {
        order: OrderId,
        part: u8,
        goods: Vec<(ArticleId, Quantity)>,
        waybill: Option<Text>,
        reason: Text,
    },
    /// A waybill was noted.
    WaybillNoted { order: OrderId, part: u8, carrier: Carrier, number: Text, was: Option<Text> },
    /// Goods left.
    GoodsShipped { order: OrderId, part: u8, goods: Vec<(ArticleId, Quantity)>, deadline: Moment, late: bool },
    /// A shipment was split.
    ShipmentSplit { order: OrderId, part: u8, next: u8, lines: Vec<(u16, Quantity)> },
    /// A shipment was closed short.
    ShipmentClosed { order: OrderId, part: u8, reason: Text, back: GivenBack },
    /// Goods came back into stock.
    GoodsTakenBack {
        order: OrderId,
        part: u8,
        lines: Vec<(u16, Quantity)>,
        goods: Vec<(ArticleId, Quantity)>,
        reason: Text,
        /// What became of them; sound in entries of the time before this was kept.
        #[serde(default)]
        became: Became,
        /// The place they were put; none for the article's own.
        #[serde(default)]
        place: Option<Text>,
        /// What became of single lines, in their order; the others are as `became` and `place` say.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fates: Vec<Fate>,
        /// The gifts that stayed, at the prices at which they are sold.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        charged: Vec<Charged>,
    },
    /// A day was closed; the entry's `prev` is the head of the chain at that moment.
    DayClosed { day: Day, late: bool, figures: DayFigures, open: LeftOpen },
    /// A person was given an address for mail, or none.
    AddressSet { person: PersonId, address: Text, was: Text },
    /// A mail server took the letter that the closing of a day owed; the entry that closed it numbers the letter.
    LetterSent { letter: u64, person: PersonId, address: Text, answer: Text, rows: u64, sha256: Text },
    /// Somebody wanted a letter that is owed sent at once.
    LetterHurried { letter: u64, person: PersonId, day: Day },
    /// A list left the books as a file.
    ListExported { what: Text, file: FileKind, rows: u64, sha256: Text, filter: Text },
    /// A stocktake was opened.
    StocktakeOpened {
        stocktake: StocktakeId,
        kind: StocktakeKind,
        day: Day,
        month_end: Day,
        scope: Scope,
        frozen: bool,
        method: Method,
        counters: Vec<PersonId>,
        present: Vec<PersonId>,
        note: Text,
    },
    /// Goods were counted, or what was counted was put right: the `nth` record of a sheet, on its line `line`, which says
    /// `now` from then on. `top` is the person's last record that stands.
    GoodsCounted {
        stocktake: StocktakeId,
        sheet: u8,
        nth: u32,
        line: u32,
        act: CountAct,
        place: Text,
        code: Text,
        article: Option<ArticleId>,
        factor: Quantity,
        quantity: Quantity,
        now: Quantity,
        undoes: Option<u32>,
        top: u32,
        in_scope: bool,
    },
    /// A sheet was handed in by one of its people, and takes no more lines.
    SheetSubmitted { stocktake: StocktakeId, sheet: u8, lines: u32, records: u32, blanks: u32 },
    /// Somebody was appointed to count again what differs.
    RecountAppointed { stocktake: StocktakeId, sheet: u8, people: Vec<PersonId>, lines: u32 },
    /// The cause of a difference was written down.
    DifferenceExplained {
        stocktake: StocktakeId,
        article: ArticleId,
        place: Text,
        cause: Text,
        party: Text,
        proposal: Text,
    },
    /// Finance agreed to a stocktake's differences.
    StocktakeAgreed { stocktake: StocktakeId, differences: u32 },
    /// A stocktake was confirmed: its differences went into stock, its shortages became claims.
    StocktakeConfirmed { stocktake: StocktakeId, day: Day, lines: u32, differences: Vec<Difference>, note: Text },
    /// Finance recorded that a claim was made good.
    ClaimSettled { claim: ClaimId, stocktake: StocktakeId, article: ArticleId, amount: Money, reason: Text },
    /// A stocktake was given up.
    StocktakeAbandoned { stocktake: StocktakeId, reason: Text },
}

impl Event {
    /// The articles that it moves, other than by a stocktake's own confirmation.
    pub fn goods(&self) -> Vec<ArticleId> {
        use Event::*;
        match self {
            GoodsReceived { lines: goods, .. }
            | ShipmentPacked { goods, .. }
            | ShipmentUnpacked { goods, .. }
            | GoodsShipped { goods, .. }
            | GoodsTakenBack { goods, .. } => goods.iter().map(|(article, _)| *article).collect(),
            // What came before its bill lies where it lay.
            BillReceived { before: Some(_), .. } => Vec::new(),
            BillReceived { taken, .. } => taken.iter().map(|goods| goods.article).collect(),
            GoodsMoved { goods, .. } | DamageNoted { goods, .. } | DamageSettled { goods, .. } => {
                goods.iter().map(|goods| goods.article).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The places that it puts goods to by name, wherever they come from.
    pub fn puts_to(&self) -> Vec<&Text> {
        use Event::*;
        match self {
            GoodsMoved { to, .. } => vec![to],
            BillReceived { taken, .. } => taken.iter().map(|goods| &goods.place).collect(),
            GoodsTakenBack { place, fates, .. } => {
                place.iter().chain(fates.iter().filter_map(|fate| fate.place.as_ref())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The event's name in data and in the locale files.
    pub fn key(&self) -> String {
        #[derive(Deserialize)]
        struct Tag {
            event: String,
        }
        let text = serde_json::to_string(self).expect("events are plain data");
        serde_json::from_str::<Tag>(&text).expect("an event is tagged").event
    }
}
