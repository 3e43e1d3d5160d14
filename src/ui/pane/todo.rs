//! What waits for the person at work (待办), by their roles: file versions to take over (M1.4), signatures, money to confirm,
//! conflicts, claims to settle, goods to pack and hand over, customers who were sent to Tmall, promotions and write-offs to
//! confirm. Enter opens the object.

use std::cell::Cell as Once;

use crate::domain::dealer::Referral;
use crate::domain::id::{ClaimId, DealerId, FlowId, OrderId, PromotionId, ReferralId};
use crate::domain::order::Order;
use crate::domain::promotion::{Promotion, PromotionState};
use crate::domain::role::Role;
use crate::domain::shipment::{Part, STEPS};
use crate::domain::time::{Moment, Month};
use crate::domain::write_off::Progress;
use crate::store::books::{Books, Fault, Promoting, Referred};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Deed, Opening, Sight, claims, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.what", least: 15, most: 16, align: Align::Left, rank: 0 },
    Column { title: "column.which", least: 12, most: 12, align: Align::Left, rank: 1 },
    Column { title: "column.about", least: 14, most: 50, align: Align::Left, rank: 0 },
    Column { title: "column.amount", least: 12, most: 14, align: Align::Right, rank: 2 },
    Column { title: "column.left", least: 10, most: 10, align: Align::Right, rank: 3 },
];
/// How many of each kind are looked at, and how many rows of the queue.
const OF_EACH: usize = 200;
const OF_QUEUE: usize = 2_000;

/// What waits.
pub type ToDo = Listing<ToDoTable>;

/// One thing that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// A file version to take over.
    Acknowledge(DealerId),
    /// A shipment whose next step is the person's, with its deadline.
    Shipment(OrderId, u8, Moment),
    /// A payment to confirm.
    Payment(FlowId),
    /// A conflict to settle.
    Conflict(u32),
    /// A claim to settle.
    Claim(ClaimId),
    /// A customer who was sent to Tmall and has no order there.
    Referral(ReferralId),
    /// A promotion to confirm, or one that was rejected.
    Promotion(PromotionId),
    /// A month's gifts to put together, or to write off.
    WriteOff(Month),
}

/// What the list is about.
#[derive(Default)]
pub struct ToDoTable {
    /// How many wait, as the rows were read last.
    waiting: Once<usize>,
    /// How many hours before its deadline a shipment is urgent.
    warn_hours: Once<u16>,
}

fn row(id: Task, what: &str, number: String, about: &str, amount: String, left: Cell) -> Row<Task> {
    let cells = vec![Cell::plain(what), Cell::plain(number), Cell::plain(about), Cell::plain(amount), left];
    Row { id, cells }
}

fn shipments(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    if !sight.who.roles.any(STEPS) && !sight.who.roles.holds(Role::Keeper) {
        return Ok(vec![]);
    }
    let mut rows = Vec::new();
    for place in sight.books.queue(None, OF_QUEUE)?.into_iter().take_while(|place| place.deadline.is_some()) {
        let Some(order) = sight.books.order(place.order)? else { continue };
        if let Some(part) =
            order.parts.iter().find(|part| part.no == place.part && sight.who.roles.any(&part.awaited()))
        {
            rows.push(shipment(sight, &order, part));
        }
        if rows.len() == OF_EACH {
            break;
        }
    }
    Ok(rows)
}

fn shipment(sight: &Sight<'_>, order: &Order, part: &Part) -> Row<Task> {
    let left = countdown(sight.words, part.deadline, sight.now, sight.settings.warn_hours);
    let what = sight.words.say_with("todo.shipment", &[("stage", &part_words(sight.words, part))]);
    let id = Task::Shipment(order.id, part.no, part.deadline);
    row(id, &what, order.id.to_string(), &order.name, order.due().to_string(), left)
}

fn countdown(words: &Words, deadline: Moment, now: Moment, warn_hours: u16) -> Cell {
    let (_, tone) = said::urgency(words, deadline, now, warn_hours);
    Cell::toned(said::countdown(deadline.seconds_since(now)), tone)
}

