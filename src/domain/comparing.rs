//! Comparing: the first sheets with each other and with the book, and what counting again decides.
//!
//! Each figure is held against the book as it was at the moment of its own line (E36), so that goods which move between
//! two counts make no difference. First figures stay beside what was counted again (M5.3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::id::ArticleId;
use super::quantity::Quantity;
use super::text::Text;

/// What one sheet says of goods at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Figure {
    /// The sheet.
    pub sheet: u8,
    /// How much was counted; none where it was left blank, which is not zero (E38).
    pub quantity: Option<Quantity>,
    /// What the book had on the shelf at that moment: sound goods that are not packed.
    pub book: Quantity,
    /// The entry of the journal at which the figure stood.
    pub seq: u64,
    /// Whether goods moved at that place between the figure's first line and its last.
    pub moved: bool,
}

impl Figure {
    /// Counted less book.
    pub fn difference(&self) -> Option<Quantity> {
        self.quantity.map(|quantity| quantity - self.book)
    }
}

/// How goods at a place came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All figures are the book's.
    Equal,
    /// The sheets differ from each other or from the book: it is counted again.
    Again,
    /// Counted again, it is the book's figure after all (E42).
    Book,
    /// Counted again, it is one of the first figures (E42).
    First,
    /// Counted again, it is a third figure: whoever confirms decides, with a cause (E42).
    Third,
    /// Out of what was to be counted: kept, and nothing comes of it (E40).
    Outside,
}

impl Outcome {
    /// The outcome's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Outcome::Equal => "equal",
            Outcome::Again => "again",
            Outcome::Book => "book",
            Outcome::First => "first",
            Outcome::Third => "third",
            Outcome::Outside => "outside",
        }
    }
}

/// What was found out about a difference (W9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Explanation {
    /// Its cause.
    pub cause: Text,
    /// Who is responsible.
    pub party: Text,
    /// What is proposed.
    pub proposal: Text,
}

/// Goods at a place, as they were compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The article.
    pub article: ArticleId,
    /// The place.
    pub place: Text,
    /// The figures: first sheets, then what was counted again, in order.
    pub figures: Vec<Figure>,
    /// How many of the figures are first ones.
    pub firsts: u8,
    /// Whether it is among what was to be counted.
    pub in_scope: bool,
    /// Packed for shipments that had not left when the sheets were compared: shown apart, not counted by hand (E37).
    pub packed: Quantity,
    /// The recount's sheet on which it is asked for, 0 where on none.
    pub asked: u8,
    /// What was found out about the difference.
    pub explained: Option<Explanation>,
}

impl Compared {
    /// The first figures.
    pub fn first(&self) -> &[Figure] {
        &self.figures[..usize::from(self.firsts).min(self.figures.len())]
    }

    /// What was counted again, the last time.
    pub fn again(&self) -> Option<&Figure> {
        self.figures.get(usize::from(self.firsts)..).and_then(<[Figure]>::last)
    }

    /// How it came out.
    pub fn outcome(&self) -> Outcome {
        if !self.in_scope {
            return Outcome::Outside;
        }
        let differences = || self.first().iter().map(Figure::difference);
        match self.again().map(Figure::difference) {
            None if differences().all(|difference| difference == Some(Quantity::ZERO)) => Outcome::Equal,
            None | Some(None) => Outcome::Again,
            Some(Some(Quantity::ZERO)) => Outcome::Book,
            Some(again) if differences().any(|first| first == again) => Outcome::First,
            Some(_) => Outcome::Third,
        }
    }

    /// The figure that counts: the last one counted again, else the first ones where they agree.
    pub fn standing(&self) -> Option<&Figure> {
        match self.outcome() {
            Outcome::Again | Outcome::Outside => None,
            Outcome::Equal => self.first().last(),
            Outcome::Book | Outcome::First | Outcome::Third => self.again(),
        }
    }

    /// Counted less book, once that is settled: short where negative, over where positive.
    pub fn difference(&self) -> Quantity {
        self.standing().and_then(Figure::difference).unwrap_or_default()
    }

    /// Whether the two first sheets say something else of it, with the book left aside.
    pub fn sheets_differ(&self) -> bool {
        let mut differences = self.first().iter().map(Figure::difference);
        let first = differences.next();
        differences.any(|other| Some(other) != first)
    }

    /// Whether there is more to say of it than that it is as the book has it: it differs, or was or will be counted again.
    pub fn is_noted(&self) -> bool {
        self.standing().is_none() || !self.difference().is_zero() || self.again().is_some() || self.is_asked_again()
    }

