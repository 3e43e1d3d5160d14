//! Many more dealers and orders, for measuring: half of the orders await money, half wait to be packed.

use serde_json::json;

use super::days::all_accepted;
use super::goods::GOODS;
use super::{DemoFault, Scale, Stage, dealers};
use crate::desk::Envelope;
use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::time::Moment;
use crate::store::books::Books;

/// Commands in one transaction.
const TOGETHER: u64 = 4_000;

/// Adds the dealers wanted, and half of the orders, spread over the weeks before the play: a month numbers a million.
pub(super) fn before(
    stage: &mut Stage<'_>,
    scale: Scale,
    until: Moment,
    step: &mut dyn FnMut(u64, u64),
) -> Result<(), DemoFault> {
    let books = stage.desk.store().read()?;
    let person = |code: &str| Ok::<PersonId, DemoFault>(books.person_by_code(code)?.ok_or("the person is there")?.id);
    let (clerk, office, money) = (person("zhuanyuan")?, person("neiqin")?, person("caiwu")?);
    let had = books.count("dealers")? as u32;
    drop(books);
    let more = scale.dealers.saturating_sub(had);
    let mut batch = Batch { stage, asked: Vec::new(), done: 0, all: scale.orders + u64::from(more), step };
    for nth in 0..more {
        batch.ask(clerk, json!({"do": "file_dealer", "file": dealers::file_of((had + nth) as usize)}))?;
        for (by, party) in [(office, "back_office"), (money, "finance")] {
            let dealer = format!("D{:05}", had + nth + 1);
            batch.ask(by, json!({"do": "acknowledge_dealer", "dealer": dealer, "version": 1, "party": party}))?;
        }
        batch.settle_when_full()?;
    }
    let (start, half) = (batch.stage.at, scale.orders / 2);
    let span = until.seconds_since(start).max(0) as u64;
    for nth in 0..half {
        batch.stage.until(start.plus_seconds((span * nth / half) as i64));
        batch.ask(clerk, dealers_order(nth, u64::from(had.max(scale.dealers))))?;
        batch.settle_when_full()?;
    }
    batch.settle()
}

/// Adds orders of the Tmall shop, paid within the last day, until there are as many orders as wanted.
pub(super) fn today(
    stage: &mut Stage<'_>,
    scale: Scale,
    now: Moment,
    step: &mut dyn FnMut(u64, u64),
) -> Result<(), DemoFault> {
    let books = stage.desk.store().read()?;
    let clerk = books.person_by_code("zhuanyuan")?.ok_or("the person is there")?.id;
    let had = books.count("orders")? as u64;
    drop(books);
    let mut batch = Batch { stage, asked: Vec::new(), done: had, all: scale.orders, step };
    batch.stage.until(now);
    for nth in 0..scale.orders.saturating_sub(had) {
        batch.ask(clerk, shops_order(nth, now))?;
        batch.settle_when_full()?;
    }
    batch.settle()
}

fn lines(nth: u64) -> serde_json::Value {
    let article = GOODS[(nth * 11) as usize % GOODS.len()].0;
    json!([{"article": article, "quantity": (1 + nth % 9).to_string()}])
}

fn dealers_order(nth: u64, dealers: u64) -> serde_json::Value {
    let complete = dealers.saturating_sub(dealers::OWN as u64);
    let dealer = if complete == 0 { 1 + nth % 55 } else { dealers::OWN as u64 + 1 + (nth * 7_919) % complete };
    json!({"do": "enter_order", "dealer": format!("D{dealer:05}"), "lines": lines(nth)})
}

fn shops_order(nth: u64, now: Moment) -> serde_json::Value {
    let to = json!({"name": "收件人", "address": format!("演示市演示路 {nth} 号")});
    let paid_at = now.plus_seconds(-((nth % 86_000) as i64));
    json!({"do": "enter_tmall_order", "number": format!("77{nth:016}"), "buyer": format!("买家{nth}"),
        "paid_at": paid_at, "lines": lines(nth), "to": to})
}

struct Batch<'a, 'b> {
    stage: &'a mut Stage<'b>,
    asked: Vec<Envelope>,
    done: u64,
    all: u64,
    step: &'a mut dyn FnMut(u64, u64),
}

impl Batch<'_, '_> {
    fn ask(&mut self, by: PersonId, command: serde_json::Value) -> Result<(), DemoFault> {
        let command: Command = serde_json::from_value(command)?;
        self.asked.push(self.stage.envelope(by, command));
        Ok(())
    }

    fn settle_when_full(&mut self) -> Result<(), DemoFault> {
        self.done += 1;
        if self.asked.len() as u64 >= TOGETHER { self.settle() } else { Ok(()) }
    }

    fn settle(&mut self) -> Result<(), DemoFault> {
        all_accepted(self.stage.desk.submit_all(&std::mem::take(&mut self.asked)))?;
        (self.step)(self.done.min(self.all), self.all);
        Ok(())
    }
}
