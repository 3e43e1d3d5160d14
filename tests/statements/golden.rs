//! Every file under `fixtures/statements` against a table of what it states and holds.
//!
//! With `TAIZHANG_BLESS=1` the tables are written anew, to be read before they are kept.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use taizhang::domain::flow::Flow;
use taizhang::domain::time::CHINA;
use taizhang::statement::{self, Survey};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements")
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, found);
        } else if path.extension().is_some_and(|kind| kind != "md") {
            found.push(path);
        }
    }
}

fn picture(path: &Path) -> String {
    let survey = match statement::survey(path) {
        Ok(survey) => survey,
        Err(damage) => {
            let again = statement::read(path, &mut |_| true).expect_err("what a survey refuses, reading refuses");
            assert_eq!(again, damage, "{}", path.display());
            return format!("refused: {damage}\nkey: {}\n", damage.fault.key());
        }
    };
    let mut text = head_of(&survey);
    let mut count = 0;
    statement::read(path, &mut |flow| {
        count += 1;
        text.push_str(&line_of(&flow));
        true
    })
    .unwrap();
    assert_eq!(count, survey.rows, "{}", path.display());
    text
}

fn head_of(survey: &Survey) -> String {
    let mut text = format!("{} | account `{}` | {} flows\n", survey.format.key(), survey.account, survey.rows);
    let time = |moment: Option<taizhang::domain::time::Moment>| moment.map_or("-".to_owned(), |m| m.full(CHINA));
    writeln!(text, "from {} until {}", time(survey.from), time(survey.until)).unwrap();
    if let Some(balance) = survey.balance {
        writeln!(text, "balance {balance}").unwrap();
    }
    for (class, (rows, sum)) in &survey.by_class {
        writeln!(text, "{class:?}: {rows}, {sum}").unwrap();
    }
    for total in &survey.totals {
        let rows = total.rows_stated.map_or("-".to_owned(), |rows| rows.to_string());
        let sum = total.sum_stated.map_or("-".to_owned(), |sum| sum.to_string());
        let verdict = if total.agrees() { "agrees" } else { "DIFFERS" };
        let (rows_found, sum_found) = (total.rows_found, total.sum_found);
        writeln!(text, "stated {}: {rows}, {sum}; found {rows_found}, {sum_found}: {verdict}", total.name).unwrap();
    }
    text
}

fn line_of(flow: &Flow) -> String {
    let Flow {
        row, number, order_ref, direction, class, amount, fee, payer, payer_account, remark, kind, state, ..
    } = flow;
    let time = flow.time.full(CHINA);
    format!(
        "{row} | {time} | {direction:?} {class:?} | {amount} fee {fee} | {number} | {order_ref} | {payer} | {payer_account} | {remark} | {kind} | {state}\n"
    )
}

#[test]
fn every_sample_reads_as_its_table_says() {
    let (fixtures, mut files) = (fixtures(), Vec::new());
    files_under(&fixtures.join("public"), &mut files);
    files_under(&fixtures.join("synthetic"), &mut files);
    files.sort();
    assert!(files.len() >= 8, "the samples are gone: {}", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let name = path.strip_prefix(&fixtures).unwrap().to_string_lossy().replace(['/', '\\'], "_");
        let golden = fixtures.join("golden").join(format!("{name}.txt"));
        let found = picture(&path);
        if std::env::var_os("TAIZHANG_BLESS").is_some() {
            std::fs::write(&golden, &found).unwrap();
        }
        if std::fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
