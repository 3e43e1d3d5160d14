//! One row of a file as it was written: bytes, cut into cells, with its line.
//!
//! Cells stay in the file's own encoding until somebody wants their text, since most are never shown:
//! no byte of a GB18030 character can be taken for a comma, a quote, a tab or a line end.

use std::borrow::Cow;

use super::fault::{Damage, Excess, Fault};
use super::limits::Limits;

/// How the bytes of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// UTF-8, with or without a mark at its start.
    #[default]
    Utf8,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// The text of `bytes`, or nothing where they are no text.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            _ if bytes.is_ascii() => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Encoding::Gb18030 => encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes),
        }
    }

    /// Whether `bytes` are text, without making it where that can be told sooner.
    pub(super) fn is_text(self, bytes: &[u8]) -> bool {
        match self {
            _ if bytes.is_ascii() => true,
            Encoding::Utf8 => std::str::from_utf8(bytes).is_ok(),
            Encoding::Gb18030 => two_byte_text(bytes).unwrap_or_else(|| self.decode(bytes).is_some()),
        }
    }
}

/// Whether `bytes` are ASCII and two-byte characters; nothing where they hold what only the decoder can judge.
fn two_byte_text(bytes: &[u8]) -> Option<bool> {
    let mut at = 0;
    while let Some(&lead) = bytes.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        match bytes.get(at + 1) {
            _ if lead == 0x80 || lead == 0xff => return None,
            Some(0x40..=0x7e | 0x80..=0xfe) => at += 2,
            Some(0x30..=0x39) => return None,
            _ => return Some(false),
        }
    }
    Some(true)
}

/// A source of rows: a text file, a workbook or SpreadsheetML.
pub(super) trait Rows {
    /// Puts the next row into `row`; false at the end of the file.
    fn next(&mut self, row: &mut Row) -> Result<bool, Damage>;
}

/// One row. Reused from row to row, so that reading allocates nothing.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The line of the file or the row of the sheet, from 1.
    pub(super) line: u32,
    /// Which sheet of the file, from 0.
    pub(super) sheet: u32,
    /// How its bytes are written.
    pub(super) encoding: Encoding,
    /// Whether its cells were written one by one, so that a missing one means that the row was cut.
    pub(super) delimited: bool,
    bytes: Vec<u8>,
    cells: Vec<(u32, u32)>,
}

impl Row {
    /// Empties the row for the next one at `line`.
    pub(super) fn begin(&mut self, line: u32) {
        self.line = line;
        self.bytes.clear();
        self.cells.clear();
    }

    /// Takes the bytes of a whole line that holds no quote, and cuts it at its commas.
    pub(super) fn cut(&mut self, line: &[u8], limits: &Limits) -> Result<(), Damage> {
        self.bytes.extend_from_slice(line);
        let mut start = 0;
        for comma in memchr::memchr_iter(b',', line) {
            self.mark(start, comma, limits)?;
            start = comma + 1;
        }
        self.mark(start, line.len(), limits)
    }

    /// Adds one cell.
    pub(super) fn push(&mut self, cell: &[u8], limits: &Limits) -> Result<(), Damage> {
        if !self.cells.is_empty() {
            self.bytes.push(b',');
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(cell);
        if self.bytes.len() > limits.row_bytes {
            return Err(self.excess(Excess::Row, limits.row_bytes));
        }
        self.mark(start, self.bytes.len(), limits)
    }

    fn mark(&mut self, mut start: usize, mut end: usize, limits: &Limits) -> Result<(), Damage> {
        if end - start > limits.field_bytes {
            return Err(self.excess(Excess::Field, limits.field_bytes));
        }
        if self.cells.len() == limits.columns {
            return Err(self.excess(Excess::Columns, limits.columns));
        }
        while start < end && is_blank(self.bytes[end - 1]) {
            end -= 1;
        }
        while start < end && is_blank(self.bytes[start]) {
            start += 1;
        }
        self.cells.push((start as u32, end as u32));
        Ok(())
    }

    fn excess(&self, what: Excess, limit: usize) -> Damage {
        Damage::at(self.line, Fault::TooLarge { what, limit: limit as u64 })
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The `at`th cell without blanks around it; empty where there is none.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        self.cells.get(at).map_or(b"", |&(start, end)| &self.bytes[start as usize..end as usize])
    }

    /// How many cells there are up to the last one that holds something.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().rposition(|(start, end)| start < end).map_or(0, |at| at + 1)
    }

    /// Joins the `more` cells after the `at`th to it, as an unquoted comma in a name needs.
    pub(super) fn join(&mut self, at: usize, more: usize) {
        let end = self.cells[at + more].1;
        self.cells.drain(at + 1..=at + more);
        self.cells[at].1 = end;
    }

    /// The text of the `at`th cell; nothing where its bytes are no text.
    pub(super) fn text(&self, at: usize) -> Option<Cow<'_, str>> {
        self.encoding.decode(self.cell(at))
    }

    /// The row as one text, its cells parted by commas; what is no text shows as U+FFFD.
    pub(super) fn whole(&self) -> String {
        let cells = &self.cells[..self.filled()];
        let Some((first, last)) = cells.first().zip(cells.last()) else { return String::new() };
        let bytes = &self.bytes[first.0 as usize..last.1 as usize];
        match self.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Encoding::Gb18030 => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

/// What files pad cells with; any other control character is content, to be shown for what it is.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_can_be_healed() {
        let mut row = Row::default();
        row.begin(1);
        row.cut("a,b, c ,d".as_bytes(), &Limits::DEFAULT).unwrap();
        row.join(1, 1);
        assert_eq!((row.len(), row.cell(1), row.cell(2)), (3, &b"b, c"[..], &b"d"[..]));
    }

    #[test]
    fn text_is_told_from_rubbish_as_the_decoder_would() {
        let samples: [&[u8]; 8] = [
            b"abc",
            b"\xd6\xa7\xb8\xb6\xb1\xa6",
            b"\xd6",
            b"\x80",
            b"\xff\x41",
            b"\x81\x30\x81\x30",
            b"\xfe\x39\xfe\x39",
            b"\xd6\x20",
        ];
        for bytes in samples {
            let decoded = Encoding::Gb18030.decode(bytes).is_some();
            assert_eq!(Encoding::Gb18030.is_text(bytes), decoded, "{bytes:x?}");
        }
        let mut state = 7_u32;
        for _ in 0..200_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bytes = (state >> 8).to_be_bytes();
            let decoded = Encoding::Gb18030.decode(&bytes[1..]).is_some();
            assert_eq!(Encoding::Gb18030.is_text(&bytes[1..]), decoded, "{bytes:x?}");
        }
    }
}
