//! The pending shipments, the most urgent first, and below them the orders that wait for money.
//!
//! What F8 does follows from the stage of the chosen shipment: sign, pack, note the waybill, ship. A row is an order
//! and a shipment, so that the choice stays with its order when money or another terminal moves it.

use crate::domain::command::Command;
use crate::domain::id::OrderId;
use crate::domain::order::Order;
use crate::domain::settling::{TolerateShortfall, UseCredit};
use crate::domain::shipment::{Part, Stage};
use crate::domain::shipping::{NoteWaybill, PackShipment, ShipShipment, UnpackShipment};
use crate::domain::signing::{ExceptShipment, LiftObjection, ObjectShipment, SignShipment};
use crate::domain::taking::CancelOrder;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::domain::waybill::Carrier;
use crate::store::books::{Books, Fault, QueueRow};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::order_words as said;
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Opening, Sight, Subject, queue_find};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.order", least: 12, most: 12, align: Align::Left, rank: 0 },
    Column { title: "column.dealer", least: 10, most: 30, align: Align::Left, rank: 1 },
    Column { title: "column.signed", least: 6, most: 6, align: Align::Left, rank: 3 },
    Column { title: "column.left", least: 10, most: 10, align: Align::Right, rank: 2 },
    Column { title: "column.urgent", least: 5, most: 7, align: Align::Left, rank: 2 },
    Column { title: "column.stage", least: 8, most: 14, align: Align::Left, rank: 4 },
    Column { title: "column.awaits", least: 10, most: 22, align: Align::Left, rank: 5 },
    Column { title: "column.amount", least: 12, most: 14, align: Align::Right, rank: 6 },
];

/// The pending shipments.
pub type Queue = Listing<QueueTable>;

/// What the queue is about.
#[derive(Clone, Default)]
pub struct QueueTable {
    /// The chosen order, as of the last look.
    chosen: Option<(Order, u8)>,
    warn_hours: u16,
}

impl QueueTable {
    fn part(&self) -> Option<(&Order, Option<&Part>)> {
        let (order, no) = self.chosen.as_ref()?;
        Some((order, order.parts.iter().find(|part| part.no == *no)))
    }
}

fn page(sight: &Sight<'_>, need: Need<QueueRow>, height: usize) -> Result<Vec<QueueRow>, Fault> {
    let reversed = |mut rows: Vec<QueueRow>| {
        rows.reverse();
        rows
    };
    let end = QueueRow { deadline: None, order: OrderId::from_number(u64::MAX), part: u8::MAX };
    match need {
        Need::First => sight.books.queue(None, height),
        Need::After(row) => sight.books.queue(Some(row), height),
        Need::From(row) => {
            let before = OrderId::from_number(row.order.number().saturating_sub(1));
            let just_before = match row.part.checked_sub(1) {
                Some(part) => QueueRow { part, ..row },
                None => QueueRow { order: before, part: u8::MAX, ..row },
            };
            sight.books.queue(Some(just_before), height)
        }
        Need::Before(row) => sight.books.queue_before(row, height).map(reversed),
        Need::Last => sight.books.queue_before(end, height).map(reversed),
    }
}

fn row(sight: &Sight<'_>, place: QueueRow) -> Result<Row<QueueRow>, Fault> {
    let Some(order) = sight.books.order(place.order)? else {
        return Err(Fault::Missing { table: "orders", key: place.order.number() });
    };
    let part = order.parts.iter().find(|part| part.no == place.part);
    let stage = part.map_or(Stage::Money, Part::stage);
    let number = if order.parts.len() > 1 { format!("{}-{}", order.id, place.part) } else { order.id.to_string() };
    let (left, urgent) = countdown_cells(sight.words, place.deadline, sight.now, sight.settings.warn_hours);
    let stage_tone = if part.is_some_and(|part| part.objection.is_some()) { Tone::Late } else { Tone::Plain };
    let amount = if part.is_some() { order.due() } else { order.open_amount() };
    let cells = vec![
        Cell::plain(number),
        Cell::plain(order.name.as_str()),
        Cell::plain(part.map_or_else(String::new, |part| said::marks(sight.words, part))),
        left,
        urgent,
        Cell::toned(sight.words.say(&format!("stage.{}", stage.key())), stage_tone),
        Cell::plain(said::awaited(sight.words, part)),
        Cell::plain(amount.to_string()),
    ];
    Ok(Row { id: place, cells })
}

fn countdown_cells(words: &Words, deadline: Option<Moment>, now: Moment, warn_hours: u16) -> (Cell, Cell) {
    let Some(deadline) = deadline else { return (Cell::default(), Cell::default()) };
    let (word, tone) = said::urgency(words, deadline, now, warn_hours);
    (Cell::toned(said::countdown(deadline.seconds_since(now)), tone), Cell::toned(word, tone))
}

