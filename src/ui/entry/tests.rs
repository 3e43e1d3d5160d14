//! The table of what is entered and what stands on the sheet then.

use super::*;

/// Codes by letter: a known one, another, one that nobody knows, one with a wrong check digit, a short one, a six-digit one.
const CODES: [(&str, &str); 6] = [
    ("A", "9787020002207"),
    ("B", "9787536692930"),
    ("U", "6901234567892"),
    ("X", "9787020002208"),
    ("S", "HJ01"),
    ("D", "100234"),
];
/// Past this the sheet asks whether it really is so much.
const LIMIT: i32 = 400;

/// What is entered, line by line (`_` is an empty line) => the lines of the sheet => how many were refused or asked about
/// => what the field waits for.
const TABLE: &str = "
    A                        => A 1                       => 0 => figure
    A _                      => A 1                       => 0 => code
    _ _                      =>                           => 0 => code
    A _ _ _                  => A 1                       => 0 => code
    A 12                     => A 12                      => 0 => code
    A 12.5                   => A 12.5                    => 0 => code
    A １２．５               => A 12.5                    => 0 => code
    A 0.125                  => A 0.125                   => 0 => code
    A 0.1255                 => A 1                       => 1 => held
    A A                      => A 2                       => 0 => figure
    A A A 5                  => A 5                       => 0 => code
    A B                      => A 1, B 1                  => 0 => figure
    A 2 A 2                  => A 2, A 2                  => 0 => code
    A 12 A A B _ A 2 A 2     => A 12, A 2, B 1, A 2, A 2  => 0 => code
    5*A                      => A 5                       => 0 => code
    5* A                     => A 5                       => 0 => code
    5* _ A                   => A 5                       => 0 => code
    A 5*B                    => A 1, B 5                  => 0 => code
    5*A A                    => A 5, A 1                  => 0 => figure
    A _ *7                   => A 7                       => 0 => code
    A *7                     => A 7                       => 0 => code
    A 3 +2                   => A 5                       => 0 => code
    A 3 -2                   => A 1                       => 0 => code
    A 3 -5                   => A 3                       => 1 => held
    A 3 -5 B                 => A 3                       => 2 => held
    A 3 -5 _ B               => A 3, B 1                  => 1 => figure
    A -                      =>                           => 0 => code
    A 12 -                   => A 1                       => 0 => code
    A 12 - -                 =>                           => 0 => code
    -                        =>                           => 1 => held
    A 12 +                   => A 12, A 12                => 0 => code
    A 12345                  => A 1                       => 1 => sure
    A 99999 99999            => A 99999                   => 1 => code
    A 123456                 => A 1                       => 1 => held
    A 1234567                => A 1                       => 1 => held
    A 123456 12              => A 12                      => 1 => code
    A 123456 B               => A 1                       => 2 => held
    A 123456 _ B             => A 1, B 1                  => 1 => figure
    A 12345678               => A 1                       => 1 => held
    A 96385074               => A 1, 96385074 1           => 0 => figure
    A 480                    => A 1                       => 1 => sure
    A 480 480                => A 480                     => 1 => code
    A 480 48                 => A 48                      => 1 => code
    A 480 _ 40               => A 40                      => 1 => code
    A 480 B                  => A 1                       => 2 => sure
    480*A 480                => A 480                     => 1 => code
    480*A 48                 => A 48                      => 1 => code
    A 400 +90 90             => A 490                     => 1 => code
    A 0                      => A 1                       => 1 => zero
    A 0 0                    => A 0                       => 1 => code
    A 0 _ 3                  => A 3                       => 1 => code
    A 0 5                    => A 5                       => 1 => code
    A 0 B                    => A 1                       => 2 => zero
    A 0 B 0                  => A 0                       => 2 => code
    A _ *0 0                 => A 0                       => 1 => code
    U                        => U 1                       => 0 => figure
    U 7                      => U 7                       => 0 => code
    X                        =>                           => 1 => held
    X A                      =>                           => 2 => held
    X _ A                    => A 1                       => 1 => figure
    A 3三                    => A 1                       => 1 => held
    成都                     =>                           => 1 => held
    S                        => S 1                       => 0 => figure
    A S                      => A 1, S 1                  => 0 => figure
    D                        => D 1                       => 0 => figure
    A D                      => A 1                       => 1 => held
    12                       =>                           => 1 => held
    123456                   =>                           => 1 => held
    .C-04                    =>                           => 0 => code
    A .C-04 B                => A 1, B 1                  => 0 => figure
    .nowhere                 =>                           => 1 => held
    .                        =>                           => 1 => held
    /hlm                     =>                           => 0 => code
    A /hlm                   => A 1                       => 0 => figure
    *                        =>                           => 1 => held
    +x                       =>                           => 1 => held
    \\000026A                => A 1                       => 0 => figure
    A 1*                     => A 1                       => 0 => code
    0*A                      =>                           => 1 => held
