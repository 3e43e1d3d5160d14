//! Who sits at a terminal: what waits behind the lock, what the next person finds, and what the journal says of who sits.

use serde_json::json;
use taizhang::desk::Envelope;
use taizhang::domain::command::Command;
use taizhang::ui::face::{Key, Press, Wish};
use taizhang::ui::locale::Lang;
use taizhang::ui::{app::Plain, face::Event, face::Face};

use crate::frames_support::station::{PASSPHRASE, Station};
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
/// A little longer than it takes to lock.
const AWAY: i64 = 11 * 60 * 1_000;

/// A department with one order that nobody has paid.
fn ordered() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    let lines = json!([{"article": "A1", "quantity": "12"}]);
    books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    books
}

/// The clerk is asked whether the order shall be cancelled, with the reason filled in.
fn asked(books: &Rehearsal) -> Station {
    let mut clerk = Station::of(books, "clerk", Lang::Zh, SMALL);
    clerk.key(Key::F(7)).key(Key::Delete).settled().type_in("x");
    assert!(clerk.has("取消订单"), "{}", clerk.picture().glyphs);
    clerk
}

#[test]
fn a_question_waits_behind_the_lock_where_no_key_answers_it() {
    let books = ordered();
    let (mut clerk, entries) = (asked(&books), books.entries());
    clerk.wait(1_000).wait(AWAY);
    assert!(clerk.has("已锁定") && !clerk.has("取消订单"), "{}", clerk.picture().glyphs);
    clerk.f(8).settled().f(8);
    assert_eq!(books.entries(), entries, "whoever passes by answers nothing");
    clerk.type_in(PASSPHRASE).key(Key::Enter);
    assert!(clerk.has("取消订单"), "{}", clerk.picture().glyphs);
    clerk.f(8);
    assert_eq!(books.entries(), entries, "it stands as new and absorbs the first keys");
    clerk.settled().settled().f(8);
    assert_eq!(books.entries(), entries + 1, "{}", clerk.picture().glyphs);
}

#[test]
fn a_menu_behind_the_lock_takes_no_key() {
    let books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    clerk.f(9).wait(1_000).wait(AWAY);
    assert!(clerk.has("已锁定"));
    clerk.type_in(PASSPHRASE).key(Key::Enter);
    assert!(!clerk.has("已锁定") && clerk.app.seated().is_some(), "{}", clerk.picture().glyphs);
}

#[test]
fn line_by_line_the_lock_takes_a_passphrase_and_no_act() {
    let books = ordered();
    let (clerk, entries) = (asked(&books), books.entries());
    let mut now = books.now.plus_seconds(120);
    let mut plain = Plain::new(clerk.app);
    for _ in 0..2 {
        now = now.plus_seconds(AWAY / 1_000);
        plain.on(Event::Tick(now));
    }
    let told = plain.speak();
    assert!(told.contains("已锁定"), "{told}");
    let mut wishes = Vec::new();
    for line in ["f8", ":f8", ":取消订单", "取消订单"] {
        now = now.plus_seconds(3);
        plain.on(Event::Tick(now));
        wishes.extend(plain.on(Event::Input(vec![Press::Burst { text: line.into(), entered: true }])));
        let told = plain.speak();
        assert!(!told.contains("XS2611000001"), "{line}: {told}");
    }
    assert!(!wishes.iter().any(|wish| matches!(wish, Wish::Submit { .. })), "{wishes:?}");
    assert!(wishes.iter().any(|wish| matches!(wish, Wish::Prove { .. })), "{wishes:?}");
    assert_eq!(books.entries(), entries);
}

#[test]
fn whoever_comes_next_reads_nothing_that_was_said_to_the_one_before() {
    let books = ordered();
    let mut clerk = asked(&books);
    clerk.settled().f(8);
    assert!(clerk.has("XS2611000001"), "{}", clerk.picture().glyphs);
    clerk.wait(1_000).wait(AWAY);
    assert!(!clerk.has("XS2611000001"), "the line below the lock is empty: {}", clerk.picture().glyphs);
    clerk.f(12).type_in("keeper").key(Key::Enter).type_in(PASSPHRASE).key(Key::Enter);
    assert!(clerk.app.seated().is_some_and(|who| &*who.name == "keeper"), "{}", clerk.picture().glyphs);
    clerk.resize(200, 60);
    assert!(!clerk.has("已存"), "{}", clerk.picture().glyphs);
}

