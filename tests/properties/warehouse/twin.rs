//! The program and the warehouse's model side by side: the same sequence asked of both, and all compared after each step.

use redb::backends::InMemoryBackend;
use serde_json::{Value, json};
use taizhang::desk::{Answer, Desk, Envelope};
use taizhang::domain::claim::Claim;
use taizhang::domain::comparing::Compared;
use taizhang::domain::id::{ArticleId, BillId, PersonId, StocktakeId};
use taizhang::domain::money::Money;
use taizhang::domain::quantity::Quantity;
use taizhang::domain::stocktake::Stocktake;
use taizhang::domain::time::Moment;
use taizhang::store::books::{Counts, Mailbox, Purchases, Reading, Stockroom};
use taizhang::store::journal;
use taizhang::store::open::Store;
use taizhang::store::verify::{self, Verdict};

use super::ask::{self, ARTICLES, Ask, PLACES};
use super::bug::Bug;
use super::count::{Row, Take};
use super::model::{HOMES, Model, RETAIL, Receipt};
use super::office::{Office, READERS};
use super::sums::Sums;
use crate::step::Step;

const PEOPLE: [(&str, &str); 10] = [
    ("admin", "administrator"),
    ("clerk", "clerk"),
    ("boss", "ecommerce_supervisor"),
    ("keeper", "keeper"),
    ("money", "finance"),
    ("office", "back_office"),
    ("promo", "promotion_supervisor"),
    ("sales", "sales_ops_supervisor"),
    ("director", "operations_director"),
    ("shop", "store_manager"),
];
/// What is on hand of each article at the start.
const STOCK: i64 = 20;

/// Both, and the figures that must agree.
struct Twin {
    desk: Desk,
    now: Moment,
    model: Model,
    sums: Sums,
}

/// Runs a sequence; says where the two first differ, or what does not hold.
pub fn run(steps: &[Step], bug: Option<Bug>) -> Result<(), String> {
    let mut twin = Twin::new(bug);
    for (nth, step) in steps.iter().enumerate() {
        let (who, ask) = step.errand(&twin.model);
        twin.act(who, &ask).map_err(|fault| format!("step {nth}, {who} {ask:?}: {fault}"))?;
    }
    // The journal, replayed into fresh tables, makes the same tables byte for byte.
    match verify::verify(&twin.desk.store().read().unwrap(), &mut |_| {}).unwrap() {
        Verdict::Good(_) => Ok(()),
        Verdict::Bad(words) => Err(format!("verify: {words}")),
    }
}

fn furniture() -> Vec<(u32, Value)> {
    let appoint =
        |(code, role): &(&str, &str)| (1, json!({"do": "appoint_person", "code": code, "name": code, "roles": [role]}));
    let mut rows: Vec<(u32, Value)> = PEOPLE.iter().map(appoint).collect();
    for (turn, code) in [(2, PLACES[1]), (1, PLACES[2])] {
        rows.push((4, json!({"do": "define_place", "code": code, "name": code, "turn": turn})));
    }
    for (at, code) in ARTICLES.iter().enumerate() {
        let price = Money::fen(RETAIL[at]).to_string();
        let lines = json!([{"article": code, "quantity": STOCK.to_string()}]);
        rows.extend([
            (2, json!({"do": "list_article", "code": code, "name": code, "unit": "斤", "location": PLACES[HOMES[at]]})),
            (3, json!({"do": "set_price", "article": code, "price": price, "from": "2026-11-02"})),
            (4, json!({"do": "receive_goods", "from": "opening", "lines": lines})),
        ]);
    }
    rows
}

impl Twin {
    fn new(bug: Option<Bug>) -> Twin {
        let desk = Desk::new(Store::on_backend(InMemoryBackend::new(), true).unwrap());
        let now: Moment = "2026-11-02T09:00:00+08:00".parse().unwrap();
        let rows: Vec<Envelope> = furniture().into_iter().map(|(by, row)| envelope(by, row, now)).collect();
        let (mut model, mut sums) = (Model { bug, ..Model::default() }, Sums::default());
        for answer in desk.submit_all(&rows) {
            let Answer::Accepted { event, .. } = answer else { panic!("{answer:?}") };
            sums.note(&desk.store().read().unwrap(), PersonId(4), &event);
        }
        for (article, home) in HOMES.into_iter().enumerate() {
            model.at(article, home).on_hand = STOCK;
            model.receipts.push(Receipt { plain: vec![(article, STOCK)], matched: false });
        }
        sums.entries = (0, rows.len() as u64);
        model.entries = rows.len() as u64;
        Twin { desk, now, model, sums }
    }

