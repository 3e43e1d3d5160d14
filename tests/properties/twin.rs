//! The program and the model side by side: the same sequence asked of both, and everything compared after each step.

use redb::backends::InMemoryBackend;
use serde_json::{Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::command::Command;
use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::id::{AccountId, ArticleId, DealerId, FlowId, ImportId, OrderId, PersonId};
use taizhang::domain::money::Money;
use taizhang::domain::order::Basis;
use taizhang::domain::time::Moment;
use taizhang::store::books::Books;
use taizhang::store::journal;
use taizhang::store::open::Store;
use taizhang::store::verify::{self, Verdict};

use crate::ask::{Ask, Payer, SETS, SIGNERS};
use crate::bug::Bug;
use crate::model::{Model, Order, Payment};
use crate::step::{Deed, Step, number};
use crate::sums::Sums;

const PEOPLE: [&str; 10] = ["admin", "clerk", "boss", "keeper", "money", "office", "promo", "sales", "all", "flex"];
const ROLES: [&[&str]; 10] = [
    &["administrator"],
    &["clerk"],
    &["ecommerce_supervisor"],
    &["keeper"],
    &["finance"],
    &["back_office"],
    &["promotion_supervisor"],
    &["sales_ops_supervisor"],
    &["clerk", "keeper", "finance", "back_office", SIGNERS[0], SIGNERS[1], SIGNERS[2]],
    SETS[0],
];
/// What is on hand of each article at the start, in thousandths.
const STOCK: i64 = 30_000;

/// Both, and the figures that must agree.
struct Twin {
    desk: Desk,
    now: Moment,
    model: Model,
    sums: Sums,
    orders: Vec<OrderId>,
}

/// Runs a sequence; says where the two first differ, or what does not hold.
pub fn run(steps: &[Step], bug: Option<Bug>) -> Result<(), String> {
    let mut twin = Twin::new(bug);
    for (nth, step) in steps.iter().enumerate() {
        let deed = step.deed(&twin.model);
        twin.act(&deed).map_err(|fault| format!("step {nth}, {deed:?}: {fault}"))?;
    }
    match verify::verify(&twin.desk.store().read().unwrap(), &mut |_| {}).unwrap() {
        Verdict::Good(_) => Ok(()),
        Verdict::Bad(words) => Err(format!("verify: {words}")),
    }
}

fn furniture() -> Vec<(u32, Value)> {
    let mut rows: Vec<(u32, Value)> = PEOPLE
        .iter()
        .zip(ROLES)
        .map(|(code, roles)| (1, json!({"do": "appoint_person", "code": code, "name": code, "roles": roles})))
        .collect();
    rows.extend([
        (3, json!({"do": "define_tier", "code": "A", "name": "x"})),
        (3, json!({"do": "define_free_shipping", "code": "B1", "name": "x", "free_from": "50.00"})),
        (5, json!({"do": "open_account", "channel": "alipay", "number": "2088000000000001", "name": "x"})),
    ]);
    for (code, tier, retail) in [("A1", "8.00", "10.00"), ("B1", "3.35", "5.05")] {
        rows.extend([
            (2, json!({"do": "list_article", "code": code, "name": code, "unit": "斤"})),
            (3, json!({"do": "set_price", "article": code, "price": retail, "from": "2026-11-02"})),
            (3, json!({"do": "set_price", "article": code, "tier": "A", "price": tier, "from": "2026-11-02"})),
            (4, json!({"do": "receive_goods", "from": "opening", "lines": [{"article": code, "quantity": "30"}]})),
        ]);
    }
    for (dealer, account) in [("D00001", "d0@example.com"), ("D00002", "d1@example.com")] {
        let file = json!({"kind": "wechat", "name": dealer, "since": "2020-05-01", "channels": ["x"], "contact": "x",
            "phone": "1", "address": "x", "pays_by": "alipay", "accounts": [{"channel": "alipay", "number": account}],
            "tier": "A", "free_shipping": "B1"});
        rows.push((2, json!({"do": "file_dealer", "file": file})));
        rows.push((5, json!({"do": "acknowledge_dealer", "dealer": dealer, "version": 1, "party": "finance"})));
    }
    rows.push((6, json!({"do": "acknowledge_dealer", "dealer": "D00001", "version": 1, "party": "back_office"})));
    let terms = json!({"name": "x", "first": "2026-11-01", "last": "2026-12-31", "article": "A1", "buy": "2", "gift": "A1",
        "free": "1", "expected": "1"});
    rows.push((2, json!({"do": "draft_promotion", "terms": terms})));
    rows.push((2, json!({"do": "submit_promotion", "promotion": "CX000001", "version": 1})));
    for by in [7, 8] {
        rows.push((by, json!({"do": "confirm_promotion", "promotion": "CX000001", "version": 1})));
    }
    rows
}

impl Twin {
    fn new(bug: Option<Bug>) -> Twin {
        let desk = Desk::new(Store::on_backend(InMemoryBackend::new(), true).unwrap());
        let now: Moment = "2026-11-02T09:00:00+08:00".parse().unwrap();
        let envelope = |(by, command): (u32, Value)| Envelope {
            command: serde_json::from_value(command).expect("a command of the schema"),
            by: PersonId(by),
            at: now,
            terminal: "test".into(),
            id: None,
        };
        let rows: Vec<Envelope> = furniture().into_iter().map(envelope).collect();
        let answers = desk.submit_all(&rows);
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Accepted { .. })), "{answers:?}");
        let roles =
            PEOPLE.iter().zip(ROLES).map(|(who, roles)| (who.to_string(), roles.iter().copied().collect())).collect();
        let (orders, payments, waybills, tmall) = Default::default();
        let model = Model {
            bug,
            roles,
            idle: false,
            orders,
            payments,
            credit: [0, 0],
            stock: [(STOCK, 0), (STOCK, 0)],
            second_file_complete: false,
            waybills,
            tmall,
        };
        let sums = Sums { entries: (0, rows.len() as u64), ..Sums::default() };
        Twin { desk, now, model, sums, orders: Vec::new() }
    }

    fn act(&mut self, deed: &Deed) -> Result<(), String> {
        self.now = self.now.plus_seconds(60);
        match deed {
            Deed::Arrives { payer, fen } => self.arrive(*payer, *fen),
            Deed::Asks { who, ask } => self.ask(who, ask)?,
        }
        self.compare()
    }

    fn submit(&self, who: &str, command: Value) -> Answer {
        let by = PersonId(PEOPLE.iter().position(|person| *person == who).map_or(0, |at| at as u32 + 1));
        let command: Command =
            serde_json::from_value(command.clone()).unwrap_or_else(|error| panic!("{command}: {error}"));
        self.desk.submit(&Envelope { command, by, at: self.now, terminal: "test".into(), id: None })
    }

    fn arrive(&mut self, payer: Payer, fen: i64) {
        let nth = self.model.payments.len();
        let account = match payer {
            Payer::Dealer(dealer) => format!("d{dealer}@example.com"),
            Payer::Stranger => "stranger@example.com".into(),
            Payer::Masked => "str***@example.com".into(),
        };
        let file = json!({"name": "x", "format": "x", "channel": "alipay", "account": "2088000000000001",
            "sha256": nth.to_string(), "rows": 1, "totals": []});
        self.submit("money", json!({"do": "import_statement", "file": file}));
        let flow = Flow {
            row: 1,
            number: format!("T{nth}").as_str().into(),
            order_ref: "".into(),
            time: self.now,
            direction: Direction::In,
            class: FlowClass::Receipt,
            amount: Money::fen(fen),
            fee: Money::ZERO,
            payer: "".into(),
            payer_account: account.as_str().into(),
            remark: "".into(),
            kind: "".into(),
            state: "".into(),
        };
        let (import, account, by) = (ImportId(nth as u32 + 1), AccountId(1), PersonId(5));
        let chunk = Chunk { import, account, by, terminal: "test".into(), rows: vec![flow] };
        self.desk.post_flows(chunk, self.now).unwrap();
        self.model.payments.push(Payment { payer, fen, open: fen });
        self.sums.arrived += fen;
        self.sums.entries.1 += 2;
    }

    fn ask(&mut self, who: &str, ask: &Ask) -> Result<(), String> {
        let seen = match ask {
            Ask::Sign { order, part, .. } => self.seen(*order, *part),
            _ => String::new(),
        };
        let expected = self.model.ask(who, ask).is_ok();
        match (self.submit(who, ask.command(&seen)), expected) {
            (Answer::Accepted { event, .. }, true) => {
                self.sums.note(&event);
                self.sums.entries.1 += 1;
                if matches!(ask, Ask::Enter { .. } | Ask::Tmall { .. }) {
                    self.orders.push(number(self.orders.len()).parse().expect("an order's number"));
                }
                Ok(())
            }
            (Answer::Refused(_), false) => Ok(()),
            (Answer::Accepted { .. }, false) => Err("accepted, and the model refuses".into()),
            (Answer::Refused(refusals), true) => Err(format!("refused, and the model accepts: {refusals}")),
            (Answer::Failed(words), _) => Err(format!("broken: {words}")),
        }
    }

    fn seen(&self, order: usize, part: u8) -> String {
        let read = self.desk.store().read().unwrap();
        let order = self.orders.get(order).and_then(|id| read.order(*id).unwrap());
        order.map(|order| order.fingerprint(part).to_string()).unwrap_or_default()
    }

    fn compare(&mut self) -> Result<(), String> {
        let read = self.desk.store().read().unwrap();
        for (id, told) in self.orders.iter().zip(&self.model.orders) {
            let order = read.order(*id).unwrap().ok_or("an order is gone")?;
            let (found, wanted) = (order_words(&order), model_words(told));
            if found != wanted {
                return Err(format!("{id} is\n  {found}\nand the model has\n  {wanted}"));
            }
        }
        let credit = [1, 2].map(|id| read.dealer(DealerId(id)).unwrap().map_or(0, |dealer| dealer.credit.as_fen()));
        let stock = [1, 2].map(|id| read.stock(ArticleId(id)).unwrap());
        let stock = stock.map(|stock| (stock.on_hand.as_thousandths(), stock.packed.as_thousandths()));
        if (credit, stock) != (self.model.credit, self.model.stock) {
            let (theirs, goods) = (self.model.credit, self.model.stock);
            return Err(format!("credit {credit:?} and stock {stock:?}, in the model {theirs:?} and {goods:?}"));
        }
        for (nth, payment) in self.model.payments.iter().enumerate() {
            let id = FlowId(nth as u64 + 1);
            let open = read.flow(id).unwrap().expect("it was posted").open(read.treatment(id).unwrap().as_ref());
            if open.as_fen() != payment.open {
                return Err(format!("{id} of {} fen is open by {open}, in the model by {}", payment.fen, payment.open));
            }
        }
        self.sums.entries.0 = journal::head(&read).unwrap().seq.0;
        self.sums.read(&read, &self.orders, self.model.payments.len() as u64);
        self.sums.broken().map_or(Ok(()), |name| Err(format!("broken: {name}: {:?}", self.sums)))
    }
}

