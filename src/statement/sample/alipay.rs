//! Alipay's words, padding and totals. Every file is GB18030 with CRLF.

use std::io::{self, Write};

use encoding_rs::GB18030;

use super::{SampleHead, SampleRow, Sum, cell, yuan};
use crate::domain::flow::FlowClass;
use crate::domain::money::Money;
use crate::domain::time::{CHINA, Moment};

const DASHES: &str = "------------------------------------------------------------------------------------";
const RECEIPT: &str = "------------------------支付宝（中国）网络技术有限公司  电子客户回单------------------------";

/// Writes lines in Alipay's encoding.
struct Lines<'a>(&'a mut dyn Write);

impl Lines<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(&GB18030.encode(text).0)?;
        self.0.write_all(b"\r\n")
    }
}

fn full(time: Moment) -> String {
    time.full(CHINA)
}

/// The words of the personal exports for a class: 收/支, 交易状态, 资金状态, and what goods begin with.
fn personal(class: FlowClass) -> (&'static str, &'static str, &'static str, &'static str) {
    match class {
        FlowClass::Receipt => ("收入", "交易成功", "已收入", ""),
        FlowClass::Refund => ("支出", "退款成功", "已支出", "退款-"),
        FlowClass::Withdrawal => ("", "交易成功", "资金转移", "提现-"),
        FlowClass::Transfer => ("", "交易成功", "资金转移", "余额宝-单次转入"),
        FlowClass::Closed => ("收入", "交易关闭", "", ""),
        FlowClass::Fee | FlowClass::Other => ("支出", "交易成功", "已支出", ""),
    }
}

/// 支付宝交易记录明细查询.
pub(super) fn write_web(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines(to);
    lines.line("支付宝交易记录明细查询")?;
    lines.line(&format!("账号:[{}]", head.account))?;
    lines.line(&format!("起始日期:[{}]    终止日期:[{}]", full(head.from), full(head.until)))?;
    lines.line("---------------------------------交易记录明细列表------------------------------------")?;
    lines.line("交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,")?;
    let (mut count, mut income, mut expense) = (0, Sum::default(), Sum::default());
    for row in rows {
        let (side, state, funds, prefix) = personal(row.class);
        let (time, paid) = (full(row.time), if funds.is_empty() { String::new() } else { full(row.time) });
        let (number, order, payer) = (cell(&row.number), cell(&row.order_ref), cell(&row.payer));
        let (goods, amount) = (cell(&row.remark), yuan(row.amount));
        lines.line(&format!(
            "{number}\t,{order:<20}\t,{time} ,{paid:<20},{time} ,其他（包括阿里巴巴和外部商家）,即时到账交易          ,\
             {payer:<12},{prefix}{goods:<12},{amount:<8},{side:<8},{state}    ,0.00     ,0.00     ,                    ,{funds:<8},"
        ))?;
        count += 1;
        match (side, funds) {
            ("收入", "已收入") => income.add(row.amount),
            ("支出", "已支出") => expense.add(row.amount),
            _ => {}
        }
    }
    lines.line(DASHES)?;
    lines.line(&format!("共{count}笔记录"))?;
    lines.line(&format!("已收入:{}笔,{}元", income.rows, yuan(income.sum)))?;
    lines.line("待收入:0笔,0.00元")?;
    lines.line(&format!("已支出:{}笔,{}元", expense.rows, yuan(expense.sum)))?;
    lines.line("待支出:0笔,0.00元")?;
    lines.line(&format!("导出时间:[{}]    用户:测试", full(head.until)))
}

/// The totals of the app's exports, by 收/支.
#[derive(Default)]
struct AppTotals {
    income: Sum,
    expense: Sum,
    neutral: Sum,
}

impl AppTotals {
    fn add(&mut self, row: &SampleRow) {
        match personal(row.class).0 {
            "收入" => self.income.add(row.amount),
            "支出" => self.expense.add(row.amount),
            _ => self.neutral.add(row.amount),
        }
    }

