//! One department's first fortnight as a list of steps that touches every command, the flows of a statement, drafts
//! and a passphrase.
//!
//! Each step carries an id of its own, so that a step whose answer was lost can be handed in again; and all numbers
//! given on the way are known beforehand, so that the list can be taken up anywhere.

use serde_json::{Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::command::Command;
use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::id::{AccountId, FlowId, ImportId, OrderId, PersonId};
use taizhang::domain::money::Money;
use taizhang::domain::time::Moment;
use taizhang::store::books::Books;

/// Something to hand in at the desk.
#[derive(Debug, Clone)]
pub enum Step {
    /// A command of a person; `$seen` stands for what a signer sees of the order.
    Ask(&'static str, Value),
    /// Rows of an import: (number, payer's account, amount).
    Flows(u32, Vec<(&'static str, &'static str, &'static str)>),
    /// A half-entered form, or that it is dropped.
    Draft(Option<&'static str>),
    /// A passphrase hash for a person.
    Passphrase(&'static str, &'static str),
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// It is kept; for a command, as this entry.
    Kept(Option<u64>),
    /// A rule said no.
    Refused(String),
    /// The machine failed.
    Failed(String),
    /// What a signer should see could not be read, so that nothing was handed in.
    Unseen,
}

/// The person whose draft is kept.
pub const DRAFTER: PersonId = PersonId(2);
/// The form of which it is the draft.
pub const FORM: &str = "order";

const PEOPLE: &[(&str, &[&str])] = &[
    ("admin", &["administrator"]),
    ("clerk", &["clerk"]),
    ("boss", &["ecommerce_supervisor"]),
    ("keeper", &["keeper"]),
    ("money", &["finance"]),
    ("office", &["back_office"]),
    ("promo", &["promotion_supervisor"]),
    ("sales", &["sales_ops_supervisor"]),
    ("temp", &["clerk"]),
    ("shop", &["store_manager"]),
];

/// When the `index`th step happens.
pub fn moment(index: usize) -> Moment {
    let start: Moment = "2026-11-02T09:00:00+08:00".parse().expect("a time");
    start.plus_seconds(60 * index as i64)
}

/// The id of the command of the `index`th step.
pub fn id(index: usize) -> String {
    format!("step-{index}")
}

/// The number of a person of the script.
pub fn person(code: &str) -> PersonId {
    let at = PEOPLE.iter().position(|(known, _)| *known == code).expect("a person of the script");
    PersonId(at as u32 + 1)
}

/// The `index`th step as it is handed in; none where it is no command.
pub fn envelope(desk: &Desk, index: usize, step: &Step) -> Option<Envelope> {
    let (by, mut value) = match step {
        Step::Ask(by, value) => (*by, value.clone()),
        Step::Passphrase(by, _) => (*by, json!({"do": "note_passphrase", "person": by})),
        _ => return None,
    };
    if value.get("seen").is_some_and(|seen| seen == "$seen") {
        let order: OrderId = value["order"].as_str().expect("an order").parse().expect("an order's number");
        let seen = desk.store().read().ok()?.order(order).ok()??.fingerprint(1);
        value["seen"] = seen.to_string().into();
    }
    let command: Command = serde_json::from_value(value).expect("a command of the schema");
    let (by, at, id) = (person(by), moment(index), Some(id(index).as_str().into()));
    Some(Envelope { command, by, at, terminal: "crash".into(), id })
}

/// Hands the `index`th step in.
pub fn hand_in(desk: &Desk, index: usize, step: &Step) -> Came {
    let failed = |fault: taizhang::store::Fault| Came::Failed(fault.to_string());
    match step {
        Step::Flows(import, rows) => {
            let rows = rows.iter().map(|row| flow(index, row)).collect();
            let (import, account) = (ImportId(*import), AccountId(1));
            let chunk = Chunk { import, account, by: person("money"), terminal: "crash".into(), rows };
            desk.post_flows(chunk, moment(index)).map_or_else(failed, |_| Came::Kept(None))
        }
        Step::Draft(text) => desk.keep_draft(DRAFTER, FORM, *text).map_or_else(failed, |()| Came::Kept(None)),
        Step::Ask(..) | Step::Passphrase(..) => {
            let Some(envelope) = envelope(desk, index, step) else { return Came::Unseen };
            came_of(match step {
                Step::Passphrase(_, hash) => desk.set_passphrase(&envelope, hash),
                _ => desk.submit(&envelope),
            })
        }
    }
}

/// An answer in short.
pub fn came_of(answer: Answer) -> Came {
    match answer {
        Answer::Accepted { seq, .. } => Came::Kept(Some(seq.0)),
        Answer::Refused(refusals) => Came::Refused(serde_json::to_string(&refusals).expect("refusals are plain data")),
        Answer::Failed(words) => Came::Failed(words),
    }
}

/// A payment of a statement: number, payer's account, amount.
pub fn flow(index: usize, (number, account, amount): &(&str, &str, &str)) -> Flow {
    Flow {
        row: 1,
        number: (*number).into(),
        order_ref: "".into(),
        time: moment(index),
        direction: Direction::In,
        class: FlowClass::Receipt,
        amount: amount.parse().expect("an amount"),
        fee: Money::ZERO,
        payer: "王".into(),
        payer_account: (*account).into(),
        remark: "货款".into(),
        kind: "转账".into(),
        state: "".into(),
    }
}

fn order(serial: u64) -> String {
    OrderId::new(2611, serial).to_string()
}

fn payment(number: u64) -> String {
    FlowId(number).to_string()
}

fn dealer_file(kind: &str, name: &str, account: &str) -> Value {
    json!({"kind": kind, "name": name, "since": "2020-05-01", "channels": ["微店"], "contact": "王", "phone": "13800000000",
        "address": "成都市青羊区", "pays_by": "alipay", "accounts": [{"channel": "alipay", "number": account, "holder": "王"}],
        "tier": "A", "free_shipping": "B1"})
}

/// The whole script.
pub fn script() -> Vec<Step> {
    let mut steps = Vec::new();
    furnish(&mut steps);
    file_dealers(&mut steps);
    sell(&mut steps);
    settle(&mut steps);
    ship(&mut steps);
    crate::warehouse::steps(&mut steps);
    close(&mut steps);
    steps
}

macro_rules! ask {
    ($steps:expr, $by:literal, $($json:tt)+) => { $steps.push(Step::Ask($by, json!({$($json)+}))) };
}

fn furnish(steps: &mut Vec<Step>) {
    for (code, roles) in PEOPLE {
        ask!(steps, "admin", "do": "appoint_person", "code": code, "name": code, "roles": roles);
    }
    ask!(steps, "admin", "do": "change_roles", "person": "temp", "roles": ["clerk", "customer_service"]);
    ask!(steps, "admin", "do": "bind_unix", "person": "temp", "unix": 1005);
    ask!(steps, "admin", "do": "set_active", "person": "temp", "active": false);
    steps.push(Step::Passphrase("money", "$argon2id$first"));
    let settings = json!({"department": "电商部", "zone": 480, "freight": "12.00", "tolerance_max": "1.00", "ship_hours": 24,
        "warn_hours": 4, "lock_minutes": 10, "confirm_minutes": 5});
    ask!(steps, "admin", "do": "change_settings", "settings": settings);
    ask!(steps, "boss", "do": "define_tier", "code": "A", "name": "一级");
    ask!(steps, "boss", "do": "define_free_shipping", "code": "B1", "name": "满50包邮", "free_from": "50.00");
    ask!(steps, "money", "do": "open_account", "channel": "alipay", "number": "2088000000000001", "name": "支付宝");
    ask!(steps, "clerk", "do": "list_article", "code": "A1", "name": "花椒", "unit": "斤", "packs": [{"unit": "件", "holds": "20"}]);
    let card = json!({"code": "A1", "name": "大红袍花椒", "unit": "斤", "packs": [{"unit": "件", "holds": "20"}], "location": "3-2"});
    ask!(steps, "clerk", "do": "revise_article", "article": "A1", "version": 1, "card": card);
    ask!(steps, "boss", "do": "set_price", "article": "A1", "price": "10.00", "from": "2026-11-02");
    ask!(steps, "boss", "do": "set_price", "article": "A1", "tier": "A", "price": "8.00", "from": "2026-11-02");
    let lines = json!([{"article": "A1", "quantity": "10", "unit": "件"}]);
    ask!(steps, "keeper", "do": "receive_goods", "from": "opening", "lines": lines);
}

fn file_dealers(steps: &mut Vec<Step>) {
    let file = dealer_file("wechat", "成都文轩图书专营店", "wang@example.com");
    ask!(steps, "clerk", "do": "file_dealer", "file": file);
    let file = dealer_file("offline_online", "绵阳涪城干货店", "li@example.com");
    ask!(steps, "clerk", "do": "file_dealer", "file": file);
    ask!(steps, "office", "do": "match_offline", "dealer": "D00002", "number": "XX-17");
    let mut file = dealer_file("offline_online", "绵阳涪城干货店", "li@example.com");
    file["phone"] = "13900000000".into();
    ask!(steps, "boss", "do": "revise_dealer", "dealer": "D00002", "version": 1, "file": file);
    for (dealer, version) in [("D00001", 1), ("D00002", 2)] {
        ask!(steps, "office", "do": "acknowledge_dealer", "dealer": dealer, "version": version, "party": "back_office");
        ask!(steps, "money", "do": "acknowledge_dealer", "dealer": dealer, "version": version, "party": "finance");
    }
    ask!(steps, "clerk", "do": "refer_customer", "name": "张小姐", "contact": "13700000000");
}

fn sell(steps: &mut Vec<Step>) {
    steps.push(Step::Draft(Some("{\"dealer\":\"D00001\"}")));
    for dealer in ["D00001", "D00001", "D00002", "D00001", "D00002", "D00001"] {
        ask!(steps, "clerk", "do": "enter_order", "dealer": dealer, "lines": [{"article": "A1", "quantity": "10"}]);
    }
    steps.push(Step::Draft(None));
    ask!(steps, "clerk", "do": "enter_tmall_order", "number": "TM-1", "buyer": "张小姐", "paid_at": "2026-11-02T08:30:00+08:00",
        "lines": [{"article": "A1", "quantity": "2"}], "to": {"name": "张", "address": "北京市"}, "referral": "ZT00001");
    for (import, sha) in [(1, "aa"), (2, "bb")] {
        let file = json!({"name": "t.csv", "format": "alipay_ledger", "channel": "alipay", "account": "2088000000000001",
            "sha256": sha, "rows": 4, "totals": []});
        ask!(steps, "money", "do": "import_statement", "file": file);
        let rows = match import {
            1 => vec![
                ("LS-1", "wang@example.com", "100.00"),
                ("LS-2", "wang@example.com", "79.50"),
                ("LS-3", "li@example.com", "80.00"),
                ("LS-4", "stranger@example.com", "5.00"),
            ],
            _ => vec![
                ("LS-1", "wang@example.com", "999.00"),
                ("LS-5", "wang@example.com", "80.00"),
                ("LS-6", "li@example.com", "80.00"),
                ("LS-7", "wang@example.com", "80.00"),
            ],
        };
        steps.push(Step::Flows(import, rows));
    }
}

fn settle(steps: &mut Vec<Step>) {
    let shares = |serial: u64, amount: &str| json!([{"order": order(serial), "amount": amount}]);
    ask!(steps, "money", "do": "settle_conflict", "conflict": 1, "note": "平台改过金额");
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(1), "dealer": "D00001", "orders": shares(1, "80.00"), "to_credit": "20.00");
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(2), "dealer": "D00001", "orders": shares(2, "79.50"));
    ask!(steps, "money", "do": "tolerate_shortfall", "order": order(2), "reason": "少五角");
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(3), "dealer": "D00002", "orders": shares(3, "80.00"));
    ask!(steps, "money", "do": "return_payment", "payment": payment(4), "amount": "5.00", "reason": "打错了");
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(5), "dealer": "D00001", "orders": shares(4, "80.00"));
    ask!(steps, "money", "do": "release_allocation", "order": order(4), "payment": payment(5), "reason": "应付另一单");
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(6), "dealer": "D00002", "orders": shares(5, "80.00"));
    ask!(steps, "money", "do": "confirm_payment", "payment": payment(7), "dealer": "D00001", "orders": shares(6, "80.00"));
    ask!(steps, "money", "do": "use_credit", "order": order(4), "amount": "10.00");
    ask!(steps, "clerk", "do": "cancel_order", "order": order(4), "reason": "客户不要了");
    ask!(steps, "money", "do": "return_credit", "dealer": "D00001", "amount": "5.00", "reason": "退款");
    let to = json!({"name": "王", "address": "成都市武侯区"});
    ask!(steps, "clerk", "do": "change_order", "order": order(6), "content": 1, "lines": [{"article": "A1", "quantity": "9"}], "to": to);
}

