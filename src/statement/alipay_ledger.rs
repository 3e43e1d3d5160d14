//! 支付宝账务明细: a merchant's ledger, GBK CSV between `#` lines, or re-saved as a workbook.
//!
//! Quirks: every cell ends with a tab; the expense is negative in most files and positive in some; name
//! and account of the other side share one cell; newer files add columns and put them where they like.

use super::alipay_merchant::{expense, income, judge};
use super::format::Format;
use super::layout::{End, Field, Layout, Total, maybe, needed};

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::AlipayLedger,
    columns: &[
        needed(Field::Number, &["账务流水号"]),
        needed(Field::OrderRef, &["商户订单号"]),
        needed(Field::Time, &["发生时间"]),
        needed(Field::PayerAndAccount, &["对方账号"]),
        needed(Field::Income, &["收入金额(+元)", "收入金额(元)"]),
        needed(Field::Expense, &["支出金额(-元)", "支出金额(元)"]),
        needed(Field::Kind, &["业务类型"]),
        maybe(Field::Balance, &["账户余额(元)"]),
        maybe(Field::State, &["交易渠道"]),
        maybe(Field::Goods, &["商品名称"]),
        maybe(Field::Remark, &["备注"]),
        maybe(Field::OtherRemark, &["业务描述"]),
        maybe(Field::ShopOrder, &["业务基础订单号"]),
    ],
    end: End::Hashes(true),
    totals: &[
        Total { name: "支出合计", counts_rows: false, take: expense },
        Total { name: "收入合计", counts_rows: false, take: income },
    ],
    loose_names: false,
    many_sheets: false,
    judge,
};
