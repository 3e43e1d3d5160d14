//! What differs in a stocktake, as it is read: a page of it, or all of it for the question before it is confirmed.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::domain::blindness::{Blindness, Seen};
use crate::domain::comparing::{Compared, Figure, mixed_up};
use crate::domain::goods::PriceOf;
use crate::domain::id::ArticleId;
use crate::domain::money::Money;
use crate::domain::quantity::Quantity;
use crate::domain::stocktake::Stocktake;
use crate::domain::text::Text;
use crate::store::books::{Books, Counts, Fault};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::Sight;
use crate::ui::pane::stocktake_words as said;
use crate::ui::part::list::{Cell, Need, Row};

/// A difference, as its person may see it.
pub(super) struct Difference {
    pub row: Compared,
    pub seen: Seen,
    pub code: Text,
    pub name: Text,
    pub special: String,
    pub price: Option<Money>,
    pub free: Quantity,
}

/// A row: the number of its place among those that were shown, its article.
pub(super) type RowId = (u32, ArticleId);

/// What the whole stocktake comes to, as of an entry of the journal: for the question before it is confirmed.
#[derive(Default)]
pub(super) struct Whole {
    pub as_of: u64,
    pub differing: Vec<Difference>,
    /// The names of goods of which one may have been counted as the other.
    pairs: Vec<(Text, Text)>,
}

impl Whole {
    /// All that differs and may be seen with the book's figure, with what may have been mixed up.
    pub fn read(sight: &Sight<'_>, take: &Stocktake, as_of: u64) -> Result<Whole, Fault> {
        let blindness = sight.books.blindness(Some(sight.who.id))?;
        let mut differing = Vec::new();
        if blindness.sees_sums(take) {
            for row in sight.books.all_differing(take.id)?.iter().filter(|row| !row.difference().is_zero()) {
                differing.extend(difference(sight, take, &blindness, row)?.filter(|found| found.seen.book));
            }
        }
        let open: Vec<Compared> = differing.iter().map(|found| found.row.clone()).collect();
        let names: BTreeMap<ArticleId, &Text> = differing.iter().map(|it| (it.row.article, &it.name)).collect();
        let name = |id| names.get(&id).copied().cloned().unwrap_or_default();
        let pairs = mixed_up(&open).into_iter().map(|(short, over)| (name(short), name(over))).collect();
        Ok(Whole { as_of, differing, pairs })
    }

    /// What may have been mixed up, in words.
    pub fn pairs<'a>(&'a self, words: &'a Words) -> impl Iterator<Item = String> + 'a {
        self.pairs.iter().map(|(short, over)| {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("short", short), ("over", over)];
            words.say_with("compare.mixed_up", &values)
        })
    }
}

/// A page of what differs and may be seen. A stocktake of fifty thousand articles is read by pages as any list is.
pub(super) fn page(
    sight: &Sight<'_>,
    take: &Stocktake,
    blindness: &Blindness,
    places: &mut Vec<Text>,
    need: Need<RowId>,
    height: usize,
) -> Result<Vec<(RowId, Difference)>, Fault> {
    let key = |(place, article): RowId| (places.get(place as usize).cloned().unwrap_or_default(), article);
    let (mut end, back) = match need {
        Need::First => (Bound::Unbounded, false),
        Need::From(id) => (Bound::Included(key(id)), false),
        Need::After(id) => (Bound::Excluded(key(id)), false),
        Need::Before(id) => (Bound::Excluded(key(id)), true),
        Need::Last => (Bound::Unbounded, true),
    };
    let mut found = Vec::new();
    loop {
        let from = end.as_ref().map(|(place, article)| (place.as_str(), *article));
        let rows = sight.books.differing(take.id, from, back, height)?;
        for row in &rows {
            if found.len() < height
                && let Some(seen) = difference(sight, take, blindness, row)?
            {
                let known = places.iter().position(|place| *place == row.place);
                let place = known.unwrap_or_else(|| {
                    places.push(row.place.clone());
                    places.len() - 1
                });
                found.push(((place as u32, row.article), seen));
            }
        }
        match rows.last().filter(|_| found.len() < height && rows.len() == height) {
            Some(last) => end = Bound::Excluded((last.place.clone(), last.article)),
            None => break,
        }
    }
    if back {
        found.reverse();
    }
    Ok(found)
}

impl Difference {
    pub fn cells(&self, words: &Words, id: RowId) -> Row<RowId> {
        let firsts = usize::from(self.row.firsts);
        let told = |figure: Option<&Option<Figure>>| match figure {
            None => String::new(),
            Some(None) => words.say("compare.hidden").to_owned(),
            Some(Some(figure)) => {
                figure.quantity.map_or_else(|| words.say("compare.blank").to_owned(), |quantity| quantity.to_string())
            }
        };
        let again = self.seen.figures.get(firsts..).and_then(<[_]>::last);
        let figure = self.row.standing().or(self.row.first().last());
        let book = figure.filter(|_| self.seen.book).map_or_else(String::new, |figure| figure.book.to_string());
        let difference = match self.row.difference() {
            _ if !self.seen.book || self.row.standing().is_none() => String::new(),
            difference => signed(difference),
        };
        let outcome =
            if self.seen.book { format!("outcome.{}", self.row.outcome().key()) } else { "outcome.again".into() };
        let cells = vec![
            Cell::plain(self.row.place.as_str()),
            Cell::plain(self.code.as_str()),
            Cell::plain(format!("{} {}", self.name, self.special).trim()),
            Cell::plain(told(self.seen.figures.first())),
            Cell::plain(told(self.seen.figures.get(1).filter(|_| firsts > 1))),
            Cell::plain(told(again)),
            Cell::plain(book),
            Cell::toned(difference, Tone::Late),
            Cell::plain(words.say(&outcome)),
        ];
        Row { id, cells }
    }
}

/// A difference with a sign, so that over and short are told apart.
pub(super) fn signed(difference: Quantity) -> String {
    if difference.is_positive() { format!("+{difference}") } else { difference.to_string() }
}

/// A compared row, where the person may see that it differs.
fn difference(
    sight: &Sight<'_>,
    take: &Stocktake,
    blindness: &Blindness,
    row: &Compared,
) -> Result<Option<Difference>, Fault> {
    let Some(seen) = blindness.row(take, row) else { return Ok(None) };
    let Some(article) = sight.books.article(row.article)? else { return Ok(None) };
    let price = sight.books.price(row.article, &PriceOf::Retail, take.day)?;
    let free = sight.books.shelf(row.article, &row.place)?;
    let special = said::special(sight.words, &article.card);
    let (code, name) = (article.card.code, article.card.name);
    Ok(Some(Difference { row: row.clone(), seen, code, name, special, price, free }))
}

/// The figures of a difference, one line a sheet, as far as they may be seen.
pub(super) fn figures(words: &Words, take: &Stocktake, found: &Difference) -> Vec<String> {
    let mut lines = Vec::new();
    for figure in found.seen.figures.iter().flatten() {
        let sheet = said::sheet_name(words, take, figure.sheet);
        let quantity = figure.quantity.map_or_else(|| words.say("compare.blank").to_owned(), |it| it.to_string());
        let moved = if figure.moved && found.seen.book { words.say("compare.moved") } else { "" };
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("sheet", &sheet), ("quantity", &quantity), ("book", &figure.book), ("moved", &moved)];
        lines.push(words.say_with(if found.seen.book { "compare.figure" } else { "compare.figure_blind" }, &values));
    }
    if found.seen.book && !found.row.packed.is_zero() {
        lines.push(words.say_with("compare.packed", &[("packed", &found.row.packed)]));
    }
    lines
}
