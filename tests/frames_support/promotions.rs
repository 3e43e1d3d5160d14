//! Promotions and their gifts, by keys: drafted, submitted, confirmed by two, given on an order, taken back, written off.

use serde_json::json;
use taizhang::domain::id::{OrderId, PromotionId};
use taizhang::store::books::{Books, Promoting, Purchases};
use taizhang::ui::face::{Focus, Key};
use taizhang::ui::locale::Lang;

use crate::frames_support::station::{PASSPHRASE, Station};
use crate::frames_support::{assert_frame, leaves};
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
const SIZES: [(u16, u16); 3] = [SMALL, (120, 40), (200, 60)];

/// A promotion of A1, confirmed by so many of the two.
fn promote(books: &mut Rehearsal, name: &str, confirmed: usize) -> String {
    let terms = json!({"name": name, "first": "2026-11-01", "last": "2026-11-30", "article": "A1", "buy": "2",
        "gift": "A1", "free": "1", "expected": "100"});
    let drafted = books.accept("clerk", json!({"do": "draft_promotion", "terms": terms}));
    let promotion = drafted["promotion"].as_str().unwrap().to_owned();
    books.accept("clerk", json!({"do": "submit_promotion", "promotion": promotion, "version": 1}));
    for who in &["sales", "promo"][..confirmed] {
        books.accept(who, json!({"do": "confirm_promotion", "promotion": promotion, "version": 1}));
    }
    promotion
}

/// One that runs and gave 2 斤 with 5, one that awaits marketing, one that was rejected.
fn promoted() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let runs = promote(&mut books, "花椒买二送一", 2);
    promote(&mut books, "双十二预热", 1);
    let rejected = promote(&mut books, "年货节", 0);
    books.accept("promo", json!({"do": "reject_promotion", "promotion": rejected, "reason": "期间太长"}));
    let lines = json!([{"article": "A1", "quantity": "5"}]);
    let order = json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "张三", "lines": lines, "promotions": [runs],
        "paid_at": "2026-11-02T08:00:00+08:00", "to": {"name": "张三", "address": "成都"}});
    books.accept("clerk", order);
    leaves(&mut books, "XS2611000001", "SF1402345678901");
    books
}

fn open(books: &Rehearsal, person: &str, number: &str) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, SMALL);
    station.f(9).type_in(number);
    station
}

fn enter(station: &mut Station, texts: &[&str]) {
    for text in texts {
        station.type_in(text).key(Key::Enter);
    }
}

