//! The walk along the chain: every line names the one before it, in order and without gaps.
//!
//! A million entries are walked at each start, so a line is compared with the beginning it must have and hashed, never
//! parsed. Only when something does not fit are lines read, to name the first entry that was altered: an
//! entry whose own hash is still quoted by the next one is whole, so that the one before it is not.

use redb::{ReadTransaction, ReadableTable};
use sha2::{Digest, Sha256};

use super::Fault;
use super::books::Tables;
use super::journal::{self, Head};
use super::tables::JOURNAL;
use crate::domain::id::Seq;
use crate::domain::time::Moment;

/// Walks all lines and compares where they end with the head that the tables keep. The inner error names the first
/// entry that is not as it was written.
pub fn walk(
    books: &impl Tables,
    each: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
) -> Result<Result<Head, String>, Fault> {
    let walked = match walk_lines(books, each)? {
        Ok(head) => head,
        Err(words) => return Ok(Err(words)),
    };
    let kept = journal::head(books)?;
    if kept == walked {
        return Ok(Ok(walked));
    }
    let (last, kept) = (walked.seq.0, kept.seq.0);
    Ok(Err(match last.cmp(&kept) {
        std::cmp::Ordering::Less => format!("the journal has no entry {}: its end is cut off", last + 1),
        std::cmp::Ordering::Equal => format!("entry {last} was altered"),
        std::cmp::Ordering::Greater => format!("entry {} was added behind the books' back", kept + 1),
    }))
}

/// From how many entries on it is worth walking the two halves of the journal at once.
const APART: u64 = 20_000;

/// The same as [`walk`], with a thread for each half of a long journal: only where the halves meet does one need the
/// other. Whatever does not fit is looked at again in order, so that the words are the same. `done` is told how many
/// entries have been walked, now and then.
pub fn walk_apart(books: &ReadTransaction, mut done: impl FnMut(u64)) -> Result<Result<Head, String>, Fault> {
    let Ok(kept) = journal::head(books) else { return walk(books, |_, _| Ok(())) };
    let middle = kept.seq.0 / 2;
    if middle < APART / 2 {
        return walk(books, |_, _| Ok(()));
    }
    let upper = || -> Result<Option<(Head, Head)>, Fault> {
        let lines = books.table(JOURNAL)?;
        let Some(start) = head_at(&lines, middle)? else { return Ok(None) };
        let end = walk_between(&lines, books, start.clone(), u64::MAX, |_, _| Ok(()))?;
        Ok(end.ok().map(|end| (start, end)))
    };
    let (lower, upper) = std::thread::scope(|scope| {
        let upper = scope.spawn(upper);
        let each = |seq: u64, _: &[u8]| {
            if seq.is_multiple_of(APART) {
                done(seq * 2);
            }
            Ok(())
        };
        let lower = books.table(JOURNAL).and_then(|lines| walk_between(&lines, books, Head::empty(), middle, each));
        (lower, upper.join())
    });
    let upper = upper.map_err(|_| Fault::Broken("the walk along the journal broke down".into()))??;
    match (lower?, upper) {
        (Ok(lower), Some((start, end))) if lower == start && end == kept => Ok(Ok(end)),
        _ => walk(books, |_, _| Ok(())),
    }
}

/// Where the journal stood after the line at `seq`, as that line has it.
fn head_at(lines: &impl Lines, seq: u64) -> Result<Option<Head>, Fault> {
    let Some(line) = lines.get(seq)? else { return Ok(None) };
    let line = line.value();
    let said: Option<Beginning> = serde_json::from_slice(line).ok();
    Ok(said.map(|said| Head { seq: Seq(seq), at: said.at, hash: Sha256::digest(line).into() }))
}

/// Walks all lines, whatever the tables say: before they are built anew from them.
pub fn walk_lines(
    books: &impl Tables,
    each: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
) -> Result<Result<Head, String>, Fault> {
    walk_between(&books.table(JOURNAL)?, books, Head::empty(), u64::MAX, each)
}

/// Walks the lines after `head` up to the one at `last`, if there is one so far.
fn walk_between(
    lines: &impl Lines,
    books: &impl Tables,
    mut head: Head,
    last: u64,
    mut each: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
) -> Result<Result<Head, String>, Fault> {
    let (mut beginning, mut calendar) = (Vec::with_capacity(120), Calendar::default());
    for row in lines.range(head.seq.0 + 1..=last)? {
        let (seq, line) = row?;
        let (seq, line) = (seq.value(), line.value());
        if seq != head.seq.0 + 1 {
            return Ok(Err(format!("the journal has no entry {}", head.seq.0 + 1)));
        }
        begin_of(&mut beginning, seq, &head);
        let at = line.strip_prefix(beginning.as_slice()).and_then(|rest| calendar.time(rest));
        let Some(at) = at else {
            let kept = journal::head(books).ok();
            return Ok(Err(flaw(lines, kept.as_ref(), seq, line, &head)?));
        };
        if at < head.at {
            return Ok(Err(format!("entry {seq} is dated before entry {}", head.seq.0)));
        }
        each(seq, line)?;
        head = Head { seq: Seq(seq), at, hash: Sha256::digest(line).into() };
    }
    Ok(Ok(head))
}

