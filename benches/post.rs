//! What a durable post costs: against a bare append with fdatasync in the same run, and with twenty terminals
//! posting at once against SQLite committing posts one by one.
//!
//! `cargo bench --bench post`. Appends and posts take turns, since a disk's mood changes within a minute. SQLite
//! is Python's; where there is no `python3`, that part is left out and said so.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command as Process;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk, Envelope, thread};
use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::id::{AccountId, FlowId, ImportId, OrderId, PersonId};
use taizhang::domain::money::Money;
use taizhang::domain::time::Moment;
use taizhang::store::books::Books;
use taizhang::store::open::Store;

/// Orders that are paid beforehand, each signed three times.
const ORDERS: usize = 500;
/// Terminals that post at once, and how often each.
const TERMINALS: usize = 20;
const EACH: usize = 250;
/// The length of the line that is appended: that of an order's entry in the journal.
const LINE: usize = 700;

const PEOPLE: &[(&str, &str)] = &[
    ("admin", "administrator"),
    ("clerk", "clerk"),
    ("boss", "ecommerce_supervisor"),
    ("keeper", "keeper"),
    ("money", "finance"),
    ("promo", "promotion_supervisor"),
    ("sales", "sales_ops_supervisor"),
    ("office", "back_office"),
];

fn now() -> Moment {
    "2026-11-02T09:00:00+08:00".parse().expect("a time")
}

fn envelope(by: &str, command: Value) -> Envelope {
    let at = PEOPLE.iter().position(|(code, _)| *code == by).expect("a person");
    let by = PersonId(at as u32 + 1);
    Envelope {
        command: serde_json::from_value(command).expect("a command"),
        by,
        at: now(),
        terminal: "bench".into(),
        id: None,
    }
}

fn accept(desk: &Desk, by: &str, command: Value) {
    let answer = desk.submit(&envelope(by, command));
    assert!(matches!(answer, Answer::Accepted { .. }), "{}", serde_json::to_string(&answer).unwrap());
}

fn enter() -> Envelope {
    envelope("clerk", json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "10"}]}))
}

/// People, goods, a dealer, and orders that are paid and wait to be signed.
fn furnish(desk: &Desk) {
    for (code, role) in PEOPLE {
        accept(desk, "admin", json!({"do": "appoint_person", "code": code, "name": code, "roles": [role]}));
    }
    accept(desk, "boss", json!({"do": "define_tier", "code": "A", "name": "一级"}));
    accept(desk, "boss", json!({"do": "define_free_shipping", "code": "B1", "name": "包邮", "free_from": "50.00"}));
    accept(
        desk,
        "money",
        json!({"do": "open_account", "channel": "alipay", "number": "2088000000000001", "name": "支付宝"}),
    );
    accept(desk, "clerk", json!({"do": "list_article", "code": "A1", "name": "花椒", "unit": "斤"}));
    accept(desk, "boss", json!({"do": "set_price", "article": "A1", "price": "10.00", "from": "2026-11-02"}));
    accept(
        desk,
        "boss",
        json!({"do": "set_price", "article": "A1", "tier": "A", "price": "8.00", "from": "2026-11-02"}),
    );
    let file = json!({"kind": "wechat", "name": "成都文轩图书专营店", "since": "2020-05-01", "channels": ["微店"], "contact": "王",
        "phone": "13800000000", "address": "成都市青羊区", "pays_by": "alipay", "tier": "A", "free_shipping": "B1",
        "accounts": [{"channel": "alipay", "number": "wang@example.com", "holder": "王"}]});
    accept(desk, "clerk", json!({"do": "file_dealer", "file": file}));
    for (by, party) in [("office", "back_office"), ("money", "finance")] {
        accept(desk, by, json!({"do": "acknowledge_dealer", "dealer": "D00001", "version": 1, "party": party}));
    }
    let file = json!({"name": "t.csv", "format": "alipay_ledger", "channel": "alipay", "account": "2088000000000001",
        "sha256": "aa", "rows": ORDERS, "totals": []});
    accept(desk, "money", json!({"do": "import_statement", "file": file}));
    let rows = (0..ORDERS).map(flow).collect();
    let chunk = Chunk { import: ImportId(1), account: AccountId(1), by: PersonId(5), terminal: "bench".into(), rows };
    desk.post_flows(chunk, now()).expect("flows are posted");
    for from in (0..ORDERS).step_by(100) {
        let entered: Vec<Envelope> = (0..100).map(|_| enter()).collect();
        desk.submit_all(&entered);
        let confirmed = (from..from + 100).map(|nth| {
            let shares = json!([{"order": order(nth).to_string(), "amount": "80.00"}]);
            let payment = FlowId(nth as u64 + 1).to_string();
            envelope(
                "money",
                json!({"do": "confirm_payment", "payment": payment, "dealer": "D00001", "orders": shares}),
            )
        });
        let answers = desk.submit_all(&confirmed.collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Accepted { .. })));
    }
}

fn order(nth: usize) -> OrderId {
    OrderId::new(2611, nth as u64 + 1)
}

fn flow(nth: usize) -> Flow {
    Flow {
        row: nth as u32,
        number: format!("LS-{nth}").as_str().into(),
        order_ref: "".into(),
        // After finance acknowledged the dealer's account: money paid before does not count for the tier.
        time: now().plus_seconds(60),
        direction: Direction::In,
        class: FlowClass::Receipt,
        amount: "80.00".parse().expect("an amount"),
        fee: Money::ZERO,
        payer: "王".into(),
        payer_account: "wang@example.com".into(),
        remark: "货款".into(),
        kind: "转账".into(),
        state: "".into(),
    }
}

