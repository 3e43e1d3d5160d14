//! The first row of every screen: the department, what waits, who sits here, the time.

use crate::domain::command::permit;
use crate::domain::ledger;
use crate::domain::receiving::READERS;
use crate::domain::role::Roles;
use crate::store::books::{Books, Counts as _, Daybook, Fault, Mailbox};
use crate::ui::Pen;
use crate::ui::app::{Known, Station};
use crate::ui::layout::Slot;
use crate::ui::pane::{Reading, Seated};
use crate::ui::text;

/// What waits, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub dealers: i64,
    pub payments: i64,
    pub queue: i64,
    pub unpaid: i64,
    pub people: i64,
    pub reports: i64,
    pub checks: i64,
    pub stocktakes: i64,
    /// Letters that no mail server has taken though it was tried.
    pub letters: u64,
}

impl Known {
    pub fn read(books: &Reading) -> Result<Known, Fault> {
        let counts = Counts {
            dealers: books.count("dealers")?,
            payments: books.count("payments_open")?,
            queue: books.count("queue")?,
            unpaid: books.count("unpaid")?,
            people: books.count("people")?,
            reports: books.count("reports_open")?,
            checks: books.count("checks_open")?,
            letters: books.letters_failing()?,
            stocktakes: books.open_stocktakes()?.len() as i64,
        };
        Ok(Known { settings: books.settings()?, counts, unclosed: books.first_unclosed()? })
    }
}

/// The status row in exactly `cells`: what stands right is laid out first.
///
/// Where nobody has signed in, it says nothing of the department's business.
pub(super) fn line(
    known: &Known,
    slot: Slot,
    who: Option<&Seated>,
    station: &Station,
    cells: usize,
    pen: Pen<'_>,
) -> String {
    let mut right = String::new();
    if station.rehearsal {
        right.push_str(pen.say("status.rehearsal"));
        right.push_str("  ");
    }
    if let (Some(_), Some(day)) = (who, known.unclosed)
        && pen.now > ledger::due(day, pen.zone)
    {
        right.push_str(&pen.words.say_with("status.unclosed", &[("day", &day)]));
        right.push_str("  ");
    }
    if known.counts.reports > 0 && who.is_some_and(|who| who.roles.any(READERS)) {
        right.push_str(&pen.words.say_with("status.reports", &[("count", &known.counts.reports)]));
        right.push_str("  ");
    }
    if known.counts.checks > 0 && who.is_some_and(|who| who.roles.any(READERS)) {
        right.push_str(&pen.words.say_with("status.checks", &[("count", &known.counts.checks)]));
        right.push_str("  ");
    }
    if known.counts.letters > 0 && who.is_some_and(|who| can_help(who.roles)) {
        right.push_str(&pen.words.say_with("status.letters", &[("count", &known.counts.letters)]));
        right.push_str("  ");
    }
    if let Some(who) = who {
        let roles: Vec<String> =
            who.roles.iter().map(|role| pen.words.say(&format!("role.{}", role.key())).to_owned()).collect();
        right.push_str(&format!("{}/{}  ", who.name, text::cut(&roles.join(","), cells / 4)));
    }
    let clock = pen.now.clock(pen.zone);
    let clock = if station.slow { clock.get(..5).unwrap_or(&clock) } else { &clock };
    right.push_str(clock);
    right.push(' ');
    let room = cells.saturating_sub(text::width(&right) + 1);
    let department = format!(" {} ", known.settings.department);
    let left = match who {
        Some(_) => {
            let tabs = tabs(known, slot, pen);
            // Which screen it is matters more than whose.
            let whole = format!("{department}{tabs}");
            if text::width(&whole) > room { tabs } else { whole }
        }
        None => department,
    };
    text::fit(&format!("{} {right}", text::fit(&left, room, text::Align::Left)), cells, text::Align::Left)
}

/// Who is told that a letter could not be delivered: whoever can have it tried again, and who keeps the addresses.
fn can_help(roles: Roles) -> bool {
    ["hurry_letter", "set_address"].iter().any(|command| permit(command, roles).is_ok())
}

fn tabs(known: &Known, slot: Slot, pen: Pen<'_>) -> String {
    let counts = known.counts;
    let each = [
        (Slot::Dealers, pen.say("pane.dealers"), counts.dealers),
        (Slot::Payments, pen.say("pane.payments"), counts.payments),
        (Slot::Queue, pen.say("pane.queue"), counts.queue + counts.unpaid),
        (Slot::Stocktakes, pen.say("pane.stocktakes"), counts.stocktakes),
    ];
    let mut line = String::new();
    for (number, (of, words, count)) in (1..).zip(each) {
        let tab = format!("{number}{words}{count}");
        line.push_str(&if of == slot { format!(" [{tab}]") } else { format!("  {tab}") });
    }
    line
}
