//! What is read before a key asks for it is what a look at the same row shows, and goes when anything moves.

use serde_json::json;
use taizhang::domain::id::OrderId;
use taizhang::store::books::Books;
use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SIZE: (u16, u16) = (120, 40);
/// More orders than one page holds.
const ORDERS: usize = 60;

fn books() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for nth in 1..=ORDERS {
        let lines = json!([{"article": "A1", "quantity": nth.to_string()}]);
        books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
    }
    books
}

/// The same row without anything read ahead: the whole page is read anew.
fn fresh(station: &mut Station) -> String {
    station.moved().picture().glyphs
}

#[test]
fn a_row_reached_by_keys_shows_what_a_fresh_look_shows() {
    let books = books();
    let mut station = Station::of(&books, "clerk", Lang::Zh, SIZE);
    let keys = [Key::Down, Key::Down, Key::Up, Key::PageDown, Key::PageDown, Key::Down, Key::PageUp, Key::Up];
    let mut seen = Vec::new();
    for key in keys.iter().cycle().take(40) {
        let by_key = station.key(*key).picture().glyphs;
        assert_eq!(by_key, fresh(&mut station), "after {key:?}");
        // Twice in a row, so that what was read ahead is taken.
        let twice = station.key(*key).key(*key).picture().glyphs;
        assert_eq!(twice, fresh(&mut station), "after {key:?} twice");
        seen.push(twice);
    }
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 5, "the choice moved to {} rows only", seen.len());
}

#[test]
fn what_was_read_ahead_is_not_believed_once_the_books_have_moved() {
    let mut books = books();
    let mut station = Station::of(&books, "clerk", Lang::Zh, SIZE);
    // The third order is read ahead, then it is changed.
    station.key(Key::Down);
    let order: OrderId = "XS2611000003".parse().unwrap();
    let to = books.desk.store().read().unwrap().order(order).unwrap().expect("it was taken").to;
    let lines = json!([{"article": "A1", "quantity": "77"}]);
    books.accept("clerk", json!({"do": "change_order", "order": order, "content": 1, "lines": lines, "to": to}));
    station.moved();
    let by_key = station.key(Key::Down).picture().glyphs;
    assert_eq!(by_key, fresh(&mut station));
    assert!(by_key.contains("XS2611000003  ") && by_key.contains("77 "), "{by_key}");
}
