//! The month's report over many orders, read from totals, beside SQLite scanning the same movements by a covering index.
//!
//! `cargo bench --bench month [-- ORDERS]`. Each order is of the Tmall shop: entered, packed, given its waybill, shipped. The
//! report is asked for again and again in one run of each; both must come to the same sums. SQLite is Python's; where there
//! is no `python3`, that part is left out and said so.

use std::fmt::Write;
use std::process::Command as Process;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::id::{ArticleId, OrderId, PersonId};
use taizhang::domain::stock::MoveKind;
use taizhang::domain::time::{Moment, Month};
use taizhang::store::books::{Books, Daybook};
use taizhang::store::open::Store;

const ORDERS: u64 = 2_000;
/// Articles that the orders are of, by turns.
const ARTICLES: u64 = 40;
/// Orders in one transaction.
const TOGETHER: u64 = 1_000;
/// How often the report is asked for.
const TIMES: usize = 101;
/// The month of the report, and the one before it, in which half of the orders ship.
const MONTH: &str = "2026-11";

fn main() {
    let orders = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ORDERS);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let desk = Desk::new(Store::open(&folder.path().join("books.redb"), true, &mut |_| {}).expect("a store"));
    furnish(&desk, orders);
    ship(&desk, orders);
    let read = desk.store().read().expect("a reading");
    let (mut times, mut sums) = (Vec::new(), (0, 0));
    for _ in 0..TIMES {
        let began = Instant::now();
        let report = read.month_of_goods(MONTH.parse().expect("a month")).expect("a report");
        times.push(began.elapsed());
        let moved = report.values().flat_map(|article| article.moved.values());
        sums = moved
            .fold((0, 0), |(much, fen), (quantity, value)| (much + quantity.as_thousandths(), fen + value.as_fen()));
    }
    times.sort();
    let ours = times[TIMES / 2];
    println!("{orders} orders: the month of {ARTICLES} articles from totals, p50 {ours:.1?}");
    std::fs::write(folder.path().join("moves.csv"), movements(&read)).expect("room");
    match sqlite(folder.path()) {
        Some((theirs, found)) => {
            assert_eq!(found, sums, "both come to the same");
            let ratio = theirs.as_nanos() * 10 / ours.as_nanos().max(1);
            println!("SQLite by a covering index, p50 {theirs:.1?}; {}.{} times ours", ratio / 10, ratio % 10);
        }
        None => println!("no python3 with sqlite3 here, so nothing to compare with"),
    }
}

/// A moment of the month before for the first half of the orders, and of the month for the others.
fn moment(nth: u64, orders: u64) -> Moment {
    let at = if nth < orders / 2 { "2026-10-20T09:00:00+08:00" } else { "2026-11-20T09:00:00+08:00" };
    at.parse().expect("a moment")
}

fn envelope(by: u32, at: Moment, command: Value) -> Envelope {
    let command = serde_json::from_value(command).expect("a command");
    Envelope { command, by: PersonId(by), at, terminal: "bench".into(), id: None }
}

fn accept(desk: &Desk, rows: &[Envelope]) {
    let refused = desk.submit_all(rows).into_iter().find(|answer| !matches!(answer, Answer::Accepted { .. }));
    assert!(refused.is_none(), "{refused:?}");
}

/// People, articles with their price, and enough of each.
fn furnish(desk: &Desk, orders: u64) {
    let people =
        [("admin", "administrator"), ("clerk", "clerk"), ("boss", "ecommerce_supervisor"), ("keeper", "keeper")];
    let at = moment(0, orders.max(2));
    let appoint = |(code, role): &(&str, &str)| {
        envelope(1, at, json!({"do": "appoint_person", "code": code, "name": code, "roles": [role]}))
    };
    accept(desk, &people.iter().map(appoint).collect::<Vec<_>>());
    let listed = (0..ARTICLES).flat_map(|nth| {
        let code = format!("N{nth}");
        let lines = json!([{"article": code, "quantity": (orders * 9).to_string()}]);
        [
            envelope(2, at, json!({"do": "list_article", "code": code, "name": code, "unit": "斤"})),
            envelope(3, at, json!({"do": "set_price", "article": code, "price": "10.00", "from": "2026-10-20"})),
            envelope(4, at, json!({"do": "receive_goods", "from": "opening", "lines": lines})),
        ]
    });
    accept(desk, &listed.collect::<Vec<_>>());
}