    fn write(&self, lines: &mut Lines<'_>, between: &str, neutral: &str) -> io::Result<()> {
        lines.line(&format!("共{}笔记录", self.income.rows + self.expense.rows + self.neutral.rows))?;
        for (name, sum) in [("收入", self.income), ("支出", self.expense), (neutral, self.neutral)] {
            lines.line(&format!("{name}：{}笔{between}{}元", sum.rows, yuan(sum.sum)))?;
        }
        lines.line("")
    }
}

const APP_NOTES: [&str; 3] = [
    "特别提示：",
    "1.本回单内容可表明支付宝受理了相应支付交易申请，因系统原因或通讯故障等偶发因素导致本回单与实际交易结果不符时，以实际交易情况为准；",
    "9.本明细仅供个人对账使用。",
];

fn app_preamble(lines: &mut Lines<'_>, head: &SampleHead<'_>, kinds: bool) -> io::Result<()> {
    lines.line(DASHES)?;
    lines.line("导出信息：")?;
    lines.line("姓名：测试")?;
    lines.line(&format!("支付宝账户：{}", head.account))?;
    lines.line(&format!("起始时间：[{}]    终止时间：[{}]", full(head.from), full(head.until)))?;
    if kinds {
        lines.line("导出交易类型：[全部]")?;
    }
    lines.line(&format!("导出时间：[{}]", full(head.until)))
}

fn method_of(class: FlowClass) -> &'static str {
    if class == FlowClass::Closed { "" } else { "余额" }
}

fn category_of(class: FlowClass) -> &'static str {
    if class == FlowClass::Refund { "退款" } else { "转账红包" }
}

/// 支付宝电子客户回单 of 2021.
pub(super) fn write_app_2021(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines(to);
    lines.line(RECEIPT)?;
    lines.line("收/支                 ,交易对方                ,对方账号                ,商品说明                ,收/付款方式              ,金额                  ,交易状态                ,交易分类                ,交易订单号     ,商家订单号           ,交易时间            ,")?;
    let mut totals = AppTotals::default();
    for row in rows {
        let (side, state, _, prefix) = personal(row.class);
        let side = if side.is_empty() { "其他" } else { side };
        lines.line(&format!(
            "{side:<18},{:<20},{:<20},{prefix}{:<20},{:<20},{:<20},{state:<16},{:<18},{}\t,{:<20}\t,{} ,",
            cell(&row.payer),
            cell(&row.account),
            cell(&row.remark),
            method_of(row.class),
            yuan(row.amount),
            category_of(row.class),
            cell(&row.number),
            cell(&row.order_ref),
            full(row.time),
        ))?;
        totals.add(&row);
    }
    app_preamble(&mut lines, head, false)?;
    totals.write(&mut lines, ",", "其他")?;
    APP_NOTES.iter().try_for_each(|note| lines.line(note))
}

/// 支付宝电子客户回单 since 2023.
pub(super) fn write_app_2023(head: &SampleHead<'_>, rows: Vec<SampleRow>, to: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines(to);
    app_preamble(&mut lines, head, true)?;
    let mut totals = AppTotals::default();
    rows.iter().for_each(|row| totals.add(row));
    totals.write(&mut lines, " ", "不计收支")?;
    APP_NOTES.iter().try_for_each(|note| lines.line(note))?;
    lines.line("")?;
    lines.line(RECEIPT)?;
    lines.line(
        "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,",
    )?;
    for row in &rows {
        let (side, state, _, prefix) = personal(row.class);
        let side = if side.is_empty() { "不计收支" } else { side };
        let account = if row.account.is_empty() { "/".to_owned() } else { cell(&row.account) };
        lines.line(&format!(
            "{},{},{},{account},{prefix}{},{side},{},{},{state},{}\t,{}\t,,",
            full(row.time),
            category_of(row.class),
            cell(&row.payer),
            cell(&row.remark),
            yuan(row.amount),
            method_of(row.class),
            cell(&row.number),
            cell(&row.order_ref),
        ))?;
    }
    Ok(())
}

/// The ledgers' word for a class.
fn business(class: FlowClass) -> &'static str {
    match class {
        FlowClass::Receipt => "在线支付",
        FlowClass::Refund => "交易退款",
        FlowClass::Fee => "收费",
        FlowClass::Withdrawal => "提现",
        FlowClass::Transfer => "保证金",
        FlowClass::Closed | FlowClass::Other => "其它",
    }
}

