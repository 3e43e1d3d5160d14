//! Whoever counts is blind on every screen: all that keys lead to is walked, and no figure of the book stands anywhere.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::json;
use taizhang::ui::face::{Key, Press};
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

/// What the book has of the goods counted, and what was taken for damaged of the first: figures that stand nowhere else.
const BOOK: [&str; 2] = ["73131", "64642"];
const DAMAGED: &str = "13579";
/// What the other counter has written.
const OTHERS: [&str; 2] = ["53535", "42424"];
/// From so many screens of a kind it is walked on.
const ALIKE: usize = 1;

/// Goods with recognisable figures in all that screens show: a bill, an order, damage, two places.
fn world(counters: [&str; 2]) -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for (code, place, stock) in [("HJ01", "C-03", BOOK[0]), ("HJ02", "C-04", BOOK[1])] {
        books.accept("boss", json!({"do": "define_place", "code": place, "name": place}));
        let card =
            json!({"do": "list_article", "code": code, "name": format!("货 {code}"), "unit": "册", "location": place});
        books.accept("clerk", card);
        books.accept("boss", json!({"do": "set_price", "article": code, "price": "25.00", "from": "2026-11-02"}));
        books.accept(
            "boss",
            json!({"do": "set_price", "article": code, "tier": "A", "price": "20.00", "from": "2026-11-02"}),
        );
        let lines = json!([{"article": code, "quantity": stock}]);
        books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": lines}));
    }
    let damaged = json!([{"article": "HJ01", "quantity": DAMAGED}]);
    books.accept("keeper", json!({"do": "mark_damaged", "cause": "受潮", "lines": damaged}));
    let billed = json!([{"article": "HJ02", "quantity": "7"}]);
    books.accept(
        "clerk",
        json!({"do": "enter_bill", "number": "B-1", "factory": "厂", "day": "2026-11-02", "lines": billed}),
    );
    let to = json!({"name": "王", "phone": "13800000000", "address": "成都"});
    let lines = json!([{"article": "HJ01", "quantity": "12"}]);
    books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "to": to, "lines": lines}));
    books.accept("office", json!({"do": "open_stocktake", "kind": "any_day", "counters": counters}));
    for (code, place, figure) in [("HJ01", "C-03", OTHERS[0]), ("HJ02", "C-04", OTHERS[1])] {
        let count =
            json!({"do": "count_goods", "stocktake": "PD000001", "place": place, "code": code, "quantity": figure});
        books.accept(counters[1], count);
    }
    books
}

/// Every figure that the blind must not see, as a screen may write it.
fn secrets() -> Vec<String> {
    let number = |text: &str| text.parse::<u64>().unwrap();
    let (first, second, damaged) = (number(BOOK[0]), number(BOOK[1]), number(DAMAGED));
    let quantities = [first, second, damaged, first - damaged, first - 12, first - damaged - 12, first + second];
    let counted = OTHERS.map(number);
    let worth = [first * 25, second * 25, (first - damaged) * 25, first * 20, second * 20];
    let all = quantities.into_iter().chain(counted).chain([counted[0] + counted[1]]).chain(worth);
    all.flat_map(|figure| [figure.to_string(), grouped(figure)]).collect()
}

/// With a comma before every three digits, as screens write large figures.
fn grouped(figure: u64) -> String {
    let digits = figure.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

/// The numbers of the menu, of all screens, but for what leads to no screen of the business.
fn menu() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/keymaps");
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let binds = |file: String| file.split("[[bind]]").map(str::to_owned).collect::<Vec<_>>();
    let idle = ["lang.switch", "session.lock", "session.passphrase", "app.quit", "screen.repaint", "messages.show"];
    let leads = |bind: &String| !idle.iter().any(|act| bind.contains(act));
    let number = |bind: String| bind.lines().find_map(|line| line.strip_prefix("menu = ").map(str::to_owned));
    files.flat_map(binds).filter(leads).filter_map(number).collect()
}

/// Ways from one screen to another.
fn moves() -> Vec<Vec<Press>> {
    let keys = [Key::Enter, Key::Down, Key::F(2), Key::F(4), Key::F(6), Key::F(7), Key::F(8), Key::F(9)];
    let plain = keys.into_iter().map(|key| vec![Press::key(key)]);
    // A number of two digits runs at once; one digit could be the first of two.
    let chosen = menu().into_iter().map(|number| {
        let digits = number.chars().map(Press::Char);
        let enter = (number.len() == 1).then(|| Press::key(Key::Enter));
        [Press::key(Key::F(9))].into_iter().chain(digits).chain(enter).collect()
    });
    // A scan, and a quantity that no shelf has: what is short is told without what is there.
    let typed = [&["HJ01"][..], &["D00001", "", "", "", "", "HJ01", "99999"]]
        .map(|lines| lines.iter().map(|line| Press::Burst { text: (*line).into(), entered: true }).collect::<Vec<_>>());
    plain.chain(chosen).chain(typed).collect()
}

