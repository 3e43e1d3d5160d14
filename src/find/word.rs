//! One word of a query, ready to be walked along names.
//!
//! The walk keeps, for each way of typing, a set of "this many letters of the word are used up" as
//! the bits of one integer, so a name is decided in one pass without going back. What each
//! character may do to such a set is worked out once per word, not once per name. It decides
//! whether and how a text matches; which entry comes first is not its matter.

use super::alphabet::{Alphabet, Glyph, LATER, Sign, trace_of};

/// The longest word walked, in characters; of a longer one the beginning counts.
const WORD_MAX: usize = 63;

/// Whether a character may be left out, whether it serves the word anywhere, and at its beginning: a byte for each,
/// because most characters of most names serve nothing and one look has to tell.
const SKIPS: u8 = 1;
const SERVES: u8 = 2;
const BEGINS: u8 = 4;

/// What one character of a name may do, as sets of places in the word.
#[derive(Clone, Copy, Default)]
struct Step {
    /// Places where the word has the character itself.
    same: u64,
    /// Places where it has the first letter of a reading.
    initial: u64,
    /// Places from which the word ends within a reading, such as `che` for 成.
    ends: u64,
    /// Where its whole readings are in [`Word::moves`].
    moves: u32,
    moves_len: u8,
}

/// A whole reading that occurs in the word: at these places, this many letters further.
#[derive(Clone, Copy)]
struct Move {
    at: u64,
    letters: u8,
}

/// One syllable within the word.
#[derive(Clone, Copy, Default)]
struct Heard {
    at: u64,
    ends: u64,
}

/// The kinds of path by which a text was found to match.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Paths {
    /// By its very characters.
    pub same: bool,
    /// By at least one initial and no longer reading.
    pub initials: bool,
    /// By at least one reading of two letters or more.
    pub full: bool,
}

/// How much of a text a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    Beginning,
    Whole,
}

impl Paths {
    pub fn any(self) -> bool {
        self.same || self.initials || self.full
    }
}

/// The state of a walk: how much of the word is used up, by kind of path.
#[derive(Clone, Copy, Default)]
struct Walk {
    same: u64,
    initials: u64,
    full: u64,
}

impl Walk {
    fn start() -> Walk {
        Walk { same: 1, ..Walk::default() }
    }

    fn is_over(self) -> bool {
        self.same | self.initials | self.full == 0
    }
}

/// A word of a query with what it makes of each character of the alphabet.
pub(super) struct Word {
    letters: Vec<char>,
    /// Marks that an entry must bear to match, see [`trace_of`].
    pub trace: u64,
    /// Marks among those that an entry must bear as a character itself or as an initial.
    pub heads: u64,
    heard: Vec<Heard>,
    kinds: Vec<u8>,
    steps: Vec<Step>,
    moves: Vec<Move>,
}

impl Word {
    /// A word of folded characters, not empty.
    pub fn new(folded: &str, alphabet: &Alphabet) -> Word {
        let letters: Vec<char> = folded.chars().take(WORD_MAX).collect();
        let trace = letters.iter().map(|&c| trace_of(c)).fold(0, |all, one| all | one);
        // What no reading has after its first letter can only be a head, and so is what the word begins with.
        let heads = letters.first().map_or(0, |&c| trace_of(c)) | trace & !LATER;
        let mut word =
            Word { letters, trace, heads, heard: Vec::new(), kinds: Vec::new(), steps: Vec::new(), moves: Vec::new() };
        word.learn(alphabet);
        word
    }

    /// Takes in characters that the alphabet has met since.
    pub fn learn(&mut self, alphabet: &Alphabet) {
        for syllable in &alphabet.syllables()[self.heard.len()..] {
            self.heard.push(self.hear(syllable));
        }
        for glyph in &alphabet.glyphs()[self.steps.len()..] {
            let served = glyph.trace & self.trace != 0;
            let step = if served { self.step_of(glyph, alphabet) } else { Step::default() };
            let moves = &self.moves[step.moves as usize..];
            let serves = moves.iter().fold(step.same | step.initial | step.ends, |all, to| all | to.at);
            let kind = |holds: bool, kind: u8| if holds { kind } else { 0 };
            self.kinds.push(kind(glyph.skips, SKIPS) | kind(serves != 0, SERVES) | kind(serves & 1 != 0, BEGINS));
            self.steps.push(step);
        }
    }

