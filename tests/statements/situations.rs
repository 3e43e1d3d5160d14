//! Situations that real files bring: re-saved, re-ordered, re-encoded, cut, with refunds and unreadable payers.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::money::Money;
use taizhang::statement::{self, Damage, Excess, Fault, Format, Survey};
use taizhang::ui::locale::{Lang, Words};

use crate::samples::sample;

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn lay(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join("statement");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn survey(&self, bytes: &[u8]) -> Result<Survey, Damage> {
        statement::survey(&self.lay(bytes))
    }

    fn flows(&self, bytes: &[u8]) -> Vec<Flow> {
        flows_of(&self.lay(bytes)).unwrap()
    }
}

fn flows_of(path: &Path) -> Result<Vec<Flow>, Damage> {
    let mut flows = Vec::new();
    statement::read(path, &mut |flow| {
        flows.push(flow);
        true
    })?;
    Ok(flows)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/statements").join(name)).unwrap()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// What a flow is apart from where it stands.
fn identity(flow: &Flow) -> (String, i64, i64, FlowClass) {
    (flow.number.to_string(), flow.time.as_micros(), flow.amount.as_fen(), flow.class)
}

#[test]
fn the_same_file_under_another_name_is_the_same_file() {
    let desk = Desk::new();
    let bytes = fixture("synthetic/alipay-ledger-12.csv");
    let first = desk.survey(&bytes).unwrap();
    let copy = desk.0.path().join("副本 (1).txt");
    std::fs::write(&copy, &bytes).unwrap();
    assert_eq!(statement::survey(&copy).unwrap(), first);
    let other = desk.survey(&[bytes.as_slice(), b"\r\n"].concat()).unwrap();
    assert_ne!(other.sha256, first.sha256, "one byte more is another file");
    assert_eq!(other.rows, first.rows);
}

#[test]
fn twins_are_two_flows() {
    let row = |number: &str| format!("2026-11-05 12:45:27,二维码收款,某客户,/,收入,¥100.00,/,已收钱,{number},/,/\n");
    let header = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n";
    let flows = Desk::new().flows(format!("{header}{}{}", row("10001"), row("10002")).as_bytes());
    assert_eq!(flows.iter().map(|flow| flow.number.as_str()).collect::<Vec<_>>(), ["10001", "10002"]);
}

#[test]
fn the_order_of_rows_loses_none() {
    let (bytes, rows) = sample(Format::AlipayLedger, 5, 40);
    let mut lines = lines(&bytes);
    lines[5..5 + rows.len()].reverse();
    let desk = Desk::new();
    let backwards = lines.concat();
    let there: BTreeSet<_> = desk.flows(&bytes).iter().map(identity).collect();
    let back: BTreeSet<_> = desk.flows(&backwards).iter().map(identity).collect();
    assert_eq!(there, back);
    let (survey, reversed) = (desk.survey(&bytes).unwrap(), desk.survey(&backwards).unwrap());
    assert_eq!(survey.balance, reversed.balance, "the balance is the latest flow's, wherever it stands");
    assert_eq!((survey.by_class, survey.totals), (reversed.by_class, reversed.totals));
}

#[test]
fn a_header_is_found_by_its_names_wherever_it_stands() {
    let (bytes, rows) = sample(Format::WechatPersonal, 6, 20);
    let plain = String::from_utf8(bytes).unwrap();
    let desk = Desk::new();
    let shorter = plain.split_inclusive('\n').skip(12).collect::<String>();
    let longer = plain.replace("注：,", "4. 本账单中所有时间均为UTC+08:00时间,,,\r\n5. 又一行,,\r\n注：,");
    let renamed = plain.replace("金额(元)", "`金额（元）").replace("收/支", " 收/支\t");
    for changed in [&shorter, &longer, &renamed] {
        assert_eq!(desk.flows(changed.as_bytes()).len(), rows.len());
    }
    let unknown = plain.replace("交易单号", "编号").replace("商户单号", "另一编号");
    let damage = desk.survey(unknown.as_bytes()).unwrap_err();
    assert!(matches!(damage.fault, Fault::UnknownLayout { .. }), "{damage}");
    let twice = plain.replace("商户单号", "交易单号");
    assert!(matches!(desk.survey(twice.as_bytes()).unwrap_err().fault, Fault::ColumnMissing { .. }));
    let doubled = plain.replace("支付方式", "交易单号");
    assert!(matches!(desk.survey(doubled.as_bytes()).unwrap_err().fault, Fault::ColumnTwice { .. }));
}

#[test]
fn the_encoding_changes_nothing() {
    let desk = Desk::new();
    let gbk = fixture("synthetic/alipay-ledger-12.csv");
    let text = encoding_rs::GB18030.decode(&gbk).0.into_owned();
    let wanted = desk.flows(&gbk);
    assert_eq!(desk.flows(text.as_bytes()), wanted);
    assert_eq!(desk.flows(format!("\u{feff}{text}").as_bytes()), wanted);
    assert_eq!(desk.flows(text.replace("\r\n", "\n").as_bytes()), wanted);
    assert_eq!(desk.flows(text.replace('\t', "").as_bytes()), wanted);
}

#[test]
fn numbers_and_times_that_went_through_a_spreadsheet_are_refused_where_they_stand() {
    let desk = Desk::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let header = [
        "交易时间",
        "交易类型",
        "交易对方",
        "商品",
        "收/支",
        "金额(元)",
        "支付方式",
        "当前状态",
        "交易单号",
        "商户单号",
        "备注",
    ];
    let row = ["2026-11-05 12:45:27", "二维码收款", "某客户", "/", "收入", "", "/", "已收钱", "", "/", "/"];
    for (column, (name, cell)) in header.iter().zip(row).enumerate() {
        sheet.write_string(0, column as u16, *name).unwrap();
        sheet.write_string(1, column as u16, cell).unwrap();
    }
    sheet.write_number(1, 5, 548.58).unwrap();
    sheet.write_number(1, 8, 123_456_789_012_345.0).unwrap();
    let kept = desk.flows(&book.save_to_buffer().unwrap());
    assert_eq!((kept[0].number.as_str(), kept[0].amount), ("123456789012345", Money::fen(54_858)));
    book.worksheet_from_index(0).unwrap().write_number(1, 8, 4.200_000_069_201_71e27).unwrap();
    let damage = desk.survey(&book.save_to_buffer().unwrap()).unwrap_err();
    assert_eq!((damage.line, damage.column.as_deref()), (Some(2), Some("交易单号")));
    assert!(matches!(damage.fault, Fault::NumberLost { .. }), "{damage}");
}

#[test]
fn refunds_and_closed_rows_have_the_right_net_effect() {
    let desk = Desk::new();
    let net = |name: &str, order: &str| -> i64 {
        let flows = desk.flows(&fixture(name));
        let of_order = flows.iter().filter(|flow| flow.order_ref == *order);
        of_order
            .map(|flow| match flow.direction {
                Direction::In => flow.amount.as_fen(),
                Direction::Out => -flow.amount.as_fen(),
                Direction::Neutral => 0,
            })
            .sum()
    };
    // Paid, closed and given back in full; paid and given back in part; typed as income.
    assert_eq!(net("public/alipay/app-2023.csv", "D12*****14"), 0);
    assert_eq!(net("public/alipay/web-2021.csv", "133899"), 0);
    assert_eq!(net("synthetic/alipay-app-2023-utf8.csv", "5566"), 0);
    assert_eq!(net("synthetic/wechat-personal-bom.csv", "9001"), -15_000 + 3_993);
    assert_eq!(net("synthetic/wechat-trades-v3.csv", "XS2611000001"), 9_900 - 990);
}

#[test]
fn an_unreadable_payer_account_is_empty_and_a_masked_one_is_kept_as_it_is() {
    let accounts = |name: &str| -> BTreeSet<String> {
        Desk::new().flows(&fixture(name)).iter().map(|flow| flow.payer_account.to_string()).collect()
    };
    let wanted = ["", "fin***@jieyisoft.com", "rim***@qq.com", "xxx***@163.com"];
    assert_eq!(accounts("public/alipay/app-2023.csv"), BTreeSet::from(wanted.map(String::from)));
    assert_eq!(accounts("public/wechat/personal-2021.csv"), BTreeSet::from([String::new()]));
}

#[test]
fn text_from_outside_moves_no_cursor() {
    let header = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n";
    let row = "2026-11-05 12:45:27,二维码收款,\u{1b}[2J\u{202e}某\u{200b}客户,\"两\n行\",收入,¥1.00,/,已收钱,10001\u{7},/,/\n";
    let flow = &Desk::new().flows(format!("{header}{row}").as_bytes())[0];
    assert_eq!(flow.payer, "‹U+001B›[2J‹U+202E›某‹U+200B›客户");
    assert_eq!(flow.remark, "两 行");
    assert_eq!(flow.number, "10001‹U+0007›");
}

#[test]
fn a_cut_file_is_refused_or_its_totals_tell() {
    let desk = Desk::new();
    for &format in Format::ALL {
        let (bytes, rows) = sample(format, 8, 12);
        for end in (0..bytes.len()).step_by(7).chain(bytes.len() - 20..bytes.len()) {
            let Ok(survey) = desk.survey(&bytes[..end]) else { continue };
            let told = survey.totals.iter().any(|total| !total.agrees());
            // Only 账务组合查询 states nothing that a cut between two rows would break.
            let between_rows = format == Format::AlipayFunds && bytes[..end].ends_with(b"\n");
            let last_cell = survey.rows == rows.len() as u64 || format == Format::AlipayFunds;
            assert!(told || between_rows || last_cell, "{format:?} cut at {end} of {} passes as whole", bytes.len());
        }
    }
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart_from_damage() {
    let desk = Desk::new();
    for path in [desk.0.path().join("none.csv"), desk.0.path().to_owned()] {
        assert!(matches!(statement::survey(&path).unwrap_err().fault, Fault::Unreadable { .. }));
    }
    assert_eq!(desk.survey(b"").unwrap_err().fault, Fault::Empty);
    assert_eq!(desk.survey(b"\r\n,,,\r\n").unwrap_err().fault, Fault::Empty);
}

#[test]
fn reading_stops_when_told() {
    let desk = Desk::new();
    let path = desk.lay(&sample(Format::AlipayLedger, 9, 100).0);
    let mut count = 0;
    statement::read(&path, &mut |_| {
        count += 1;
        count < 3
    })
    .unwrap();
    assert_eq!(count, 3);
}

#[test]
fn every_fault_has_a_key_of_its_own() {
    let keys: Vec<_> = Fault::keys().collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    for words in Lang::ALL.map(Words::load) {
        let formats = Format::ALL.iter().map(|format| format!("statement.format.{}", format.key()));
        for key in keys.iter().map(|key| (*key).to_owned()).chain(formats) {
            assert!(words.has(&key), "{key} has no text in {:?}", words.lang());
        }
    }
    let fault = Fault::ShortRow { cells: 3, wanted: 11 };
    assert_eq!(fault.key(), "statement.damage.short_row");
    let large = Fault::TooLarge { what: Excess::Rows, limit: 5 };
    assert_eq!(
        (large.key(), large.to_string().as_str()),
        ("statement.damage.too_large.rows", "too large: rows is limited to 5")
    );
    assert_eq!(fault.facts(), [("cells", "3".to_owned()), ("wanted", "11".to_owned())]);
}
