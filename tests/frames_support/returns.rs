//! Goods that come back from a customer, by keys: from the list of orders, line by line, each with what becomes of it.

use serde_json::json;
use taizhang::domain::text::Text;
use taizhang::store::books::{Books, Stockroom};
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::frames_support::{assert_frame, leaves};
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
const SIZES: [(u16, u16); 3] = [SMALL, (120, 40), (200, 60)];

/// An order of 10 斤 and of 3 boxes that was shipped whole, and one that waits; a place for what is damaged.
fn shipped() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    books.accept("keeper", json!({"do": "define_place", "code": "X-01", "name": "残次区"}));
    let card =
        json!({"do": "list_article", "code": "ZS01", "name": "竹荪 干", "unit": "盒", "barcode": "6901234000116"});
    books.accept("clerk", card);
    books.accept("boss", json!({"do": "set_price", "article": "ZS01", "price": "76.00", "from": "2026-11-02"}));
    let lines = json!([{"article": "ZS01", "quantity": "20"}]);
    books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": lines}));
    let lines = json!([{"article": "A1", "quantity": "10"}, {"article": "ZS01", "quantity": "3"}]);
    for number in ["TM1", "TM2"] {
        let order = json!({"do": "enter_tmall_order", "number": number, "buyer": "张三", "lines": lines,
            "paid_at": "2026-11-02T08:00:00+08:00", "to": {"name": "张三", "address": "成都"}});
        books.accept("clerk", order);
    }
    leaves(&mut books, "XS2611000001", "SF1402345678901");
    books
}

/// The list of all orders, on the one of that number.
fn orders(books: &Rehearsal, person: &str, lang: Lang, size: (u16, u16), number: &str) -> Station {
    let mut station = Station::of(books, person, lang, size);
    station.f(9).type_in("92").burst(number, false).key(Key::Enter);
    station
}

/// Fills in the reason and goes to the quantity of the first line.
fn at_first_quantity(station: &mut Station) {
    station.key(Key::Enter).type_in("买家拒收").key(Key::Enter).key(Key::Enter);
}

fn stock(books: &Rehearsal, code: &str, place: &str) -> (String, String) {
    let read = books.desk.store().read().unwrap();
    let article = read.article_by_code(code).unwrap().unwrap().id;
    let stock = read.stock_at(article, &Text::new(place)).unwrap();
    (stock.sound().to_string(), stock.damaged.to_string())
}

