//! The month's goods: the report at three sizes in both languages, and turning to other months by keys.

use serde_json::json;
use taizhang::domain::time::Moment;
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::frames_support::{assert_frame, leaves};
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
const MENU: &str = "75";

fn at(books: &mut Rehearsal, time: &str) {
    books.now = time.parse::<Moment>().unwrap();
}

/// Orders that leave on days of November and December, the last of each month late; damage, a delivery, goods that come back.
fn traded() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let card = json!({"do": "list_article", "code": "DB01", "name": "郫县豆瓣 三年陈", "unit": "坛"});
    books.accept("clerk", card);
    books.accept("boss", json!({"do": "set_price", "article": "DB01", "price": "38.00", "from": "2026-11-02"}));
    books.accept("boss", json!({"do": "set_price", "article": "DB01", "price": "40.00", "from": "2026-12-01"}));
    let lines = json!([{"article": "DB01", "quantity": "60"}]);
    books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": lines}));
    let days = [
        ("11-03", "11-03", "DB01", "1"),
        ("11-03", "11-03", "A1", "7.5"),
        ("11-11", "11-11", "DB01", "30"),
        ("11-12", "11-12", "DB01", "9"),
        ("11-30", "11-28", "DB01", "4"),
        ("12-02", "12-02", "A1", "21"),
        ("12-04", "12-02", "DB01", "3"),
    ];
    for (nth, (left, paid, code, quantity)) in (1..).zip(days) {
        at(&mut books, &format!("2026-{left}T16:30:00+08:00"));
        let lines = json!([{"article": code, "quantity": quantity}]);
        let order = books.accept(
            "clerk",
            json!({"do": "enter_tmall_order", "number": format!("TM{nth}"), "buyer": "张三", "lines": lines,
                "paid_at": format!("2026-{paid}T16:00:00+08:00"), "to": {"name": "张三", "address": "成都"}}),
        );
        let order = order["order"].as_str().unwrap();
        leaves(&mut books, order, &format!("SF140234567890{nth}"));
        if nth == 3 {
            let lines = json!([[1, "2"]]);
            books.accept("keeper", json!({"do": "take_back_goods", "order": order, "lines": lines, "reason": "拒收"}));
        }
    }
    let lines = json!([{"article": "A1", "quantity": "5"}]);
    books.accept("keeper", json!({"do": "mark_damaged", "cause": "受潮", "lines": lines}));
    at(&mut books, "2026-12-05T09:00:00+08:00");
    books
}

fn open(books: &Rehearsal, person: &str, size: (u16, u16)) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, size);
    station.f(9).type_in(MENU);
    station
}

fn sees(station: &Station, words: &[&str]) {
    let glyphs = station.picture().glyphs;
    let missing: Vec<&&str> = words.iter().filter(|word| !glyphs.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} is missing:\n{glyphs}");
}

#[test]
fn the_month_at_three_sizes_in_both_languages() {
    let books = traded();
    for size in [SMALL, (120, 40), (200, 60)] {
        for lang in Lang::ALL {
            let mut station = Station::of(&books, "director", lang, size);
            station.f(9).type_in(MENU).f(6);
            assert_frame(&format!("month_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
        }
    }
}

#[test]
fn other_months_are_turned_to_by_keys_and_none_is_ahead() {
    let books = traded();
    let mut director = open(&books, "director", (200, 60));
    // 92.5 less 21 and 5 damaged, 18 less 3, at the price of December.
    sees(
        &director,
        &["[进销存月报 2026-12]", "发货零售额 330.00  期末零售额 1,265.00", "准时 1/2 [##########....", " 66.5 "],
    );
    director.f(6);
    sees(&director, &["[进销存月报 2026-11]", "准时 4/5", "期末零售额 1,609.00"]);
    director.f(6);
    sees(
        &director,
        &["[进销存月报 2026-10]", "这个月没有商品进出, 也没有库存", "2026-10  没有发货", "期末零售额 0.00"],
    );
    director.key(Key::Enter);
    sees(&director, &["[进销存月报 2026-10]"]);
    director.f(7).f(7).f(7).f(7);
    sees(&director, &["[进销存月报 2026-12]", "1,265.00"]);
    director.type_in("p");
    sees(&director, &["[进销存月报 2026-11]"]);
    director.type_in("n");
    sees(&director, &["[进销存月报 2026-12]"]);
    assert!(!director.closed);
}

#[test]
fn months_of_other_centuries_are_other_months() {
    let books = traded();
    let mut director = open(&books, "director", SMALL);
    for _ in 0..12 * 100 + 1 {
        director.f(6);
    }
    sees(&director, &["[进销存月报 1926-11]", "没有商品进出"]);
    director.f(7);
    sees(&director, &["[进销存月报 1926-12]", "没有商品进出"]);
}

#[test]
fn a_month_whose_last_day_is_closed_has_the_next_one_beside_it() {
    let mut books = traded();
    at(&mut books, "2026-12-31T20:00:00+08:00");
    for day in ["11-03", "11-11", "11-12", "11-30", "12-02", "12-04", "12-31"] {
        books.accept("boss", json!({"do": "close_day", "day": format!("2026-{day}")}));
    }
    let mut director = open(&books, "director", SMALL);
    sees(&director, &["[进销存月报 2026-12]"]);
    director.f(7);
    sees(&director, &["[进销存月报 2027-01]", "2027-01  没有发货"]);
    director.f(7);
    sees(&director, &["[进销存月报 2027-01]"]);
}

#[test]
fn an_article_is_found_and_leads_to_its_stock_card() {
    let books = traded();
    let mut director = open(&books, "director", (120, 40));
    director.burst("豆瓣", false);
    sees(&director, &["DB01", "郫县豆瓣"]);
    assert!(!director.has("花椒"), "{}", director.picture().glyphs);
    director.key(Key::Enter).key(Key::Enter);
    sees(&director, &["库存卡", "郫县豆瓣"]);
}

#[test]
fn who_counts_blind_sees_no_figure_of_what_is_counted_nor_a_sum_that_has_it() {
    let mut books = traded();
    let take = json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "clerk"]});
    books.accept("office", take);
    let mut keeper = open(&books, "keeper", (200, 60));
    for _ in 0..2 {
        sees(&keeper, &["正在盲盘: 盘点的商品和合计不显示", "准时"]);
        let glyphs = keeper.picture().glyphs;
        for figure in ["DB01", "66.5", "92.5", "1,265", "1,609", "1,747", "330.00", "-44"] {
            assert!(!glyphs.contains(figure), "{figure}:\n{glyphs}");
        }
        keeper.f(6);
    }
    sees(&open(&books, "boss", (200, 60)), &["DB01", "66.5", "1,265.00", "330.00"]);
}