fn part_words(words: &Words, part: &Part) -> String {
    words.say(&format!("stage.{}", part.stage().key())).to_owned()
}

fn files(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    let parties = [Role::BackOffice, Role::Finance].into_iter().filter(|party| sight.who.roles.holds(*party));
    let mut rows: Vec<Row<Task>> = Vec::new();
    for party in parties {
        for id in sight.books.unacknowledged(party, OF_EACH)? {
            let Some(dealer) = sight.books.dealer(id)? else { continue };
            let about =
                sight.words.say_with("todo.version", &[("name", &dealer.file.name), ("version", &dealer.version)]);
            let new = row(
                Task::Acknowledge(id),
                sight.words.say("todo.acknowledge"),
                id.to_string(),
                &about,
                String::new(),
                Cell::default(),
            );
            if rows.iter().all(|row| row.id != new.id) {
                rows.push(new);
            }
        }
    }
    Ok(rows)
}

fn money(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    if !sight.who.roles.holds(Role::Finance) {
        return Ok(vec![]);
    }
    let mut rows = Vec::new();
    for (number, kept) in sight.books.conflicts(OF_EACH)?.into_iter().filter(|(_, kept)| kept.settled.is_none()) {
        let flow = &kept.conflict.flow;
        let what = sight.words.say("todo.conflict");
        let posted = kept.conflict.posted.to_string();
        rows.push(row(Task::Conflict(number), what, posted, &flow.payer, flow.amount.to_string(), Cell::default()));
    }
    for claim in claims::open(sight, OF_EACH)? {
        let (what, about) = (sight.words.say("todo.claim"), claims::goods(sight, &claim)?);
        let (id, amount) = (Task::Claim(claim.id), claim.difference.amount.to_string());
        rows.push(row(id, what, claim.id.to_string(), &about, amount, Cell::default()));
    }
    for posted in sight.books.flows(None, true, OF_EACH)? {
        let (what, flow) = (sight.words.say("todo.payment"), &posted.flow);
        let (id, number) = (Task::Payment(posted.id), posted.id.to_string());
        rows.push(row(id, what, number, &flow.payer, flow.amount.to_string(), Cell::default()));
    }
    Ok(rows)
}

fn referred(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    if !sight.who.roles.any(&[Role::Clerk, Role::EcommerceSupervisor]) {
        return Ok(vec![]);
    }
    let row = |referral: &Referral| {
        let about = format!("{} {} {}", referral.name, sight.mask().phone(&referral.contact), referral.remark);
        let what = sight.words.say("todo.referral");
        row(Task::Referral(referral.id), what, referral.id.to_string(), &about, String::new(), Cell::default())
    };
    Ok(sight.books.open_referrals(OF_EACH)?.iter().map(row).collect())
}

