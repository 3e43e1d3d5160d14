//! The outbox: letters that wait, fail, have nowhere to go and were taken, at three sizes in both languages; one is hurried by keys.

use serde_json::json;
use taizhang::desk::Note;
use taizhang::domain::id::PersonId;
use taizhang::store::books::{Books, Mailbox};
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::assert_frame;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);
const MENU: &str = "74";

/// Two closed days: of the first, one letter was taken and one has no address; of the second, one was tried in vain.
fn closed() -> (Rehearsal, u64, PersonId) {
    let mut books = Rehearsal::furnished();
    let office = books.desk.store().read().unwrap().person_by_code("office").unwrap().unwrap().id;
    books.accept("admin", json!({"do": "set_address", "person": "office", "address": "office@example.com"}));
    books.accept("boss", json!({"do": "close_day", "day": "2026-11-01"}));
    let note = Note::LetterSent {
        letter: books.entries(),
        person: office,
        address: "office@example.com".into(),
        answer: "250 queued as 7".into(),
        rows: 1,
        sha256: "0".repeat(64).as_str().into(),
    };
    books.desk.note(&note, books.now, &"mail".into()).unwrap();
    books.accept("boss", json!({"do": "close_day", "day": "2026-11-02"}));
    let letter = books.entries();
    let next = books.now.plus_seconds(120);
    books.desk.keep_mail_try(letter, office, 3, next, "connection refused").unwrap();
    (books, letter, office)
}

fn open(books: &Rehearsal, person: &str) -> Station {
    let mut station = Station::of(books, person, Lang::Zh, SMALL);
    station.f(9).type_in(MENU);
    station
}

#[test]
fn the_outbox_at_three_sizes_in_both_languages() {
    let (books, ..) = closed();
    for size in [SMALL, (120, 40), (200, 60)] {
        for lang in Lang::ALL {
            let mut station = Station::of(&books, "boss", lang, size);
            station.f(9).type_in(MENU).key(Key::Down);
            assert_frame(&format!("outbox_{}x{}_{lang:?}", size.0, size.1).to_lowercase(), &station.picture());
        }
    }
}

#[test]
fn an_outbox_without_letters_says_so() {
    let books = Rehearsal::furnished();
    let mut boss = open(&books, "boss");
    assert!(boss.has("还没有日清过"), "{}", boss.picture().glyphs);
    boss.key(Key::Enter).f(8).key(Key::Down);
    assert!(!boss.closed);
}

#[test]
fn what_could_not_be_delivered_is_told_on_every_screen_of_who_sends_and_hurried_by_keys() {
    let (books, letter, office) = closed();
    for (person, told) in [("boss", true), ("office", true), ("admin", true), ("clerk", false)] {
        let station = Station::of(&books, person, Lang::Zh, SMALL);
        assert_eq!(station.has("寄不出 1"), told, "{person}: {}", station.picture().glyphs);
    }
    let mut boss = open(&books, "boss");
    assert!(boss.has("待寄 3, 其中寄不出 3"), "{}", boss.picture().glyphs);
    boss.burst("office", false).key(Key::Enter);
    assert!(boss.has("connection refused") && boss.has("试了 3 次"), "{}", boss.picture().glyphs);
    boss.f(8).settled().f(8);
    let hurried = || books.desk.store().read().unwrap().letter(letter, office).unwrap().unwrap().hurried;
    assert!(hurried().is_some(), "{}", boss.picture().glyphs);
    assert!(boss.has("要求过马上寄"), "{}", boss.picture().glyphs);
    // The one that was taken is not sent twice.
    boss.key(Key::Down).f(8).settled().f(8);
    assert!(boss.has("G5") && boss.has("已于"), "{}", boss.picture().glyphs);
    let mut clerk = open(&books, "clerk");
    clerk.f(8);
    assert!(clerk.has("不归本岗位办"), "{}", clerk.picture().glyphs);
    books.verify();
}

#[test]
fn who_has_no_address_is_flagged_and_gets_nothing_hurried() {
    let (books, ..) = closed();
    let mut office = open(&books, "office");
    office.burst("promo", false).key(Key::Enter);
    assert!(office.has("没有邮箱"), "{}", office.picture().glyphs);
    let before = books.entries();
    office.f(8).settled().f(8);
    assert!(office.has("请管理员用 set_address"), "{}", office.picture().glyphs);
    assert_eq!(books.entries(), before);
}
