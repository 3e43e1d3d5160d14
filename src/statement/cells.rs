//! The cells of one row by what they hold: amounts, times, numbers and texts, each with the fault that
//! names its line and column.

use std::borrow::Cow;

use super::fault::{Damage, Fault};
use super::header::Columns;
use super::layout::{Field, Figures, Layout};
use super::row::Row;
use crate::domain::flow::{Direction, Flow};
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::{CHINA, Moment};

/// One row, seen through its layout.
pub(super) struct Cells<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// Its layout.
    pub(super) layout: &'static Layout,
    /// Where the columns of this file stand.
    pub(super) columns: &'a Columns,
}

/// The texts of a row that end up in a flow.
const TEXTS: &[Field] = &[
    Field::Kind,
    Field::State,
    Field::OtherState,
    Field::Payer,
    Field::Account,
    Field::PayerAndAccount,
    Field::Goods,
    Field::Remark,
    Field::OtherRemark,
];

impl<'a> Cells<'a> {
    /// A fault of this row in the column of `field`.
    pub(super) fn damage(&self, field: Field, fault: Fault) -> Damage {
        Damage { line: Some(self.row.line), column: self.columns.name(field), fault }
    }

    /// The bytes of a cell without the marks around them; empty for every word that means empty.
    pub(super) fn raw(&self, field: Field) -> &'a [u8] {
        self.columns.of(field).map_or(b"", |at| bare(self.row.cell(at)))
    }

    /// Whether the cell holds nothing.
    pub(super) fn is_empty(&self, field: Field) -> bool {
        self.raw(field).is_empty()
    }

    /// The cell's words.
    pub(super) fn word(&self, field: Field) -> Result<Cow<'a, str>, Damage> {
        self.row.encoding.decode(self.raw(field)).ok_or_else(|| self.damage(field, Fault::Encoding))
    }

    /// The cell as text that is safe to keep.
    pub(super) fn text(&self, field: Field) -> Result<Text, Damage> {
        Ok(Text::new(&self.word(field)?))
    }

    fn shown(&self, field: Field) -> Text {
        Text::new(&String::from_utf8_lossy(self.raw(field)))
    }

    /// The amount of a cell; nothing where it is empty.
    pub(super) fn amount(&self, field: Field) -> Result<Option<Money>, Damage> {
        let raw = self.raw(field);
        if raw.is_empty() {
            return Ok(None);
        }
        if let Some(fen) = plain_fen(raw) {
            return Ok(Some(Money::fen(fen)));
        }
        let word = self.word(field)?;
        let digits = word.trim_start_matches(['`', '\'']);
        digits.parse().map(Some).map_err(|_| self.damage(field, Fault::Amount { text: Text::new(&word) }))
    }

    /// The amount of a cell that may not be empty.
    pub(super) fn needed_amount(&self, field: Field) -> Result<Money, Damage> {
        self.amount(field)?.ok_or_else(|| self.damage(field, Fault::Amount { text: Text::default() }))
    }

    /// A fee with up to five places, in hundred-thousandths of a yuan; zero where the cell is empty.
    pub(super) fn exact(&self, field: Field) -> Result<i64, Damage> {
        let raw = self.raw(field);
        if raw.is_empty() {
            return Ok(0);
        }
        let word = self.word(field)?;
        hundred_thousandths(&word).ok_or_else(|| self.damage(field, Fault::Amount { text: Text::new(&word) }))
    }

    /// The time of a cell, in China's zone.
    pub(super) fn time(&self, field: Field) -> Result<Moment, Damage> {
        let raw = self.raw(field);
        match civil_time(raw) {
            Clock::Whole(moment) => Ok(moment),
            Clock::NoSeconds => Err(self.damage(field, Fault::SecondsLost { text: self.shown(field) })),
            Clock::Not => Err(self.damage(field, Fault::Time { text: self.text(field).unwrap_or_default() })),
        }
    }

    /// 收入, 支出, or any of the words for neither.
    pub(super) fn side(&self) -> Result<Direction, Damage> {
        match &*self.word(Field::Side)? {
            "收入" => Ok(Direction::In),
            "支出" => Ok(Direction::Out),
            "" | "不计收支" | "其他" | "其它" | "中性交易" => Ok(Direction::Neutral),
            other => Err(self.damage(Field::Side, Fault::Side { text: Text::new(other) })),
        }
    }

    /// A number that is an identity: refused where a spreadsheet has taken its digits.
    fn identity(&self, field: Field) -> Result<&'a [u8], Damage> {
        let raw = self.raw(field);
        if has_lost_digits(raw) {
            return Err(self.damage(field, Fault::NumberLost { text: self.shown(field) }));
        }
        if !self.row.encoding.is_text(raw) {
            return Err(self.damage(field, Fault::Encoding));
        }
        Ok(raw)
    }

    /// The flow's number, from the other column where the first is empty.
    fn number(&self, figures: &Figures) -> Result<Field, Damage> {
        for field in [figures.number, Field::OtherNumber] {
            if !self.identity(field)?.is_empty() {
                return Ok(field);
            }
        }
        Err(self.damage(figures.number, Fault::NumberMissing))
    }

    /// Says what [`Cells::flow`] would refuse, without making the flow.
    pub(super) fn check_texts(&self, figures: &Figures) -> Result<(), Damage> {
        self.number(figures)?;
        self.identity(Field::ShopOrder)?;
        self.identity(Field::OrderRef)?;
        for &field in TEXTS {
            if !self.row.encoding.is_text(self.raw(field)) {
                return Err(self.damage(field, Fault::Encoding));
            }
        }
        Ok(())
    }

    /// The flow of this row; where it has none, for the very reason that [`Cells::check_texts`] gives.
    pub(super) fn flow(&self, figures: &Figures) -> Result<Flow, Damage> {
        self.flow_of(figures).map_err(|damage| self.check_texts(figures).err().unwrap_or(damage))
    }

    fn flow_of(&self, figures: &Figures) -> Result<Flow, Damage> {
        let (payer, payer_account) = match self.columns.of(Field::PayerAndAccount) {
            Some(_) => name_and_account(&self.word(Field::PayerAndAccount)?),
            None => (self.text(Field::Payer)?, self.text(Field::Account)?),
        };
        let (shop, merchant) = (self.identity(Field::ShopOrder)?, self.identity(Field::OrderRef)?);
        let order = if shop.is_empty() { merchant } else { shop };
        let order = self.row.encoding.decode(order).unwrap_or_default();
        Ok(Flow {
            row: self.row.line,
            number: self.text(self.number(figures)?)?,
            order_ref: Text::new(without_shop_prefix(&order)),
            time: figures.time,
            direction: figures.direction,
            class: figures.class,
            amount: figures.amount,
            fee: figures.fee,
            payer,
            payer_account,
            remark: self.joined(&[Field::Goods, Field::Remark, Field::OtherRemark], "; ")?,
            kind: self.text(Field::Kind)?,
            state: self.joined(&[Field::State, Field::OtherState], " ")?,
        })
    }

    fn joined(&self, fields: &[Field], between: &str) -> Result<Text, Damage> {
        let mut all = Cow::Borrowed("");
        for &field in fields {
            let word = self.word(field)?;
            if all.is_empty() {
                all = word;
            } else if !word.is_empty() && all != word {
                all = Cow::Owned(format!("{all}{between}{word}"));
            }
        }
        Ok(Text::new(&all))
    }
}