/// An order in a line, as the program has it.
fn order_words(order: &taizhang::domain::order::Order) -> String {
    let part = |part: &taizhang::domain::shipment::Part| {
        let (signed, except) = (part.signatures.len(), part.exception.is_some());
        let (object, packed, bill) = (part.objection.is_some(), part.packed.is_some(), part.waybill.is_some());
        let holds: i64 = part.lines.iter().map(|(_, much)| much.as_thousandths()).sum();
        let (gone, closed) = (part.shipped.is_some(), part.closed.is_some());
        format!("{}:{holds} {signed} {except} {object} {packed} {bill} {gone} {closed}", part.no)
    };
    let parts: Vec<String> = order.parts.iter().map(part).collect();
    let retail = order.basis == Basis::Retail;
    let (due, paid, charged) = (order.due().as_fen(), order.paid().as_fen(), order.charges().as_fen());
    let (state, content) = (order.state_key(), order.content);
    format!("{state} due {due} paid {paid} charged {charged} retail {retail} content {content} {parts:?}")
}

/// The same of the model.
fn model_words(order: &Order) -> String {
    let part = |part: &crate::model::Part| {
        let (signed, except, object) = (part.signed.len(), part.excepted, part.objected.is_some());
        let holds: i64 = part.holds.values().sum();
        let (packed, bill, gone, closed) = (part.packed, part.waybill.is_some(), part.shipped, part.closed);
        format!("{}:{holds} {signed} {except} {object} {packed} {bill} {gone} {closed}", part.no)
    };
    let parts: Vec<String> = order.parts.iter().map(part).collect();
    let (state, due, paid, charged) = (order.state(), order.due(), order.paid(), order.charged.1);
    format!(
        "{state} due {due} paid {paid} charged {charged} retail {} content {} {parts:?}",
        order.retail, order.content
    )
}
