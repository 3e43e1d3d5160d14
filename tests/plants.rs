//! Mistakes planted on purpose, and who catches each: a harness that has never failed has proved nothing.
//!
//! None of them is in the program. Each stands in a test's own copy of a thing: a disk that lies, a model with one rule
//! turned, a table of permits with one right too many, a journal with a byte changed. `plants.txt` lists them all; each is
//! caught by the test beside it, which fails when it is not.

use std::collections::BTreeSet;
use std::path::Path;

/// At least so many are planted.
const LEAST: usize = 40;

#[test]
fn every_planted_mistake_stands_where_the_table_says_and_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("tests/plants.txt")).unwrap();
    let rows = table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut planted = BTreeSet::new();
    let mut faults = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
        let [what, file, mark, catcher, test] = cells[..] else { panic!("{row} is no row") };
        if !planted.insert((file, mark)) {
            faults.push(format!("{what}: planted twice"));
        }
        let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap_or_default();
        if !read(file).contains(mark) {
            faults.push(format!("{what}: no {mark} in {file}"));
        }
        let catches = read(catcher);
        let named = format!("fn {test}()");
        let before = catches.split(&named).next().filter(|before| before.len() < catches.len());
        let is_test = before.is_some_and(|before| before.trim_end().ends_with("#[test]"));
        if !is_test {
            faults.push(format!("{what}: {test} is no test of {catcher} that always runs"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert!(planted.len() >= LEAST, "only {} are planted", planted.len());
}
