//! Text files: lines cut at commas, streamed through one window, however long the file is.
//!
//! The files are CSV as payment companies and their users write it: tabs beside quotes, names with a
//! bare comma, line breaks in quotes, GBK. A line without quotes is cut where it lies; only one with
//! quotes is copied. A quote that never closes is a fault of its line, not a cell as long as the file.

use std::io::Read;
use std::ops::Range;

use super::fault::{Damage, Excess, Fault};
use super::limits::Limits;
use super::row::{Encoding, Row, Rows};
use crate::domain::text::Text;

const WINDOW: usize = 256 << 10;

/// The rows of a text file.
pub(super) struct CommaRows<'a, R> {
    source: R,
    limits: &'a Limits,
    encoding: Encoding,
    window: Vec<u8>,
    start: usize,
    end: usize,
    drained: bool,
    taken: u64,
    line: u32,
    quoted: Vec<u8>,
}

impl<'a, R: Read> CommaRows<'a, R> {
    /// Looks at the start of `source` for its encoding.
    pub(super) fn new(source: R, limits: &'a Limits) -> Result<CommaRows<'a, R>, Damage> {
        let mut rows = CommaRows {
            source,
            limits,
            encoding: Encoding::Utf8,
            window: vec![0; WINDOW],
            start: 0,
            end: 0,
            drained: false,
            taken: 0,
            line: 0,
            quoted: Vec::new(),
        };
        while !rows.drained && rows.end < WINDOW / 4 {
            rows.fill()?;
        }
        let head = &rows.window[..rows.end];
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(Damage::of_file(Fault::Utf16));
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            rows.start = 3;
        } else if !is_utf8_so_far(head) {
            rows.encoding = Encoding::Gb18030;
        }
        Ok(rows)
    }

    /// Reads once more into the window; `drained` at the end of the file.
    fn fill(&mut self) -> Result<(), Damage> {
        if self.start > 0 {
            self.window.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.window.len() {
            self.window.resize(self.window.len() * 2, 0);
        }
        let read = loop {
            match self.source.read(&mut self.window[self.end..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                outcome => break outcome.map_err(|error| unreadable(&error))?,
            }
        };
        self.drained = read == 0;
        self.end += read;
        self.taken += read as u64;
        if self.taken > self.limits.text_bytes {
            let fault = Fault::TooLarge { what: Excess::Unpacked, limit: self.limits.text_bytes };
            return Err(Damage::of_file(fault));
        }
        Ok(())
    }

    /// The next line, without its end; nothing after the last.
    fn next_line(&mut self) -> Result<Option<Range<usize>>, Damage> {
        let mut searched = 0;
        loop {
            let unread = &self.window[self.start + searched..self.end];
            if let Some(found) = memchr::memchr(b'\n', unread) {
                let (from, to) = (self.start, self.start + searched + found);
                self.start = to + 1;
                return self.line_of(from, to).map(Some);
            }
            searched = self.end - self.start;
            if self.drained {
                let (from, to) = (self.start, self.end);
                self.start = to;
                return if from == to { Ok(None) } else { self.line_of(from, to).map(Some) };
            }
            if searched > self.limits.row_bytes {
                return self.line_of(self.start, self.end).map(Some);
            }
            self.fill()?;
        }
    }

    fn line_of(&mut self, from: usize, to: usize) -> Result<Range<usize>, Damage> {
        self.line = self.line.saturating_add(1);
        if to - from > self.limits.row_bytes {
            return Err(self.too_long(self.line));
        }
        let to = if self.window[from..to].ends_with(b"\r") { to - 1 } else { to };
        Ok(from..to)
    }

    fn too_long(&self, line: u32) -> Damage {
        Damage::at(line, Fault::TooLarge { what: Excess::Row, limit: self.limits.row_bytes as u64 })
    }

    /// Cuts the quoted row that begins with the line in `self.quoted`; it may go on over further lines.
    fn cut_quoted(&mut self, row: &mut Row) -> Result<(), Damage> {
        let (mut at, mut cell) = (0, Vec::new());
        loop {
            while matches!(self.quoted.get(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            cell.clear();
            if self.quoted.get(at) == Some(&b'"') {
                at = self.quoted_part(at + 1, &mut cell, row.line)?;
            }
            while let Some(&byte) = self.quoted.get(at).filter(|&&byte| byte != b',') {
                cell.push(byte);
                at += 1;
            }
            row.push(&cell, self.limits)?;
            if at >= self.quoted.len() {
                return Ok(());
            }
            at += 1;
        }
    }

    /// Copies what stands between the quotes into `cell`; where the closing one ends.
    fn quoted_part(&mut self, mut at: usize, cell: &mut Vec<u8>, line: u32) -> Result<usize, Damage> {
        loop {
            match (self.quoted.get(at), self.quoted.get(at + 1)) {
                (Some(b'"'), Some(b'"')) => {
                    cell.push(b'"');
                    at += 2;
                }
                (Some(b'"'), _) => return Ok(at + 1),
                (Some(&byte), _) => {
                    cell.push(byte);
                    at += 1;
                }
                (None, _) => {
                    let more = self.next_line()?.ok_or_else(|| Damage::at(line, Fault::OpenQuote))?;
                    self.quoted.push(b'\n');
                    self.quoted.extend_from_slice(&self.window[more]);
                    if self.quoted.len() > self.limits.row_bytes {
                        return Err(Damage::at(line, Fault::OpenQuote));
                    }
                }
            }
        }
    }
}

impl<R: Read> Rows for CommaRows<'_, R> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Damage> {
        let Some(line) = self.next_line()? else { return Ok(false) };
        row.begin(self.line);
        row.encoding = self.encoding;
        row.delimited = true;
        if memchr::memchr(b'"', &self.window[line.clone()]).is_none() {
            row.cut(&self.window[line], self.limits)?;
        } else {
            self.quoted.clear();
            self.quoted.extend_from_slice(&self.window[line]);
            self.cut_quoted(row)?;
        }
        Ok(true)
    }
}

/// Says why a file cannot be read; a fault that a reader underneath has found is passed on.
pub(super) fn unreadable(error: &std::io::Error) -> Damage {
    let found = error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()).cloned();
    Damage::of_file(found.unwrap_or_else(|| Fault::Unreadable { reason: Text::new(&error.to_string()) }))
}

/// Whether the head of a file is UTF-8; a character cut by the end of the head is no fault.
fn is_utf8_so_far(head: &[u8]) -> bool {
    // Past the first lines the file's own bytes may be damaged, which is a fault of their line, not another encoding.
    let head = &head[..head.len().min(4 << 10)];
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &[u8]) -> Result<Vec<(u32, Vec<String>)>, Damage> {
        let mut rows = CommaRows::new(text, &Limits::DEFAULT)?;
        let (mut row, mut all) = (Row::default(), Vec::new());
        while rows.next(&mut row)? {
            let cells = (0..row.len()).map(|at| row.text(at).unwrap().into_owned());
            all.push((row.line, cells.collect()));
        }
        Ok(all)
    }

