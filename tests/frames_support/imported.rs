//! After an import the choice among the payments stands on what it brought.

use serde_json::json;
use taizhang::domain::id::ImportId;
use taizhang::domain::statement::{FileFacts, Tally};
use taizhang::store::books::Books;
use taizhang::ui::face::{Answer, Event, Face, Key, Press, Wish};
use taizhang::ui::locale::Lang;

use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SMALL: (u16, u16) = (80, 24);

/// A department with payments that wait for finance, the newest of them `LS00000003`.
fn paid() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    for nth in 1..=3 {
        books.pay("wang@example.com", "96.00", &format!("2026110200{nth}"));
    }
    books
}

/// The import that was begun last.
fn latest(books: &Rehearsal) -> ImportId {
    books.desk.store().read().unwrap().imports(1).unwrap()[0].id
}

/// Finance hands a statement in on the screen, and `happen` is what becomes of it until it is answered: which import it
/// is, and how many payments it brings.
fn hand_in(
    station: &mut Station,
    books: &mut Rehearsal,
    happen: impl FnOnce(&mut Rehearsal) -> (Option<ImportId>, u64),
) {
    station.f(6);
    let wishes = station.app.on(Event::Input(vec![Press::key(Key::F(8))]));
    let [Wish::Import { ticket, .. }] = &wishes[..] else { panic!("{wishes:?}") };
    let (import, payments) = happen(books);
    let file = json!({"name": "t.csv", "format": "alipay_ledger", "channel": "alipay", "account": "", "sha256": "", "rows": 1, "totals": []});
    let file: FileFacts = serde_json::from_value(file).unwrap();
    let answer = Answer::Imported { import, file: Box::new(file), tally: Tally { payments, ..Tally::default() } };
    station.app.on(Event::Answered { ticket: *ticket, answer });
}

/// The number of the chosen payment.
fn chosen(station: &Station) -> String {
    let picture = station.picture().glyphs;
    let row = picture.lines().find(|line| line.starts_with('>')).unwrap_or_else(|| panic!("{picture}"));
    row.split_whitespace().last().unwrap_or_default().to_owned()
}

#[test]
fn the_choice_goes_to_the_first_flow_of_the_import_that_waits_for_finance() {
    let mut books = paid();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(2).key(Key::Down);
    assert_eq!(chosen(&money), "LS00000002");
    hand_in(&mut money, &mut books, |books| {
        books.pay("wang@example.com", "60.00", "2026110301");
        let own = latest(books);
        books.pay("wang@example.com", "70.00", "2026110302");
        (Some(own), 1)
    });
    assert_eq!(chosen(&money), "LS00000004", "somebody else's import came later: {}", money.picture().glyphs);
    money.key(Key::Up);
    assert_eq!(chosen(&money), "LS00000005", "it is the first page still: {}", money.picture().glyphs);
}

#[test]
fn the_choice_stays_where_an_import_brought_nothing_to_do() {
    let mut books = paid();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(2).key(Key::Down);
    hand_in(&mut money, &mut books, |books| {
        books.arrive("wang@example.com", "96.00", "20261102001");
        (Some(latest(books)), 0)
    });
    assert_eq!(chosen(&money), "LS00000002", "all of it was known: {}", money.picture().glyphs);
    hand_in(&mut money, &mut books, |_| (None, 1));
    assert!(money.has("导入账单"), "it was only tried: {}", money.picture().glyphs);
    money.f(3);
    assert_eq!(chosen(&money), "LS00000002");
}

#[test]
fn what_is_looked_for_stays_in_sight_after_an_import() {
    let mut books = paid();
    let mut money = Station::of(&books, "money", Lang::Zh, SMALL);
    money.pane(2).burst("LS00000001", false);
    assert_eq!(chosen(&money), "LS00000001");
    hand_in(&mut money, &mut books, |books| {
        books.pay("wang@example.com", "60.00", "2026110301");
        (Some(latest(books)), 1)
    });
    assert_eq!(chosen(&money), "LS00000001", "{}", money.picture().glyphs);
    money.f(12);
    assert!(money.has("LS00000004"), "{}", money.picture().glyphs);
}
