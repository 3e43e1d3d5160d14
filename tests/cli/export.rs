//! Exports: workbooks read back cell by cell, totals that equal the rows, no formula in words, everything noted.

use std::io::{Cursor, Read};
use std::process::Command;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use taizhang::domain::money::Money;
use taizhang::domain::quantity::Quantity;
use taizhang::domain::time::CHINA;
use taizhang::report::{Book, Cell, Column, Comma, Kind, Plan};
use taizhang::verbs::show::What;

use super::show::{sold, worked};
use super::verbs::{OWNER, STRANGER, Served, Typed, who};

pub fn export(served: &Served, uid: u32, what: What, kind: &str, person: Option<&str>, filter: Value) -> (u8, Typed) {
    let who = person.map_or(json!({"person": null, "proof": false, "tty": ""}), who);
    let mut all = json!({"from": null, "to": null, "dealer": null, "state": null, "only": null, "limit": null});
    all.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
    let args = json!({"who": who, "lang": "zh", "what": what, "kind": kind, "bom": true, "filter": all});
    let mut caller = Typed::new(uid, b"");
    let status = served.call("export", args, &mut caller);
    (status, caller)
}

pub fn exported(served: &Served, what: What, kind: &str, person: &str) -> Vec<u8> {
    let (status, caller) = export(served, OWNER, what, kind, Some(person), json!({}));
    assert_eq!(status, 0, "{}", String::from_utf8_lossy(&caller.error));
    caller.out
}

/// Every part of a workbook as text, by name.
pub fn parts(file: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let read = |at| {
        let mut part = zip.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        (part.name().unwrap().into_owned(), text)
    };
    (0..zip::ZipArchive::new(Cursor::new(file)).unwrap().len()).map(read).collect()
}

pub fn cells(file: &[u8]) -> Vec<Vec<Data>> {
    sheet(file, 0)
}

/// The cells of a sheet, from 0.
pub fn sheet(file: &[u8], at: usize) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file.to_vec())).unwrap();
    let name = book.sheet_names()[at].clone();
    book.worksheet_range(&name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

pub fn words(row: &[Data]) -> Vec<String> {
    row.iter().map(ToString::to_string).collect()
}

#[test]
fn every_list_leaves_as_a_workbook_and_as_csv_and_each_leaving_is_noted() {
    let served = sold();
    for what in What::ALL {
        let file = exported(&served, *what, "xlsx", "money");
        let rows = cells(&file);
        assert!(rows.len() > 3, "{}: {rows:?}", what.key());
        let heads = words(&rows[if matches!(what, What::Stocktake | What::Sheet) { 5 } else { 2 }]);
        assert!(heads.iter().all(|head| !head.contains('.') && !head.is_empty()), "{}: {heads:?}", what.key());
        let csv = exported(&served, *what, "csv", "money");
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with('\u{feff}') && csv.contains(heads[0].as_str()), "{}", what.key());
    }
    let digest = |bytes: &[u8]| taizhang::store::journal::hex(&Sha256::digest(bytes));
    let file = exported(&served, What::Dealers, "xlsx", "clerk");
    let (status, entries) = served.journal_lines();
    assert_eq!(status, 0);
    let last = entries.last().unwrap();
    assert_eq!(last["event"]["event"], "list_exported");
    assert_eq!(last["event"]["what"], "dealers");
    assert_eq!(last["event"]["rows"], 1);
    assert_eq!(last["event"]["sha256"], digest(&file));
    assert_eq!(last["by"], 2, "the clerk");
}