#[test]
fn the_promotions_and_the_write_offs_at_three_sizes_in_both_languages() {
    let books = promoted();
    for (name, number, who) in
        [("promotions", "76", "promo"), ("write_offs", "77", "money"), ("todo_promotion", "90", "promo")]
    {
        for size in SIZES {
            for lang in Lang::ALL {
                let mut station = Station::of(&books, who, lang, size);
                station.f(9).type_in(number);
                assert_frame(&format!("{name}_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
            }
        }
    }
    for lang in Lang::ALL {
        let mut clerk = Station::of(&books, "clerk", lang, SMALL);
        clerk.f(9).type_in("76").f(2);
        assert_frame(&format!("promotion_form_{lang:?}").to_lowercase(), &clerk.picture());
    }
}

#[test]
fn a_promotion_is_drafted_submitted_and_confirmed_by_keys() {
    let books = Rehearsal::furnished();
    let read = || books.desk.store().read().unwrap();
    let state = || {
        let today = "2026-11-02".parse().unwrap();
        read().promotion(PromotionId(1)).unwrap().expect("it was drafted").state(today).key()
    };
    let mut clerk = open(&books, "clerk", "76");
    assert!(clerk.has("还没有促销"), "{}", clerk.picture().glyphs);
    clerk.f(6).type_in("花椒买二送一").key(Key::Enter).key(Key::Enter);
    enter(&mut clerk, &["2026-11-30", "A1", "2", "A1", "1", "100"]);
    assert!(clerk.has("买 花椒 2 斤 送 花椒 1 斤"), "{}", clerk.picture().glyphs);
    clerk.f(8);
    assert_eq!(state(), "draft", "{}", clerk.picture().glyphs);
    clerk.f(8).settled().f(8);
    assert_eq!(state(), "submitted", "{}", clerk.picture().glyphs);
    // Marketing sends it back, the clerk puts it right and submits it again.
    let mut promo = open(&books, "promo", "76");
    promo.f(7).settled().type_in("少送些").settled().f(8);
    assert_eq!(state(), "draft", "{}", promo.picture().glyphs);
    clerk.f(5).f(2);
    for _ in 0..4 {
        clerk.key(Key::Enter);
    }
    clerk.key(Key::End).key(Key::Backspace).type_in("4").f(8);
    assert!(clerk.has("花椒 4 斤"), "{}", clerk.picture().glyphs);
    clerk.f(8).settled().f(8);
    for who in ["promo", "sales"] {
        assert_eq!(state(), "submitted");
        let mut station = open(&books, who, "76");
        station.f(8).settled().f(8);
    }
    assert_eq!(state(), "running");
    let mut boss = open(&books, "boss", "76");
    boss.key(Key::Delete).settled().type_in("缺货").settled().f(8);
    assert_eq!(state(), "ended", "{}", boss.picture().glyphs);
    books.verify();
}

#[test]
fn what_waits_for_a_person_leads_to_it() {
    let books = promoted();
    let mut promo = open(&books, "promo", "90");
    assert!(promo.has("确认促销") && promo.has("双十二预热"), "{}", promo.picture().glyphs);
    let sales = open(&books, "sales", "90");
    assert!(!sales.has("确认促销"), "sales management has confirmed: {}", sales.picture().glyphs);
    let clerk = open(&books, "clerk", "90");
    assert!(clerk.has("促销被退回") && clerk.has("年货节"), "{}", clerk.picture().glyphs);
    promo.key(Key::Enter);
    assert!(promo.has("CX000003"), "{}", promo.picture().glyphs);
}

#[test]
fn an_order_names_a_promotion_as_a_line_and_shows_what_it_earns() {
    let mut books = promoted();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(6).type_in("D00001");
    for _ in 0..5 {
        clerk.key(Key::Enter);
    }
    clerk.type_in("A1").key(Key::Enter).type_in("5").key(Key::Enter).key(Key::Enter);
    // F4 offers the promotions beside the goods.
    clerk.f(4);
    assert!(clerk.has("花椒买二送一") && !clerk.has("双十二预热"), "{}", clerk.picture().glyphs);
    clerk.type_in("CX000001").key(Key::Enter);
    assert!(clerk.has("赠 花椒 2 斤"), "{}", clerk.picture().glyphs);
    clerk.key(Key::Enter).key(Key::Enter).key(Key::Enter).type_in("CX000002");
    assert!(clerk.has("双十二预热 待确认"), "{}", clerk.picture().glyphs);
    assert_frame("order_form_gift", &clerk.picture());
    let before = books.entries();
    clerk.f(8);
    assert!(clerk.has("双十二预热 是「待确认」") && books.entries() == before, "{}", clerk.picture().glyphs);
    for _ in 0.."CX000002".len() {
        clerk.key(Key::Backspace);
    }
    clerk.f(8);
    let order = || books.desk.store().read().unwrap().order("XS2611000002".parse::<OrderId>().unwrap()).unwrap();
    let taken = order().unwrap_or_else(|| panic!("{}", clerk.picture().glyphs));
    assert_eq!((taken.given(PromotionId(1)).to_string(), taken.due().to_string()), ("2".into(), "52.00".into()));
    // The order as it stands fills the form again: fewer goods, no gift.
    let mut change = open(&books, "clerk", "92");
    change.burst("XS2611000002", false).key(Key::Enter).key(Key::Enter);
    assert!(change.has("花椒 (赠 CX000001)"), "{}", change.picture().glyphs);
    assert_frame("order_gift", &change.picture());
    change.f(2);
    for _ in 0..5 {
        change.key(Key::Enter);
    }
    change.key(Key::Enter).key(Key::End).key(Key::Backspace).type_in("1.9");
    assert!(change.has("赠 花椒 0 斤"), "{}", change.picture().glyphs);
    change.f(8);
    let changed = order().unwrap();
    assert!(changed.gifts.is_empty() && changed.promotions.len() == 1, "{}", change.picture().glyphs);
    books.refuse(
        "clerk",
        json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "1"},
        {"article": "A1", "quantity": "1", "gift": "CX000001"}]}),
        "M4.6",
    );
    books.verify();
}

