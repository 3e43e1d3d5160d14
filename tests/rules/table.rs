//! Reading rule tables: files of cases that somebody who has never programmed can check against the regulations.
//!
//! `case TITLE` begins a case in a freshly furnished department. A row `who asks field=value ... -> answer` is one asking:
//! `ok`, or every refusal with its clause and reason, in order. `then THING FIGURE VALUE` is what the books say afterwards.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::world::World;

/// One case of a table.
pub struct Case {
    /// What it shows.
    pub title: String,
    rows: Vec<(usize, String)>,
}

/// A table of cases.
pub struct Table {
    /// The file's name, such as `payment.txt`.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// Where the tables lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// A table of rows without cases: its lines without comments, cut at blanks.
pub fn plain(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder().join(name)).expect("the table is there");
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.map(words).filter(|row| !row.is_empty()).collect()
}

impl Table {
    /// Reads a table.
    pub fn read(name: &str) -> Table {
        let text = std::fs::read_to_string(folder().join(name)).expect("the table is there");
        Table::parse(name, &text)
    }

    /// The cases of a table's text.
    pub fn parse(name: &str, text: &str) -> Table {
        let mut cases: Vec<Case> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.strip_prefix("case ") {
                Some(title) => cases.push(Case { title: title.trim().to_owned(), rows: Vec::new() }),
                None => {
                    let case = cases.last_mut().unwrap_or_else(|| panic!("{name}:{}: a row before its case", at + 1));
                    case.rows.push((at + 1, line.to_owned()));
                }
            }
        }
        Table { name: name.to_owned(), cases }
    }

    /// Runs every case; gives what was not as the table says, and the clauses that refused.
    pub fn run(&self) -> (Vec<String>, Vec<String>) {
        let (mut faults, mut clauses) = (Vec::new(), Vec::new());
        for case in &self.cases {
            let mut world = World::new();
            for (line, row) in &case.rows {
                match run_row(&mut world, row) {
                    Ok(told) => {
                        clauses.extend(told.split(" & ").filter_map(|one| one.split(' ').next()).map(str::to_owned))
                    }
                    Err(fault) => {
                        faults.push(format!("{}:{line}: {}: {fault}", self.name, case.title));
                        break;
                    }
                }
            }
            world.verify();
        }
        (faults, clauses)
    }
}

/// Cuts a line at blanks, keeping what stands in quotes together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn run_row(world: &mut World, row: &str) -> Result<String, String> {
    if let Some(rest) = row.strip_prefix("then ") {
        let [thing, figure, wanted] = &words(rest)[..] else {
            return Err("a `then` has a thing, a figure and a value".into());
        };
        let found = world.figure(thing, figure);
        return if found == *wanted {
            Ok(String::new())
        } else {
            Err(format!("{thing} {figure} is {found}, not {wanted}"))
        };
    }
    if let Some(order) = row.strip_prefix("look ") {
        world.look(order.trim());
        return Ok(String::new());
    }
    let (asking, answer) = row.split_once(" -> ").ok_or("a row has an answer after ->")?;
    let asked = words(asking);
    let [who, what, fields @ ..] = &asked[..] else { return Err("a row says who asks what".into()) };
    let pair = |field: &String| {
        let pair = field.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
        pair.ok_or_else(|| format!("{field} is no field"))
    };
    let fields = fields.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let told = world.ask(who, what, &fields);
    let (figures, wanted): (Vec<String>, Vec<String>) = words(answer).into_iter().partition(|word| word.contains('='));
    let wanted = wanted.join(" ");
    if told.words != wanted {
        return Err(format!("answered {}, not {wanted}; {}", told.words, Value::from(told.facts)));
    }
    for figure in figures {
        let (key, value) = figure.split_once('=').expect("partitioned by it");
        if !told.facts.iter().any(|facts| says(facts, key, value)) {
            return Err(format!("{key} is not {value}: {}", Value::from(told.facts)));
        }
    }
    Ok(if told.words == "ok" { String::new() } else { told.words })
}

fn says(facts: &Value, key: &str, value: &str) -> bool {
    let found = key.split('.').fold(facts, |facts, key| &facts[key]);
    match found {
        Value::String(text) => text == value,
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().map(|one| one.as_str().unwrap_or_default()).collect::<Vec<_>>().join("+") == value
        }
        number => number.to_string().as_str() == value,
    }
}
