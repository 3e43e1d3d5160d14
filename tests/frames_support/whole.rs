//! What stands on a screen is whole and of one moment: countdowns, messages, the first row, labels, the keys of a form.

use serde_json::json;
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::idle::screens;
use crate::frames_support::leaves;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);

/// A department with one paid order that waits to be signed, and a bill with goods that are on their way.
fn paid() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let lines = json!([{"article": "A1", "quantity": "12"}]);
    books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    let flow = books.pay("wang@example.com", "96.00", "202611020001");
    let shares = json!([{"order": "XS2611000001", "amount": "96.00"}]);
    books.accept("money", json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares}));
    books
}

/// The times of the day, or left of one, that a screen shows in full: `HH:MM:SS`.
fn times(text: &str) -> Vec<String> {
    let is_time = |word: &&str| word.len() == 8 && word.split(':').filter(|part| part.len() == 2).count() == 3;
    text.split_whitespace().filter(is_time).map(str::to_owned).collect()
}

#[test]
fn the_countdown_of_a_row_and_that_of_its_detail_tell_the_same_moment() {
    let books = paid();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    for _ in 0..3 {
        boss.wait(7_000);
        let glyphs = boss.picture().glyphs;
        let row = glyphs.lines().find(|line| line.starts_with("> 1 XS2611000001")).unwrap();
        let detail = glyphs.lines().find(|line| line.contains("第 1 批")).unwrap();
        assert_eq!((times(row).len(), times(row)), (1, times(detail)), "{glyphs}");
    }
    // The order's own screen, the list of what waits and the question before a signature go on as well.
    let mut seen = Vec::new();
    boss.key(Key::Enter);
    for _ in 0..2 {
        boss.wait(5_000);
        let glyphs = boss.picture().glyphs;
        seen.push(times(glyphs.lines().find(|line| line.contains("第 1 批 待签")).unwrap()));
    }
    boss.f(3).f(9).type_in("90");
    for _ in 0..2 {
        boss.wait(5_000);
        let glyphs = boss.picture().glyphs;
        seen.push(times(glyphs.lines().find(|line| line.starts_with("> 1 待签")).unwrap()));
    }
    let seconds = |time: &String| {
        let parts: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
        parts[0] * 3_600 + parts[1] * 60 + parts[2]
    };
    let left: Vec<i64> = seen.iter().map(|times| seconds(&times[0])).collect();
    assert!(left.windows(2).all(|two| two[0] - two[1] == 5), "{left:?}");
}

#[test]
fn a_shipment_that_has_left_counts_down_no_more() {
    let mut books = paid();
    for person in ["boss", "promo", "sales"] {
        let seen = books.fingerprint("XS2611000001");
        books.accept(person, json!({"do": "sign_shipment", "order": "XS2611000001", "seen": seen}));
    }
    leaves(&mut books, "XS2611000001", "SF1402345678901");
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.f(7).key(Key::Enter).wait(3 * 86_400_000);
    let glyphs = keeper.picture().glyphs;
    let line = glyphs.lines().find(|line| line.contains("第 1 批 已发")).unwrap();
    assert!(line.contains("发出 按时") && !line.contains('剩') && !line.contains("超时"), "{glyphs}");
}

#[test]
fn a_refusal_that_is_longer_than_its_row_goes_on_in_the_next() {
    let books = paid();
    let mut keeper = Station::of(&books, "keeper", Lang::En, SMALL);
    keeper.f(9).type_in("60").f(8);
    let glyphs = keeper.picture().glyphs;
    let rows: Vec<&str> = glyphs.lines().collect();
    let said = format!("{} {}", rows[21].trim(), rows[22].trim());
    assert!(said.contains("it belongs to: e-commerce supervisor") && !said.contains('~'), "{glyphs}");
    keeper.key(Key::Down);
    let glyphs = keeper.picture().glyphs;
    assert!(glyphs.lines().nth(22).unwrap().contains("(ENTER)"), "the hints are back: {glyphs}");
}

#[test]
fn the_first_row_shows_all_panes_whoever_sits_there() {
    let books = paid();
    for lang in Lang::ALL {
        for person in ["clerk", "boss", "keeper", "money", "office", "promo", "admin"] {
            let station = Station::of(&books, person, lang, SMALL);
            let glyphs = station.picture().glyphs;
            let first = glyphs.lines().next().unwrap();
            assert!(!first.contains('~'), "{person}, {lang:?}: {first}");
        }
    }
}

#[test]
fn no_label_of_a_form_is_cut() {
    let books = paid();
    let mut seen = 0;
    for person in ["clerk", "boss", "keeper", "money", "admin"] {
        for lang in Lang::ALL {
            for (screen, mut station) in screens(&books, person, lang, SMALL) {
                station.f(6);
                let glyphs = station.picture().glyphs;
                for line in glyphs.lines().skip(2) {
                    let mark = line.find([':', '>']).filter(|at| line[at + 1..].starts_with(' '));
                    let label = &line[..mark.unwrap_or_default()];
                    assert!(!label.ends_with("~"), "{person}, {lang:?}, {screen}: {line}");
                    seen += usize::from(!label.is_empty());
                }
            }
        }
    }
    assert!(seen > 100, "{seen} labels");
}

#[test]
fn a_form_shows_the_keys_that_it_has_something_for_and_says_why_of_the_others() {
    let books = paid();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(6);
    assert!(clerk.has("6加行") && clerk.has("4选择") && !clerk.has("2照抄上次"), "{}", clerk.picture().glyphs);
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.f(9).type_in("88").f(6);
    assert!(money.has("导入账单") && !money.has("6加行") && !money.has("7删行"), "{}", money.picture().glyphs);
    money.f(6);
    assert!(money.has("没有明细行") && money.bells == 1, "{}", money.picture().glyphs);
}

#[test]
fn an_article_is_named_in_small_letters_as_well() {
    let books = paid();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(6).type_in("D00001");
    for _ in 0..5 {
        clerk.key(Key::Enter);
    }
    clerk.type_in("a1").key(Key::Enter).type_in("2").key(Key::Enter).key(Key::Enter);
    assert!(!clerk.has("没有这个商品"), "{}", clerk.picture().glyphs);
    clerk.f(4);
    assert!(clerk.has("选商品或促销"), "{}", clerk.picture().glyphs);
}