/// A cell without backtick, `="…"` and apostrophe; nothing for the words that mean nothing.
pub(super) fn bare(cell: &[u8]) -> &[u8] {
    let cell = match cell {
        [b'`' | b'\'', rest @ ..] => rest.trim_ascii(),
        [b'=', b'"', rest @ ..] => rest.strip_suffix(b"\"").unwrap_or(rest).trim_ascii(),
        _ => cell,
    };
    if matches!(cell, b"/" | b"--" | b"null") { b"" } else { cell }
}

/// `1234.50` in fen, where it is written that plainly.
fn plain_fen(raw: &[u8]) -> Option<i64> {
    let (negative, digits) = match raw {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, raw),
    };
    if digits.len() > 15 {
        return None;
    }
    let (mut units, mut places, mut point) = (0_i64, 0, false);
    for &byte in digits {
        match byte {
            b'0'..=b'9' if places < 2 => {
                units = units * 10 + i64::from(byte - b'0');
                places += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let whole = digits.len() - places - usize::from(point);
    if !(1..=12).contains(&whole) || (point && places == 0) {
        return None;
    }
    let fen = units * [100, 10, 1][places];
    Some(if negative { -fen } else { fen })
}

/// `-0.05940` in hundred-thousandths.
pub(super) fn hundred_thousandths(word: &str) -> Option<i64> {
    let plain = word.trim().trim_start_matches(['`', '¥', '￥', '+']);
    let (negative, digits) = plain.strip_prefix('-').map_or((false, plain), |rest| (true, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = if part.len() > 5 { part.trim_end_matches('0') } else { part };
    let all_digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 5 || !all_digits {
        return None;
    }
    let units: i64 = format!("{whole}{part:0<5}").parse().ok()?;
    Some(if negative { -units } else { units })
}

/// Whether a number reads `2.02E+27`, as a spreadsheet leaves it.
fn has_lost_digits(raw: &[u8]) -> bool {
    let Some(at) = memchr::memchr2(b'E', b'e', raw) else { return false };
    let (head, tail) = (&raw[..at], &raw[at + 1..]);
    tail.len() > 1
        && tail[0] == b'+'
        && tail[1..].iter().all(u8::is_ascii_digit)
        && head.first().is_some_and(u8::is_ascii_digit)
        && head.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// What a time cell holds.
pub(super) enum Clock {
    /// A time to the second.
    Whole(Moment),
    /// A day or a minute.
    NoSeconds,
    /// No time.
    Not,
}

/// `2019-09-30 13:11:25`, also with slashes and single digits, in China's zone.
pub(super) fn civil_time(raw: &[u8]) -> Clock {
    let mut parts = [0_u32; 6];
    let (mut count, mut digits) = (0, 0);
    for &byte in raw {
        match byte {
            b'0'..=b'9' if digits < 4 && count < 6 => {
                parts[count] = parts[count] * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            b'-' | b'/' if digits > 0 && count < 2 => (count, digits) = (count + 1, 0),
            b' ' | b'T' if digits > 0 && count == 2 => (count, digits) = (3, 0),
            b' ' if digits == 0 && count == 3 => {}
            b':' if digits > 0 && (3..5).contains(&count) => (count, digits) = (count + 1, 0),
            _ => return Clock::Not,
        }
    }
    if digits == 0 || count < 2 {
        return Clock::Not;
    }
    let [year, month, day, hour, minute, second] = parts;
    let date = chrono::NaiveDate::from_ymd_opt(year as i32, month, day).filter(|_| (1990..2100).contains(&year));
    match date.and_then(|date| date.and_hms_opt(hour, minute, second)).and_then(|time| Moment::from_civil(time, CHINA))
    {
        Some(_) if count < 5 => Clock::NoSeconds,
        Some(moment) => Clock::Whole(moment),
        None => Clock::Not,
    }
}

/// `T200P133899` → `133899`: the shop's own order number, as the platform knows it.
fn without_shop_prefix(order: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = order.strip_prefix('T').and_then(|rest| rest.split_once('P'));
    parts.filter(|(batch, number)| digits(batch) && digits(number)).map_or(order, |(_, number)| number)
}

/// `陈某 (a@b.com)` in two. A bracket that holds no account belongs to the name, as in 某某(中国)公司.
fn name_and_account(cell: &str) -> (Text, Text) {
    let cell = cell.trim();
    let is_account = |text: &str| text.contains(['@', '*']) || text.bytes().any(|byte| byte.is_ascii_digit());
    let open = cell.rfind(['(', '（']);
    let inner =
        open.and_then(|at| Some((at, cell[at..].strip_suffix([')', '）'])?.trim_start_matches(['(', '（']).trim())));
    match inner {
        Some((at, "" | "/" | "--" | "null")) => (Text::new(&cell[..at]), Text::default()),
        Some((at, account)) if is_account(account) => (Text::new(&cell[..at]), Text::new(account)),
        None if cell.contains('@') || (cell.len() > 5 && cell.bytes().all(|b| b.is_ascii_digit() || b == b'*')) => {
            (Text::default(), Text::new(cell))
        }
        Some(_) | None => (Text::new(cell), Text::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_amounts_are_read_without_detours_as_money_reads_them() {
        for text in [
            "0",
            "0.01",
            "-5.0",
            "27",
            "999999999999.99",
            "1000000000000",
            "1.",
            ".5",
            "1.005",
            "1e3",
            "",
            "-",
            "--1",
            "1.2.3",
            "-0.00",
        ] {
            if let Some(fen) = plain_fen(text.as_bytes()) {
                assert_eq!(text.parse(), Ok(Money::fen(fen)), "{text}");
            } else {
                assert!(text.parse::<Money>().is_err() || text.ends_with('.'), "{text} was left to the slow way");
            }
        }
        assert_eq!(hundred_thousandths("-0.05940"), Some(-5_940));
        assert_eq!(hundred_thousandths("7.79"), Some(779_000));
        assert_eq!(hundred_thousandths("0.000001"), None);
    }

    #[test]
    fn names_and_accounts_come_apart() {
        for (cell, name, account) in [
            ("陈某 (kua***@126.com)", "陈某", "kua***@126.com"),
            ("张*（a*@******.com）", "张*", "a*@******.com"),
            ("*金账号()", "*金账号", ""),
            ("成都文轩", "成都文轩", ""),
            ("某某(中国)技术有限公司(fee***@alipay.com)", "某某(中国)技术有限公司", "fee***@alipay.com"),
            ("某某技术(中国)", "某某技术(中国)", ""),
            ("shop@example.com", "", "shop@example.com"),
            ("138******99", "", "138******99"),
            ("", "", ""),
        ] {
            assert_eq!(name_and_account(cell), (Text::new(name), Text::new(account)), "{cell}");
        }
    }

    #[test]
    fn shop_order_numbers_lose_only_their_prefix() {
        for (order, wanted) in
            [("T200P133899", "133899"), ("T10P5", "5"), ("TxP5", "TxP5"), ("ABC9876", "ABC9876"), ("T200P", "T200P")]
        {
            assert_eq!(without_shop_prefix(order), wanted);
        }
    }

    #[test]
    fn times_need_their_seconds() {
        assert!(
            matches!(civil_time(b"2019-09-30 13:11:25"), Clock::Whole(t) if t.full(CHINA) == "2019-09-30 13:11:25")
        );
        assert!(matches!(civil_time(b"2019/9/3 3:01:05"), Clock::Whole(t) if t.full(CHINA) == "2019-09-03 03:01:05"));
        assert!(matches!(civil_time(b"2019/9/30 13:11"), Clock::NoSeconds));
        assert!(matches!(civil_time(b"2019-09-30"), Clock::NoSeconds));
        for not in [
            "",
            "2019",
            "2019-13-01 00:00:00",
            "2019-02-30 00:00:00",
            "43738.5",
            "2019-09-30 25:00:00",
            "20190930131125",
            "--",
        ] {
            assert!(matches!(civil_time(not.as_bytes()), Clock::Not), "{not}");
        }
    }

    #[test]
    fn spreadsheet_numbers_are_known() {
        for lost in ["2.02111E+27", "2E+19", "4.2e+18"] {
            assert!(has_lost_digits(lost.as_bytes()), "{lost}");
        }
        for whole in ["2021121122001468815736847417", "ABC9876", "1E5", "E+5", "20E+x", ""] {
            assert!(!has_lost_digits(whole.as_bytes()), "{whole}");
        }
    }
}
