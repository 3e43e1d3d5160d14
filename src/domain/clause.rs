//! The clauses of the regulations, and refusal under one of them.
//!
//! A refusal is an answer, not a failure. It names the clause, and carries the figures behind it
//! as a [`Reason`], so that the notice, the greyed key, the form, a report and a test word it
//! alike. The words are in the locale files, by the reason's own name (`refuse.*`, `pass.*`).

use std::fmt;

use serde::Serialize;

use super::flow::FlowClass;
use super::id::{BillId, CheckId, ClaimId, FlowId, OrderId, RequisitionId, StocktakeId};
use super::money::Money;
use super::quantity::Quantity;
use super::role::Role;
use super::text::Text;
use super::time::{Day, Moment, Month};

macro_rules! clauses {
    ($($name:ident = $id:literal, $zh:literal, $en:literal;)*) => {
        /// A clause that some rule enforces.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Clause { $(#[doc = $en] $name),* }

        impl Clause {
            /// Every clause, in the order of the rulebook.
            pub const ALL: &[Clause] = &[$(Clause::$name),*];

            /// The clause's id in the project's vocabulary, such as `M1.3`.
            pub const fn id(self) -> &'static str { match self { $(Clause::$name => $id),* } }

            /// What it demands, in Chinese.
            pub const fn zh(self) -> &'static str { match self { $(Clause::$name => $zh),* } }

            /// What it demands, in English.
            pub const fn en(self) -> &'static str { match self { $(Clause::$name => $en),* } }
        }
    };
}

clauses! {
    DealerFile     = "M1.1a", "每个经销商建立客户资料档案", "Every dealer has a file with all its particulars";
    RegisteredOnly = "M1.1b", "订单只接受档案登记的账号打款, 否则一律按零售价结算", "Orders accept money only from a registered account; otherwise they settle at retail price";
    OfflineMatch   = "M1.2",  "线下兼线上客户须与营销中心内勤匹配资料", "Offline customers who also sell online are matched with the back office";
    NoFileNoGoods  = "M1.3",  "先建立客户档案后才能发货", "No file, no shipment";
    FileHandedOn   = "M1.4",  "所有客户档案须给到内勤及财务部建档", "Every file goes to the back office and to finance";
    FromStock      = "M2.2",  "要货依据库存及销量, 报内勤, 由厂开单发货", "Each requisition follows from stock and sales, goes to the back office, and the factory bills it";
    MonthSettled   = "M2.3",  "每月5日前与财务结清上月进货", "By the 5th of a month, last month's purchases are settled with finance";
    NoCash         = "M3.0",  "电商部不直接收取任何形式的货款", "The department itself takes no money of any kind";
    TmallMoney     = "M3.1",  "天猫商城收款直接到公司支付宝账户", "Tmall's receipts go straight to the company's Alipay account";
    FinanceFirst   = "M3.2a", "由财务确认收款后通知电商部发货", "Finance confirms the money, then the department ships";
    TmallOnly      = "M3.3",  "零散顾客一律通过天猫旗舰店下单", "Stray retail customers order in the Tmall shop";
    OneDay         = "M4.1",  "打款后 24 小时内完成发货", "Orders are packed and shipped within 24 hours of payment";
    ThreeSign      = "M4.2",  "每一单发货须三方签字, 特殊情况最少两人", "Each shipment is signed by three supervisors, in special cases by two at least";
    WaybillKept    = "M4.3",  "快递单保存完整", "Waybills are kept complete";
    DailyLedger    = "M5.1",  "电商台账表每天登记并上报, 日清后不再补记", "The ledger is kept daily and handed in; a closed day takes no more postings";
    TwoCount       = "M5.2",  "盘点必须至少两人参与, 盲盘交表", "A stocktake is counted blind by two people at least, appointed by the marketing centre";
    CountAgain     = "M5.3",  "盘点有差异须再次盘点, 差亏按零售价补亏", "A difference is counted again by others; a confirmed shortage is made good at retail price";
    GoodsChecked   = "W4",    "收货时核对数量品名", "Goods in are checked line by line against the delivery note";
    RefuseDiffering = "W5",   "数量质量规格不符拒收并上报", "What differs is refused and reported";
    PapersComplete = "W6",    "手续不全有权拒绝发货", "Papers incomplete: refuse to issue";
    BookIsGoods    = "W7",    "日清月结, 账物相符", "Book equals goods: stock is never negative";
    QuarterCount   = "W9",    "季末会同财务盘点, 查明原因, 分清责任, 提出处理意见", "The quarter is counted with finance; each difference has cause, responsible party and proposal";
    StockLow       = "W10",   "压低库存, 滞销提出处理意见", "Stock is kept low; for slow goods it is proposed what to do";
    FixedPlaces    = "W11",   "库位固定有序", "Places are fixed and in order";
    OwnKeeper      = "W12",   "特殊物品专人保管, 标识明显", "Special goods have their own keeper and a clear mark";
    VisitorsNoted  = "W13",   "人员出入登记", "Who goes in and out of the warehouse is registered";
    ThreeChecks    = "W14",   "班前班后三查, 异常即报", "Three checks before and after work; what is irregular is reported at once";
    Secrets        = "P3",    "企业机密和客户资料不外泄, 导出留痕", "Business secrets and customer data stay inside; every export is in the journal";
    OwnWork        = "G1",    "各岗位只办本岗位的事", "Each act belongs to its role, and nobody acts twice where two or three people are asked for";
    Exact          = "G2",    "金额数量必须准确", "Money and quantities are exact";
    Known          = "G3",    "只能对已有的单据和资料办理", "An act names something that exists";
    NothingErased  = "G4",    "一切留痕, 只能冲正不能涂改", "Nothing is deleted or overwritten; a mistake is reversed";
    OnceOnly       = "G5",    "同一笔只办一次", "A flow is posted once and an order ships once";
    AsSeen         = "G6",    "所签即所见", "What is signed or confirmed is what was seen";
    FileWhole      = "G7",    "账单文件必须完整一致", "A statement is whole and agrees with itself, or it is refused";
}

