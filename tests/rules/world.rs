//! The world of one case: the furnished department, and the short names that its rows use.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use taizhang::desk::import::Chunk;
use taizhang::desk::{Answer, Desk};
use taizhang::domain::comparing::Figure;
use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::id::{
    AccountId, BillId, ClaimId, DealerId, FlowId, ImportId, OrderId, PersonId, PromotionId, RequisitionId, StocktakeId,
};
use taizhang::domain::money::Money;
use taizhang::domain::order::Order;
use taizhang::domain::quantity::Quantity;
use taizhang::domain::setting::{CountLimit, Settings};
use taizhang::domain::stock::MoveKind;
use taizhang::domain::time::{Day, Moment};
use taizhang::store::books::{Books, Counts, Daybook, Promoting, Purchases, Reading, Stockroom};
use taizhang::store::totals::Moved;

use crate::support::rehearsal::{Rehearsal, dealer_file};

/// A department in the middle of a case.
pub struct World {
    /// The books.
    pub books: Rehearsal,
    names: BTreeMap<String, String>,
}

/// The words of one row after `->`, or what happened instead.
pub struct Told {
    /// `ok`, or the refusals as `CLAUSE reason & CLAUSE reason`.
    pub words: String,
    /// The event's fields, or those of the refusals.
    pub facts: Vec<Value>,
}

impl World {
    /// The furnished department.
    pub fn new() -> World {
        World { books: Rehearsal::furnished(), names: BTreeMap::new() }
    }

    /// A short name (`order1`, `pay2`) as the books call it; other words as they are.
    pub fn real(&self, word: &str) -> String {
        self.names.get(word).cloned().unwrap_or_else(|| word.to_owned())
    }

    fn name(&mut self, kind: &str, real: &str) {
        let nth = self.names.keys().filter(|name| name.starts_with(kind)).count() + 1;
        self.names.insert(format!("{kind}{nth}"), real.to_owned());
    }

    /// One row: who asks what. The bank and the clock are askers too.
    pub fn ask(&mut self, who: &str, what: &str, fields: &[(String, String)]) -> Told {
        match (who, what) {
            ("bank", "pays") => self.arrive(fields),
            ("clock", at) => {
                self.books.now = at.parse().expect("the clock shows a time in RFC 3339");
                Told { words: "ok".into(), facts: Vec::new() }
            }
            _ => self.submit(who, what, fields),
        }
    }

    fn submit(&mut self, who: &str, what: &str, fields: &[(String, String)]) -> Told {
        let mut command = self.command(what, fields);
        command.insert("do".into(), what.into());
        let before = self.books.entries();
        match self.books.post(who, Value::Object(command)) {
            Answer::Accepted { event, .. } => {
                let event = serde_json::to_value(event).unwrap();
                if what == "close_day" {
                    self.name("letter", &self.books.entries().to_string());
                }
                for (_, kind) in GIVEN.iter().filter(|(asked, _)| *asked == what) {
                    self.name(kind, event[kind].as_str().expect("the event names what it made"));
                }
                Told { words: "ok".into(), facts: vec![event] }
            }
            Answer::Refused(refusals) => {
                assert_eq!(self.books.entries(), before, "a refusal leaves no trace");
                let all = serde_json::to_value(&refusals).unwrap();
                let all = all.as_array().unwrap();
                let word =
                    |one: &Value| format!("{} {}", one["clause"].as_str().unwrap(), one["reason"].as_str().unwrap());
                let words = all.iter().map(word).collect::<Vec<_>>().join(" & ");
                Told { words, facts: all.iter().map(|one| one["facts"].clone()).collect() }
            }
            Answer::Failed(words) => Told { words: format!("broken: {words}"), facts: Vec::new() },
        }
    }

