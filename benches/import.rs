//! A statement of a million flows against 100,000 dealers: durable, journaled and matched, beside SQLite doing its part.
//!
//! `cargo bench --bench import [-- FLOWS DEALERS]`. The store is made by one process and the import timed in another, so that
//! the peak memory printed is the import's own. SQLite (through Python's `sqlite3`, WAL, synchronous=FULL) loads the same file and
//! matches it by account in one statement; it keeps no journal and tests no flow number but by a unique index. DuckDB, where
//! Python has its module, does the same into a file of its own; it reads no GB 18030, so that turning the file into UTF-8
//! is timed by itself and added.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use taizhang::desk::import::{Request, import};
use taizhang::desk::{Answer, Desk, Envelope, thread};
use taizhang::domain::id::PersonId;
use taizhang::domain::time::Moment;
use taizhang::statement::Format;
use taizhang::statement::sample::{SampleHead, flows, write_sample};
use taizhang::store::open::Store;

const START: &str = "2026-11-02T09:00:00+08:00";

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let (count, dealers) = (*numbers.first().unwrap_or(&1_000_000), *numbers.get(1).unwrap_or(&100_000));
    let words: Vec<String> = std::env::args().collect();
    match words.iter().position(|word| word == "--timed") {
        Some(at) => timed(Path::new(&words[at + 1])),
        None => compare(count, dealers),
    }
}

