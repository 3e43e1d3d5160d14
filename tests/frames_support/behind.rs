//! What a move of the books leaves to be read is read a screen at a time, and keys come in between.

use serde_json::json;
use taizhang::domain::id::Seq;
use taizhang::ui::face::{Event, Face, Key, Press};
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::rehearsal::{Rehearsal, dealer_file};

const SIZE: (u16, u16) = (120, 40);
/// The screens of the workspace, in the order of their numbers: dealers, payments, the queue, stocktakes.
const SCREENS: usize = 4;

/// A department with two orders that await money.
fn ordered() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for quantity in ["12", "3"] {
        let lines = json!([{"article": "A1", "quantity": quantity}]);
        books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    }
    books
}

/// Something happens that every screen of the workspace shows; what each shows of it, in the order of their numbers.
fn happen(books: &mut Rehearsal) -> [&'static str; SCREENS] {
    books.accept("clerk", json!({"do": "file_dealer", "file": dealer_file("长沙定王台", "dwt@example.com")}));
    books.pay("dwt@example.com", "77.00", "202611029001");
    let lines = json!([{"article": "A1", "quantity": "7"}]);
    books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    let counters = ["money", "keeper"];
    let take = json!({"do": "open_stocktake", "kind": "any_day", "articles": ["A1"], "counters": counters});
    books.accept("office", take);
    ["长沙定王台", "77.00", "XS2611000003", "PD000001"]
}

/// Which screens show what happened.
fn shown(station: &Station, happened: [&str; SCREENS]) -> [bool; SCREENS] {
    let picture = station.picture().glyphs;
    happened.map(|words| picture.contains(words))
}

/// The terminal hears of a move, and nothing more.
fn hear(station: &mut Station) {
    assert!(station.app.on(Event::Moved(Seq(0))).is_empty());
}

/// It takes one step.
fn step(station: &mut Station) {
    assert!(station.app.is_behind() && station.app.on(Event::CatchUp).is_empty());
}

/// It takes all that are left.
fn steps(station: &mut Station) -> usize {
    let mut taken = 0;
    while station.app.is_behind() {
        step(station);
        taken += 1;
    }
    taken
}

/// What a look at everything shows.
fn fresh(station: &mut Station) -> String {
    station.f(5).picture().glyphs
}

#[test]
fn a_move_is_read_a_screen_at_a_time_the_one_with_the_keys_first() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let happened = happen(&mut books);
    hear(&mut clerk);
    assert!(clerk.has("待发货3") && !clerk.app.wants_rest(), "what is counted is known at once");
    let mut seen = vec![shown(&clerk, happened)];
    for _ in 0..SCREENS {
        step(&mut clerk);
        seen.push(shown(&clerk, happened));
    }
    let [no, yes] = [false, true];
    let queue_first = [[no, no, no, no], [no, no, yes, no], [yes, no, yes, no], [yes, yes, yes, no], [yes; SCREENS]];
    assert_eq!(seen, queue_first, "{happened:?}\n{}", clerk.picture().glyphs);
    assert!(!clerk.app.is_behind() && clerk.app.wants_rest(), "the keys of the bar are asked for once all is read");
    assert_eq!(clerk.picture().glyphs, fresh(&mut clerk));
}

#[test]
fn a_key_between_two_steps_is_served_and_the_rest_follows() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let happened = happen(&mut books);
    hear(&mut clerk);
    for _ in 0..2 {
        step(&mut clerk);
        clerk.app.on(Event::Input(vec![Press::key(Key::Down)]));
    }
    assert!(clerk.has("> 3 XS2611000003"), "the choice moved twice: {}", clerk.picture().glyphs);
    assert_eq!(shown(&clerk, happened), [true, false, true, false], "what was read so far is shown");
    assert_eq!(steps(&mut clerk), SCREENS - 2);
    assert_eq!(clerk.picture().glyphs, fresh(&mut clerk));
}