impl Clause {
    /// Refuse under this clause, for this reason.
    pub fn refuse(self, reason: Reason) -> Refusal {
        Refusal { clause: self, reason }
    }

    /// Refuses under this clause unless a reason is given in writing.
    pub fn wants_reason(self, reason: &Text) -> Result<(), Refusal> {
        if reason.is_empty() { Err(self.refuse(Reason::ReasonWanted)) } else { Ok(()) }
    }
}

impl Serialize for Clause {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id())
    }
}

/// A rule said no. An answer, shown to the operator with its clause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refusal {
    clause: Clause,
    #[serde(flatten)]
    reason: Reason,
}

impl Refusal {
    /// The clause that refuses.
    pub fn clause(&self) -> Clause {
        self.clause
    }

    /// The figures behind it.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

/// One or more refusals of one command: W6 asks that all missing papers are named at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// All of them, or the value where there is none.
    pub fn unless_empty(found: Vec<Refusal>) -> Result<(), Refusals> {
        if found.is_empty() { Ok(()) } else { Err(Refusals(found)) }
    }

    /// The same refusals, each changed.
    pub fn map(self, change: impl Fn(Refusal) -> Refusal) -> Refusals {
        Refusals(self.0.into_iter().map(change).collect())
    }

    /// The refusals, at least one, the most important first.
    pub fn list(&self) -> &[Refusal] {
        &self.0
    }
}

impl From<Refusal> for Refusals {
    fn from(one: Refusal) -> Refusals {
        Refusals(vec![one])
    }
}

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

impl fmt::Display for Refusal {
    /// Clause, reason and figures in data's own words: for logs and tests; screens use the locale.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.clause.id(), self.reason.key())?;
        self.reason.facts().iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(Refusal::to_string).collect();
        f.write_str(&all.join("; "))
    }
}