fn compare(count: u64, dealers: u64) {
    let folder = std::env::temp_dir().join(format!("taizhang-import-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the bench");
    let payers: Vec<(String, String)> = (0..dealers).map(|n| (format!("经销商{n}"), account(n))).collect();
    furnish(&folder.join("books.redb"), dealers);
    let start: Moment = START.parse().expect("a moment");
    let head = SampleHead {
        format: Format::AlipayLedger,
        account: "2088000000000001",
        from: start,
        until: start.plus_hours(24 * 90),
    };
    let mut file = BufWriter::new(File::create(folder.join("statement.csv")).expect("a file"));
    write_sample(&head, &mut flows(7, count, start.plus_hours(1), &payers), &mut file).expect("the sample is written");
    file.flush().expect("the sample is written");
    drop(file);
    let list: Vec<String> = (0..dealers).map(account).collect();
    std::fs::write(folder.join("accounts.txt"), list.join("\n")).expect("the accounts are written");
    for round in 1..=3 {
        let copy = folder.join("round.redb");
        std::fs::copy(folder.join("books.redb"), &copy).expect("a closed store can be copied");
        let own = std::env::current_exe().expect("a path");
        let ours =
            Process::new(own).args(["--timed", folder.to_str().expect("a plain path")]).output().expect("it runs");
        print!("round {round}: taizhang {}", String::from_utf8_lossy(&ours.stdout));
        eprint!("{}", String::from_utf8_lossy(&ours.stderr));
        for (name, script) in [("sqlite  ", SQLITE), ("duckdb  ", DUCKDB)] {
            let theirs = Process::new("python3").args(["-c", script, folder.to_str().expect("a plain path")]).output();
            match theirs {
                Ok(theirs) if theirs.status.success() => {
                    println!("round {round}: {name} {}", String::from_utf8_lossy(&theirs.stdout).trim())
                }
                Ok(theirs) => {
                    let why = String::from_utf8_lossy(&theirs.stderr);
                    println!("round {round}: {name} not measured: {}", why.lines().last().unwrap_or_default());
                }
                Err(error) => println!("round {round}: {name} not measured: {error}"),
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder is the bench's own");
}

fn account(n: u64) -> String {
    format!("payer{n:06}@example.com")
}

fn furnish(path: &Path, dealers: u64) {
    let desk = Desk::new(Store::open(path, true, &mut |_| {}).expect("a store"));
    let at: Moment = START.parse().expect("a moment");
    let ask = |by: u32, command: serde_json::Value| Envelope {
        command: serde_json::from_value(command).expect("a command"),
        by: PersonId(by),
        at,
        terminal: "bench".into(),
        id: None,
    };
    let first = [("admin", "administrator"), ("clerk", "clerk"), ("money", "finance")];
    for (code, role) in first {
        let by = u32::from(code != "admin");
        settle(desk.submit(&ask(by, json!({"do": "appoint_person", "code": code, "name": code, "roles": [role]}))));
    }
    settle(desk.submit(&ask(
        3,
        json!({"do": "open_account", "channel": "alipay", "number": "2088000000000001", "name": "支付宝"}),
    )));
    let numbers: Vec<u64> = (0..dealers).collect();
    for batch in numbers.chunks(2_000) {
        let mut asked = Vec::new();
        for n in batch {
            let accounts = json!([{"channel": "alipay", "number": account(*n)}]);
            asked.push(ask(2, json!({"do": "file_dealer", "file": {"kind": "wechat", "name": format!("经销商{n}"), "accounts": accounts}})));
            let dealer = format!("D{:05}", n + 1);
            asked.push(ask(3, json!({"do": "acknowledge_dealer", "dealer": dealer, "version": 1, "party": "finance"})));
        }
        desk.submit_all(&asked).into_iter().for_each(settle);
    }
}

fn settle(answer: Answer) {
    assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
}

fn timed(folder: &Path) {
    let path: PathBuf = folder.join("round.redb");
    let desk = Arc::new(Desk::new(Store::open(&path, true, &mut |_| {}).expect("a store")));
    let clock = || START.parse::<Moment>().expect("a moment").plus_hours(24 * 3650);
    let inbox = thread::start(desk, clock, |_| {}, |why| panic!("{why}")).expect("the desk starts");
    let file = folder.join("statement.csv");
    let at = clock();
    let request = Request {
        path: &file,
        name: "statement.csv".into(),
        account: None,
        accept_totals: None,
        by: PersonId(3),
        at,
        terminal: "bench".into(),
    };
    let start = Instant::now();
    let outcome = import(&inbox, &request, &mut |_, _| {}).unwrap_or_else(|why| panic!("{why:?}"));
    let seconds = start.elapsed().as_secs_f64();
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown").to_owned();
    let size = std::fs::metadata(&path).map_or(0, |meta| meta.len() >> 20);
    let tally = outcome.tally;
    println!(
        "{seconds:.2} s  {} flows, {} payments, {} matched; {peak}; store {size} MiB",
        tally.new, tally.payments, tally.matched
    );
}

const SQLITE: &str = r##"
import sys, time, sqlite3, csv, os, re
folder = sys.argv[1]
path = os.path.join(folder, "peer.db")
for end in ("", "-wal", "-shm"):
    if os.path.exists(path + end): os.remove(path + end)
db = sqlite3.connect(path, isolation_level=None)
db.execute("pragma journal_mode=wal"); db.execute("pragma synchronous=full"); db.execute("pragma cache_size=-131072")
db.execute("create table dealer(account text primary key, id integer)")
db.execute("begin")
db.executemany("insert into dealer values(?,?)", ((line.strip(), n) for n, line in enumerate(open(os.path.join(folder, "accounts.txt")))))
db.execute("commit")
db.execute("create table flow(number text primary key, ref text, what text, time text, payer text, account text, income integer, outgo integer, kind text, remark text, dealer integer)")
start = time.perf_counter()
def rows():
    with open(os.path.join(folder, "statement.csv"), encoding="gb18030", newline="") as file:
        head = None
        for row in csv.reader(line for line in file if not line.startswith("#")):
            if head is None:
                head = row; continue
            cells = [cell.strip() for cell in row]
            if len(cells) < 12: continue
            found = re.match(r"^(.*?)\s*[(（](.*)[)）]$", cells[5])
            name, account = found.groups() if found else (cells[5], "")
            money = lambda text: int(round(float(text) * 100)) if text else 0
            yield cells[0], cells[2], cells[3], cells[4], name, account, money(cells[6]), money(cells[7]), cells[10], cells[11]
db.execute("begin")
db.executemany("insert or ignore into flow(number,ref,what,time,payer,account,income,outgo,kind,remark) values(?,?,?,?,?,?,?,?,?,?)", rows())
db.execute("update flow set dealer=(select id from dealer where dealer.account=flow.account)")
db.execute("commit")
print(f"{time.perf_counter()-start:.2f} s  {db.execute('select count(*), count(dealer) from flow').fetchone()} rows and matched")
"##;

const DUCKDB: &str = r##"
import sys, time, os, duckdb
folder = sys.argv[1]
path = os.path.join(folder, "peer.duckdb")
for end in ("", ".wal"):
    if os.path.exists(path + end): os.remove(path + end)
db = duckdb.connect(path)
db.execute("set enable_progress_bar=false")
db.execute("create table dealer(account text primary key, id integer)")
db.execute(f"insert into dealer select column0, row_number() over () from read_csv('{folder}/accounts.txt', header=false, columns={{'column0': 'varchar'}})")
db.execute("create table flow(number text primary key, ref text, what text, time text, payer text, account text, income bigint, outgo bigint, kind text, remark text, dealer integer)")
start = time.perf_counter()
plain = os.path.join(folder, "plain.csv")
with open(os.path.join(folder, "statement.csv"), encoding="gb18030", newline="") as file, open(plain, "w", encoding="utf-8", newline="") as out:
    for line in file:
        if not line.startswith("#"): out.write(line)
turned = time.perf_counter()
columns = [row[0] for row in db.execute(f"describe select * from read_csv('{plain}', all_varchar=true, header=true)").fetchall()]
c = ['trim("' + name.replace('"', '""') + "\", ' ' || chr(9))" for name in columns]
money = lambda cell: f"cast(round(coalesce(try_cast({cell} as double), 0) * 100) as bigint)"
payer = r"regexp_extract(" + c[5] + r", '^(.*?)\s*[(（](.*)[)）]$', "
db.execute(f"""insert or ignore into flow
  select number, ref, what, time, payer, account, income, outgo, kind, remark, dealer.id from (
    select {c[0]} number, {c[2]} ref, {c[3]} what, {c[4]} time, {payer}1) payer, {payer}2) account,
           {money(c[6])} income, {money(c[7])} outgo, {c[10]} kind, {c[11]} remark
    from read_csv('{plain}', all_varchar=true, header=true)) file left join dealer using (account)""")
db.execute("checkpoint")
done = time.perf_counter()
rows, matched = db.execute("select count(*), count(dealer) from flow").fetchone()
print(f"{done-start:.2f} s, {turned-start:.2f} s of it into UTF-8  ({rows}, {matched}) rows and matched")
"##;