    /// Whether somebody has to count it again: a third figure without a cause still may be.
    pub fn is_asked_again(&self) -> bool {
        match self.outcome() {
            Outcome::Again => true,
            Outcome::Third => self.explained.is_none(),
            _ => false,
        }
    }
}

/// Goods of which one may have been counted as the other: short of one, over of the other, by the same quantity (E50).
/// Only a suggestion: a surplus is never netted against a shortage.
pub fn mixed_up(rows: &[Compared]) -> Vec<(ArticleId, ArticleId)> {
    let mut over: BTreeMap<Quantity, Vec<&Compared>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.difference().is_positive()) {
        over.entry(row.difference()).or_default().push(row);
    }
    let mut pairs = Vec::new();
    for short in rows.iter().filter(|row| row.difference() < Quantity::ZERO) {
        let Some(twins) = over.get_mut(&-short.difference()) else { continue };
        let others = twins.iter().enumerate().filter(|(_, over)| over.article != short.article);
        let nearest = others.min_by_key(|(_, over)| over.place != short.place).map(|(at, _)| at);
        pairs.extend(nearest.map(|at| (short.article, twins.remove(at).article)));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(sheet: u8, quantity: Option<i32>, book: i32) -> Figure {
        let (quantity, book) = (quantity.map(Quantity::whole), Quantity::whole(book));
        Figure { sheet, quantity, book, seq: 1, moved: false }
    }

    fn row(figures: Vec<Figure>) -> Compared {
        let firsts = figures.iter().filter(|figure| figure.sheet <= 2).count() as u8;
        let place = Text::default();
        let packed = Quantity::ZERO;
        Compared { article: ArticleId(1), place, figures, firsts, in_scope: true, packed, asked: 0, explained: None }
    }

    #[test]
    fn three_outcomes_of_counting_again() {
        let firsts = [figure(1, Some(10), 12), figure(2, Some(11), 12)];
        let again = |quantity| row(firsts.iter().copied().chain([figure(3, Some(quantity), 12)]).collect());
        assert_eq!(row(firsts.to_vec()).outcome(), Outcome::Again);
        assert_eq!(again(12).outcome(), Outcome::Book);
        assert_eq!(again(11).outcome(), Outcome::First);
        assert_eq!(again(9).outcome(), Outcome::Third);
        assert_eq!(again(9).difference(), Quantity::whole(-3));
        assert_eq!(again(9).first(), firsts);
    }

    #[test]
    fn goods_that_moved_between_the_counts_make_no_difference() {
        let moved = row(vec![figure(1, Some(10), 10), figure(2, Some(7), 7)]);
        assert_eq!(moved.outcome(), Outcome::Equal);
        assert!(!moved.sheets_differ());
    }

    #[test]
    fn blank_is_not_zero() {
        assert_eq!(row(vec![figure(1, None, 0), figure(2, Some(0), 0)]).outcome(), Outcome::Again);
        assert_eq!(row(vec![figure(1, Some(0), 0), figure(2, Some(0), 0)]).outcome(), Outcome::Equal);
    }
    #[test]
    fn the_twin_of_a_shortage_is_suggested_once_and_nothing_is_netted() {
        let counted = |article: u32, place: &str, quantity: i32, book: i32| {
            let firsts = [figure(1, Some(quantity), book), figure(2, Some(quantity), book)];
            let again = figure(3, Some(quantity), book);
            let row = row(firsts.into_iter().chain([again]).collect());
            Compared { article: ArticleId(article), place: place.into(), ..row }
        };
        let rows = [
            counted(1, "A-01", 96, 100),
            counted(2, "B-02", 54, 50),
            counted(3, "A-01", 14, 10),
            counted(4, "A-01", 6, 10),
            counted(5, "A-01", 13, 10),
        ];
        // The twin at the same place comes first; each is used once; three more is not four short.
        let pairs = [(ArticleId(1), ArticleId(3)), (ArticleId(4), ArticleId(2))];
        assert_eq!(mixed_up(&rows), pairs);
        let differences: Vec<Quantity> = rows.iter().map(Compared::difference).collect();
        assert_eq!(differences, [-4, 4, 4, -4, 3].map(Quantity::whole));
        assert_eq!(
            mixed_up(&[counted(1, "A-01", 96, 100), counted(1, "B-02", 54, 50)]),
            [],
            "one article is no twin of itself"
        );
    }
}