    fn act(&mut self, who: &'static str, ask: &Ask) -> Result<(), String> {
        self.now = self.now.plus_seconds(1);
        let expected = self.model.ask(who, ask).is_ok();
        let by = PEOPLE.iter().position(|(code, _)| *code == who).expect("a person") as u32 + 1;
        match (self.desk.submit(&envelope(by, ask.command(), self.now)), expected) {
            (Answer::Accepted { event, .. }, true) => {
                self.sums.note(&self.desk.store().read().unwrap(), PersonId(by), &event);
                self.sums.entries.1 += 1;
            }
            (Answer::Refused(_), false) => {}
            (Answer::Accepted { .. }, false) => return Err("accepted, and the model refuses".into()),
            (Answer::Refused(refusals), true) => return Err(format!("refused, and the model accepts: {refusals}")),
            (Answer::Failed(words), _) => return Err(format!("broken: {words}")),
        }
        self.compare()
    }

    fn compare(&mut self) -> Result<(), String> {
        let read = self.desk.store().read().unwrap();
        let (found, told) = (stock_words(&read), model_stock(&self.model));
        same("the shelves are", &found, &told)?;
        same("the papers are", &paper_words(&read, &self.model), &model_papers(&self.model))?;
        for (nth, told) in self.model.takes.iter().enumerate() {
            let take = read.stocktake(StocktakeId(nth as u32 + 1)).unwrap().ok_or("a stocktake is gone")?;
            let about = format!("{} is", ask::stocktake(nth));
            same(&about, &take_words(&read, &take), &model_take(told))?;
        }
        self.sums.entries.0 = journal::head(&read).unwrap().seq.0;
        self.sums.read(&read, self.model.bills.len(), self.model.takes.len());
        self.sums.broken().map_or(Ok(()), |name| Err(format!("broken: {name}: {:?}", self.sums)))
    }
}

fn envelope(by: u32, command: Value, at: Moment) -> Envelope {
    let command = serde_json::from_value(command.clone()).unwrap_or_else(|error| panic!("{command}: {error}"));
    Envelope { command, by: PersonId(by), at, terminal: "test".into(), id: None }
}

fn same(about: &str, found: &str, told: &str) -> Result<(), String> {
    if found == told { Ok(()) } else { Err(format!("{about}\n  {found}\nand the model has\n  {told}")) }
}

/// What lies where, as the program has it: on hand, packed, damaged.
fn stock_words(read: &Reading) -> String {
    let mut words = Vec::new();
    for (article, place) in (1..=2).flat_map(|article| PLACES.map(|place| (article, place))) {
        let stock = read.stock_at(ArticleId(article), place).unwrap();
        words.push(format!("{} {} {}", stock.on_hand, stock.packed, stock.damaged));
    }
    words.join(", ")
}

/// The same of the model.
fn model_stock(model: &Model) -> String {
    let shelves = model.shelves.iter().flatten();
    let words =
        shelves.map(|shelf| format!("{} {} {}", whole(shelf.on_hand), whole(shelf.packed), whole(shelf.damaged)));
    words.collect::<Vec<_>>().join(", ")
}

fn whole(units: i64) -> Quantity {
    Quantity::whole(units as i32)
}

/// Bills, open reports, what is owed, what is claimed, what letters go out.
fn paper_words(read: &Reading, model: &Model) -> String {
    let bill = |id: usize| {
        let bill = read.bill(BillId(id as u32)).unwrap().expect("it was entered");
        let accepted: Vec<String> = bill.lines.iter().map(|line| line.accepted.to_string()).collect();
        format!("{} {} {:?}", bill.state.key() == "received", bill.receipts.len(), accepted)
    };
    let bills: Vec<String> = (1..=model.bills.len()).map(bill).collect();
    let owed = read.factory_balance().unwrap().as_fen();
    let claims = read.claims(None, usize::MAX).unwrap();
    let claim = |claim: &Claim| (claim.difference.amount.as_fen(), claim.settled.is_some());
    let claims: Vec<(i64, bool)> = claims.iter().rev().map(claim).collect();
    let open = read.open_claims(usize::MAX).unwrap().len();
    let reports = read.reports_open(usize::MAX).unwrap().len();
    format!("{bills:?} owed {owed} reports {reports} claims {claims:?} open {open} letters {}", letter_words(read))
}