/// What kind of screen it is: the beginnings of its titles, without their numbers.
fn kind(picture: &str) -> String {
    let titles = picture.lines().filter(|line| line.contains('[') || line.contains("+-"));
    let words = |line: &str| line.trim_matches(|c: char| !c.is_alphabetic()).chars().take(6).collect::<String>();
    titles.map(words).take(2).collect()
}

/// Walks the screens that the person's keys lead to. Returns them, and what is told that must not be, with the screen.
fn walk(books: &Rehearsal, person: &str, size: (u16, u16)) -> (Vec<String>, Vec<String>) {
    let (secrets, moves) = (secrets(), moves());
    let (mut known, mut kinds) = (HashSet::new(), HashMap::<String, usize>::new());
    let (mut screens, mut told) = (Vec::new(), Vec::new());
    let mut open: VecDeque<Vec<Press>> = (0..4).map(|tabs| vec![Press::key(Key::Tab); tabs]).collect();
    while let Some(way) = open.pop_front() {
        let mut station = Station::of(books, person, Lang::Zh, size);
        for press in &way {
            station.press(press.clone());
        }
        let picture = station.picture().glyphs;
        if secrets.iter().any(|secret| picture.contains(secret.as_str())) {
            told.push(format!("{way:?}\n{picture}"));
        }
        // The clock in the first row moves on; a screen is known by the rest, and its kind by its title and what is in front.
        if !known.insert(picture.lines().skip(1).collect::<String>()) {
            continue;
        }
        let kind = kind(&picture);
        let seen = kinds.entry(kind).or_default();
        *seen += 1;
        if *seen <= ALIKE {
            open.extend(moves.iter().map(|further| [way.as_slice(), further].concat()));
        }
        screens.push(picture);
    }
    (screens, told)
}

/// Walks as the first of two counters; each of these words stands on some screen that was looked at.
fn finds_nothing(counters: [&str; 2], there: &[&str]) {
    let books = world(counters);
    let (screens, told) = walk(&books, counters[0], (200, 60));
    assert!(
        told.is_empty(),
        "{} of {} screens tell {} something:\n{}",
        told.len(),
        screens.len(),
        counters[0],
        told[0]
    );
    let missing: Vec<&&str> =
        there.iter().filter(|word| !screens.iter().any(|screen| screen.contains(**word))).collect();
    assert!(missing.is_empty(), "{missing:?} was never looked at by {}", counters[0]);
}

const EVERYBODYS: &[&str] = &[
    "[盘点录入",
    "[盘点表",
    "[盘点 PD",
    "[比对",
    "[差亏赔偿",
    "[经过",
    "[库存卡",
    "[库位",
    "[日清",
    "[进销存月报",
    "[台账",
    "[账单",
    "[差异报告",
    "[订单 XS",
];

#[test]
fn a_keeper_who_counts_finds_no_figure_of_the_book_on_any_screen() {
    finds_nothing(["keeper", "clerk"], &[EVERYBODYS, &["[按账单收货"]].concat());
}

#[test]
fn a_clerk_who_counts_finds_no_figure_of_the_book_on_any_screen() {
    finds_nothing(["clerk", "keeper"], &[EVERYBODYS, &["[下单"]].concat());
}

#[test]
fn a_supervisor_who_counts_finds_no_figure_of_the_book_on_any_screen() {
    finds_nothing(["boss", "money"], EVERYBODYS);
}

#[test]
fn who_does_not_count_finds_the_figures_by_the_same_keys() {
    let books = world(["keeper", "clerk"]);
    let (screens, told) = walk(&books, "boss", (200, 60));
    assert!(told.iter().any(|screen| screen.contains("73,131") || screen.contains("73131")), "{}", screens.len());
    let others = OTHERS.map(|figure| grouped(figure.parse().unwrap()));
    let counted =
        |screen: &&String| others.iter().chain(&OTHERS.map(str::to_owned)).any(|it| screen.contains(it.as_str()));
    assert_eq!(told.iter().find(counted), None, "what is on a sheet is nobody's before both are in");
}
