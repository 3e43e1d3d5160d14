//! Stocktakes on the command line: their lists, their papers, and that whoever counts is blind in all of it.

use serde_json::{Value, json};
use taizhang::verbs::show::What;

use super::export::{cells, export, exported, parts, words};
use super::show::{rows, show};
use super::verbs::{OWNER, Served, Typed, nobody, who};

fn post(served: &Served, lines: &[String]) -> Vec<Value> {
    served.post(OWNER, json!({"person": null, "proof": false, "tty": ""}), &lines.join("\n")).1
}

/// Commands as `person {"do":…}`, all of which must be accepted.
fn accept(served: &Served, commands: &[(&str, Value)]) {
    let line = |(person, command): &(&str, Value)| {
        let mut command = command.clone();
        command["as"] = json!(person);
        command.to_string()
    };
    let answers = post(served, &commands.iter().map(line).collect::<Vec<_>>());
    let refused: Vec<&Value> = answers.iter().filter(|answer| answer["ok"] != true).collect();
    assert!(refused.is_empty() && answers.len() == commands.len(), "{refused:?}");
}

fn count(take: &str, code: &str, quantity: &str) -> Value {
    json!({"do": "count_goods", "stocktake": take, "place": "", "code": code, "quantity": quantity})
}

fn step(name: &str, take: &str) -> Value {
    json!({"do": name, "stocktake": take})
}

/// A confirmed stocktake of an article of its own: 2.5 of 50 short, an unknown code, finance among the counters.
pub fn confirmed(served: &Served) {
    let take = "PD000001";
    accept(
        served,
        &[
            ("clerk", json!({"do": "list_article", "code": "B1", "name": "=1+1", "unit": "斤"})),
            ("boss", json!({"do": "set_price", "article": "B1", "price": "10.00", "from": "2026-11-03"})),
            (
                "keeper",
                json!({"do": "receive_goods", "from": "delivery", "lines": [{"article": "B1", "quantity": "50"}]}),
            ),
            (
                "office",
                json!({"do": "open_stocktake", "kind": "any_day", "articles": ["B1"], "counters": ["keeper", "money"]}),
            ),
            ("keeper", count(take, "B1", "47.5")),
            ("keeper", count(take, "9787020002207", "3")),
            ("money", count(take, "B1", "48")),
            ("keeper", step("submit_sheet", take)),
            ("money", step("submit_sheet", take)),
            ("office", json!({"do": "appoint_recount", "stocktake": take, "people": ["promo"]})),
            ("promo", count(take, "B1", "47.5")),
            ("promo", step("submit_sheet", take)),
            (
                "boss",
                json!({"do": "explain_difference", "stocktake": take, "article": "B1", "cause": "=2+2", "party": "仓管",
                    "proposal": "补亏"}),
            ),
            ("boss", step("confirm_stocktake", take)),
        ],
    );
}

#[test]
fn a_stocktake_is_shown_with_its_figures_and_claims() {
    let served = super::show::worked();
    let take = &rows(&served, What::Stocktakes, json!({}))[0];
    assert_eq!((&take["stage"], &take["rows"], &take["differing"]), (&json!("closed"), &json!(1), &json!(1)));
    let row = &rows(&served, What::Stocktake, json!({"only": "PD000001"}))[0];
    assert_eq!((&row["sheet_1"], &row["sheet_2"]), (&json!("47.5"), &json!("48")), "first figures stay");
    assert_eq!((&row["recounts"], &row["book"]), (&json!(["47.5"]), &json!("50")));
    assert_eq!((&row["outcome"], &row["difference"]), (&json!("first"), &json!("-2.5")));
    let sheet = rows(&served, What::Sheet, json!({"only": "PD000001", "of": "keeper"}));
    assert_eq!(sheet.iter().map(|line| line["article"].clone()).collect::<Vec<_>>(), [json!("B1"), Value::Null]);
    assert_eq!(rows(&served, What::Sheet, json!({"only": "PD000001", "of": "money"})).len(), 1);
    let claim = &rows(&served, What::Claims, json!({}))[0];
    assert_eq!((&claim["quantity"], &claim["amount"]), (&json!("2.5"), &json!("25.00")));
    assert_eq!((&claim["state"], &claim["settled_how"]), (&json!("open"), &Value::Null));
    assert!(rows(&served, What::Claims, json!({"state": "settled"})).is_empty());
    let settle = json!({"as": "money", "do": "settle_claim", "claim": claim["claim"], "reason": "转账 0231"});
    assert_eq!(served.post(OWNER, nobody(), &settle.to_string()).0, 0);
    let claim = &rows(&served, What::Claims, json!({"state": "settled"}))[0];
    assert_eq!((&claim["settled_how"], &claim["settled_by"]), (&json!("转账 0231"), &json!("财务")));
    assert_eq!(rows(&served, What::Stock, json!({"only": "B1"}))[0]["on_hand"], "47.5");
}

