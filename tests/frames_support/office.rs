//! The office's screens: goods and prices, people, settings, conflicts, imports, Tmall orders, requisitions, settlements,
//! what waits. Each is seen at three sizes in both languages, with rows and with none, and each act is done by keys alone.

use crate::frames_support::assert_frame;
use crate::frames_support::station::{PASSPHRASE, Station};
use crate::rehearsal::Rehearsal;
use serde_json::json;
use taizhang::domain::goods::PriceOf;
use taizhang::domain::money::Money;
use taizhang::store::books::Books;
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

const SMALL: (u16, u16) = (80, 24);
const SIZES: [(u16, u16); 3] = [SMALL, (120, 40), (200, 60)];
/// The screens by name and number in the menu.
const SCREENS: [(&str, &str); 8] = [
    ("requisitions", "64"),
    ("settlements", "65"),
    ("conflicts", "87"),
    ("imports", "88"),
    ("todo", "90"),
    ("goods", "91"),
    ("people", "93"),
    ("settings", "94"),
];

/// A payment that waits and another row under its number, a customer sent to Tmall, a file version to take over, a second
/// article with a price to come.
fn office() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    books.accept(
        "clerk",
        json!({"do": "list_article", "code": "ZS01", "name": "竹荪 干 100克盒装", "unit": "盒",
        "barcode": "6901234000116", "special": "易碎"}),
    );
    for (price, from) in [("76.00", "2026-11-02"), ("79.00", "2026-11-20")] {
        books.accept("boss", json!({"do": "set_price", "article": "ZS01", "price": price, "from": from}));
    }
    books.pay("wang@example.com", "80.00", "202611020001");
    assert_eq!(books.arrive("wang@example.com", "81.00", "202611020001").conflicts, 1);
    books
        .accept("clerk", json!({"do": "refer_customer", "name": "张三", "contact": "13912345678", "remark": "要两斤"}));
    let mut file = crate::rehearsal::dealer_file("成都文轩图书专营店", "wang@example.com");
    file["remark"] = "换了仓库".into();
    books.accept("clerk", json!({"do": "revise_dealer", "dealer": "D00001", "version": 1, "file": file}));
    books
}

fn open(books: &Rehearsal, person: &str, number: &str) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, SMALL);
    station.f(9).type_in(number);
    station
}

/// Empties the field with the cursor and types into it.
fn retype(station: &mut Station, text: &str) {
    for _ in 0..20 {
        station.key(Key::Backspace);
    }
    station.type_in(text);
}

fn seen(station: &Station, text: &str) {
    assert!(station.has(text), "{text} is not on\n{}", station.picture().glyphs);
}

