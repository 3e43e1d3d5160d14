//! 微信支付账单明细: a personal account. UTF-8 CSV until 2025, then xlsx with amounts as text, since 2026 as
//! numbers under a header one row lower.
//!
//! Quirks: `/` is empty and also the neutral direction; a withdrawal's amount holds its fee, which stands in
//! the remark as `服务费¥0.10`; a refund is its own row; the other side has a nickname and never an account.

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::layout::{End, Field, Figures, Layout, Total, exact, maybe, needed};
use super::value::hundred_thousandths;
use crate::domain::flow::{Direction, FlowClass};
use crate::domain::money::Money;

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::WechatPersonal,
    columns: &[
        needed(Field::Time, &["交易时间"]),
        needed(Field::Kind, &["交易类型"]),
        needed(Field::Payer, &["交易对方"]),
        needed(Field::Goods, &["商品"]),
        needed(Field::Side, &["收/支"]),
        needed(Field::Amount, &["金额(元)"]),
        needed(Field::State, &["当前状态"]),
        needed(Field::Number, &["交易单号"]),
        needed(Field::OrderRef, &["商户单号"]),
        maybe(Field::Method, &["支付方式"]),
        maybe(Field::Remark, &["备注"]),
    ],
    end: End::WithFile,
    totals: &[
        Total { name: "记录", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
        Total { name: "收入", counts_rows: false, take: |figures| figures.under(Direction::In) },
        Total { name: "支出", counts_rows: false, take: |figures| figures.under(Direction::Out) },
        Total { name: "中性交易", counts_rows: false, take: |figures| figures.under(Direction::Neutral) },
    ],
    loose_names: true,
    many_sheets: false,
    judge,
};

fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let time = cells.time(Field::Time)?;
    let amount = cells.needed_amount(Field::Amount)?.abs();
    let side = cells.side()?;
    let class = class_of(side, &cells.word(Field::Kind)?, &cells.word(Field::State)?);
    let mut figures = Figures::new(time, side, class, amount);
    if class == FlowClass::Refund && side == Direction::Neutral {
        figures.direction = Direction::In;
    }
    figures.fee = fee_in(&cells.word(Field::Remark)?);
    Ok(figures)
}

fn class_of(side: Direction, kind: &str, state: &str) -> FlowClass {
    let nothing_came = ["支付失败", "已关闭", "待支付", "等待", "待确认"].iter().any(|word| state.contains(word));
    match side {
        _ if nothing_came => FlowClass::Closed,
        _ if kind.ends_with("退款") => FlowClass::Refund,
        _ if kind.starts_with("零钱提现") => FlowClass::Withdrawal,
        Direction::Neutral => FlowClass::Transfer,
        Direction::In => FlowClass::Receipt,
        Direction::Out => FlowClass::Other,
    }
}

/// The fee that a remark such as `服务费¥0.10` states.
fn fee_in(remark: &str) -> Money {
    let Some((_, rest)) = remark.split_once("服务费") else { return Money::ZERO };
    let digits: String = rest
        .trim_start_matches(['¥', '￥', ':', '：', ' '])
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let exact = hundred_thousandths(&digits).filter(|fee| fee % 1_000 == 0);
    exact.map_or(Money::ZERO, |fee| Money::fen(fee / 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_read_from_remarks() {
        for (remark, fen) in
            [("服务费¥0.10", 10), ("服务费￥1.00;其他", 100), ("服务费", 0), ("", 0), ("手续费¥3.00", 0)]
        {
            assert_eq!(fee_in(remark), Money::fen(fen), "{remark}");
        }
    }

    #[test]
    fn the_words_of_the_bill_have_their_classes() {
        use Direction::{In, Neutral, Out};
        for (side, kind, state, class) in [
            (In, "二维码收款", "已收钱", FlowClass::Receipt),
            (In, "某商户-退款", "已全额退款", FlowClass::Refund),
            (In, "微信红包-退款", "已存入零钱", FlowClass::Refund),
            (Out, "商户消费", "已退款(￥39.93)", FlowClass::Other),
            (Neutral, "零钱提现", "提现已到账", FlowClass::Withdrawal),
            (Neutral, "信用卡还款", "支付成功", FlowClass::Transfer),
            (In, "转账", "待确认收款", FlowClass::Closed),
        ] {
            assert_eq!(class_of(side, kind, state), class, "{kind} {state}");
        }
    }
}
