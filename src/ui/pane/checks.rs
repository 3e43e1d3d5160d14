//! The checks before and after work (班前班后三查), newest first. F6 notes one, F8 reads of what was irregular.

use crate::domain::command::Command;
use crate::domain::id::CheckId;
use crate::domain::premises::{Check, CheckItem, NoteCheck, ReadCheck, Shift};
use crate::domain::text::Text;
use crate::store::books::{Fault, Premises};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Sight, order_words as said};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.day", least: 10, most: 10, align: Align::Left, rank: 0 },
    Column { title: "column.shift", least: 11, most: 12, align: Align::Left, rank: 1 },
    Column { title: "column.state", least: 8, most: 20, align: Align::Left, rank: 2 },
    Column { title: "column.irregular", least: 12, most: 60, align: Align::Left, rank: 3 },
    Column { title: "column.by", least: 6, most: 12, align: Align::Left, rank: 4 },
];
/// How many checks are looked at.
const LOOKED_AT: usize = 2_000;
/// What each question is about, with the name of its field and its label.
const ITEMS: &[(CheckItem, &str, &str)] = &[
    (CheckItem::Doors, "doors", "show_column.doors"),
    (CheckItem::Power, "power", "show_column.power"),
    (CheckItem::Goods, "goods", "show_column.goods"),
];

/// The checks.
pub type Checks = Listing<CheckTable>;

/// What the list of checks is about.
#[derive(Default)]
pub struct CheckTable {
    chosen: Option<Check>,
}

fn item(words: &Words, item: CheckItem) -> String {
    let known = ITEMS.iter().find(|(known, ..)| *known == item);
    known.map(|(_, _, label)| words.say(label).to_owned()).unwrap_or_default()
}

fn irregular(words: &Words, check: &Check) -> Vec<String> {
    check.irregular.iter().map(|one| format!("{}: {}", item(words, one.item), one.note)).collect()
}

fn row(sight: &Sight<'_>, check: &Check) -> Result<Row<CheckId>, Fault> {
    let tone = match (check.irregular.is_empty(), check.is_open()) {
        (true, _) => Tone::Done,
        (false, true) => Tone::Late,
        (false, false) => Tone::Plain,
    };
    let cells = vec![
        Cell::plain(check.day.to_string()),
        Cell::plain(sight.words.say(&format!("shift.{}", check.shift.key()))),
        Cell::toned(sight.words.say(&format!("check_state.{}", check.state_key())), tone),
        Cell::plain(irregular(sight.words, check).join("; ")),
        Cell::plain(said::name(sight.books, check.by)?),
    ];
    Ok(Row { id: check.id, cells })
}

impl Table for CheckTable {
    type Id = CheckId;
    const NAME: &'static str = "checks";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "premises.no_checks";
    const ACTS: &'static [Act<Checks>] = &[
        Act { name: "row.new", command: |_| Some("note_check"), deed: Deed::Ask(note) },
        Act { name: "check.read", command: |_| Some("read_check"), deed: Deed::Ask(read) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.checks").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<CheckId>,
        height: usize,
    ) -> Result<Vec<Row<CheckId>>, Fault> {
        let mut found = sight.books.checks(None, LOOKED_AT)?;
        found.retain(|check| {
            check.day.to_string().contains(query) || check.irregular.iter().any(|one| one.note.contains(query))
        });
        need.page_of(&found, |check| check.id, height).iter().map(|check| row(sight, check)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<CheckId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.check(id))?;
        let Some(check) = &self.chosen else { return Ok(vec![]) };
        let found = irregular(sight.words, check).into_iter();
        let mut lines: Vec<Line> = found.map(|words| Line::toned(words, Tone::Late)).collect();
        if lines.is_empty() {
            lines.push(Line::toned(sight.words.say("check_state.fine"), Tone::Done));
        }
        for (person, at, remark) in &check.read {
            let (by, at) = (said::name(sight.books, *person)?, at.short(sight.settings.zone));
            let values = [("by", &by as &dyn std::fmt::Display), ("at", &at), ("remark", remark)];
            lines.push(Line::plain(sight.words.say_with("premises.read", &values)));
        }
        Ok(lines)
    }
}

fn note(_: &Checks, words: &Words) -> Option<Ask> {
    let shifts = Shift::ALL.iter().map(|shift| (shift.key().to_owned(), format!("shift.{}", shift.key())));
    let mut fields = vec![Field::choice("shift", "column.shift", shifts.collect())];
    fields.extend(ITEMS.iter().map(|(_, name, label)| Field::line(name, label, input::Kind::Text)));
    let make = move |filled: &Filled<'_>| {
        let shift = Shift::ALL.iter().copied().find(|shift| shift.key() == filled("shift"));
        let shift = shift.ok_or_else(|| -> Objection { ("shift", "input.needed".to_owned()) })?;
        let text = |name: &str| Text::new(&filled(name));
        Ok(Command::NoteCheck(NoteCheck { shift, doors: text("doors"), power: text("power"), goods: text("goods") }))
    };
    let lines = vec![words.say("premises.how_to_check").to_owned()];
    Some(Ask { title: String::new(), lines, fields, confirm: None, make: Box::new(make) })
}

fn read(pane: &Checks, _: &Words) -> Option<Ask> {
    let check = pane.of.chosen.as_ref()?.id;
    let fields = vec![Field::line("remark", "field.remark", input::Kind::Text)];
    let lines = pane.said();
    let make =
        move |filled: &Filled<'_>| Ok(Command::ReadCheck(ReadCheck { check, remark: Text::new(&filled("remark")) }));
    Some(Ask { title: check.to_string(), lines, fields, confirm: None, make: Box::new(make) })
}
