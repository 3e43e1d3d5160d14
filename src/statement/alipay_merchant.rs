//! What both of Alipay's company ledgers share: one column for income, one for expense, a word for the
//! business, and the classes behind those words.

use super::cells::Cells;
use super::fault::{Damage, Fault};
use super::layout::{Field, Figures, exact};
use crate::domain::flow::{Direction, FlowClass};
use crate::domain::money::Money;

/// Judges a row with the columns 收入 and 支出.
pub(super) fn judge(cells: &Cells<'_>) -> Result<Figures, Damage> {
    let time = cells.time(Field::Time)?;
    let income = cells.amount(Field::Income)?.unwrap_or_default();
    let expense = cells.amount(Field::Expense)?.unwrap_or_default();
    let (side, direction, amount) = match (income.is_zero(), expense.is_zero()) {
        (false, false) => return Err(cells.damage(Field::Expense, Fault::TwoSides)),
        // A negative income takes one back; an expense is written with or without its sign.
        (false, true) => (Direction::In, if income < Money::ZERO { Direction::Out } else { Direction::In }, income),
        (true, false) => (Direction::Out, Direction::Out, expense),
        (true, true) => (Direction::Neutral, Direction::Neutral, Money::ZERO),
    };
    let mut figures = Figures::new(time, side, class_of(&cells.word(Field::Kind)?, direction), amount.abs());
    figures.direction = direction;
    figures.extras[0] = if side == Direction::In { exact(income) } else { exact(amount.abs()) };
    figures.fee = cells.amount(Field::Fee)?.unwrap_or_default().abs();
    figures.balance = cells.amount(Field::Balance)?;
    Ok(figures)
}

/// The class behind 业务类型 or 账务类型.
fn class_of(kind: &str, direction: Direction) -> FlowClass {
    let starts = |words: &[&str]| words.iter().any(|word| kind.starts_with(word));
    let incoming = direction == Direction::In;
    if starts(&["退款", "交易退款"]) {
        FlowClass::Refund
    } else if starts(&["收费", "服务费", "退费", "手续费"]) {
        FlowClass::Fee
    } else if starts(&["分账", "交易分账"]) {
        if incoming { FlowClass::Other } else { FlowClass::Fee }
    } else if starts(&["提现"]) {
        FlowClass::Withdrawal
    } else if starts(&["在线支付", "交易付款", "转账"]) {
        match direction {
            Direction::In => FlowClass::Receipt,
            _ if kind.starts_with("转账") => FlowClass::Transfer,
            _ => FlowClass::Other,
        }
    } else if starts(&["充值", "保证金", "余额宝", "理财", "冻结", "解冻"]) {
        FlowClass::Transfer
    } else {
        FlowClass::Other
    }
}

/// What a row adds to a total of incomes: a taken-back one lowers it.
pub(super) fn income(figures: &Figures) -> Option<i64> {
    (figures.side == Direction::In).then_some(figures.extras[0])
}

/// What a row adds to a total of expenses.
pub(super) fn expense(figures: &Figures) -> Option<i64> {
    (figures.side == Direction::Out).then_some(figures.extras[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_ledgers_have_their_classes() {
        for (kind, direction, class) in [
            ("在线支付", Direction::In, FlowClass::Receipt),
            ("交易付款", Direction::In, FlowClass::Receipt),
            ("转账", Direction::In, FlowClass::Receipt),
            ("转账", Direction::Out, FlowClass::Transfer),
            ("在线支付", Direction::Out, FlowClass::Other),
            ("交易退款", Direction::Out, FlowClass::Refund),
            ("退款（交易退款）", Direction::Out, FlowClass::Refund),
            ("收费", Direction::Out, FlowClass::Fee),
            ("退费", Direction::In, FlowClass::Fee),
            ("交易分账", Direction::Out, FlowClass::Fee),
            ("分账", Direction::In, FlowClass::Other),
            ("提现", Direction::Out, FlowClass::Withdrawal),
            ("余额宝-转入", Direction::Out, FlowClass::Transfer),
            ("保证金", Direction::Out, FlowClass::Transfer),
            ("其它", Direction::In, FlowClass::Other),
        ] {
            assert_eq!(class_of(kind, direction), class, "{kind} {direction:?}");
        }
    }
}