/// The order of the chosen row.
fn chosen(pane: &Queue) -> Option<OrderId> {
    pane.at().map(|row| row.order)
}

impl Table for QueueTable {
    type Id = QueueRow;
    const NAME: &'static str = "queue";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "queue.empty";
    const ACTS: &'static [Act<Queue>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| chosen(pane).map(Opening::Order)) },
        Act { name: "row.new", command: |_| Some("enter_order"), deed: Deed::Open(|_| Some(Opening::OrderForm(None))) },
        Act {
            name: "row.edit",
            command: |_| Some("change_order"),
            deed: Deed::Open(|pane| chosen(pane).map(Opening::OrderChange)),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| chosen(pane).map(|order| Opening::Journal(Subject::Order(order)))),
        },
        Act { name: "view.cycle", command: |_| None, deed: Deed::Open(|_| Some(Opening::Orders(None))) },
        Act { name: "queue.advance", command: |pane| pane.of.part().map(next_command), deed: Deed::Ask(advance) },
        Act { name: "queue.waybill", command: |_| Some("note_waybill"), deed: Deed::Ask(note_waybill) },
        Act { name: "queue.unpack", command: |_| Some("unpack_shipment"), deed: Deed::Ask(unpack) },
        Act { name: "queue.two_sign", command: |_| Some("except_shipment"), deed: Deed::Ask(two_sign) },
        Act { name: "queue.object", command: |_| Some("object_shipment"), deed: Deed::Ask(object) },
        Act { name: "queue.lift", command: |_| Some("lift_objection"), deed: Deed::Ask(lift) },
        Act { name: "queue.credit", command: |_| Some("use_credit"), deed: Deed::Ask(use_credit) },
        Act { name: "queue.tolerate", command: |_| Some("tolerate_shortfall"), deed: Deed::Ask(tolerate) },
        Act { name: "queue.cancel", command: |_| Some("cancel_order"), deed: Deed::Ask(cancel) },
        Act { name: "queue.sort", command: |_| None, deed: Deed::Read(|pane| pane.restart()) },
    ];

    fn title(&self, words: &Words) -> String {
        format!("{}  {}", words.say("pane.queue"), words.say("queue.by_time"))
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<QueueRow>,
        height: usize,
    ) -> Result<Vec<Row<QueueRow>>, Fault> {
        let places = match query {
            "" => page(sight, need, height)?,
            query => need.page_of(&queue_find::matching(sight, query)?, |place| *place, height).to_vec(),
        };
        places.into_iter().map(|place| row(sight, place)).collect()
    }

    fn scout(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<QueueRow>) -> Result<Vec<Line>, Fault> {
        self.warn_hours = sight.settings.warn_hours;
        self.chosen = None;
        let Some(at) = at else { return Ok(vec![]) };
        let Some(order) = sight.books.order(at.order)? else { return Ok(vec![]) };
        let mut detail = vec![Line::title(said::head(sight, &order).join("  "))];
        if let Some(part) = order.parts.iter().find(|part| part.no == at.part) {
            detail.extend(said::part(sight, &order, part)?);
        }
        detail.extend(said::lines(sight.books, sight.words, &order)?.into_iter().map(Line::plain));
        self.chosen = Some((order, at.part));
        Ok(detail)
    }

    /// The place of the chosen order may have changed: money gives it a deadline. The choice goes with the order.
    fn moved(&self, sight: &Sight<'_>, at: QueueRow) -> Result<Option<QueueRow>, Fault> {
        let Some(order) = sight.books.order(at.order)? else { return Ok(None) };
        let waiting = order.parts.iter().find(|part| part.is_waiting() && (part.no == at.part || at.part == 0));
        let place = waiting.map(|part| QueueRow { deadline: Some(part.deadline), order: order.id, part: part.no });
        Ok(place.filter(|place| *place != at))
    }

    fn tick(&self, rows: &mut [Row<QueueRow>], now: Moment, words: &Words) {
        for row in rows {
            let (left, urgent) = countdown_cells(words, row.id.deadline, now, self.warn_hours);
            if let [_, _, _, at_left, at_urgent, ..] = &mut row.cells[..] {
                (*at_left, *at_urgent) = (left, urgent);
            }
        }
    }
}

/// The command that the stage of a shipment asks for next.
fn next_command((_, part): (&Order, Option<&Part>)) -> &'static str {
    match part.map_or(Stage::Money, Part::stage) {
        Stage::Money => "confirm_payment",
        Stage::Signing => "sign_shipment",
        Stage::Packing => "pack_shipment",
        Stage::Waybill => "note_waybill",
        Stage::Ready | Stage::Shipped | Stage::Closed => "ship_shipment",
    }
}

