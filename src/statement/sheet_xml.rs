//! SpreadsheetML 2003: the XML that Alipay names `.xls`, streamed row by row however long it is.
//!
//! Only what a row needs is looked at: sheets, rows, cells with their index, the text of their data. Entities
//! are resolved by the five names and by number only; a document type is refused.

use std::io::{BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::comma::unreadable;
use super::fault::{Damage, Excess, Fault};
use super::limits::Limits;
use super::row::{Encoding, Row, Rows};
use crate::domain::text::Text;

/// The rows of a SpreadsheetML file.
pub(super) struct SheetXml<'a, R> {
    reader: Reader<Leash<'a, R>>,
    limits: &'a Limits,
    buffer: Vec<u8>,
    sheets: u32,
    line: u32,
    depth: u32,
}

impl<'a, R: BufRead> SheetXml<'a, R> {
    /// Begins to read `source`.
    pub(super) fn new(source: R, limits: &'a Limits) -> SheetXml<'a, R> {
        let leash = Leash { source, limits, run: 0, taken: 0 };
        SheetXml { reader: Reader::from_reader(leash), limits, buffer: Vec::new(), sheets: 0, line: 0, depth: 0 }
    }

    fn broken(&self, error: &quick_xml::Error) -> Damage {
        if let quick_xml::Error::Io(error) = error {
            return unreadable(error);
        }
        Damage { line: Some(self.line), column: None, fault: Fault::Broken { reason: Text::new(&error.to_string()) } }
    }

    /// Reads the cells up to the end of the row.
    fn cells(&mut self, row: &mut Row) -> Result<(), Damage> {
        let (mut column, mut text, mut within) = (0, String::new(), Within::Row);
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let event = match event {
                Ok(event) => event,
                Err(error) => return Err(self.broken(&error)),
            };
            match event {
                Event::Start(tag) if is(&tag, "Cell") => {
                    column = index_of(&tag).map_or(column, |index| (index as usize).saturating_sub(1).max(column));
                    if column >= self.limits.columns {
                        let fault = Fault::TooLarge { what: Excess::Columns, limit: self.limits.columns as u64 };
                        return Err(Damage::at(row.line, fault));
                    }
                    text.clear();
                    within = Within::Cell;
                }
                Event::Empty(tag) if is(&tag, "Cell") => {
                    column = index_of(&tag).map_or(column, |index| (index as usize).saturating_sub(1).max(column)) + 1;
                }
                Event::Start(tag) if is(&tag, "Data") && within == Within::Cell => within = Within::Data,
                Event::End(tag) => match tag.local_name().as_ref() {
                    "Data" => within = Within::Cell,
                    "Cell" => {
                        put(row, column, &text, self.limits)?;
                        (column, within) = (column + 1, Within::Row);
                    }
                    "Row" => return Ok(()),
                    _ => {}
                },
                Event::Text(part) if within == Within::Data => text.push_str(&part.xml10_content()),
                Event::CData(part) if within == Within::Data => text.push_str(&part.xml10_content()),
                Event::GeneralRef(name) if within == Within::Data => match resolve(&name) {
                    Some(c) => text.push(c),
                    None => return Err(Damage::at(row.line, Fault::Encoding)),
                },
                Event::Eof | Event::DocType(_) => return Err(Damage::at(row.line, cut())),
                _ => {}
            }
        }
    }
}

#[derive(PartialEq, Eq)]
enum Within {
    Row,
    Cell,
    Data,
}

impl<R: BufRead> Rows for SheetXml<'_, R> {
    fn next(&mut self, row: &mut Row) -> Result<bool, Damage> {
        loop {
            self.buffer.clear();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.broken(&error)),
            };
            match event {
                Event::Start(tag) => {
                    if is(&tag, "Worksheet") {
                        (self.sheets, self.line) = (self.sheets + 1, 0);
                    }
                    if is(&tag, "Row") {
                        self.line = index_of(&tag).unwrap_or(self.line.saturating_add(1));
                        row.begin(self.line);
                        row.sheet = self.sheets.saturating_sub(1);
                        row.encoding = Encoding::Utf8;
                        row.delimited = false;
                        self.cells(row)?;
                        return Ok(true);
                    }
                    self.depth += 1;
                }
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                Event::Empty(tag) if is(&tag, "Row") => {
                    self.line = index_of(&tag).unwrap_or(self.line.saturating_add(1))
                }
                Event::DocType(_) => return Err(Damage::at(self.line, cut())),
                Event::Eof if self.depth > 0 => return Err(Damage::at(self.line, cut())),
                Event::Eof => return Ok(false),
                _ => {}
            }
        }
    }
}

fn cut() -> Fault {
    Fault::Broken { reason: Text::new("the workbook's XML is cut or not plain") }
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref() == name
}

/// The `ss:Index` of a row or cell, from 1.
fn index_of(tag: &BytesStart<'_>) -> Option<u32> {
    let index = tag.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == "Index")?;
    index.value.trim().parse().ok()
}

fn put(row: &mut Row, column: usize, text: &str, limits: &Limits) -> Result<(), Damage> {
    while row.len() < column {
        row.push(b"", limits)?;
    }
    // A DateTime cell is written 2023-01-01T08:00:00.000.
    let plain = text.strip_suffix(".000").filter(|time| time.as_bytes().get(10) == Some(&b'T')).unwrap_or(text);
    row.push(plain.as_bytes(), limits)
}

fn resolve(name: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return Some(c);
    }
    match name.xml10_content().as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Keeps the XML reader from gathering a piece without end: it holds each tag and each text in memory.
struct Leash<'a, R> {
    source: R,
    limits: &'a Limits,
    run: usize,
    taken: u64,
}

impl<R: BufRead> Read for Leash<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Leash<'_, R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        let excess = if self.run > self.limits.row_bytes {
            Some((Excess::Field, self.limits.field_bytes as u64))
        } else if self.taken > self.limits.text_bytes {
            Some((Excess::Unpacked, self.limits.text_bytes))
        } else {
            None
        };
        match excess {
            Some((what, limit)) => Err(std::io::Error::other(Fault::TooLarge { what, limit })),
            None => self.source.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        // The reader takes a buffer up to and with the mark that ends a piece, or all of it.
        let ended = self
            .source
            .fill_buf()
            .is_ok_and(|buffer| memchr::memchr2(b'<', b'>', &buffer[..count.min(buffer.len())]).is_some());
        self.run = if ended { 0 } else { self.run + count };
        self.taken += count as u64;
        self.source.consume(count);
    }
}
