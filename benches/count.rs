//! A stocktake of many articles: how long it takes to open one, and what a line costs that is acknowledged when it is durable,
//! beside a bare append with fdatasync in the same run.
//!
//! `cargo bench --bench count [-- ARTICLES LINES]`. Appends and lines take turns, since a disk's mood changes within a minute.
//! At the end the sheets are handed in and compared, every article a row.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::id::{PersonId, StocktakeId};
use taizhang::domain::time::Moment;
use taizhang::store::books::Counts;
use taizhang::store::open::Store;

const ARTICLES: usize = 50_000;
const LINES: usize = 2_000;
/// Commands in one transaction while the books are furnished.
const TOGETHER: usize = 4_000;
/// The length of the line that is appended: that of a record's entry in the journal.
const LINE: usize = 420;
const PEOPLE: [(&str, &str); 5] = [
    ("admin", "administrator"),
    ("clerk", "clerk"),
    ("boss", "ecommerce_supervisor"),
    ("keeper", "keeper"),
    ("office", "back_office"),
];

fn now() -> Moment {
    "2026-11-02T09:00:00+08:00".parse().expect("a time")
}

fn envelope(by: &str, command: Value) -> Envelope {
    let at = PEOPLE.iter().position(|(code, _)| *code == by).expect("a person");
    let command = serde_json::from_value(command).expect("a command");
    Envelope { command, by: PersonId(at as u32 + 1), at: now(), terminal: "bench".into(), id: None }
}

fn accept(desk: &Desk, by: &str, commands: impl Iterator<Item = Value>) {
    let rows: Vec<Envelope> = commands.map(|command| envelope(by, command)).collect();
    for together in rows.chunks(TOGETHER) {
        let refused = desk.submit_all(together).into_iter().find(|answer| !matches!(answer, Answer::Accepted { .. }));
        assert!(refused.is_none(), "{}", serde_json::to_string(&refused).expect("an answer"));
    }
}

fn code(nth: usize) -> String {
    format!("N{nth:06}")
}

fn count(nth: usize) -> Value {
    json!({"do": "count_goods", "stocktake": "PD000001", "place": "", "code": code(nth), "quantity": "7"})
}

/// People, and articles of which there are seven each.
fn furnish(desk: &Desk, articles: usize) {
    let appoint =
        |(code, role): &(&str, &str)| json!({"do": "appoint_person", "code": code, "name": code, "roles": [role]});
    accept(desk, "admin", PEOPLE.iter().map(appoint));
    let list = |nth| json!({"do": "list_article", "code": code(nth), "name": code(nth), "unit": "斤"});
    accept(desk, "clerk", (0..articles).map(list));
    let numbers: Vec<usize> = (0..articles).collect();
    let receive = |some: &[usize]| {
        let lines: Value = some.iter().map(|nth| json!({"article": code(*nth), "quantity": "7"})).collect();
        json!({"do": "receive_goods", "from": "opening", "lines": lines})
    };
    accept(desk, "keeper", numbers.chunks(1_000).map(receive));
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

fn submit(desk: &Desk, by: &str, command: Value) -> Duration {
    let asked = envelope(by, command);
    let (answer, took) = timed(|| desk.submit(&asked));
    assert!(matches!(answer, Answer::Accepted { .. }), "{}", serde_json::to_string(&answer).expect("an answer"));
    took
}

fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let articles = numbers.first().copied().unwrap_or(ARTICLES).max(2);
    let lines = numbers.get(1).copied().unwrap_or(LINES).clamp(1, articles);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let desk = Desk::new(Store::open(&folder.path().join("books.redb"), true, &mut |_| {}).expect("a store"));
    furnish(&desk, articles);

    let open = json!({"do": "open_stocktake", "kind": "any_day", "counters": ["keeper", "clerk"]});
    println!("a stocktake of {articles} articles is open after {:.1?}", submit(&desk, "office", open));

    let mut bare = File::options().create(true).append(true).open(folder.path().join("bare.log")).expect("a log");
    let line = vec![b'x'; LINE];
    let (mut appends, mut counts) = (Vec::new(), Vec::new());
    for nth in 0..lines {
        let (done, took) = timed(|| bare.write_all(&line).and_then(|()| bare.sync_data()));
        done.expect("a disk with room");
        appends.push(took);
        counts.push(submit(&desk, if nth % 2 == 0 { "keeper" } else { "clerk" }, count(nth)));
    }
    let ((bare, worst), (half, late)) = (percentiles(appends), percentiles(counts));
    let ratio = half.as_nanos() * 100 / bare.as_nanos().max(1);
    println!("append + fdatasync   p50 {bare:>10.1?}  p99 {worst:>10.1?}");
    println!(
        "a line acknowledged  p50 {half:>10.1?}  p99 {late:>10.1?}  {}.{:02} times the append",
        ratio / 100,
        ratio % 100
    );

    // The rest of both sheets, then all that is compared.
    for (nth, by) in ["keeper", "clerk"].into_iter().enumerate() {
        accept(&desk, by, (0..articles).filter(|at| *at >= lines || at % 2 != nth).map(count));
    }
    let hand_in = || json!({"do": "submit_sheet", "stocktake": "PD000001"});
    let first = submit(&desk, "keeper", hand_in());
    let second = submit(&desk, "clerk", hand_in());
    let take = desk.store().read().expect("a reading").stocktake(StocktakeId(1)).expect("a store").expect("it is open");
    assert_eq!((take.sum.rows as usize, take.sum.again), (articles, 0), "every article is a row, and all agree");
    println!("handed in after {first:.1?}; {articles} articles compared after {second:.1?}");
}
