//! The closed day, where rows cannot say it: commands that run together, and lies that are planted in the tables.

use std::collections::BTreeMap;

use redb::ReadableTable;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use taizhang::desk::{Answer, Envelope};
use taizhang::domain::command::Command;
use taizhang::domain::money::Money;
use taizhang::domain::quantity::Quantity;
use taizhang::domain::time::{Day, Moment};
use taizhang::store::books::{Books, Daybook, Stockroom, Timeliness};
use taizhang::store::codec::Image;
use taizhang::store::journal::hex;
use taizhang::store::proof_of_days::ledger_disagreement;
use taizhang::store::tables::{CLOSED_DAYS, LEDGER, TOTALS};
use taizhang::store::verify::{self, Verdict};

use crate::support::rehearsal::Rehearsal;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn tmall(number: &str, quantity: &str) -> Value {
    json!({"do": "enter_tmall_order", "number": number, "buyer": "x", "paid_at": "2026-11-02T08:00:00+08:00",
        "lines": [{"article": "A1", "quantity": quantity}], "to": {"name": "x", "address": "x"}})
}

/// An order of the Tmall shop, packed and with its waybill.
fn ready(books: &mut Rehearsal, nth: usize) -> String {
    let order = books.accept("clerk", tmall(&format!("TM{nth}"), "2"))["order"].as_str().unwrap().to_owned();
    books.accept("keeper", json!({"do": "pack_shipment", "order": order}));
    let number = format!("SF1402345678{nth:03}");
    books.accept("keeper", json!({"do": "note_waybill", "order": order, "carrier": "sf", "number": number}));
    order
}

/// Alters a store behind the books' back.
type Plant = fn(&redb::WriteTransaction);

#[test]
fn a_day_is_closed_between_what_runs_with_it() {
    let mut books = Rehearsal::furnished();
    let orders: Vec<String> = (1..=3).map(|nth| ready(&mut books, nth)).collect();
    let command = |who: u32, command: Value| Envelope {
        command: serde_json::from_value::<Command>(command).unwrap(),
        by: taizhang::domain::id::PersonId(who),
        at: books.now,
        terminal: "test".into(),
        id: None,
    };
    let ship = |order: &String| command(4, json!({"do": "ship_shipment", "order": order}));
    let close = || command(3, json!({"do": "close_day", "day": "2026-11-02"}));
    let together = [ship(&orders[0]), ship(&orders[1]), close(), ship(&orders[2]), close()];
    let answers = books.desk.submit_all(&together);
    let accepted: Vec<bool> = answers.iter().map(|answer| matches!(answer, Answer::Accepted { .. })).collect();
    assert_eq!(accepted, [true, true, true, true, false], "{answers:?}");
    let read = books.desk.store().read().unwrap();
    let closed = read.closed_day(day("2026-11-02")).unwrap().unwrap();
    assert_eq!((closed.figures.shipped_lines, closed.figures.shipped), (2, Money::fen(4_000)));
    let head = read.line(closed.seq - 1).unwrap().unwrap();
    assert_eq!(closed.head.as_str(), hex(&Sha256::digest(&head)), "the head is the line's before it");
    assert_eq!(read.day_figures(day("2026-11-03"), None).unwrap().shipped_lines, 1);
    assert_eq!(
        read.moved_on(day("2026-11-02")).unwrap().iter().map(|moved| moved.quantity).sum::<Quantity>(),
        Quantity::whole(96)
    );
    drop(read);
    books.verify();
}

/// A line, a total and a closed day are each altered behind the journal's back.
#[test]
fn a_ledger_that_disagrees_is_named() {
    let planted: [(&str, Plant); 3] = [
        ("ledger", |tx| {
            let mut table = tx.open_table(LEDGER).unwrap();
            let (key, mut record) = {
                let (key, image) = table.iter().unwrap().nth(1).unwrap().unwrap();
                (key.value(), image.value().unpack().unwrap())
            };
            record.amount += Money::fen(1);
            table.insert(key, Image::pack(&record)).unwrap();
        }),
        ("totals", |tx| {
            drop(tx.open_table(TOTALS).unwrap().insert((10, day("2026-11-02").ordinal(), 0, 0), (2, 1)).unwrap())
        }),
        ("closed_days", |tx| {
            let mut table = tx.open_table(CLOSED_DAYS).unwrap();
            let key = day("2026-11-02").ordinal();
            let mut record = table.get(key).unwrap().unwrap().value().unpack().unwrap();
            record.figures.shipped += Money::fen(1);
            table.insert(key, Image::pack(&record)).unwrap();
        }),
    ];
    for (table, plant) in planted {
        let mut books = Rehearsal::furnished();
        for nth in 1..=2 {
            let order = ready(&mut books, nth);
            books.accept("keeper", json!({"do": "ship_shipment", "order": order}));
        }
        books.accept("boss", json!({"do": "close_day", "day": "2026-11-02"}));
        books.verify();
        let seq =
            books.desk.store().read().unwrap().ledger(day("2026-11-02"), day("2026-11-02"), None, 2).unwrap()[1].seq;
        let tx = books.desk.store().write().unwrap();
        plant(&tx);
        tx.commit().unwrap();
        let verdict = verify::verify(&books.desk.store().read().unwrap(), &mut |_| {}).unwrap();
        let Verdict::Bad(words) = verdict else { panic!("{table} was altered and passed") };
        assert!(words.contains(table), "{words}");
        assert!(table != "ledger" || words.contains(&format!(", {seq}, ")), "the line is named: {words}");
    }
}

