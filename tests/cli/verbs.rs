//! The verbs in the process of the test: post, import, journal, verify, backup, and who may speak for whom.

use std::io;
use std::sync::{Arc, Mutex};

use redb::backends::InMemoryBackend;
use serde_json::{Value, json};
use taizhang::desk::Desk;
use taizhang::desk::thread::{self, Inbox};
use taizhang::domain::flow::FlowClass;
use taizhang::domain::id::PersonId;
use taizhang::domain::money::Money;
use taizhang::domain::time::Moment;
use taizhang::server::{Credentials, Tries, login};
use taizhang::statement::Format;
use taizhang::statement::sample::{SampleHead, SampleRow, write_sample};
use taizhang::store::backup::restore;
use taizhang::store::books::Books;
use taizhang::store::journal::head;
use taizhang::store::open::Store;
use taizhang::verbs::{Caller, Office};
use taizhang::wire::Call;

/// The account that owns the store in these tests, and another one.
pub const OWNER: u32 = 1_000;
pub const STRANGER: u32 = 2_000;
const SECRET: &str = "correct horse battery";

/// A passphrase for one person, and tries that are remembered.
struct OneSecret {
    hash: String,
    tries: Mutex<Tries>,
}

impl Credentials for OneSecret {
    fn find(&self, code: &str) -> Option<(PersonId, String)> {
        (code == "keeper").then(|| (PersonId(4), self.hash.clone()))
    }
    fn code_of(&self, _: PersonId) -> Option<String> {
        None
    }
    fn bound_to(&self, _: u32) -> Option<PersonId> {
        None
    }
    fn signed_in(&self, _: PersonId, _: &str) {}
    fn tries(&self, _: &str, _: u32) -> Tries {
        *self.tries.lock().unwrap()
    }
    fn keep_tries(&self, _: &str, _: u32, tries: Tries) {
        *self.tries.lock().unwrap() = tries;
    }
    fn forget_tries(&self, _: &str) {
        *self.tries.lock().unwrap() = Tries::default();
    }
}

/// A caller in memory.
pub struct Typed {
    uid: u32,
    pieces: Vec<Vec<u8>>,
    pub out: Vec<u8>,
    pub error: Vec<u8>,
}

impl Typed {
    pub fn new(uid: u32, input: &[u8]) -> Typed {
        let pieces = input.chunks(1_000).rev().map(<[u8]>::to_vec).collect();
        Typed { uid, pieces, out: Vec::new(), error: Vec::new() }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap()
    }
}

impl Caller for Typed {
    fn uid(&self) -> u32 {
        self.uid
    }
    fn pid(&self) -> i32 {
        7
    }
    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.pieces.pop())
    }
    fn out(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.extend_from_slice(bytes);
        Ok(())
    }
    fn error(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.error.extend_from_slice(bytes);
        Ok(())
    }
}

/// An office over the furnished department.
pub struct Served {
    pub office: Office,
    _folder: tempfile::TempDir,
}

pub fn clock() -> Moment {
    "2026-11-03T10:00:00+08:00".parse().unwrap()
}

