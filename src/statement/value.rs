//! What single cells say: amounts, times, numbers, names, as payment companies and spreadsheets write them.
//!
//! Plain forms are read from the bytes as they lie, since a statement has millions of them; whatever is
//! written otherwise is left to the readers of the domain, or is none.

use crate::domain::text::Text;
use crate::domain::time::{CHINA, Moment};

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
pub(super) fn plain_fen(raw: &[u8]) -> Option<i64> {
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
pub(super) fn has_lost_digits(raw: &[u8]) -> bool {
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
pub(super) fn without_shop_prefix(order: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = order.strip_prefix('T').and_then(|rest| rest.split_once('P'));
    parts.filter(|(batch, number)| digits(batch) && digits(number)).map_or(order, |(_, number)| number)
}

/// `陈某 (a@b.com)` in two. A bracket that holds no account belongs to the name, as in 某某(中国)公司.
pub(super) fn name_and_account(cell: &str) -> (Text, Text) {
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
    use crate::domain::money::Money;

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