#[test]
fn whoever_may_act_no_more_is_shown_nothing_more() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SMALL);
    books.accept("admin", json!({"do": "set_active", "person": "clerk", "active": false}));
    clerk.moved();
    assert!(clerk.app.seated().is_none() && clerk.has("已停用"), "{}", clerk.picture().glyphs);
    assert!(clerk.has("请登录") && !clerk.has("D00001"), "{}", clerk.picture().glyphs);
}

#[test]
fn other_roles_see_by_what_they_hold_now() {
    let mut books = ordered();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(1).key(Key::Enter);
    assert!(money.has("wang@example.com"), "{}", money.picture().glyphs);
    books.accept("admin", json!({"do": "change_roles", "person": "money", "roles": ["keeper"]}));
    money.moved();
    assert!(money.has("角色已变更") && money.has("仓管"), "{}", money.picture().glyphs);
    assert!(!money.has("wang@example.com"), "{}", money.picture().glyphs);
}

/// The clerk's form for a passphrase, filled in, a while after the own one was given; `new` is what it shall be.
fn changing(books: &Rehearsal, new: &str) -> Station {
    let mut clerk = Station::of(books, "clerk", Lang::Zh, SMALL);
    let hash = "x";
    let note = json!({"do": "note_passphrase", "person": "clerk"});
    let command: Command = serde_json::from_value(note).unwrap();
    let by = clerk.app.seated().unwrap().id;
    let envelope = Envelope { command, by, at: books.now, terminal: "x".into(), id: None };
    books.desk.set_passphrase(&envelope, hash);
    clerk.wait(6 * 60 * 1_000).f(9).type_in("96");
    clerk.key(Key::Enter).type_in(new).key(Key::Enter).type_in(new).f(8);
    clerk
}

#[test]
fn a_new_passphrase_is_asked_for_the_one_that_stands() {
    let books = ordered();
    let mut clerk = changing(&books, "a new passphrase");
    assert!(clerk.set_passphrases.is_empty() && clerk.has("再输一次口令"), "{}", clerk.picture().glyphs);
    clerk.settled().type_in("guessed").f(8);
    assert!(clerk.set_passphrases.is_empty(), "{}", clerk.picture().glyphs);
    clerk.settled().type_in(PASSPHRASE).f(8);
    assert_eq!(clerk.set_passphrases, ["clerk"], "{}", clerk.picture().glyphs);
}

#[test]
fn a_passphrase_is_as_long_on_the_screen_as_on_the_command_line_and_can_be_typed_anywhere() {
    let books = ordered();
    let clerk = changing(&books, "elevenchars");
    assert!(clerk.has("至少 12 个字符") && clerk.set_passphrases.is_empty(), "{}", clerk.picture().glyphs);
    let mut gate = Station::new(&books, Lang::Zh, SMALL);
    gate.type_in("clerk").key(Key::Enter).burst("ｃｏｒｒｅｃｔ", false);
    assert!(gate.bells == 1 && gate.has("没有收下"), "{}", gate.picture().glyphs);
}

#[test]
fn the_wallboard_stays_in_sight_behind_the_lock_and_asks_for_the_passphrase_at_any_key() {
    let mut books = ordered();
    let mut keeper = Station::of(&books, "keeper", Lang::Zh, SMALL);
    keeper.f(9).type_in("69").wait(1_000).wait(AWAY).wait(3 * 60 * 60 * 1_000);
    assert!(keeper.has("大屏看板") && keeper.has("已锁定"), "{}", keeper.picture().glyphs);
    let flow = books.pay("wang@example.com", "96.00", "202611020001");
    let shares = json!([{"order": "XS2611000001", "amount": "96.00"}]);
    books.accept("money", json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares}));
    keeper.moved();
    assert!(keeper.has("XS2611000001"), "it goes on: {}", keeper.picture().glyphs);
    keeper.f(3);
    assert!(!keeper.has("XS2611000001") && keeper.has("已锁定: keeper"), "{}", keeper.picture().glyphs);
    keeper.wait(61 * 1_000);
    assert!(keeper.has("XS2611000001"), "{}", keeper.picture().glyphs);
    keeper.f(3).type_in(PASSPHRASE).key(Key::Enter);
    assert!(keeper.has("大屏看板") && !keeper.has("已锁定"), "{}", keeper.picture().glyphs);
    keeper.f(3).wait(1_000).wait(AWAY);
    assert!(!keeper.has("XS2611000001") && keeper.has("已锁定: keeper"), "any other screen is hidden");
}
