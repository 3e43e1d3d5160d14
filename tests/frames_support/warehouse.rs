//! The warehouse's screens: bills, goods in, reports, places and cards, by scanner and numeric keypad.

use crate::frames_support::assert_frame;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;
use serde_json::json;
use taizhang::store::books::{Books, Stockroom};
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

const SMALL: (u16, u16) = (80, 24);

/// Two places, an article with a mark and a keeper of its own, a bill in transit.
fn stocked() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for (code, name, turn) in [("A-01", "花椒架", 1), ("C-05", "菌菇架", 2), ("X-01", "残次区", 9)] {
        books.accept("keeper", json!({"do": "define_place", "code": code, "name": name, "turn": turn}));
    }
    books.accept(
        "clerk",
        json!({"do": "list_article", "code": "ZS01", "name": "竹荪 干 100克盒装", "unit": "盒",
        "barcode": "6901234000116", "location": "C-05", "special": "易碎", "keeper": "keeper"}),
    );
    books.accept("boss", json!({"do": "set_price", "article": "ZS01", "price": "76.00", "from": "2026-11-02"}));
    let lines = json!([{"article": "ZS01", "quantity": "60"}, {"article": "A1", "quantity": "20"}]);
    books.accept("clerk", json!({"do": "enter_bill", "number": "CW-1125", "factory": "川味干货加工厂", "day": "2026-11-02", "lines": lines}));
    let lines = json!([{"article": "A1", "quantity": "30"}]);
    books.accept("keeper", json!({"do": "move_goods", "to": "A-01", "lines": lines}));
    books
}

/// Scans 57 good and 3 broken boxes and 20 斤 of the other line, by keypad alone.
fn receive(keeper: &mut Station) {
    keeper.f(9).type_in("61").f(8);
    keeper.key(Key::Enter).key(Key::Enter).key(Key::Enter);
    for (code, quantity, found) in [("6901234000116", "57", ""), ("6901234000116", "3", "3"), ("A1", "20", "")] {
        keeper.burst(code, true).type_in(quantity).key(Key::Enter).type_in(found).key(Key::Enter);
        keeper.key(Key::Enter).key(Key::Enter);
    }
}

#[test]
fn goods_are_received_by_scanner_and_keypad() {
    let books = stocked();
    for lang in Lang::ALL {
        let mut keeper = Station::of(&books, "keeper", lang, SMALL);
        keeper.f(9).type_in("61");
        assert_frame(&format!("bills_{lang:?}").to_lowercase(), &keeper.picture());
        keeper.f(3);
        receive(&mut keeper);
        assert_frame(&format!("receive_form_{lang:?}").to_lowercase(), &keeper.picture());
    }
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    receive(&mut keeper);
    keeper.f(8);
    assert_eq!(books.stock("ZS01"), "57");
    assert_eq!(books.stock("A1"), "120");
    let mut director = Station::of(&books, "director", Lang::Zh, SMALL);
    assert!(director.has("待阅差异报告 1"));
    director.f(9).type_in("63");
    assert_frame("reports", &director.picture());
    director.f(8).settled().f(8);
    assert!(!director.has("待阅差异报告"));
    let read = books.desk.store().read().unwrap();
    assert_eq!(read.reports_open(9).unwrap().len(), 0);
    books.verify();
}

#[test]
fn the_card_leads_from_each_movement_to_its_document() {
    let mut books = stocked();
    let lines = json!([{"article": "A1", "quantity": "5"}]);
    books.accept("keeper", json!({"do": "mark_damaged", "lines": lines, "cause": "受潮"}));
    let to = json!({"name": "x", "address": "x"});
    let order = json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "x", "to": to,
        "paid_at": "2026-11-02T08:00:00+08:00", "lines": [{"article": "A1", "quantity": "80"}]});
    books.accept("clerk", order);
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.f(9).type_in("62");
    assert_frame("places", &keeper.picture());
    for size in [SMALL, (120, 40), (200, 60)] {
        for lang in Lang::ALL {
            let mut keeper = Station::of(&books, "keeper", lang, size);
            keeper.f(9).type_in("62").key(Key::Enter);
            assert_frame(&format!("card_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &keeper.picture());
        }
    }
    // The picking list stands beside the shipment, in walking order.
    let queue = Station::of(&books, "keeper", Lang::Zh, (120, 40));
    assert!(queue.has("拣货, 按走位顺序") && queue.has("A-01"), "{}", queue.picture().glyphs);
}

#[test]
fn goods_are_moved_and_taken_for_damaged_from_the_card() {
    let books = stocked();
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.f(9).type_in("62").key(Key::Enter);
    keeper.f(8);
    assert_frame("card_move", &keeper.picture());
    keeper.settled().type_in("12").key(Key::Enter).key(Key::Enter).type_in("C-05").settled().f(8);
    let read = || books.desk.store().read().unwrap();
    let article = read().article_by_code("A1").unwrap().unwrap().id;
    let at = |place: &str| read().stock_at(article, place).unwrap();
    assert_eq!(at("C-05").on_hand.to_string(), "12", "{}", keeper.picture().glyphs);
    keeper.f(6).settled().type_in("2").key(Key::Enter).key(Key::Enter).type_in("破袋").settled().f(8);
    assert_eq!(read().stock(article).unwrap().damaged.to_string(), "2", "{}", keeper.picture().glyphs);
    books.verify();
}
