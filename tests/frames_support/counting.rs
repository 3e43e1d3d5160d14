//! A stocktake on screens: two people count blind at two terminals, what differs is counted again, and it is confirmed.

use crate::frames_support::assert_frame;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;
use serde_json::{Value, json};
use taizhang::domain::id::StocktakeId;
use taizhang::store::books::{Books, Counts};
use taizhang::ui::face::{Face, Focus, Key, Press};
use taizhang::ui::locale::Lang;

pub(super) const SMALL: (u16, u16) = (80, 24);
const A: &str = "9787020002207";
const B: &str = "9787536692930";
const UNKNOWN: &str = "6901234567892";
/// What the book has of the two: figures that stand nowhere else.
const BOOK: [&str; 2] = ["73131", "64642"];

/// Goods with barcodes at two places, one of them special, and a stocktake of both that keeper and clerk count.
fn counting() -> Rehearsal {
    let mut books = shelved();
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "places": ["C-03", "C-04"],
        "counters": ["keeper", "clerk"]}),
    );
    books
}

pub(super) fn shelved() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for (code, name, barcode, place, special, stock) in
        [("HJ01", "红楼梦(上下)", A, "C-03", "", BOOK[0]), ("HJ02", "三体(全三册)", B, "C-04", "易碎", BOOK[1])]
    {
        books.accept("boss", json!({"do": "define_place", "code": place, "name": place}));
        books.accept(
            "clerk",
            json!({"do": "list_article", "code": code, "name": name, "unit": "册", "barcode": barcode,
            "location": place, "special": special}),
        );
        books.accept("boss", json!({"do": "set_price", "article": code, "price": "25.00", "from": "2026-11-02"}));
        books.accept(
            "keeper",
            json!({"do": "receive_goods", "from": "opening", "lines": [{"article": code, "quantity": stock}]}),
        );
    }
    books
}

/// The person's own sheet, at a place, reached by keys alone.
fn at_sheet(books: &Rehearsal, person: &str, size: (u16, u16)) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, size);
    station.pane(4).key(Key::Enter);
    assert_eq!(station.focus(), Focus::Code, "{}", station.picture().glyphs);
    station.enter(".C-03");
    assert!(station.has("库位 C-03"), "{}", station.picture().glyphs);
    station
}

impl Station {
    /// A line and its Enter, as the number pad or a scanner sends it.
    pub(super) fn enter(&mut self, line: &str) -> &mut Station {
        if !line.is_empty() {
            self.press(Press::Burst { text: line.into(), entered: false });
        }
        self.key(Key::Enter)
    }

    pub(super) fn enter_all(&mut self, lines: &[&str]) -> &mut Station {
        for line in lines {
            self.enter(line);
        }
        self
    }
}

/// What a sheet says, by code, and how many records it has.
fn sheet(books: &Rehearsal, no: u8) -> (Vec<(String, String)>, u32) {
    let read = books.desk.store().read().unwrap();
    let take = read.stocktakes(None, 1).unwrap().remove(0);
    let mut lines = read.count_lines(take.id, no, None, 10_000).unwrap();
    lines.reverse();
    let said = lines.iter().filter(|line| line.standing > 0);
    let said = said.map(|line| (line.code.to_string(), line.quantity.to_string())).collect();
    (said, take.sheet(no).unwrap().records)
}

fn total(lines: &[(String, String)], code: &str) -> u32 {
    lines.iter().filter(|line| line.0 == code).map(|line| line.1.replace(',', "").parse::<u32>().unwrap()).sum()
}

#[test]
fn every_scan_begins_a_figure_of_its_own() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter_all(&[A, "12", A, A, B, "", A, "2", A, "2"]);
    let (lines, _) = sheet(&books, 1);
    assert_eq!((total(&lines, A), total(&lines, B)), (18, 1), "{lines:?}");
    assert_eq!(keeper.bells, 0, "the scanner beeps itself");
    books.verify();
}

