//! A small department in memory: people of every role, one dealer, one article, and money that can be made to arrive.

use std::sync::Arc;

use redb::backends::InMemoryBackend;
use serde_json::{Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::command::Command;
use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::id::{AccountId, ArticleId, FlowId, ImportId, OrderId, PersonId};
use taizhang::domain::money::Money;
use taizhang::domain::statement::Tally;
use taizhang::domain::time::Moment;
use taizhang::store::books::Books;
use taizhang::store::open::Store;
use taizhang::store::verify::{self, Verdict};

/// A department in memory, with a clock that moves a second with every act.
pub struct Rehearsal {
    /// The desk.
    pub desk: Arc<Desk>,
    /// The present.
    pub now: Moment,
}

/// The people of the department: code and roles.
pub const PEOPLE: &[(&str, &[&str])] = &[
    ("admin", &["administrator"]),
    ("clerk", &["clerk"]),
    ("boss", &["ecommerce_supervisor"]),
    ("keeper", &["keeper"]),
    ("money", &["finance"]),
    ("office", &["back_office"]),
    ("promo", &["promotion_supervisor"]),
    ("sales", &["sales_ops_supervisor"]),
    ("director", &["operations_director"]),
    ("shop", &["store_manager"]),
];

impl Rehearsal {
    /// Nobody and nothing yet.
    pub fn empty() -> Rehearsal {
        let store = Store::on_backend(InMemoryBackend::new(), true).unwrap();
        Rehearsal { desk: Arc::new(Desk::new(store)), now: "2026-11-02T09:00:00+08:00".parse().unwrap() }
    }

    /// Everybody appointed; tier A at 8.00 and retail at 10.00; 100 斤 of article A1; dealer D00001 complete.
    pub fn furnished() -> Rehearsal {
        let mut books = Rehearsal::empty();
        for (code, roles) in PEOPLE {
            books.accept("admin", json!({"do": "appoint_person", "code": code, "name": code, "roles": roles}));
        }
        books.accept("boss", json!({"do": "define_tier", "code": "A", "name": "一级"}));
        books.accept(
            "boss",
            json!({"do": "define_free_shipping", "code": "B1", "name": "满50包邮", "free_from": "50.00"}),
        );
        books.accept(
            "money",
            json!({"do": "open_account", "channel": "alipay", "number": "2088000000000001", "name": "支付宝"}),
        );
        books.accept("clerk", json!({"do": "list_article", "code": "A1", "name": "花椒", "unit": "斤", "packs": [{"unit": "件", "holds": "20"}]}));
        books.accept("boss", json!({"do": "set_price", "article": "A1", "price": "10.00", "from": "2026-11-02"}));
        books.accept(
            "boss",
            json!({"do": "set_price", "article": "A1", "tier": "A", "price": "8.00", "from": "2026-11-02"}),
        );
        books.accept("keeper", json!({"do": "receive_goods", "from": "opening", "lines": [{"article": "A1", "quantity": "5", "unit": "件"}]}));
        books.accept(
            "clerk",
            json!({"do": "file_dealer", "file": dealer_file("成都文轩图书专营店", "wang@example.com")}),
        );
        books.accept(
            "office",
            json!({"do": "acknowledge_dealer", "dealer": "D00001", "version": 1, "party": "back_office"}),
        );
        books
            .accept("money", json!({"do": "acknowledge_dealer", "dealer": "D00001", "version": 1, "party": "finance"}));
        books
    }

    /// Submits a command as `post` would.
    pub fn post(&mut self, person: &str, command: Value) -> Answer {
        self.now = self.now.plus_seconds(1);
        let command: Command = serde_json::from_value(command).expect("a command of the schema");
        let read = self.desk.store().read().unwrap();
        let by = read.person_by_code(person).unwrap().map_or(PersonId(0), |person| person.id);
        self.desk.submit(&Envelope { command, by, at: self.now, terminal: "test".into(), id: None })
    }

    /// Submits a command that must be accepted; gives the event.
    pub fn accept(&mut self, person: &str, command: Value) -> Value {
        match self.post(person, command.clone()) {
            Answer::Accepted { event, .. } => serde_json::to_value(event).unwrap(),
            other => panic!("{command} as {person}: {}", serde_json::to_string(&other).unwrap()),
        }
    }

    /// Submits a command that must be refused under `clause`; gives the first refusal.
    pub fn refuse(&mut self, person: &str, command: Value, clause: &str) -> Value {
        let before = self.entries();
        match self.post(person, command.clone()) {
            Answer::Refused(refusals) => {
                let all = serde_json::to_value(&refusals).unwrap();
                assert_eq!(all[0]["clause"], clause, "{command} as {person}: {all}");
                assert_eq!(self.entries(), before, "a refusal leaves no trace");
                all[0].clone()
            }
            other => panic!("{command} as {person} was not refused: {}", serde_json::to_string(&other).unwrap()),
        }
    }

    /// Entries in the journal.
    pub fn entries(&self) -> u64 {
        taizhang::store::journal::head(&self.desk.store().read().unwrap()).unwrap().seq.0
    }

    /// Money arrives from `account` now; gives the flow's number.
    pub fn pay(&mut self, account: &str, amount: &str, number: &str) -> String {
        let before = self.desk.store().read().unwrap().count("flows").unwrap();
        let tally = self.arrive(account, amount, number);
        assert_eq!(tally.new, 1, "a new flow is posted");
        FlowId(before as u64 + 1).to_string()
    }

    /// A statement of one row is imported: `number` may be one that is posted.
    pub fn arrive(&mut self, account: &str, amount: &str, number: &str) -> Tally {
        self.now = self.now.plus_seconds(60);
        let file = json!({"name": "t.csv", "format": "alipay_ledger", "channel": "alipay", "account": "2088000000000001",
            "sha256": format!("{number}{}", self.entries()), "rows": 1, "totals": []});
        let import = self.accept("money", json!({"do": "import_statement", "file": file}));
        let import: ImportId = serde_json::from_value(import["import"].clone()).unwrap();
        let flow = Flow {
            row: 1,
            number: number.into(),
            order_ref: "".into(),
            time: self.now,
            direction: Direction::In,
            class: FlowClass::Receipt,
            amount: amount.parse().unwrap(),
            fee: Money::ZERO,
            payer: "王".into(),
            payer_account: account.into(),
            remark: "货款".into(),
            kind: "转账".into(),
            state: "".into(),
        };
        let chunk = Chunk { import, account: AccountId(1), by: PersonId(5), terminal: "test".into(), rows: vec![flow] };
        self.desk.post_flows(chunk, self.now).unwrap()
    }

    /// An order as the books keep it, with its state.
    pub fn order(&self, id: &str) -> Value {
        let id: OrderId = id.parse().unwrap();
        let order = self.desk.store().read().unwrap().order(id).unwrap().expect("the order exists");
        let mut value = serde_json::to_value(&order).unwrap();
        value["state"] = order.state_key().into();
        value
    }

    /// What a signer sees of an order's first shipment.
    pub fn fingerprint(&self, id: &str) -> String {
        let order = self.desk.store().read().unwrap().order(id.parse().unwrap()).unwrap().expect("the order exists");
        order.fingerprint(1).to_string()
    }

    /// What is on hand of an article.
    pub fn stock(&self, code: &str) -> String {
        let read = self.desk.store().read().unwrap();
        let article = read.article_by_code(code).unwrap().map_or(ArticleId(0), |article| article.id);
        read.stock(article).unwrap().on_hand.to_string()
    }

    /// Journal and tables must agree.
    pub fn verify(&self) {
        match verify::verify(&self.desk.store().read().unwrap(), &mut |_| {}).unwrap() {
            Verdict::Good(head) => assert_eq!(head.seq.0, self.entries()),
            Verdict::Bad(words) => panic!("{words}"),
        }
    }
}

/// A complete dealer file.
pub fn dealer_file(name: &str, account: &str) -> Value {
    json!({
        "kind": "wechat", "name": name, "since": "2020-05-01", "channels": ["微店"], "contact": "王", "phone": "13800000000",
        "address": "成都市青羊区", "pays_by": "alipay", "accounts": [{"channel": "alipay", "number": account, "holder": "王"}],
        "tier": "A", "free_shipping": "B1"
    })
}
