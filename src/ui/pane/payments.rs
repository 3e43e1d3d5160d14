//! The incoming payments, newest first: what is to be confirmed, what was made of the others, what is kept aside.
//!
//! Each open payment shows the dealer that it probably comes from and why. Finance confirms, splits, keeps as credit or
//! gives back; nobody else can (M3.0).

use std::cell::RefCell;
use std::rc::Rc;

use crate::domain::command::Command;
use crate::domain::flow::Channel;
use crate::domain::id::{FlowId, ImportId};
use crate::domain::payment::{Posted, Standing, Treatment};
use crate::domain::settling::ReturnPayment;
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::suggestion::{Suggestion, suggestion};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, Subject};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 2 },
    Column { title: "column.payer", least: 8, most: 20, align: Align::Left, rank: 1 },
    Column { title: "column.amount", least: 12, most: 14, align: Align::Right, rank: 0 },
    Column { title: "column.state", least: 10, most: 10, align: Align::Left, rank: 3 },
    Column { title: "column.suggested", least: 14, most: 34, align: Align::Left, rank: 4 },
    Column { title: "column.flow", least: 10, most: 10, align: Align::Left, rank: 5 },
];
/// How many flows a filter looks at, and at most a look for those of an import.
const FILTERED: usize = 3_000;
/// How many flows are looked at in one go for those of an import, which mostly are the newest.
const LOOKED_AT: usize = 128;

/// Which flows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Which {
    #[default]
    Open,
    All,
}

/// The incoming payments.
pub type Payments = Listing<PaymentTable>;

/// What the list of payments is about.
#[derive(Clone, Default)]
pub struct PaymentTable {
    which: Which,
    /// The flows of the page that was read last. A posted flow never changes, so the chosen one need not be read again.
    page: RefCell<Rc<[Posted]>>,
    chosen: Option<Posted>,
    open: crate::domain::money::Money,
}

impl PaymentTable {
    fn page(&self, sight: &Sight<'_>, need: Need<FlowId>, height: usize) -> Result<Vec<Posted>, Fault> {
        let open = self.which == Which::Open;
        let newest_first = |mut rows: Vec<Posted>| {
            rows.reverse();
            rows
        };
        match need {
            Need::First => sight.books.flows(None, open, height),
            Need::From(id) => sight.books.flows(Some(FlowId(id.0 + 1)), open, height),
            Need::After(id) => sight.books.flows(Some(id), open, height),
            Need::Before(id) => sight.books.flows_after(Some(id), open, height).map(newest_first),
            Need::Last => sight.books.flows_after(None, open, height).map(newest_first),
        }
    }

    /// A posted flow: of the page if it stands there, else of the books.
    fn posted(&self, sight: &Sight<'_>, id: FlowId) -> Result<Option<Posted>, Fault> {
        let kept = self.page.borrow().iter().find(|posted| posted.id == id).cloned();
        kept.map_or_else(|| sight.books.flow(id), |posted| Ok(Some(posted)))
    }

    /// The flows whose number, payer, account, remark or amount fits the filter.
    fn matching(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<FlowId>,
        height: usize,
    ) -> Result<Vec<Posted>, Fault> {
        let plain = query.replace(',', "");
        let dealers = sight.library.find_dealers(query, 20);
        let names: Vec<Text> = dealers
            .iter()
            .filter_map(|id| sight.books.dealer(*id).ok().flatten())
            .map(|dealer| dealer.file.name)
            .collect();
        let fits = |posted: &Posted| {
            let flow = &posted.flow;
            let texts = [&flow.payer, &flow.payer_account, &flow.number, &flow.order_ref, &flow.remark];
            let amount = flow.amount.to_string().replace(',', "");
            texts.iter().any(|text| text.contains(query))
                || amount.starts_with(&plain)
                || posted.id.to_string().contains(&query.to_ascii_uppercase())
                || names.contains(&flow.payer)
        };
        let mut found = sight.books.flows(None, self.which == Which::Open, FILTERED)?;
        found.retain(fits);
        Ok(need.page_of(&found, |posted| posted.id, height).to_vec())
    }
}

