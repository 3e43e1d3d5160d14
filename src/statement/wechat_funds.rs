//! 微信支付商户资金账单: UTF-8 CSV without a preamble, every value behind a backtick, a second header with
//! one row of totals at the end. One file for each of the merchant's accounts.
//!
//! Quirks: counts in the totals may read `20.0`; the other side is not stated at all (it stands in the
//! trades under the same 微信支付业务单号); fees are rows of their own.

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::layout::{End, Field, Figures, Layout, Total, exact, maybe, needed};
use crate::domain::flow::{Direction, FlowClass};

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::WechatFunds,
    columns: &[
        needed(Field::Time, &["记账时间"]),
        needed(Field::Number, &["资金流水单号"]),
        needed(Field::Goods, &["微信支付业务单号"]),
        needed(Field::Kind, &["业务类型"]),
        needed(Field::Side, &["收支类型"]),
        needed(Field::Amount, &["收支金额(元)"]),
        maybe(Field::Balance, &["账户结余(元)"]),
        maybe(Field::State, &["业务名称"]),
        maybe(Field::Remark, &["备注"]),
        maybe(Field::OrderRef, &["业务凭证号"]),
    ],
    end: End::Summary("资金流水总笔数"),
    totals: &[
        Total { name: "资金流水总笔数", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
        Total { name: "收入笔数", counts_rows: true, take: |figures| figures.under(Direction::In) },
        Total { name: "收入金额", counts_rows: false, take: |figures| figures.under(Direction::In) },
        Total { name: "支出笔数", counts_rows: true, take: |figures| figures.under(Direction::Out) },
        Total { name: "支出金额", counts_rows: false, take: |figures| figures.under(Direction::Out) },
    ],
    loose_names: false,
    many_sheets: false,
    judge,
};

fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let side = cells.side()?;
    let amount = cells.needed_amount(Field::Amount)?.abs();
    let mut figures = Figures::new(cells.time(Field::Time)?, side, class_of(&cells.word(Field::Kind)?, side), amount);
    figures.balance = cells.amount(Field::Balance)?;
    Ok(figures)
}

fn class_of(kind: &str, side: Direction) -> FlowClass {
    let incoming = side == Direction::In;
    if kind.contains("手续费") {
        FlowClass::Fee
    } else if kind.contains("退款") {
        FlowClass::Refund
    } else if kind.contains("提现") {
        FlowClass::Withdrawal
    } else if kind.contains("分账") {
        if incoming { FlowClass::Other } else { FlowClass::Fee }
    } else if kind.contains("充值") {
        FlowClass::Transfer
    } else if kind.starts_with("交易") && incoming {
        FlowClass::Receipt
    } else {
        FlowClass::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_bill_have_their_classes() {
        for (kind, side, class) in [
            ("交易", Direction::In, FlowClass::Receipt),
            ("退款", Direction::Out, FlowClass::Refund),
            ("扣除交易手续费", Direction::Out, FlowClass::Fee),
            ("手续费", Direction::In, FlowClass::Fee),
            ("提现", Direction::Out, FlowClass::Withdrawal),
            ("分账", Direction::Out, FlowClass::Fee),
            ("充值", Direction::In, FlowClass::Transfer),
            ("其他", Direction::Out, FlowClass::Other),
        ] {
            assert_eq!(class_of(kind, side), class, "{kind}");
        }
    }
}
