//! What a statement says about itself around its list: account, period and totals.
//!
//! Each payment company writes these lines in its own words and changes them from year to year, so
//! they are known by their words wherever they stand. What cannot be read is not stated: `x笔` is no
//! count.

use super::header::plain_name;
use super::row::Row;
use super::value::{Clock, bare, civil_time, hundred_thousandths};
use crate::domain::text::{Text, fold};
use crate::domain::time::Moment;

/// One stated total: its name, the count and the sum in hundred-thousandths of a yuan, where readable.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) name: String,
    pub(super) rows: Option<u64>,
    pub(super) sum: Option<i64>,
}

/// Everything that a file says about itself.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) account: Text,
    pub(super) from: Option<Moment>,
    pub(super) until: Option<Moment>,
    pub(super) totals: Vec<Stated>,
}

/// How many totals a file may state; more is rubbish that nobody needs to keep.
const MOST_TOTALS: usize = 64;

impl Notes {
    /// Takes what a row outside the list says.
    pub(super) fn take(&mut self, row: &Row) {
        let line = row.whole();
        let line = line.trim_matches(['#', ' ', ',', '`', '"', '\u{feff}']);
        if line.contains("起始") && line.contains("终止") {
            let mut times = brackets(line).map(time_of);
            self.from = times.next().flatten().or(self.from);
            self.until = times.next().flatten().or(self.until);
        } else if let Some((label, value)) = line.split_once([':', '：']) {
            if matches!(label.trim(), "账号" | "账户" | "支付宝账户" | "支付宝账号" | "微信昵称") {
                let value = brackets(value).next().unwrap_or(value).trim_matches([',', ' ']);
                self.account = Text::new(value);
            } else {
                self.total(label.trim(), value);
            }
        } else if let Some(count) = between(line, "共", "笔记录") {
            self.state("记录", count.trim().parse().ok(), None);
        }
    }

    /// `收入：1笔 28.50元`, `支出：x笔,12.00元`, `支出合计：0笔，共0.00元`.
    fn total(&mut self, label: &str, value: &str) {
        let value = fold(value);
        let Some((figures, _)) = value.split_once('元') else { return };
        let (rows, sum) = match figures.split_once('笔') {
            Some((rows, sum)) => (rows.trim().parse().ok(), sum),
            None => (None, figures),
        };
        let sum = sum.trim_start_matches([',', ' ', '共', '\t']).replace(',', "");
        self.state(label, rows, hundred_thousandths(&sum));
    }

    /// Takes a row of totals by the names in the row above it.
    pub(super) fn take_summary(&mut self, names: &[String], row: &Row, counts_rows: impl Fn(&str) -> bool) {
        for (at, name) in names.iter().enumerate() {
            let text = row.encoding.decode(bare(row.cell(at))).unwrap_or_default().replace(',', "");
            let value = hundred_thousandths(&text);
            if counts_rows(name) {
                let whole = value.filter(|value| *value >= 0 && value % 100_000 == 0);
                self.state(name, whole.map(|value| value.unsigned_abs() / 100_000), None);
            } else {
                self.state(name, None, value);
            }
        }
    }

    fn state(&mut self, name: &str, rows: Option<u64>, sum: Option<i64>) {
        if (rows.is_some() || sum.is_some()) && self.totals.len() < MOST_TOTALS {
            self.totals.push(Stated { name: plain_name(name), rows, sum });
        }
    }
}

/// What stands in the square brackets of a line, one after the other.
fn brackets(line: &str) -> impl Iterator<Item = &str> {
    line.split('[').skip(1).filter_map(|part| part.split_once(']')).map(|(inner, _)| inner)
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    line.trim().strip_prefix(before)?.split_once(after).map(|(inner, _)| inner)
}

fn time_of(text: &str) -> Option<Moment> {
    let plain = text.replace(['年', '月'], "-").replace('日', "");
    match civil_time(plain.trim().as_bytes()) {
        Clock::Whole(moment) => Some(moment),
        Clock::NoSeconds | Clock::Not => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::CHINA;
    use crate::statement::limits::Limits;

    fn notes_of(lines: &[&str]) -> Notes {
        let (mut notes, mut row) = (Notes::default(), Row::default());
        for line in lines {
            row.begin(1);
            row.cut(line.as_bytes(), &Limits::DEFAULT).unwrap();
            notes.take(&row);
        }
        notes
    }

    #[test]
    fn every_company_words_its_totals_otherwise() {
        let notes = notes_of(&[
            "共66笔记录",
            "收入：1笔 28.50元",
            "支出：x笔,1234.56元",
            "已支出:1笔,27元,,,,",
            "#支出合计：0笔，共-3.10元",
            "5.部分账单如：充值提现、账户转存或者个人设置收支等",
        ]);
        let wanted = [
            ("记录", Some(66), None),
            ("收入", Some(1), Some(2_850_000)),
            ("支出", None, Some(123_456_000)),
            ("已支出", Some(1), Some(2_700_000)),
            ("支出合计", Some(0), Some(-310_000)),
        ];
        let wanted = wanted.map(|(name, rows, sum)| Stated { name: name.to_owned(), rows, sum });
        assert_eq!(notes.totals, wanted);
    }

    #[test]
    fn accounts_and_periods_are_found() {
        for (line, account) in [
            ("#账号：[20888011365400330156]", "20888011365400330156"),
            ("#账号：某某公司[2088123]", "2088123"),
            ("支付宝账户：xx@gmail.com", "xx@gmail.com"),
            ("微信昵称：[测试],,,,", "测试"),
        ] {
            assert_eq!(notes_of(&[line]).account, account);
        }
        let notes = notes_of(&["#起始日期：[2012年12月29日 00:00:00]   终止日期：[2012年12月31日 00:00:00]"]);
        assert_eq!(notes.from.unwrap().full(CHINA), "2012-12-29 00:00:00");
        assert_eq!(notes.until.unwrap().full(CHINA), "2012-12-31 00:00:00");
    }
}
