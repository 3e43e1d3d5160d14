//! Progress outside the workstation: marks on the server's standard error become a bar, everything else passes.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

use crate::verbs::MARK;

/// A longer line than this is passed on without its end.
const LINE_MAX: usize = 64 * 1024;

/// Standard error with a bar on it.
pub(super) struct Marks {
    line: Vec<u8>,
    bar: Option<ProgressBar>,
}

impl Marks {
    pub fn new() -> Marks {
        Marks { line: Vec::new(), bar: None }
    }

    fn take_line(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let mark = MARK as u8;
        if line.first() != Some(&mark) {
            return io::stderr().write_all(&line);
        }
        let text = String::from_utf8_lossy(&line[1..]);
        let mut numbers = text.split_whitespace().map_while(|number| number.parse::<u64>().ok());
        // A mark without numbers, or of nothing, only shows that the server lives.
        if let (Some(done), Some(all @ 1..)) = (numbers.next(), numbers.next()) {
            let bar = self.bar.get_or_insert_with(|| bar(all));
            bar.set_length(all);
            bar.set_position(done);
        }
        Ok(())
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// A bar in ASCII: the width of other marks depends on the terminal.
pub(super) fn bar(all: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("[{bar:40}] {pos}/{len} {percent}%").expect("the template is checked by a test");
    ProgressBar::new(all).with_style(style.progress_chars("=> "))
}

impl Write for Marks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.line.push(*byte);
            if *byte == b'\n' || self.line.len() > LINE_MAX {
                self.take_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_move_a_bar_and_a_sign_of_life_does_not() {
        let mut marks = Marks::new();
        marks.write_all(format!("{MARK}0 0\n").as_bytes()).unwrap();
        assert!(marks.bar.is_none());
        marks.write_all(format!("{MARK}5 10\n{MARK}7 ").as_bytes()).unwrap();
        assert_eq!(marks.bar.as_ref().unwrap().position(), 5);
        marks.write_all(b"10\n").unwrap();
        assert_eq!(marks.bar.as_ref().unwrap().position(), 7);
        marks.finish();
    }
}
