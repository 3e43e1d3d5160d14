//! The clauses of the regulations, and refusal under one of them.
//!
//! A refusal is an answer, not a failure. It names the clause, and carries the figures behind it
//! as a [`Reason`], so that the notice, the greyed key, the form, a report and a test word it
//! alike. The words are in the locale files, by the reason's own name (`refuse.*`, `pass.*`).

use std::fmt;

use serde::Serialize;

use super::text::Text;

mod reason;

pub use reason::Reason;

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
    PromotionFirst = "M4.5",  "促销活动须签呈, 经销管与市场部确认后方可执行", "Promotions are submitted, and run only after sales management and marketing have confirmed";
    GiftByRule     = "M4.6",  "进货统一按零售价结算, 促销赠品按规则计, 按月核销", "All goods bought settle at retail price; gifts follow the promotion's rule and are written off monthly";
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

    /// Whether all they say is that something is empty, as it is before it is filled in.
    pub fn want_only_filling(&self) -> bool {
        self.0.iter().all(|refusal| matches!(refusal.reason, Reason::Empty { .. }))
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
