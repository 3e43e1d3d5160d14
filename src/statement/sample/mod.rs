//! Statements as the payment companies would write them, for the demo department, measurements and tests.
//!
//! Whoever needs a file gives the flows; the format's own words, padding, encoding, notes and totals are
//! made here, so that what is written reads back as the same flows. Flows stream through: a file of a
//! million takes no more memory than one of ten, but for the two personal formats that state their totals
//! above the list.

use std::io::{self, Write};

use super::format::Format;
use crate::domain::flow::FlowClass;
use crate::domain::money::Money;
use crate::domain::time::{CHINA, Moment};

mod alipay;
mod wechat;

/// One flow of a sample statement, seen from the receiving account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRow {
    /// When the money moved.
    pub time: Moment,
    /// Name or nickname of the other side.
    pub payer: String,
    /// Its account, or empty; personal WeChat files cannot state it, merchants' ones state nothing else.
    pub account: String,
    /// How much, above zero.
    pub amount: Money,
    /// The flow's number.
    pub number: String,
    /// The merchant order number, or empty.
    pub order_ref: String,
    /// What it is; rows of a class that the format has no word for are left out.
    pub class: FlowClass,
    /// Goods or message of the payer.
    pub remark: String,
}

/// What a sample statement says about itself.
#[derive(Debug, Clone, Copy)]
pub struct SampleHead<'a> {
    /// Whose export to imitate.
    pub format: Format,
    /// The receiving account: login, merchant number or nickname.
    pub account: &'a str,
    /// The start of its period.
    pub from: Moment,
    /// The end of its period.
    pub until: Moment,
}

/// Writes a statement of `rows`, in the format's own encoding, with totals that agree.
///
/// # Errors
/// Whatever `to` refuses.
pub fn write_sample(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut rows = rows.filter(|row| has_word_for(head.format, row.class));
    match head.format {
        Format::AlipayWeb => alipay::write_web(head, &mut rows, to),
        Format::AlipayApp2021 => alipay::write_app_2021(head, &mut rows, to),
        Format::AlipayApp2023 => alipay::write_app_2023(head, rows.collect(), to),
        Format::AlipayLedger => alipay::write_ledger(head, &mut rows, to),
        Format::AlipayFunds => alipay::write_funds(head, &mut rows, to),
        Format::WechatPersonal => wechat::write_personal(head, rows.collect(), to),
        Format::WechatTrades => wechat::write_trades(head, &mut rows, to),
        Format::WechatFunds => wechat::write_funds(head, &mut rows, to),
    }
}

/// Whether files of `format` can state a flow of `class`.
pub fn has_word_for(format: Format, class: FlowClass) -> bool {
    match (format, class) {
        (Format::AlipayLedger | Format::AlipayFunds | Format::WechatFunds, class) => class != FlowClass::Closed,
        (Format::WechatTrades, class) => {
            matches!(class, FlowClass::Receipt | FlowClass::Refund | FlowClass::Closed)
        }
        (_, class) => class != FlowClass::Fee,
    }
}

/// Made-up flows: `count` of them from `from` on, a few seconds to some minutes apart, mostly receipts from
/// `payers` (name and account), the same for the same `seed`.
pub fn flows(seed: u64, count: u64, from: Moment, payers: &[(String, String)]) -> impl Iterator<Item = SampleRow> + '_ {
    let mut dice = Dice(seed);
    let mut time = from;
    (0..count).map(move |at| {
        time = time.plus_seconds(1 + dice.below(240) as i64);
        let (payer, account) = match payers.len() as u64 {
            0 => ("某客户".to_owned(), format!("kh***{at}@example.com")),
            many => payers[dice.below(many) as usize].clone(),
        };
        let class = match dice.below(100) {
            0..80 => FlowClass::Receipt,
            80..85 => FlowClass::Refund,
            85..95 => FlowClass::Fee,
            95..97 => FlowClass::Withdrawal,
            97 => FlowClass::Transfer,
            98 => FlowClass::Closed,
            _ => FlowClass::Other,
        };
        let fen = if class == FlowClass::Fee { 1 + dice.below(999) } else { 1_000 + dice.below(500_000) };
        let day = time.day(CHINA).to_string().replace('-', "");
        SampleRow {
            time,
            payer,
            account,
            amount: Money::fen(fen as i64),
            number: format!("{day}22001{:08}{:07}", dice.below(100_000_000), at % 10_000_000),
            order_ref: if class == FlowClass::Withdrawal { String::new() } else { format!("DD{day}{at:07}") },
            class,
            remark: REMARKS[dice.below(REMARKS.len() as u64) as usize].to_owned(),
        }
    })
}

const REMARKS: [&str; 6] = ["货款", "新疆红枣 5斤", "内蒙牛肉干", "转账", "订货", "坚果礼盒"];

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// An amount as the files write it: no thousands, two places.
fn yuan(amount: Money) -> String {
    let (sign, fen) = (if amount < Money::ZERO { "-" } else { "" }, amount.as_fen().unsigned_abs());
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// A text that may stand in a cell without quotes.
fn cell(text: &str) -> String {
    text.chars().map(|c| if c == ',' { '，' } else { c }).filter(|c| !matches!(c, '"' | '\n' | '\r' | '\t')).collect()
}

/// Counts and sums of one total.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    rows: u64,
    sum: Money,
}

impl Sum {
    fn add(&mut self, amount: Money) {
        self.rows += 1;
        self.sum += amount;
    }
}