/// What is entered after a figure was taken is told apart from it: the figure, its book and what differs stay (E43).
#[test]
fn what_moves_after_a_figure_is_marked_and_changes_nothing_of_it() {
    let served = Served::furnished();
    let late = |much: &str| {
        let lines = json!([{"article": "A1", "quantity": much}]);
        ("keeper", json!({"do": "receive_goods", "from": "delivery", "lines": lines}))
    };
    let row = || {
        let row = rows(&served, What::Stocktake, json!({"only": TAKE})).remove(0);
        ["sheet_1", "book", "difference", "moved_since"].map(|field| row[field].clone())
    };
    accept(
        &served,
        &[
            ("office", json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "clerk"]})),
            ("keeper", count(TAKE, "A1", "100")),
            ("clerk", count(TAKE, "A1", "100")),
            ("keeper", step("submit_sheet", TAKE)),
            ("clerk", step("submit_sheet", TAKE)),
        ],
    );
    assert_eq!(row(), [json!("100"), json!("100"), json!("0"), json!(false)]);
    accept(&served, &[late("7")]);
    assert_eq!(row(), [json!("100"), json!("100"), json!("0"), json!(true)]);
    accept(&served, &[("boss", step("confirm_stocktake", TAKE)), late("5")]);
    assert_eq!(row(), [json!("100"), json!("100"), json!("0"), json!(true)]);
    assert_eq!(rows(&served, What::Stock, json!({"only": "A1"}))[0]["on_hand"], "112");
}

#[test]
fn the_sheet_and_the_report_are_ready_to_print_and_sign() {
    let served = super::show::worked();
    let report = exported(&served, What::Stocktake, "xlsx", "boss");
    let cells = cells(&report);
    let text: Vec<String> = cells.iter().flat_map(|row| words(row)).collect();
    for wanted in
        ["PD000001 临时盘点, 两人各一张表, 已确认", "未知码 9787020002207, 库位 , 数量 3", "=2+2", "=1+1", "-2.5"]
    {
        assert!(text.iter().any(|cell| cell == wanted), "{wanted}: {text:?}");
    }
    assert!(text.iter().any(|cell| cell.starts_with("盘点人签字")), "{text:?}");
    let total = cells.iter().find(|row| row[0] == "合计").expect("claims are added up");
    assert_eq!(total.iter().map(ToString::to_string).filter(|cell| cell == "25").count(), 1, "{total:?}");
    let sheet = parts(&report).into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1;
    assert!(sheet.contains("<f>ROUND(SUM(") && sheet.contains("state=\"frozen\""), "{sheet}");
    let book = parts(&report).into_iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1;
    assert!(book.contains("_xlnm.Print_Area"), "{book}");
    let sheet = exported(&served, What::Sheet, "xlsx", "keeper");
    let text: Vec<String> = self::cells(&sheet).iter().flat_map(|row| words(row)).collect();
    assert!(text.iter().any(|cell| cell == "47.5") && !text.iter().any(|cell| cell == "48"), "one's own: {text:?}");
    let noted = served.journal_lines().1;
    assert_eq!(noted.last().unwrap()["event"]["what"], "sheet");
}

/// A world in which every figure of the book and of a sheet is a number that stands nowhere else.
struct Counting {
    served: Served,
    book: Vec<String>,
    sheets: [Vec<String>; 2],
}

const TAKE: &str = "PD000001";

