//! The reasons of a refusal, each with the figures behind it.

use serde::Serialize;

use crate::domain::flow::FlowClass;
use crate::domain::id::{BillId, CheckId, ClaimId, FlowId, OrderId, PromotionId, RequisitionId, StocktakeId};
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::role::Role;
use crate::domain::text::Text;
use crate::domain::time::{Day, Moment, Month};

/// Why, with every figure. Its name is the key of its words in the locale files.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", content = "facts", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each field is a figure whose name is its meaning")]
pub enum Reason {
    /// The acting person holds none of the roles this act belongs to.
    NotYourRole { act: &'static str, wanted: Vec<Role> },
    /// Nobody has signed in at this terminal.
    NotSignedIn,
    /// Money and signatures ask for the passphrase again.
    ProveAgain,
    /// The administrator's role goes with no other.
    AdministratorAlone,
    /// Nobody changes what they may do themselves.
    OwnRoles,
    /// The last administrator cannot go.
    LastAdministrator,
    /// That code, name or number is not in the books.
    Unknown { what: &'static str, code: Text },
    /// That code is taken already.
    Taken { what: &'static str, code: Text, by: Text },
    /// A field that must be filled is empty.
    Empty { field: &'static str },
    /// A field holds what it cannot hold.
    Malformed { field: &'static str, value: Text },
    /// An amount or quantity must be above zero.
    NotPositive { field: &'static str },
    /// An amount or product is past what the books hold.
    TooLarge { field: &'static str },
    /// The order has no line.
    NoLines,
    /// The same article stands on two lines.
    LineTwice { article: Text },
    /// There is no dealer file of that code or name.
    NoFile { dealer: Text },
    /// Whoever is no dealer orders in the Tmall shop; record the referral.
    SendToTmall { customer: Text },
    /// The file lacks these fields.
    FileIncomplete { dealer: Text, missing: Vec<&'static str> },
    /// The file has not been taken into the books of these parties.
    FileNotHandedOn { dealer: Text, missing: Vec<Role> },
    /// The offline customer has not been matched by the back office.
    NotMatched { dealer: Text },
    /// Only an offline customer who also sells online is matched.
    NoMatchNeeded { dealer: Text },
    /// The account stands in another dealer's file.
    AccountElsewhere { account: Text, dealer: Text },
    /// That party has acknowledged this version already.
    AcknowledgedAlready { by: Text, at: Moment },
    /// Who entered the file version cannot acknowledge it for finance.
    OwnFile,
    /// The record changed since the screen was drawn.
    ChangedSince { seen: u64, now: u64 },
    /// Two people changed the same fields of a file.
    BothChanged { fields: Vec<&'static str> },
    /// No price of that tier is in force on the day.
    NoPrice { article: Text, tier: Text, day: Day },
    /// A price cannot start before today: days past have been traded on.
    PriceInPast { from: Day, today: Day },
    /// A quantity cannot be expressed in the base unit to three places.
    NotInBaseUnit { article: Text, unit: Text },
    /// The order is not in a state that allows this.
    OrderIs { order: OrderId, state: &'static str },
    /// The shipment is not at a stage that allows this.
    ShipmentIs { order: OrderId, part: u8, stage: &'static str },
    /// The order has no such shipment.
    NoSuchPart { order: OrderId, part: u8 },
    /// What is asked for is more than there is left to ship.
    MoreThanLeft { article: Text, asked: Quantity, left: Quantity },
    /// A split must leave something on both sides.
    NothingSplit,
    /// Only money received can be confirmed.
    NotAReceipt { payment: FlowId, class: FlowClass },
    /// The payment has been dealt with.
    PaymentDone { payment: FlowId, by: Text, at: Moment },
    /// What is allocated, kept and returned must be the payment, to the fen.
    Unbalanced { payment: Money, disposed: Money },
    /// The order needs less than that.
    MoreThanDue { order: OrderId, due: Money, offered: Money },
    /// The order is another dealer's.
    OtherDealers { order: OrderId },
    /// Tmall's orders are paid on the platform, not by allocation.
    PaidOnTmall { order: OrderId },
    /// The paying account is not in the dealer's file: retail price, or the money goes back.
    NotRegistered { account: Text, tier_total: Money, retail_total: Money },
    /// The paying account cannot be read: finance decides, with a reason.
    NotReadable { account: Text },
    /// Money from an account that is not registered cannot become the dealer's credit.
    NoCreditFromStranger { account: Text, surplus: Money },
    /// The dealer's credit is less than that.
    CreditTooSmall { credit: Money, asked: Money },
    /// There is no such allocation.
    NoAllocation { order: OrderId, payment: FlowId },
    /// A reason must be given in writing.
    ReasonWanted,
    /// The shortfall is past what may be tolerated.
    ShortfallTooLarge { shortfall: Money, limit: Money },
    /// The money for the order is not confirmed.
    NotPaid { order: OrderId, due: Money, paid: Money },
    /// These signatures are missing.
    NotSigned { missing: Vec<Role>, signed: usize },
    /// That step has been signed.
    SignedAlready { step: Role, by: Text, at: Moment },
    /// The person has signed another step of this shipment.
    SamePerson { step: Role },
    /// Two signatures at least come before an exception.
    TwoSignaturesFirst { signed: usize },
    /// Only one who has signed can vouch for an exception.
    SignFirst,
    /// A signer has refused; that must be settled first.
    Objected { by: Text, at: Moment, why: Text },
    /// There is no objection to lift.
    NoObjection,
    /// Only who objected can lift it.
    OthersObjection { by: Text },
    /// There is not enough sound stock.
    StockShort { article: Text, wanted: Quantity, sound: Quantity },
    /// The shipment is not packed.
    NotPacked,
    /// There is no waybill number.
    NoWaybill,
    /// The number is none of this carrier's.
    WaybillMalformed { carrier: Text, number: Text },
    /// The number is on another shipment.
    WaybillTaken { number: Text, order: OrderId },
    /// It has been shipped already.
    ShippedAlready { order: OrderId, at: Moment },
    /// More than was shipped cannot come back.
    MoreThanShipped { article: Text, asked: Quantity, shipped: Quantity },
    /// The order has not been shipped.
    NotShipped { order: OrderId },
    /// More than was paid cannot be credited.
    MoreThanPaid { paid: Money, asked: Money },
    /// The file's totals are not what its rows add up to.
    TotalsDisagree { name: Text, stated: Text, found: Text },
    /// The file is none that can be read.
    FileDamaged { words: Text },
    /// The file states another account than the one chosen.
    OtherAccount { stated: Text, chosen: Text },
    /// The receiving account is of another channel.
    OtherChannel { account: Text },
    /// The conflict was settled.
    ConflictSettled { by: Text },
    /// The month's order numbers are used up.
    NumbersUsedUp,
    /// An older price is kept: the same day has one.
    SamePrice { from: Day },
    /// A day that has not come cannot be closed.
    DayAhead { day: Day, today: Day },
    /// The day is closed.
    DayClosed { day: Day, last: Day },
    /// Days are closed in order.
    EarlierDayOpen { day: Day },
    /// A month is closed with nothing of it left open.
    MonthOpen { payments: u64, conflicts: u64 },
    /// A month is not closed while it is counted (E71).
    MonthCounted { stocktake: StocktakeId },
    /// The requisition is not in a state that allows this.
    RequisitionIs { requisition: RequisitionId, state: &'static str },
    /// The bill is another factory's than the requisition.
    OtherFactory { requisition: RequisitionId, factory: Text },
    /// The month is not over.
    MonthNotOver { month: Month },
    /// Nobody has prepared the settlement.
    NotPrepared { month: Month },
    /// Who prepared a settlement does not confirm it.
    OwnSettlement { month: Month },
    /// The settlement was confirmed.
    SettledAlready { month: Month, by: Text, at: Moment },
    /// The month comes to another amount than was prepared or seen.
    FiguresMoved { month: Month, seen: Money, now: Money },
    /// The warehouse was checked for that shift.
    CheckedAlready { by: Text, at: Moment },
    /// The warehouse is not closed with visitors in it.
    VisitorsInside { inside: u32 },
    /// The check found everything in order.
    NothingIrregular { check: CheckId },
    /// The visitor has left.
    LeftAlready { name: Text, at: Moment },
    /// The same is proposed already.
    ProposedAlready { article: Text },
    /// The bill has been received in full.
    BillReceived { bill: BillId, number: Text },
    /// More came than the bill has left: the rest is refused as over.
    MoreThanBilled { article: Text, offered: Quantity, left: Quantity },
    /// The article is not on the bill: it is refused as wrong.
    NotOnBill { article: Text },
    /// Special goods have a keeper of their own.
    OthersGoods { article: Text, mark: Text, keeper: Text },
    /// There is not so much of it at the place.
    NotThere { article: Text, place: Text, wanted: Quantity, there: Quantity },
    /// Goods are moved to another place than they are at.
    SamePlace { place: Text },
    /// The person has read the report.
    ReadAlready { by: Text, at: Moment },
    /// Only a store made for rehearsals accepts a given time.
    NoRehearsal,
    /// The disk is nearly full, in MiB: what might not be kept is not accepted.
    NoRoom { left: u64, needed: u64 },
    /// A month is counted on the 30th, or on February's last day.
    NotTheDay { today: Day, wanted: Day },
    /// Two different people count.
    TwoCounters { given: usize },
    /// The administrator counts nothing.
    CountsNothing { person: Text },
    /// A finance person is present at the quarter's count.
    NoFinance,
    /// What is to be counted is being counted already (E44).
    CountedElsewhere { stocktake: StocktakeId },
    /// The stocktake is not at a stage that allows this.
    StocktakeIs { stocktake: StocktakeId, progress: &'static str },
    /// Only who is on a sheet writes on it.
    NotYourSheet { stocktake: StocktakeId },
    /// The sheet has been handed in.
    SheetFrozen { stocktake: StocktakeId },
    /// Nothing was counted yet.
    NothingCounted,
    /// No line goes below zero.
    BelowZero { article: Text },
    /// It is more than one line usually has: really so much?
    ReallySoMuch { article: Text, quantity: Quantity, limit: Quantity },
    /// The code's check digit is wrong: it was read badly.
    CodeDamaged { code: Text },
    /// A person's code is none of goods (E59).
    BadgeScanned,
    /// Goods are left blank, which is not zero (E38).
    BlanksLeft { count: u32, first: Vec<Text> },
    /// Goods that are to be counted again have not been.
    StillToCount { count: u32, first: Vec<Text> },
    /// These people have not handed their sheet in (E47).
    NotHandedIn { missing: Vec<Text> },
    /// Who counted does not count again alone.
    CountedBefore { person: Text },
    /// There is nothing to be counted again.
    NothingDiffers,
    /// Only what differs is counted again.
    NotToCountAgain { article: Text, place: Text },
    /// There is no difference there.
    NoDifference { article: Text, place: Text },
    /// Differences lack cause, party and proposal.
    NotExplained { count: u32, first: Vec<Text> },
    /// Nobody confirms what they counted.
    CountedItself { stocktake: StocktakeId },
    /// Finance has agreed already.
    AgreedAlready { stocktake: StocktakeId },
    /// The quarter's differences need finance's agreement.
    FinanceAgrees { stocktake: StocktakeId },
    /// A mail server took the letter.
    LetterTaken { day: Day, address: Text, at: Moment },
    /// Whom the letter is for has no address.
    NoAddress { person: Text },
    /// The claim was settled.
    ClaimSettled { claim: ClaimId, by: Text, at: Moment },
    /// Goods do not move while a frozen stocktake counts them.
    GoodsFrozen { stocktake: StocktakeId },
    /// There is not enough sound stock; how much there is stays unseen by who counts it.
    ShortUnseen { article: Text, wanted: Quantity },
    /// The promotion is not in a state that allows this.
    PromotionIs { promotion: PromotionId, phase: &'static str },
    /// Who submitted a promotion does not confirm it.
    OwnPromotion { promotion: PromotionId },
    /// A person confirms a promotion once, whatever roles they hold.
    ConfirmedOnce { promotion: PromotionId, party: Role },
    /// That party has confirmed the promotion.
    PartyConfirmed { party: Role, by: Text, at: Moment },
    /// The period ends before it begins, or has passed.
    PeriodOver { first: Day, last: Day, today: Day },
    /// The promotion does not run, so it gives nothing.
    NotRunning { promotion: PromotionId, name: Text, phase: &'static str, first: Day, last: Day, day: Day },
    /// The promotion gives another article.
    NotTheGift { promotion: PromotionId, article: Text, gift: Text },
    /// The gift is more than what is bought earns.
    GiftTooLarge {
        promotion: PromotionId,
        gift: Text,
        asked: Quantity,
        earned: Quantity,
        bought: Quantity,
        step: Quantity,
        free: Quantity,
    },
    /// What stays with the customer no longer earns the gift that stays.
    GiftNotEarned {
        promotion: PromotionId,
        gift: Text,
        stays: Quantity,
        earned: Quantity,
        kept: Quantity,
        owed: Quantity,
        charge: Money,
    },
    /// The gift that would be charged comes to more than the goods that come back.
    GiftAboveGoods { charge: Money, goods: Money },
    /// So much of the gift was charged: it is sold, and does not come back as a gift.
    GiftSold { article: Text, charged: Quantity },
    /// What was charged for a gift that stayed is not given back.
    GiftKeptBack { money: Money, charged: Money, asked: Money },
    /// More fates are given than lines come back.
    FatesLeftOver { lines: usize, fates: usize },
    /// Nobody has prepared the write-off.
    WriteOffNotPrepared { month: Month },
    /// Who prepared a write-off does not confirm it.
    OwnWriteOff { month: Month },
}

impl Reason {
    /// The reason's name in data and in the locale files.
    pub fn key(&self) -> String {
        let value = serde_json::to_value(self).expect("reasons are plain data");
        value["reason"].as_str().expect("a reason is tagged").to_owned()
    }

    /// The figures by name, as JSON writes them.
    pub fn facts(&self) -> serde_json::Map<String, serde_json::Value> {
        let value = serde_json::to_value(self).expect("reasons are plain data");
        value["facts"].as_object().cloned().unwrap_or_default()
    }
}
