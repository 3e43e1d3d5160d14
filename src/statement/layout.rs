//! The sniffing table, and what one line of it says: the columns of a format by name, its totals, its
//! end, and how one row is judged. A new format is a file with such a table and a line in [`LAYOUTS`].

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::{alipay_app, alipay_funds, alipay_ledger, alipay_web, wechat_funds, wechat_personal, wechat_trades};
use crate::domain::flow::{Direction, FlowClass};
use crate::domain::money::Money;
use crate::domain::time::Moment;

/// Every layout that is read. Where the names of one are among those of another, the richer one stands first.
pub(super) const LAYOUTS: &[&Layout] = &[
    &alipay_ledger::LAYOUT,
    &alipay_funds::LAYOUT,
    &wechat_trades::LAYOUT,
    &wechat_funds::LAYOUT,
    &wechat_personal::LAYOUT,
    &alipay_app::LAYOUT_2023,
    &alipay_app::LAYOUT_2021,
    &alipay_web::LAYOUT,
];

/// What a column holds, whatever a format calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The flow's number.
    Number,
    /// The number to take where the first is empty.
    OtherNumber,
    /// The merchant order number.
    OrderRef,
    /// The platform's own order number, which is better than the merchant's where it is there.
    ShopOrder,
    /// When the money moved.
    Time,
    /// 收入, 支出 or neither, in words.
    Side,
    /// How much, unsigned.
    Amount,
    /// How much came in.
    Income,
    /// How much went out.
    Expense,
    /// How much went back.
    Refund,
    /// The fee on the same row.
    Fee,
    /// The account's balance after the row.
    Balance,
    /// The format's word for the kind of row.
    Kind,
    /// The format's word for its state.
    State,
    /// A second word of state.
    OtherState,
    /// How it was paid; empty where it never was.
    Method,
    /// Name or nickname of the other side.
    Payer,
    /// Account of the other side.
    Account,
    /// `name (account)` in one cell.
    PayerAndAccount,
    /// What was bought.
    Goods,
    /// Remark.
    Remark,
    /// A second remark.
    OtherRemark,
    /// The merchant's own number at the payment company.
    Merchant,
    /// The refund's own number.
    RefundNumber,
    /// Coupons that were given back.
    CouponRefund,
    /// The order's total before coupons.
    OrderTotal,
    /// The refund that was asked for.
    RefundAsked,
}

impl Field {
    /// How many fields there are.
    pub(super) const COUNT: usize = Field::RefundAsked as usize + 1;
}

/// One column of a format.
pub(super) struct Column {
    /// What it holds.
    pub(super) field: Field,
    /// Its names, the better one first, with brackets and colons folded to ASCII.
    pub(super) names: &'static [&'static str],
    /// Whether a file without it is not of this format.
    pub(super) needed: bool,
}

/// A column that a file of the format always has.
pub(super) const fn needed(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, needed: true }
}

/// A column that a file of the format may have.
pub(super) const fn maybe(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, needed: false }
}

/// How the list of flows ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With the file.
    WithFile,
    /// With a line of dashes, notes after it.
    Dashes,
    /// With lines that begin with `#`; whether every file of the format has them.
    Hashes(bool),
    /// With a second header that begins with this name, and one row of totals under it.
    Summary(&'static str),
}

/// A total that files of a format may state.
pub(super) struct Total {
    /// Its name in the file, folded to ASCII punctuation.
    pub(super) name: &'static str,
    /// Whether a bare number under this name counts rows instead of money.
    pub(super) counts_rows: bool,
    /// What a row adds to it, in hundred-thousandths of a yuan; nothing where the row is not counted.
    pub(super) take: fn(&Figures) -> Option<i64>,
}

/// One format, as the sniffing table lists it.
pub(super) struct Layout {
    /// Whose export it is.
    pub(super) format: Format,
    /// Its columns.
    pub(super) columns: &'static [Column],
    /// How its list ends.
    pub(super) end: End,
    /// The totals that it states.
    pub(super) totals: &'static [Total],
    /// Whether names in it are written with bare commas.
    pub(super) loose_names: bool,
    /// Whether its later sheets go on without a header.
    pub(super) many_sheets: bool,
    /// What a row of it is.
    pub(super) judge: fn(&Cells<'_>) -> Result<Figures, Damage>,
}

/// What a row says in figures, before anybody wants its texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    /// Which field holds the flow's number on this row.
    pub(super) number: Field,
    /// When.
    pub(super) time: Moment,
    /// Which column or word of direction the row stands under, as its totals count it.
    pub(super) side: Direction,
    /// Which way the money went.
    pub(super) direction: Direction,
    /// What it is.
    pub(super) class: FlowClass,
    /// How much, never negative.
    pub(super) amount: Money,
    /// The fee on the same row, never negative.
    pub(super) fee: Money,
    /// The balance after it.
    pub(super) balance: Option<Money>,
    /// Figures that only the totals of one format want, in hundred-thousandths of a yuan.
    pub(super) extras: [i64; 6],
}

impl Figures {
    /// A row of `amount` that moved at `time`, by its word of direction.
    pub(super) fn new(time: Moment, side: Direction, class: FlowClass, amount: Money) -> Figures {
        let direction = if class == FlowClass::Closed { Direction::Neutral } else { side };
        let (fee, balance, extras) = (Money::ZERO, None, [0; 6]);
        Figures { number: Field::Number, time, side, direction, class, amount, fee, balance, extras }
    }

    /// The amount where the row stands under `side`, as most totals count.
    pub(super) fn under(&self, side: Direction) -> Option<i64> {
        (self.side == side).then(|| exact(self.amount))
    }
}

/// An amount in hundred-thousandths of a yuan, as WeChat states fees.
pub(super) fn exact(amount: Money) -> i64 {
    amount.as_fen() * 1_000
}
