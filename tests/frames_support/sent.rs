//! How little is read and sent: counts of bytes and rows, which are the same on every machine.

use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;
use serde_json::json;
use taizhang::server::screen::Screen;
use taizhang::ui::face::{Face, Key};
use taizhang::ui::locale::Lang;
use taizhang::wire::Colours;

/// The most bytes for a step of the cursor at 120x40.
const STEP_MOST: usize = 600;
/// The most bytes in a minute of the clock and a screenful of countdowns, by size.
const MINUTE_MOST: [((u16, u16), usize); 3] = [((80, 24), 12_000), ((120, 40), 18_000), ((200, 60), 30_000)];

/// A department whose queue fills a screen: each order is paid and counts down.
fn long_queue() -> Rehearsal {
    let mut books = Rehearsal::furnished();
    books.accept(
        "keeper",
        json!({"do": "receive_goods", "from": "opening", "lines": [{"article": "A1", "quantity": "900", "unit": "斤"}]}),
    );
    for number in 1..=45 {
        let lines = json!([{"article": "A1", "quantity": "12"}]);
        let order = books.accept("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": lines}));
        let flow = books.pay("wang@example.com", "96.00", &format!("2026110200{number:02}"));
        let shares = json!([{"order": order["order"], "amount": "96.00"}]);
        books.accept("money", json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares}));
    }
    books
}

/// A terminal and what was sent to it.
struct Sent {
    station: Station,
    screen: Screen,
}

impl Sent {
    fn of(books: &Rehearsal, lang: Lang, size: (u16, u16)) -> Sent {
        let station = Station::of(books, "boss", lang, size);
        let mut sent = Sent { station, screen: Screen::new(size.0, size.1, Colours::Sixteen) };
        assert!(sent.bytes() > 1_000, "the first picture is a whole one");
        assert_eq!(sent.bytes(), 0, "what has not changed is not sent");
        sent
    }

    /// What brings the terminal to the picture that is drawn now.
    fn bytes(&mut self) -> usize {
        let app = &self.station.app;
        self.screen.frame(0, |area, canvas| app.draw(area, canvas)).len()
    }
}

#[test]
fn a_step_of_the_cursor_sends_less_than_600_bytes() {
    let books = long_queue();
    for lang in Lang::ALL {
        let mut sent = Sent::of(&books, lang, (120, 40));
        for key in [[Key::Down; 20], [Key::Up; 20]].concat() {
            sent.station.key(key);
            let bytes = sent.bytes();
            assert!((1..STEP_MOST).contains(&bytes), "{key:?} at {lang:?}: {bytes} bytes");
        }
    }
}

#[test]
fn a_minute_at_rest_sends_the_clock_and_the_countdowns_alone() {
    let books = long_queue();
    for (size, most) in MINUTE_MOST {
        let mut sent = Sent::of(&books, Lang::Zh, size);
        let mut minute = 0;
        for _ in 0..60 {
            sent.station.wait(1_000);
            minute += sent.bytes();
        }
        assert!((60..most).contains(&minute), "{size:?}: {minute} bytes");
    }
}

#[test]
fn a_step_on_the_page_reads_the_chosen_row_alone() {
    let mut books = long_queue();
    let mut station = Station::of(&books, "boss", Lang::Zh, (120, 40));
    let rows = |station: &Station| -> Vec<String> {
        station.picture().glyphs.lines().skip(3).take(20).map(|row| row.chars().skip(3).collect()).collect()
    };
    let before = rows(&station);
    let seen = books.fingerprint("XS2611000005");
    books.accept("boss", json!({"do": "sign_shipment", "order": "XS2611000005", "part": 1, "seen": seen}));
    for key in [Key::Down, Key::Down, Key::Up] {
        assert_eq!(rows(station.key(key)), before, "{key:?}: the page stays as it was read");
    }
    assert_ne!(rows(station.moved()), before, "the journal moved: the page is read anew");
}
