//! What can be asked in the warehouse, with everything it names. Bills, orders and stocktakes are named by their place, from
//! 0; goods are counted in whole units of their base unit.

use serde_json::{Value, json};

/// The articles, by code.
pub const ARTICLES: [&str; 2] = ["A1", "B1"];
/// The places, by code; the first is the one without a code.
pub const PLACES: [&str; 3] = ["", "P1", "P2"];

/// What was found of goods that came against a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Accepted,
    DamagedKept,
    Damaged,
    Over,
    Wrong,
}

/// What becomes of damaged goods, or of goods that come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Sound,
    Damaged,
    WrittenOff,
    ToFactory,
}

/// A line of goods that came against a bill.
#[derive(Debug, Clone)]
pub struct Came {
    pub article: usize,
    pub much: i64,
    pub found: Found,
    pub place: Option<usize>,
}

/// What a stocktake counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Whole,
    Places(Vec<usize>),
    Articles(Vec<usize>),
}

/// Something asked.
#[derive(Debug, Clone)]
pub enum Ask {
    Receive { article: usize, much: i64 },
    EnterBill { number: u8, lines: Vec<(usize, i64)> },
    ReceiveBill { bill: usize, seen: u16, lines: Vec<Came>, last: bool },
    Match { bill: usize, seen: u16, receipt: usize, last: bool },
    Read { receipt: usize },
    Move { lines: Vec<(usize, i64, Option<usize>)>, to: usize, damaged: bool },
    Spoil { article: usize, much: i64, from: Option<usize>, reasoned: bool },
    Settle { article: usize, much: i64, from: Option<usize>, fate: Fate, reasoned: bool },
    Sell { number: u8, article: usize, much: i64 },
    Pack { order: usize },
    Unpack { order: usize, reasoned: bool },
    Label { order: usize },
    Ship { order: usize },
    Back { order: usize, lines: Vec<i64>, fate: Fate, place: Option<usize>, fates: Vec<(Fate, Option<usize>)> },
    Open { scope: Scope, one_sheet: bool, frozen: bool, quarterly: bool, counters: Vec<&'static str>, finance: bool },
    Count { take: usize, place: usize, article: usize, much: i64 },
    Set { take: usize, to: i64 },
    Undo { take: usize },
    Submit { take: usize, blanks: Option<u32> },
    Appoint { take: usize, people: Vec<&'static str> },
    Explain { take: usize, place: usize, article: usize, worded: bool },
    Agree { take: usize },
    Confirm { take: usize },
    Abandon { take: usize, reasoned: bool },
    MadeGood { claim: usize, reasoned: bool },
    CloseDay { day: u8 },
    Address { person: &'static str, given: bool },
    Hurry { letter: u64, person: &'static str },
}

/// A stocktake's number, by its place.
pub fn stocktake(take: usize) -> String {
    format!("PD{:06}", take + 1)
}

/// A bill's number, by its place.
pub fn bill(bill: usize) -> String {
    format!("ZD{:06}", bill + 1)
}

/// An order's number, by its place.
pub fn order(order: usize) -> String {
    format!("XS2611{:06}", order + 1)
}

fn receipt(receipt: usize) -> String {
    format!("RK{:06}", receipt + 1)
}

fn why(reasoned: bool) -> &'static str {
    if reasoned { "理由" } else { "" }
}

fn place(named: Option<usize>) -> Option<&'static str> {
    named.map(|at| PLACES[at])
}

impl Fate {
    fn key(self) -> &'static str {
        match self {
            Fate::Sound => "sound",
            Fate::Damaged => "damaged",
            Fate::WrittenOff => "written_off",
            Fate::ToFactory => "to_factory",
        }
    }
}

impl Found {
    fn key(self) -> &'static str {
        match self {
            Found::Accepted => "accepted",
            Found::DamagedKept => "damaged_kept",
            Found::Damaged => "damaged",
            Found::Over => "over",
            Found::Wrong => "wrong",
        }
    }
}

fn goods(article: usize, much: i64) -> Value {
    json!({"article": ARTICLES[article], "quantity": much.to_string()})
}

fn on_shelf(article: usize, much: i64, from: Option<usize>) -> Value {
    json!({"article": ARTICLES[article], "quantity": much.to_string(), "from": place(from)})
}

impl Ask {
    /// The command as `post` would read it.
    pub fn command(&self) -> Value {
        match self {
            Ask::Receive { article, much } => {
                json!({"do": "receive_goods", "from": "delivery", "lines": [goods(*article, *much)]})
            }
            Ask::EnterBill { number, lines } => {
                let lines: Value = lines.iter().map(|(article, much)| goods(*article, *much)).collect();
                json!({"do": "enter_bill", "number": format!("F{number}"), "factory": "厂", "day": "2026-11-02",
                    "lines": lines})
            }
            Ask::ReceiveBill { bill: at, seen, lines, last } => {
                let line = |came: &Came| {
                    json!({"article": ARTICLES[came.article], "quantity": came.much.to_string(),
                        "found": came.found.key(), "place": place(came.place)})
                };
                let lines: Value = lines.iter().map(line).collect();
                json!({"do": "receive_bill", "bill": bill(*at), "seen": seen, "lines": lines, "last": last})
            }
            Ask::Match { bill: at, seen, receipt: before, last } => {
                json!({"do": "receive_bill", "bill": bill(*at), "seen": seen, "before": receipt(*before), "last": last})
            }
            Ask::Read { receipt: at } => json!({"do": "read_report", "report": receipt(*at)}),
            Ask::Move { lines, to, damaged } => {
                let lines: Value = lines.iter().map(|(article, much, from)| on_shelf(*article, *much, *from)).collect();
                json!({"do": "move_goods", "lines": lines, "to": PLACES[*to], "damaged": damaged})
            }
            Ask::Spoil { article, much, from, reasoned } => {
                json!({"do": "mark_damaged", "lines": [on_shelf(*article, *much, *from)], "cause": why(*reasoned)})
            }
            Ask::Settle { article, much, from, fate, reasoned } => {
                let outcome = if *fate == Fate::Sound { "restored" } else { fate.key() };
                json!({"do": "settle_damaged", "lines": [on_shelf(*article, *much, *from)], "outcome": outcome,
                    "reason": why(*reasoned)})
            }
            _ => self.shipment().or_else(|| self.office()).unwrap_or_else(|| self.count()),
        }
    }

