//! The screens over real books: what a person sees and what their keys do, at three sizes and in both languages.

use crate::frames_support::station::{PASSPHRASE, Station};
use crate::frames_support::{assert_frame, leaves};
use crate::rehearsal::Rehearsal;
use serde_json::json;
use taizhang::ui::face::{Face, Focus, Key, Press};
use taizhang::ui::locale::Lang;

const SMALL: (u16, u16) = (80, 24);
const SIZES: [(u16, u16); 3] = [SMALL, (120, 40), (200, 60)];

/// A department with two dealers more, orders of which one is paid, and a payment that waits.
fn busy() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for (name, account) in [("重庆新华书店网络部", "cq@example.com"), ("长沙银行“定王台”批发", "13800001111")]
    {
        let mut file = rehearsal_file(name, account);
        file["accounts"][0]["number"] = account.into();
        books.accept("clerk", json!({"do": "file_dealer", "file": file}));
    }
    for party in [("office", "back_office"), ("money", "finance")] {
        let ack = json!({"do": "acknowledge_dealer", "dealer": "D00002", "version": 1, "party": party.1});
        books.accept(party.0, ack);
    }
    for (dealer, quantity) in [("D00001", "12"), ("D00002", "7.5"), ("D00001", "3")] {
        let lines = json!([{"article": "A1", "quantity": quantity}]);
        books.accept("clerk", json!({"do": "enter_order", "dealer": dealer, "lines": lines}));
    }
    let flow = books.pay("wang@example.com", "96.00", "202611020001");
    let shares = json!([{"order": "XS2611000001", "amount": "96.00"}]);
    books.accept("money", json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares}));
    books.pay("cq@example.com", "60.00", "202611020002");
    books
}

fn rehearsal_file(name: &str, account: &str) -> serde_json::Value {
    json!({"kind": "tmall", "name": name, "since": "2024-03-01", "channels": ["天猫"], "contact": "李", "phone": "13900000000",
        "address": "重庆市渝中区", "pays_by": "alipay", "accounts": [{"channel": "alipay", "number": account, "holder": "李"}],
        "tier": "A", "free_shipping": "B1"})
}

#[test]
fn the_workspace_at_three_sizes_in_both_languages() {
    let books = busy();
    for size in SIZES {
        for lang in Lang::ALL {
            let station = Station::of(&books, "boss", lang, size);
            let name = format!("workspace_{}x{}_{lang:?}", size.0, size.1).to_lowercase();
            assert_frame(&name, &station.picture());
        }
    }
}

#[test]
fn the_bar_holds_its_keys_uncut_in_both_languages() {
    let books = busy();
    for (lang, last) in [(Lang::Zh, "12取消"), (Lang::En, "12Cancel")] {
        let station = Station::of(&books, "boss", lang, SMALL);
        let picture = station.picture().glyphs;
        let bar = picture.lines().last().unwrap();
        assert!(bar.starts_with('1') && bar.ends_with(last), "{bar}");
        let keys = bar.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count();
        assert_eq!(keys, 11, "{bar}");
    }
}

#[test]
fn a_key_that_would_be_refused_is_not_offered_and_says_why_at_once() {
    let mut books = busy();
    let order = "XS2611000001";
    let signature = json!({"do": "sign_shipment", "order": order, "part": 1, "seen": books.fingerprint(order)});
    let mut boss = Station::of(&books, "boss", Lang::Zh, SIZES[1]);
    assert!(!boss.has("两签放行(X)") && boss.has("8办理"), "{}", boss.picture().glyphs);
    boss.press(Press::Char('x'));
    assert!(boss.has("四.2") && !boss.has("理由"), "{}", boss.picture().glyphs);

    books.accept("boss", signature.clone());
    assert!(!boss.moved().has("8办理") && !boss.has("两签放行(X)"), "{}", boss.picture().glyphs);
    books.accept("promo", signature);
    assert!(boss.moved().has("两签放行(X)"), "{}", boss.picture().glyphs);
    boss.press(Press::Char('x'));
    assert!(boss.has("理由"), "{}", boss.picture().glyphs);
}