/// Through whom a flow came: the channel of the receiving account.
pub(super) fn channel(sight: &Sight<'_>, posted: &Posted) -> Result<Channel, Fault> {
    Ok(sight.books.account(posted.account)?.map_or(Channel::Bank, |account| account.channel))
}

fn suggested(sight: &Sight<'_>, posted: &Posted, treatment: Option<&Treatment>) -> Result<Option<Suggestion>, Fault> {
    let open = posted.open(treatment);
    if open.is_positive() { suggestion(sight.books, posted, channel(sight, posted)?, open) } else { Ok(None) }
}

fn row(sight: &Sight<'_>, posted: &Posted) -> Result<Row<FlowId>, Fault> {
    let flow = &posted.flow;
    let treatment = sight.books.treatment(posted.id)?;
    let open = posted.open(treatment.as_ref());
    let state = match (flow.is_payment(), open.is_positive(), treatment.is_some()) {
        (false, ..) => Cell::toned(sight.words.say(&format!("class.{}", class_key(flow.class))), Tone::Faint),
        (true, true, false) => Cell::toned(sight.words.say("payment.to_confirm"), Tone::Soon),
        (true, true, true) => Cell::toned(sight.words.say("payment.partly"), Tone::Soon),
        (true, false, _) => Cell::toned(sight.words.say("payment.done"), Tone::Done),
    };
    let hint = match suggested(sight, posted, treatment.as_ref())? {
        Some(found) => format!("{} {}", dealer_name(sight, found.dealer)?, orders_of(&found)),
        None => String::new(),
    };
    let payer = if flow.payer.is_empty() { sight.mask().account(&flow.payer_account) } else { flow.payer.clone() };
    let cells = vec![
        Cell::plain(flow.time.short(sight.settings.zone)),
        Cell::plain(payer.as_str()),
        Cell::plain(flow.amount.to_string()),
        state,
        Cell::plain(hint),
        Cell::plain(posted.id.to_string()),
    ];
    Ok(Row { id: posted.id, cells })
}

fn class_key(class: crate::domain::flow::FlowClass) -> String {
    serde_json::to_value(class).ok().and_then(|class| class.as_str().map(str::to_owned)).unwrap_or_default()
}

fn dealer_name(sight: &Sight<'_>, id: crate::domain::id::DealerId) -> Result<String, Fault> {
    Ok(sight.books.dealer(id)?.map_or_else(|| id.to_string(), |dealer| dealer.file.name.to_string()))
}

fn orders_of(found: &Suggestion) -> String {
    found.orders.iter().map(|(order, _)| order.to_string()).collect::<Vec<_>>().join(",")
}

/// A payment in words: what the statement says, what was made of it, what is suggested and why.
pub(super) fn payment_lines(
    sight: &Sight<'_>,
    posted: &Posted,
    treatment: Option<&Treatment>,
) -> Result<Vec<Line>, Fault> {
    let (words, zone, flow) = (sight.words, sight.settings.zone, &posted.flow);
    let account = sight.books.account(posted.account)?.map_or_else(String::new, |account| account.name.to_string());
    let mut lines = vec![
        Line::title(format!("{}  {}  {}  {}", posted.id, flow.time.full(zone), flow.amount, flow.payer)),
        Line::plain(words.say_with(
            "payment.source",
            &[
                ("account", &account),
                ("number", &flow.number),
                ("payer", &sight.mask().account(&flow.payer_account)),
                ("remark", &flow.remark),
            ],
        )),
    ];
    if let Some(treatment) = treatment {
        let orders: Vec<String> =
            treatment.allocations.iter().map(|(order, amount)| format!("{order} {amount}")).collect();
        lines.push(Line::plain(words.say_with(
            "payment.treated",
            &[
                ("by", &super::order_words::name(sight.books, treatment.by)?),
                ("at", &treatment.at.short(zone)),
                ("orders", &orders.join(", ")),
                ("credit", &treatment.to_credit),
                ("returned", &treatment.returned),
            ],
        )));
    }
    if let Some(found) = suggested(sight, posted, treatment)? {
        let orders: Vec<String> = found.orders.iter().map(|(order, amount)| format!("{order} {amount}")).collect();
        let why = words.say(found.why).to_owned();
        let dealer = dealer_name(sight, found.dealer)?;
        lines.push(Line::plain(words.say_with(
            "suggest.line",
            &[("dealer", &dealer), ("why", &why), ("orders", &orders.join(", ")), ("left", &found.left)],
        )));
        lines.extend(standing_lines(sight, &found)?);
    } else if posted.open(treatment).is_positive() {
        lines.push(Line::toned(words.say("suggest.nothing"), Tone::Soon));
    }
    Ok(lines)
}

