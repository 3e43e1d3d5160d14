//! The requisitions (要货单), newest first: what was asked of the factory, and how far it has come. F8 is the next step.

use crate::domain::command::Command;
use crate::domain::id::RequisitionId;
use crate::domain::requisition::{AcknowledgeRequisition, CloseRequisition, NoteSent, Requisition, RequisitionState};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Fault, Purchases};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Opening, Sight, order_words as said};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.requisition", least: 11, most: 11, align: Align::Left, rank: 0 },
    Column { title: "column.state", least: 10, most: 10, align: Align::Left, rank: 1 },
    Column { title: "column.factory", least: 8, most: 24, align: Align::Left, rank: 2 },
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 3 },
    Column { title: "column.by", least: 6, most: 12, align: Align::Left, rank: 5 },
    Column { title: "column.remark", least: 6, most: 30, align: Align::Left, rank: 6 },
];
/// How many requisitions are looked at.
const LOOKED_AT: usize = 2_000;

/// The requisitions.
pub type Requisitions = Listing<RequisitionTable>;

/// What the list of requisitions is about.
#[derive(Default)]
pub struct RequisitionTable {
    chosen: Option<Requisition>,
    today: Option<Day>,
}

fn state(requisition: &Requisition, words: &Words) -> Cell {
    let state = requisition.state();
    let tone = match state {
        RequisitionState::Submitted => Tone::Soon,
        RequisitionState::Received | RequisitionState::Closed => Tone::Done,
        _ => Tone::Plain,
    };
    Cell::toned(words.say(&format!("requisition_state.{}", state.key())), tone)
}

impl Table for RequisitionTable {
    type Id = RequisitionId;
    const NAME: &'static str = "requisitions";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "requisition.none";
    const ACTS: &'static [Act<Requisitions>] = &[
        Act {
            name: "row.new",
            command: |_| Some("submit_requisition"),
            deed: Deed::Open(|_| Some(Opening::RequisitionForm)),
        },
        Act { name: "requisition.step", command: next_step, deed: Deed::Ask(step) },
        Act { name: "requisition.close", command: |_| Some("close_requisition"), deed: Deed::Ask(close) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.requisitions").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<RequisitionId>,
        height: usize,
    ) -> Result<Vec<Row<RequisitionId>>, Fault> {
        let mut found = sight.books.requisitions(None, LOOKED_AT)?;
        let upper = query.to_ascii_uppercase();
        found.retain(|one| one.id.to_string().contains(&upper) || one.factory.contains(query));
        let page = need.page_of(&found, |requisition| requisition.id, height);
        let row = |one: &Requisition| -> Result<Row<RequisitionId>, Fault> {
            let cells = vec![
                Cell::plain(one.id.to_string()),
                state(one, sight.words),
                Cell::plain(one.factory.as_str()),
                Cell::plain(one.at.short(sight.settings.zone)),
                Cell::plain(said::name(sight.books, one.by)?),
                Cell::plain(one.remark.as_str()),
            ];
            Ok(Row { id: one.id, cells })
        };
        page.iter().map(row).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<RequisitionId>) -> Result<Vec<Line>, Fault> {
        self.chosen = at.map_or(Ok(None), |id| sight.books.requisition(id))?;
        self.today = Some(sight.now.day(sight.settings.zone));
        let Some(chosen) = &self.chosen else { return Ok(vec![]) };
        let mut lines = Vec::new();
        for line in &chosen.lines {
            let card = sight.books.article(line.asked.article)?.map(|article| article.card);
            let (name, unit) = card.map(|card| (card.name, card.unit)).unwrap_or_default();
            let values: [(&str, &dyn std::fmt::Display); 5] = [
                ("name", &name),
                ("unit", &unit),
                ("asked", &line.asked.quantity),
                ("billed", &line.billed),
                ("received", &line.received),
            ];
            lines.push(Line::plain(sight.words.say_with("requisition.line", &values)));
        }
        if let Some(mark) = &chosen.acknowledged {
            let by = said::name(sight.books, mark.by)?;
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("by", &by), ("at", &mark.at.short(sight.settings.zone))];
            lines.push(Line::plain(sight.words.say_with("requisition.acknowledged", &values)));
        }
        if let Some(mark) = &chosen.closed {
            lines.push(Line::toned(sight.words.say_with("requisition.closed", &[("reason", &mark.why)]), Tone::Done));
        }
        Ok(lines)
    }
}

/// The back office acknowledges what is submitted; of what is billed it is noted that it is on its way.
fn next_step(pane: &Requisitions) -> Option<&'static str> {
    match pane.of.chosen.as_ref()?.state() {
        RequisitionState::Submitted => Some("acknowledge_requisition"),
        RequisitionState::Billed | RequisitionState::InTransit | RequisitionState::PartlyReceived => Some("note_sent"),
        _ => None,
    }
}

fn step(pane: &Requisitions, _: &Words) -> Option<Ask> {
    let chosen = pane.of.chosen.as_ref()?;
    let requisition = chosen.id;
    let title = format!("{} {}", chosen.id, chosen.factory);
    match next_step(pane)? {
        "acknowledge_requisition" => {
            let command = Command::AcknowledgeRequisition(AcknowledgeRequisition { requisition });
            Some(Ask::plain(title, pane.said(), command))
        }
        _ => {
            let today = pane.of.today.map(|day| day.to_string()).unwrap_or_default();
            let fields = vec![
                Field::line("day", "field.day", input::Kind::Code).needed().holding(&today),
                Field::line("by_what", "field.by_what", input::Kind::Text),
            ];
            let make = move |filled: &Filled<'_>| {
                let day = filled("day").parse().map_err(|_| ("day", "input.not_a_day".to_owned()))?;
                Ok(Command::NoteSent(NoteSent { requisition, day, by_what: Text::new(&filled("by_what")) }))
            };
            Some(Ask { title, lines: pane.said(), fields, confirm: None, make: Box::new(make) })
        }
    }
}

fn close(pane: &Requisitions, _: &Words) -> Option<Ask> {
    let chosen = pane.of.chosen.as_ref()?;
    let requisition = chosen.id;
    let make = move |reason| Command::CloseRequisition(CloseRequisition { requisition, reason });
    Some(Ask::with_reason(format!("{} {}", chosen.id, chosen.factory), pane.said(), make))
}
