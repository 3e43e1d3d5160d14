//! What one entered line says, by its characters alone: the timing of a scanner is never asked.
//!
//! Figures have at most five digits before the point; eight digits and more are a code; six or seven are neither.

use super::Fault;
use crate::domain::barcode;
use crate::domain::quantity::Quantity;
use crate::domain::text::fold;

/// The most digits of a quantity before the point.
const FIGURE_DIGITS: usize = 5;
/// The most digits after it.
const PLACES: usize = 3;
/// From so many digits on, digits are a code.
const CODE_DIGITS: usize = 8;
/// What a QR code's character set sends in front of its content.
const PREFIXES: [&str; 2] = ["\\000026", "\\000029"];

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: a doubled Enter.
    Empty,
    /// `/` and what is looked for.
    Find(String),
    /// `.` and the code of a place.
    Place(String),
    /// `-`: the last record is taken back.
    Undo,
    /// `+`: the last line once more.
    Repeat,
    /// `*N`: the last line is N.
    Set(Quantity),
    /// `+N`, `-N`: the last line is so much more or less.
    Adjust(Quantity),
    /// `N*`: so many of what is scanned next.
    Preset(Quantity),
    /// `N*` with its scan.
    Many(Quantity, String),
    /// At most five digits before the point, at most three after it; and as it was typed.
    Figure(Quantity, String),
    /// Six or seven digits: no quantity, and a code only where an article has it.
    Between(String),
    /// A code.
    Code(String),
}

/// Reads a line.
pub(super) fn read(line: &str) -> Result<Said, Fault> {
    let folded = fold(line.trim());
    let line = PREFIXES.iter().find_map(|prefix| folded.strip_prefix(prefix)).unwrap_or(&folded);
    if !line.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\u{1d}') {
        return Err(Fault::NotAscii);
    }
    let mut rest = line.chars();
    let first = rest.next();
    let rest = rest.as_str().trim();
    match first {
        None => Ok(Said::Empty),
        Some('/') => Ok(Said::Find(rest.to_owned())),
        Some('.') if rest.is_empty() => Err(Fault::NoPlace),
        Some('.') => Ok(Said::Place(rest.to_owned())),
        Some('-') if rest.is_empty() => Ok(Said::Undo),
        Some('+') if rest.is_empty() => Ok(Said::Repeat),
        Some('*') => figure(rest).map(Said::Set),
        Some('+') => figure(rest).map(Said::Adjust),
        Some('-') => figure(rest).map(|quantity| Said::Adjust(-quantity)),
        Some(_) => match line.split_once('*') {
            Some((many, "")) => figure(many).map(Said::Preset),
            Some((many, scanned)) => Ok(Said::Many(figure(many)?, code(scanned)?)),
            None => figure_or_code(line),
        },
    }
}

fn figure_or_code(line: &str) -> Result<Said, Fault> {
    if line.bytes().any(|b| !b.is_ascii_digit() && b != b'.') {
        return code(line).map(Said::Code);
    }
    match line.len() {
        CODE_DIGITS.. if !line.contains('.') => code(line).map(Said::Code),
        digits if digits > FIGURE_DIGITS && !line.contains('.') => Ok(Said::Between(line.to_owned())),
        _ => figure(line).map(|figure| Said::Figure(figure, line.to_owned())),
    }
}

/// A quantity as it may be typed.
fn figure(text: &str) -> Result<Quantity, Fault> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > PLACES || text.ends_with('.') {
        return Err(Fault::NoFigure);
    }
    if whole.len() > FIGURE_DIGITS {
        return Err(Fault::TooManyDigits);
    }
    text.parse().map_err(|_| Fault::NoFigure)
}

/// A code, unless its check digit says that it was read badly.
fn code(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if barcode::is_damaged(text) {
        return Err(Fault::Damaged);
    }
    let proper = |c: char| c.is_ascii_alphanumeric() || "-._/ \u{1d}()".contains(c);
    if text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\u{1d}' || c == '(') && text.chars().all(proper) {
        Ok(text.to_owned())
    } else {
        Err(Fault::NoCode)
    }
}