#[test]
fn a_code_is_never_a_figure_and_a_figure_never_a_code() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter(A);
    keeper.type_in(B).key(Key::Enter);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "1".into()), (B.into(), "1".into())]);
    keeper.enter("").enter(A);
    keeper.enter("123456");
    assert!(keeper.bells == 2 && keeper.has("6 到 7 位"), "{} {}", keeper.bells, keeper.picture().glyphs);
    let records = sheet(&books, 1).1;
    keeper.enter("").type_in("12").press(Press::Char('三')).key(Key::Enter);
    assert!(keeper.bells == 4 && keeper.has("整行不收"), "{} {}", keeper.bells, keeper.picture().glyphs);
    assert_eq!(sheet(&books, 1).1, records, "nothing is stored");
    keeper.enter("").enter("12.5");
    assert_eq!(sheet(&books, 1).0[2], (A.into(), "12.5".into()));
}

#[test]
fn a_line_half_typed_is_saved_or_refused_before_the_sheet_is_handed_in() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter(A).type_in("12").f(8);
    assert!(keeper.has("本表 1 行"), "{}", keeper.picture().glyphs);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "12".into())], "the last figure is on the sheet");
    // A line that is refused, a zero that is not confirmed: nothing is handed in before they are answered.
    keeper.settled().f(12).type_in("9787020002208").f(8);
    assert!(keeper.has("校验位不对") && !keeper.has("本表 1 行"), "{}", keeper.picture().glyphs);
    let bells = keeper.bells;
    keeper.f(8);
    assert!(keeper.bells > bells && !keeper.has("本表 1 行"), "{}", keeper.picture().glyphs);
    keeper.enter("").enter(B).type_in("0").f(8);
    assert!(keeper.has("确认盘得 0") && !keeper.has("本表 2 行"), "{}", keeper.picture().glyphs);
    keeper.enter("0").f(8);
    assert!(keeper.has("本表 2 行"), "{}", keeper.picture().glyphs);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "12".into()), (B.into(), "0".into())]);
    keeper.settled().f(8);
    assert!(keeper.has("交了第"), "{}", keeper.picture().glyphs);
}

#[test]
fn undoing_is_a_line_of_its_own_and_errors_ring() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter_all(&[A, "7", B]).key(Key::Ctrl('z'));
    keeper.enter("-");
    let picture = keeper.picture().glyphs;
    assert_eq!(picture.matches("撤销 #").count(), 2, "{picture}");
    assert_eq!(sheet(&books, 1), (vec![(A.into(), "1".into())], 5));
    keeper.enter(UNKNOWN).enter("3");
    assert!(keeper.has("未知码") && keeper.bells == 0, "{}", keeper.picture().glyphs);
    keeper.enter("9787020002208");
    assert!(keeper.bells == 2 && keeper.has("校验位不对"), "{}", keeper.picture().glyphs);
    keeper.enter(A);
    assert!(keeper.bells == 4 && keeper.has("其后 1 行没有收"), "{}", keeper.picture().glyphs);
    keeper.enter("").enter(A);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "1".into()), (UNKNOWN.into(), "3".into()), (A.into(), "1".into())]);
    assert_eq!(keeper.bells, 4);
}

#[test]
fn more_than_usual_and_nothing_at_all_are_asked_about() {
    let mut books = shelved();
    let settings = json!({"department": "电商部", "zone": 480, "freight": "12.00", "tolerance_max": "5.00",
        "ship_hours": 24, "warn_hours": 4, "lock_minutes": 10, "confirm_minutes": 5,
        "count_limits": [{"article": "", "limit": "400"}]});
    books.accept("admin", json!({"do": "change_settings", "settings": settings}));
    books.accept("office", json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "clerk"]}));
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter_all(&[A, "480"]);
    assert!(keeper.has("真是 480 吗") && keeper.bells == 2, "{}", keeper.picture().glyphs);
    keeper.enter(B);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "1".into())], "a question waits for its answer");
    keeper.enter("480").enter(B).enter("0");
    assert!(keeper.has("确认盘得 0"), "{}", keeper.picture().glyphs);
    keeper.enter("0");
    assert_eq!(sheet(&books, 1).0, [(A.into(), "480".into()), (B.into(), "0".into())]);
}

