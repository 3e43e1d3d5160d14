//! What the sample writer writes is read back as the same flows, in every format, with totals that agree.

use std::collections::BTreeMap;

use taizhang::domain::flow::{Direction, Flow, FlowClass};
use taizhang::domain::money::Money;
use taizhang::domain::text::Text;
use taizhang::domain::time::Moment;
use taizhang::statement::sample::{SampleHead, SampleRow, flows, has_word_for, write_sample};
use taizhang::statement::{self, Format};

const ACCOUNT: &str = "2088000000000001";

pub fn head(format: Format, rows: &[SampleRow]) -> SampleHead<'static> {
    let at = |row: Option<&SampleRow>| row.map_or(start(), |row| row.time);
    SampleHead { format, account: ACCOUNT, from: at(rows.first()), until: at(rows.last()) }
}

pub fn start() -> Moment {
    "2026-11-01T00:00:00+08:00".parse().unwrap()
}

pub fn payers() -> Vec<(String, String)> {
    [("成都文轩旗舰店", "wenxuan@example.com"), ("某客户", "138******99"), ("昵称, 带逗号", "ab***@example.com")]
        .map(|(name, account)| (name.to_owned(), account.to_owned()))
        .to_vec()
}

/// A sample file of `count` flows in memory, with the flows that it holds.
pub fn sample(format: Format, seed: u64, count: u64) -> (Vec<u8>, Vec<SampleRow>) {
    let rows: Vec<_> = flows(seed, count, start(), &payers()).filter(|row| has_word_for(format, row.class)).collect();
    let mut bytes = Vec::new();
    write_sample(&head(format, &rows), &mut rows.iter().cloned(), &mut bytes).unwrap();
    (bytes, rows)
}

fn agrees(format: Format, row: &SampleRow, flow: &Flow) {
    let told = match (format, row.class) {
        // A revoked payment states no amount.
        (Format::WechatTrades, FlowClass::Closed) => Money::ZERO,
        _ => row.amount,
    };
    assert_eq!((flow.time, flow.class, flow.amount), (row.time, row.class, told), "{format:?} row {}", flow.row);
    assert_eq!(flow.number, *row.number, "{format:?} row {}", flow.row);
    assert_eq!(flow.order_ref, *row.order_ref, "{format:?} row {}", flow.row);
    if row.class == FlowClass::Receipt {
        assert_eq!(flow.direction, Direction::In);
    }
    let states_account = !matches!(format, Format::AlipayWeb | Format::WechatPersonal | Format::WechatFunds);
    assert_eq!(flow.payer_account, if states_account { Text::new(&row.account) } else { Text::default() });
    if !matches!(format, Format::WechatTrades | Format::WechatFunds) {
        assert_eq!(flow.payer, *row.payer.replace(',', "，"), "{format:?} row {}", flow.row);
    }
}

#[test]
fn every_format_reads_back_as_it_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    for &format in Format::ALL {
        for (seed, count) in [(1, 0), (2, 1), (3, 500)] {
            let (bytes, rows) = sample(format, seed, count);
            let path = folder.path().join(format!("{}-{count}", format.key()));
            std::fs::write(&path, &bytes).unwrap();
            let survey = statement::survey(&path).unwrap_or_else(|damage| panic!("{format:?}: {damage}"));
            assert_eq!((survey.format, survey.rows, survey.bytes), (format, rows.len() as u64, bytes.len() as u64));
            assert!(
                !survey.totals.is_empty() && survey.totals.iter().all(|total| total.agrees()),
                "{:?}",
                survey.totals
            );
            let account = if format == Format::WechatFunds || (format == Format::WechatTrades && rows.is_empty()) {
                ""
            } else {
                ACCOUNT
            };
            assert_eq!(survey.account, account, "{format:?}");
            let (mut at, mut by_class) = (0, BTreeMap::<_, (u64, Money)>::new());
            statement::read(&path, &mut |flow| {
                agrees(format, &rows[at], &flow);
                let (count, sum) = by_class.entry(flow.class).or_default();
                *count += 1;
                *sum += flow.amount;
                at += 1;
                true
            })
            .unwrap();
            assert_eq!((at, by_class), (rows.len(), survey.by_class), "{format:?}");
        }
    }
}