#[test]
fn screens_one_by_one() {
    let books = busy();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    assert_frame("queue_detail", &boss.key(Key::Enter).picture());
    boss.f(3).f(9);
    assert_frame("queue_menu", &boss.picture());
    boss.key(Key::Esc).f(1);
    assert_frame("queue_help", &boss.picture());
    boss.key(Key::Esc).f(8);
    assert_frame("queue_sign", &boss.picture());
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.pane(1);
    assert_frame("dealers", &clerk.picture());
    clerk.key(Key::Enter);
    assert_frame("dealer_file", &clerk.picture());
    clerk.f(3).f(8);
    for _ in 0..5 {
        clerk.key(Key::Up);
    }
    clerk.type_in("x");
    assert_frame("order_form", &clerk.picture());
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(2);
    assert_frame("payments", &money.picture());
    money.f(8);
    assert_frame("payment_form", &money.picture());
    let gate = Station::new(&books, Lang::Zh, SMALL);
    assert_frame("gate", &gate.picture());
}

#[test]
fn too_small_says_so_and_keeps_what_was_typed() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(6).type_in("D00001");
    for (width, height) in [(120, 40), (200, 60), (20, 5), (5, 2), (1, 1)] {
        clerk.resize(width, height).picture();
    }
    assert!(clerk.resize(40, 10).has("窗口太小"));
    assert!(clerk.resize(80, 24).has("D00001"));
}

#[test]
fn letters_find_and_bursts_are_text_never_commands() {
    let books = busy();
    let before = books.entries();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.pane(1);
    assert!(clerk.has("成都文轩图书专营店") && clerk.has("重庆新华书店网络部"));
    for (typed, found) in
        [("成都", "成都文轩"), ("cdwx", "成都文轩"), ("cq", "重庆新华"), ("csyh", "长沙银行"), ("D00002", "重庆新华")]
    {
        clerk.burst(typed, false);
        let picture = clerk.picture().glyphs;
        let first = picture.lines().find(|line| line.starts_with("> 1")).unwrap_or_default();
        assert!(first.contains(found), "{typed}: {picture}");
        assert_eq!(clerk.focus(), Focus::Text);
        clerk.f(12);
        assert_eq!(clerk.focus(), Focus::List);
        assert!(clerk.has("成都文轩图书专营店") && clerk.has("重庆新华书店网络部"), "all rows are back");
    }
    assert_eq!(books.entries(), before);
}

#[test]
fn full_width_marks_open_find_help_and_menu() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    assert_eq!(clerk.press(Press::Char('／')).focus(), Focus::Text);
    clerk.f(12);
    assert!(clerk.press(Press::Char('？')).has("帮助"));
    clerk.f(12);
    assert!(clerk.press(Press::Char('：')).has("菜单: "));
    clerk.f(12);
    assert!(clerk.press(Press::Char('成')).has("中文输入法开着"));
}

#[test]
fn a_scan_in_a_list_finds_or_says_that_it_is_not_there() {
    let books = busy();
    let before = books.entries();
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.burst("9787020002207", true);
    assert!(keeper.has("没有 9787020002207") && keeper.bells == 1);
    keeper.burst("XS2611000001", true);
    assert!(keeper.has("扫到 XS2611000001"));
    assert_eq!((books.entries(), keeper.focus()), (before, Focus::List));
}

#[test]
fn a_question_is_not_answered_by_a_bounce_a_scan_or_enter() {
    let books = busy();
    let before = books.entries();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.f(8).f(8).f(8).settled();
    assert!(boss.has("F8 签核"), "{}", boss.picture().glyphs);
    let bells = boss.bells;
    boss.burst("9787020002207", true);
    assert!(boss.bells > bells && boss.has("F8 签核"));
    boss.key(Key::Enter);
    assert_eq!(books.entries(), before);
}