#[test]
fn every_screen_of_the_office_at_three_sizes_in_both_languages() {
    let books = office();
    for (name, number) in SCREENS {
        for size in SIZES {
            for lang in Lang::ALL {
                let mut station = Station::of(&books, "money", lang, size);
                station.f(9).type_in(number);
                assert_frame(&format!("{name}_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
            }
        }
    }
}

#[test]
fn every_form_of_the_office_in_both_languages() {
    let books = office();
    let forms: [(&str, &str, &str, u8); 5] = [
        ("article_form", "clerk", "91", 6),
        ("goods_in_form", "keeper", "91", 7),
        ("person_form", "admin", "93", 6),
        ("import_form", "money", "88", 6),
        ("requisition_form", "shop", "64", 6),
    ];
    for lang in Lang::ALL {
        for (name, person, screen, key) in forms {
            let mut station = Station::of(&books, person, lang, SMALL);
            station.f(9).type_in(screen).f(key);
            assert_frame(&format!("{name}_{lang:?}").to_lowercase(), &station.picture());
        }
        let mut clerk = Station::of(&books, "clerk", lang, SMALL);
        clerk.f(9).type_in("89");
        assert_frame(&format!("tmall_form_{lang:?}").to_lowercase(), &clerk.picture());
    }
}

#[test]
fn a_list_without_rows_says_so() {
    let books = Rehearsal::furnished();
    for (number, words) in [("64", "没有"), ("87", "没有冲突"), ("88", "还没有导入过"), ("90", "没有等您办的事")]
    {
        let mut station = open(&books, "boss", number);
        seen(&station, words);
        station.key(Key::Enter).f(8).key(Key::Down).key(Key::End);
        assert!(!station.closed);
    }
    let mut money = open(&books, "money", "87");
    let before = books.entries();
    money.f(8).settled().f(8);
    assert_eq!(books.entries(), before);
    assert!(money.bells > 0);
}

#[test]
fn an_article_is_listed_and_priced() {
    let books = office();
    let mut clerk = open(&books, "clerk", "91");
    clerk.f(6);
    for text in ["HJ05", "青花椒 袋装", "袋", "6901234567892", "", "", ""] {
        clerk.type_in(text).key(Key::Enter);
    }
    clerk.type_in("件").key(Key::Enter).type_in("24").key(Key::Enter);
    let before = books.entries();
    clerk.f(8);
    assert_eq!(books.entries(), before + 1, "{}", clerk.picture().glyphs);
    let read = books.desk.store().read().unwrap();
    let article = read.article_by_code("HJ05").unwrap().expect("the article is listed");
    assert_eq!((article.card.packs.len(), article.card.barcode.as_str()), (1, "6901234567892"));
    drop(read);
    clerk.burst("HJ05", true);
    seen(&clerk, "没有价");
    let bells = clerk.bells;
    clerk.f(8);
    assert!(clerk.bells > bells);
    seen(&clerk, "不归本岗位办");

    let mut boss = open(&books, "boss", "91");
    boss.burst("HJ05", true).f(8).settled();
    boss.key(Key::Tab).type_in("12.5").f(8);
    let read = books.desk.store().read().unwrap();
    let day = books.now.day(read.settings().unwrap().zone);
    assert_eq!(
        read.price(article.id, &PriceOf::Retail, day).unwrap(),
        Some("12.50".parse::<Money>().unwrap()),
        "{}",
        boss.picture().glyphs
    );
    seen(&boss, "12.50");
}

#[test]
fn a_card_is_revised_and_loses_nothing() {
    let books = office();
    let mut clerk = open(&books, "clerk", "91");
    clerk.burst("ZS01", true).key(Key::F(2)).key(Key::Tab);
    retype(&mut clerk, "竹荪 大");
    clerk.f(8);
    let read = books.desk.store().read().unwrap();
    let card = read.article_by_code("ZS01").unwrap().unwrap().card;
    assert_eq!(
        (card.name.as_str(), card.barcode.as_str(), card.special.as_str()),
        ("竹荪 大", "6901234000116", "易碎"),
        "{}",
        clerk.picture().glyphs
    );
}

#[test]
fn goods_come_in_by_keys_and_a_wrong_article_is_refused_in_words() {
    let books = office();
    let mut keeper = open(&books, "keeper", "91");
    keeper.f(7).key(Key::Down).key(Key::Down);
    keeper.type_in("NICHTS").key(Key::Enter).type_in("3").key(Key::Enter).key(Key::Enter);
    let (before, bells) = (books.entries(), keeper.bells);
    keeper.f(8);
    assert_eq!(books.entries(), before);
    assert!(keeper.bells > bells, "{}", keeper.picture().glyphs);
    keeper.f(3).settled().f(8);
    keeper.f(7).key(Key::Down).key(Key::Down);
    keeper.type_in("ZS01").key(Key::Enter).type_in("3").key(Key::Enter).key(Key::Enter);
    keeper.f(8);
    assert_eq!(books.stock("ZS01"), "3", "{}", keeper.picture().glyphs);
}

#[test]
fn a_person_is_appointed_changed_bound_and_stopped() {
    let books = office();
    let mut admin = open(&books, "admin", "93");
    admin.f(6).type_in("xiao").key(Key::Enter).type_in("小李").key(Key::Enter).key(Key::Enter);
    admin.key(Key::Right);
    let before = books.entries();
    admin.f(8);
    assert_eq!(books.entries(), before + 1, "{}", admin.picture().glyphs);
    let person = |books: &Rehearsal| {
        let read = books.desk.store().read().unwrap();
        read.person_by_code("xiao").unwrap().expect("the person is appointed")
    };
    assert_eq!(person(&books).roles.iter().count(), 1);

    admin.burst("xiao", false).key(Key::Enter).f(7).settled();
    admin.type_in("12345").f(8);
    assert_eq!(person(&books).unix, Some(12_345), "{}", admin.picture().glyphs);
    admin.f(7).settled();
    retype(&mut admin, "x1");
    admin.f(8);
    seen(&admin, "系统账号是一个整数");
    admin.key(Key::Esc).key(Key::F(2)).key(Key::Down).key(Key::Right).f(8);
    assert_eq!(person(&books).roles.iter().count(), 2, "{}", admin.picture().glyphs);
    admin.key(Key::Delete).settled().f(8);
    assert!(!person(&books).active, "{}", admin.picture().glyphs);
    seen(&admin, "停用");

    let mut clerk = open(&books, "clerk", "93");
    clerk.f(6);
    seen(&clerk, "不归本岗位办");
}

#[test]
fn a_setting_a_tier_and_an_account_are_changed() {
    let books = office();
    let ship_hours = |books: &Rehearsal| books.desk.store().read().unwrap().settings().unwrap().ship_hours;
    let hours = ship_hours(&books);
    let mut admin = open(&books, "admin", "94");
    admin.burst("发货时限", false).key(Key::Enter).key(Key::F(2)).settled();
    retype(&mut admin, "x");
    admin.f(8);
    seen(&admin, "值不对");
    assert_eq!(ship_hours(&books), hours);
    retype(&mut admin, "36");
    admin.f(8);
    assert_eq!(ship_hours(&books), 36, "{}", admin.picture().glyphs);

    let mut boss = open(&books, "boss", "94");
    boss.f(6).settled().type_in("B").key(Key::Tab).type_in("二级").f(8);
    assert_eq!(books.desk.store().read().unwrap().tiers().unwrap().len(), 2, "{}", boss.picture().glyphs);
    boss.f(7).settled().type_in("B2").key(Key::Tab).type_in("满百").key(Key::Tab).type_in("100").f(8);
    assert_eq!(books.desk.store().read().unwrap().levels().unwrap().len(), 2, "{}", boss.picture().glyphs);
    boss.f(8);
    seen(&boss, "不归本岗位办");

    let mut money = open(&books, "money", "94");
    money.f(8).settled().key(Key::Tab).type_in("2088000000000002").key(Key::Tab).type_in("二号").f(8);
    assert_eq!(books.desk.store().read().unwrap().accounts().unwrap().len(), 2, "{}", money.picture().glyphs);
}

#[test]
fn a_conflict_is_settled_with_a_note() {
    let books = office();
    let mut money = open(&books, "money", "87");
    seen(&money, "80.00");
    seen(&money, "81.00");
    money.f(8).settled();
    let before = books.entries();
    money.f(8);
    assert_eq!(books.entries(), before, "a note is wanted");
    money.type_in("以银行为准").f(8);
    assert_eq!(books.entries(), before + 1, "{}", money.picture().glyphs);
    seen(&money, "已处理");
    let mut clerk = open(&books, "clerk", "87");
    clerk.f(8);
    seen(&clerk, "不归本岗位办");
}

#[test]
fn a_referred_customer_gets_a_tmall_order_from_what_waits() {
    let books = office();
    let mut clerk = open(&books, "clerk", "90");
    seen(&clerk, "张三");
    clerk.burst("张三", false).key(Key::Enter).key(Key::Enter);
    seen(&clerk, "13912345678");
    clerk.type_in("TM20261102001");
    for _ in 0..6 {
        clerk.key(Key::Tab);
    }
    clerk.type_in("成都市锦江区").key(Key::Tab).key(Key::Tab).key(Key::Tab);
    clerk.type_in("A1").key(Key::Enter).type_in("2").key(Key::Enter).key(Key::Enter);
    seen(&clerk, "20.00");
    let before = books.entries();
    clerk.f(8);
    assert_eq!(books.entries(), before + 1, "{}", clerk.picture().glyphs);
    let read = books.desk.store().read().unwrap();
    assert_eq!(taizhang::store::books::Referred::open_referrals(&read, 9).unwrap().len(), 0);
    drop(read);
    seen(&clerk, "没有符合的");
    clerk.f(12);
    seen(&clerk, "没有等您办的事");
    clerk.f(3).f(9).type_in("92").key(Key::Enter);
    seen(&clerk, "货款在天猫平台");
    assert!(!clerk.has("未收"), "{}", clerk.picture().glyphs);
}

#[test]
fn what_waits_leads_to_each_object() {
    let books = office();
    let mut office = open(&books, "office", "90");
    seen(&office, "收档");
    office.key(Key::Enter).f(8).settled();
    seen(&office, "收档");
    office.f(8);
    office.f(3);
    assert!(!office.has("第 2 版"), "{}", office.picture().glyphs);
    let mut money = open(&books, "money", "90");
    for words in ["对账冲突", "确认收款", "收档"] {
        seen(&money, words);
    }
    assert!(!money.has("转天猫"));
    money.burst("确认收款", false).key(Key::Enter).key(Key::Enter);
    seen(&money, "80.00");
}

#[test]
fn a_file_is_edited_by_those_alone_who_may_see_it_whole() {
    let mut books = Rehearsal::furnished();
    books.accept(
        "clerk",
        json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "1"}]}),
    );
    let mut promo = Station::of(&books, "promo", Lang::Zh, SMALL);
    promo.pane(1).key(Key::Enter);
    assert!(!promo.has("wang@example.com") && !promo.has("13800000000"), "{}", promo.picture().glyphs);
    promo.key(Key::F(2));
    seen(&promo, "不归本岗位办");
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.pane(1).key(Key::Enter).key(Key::F(2));
    seen(&clerk, "13800000000");
    clerk.type_in("X").f(8);
    let file = books.desk.store().read().unwrap().dealer_named("D00001").unwrap().unwrap().file;
    assert_eq!(file.accounts[0].number.as_str(), "wang@example.com", "{}", clerk.picture().glyphs);
    assert_eq!(file.phone.as_str(), "13800000000");
}

