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

/// How much is said of who sits here, and of the time; the less, the more room is left for what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// The roles in full.
    Full,
    /// The roles in short.
    Short,
    /// The name alone.
    Name,
    /// The name alone, and the time without its seconds.
    Least,
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
    let department = format!(" {} ", known.settings.department);
    let tabs = who.map(|_| tabs(known, slot, pen));
    let room = |right: &str| cells.saturating_sub(text::width(right) + 1);
    let fits = |right: &String| tabs.as_ref().is_none_or(|tabs| text::width(tabs) <= room(right));
    let right = |manner| right(known, who, station, manner, cells, pen);
    let found = [Manner::Full, Manner::Short, Manner::Name].map(right).into_iter().flatten().find(fits);
    let right = found.or_else(|| right(Manner::Least)).unwrap_or_default();
    let room = room(&right);
    // Which screen it is matters more than whose.
    let left = match tabs {
        Some(tabs) => Some(format!("{department}{tabs}")).filter(|whole| text::width(whole) <= room).unwrap_or(tabs),
        None => department,
    };
    text::fit(&format!("{} {right}", text::fit(&left, room, text::Align::Left)), cells, text::Align::Left)
}

/// What stands right: what is urgent, who sits here, the time. Nothing where the roles are too many to be said like that.
fn right(
    known: &Known,
    who: Option<&Seated>,
    station: &Station,
    manner: Manner,
    cells: usize,
    pen: Pen<'_>,
) -> Option<String> {
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
    let reads = who.is_some_and(|who| who.roles.any(READERS));
    for (key, count, is_told) in [
        ("status.reports", known.counts.reports, reads),
        ("status.checks", known.counts.checks, reads),
        ("status.letters", known.counts.letters as i64, who.is_some_and(|who| can_help(who.roles))),
    ] {
        if count > 0 && is_told {
            right.push_str(&pen.words.say_with(key, &[("count", &count)]));
            right.push_str("  ");
        }
    }
    if let Some(who) = who {
        let section = if manner == Manner::Full { "role" } else { "short_role" };
        let said = who.roles.iter().map(|role| pen.words.say(&format!("{section}.{}", role.key())).to_owned());
        let roles = said.collect::<Vec<_>>().join(",");
        right.push_str(&match manner {
            Manner::Full | Manner::Short if text::width(&roles) > cells / 4 => return None,
            Manner::Full | Manner::Short => format!("{}/{roles}  ", who.name),
            Manner::Name | Manner::Least => format!("{}  ", who.name),
        });
    }
    let clock = pen.now.clock(pen.zone);
    let is_short = station.slow || manner == Manner::Least;
    right.push_str(if is_short { clock.get(..5).unwrap_or(&clock) } else { &clock });
    right.push(' ');
    Some(right)
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
