//! 支付宝电子客户回单: a personal account, exported by the app. GBK CSV of 2021 (notes at the end) and of
//! 2023 (notes at the top, one column more).
//!
//! Quirks: accounts are masked; a refund is its own row with 不计收支, 其他 or 收入, and the original turns to
//! 交易关闭 with its full amount; a closed row that was never paid has no 收/付款方式. Nothing is netted.

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::layout::{Column, End, Field, Figures, Layout, Total, exact, needed};
use crate::domain::flow::{Direction, FlowClass};

const NUMBER: Column = needed(Field::Number, &["交易订单号", "交易号"]);
const ORDER: Column = needed(Field::OrderRef, &["商家订单号", "商户订单号"]);
const TIME: Column = needed(Field::Time, &["交易时间"]);
const KIND: Column = needed(Field::Kind, &["交易分类"]);
const PAYER: Column = needed(Field::Payer, &["交易对方"]);
const ACCOUNT: Column = needed(Field::Account, &["对方账号"]);
const GOODS: Column = needed(Field::Goods, &["商品说明"]);
const SIDE: Column = needed(Field::Side, &["收/支"]);
const AMOUNT: Column = needed(Field::Amount, &["金额", "金额(元)"]);
const METHOD: Column = needed(Field::Method, &["收/付款方式"]);
const STATE: Column = needed(Field::State, &["交易状态"]);
const REMARK: Column = needed(Field::Remark, &["备注"]);

const TOTALS: &[Total] = &[
    Total { name: "记录", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
    Total { name: "收入", counts_rows: false, take: |figures| figures.under(Direction::In) },
    Total { name: "支出", counts_rows: false, take: |figures| figures.under(Direction::Out) },
    Total { name: "其他", counts_rows: false, take: |figures| figures.under(Direction::Neutral) },
    Total { name: "不计收支", counts_rows: false, take: |figures| figures.under(Direction::Neutral) },
];

/// The line of 2021 in the sniffing table.
pub(super) const LAYOUT_2021: Layout = Layout {
    format: Format::AlipayApp2021,
    columns: &[NUMBER, ORDER, TIME, KIND, PAYER, ACCOUNT, GOODS, SIDE, AMOUNT, METHOD, STATE],
    end: End::Dashes,
    totals: TOTALS,
    loose_names: true,
    many_sheets: false,
    judge,
};

/// The line of 2023 in the sniffing table.
pub(super) const LAYOUT_2023: Layout = Layout {
    format: Format::AlipayApp2023,
    columns: &[NUMBER, ORDER, TIME, KIND, PAYER, ACCOUNT, GOODS, SIDE, AMOUNT, METHOD, STATE, REMARK],
    end: End::WithFile,
    totals: TOTALS,
    loose_names: true,
    many_sheets: false,
    judge,
};

fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let time = cells.time(Field::Time)?;
    let amount = cells.needed_amount(Field::Amount)?.abs();
    let side = cells.side()?;
    let (state, kind, goods) = (cells.word(Field::State)?, cells.word(Field::Kind)?, cells.word(Field::Goods)?);
    let class = class_of(side, &state, &kind, &goods, cells.is_empty(Field::Method));
    let mut figures = Figures::new(time, side, class, amount);
    if class == FlowClass::Refund && side == Direction::Neutral {
        figures.direction = Direction::In;
    }
    Ok(figures)
}

fn class_of(side: Direction, state: &str, kind: &str, goods: &str, never_paid: bool) -> FlowClass {
    if state == "退款成功" || (kind == "退款" && state != "交易关闭") {
        return FlowClass::Refund;
    }
    match side {
        _ if state == "交易关闭" && (never_paid || side == Direction::In) => FlowClass::Closed,
        Direction::In if state.starts_with("等待") => FlowClass::Closed,
        Direction::In if !goods.contains("收益发放") => FlowClass::Receipt,
        Direction::In | Direction::Out => FlowClass::Other,
        Direction::Neutral if goods.starts_with("提现") => FlowClass::Withdrawal,
        Direction::Neutral => FlowClass::Transfer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refunds_and_closed_rows_keep_their_class() {
        use Direction::{In, Neutral, Out};
        for (side, state, kind, goods, never_paid, class) in [
            (Neutral, "退款成功", "退款", "退款-亲情卡", false, FlowClass::Refund),
            (In, "退款成功", "退款", "退款-茶", false, FlowClass::Refund),
            (Neutral, "退款成功", "餐饮美食", "退款-外卖", false, FlowClass::Refund),
            (Out, "交易关闭", "交通出行", "一卡通充值", false, FlowClass::Other),
            (Neutral, "交易关闭", "日用百货", "茶", true, FlowClass::Closed),
            (In, "交易关闭", "收入", "茶", true, FlowClass::Closed),
            (In, "等待确认收货", "收入", "茶", true, FlowClass::Closed),
            (In, "交易成功", "收入", "茶", true, FlowClass::Receipt),
            (Neutral, "交易成功", "转账红包", "提现-快速提现", false, FlowClass::Withdrawal),
            (Neutral, "交易成功", "投资理财", "余额宝-单次转入", false, FlowClass::Transfer),
        ] {
            assert_eq!(class_of(side, state, kind, goods, never_paid), class, "{state} {kind} {goods}");
        }
    }
}
