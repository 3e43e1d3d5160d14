//! A count of two thousand lines (E53): what is wrong with it is told at once and counted whole, and nothing of it is lost.

use serde_json::{Value, json};
use taizhang::desk::{Answer, Envelope};
use taizhang::domain::id::PersonId;
use taizhang::domain::stocktake::Scope;
use taizhang::store::books::{Books, Counts};

use crate::support::rehearsal::{PEOPLE, Rehearsal};

const LINES: usize = 2_000;
/// How many of what is wrong are named beside their number.
const NAMED: usize = 20;
const TAKE: &str = "PD000001";

fn code(nth: usize) -> String {
    format!("N{nth:04}")
}

/// Asks many things of one person together.
fn ask_all(books: &mut Rehearsal, person: &str, commands: impl Iterator<Item = Value>) -> Vec<Answer> {
    books.now = books.now.plus_seconds(1);
    let by = PEOPLE.iter().position(|(code, _)| *code == person).expect("a person") as u32 + 1;
    let envelope = |command| Envelope {
        command: serde_json::from_value(command).expect("a command of the schema"),
        by: PersonId(by),
        at: books.now,
        terminal: "test".into(),
        id: None,
    };
    let asked: Vec<Envelope> = commands.map(envelope).collect();
    books.desk.submit_all(&asked)
}

fn accept_all(books: &mut Rehearsal, person: &str, commands: impl Iterator<Item = Value>) {
    let answers = ask_all(books, person, commands);
    let refused = answers.iter().find(|answer| !matches!(answer, Answer::Accepted { .. }));
    assert!(refused.is_none(), "{}", serde_json::to_string(&refused).unwrap());
}

/// A line for each of the goods; the book has 7 of each.
fn counts(quantity: &str) -> impl Iterator<Item = Value> {
    (0..LINES).map(move |nth| {
        json!({"do": "count_goods", "stocktake": TAKE, "place": "", "code": code(nth), "quantity": quantity})
    })
}

fn step(name: &str) -> Value {
    json!({"do": name, "stocktake": TAKE})
}

/// A refusal tells how many there are, and names the first of them.
fn assert_counted(refusal: &Value, count: usize) {
    assert_eq!(refusal["facts"]["count"], count, "{refusal}");
    assert_eq!(refusal["facts"]["first"].as_array().map(Vec::len), Some(NAMED), "{refusal}");
}

#[test]
fn two_thousand_lines_are_refused_compared_and_confirmed_whole() {
    let mut books = Rehearsal::furnished();
    let list = |nth: usize| json!({"do": "list_article", "code": code(nth), "name": code(nth), "unit": "斤"});
    accept_all(&mut books, "clerk", (0..LINES).map(list));
    let price = |nth: usize| json!({"do": "set_price", "article": code(nth), "price": "1.00", "from": "2026-11-02"});
    accept_all(&mut books, "boss", (0..LINES).map(price));
    let lines: Vec<Value> = (0..LINES).map(|nth| json!({"article": code(nth), "quantity": "7"})).collect();
    books.accept("keeper", json!({"do": "receive_goods", "from": "delivery", "lines": lines}));
    let articles: Vec<String> = (0..LINES).map(code).collect();
    books.accept(
        "office",
        json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "office"], "articles": articles}),
    );

    // One line of two thousand: all blanks are told at once.
    accept_all(&mut books, "keeper", counts("7").take(1));
    let blanks = books.refuse("keeper", step("submit_sheet"), "M5.2");
    assert_counted(&blanks, LINES - 1);
    accept_all(&mut books, "keeper", counts("7").skip(1));
    accept_all(&mut books, "office", counts("6"));
    books.accept("keeper", step("submit_sheet"));
    books.accept("office", step("submit_sheet"));

    let again = books.accept("office", json!({"do": "appoint_recount", "stocktake": TAKE, "people": ["clerk"]}));
    assert_eq!(again["lines"], LINES, "every line differs on one of the two sheets");
    accept_all(&mut books, "clerk", counts("6").take(1));
    let left = books.refuse("clerk", step("submit_sheet"), "M5.3");
    assert_counted(&left, LINES - 1);
    accept_all(&mut books, "clerk", counts("6").skip(1));
    books.accept("clerk", step("submit_sheet"));

    let unexplained = books.refuse("boss", step("confirm_stocktake"), "W9");
    assert_counted(&unexplained, LINES);
    let explain = |nth: usize| {
        json!({"do": "explain_difference", "stocktake": TAKE, "article": code(nth), "cause": "潮损", "party": "仓管",
            "proposal": "补亏"})
    };
    accept_all(&mut books, "boss", (0..LINES).map(explain));
    let confirmed = books.accept("boss", step("confirm_stocktake"));
    assert_eq!(confirmed["differences"].as_array().map(Vec::len), Some(LINES));

    let read = books.desk.store().read().unwrap();
    let take = read.stocktake(TAKE.parse().unwrap()).unwrap().unwrap();
    assert_eq!((take.sum.rows, take.sum.differing), (LINES as u32, LINES as u32));
    assert_eq!(read.claims(None, usize::MAX).unwrap().len(), LINES);
    for nth in 0..LINES {
        assert_eq!(books.stock(&code(nth)), "6");
    }
    drop(read);
    books.verify();
}

#[test]
fn what_a_sheet_leaves_blank_follows_the_card_to_another_place() {
    let mut books = Rehearsal::furnished();
    for (place, name) in [("P1", "一"), ("P2", "二")] {
        books.accept("keeper", json!({"do": "define_place", "code": place, "name": name}));
    }
    for code in ["M1", "M2", "M3"] {
        let card = json!({"do": "list_article", "code": code, "name": code, "unit": "斤", "location": "P1"});
        books.accept("clerk", card);
    }
    let moved = json!({"do": "revise_article", "article": "M2", "version": 1,
        "card": {"code": "M2", "name": "M2", "unit": "斤", "location": "P2"}});
    books.accept("clerk", moved);
    let blanks = |books: &Rehearsal, places: &[&str]| -> Vec<(String, String)> {
        let read = books.desk.store().read().unwrap();
        let mut take = read.stocktakes(None, 1).unwrap().pop().unwrap();
        take.scope = match places {
            [] => Scope::Whole,
            places => Scope::Places(places.iter().map(|place| (*place).into()).collect()),
        };
        let found = read.blanks(&take, 1).unwrap();
        let code = |id| read.article(id).unwrap().unwrap().card.code.to_string();
        found.into_iter().map(|(id, place)| (place.to_string(), code(id))).collect()
    };
    let open = json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "clerk"]});
    books.accept("office", open);
    let words = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect()
    };
    assert_eq!(blanks(&books, &["P2", "P1", "P2"]), words(&[("P1", "M1"), ("P1", "M3"), ("P2", "M2")]));
    assert_eq!(blanks(&books, &["P2"]), words(&[("P2", "M2")]));
    assert_eq!(blanks(&books, &[]), words(&[("", "A1"), ("P1", "M1"), ("P1", "M3"), ("P2", "M2")]));
    books.verify();
}