/// The department as `post` makes it: person, command. One complete dealer, one article, everybody appointed.
const DEPARTMENT: &[(&str, &str)] = &[
    ("admin", r#""do":"appoint_person","code":"admin","name":"管理员","roles":["administrator"]"#),
    ("admin", r#""do":"appoint_person","code":"clerk","name":"专员","roles":["clerk"]"#),
    ("admin", r#""do":"appoint_person","code":"boss","name":"主管","roles":["ecommerce_supervisor"]"#),
    ("admin", r#""do":"appoint_person","code":"keeper","name":"仓管","roles":["keeper"]"#),
    ("admin", r#""do":"appoint_person","code":"money","name":"财务","roles":["finance"]"#),
    ("admin", r#""do":"appoint_person","code":"office","name":"内勤","roles":["back_office"]"#),
    ("admin", r#""do":"appoint_person","code":"promo","name":"推广","roles":["promotion_supervisor"]"#),
    ("boss", r#""do":"define_tier","code":"A","name":"一级""#),
    ("boss", r#""do":"define_free_shipping","code":"B1","name":"满50包邮","free_from":"50.00""#),
    ("money", r#""do":"open_account","channel":"alipay","number":"2088000000000001","name":"支付宝""#),
    ("clerk", r#""do":"list_article","code":"A1","name":"花椒","unit":"斤","packs":[{"unit":"件","holds":"20"}]"#),
    ("boss", r#""do":"set_price","article":"A1","price":"10.00","from":"2026-11-02""#),
    ("boss", r#""do":"set_price","article":"A1","tier":"A","price":"8.00","from":"2026-11-02""#),
    ("keeper", r#""do":"receive_goods","from":"opening","lines":[{"article":"A1","quantity":"5","unit":"件"}]"#),
    (
        "clerk",
        r#""do":"file_dealer","file":{"kind":"wechat","name":"成都文轩图书专营店","since":"2020-05-01","channels":["微店"],"contact":"王","phone":"13800000000","address":"成都市青羊区","pays_by":"alipay","accounts":[{"channel":"alipay","number":"wang@example.com","holder":"王"}],"tier":"A","free_shipping":"B1"}"#,
    ),
    ("office", r#""do":"acknowledge_dealer","dealer":"D00001","version":1,"party":"back_office""#),
    ("money", r#""do":"acknowledge_dealer","dealer":"D00001","version":1,"party":"finance""#),
];

impl Served {
    pub fn furnished() -> Served {
        let served = Served::empty(true);
        let lines = DEPARTMENT
            .iter()
            .map(|(person, command)| format!(r#"{{"as":"{person}","at":"2026-11-02T09:00:00+08:00",{command}}}"#));
        let (status, answers, _) = served.post(OWNER, nobody(), &lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(status, 0, "{answers:?}");
        served
    }

    pub fn empty(rehearsal: bool) -> Served {
        let store = Store::on_backend(InMemoryBackend::new(), rehearsal).unwrap();
        let desk = Arc::new(Desk::new(store));
        let inbox: Inbox = thread::start(desk.clone(), clock, |_| {}, |why| panic!("{why}")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let secret = OneSecret { hash: login::hash(SECRET).unwrap(), tries: Mutex::default() };
        let office = Office {
            desk,
            inbox,
            credentials: Arc::new(secret),
            folder: folder.path().to_owned(),
            owner: OWNER,
            clock,
            checking: Mutex::default(),
            proving: Mutex::default(),
        };
        Served { office, _folder: folder }
    }

    pub fn folder(&self) -> &std::path::Path {
        &self.office.folder
    }

    pub fn call(&self, verb: &str, args: Value, caller: &mut Typed) -> u8 {
        self.office.carry_out(&Call { verb: verb.to_owned(), args }, caller)
    }

    /// Posts lines as `uid`; the status and the answers.
    pub fn post(&self, uid: u32, who: Value, lines: &str) -> (u8, Vec<Value>, String) {
        let mut caller = Typed::new(uid, lines.as_bytes());
        let status = self.call("post", json!({"who": who, "lang": "en"}), &mut caller);
        let answers = caller.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (status, answers, String::from_utf8(caller.error).unwrap())
    }

    pub fn import(&self, name: &str, file: &[u8], more: Value) -> (u8, Value) {
        let mut args = json!({"who": who("money"), "lang": "en", "name": name, "account": null, "accept_totals": null,
            "dry_run": false, "json": true, "progress": true});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut caller = Typed::new(OWNER, file);
        let status = self.call("import", args, &mut caller);
        (status, serde_json::from_slice(&caller.out).unwrap_or(Value::Null))
    }

    /// The journal as the owner reads it.
    pub fn journal_lines(&self) -> (u8, Vec<Value>) {
        let mut caller = Typed::new(OWNER, b"");
        let args = json!({"who": nobody(), "lang": "en", "since": 1, "follow": false});
        let status = self.call("journal", args, &mut caller);
        (status, caller.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }
}

pub fn who(code: &str) -> Value {
    json!({"person": code, "proof": false, "tty": "/dev/pts/1"})
}

pub fn nobody() -> Value {
    json!({"person": null, "proof": false, "tty": ""})
}

/// A ledger of one account with these rows: number, account, fen.
pub fn ledger(rows: &[(&str, &str, i64)]) -> Vec<u8> {
    let from: Moment = "2026-11-02T09:30:00+08:00".parse().unwrap();
    let head =
        SampleHead { format: Format::AlipayLedger, account: "2088000000000001", from, until: from.plus_hours(24) };
    let mut rows = rows.iter().enumerate().map(|(at, (number, account, fen))| SampleRow {
        time: from.plus_seconds(at as i64),
        payer: "王".to_owned(),
        account: (*account).to_owned(),
        amount: Money::fen(*fen),
        number: (*number).to_owned(),
        order_ref: String::new(),
        class: FlowClass::Receipt,
        remark: "=cmd|货款".to_owned(),
    });
    let mut file = Vec::new();
    write_sample(&head, &mut rows, &mut file).unwrap();
    file
}

#[test]
fn post_answers_every_line_in_order_and_goes_on_after_a_bad_one() {
    let served = Served::furnished();
    let lines = [
        r#"{"as":"clerk","at":"2026-11-03T09:00:00+08:00","do":"enter_order","dealer":"D00001","lines":[{"article":"A1","quantity":"10"}]}"#,
        "this is no JSON",
        r#"{"as":"clerk","do":"fly"}"#,
        "",
        r#"{"as":"clerk","do":"pack_shipment","order":"XS2611000001"}"#,
        r#"{"as":"ghost","do":"pack_shipment","order":"XS2611000001"}"#,
        r#"{"as":"keeper","do":"note_passphrase","person":"keeper"}"#,
    ];
    let (status, answers, error) = served.post(OWNER, nobody(), &lines.join("\n"));
    assert_eq!((status, error.as_str()), (1, ""));
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[0]["ok"], true);
    assert_eq!(answers[0]["event"]["order"], "XS2611000001");
    assert!(answers[0]["seq"].is_u64());
    for bad in [&answers[1], &answers[2], &answers[5]] {
        assert!(bad["ok"] == false && bad["error"].is_string(), "{bad}");
    }
    assert_eq!(answers[3]["refused"][0]["clause"], "G1");
    assert_eq!(answers[4]["refused"][0]["reason"], "not_signed_in");
    let (status, ..) = served.post(OWNER, nobody(), lines[0]);
    assert_eq!(status, 0);
}

#[test]
fn a_person_appointed_on_one_line_acts_on_the_next() {
    let served = Served::empty(true);
    let lines = [
        r#"{"as":"root","do":"appoint_person","code":"root","name":"管理员","roles":["administrator"]}"#,
        r#"{"as":"root","do":"appoint_person","code":"li","name":"李","roles":["ecommerce_supervisor"],"id":"one"}"#,
        r#"{"as":"li","do":"define_tier","code":"A","name":"一级"}"#,
        r#"{"as":"root","do":"appoint_person","code":"li","name":"李","roles":["ecommerce_supervisor"],"id":"one"}"#,
    ];
    let (status, answers, _) = served.post(OWNER, nobody(), &lines.join("\n"));
    assert_eq!(status, 0, "{answers:?}");
    assert_eq!(answers[1], answers[3], "an id makes a retry harmless");
}

#[test]
fn who_does_not_own_the_store_speaks_for_one_person_with_a_passphrase() {
    let served = Served::furnished();
    let line = r#"{"as":"keeper","do":"receive_goods","from":"opening","lines":[{"article":"A1","quantity":"1"}]}"#;
    let (status, answers, error) = served.post(STRANGER, who("keeper"), line);
    assert_eq!((status, answers.len()), (2, 0));
    assert!(error.contains("--as"), "{error}");
    let proof = json!({"person": "keeper", "proof": true, "tty": ""});
    let (status, _, error) = served.post(STRANGER, proof.clone(), &format!("wrong\n{line}"));
    assert_eq!(status, 2);
    assert!(error.contains("wrong"), "{error}");
    let other = line.replace("keeper", "money");
    let (status, answers, _) = served.post(STRANGER, proof.clone(), &format!("{SECRET}\n{line}\n{other}\n"));
    assert_eq!(status, 1);
    assert_eq!(answers[0]["ok"], true);
    assert_eq!(answers[1]["refused"][0]["reason"], "not_signed_in");
    let line = served.office.desk.store().read().unwrap();
    let last = line.line(head(&line).unwrap().seq.0).unwrap().unwrap();
    let entry: Value = serde_json::from_slice(&last).unwrap();
    assert_eq!(entry["terminal"], format!(" uid {STRANGER} pid 7").trim());
    assert!(!String::from_utf8(last).unwrap().contains(SECRET));
    // From the third wrong one on the next try is not taken at once, not even with the right passphrase.
    for _ in 0..3 {
        served.post(STRANGER, proof.clone(), "wrong\n");
    }
    assert_eq!(served.post(STRANGER, proof, &format!("{SECRET}\n")).0, 2);
}

#[test]
fn only_a_rehearsal_takes_a_given_time() {
    let served = Served::empty(false);
    let timed = r#"{"as":"root","at":"2020-01-01T00:00:00Z","do":"appoint_person","code":"root","name":"x","roles":["administrator"]}"#;
    let (status, answers, _) = served.post(OWNER, nobody(), timed);
    assert_eq!(status, 1);
    assert_eq!(answers[0]["refused"][0]["reason"], "no_rehearsal");
}

#[test]
fn an_import_says_what_is_new_known_and_in_conflict() {
    let served = Served::furnished();
    let file = ledger(&[("A1", "wang@example.com", 8_000), ("A2", "li@example.com", 100)]);
    let (status, would) = served.import("十一月.csv", &file, json!({"dry_run": true}));
    assert_eq!((status, &would["new"], &would["import"]), (0, &json!(2), &Value::Null));
    let described = jsonschema::validator_for(&taizhang::verbs::schema::schema()["import"]).unwrap();
    assert!(described.is_valid(&would), "{would}");
    let (status, done) = served.import("十一月.csv", &file, json!({}));
    assert_eq!((status, &done["new"], &done["amount"]), (0, &json!(2), &json!("81.00")), "{done}");
    assert_eq!(done["import"], 1);
    let other = ledger(&[("A1", "wang@example.com", 8_100), ("A3", "li@example.com", 100)]);
    let (_, done) = served.import("again.csv", &other, json!({}));
    assert_eq!((&done["new"], &done["conflicts"]), (&json!(1), &json!(1)), "{done}");
    let (_, again) = served.import("again.csv", &file, json!({}));
    assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(2)), "{again}");
    assert_eq!(std::fs::read_dir(served.folder().join("spool")).unwrap().count(), 0, "no spool stays behind");
}

#[test]
fn a_damaged_file_names_line_and_column_and_changes_nothing() {
    let served = Served::furnished();
    let entries = || head(&served.office.desk.store().read().unwrap()).unwrap().seq.0;
    let before = entries();
    let file = ledger(&[("A1", "wang@example.com", 8_000), ("A2", "li@example.com", 12_345)]);
    let at = file.windows(6).position(|bytes| bytes == b"123.45").unwrap();
    let mut damaged = file.clone();
    damaged[at..at + 6].copy_from_slice(b"12x.45");
    let (status, answer) = served.import("bad.csv", &damaged, json!({}));
    assert_eq!(status, 1, "{answer}");
    assert!(answer["damage"]["line"].is_u64() && answer["damage"]["column"].is_string(), "{answer}");
    let mut caller = Typed::new(OWNER, &damaged);
    let args = json!({"who": who("money"), "lang": "zh", "name": "bad.csv", "account": null, "accept_totals": null,
        "dry_run": false, "json": false, "progress": false});
    assert_eq!(served.call("import", args, &mut caller), 1);
    assert!(caller.text().contains("不是金额"), "{}", caller.text());
    assert_eq!(entries(), before);
    let (status, answer) = served.import("cut.csv", &file[..file.len() / 2], json!({}));
    assert_eq!(status, 1, "{answer}");
    let mut clerk = json!({"who": who("clerk")});
    clerk["json"] = true.into();
    let (status, answer) = served.import("whole.csv", &file, clerk);
    assert_eq!((status, &answer["refused"][0]["clause"]), (1, &json!("M3.0")));
    assert_eq!(entries(), before);
}

#[test]
fn the_journal_is_given_line_by_line_and_a_backup_is_the_same_books() {
    let served = Served::furnished();
    let keep = |file: Option<&str>| json!({"who": nobody(), "lang": "en", "file": file, "progress": false});
    let mut caller = Typed::new(OWNER, b"");
    assert_eq!(
        served.call("journal", json!({"who": nobody(), "lang": "en", "since": 3, "follow": false}), &mut caller),
        0
    );
    let first: Value = serde_json::from_str(caller.text().lines().next().unwrap()).unwrap();
    assert_eq!(first["seq"], 3);
    let mut verified = Typed::new(OWNER, b"");
    assert_eq!(served.call("verify", keep(None), &mut verified), 0);
    let hex = head(&served.office.desk.store().read().unwrap()).unwrap().hex();
    assert!(verified.text().contains(&hex), "{}", verified.text());
    let file = served.folder().join("copy.redb");
    let mut copied = Typed::new(OWNER, b"");
    assert_eq!(served.call("backup", keep(file.to_str()), &mut copied), 0, "{}", copied.text());
    assert_eq!(served.call("backup", keep(file.to_str()), &mut Typed::new(OWNER, b"")), 2, "nothing is overwritten");
    assert_eq!(served.call("backup", keep(Some("relative")), &mut Typed::new(OWNER, b"")), 2);
    let restored = restore(&file, &served.folder().join("books.redb"), &mut |_| {}).unwrap();
    assert_eq!(restored.hex(), hex);
}

/// A caller who passes on what is said on its standard error.
struct Told(Typed, std::sync::mpsc::Sender<String>);

impl Caller for Told {
    fn uid(&self) -> u32 {
        self.0.uid()
    }
    fn pid(&self) -> i32 {
        self.0.pid()
    }
    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.0.piece()
    }
    fn out(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.out(bytes)
    }
    fn error(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.1.send(String::from_utf8_lossy(bytes).into_owned()).unwrap();
        Ok(())
    }
}

#[test]
fn the_books_are_proven_for_one_caller_at_a_time() {
    let served = Served::furnished();
    let keep = |file: Option<&str>| json!({"who": nobody(), "lang": "en", "file": file, "progress": false});
    let file = served.folder().join("copy.redb");
    let (send, said) = std::sync::mpsc::channel();
    let other = served.office.proving.lock().unwrap();
    std::thread::scope(|scope| {
        let waiting = [("verify", None), ("backup", file.to_str())].map(|(verb, file)| {
            let mut caller = Told(Typed::new(OWNER, b""), send.clone());
            let call = Call { verb: verb.to_owned(), args: keep(file) };
            let office = &served.office;
            scope.spawn(move || office.carry_out(&call, &mut caller))
        });
        for _ in &waiting {
            let line = said.recv_timeout(std::time::Duration::from_secs(60)).unwrap();
            assert!(line.contains("when that is done"), "{line}");
        }
        assert!(waiting.iter().all(|waiting| !waiting.is_finished()) && !file.exists());
        drop(other);
        assert!(waiting.into_iter().all(|waiting| waiting.join().unwrap() == 0));
    });
    assert!(file.exists());
}

#[test]
fn a_passphrase_is_set_by_its_person_or_by_the_owner_and_is_no_short_one() {
    let served = Served::furnished();
    let set = |uid: u32, who: Value, input: &str| {
        let mut caller = Typed::new(uid, input.as_bytes());
        served.call("passphrase", json!({"who": who, "lang": "en", "whose": "clerk"}), &mut caller)
    };
    assert_eq!(set(OWNER, nobody(), "short\n"), 2);
    assert_eq!(set(OWNER, nobody(), "一二三四五六七八九十一二三\n"), 2);
    assert_eq!(set(STRANGER, who("clerk"), "long enough for it\n"), 2);
    assert_eq!(set(OWNER, nobody(), "long enough for it\n"), 0);
    let books = served.office.desk.store().read().unwrap();
    let hash = books.credential(PersonId(2)).unwrap().unwrap();
    assert!(login::matches("long enough for it", &hash) && hash.starts_with("$argon2id$"));
    let proof = json!({"person": "keeper", "proof": true, "tty": ""});
    assert_eq!(set(STRANGER, proof, &format!("{SECRET}\nlong enough for it\n")), 1, "the keeper sets no one else's");
}

#[test]
fn a_verb_that_is_unknown_or_misunderstood_is_not_run() {
    let served = Served::furnished();
    for (verb, args) in [("fly", json!({"lang": "en"})), ("post", json!({"lang": "en", "colour": 1}))] {
        let mut caller = Typed::new(OWNER, b"");
        assert_eq!(served.call(verb, args, &mut caller), 2);
        assert!(!caller.error.is_empty());
    }
}

#[test]
fn the_schema_describes_what_post_takes_and_show_gives() {
    let schema = taizhang::verbs::schema::schema();
    let validator = jsonschema::validator_for(&schema["command"]).unwrap();
    let line = json!({"as": "clerk", "id": "x", "do": "cancel_order", "order": "XS2611000001", "reason": "退"});
    assert!(validator.is_valid(&line), "{:?}", validator.iter_errors(&line).map(|e| e.to_string()).collect::<Vec<_>>());
    assert!(!validator.is_valid(&json!({"do": "cancel_order", "order": "1"})));
    let names = schema["command"]["oneOf"].as_array().unwrap().len();
    assert_eq!(names, taizhang::domain::command::Command::NAMES.len());
    assert!(schema["show"]["orders"]["properties"]["tier_total"]["description"].is_string());
}
