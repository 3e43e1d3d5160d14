//! The characters that names are made of, each with every way it may be typed.
//!
//! A character is folded (width, case, `ü` to `v`) and interned once as a [`Sign`]; the sign knows
//! all its readings, so 重 is `zhong` and `chong` and nobody has to guess which one a clerk means.
//! Readings come from the `pinyin` crate, whose data is named nowhere else. Nothing here ranks.

use std::collections::HashMap;
use std::ops::Range;

use pinyin::ToPinyinMulti;

use crate::domain::text::fold_char;

/// A character by its place in the [`Alphabet`]; two bytes, because a hundred thousand names are kept as signs.
pub(super) type Sign = u16;

/// Stands between two further texts of an entry: it matches nothing, so no match runs across.
pub(super) const BREAK: Sign = 0;
/// What a character becomes when the alphabet is full; it matches nothing.
const UNKNOWN: Sign = 1;

/// One character as it was written, and what may be typed for it.
pub(super) struct Glyph {
    /// The folded character itself.
    pub folded: char,
    /// Its length in the name as written, in UTF-8 bytes.
    pub bytes: u8,
    /// Punctuation, which may be left out when typing.
    pub skips: bool,
    /// First letters of all readings, bit 0 for `a`.
    pub initials: u32,
    /// What queries it can serve at all, see [`trace_of`].
    pub trace: u64,
    /// Those of its marks that are the character itself or an initial.
    pub heads: u64,
    readings: Range<u32>,
}

/// Every character met so far. It only grows.
pub(super) struct Alphabet {
    signs: HashMap<char, Sign>,
    glyphs: Vec<Glyph>,
    readings: Vec<u16>,
    syllables: Vec<String>,
    by_syllable: HashMap<String, u16>,
}

impl Default for Alphabet {
    fn default() -> Alphabet {
        let nothing =
            || Glyph { folded: '\0', bytes: 0, skips: false, initials: 0, trace: 0, heads: 0, readings: 0..0 };
        Alphabet {
            signs: HashMap::new(),
            glyphs: vec![nothing(), nothing()],
            readings: Vec::new(),
            syllables: Vec::new(),
            by_syllable: HashMap::new(),
        }
    }
}

impl Alphabet {
    /// The sign of a character, learnt if it is new. Past 65,536 different characters it is one that matches nothing.
    pub fn sign(&mut self, c: char) -> Sign {
        if let Some(&sign) = self.signs.get(&c) {
            return sign;
        }
        let Ok(sign) = Sign::try_from(self.glyphs.len()) else { return UNKNOWN };
        let glyph = self.learn(c);
        self.glyphs.push(glyph);
        self.signs.insert(c, sign);
        sign
    }

    pub fn glyphs(&self) -> &[Glyph] {
        &self.glyphs
    }

    /// Every syllable met so far; a reading is a place in this list.
    pub fn syllables(&self) -> &[String] {
        &self.syllables
    }

    pub fn readings(&self, glyph: &Glyph) -> &[u16] {
        &self.readings[glyph.readings.start as usize..glyph.readings.end as usize]
    }

    fn learn(&mut self, c: char) -> Glyph {
        let folded = fold_typed(c);
        let start = self.readings.len() as u32;
        let (mut initials, mut trace) = (0, trace_of(folded));
        for syllable in readings_of(folded) {
            initials |= 1 << (syllable.as_bytes()[0] - b'a');
            trace |= syllable.chars().map(trace_of).fold(0, |all, one| all | one);
            let known = self.syllables.len() as u16;
            let id = *self.by_syllable.entry(syllable).or_insert_with_key(|syllable| {
                self.syllables.push(syllable.clone());
                known
            });
            self.readings.push(id);
        }
        let readings = start..self.readings.len() as u32;
        let heads = trace_of(folded) | u64::from(initials);
        Glyph { folded, bytes: c.len_utf8() as u8, skips: !folded.is_alphanumeric(), initials, trace, heads, readings }
    }
}

/// One character as searching sees it: half-width, lower case, `v` for `ü`.
pub(super) fn fold_typed(c: char) -> char {
    let c = fold_char(c);
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some('ü'), None) => 'v',
        (Some(one), None) => one,
        _ => c,
    }
}

/// All readings of a character, without tones, each once; `lü` as `lv` and as `lu`, the two ways it is typed.
pub(super) fn readings_of(c: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        for typed in [reading.plain().replace('ü', "v"), reading.plain().replace('ü', "u")] {
            if !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_lowercase()) && !found.contains(&typed) {
                found.push(typed);
            }
        }
    }
    found
}

/// The marks of letters that a reading may have after its first one.
pub(super) const LATER: u64 = {
    let (mut marks, mut at, letters) = (0, 0, b"aeiouvngrhm");
    while at < letters.len() {
        marks |= 1 << (letters[at] - b'a');
        at += 1;
    }
    marks
};

/// The mark a folded character leaves: one bit per letter and digit, 28 shared by all others. An entry whose
/// marks do not cover those of the query cannot match it, which spares the walk over most names.
pub(super) fn trace_of(folded: char) -> u64 {
    match folded {
        'a'..='z' => 1 << (folded as u32 - 'a' as u32),
        '0'..='9' => 1 << (26 + folded as u32 - '0' as u32),
        other => 1 << (36 + (other as u32).wrapping_mul(0x9e37_79b1).wrapping_shr(16) % 28),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_is_kept() {
        assert_eq!(readings_of('重'), ["zhong", "chong", "tong"]);
        assert_eq!(readings_of('绿'), ["lv", "lu"]);
        assert_eq!(readings_of('略'), ["lve", "lue"]);
        assert!(readings_of('x').is_empty());
    }

    #[test]
    fn a_character_is_learnt_once() {
        let mut alphabet = Alphabet::default();
        let first = alphabet.sign('厦');
        assert_eq!(alphabet.sign('厦'), first);
        let glyph = &alphabet.glyphs()[first as usize];
        let said: Vec<_> =
            alphabet.readings(glyph).iter().map(|&r| alphabet.syllables()[r as usize].as_str()).collect();
        assert_eq!((said, glyph.bytes), (vec!["sha", "xia"], 3));
        assert!("shaxi".chars().all(|c| glyph.trace & trace_of(c) != 0));
    }

    #[test]
    fn no_reading_goes_on_with_a_letter_that_must_be_a_head() {
        for c in ('\u{3400}'..='\u{9fff}').chain(['\u{3007}']) {
            for reading in readings_of(c) {
                assert!(reading.chars().skip(1).all(|letter| trace_of(letter) & LATER != 0), "{c} {reading}");
            }
        }
    }

    #[test]
    fn typing_folds_width_and_case() {
        assert_eq!("ＡｂÜ３".chars().map(fold_typed).collect::<String>(), "abv3");
    }

    #[test]
    fn a_full_alphabet_stays_whole() {
        let mut alphabet = Alphabet::default();
        let known = alphabet.sign('厦');
        let many = (0x1_0000..0x2_5000).filter_map(char::from_u32);
        assert_eq!(many.map(|c| alphabet.sign(c)).last(), Some(UNKNOWN));
        assert_eq!(alphabet.sign('厦'), known);
    }
}
