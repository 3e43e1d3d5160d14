//! The same command handed in again, a clock that goes backwards, and two terminals that race for one thing.

use std::sync::{Arc, Barrier};

use redb::ReadableTable;
use redb::backends::InMemoryBackend;
use serde_json::{Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk, Envelope, thread};
use taizhang::domain::id::{AccountId, FlowId, ImportId, OrderId};
use taizhang::domain::time::Moment;
use taizhang::store::books::Books;
use taizhang::store::journal;
use taizhang::store::open::Store;
use taizhang::store::tables::JOURNAL;

use super::bases::Bases;
use super::disk::{Disk, Plan};
use super::script::{self, Came, Step, hand_in, moment, person, script};
use super::witness::verified;

/// Rounds of each race: ten thousand over one payment, one signature and the last of the goods together.
const ROUNDS: usize = 3_334;

fn entries(desk: &Desk) -> u64 {
    journal::head(&desk.store().read().unwrap()).unwrap().seq.0
}

/// A desk in memory that has gone through the script up to the first step that `ends` it.
fn desk_before(ends: impl Fn(&Value) -> bool) -> Desk {
    let desk = Desk::new(Store::on_backend(InMemoryBackend::new(), true).unwrap());
    for (index, step) in script().iter().enumerate() {
        if matches!(step, Step::Ask(_, value) if ends(value)) {
            break;
        }
        assert!(matches!(hand_in(&desk, index, step), Came::Kept(_)));
    }
    desk
}

fn words(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap()
}

#[test]
fn a_command_handed_in_again_happens_once_and_is_answered_the_same() {
    let bases = Bases::new();
    let mut luck = fastrand::Rng::with_seed(6);
    let mut disk = Disk::holding(Vec::new(), Plan::Sound);
    let mut desk = Desk::new(Store::on_backend(disk.clone(), true).unwrap());
    for (index, step) in bases.steps.iter().enumerate() {
        let Some(envelope) = script::envelope(&desk, index, step).filter(|_| matches!(step, Step::Ask(..))) else {
            assert!(matches!(hand_in(&desk, index, step), Came::Kept(_)));
            continue;
        };
        let before = entries(&desk);
        let first = words(&desk.submit(&envelope));
        assert_eq!(entries(&desk), before + 1, "{first}");
        for _ in 0..luck.usize(0..10) {
            if luck.u8(0..16) == 0 {
                drop(desk);
                disk = Disk::holding(disk.synced(), Plan::Sound);
                desk = Desk::new(Store::on_backend(disk.clone(), true).unwrap());
            }
            let again = vec![envelope.clone(); luck.usize(1..3)];
            for answer in desk.submit_all(&again) {
                assert_eq!(words(&answer), first);
            }
            assert_eq!(entries(&desk), before + 1);
        }
    }
    verified(desk.store()).unwrap();
}

/// An id is its person's: the same one from another is another command, and answers nobody with somebody else's entry.
#[test]
fn an_id_of_another_person_is_another_command() {
    let desk = desk_before(|_| false);
    let value = json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "1"}]});
    let command: taizhang::domain::command::Command = serde_json::from_value(value).unwrap();
    let at = journal::head(&desk.store().read().unwrap()).unwrap().at;
    let ask = |by| {
        let (command, by, id) = (command.clone(), person(by), Some("one".into()));
        desk.submit(&Envelope { command, by, at, terminal: "test".into(), id })
    };
    let first = ask("clerk");
    assert!(matches!(first, Answer::Accepted { .. }), "{}", words(&first));
    let other = ask("keeper");
    assert!(matches!(other, Answer::Refused(_)), "a copy of the clerk's answer: {}", words(&other));
    let before = entries(&desk);
    assert_eq!((words(&ask("clerk")), words(&ask("keeper"))), (words(&first), words(&other)));
    assert_eq!(entries(&desk), before);
    verified(desk.store()).unwrap();
}

#[test]
fn the_journal_goes_forward_whatever_the_clock_does() {
    let desk = desk_before(|_| false);
    let now = journal::head(&desk.store().read().unwrap()).unwrap().at;
    let shifts = [0, 0, -1, -3_600, -86_400, 31_536_000, -31_536_000, 5, 0, -2];
    for (nth, shift) in shifts.into_iter().chain([i64::MIN / 2_000_000]).enumerate() {
        let value = json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "1"}]});
        let command = serde_json::from_value(value).unwrap();
        let at = now.plus_seconds(shift);
        let id = Some(format!("clock-{nth}").as_str().into());
        let answer = desk.submit(&Envelope { command, by: person("clerk"), at, terminal: "test".into(), id });
        assert!(matches!(answer, Answer::Accepted { .. }), "{shift}: {}", words(&answer));
    }
    let books = desk.store().read().unwrap();
    let lines = books.open_table(JOURNAL).unwrap();
    let mut before = Moment::from_micros(0);
    for row in lines.iter().unwrap() {
        let (seq, line) = row.unwrap();
        let entry = journal::read(seq.value(), line.value()).unwrap();
        assert!(entry.at > before, "entry {} happens before the one before it", seq.value());
        before = entry.at;
    }
    drop(books);
    verified(desk.store()).unwrap();
}

fn ask(desk: &thread::Inbox, by: &str, value: &Value) -> Answer {
    let command = serde_json::from_value(value.clone()).expect("a command");
    desk.submit(Envelope { command, by: person(by), at: moment(1_000), terminal: by.into(), id: None })
}

