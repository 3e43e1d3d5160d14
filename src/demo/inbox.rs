//! Statements that wait in the inbox: whole ones to be imported, one cut short, one whose totals do not agree.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::DemoFault;
use super::days::Due;
use super::dealers;
use crate::domain::flow::FlowClass;
use crate::domain::money::Money;
use crate::domain::time::{CHINA, Moment};
use crate::statement::Format;
use crate::statement::sample::{SampleHead, SampleRow, write_sample};

/// Channel, number as statements write it, name.
pub(super) const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("alipay", "2088000016050301", "支付宝货款"),
    ("wechat", "1600005031", "微信货款"),
    ("alipay", "2088000016050302", "天猫支付宝"),
    ("wechat", "台账演示财务", "微信个人"),
];

/// A published sample, trimmed by its publisher, so that its totals are not those of its rows.
const TRIMMED: &[u8] = include_bytes!("../../fixtures/statements/public/alipay/app-2023.csv");

/// Writes the files.
pub(super) fn write(inbox: &Path, due: &[Due], now: Moment) -> Result<(), DemoFault> {
    fs::create_dir_all(inbox)?;
    let day = now.day(CHINA);
    let ledger = inbox.join(format!("{}_{}_账务明细.csv", ACCOUNTS[0].1, day.to_string().replace('-', "")));
    let head = |format, account| SampleHead { format, account, from: now.plus_hours(-24), until: now };
    let rows = alipay(due, now);
    let mut file = BufWriter::new(File::create(&ledger)?);
    write_sample(&head(Format::AlipayLedger, ACCOUNTS[0].1), &mut rows.into_iter(), &mut file)?;
    file.flush()?;
    drop(file);
    let mut file = BufWriter::new(File::create(inbox.join("微信商户交易账单.csv"))?);
    write_sample(&head(Format::WechatTrades, ACCOUNTS[1].1), &mut wechat(due, now).into_iter(), &mut file)?;
    file.flush()?;
    let mut file = BufWriter::new(File::create(inbox.join("微信支付账单.csv"))?);
    write_sample(&head(Format::WechatPersonal, ACCOUNTS[3].1), &mut nicknames(due, now).into_iter(), &mut file)?;
    file.flush()?;
    let whole = fs::read(&ledger)?;
    fs::write(inbox.join("账务明细-传输中断.csv"), &whole[..whole.len() * 3 / 5])?;
    fs::write(inbox.join("支付宝交易明细(20230210-20230213).csv"), TRIMMED)?;
    Ok(())
}

fn row(nth: usize, time: Moment, payer: String, account: String, amount: Money, remark: String) -> SampleRow {
    let number = format!("20261123{nth:010}");
    SampleRow { time, payer, account, amount, number, order_ref: String::new(), class: FlowClass::Receipt, remark }
}

/// What dealers paid who pay by Alipay: most as they should, one from a stranger's account, one masked, one too much.
fn alipay(due: &[Due], now: Moment) -> Vec<SampleRow> {
    let mut rows = Vec::new();
    let ours = due.iter().filter(|due| dealers::account(due.dealer).0 == "alipay");
    for (nth, due) in ours.enumerate() {
        let account = match nth {
            2 => "linshi9527@example.com".to_owned(),
            4 => "sho***@example.com".to_owned(),
            _ => dealers::account(due.dealer).1,
        };
        let amount = if nth == 3 { due.amount + Money::fen(5_000) } else { due.amount };
        let remark = if nth % 2 == 0 { format!("{} 货款", due.order) } else { "货款".to_owned() };
        let time = now.plus_seconds(-14_400 + 600 * nth as i64);
        rows.push(row(nth + 1, time, dealers::name(due.dealer), account, amount, remark));
    }
    let at = rows.len();
    let other = |nth: usize, class, fen, remark: &str| SampleRow {
        class,
        ..row(
            at + nth,
            now.plus_seconds(-1_200 + 60 * nth as i64),
            "支付宝".into(),
            String::new(),
            Money::fen(fen),
            remark.into(),
        )
    };
    rows.push(other(1, FlowClass::Fee, 12_60, "服务费"));
    rows.push(other(2, FlowClass::Withdrawal, 500_000, "提现到对公账户"));
    rows
}

fn wechat(due: &[Due], now: Moment) -> Vec<SampleRow> {
    let ours = due.iter().filter(|due| dealers::account(due.dealer).0 == "wechat");
    let each = ours.enumerate().map(|(nth, due)| {
        let time = now.plus_seconds(-10_800 + 420 * nth as i64);
        let number = format!("42000026112300{nth:014}");
        let row =
            row(nth, time, String::new(), dealers::account(due.dealer).1, due.amount, format!("货款 {}", due.order));
        SampleRow { number, order_ref: format!("WX{nth:06}"), ..row }
    });
    each.collect()
}

/// Two who paid to the personal account, under their nicknames: finance must decide.
fn nicknames(due: &[Due], now: Moment) -> Vec<SampleRow> {
    let each = due.iter().rev().take(2).enumerate().map(|(nth, due)| {
        let time = now.plus_seconds(-7_200 + 300 * nth as i64);
        let nick = ["山里的风", "老周干货"][nth].to_owned();
        SampleRow {
            number: format!("1000050001{nth:018}"),
            ..row(nth, time, nick, String::new(), due.amount, "转账备注:货款".into())
        }
    });
    each.collect()
}