#[test]
fn three_supervisors_sign_the_keeper_ships_and_everybody_sees_it() {
    let books = busy();
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.f(8);
    assert!(keeper.has("不归本岗位办") && keeper.has("M4.2"), "{}", keeper.picture().glyphs);
    for person in ["boss", "promo", "sales"] {
        let mut station = Station::of(&books, person, Lang::Zh, SMALL);
        station.f(8).settled().f(8);
        assert!(station.has("签核"), "{}", station.picture().glyphs);
    }
    keeper.moved();
    assert!(keeper.has("已已已"), "{}", keeper.picture().glyphs);
    keeper.f(8).settled().f(8);
    keeper.f(8).settled().type_in("SF1234567890123").f(8);
    assert!(keeper.has("登记运单"), "{}", keeper.picture().glyphs);
    keeper.f(8).settled().f(8);
    let order = books.order("XS2611000001");
    assert_eq!(order["state"], "done", "{order}\n{}", keeper.picture().glyphs);
    assert_eq!(books.stock("A1"), "88");
    books.verify();
}

#[test]
fn a_passphrase_given_long_ago_is_asked_again_and_a_wrong_one_signs_nothing() {
    let mut books = busy();
    let before = books.entries();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.wait(6 * 60 * 1_000).f(8).settled();
    assert!(boss.has("口令"), "{}", boss.picture().glyphs);
    boss.type_in("wrong").f(8);
    assert!(boss.has("口令不对") && books.entries() == before);
    boss.type_in(PASSPHRASE).f(8);
    assert_eq!(books.entries(), before + 1, "{}", boss.picture().glyphs);
    let again = json!({"do": "sign_shipment", "order": "XS2611000001", "seen": books.fingerprint("XS2611000001")});
    books.refuse("boss", again, "M4.2");
}

#[test]
fn finance_confirms_and_the_order_is_in_the_queue() {
    let books = busy();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    money.pane(2);
    assert!(money.has("重庆新华书店网络部") && money.has("登记账号"), "{}", money.picture().glyphs);
    money.f(8);
    assert!(money.has("XS2611000002"), "{}", money.picture().glyphs);
    money.f(8);
    assert!(money.has("已存"), "{}", money.picture().glyphs);
    clerk.moved();
    let picture = clerk.picture().glyphs;
    let row = picture.lines().find(|line| line.contains("XS2611000002")).unwrap();
    assert!(row.contains("待签"), "{picture}");
}

#[test]
fn an_order_is_entered_by_keys_alone() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, (120, 40));
    clerk.pane(1).burst("cdwx", true).key(Key::Enter);
    clerk.f(8);
    assert!(clerk.has("D00001"), "{}", clerk.picture().glyphs);
    clerk.type_in("A1").key(Key::Enter).type_in("4").key(Key::Enter).key(Key::Enter);
    assert!(clerk.has("32.00"), "{}", clerk.picture().glyphs);
    let before = books.entries();
    clerk.key(Key::Enter).key(Key::Enter);
    assert_eq!(books.entries(), before, "Enter commits nothing");
    clerk.f(8);
    assert_eq!(books.entries(), before + 1, "{}", clerk.picture().glyphs);
    assert!(clerk.has("下单 XS2611000004"), "{}", clerk.picture().glyphs);
}

#[test]
fn an_order_for_a_chosen_dealer_begins_in_the_first_field_that_the_file_leaves_empty() {
    let mut books = busy();
    let mut file = rehearsal_file("昆明新知", "km@example.com");
    file["phone"] = "".into();
    books.accept("clerk", json!({"do": "file_dealer", "file": file}));
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    let marked = |station: &Station| {
        let picture = station.picture().glyphs;
        let at = picture.lines().find(|line| line.contains(" >")).map(str::to_owned);
        at.unwrap_or_else(|| panic!("{picture}"))
    };
    clerk.pane(1).f(8).type_in("A1");
    assert!(clerk.has("花椒"), "the lines come first where the file has all: {}", clerk.picture().glyphs);
    clerk.key(Key::Up);
    assert!(marked(&clerk).contains("备注"), "and what is above is a step away: {}", clerk.picture().glyphs);
    clerk.f(3).settled().f(8);
    clerk.key(Key::End).f(8).type_in("13900000000");
    let phone = marked(&clerk);
    assert!(phone.contains("收货电话") && phone.contains("13900000000"), "{}", clerk.picture().glyphs);
    clerk.f(3).settled().f(8);
    clerk.key(Key::Tab).key(Key::Tab).f(6).type_in("D00002");
    assert!(marked(&clerk).contains("经销商") && clerk.has("重庆新华书店网络部"), "{}", clerk.picture().glyphs);
}

