//! A few days of the department: orders taken, money confirmed, shipments signed, packed and sent, each by whose work it is.

use serde_json::{Value, json};

use super::goods::GOODS;
use super::{DemoFault, Stage, dealers};
use crate::desk::Answer;
use crate::desk::import::Chunk;
use crate::domain::event::Event;
use crate::domain::flow::{Direction, Flow, FlowClass};
use crate::domain::id::{AccountId, FlowId, OrderId};
use crate::domain::money::Money;
use crate::domain::order::Basis;
use crate::domain::time::{CHINA, Moment};
use crate::store::books::{Books, Daybook};

/// An order that awaits money.
pub(super) struct Due {
    /// The dealer's place in the list.
    pub dealer: usize,
    /// The order.
    pub order: OrderId,
    /// What is due.
    pub amount: Money,
}

/// How far an order of the play gets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Unpaid,
    Cancelled,
    /// Paid from an account that is not registered: settled at retail, short of it.
    Stranger,
    Signed(usize),
    Objected,
    Excepted,
    Packed,
    Waybill,
    Shipped,
}

/// Hours before the present, and what becomes of the orders taken then.
const SLOTS: &[(i64, &[Fate])] = &[
    (-76, &[Fate::Shipped; 7]),
    (-52, &[Fate::Shipped; 6]),
    (-50, &[Fate::Shipped, Fate::Shipped, Fate::Cancelled, Fate::Shipped]),
    (-29, &[Fate::Shipped, Fate::Shipped, Fate::Shipped, Fate::Signed(2), Fate::Shipped]),
    (-26, &[Fate::Shipped, Fate::Signed(1), Fate::Shipped]),
    (-22, &[Fate::Waybill, Fate::Packed, Fate::Signed(3), Fate::Objected, Fate::Excepted, Fate::Signed(2)]),
    (-8, &[Fate::Signed(3), Fate::Signed(2), Fate::Signed(1), Fate::Signed(0), Fate::Stranger, Fate::Signed(0)]),
    (-5, &[Fate::Unpaid; 9]),
    (-3, &[Fate::Unpaid, Fate::Unpaid, Fate::Unpaid, Fate::Cancelled, Fate::Unpaid]),
];

/// Plays the days; gives the orders that await money at their end.
pub(super) fn play(stage: &mut Stage<'_>, now: Moment) -> Result<Vec<Due>, DemoFault> {
    let mut nth = 0;
    for (hours, fates) in SLOTS {
        close_before(stage, now.plus_hours(*hours))?;
        stage.until(now.plus_hours(*hours));
        let mut taken = Vec::new();
        for fate in *fates {
            taken.push((take(stage, nth)?, *fate));
            nth += 1;
        }
        pay(stage, &taken)?;
        for (due, fate) in taken {
            serve(stage, due.order, fate)?;
        }
    }
    close_before(stage, now)?;
    tmall(stage)?;
    let books = stage.desk.store().read()?;
    let mut waiting = Vec::new();
    for row in books.queue(None, 500)?.into_iter().filter(|row| row.deadline.is_none()) {
        let Some(order) = books.order(row.order)? else { continue };
        let due = order.dealer().filter(|_| order.basis == Basis::Tier);
        waiting.extend(due.map(|dealer| Due {
            dealer: dealer.0 as usize - 1,
            order: order.id,
            amount: order.open_amount(),
        }));
    }
    Ok(waiting)
}

/// The supervisor closes the day that is over before `next`, in its evening; days on which nothing left need no closing.
fn close_before(stage: &mut Stage<'_>, next: Moment) -> Result<(), DemoFault> {
    let (day, then) = (stage.at.day(CHINA), next.day(CHINA));
    let open = stage.desk.store().read()?.first_unclosed()?.filter(|open| day < then && *open <= day);
    if let Some(open) = open {
        stage.until(day.start(CHINA).plus_hours(19));
        stage.act("zhuguan", json!({"do": "close_day", "day": open}))?;
    }
    Ok(())
}