/// The totals of a month's shipments are held against the ledger and its orders too, without a replay.
#[test]
fn shipments_that_the_totals_count_wrongly_are_named() {
    let planted: [(&str, Plant); 3] = [
        ("what the ledger says, first at (11, 24322, 0, 0)", |tx| {
            let mut totals = tx.open_table(TOTALS).unwrap();
            let (shipments, seconds) = totals.get((11, 24_322, 0, 0)).unwrap().unwrap().value();
            totals.insert((11, 24_322, 0, 0), (shipments, seconds - 1)).unwrap();
        }),
        ("what the ledger says, first at (11, 24322, 1, 0)", |tx| {
            drop(tx.open_table(TOTALS).unwrap().insert((11, 24_322, 1, 0), (1, 1)).unwrap());
        }),
        ("the totals lack (11, 24322, 0, 0)", |tx| {
            drop(tx.open_table(TOTALS).unwrap().remove((11, 24_322, 0, 0)).unwrap());
        }),
    ];
    for (wanted, plant) in planted {
        let mut books = Rehearsal::furnished();
        for nth in 1..=2 {
            let order = ready(&mut books, nth);
            books.accept("keeper", json!({"do": "ship_shipment", "order": order}));
        }
        let found = |books: &Rehearsal| ledger_disagreement(&books.desk.store().read().unwrap()).unwrap();
        assert_eq!(found(&books), None);
        let tx = books.desk.store().write().unwrap();
        plant(&tx);
        tx.commit().unwrap();
        assert!(found(&books).is_some_and(|words| words.contains(wanted)), "{wanted}: {:?}", found(&books));
    }
}

/// In, out and on hand of a month are what the movements say, for months past as for this one.
#[test]
fn the_month_s_goods_add_up() {
    let mut books = Rehearsal::furnished();
    let mut model: BTreeMap<u32, Quantity> = BTreeMap::new();
    let mut stock = Quantity::whole(100);
    let (mut random, mut nth) = (fastrand::Rng::with_seed(7), 0);
    for month in [11, 12] {
        books.now = format!("2026-{month}-05T09:00:00+08:00").parse().unwrap();
        for _ in 0..6 {
            nth += 1;
            let order = ready(&mut books, nth);
            books.accept("keeper", json!({"do": "ship_shipment", "order": order}));
            stock -= Quantity::whole(2);
            if random.bool() {
                books.accept(
                    "keeper",
                    json!({"do": "take_back_goods", "order": order, "lines": [[1, "1"]], "reason": "x"}),
                );
                stock += Quantity::whole(1);
            }
        }
        model.insert(month, stock);
    }
    let read = books.desk.store().read().unwrap();
    let article = read.article_by_code("A1").unwrap().unwrap().id;
    let [november, december] = ["2026-11", "2026-12"]
        .map(|month| read.month_of_goods(month.parse().unwrap()).unwrap().remove(&article).unwrap());
    assert_eq!((november.opening, november.closing()), (Quantity::ZERO, model[&11]));
    assert_eq!((december.opening, december.closing()), (model[&11], model[&12]));
    let january = read.month_of_goods("2027-01".parse().unwrap()).unwrap().remove(&article).unwrap();
    assert_eq!((january.opening, january.moved.len()), (model[&12], 0));
    drop(read);
    books.verify();
}

/// In time up to the last moment of the 24 hours (M4.1); a shipment counts for the month of its ledger day, and what comes
/// back takes nothing from it.
#[test]
fn the_shipments_of_a_month_are_in_time_or_late() {
    let mut books = Rehearsal::furnished();
    let ships: [(&str, Timeliness, Timeliness); 4] = [
        ("2026-11-03T08:00:00+08:00", timely(1, 0, 24), timely(0, 0, 0)),
        ("2026-11-03T08:00:01+08:00", timely(2, 1, 48), timely(0, 0, 0)),
        ("2026-11-30T23:00:00+08:00", timely(3, 2, 48 + 28 * 24 + 15), timely(0, 0, 0)),
        // November is closed by then, so that what leaves in its last hour stands in December's ledger.
        ("2026-11-30T23:59:00+08:00", timely(3, 2, 48 + 28 * 24 + 15), timely(1, 1, 28 * 24 + 15)),
    ];
    let orders: Vec<String> = (1..=ships.len()).map(|nth| ready(&mut books, nth)).collect();
    for (nth, (at, november, december)) in ships.into_iter().enumerate() {
        if nth == 3 {
            books.accept("boss", json!({"do": "close_day", "day": "2026-11-03"}));
            books.accept("boss", json!({"do": "close_day", "day": "2026-11-30"}));
        }
        // Every act takes a second.
        books.now = at.parse::<Moment>().unwrap().plus_seconds(-1);
        books.accept("keeper", json!({"do": "ship_shipment", "order": orders[nth]}));
        let read = books.desk.store().read().unwrap();
        let hours = |month: &str| {
            let of = read.timeliness(month.parse().unwrap()).unwrap();
            Timeliness { seconds: of.seconds / 3_600, ..of }
        };
        assert_eq!((hours("2026-11"), hours("2026-12")), (november, december), "{at}");
    }
    let back = json!({"do": "take_back_goods", "order": orders[0], "lines": [[1, "1"]], "reason": "x"});
    books.accept("keeper", back);
    let read = books.desk.store().read().unwrap();
    assert_eq!(read.timeliness("2026-11".parse().unwrap()).unwrap().shipments, 3);
    assert_eq!(read.timeliness("2026-12".parse().unwrap()).unwrap().shipments, 1);
    drop(read);
    books.verify();
}

fn timely(shipments: u64, late: u64, seconds: u64) -> Timeliness {
    Timeliness { shipments, late, seconds }
}