/// What somebody asks in a round.
type Asks<'a> = &'a (dyn Fn(usize) -> (&'static str, Value) + Sync);

/// Two people ask at the same moment, over and over, and `undo` puts things back in between: exactly one of the two is
/// accepted each time, and the other refused under `clause`.
fn race(desk: &Arc<Desk>, racers: [Asks<'_>; 2], undo: Option<Asks<'_>>, clause: &str) {
    let inbox = thread::start(desk.clone(), || moment(1_000), |_| {}, |why| panic!("{why}")).unwrap();
    let start = Barrier::new(2);
    let turns = |at: usize| {
        let mut won = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let (by, value) = racers[at](round);
            start.wait();
            let answer = ask(&inbox, by, &value);
            if let Answer::Refused(_) = &answer {
                let refused = serde_json::to_value(&answer).unwrap();
                assert_eq!(refused["refused"][0]["clause"], clause, "{refused}");
            }
            won.push(matches!(answer, Answer::Accepted { .. }));
            start.wait();
            if let Some(undo) = undo.filter(|_| at == 0) {
                let (by, value) = undo(round);
                let answer = ask(&inbox, by, &value);
                assert!(matches!(answer, Answer::Accepted { .. }), "{}", words(&answer));
            }
            start.wait();
        }
        won
    };
    let won: Vec<(bool, bool)> = std::thread::scope(|scope| {
        let (first, second) = (scope.spawn(|| turns(0)), scope.spawn(|| turns(1)));
        first.join().unwrap().into_iter().zip(second.join().unwrap()).collect()
    });
    for (round, (one, other)) in won.iter().enumerate() {
        assert!(one != other, "round {round}: {one} and {other}");
    }
    assert!(
        won.iter().any(|(one, _)| *one) && won.iter().any(|(_, other)| *other),
        "it is no race when one always wins"
    );
    verified(desk.store()).unwrap();
}

fn accept(desk: &Desk, by: &str, value: Value) {
    let command = serde_json::from_value(value).expect("a command");
    let answer = desk.submit(&Envelope { command, by: person(by), at: moment(900), terminal: "t".into(), id: None });
    assert!(matches!(answer, Answer::Accepted { .. }), "{}", words(&answer));
}

#[test]
fn one_payment_is_confirmed_by_one_of_two() {
    let desk = Arc::new(desk_before(|value| value["do"] == "confirm_payment"));
    let numbers: Vec<String> = (0..ROUNDS).map(|nth| format!("RACE-{nth}")).collect();
    let rows = numbers.iter().map(|number| script::flow(900, &(number, "wang@example.com", "80.00"))).collect();
    let (import, account) = (ImportId(2), AccountId(1));
    let chunk = Chunk { import, account, by: person("money"), terminal: "t".into(), rows };
    let first = desk.store().read().unwrap().count("flows").unwrap() as u64 + 1;
    assert_eq!(desk.post_flows(chunk, moment(900)).unwrap().new, ROUNDS as u64);
    let confirm = |round: usize| {
        let payment = FlowId(first + round as u64).to_string();
        ("money", json!({"do": "confirm_payment", "payment": payment, "dealer": "D00001", "to_credit": "80.00"}))
    };
    race(&desk, [&confirm, &confirm], None, "G5");
}

#[test]
fn one_signature_is_given_by_one_of_two() {
    let desk = Arc::new(desk_before(|value| value["do"] == "sign_shipment"));
    accept(&desk, "admin", json!({"do": "set_active", "person": "temp", "active": true}));
    accept(&desk, "admin", json!({"do": "change_roles", "person": "temp", "roles": ["ecommerce_supervisor"]}));
    let order = || desk.store().read().unwrap().order(OrderId::new(2611, 1)).unwrap().expect("the order");
    let sign = |by: &'static str| {
        let seen = order().fingerprint(1);
        (by, json!({"do": "sign_shipment", "order": order().id.to_string(), "seen": seen}))
    };
    let change = |_: usize| {
        let (id, content) = (order().id.to_string(), order().content);
        let to = json!({"name": "王", "address": "成都市"});
        let lines = json!([{"article": "A1", "quantity": "10"}]);
        ("clerk", json!({"do": "change_order", "order": id, "content": content, "lines": lines, "to": to}))
    };
    race(&desk, [&|_| sign("boss"), &|_| sign("temp")], Some(&change), "G5");
}

#[test]
fn the_last_of_the_goods_is_packed_for_one_of_two() {
    let desk = Arc::new(desk_before(|value| value["do"] == "sign_shipment"));
    accept(&desk, "clerk", json!({"do": "list_article", "code": "B1", "name": "青花椒", "unit": "袋"}));
    accept(&desk, "boss", json!({"do": "set_price", "article": "B1", "price": "10.00", "from": "2026-11-03"}));
    accept(
        &desk,
        "keeper",
        json!({"do": "receive_goods", "from": "opening", "lines": [{"article": "B1", "quantity": "1"}]}),
    );
    for number in ["TM-8", "TM-9"] {
        accept(
            &desk,
            "clerk",
            json!({"do": "enter_tmall_order", "number": number, "buyer": "张小姐",
            "paid_at": "2026-11-02T08:30:00+08:00", "lines": [{"article": "B1", "quantity": "1"}],
            "to": {"name": "张", "address": "北京市"}}),
        );
    }
    let order =
        |serial: u64| desk.store().read().unwrap().order(OrderId::new(2611, serial)).unwrap().expect("the order");
    let pack = |serial: u64| ("keeper", json!({"do": "pack_shipment", "order": order(serial).id.to_string()}));
    let unpack = |_: usize| {
        let packed =
            [8, 9].map(order).into_iter().find(|order| order.parts[0].packed.is_some()).expect("one is packed");
        ("keeper", json!({"do": "unpack_shipment", "order": packed.id.to_string(), "reason": "再来"}))
    };
    race(&desk, [&|_| pack(8), &|_| pack(9)], Some(&unpack), "W7");
}