/// The letters with their readers, and those that somebody wanted at once.
fn letter_words(read: &Reading) -> String {
    let owed = read.letters(None, usize::MAX).unwrap();
    let mut words: Vec<(u64, usize, bool)> =
        owed.iter().map(|(letter, person, kept)| (*letter, person.0 as usize, kept.hurried.is_some())).collect();
    words.sort_unstable();
    format!("{words:?}")
}

/// The same of the model.
fn model_letters(office: &Office) -> String {
    let number = |person: &str| PEOPLE.iter().position(|(code, _)| *code == person).expect("a person") + 1;
    let of = |letter: u64| READERS.map(|person| (letter, number(person), office.hurried.contains(&(letter, person))));
    let mut words: Vec<(u64, usize, bool)> = office.letters.iter().flat_map(|letter| of(*letter)).collect();
    words.sort_unstable();
    format!("{words:?}")
}

fn model_papers(model: &Model) -> String {
    let bill = |bill: &super::model::Bill| {
        let accepted: Vec<String> = bill.lines.iter().map(|(_, _, accepted)| whole(*accepted).to_string()).collect();
        format!("{} {} {:?}", bill.done, bill.receipts, accepted)
    };
    let bills: Vec<String> = model.bills.iter().map(bill).collect();
    let reports = model.reports.values().filter(|readers| readers.is_empty()).count();
    let open = model.claims.iter().filter(|(_, settled)| !settled).count();
    let (owed, claims, letters) = (model.owed, &model.claims, model_letters(&model.office));
    format!("{bills:?} owed {owed} reports {reports} claims {claims:?} open {open} letters {letters}")
}

/// A stocktake in a line, as the program has it: what each sheet says, and how every row came out.
fn take_words(read: &Reading, take: &Stocktake) -> String {
    let sheet = |sheet: &taizhang::domain::stocktake::Sheet| {
        let said = read.tallies(take.id, sheet.no).unwrap();
        let said: Vec<String> = said
            .iter()
            .map(|row| format!("{}/{} {}", row.place, row.article.expect("a known one").0, row.tally.quantity))
            .collect();
        let handed_in = sheet.hands.iter().filter(|hand| hand.submitted.is_some()).count();
        format!("{said:?} {} of {}", handed_in, sheet.hands.len())
    };
    let sheets: Vec<String> = take.sheets.iter().map(sheet).collect();
    let row = |row: &Compared| {
        let figure = |figure: &taizhang::domain::comparing::Figure| {
            let counted = figure.quantity.map_or("blank".to_owned(), |quantity| quantity.to_string());
            format!("{counted} of {}", figure.book)
        };
        let figures: Vec<String> = row.figures.iter().map(figure).collect();
        format!("{}/{} {} {figures:?}", row.place, row.article.0, row.outcome().key())
    };
    let rows: Vec<String> = read.compared(take.id, None, usize::MAX).unwrap().iter().map(row).collect();
    format!("{} {sheets:?} {rows:?}", take.stage.key())
}

/// The same of the model.
fn model_take(take: &Take) -> String {
    let sheet = |sheet: &super::count::Sheet| {
        let keys = (0..3).flat_map(|place| (0..2).map(move |article| (place, article)));
        let said = keys.filter_map(|(place, article)| Some((place, article, sheet.says(place, article, None)?.0)));
        let said: Vec<String> = said
            .map(|(place, article, much): (usize, usize, i64)| {
                format!("{}/{} {}", PLACES[place], article + 1, whole(much))
            })
            .collect();
        let handed_in = sheet.hands.iter().filter(|(_, handed_in)| *handed_in).count();
        format!("{said:?} {} of {}", handed_in, sheet.hands.len())
    };
    let sheets: Vec<String> = take.sheets.iter().map(sheet).collect();
    let row = |((place, article), row): (&(usize, usize), &Row)| {
        let figure = |figure: &super::count::Figure| {
            let counted = figure.counted.map_or("blank".to_owned(), |counted| whole(counted).to_string());
            format!("{counted} of {}", whole(figure.book))
        };
        let figures: Vec<String> = row.firsts.iter().chain(&row.again).map(figure).collect();
        let outcome = format!("{:?}", row.outcome()).to_lowercase();
        format!("{}/{} {outcome} {figures:?}", PLACES[*place], article + 1)
    };
    let rows: Vec<String> = take.rows.iter().map(row).collect();
    format!("{} {sheets:?} {rows:?}", take.stage.key())
}