/// Whether a promotion waits for that person: for a confirmation they can give, or because it was rejected.
fn awaits(sight: &Sight<'_>, promotion: &Promotion) -> Option<&'static str> {
    let who = sight.who;
    match promotion.state(sight.now.day(sight.settings.zone)) {
        PromotionState::Submitted => {
            let own = promotion.submitted.as_ref().is_some_and(|mark| mark.by == who.id);
            let done = promotion.confirmed.iter().any(|given| given.by == who.id);
            (!own && !done && who.roles.any(&promotion.missing())).then_some("todo.promotion")
        }
        PromotionState::Draft if promotion.rejected.is_some() => {
            who.roles.any(&[Role::Clerk, Role::EcommerceSupervisor]).then_some("todo.rejected")
        }
        _ => None,
    }
}

fn promotions(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    let mut rows = Vec::new();
    for promotion in sight.books.open_promotions(sight.now.day(sight.settings.zone))? {
        if let Some(what) = awaits(sight, &promotion) {
            let (id, number) = (Task::Promotion(promotion.id), promotion.id.to_string());
            let left = Cell::plain(promotion.terms.last.to_string());
            rows.push(row(id, sight.words.say(what), number, &promotion.terms.name, String::new(), left));
        }
    }
    Ok(rows)
}

fn gifts(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    let today = sight.now.day(sight.settings.zone);
    let mut rows = Vec::new();
    for (month, write_off) in sight.books.gift_months(today.month())? {
        let given = write_off.as_ref().map_or_else(|| sight.books.given(month), |kept| Ok(kept.given.clone()))?;
        let (role, what) = match Progress::of(month, write_off.as_ref(), today) {
            Progress::Waiting if !given.is_empty() => (Role::EcommerceSupervisor, "todo.gifts"),
            Progress::Prepared => (Role::Finance, "todo.write_off"),
            _ => continue,
        };
        if sight.who.roles.holds(role) {
            let amount = crate::domain::write_off::total(&given).to_string();
            let about = sight.words.say("list_name.gifts");
            rows.push(row(
                Task::WriteOff(month),
                sight.words.say(what),
                month.to_string(),
                about,
                amount,
                Cell::default(),
            ));
        }
    }
    Ok(rows)
}

fn all(sight: &Sight<'_>) -> Result<Vec<Row<Task>>, Fault> {
    let waiting =
        [shipments(sight)?, files(sight)?, money(sight)?, promotions(sight)?, gifts(sight)?, referred(sight)?];
    Ok(waiting.into_iter().flatten().collect())
}

impl Table for ToDoTable {
    type Id = Task;
    const NAME: &'static str = "todo";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "todo.none";
    const ACTS: &'static [Act<ToDo>] = &[Act {
        name: "row.open",
        command: |_| None,
        deed: Deed::Open(|pane| {
            Some(match pane.at()? {
                Task::Acknowledge(dealer) => Opening::Dealer(dealer),
                Task::Shipment(order, ..) => Opening::Order(order),
                Task::Payment(payment) => Opening::PaymentForm(payment),
                Task::Conflict(_) => Opening::Conflicts,
                Task::Claim(_) => Opening::Claims,
                Task::Referral(referral) => Opening::TmallForm(Some(referral)),
                Task::Promotion(_) => Opening::Promotions,
                Task::WriteOff(_) => Opening::WriteOffs,
            })
        }),
    }];

    fn title(&self, words: &Words) -> String {
        words.say_with("todo.title", &[("count", &self.waiting.get())])
    }

    fn rows(&self, sight: &Sight<'_>, query: &str, need: Need<Task>, height: usize) -> Result<Vec<Row<Task>>, Fault> {
        let mut rows = all(sight)?;
        self.waiting.set(rows.len());
        self.warn_hours.set(sight.settings.warn_hours);
        rows.retain(|row| row.cells.iter().any(|cell| cell.text.contains(query)));
        Ok(need.page_of(&rows, |row| row.id, height).to_vec())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<Task>) -> Result<Vec<Line>, Fault> {
        let key = match at {
            None => return Ok(vec![]),
            Some(Task::Acknowledge(_)) => "todo.how_acknowledge",
            Some(Task::Shipment(..)) => "todo.how_shipment",
            Some(Task::Payment(_)) => "todo.how_payment",
            Some(Task::Conflict(_)) => "todo.how_conflict",
            Some(Task::Claim(_)) => "todo.how_claim",
            Some(Task::Referral(_)) => "todo.how_referral",
            Some(Task::Promotion(_)) => "todo.how_promotion",
            Some(Task::WriteOff(_)) => "todo.how_write_off",
        };
        Ok(vec![Line::toned(sight.words.say(key), Tone::Plain)])
    }
    fn tick(&self, rows: &mut [Row<Task>], now: Moment, words: &Words) {
        for row in rows {
            if let (Task::Shipment(_, _, deadline), Some(left)) = (row.id, row.cells.last_mut()) {
                *left = countdown(words, deadline, now, self.warn_hours.get());
            }
        }
    }
}
