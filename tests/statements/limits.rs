//! Every limit from both sides: what is at the limit is read, what is one past it is refused by name.

use std::io::{Cursor, Write};

use taizhang::statement::{self, Damage, Excess, Fault, Format, Limits, Survey};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::samples::sample;

const HEADER: &str = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注";

fn survey(bytes: &[u8], limits: &Limits) -> Result<Survey, Damage> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement");
    std::fs::write(&path, bytes).unwrap();
    let surveyed = statement::survey_within(&path, limits);
    let read = statement::read_within(&path, limits, &mut |_| true);
    assert_eq!(surveyed.as_ref().err(), read.as_ref().err(), "both passes judge alike");
    surveyed
}

fn excess(bytes: &[u8], limits: &Limits) -> Option<Excess> {
    match survey(bytes, limits) {
        Ok(_) => None,
        Err(Damage { fault: Fault::TooLarge { what, .. }, .. }) => Some(what),
        Err(other) => panic!("{other}"),
    }
}

fn bill(goods: &str, more: &str) -> Vec<u8> {
    let names = if more.is_empty() { String::new() } else { ",又一列".repeat(more.len()) };
    let cells = if more.is_empty() { String::new() } else { ",x".repeat(more.len()) };
    format!("{HEADER}{names}\n2026-11-05 12:45:27,二维码收款,某客户,{goods},收入,¥1.00,/,已收钱,10001,/,/{cells}\n")
        .into_bytes()
}