#[test]
fn two_hundred_scans_at_once_are_there_in_their_order() {
    let books = counting();
    let codes: Vec<String> = (0..200).map(|at| barcode(600_000_000_000 + at)).collect();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.press(Press::Paste(format!("{}\n", codes.join("\n"))));
    let mut clerk = at_sheet(&books, "clerk", SMALL);
    for code in &codes {
        clerk.enter(code);
    }
    for no in [1, 2] {
        let (lines, records) = sheet(&books, no);
        assert_eq!(records, 200);
        assert!(lines.iter().map(|line| &line.0).eq(&codes), "sheet {no}");
    }
    assert!(keeper.has("已存到第 200 笔"), "{}", keeper.picture().glyphs);
}

fn barcode(digits: u64) -> String {
    let text = format!("{digits:012}");
    let sum: u32 =
        text.bytes().rev().enumerate().map(|(at, b)| u32::from(b - b'0') * if at % 2 == 0 { 3 } else { 1 }).sum();
    format!("{text}{}", (10 - sum % 10) % 10)
}

#[test]
fn whoever_pulls_the_plug_goes_on_at_the_same_place_and_line() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter_all(&[A, "5", ".C-04"]).type_in("97875");
    let draft = keeper.app.draft().expect("the sheet is open");
    assert!(!draft.text.contains("97875"));
    let person = keeper.app.seated().unwrap().id;
    books.desk.keep_draft(person, &draft.form, Some(&draft.text)).unwrap();
    let mut again = Station::of(&books, "keeper", Lang::Zh, SMALL);
    assert!(
        again.has("半截已清掉") && again.has("库位 C-04") && again.has("已存到第 2 笔"),
        "{}",
        again.picture().glyphs
    );
    assert!(!again.has("97875  ") && again.focus() == Focus::Code);
    again.enter(B);
    assert_eq!(sheet(&books, 1).0, [(A.into(), "5".into()), (B.into(), "1".into())]);
    // Without a draft, the place of the last record is where it goes on.
    let mut other = Station::of(&books, "keeper", Lang::Zh, SMALL);
    other.f(3).pane(4).key(Key::Enter);
    assert!(other.has("库位 C-04"), "{}", other.picture().glyphs);
}

#[test]
fn goods_are_picked_by_pinyin_and_special_ones_bear_their_mark() {
    let books = counting();
    let mut keeper = at_sheet(&books, "keeper", SMALL);
    keeper.enter("/st");
    assert!(keeper.has("三体") && !keeper.has("红楼梦"), "{}", keeper.picture().glyphs);
    keeper.key(Key::Enter);
    assert!(keeper.has("特管 易碎"), "{}", keeper.picture().glyphs);
    assert_eq!(sheet(&books, 1).0, [("HJ02".into(), "1".into())]);
    keeper.enter("4").f(6).key(Key::Enter);
    assert!(keeper.has("库位 C-03"), "{}", keeper.picture().glyphs);
    keeper.f(4).type_in("hlm").key(Key::Enter);
    assert_eq!(sheet(&books, 1).0[1].0, "HJ01");
}

#[test]
fn the_entry_form_at_four_sizes_in_both_languages() {
    let books = counting();
    for size in [SMALL, (120, 40), (200, 60), (40, 16)] {
        for lang in Lang::ALL {
            let mut station = Station::of(&books, "keeper", lang, SMALL);
            station.pane(4).key(Key::Enter);
            if sheet(&books, 1).1 == 0 {
                station.enter_all(&[".C-03", A, "12", B, "3", UNKNOWN, "-", ".C-04", B]);
            }
            let name = format!("count_{}x{}_{lang:?}", size.0, size.1).to_lowercase();
            station.resize(size.0, size.1);
            assert_frame(&name, &station.picture());
        }
    }
    let mut small = at_sheet(&books, "keeper", (40, 16));
    small.enter_all(&[A, "8", "9787020002208"]);
    assert!(small.has("已存") && small.has("校验位"), "{}", small.picture().glyphs);
    assert!(small.resize(39, 16).has("窗口太小"));
    assert_eq!(small.resize(40, 16).picture().cursor.map(|at| at.x < 40), Some(true));
}

