//! Pieces of a file by offset, none of which overlaps another.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use redb::StorageBackend;

use crate::store::give_way;

/// A longer run goes out in several calls, in bytes.
const LONG: u64 = 256 << 10;

/// Pages by offset; none overlaps another.
pub(super) type Pages = BTreeMap<u64, Vec<u8>>;

/// What pages hold of a piece of the file.
pub(super) enum Found<'a> {
    Nothing,
    Whole(&'a [u8]),
    Part,
}

/// What `pages` hold of a piece of the file.
pub(super) fn find(pages: &Pages, offset: u64, length: usize) -> Found<'_> {
    let Some((at, page)) = pages.range(..offset + length as u64).next_back() else { return Found::Nothing };
    if at + page.len() as u64 <= offset {
        return Found::Nothing;
    }
    let whole = offset.checked_sub(*at).and_then(|from| page.get(from as usize..from as usize + length));
    whole.map_or(Found::Part, Found::Whole)
}

/// Puts a page over whatever the pages hold there.
pub(super) fn lay(pages: &mut Pages, at: u64, page: Vec<u8>) {
    let end = at + page.len() as u64;
    let reaching = |(from, page): (&u64, &Vec<u8>)| (from + page.len() as u64 > at).then_some(*from);
    while let Some(from) = pages.range(..end).next_back().and_then(reaching) {
        let Some(mut older) = pages.remove(&from) else { break };
        let reach = from + older.len() as u64;
        if reach > end {
            pages.insert(end, older.split_off((end - from) as usize));
        }
        if from < at {
            older.truncate((at - from) as usize);
            pages.insert(from, older);
            break;
        }
    }
    pages.insert(at, page);
}

/// Copies what `pages` hold of a piece of the file over it.
pub(super) fn overlay(pages: &Pages, offset: u64, out: &mut [u8]) {
    let end = offset + out.len() as u64;
    for (at, page) in pages.range(..end).rev() {
        let (from, to) = ((*at).max(offset), (at + page.len() as u64).min(end));
        if from >= to {
            break;
        }
        let piece = &page[(from - at) as usize..(to - at) as usize];
        out[(from - offset) as usize..(to - offset) as usize].copy_from_slice(piece);
    }
}

/// Writes pages and zeros in the order of their places, what follows without a gap in one call, and lets others go first
/// between long ones.
pub(super) fn write_runs(under: &impl StorageBackend, pages: &Pages, zeros: &[Range<u64>]) -> io::Result<()> {
    let zeros = zeros.iter().map(|zeros| (zeros.start, None, zeros.end - zeros.start));
    let pages = pages.iter().map(|(at, page)| (*at, Some(page), page.len() as u64));
    let mut pieces: Vec<(u64, Option<&Vec<u8>>, u64)> = pages.chain(zeros).collect();
    pieces.sort_unstable_by_key(|(at, ..)| *at);
    let (mut rest, mut run) = (pieces.as_slice(), Vec::new());
    while let Some((start, ..)) = rest.first() {
        let mut end = *start;
        let joined = rest.iter().take_while(|(at, _, length)| {
            let joins = *at == end && end - start < LONG;
            end = at + length;
            joins
        });
        let (pieces, after) = rest.split_at(joined.count());
        rest = after;
        // Most pages lie alone, and need not be copied together.
        if let [(at, Some(page), _)] = pieces {
            under.write(*at, page)?;
            continue;
        }
        run.clear();
        for (_, page, length) in pieces {
            match page {
                Some(page) => run.extend_from_slice(page),
                None => run.resize(run.len() + *length as usize, 0),
            }
        }
        under.write(*start, &run)?;
        if run.len() as u64 >= LONG {
            give_way();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is laid where, the pages hold what a plain file would, and none overlaps another.
    #[test]
    fn pages_laid_over_each_other_are_what_a_file_would_be() {
        let mut luck = fastrand::Rng::with_seed(3);
        for _ in 0..2_000 {
            let (mut pages, mut file, mut laid) = (Pages::new(), [0u8; 64], [false; 64]);
            for byte in 1..=luck.u8(1..12) {
                let from = luck.usize(0..63);
                let page = vec![byte; luck.usize(1..=64 - from)];
                file[from..from + page.len()].copy_from_slice(&page);
                laid[from..from + page.len()].fill(true);
                lay(&mut pages, from as u64, page);
            }
            let ends = pages.iter().map(|(at, page)| at + page.len() as u64);
            assert!(ends.zip(pages.keys().skip(1)).all(|(end, next)| end <= *next), "{pages:?}");
            let (from, to) = (luck.usize(0..32), luck.usize(33..64));
            let mut out = vec![0; to - from];
            overlay(&pages, from as u64, &mut out);
            assert_eq!(out, file[from..to]);
            match find(&pages, from as u64, to - from) {
                Found::Whole(bytes) => assert_eq!(bytes, &file[from..to]),
                Found::Nothing => assert!(!laid[from..to].contains(&true)),
                Found::Part => assert!(laid[from..to].contains(&true)),
            }
        }
    }
}