#[test]
fn the_cursor_stays_on_its_order_when_others_come_in_above() {
    let mut books = busy();
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.key(Key::Down);
    let chosen = |station: &Station| {
        let picture = station.picture().glyphs;
        picture.lines().find(|line| line.starts_with('>')).unwrap_or_default()[4..16].to_owned()
    };
    let before = chosen(&boss);
    let flow = books.pay("wang@example.com", "32.00", "202611020009");
    let shares = json!([{"order": "XS2611000003", "amount": "24.00"}]);
    books.accept(
        "money",
        json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares, "to_credit": "8.00"}),
    );
    boss.moved();
    assert_eq!(chosen(&boss), before);
}

#[test]
fn a_number_and_enter_reach_a_row_and_a_language_switch_keeps_it() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.type_in("2").key(Key::Enter);
    assert!(clerk.picture().glyphs.contains("> 2"));
    clerk.f(9).type_in("97");
    assert!(clerk.has("> 2") && clerk.has("Queue"), "{}", clerk.picture().glyphs);
}

#[test]
fn the_lock_hides_the_screens_and_the_person_comes_back_to_them() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(6).type_in("D00001").wait(1_000).wait(11 * 60 * 1_000);
    assert!(clerk.has("已锁定") && !clerk.has("D00001"));
    clerk.type_in(PASSPHRASE).key(Key::Enter);
    assert!(clerk.has("D00001"), "{}", clerk.picture().glyphs);
}

#[test]
fn every_screen_can_be_drawn_at_every_size() {
    let books = busy();
    let openings: [&[Key]; 7] =
        [&[], &[Key::Enter], &[Key::F(6)], &[Key::F(8)], &[Key::F(9)], &[Key::Tab], &[Key::Tab, Key::Tab, Key::Enter]];
    for keys in openings {
        let mut clerk = Station::of(&books, "boss", Lang::Zh, SMALL);
        keys.iter().for_each(|key| drop(clerk.key(*key).picture()));
        for (width, height) in (0..=40).flat_map(|w| (0..=12).map(move |h| (w * 5, h * 5))) {
            clerk.resize(width, height).picture();
        }
    }
}

#[test]
fn a_half_entered_form_waits_for_its_person() {
    let books = busy();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, (120, 40));
    assert_eq!(clerk.app.draft(), None);
    clerk.f(6).type_in("D00002");
    for _ in 0..5 {
        clerk.key(Key::Enter);
    }
    clerk.type_in("A1").key(Key::Enter).type_in("7");
    let draft = clerk.app.draft().expect("the form is half-entered");
    let person = clerk.app.seated().unwrap().id;
    books.desk.keep_draft(person, &draft.form, Some(&draft.text)).unwrap();
    let again = Station::of(&books, "clerk", Lang::Zh, (120, 40));
    assert!(again.has("接着上次没填完的") && again.has("D00002") && again.has("56.00"), "{}", again.picture().glyphs);
    assert_eq!(again.app.draft(), Some(draft), "what is resumed is what was kept");
    let other = Station::of(&books, "boss", Lang::Zh, (120, 40));
    assert!(!other.has("D00002  "), "another person's form is not opened");
}