/// How the line after `head` must begin.
fn begin_of(beginning: &mut Vec<u8>, seq: u64, head: &Head) {
    beginning.clear();
    beginning.extend_from_slice(b"{\"seq\":");
    beginning.extend_from_slice(seq.to_string().as_bytes());
    beginning.extend_from_slice(b",\"prev\":\"");
    journal::push_hex(beginning, &head.hash);
    beginning.extend_from_slice(b"\",\"at\":\"");
}

/// Reads the times of a million lines: the day is read as text once, for as long as it is the same.
#[derive(Default)]
struct Calendar {
    /// A day as lines have it, up to the `T`, with its midnight.
    day: [u8; 11],
    midnight: Moment,
}

/// How times end as the program writes them.
const ZONE: &[u8] = b"+08:00";

impl Calendar {
    /// The time that stands up to the next quotation mark.
    fn time(&mut self, rest: &[u8]) -> Option<Moment> {
        let end = rest.iter().take(48).position(|byte| *byte == b'"')?;
        let text = &rest[..end];
        self.usual(text).or_else(|| std::str::from_utf8(text).ok()?.parse().ok())
    }

    /// The time if it is written as the program writes it.
    fn usual(&mut self, text: &[u8]) -> Option<Moment> {
        let (day, clock) = text.strip_suffix(ZONE)?.split_first_chunk::<11>()?;
        let (seconds, fraction) = match clock {
            [h, hh, b':', m, mm, b':', s, ss, fraction @ ..] => {
                let [hour, minute, second] = [two(*h, *hh, 24)?, two(*m, *mm, 60)?, two(*s, *ss, 60)?];
                (hour * 3_600 + minute * 60 + second, fraction)
            }
            _ => return None,
        };
        let micros = match fraction {
            [] => 0,
            [b'.', digits @ ..] if matches!(digits.len(), 3 | 6) => {
                let number = digits.iter().try_fold(0, |sum, digit| Some(sum * 10 + two(b'0', *digit, 10)?))?;
                if digits.len() == 3 { number * 1_000 } else { number }
            }
            _ => return None,
        };
        if *day != self.day {
            let midnight = [day.as_slice(), b"00:00:00", ZONE].concat();
            self.midnight = std::str::from_utf8(&midnight).ok()?.parse().ok()?;
            self.day = *day;
        }
        Some(Moment::from_micros(self.midnight.as_micros() + seconds * 1_000_000 + micros))
    }
}

/// Two digits as a number below `limit`.
fn two(tens: u8, ones: u8, limit: i64) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?).filter(|number| *number < limit)
}

#[derive(serde::Deserialize)]
struct Beginning {
    seq: u64,
    prev: String,
    at: Moment,
}

/// The lines of the journal, opened.
trait Lines: ReadableTable<u64, &'static [u8]> {}
impl<T: ReadableTable<u64, &'static [u8]>> Lines for T {}

/// What is wrong with the line at `seq`, or with the one before it.
fn flaw(lines: &impl Lines, kept: Option<&Head>, seq: u64, line: &[u8], before: &Head) -> Result<String, Fault> {
    let read: Beginning = match serde_json::from_slice(line) {
        Ok(read) => read,
        Err(why) => return Ok(format!("entry {seq} cannot be read: {why}")),
    };
    if read.seq != seq {
        return Ok(format!("entry {seq} was replaced: its line says entry {}", read.seq));
    }
    let whole = is_quoted(lines, kept, seq, line)?;
    let altered = if whole && seq > 1 && read.prev != before.hex() { seq - 1 } else { seq };
    Ok(format!("entry {altered} was altered"))
}

/// Whether the next line, or the kept head, still quotes the hash of this one.
fn is_quoted(lines: &impl Lines, kept: Option<&Head>, seq: u64, line: &[u8]) -> Result<bool, Fault> {
    let hash: [u8; 32] = Sha256::digest(line).into();
    let Some(next) = lines.get(seq + 1)? else { return Ok(kept.is_some_and(|kept| kept.hash == hash)) };
    let next: Option<Beginning> = serde_json::from_slice(next.value()).ok();
    Ok(next.is_some_and(|next| next.prev == journal::hex(&hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_what_its_text_says_however_it_is_written() {
        let mut calendar = Calendar::default();
        let mut random = fastrand::Rng::with_seed(7);
        let written = (0..2_000).map(|_| {
            let step = [1, 1_000, 1_000_000][random.usize(..3)];
            Moment::from_micros(random.i64(-4_000_000_000_000..4_000_000_000_000) / step * step).to_string()
        });
        let others = [
            "2026-11-27T23:59:60+08:00",
            "2026-11-27T24:00:00+08:00",
            "2026-11-27T10:00:00Z",
            "2026-11-27T10:00:00.5+08:00",
            "2026-11-27T10:00:00.1234567+08:00",
            "2026-11-27 10:00:00+08:00",
            "2026-13-27T10:00:00+08:00",
            "2026-11-27T10:6x:00+08:00",
            "2026-11-27T10:00:00.12x456+08:00",
            "+08:00",
            "",
        ];
        for text in written.chain(others.map(String::from)) {
            let read = calendar.time(format!("{text}\"rest").as_bytes());
            assert_eq!(read, text.parse().ok(), "{text}");
        }
        assert_eq!(calendar.time(b"2026-11-27T10:00:00+08:00"), None, "it does not end");
    }
}
