//! What differs in a stocktake, on screen: read by pages, and asked about before it is confirmed.

use serde_json::json;
use taizhang::domain::id::StocktakeId;
use taizhang::store::books::Counts;
use taizhang::ui::face::{Focus, Key};
use taizhang::ui::locale::Lang;

use crate::frames_support::assert_frame;
use crate::frames_support::counting::SMALL;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const TAKE: &str = "PD000001";

/// Counts on one sheet by two, then again by a third.
fn counted_twice(books: &mut Rehearsal, figures: &[(String, u32)]) {
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "method": "one_sheet", "counters": ["keeper", "office"]}),
    );
    for person in ["keeper", "promo"] {
        if person == "promo" {
            let appoint = json!({"do": "appoint_recount", "stocktake": TAKE, "people": ["promo"]});
            books.accept("office", json!({"do": "submit_sheet", "stocktake": TAKE}));
            books.accept("office", appoint);
        }
        for (code, quantity) in figures {
            let count = json!({"do": "count_goods", "stocktake": TAKE, "place": "", "code": code,
                "quantity": quantity.to_string()});
            books.accept(person, count);
        }
        books.accept(person, json!({"do": "submit_sheet", "stocktake": TAKE}));
    }
}

fn explain(books: &mut Rehearsal, code: &str) {
    books.accept(
        "boss",
        json!({"do": "explain_difference", "stocktake": TAKE, "article": code, "place": "",
            "cause": "破损", "party": "仓库", "proposal": "补亏"}),
    );
}

#[test]
fn the_question_says_what_of_a_shortage_stays_because_it_is_packed() {
    let mut books = Rehearsal::furnished();
    let lines = json!([{"article": "A1", "quantity": "90"}]);
    let order = books.accept(
        "clerk",
        json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "李四", "paid_at": "2026-11-02T08:00:00+08:00",
            "lines": lines, "to": {"name": "李四", "phone": "13700000000", "address": "成都"}}),
    );
    counted_twice(&mut books, &[("A1".into(), 20)]);
    books.accept("keeper", json!({"do": "pack_shipment", "order": order["order"]}));
    explain(&mut books, "A1");
    for lang in Lang::ALL {
        let mut boss = Station::of(&books, "boss", lang, SMALL);
        boss.pane(4).f(8);
        boss.f(8).settled();
        assert_frame(&format!("compare_packed_{lang:?}").to_lowercase(), &boss.picture());
    }
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.pane(4).f(8);
    boss.f(8).settled();
    assert!(boss.has("花椒 -80: 调账 -10") && boss.has("已打包的 -70 留账"), "{}", boss.picture().glyphs);
    boss.f(8);
    // What was said is what was done.
    assert_eq!(books.stock("A1"), "90", "{}", boss.picture().glyphs);
    books.verify();
}

#[test]
fn what_the_stocktake_itself_forbids_is_said_before_anything_is_asked() {
    let mut books = Rehearsal::furnished();
    counted_twice(&mut books, &[("A1".into(), 20)]);
    explain(&mut books, "A1");
    let mut people = ["boss", "office", "money"].map(|person| Station::of(&books, person, Lang::Zh, SMALL));
    for station in &mut people {
        station.pane(4).f(8);
    }
    books.accept("boss", json!({"do": "confirm_stocktake", "stocktake": TAKE}));
    let [mut boss, mut office, mut money] = people;
    let says_at_once = |station: &mut Station| {
        let seen = station.picture().glyphs;
        assert!(seen.contains("现在是 已确认"), "{seen}");
        assert_eq!(station.focus(), Focus::List, "nothing is asked: {seen}");
    };
    says_at_once(boss.moved().f(8));
    says_at_once(boss.f(2));
    says_at_once(office.moved().type_in("r"));
    says_at_once(money.moved().f(7));
}