#[test]
fn a_store_without_people_asks_for_the_administrator() {
    let books = Rehearsal::empty();
    let mut first = Station::new(&books, Lang::Zh, SMALL);
    assert!(first.has("先任用管理员"), "{}", first.picture().glyphs);
    first.type_in("chen").key(Key::Enter).type_in("陈").key(Key::Enter);
    assert_eq!(books.entries(), 1, "{}", first.picture().glyphs);
    assert!(first.has("已任用管理员") && first.has("请登录"));
}

#[test]
fn a_stranger_at_the_gate_learns_nothing_of_the_business() {
    let books = busy();
    let mut gate = Station::new(&books, Lang::Zh, SMALL);
    gate.type_in("clerk").key(Key::Enter).type_in("wrong").key(Key::Enter);
    assert!(gate.bells == 1 && gate.has("工号或口令不对"), "{}", gate.picture().glyphs);
    for key in [Key::F(9), Key::F(1), Key::Tab, Key::F(8), Key::F(6), Key::F(4)] {
        let picture = gate.key(key).picture().glyphs;
        assert!(!picture.contains("XS26") && !picture.contains("文轩") && !picture.contains("[3"), "{picture}");
    }
}

/// An order of the Tmall shop that left.
fn gone(books: &mut Rehearsal) {
    let enter = json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "李四", "paid_at": "2026-11-02T08:00:00+08:00",
        "lines": [{"article": "A1", "quantity": "3"}], "to": {"name": "李四", "address": "成都"}});
    let order = books.accept("clerk", enter)["order"].as_str().unwrap().to_owned();
    leaves(books, &order, "SF1402345678901");
}

#[test]
fn the_days_and_the_ledger_of_one() {
    let mut books = busy();
    gone(&mut books);
    for (lang, size, name) in [(Lang::Zh, SMALL, "80"), (Lang::En, (120, 40), "120_en"), (Lang::Zh, (200, 60), "200")] {
        let mut boss = Station::of(&books, "boss", lang, size);
        boss.f(9).type_in("60");
        assert_frame(&format!("days_{name}"), &boss.picture());
        boss.key(Key::Enter);
        assert_frame(&format!("ledger_{name}"), &boss.picture());
    }
    books.now = books.now.plus_hours(24);
    let late = Station::of(&books, "clerk", Lang::Zh, SMALL);
    assert!(late.has("未清 2026-11-02"), "{}", late.picture().glyphs);
    books.accept("boss", json!({"do": "close_day", "day": "2026-11-02"}));
    let closed = Station::of(&books, "clerk", Lang::Zh, SMALL);
    assert!(!closed.has("未清"), "{}", closed.picture().glyphs);
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.f(9).type_in("60").key(Key::Down);
    assert_frame("days_closed", &boss.picture());
}

#[test]
fn a_form_takes_what_finds_a_dealer_in_a_list_and_offers_several() {
    let books = busy();
    let form = || {
        let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
        clerk.f(6);
        clerk
    };
    let mut one = form();
    one.burst("cqxh", true);
    assert!(one.has("D00002") && one.has("重庆市渝中区"), "{}", one.picture().glyphs);
    let mut several = form();
    several.type_in("c").key(Key::Enter);
    assert!(several.has("选经销商") && several.has("查找> c"), "{}", several.picture().glyphs);
    several.key(Key::Enter);
    assert!(!several.has("选经销商") && several.has("D0000"), "{}", several.picture().glyphs);
    let mut none = form();
    none.type_in("qqqq").key(Key::Enter);
    assert!(none.has("没有这个经销商"), "{}", none.picture().glyphs);
    let mut looked_up = form();
    looked_up.type_in("cqxh").f(4);
    assert!(looked_up.has("查找> cqxh") && looked_up.has("D00002"), "{}", looked_up.picture().glyphs);
    looked_up.key(Key::Enter).f(4);
    assert!(
        looked_up.has("D00001") && looked_up.has("查找> "),
        "another one can be chosen: {}",
        looked_up.picture().glyphs
    );
    let mut digits = form();
    digits.type_in("2").key(Key::Enter);
    assert!(!digits.has("选经销商"), "{}", digits.picture().glyphs);
}
