//! The screens of the warehouse and of purchasing, by keys alone: requisitions, settlements, slow goods, checks, visitors,
//! the wallboard.

use serde_json::json;
use taizhang::store::books::{Books, Premises, Purchases};
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::assert_frame;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);

/// Their numbers in the menu, with who looks.
const SCREENS: &[(&str, &str)] =
    &[("64", "clerk"), ("65", "boss"), ("66", "boss"), ("67", "keeper"), ("68", "keeper"), ("69", "keeper")];

fn open(books: &Rehearsal, person: &str, number: &str) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, SMALL);
    station.f(9).type_in(number);
    station
}

#[test]
fn every_screen_of_the_menu_opens_in_both_languages_with_little_in_it() {
    let books = Rehearsal::furnished();
    for (number, person) in SCREENS {
        for lang in Lang::ALL {
            let mut station = Station::of(&books, person, lang, SMALL);
            let before = station.picture().glyphs;
            station.f(9).type_in(number);
            assert_ne!(station.picture().glyphs, before, "{number} opens nothing");
            assert_frame(&format!("menu_{number}_{lang:?}").to_lowercase(), &station.picture());
            station.f(3);
            assert_eq!(station.picture().glyphs, before, "F3 leaves {number}");
        }
    }
}

#[test]
fn a_visitor_comes_and_goes_and_the_warehouse_is_checked() {
    let books = Rehearsal::furnished();
    let mut keeper = open(&books, "keeper", "68");
    keeper.f(6).settled().type_in("周审计").key(Key::Enter).key(Key::Enter).type_in("盘点").settled().f(8);
    let read = || books.desk.store().read().unwrap();
    assert_eq!(read().inside().unwrap().len(), 1, "{}", keeper.picture().glyphs);
    assert_frame("visitors", &keeper.picture());
    // Nobody closes the warehouse with a visitor in it.
    let mut closing = open(&books, "keeper", "67");
    closing.f(6).settled().type_in("2").key(Key::Enter).type_in("后门没锁").settled().f(8);
    assert!(closing.has("库内还有 1 位来访者") && closing.has("W13"), "{}", closing.picture().glyphs);
    keeper.f(8).settled().f(8);
    assert_eq!(read().inside().unwrap().len(), 0, "{}", keeper.picture().glyphs);
    // The question still stands with what was filled in.
    closing.settled().f(8);
    let check = read().checks(None, 1).unwrap().pop().unwrap_or_else(|| panic!("{}", closing.picture().glyphs));
    assert_eq!(check.irregular.len(), 1);
    // The director sees it from anywhere, and reads it.
    let mut director = Station::of(&books, "director", Lang::Zh, SMALL);
    assert!(director.has("待阅异常 1"), "{}", director.picture().glyphs);
    director.f(9).type_in("67");
    assert_frame("checks", &director.picture());
    director.f(8).settled().type_in("换锁").settled().f(8);
    assert!(!read().checks(None, 1).unwrap()[0].is_open(), "{}", director.picture().glyphs);
    books.verify();
}

#[test]
fn for_goods_that_lie_something_is_proposed() {
    let mut books = Rehearsal::furnished();
    assert!(open(&books, "boss", "66").has("没有滞销商品"), "what has just come is not slow");
    books.now = books.now.plus_seconds(31 * 86_400);
    let mut boss = open(&books, "boss", "66");
    assert!(boss.has("待提"), "{}", boss.picture().glyphs);
    boss.f(8).settled().type_in("搭赠").settled().f(8);
    let read = books.desk.store().read().unwrap();
    let article = read.article_by_code("A1").unwrap().unwrap().id;
    let proposal = read.proposal(article).unwrap().unwrap_or_else(|| panic!("{}", boss.picture().glyphs));
    assert_eq!(proposal.words.as_str(), "搭赠");
    assert_frame("slow", &boss.picture());
}

#[test]
fn goods_are_asked_for_acknowledged_and_settled_by_keys() {
    let mut books = Rehearsal::furnished();
    let mut clerk = open(&books, "clerk", "64");
    clerk.f(6).type_in("川味厂");
    for _ in 0..5 {
        clerk.key(Key::Enter);
    }
    clerk.type_in("A1").key(Key::Enter).type_in("40");
    assert_frame("requisition_form", &clerk.picture());
    clerk.f(8);
    let read = || books.desk.store().read().unwrap();
    let asked = read().requisitions(None, 1).unwrap().pop().unwrap_or_else(|| panic!("{}", clerk.picture().glyphs));
    let need = asked.lines[0].asked.need.expect("the figures that it follows from are kept");
    assert_eq!(need.on_hand.to_string(), "100");
    let mut office = open(&books, "office", "64");
    office.f(8).settled().f(8);
    assert_eq!(read().requisition(asked.id).unwrap().unwrap().state().key(), "acknowledged");
    assert_frame("requisitions", &office.picture());
    let mut boss = open(&books, "boss", "65");
    boss.key(Key::End).f(7).settled().f(8);
    let month = "2026-10".parse().unwrap();
    assert!(read().settlement(month).unwrap().is_some(), "{}", boss.picture().glyphs);
    let mut money = open(&books, "money", "65");
    money.key(Key::End).f(8).settled().f(8);
    assert!(read().settlement(month).unwrap().unwrap().confirmed.is_some(), "{}", money.picture().glyphs);
    assert_frame("settlements", &money.picture());
    books.refuse("money", json!({"do": "confirm_settlement", "month": "2026-10", "payable": "0.00"}), "G5");
    books.verify();
}

#[test]
fn the_wallboard_at_three_sizes() {
    let mut books = Rehearsal::furnished();
    let to = json!({"name": "x", "address": "x"});
    for (number, paid) in [("TM1", "2026-11-01T08:00:00+08:00"), ("TM2", "2026-11-02T08:00:00+08:00")] {
        let lines = json!([{"article": "A1", "quantity": "2"}]);
        let order = json!({"do": "enter_tmall_order", "number": number, "buyer": "x", "to": to, "paid_at": paid, "lines": lines});
        books.accept("clerk", order);
    }
    for size in [SMALL, (120, 40), (200, 60)] {
        let mut keeper = Station::of(&books, "keeper", Lang::Zh, size);
        keeper.f(9).type_in("69");
        assert!(keeper.has("超期 1 批"), "{}", keeper.picture().glyphs);
        assert_frame(&format!("wall_{}", size.0), &keeper.picture());
    }
}