    /// The command as `post` would read it, from fields that a reader can follow.
    fn command(&self, what: &str, fields: &[(String, String)]) -> Map<String, Value> {
        let mut command = Map::new();
        if matches!(what, "file_dealer" | "revise_dealer") {
            command.insert("file".into(), self.file(fields));
        }
        if matches!(what, "draft_promotion" | "revise_promotion") {
            command.insert("terms".into(), terms(fields));
        }
        if what == "import_statement" {
            command.insert("file".into(), statement(fields));
        }
        for (key, value) in fields {
            let value = self.real(value);
            let field = match key.as_str() {
                key if what == "import_statement" && matches!(key, "name" | "own" | "income" | "stated") => {
                    continue;
                }
                key if what.ends_with("_promotion") && TERMS.iter().any(|(known, _)| *known == key) => continue,
                key if what.ends_with("_dealer") && FILE.contains(&key) && command.contains_key("file") => {
                    continue;
                }
                "part" | "version" | "content" | "unix" | "conflict" | "turn" | "rows" => {
                    json!(value.parse::<u32>().expect("a number"))
                }
                "accept_retail" | "active" | "last" | "damaged" | "frozen" | "join" | "sure" | "charge_gifts" => {
                    json!(value == "yes")
                }
                "counters" | "present" | "people" | "places" | "articles" => value.split('+').collect(),
                "letter" => json!(value.parse::<u64>().expect("a number")),
                "line" | "blanks" => json!(value.parse::<u32>().expect("a number")),
                "to" if what == "correct_count" => json!(value),
                "packs" => packs(&value),
                "seen" if what == "receive_bill" => json!(value.parse::<u16>().expect("a number")),
                "card" => card(&value),
                "fates" => value.split(',').map(fate).collect(),
                "lines" if matches!(what, "split_shipment" | "take_back_goods") => numbered(&value),
                "lines" => self.gifts(listed(what, &value)),
                "promotions" => value.split('+').filter(|one| !one.is_empty()).map(|one| self.real(one)).collect(),
                "orders" => self.shares(&value),
                "roles" => value.split('+').filter(|role| !role.is_empty()).collect(),
                "to" if what == "move_goods" => json!(value),
                "to" => json!({"name": "收件人", "address": value}),
                "judgement" => {
                    let (found, reason) = value.split_once(':').expect("a finding and its reason");
                    json!({"registered": found == "registered", "reason": reason})
                }
                "settings" => json!(Settings { count_limits: limits(), ..Settings::default() }),
                "seen" if value == "now" => json!(self.fingerprint(fields)),
                _ => json!(value),
            };
            command.insert(key.clone(), field);
        }
        command
    }

    fn fingerprint(&self, fields: &[(String, String)]) -> String {
        let of = |wanted: &str| fields.iter().find(|(key, _)| key == wanted).map(|(_, value)| self.real(value));
        let part = of("part").map_or(1, |no| no.parse().expect("a number"));
        self.order(&of("order").expect("a signature is of an order")).fingerprint(part).to_string()
    }

    /// Remembers what a signer sees now, to sign it later as `seen=screen1`.
    pub fn look(&mut self, order: &str) {
        let seen = self.order(&self.real(order)).fingerprint(1).to_string();
        self.name("screen", &seen);
    }

    fn file(&self, fields: &[(String, String)]) -> Value {
        let mut file = dealer_file("川味坊", "chuan@example.com");
        for (key, value) in fields {
            match key.as_str() {
                "account" => file["accounts"][0]["number"] = json!(value),
                "without" => value.split('+').for_each(|field| drop(file.as_object_mut().unwrap().remove(field))),
                "name" | "kind" | "tier" | "phone" | "remark" => file[key] = json!(value),
                _ => {}
            }
        }
        file
    }

    /// Gift lines name their promotion as the books do.
    fn gifts(&self, mut lines: Value) -> Value {
        for line in lines.as_array_mut().into_iter().flatten() {
            if let Some(gift) = line.get("gift").and_then(Value::as_str).map(|gift| self.real(gift)) {
                line["gift"] = json!(gift);
            }
        }
        lines
    }

    fn shares(&self, text: &str) -> Value {
        let pairs = text.split(',').map(|pair| pair.split_once(':').expect("an order and an amount"));
        pairs.map(|(order, amount)| json!({"order": self.real(order), "amount": amount})).collect()
    }