fn sign(steps: &mut Vec<Step>, serial: u64) {
    ask!(steps, "boss", "do": "sign_shipment", "order": order(serial), "seen": "$seen");
    ask!(steps, "promo", "do": "sign_shipment", "order": order(serial), "seen": "$seen");
    ask!(steps, "sales", "do": "sign_shipment", "order": order(serial), "seen": "$seen");
}

fn ship(steps: &mut Vec<Step>) {
    sign(steps, 1);
    ask!(steps, "keeper", "do": "pack_shipment", "order": order(1));
    ask!(steps, "keeper", "do": "unpack_shipment", "order": order(1), "reason": "少放一件");
    ask!(steps, "keeper", "do": "pack_shipment", "order": order(1));
    ask!(steps, "keeper", "do": "note_waybill", "order": order(1), "carrier": "sf", "number": "SF1402345678901");
    ask!(steps, "keeper", "do": "ship_shipment", "order": order(1));
    ask!(steps, "promo", "do": "object_shipment", "order": order(2), "reason": "地址不对");
    ask!(steps, "promo", "do": "lift_objection", "order": order(2), "reason": "已核对");
    ask!(steps, "boss", "do": "sign_shipment", "order": order(2), "seen": "$seen");
    ask!(steps, "promo", "do": "sign_shipment", "order": order(2), "seen": "$seen");
    ask!(steps, "boss", "do": "except_shipment", "order": order(2), "reason": "主管出差");
    ask!(steps, "keeper", "do": "pack_shipment", "order": order(2));
    ask!(steps, "keeper", "do": "note_waybill", "order": order(2), "carrier": "sf", "number": "SF1402345678902");
    ask!(steps, "keeper", "do": "ship_shipment", "order": order(2));
    ask!(steps, "keeper", "do": "pack_shipment", "order": order(7));
    ask!(steps, "keeper", "do": "note_waybill", "order": order(7), "carrier": "sf", "number": "SF1402345678903");
    ask!(steps, "keeper", "do": "ship_shipment", "order": order(7));
}

fn close(steps: &mut Vec<Step>) {
    steps.push(Step::Passphrase("clerk", "$argon2id$second"));
    ask!(steps, "keeper", "do": "split_shipment", "order": order(3), "lines": [[1, "4"]]);
    ask!(steps, "boss", "do": "close_shipment", "order": order(3), "part": 2, "reason": "客户只要一部分");
    sign(steps, 5);
    ask!(steps, "keeper", "do": "take_back_goods", "order": order(1), "lines": [[1, "3"]], "reason": "破损");
    ask!(steps, "money", "do": "credit_order", "order": order(1), "amount": "24.00", "reason": "退货");
    steps.push(Step::Draft(Some("{\"dealer\":\"D00002\"}")));
    // As many as lie between two bases, so that the last base holds the draft however long the script is.
    for _ in 0..9 {
        ask!(steps, "clerk", "do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "1"}]);
    }
}