/// What M1.1b means for the payment: both totals side by side where the account is not registered.
fn standing_lines(sight: &Sight<'_>, found: &Suggestion) -> Result<Vec<Line>, Fault> {
    let key = match found.standing {
        Standing::Registered => return Ok(vec![]),
        Standing::NotRegistered => "payment.not_registered",
        Standing::Unreadable => "payment.unreadable",
    };
    let mut lines = vec![Line::toned(sight.words.say(key), Tone::Late)];
    for (order, _) in found.orders.iter().take(5) {
        let Some(order) = sight.books.order(*order)? else { continue };
        let values = [
            ("order", &order.id as &dyn std::fmt::Display),
            ("tier", &order.tier_total()),
            ("retail", &order.retail_total()),
        ];
        lines.push(Line::plain(sight.words.say_with("payment.totals", &values)));
    }
    Ok(lines)
}

impl Table for PaymentTable {
    type Id = FlowId;
    const NAME: &'static str = "payments";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "payment.none";
    const ACTS: &'static [Act<Payments>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Payment)) },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|payment| Opening::Journal(Subject::Payment(payment)))),
        },
        Act {
            name: "view.cycle",
            command: |_| None,
            deed: Deed::Read(|pane| {
                pane.of.which = if pane.of.which == Which::Open { Which::All } else { Which::Open };
                pane.restart();
            }),
        },
        Act {
            name: "payment.import",
            command: |_| Some("import_statement"),
            deed: Deed::Open(|_| Some(Opening::Import)),
        },
        Act {
            name: "payment.confirm",
            command: |_| Some("confirm_payment"),
            deed: Deed::Open(|pane| pane.at().map(Opening::PaymentForm)),
        },
        Act { name: "payment.give_back", command: |_| Some("return_payment"), deed: Deed::Ask(give_back) },
    ];

    fn title(&self, words: &Words) -> String {
        let which = if self.which == Which::Open { "payment.which_open" } else { "payment.which_all" };
        format!("{}  {}", words.say("pane.payments"), words.say(which))
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<FlowId>,
        height: usize,
    ) -> Result<Vec<Row<FlowId>>, Fault> {
        let flows = match query {
            "" => self.page(sight, need, height)?,
            query => self.matching(sight, query, need, height)?,
        };
        let rows = flows.iter().map(|posted| row(sight, posted)).collect();
        // Past the last page a list keeps the rows that it shows.
        if !flows.is_empty() {
            self.page.replace(flows.into());
        }
        rows
    }

    fn imported(&self, sight: &Sight<'_>, import: ImportId) -> Result<Option<FlowId>, Fault> {
        let mut before = None;
        for _ in 0..FILTERED / LOOKED_AT {
            let newest = sight.books.flows(before, true, LOOKED_AT)?;
            if let Some(found) = newest.iter().find(|posted| posted.import == import) {
                return Ok(Some(found.id));
            }
            let Some(last) = newest.last() else { break };
            before = Some(last.id);
        }
        Ok(None)
    }

    fn scout(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<FlowId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| self.posted(sight, id))?;
        let Some(posted) = &self.chosen else { return Ok(vec![]) };
        let treatment = sight.books.treatment(posted.id)?;
        self.open = posted.open(treatment.as_ref());
        payment_lines(sight, posted, treatment.as_ref())
    }
}

fn give_back(pane: &Payments, words: &Words) -> Option<Ask> {
    let posted = pane.of.chosen.as_ref()?;
    let (payment, amount) = (posted.id, pane.of.open);
    let title = format!("{payment} {}", posted.flow.payer);
    let lines = vec![words.say_with("payment.giving_back", &[("amount", &amount)])];
    let make = move |reason| Command::ReturnPayment(ReturnPayment { payment, amount, reason });
    Some(Ask::with_reason(title, lines, make).confirmed_by(Confirm::Pin))
}

#[cfg(test)]
mod tests;