fn zip_of(entries: &[(String, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(rows: u32, cell: &str, column: u16) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, name) in HEADER.split(',').enumerate() {
        sheet.write_string(0, at as u16, name).unwrap();
    }
    let row = ["2026-11-05 12:45:27", "二维码收款", "某客户", cell, "收入", "1.00", "/", "已收钱", "10001", "/", "/"];
    for line in 1..=rows {
        for (at, cell) in row.iter().enumerate() {
            sheet.write_string(line, at as u16, *cell).unwrap();
        }
    }
    sheet.write_string(0, column, "备注").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_cell_of_eight_kib_and_one_byte_more() {
    let limit = Limits::DEFAULT.field_bytes;
    assert_eq!(limit, 8 << 10);
    assert_eq!(excess(&bill(&"x".repeat(limit), ""), &Limits::DEFAULT), None);
    assert_eq!(excess(&bill(&"x".repeat(limit + 1), ""), &Limits::DEFAULT), Some(Excess::Field));
    assert_eq!(excess(&bill(&format!("\"{}\"", "x".repeat(limit)), ""), &Limits::DEFAULT), None);
    assert_eq!(excess(&bill(&format!("\"{}\"", "x".repeat(limit + 1)), ""), &Limits::DEFAULT), Some(Excess::Field));
    assert_eq!(excess(&workbook(1, &"x".repeat(limit), 10), &Limits::DEFAULT), None);
    assert_eq!(excess(&workbook(1, &"x".repeat(limit + 1), 10), &Limits::DEFAULT), Some(Excess::Field));
}

#[test]
fn a_hundred_and_twenty_eight_columns_and_one_more() {
    assert_eq!(Limits::DEFAULT.columns, 128);
    assert_eq!(excess(&bill("x", &"y".repeat(128 - 11)), &Limits::DEFAULT), None);
    assert_eq!(excess(&bill("x", &"y".repeat(129 - 11)), &Limits::DEFAULT), Some(Excess::Columns));
    assert_eq!(excess(&workbook(1, "x", 127), &Limits::DEFAULT), None);
    assert_eq!(excess(&workbook(1, "x", 128), &Limits::DEFAULT), Some(Excess::Columns));
    // A lone cell in the last corner costs nothing either.
    assert_eq!(excess(&workbook(1, "x", 16_383), &Limits::DEFAULT), Some(Excess::Columns));
}

#[test]
fn a_row_and_one_byte_more() {
    let row = bill(&"x".repeat(700), "");
    let longest = row.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap();
    let limits = |row_bytes| Limits { row_bytes, ..Limits::DEFAULT };
    assert_eq!(excess(&row, &limits(longest)), None);
    assert_eq!(excess(&row, &limits(longest - 1)), Some(Excess::Row));
    let endless = vec![b'x'; 3 << 20];
    assert_eq!(excess(&endless, &Limits::DEFAULT), Some(Excess::Row));
}

#[test]
fn as_many_rows_as_allowed_and_one_more() {
    for format in [Format::AlipayLedger, Format::WechatTrades] {
        let (bytes, rows) = sample(format, 3, 50);
        let limits = |rows| Limits { rows, ..Limits::DEFAULT };
        assert_eq!(excess(&bytes, &limits(rows.len() as u64)), None);
        assert_eq!(excess(&bytes, &limits(rows.len() as u64 - 1)), Some(Excess::Rows));
    }
}

#[test]
fn a_file_of_the_allowed_size_and_one_byte_more() {
    let (bytes, _) = sample(Format::AlipayLedger, 4, 50);
    let size = bytes.len() as u64;
    let text = |text_bytes| Limits { text_bytes, ..Limits::DEFAULT };
    assert_eq!(excess(&bytes, &text(size)), None);
    assert_eq!(excess(&bytes, &text(size - 1)), Some(Excess::File));
    let zip = zip_of(&[("账务明细.csv".to_owned(), &bytes)]);
    assert_eq!(excess(&zip, &text(size)), None);
    assert_eq!(excess(&zip, &text(size - 1)), Some(Excess::Unpacked));
    let packed = |packed_bytes| Limits { packed_bytes, ..Limits::DEFAULT };
    assert_eq!(excess(&zip, &packed(zip.len() as u64)), None);
    assert_eq!(excess(&zip, &packed(zip.len() as u64 - 1)), Some(Excess::File));
}

#[test]
fn sixteen_files_in_a_zip_and_one_more() {
    let (bytes, _) = sample(Format::AlipayLedger, 4, 5);
    let others = |count| (1..count).map(|at| (format!("说明{at}.txt"), &b"about"[..]));
    let entries = |count| others(count).chain([("账务明细.csv".to_owned(), bytes.as_slice())]).collect::<Vec<_>>();
    assert_eq!(Limits::DEFAULT.entries, 16);
    assert_eq!(excess(&zip_of(&entries(16)), &Limits::DEFAULT), None);
    assert_eq!(excess(&zip_of(&entries(17)), &Limits::DEFAULT), Some(Excess::Entries));
}

#[test]
fn a_zip_unpacks_to_a_hundred_times_its_size_and_no_more() {
    let (bytes, rows) = sample(Format::AlipayLedger, 4, 30_000);
    let zip = zip_of(&[("账务明细.csv".to_owned(), &bytes)]);
    let limits = |ratio| Limits { ratio, ..Limits::DEFAULT };
    let packed = zip::ZipArchive::new(Cursor::new(&zip)).unwrap().by_index(0).unwrap().compressed_size();
    let ratio = (bytes.len() as u64).div_ceil(packed);
    assert!(bytes.len() > 1 << 20 && ratio < 100, "{ratio}");
    assert_eq!(survey(&zip, &limits(ratio)).unwrap().rows, rows.len() as u64);
    assert_eq!(excess(&zip, &limits(ratio - 1)), Some(Excess::Ratio));
    // A bomb: a hundred times and more, and a zip within the zip.
    let bomb = zip_of(&[("x.csv".to_owned(), &vec![b'\n'; 64 << 20])]);
    assert_eq!(excess(&bomb, &Limits::DEFAULT), Some(Excess::Ratio));
    let nested = zip_of(&[("账务明细.zip".to_owned(), &zip)]);
    assert!(matches!(survey(&nested, &Limits::DEFAULT).unwrap_err().fault, Fault::Broken { .. }));
}

#[test]
fn a_workbook_unpacks_to_the_allowed_size_and_no_more() {
    let book = workbook(200, "一些文字", 10);
    let mut archive = zip::ZipArchive::new(Cursor::new(&book)).unwrap();
    let unpacked: u64 = (0..archive.len()).map(|at| archive.by_index(at).unwrap().size()).sum();
    let limits = |unpacked_bytes| Limits { unpacked_bytes, ..Limits::DEFAULT };
    assert_eq!(excess(&book, &limits(unpacked)), None);
    assert_eq!(excess(&book, &limits(unpacked - 1)), Some(Excess::Unpacked));
    // One long text that every cell shares unpacks only when it is read.
    let shared = workbook(2_000, &"长".repeat(2_000), 10);
    let held = |held_bytes| Limits { held_bytes, ..Limits::DEFAULT };
    let text = 2_000 * 3 * 2_000 + HEADER.len() as u64 + 2_000 * 60;
    assert_eq!(excess(&shared, &held(text + 2_000 * 60)), None);
    assert_eq!(excess(&shared, &held(2_000 * 3 * 2_000 - 1)), Some(Excess::Unpacked));
    // The shared texts of a workbook are held as well, even where no cell shows them.
    assert_eq!(excess(&book, &held(1_000)), Some(Excess::Unpacked));
}

#[test]
fn amounts_that_no_ledger_can_add_up_are_a_fault() {
    let header = format!("{HEADER}\n");
    let row = "2026-11-05 12:45:27,二维码收款,某客户,/,收入,¥999999999999.99,/,已收钱,10001,/,/\n";
    let sums = survey(format!("{header}{}", row.repeat(92_000)).as_bytes(), &Limits::DEFAULT).unwrap();
    assert_eq!(sums.rows, 92_000);
    let damage = survey_only(format!("{header}{}", row.repeat(93_000)).as_bytes());
    assert_eq!(damage.fault, Fault::SumTooLarge);
    let large = row.replace("999999999999.99", "1000000000000.00");
    let damage = survey(format!("{header}{large}").as_bytes(), &Limits::DEFAULT).unwrap_err();
    assert!(matches!(damage.fault, Fault::Amount { .. }), "{damage}");
}

fn survey_only(bytes: &[u8]) -> Damage {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement");
    std::fs::write(&path, bytes).unwrap();
    statement::survey(&path).unwrap_err()
}
