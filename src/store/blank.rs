//! Where a file was never written: zeros that take no blocks yet.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::ops::Range;

use rustix::fs::{SeekFrom, seek};

/// How wide a gap before a page is filled with zeros, in bytes.
const NEAR: u64 = 1 << 20;

/// Ranges of a file that were never written, the last of them without an end.
#[derive(Debug, Default)]
pub(super) struct Blank(BTreeMap<u64, u64>);

impl Blank {
    /// All from `end` on.
    pub(super) fn from(end: u64) -> Blank {
        Blank(BTreeMap::from([(end, u64::MAX)]))
    }

    /// The holes of a file, and what lies behind its end.
    pub(super) fn of(file: &File) -> io::Result<Blank> {
        let length = file.metadata()?.len();
        let (mut holes, mut at) = (BTreeMap::new(), 0);
        while at < length {
            // A file system that knows of no holes has one at the end.
            at = seek(file, SeekFrom::Hole(at))?;
            match seek(file, SeekFrom::Data(at)) {
                Ok(data) => {
                    holes.insert(at, data);
                    at = data;
                }
                Err(rustix::io::Errno::NXIO) => break,
                Err(other) => return Err(other.into()),
            }
        }
        holes.insert(at, u64::MAX);
        Ok(Blank(holes))
    }

    /// The zeros to be written along with these pages: up to a page that lies close behind what was written, and so
    /// far `ahead` of the last one of a range, in a file of this length.
    pub(super) fn around(&self, pages: &BTreeMap<u64, Vec<u8>>, ahead: u64, length: u64) -> Vec<Range<u64>> {
        let mut zeros = Vec::new();
        for (start, end) in &self.0 {
            let before = pages.range(..start).next_back().map(|(at, page)| at + page.len() as u64);
            let mut at = before.unwrap_or(0).max(*start);
            let mut last = before.filter(|end| end > start);
            for (from, page) in pages.range(start..end) {
                // Across a wide gap a hole is left: zeros for all of it would take longer than they ever save.
                if *from > at && from - at <= NEAR {
                    zeros.push(at..*from);
                }
                at = from + page.len() as u64;
                last = Some(at);
            }
            let reach = last.map_or(0, |last| (last + ahead).min(*end).min(length));
            if reach > at {
                zeros.push(at..reach);
            }
        }
        zeros
    }

    /// This was written.
    pub(super) fn fill(&mut self, written: Range<u64>) {
        let touched: Vec<(u64, u64)> = self
            .0
            .range(..written.end)
            .rev()
            .take_while(|(_, end)| **end > written.start)
            .map(|(s, e)| (*s, *e))
            .collect();
        for (start, end) in touched {
            self.0.remove(&start);
            if start < written.start {
                self.0.insert(start, written.start);
            }
            if end > written.end {
                self.0.insert(written.end, end);
            }
        }
    }

    /// The file now has this length.
    pub(super) fn cut(&mut self, length: u64) {
        self.fill(length..u64::MAX);
        self.0.retain(|start, _| *start < length);
        self.0.insert(length, u64::MAX);
        // What was blank up to there goes on without a seam.
        let joined = self.0.range(..length).next_back().filter(|(_, end)| **end == length).map(|(start, _)| *start);
        if let Some(start) = joined {
            self.0.remove(&length);
            self.0.insert(start, u64::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(blank: &Blank) -> Vec<(u64, u64)> {
        blank.0.iter().map(|(start, end)| (*start, *end)).collect()
    }

    #[test]
    fn what_is_written_is_blank_no_more() {
        let mut blank = Blank::from(100);
        blank.fill(0..50);
        assert_eq!(ranges(&blank), [(100, u64::MAX)]);
        blank.fill(200..300);
        assert_eq!(ranges(&blank), [(100, 200), (300, u64::MAX)]);
        blank.fill(150..350);
        assert_eq!(ranges(&blank), [(100, 150), (350, u64::MAX)]);
        blank.fill(90..160);
        assert_eq!(ranges(&blank), [(350, u64::MAX)]);
    }

    #[test]
    fn what_is_cut_off_is_blank_again() {
        let mut blank = Blank::from(100);
        blank.fill(200..300);
        blank.cut(1_000);
        assert_eq!(ranges(&blank), [(100, 200), (300, u64::MAX)]);
        blank.cut(250);
        assert_eq!(ranges(&blank), [(100, 200), (250, u64::MAX)]);
        blank.cut(150);
        assert_eq!(ranges(&blank), [(100, u64::MAX)]);
    }

    #[test]
    fn zeros_are_brought_close_by_and_not_across_a_wide_gap() {
        let mut blank = Blank::from(1_000);
        let far = 1_000 + 10 * NEAR;
        let pages = BTreeMap::from([(900, vec![1; 150]), (1_100, vec![1; 100]), (far, vec![1; 100])]);
        let zeros = blank.around(&pages, 50, u64::MAX);
        assert_eq!(zeros, [1_050..1_100, far + 100..far + 150]);
        assert_eq!(blank.around(&pages, 50, far + 120), [1_050..1_100, far + 100..far + 120], "never past the end");
        blank.fill(900..1_050);
        blank.fill(far..far + 100);
        assert_eq!(blank.around(&BTreeMap::from([(0, vec![1; 10])]), 50, u64::MAX), []);
        let inside = BTreeMap::from([(1_050, vec![1; 10])]);
        assert_eq!(
            blank.around(&inside, 50, u64::MAX).first(),
            Some(&(1_060..1_110)),
            "a hole is filled from its beginning"
        );
    }

    #[test]
    fn the_holes_of_a_file_are_found() {
        use std::io::{Seek, Write};
        let page = [1; 4096];
        let mut file = tempfile::tempfile().unwrap();
        assert_eq!(ranges(&Blank::of(&file).unwrap()), [(0, u64::MAX)]);
        file.write_all(&page).unwrap();
        file.seek(io::SeekFrom::Start(1 << 20)).unwrap();
        file.write_all(&page).unwrap();
        file.set_len(1 << 24).unwrap();
        let found = ranges(&Blank::of(&file).unwrap());
        let last = found.last().unwrap();
        assert!(last.0 >= (1 << 20) + 4096, "pages that were written lie behind {last:?}");
        // Where the file system knows of holes, the one between the two pages is found, too.
        assert!(found.len() == 1 || found[0].0 >= 4096 && found[0].1 <= 1 << 20, "{found:?}");
        file.set_len(4096).unwrap();
        assert_eq!(ranges(&Blank::of(&file).unwrap()), [(4096, u64::MAX)]);
    }
}