fn lines(stage: &mut Stage<'_>) -> Value {
    let first = stage.dice.below(GOODS.len() as u64) as usize;
    let count = 1 + stage.dice.below(3) as usize;
    let line = |at: usize, quantity: u64| json!({"article": GOODS[(first + at * 5) % GOODS.len()].0, "quantity": quantity.to_string()});
    (0..count).map(|at| line(at, 2 + stage.dice.below(14))).collect()
}

/// A dealer's order is taken.
fn take(stage: &mut Stage<'_>, nth: usize) -> Result<Due, DemoFault> {
    let dealer = (nth * 7) % 55;
    let lines = lines(stage);
    let order = json!({"do": "enter_order", "dealer": format!("D{:05}", dealer + 1), "lines": lines, "remark": ""});
    let Event::OrderEntered { order, .. } = stage.act("zhuanyuan", order)? else {
        return Err("an order is an order".into());
    };
    let amount = stage.desk.store().read()?.order(order)?.ok_or("the order is there")?.due();
    Ok(Due { dealer, order, amount })
}

/// The dealers pay, finance imports what came and confirms it.
fn pay(stage: &mut Stage<'_>, taken: &[(Due, Fate)]) -> Result<(), DemoFault> {
    let paying: Vec<&(Due, Fate)> =
        taken.iter().filter(|(_, fate)| !matches!(fate, Fate::Unpaid | Fate::Cancelled)).collect();
    for (account, channel) in [(AccountId(1), "alipay"), (AccountId(2), "wechat")] {
        let mine: Vec<&&(Due, Fate)> =
            paying.iter().filter(|(due, _)| dealers::account(due.dealer).0 == channel).collect();
        if mine.is_empty() {
            continue;
        }
        let first = post(stage, account, &mine)?;
        for (at, (due, fate)) in mine.into_iter().enumerate() {
            let stranger = *fate == Fate::Stranger;
            let dealer = format!("D{:05}", due.dealer + 1);
            let shares = json!([{"order": due.order, "amount": due.amount}]);
            let payment = FlowId(first.0 + at as u64);
            let confirm = json!({"do": "confirm_payment", "payment": payment, "dealer": dealer, "orders": shares, "accept_retail": stranger});
            stage.act("caiwu", confirm)?;
        }
    }
    Ok(())
}

fn post(stage: &mut Stage<'_>, account: AccountId, paying: &[&&(Due, Fate)]) -> Result<FlowId, DemoFault> {
    let (channel, number, name) = super::inbox::ACCOUNTS[usize::from(account.0) - 1];
    let number_of = |order: OrderId| format!("2026{}", order.number());
    let rows: Vec<Flow> = paying
        .iter()
        .enumerate()
        .map(|(at, (due, fate))| Flow {
            row: at as u32 + 6,
            number: number_of(due.order).into(),
            order_ref: "".into(),
            time: stage.at.plus_seconds(60 * at as i64),
            direction: Direction::In,
            class: FlowClass::Receipt,
            amount: due.amount,
            fee: Money::ZERO,
            payer: dealers::name(due.dealer).into(),
            payer_account: if *fate == Fate::Stranger {
                "linshi0001@example.com".into()
            } else {
                dealers::account(due.dealer).1.into()
            },
            remark: "货款".into(),
            kind: "转账".into(),
            state: "".into(),
        })
        .collect();
    stage.until(stage.at.plus_seconds(60 * rows.len() as i64 + 600));
    let format = if channel == "wechat" { "wechat_funds" } else { "alipay_ledger" };
    let file = json!({"name": format!("{name}.csv"), "format": format, "channel": channel, "account": number,
        "sha256": "", "rows": rows.len(), "totals": []});
    let Event::StatementImported { import, .. } =
        stage.act("caiwu", json!({"do": "import_statement", "account": name, "file": file}))?
    else {
        return Err("an import is an import".into());
    };
    let books = stage.desk.store().read()?;
    let by = books.person_by_code("caiwu")?.ok_or("finance is there")?.id;
    let first = FlowId(books.count("flows")? as u64 + 1);
    drop(books);
    let chunk = Chunk { import, account, by, terminal: "demo".into(), rows };
    stage.desk.post_flows(chunk, stage.at)?;
    Ok(first)
}