#[test]
fn the_fourth_pane_at_three_sizes_in_both_languages() {
    let books = counting();
    for (size, lang) in [SMALL, (120, 40), (200, 60)].into_iter().flat_map(|size| Lang::ALL.map(|lang| (size, lang))) {
        let mut station = Station::of(&books, "office", lang, size);
        station.pane(4);
        assert_frame(&format!("stocktakes_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
    }
}

#[test]
fn the_marketing_centre_arranges_a_count_by_keys() {
    let books = shelved();
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.pane(4).f(6);
    assert!(keeper.has("不归本岗位办") && keeper.has("M5.2"), "{}", keeper.picture().glyphs);
    let mut office = Station::of(&books, "office", Lang::Zh, SMALL);
    office.pane(4).f(6).key(Key::Enter).type_in("keeper").key(Key::Enter).type_in("clerk").f(8);
    assert!(office.has("PD000001") && office.has("盘点中"), "{}", office.picture().glyphs);
    keeper.moved().key(Key::Enter);
    assert_eq!(keeper.focus(), Focus::Code, "{}", keeper.picture().glyphs);
}

/// Counts on both sheets and hands them in: HJ01 as the book has it, HJ02 short on one sheet.
pub(super) fn hand_in(books: &Rehearsal) -> [Station; 2] {
    let mut both = [("keeper", "64600"), ("clerk", "64642")].map(|(person, second)| {
        let mut station = at_sheet(books, person, SMALL);
        station.enter_all(&[A, "73131", ".C-04", B, second]);
        station.f(8);
        assert!(station.has("本表 2 行"), "{}", station.picture().glyphs);
        station.settled().f(8);
        assert!(station.has("交了第"), "{}", station.picture().glyphs);
        station
    });
    for station in &mut both {
        station.moved();
    }
    both
}

#[test]
fn what_differs_is_counted_again_explained_and_confirmed() {
    let books = counting();
    let [mut keeper, _] = hand_in(&books);
    keeper.f(3).f(8);
    assert!(keeper.has("64,600") && !keeper.has("当时账面") && !keeper.has("HJ01"), "{}", keeper.picture().glyphs);
    let mut office = Station::of(&books, "office", Lang::Zh, SMALL);
    office.pane(4).f(8);
    assert!(office.has("HJ02") && !office.has("HJ01"), "only what differs: {}", office.picture().glyphs);
    assert_frame("compare_differing", &office.picture());
    office.f(8).settled().key(Key::Enter).type_in("keeper").f(8);
    assert!(office.has("盘过"), "{}", office.picture().glyphs);
    // The question still stands, with the way that was chosen.
    office.settled().key(Key::Enter);
    for _ in 0.."keeper".len() {
        office.key(Key::Backspace);
    }
    office.type_in("promo").f(8);
    let mut promo = Station::of(&books, "promo", Lang::Zh, SMALL);
    promo.pane(4).f(8);
    assert!(promo.has("复盘表") && promo.has("HJ02") && !promo.has("64,6"), "{}", promo.picture().glyphs);
    promo.enter_all(&[".C-03", A]);
    assert!(promo.has("不用复盘"), "{}", promo.picture().glyphs);
    promo.enter_all(&["", ".C-04", B, "64640"]).f(8).settled().f(8);
    assert!(promo.has("交了第"), "{}", promo.picture().glyphs);
    let mut boss = Station::of(&books, "boss", Lang::Zh, (120, 40));
    boss.pane(4).f(8);
    assert_frame("compare_settling", &boss.picture());
    boss.f(8).settled().f(8);
    assert!(boss.has("没有写原因"), "{}", boss.picture().glyphs);
    boss.f(2).settled();
    boss.type_in("破损").key(Key::Enter).type_in("仓库").key(Key::Enter).type_in("照赔").f(8);
    boss.f(8).settled();
    assert!(boss.has("50.00") && boss.has("25.00"), "the claim is shown first: {}", boss.picture().glyphs);
    boss.f(8);
    assert_eq!(books.stock("HJ02"), "64,640", "{}", boss.picture().glyphs);
    boss.f(3).f(7);
    assert!(boss.has("未赔 1 笔, 计 50.00"), "{}", boss.picture().glyphs);
    books.verify();
}

/// Goods at another place than the book says are no shortage (M5.3): the question before confirming claims what will be claimed.
#[test]
fn the_question_before_confirming_claims_what_confirming_will() {
    let mut books = shelved();
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "places": ["C-03", "C-04"], "method": "one_sheet",
        "counters": ["keeper", "clerk"]}),
    );
    let counts = |person: &'static str, lines: &[(&str, &str, &str)]| -> Vec<(&'static str, Value)> {
        let count = |(place, code, quantity): &(&str, &str, &str)| {
            let (take, place, code) = ("PD000001", *place, *code);
            (
                person,
                json!({"do": "count_goods", "stocktake": take, "place": place, "code": code, "quantity": quantity}),
            )
        };
        lines.iter().map(count).collect()
    };
    // Forty-two lie at the other place, and two are gone.
    let found = [("C-03", A, BOOK[0]), ("C-03", B, "40"), ("C-04", B, "64600")];
    let step = |person: &'static str, name: &str| (person, json!({"do": name, "stocktake": "PD000001"}));
    let mut acts = counts("keeper", &found);
    acts.extend([step("keeper", "submit_sheet"), step("clerk", "submit_sheet")]);
    acts.push(("office", json!({"do": "appoint_recount", "stocktake": "PD000001", "people": ["promo"]})));
    acts.extend(counts("promo", &found[1..]));
    acts.push(step("promo", "submit_sheet"));
    for place in ["C-03", "C-04"] {
        acts.push((
            "boss",
            json!({"do": "explain_difference", "stocktake": "PD000001", "article": "HJ02", "place": place,
                "cause": "放错", "party": "仓库", "proposal": "照赔"}),
        ));
    }
    for (person, act) in acts {
        books.accept(person, act);
    }
    let mut boss = Station::of(&books, "boss", Lang::Zh, (120, 40));
    boss.pane(4).f(8).f(8).settled();
    let asked = boss.picture().glyphs;
    assert!(asked.contains("赔偿 50.00") && !asked.contains("1,050.00"), "{asked}");
    boss.f(8).f(3).f(7);
    assert!(boss.has("未赔 1 笔, 计 50.00"), "{}", boss.picture().glyphs);
    books.verify();
}