    fn office(&self) -> Option<Value> {
        Some(match self {
            Ask::MadeGood { claim, reasoned } => {
                json!({"do": "settle_claim", "claim": format!("PC{:06}", claim + 1), "reason": why(*reasoned)})
            }
            Ask::CloseDay { day } => json!({"do": "close_day", "day": format!("2026-11-{day:02}")}),
            Ask::Address { person, given } => {
                let address = if *given { format!("{person}@example.com") } else { String::new() };
                json!({"do": "set_address", "person": person, "address": address})
            }
            Ask::Hurry { letter, person } => json!({"do": "hurry_letter", "letter": letter, "person": person}),
            _ => return None,
        })
    }

    fn shipment(&self) -> Option<Value> {
        Some(match self {
            Ask::Sell { number, article, much } => {
                json!({"do": "enter_tmall_order", "number": format!("TM{number}"), "buyer": "x",
                    "paid_at": "2026-11-02T08:00:00+08:00", "lines": [goods(*article, *much)],
                    "to": {"name": "x", "address": "x"}})
            }
            Ask::Pack { order: at } => json!({"do": "pack_shipment", "order": order(*at)}),
            Ask::Unpack { order: at, reasoned } => {
                json!({"do": "unpack_shipment", "order": order(*at), "reason": why(*reasoned)})
            }
            Ask::Label { order: at } => {
                json!({"do": "note_waybill", "order": order(*at), "carrier": "other", "number": format!("WB-{at:04}")})
            }
            Ask::Ship { order: at } => json!({"do": "ship_shipment", "order": order(*at)}),
            Ask::Back { order: at, lines, fate, place: to, fates } => {
                let lines: Value = lines.iter().map(|much| json!([1, much.to_string()])).collect();
                let one = |(fate, to): &(Fate, Option<usize>)| json!({"became": fate.key(), "place": place(*to)});
                let fates: Value = fates.iter().map(one).collect();
                json!({"do": "take_back_goods", "order": order(*at), "lines": lines, "reason": "理由",
                    "became": fate.key(), "place": place(*to), "fates": fates})
            }
            _ => return None,
        })
    }

    fn count(&self) -> Value {
        let of = |name: &str, take: &usize| json!({"do": name, "stocktake": stocktake(*take)});
        let (mut command, more) = match self {
            Ask::Open { scope, one_sheet, frozen, quarterly, counters, finance } => {
                let (places, articles): (Vec<&str>, Vec<&str>) = match scope {
                    Scope::Whole => (vec![], vec![]),
                    Scope::Places(places) => (places.iter().map(|at| PLACES[*at]).collect(), vec![]),
                    Scope::Articles(articles) => (vec![], articles.iter().map(|at| ARTICLES[*at]).collect()),
                };
                let present: &[&str] = if *finance { &["money"] } else { &[] };
                let kind = if *quarterly { "quarterly" } else { "any_day" };
                let method = if *one_sheet { "one_sheet" } else { "two_sheets" };
                return json!({"do": "open_stocktake", "kind": kind, "places": places, "articles": articles,
                    "frozen": frozen, "method": method, "counters": counters, "present": present});
            }
            Ask::Count { take, place, article, much } => (
                of("count_goods", take),
                json!({"place": PLACES[*place], "code": ARTICLES[*article], "quantity": much.to_string()}),
            ),
            Ask::Set { take, to } => (of("correct_count", take), json!({"to": to.to_string()})),
            Ask::Undo { take } => (of("undo_count", take), json!({})),
            Ask::Submit { take, blanks } => (of("submit_sheet", take), json!({"blanks": blanks})),
            Ask::Appoint { take, people } => (of("appoint_recount", take), json!({"people": people})),
            Ask::Explain { take, place, article, worded } => (
                of("explain_difference", take),
                json!({"place": PLACES[*place], "article": ARTICLES[*article], "cause": why(*worded), "party": "仓管",
                    "proposal": "补亏"}),
            ),
            Ask::Agree { take } => (of("agree_stocktake", take), json!({})),
            Ask::Confirm { take } => (of("confirm_stocktake", take), json!({})),
            Ask::Abandon { take, reasoned } => (of("abandon_stocktake", take), json!({"reason": why(*reasoned)})),
            other => panic!("{other:?} is not about a stocktake"),
        };
        let fields = command.as_object_mut().expect("an object");
        fields.extend(more.as_object().expect("an object").clone());
        command
    }
}