";

struct Shelf;

impl Known for Shelf {
    fn code(&self, code: &str) -> bool {
        ["9787020002207", "9787536692930", "HJ01", "100234"].contains(&code)
    }
    fn place(&self, code: &str) -> bool {
        code == "C-04"
    }
}

/// A sheet: its lines, and the records on them.
#[derive(Default)]
struct Sheet {
    lines: Vec<(String, Quantity)>,
    records: Vec<(usize, Quantity)>,
}

impl Sheet {
    fn record(&mut self, line: usize, change: Quantity, sure: bool) -> Result<(u32, String), Option<Quantity>> {
        let now = self.lines[line].1 + change;
        if now < Quantity::ZERO {
            return Err(None);
        }
        if now > Quantity::whole(LIMIT) && !sure {
            return Err(Some(now));
        }
        self.lines[line].1 = now;
        self.records.push((line, change));
        Ok((line as u32 + 1, self.lines[line].0.clone()))
    }

    fn answer(&mut self, order: Order) -> Result<(u32, String), Option<Quantity>> {
        let last = self.records.last().copied().ok_or(None);
        match order {
            Order::Scan { code, quantity, join, sure } => {
                let change = quantity.unwrap_or(Quantity::whole(1));
                if join {
                    return self.record(last?.0, change, sure);
                }
                self.lines.push((code, Quantity::ZERO));
                let done = self.record(self.lines.len() - 1, change, sure);
                done.inspect_err(|_| drop(self.lines.pop()))
            }
            Order::Set { to, line, sure } => {
                let at = last?.0;
                assert!(line.is_none_or(|line| line as usize == at + 1), "the line that is meant is the last");
                self.record(at, to - self.lines[at].1, sure)
            }
            Order::Adjust { by, sure } => self.record(last?.0, by, sure),
            Order::Undo => {
                let (line, change) = last?;
                self.records.pop();
                self.lines[line].1 -= change;
                let code = self.lines[line].0.clone();
                if self.records.iter().all(|(of, _)| *of != line) {
                    self.lines.pop();
                }
                Ok((line as u32 + 1, code))
            }
            Order::Repeat => {
                let (code, quantity) = self.lines[last?.0].clone();
                self.lines.push((code, Quantity::ZERO));
                self.record(self.lines.len() - 1, quantity, true)
            }
        }
    }
}

/// Enters lines, all at once or one by one, and gives the sheet, the refusals, and the field.
fn entered(lines: &[String], ahead: usize) -> (Sheet, usize, Entry) {
    let (mut entry, mut sheet, mut refused) = (Entry::default(), Sheet::default(), 0);
    for chunk in lines.chunks(ahead) {
        for line in chunk {
            entry.enter(line).unwrap();
        }
        while let Some(came) = entry.next(&Shelf) {
            match came {
                Came::Order(order) => match sheet.answer(order) {
                    Ok((line, code)) => entry.accepted(line, &code),
                    Err(asks) => {
                        refused += 1;
                        entry.declined(asks);
                    }
                },
                Came::Refused(_) | Came::AsksZero => refused += 1,
                Came::Nothing | Came::Find(_) | Came::Place(_) => (),
            }
        }
    }
    (sheet, refused, entry)
}