fn ship(desk: &Desk, orders: u64) {
    let mut numbers = [0, 0];
    for from in (0..orders).step_by(TOGETHER as usize) {
        let mut rows = Vec::new();
        for nth in from..(from + TOGETHER).min(orders) {
            let (at, late) = (moment(nth, orders), nth >= orders / 2);
            let number = &mut numbers[usize::from(late)];
            *number += 1;
            let order = OrderId::new(if late { 2_611 } else { 2_610 }, *number).to_string();
            let lines = json!([{"article": format!("N{}", nth % ARTICLES), "quantity": (1 + nth % 9).to_string()}]);
            let to = json!({"name": "x", "address": "x"});
            rows.push(envelope(
                2,
                at,
                json!({"do": "enter_tmall_order", "number": format!("77{nth:016}"), "buyer": "x", "paid_at": at,
                    "lines": lines, "to": to}),
            ));
            rows.push(envelope(4, at, json!({"do": "pack_shipment", "order": order})));
            let waybill =
                json!({"do": "note_waybill", "order": order, "carrier": "other", "number": format!("WB-{nth:09}")});
            rows.push(envelope(4, at, waybill));
            rows.push(envelope(4, at, json!({"do": "ship_shipment", "order": order})));
        }
        accept(desk, &rows);
    }
}

/// Every movement that counts: article, month, kind, quantity, value.
fn movements(books: &impl Books) -> String {
    let mut text = String::new();
    for article in 1..=ARTICLES {
        let moves = books.moves(ArticleId(article as u32), "", .., usize::MAX).expect("a card");
        for row in moves.iter().filter(|row| row.movement.kind.counts()) {
            let (movement, quantity) = (&row.movement, row.movement.change.on_hand);
            let value = movement.retail.times(quantity).expect("an amount").as_fen();
            let (month, kind) = (movement.day.month_number(), MoveKind::code(movement.kind));
            writeln!(text, "{article},{month},{kind},{},{value}", quantity.as_thousandths()).expect("memory");
        }
    }
    text
}

/// The report as a grouped sum over the movements, by an index that holds all that it needs.
const SQLITE: &str = r#"
import csv, os, sqlite3, sys, time
folder, month, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
db = sqlite3.connect(os.path.join(folder, "peer.sqlite"), isolation_level=None)
db.execute("create table moves(id integer primary key, article int, month int, kind int, quantity int, value int)")
db.execute("begin")
db.executemany("insert into moves(article, month, kind, quantity, value) values (?,?,?,?,?)", csv.reader(open(os.path.join(folder, "moves.csv"))))
db.execute("create index report on moves(month, article, kind, quantity, value)")
db.execute("commit"); db.execute("analyze")
took = []
for _ in range(times):
    began = time.perf_counter_ns()
    rows = db.execute("select article, kind, sum(quantity), sum(value) from moves where month = ? group by article, kind", (month,)).fetchall()
    opening = db.execute("select article, sum(quantity) from moves where month < ? group by article", (month,)).fetchall()
    took.append(time.perf_counter_ns() - began)
print(sorted(took)[times // 2], sum(row[2] for row in rows), sum(row[3] for row in rows))
"#;

/// How long it takes there, and what it comes to.
fn sqlite(folder: &std::path::Path) -> Option<(Duration, (i64, i64))> {
    let month: Month = MONTH.parse().ok()?;
    let (month, times) = (month.first_day().month_number().to_string(), TIMES.to_string());
    let done = Process::new("python3").arg("-c").arg(SQLITE).arg(folder).args([month, times]).output().ok()?;
    let text = String::from_utf8(done.stdout).ok()?;
    let numbers: Vec<i64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [nanos, quantity, value] = numbers[..] else { return None };
    Some((Duration::from_nanos(nanos as u64), (quantity, value)))
}