    fn step_of(&mut self, glyph: &Glyph, alphabet: &Alphabet) -> Step {
        let mut step = Step { moves: self.moves.len() as u32, ..Step::default() };
        for (at, &letter) in self.letters.iter().enumerate() {
            step.same |= u64::from(letter == glyph.folded) << at;
            let is_initial = letter.is_ascii_lowercase() && glyph.initials >> (letter as u8 - b'a') & 1 == 1;
            step.initial |= u64::from(is_initial) << at;
        }
        for &reading in alphabet.readings(glyph) {
            let heard = self.heard[reading as usize];
            step.ends |= heard.ends;
            if heard.at != 0 {
                self.moves.push(Move { at: heard.at, letters: alphabet.syllables()[reading as usize].len() as u8 });
                step.moves_len += 1;
            }
        }
        step
    }

    /// Where a syllable of two letters or more stands in the word, whole or cut by its end.
    fn hear(&self, syllable: &str) -> Heard {
        let mut heard = Heard::default();
        for at in 0..self.letters.len() {
            let same = syllable.chars().zip(&self.letters[at..]).take_while(|(said, typed)| said == *typed).count();
            if same >= 2 && same == syllable.len() {
                heard.at |= 1 << at;
            } else if same >= 2 && at + same == self.letters.len() {
                heard.ends |= 1 << at;
            }
        }
        heard
    }

    /// Whether it is what a code, a barcode or a phone number is made of: ASCII with a digit.
    pub fn is_number(&self) -> bool {
        self.letters.iter().all(char::is_ascii) && self.letters.iter().any(char::is_ascii_digit)
    }

    fn done(&self) -> u64 {
        1 << self.letters.len()
    }

    /// How the word matches from the beginning of the text; punctuation before it does not count.
    pub fn at_start(&self, text: &[Sign]) -> Paths {
        let mut found = Paths::default();
        let mut walk = Walk::start();
        for &sign in text {
            walk = self.step(walk, sign, &mut found);
            if walk.is_over() {
                break;
            }
        }
        found
    }

    /// How the word matches anywhere in the text.
    pub fn inside(&self, text: &[Sign]) -> Paths {
        let mut found = Paths::default();
        let mut walk = Walk::default();
        for &sign in text {
            if walk.is_over() && self.kinds[sign as usize] & BEGINS == 0 {
                continue;
            }
            walk.same |= 1;
            walk = self.step(walk, sign, &mut found);
            walk.same &= !1;
        }
        found
    }

    /// Whether the text begins with the word by its very characters, and whether that is all of it; punctuation may be
    /// left out.
    pub fn leads(&self, text: &[Sign]) -> Option<Extent> {
        let mut walk = Walk::start();
        let mut found = Paths::default();
        for (at, &sign) in text.iter().enumerate() {
            walk = self.step(walk, sign, &mut found);
            if found.same {
                let ends = text[at + 1..].iter().all(|&sign| self.kinds[sign as usize] & SKIPS != 0);
                return Some(if ends { Extent::Whole } else { Extent::Beginning });
            }
            if walk.same == 0 {
                return None;
            }
        }
        None
    }

    /// The first place of the text where the word matches by one of the wanted paths, from its first to past its last sign.
    pub fn place(&self, text: &[Sign], wanted: Paths) -> Option<(usize, usize)> {
        (0..text.len()).find_map(|start| {
            let mut walk = Walk::start();
            for (end, &sign) in text.iter().enumerate().skip(start) {
                let mut found = Paths::default();
                walk = self.step(walk, sign, &mut found);
                // A match begins with a character that was typed, never with one left out.
                walk.same &= !1;
                if found.same && wanted.same || found.initials && wanted.initials || found.full && wanted.full {
                    return Some((start, end + 1));
                }
            }
            None
        })
    }

    fn step(&self, from: Walk, sign: Sign, found: &mut Paths) -> Walk {
        let kind = self.kinds[sign as usize];
        let kept = if kind & SKIPS != 0 { from } else { Walk::default() };
        if kind & SERVES == 0 {
            return kept;
        }
        let step = &self.steps[sign as usize];
        let any = from.same | from.initials | from.full;
        let mut full = (from.full & (step.same | step.initial)) << 1;
        for to in &self.moves[step.moves as usize..][..usize::from(step.moves_len)] {
            full |= (any & to.at) << to.letters;
        }
        let same = (from.same & step.same) << 1;
        let initials = ((from.same | from.initials) & step.initial | from.initials & step.same) << 1;
        let done = self.done();
        found.same |= same & done != 0;
        found.initials |= initials & done != 0;
        found.full |= full & done != 0 || any & step.ends != 0;
        // What is used up whole does not go on, or a character left out later would count as part of it.
        Walk {
            same: same & !done | kept.same,
            initials: initials & !done | kept.initials,
            full: full & !done | kept.full,
        }
    }
}