    /// Money arrives with a statement: `amount`, `from` (an account), `at` (a time), `class`.
    fn arrive(&mut self, fields: &[(String, String)]) -> Told {
        let of = |wanted: &str| fields.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
        self.books.now = self.books.now.plus_seconds(60);
        let number = of("number").map_or_else(|| format!("T{}", self.books.entries()), str::to_owned);
        let flow = Flow {
            row: 1,
            number: number.as_str().into(),
            order_ref: "".into(),
            time: of("at").map_or(self.books.now, |at| at.parse().expect("a time in RFC 3339")),
            direction: Direction::In,
            class: if of("class") == Some("refund") { FlowClass::Refund } else { FlowClass::Receipt },
            amount: of("amount").expect("money has an amount").parse().unwrap(),
            fee: Money::ZERO,
            payer: "王".into(),
            payer_account: of("from").unwrap_or("wang@example.com").into(),
            remark: "货款".into(),
            kind: "转账".into(),
            state: "".into(),
        };
        let file = json!({"name": "t.csv", "format": "alipay_ledger", "channel": "alipay",
            "account": "2088000000000001", "sha256": number, "rows": 1, "totals": []});
        let import = self.books.accept("money", json!({"do": "import_statement", "file": file}));
        let import: ImportId = serde_json::from_value(import["import"].clone()).unwrap();
        let before = self.books.desk.store().read().unwrap().count("flows").unwrap();
        let chunk = Chunk { import, account: AccountId(1), by: PersonId(5), terminal: "test".into(), rows: vec![flow] };
        let tally = self.books.desk.post_flows(chunk, self.books.now).unwrap();
        if tally.new == 1 {
            self.name("pay", &FlowId(before as u64 + 1).to_string());
        }
        let facts = json!({"new": tally.new, "known": tally.known, "conflicts": tally.conflicts});
        Told { words: "ok".into(), facts: vec![facts] }
    }

    fn order(&self, id: &str) -> Order {
        let id: OrderId = id.parse().unwrap_or_else(|_| panic!("{id} is no order of this case"));
        self.books.desk.store().read().unwrap().order(id).unwrap().expect("the order exists")
    }

    /// What the books say of `thing` under `figure`.
    pub fn figure(&self, thing: &str, figure: &str) -> String {
        let read = self.books.desk.store().read().unwrap();
        if let Some(code) = thing.strip_prefix("stock:") {
            let (code, place) = code.split_once('@').map_or((code, None), |(code, place)| (code, Some(place)));
            let article = read.article_by_code(code).unwrap().expect("the article is listed");
            let at = |place| read.stock_at(article.id, place);
            let stock = place.map_or_else(|| read.stock(article.id), at).unwrap();
            return match figure {
                "on_hand" => stock.on_hand.to_string(),
                "sound" => stock.sound().to_string(),
                "damaged" => stock.damaged.to_string(),
                other => panic!("stock has no {other}"),
            };
        }
        if let Ok(id) = self.real(thing).parse::<BillId>() {
            let bill = read.bill(id).unwrap().expect("the bill was entered");
            return match figure {
                "state" => bill.state.key().to_owned(),
                "amount" => bill.amount().to_string(),
                "left" => bill.lines.iter().map(|line| line.left().to_string()).collect::<Vec<_>>().join("+"),
                other => panic!("a bill has no {other}"),
            };
        }
        if let Ok(id) = self.real(thing).parse::<RequisitionId>() {
            let requisition = read.requisition(id).unwrap().expect("the requisition was submitted");
            return match figure {
                "state" => requisition.state().key().to_owned(),
                "awaited" => requisition
                    .lines
                    .iter()
                    .map(|line| requisition.awaited(line.asked.article))
                    .sum::<Quantity>()
                    .to_string(),
                other => panic!("a requisition has no {other}"),
            };
        }
        if let Ok(id) = self.real(thing).parse::<PromotionId>() {
            let promotion = read.promotion(id).unwrap().expect("the promotion was drafted");
            let now = self.books.now.day(read.settings().unwrap().zone);
            return match figure {
                "state" => promotion.state(now).key().to_owned(),
                "version" => promotion.version.to_string(),
                "confirmed" => promotion.confirmed.len().to_string(),
                "given" => read.given_by(id, promotion.terms.first.month(), now.month()).unwrap().to_string(),
                other => panic!("a promotion has no {other}"),
            };
        }
        if let Some(month) = thing.strip_prefix("gifts:") {
            let given = read.given(month.parse().expect("a month")).unwrap();
            return match figure {
                "rows" => given.len().to_string(),
                "quantity" => given.iter().map(|given| given.quantity).sum::<Quantity>().to_string(),
                "amount" => given.iter().map(|given| given.amount).sum::<Money>().to_string(),
                other => panic!("a month's gifts have no {other}"),
            };
        }
        if thing == "factory" {
            return match figure {
                "owed" => read.factory_balance().unwrap(),
                month => read.month_figures(month.parse().expect("a month")).unwrap().payable(),
            }
            .to_string();
        }
        if thing == "claims" {
            return read.open_claims(9).unwrap().len().to_string();
        }
        if let Some(id) = thing.strip_prefix("claim:") {
            return claim_figure(&read, id.parse().expect("a claim"), figure, self.books.now);
        }
        if thing == "reports" {
            return read.reports_open(9).unwrap().len().to_string();
        }
        if let Ok(id) = thing.parse::<DealerId>() {
            let dealer = read.dealer(id).unwrap().expect("the dealer has a file");
            return match figure {
                "credit" => dealer.credit.to_string(),
                other => {
                    serde_json::to_value(&dealer.file).unwrap()[other].as_str().expect("a field of text").to_owned()
                }
            };
        }
        if let Some(code) = thing.strip_prefix("moved:") {
            let article = read.article_by_code(code).unwrap().expect("the article is listed").id;
            let counted = |moved: &&Moved| moved.article == article && moved.kind == MoveKind::Counted;
            let moved = read.moved_on(figure.parse().expect("a day")).unwrap();
            return moved.iter().filter(counted).map(|moved| moved.quantity).sum::<Quantity>().to_string();
        }
        if let Some(code) = thing.strip_prefix("month:") {
            let article = read.article_by_code(code).unwrap().expect("the article is listed").id;
            let month = figure.parse::<Day>().expect("a day of it").month();
            return read.month_of_goods(month).unwrap()[&article].closing().to_string();
        }
        if let Some(day) = thing.strip_prefix("ledger:").or_else(|| thing.strip_prefix("day:")) {
            return day_figure(&read, day.parse().expect("a day"), figure);
        }
        let (name, part) = thing.split_once('.').unwrap_or((thing, "1"));
        let real = self.real(name);
        if let Ok(id) = real.parse::<StocktakeId>() {
            return stocktake_figure(&read, id, part, figure);
        }
        if let Ok(id) = real.parse::<FlowId>() {
            let posted = read.flow(id).unwrap().expect("the payment was posted");
            return posted.open(read.treatment(id).unwrap().as_ref()).to_string();
        }
        if thing == "queue" {
            let known = |id: OrderId| {
                self.names.iter().find(|(_, real)| **real == id.to_string()).map(|(name, _)| name.clone())
            };
            let rows = read.queue(None, 100).unwrap().into_iter().filter(|row| row.deadline.is_some());
            return rows
                .filter_map(|row| Some(format!("{}.{}", known(row.order)?, row.part)))
                .collect::<Vec<_>>()
                .join(",");
        }
        if thing == "entries" {
            return self.books.entries().to_string();
        }
        order_figure(&self.order(&real), part.parse().expect("a shipment's number"), figure, self.books.now)
    }

