//! Search while typing: names by code, by Chinese, by any reading of pinyin, in parts and mixed.
//!
//! An [`Index`] holds the names of one kind of thing (dealers, articles) in memory, for one thread.
//! A query is folded (width, case, apostrophes, `ü` as `v`) and split at blanks; every word must match
//! somewhere in an entry. An entry ranks by its worst word in the order of [`Class`], then the
//! shorter name, then the id. The index never reads the store and never works longer than it is
//! told to: a [`Search`] goes on step by step.

mod alphabet;
mod query;
mod word;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use alphabet::{Alphabet, BREAK, Sign};
use query::Found;
pub use query::{Class, Hit, Hits, Search};
use word::Word;

/// What one thing is found by. Borrowed: the index keeps its own compact form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its code: a dealer code, an article code, an order number.
    pub code: &'a str,
    /// Its name, the text whose matching parts are shown.
    pub name: &'a str,
    /// Further texts: contacts, barcodes, phone numbers.
    pub extra: &'a [&'a str],
}

/// The texts of one entry as signs: code, name, then the further ones with a [`BREAK`] between.
#[derive(Default)]
struct Kept {
    code: u16,
    name: u16,
    signs: Box<[Sign]>,
}

impl Kept {
    fn code(&self) -> &[Sign] {
        &self.signs[..usize::from(self.code)]
    }

    fn name(&self) -> &[Sign] {
        &self.signs[usize::from(self.code)..][..usize::from(self.name)]
    }

    fn further(&self) -> &[Sign] {
        &self.signs[usize::from(self.code) + usize::from(self.name)..]
    }
}

/// What an entry may serve at all, by one bit per letter and digit, see [`alphabet::trace_of`].
#[derive(Clone, Copy, Default)]
struct Marks {
    trace: u64,
    heads: u64,
}

impl Marks {
    fn cover(self, wanted: Marks) -> bool {
        self.trace & wanted.trace == wanted.trace && self.heads & wanted.heads == wanted.heads
    }
}

/// An in-memory index over names. An entry keeps its slot while it lives, so a search that was begun stays
/// valid while others are put and removed.
pub struct Index<Id> {
    alphabet: Alphabet,
    slots: BTreeMap<Id, u32>,
    free: Vec<u32>,
    ids: Vec<Id>,
    marks: Vec<Marks>,
    kept: Vec<Kept>,
}

impl<Id> Default for Index<Id> {
    fn default() -> Index<Id> {
        Index {
            alphabet: Alphabet::default(),
            slots: BTreeMap::new(),
            free: Vec::new(),
            ids: Vec::new(),
            marks: Vec::new(),
            kept: Vec::new(),
        }
    }
}

impl<Id: Copy + Ord> Index<Id> {
    /// Adds an entry, or replaces the one with this id. Of a text longer than 65,535 characters the beginning counts.
    pub fn put(&mut self, id: Id, entry: Entry<'_>) {
        let mut signs = Vec::with_capacity(entry.code.len() + entry.name.len());
        let code = self.write(&mut signs, entry.code);
        let name = self.write(&mut signs, entry.name);
        for text in entry.extra {
            signs.push(BREAK);
            self.write(&mut signs, text);
        }
        let glyphs = self.alphabet.glyphs();
        let marks = signs
            .iter()
            .map(|&sign| &glyphs[sign as usize])
            .fold(Marks::default(), |all, one| Marks { trace: all.trace | one.trace, heads: all.heads | one.heads });
        let kept = Kept { code, name, signs: signs.into() };
        let slot = self.slot_of(id);
        (self.marks[slot], self.kept[slot]) = (marks, kept);
    }

    /// Takes an entry out; an id that is not there changes nothing.
    pub fn remove(&mut self, id: Id) {
        if let Some(slot) = self.slots.remove(&id) {
            // Without a mark no word can match the empty slot.
            self.marks[slot as usize] = Marks::default();
            self.kept[slot as usize] = Kept::default();
            self.free.push(slot);
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The best `limit` entries at once. A query without a character finds nothing: the list itself is the answer then.
    pub fn find(&self, query: &str, limit: usize) -> Hits<Id> {
        let mut search = self.search(query, limit);
        search.step(self, usize::MAX);
        search.hits(self)
    }

    /// Begins a search for the best `limit` entries; it looks at nothing before its first [`Search::step`].
    pub fn search(&self, query: &str, limit: usize) -> Search<Id> {
        Search::new(query::words(query).iter().map(|word| Word::new(word, &self.alphabet)).collect(), limit)
    }

    fn write(&mut self, signs: &mut Vec<Sign>, text: &str) -> u16 {
        let from = signs.len();
        signs.extend(text.chars().take(usize::from(u16::MAX)).map(|c| self.alphabet.sign(c)));
        (signs.len() - from) as u16
    }

    fn slot_of(&mut self, id: Id) -> usize {
        if let Some(&slot) = self.slots.get(&id) {
            return slot as usize;
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.ids.push(id);
            self.marks.push(Marks::default());
            self.kept.push(Kept::default());
            (self.ids.len() - 1) as u32
        });
        self.ids[slot as usize] = id;
        self.slots.insert(id, slot);
        slot as usize
    }

    /// Looks at one slot: nothing if it is free or does not match all words.
    fn look(&self, slot: usize, words: &[Word], wanted: Marks) -> Option<Found<Id>> {
        if !self.marks[slot].cover(wanted) {
            return None;
        }
        let kept = &self.kept[slot];
        let mut classes = words.iter().map(|word| query::class(word, kept));
        let class = classes.try_fold(Class::ExactCode, |worst, class| class.map(|class| worst.max(class)))?;
        Some(Found { class, length: kept.name, id: self.ids[slot], slot: slot as u32 })
    }
}