    #[test]
    fn quotes_tabs_and_line_ends_are_read_as_the_files_write_them() {
        let text = "a,b\r\n\"x,\"\"y\"\"\"\t,\t\"2\"\n打开\"多多\",=\"19\"\n\"p\nq\",r\nlast";
        let rows = rows_of(text.as_bytes()).unwrap();
        let wanted: [(u32, &[&str]); 5] = [
            (1, &["a", "b"]),
            (2, &["x,\"y\"", "2"]),
            (3, &["打开\"多多\"", "=\"19\""]),
            (4, &["p\nq", "r"]),
            (6, &["last"]),
        ];
        assert_eq!(rows.len(), wanted.len());
        for ((line, cells), (wanted_line, wanted_cells)) in rows.iter().zip(wanted) {
            assert_eq!(
                (*line, cells.as_slice()),
                (wanted_line, &*wanted_cells.iter().map(|c| c.to_string()).collect::<Vec<_>>())
            );
        }
    }

    #[test]
    fn encodings_are_told_by_content() {
        let gbk = b"\xd6\xa7\xb8\xb6\xb1\xa6,1";
        assert_eq!(rows_of(gbk).unwrap()[0].1, ["支付宝", "1"]);
        assert_eq!(rows_of("\u{feff}支付宝,1".as_bytes()).unwrap()[0].1, ["支付宝", "1"]);
        assert_eq!(rows_of("支付宝,1".as_bytes()).unwrap()[0].1, ["支付宝", "1"]);
        assert_eq!(rows_of(b"\xff\xfea\0").unwrap_err().fault, Fault::Utf16);
    }

    #[test]
    fn an_open_quote_is_a_fault_of_its_line() {
        let damage = rows_of(b"a\n\"b,c\nd\n").unwrap_err();
        assert_eq!((damage.line, damage.fault), (Some(2), Fault::OpenQuote));
    }
}
