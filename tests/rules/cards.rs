//! Book = card = totals (W7): what disagrees is found and named, and a balance of the past is what it was.

use redb::WriteTransaction;
use serde_json::json;
use taizhang::domain::id::{ArticleId, Seq};
use taizhang::domain::quantity::Quantity;
use taizhang::domain::stock::{MoveKind, Stock};
use taizhang::store::books::{Books, Stockroom};
use taizhang::store::codec::Image;
use taizhang::store::proof::stock_disagreement;
use taizhang::store::tables::{MOVES, PLACE_STOCK, STOCK, TOTALS};
use taizhang::store::verify::{self, Verdict};
use taizhang::store::{Fault, journal};

use crate::support::rehearsal::Rehearsal;

/// A department whose goods moved for every reason.
fn moved() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let lines = |much: &str| json!([{"article": "A1", "quantity": much}]);
    books.accept("keeper", json!({"do": "define_place", "code": "B-02", "name": "x"}));
    books.accept("keeper", json!({"do": "move_goods", "lines": lines("30"), "to": "B-02"}));
    books.accept("keeper", json!({"do": "mark_damaged", "lines": lines("5"), "cause": "x"}));
    let written_off = json!({"do": "settle_damaged", "lines": lines("2"), "outcome": "written_off", "reason": "x"});
    books.accept("boss", written_off);
    let to = json!({"name": "x", "address": "x"});
    books.accept(
        "clerk",
        json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "x", "lines": lines("70"),
        "paid_at": "2026-11-02T08:00:00+08:00", "to": to}),
    );
    books.accept("keeper", json!({"do": "pack_shipment", "order": "XS2611000001"}));
    books.verify();
    books
}

type Planted = fn(&WriteTransaction) -> Result<(), Fault>;

/// Each alteration with what the proof must say of it.
const PLANTED: &[(Planted, &str)] = &[
    (
        |tx| {
            let stock = Stock { on_hand: Quantity::whole(94), ..tx.stock(ArticleId(1))? };
            tx.open_table(STOCK)?.insert(1, Image::pack(&stock))?;
            Ok(())
        },
        "the stock of A1 is not what its cards say",
    ),
    (
        |tx| {
            tx.open_table(PLACE_STOCK)?.insert((1, "B-02"), Image::pack(&Stock::of_sound(Quantity::whole(31))))?;
            Ok(())
        },
        "the stock of A1 at \"B-02\" is not what its card says",
    ),
    (
        |tx| {
            let mut row = tx.moves(ArticleId(1), "B-02", .., 9)?.pop().expect("there is a row");
            row.movement.balance.on_hand = Quantity::whole(29);
            tx.open_table(MOVES)?.insert((1, "B-02", row.seq, row.line), Image::pack(&row.movement))?;
            Ok(())
        },
        "the stock card of A1 at \"B-02\" does not add up at entry",
    ),
    (
        |tx| {
            let row = tx.moves(ArticleId(1), "", .., 9)?.pop().expect("there is a row");
            tx.open_table(MOVES)?.remove((1, "", row.seq, row.line))?;
            Ok(())
        },
        "the stock card of A1 at \"\" does not add up at entry",
    ),
    (
        |tx| {
            let mut totals = tx.open_table(TOTALS)?;
            let (key, (quantity, value)) = {
                let (key, sums) = redb::ReadableTable::first(&totals)?.expect("there is a total");
                (key.value(), sums.value())
            };
            totals.insert(key, (quantity + 1, value))?;
            Ok(())
        },
        "the totals are not what the cards say, first at (1, ",
    ),
    (
        |tx| {
            let mut totals = tx.open_table(TOTALS)?;
            totals.pop_last()?;
            Ok(())
        },
        "the totals lack (2, 24322, 1, ",
    ),
];

#[test]
fn a_planted_disagreement_is_found_and_named() {
    for (plant, wanted) in PLANTED {
        let books = moved();
        let tx = books.desk.store().write().unwrap();
        plant(&tx).unwrap();
        tx.commit().unwrap();
        let read = books.desk.store().read().unwrap();
        let found = stock_disagreement(&read).unwrap().unwrap_or_default();
        assert!(found.starts_with(wanted), "{found}, not {wanted}");
        match verify::verify(&read, &mut |_| {}).unwrap() {
            Verdict::Good(_) => panic!("{wanted}: nothing was found"),
            Verdict::Bad(words) => assert!(words.contains("first at"), "{words}"),
        }
    }
}

/// Goods move during a count: the balance of each line's own moment stays what it was (E36).
#[test]
fn a_balance_of_the_past_stays_what_it_was() {
    let mut books = moved();
    let Seq(then) = journal::head(&books.desk.store().read().unwrap()).unwrap().seq;
    let read = |books: &Rehearsal| books.desk.store().read().unwrap();
    let at = |books: &Rehearsal, place: &str| read(books).stock_as_of(ArticleId(1), place, then).unwrap();
    let before = (at(&books, ""), at(&books, "B-02"));
    assert_eq!((before.0.on_hand, before.0.packed), (Quantity::whole(65), Quantity::whole(65)));
    assert_eq!((before.1.on_hand, before.1.packed), (Quantity::whole(30), Quantity::whole(5)));
    books.accept(
        "keeper",
        json!({"do": "note_waybill", "order": "XS2611000001", "carrier": "sf", "number": "SF1402345678901"}),
    );
    books.accept("keeper", json!({"do": "ship_shipment", "order": "XS2611000001"}));
    let lines = json!([{"article": "A1", "quantity": "7"}]);
    books.accept("keeper", json!({"do": "receive_goods", "from": "delivery", "lines": lines}));
    assert_eq!((at(&books, ""), at(&books, "B-02")), before);
    assert_eq!(read(&books).total_as_of(ArticleId(1), then).unwrap().on_hand, Quantity::whole(95));
    assert_eq!(read(&books).stock(ArticleId(1)).unwrap().on_hand, Quantity::whole(32));
    let day = "2026-11-02".parse().unwrap();
    let moved = read(&books).moved_on(day).unwrap();
    let shipped = moved.iter().find(|moved| moved.kind == MoveKind::Shipped).expect("goods left");
    assert_eq!((shipped.quantity, shipped.value.to_string()), (Quantity::whole(-70), "-700.00".to_owned()));
    assert_eq!(moved, read(&books).moved_in("2026-11".parse().unwrap()).unwrap());
    books.verify();
}