/// A ledger's running balance and totals.
struct Ledger {
    balance: Money,
    income: Sum,
    expense: Sum,
}

impl Ledger {
    fn begin() -> Ledger {
        Ledger { balance: Money::fen(10_000_000), income: Sum::default(), expense: Sum::default() }
    }

    /// Books the row; income and expense as the file writes them.
    fn book(&mut self, row: &SampleRow, empty: &str) -> (String, String) {
        if row.class == FlowClass::Receipt {
            self.income.add(row.amount);
            self.balance += row.amount;
            (yuan(row.amount), empty.to_owned())
        } else {
            self.expense.add(row.amount);
            self.balance -= row.amount;
            (empty.to_owned(), yuan(-row.amount))
        }
    }

    fn write(&self, lines: &mut Lines<'_>, head: &SampleHead<'_>) -> io::Result<()> {
        lines.line("#----------------------------------------账务明细列表结束-------------------------------------")?;
        lines.line(&format!("#支出合计：{}笔，共{}元", self.expense.rows, yuan(-self.expense.sum)))?;
        lines.line(&format!("#收入合计：{}笔，共{}元", self.income.rows, yuan(self.income.sum)))?;
        lines.line(&format!("#导出时间：[{}]", chinese(head.until)))
    }
}

/// `2012年12月29日 00:00:00`.
fn chinese(time: Moment) -> String {
    let text = full(time);
    format!("{}年{}月{}日{}", &text[..4], &text[5..7], &text[8..10], &text[10..])
}

/// 支付宝账务明细 of 16 columns.
pub(super) fn write_ledger(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines(to);
    lines.line("#支付宝账务明细查询")?;
    lines.line(&format!("#账号：[{}]", head.account))?;
    lines.line(&format!("#起始日期：[{}]   终止日期：[{}]", chinese(head.from), chinese(head.until)))?;
    lines.line("#-----------------------------------------账务明细列表----------------------------------------")?;
    lines.line("账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注,业务描述,业务账单来源,业务基础订单号,业务订单号")?;
    let mut ledger = Ledger::begin();
    for row in rows {
        let (income, expense) = ledger.book(&row, "");
        let (number, order, time) = (cell(&row.number), cell(&row.order_ref), full(row.time));
        let (payer, account, remark) = (cell(&row.payer), cell(&row.account), cell(&row.remark));
        let (balance, kind) = (yuan(ledger.balance), business(row.class));
        lines.line(&format!(
            "{number}\t,{number}01\t,{order}\t,\t,{time}\t,{payer}({account})\t,{income}\t,{expense}\t,{balance}\t,\
             支付宝\t,{kind}\t,{remark}\t,\t,\t,\t,\t"
        ))?;
    }
    ledger.write(&mut lines, head)
}

/// 支付宝账务组合查询 of 15 columns, as CSV.
pub(super) fn write_funds(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines(to);
    lines.line("#支付宝账务组合查询")?;
    lines.line(&format!("#账号：测试[{}]", head.account))?;
    lines.line(&format!("#起始日期：[{}]   终止日期：[{}]", chinese(head.from), chinese(head.until)))?;
    lines.line("序号,入账时间,支付宝交易号,支付宝流水号,商户订单号,账务类型,收入（+元）,支出（-元）,账户余额（元）,对方账户,对方名称,银行订单号,商品名称,备注,业务描述")?;
    let mut ledger = Ledger::begin();
    for (at, row) in rows.enumerate() {
        let (income, expense) = ledger.book(&row, " ");
        lines.line(&format!(
            "{},{},{number}01,{number},{},{},{income},{expense},{},{},{}, , ,{}, ",
            at + 1,
            full(row.time),
            cell(&row.order_ref),
            business(row.class),
            yuan(ledger.balance),
            cell(&row.account),
            cell(&row.payer),
            cell(&row.remark),
            number = cell(&row.number),
        ))?;
    }
    ledger.write(&mut lines, head)
}