#[test]
fn a_menu_longer_than_a_page_says_so_and_turns() {
    let books = office();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.f(9);
    seen(&boss, "PgDn 下页");
    assert!(!boss.has("换成英文"));
    boss.key(Key::PageDown).key(Key::PageDown);
    seen(&boss, "换成英文");
    boss.key(Key::PageDown).key(Key::PageDown);
    for _ in 0..3 {
        boss.key(Key::PageUp);
    }
    seen(&boss, "运单");
}

#[test]
fn a_list_that_cannot_be_filtered_offers_no_search() {
    let books = office();
    let mut boss = open(&books, "boss", "60");
    assert!(!boss.has("4查找"), "{}", boss.picture().glyphs);
    let bells = boss.bells;
    boss.f(4);
    assert!(boss.bells > bells);
    assert!(open(&books, "boss", "91").has("4查找"));
}

#[test]
fn the_money_of_a_settled_conflict_asks_for_the_passphrase_when_it_was_long_ago() {
    let books = office();
    let mut money = open(&books, "money", "87");
    money.wait(6 * 60 * 1_000).f(8).settled();
    seen(&money, "口令");
    let before = books.entries();
    money.type_in("核对过").key(Key::Tab).type_in(PASSPHRASE).f(8);
    assert_eq!(books.entries(), before + 1, "{}", money.picture().glyphs);
}