fn counting(seed: u64) -> Counting {
    let served = Served::furnished();
    let mut random = fastrand::Rng::with_seed(seed);
    let articles = random.usize(4..8);
    let mut figures = |_| format!("{}.{}", random.u32(11_111..98_765), random.u32(11..99) * 10 + random.u32(1..10));
    let book: Vec<String> = (0..articles).map(&mut figures).collect();
    let first: Vec<String> = (0..articles).map(&mut figures).collect();
    let second: Vec<String> = (0..articles).map(&mut figures).collect();
    for (at, quantity) in book.iter().enumerate() {
        let (code, lines) = (format!("N{at}"), json!([{"article": format!("N{at}"), "quantity": quantity}]));
        accept(
            &served,
            &[
                ("clerk", json!({"do": "list_article", "code": code, "name": code, "unit": "斤"})),
                ("boss", json!({"do": "set_price", "article": code, "price": "1.00", "from": "2026-11-03"})),
                ("keeper", json!({"do": "receive_goods", "from": "delivery", "lines": lines})),
            ],
        );
    }
    let tmall = json!({"do": "enter_tmall_order", "number": "TM1", "buyer": "x", "paid_at": "2026-11-03T08:00:00+08:00",
        "lines": [{"article": "N0", "quantity": "99999"}], "to": {"name": "x", "address": "x"}});
    let open = json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "office"]});
    accept(&served, &[("clerk", tmall), ("office", open)]);
    for (who, figures) in [("keeper", &first), ("office", &second)] {
        for (at, quantity) in figures.iter().enumerate() {
            accept(&served, &[(who, count(TAKE, &format!("N{at}"), quantity))]);
        }
    }
    Counting { served, book, sheets: [first, second] }
}

/// Everything that a person can read on the command line: every list in every form and as every file, the journal, and what
/// their own commands are answered.
fn everything(served: &Served, person: &str) -> String {
    let mut all = String::new();
    for what in What::ALL {
        for form in ["json", "table", "csv"] {
            all.push_str(&attempt(served, *what, form, person));
        }
        for kind in ["xlsx", "csv"] {
            let (_, caller) = export(served, OWNER, *what, kind, Some(person), json!({}));
            if kind == "csv" {
                all.push_str(&String::from_utf8_lossy(&caller.out));
            } else if !caller.out.is_empty() {
                parts(&caller.out).into_iter().for_each(|(_, text)| all.push_str(&text));
            }
            all.push_str(&String::from_utf8_lossy(&caller.error));
        }
    }
    // Its lines cannot be shortened, since the chain is made over them: whoever counts gets none, and the owner's account all.
    if person != "promo" || is_counting_again(served) {
        let mut caller = Typed::new(OWNER, b"");
        let args = json!({"who": who(person), "lang": "zh", "since": 1, "follow": false});
        served.call("journal", args, &mut caller);
        all.push_str(&caller.text());
    }
    for command in [
        json!({"do": "pack_shipment", "order": "XS2611000001"}),
        json!({"do": "ship_shipment", "order": "XS2611000001"}),
        json!({"do": "submit_sheet", "stocktake": TAKE, "blanks": 77}),
        json!({"do": "correct_count", "stocktake": TAKE, "to": "-1"}),
        json!({"do": "count_goods", "stocktake": TAKE, "place": "", "code": "N0", "quantity": "0"}),
        json!({"do": "explain_difference", "stocktake": TAKE, "article": "N0", "cause": "x", "party": "x", "proposal": "x"}),
        json!({"do": "confirm_stocktake", "stocktake": TAKE}),
        json!({"do": "undo_count", "stocktake": TAKE, "id": "of-another"}),
    ] {
        let mut command = command;
        command["as"] = json!(person);
        all.push_str(&served.post(OWNER, who(person), &command.to_string()).1[0].to_string());
    }
    all
}

fn is_counting_again(served: &Served) -> bool {
    rows(served, What::Stocktakes, json!({}))[0]["stage"] == "recounting"
}

fn attempt(served: &Served, what: What, form: &str, person: &str) -> String {
    let filter = json!({"from": null, "to": null, "dealer": null, "state": null, "only": null, "limit": null});
    let args = json!({"who": who(person), "lang": "zh", "what": what, "form": form, "filter": filter});
    let mut caller = Typed::new(OWNER, b"");
    served.call("show", args, &mut caller);
    format!("{}{}", caller.text(), String::from_utf8_lossy(&caller.error))
}

/// The figure as any of the ways in which the program writes one.
fn stands_in(figure: &str, text: &str) -> bool {
    let (whole, part) = figure.split_once('.').expect("three places");
    let grouped = format!("{},{}.{part}", &whole[..2], &whole[2..]);
    [figure.to_owned(), grouped, format!("{whole}{part}")].iter().any(|way| text.contains(way.as_str()))
}

