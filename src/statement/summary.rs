//! 账务汇总: the summary that Alipay lays beside a ledger in its zip, taken as a control total of the ledger.
//!
//! It is no statement by itself: it holds no flows. Its row 合计 states both sums; where it has none, its rows
//! are added up.

use super::fault::Damage;
use super::header::plain_name;
use super::limits::HEADER_WITHIN;
use super::notes::Stated;
use super::row::{Row, Rows};
use super::value::{bare, hundred_thousandths};

/// The columns: kind, and count and sum of either side.
const NAMES: [&str; 5] = ["类型", "收入笔数", "收入金额(+元)", "支出笔数", "支出金额(-元)"];

/// The totals of a summary, by the names that a ledger's own notes use; nothing where `rows` are none.
pub(super) fn totals(rows: &mut dyn Rows) -> Result<Option<[Stated; 2]>, Damage> {
    let mut row = Row::default();
    let Some(columns) = find(rows, &mut row)? else { return Ok(None) };
    let mut sides = [(0_u64, 0_i64); 2];
    while rows.next(&mut row)? {
        if row.filled() == 0 || row.cell(0).starts_with(b"#") {
            continue;
        }
        let Some(stated) = sides_of(&row, columns) else { return Ok(None) };
        if row.text(columns[0]).is_some_and(|kind| plain_name(&kind) == "合计") {
            sides = stated;
            break;
        }
        for ((rows, sum), (more_rows, more)) in sides.iter_mut().zip(stated) {
            *rows = rows.saturating_add(more_rows);
            *sum = sum.saturating_add(more);
        }
    }
    let stated = |name: &str, (rows, sum)| Stated { name: name.to_owned(), rows: Some(rows), sum: Some(sum) };
    Ok(Some([stated("收入合计", sides[0]), stated("支出合计", sides[1])]))
}

fn find(rows: &mut dyn Rows, row: &mut Row) -> Result<Option<[usize; 5]>, Damage> {
    for _ in 0..HEADER_WITHIN {
        if !rows.next(row)? {
            break;
        }
        let names: Vec<_> = (0..row.filled()).map(|at| plain_name(&row.text(at).unwrap_or_default())).collect();
        let places = NAMES.map(|name| names.iter().position(|held| held == name));
        if let [Some(kind), Some(in_rows), Some(income), Some(out_rows), Some(expense)] = places {
            return Ok(Some([kind, in_rows, income, out_rows, expense]));
        }
    }
    Ok(None)
}

/// Count and sum of either side of a row, in hundred-thousandths of a yuan.
fn sides_of(row: &Row, columns: [usize; 5]) -> Option<[(u64, i64); 2]> {
    let text = |at: usize| row.encoding.decode(bare(row.cell(at))).map(|text| text.replace(',', ""));
    let count = |at: usize| text(at).and_then(|text| text.parse().ok());
    let sum = |at: usize| text(at).and_then(|text| hundred_thousandths(&text));
    Some([(count(columns[1])?, sum(columns[2])?), (count(columns[3])?, sum(columns[4])?)])
}
