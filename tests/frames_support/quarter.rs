//! The quarter's stocktake on screens (W9): refused without finance, counted with finance present, and confirmed when finance
//! has agreed to what every difference came of.

use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::counting::{SMALL, hand_in, shelved};
use crate::frames_support::station::Station;

#[test]
fn the_quarter_is_counted_with_finance_by_keys_alone() {
    let books = shelved();
    let mut office = Station::of(&books, "office", Lang::Zh, SMALL);
    office.pane(4).f(6);
    // The third kind is the quarter's; two who count, and nobody from finance.
    office.type_in("3").key(Key::Enter).type_in("keeper").key(Key::Enter).type_in("clerk").key(Key::Enter);
    office.key(Key::Enter).key(Key::Enter).type_in("C-03 C-04").f(8);
    let refused = office.picture().glyphs;
    assert!(refused.contains("W9") && refused.contains("没有财务"), "{refused}");
    // What was filled in still stands: finance is added to who is present.
    office.key(Key::BackTab).key(Key::BackTab).type_in("money").f(8);
    assert!(office.has("PD000001") && office.has("盘点中"), "{}", office.picture().glyphs);

    hand_in(&books);
    office.moved().f(8);
    assert!(office.has("HJ02") && !office.has("HJ01"), "{}", office.picture().glyphs);
    office.f(8).settled().key(Key::Enter).type_in("promo").f(8);
    let mut promo = Station::of(&books, "promo", Lang::Zh, SMALL);
    promo.pane(4).key(Key::Enter);
    promo.enter_all(&[".C-04", "9787536692930", "64640"]).f(8).settled().f(8);
    assert!(promo.has("交了第"), "{}", promo.picture().glyphs);

    // The supervisor writes the cause down, and cannot confirm what finance has not agreed to.
    let mut boss = Station::of(&books, "boss", Lang::Zh, SMALL);
    boss.pane(4).f(8);
    assert!(boss.has("等财务同意"), "{}", boss.picture().glyphs);
    boss.f(2).settled();
    boss.type_in("破损").key(Key::Enter).type_in("仓库").key(Key::Enter).type_in("照赔").f(8);
    boss.f(8).settled().f(8);
    assert!(boss.has("W9") && boss.has("财务还没有同意差异"), "{}", boss.picture().glyphs);
    assert_eq!(books.stock("HJ02"), "64,642", "nothing was put right");

    // Finance agrees, and confirms nothing.
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(4).f(8);
    assert!(money.has("等财务同意") && money.has("HJ02"), "{}", money.picture().glyphs);
    money.f(8).settled().f(8);
    assert!(money.has("M5.3"), "{}", money.picture().glyphs);
    money.f(7).settled().f(8);
    assert!(money.has("财务同意了 1 处差异") && !money.has("等财务同意"), "{}", money.picture().glyphs);

    boss.moved().f(8).settled().f(8);
    assert!(boss.has("确认了盘点"), "{}", boss.picture().glyphs);
    assert_eq!(books.stock("HJ02"), "64,640");
    boss.f(3).f(2);
    let whole = boss.picture().glyphs;
    assert!(whole.contains("季盘") && whole.contains("在场 money") && whole.contains("财务 money"), "{whole}");
    books.verify();
}