/// Sixty articles, of which all but every fourth is short by one.
fn many() -> (Rehearsal, Vec<String>) {
    let mut books = Rehearsal::furnished();
    let codes: Vec<String> = (1..=60).map(|nth| format!("M{nth:02}")).collect();
    for code in &codes {
        books.accept("clerk", json!({"do": "list_article", "code": code, "name": code, "unit": "袋"}));
    }
    let lines: Vec<_> = codes.iter().map(|code| json!({"article": code, "quantity": "9"})).collect();
    books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": lines}));
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "articles": codes, "counters": ["keeper", "office"]}),
    );
    for (nth, code) in codes.iter().enumerate() {
        let quantity = if nth % 4 == 3 { "9" } else { "8" };
        let count = json!({"do": "count_goods", "stocktake": TAKE, "place": "", "code": code, "quantity": quantity});
        books.accept("keeper", count.clone());
        books.accept("office", count);
    }
    for person in ["keeper", "office"] {
        books.accept(person, json!({"do": "submit_sheet", "stocktake": TAKE}));
    }
    let differ = codes.into_iter().enumerate().filter(|(nth, _)| nth % 4 != 3).map(|(_, code)| code).collect();
    (books, differ)
}

fn codes(station: &Station) -> Vec<String> {
    let glyphs = station.picture().glyphs;
    let code =
        |line: &str| line.split_whitespace().find(|word| word.len() == 3 && word.starts_with('M')).map(str::to_owned);
    glyphs.lines().skip(2).take(16).filter(|line| line.starts_with([' ', '>'])).filter_map(code).collect()
}

#[test]
fn a_long_stocktake_is_paged_through_in_order_both_ways() {
    let (books, differ) = many();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.pane(4).f(8);
    let mut seen = codes(&boss);
    let page = seen.len();
    assert!((5..30).contains(&page), "{}", boss.picture().glyphs);
    for _ in 0..differ.len() / page {
        boss.key(Key::PageDown);
        seen.extend(codes(&boss));
    }
    seen.dedup();
    assert_eq!(seen, differ, "{}", boss.picture().glyphs);
    let mut back = codes(&boss);
    for _ in 0..differ.len() / page {
        boss.key(Key::PageUp);
        back.splice(0..0, codes(&boss));
    }
    back.dedup();
    assert_eq!(back, differ);
    boss.key(Key::End);
    assert_eq!(codes(&boss).last(), differ.last(), "{}", boss.picture().glyphs);
    boss.key(Key::Home);
    assert_eq!(codes(&boss)[..], differ[..page]);
    // A row stays chosen when the books move, and its figures are those of its own line.
    boss.key(Key::Down).key(Key::Down);
    let before = boss.picture().glyphs;
    boss.moved();
    assert_eq!(boss.picture().glyphs, before);
}

#[test]
fn what_is_noted_of_a_stocktake_is_kept_apart_and_read_from_either_end() {
    use std::ops::Bound;
    let (books, differ) = many();
    let read = books.desk.store().read().unwrap();
    let take = StocktakeId(1);
    let all = read.all_differing(take).unwrap();
    assert_eq!(all.len(), differ.len());
    let whole = read.compared(take, None, usize::MAX).unwrap();
    assert_eq!(all, whole.into_iter().filter(|row| row.is_noted()).collect::<Vec<_>>());
    let at = |nth: usize| (all[nth].place.as_str(), all[nth].article);
    assert_eq!(read.differing(take, Bound::Excluded(at(3)), false, 2).unwrap(), all[4..6]);
    assert_eq!(read.differing(take, Bound::Included(at(3)), false, 2).unwrap(), all[3..5]);
    let back: Vec<_> = read.differing(take, Bound::Excluded(at(3)), true, 2).unwrap().into_iter().rev().collect();
    assert_eq!(back, all[1..3]);
    assert_eq!(read.differing(take, Bound::Unbounded, true, 1).unwrap(), all[all.len() - 1..]);
    assert_eq!(read.all_differing(StocktakeId(2)).unwrap(), []);
}
