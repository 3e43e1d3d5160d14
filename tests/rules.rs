//! The regulations, row by row: tables under `tests/rules/` that are run against the desk as it is.
//!
//! Every clause refuses at least once, every edge case of the rulebook's collection is named, and the interpreter is
//! itself tried on tables that are wrong, for a table that cannot fail proves nothing.

#[path = "rules/cards.rs"]
mod cards;
#[path = "rules/closing.rs"]
mod closing;
#[path = "rules/matrix.rs"]
mod matrix;
mod support;
#[path = "rules/table.rs"]
mod table;
#[path = "rules/thousands.rs"]
mod thousands;
#[path = "rules/workflow.rs"]
mod workflow;
#[path = "rules/world.rs"]
mod world;

use std::collections::BTreeSet;

use taizhang::desk::Envelope;
use taizhang::domain::clause::Clause;
use taizhang::domain::id::PersonId;

use table::Table;

/// The tables, one subject each.
const TABLES: &[&str] = &[
    "dealer.txt",
    "order.txt",
    "payment.txt",
    "deadline.txt",
    "shipment.txt",
    "parts.txt",
    "goods.txt",
    "premises.txt",
    "purchasing.txt",
    "promotion.txt",
    "gift.txt",
    "people.txt",
    "numbers.txt",
    "closing.txt",
    "stocktake.txt",
    "counting.txt",
];

/// M4.1 informs and refuses nothing: a late shipment ships, and is marked. `deadline.txt` holds its rows.
const INFORMS: &[Clause] = &[Clause::OneDay];

fn assert_table(name: &str) {
    let (faults, _) = Table::read(name).run();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

macro_rules! tables {
    ($($test:ident = $name:literal;)*) => { $(#[test] fn $test() { assert_table($name); })* };
}

tables! {
    dealers_have_files = "dealer.txt";
    orders_are_taken_changed_and_cancelled = "order.txt";
    payments_are_disposed_of_to_the_fen = "payment.txt";
    the_day_runs_from_the_payment = "deadline.txt";
    shipments_are_signed_packed_and_shipped_once = "shipment.txt";
    orders_ship_in_parts_and_goods_come_back = "parts.txt";
    the_premises_are_kept = "premises.txt";
    goods_are_asked_for_and_settled = "purchasing.txt";
    promotions_run_only_when_both_have_confirmed = "promotion.txt";
    gifts_follow_the_rule_and_are_written_off = "gift.txt";
    goods_lie_at_places = "goods.txt";
    people_act_in_their_roles_only = "people.txt";
    numbers_are_read_as_typed = "numbers.txt";
    days_are_closed_in_order = "closing.txt";
    goods_are_counted_blind_and_differences_again = "stocktake.txt";
    what_happens_around_a_count_changes_no_figure_of_it = "counting.txt";
}

#[test]
fn every_clause_refuses_somewhere() {
    let mut refused: BTreeSet<String> = BTreeSet::new();
    for name in TABLES {
        refused.extend(Table::read(name).run().1);
    }
    let missing: Vec<&str> = Clause::ALL
        .iter()
        .filter(|clause| !INFORMS.contains(clause))
        .map(|clause| clause.id())
        .filter(|id| !refused.contains(*id))
        .collect();
    assert!(missing.is_empty(), "never refused under {missing:?}");
    for clause in INFORMS {
        assert!(!refused.contains(clause.id()), "{} refuses after all: take it off the list", clause.id());
    }
}

/// `E12 payment.txt TITLE` or `E5 FILE.rs TEST`: the case or test that shows it must exist.
#[test]
fn every_edge_case_has_its_row_or_test() {
    let root = table::folder().join("../..");
    let rows = table::plain("edge-cases.txt");
    let mut missing = Vec::new();
    for row in &rows {
        let [number, place, rest @ ..] = &row[..] else { panic!("{row:?} has no place") };
        let title = rest.join(" ");
        let text = std::fs::read_to_string(if place.ends_with(".rs") {
            root.join(place)
        } else {
            table::folder().join(place)
        });
        let text = text.unwrap_or_else(|error| panic!("{number}: {place}: {error}"));
        let wanted = if place.ends_with(".rs") { format!("fn {title}()") } else { format!("case {title}") };
        if !text.lines().any(|line| line.trim() == wanted || line.trim().starts_with(&wanted) && place.ends_with(".rs"))
        {
            missing.push(format!("{number}: no {wanted} in {place}"));
        }
    }
    let named: BTreeSet<u32> = rows.iter().filter_map(|row| row[0].strip_prefix('E')?.parse().ok()).collect();
    let wanted = (1..=61).chain(63..=71).chain([73, 75]).chain(76..=82);
    missing.extend(wanted.filter(|number| !named.contains(number)).map(|number| format!("E{number} is not named")));
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// Tables with one wrong row each: the interpreter must find it.
#[test]
fn a_wrong_table_is_found_out() {
    let taken = "case wrong\nclerk enter_order dealer=D00001 lines=A1:10 -> ok\n";
    for (row, found) in [
        ("clerk enter_order dealer=D00001 lines=A1:10 -> M1.3 no_file", "answered ok"),
        ("clerk enter_order dealer=nobody lines=A1:10 -> M1.3 no_file", "answered M1.3 no_file & M3.3 send_to_tmall"),
        ("money cancel_order order=order1 reason=x -> M3.0 not_your_role", "answered G1 not_your_role"),
        ("clerk cancel_order order=order1 reason=x -> G4 order_is", "answered ok"),
        ("then order1 due 112.00", "due is 80.00"),
        ("bank pays amount=80.00 -> ok new=2", "new is not 2"),
        ("keeper ship_shipment order=order1 -> M3.2a not_paid due=80.00", "answered M3.2a not_paid & M4.2 not_signed"),
    ] {
        let (faults, _) = Table::parse("planted", &format!("{taken}{row}\n")).run();
        assert!(faults.len() == 1 && faults[0].contains(found), "{row}: {faults:?}");
    }
}

/// A key that bounces, or a terminal that asks again because no answer came: the command's id makes it one shipment (E23).
#[test]
fn a_bounced_key_ships_once() {
    let mut world = world::World::new();
    let fields = |row: &str| {
        let pairs = row.split(' ').map(|field| field.split_once('=').expect("a field"));
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let tmall = fields("number=TM1 buyer=x paid_at=2026-11-02T08:00:00+08:00 lines=A1:3 to=x");
    world.ask("clerk", "enter_tmall_order", &tmall);
    world.ask("keeper", "pack_shipment", &fields("order=order1"));
    world.ask("keeper", "note_waybill", &fields("order=order1 carrier=sf number=SF1402345678901"));
    let read = world.desk().store().read().unwrap();
    let order = taizhang::store::books::Books::orders(&read, None, 1).unwrap()[0].id;
    let command = serde_json::from_value(serde_json::json!({"do": "ship_shipment", "order": order})).unwrap();
    let (at, terminal) = (world.books.now, "test".into());
    let envelope = Envelope { command, by: PersonId(4), at, terminal, id: Some("key-1".into()) };
    let answers: Vec<String> =
        (0..10).map(|_| serde_json::to_string(&world.desk().submit(&envelope)).unwrap()).collect();
    assert!(answers[0].starts_with("{\"ok\":true"), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "every retry has the first answer: {answers:?}");
    assert_eq!(world.figure("stock:A1", "on_hand"), "97");
    world.verify();
}
