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

/// Adds dealers and orders until there are as many as wanted.
pub(super) fn add(
    stage: &mut Stage<'_>,
    scale: Scale,
    now: Moment,
    step: &mut dyn FnMut(u64, u64),
) -> Result<(), DemoFault> {
    let books = stage.desk.store().read()?;
    let person = |code: &str| Ok::<PersonId, DemoFault>(books.person_by_code(code)?.ok_or("the person is there")?.id);
    let (clerk, office, money) = (person("zhuanyuan")?, person("neiqin")?, person("caiwu")?);
    let (had, orders) = (books.count("dealers")? as u32, books.count("orders")? as u64);
    drop(books);
    let (more, wanted) = (scale.dealers.saturating_sub(had), scale.orders.saturating_sub(orders));
    let all = u64::from(more) + wanted;
    let mut batch = Batch { stage, now, asked: Vec::new(), done: 0 };
    for nth in 0..more {
        batch.ask(clerk, json!({"do": "file_dealer", "file": dealers::file_of((had + nth) as usize)}))?;
        for (by, party) in [(office, "back_office"), (money, "finance")] {
            let dealer = format!("D{:05}", had + nth + 1);
            batch.ask(by, json!({"do": "acknowledge_dealer", "dealer": dealer, "version": 1, "party": party}))?;
        }
        batch.done += 1;
        if batch.settle_when_full()? {
            step(batch.done, all);
        }
    }
    for nth in 0..wanted {
        batch.ask(clerk, order(nth, u64::from(had.max(scale.dealers)), now))?;
        batch.done += 1;
        if batch.settle_when_full()? {
            step(batch.done, all);
        }
    }
    batch.settle()?;
    step(all, all);
    Ok(())
}

fn order(nth: u64, dealers: u64, now: Moment) -> serde_json::Value {
    let article = GOODS[(nth * 11) as usize % GOODS.len()].0;
    let lines = json!([{"article": article, "quantity": (1 + nth % 9).to_string()}]);
    if nth.is_multiple_of(2) {
        let complete = dealers.saturating_sub(dealers::OWN as u64);
        let dealer = if complete == 0 { 1 + nth % 55 } else { dealers::OWN as u64 + 1 + (nth * 7_919) % complete };
        return json!({"do": "enter_order", "dealer": format!("D{dealer:05}"), "lines": lines});
    }
    let to = json!({"name": "收件人", "address": format!("演示市演示路 {nth} 号")});
    json!({"do": "enter_tmall_order", "number": format!("77{nth:016}"), "buyer": format!("买家{nth}"), "paid_at": now.plus_seconds(-((nth % 86_000) as i64)),
        "lines": lines, "to": to})
}

struct Batch<'a, 'b> {
    stage: &'a mut Stage<'b>,
    now: Moment,
    asked: Vec<Envelope>,
    done: u64,
}

impl Batch<'_, '_> {
    fn ask(&mut self, by: PersonId, command: serde_json::Value) -> Result<(), DemoFault> {
        let command: Command = serde_json::from_value(command)?;
        self.stage.until(self.now);
        self.asked.push(self.stage.envelope(by, command));
        Ok(())
    }

    fn settle_when_full(&mut self) -> Result<bool, DemoFault> {
        let full = self.asked.len() as u64 >= TOGETHER;
        if full {
            self.settle()?;
        }
        Ok(full)
    }

    fn settle(&mut self) -> Result<(), DemoFault> {
        all_accepted(self.stage.desk.submit_all(&std::mem::take(&mut self.asked)))
    }
}
