//! The outbox (寄件箱): the letters that closed days owed, the newest first: to whom, how often sending failed and why, when it is
//! tried again. F8 has one tried at once.

use std::cell::Cell as Once;

use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::mailing::{HurryLetter, Letter, Standing, due_at};
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::store::books::{Books, Fault, Mailbox};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Opening, Sight};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.day", least: 10, most: 10, align: Align::Left, rank: 0 },
    Column { title: "column.to_whom", least: 8, most: 16, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 10, most: 14, align: Align::Left, rank: 1 },
    Column { title: "column.tries", least: 5, most: 6, align: Align::Right, rank: 3 },
    Column { title: "column.next_try", least: 11, most: 11, align: Align::Left, rank: 2 },
    Column { title: "column.mail_address", least: 12, most: 30, align: Align::Left, rank: 5 },
    Column { title: "column.mail_fault", least: 14, most: 60, align: Align::Left, rank: 4 },
];
/// How many letters are looked at.
const LOOKED_AT: usize = 2_000;

/// The outbox.
pub type Outbox = Listing<OutboxTable>;

/// A letter: the entry that closed its day, and to whom.
type LetterId = (u64, PersonId);

/// What is known of a letter.
struct Known {
    id: LetterId,
    code: Text,
    name: Text,
    address: Text,
    letter: Letter,
    tries: u32,
    next: Moment,
    why: Text,
}

impl Known {
    fn read(sight: &Sight<'_>, id: LetterId, letter: Letter) -> Result<Known, Fault> {
        let (tries, next, why) = sight.books.mail_tries(id.0, id.1)?;
        let person = sight.books.person(id.1)?;
        let (code, name) = person.map_or_else(Default::default, |person| (person.code, person.name));
        let address = match &letter.sent {
            Some(sent) => sent.address.clone(),
            None => sight.books.address(id.1)?,
        };
        Ok(Known { id, code, name, address, letter, tries, next, why })
    }

    fn standing(&self) -> Standing {
        self.letter.standing(&self.address, self.tries)
    }
}

/// What the list of letters is about.
#[derive(Default)]
pub struct OutboxTable {
    chosen: Option<Known>,
    /// How many are owed, and of them how many could not be delivered, as the rows were read last.
    owed: Once<(usize, usize)>,
}

fn row(sight: &Sight<'_>, known: &Known) -> Row<LetterId> {
    let standing = known.standing();
    let tone = match standing {
        Standing::Sent => Tone::Done,
        Standing::Owed => Tone::Soon,
        Standing::Failing | Standing::NoAddress => Tone::Late,
    };
    let next = match standing {
        Standing::Failing => due_at(known.tries, known.next, known.letter.hurried).short(sight.settings.zone),
        _ => known.letter.sent.as_ref().map_or_else(String::new, |sent| sent.at.short(sight.settings.zone)),
    };
    let fault = if standing == Standing::Failing { known.why.as_str() } else { "" };
    let cells = vec![
        Cell::plain(known.letter.day.to_string()),
        Cell::plain(known.name.as_str()),
        Cell::toned(sight.words.say(&format!("letter_state.{}", standing.key())), tone),
        Cell::plain(if known.tries > 0 { known.tries.to_string() } else { String::new() }),
        Cell::plain(next),
        Cell::plain(known.address.as_str()),
        Cell::plain(fault),
    ];
    Row { id: known.id, cells }
}

impl Table for OutboxTable {
    type Id = LetterId;
    const NAME: &'static str = "outbox";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "outbox.none";
    const ACTS: &'static [Act<Outbox>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.of.chosen.as_ref().map(|known| Opening::Ledger(known.letter.day))),
        },
        Act { name: "letter.hurry", command: |_| Some("hurry_letter"), deed: Deed::Ask(hurry) },
    ];

    fn title(&self, words: &Words) -> String {
        let (owed, failing) = self.owed.get();
        words.say_with("outbox.title", &[("owed", &owed), ("failing", &failing)])
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<LetterId>,
        height: usize,
    ) -> Result<Vec<Row<LetterId>>, Fault> {
        let letters = sight.books.letters(None, LOOKED_AT)?.into_iter();
        let known = letters.map(|(seq, person, letter)| Known::read(sight, (seq, person), letter));
        let known = known.collect::<Result<Vec<_>, _>>()?;
        let owed = known.iter().filter(|one| one.letter.sent.is_none());
        let failing = known.iter().filter(|one| matches!(one.standing(), Standing::Failing | Standing::NoAddress));
        self.owed.set((owed.count(), failing.count()));
        let mut rows: Vec<Row<LetterId>> = known.iter().map(|one| row(sight, one)).collect();
        rows.retain(|row| row.cells.iter().any(|cell| cell.text.contains(query)));
        Ok(need.page_of(&rows, |row| row.id, height).to_vec())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<LetterId>) -> Result<Vec<Line>, Fault> {
        let letter = at.map_or(Ok(None), |(seq, person)| sight.books.letter(seq, person))?;
        self.chosen = at.zip(letter).map(|(id, letter)| Known::read(sight, id, letter)).transpose()?;
        let Some(known) = &self.chosen else { return Ok(vec![]) };
        let zone = sight.settings.zone;
        let due = due_at(known.tries, known.next, known.letter.hurried).full(zone);
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("day", &known.letter.day),
            ("name", &known.name),
            ("address", &known.address),
            ("tries", &known.tries),
            ("next", &due),
            ("why", &known.why),
        ];
        let key = format!("outbox.{}", known.standing().key());
        let mut lines = vec![Line::plain(sight.words.say_with(&key, &values))];
        if let Some(sent) = &known.letter.sent {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("time", &sent.at.full(zone)), ("answer", &sent.answer)];
            lines.push(Line::toned(sight.words.say_with("outbox.answered", &values), Tone::Done));
        } else if let Some(at) = known.letter.hurried {
            lines.push(Line::plain(sight.words.say_with("outbox.hurried", &[("time", &at.full(zone))])));
        }
        Ok(lines)
    }
}

fn hurry(pane: &Outbox, _: &Words) -> Option<Ask> {
    let known = pane.of.chosen.as_ref()?;
    let command = Command::HurryLetter(HurryLetter { letter: known.id.0, person: known.code.clone() });
    let lines = pane.said();
    Some(Ask::plain(format!("{} {}", known.letter.day, known.name), lines, command))
}