#[test]
fn who_counts_sees_no_figure_of_the_book_and_not_the_others_sheet() {
    let books = counting();
    let mut clerk = at_sheet(&books, "clerk", SMALL);
    clerk.enter_all(&[A, "51515", ".C-04", B, "777"]);
    let secrets = ["73131", "73,131", "64642", "64,642", "51515", "51,515", "128,358", "777"];
    let openings: &[&[Key]] = &[
        &[],
        &[Key::Enter],
        &[Key::F(1)],
        &[Key::F(2)],
        &[Key::F(4)],
        &[Key::F(6)],
        &[Key::F(7)],
        &[Key::F(8)],
        &[Key::F(9)],
        &[Key::Enter, Key::F(4)],
        &[Key::Enter, Key::F(6)],
        &[Key::Enter, Key::F(7)],
        &[Key::Enter, Key::F(8)],
        &[Key::F(2), Key::F(2)],
        &[Key::F(2), Key::F(7)],
        &[Key::F(9), Key::Enter],
    ];
    let mut seen = 0;
    for (size, tabs) in [SMALL, (200, 60)].into_iter().flat_map(|size| (0..4).map(move |tabs| (size, tabs))) {
        for keys in openings {
            let mut keeper = Station::of(&books, "keeper", Lang::Zh, size);
            for _ in 0..tabs {
                keeper.key(Key::Tab);
            }
            for key in *keys {
                let picture = keeper.key(*key).picture().glyphs;
                let told = secrets.iter().find(|secret| picture.contains(**secret));
                assert_eq!(told, None, "{tabs} {keys:?}\n{picture}");
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
    let id: StocktakeId = "PD000001".parse().unwrap();
    let take = books.desk.store().read().unwrap().stocktake(id).unwrap().unwrap();
    let keeper = books.desk.store().read().unwrap().person_by_code("keeper").unwrap().unwrap().id;
    let blindness = books.desk.store().read().unwrap().blindness(Some(keeper)).unwrap();
    assert!(!blindness.sees_sheet(&take, 2) && blindness.sees_sheet(&take, 1));
}

#[test]
fn whoever_counted_does_not_count_again_alone() {
    let mut books = counting();
    hand_in(&books);
    let again: Value = json!({"do": "appoint_recount", "stocktake": "PD000001", "people": ["keeper"]});
    books.refuse("office", again, "M5.3");
}