fn median(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn timed<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    times.push(began.elapsed());
    done
}

/// Appends, orders and signatures in turn, each durable before the next begins.
fn one_by_one(desk: &Desk, folder: &Path) {
    let mut bare = File::options().create(true).append(true).open(folder.join("bare.log")).expect("a log");
    let line = vec![b'x'; LINE];
    let (mut appends, mut enters, mut signs) = (Vec::new(), Vec::new(), Vec::new());
    let mut append = |times: &mut Vec<Duration>| {
        timed(times, || {
            bare.write_all(&line).expect("room");
            bare.sync_data().expect("a disk");
        })
    };
    for nth in 0..ORDERS {
        let seen = desk.store().read().unwrap().order(order(nth)).unwrap().expect("the order").fingerprint(1);
        for by in ["boss", "promo", "sales"] {
            let (entered, signed) =
                (enter(), envelope(by, json!({"do": "sign_shipment", "order": order(nth).to_string(), "seen": seen})));
            append(&mut appends);
            let answer = timed(&mut enters, || desk.submit(&entered));
            assert!(matches!(answer, Answer::Accepted { .. }));
            append(&mut appends);
            let answer = timed(&mut signs, || desk.submit(&signed));
            assert!(matches!(answer, Answer::Accepted { .. }));
        }
    }
    let (bare, worst) = median(appends);
    println!("append + fdatasync   p50 {bare:>10.1?}  p99 {worst:>10.1?}");
    for (what, times) in [("enter_order", enters), ("sign_shipment", signs)] {
        let (half, worst) = median(times);
        let ratio = half.as_nanos() * 100 / bare.as_nanos();
        println!(
            "{what:<20} p50 {half:>10.1?}  p99 {worst:>10.1?}  {}.{:02} times the append",
            ratio / 100,
            ratio % 100
        );
    }
}

/// Twenty terminals post through the desk's thread; commands that wait together share a commit.
fn together(desk: Arc<Desk>) -> u128 {
    let inbox = thread::start(desk, now, |_| {}, |why| panic!("{why}")).expect("a thread");
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..TERMINALS {
            let inbox = inbox.clone();
            scope.spawn(move || {
                for _ in 0..EACH {
                    assert!(matches!(inbox.submit(enter()), Answer::Accepted { .. }));
                }
            });
        }
    });
    rate(began.elapsed())
}

fn rate(took: Duration) -> u128 {
    (TERMINALS * EACH) as u128 * 1_000_000 / took.as_micros().max(1)
}

/// The same posts in SQLite: the journal's line, the order, and the rows that follow from it.
const SQLITE: &str = r#"
import sqlite3, sys, time
path, posts, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
db = sqlite3.connect(path, isolation_level=None)
db.execute("pragma journal_mode=wal"); db.execute("pragma synchronous=full")
for table in ["journal(seq integer primary key, line blob)", "orders(id integer primary key, record blob)",
              "dealer_orders(dealer int, id int, primary key(dealer, id)) without rowid",
              "unpaid(dealer int, id int, primary key(dealer, id)) without rowid",
              "queue(deadline int, id int, primary key(deadline, id)) without rowid",
              "objects(kind int, id int, seq int, primary key(kind, id, seq)) without rowid",
              "counts(name text primary key, n int) without rowid", "head(k int primary key, v blob)"]:
    db.execute("create table " + table)
db.execute("insert into counts values ('orders', 0)"); db.execute("insert into head values (1, x'00')")
line, record = b"x" * length, b"x" * 300
began = time.perf_counter()
for n in range(1, posts + 1):
    db.execute("begin immediate")
    db.execute("insert into journal values (?, ?)", (n, line))
    db.execute("insert into orders values (?, ?)", (n, record))
    for table in ("dealer_orders", "unpaid", "queue"):
        db.execute("insert into %s values (1, ?)" % table, (n,))
    db.execute("insert into objects values (4, ?, ?)", (n, n)); db.execute("insert into objects values (2, 1, ?)", (n,))
    db.execute("update counts set n = n + 1 where name = 'orders'"); db.execute("update head set v = ? where k = 1", (line[:48],))
    db.execute("commit")
print(int((time.perf_counter() - began) * 1e6))
"#;

fn sqlite(folder: &Path) -> Option<u128> {
    let posts = (TERMINALS * EACH).to_string();
    let path = folder.join("peer.sqlite");
    let done =
        Process::new("python3").arg("-c").arg(SQLITE).arg(&path).arg(posts).arg(LINE.to_string()).output().ok()?;
    let micros: u64 = String::from_utf8(done.stdout).ok()?.trim().parse().ok()?;
    Some(rate(Duration::from_micros(micros)))
}

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let store = Store::open(&folder.path().join("books.redb"), true, &mut |_| {}).expect("a store");
    let desk = Desk::new(store);
    furnish(&desk);
    one_by_one(&desk, folder.path());
    let desk = Arc::new(desk);
    let ours = together(desk.clone());
    print!("{TERMINALS} terminals at once  {ours} posts/s");
    match sqlite(folder.path()) {
        Some(theirs) => {
            println!("; SQLite one by one {theirs} posts/s; {}.{:02} times", ours / theirs, ours * 100 / theirs % 100)
        }
        None => println!("; no python3 with sqlite3 here, so nothing to compare with"),
    }
}
