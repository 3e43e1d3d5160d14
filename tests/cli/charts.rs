//! Charts in workbooks: on a sheet of their own, of at most a hundred rows, with their figures in the file twice.

use calamine::Data;
use taizhang::report::{BARS_MAX, Bars, Cell, Plan};
use taizhang::verbs::show::What;

use super::export::{cells, exported, parts, plan, rows, sheet, words, written_by};
use super::show::sold;

/// The row of a chart's sheet that has the header, from 0; calamine leaves out no row above it.
const HEADER: usize = 25;

/// The charts of a workbook, as its file has them.
fn charts(file: &[u8]) -> Vec<String> {
    let all = parts(file).into_iter().filter(|(name, _)| name.starts_with("xl/charts/chart"));
    all.map(|(_, text)| text).collect()
}

/// The values that a chart has of its own, its headers left out: by series the names, then the figures.
fn cached(chart: &str) -> Vec<Vec<String>> {
    let values = |text: &str| -> Vec<String> {
        text.split("<c:v>").skip(1).filter_map(|rest| rest.split("</c:v>").next()).map(str::to_owned).collect()
    };
    let part = |series: &str, tag: &str| {
        let inside = series.split(&format!("<c:{tag}>")).nth(1).unwrap_or_default();
        values(inside.split(&format!("</c:{tag}>")).next().unwrap_or_default())
    };
    chart.split("<c:ser>").skip(1).flat_map(|series| [part(series, "cat"), part(series, "val")]).collect()
}

fn drawn(book: &[u8]) -> Vec<Vec<Data>> {
    sheet(book, 1).into_iter().skip(HEADER + 1).collect()
}

fn column(heads: &[String], wanted: &str) -> usize {
    heads.iter().position(|head| head == wanted).unwrap_or_else(|| panic!("{wanted} is no column: {heads:?}"))
}

#[test]
fn the_workbooks_of_month_days_and_queue_have_a_chart_of_the_list_s_rows() {
    let served = sold();
    for (what, title, names, figures) in [
        (What::Month, "本月库存与发货, 按零售额", "名称", ["期末零售额", "发货零售额"].as_slice()),
        (What::Days, "每日发货与退货", "日期", &["发货额", "退货额"]),
        (What::Queue, "每批在这一步已等的小时", "单号", &["小时"]),
    ] {
        let file = exported(&served, what, "xlsx", "money");
        let charts = charts(&file);
        assert_eq!(charts.len(), 1, "{}", what.key());
        assert!(charts[0].contains(&format!("<a:t>{title}</a:t>")), "{}", charts[0]);
        assert_eq!(charts[0].matches("<c:ser>").count(), figures.len(), "{}", charts[0]);
        assert_eq!(charts[0].contains("<c:dateAx>"), what == What::Days, "{}", charts[0]);
        let list = cells(&file);
        let heads = words(&list[2]);
        let own: Vec<_> =
            list[3..].iter().take_while(|row| row[0] != Data::String("合计".into()) && row[0] != Data::Empty).collect();
        assert!(!own.is_empty(), "{} has rows", what.key());
        // The sheet beside the chart repeats the list, and the chart repeats that sheet.
        let beside = sheet(&file, 1);
        let columns: Vec<usize> = std::iter::once(&names).chain(figures).map(|head| column(&heads, head)).collect();
        assert_eq!(words(&beside[HEADER]), columns.iter().map(|at| heads[*at].clone()).collect::<Vec<_>>());
        assert_eq!(beside.len(), HEADER + 1 + own.len());
        for (row, own) in beside[HEADER + 1..].iter().zip(&own) {
            assert_eq!(words(row), columns.iter().map(|at| own[*at].to_string()).collect::<Vec<_>>());
        }
        assert!(figures.iter().all(|head| charts[0].contains(&format!("<c:v>{head}</c:v>"))), "{}", charts[0]);
        let drawn: Vec<usize> = figures
            .iter()
            .flat_map(|head| [own.len(), own.iter().filter(|row| row[column(&heads, head)] != Data::Empty).count()])
            .collect();
        assert_eq!(cached(&charts[0]).iter().map(Vec::len).collect::<Vec<_>>(), drawn, "{}", charts[0]);
        assert!(parts(&file).iter().any(|(name, text)| name.ends_with("sheet2.xml") && text.contains("<drawing ")));
    }
    assert!(charts(&exported(&served, What::Dealers, "xlsx", "money")).is_empty());
}

fn with_bars(names: u16) -> Plan {
    let bars =
        Bars { tab: "图表".into(), title: "a & b".into(), cut: "只画一部分".into(), names, figures: vec![1, 3] };
    Plan { bars: Some(bars), ..plan() }
}

/// More bars than can be read are not drawn: the largest are, in their order, and the sheet says so.
#[test]
fn a_chart_is_drawn_of_the_hundred_largest_rows_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for many in [0, 1, BARS_MAX, BARS_MAX + 1, 5 * BARS_MAX] {
        let own = rows(3, many);
        let (file, _) = written_by(&with_bars(0), folder.path(), &own);
        assert_eq!(charts(&file).len(), usize::from(many > 0), "{many}");
        let Some(chart) = charts(&file).first().cloned() else { continue };
        assert!(chart.contains("a &amp; b"));
        let amount = |row: &[Cell]| row[1].figure().unwrap().parse::<f64>().unwrap();
        let mut wanted: Vec<f64> = own.iter().map(|row| amount(row)).collect();
        if many > BARS_MAX {
            wanted.sort_by(|a, b| b.total_cmp(a));
            wanted.truncate(BARS_MAX);
        }
        let found: Vec<f64> = drawn(&file).iter().map(|row| row[1].to_string().parse().unwrap()).collect();
        assert_eq!(found, wanted, "{many}");
        let values: Vec<f64> = cached(&chart)[1].iter().map(|value| value.parse().unwrap()).collect();
        assert_eq!(values, wanted, "{many}: a viewer that computes nothing has the same bars");
        assert_eq!(words(&sheet(&file, 1)[1]).contains(&"只画一部分".to_owned()), many > BARS_MAX, "{many}");
    }
}

#[test]
fn of_days_the_newest_hundred_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let own = rows(5, BARS_MAX + 50);
    let (file, _) = written_by(&with_bars(4), folder.path(), &own);
    let found: Vec<f64> = drawn(&file).iter().map(|row| row[1].to_string().parse().unwrap()).collect();
    let wanted: Vec<f64> = own[..BARS_MAX].iter().map(|row| row[1].figure().unwrap().parse().unwrap()).collect();
    assert_eq!(found, wanted);
    assert!(charts(&file)[0].contains("<c:dateAx>"));
    assert_eq!(words(&sheet(&file, 1)[1])[0], "只画一部分");
}
