//! All orders, or those of one dealer, newest first, whatever their state.

use crate::domain::command::Command;
use crate::domain::id::{DealerId, OrderId};
use crate::domain::order::Order;
use crate::domain::shipment::Part;
use crate::domain::taking::CancelOrder;
use crate::store::books::{Books, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::order_words as said;
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight, Subject, queue};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.order", least: 12, most: 12, align: Align::Left, rank: 0 },
    Column { title: "column.day", least: 10, most: 10, align: Align::Left, rank: 4 },
    Column { title: "column.dealer", least: 10, most: 34, align: Align::Left, rank: 1 },
    Column { title: "column.amount", least: 12, most: 14, align: Align::Right, rank: 2 },
    Column { title: "column.open_amount", least: 12, most: 14, align: Align::Right, rank: 5 },
    Column { title: "column.state", least: 9, most: 14, align: Align::Left, rank: 3 },
];
/// How many dealers a filter looks through, and how many orders of each.
const FILTERED: usize = 50;

/// Orders.
pub type Orders = Listing<OrderTable>;

/// What the list of orders is about.
#[derive(Clone, Default)]
pub struct OrderTable {
    dealer: Option<DealerId>,
    of: String,
    chosen: Option<Order>,
}

impl Orders {
    /// The orders of a dealer, or all.
    pub fn of_dealer(dealer: Option<DealerId>) -> Orders {
        Listing::of(OrderTable { dealer, ..OrderTable::default() })
    }
}

impl OrderTable {
    /// The first shipment that waits, else the first one.
    fn part(&self) -> Option<(&Order, &Part)> {
        let order = self.chosen.as_ref()?;
        let part = order.parts.iter().find(|part| part.is_waiting()).or(order.parts.first())?;
        Some((order, part))
    }

    fn page(&self, sight: &Sight<'_>, need: Need<OrderId>, height: usize) -> Result<Vec<OrderId>, Fault> {
        let (books, ids) = (sight.books, |rows: Vec<Order>| rows.into_iter().map(|order| order.id).collect::<Vec<_>>());
        let above = |id: OrderId| OrderId::from_number(id.number() + 1);
        let older = |before: Option<OrderId>| match self.dealer {
            Some(dealer) => books.dealer_orders(dealer, before, height),
            None => books.orders(before, height).map(ids),
        };
        let newer = |after: Option<OrderId>| {
            let mut rows = match self.dealer {
                Some(dealer) => books.dealer_orders_after(dealer, after, height)?,
                None => ids(books.orders_after(after, height)?),
            };
            rows.reverse();
            Ok(rows)
        };
        match need {
            Need::First => older(None),
            Need::From(id) => older(Some(above(id))),
            Need::After(id) => older(Some(id)),
            Need::Before(id) => newer(Some(id)),
            Need::Last => newer(None),
        }
    }

    /// An order by its number, or the latest orders of the dealers that are found.
    fn matching(&self, sight: &Sight<'_>, query: &str) -> Result<Vec<OrderId>, Fault> {
        if let Some(order) = query.parse().ok().map_or(Ok(None), |id| sight.books.order(id))? {
            return Ok(vec![order.id]);
        }
        if let Some(order) = sight.books.tmall_order(query)? {
            return Ok(vec![order]);
        }
        let mut found = Vec::new();
        for dealer in sight.library.find_dealers(query, FILTERED) {
            if self.dealer.is_none_or(|only| only == dealer) {
                found.extend(sight.books.dealer_orders(dealer, None, FILTERED)?);
            }
        }
        found.sort_by(|one, other| other.cmp(one));
        Ok(found)
    }
}

fn row(words: &Words, order: &Order) -> Row<OrderId> {
    let state = order.state_key();
    let key = if words.has(&format!("state.{state}")) { format!("state.{state}") } else { format!("stage.{state}") };
    let cells = vec![
        Cell::plain(order.id.to_string()),
        Cell::plain(order.day.to_string()),
        Cell::plain(order.name.as_str()),
        Cell::plain(order.due().to_string()),
        match order.is_tmall() && order.paid().is_zero() {
            true => Cell::toned(words.say("order.on_platform"), Tone::Faint),
            false => Cell::plain(order.open_amount().to_string()),
        },
        Cell::plain(words.say(&key)),
    ];
    Row { id: order.id, cells }
}

impl Table for OrderTable {
    type Id = OrderId;
    const NAME: &'static str = "orders";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "list.empty";
    const ACTS: &'static [Act<Orders>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Order)) },
        Act {
            name: "row.new",
            command: |_| Some("enter_order"),
            deed: Deed::Open(|pane| Some(Opening::OrderForm(pane.of.dealer))),
        },
        Act {
            name: "row.edit",
            command: |_| Some("change_order"),
            deed: Deed::Open(|pane| pane.at().map(Opening::OrderChange)),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|order| Opening::Journal(Subject::Order(order)))),
        },
        Act {
            name: "view.cycle",
            command: |_| None,
            deed: Deed::Read(|pane| {
                let chosen = pane.of.chosen.as_ref().and_then(Order::dealer);
                pane.of.dealer = if pane.of.dealer.is_some() { None } else { chosen };
                pane.restart();
            }),
        },
        Act {
            name: "order.step",
            command: |_| None,
            deed: Deed::Ask(|pane, words| {
                let (order, part) = pane.of.part()?;
                Some(queue::step(order, part, words, pane.lines()))
            }),
        },
        Act {
            name: "order.tmall",
            command: |_| Some("enter_tmall_order"),
            deed: Deed::Open(|_| Some(Opening::TmallForm(None))),
        },
        Act {
            name: "order.take_back",
            command: |_| Some("take_back_goods"),
            deed: Deed::Open(|pane| pane.at().map(Opening::ReturnForm)),
        },
        Act {
            name: "order.cancel",
            command: |_| Some("cancel_order"),
            deed: Deed::Ask(|pane, _| {
                let order = pane.of.chosen.as_ref()?;
                let id = order.id;
                let make = move |reason| Command::CancelOrder(CancelOrder { order: id, reason });
                Some(Ask::with_reason(format!("{} {}", order.id, order.name), vec![], make))
            }),
        },
    ];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("pane.orders"), self.of).trim_end().to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<OrderId>,
        height: usize,
    ) -> Result<Vec<Row<OrderId>>, Fault> {
        let ids = match query {
            "" => self.page(sight, need, height)?,
            query => need.page_of(&self.matching(sight, query)?, |id| *id, height).to_vec(),
        };
        let orders = ids.into_iter().filter_map(|id| sight.books.order(id).transpose());
        orders.map(|order| Ok(row(sight.words, &order?))).collect()
    }

    fn scout(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<OrderId>) -> Result<Vec<Line>, Fault> {
        self.of = match self.dealer {
            Some(dealer) => sight.books.dealer(dealer)?.map_or_else(String::new, |dealer| dealer.file.name.to_string()),
            None => String::new(),
        };
        self.chosen = at.map_or(Ok(None), |id| sight.books.order(id))?;
        let Some(order) = &self.chosen else { return Ok(vec![]) };
        let mut detail: Vec<Line> = said::head(sight, order).into_iter().map(Line::plain).collect();
        for part in &order.parts {
            detail.extend(said::part(sight, order, part)?);
        }
        Ok(detail)
    }
}
