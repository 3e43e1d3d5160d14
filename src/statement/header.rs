//! Finding the header by the names in it, wherever it stands, and the columns by their names.

use super::fault::{Damage, Fault};
use super::layout::{Field, LAYOUTS, Layout};
use super::row::Row;
use crate::domain::text::{Text, fold};

/// Where the columns of one file stand.
#[derive(Debug)]
pub(super) struct Columns {
    at: [Option<u16>; Field::COUNT],
    names: Vec<Text>,
}

impl Columns {
    /// Where `field` stands.
    pub(super) fn of(&self, field: Field) -> Option<usize> {
        self.at[field as usize].map(usize::from)
    }

    /// The file's own name of a field's column.
    pub(super) fn name(&self, field: Field) -> Option<Text> {
        self.of(field).and_then(|at| self.names.get(at)).cloned()
    }

    /// How many columns have a name, gaps counted.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }
}

/// What a row is to somebody who looks for a header.
pub(super) enum Sight {
    /// The header of a layout.
    Header(&'static Layout, Columns),
    /// The header of a layout but for one column.
    Almost(Damage),
    /// Nothing of the kind.
    Other,
}

/// A name without the marks that files put around it, brackets folded to ASCII.
pub(super) fn plain_name(cell: &str) -> String {
    let marks = |c: char| c.is_whitespace() || matches!(c, '`' | '#' | '\'' | '"' | '=' | '\u{feff}' | '\u{200b}');
    fold(cell).chars().filter(|&c| !marks(c)).collect()
}

/// Looks whether `row` is a header.
pub(super) fn look(row: &Row) -> Result<Sight, Damage> {
    let width = row.filled();
    if width < 5 {
        return Ok(Sight::Other);
    }
    let names: Vec<String> =
        (0..width).map(|at| row.text(at).map(|text| plain_name(&text)).unwrap_or_default()).collect();
    let mut almost = None;
    for layout in LAYOUTS {
        let needed = layout.columns.iter().filter(|column| column.needed);
        let missing: Vec<_> =
            needed.clone().filter(|column| !column.names.iter().any(|name| has(&names, name))).collect();
        match missing.as_slice() {
            [] => return columns(layout, row, &names).map(|columns| Sight::Header(layout, columns)),
            [lone] if almost.is_none() && needed.count() > 4 => {
                almost = Some(Damage::at(row.line, Fault::ColumnMissing { name: Text::new(lone.names[0]) }));
            }
            _ => {}
        }
    }
    Ok(almost.map_or(Sight::Other, Sight::Almost))
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|held| held == name)
}

fn columns(layout: &Layout, row: &Row, names: &[String]) -> Result<Columns, Damage> {
    let mut at = [None; Field::COUNT];
    for column in layout.columns {
        for name in column.names {
            let mut places = names.iter().enumerate().filter(|(_, held)| *held == name).map(|(place, _)| place as u16);
            let Some(place) = places.next() else { continue };
            if column.needed && places.next().is_some() {
                return Err(Damage::at(row.line, Fault::ColumnTwice { name: Text::new(name) }));
            }
            at[column.field as usize] = Some(place);
            break;
        }
    }
    let shown = |place| Text::new(row.text(place).unwrap_or_default().trim_matches(['`', '\'', ' ']));
    Ok(Columns { at, names: (0..names.len()).map(shown).collect() })
}