    /// Journal and tables must agree at the end of every case.
    pub fn verify(&self) {
        self.books.verify();
    }

    /// The desk itself, for what rows cannot say.
    pub fn desk(&self) -> &Desk {
        &self.books.desk
    }
}

/// Figures of a stocktake: of its record, of a row (`PLACE/ARTICLE`) of one sheet, or of the row as it was compared.
fn stocktake_figure(books: &Reading, id: StocktakeId, sheet: &str, figure: &str) -> String {
    let take = books.stocktake(id).unwrap().expect("the stocktake exists");
    if let Some((place, code)) = figure.split_once('/') {
        let article = books.article_by_code(code).unwrap().expect("the article is listed").id;
        if let Ok(sheet) = sheet.parse() {
            let tally = books.tally(id, sheet, place, article).unwrap();
            return tally.map_or("blank".into(), |tally| tally.quantity.to_string());
        }
        let Some(row) = books.compared_at(id, place, article).unwrap() else {
            return "none".into();
        };
        return match sheet {
            "outcome" => row.outcome().key().to_owned(),
            "difference" => row.difference().to_string(),
            "packed" => row.packed.to_string(),
            "moved" => {
                let words = |it: &Figure| if it.moved { "yes" } else { "no" };
                row.figures.iter().map(words).collect::<Vec<_>>().join("+")
            }
            "rest" => {
                let claims = books.claims(None, 99).unwrap();
                let own = claims.iter().find(|claim| claim.stocktake == id && claim.difference.article == article);
                own.expect("a claim").difference.rest.to_string()
            }
            "figures" => {
                let words =
                    |it: &Figure| format!("{}of{}", it.quantity.map_or("blank".into(), |q| q.to_string()), it.book);
                row.figures.iter().map(words).collect::<Vec<_>>().join("+")
            }
            other => panic!("a row has no {other}"),
        };
    }
    match figure {
        "stage" => take.stage.key().to_owned(),
        "rows" => take.sum.rows.to_string(),
        "again" => take.sum.again.to_string(),
        "differing" => take.sum.differing.to_string(),
        "day" => take.day.to_string(),
        "month_end" => take.month_end.to_string(),
        "records" => take.sheet(sheet.parse().expect("a sheet")).expect("the sheet exists").records.to_string(),
        "lines" => take.sheet(sheet.parse().expect("a sheet")).expect("the sheet exists").lines.to_string(),
        "claims" => books.claims(None, 99).unwrap().iter().filter(|claim| claim.stocktake == id).count().to_string(),
        "claimed" => {
            let claims = books.claims(None, 99).unwrap();
            claims
                .iter()
                .filter(|claim| claim.stocktake == id)
                .map(|claim| claim.difference.amount)
                .sum::<Money>()
                .to_string()
        }
        other => panic!("a stocktake has no {other}"),
    }
}

