//! A search under way: which entries match, how well, and which part of a name to show.
//!
//! It holds the words of the query and how far it has come, never the index itself, so that the
//! core can keep it between two keys and let entries change meanwhile. An entry counts as it was
//! when it was looked at; one removed since is left out of the rows.

use std::ops::Range;

use super::alphabet::{BREAK, fold_typed};
use super::word::{Extent, Paths, Word};
use super::{Index, Kept, Marks};

/// More words than this are not looked at; nobody types them, but a paste may have thousands.
const WORDS_MAX: usize = 8;
/// More characters than this are not looked at.
const QUERY_MAX: usize = 256;

/// How an entry was found, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The word is the code, or the whole of a further text that has a digit (a barcode, a phone number).
    ExactCode,
    /// The code begins with it.
    CodePrefix,
    /// The initials of the name's beginning, as `cd` for 成都文轩.
    InitialsStart,
    /// The name begins with it.
    NamePrefix,
    /// Initials from within the name.
    InitialsInside,
    /// Whole pinyin, perhaps mixed with initials and characters, from the beginning.
    PinyinStart,
    /// Whole pinyin from within the name.
    PinyinInside,
    /// Somewhere in the name or code, or in a further text in any way.
    Inside,
}

/// One row of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<Id> {
    /// What was found.
    pub id: Id,
    /// By what; with several words the worst of them.
    pub class: Class,
    /// The parts of the name that matched, in bytes of the name as it was put, ascending and apart.
    pub ranges: Vec<Range<usize>>,
}

/// The best entries so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits<Id> {
    /// At most as many as the search was limited to, best first.
    pub rows: Vec<Hit<Id>>,
    /// How many entries match in all, of those looked at.
    pub total: usize,
    /// Whether every entry has been looked at.
    pub complete: bool,
}

/// An entry that matches; its order is the order of rows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found<Id> {
    pub class: Class,
    pub length: u16,
    pub id: Id,
    pub slot: u32,
}

/// A search that goes on as far as it is told.
pub struct Search<Id> {
    words: Vec<Word>,
    wanted: Marks,
    limit: usize,
    next: usize,
    total: usize,
    complete: bool,
    best: Vec<Found<Id>>,
    /// The worst entry still wanted, once there are more than the limit.
    bar: Option<Found<Id>>,
}

impl<Id: Copy + Ord> Search<Id> {
    pub(super) fn new(words: Vec<Word>, limit: usize) -> Search<Id> {
        let wanted = words
            .iter()
            .fold(Marks::default(), |all, word| Marks { trace: all.trace | word.trace, heads: all.heads | word.heads });
        let complete = words.is_empty();
        Search { words, wanted, limit, next: 0, total: 0, complete, best: Vec::new(), bar: None }
    }

    /// Looks at the next so many entries; whether there is more to look at. A thousand entries of ordinary
    /// length take well under a millisecond.
    pub fn step(&mut self, index: &Index<Id>, entries: usize) -> bool {
        if self.complete {
            return false;
        }
        self.words.iter_mut().for_each(|word| word.learn(&index.alphabet));
        let until = self.next.saturating_add(entries).min(index.ids.len());
        for slot in self.next..until {
            if let Some(found) = index.look(slot, &self.words, self.wanted) {
                self.take(found);
            }
        }
        self.next = until;
        self.complete = until == index.ids.len();
        !self.complete
    }

    /// The rows found so far. The index must be the one that was searched.
    pub fn hits(&mut self, index: &Index<Id>) -> Hits<Id> {
        self.words.iter_mut().for_each(|word| word.learn(&index.alphabet));
        self.best.sort_unstable();
        let living = self.best.iter().filter(|found| index.slots.get(&found.id) == Some(&found.slot));
        let rows = living.take(self.limit).map(|found| self.hit(index, found)).collect();
        Hits { rows, total: self.total, complete: self.complete }
    }

    fn take(&mut self, found: Found<Id>) {
        self.total += 1;
        if self.bar.is_some_and(|bar| found >= bar) {
            return;
        }
        self.best.push(found);
        // Twice the limit is gathered before the better half is chosen, so each entry costs the same however many match.
        if self.best.len() >= self.limit.saturating_mul(2).max(64) {
            let (_, bar, _) = self.best.select_nth_unstable(self.limit);
            self.bar = Some(*bar);
            self.best.truncate(self.limit);
        }
    }

    fn hit(&self, index: &Index<Id>, found: &Found<Id>) -> Hit<Id> {
        let kept = &index.kept[found.slot as usize];
        let places: Vec<_> = self.words.iter().filter_map(|word| place(word, kept)).collect();
        let mut marked = vec![false; kept.name().len()];
        for (from, to) in places {
            marked[from..to].fill(true);
        }
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        for (&sign, marked) in kept.name().iter().zip(marked) {
            let end = at + usize::from(index.alphabet.glyphs()[sign as usize].bytes);
            match ranges.last_mut() {
                Some(last) if marked && last.end == at => last.end = end,
                _ if marked => ranges.push(at..end),
                _ => {}
            }
            at = end;
        }
        Hit { id: found.id, class: found.class, ranges }
    }
}

/// The words of a query, folded. Apostrophes go (`xi'an`), blanks part.
pub(super) fn words(query: &str) -> Vec<String> {
    let typed = query.chars().take(QUERY_MAX).map(fold_typed);
    let folded: String =
        typed.filter(|&c| !matches!(c, '\'' | '`' | '´') && (c.is_whitespace() || !c.is_control())).collect();
    folded.split_whitespace().take(WORDS_MAX).map(String::from).collect()
}

/// How well one word matches one entry.
pub(super) fn class(word: &Word, kept: &Kept) -> Option<Class> {
    let code = word.leads(kept.code());
    let whole = Some(Extent::Whole);
    if code == whole
        || word.is_number() && kept.further().split(|&sign| sign == BREAK).any(|text| word.leads(text) == whole)
    {
        return Some(Class::ExactCode);
    }
    if code.is_some() {
        return Some(Class::CodePrefix);
    }
    name_class(word.at_start(kept.name()), || word.inside(kept.name())).or_else(|| {
        let elsewhere = word.inside(kept.code()).any() || word.inside(kept.further()).any();
        elsewhere.then_some(Class::Inside)
    })
}

fn name_class(start: Paths, inside: impl FnOnce() -> Paths) -> Option<Class> {
    if start.initials {
        return Some(Class::InitialsStart);
    }
    if start.same {
        return Some(Class::NamePrefix);
    }
    match inside() {
        inside if inside.initials => Some(Class::InitialsInside),
        _ if start.full => Some(Class::PinyinStart),
        inside if inside.full => Some(Class::PinyinInside),
        inside if inside.same => Some(Class::Inside),
        _ => None,
    }
}

/// The part of the name a word matches by its best way, from sign to sign.
fn place(word: &Word, kept: &Kept) -> Option<(usize, usize)> {
    let class = name_class(word.at_start(kept.name()), || word.inside(kept.name()))?;
    let wanted = match class {
        Class::InitialsStart | Class::InitialsInside => Paths { initials: true, ..Paths::default() },
        Class::PinyinStart | Class::PinyinInside => Paths { full: true, ..Paths::default() },
        _ => Paths { same: true, ..Paths::default() },
    };
    word.place(kept.name(), wanted)
}