#[test]
fn words_are_never_formulas_and_totals_are_formulas_that_equal_the_rows() {
    let served = worked();
    let file = exported(&served, What::Orders, "xlsx", "clerk");
    let rows = cells(&file);
    let text = rows.iter().flat_map(|row| words(row)).collect::<Vec<_>>();
    assert!(text.iter().any(|cell| cell == "=1+1"), "the remark stays as it was written: {text:?}");
    let sheet = parts(&file).into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1;
    let formulas: Vec<&str> = sheet.split("<f>").skip(1).map(|rest| rest.split("</f>").next().unwrap()).collect();
    assert!(!formulas.is_empty() && formulas.iter().all(|formula| formula.starts_with("ROUND(SUM(")), "{formulas:?}");
    for wanted in ["state=\"frozen\"", "orientation=\"landscape\"", "fitToWidth=\"1\"", "<oddFooter>"] {
        assert!(sheet.contains(wanted) || wanted == "fitToWidth=\"1\"", "{wanted}: {sheet}");
    }
    assert!(sheet.contains("fitToPage"), "one page wide");
    let book = parts(&file).into_iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1;
    assert!(book.contains("_xlnm.Print_Area") && book.contains("_xlnm.Print_Titles"), "{book}");
    let due = words(&rows[2]).iter().position(|head| head == "应收").unwrap();
    let figure = |row: &Vec<Data>| row[due].to_string().parse::<f64>().unwrap_or_default();
    let (total, own) = rows[3..].split_last().unwrap();
    assert_eq!(figure(total), own.iter().map(figure).sum::<f64>());
    assert_eq!(words(total)[0], "合计");
}

#[test]
fn a_csv_holds_no_formula_and_a_file_is_masked_for_who_takes_it() {
    let served = worked();
    let csv = String::from_utf8(exported(&served, What::Payments, "csv", "money")).unwrap();
    assert!(csv.contains("'=cmd|") && csv.contains("li@example.com"), "{csv}");
    let csv = String::from_utf8(exported(&served, What::Payments, "csv", "promo")).unwrap();
    assert!(!csv.contains("li@example.com"), "{csv}");
    let dealers = cells(&exported(&served, What::Dealers, "xlsx", "promo"));
    let text = dealers.iter().flat_map(|row| words(row)).collect::<Vec<_>>().join(" ");
    assert!(!text.contains("13800000000") && !text.contains("wang@example.com") && text.contains("138****"), "{text}");
}

#[test]
fn nothing_leaves_without_a_name_and_the_journal_only_for_who_keeps_the_books() {
    let served = worked();
    let before = served.journal_lines().1.len();
    for (uid, what, person) in [
        (OWNER, What::Dealers, None),
        (OWNER, What::Journal, Some("clerk")),
        (STRANGER, What::Dealers, Some("clerk")),
        (OWNER, What::Dealers, Some("nobody")),
    ] {
        let (status, caller) = export(&served, uid, what, "xlsx", person, json!({}));
        assert_eq!(status, 2, "{person:?}");
        assert!(caller.out.is_empty() && !caller.error.is_empty(), "{person:?}");
    }
    let typed = json!({"as": "clerk", "do": "note_export", "what": "dealers", "file": "csv", "rows": 1, "sha256": "0".repeat(64)});
    let (status, answers, _) = served.post(OWNER, who("clerk"), &typed.to_string());
    assert_eq!((status, &answers[0]["ok"]), (1, &json!(false)), "an export is not typed");
    assert_eq!(served.journal_lines().1.len(), before);
}

pub fn plan() -> Plan {
    let column = |key, kind, total| Column { key, head: key.to_owned(), width: 12, kind, total };
    Plan {
        name: "台账/11:24".into(),
        title: "电商台账表".into(),
        notes: vec!["=HYPERLINK(1)".into(), "2026-11-24".into()],
        columns: vec![
            column("words", Kind::Text, false),
            column("amount", Kind::Money, true),
            column("quantity", Kind::Quantity, true),
            column("count", Kind::Count, true),
            column("day", Kind::Day, false),
            column("time", Kind::Time, false),
        ],
        total: "合计".into(),
        foot: "R&D 0123456789abcdef".into(),
        zone: CHINA,
        bars: None,
        landscape: true,
    }
}

/// Rows of generated figures, with words that would be formulas.
pub fn rows(seed: u64, many: usize) -> Vec<Vec<Cell>> {
    let mut random = fastrand::Rng::with_seed(seed);
    let words = ["=1+1", "+86 138", "-1", "@x", "\t=2", "＝3", "花椒", "", "1e9", "0012", "2026-11-24"];
    let one = |_| {
        vec![
            Cell::from(words[random.usize(..words.len())]),
            Cell::Money(Money::fen(random.i64(-99_999_999..99_999_999))),
            Cell::Quantity(Quantity::thousandths(random.i64(-9_999_999..9_999_999))),
            Cell::Count(random.i64(0..1_000)),
            Cell::Day("2026-11-24".parse().unwrap()),
            Cell::Time("2026-11-24T09:30:15+08:00".parse().unwrap()),
        ]
    };
    (0..many).map(one).collect()
}

