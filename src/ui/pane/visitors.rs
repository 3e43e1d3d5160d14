//! Who comes to the warehouse (来访登记), newest first. F6 lets somebody in, F8 notes that they left.

use crate::domain::command::Command;
use crate::domain::id::VisitorId;
use crate::domain::premises::{NoteVisitor, NoteVisitorLeft, Visitor};
use crate::domain::text::Text;
use crate::store::books::{Fault, Premises};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Sight, order_words as said};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 1 },
    Column { title: "gate.name", least: 8, most: 20, align: Align::Left, rank: 0 },
    Column { title: "column.firm", least: 8, most: 24, align: Align::Left, rank: 4 },
    Column { title: "column.purpose", least: 8, most: 30, align: Align::Left, rank: 3 },
    Column { title: "column.state", least: 8, most: 18, align: Align::Left, rank: 2 },
];
/// How many visits are looked at.
const LOOKED_AT: usize = 2_000;

/// The visits.
pub type Visitors = Listing<VisitorTable>;

/// What the list of visits is about.
#[derive(Default)]
pub struct VisitorTable {
    chosen: Option<Visitor>,
}

fn row(sight: &Sight<'_>, visitor: &Visitor) -> Row<VisitorId> {
    let state = match visitor.left {
        Some((_, at)) => Cell::toned(at.short(sight.settings.zone), Tone::Done),
        None => Cell::toned(sight.words.say("visitor_state.inside"), Tone::Soon),
    };
    let cells = vec![
        Cell::plain(visitor.at.short(sight.settings.zone)),
        Cell::plain(visitor.name.as_str()),
        Cell::plain(visitor.firm.as_str()),
        Cell::plain(visitor.purpose.as_str()),
        state,
    ];
    Row { id: visitor.id, cells }
}

impl Table for VisitorTable {
    type Id = VisitorId;
    const NAME: &'static str = "visitors";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "premises.no_visitors";
    const ACTS: &'static [Act<Visitors>] = &[
        Act { name: "row.new", command: |_| Some("note_visitor"), deed: Deed::Ask(enter) },
        Act { name: "visitor.left", command: |_| Some("note_visitor_left"), deed: Deed::Ask(leave) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.visitors").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<VisitorId>,
        height: usize,
    ) -> Result<Vec<Row<VisitorId>>, Fault> {
        let mut found = sight.books.visitors(None, LOOKED_AT)?;
        found.retain(|one| [&one.name, &one.firm, &one.purpose].iter().any(|text| text.contains(query)));
        Ok(need.page_of(&found, |visitor| visitor.id, height).iter().map(|visitor| row(sight, visitor)).collect())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<VisitorId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.visitor(id))?;
        let Some(visitor) = &self.chosen else { return Ok(vec![]) };
        let by = said::name(sight.books, visitor.by)?;
        let values = [
            ("visitor", &visitor.id as &dyn std::fmt::Display),
            ("name", &visitor.name),
            ("firm", &visitor.firm),
            ("purpose", &visitor.purpose),
            ("by", &by),
        ];
        let mut lines = vec![Line::plain(sight.words.say_with("premises.visit", &values))];
        if let Some((by, at)) = visitor.left {
            let (by, at) = (said::name(sight.books, by)?, at.short(sight.settings.zone));
            lines.push(Line::toned(sight.words.say_with("premises.left", &[("by", &by), ("at", &at)]), Tone::Done));
        }
        Ok(lines)
    }
}

fn enter(_: &Visitors, _: &Words) -> Option<Ask> {
    let fields = vec![
        Field::line("name", "gate.name", input::Kind::Text).needed(),
        Field::line("firm", "field.firm", input::Kind::Text),
        Field::line("purpose", "field.purpose", input::Kind::Text).needed(),
    ];
    let make = move |filled: &Filled<'_>| {
        let text = |name: &str| Text::new(&filled(name));
        Ok(Command::NoteVisitor(NoteVisitor { name: text("name"), firm: text("firm"), purpose: text("purpose") }))
    };
    Some(Ask { title: String::new(), lines: vec![], fields, confirm: None, make: Box::new(make) })
}

fn leave(pane: &Visitors, _: &Words) -> Option<Ask> {
    let chosen = pane.of.chosen.as_ref()?;
    let command = Command::NoteVisitorLeft(NoteVisitorLeft { visitor: chosen.id });
    let lines = pane.said();
    Some(Ask::plain(format!("{} {}", chosen.id, chosen.name), lines, command))
}