fn spelled(text: &str) -> String {
    let code = |letter: &str| CODES.iter().find(|(known, _)| *known == letter).map(|(_, code)| (*code).to_owned());
    if text == "_" {
        return String::new();
    }
    let (front, letter) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let is_code = front.is_empty() || front.ends_with('*') || front.starts_with('\\');
    code(letter).filter(|_| is_code).map_or_else(|| text.to_owned(), |code| format!("{front}{code}"))
}

fn written(sheet: &Sheet) -> String {
    let line = |(code, quantity): &(String, Quantity)| {
        let short = CODES.iter().find(|(_, known)| known == code).map_or(code.as_str(), |(letter, _)| letter);
        format!("{short} {}", quantity.to_string().replace(',', ""))
    };
    sheet.lines.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn state(entry: &Entry) -> &'static str {
    match entry.state() {
        State::Code { .. } => "code",
        State::Figure(_) => "figure",
        State::Zero(_) => "zero",
        State::Sure { .. } => "sure",
        State::Held(_) => "held",
    }
}

#[test]
fn the_table_of_what_is_entered() {
    let mut rows = 0;
    for row in TABLE.lines().filter(|row| !row.trim().is_empty()) {
        let cells: Vec<&str> = row.split("=>").map(str::trim).collect();
        let [typed, expected, refusals, waits] = cells[..] else { panic!("{row}") };
        let lines: Vec<String> = typed.split_whitespace().map(spelled).collect();
        let (sheet, refused, entry) = entered(&lines, 1);
        assert_eq!(
            (written(&sheet).as_str(), refused, state(&entry)),
            (expected, refusals.parse().unwrap(), waits),
            "{row}"
        );
        rows += 1;
    }
    assert!(rows > 70, "{rows}");
}

#[test]
fn what_is_typed_ahead_comes_out_as_typed_one_by_one() {
    let good = ["A", "12", "A", "A", "B", "_", "5*A", "A", "2", "U", "S", "-", "+"];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..200 {
        let lines: Vec<String> = (0..random.usize(1..40)).map(|_| spelled(good[random.usize(..good.len())])).collect();
        let (one_by_one, refused, _) = entered(&lines, 1);
        if refused == 0 {
            let (at_once, _, _) = entered(&lines, lines.len());
            assert_eq!(written(&at_once), written(&one_by_one), "{lines:?}");
        }
    }
}

#[test]
fn what_stands_behind_an_error_was_entered_before_it_was_seen_and_is_refused() {
    let lines: Vec<String> = ["A", "X", "B", "_", "B"].map(spelled).to_vec();
    let (sheet, _, entry) = entered(&lines, lines.len());
    assert_eq!((written(&sheet).as_str(), state(&entry), entry.refused_since()), ("A 1", "held", 3));
}

#[test]
fn two_thousand_scans_ahead_lose_none() {
    let lines: Vec<String> = (0..2_000).map(|at| spelled(if at % 2 == 0 { "A" } else { "B" })).collect();
    let (sheet, refused, _) = entered(&lines, lines.len());
    assert_eq!((sheet.lines.len(), refused), (2_000, 0));
    assert!(sheet.lines.iter().zip(&lines).all(|(line, code)| line.0 == *code));
}

#[test]
fn no_figure_ever_has_more_than_five_digits() {
    let mut random = fastrand::Rng::with_seed(11);
    let keys: Vec<char> = "0123456789.*+-/_".chars().collect();
    for _ in 0..2_000 {
        let mut lines = vec![spelled("A")];
        lines.extend((0..6).map(|_| (0..random.usize(0..15)).map(|_| keys[random.usize(..keys.len())]).collect()));
        let (sheet, _, _) = entered(&lines, 1);
        let end = Quantity::whole(200_000);
        assert!(sheet.lines.iter().all(|line| line.1 < end && line.1 >= Quantity::ZERO), "{lines:?}");
    }
}