/// How a claim stands.
fn claim_figure(books: &Reading, id: ClaimId, figure: &str, now: Moment) -> String {
    let claim = books.claim(id).unwrap().expect("the claim exists");
    let zone = books.settings().unwrap().zone;
    match figure {
        "state" => claim.state_key().to_owned(),
        "days_open" => claim.days_open(now.day(zone), zone).to_string(),
        "how" => claim.settled.map_or("none".into(), |mark| mark.why.to_string()),
        other => panic!("a claim has no {other}"),
    }
}

/// No more than a hundred of A1 on a line without being asked about.
fn limits() -> Vec<CountLimit> {
    vec![CountLimit { article: "A1".into(), limit: Quantity::whole(100) }]
}

/// `箱:20:690…` as packs: unit, how many it holds, barcode.
fn packs(text: &str) -> Value {
    let pack = |pack: &str| {
        let mut parts = pack.split(':');
        let mut next = || parts.next().unwrap_or_default().to_owned();
        json!({"unit": next(), "holds": next(), "barcode": next()})
    };
    text.split(',').map(pack).collect()
}

/// What the ledger says of a day, and what was said when it was closed.
fn day_figure(books: &Reading, day: Day, figure: &str) -> String {
    let figures = books.day_figures(day, None).unwrap();
    let lines = books.ledger(day, day, None, 1_000).unwrap();
    let closed = books.closed_day(day).unwrap();
    if let Some(closed) = &closed {
        assert_eq!(closed.figures, figures, "a closed day stays as it was");
    }
    match figure {
        "lines" => lines.len().to_string(),
        "shipped" => figures.shipped.to_string(),
        "returned" => figures.returned.to_string(),
        "freight" => figures.freight.to_string(),
        "gift" => lines.iter().map(|row| row.record.gift).sum::<Quantity>().to_string(),
        "stock_after" => lines.last().expect("a line").record.stock_after.to_string(),
        "corrects" => lines.last().and_then(|row| row.record.corrects).map_or("none".into(), |it| it.day.to_string()),
        "state" => closed.map_or("open", |closed| if closed.late { "late" } else { "closed" }).into(),
        "by" => books.person_name(closed.expect("a closed day").by).unwrap().to_string(),
        other => panic!("a day has no {other}"),
    }
}

fn order_figure(order: &Order, no: u8, figure: &str, now: Moment) -> String {
    let part = || order.part(no).unwrap_or_else(|refusal| panic!("{refusal}"));
    match figure {
        "number" => order.id.to_string(),
        "state" => order.state_key().to_owned(),
        "due" => order.due().to_string(),
        "paid" => order.paid().to_string(),
        "tier_total" => order.tier_total().to_string(),
        "retail_total" => order.retail_total().to_string(),
        "gifts" => {
            let each = order.gifts.iter().map(|gift| order.lines[usize::from(gift.line)].quantity.to_string());
            if order.gifts.is_empty() { "none".into() } else { each.collect::<Vec<_>>().join("+") }
        }
        "charged" => order.charges().to_string(),
        "basis" => format!("{:?}", order.basis).to_lowercase(),
        "stage" => part().stage().key().to_owned(),
        "deadline" => part().deadline.to_string(),
        "late" => part().is_late(now).to_string(),
        "signatures" => part().signatures.len().to_string(),
        "holds" => part().lines.iter().map(|(_, quantity)| quantity.to_string()).collect::<Vec<_>>().join("+"),
        "confirming_hours" => (part().spent(now)[0].1 / 3_600).to_string(),
        "waybill" => part().waybill.as_ref().map_or("none".into(), |waybill| waybill.number.to_string()),
        other => panic!("an order has no {other}"),
    }
}