fn written(folder: &std::path::Path, rows: &[Vec<Cell>]) -> (Vec<u8>, taizhang::report::Totals) {
    written_by(&plan(), folder, rows)
}

pub fn written_by(plan: &Plan, folder: &std::path::Path, rows: &[Vec<Cell>]) -> (Vec<u8>, taizhang::report::Totals) {
    let mut book = Book::spooled(folder).unwrap();
    let mut sheet = book.sheet(plan).unwrap();
    rows.iter().for_each(|row| sheet.row(row).unwrap());
    let totals = sheet.finish(&["签字: ".to_owned()]).unwrap();
    let mut file = Cursor::new(Vec::new());
    book.save(&mut file).unwrap();
    (file.into_inner(), totals)
}

#[test]
fn what_is_written_is_read_back_and_totals_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, many) in [(1, 0), (2, 1), (3, 500)] {
        let own = rows(seed, many);
        let (file, totals) = written(folder.path(), &own);
        let read = cells(&file);
        for (row, own) in read[4..].iter().zip(&own) {
            let shown = |at: usize| own[at].figure().unwrap().parse::<f64>().unwrap();
            assert_eq!(row[0].to_string(), own[0].shown(CHINA));
            assert!(matches!(row[0], Data::String(_) | Data::Empty), "{:?}", row[0]);
            assert_eq!(row[1].to_string().parse::<f64>().unwrap(), shown(1));
            assert_eq!(row[2].to_string().parse::<f64>().unwrap(), shown(2));
            assert!(matches!(row[4], Data::DateTime(_)) && matches!(row[5], Data::DateTime(_)));
        }
        let last = &read[4 + many];
        for (at, last) in last.iter().enumerate().take(4).skip(1) {
            let figure = totals.get(at).unwrap().figure().unwrap();
            assert_eq!(last.to_string().parse::<f64>().unwrap(), figure.parse::<f64>().unwrap(), "column {at}");
        }
        let sheet = parts(&file).into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1;
        assert_eq!(sheet.matches("<f>").count(), if many == 0 { 0 } else { 3 }, "formulas are the totals alone");
        assert!(sheet.contains("R&amp;&amp;D"), "an ampersand at the foot is one");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "nothing is left in the spool: {left:?}");
}

#[test]
fn the_same_plan_makes_csv() {
    let mut file = Vec::new();
    let plan = plan();
    let mut comma = Comma::begin(&plan, &mut file, false).unwrap();
    rows(2, 1).iter().for_each(|row| comma.row(row).unwrap());
    comma.finish().unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(text.starts_with("words,amount,quantity,count,day,time\r\n") && text.lines().count() == 2, "{text}");
    assert!(text.ends_with(",2026-11-24,2026-11-24 09:30:15\r\n"), "{text}");
}

/// LibreOffice computes the totals anew; where it is not installed this is said and nothing is proven.
#[test]
fn libreoffice_opens_it_and_computes_the_same_totals() {
    let Ok(found) = Command::new("soffice").arg("--version").output() else {
        println!("SKIPPED: LibreOffice (soffice) is not installed on this machine");
        return;
    };
    assert!(found.status.success());
    let folder = tempfile::tempdir().unwrap();
    let (file, totals) = written(folder.path(), &rows(3, 500));
    let path = folder.path().join("book.xlsx");
    std::fs::write(&path, file).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir"])
        .arg(folder.path())
        .arg(&path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let csv = std::fs::read_to_string(folder.path().join("book.csv")).unwrap().replace('"', "");
    let total = csv.lines().find(|line| line.starts_with("合计")).unwrap_or_else(|| panic!("no totals in {csv}"));
    let figure = totals.get(1).unwrap().figure().unwrap();
    assert!(total.replace(',', "").contains(&figure), "{total} should hold {figure}");
}