const SIGNERS: [&str; 3] = ["zhuguan", "tuiguang", "yunying"];

fn sign(stage: &mut Stage<'_>, order: OrderId, count: usize) -> Result<(), DemoFault> {
    for person in &SIGNERS[..count] {
        let seen = stage.desk.store().read()?.order(order)?.ok_or("the order is there")?.fingerprint(1);
        stage.act(person, json!({"do": "sign_shipment", "order": order, "seen": seen}))?;
    }
    Ok(())
}

/// The shipment is taken as far as it gets.
fn serve(stage: &mut Stage<'_>, order: OrderId, fate: Fate) -> Result<(), DemoFault> {
    match fate {
        Fate::Unpaid | Fate::Stranger => return Ok(()),
        Fate::Cancelled => {
            stage.act("zhuanyuan", json!({"do": "cancel_order", "order": order, "reason": "客户改主意, 未打款"}))?;
            return Ok(());
        }
        Fate::Signed(count) => return sign(stage, order, count),
        Fate::Objected => {
            sign(stage, order, 2)?;
            stage.act(
                "yunying",
                json!({"do": "object_shipment", "order": order, "reason": "收货地址与上月不同, 请核实"}),
            )?;
            return Ok(());
        }
        Fate::Excepted => {
            sign(stage, order, 2)?;
            stage.act(
                "tuiguang",
                json!({"do": "except_shipment", "order": order, "reason": "运营主管出差, 已电话告知"}),
            )?;
            return Ok(());
        }
        Fate::Packed | Fate::Waybill | Fate::Shipped => sign(stage, order, 3)?,
    }
    stage.act("cangguan", json!({"do": "pack_shipment", "order": order}))?;
    if fate >= Fate::Waybill {
        let number = format!("SF14{:011}", order.number() % 100_000_000_000);
        stage.act("cangguan", json!({"do": "note_waybill", "order": order, "carrier": "sf", "number": number}))?;
    }
    if fate == Fate::Shipped {
        stage.act("cangguan", json!({"do": "ship_shipment", "order": order}))?;
    }
    Ok(())
}

/// Orders of the Tmall shop: no signatures, some packed, some to pack.
fn tmall(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    let refer = json!({"do": "refer_customer", "name": "散客 小林", "contact": "微信 演示", "remark": "想买两袋木耳"});
    let Event::CustomerReferred { referral, .. } = stage.act("kefu", refer)? else {
        return Err("a referral is one".into());
    };
    for nth in 0..5u32 {
        let paid = stage.at.plus_hours(-i64::from(nth) * 5 - 1);
        let (lines, to) = (
            lines(stage),
            json!({"name": "收件人", "phone": "13900000000", "address": format!("成都市演示街 {nth} 号")}),
        );
        let tied = (nth == 0).then_some(referral);
        let enter = json!({"do": "enter_tmall_order", "number": format!("19302611230000{nth:03}"), "buyer": format!("天猫买家{nth}"),
            "paid_at": paid, "lines": lines, "to": to, "referral": tied});
        let Event::TmallOrderEntered { order, .. } = stage.act("zhuanyuan", enter)? else {
            return Err("an order is an order".into());
        };
        if nth == 4 {
            stage.act("cangguan", json!({"do": "pack_shipment", "order": order}))?;
        }
    }
    Ok(())
}

/// Asserts that a batch was accepted.
pub(super) fn all_accepted(answers: Vec<Answer>) -> Result<(), DemoFault> {
    answers.into_iter().try_for_each(|answer| match answer {
        Answer::Accepted { .. } => Ok(()),
        Answer::Refused(refusals) => Err(refusals.to_string().into()),
        Answer::Failed(fault) => Err(fault.into()),
    })
}
