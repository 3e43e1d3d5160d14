//! The headings of lists: none is cut, in either language, at any width from 80 columns on.

use taizhang::ui::face::Key;
use taizhang::ui::locale::{Lang, Words};

use crate::frames_support::claims::claimed;
use crate::frames_support::idle::screens;
use crate::frames_support::station::Station;
use crate::rehearsal::Rehearsal;

const HEIGHT: u16 = 24;

/// The lists that another one leads to: by whom, through which list of the menu or which pane, by which key.
const BELOW: &[(&str, &str, Key)] = &[
    ("keeper", "60", Key::Enter),
    ("boss", "75", Key::Enter),
    ("clerk", "pane 1", Key::F(7)),
    ("boss", "pane 4", Key::F(8)),
];

/// The heading lines on the screen: those that begin with the word for the number of a row.
fn headings(station: &Station, lang: Lang) -> Vec<String> {
    let number = format!(" {} ", Words::load(lang).say("list.number"));
    let glyphs = station.picture().glyphs;
    let is_heading = |part: &str| part.starts_with(&number);
    let lines: Vec<Vec<&str>> = glyphs.lines().map(|line| line.split('|').collect()).collect();
    let mut found = Vec::new();
    for (above, line) in lines.iter().zip(&lines[1..]) {
        // What says that a list is empty may begin like a heading, and stands below one.
        let is_below = above.iter().any(|part| is_heading(part));
        found.extend(line.iter().filter(|part| is_heading(part) && !is_below).map(|part| part.trim_end().to_owned()));
    }
    found
}

fn below(books: &Rehearsal, lang: Lang) -> Vec<(String, Station)> {
    let one = |(person, through, key): &(&str, &str, Key)| {
        let mut station = Station::of(books, person, lang, (80, HEIGHT));
        match through.strip_prefix("pane ") {
            Some(pane) => drop(station.pane(pane.parse().unwrap())),
            None => drop(station.f(9).type_in(through)),
        }
        station.key(*key);
        (format!("below {through}"), station)
    };
    BELOW.iter().map(one).collect()
}

#[test]
fn no_heading_of_a_list_is_cut() {
    let mut books = claimed();
    books.accept("boss", serde_json::json!({"do": "close_day", "day": "2026-11-02"}));
    let mut seen = 0;
    for lang in Lang::ALL {
        let all = screens(&books, "boss", lang, (80, HEIGHT)).into_iter().chain(below(&books, lang));
        for (screen, mut station) in all {
            for width in [80, 90, 100, 110, 120, 140, 160, 200] {
                station.resize(width, HEIGHT);
                let found = headings(&station, lang);
                let is_list = screen != "list 69" && !screen.ends_with("Enter");
                assert!(!found.is_empty() || !is_list, "{screen} {width}: {}", station.picture().glyphs);
                for line in found {
                    assert!(!line.contains('~'), "{screen}, {lang:?}, {width} columns: {line}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 400, "{seen} headings");
}
