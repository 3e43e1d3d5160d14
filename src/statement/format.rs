//! The statement formats that are read.

use serde::{Deserialize, Serialize};

use crate::domain::flow::Channel;

/// Whose export a statement is. The layout may be of any year; the columns are found by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// 支付宝交易记录明细查询: a personal account, exported on the web.
    AlipayWeb,
    /// 支付宝电子客户回单 of the app, 2021 to 2022, notes at the end.
    AlipayApp2021,
    /// 支付宝电子客户回单 of the app since 2023, notes at the top.
    AlipayApp2023,
    /// 支付宝账务明细: a merchant's ledger.
    AlipayLedger,
    /// 支付宝账务组合查询: a company's flow of funds.
    AlipayFunds,
    /// 微信支付账单明细: a personal account, CSV or workbook.
    WechatPersonal,
    /// 微信支付商户交易账单.
    WechatTrades,
    /// 微信支付商户资金账单.
    WechatFunds,
}

impl Format {
    /// Every format, in the order of the sniffing table's families.
    pub const ALL: &[Format] = &[
        Format::AlipayWeb,
        Format::AlipayApp2021,
        Format::AlipayApp2023,
        Format::AlipayLedger,
        Format::AlipayFunds,
        Format::WechatPersonal,
        Format::WechatTrades,
        Format::WechatFunds,
    ];

    /// The format's name in data and in the locale files.
    pub const fn key(self) -> &'static str {
        match self {
            Format::AlipayWeb => "alipay_web",
            Format::AlipayApp2021 => "alipay_app2021",
            Format::AlipayApp2023 => "alipay_app2023",
            Format::AlipayLedger => "alipay_ledger",
            Format::AlipayFunds => "alipay_funds",
            Format::WechatPersonal => "wechat_personal",
            Format::WechatTrades => "wechat_trades",
            Format::WechatFunds => "wechat_funds",
        }
    }

    /// Through whom the money of such a statement moved.
    pub const fn channel(self) -> Channel {
        match self {
            Format::AlipayWeb
            | Format::AlipayApp2021
            | Format::AlipayApp2023
            | Format::AlipayLedger
            | Format::AlipayFunds => Channel::Alipay,
            Format::WechatPersonal | Format::WechatTrades | Format::WechatFunds => Channel::Wechat,
        }
    }
}