/// F8: the next step of the chosen shipment, for a question that shows what is about to be done.
pub(super) fn step(order: &Order, part: &Part, words: &Words, seen: &[Line]) -> Ask {
    let title = format!("{} {}", order.id, order.name);
    let lines: Vec<String> = seen.iter().map(|line| line.words.clone()).collect();
    let (order_id, no) = (order.id, part.no);
    match part.stage() {
        Stage::Money | Stage::Signing => {
            let seen = order.fingerprint(no);
            let command = Command::SignShipment(SignShipment { order: order_id, part: no, seen });
            Ask::plain(title, lines, command).confirmed_by(Confirm::Pin)
        }
        Stage::Packing => {
            let command = Command::PackShipment(PackShipment { order: order_id, part: no });
            Ask::plain(title, lines, command).confirmed_by(Confirm::F8)
        }
        Stage::Waybill => waybill(order_id, no, title, words),
        Stage::Ready | Stage::Shipped | Stage::Closed => {
            let command = Command::ShipShipment(ShipShipment { order: order_id, part: no });
            Ask::plain(title, lines, command).confirmed_by(Confirm::F8)
        }
    }
}

fn advance(pane: &Queue, words: &Words) -> Option<Ask> {
    let (order, part) = pane.of.part()?;
    Some(step(order, part?, words, pane.lines()))
}

fn waybill(order: OrderId, part: u8, title: String, words: &Words) -> Ask {
    let carriers = Carrier::ALL.iter().map(|carrier| (carrier.key().to_owned(), format!("carrier.{}", carrier.key())));
    // The number comes first: a scan goes to the field that is in focus.
    let fields = vec![
        Field::line("number", "field.waybill", input::Kind::Code).needed(),
        Field::choice("carrier", "field.carrier", carriers.collect()),
    ];
    let make = move |filled: &Filled<'_>| {
        let carrier = Carrier::ALL.iter().copied().find(|carrier| carrier.key() == filled("carrier"));
        let carrier = carrier.ok_or_else(|| -> Objection { ("carrier", "input.needed".to_owned()) })?;
        Ok(Command::NoteWaybill(NoteWaybill { order, part, carrier, number: Text::new(&filled("number")) }))
    };
    let lines = vec![words.say("queue.scan_waybill").to_owned()];
    Ask { title, lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) }
}

fn note_waybill(pane: &Queue, words: &Words) -> Option<Ask> {
    let (order, part) = pane.of.part()?;
    Some(waybill(order.id, part?.no, format!("{} {}", order.id, order.name), words))
}

/// A command of the chosen shipment that needs a written reason.
fn reasoned(pane: &Queue, make: fn(OrderId, u8, Text) -> Command) -> Option<Ask> {
    let (order, part) = pane.of.part()?;
    let (id, no) = (order.id, part.map_or(0, |part| part.no));
    Some(Ask::with_reason(format!("{} {}", order.id, order.name), vec![], move |reason| make(id, no, reason)))
}

fn two_sign(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, part, reason| Command::ExceptShipment(ExceptShipment { order, part, reason }))
}

fn object(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, part, reason| Command::ObjectShipment(ObjectShipment { order, part, reason }))
}

fn lift(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, part, reason| Command::LiftObjection(LiftObjection { order, part, reason }))
}

fn unpack(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, part, reason| Command::UnpackShipment(UnpackShipment { order, part, reason }))
}

fn cancel(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, _, reason| Command::CancelOrder(CancelOrder { order, reason }))
}

/// The dealer's credit goes to the chosen order, as much as is open of it at first.
fn use_credit(pane: &Queue, _: &Words) -> Option<Ask> {
    let (order, _) = pane.of.part()?;
    let id = order.id;
    let open = order.open_amount().to_string().replace(',', "");
    let fields = vec![Field::line("amount", "field.amount", input::Kind::Money).needed().holding(&open)];
    let make = move |filled: &Filled<'_>| {
        let amount =
            filled("amount").parse().map_err(|_| -> Objection { ("amount", "input.not_an_amount".to_owned()) })?;
        Ok(Command::UseCredit(UseCredit { order: id, amount }))
    };
    let title = format!("{} {}", order.id, order.name);
    Some(Ask { title, lines: vec![], fields, confirm: Some(Confirm::Pin), make: Box::new(make) })
}

fn tolerate(pane: &Queue, _: &Words) -> Option<Ask> {
    reasoned(pane, |order, _, reason| Command::TolerateShortfall(TolerateShortfall { order, reason }))
}