#[test]
fn a_key_acts_on_the_row_that_is_shown_and_a_row_that_is_not_is_named_first() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    books.accept("clerk", json!({"do": "cancel_order", "order": "XS2611000001", "reason": "x"}));
    let before = books.entries();
    hear(&mut clerk);
    let cancel = |station: &mut Station| {
        station.app.on(Event::Input(vec![Press::key(Key::Delete)]));
        station.picture().glyphs
    };
    let refused = cancel(&mut clerk);
    assert!(
        refused.contains("> 1 XS2611000001") && refused.contains("已取消"),
        "it is the order that was shown: {refused}"
    );
    step(&mut clerk);
    let asked = cancel(&mut clerk);
    assert!(asked.contains("取消订单: XS2611000002"), "{asked}");
    assert_eq!(books.entries(), before, "nothing is done before the question is answered");
}

#[test]
fn an_answer_is_seen_with_all_that_had_moved_before_it() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    clerk.key(Key::Delete).settled().type_in("x");
    let happened = happen(&mut books);
    hear(&mut clerk);
    step(&mut clerk);
    clerk.pass_on(Event::Input(vec![Press::key(Key::F(8))]));
    assert!(clerk.has("已存: 取消了订单"), "{}", clerk.picture().glyphs);
    assert!(!clerk.app.is_behind() && shown(&clerk, happened) == [true; SCREENS], "{}", clerk.picture().glyphs);
}

#[test]
fn moves_without_a_pause_leave_no_screen_unread() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let happened = happen(&mut books);
    for _ in 0..SCREENS {
        hear(&mut clerk);
        step(&mut clerk);
    }
    assert_eq!(shown(&clerk, happened), [true; SCREENS], "{}", clerk.picture().glyphs);
    assert_eq!(steps(&mut clerk), SCREENS - 1, "what the last of them left");
}

#[test]
fn rows_that_a_key_has_read_anew_are_not_read_again() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let happened = happen(&mut books);
    hear(&mut clerk);
    clerk.app.on(Event::Input(vec![Press::key(Key::End)]));
    assert_eq!(shown(&clerk, happened), [false, false, true, false], "{}", clerk.picture().glyphs);
    assert_eq!(steps(&mut clerk), SCREENS - 1);
    assert_eq!(clerk.picture().glyphs, fresh(&mut clerk));
}

#[test]
fn what_other_roles_may_not_see_does_not_wait_for_its_turn() {
    let mut books = ordered();
    let mut money = Station::of(&books, "money", Lang::Zh, SIZE);
    money.pane(1).key(Key::Enter);
    assert!(money.has("wang@example.com"), "{}", money.picture().glyphs);
    books.accept("admin", json!({"do": "change_roles", "person": "money", "roles": ["keeper"]}));
    hear(&mut money);
    assert!(!money.has("wang@example.com") && !money.app.is_behind(), "{}", money.picture().glyphs);
}

#[test]
fn what_an_opened_screen_covers_is_read_when_that_is_left_and_not_before() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    clerk.key(Key::Enter);
    let opened = clerk.picture().glyphs;
    let happened = happen(&mut books);
    hear(&mut clerk);
    assert_eq!(steps(&mut clerk), 1, "the opened screen alone is read: {opened}");
    assert!(clerk.app.wants_rest(), "the keys of its bar do not wait for what it covers");
    clerk.app.on(Event::Input(vec![Press::key(Key::F(3))]));
    assert!(!clerk.app.is_behind(), "leaving it has read them all");
    assert_eq!(shown(&clerk, happened), [true; SCREENS], "{}", clerk.picture().glyphs);
    assert_eq!(clerk.picture().glyphs, fresh(&mut clerk));
}

#[test]
fn a_screen_that_is_opened_over_what_waits_has_read_it_all() {
    let mut books = ordered();
    let mut clerk = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let happened = happen(&mut books);
    hear(&mut clerk);
    clerk.app.on(Event::Input(vec![Press::key(Key::Enter)]));
    assert!(!clerk.app.is_behind(), "opening has read them all");
    hear(&mut clerk);
    hear(&mut clerk);
    assert_eq!(steps(&mut clerk), 1, "two moves, one screen in sight");
    clerk.app.on(Event::Input(vec![Press::key(Key::F(3))]));
    assert_eq!(shown(&clerk, happened), [true; SCREENS], "{}", clerk.picture().glyphs);
}
