//! The imports of statements, newest first, each with what it came to.

use crate::domain::id::ImportId;
use crate::domain::statement::Import;
use crate::store::books::{Books, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Deed, Opening, Sight, Subject, order_words as said};
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.time", least: 11, most: 11, align: Align::Left, rank: 2 },
    Column { title: "column.file", least: 16, most: 48, align: Align::Left, rank: 0 },
    Column { title: "column.new", least: 6, most: 9, align: Align::Right, rank: 1 },
    Column { title: "column.payments", least: 6, most: 9, align: Align::Right, rank: 5 },
    Column { title: "column.amount", least: 12, most: 16, align: Align::Right, rank: 3 },
    Column { title: "column.known", least: 6, most: 9, align: Align::Right, rank: 6 },
    Column { title: "column.conflicts", least: 5, most: 8, align: Align::Right, rank: 4 },
    Column { title: "column.by", least: 6, most: 12, align: Align::Left, rank: 7 },
];
/// How many imports are looked at.
const LOOKED_AT: usize = 2_000;

/// The imports.
pub type Imports = Listing<ImportTable>;

/// What the list of imports is about.
#[derive(Default)]
pub struct ImportTable;

fn row(sight: &Sight<'_>, import: &Import) -> Result<Row<ImportId>, Fault> {
    let tally = &import.tally;
    let conflicts = tally.conflicts.to_string();
    let cells = vec![
        Cell::plain(import.at.short(sight.settings.zone)),
        Cell::plain(import.file.name.as_str()),
        Cell::plain(tally.new.to_string()),
        Cell::plain(tally.payments.to_string()),
        Cell::plain(tally.amount.to_string()),
        Cell::plain(tally.known.to_string()),
        if tally.conflicts > 0 { Cell::toned(conflicts, Tone::Soon) } else { Cell::plain(conflicts) },
        Cell::plain(said::name(sight.books, import.by)?),
    ];
    Ok(Row { id: import.id, cells })
}

impl Table for ImportTable {
    type Id = ImportId;
    const NAME: &'static str = "imports";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "import.none";
    const ACTS: &'static [Act<Imports>] = &[
        Act {
            name: "row.open",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|import| Opening::Journal(Subject::Import(import)))),
        },
        Act { name: "row.new", command: |_| Some("import_statement"), deed: Deed::Open(|_| Some(Opening::Import)) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.imports").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<ImportId>,
        height: usize,
    ) -> Result<Vec<Row<ImportId>>, Fault> {
        let mut imports = sight.books.imports(LOOKED_AT)?;
        imports.retain(|import| import.file.name.contains(query));
        need.page_of(&imports, |import| import.id, height).iter().map(|import| row(sight, import)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ImportId>) -> Result<Vec<Line>, Fault> {
        let Some(import) = at.map_or(Ok(None), |id| sight.books.import(id))? else { return Ok(vec![]) };
        let account = sight.books.account(import.account)?.map_or_else(String::new, |account| account.name.to_string());
        let tally = &import.tally;
        // A statement that was posted without a file may name a format that is none of ours.
        let key = format!("statement.format.{}", import.file.format);
        let format = if sight.words.has(&key) { sight.words.say(&key) } else { import.file.format.as_str() };
        let values = [
            ("account", &account as &dyn std::fmt::Display),
            ("format", &format),
            ("rows", &import.file.rows),
            ("new", &tally.new),
            ("payments", &tally.payments),
            ("amount", &tally.amount),
            ("matched", &tally.matched),
            ("known", &tally.known),
            ("conflicts", &tally.conflicts),
        ];
        let mut lines =
            vec![Line::title(import.file.name.as_str()), Line::plain(sight.words.say_with("import.tally", &values))];
        let accepted = import.accepted.iter();
        lines.extend(
            accepted.map(|why| Line::toned(sight.words.say_with("import.accepted", &[("why", why)]), Tone::Soon)),
        );
        Ok(lines)
    }
}
