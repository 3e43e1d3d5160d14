//! WeChat Pay's words, backticks and totals. Every file is UTF-8, personal ones with a mark at the start.

use std::io::{self, Write};

use super::{SampleHead, SampleRow, Sum, cell, yuan};
use crate::domain::flow::FlowClass;
use crate::domain::money::Money;
use crate::domain::time::CHINA;

/// The personal bill's words for a class: 交易类型, 收/支, 当前状态.
fn personal(class: FlowClass) -> (&'static str, &'static str, &'static str) {
    match class {
        FlowClass::Receipt => ("二维码收款", "收入", "已收钱"),
        FlowClass::Refund => ("转账-退款", "支出", "已全额退款"),
        FlowClass::Withdrawal => ("零钱提现", "/", "提现已到账"),
        FlowClass::Transfer => ("转入零钱通-来自零钱", "/", "支付成功"),
        FlowClass::Closed => ("转账", "收入", "待确认收款"),
        FlowClass::Fee | FlowClass::Other => ("商户消费", "支出", "支付成功"),
    }
}

/// 微信支付账单明细 as CSV.
pub(super) fn write_personal(head: &SampleHead<'_>, rows: Vec<SampleRow>, to: &mut dyn Write) -> io::Result<()> {
    let (mut income, mut expense, mut neutral) = (Sum::default(), Sum::default(), Sum::default());
    for row in &rows {
        match personal(row.class).1 {
            "收入" => income.add(row.amount),
            "支出" => expense.add(row.amount),
            _ => neutral.add(row.amount),
        }
    }
    let count = rows.len();
    let (from, until) = (head.from.full(CHINA), head.until.full(CHINA));
    let preamble = [
        "\u{feff}微信支付账单明细".to_owned(),
        format!("微信昵称：[{}]", head.account),
        format!("起始时间：[{from}] 终止时间：[{until}]"),
        "导出类型：[全部]".to_owned(),
        format!("导出时间：[{until}]"),
        String::new(),
        format!("共{count}笔记录"),
        format!("收入：{}笔 {}元", income.rows, yuan(income.sum)),
        format!("支出：{}笔 {}元", expense.rows, yuan(expense.sum)),
        format!("中性交易：{}笔 {}元", neutral.rows, yuan(neutral.sum)),
        "注：".to_owned(),
        "1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易".to_owned(),
        "2. 本明细仅展示当前账单中的交易，不包括已删除的记录".to_owned(),
        "3. 本明细仅供个人对账使用".to_owned(),
        String::new(),
        "----------------------微信支付账单明细列表--------------------".to_owned(),
    ];
    for line in preamble {
        write!(to, "{line},,,,,,,,\r\n")?;
    }
    to.write_all(
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\r\n".as_bytes(),
    )?;
    for row in &rows {
        let (kind, side, state) = personal(row.class);
        let remark = if row.class == FlowClass::Withdrawal { "服务费¥0.10" } else { "/" };
        let (order, payer, goods) = (slash(&row.order_ref), slash(&row.payer), slash(&row.remark));
        let (time, amount, number) = (row.time.full(CHINA), yuan(row.amount), cell(&row.number));
        write!(
            to,
            "{time},{kind},{payer},\"{goods}\",{side},¥{amount},零钱,{state},{number}\t,{order}\t,\"{remark}\"\r\n"
        )?;
    }
    Ok(())
}

fn slash(text: &str) -> String {
    if text.is_empty() { "/".to_owned() } else { cell(text) }
}

/// 微信支付商户交易账单 of 27 columns, fees of six in a thousand.
pub(super) fn write_trades(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    to.write_all("交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n".as_bytes())?;
    let (mut count, mut taken, mut given, mut fees) = (0, Money::ZERO, Money::ZERO, 0_i64);
    for row in rows {
        // Six in a thousand of the amount, in hundred-thousandths of a yuan.
        let fee = row.amount.as_fen() * 6;
        let (state, income, refund, fee, refunded) = match row.class {
            FlowClass::Receipt => ("SUCCESS", row.amount, Money::ZERO, fee, ("0".to_owned(), "", "")),
            FlowClass::Refund => ("REFUND", Money::ZERO, row.amount, -fee, (cell(&row.number), "ORIGINAL", "SUCCESS")),
            _ => ("REVOKED", Money::ZERO, Money::ZERO, 0, ("0".to_owned(), "", "")),
        };
        count += 1;
        taken += income;
        given += refund;
        fees += fee;
        let (refund_number, refund_kind, refund_state) = refunded;
        let (time, number, order) = (row.time.full(CHINA), cell(&row.number), cell(&row.order_ref));
        let (openid, goods, fee) = (cell(&row.account), cell(&row.remark), five_places(fee));
        let (income, refund) = (yuan(income), yuan(refund));
        write!(
            to,
            "`{time},`wx0000000000000000,`{},`0,`,`{number},`{order},`{openid},`JSAPI,`{state},`OTHERS,`CNY,`{income},`0.00,\
             `{refund_number},`0,`{refund},`0.00,`{refund_kind},`{refund_state},`{goods},`,`{fee},`0.60%,`{income},`{refund},`\r\n",
            head.account,
        )?;
    }
    to.write_all(
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n".as_bytes(),
    )?;
    let (taken, given, fees) = (yuan(taken), yuan(given), five_places(fees));
    write!(to, "`{count},`{taken},`{given},`0.00,`{fees},`{taken},`{given}\r\n")
}

fn five_places(exact: i64) -> String {
    let (sign, units) = (if exact < 0 { "-" } else { "" }, exact.unsigned_abs());
    format!("{sign}{}.{:05}", units / 100_000, units % 100_000)
}

/// 微信支付商户资金账单.
pub(super) fn write_funds(
    head: &SampleHead<'_>,
    rows: &mut dyn Iterator<Item = SampleRow>,
    to: &mut dyn Write,
) -> io::Result<()> {
    to.write_all("记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n".as_bytes())?;
    let (mut balance, mut income, mut expense) = (Money::fen(10_000_000), Sum::default(), Sum::default());
    for row in rows {
        let kind = match row.class {
            FlowClass::Receipt => "交易",
            FlowClass::Refund => "退款",
            FlowClass::Fee => "扣除交易手续费",
            FlowClass::Withdrawal => "提现",
            FlowClass::Transfer => "充值",
            FlowClass::Closed | FlowClass::Other => "其他",
        };
        let incoming = matches!(row.class, FlowClass::Receipt | FlowClass::Transfer);
        let side = if incoming { "收入" } else { "支出" };
        if incoming {
            income.add(row.amount);
            balance += row.amount;
        } else {
            expense.add(row.amount);
            balance -= row.amount;
        }
        let (time, number, order) = (row.time.full(CHINA), cell(&row.number), cell(&row.order_ref));
        let (amount, left, remark) = (yuan(row.amount), yuan(balance), cell(&row.remark));
        write!(
            to,
            "`{time},`42{number},`{number},`{kind},`{kind},`{side},`{amount},`{left},`{},`{remark},`{order}\r\n",
            head.account,
        )?;
    }
    to.write_all("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n".as_bytes())?;
    let (all, taken, given) = (income.rows + expense.rows, yuan(income.sum), yuan(expense.sum));
    write!(to, "`{all}.0,`{}.0,`{taken},`{}.0,`{given}\r\n", income.rows, expense.rows)
}
