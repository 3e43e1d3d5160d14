//! 微信支付商户交易账单: UTF-8 CSV without a preamble, every value behind a backtick, a second header with
//! one row of totals at the end. 27 columns since v3, 24 before.
//!
//! Quirks: a payment and its refund share the order's numbers, so a refund goes by 微信退款单号; fees have
//! five places and are negative where they are given back; the payer is an openid, without a name.

use super::cells::Cells;
use super::fault::Damage;
use super::format::Format;
use super::layout::{End, Field, Figures, Layout, Total, exact, maybe, needed};
use crate::domain::flow::{Direction, FlowClass};
use crate::domain::money::Money;

const SETTLED: usize = 0;
const REFUND: usize = 1;
const COUPON_REFUND: usize = 2;
const FEE: usize = 3;
const ORDER_TOTAL: usize = 4;
const REFUND_ASKED: usize = 5;

/// The format's line in the sniffing table.
pub(super) const LAYOUT: Layout = Layout {
    format: Format::WechatTrades,
    columns: &[
        needed(Field::Time, &["交易时间"]),
        needed(Field::Number, &["微信订单号"]),
        needed(Field::OrderRef, &["商户订单号"]),
        needed(Field::Merchant, &["商户号"]),
        needed(Field::Account, &["用户标识"]),
        needed(Field::State, &["交易状态"]),
        needed(Field::Amount, &["应结订单金额", "总金额"]),
        maybe(Field::Kind, &["交易类型"]),
        maybe(Field::OtherState, &["退款状态"]),
        maybe(Field::RefundNumber, &["微信退款单号"]),
        maybe(Field::Refund, &["退款金额"]),
        maybe(Field::CouponRefund, &["充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"]),
        maybe(Field::Fee, &["手续费"]),
        maybe(Field::OrderTotal, &["订单金额"]),
        maybe(Field::RefundAsked, &["申请退款金额"]),
        maybe(Field::Goods, &["商品名称"]),
        maybe(Field::Remark, &["商户数据包"]),
    ],
    end: End::Summary("总交易单数"),
    totals: &[
        Total { name: "总交易单数", counts_rows: true, take: |figures| Some(exact(figures.amount)) },
        Total { name: "应结订单总金额", counts_rows: false, take: |figures| Some(figures.extras[SETTLED]) },
        Total { name: "总交易额", counts_rows: false, take: |figures| Some(figures.extras[SETTLED]) },
        Total { name: "退款总金额", counts_rows: false, take: |figures| Some(figures.extras[REFUND]) },
        Total { name: "总退款金额", counts_rows: false, take: |figures| Some(figures.extras[REFUND]) },
        Total {
            name: "充值券退款总金额", counts_rows: false, take: |figures| Some(figures.extras[COUPON_REFUND])
        },
        Total {
            name: "总代金券或立减优惠退款金额",
            counts_rows: false,
            take: |figures| Some(figures.extras[COUPON_REFUND]),
        },
        Total {
            name: "总企业红包退款金额", counts_rows: false, take: |figures| Some(figures.extras[COUPON_REFUND])
        },
        Total { name: "手续费总金额", counts_rows: false, take: |figures| Some(figures.extras[FEE]) },
        Total { name: "订单总金额", counts_rows: false, take: |figures| Some(figures.extras[ORDER_TOTAL]) },
        Total { name: "申请退款总金额", counts_rows: false, take: |figures| Some(figures.extras[REFUND_ASKED]) },
    ],
    loose_names: false,
    many_sheets: false,
    judge,
};

fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let time = cells.time(Field::Time)?;
    let settled = cells.needed_amount(Field::Amount)?;
    let refund = cells.amount(Field::Refund)?.unwrap_or_default();
    let state = cells.word(Field::State)?;
    let failed = matches!(&*cells.word(Field::OtherState)?, "FAIL" | "CHANGE");
    let mut figures = match &*state {
        "SUCCESS" => Figures::new(time, Direction::In, FlowClass::Receipt, settled.abs()),
        "REFUND" | "REVOKED" if refund.is_zero() || failed => {
            Figures::new(time, Direction::Out, FlowClass::Closed, refund.abs())
        }
        "REFUND" | "REVOKED" => Figures::new(time, Direction::Out, FlowClass::Refund, refund.abs()),
        _ => Figures::new(time, Direction::Neutral, FlowClass::Closed, settled.abs()),
    };
    if figures.side == Direction::Out && cells.raw(Field::RefundNumber).len() > 1 {
        figures.number = Field::RefundNumber;
    }
    let fee = cells.exact(Field::Fee)?;
    figures.fee = rounded(fee);
    figures.extras = [
        exact(settled),
        exact(refund),
        exact(cells.amount(Field::CouponRefund)?.unwrap_or_default()),
        fee,
        exact(cells.amount(Field::OrderTotal)?.unwrap_or_default()),
        exact(cells.amount(Field::RefundAsked)?.unwrap_or_default()),
    ];
    Ok(figures)
}

/// A fee in hundred-thousandths as an amount without its sign, rounded half away from zero.
fn rounded(fee: i64) -> Money {
    Money::fen((fee.abs() + 500) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_of_five_places_round_to_the_fen() {
        for (fee, fen) in [(0, 0), (5_940, 6), (-5_940, 6), (500, 1), (499, 0), (779_000, 779)] {
            assert_eq!(rounded(fee), Money::fen(fen));
        }
    }
}
