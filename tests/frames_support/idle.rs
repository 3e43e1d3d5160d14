//! Keys that have nothing to be done to: no bar and no line of letters names one, and the menu marks it.

use taizhang::ui::face::Key;
use taizhang::ui::locale::Lang;

use crate::frames_support::assert_frame;
use crate::frames_support::claims::claimed;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const SIZE: (u16, u16) = (120, 40);
const NOTHING: &str = "没有选中";
const NOT_NOW: &str = "现在没有可办的";
/// The numbers under which the menu opens a list, by tens and ones.
const LISTS: &[u8] = &[60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 73, 74, 75, 76, 77, 87, 88, 90, 91, 92, 93, 94];

/// The screens of a person: the four panes, then every list of the menu.
pub fn screens(books: &Rehearsal, person: &str, lang: Lang, size: (u16, u16)) -> Vec<(String, Station)> {
    let seat = || Station::of(books, person, lang, size);
    let panes = (1..=4).map(|pane| {
        let mut station = seat();
        station.pane(pane);
        (format!("pane {pane}"), station)
    });
    let lists = LISTS.iter().map(|number| {
        let mut station = seat();
        station.f(9).type_in(&number.to_string());
        (format!("list {number}"), station)
    });
    // What differs in a stocktake, and the detail of one.
    let below = [(4, Key::F(8)), (4, Key::Enter), (1, Key::Enter)].iter().map(|(pane, key)| {
        let mut station = seat();
        station.pane(*pane).key(*key);
        (format!("pane {pane} {key:?}"), station)
    });
    panes.chain(lists).chain(below).filter(|(_, station)| !station.has(NOTHING)).collect()
}

/// The keys that the last two lines name: the F-keys of the bar, the letters in brackets.
fn named(station: &Station) -> Vec<Key> {
    let glyphs = station.picture().glyphs;
    let mut lines = glyphs.lines().rev();
    let (bar, hints) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let number = |word: &str| word.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok().map(Key::F);
    let keys = bar.split_whitespace().filter_map(number);
    let letters = hints.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(letter, _)| letter);
    let letters = letters.filter(|letter| letter.chars().count() == 1).filter_map(|letter| letter.chars().next());
    keys.chain(letters.map(|letter| Key::Ctrl(letter.to_ascii_lowercase()))).collect()
}

fn press(station: &mut Station, key: Key) {
    match key {
        Key::Ctrl(letter) => drop(station.type_in(&letter.to_string())),
        key => drop(station.key(key)),
    }
}

/// Presses every key that every screen names, one at a time.
fn walk(books: &Rehearsal, people: &[&str]) -> usize {
    let mut pressed = 0;
    for person in people {
        let seats = || screens(books, person, Lang::Zh, SIZE);
        let all = seats();
        let keys: Vec<Vec<Key>> = all.iter().map(|(_, station)| named(station)).collect();
        let most = keys.iter().map(Vec::len).max().unwrap_or_default();
        for nth in 0..most {
            for ((screen, mut station), keys) in seats().into_iter().zip(&keys) {
                let Some(key) = keys.get(nth) else { continue };
                press(&mut station, *key);
                let is_dead = station.has(NOTHING) || station.has(NOT_NOW);
                assert!(!is_dead, "{person}, {screen}, {key:?}: {}", station.picture().glyphs);
                pressed += 1;
            }
        }
    }
    pressed
}

#[test]
fn no_key_that_is_named_has_nothing_to_be_done_to() {
    let people = ["boss", "keeper", "money"];
    assert!(walk(&Rehearsal::furnished(), &people) > 400);
    assert!(walk(&claimed(), &people) > 400);
}

#[test]
fn a_settled_stocktake_names_no_next_step_and_the_menu_marks_it() {
    let books = claimed();
    let mut boss = Station::of(&books, "boss", Lang::Zh, (80, 24));
    boss.f(9).type_in("73").key(Key::Enter);
    assert!(boss.has("PD000001") && !boss.has("8办理"), "{}", boss.picture().glyphs);
    assert_frame("stocktake_settled", &boss.picture());
    boss.f(9);
    assert_frame("stocktake_settled_menu", &boss.picture());
    boss.key(Key::Esc).f(8);
    assert!(boss.has(NOTHING), "{}", boss.picture().glyphs);
}

#[test]
fn what_is_chosen_brings_its_keys_back() {
    let books = claimed();
    let mut boss = Station::of(&books, "boss", Lang::Zh, (80, 24));
    boss.f(9).type_in("73");
    assert!(boss.has("详情(ENTER)"), "{}", boss.picture().glyphs);
    boss.burst("没有这个", false);
    assert!(!boss.has("详情(ENTER)"), "{}", boss.picture().glyphs);
    boss.f(12);
    assert!(boss.has("详情(ENTER)"), "{}", boss.picture().glyphs);
}