#[test]
fn a_smaller_gift_that_was_typed_stays_when_the_order_is_changed_by_the_form() {
    let mut books = promoted();
    let gift = json!({"article": "A1", "quantity": "1", "gift": "CX000001"});
    let lines = json!([{"article": "A1", "quantity": "5"}, gift]);
    let entered = books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    let id = entered["order"].as_str().unwrap().to_owned();
    let given = || {
        let order = books.desk.store().read().unwrap().order(id.parse().unwrap()).unwrap().unwrap();
        (order.given(PromotionId(1)).to_string(), order.content)
    };
    let form = || {
        let mut clerk = open(&books, "clerk", "92");
        clerk.burst(&id, false).key(Key::Enter).key(Key::Enter).f(2);
        clerk
    };
    let mut clerk = form();
    assert!(clerk.has("赠 花椒 1 斤"), "{}", clerk.picture().glyphs);
    for _ in 0..4 {
        clerk.key(Key::Enter);
    }
    clerk.type_in("急").f(8);
    assert_eq!(given(), ("1".to_owned(), 2), "{}", clerk.picture().glyphs);
    let mut clerk = form();
    for _ in 0..6 {
        clerk.key(Key::Enter);
    }
    clerk.key(Key::End).key(Key::Backspace).type_in("6");
    assert!(clerk.has("赠 花椒 3 斤"), "{}", clerk.picture().glyphs);
    clerk.f(8);
    assert_eq!(given(), ("3".to_owned(), 3), "{}", clerk.picture().glyphs);
    books.verify();
}

#[test]
fn goods_come_back_with_their_gift_by_keys() {
    let books = promoted();
    let mut keeper = open(&books, "keeper", "92");
    keeper.burst("XS2611000001", false).key(Key::Enter).type_in("r");
    keeper.key(Key::Enter).type_in("买家拒收").key(Key::Enter).key(Key::Enter).type_in("5");
    let before = books.entries();
    keeper.f(8);
    assert!(keeper.has("留下 0 只够送 0") && books.entries() == before, "{}", keeper.picture().glyphs);
    // Charging it is offered; it comes back after all. The gift's own row is the second.
    keeper.settled().f(12);
    keeper.key(Key::Enter).key(Key::Enter).key(Key::Enter).key(Key::Enter).type_in("2");
    assert_frame("return_form_gift", &keeper.picture());
    keeper.f(8);
    assert_eq!(books.entries(), before + 1, "{}", keeper.picture().glyphs);
    let read = books.desk.store().read().unwrap();
    assert!(read.given("2026-11".parse().unwrap()).unwrap().is_empty());
    drop(read);
    books.verify();
}

#[test]
fn a_gift_that_cannot_come_back_is_charged_by_keys() {
    let books = promoted();
    let mut keeper = open(&books, "keeper", "92");
    keeper.burst("XS2611000001", false).key(Key::Enter).type_in("r");
    keeper.key(Key::Enter).type_in("赠品已吃掉").key(Key::Enter).key(Key::Enter).type_in("5");
    let before = books.entries();
    keeper.f(8).settled();
    assert!(keeper.has("计价卖出, 共 20.00") && books.entries() == before, "{}", keeper.picture().glyphs);
    assert_frame("return_form_charge", &keeper.picture());
    keeper.f(8);
    assert_eq!(books.entries(), before + 1, "{}", keeper.picture().glyphs);
    assert!(keeper.has("留下的赠品计价 20.00") && keeper.focus() == Focus::List, "{}", keeper.picture().glyphs);
    keeper.key(Key::Enter);
    assert!(keeper.has("留下的赠品计价 花椒 2 斤, 共 20.00"), "{}", keeper.picture().glyphs);
    let read = books.desk.store().read().unwrap();
    assert!(read.given("2026-11".parse().unwrap()).unwrap().is_empty());
    drop(read);
    books.verify();
}

#[test]
fn the_months_gifts_are_written_off_by_keys() {
    let mut books = promoted();
    books.now = "2026-12-01T09:00:00+08:00".parse().unwrap();
    let mut ledger = open(&books, "boss", "60");
    ledger.key(Key::End).key(Key::Enter);
    assert!(ledger.has("花椒 (赠 CX000001)"), "{}", ledger.picture().glyphs);
    let mut boss = open(&books, "boss", "90");
    assert!(boss.has("编制赠品核销") && boss.has("20.00"), "{}", boss.picture().glyphs);
    boss.key(Key::Enter).key(Key::End).f(7).settled().type_in(PASSPHRASE).settled().f(8);
    let month = "2026-11".parse().unwrap();
    let read = || books.desk.store().read().unwrap();
    let prepared = read().write_off(month).unwrap().unwrap_or_else(|| panic!("{}", boss.picture().glyphs));
    assert_eq!((prepared.given.len(), prepared.amount().to_string()), (1, "20.00".into()));
    let mut money = open(&books, "money", "90");
    assert!(money.has("确认赠品核销"), "{}", money.picture().glyphs);
    money.f(3).f(9).type_in("77").key(Key::End).f(8).settled().type_in(PASSPHRASE).settled().f(8);
    let confirmed = read().write_off(month).unwrap().unwrap().confirmed;
    assert!(confirmed.is_some(), "{}", money.picture().glyphs);
    assert_eq!(read().month_figures(month).unwrap().gifts.to_string(), "20.00");
    assert_frame("write_off_confirmed", &money.picture());
    books.verify();
}
