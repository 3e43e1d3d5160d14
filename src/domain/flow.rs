//! One flow (流水) of a statement: what a bank or a payment company says happened to the money.
//!
//! A flow is a fact of somebody else's books: it is kept as it was stated and never netted against
//! another. What the department makes of it is the payment's record (`payment.rs`).

use serde::{Deserialize, Serialize};

use super::money::Money;
use super::text::Text;
use super::time::Moment;

/// Through whom money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 支付宝.
    Alipay,
    /// 微信支付.
    Wechat,
    /// A bank account.
    Bank,
}

/// Which way the money went, seen from the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 收入.
    In,
    /// 支出.
    Out,
    /// 不计收支, 中性, empty: money moved between the company's own pockets, or did not move.
    Neutral,
}

/// What a flow is. Kinds are kept apart: a refund is not a smaller receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowClass {
    /// 收款: money received from somebody, which can be confirmed for an order.
    Receipt,
    /// 退款: money given back, by us or to us (the direction says which).
    Refund,
    /// 服务费, 手续费, 分账: what the payment company keeps.
    Fee,
    /// 提现: from the receiving account to the corporate account.
    Withdrawal,
    /// 转账 between own accounts, top-ups, savings.
    Transfer,
    /// 交易关闭: an intent that came to nothing; no money moved.
    Closed,
    /// Anything else that moved money, such as our own purchases.
    Other,
}

/// One row of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Flow {
    /// The row's line in the file (sheet row for workbooks), from 1.
    pub row: u32,
    /// The flow number (交易单号, 账务流水号 …) that identifies it at the payment company.
    pub number: Text,
    /// The merchant order number (商户订单号), or empty.
    pub order_ref: Text,
    /// When the money moved, as stated, in China's time.
    pub time: Moment,
    /// Which way it went.
    pub direction: Direction,
    /// What it is.
    pub class: FlowClass,
    /// How much, never negative.
    pub amount: Money,
    /// The fee stated on the same row, never negative; zero where there is none.
    pub fee: Money,
    /// Who is on the other side: name or nickname, or empty.
    pub payer: Text,
    /// The other side's account as stated, masked or not, or empty where it is not readable.
    pub payer_account: Text,
    /// What the row is about: goods, remark, message of the payer.
    pub remark: Text,
    /// The file's own word for the kind of row (业务类型, 交易类型 …).
    pub kind: Text,
    /// The file's own word for its state (交易状态, 当前状态 …).
    pub state: Text,
}

/// A total that a statement file states about itself, beside what its rows add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StatedTotal {
    /// The file's own name of the total, such as 收入.
    pub name: Text,
    /// How many rows it states, where it does.
    pub rows_stated: Option<u64>,
    /// How many rows there are.
    pub rows_found: u64,
    /// The sum it states, where it states a readable one.
    pub sum_stated: Option<Money>,
    /// What the rows add up to.
    pub sum_found: Money,
}

impl StatedTotal {
    /// Whether the file agrees with itself here.
    pub fn agrees(&self) -> bool {
        self.rows_stated.is_none_or(|stated| stated == self.rows_found)
            && self.sum_stated.is_none_or(|stated| stated == self.sum_found)
    }
}
