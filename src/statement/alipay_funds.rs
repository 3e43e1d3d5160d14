//! 支付宝账务组合查询: a company's flow of funds, GB18030 CSV, SpreadsheetML named `.xls`, or re-saved as xlsx.
//!
//! Quirks: columns come and go between months; an empty cell is a blank; the second and later sheets have
//! no header; the last row of a sheet is a summary; rows settled through 聚合结算渠道 have no 支付宝流水号.

use super::alipay_merchant::{expense, income, judge};
use super::format::Format;
use super::layout::{End, Field, Layout, Total, exact, maybe, needed};

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::AlipayFunds,
    columns: &[
        needed(Field::Time, &["入账时间"]),
        needed(Field::Number, &["支付宝流水号"]),
        needed(Field::OtherNumber, &["支付宝交易号"]),
        needed(Field::OrderRef, &["商户订单号"]),
        needed(Field::Kind, &["账务类型"]),
        needed(Field::Income, &["收入(+元)", "收入(元)"]),
        needed(Field::Expense, &["支出(-元)", "支出(元)"]),
        maybe(Field::Balance, &["账户余额(元)"]),
        maybe(Field::Fee, &["服务费(元)"]),
        maybe(Field::State, &["支付渠道"]),
        maybe(Field::Account, &["对方账户"]),
        maybe(Field::Payer, &["对方名称"]),
        maybe(Field::Goods, &["商品名称"]),
        maybe(Field::Remark, &["备注", "付款备注"]),
        maybe(Field::OtherRemark, &["业务描述"]),
        maybe(Field::ShopOrder, &["业务基础订单号"]),
    ],
    end: End::Hashes(false),
    totals: &[
        Total { name: "记录", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
        Total { name: "支出合计", counts_rows: false, take: expense },
        Total { name: "收入合计", counts_rows: false, take: income },
    ],
    loose_names: false,
    many_sheets: true,
    judge,
};