fn assert_hidden(figures: &[String], text: &str, whose: &str) {
    let found: Vec<&String> = figures.iter().filter(|figure| stands_in(figure, text)).collect();
    assert!(found.is_empty(), "{whose}: {found:?} of {figures:?}");
}

#[test]
fn whoever_counts_reads_no_figure_of_the_book_or_of_the_other_sheet() {
    for seed in 0..4 {
        let world = counting(seed);
        let last = world.served.journal_lines().1.len();
        let seen = everything(&world.served, "keeper");
        assert!(stands_in(&world.sheets[0][0], &seen), "one's own figures are seen");
        assert_hidden(&world.book, &seen, "keeper sees the book");
        assert_hidden(&world.sheets[1], &seen, "keeper sees the other's sheet");
        let seen = everything(&world.served, "office");
        assert_hidden(&world.book, &seen, "office sees the book");
        assert_hidden(&world.sheets[0], &seen, "office sees the other's sheet");
        let seen = everything(&world.served, "promo");
        assert!(stands_in(&world.book[0], &seen), "who does not count sees the book");
        assert_hidden(&world.sheets.concat(), &seen, "the sheets are kept from everybody else");
        assert!(world.served.journal_lines().1.len() > last, "exports were noted");
    }
}

#[test]
fn blindness_lasts_until_all_is_counted() {
    let world = counting(11);
    let served = &world.served;
    let sheet = |of: &str, person: &str| {
        let filter =
            json!({"only": TAKE, "of": of, "from": null, "to": null, "dealer": null, "state": null, "limit": null});
        let mut caller = Typed::new(OWNER, b"");
        let args = json!({"who": who(person), "lang": "en", "what": "sheet", "form": "json", "filter": filter});
        (served.call("show", args, &mut caller), String::from_utf8_lossy(&caller.error).into_owned())
    };
    let (status, words) = sheet("office", "keeper");
    assert!(status == 2 && words.contains("both have been handed in"), "{words}");
    let blanks = |who: &str| (json!({"do": "submit_sheet", "stocktake": TAKE, "blanks": 1, "as": who})).to_string();
    let answers = post(served, &[blanks("keeper"), blanks("office")]);
    assert!(answers.iter().all(|answer| answer["ok"] == true), "{answers:?}");
    assert_eq!(sheet("office", "keeper").0, 0, "both are in");
    let seen = everything(served, "keeper");
    assert_hidden(&world.book, &seen, "keeper sees the book between the counts");
    accept(served, &[("office", json!({"do": "appoint_recount", "stocktake": TAKE, "people": ["promo"]}))]);
    let seen = everything(served, "promo");
    assert_hidden(&world.book, &seen, "who counts again sees the book");
    assert_hidden(&world.sheets.concat(), &seen, "who counts again sees the first figures");
    let asked = show(served, What::Stocktake, "json", Some("promo"), json!({}));
    let asked: Vec<Value> = serde_json::from_str(&asked).unwrap();
    assert_eq!(asked.len(), world.book.len() + 1, "what is to be counted again is listed, without figures");
    let lines = world.book.iter().enumerate().map(|(at, q)| ("promo", count(TAKE, &format!("N{at}"), q)));
    accept(
        served,
        &lines.chain([("promo", count(TAKE, "A1", "100")), ("promo", step("submit_sheet", TAKE))]).collect::<Vec<_>>(),
    );
    assert!(stands_in(&world.book[0], &everything(served, "keeper")), "all is counted");
    assert_eq!(rows(served, What::Stocktakes, json!({}))[0]["stage"], "settling");
}

/// An id is its owner's: asked again by somebody else, it does not give the first answer away.
#[test]
fn anothers_command_id_tells_nothing() {
    let served = Served::furnished();
    accept(
        &served,
        &[("office", json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "office"]}))],
    );
    let line = |who: &str, quantity: &str| {
        let mut line = count(TAKE, "A1", quantity);
        (line["as"], line["id"]) = (json!(who), json!("one"));
        line.to_string()
    };
    let answers = post(&served, &[line("keeper", "31.415"), line("keeper", "31.415"), line("office", "1")]);
    assert_eq!(answers[0], answers[1], "a retry is harmless");
    assert!(!answers[2].to_string().contains("31.415"), "{}", answers[2]);
    assert_eq!(rows(&served, What::Sheet, json!({"of": "keeper"})).len(), 1);
}