/// Commands that make something which later rows name: `order1`, `bill2`.
const GIVEN: &[(&str, &str)] = &[
    ("enter_order", "order"),
    ("enter_tmall_order", "order"),
    ("refer_customer", "referral"),
    ("open_stocktake", "stocktake"),
    ("submit_requisition", "requisition"),
    ("draft_promotion", "promotion"),
    ("enter_bill", "bill"),
    ("receive_bill", "receipt"),
    ("receive_goods", "receipt"),
];

/// Fields of a dealer's file that a row may name; `without` takes fields away.
const FILE: &[&str] = &["name", "account", "kind", "tier", "phone", "remark", "without"];

/// The terms of a promotion that a row may name, with what they are where it does not: buy 2 of A1, get 1 of it.
const TERMS: &[(&str, &str)] = &[
    ("name", "买二送一"),
    ("first", "2026-11-01"),
    ("last", "2026-11-30"),
    ("article", "A1"),
    ("buy", "2"),
    ("gift", "A1"),
    ("free", "1"),
    ("expected", "100"),
];

/// The terms of a promotion.
pub fn terms(fields: &[(String, String)]) -> Value {
    let of = |wanted: &str| fields.iter().find(|(key, _)| key == wanted).map(|(_, value)| json!(value));
    TERMS
        .iter()
        .map(|(key, default)| ((*key).to_owned(), of(key).unwrap_or_else(|| json!(default))))
        .collect::<Map<_, _>>()
        .into()
}

/// What a statement says of itself: one row, with the income that is there and the income it states.
fn statement(fields: &[(String, String)]) -> Value {
    let of = |wanted: &str| fields.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
    let total = |stated: &str| json!({"name": "收入", "rows_stated": 1, "rows_found": 1, "sum_stated": stated, "sum_found": of("income")});
    let totals: Vec<Value> = of("stated").map(total).into_iter().collect();
    json!({"name": of("name"), "format": "alipay_ledger", "channel": "alipay",
        "account": of("own").unwrap_or("2088000000000001"), "sha256": "00", "rows": 1, "totals": totals})
}

/// `A1:10,B1:2件` as lines of goods; `!over` says what was found, `@B-02` where, `*promotion1` by which promotion it is given.
fn listed(what: &str, text: &str) -> Value {
    let line = |line: &str| {
        let (line, place) = line.split_once('@').map_or((line, None), |(line, place)| (line, Some(place)));
        let (line, found) = line.split_once('!').map_or((line, None), |(line, found)| (line, Some(found)));
        let (line, gift) = line.split_once('*').map_or((line, None), |(line, gift)| (line, Some(gift)));
        let (article, much) = line.split_once(':').expect("an article and a quantity");
        let unit = much.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | '-' | ',') || ('０'..='９').contains(&c) || c == '．'
        });
        let quantity = &much[..much.len() - unit.len()];
        let mut line = json!({"article": article, "quantity": quantity});
        if !unit.is_empty() {
            line["unit"] = json!(unit);
        }
        let put = if what == "receive_bill" { "place" } else { "from" };
        let named = [(put, place), ("found", found), ("gift", gift)];
        for (field, value) in named.into_iter().filter_map(|(field, value)| Some((field, value?))) {
            line[field] = json!(value);
        }
        line
    };
    text.split(',').filter(|text| !text.is_empty()).map(line).collect()
}

/// `A1:花椒:斤:件=25` as a card: code, name, unit, a pack, and after another colon the pack's barcode.
fn card(text: &str) -> Value {
    let [code, name, unit, pack, ref barcode @ ..] = text.split(':').collect::<Vec<_>>()[..] else {
        panic!("{text} is no card")
    };
    let (larger, holds) = pack.split_once('=').expect("a pack and what it holds");
    let barcode = barcode.first().copied().unwrap_or_default();
    json!({"code": code, "name": name, "unit": unit, "packs": [{"unit": larger, "holds": holds, "barcode": barcode}]})
}

/// `damaged@X-01` as what becomes of a line, and where it is put.
fn fate(text: &str) -> Value {
    let (became, place) = text.split_once('@').map_or((text, None), |(became, place)| (became, Some(place)));
    json!({"became": became, "place": place})
}

/// `1:4` as line 1, quantity 4.
fn numbered(text: &str) -> Value {
    let pairs = text
        .split(',')
        .filter(|text| !text.is_empty())
        .map(|pair| pair.split_once(':').expect("a line and a quantity"));
    pairs.map(|(line, quantity)| json!([line.parse::<u16>().expect("a line's number"), quantity])).collect()
}
