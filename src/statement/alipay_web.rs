//! 支付宝交易记录明细查询: a personal account, exported on the web. GBK CSV, 16 columns padded with blanks.
//!
//! Quirks: refunds and own transfers have an empty 收/支; whether money moved at all is in 资金状态, and
//! 交易关闭 without one was never paid; the totals count by 收/支 and 资金状态; no column holds the other
//! side's account.

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::layout::{End, Field, Figures, Layout, Total, exact, maybe, needed};
use crate::domain::flow::{Direction, FlowClass};

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::AlipayWeb,
    columns: &[
        needed(Field::Number, &["交易号"]),
        needed(Field::OrderRef, &["商家订单号", "商户订单号"]),
        needed(Field::Time, &["交易创建时间"]),
        needed(Field::Kind, &["类型"]),
        needed(Field::Payer, &["交易对方"]),
        needed(Field::Goods, &["商品名称"]),
        needed(Field::Amount, &["金额(元)"]),
        needed(Field::Side, &["收/支"]),
        needed(Field::State, &["交易状态"]),
        needed(Field::OtherState, &["资金状态"]),
        maybe(Field::Fee, &["服务费(元)"]),
        maybe(Field::Remark, &["备注"]),
    ],
    end: End::Dashes,
    totals: &[
        Total { name: "记录", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
        Total { name: "已收入", counts_rows: false, take: |figures| settled(figures, Direction::In, SETTLED) },
        Total { name: "待收入", counts_rows: false, take: |figures| settled(figures, Direction::In, PENDING) },
        Total { name: "已支出", counts_rows: false, take: |figures| settled(figures, Direction::Out, SETTLED) },
        Total { name: "待支出", counts_rows: false, take: |figures| settled(figures, Direction::Out, PENDING) },
    ],
    loose_names: true,
    many_sheets: false,
    judge,
};

const SETTLED: i64 = 1;
const PENDING: i64 = 2;

fn settled(figures: &Figures, side: Direction, funds: i64) -> Option<i64> {
    figures.under(side).filter(|_| figures.extras[0] == funds)
}

fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let time = cells.time(Field::Time)?;
    let amount = cells.needed_amount(Field::Amount)?.abs();
    let side = cells.side()?;
    let (state, funds) = (cells.word(Field::State)?, cells.word(Field::OtherState)?);
    let class = class_of(side, &state, &funds, &cells.word(Field::Goods)?);
    let mut figures = Figures::new(time, side, class, amount);
    if class == FlowClass::Refund {
        figures.direction = if funds == "已支出" { Direction::Out } else { Direction::In };
    }
    figures.fee = cells.amount(Field::Fee)?.unwrap_or_default().abs();
    figures.extras[0] = match &*funds {
        "已收入" | "已支出" => SETTLED,
        "待收入" | "待支出" => PENDING,
        _ => 0,
    };
    Ok(figures)
}

fn class_of(side: Direction, state: &str, funds: &str, goods: &str) -> FlowClass {
    if state == "退款成功" {
        FlowClass::Refund
    } else if funds.starts_with('待') || (funds.is_empty() && (state == "交易关闭" || state.starts_with("等待")))
    {
        FlowClass::Closed
    } else if side == Direction::Neutral && goods.starts_with("提现") {
        FlowClass::Withdrawal
    } else {
        match side {
            Direction::Neutral => FlowClass::Transfer,
            Direction::In if !goods.contains("收益发放") => FlowClass::Receipt,
            Direction::In | Direction::Out => FlowClass::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_means_that_no_money_moved() {
        use Direction::{In, Neutral, Out};
        for (side, state, funds, goods, class) in [
            (Out, "交易关闭", "", "茶", FlowClass::Closed),
            (Out, "交易关闭", "已支出", "茶", FlowClass::Other),
            (In, "等待买家付款", "待收入", "茶", FlowClass::Closed),
            (In, "交易成功", "已收入", "茶", FlowClass::Receipt),
            (In, "交易成功", "已收入", "余额宝-2019.09.29-收益发放", FlowClass::Other),
            (Neutral, "退款成功", "已收入", "退款-茶", FlowClass::Refund),
            (Neutral, "交易成功", "资金转移", "提现-快速提现", FlowClass::Withdrawal),
            (Neutral, "交易成功", "资金转移", "余额宝-转入", FlowClass::Transfer),
        ] {
            assert_eq!(class_of(side, state, funds, goods), class, "{state} {funds} {goods}");
        }
    }
}