#[test]
fn the_form_at_three_sizes_in_both_languages() {
    let books = shipped();
    for size in SIZES {
        for lang in Lang::ALL {
            let mut keeper = orders(&books, "keeper", lang, size, "XS2611000001");
            keeper.type_in("r");
            assert_frame(&format!("return_form_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &keeper.picture());
        }
    }
}

#[test]
fn the_form_opens_from_the_order_itself_for_who_takes_goods_back() {
    let books = shipped();
    let mut keeper = orders(&books, "keeper", Lang::Zh, SMALL, "XS2611000001");
    keeper.key(Key::Enter);
    assert!(keeper.has("退货(R)") && keeper.has("SF1402345678901"), "{}", keeper.picture().glyphs);
    keeper.type_in("r");
    assert!(keeper.has("退货入库 XS2611000001") && keeper.has("花椒"), "{}", keeper.picture().glyphs);
    at_first_quantity(&mut keeper);
    keeper.type_in("2").f(8);
    // The order below is read again: what came back stands in it.
    assert!(keeper.has("[订单 XS2611000001]"), "{}", keeper.picture().glyphs);
    assert_eq!(stock(&books, "A1", ""), ("92".to_owned(), "0".to_owned()), "{}", keeper.picture().glyphs);
    let mut money = orders(&books, "money", Lang::Zh, SMALL, "XS2611000001");
    money.key(Key::Enter);
    assert!(!money.has("退货(R)"), "{}", money.picture().glyphs);
    let bells = money.bells;
    money.type_in("r");
    assert!(money.bells > bells && money.has("不归本岗位办"), "{}", money.picture().glyphs);
}

#[test]
fn goods_come_back_line_by_line_and_each_fares_differently() {
    let books = shipped();
    let mut keeper = orders(&books, "keeper", Lang::Zh, SMALL, "XS2611000001");
    keeper.f(9).type_in("14").key(Key::Enter);
    assert!(keeper.has("退货入库") && keeper.has("花椒"), "{}", keeper.picture().glyphs);
    at_first_quantity(&mut keeper);
    // Two of the first are sound; of the second one is broken and goes to its corner.
    keeper.type_in("2").key(Key::Enter).key(Key::Enter).key(Key::Enter);
    keeper.key(Key::Enter).type_in("1").key(Key::Enter).type_in("2").key(Key::Enter).type_in("X-01").key(Key::Enter);
    // One more of the first is written off: a row of its own.
    keeper.type_in("A1").key(Key::Enter).type_in("1").key(Key::Enter).type_in("3").key(Key::Enter).key(Key::Enter);
    assert_frame("return_form_filled", &keeper.picture());
    let before = books.entries();
    keeper.f(8);
    assert_eq!(books.entries(), before + 1, "{}", keeper.picture().glyphs);
    assert_eq!(stock(&books, "A1", ""), ("92".into(), "0".into()), "ten left and two are back");
    assert_eq!(stock(&books, "ZS01", ""), ("17".into(), "0".into()));
    assert_eq!(stock(&books, "ZS01", "X-01"), ("0".into(), "1".into()));
    keeper.key(Key::Enter);
    assert!(keeper.has("退回 花椒 3 斤, 竹荪 干 1 盒"), "{}", keeper.picture().glyphs);
    books.verify();
}

#[test]
fn what_cannot_come_back_is_said_beside_the_line() {
    let books = shipped();
    let mut keeper = orders(&books, "keeper", Lang::Zh, SMALL, "XS2611000001");
    keeper.type_in("r");
    let before = books.entries();
    keeper.f(8);
    assert!(keeper.has("! "), "a reason is wanted: {}", keeper.picture().glyphs);
    at_first_quantity(&mut keeper);
    keeper.type_in("11");
    assert!(keeper.has("! 最多还能退 10"), "{}", keeper.picture().glyphs);
    keeper.f(8);
    assert_eq!(books.entries(), before, "{}", keeper.picture().glyphs);
    for _ in 0..2 {
        keeper.key(Key::Backspace);
    }
    keeper.type_in("4").key(Key::Enter).type_in("9");
    assert!(keeper.has("! 填 1 完好入库"), "{}", keeper.picture().glyphs);
    keeper.key(Key::Backspace).key(Key::Enter).type_in("Z-9");
    assert!(keeper.has("! 没有这个库位"), "{}", keeper.picture().glyphs);
    for _ in 0..3 {
        keeper.key(Key::Backspace);
    }
    // The same again in a row of its own: what stands above counts.
    keeper.f(6).type_in("A1").key(Key::Enter).type_in("7");
    assert!(keeper.has("! 最多还能退 6"), "{}", keeper.picture().glyphs);
    keeper.f(8);
    assert_eq!(books.entries(), before, "{}", keeper.picture().glyphs);
    keeper.key(Key::Backspace).type_in("6").f(8);
    assert_eq!(books.entries(), before + 1, "{}", keeper.picture().glyphs);
}

#[test]
fn nothing_comes_back_of_what_has_not_left_and_only_to_the_keeper() {
    let books = shipped();
    let mut keeper = orders(&books, "keeper", Lang::Zh, SMALL, "XS2611000002");
    let before = books.entries();
    keeper.type_in("r").key(Key::Enter).type_in("拒收").f(8);
    assert!(keeper.has("G4") && keeper.has("还没有发货"), "{}", keeper.picture().glyphs);
    let mut clerk = orders(&books, "clerk", Lang::Zh, SMALL, "XS2611000001");
    clerk.type_in("r");
    assert!(clerk.has("不归本岗位办"), "{}", clerk.picture().glyphs);
    assert_eq!(books.entries(), before);
}
