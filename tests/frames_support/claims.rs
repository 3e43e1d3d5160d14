//! Claims for goods found short: the list at three sizes in both languages, and settling one by keys.

use serde_json::json;
use taizhang::domain::id::ClaimId;
use taizhang::store::books::Counts;
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::assert_frame;
use crate::frames_support::station::{PASSPHRASE, Station};
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
const MENU: &str = "73";

/// A stocktake of two articles, both short, counted again and confirmed: two claims, 20.00 and 38.00.
pub fn claimed() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let card =
        json!({"do": "list_article", "code": "DB01", "name": "郫县豆瓣 三年陈", "unit": "坛", "location": "D-02"});
    books.accept("keeper", json!({"do": "define_place", "code": "D-02", "name": "酱菜架"}));
    books.accept("clerk", card);
    books.accept("boss", json!({"do": "set_price", "article": "DB01", "price": "38.00", "from": "2026-11-02"}));
    let lines = json!([{"article": "DB01", "quantity": "12"}]);
    books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": lines}));
    let take = "PD000001";
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "method": "one_sheet", "counters": ["keeper", "office"]}),
    );
    let counts = [("", "A1", "98"), ("D-02", "DB01", "11")].map(|(place, code, quantity)| {
        json!({"do": "count_goods", "stocktake": take, "place": place, "code": code, "quantity": quantity})
    });
    let submit = json!({"do": "submit_sheet", "stocktake": take});
    for count in &counts {
        books.accept("keeper", count.clone());
    }
    books.accept("keeper", submit.clone());
    books.accept("office", submit.clone());
    books.accept("office", json!({"do": "appoint_recount", "stocktake": take, "people": ["promo"]}));
    for count in counts {
        books.accept("promo", count);
    }
    books.accept("promo", submit);
    for (place, code) in [("", "A1"), ("D-02", "DB01")] {
        let explain = json!({"do": "explain_difference", "stocktake": take, "article": code, "place": place,
            "cause": "分装损耗", "party": "仓库", "proposal": "补亏"});
        books.accept("boss", explain);
    }
    books.accept("boss", json!({"do": "confirm_stocktake", "stocktake": take}));
    books.now = books.now.plus_hours(72);
    books
}

fn open(books: &Rehearsal, person: &str) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, SMALL);
    station.f(9).type_in(MENU);
    station
}

fn settled(books: &Rehearsal, claim: u32) -> Option<String> {
    let claim = books.desk.store().read().unwrap().claim(ClaimId(claim)).unwrap().expect("the claim exists");
    claim.settled.map(|mark| mark.why.to_string())
}

#[test]
fn the_claims_at_three_sizes_in_both_languages_with_one_open_and_one_settled() {
    let mut books = claimed();
    books.accept("money", json!({"do": "settle_claim", "claim": "PC000002", "reason": "转账 0231"}));
    for size in [SMALL, (120, 40), (200, 60)] {
        for lang in Lang::ALL {
            let mut station = Station::of(&books, "money", lang, size);
            station.f(9).type_in(MENU);
            assert_frame(&format!("claims_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
        }
    }
}

#[test]
fn finance_settles_a_claim_by_keys_once() {
    let books = claimed();
    let mut money = open(&books, "money");
    assert!(money.has("未赔 2 笔, 计 58.00"), "{}", money.picture().glyphs);
    money.burst("PC000001", false).key(Key::Enter).f(8).settled();
    let before = books.entries();
    money.f(8);
    assert_eq!(books.entries(), before, "how it was made good is wanted");
    money.type_in("转账 0231");
    assert_frame("claim_settle", &money.picture());
    money.f(8);
    assert_eq!(settled(&books, 1).as_deref(), Some("转账 0231"), "{}", money.picture().glyphs);
    assert_eq!(settled(&books, 2), None);
    assert!(money.has("已结清") && money.has("未赔 1 笔, 计 38.00"), "{}", money.picture().glyphs);
    // The same again is refused by its clause.
    money.f(8);
    assert!(money.has("已由 money 于") && money.has("G5"), "{}", money.picture().glyphs);
    assert_eq!(books.entries(), before + 1);
    books.verify();
}

#[test]
fn a_settled_claim_asks_for_the_passphrase_when_it_was_long_ago() {
    let books = claimed();
    let mut money = open(&books, "money");
    money.wait(6 * 60 * 1_000).f(8).settled().type_in("扣款").f(8);
    assert_eq!(settled(&books, 2), None, "{}", money.picture().glyphs);
    money.settled().type_in(PASSPHRASE).f(8);
    assert_eq!(settled(&books, 2).as_deref(), Some("扣款"), "{}", money.picture().glyphs);
}

#[test]
fn nobody_but_finance_settles_and_everybody_sees() {
    let books = claimed();
    for person in ["boss", "keeper", "office"] {
        let mut station = open(&books, person);
        assert!(station.has("PC000001") && station.has("38.00"), "{}", station.picture().glyphs);
        let bells = station.bells;
        station.f(8);
        assert!(station.bells > bells && station.has("不归本岗位办"), "{person}: {}", station.picture().glyphs);
    }
    assert_eq!(settled(&books, 1).or(settled(&books, 2)), None);
}

#[test]
fn a_claim_waits_for_finance_leads_to_its_list_and_to_its_stocktake() {
    let books = claimed();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.f(9).type_in("90");
    assert!(money.has("PC000001") && money.has("20.00"), "{}", money.picture().glyphs);
    money.burst("PC000001", false).key(Key::Enter).key(Key::Enter);
    assert!(money.has("未赔 2 笔"), "{}", money.picture().glyphs);
    money.key(Key::Enter);
    assert!(money.has("PD000001") && money.has("已确认"), "{}", money.picture().glyphs);
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.f(9).type_in("90");
    assert!(!boss.has("PC000001"), "{}", boss.picture().glyphs);
}

#[test]
fn who_counts_the_goods_again_sees_no_claim_of_them() {
    let mut books = claimed();
    let open_take =
        json!({"do": "open_stocktake", "kind": "any_day", "articles": ["A1"], "counters": ["money", "keeper"]});
    books.accept("office", open_take);
    let money = open(&books, "money");
    assert!(!money.has("PC000001") && money.has("PC000002"), "{}", money.picture().glyphs);
}
