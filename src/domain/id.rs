//! Typed numbers, so that an order can never be taken for a dealer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::money::NotA;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub $inner);
    )*};
}

ids! {
    /// A person of the department, by the order of appointment.
    PersonId(u32);
    /// An article (商品), by the order of listing.
    ArticleId(u32);
    /// One of the company's receiving accounts (收款账户).
    AccountId(u16);
    /// One import of a statement file.
    ImportId(u32);
    /// The position of an entry in the journal, from 1, without gaps.
    Seq(u64);
}

/// An order's number (单号): the month it was taken in and its place in it, `XS2611000123`.
///
/// Numbers are given when an order is posted, so a dropped draft leaves no gap; a cancelled order keeps its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(u64);

impl OrderId {
    /// How many orders one month can number.
    pub const PER_MONTH: u64 = 1_000_000;

    /// The `serial`th order of the month `yymm`.
    pub const fn new(month: u32, serial: u64) -> OrderId {
        OrderId(month as u64 * OrderId::PER_MONTH + serial)
    }

    /// The number without its letters, as tables keep it.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The order numbered `number`.
    pub const fn from_number(number: u64) -> OrderId {
        OrderId(number)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("XS{:010}", self.0))
    }
}

impl FromStr for OrderId {
    type Err = NotA;
    fn from_str(text: &str) -> Result<OrderId, NotA> {
        let digits = text.trim().strip_prefix("XS").or_else(|| text.trim().strip_prefix("xs")).unwrap_or(text.trim());
        let plain = digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit());
        let number = plain.then(|| digits.parse().ok()).flatten();
        number.map(OrderId).ok_or_else(|| NotA::new(text, "an order number such as XS2611000123"))
    }
}

impl Serialize for OrderId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_str(self) } else { to.serialize_u64(self.0) }
    }
}

impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<OrderId, D::Error> {
        if !from.is_human_readable() {
            return u64::deserialize(from).map(OrderId);
        }
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

super::text_schema!(OrderId, "An order's number, such as \"XS2611000123\"", r"^XS\d{10}$");

macro_rules! coded_ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $head:literal, $width:literal, $wanted:literal, $pattern:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&format!(concat!($head, "{:0", $width, "}"), self.0))
            }
        }

        impl FromStr for $name {
            type Err = NotA;
            fn from_str(text: &str) -> Result<$name, NotA> {
                let upper = text.trim().to_ascii_uppercase();
                let digits = upper.strip_prefix($head).unwrap_or("");
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                let number = plain.then(|| digits.parse().ok()).flatten();
                number.map($name).ok_or_else(|| NotA::new(text, $wanted))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { self.0.serialize(to) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                if !from.is_human_readable() {
                    return <$inner>::deserialize(from).map($name);
                }
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        super::text_schema!($name, $wanted, $pattern);
    )*};
}

coded_ids! {
    /// A dealer (经销商), by the order of filing: `D00012`.
    DealerId(u32) = "D", "5", "a dealer's code such as D00012", r"^D\d{5,}$";
    /// One flow (流水) of an imported statement, by the order of posting: `LS00000123`.
    FlowId(u64) = "LS", "8", "a flow such as LS00000123", r"^LS\d{8,}$";
    /// A referral of a retail customer to the Tmall shop (转天猫): `ZT00012`.
    ReferralId(u32) = "ZT", "5", "a referral such as ZT00012", r"^ZT\d{5,}$";
    /// A check of the warehouse before or after work (三查): `JC000012`.
    CheckId(u32) = "JC", "6", "a check such as JC000012", r"^JC\d{6,}$";
    /// A visit (来访): `LF000012`.
    VisitorId(u32) = "LF", "6", "a visit such as LF000012", r"^LF\d{6,}$";
    /// A requisition (要货单): `YH000012`.
    RequisitionId(u32) = "YH", "6", "a requisition such as YH000012", r"^YH\d{6,}$";
    /// A goods-in (入库) document: `RK000012`.
    ReceiptId(u32) = "RK", "6", "a goods-in such as RK000012", r"^RK\d{6,}$";
    /// A bill of the factory (厂家账单): `ZD000012`.
    BillId(u32) = "ZD", "6", "a bill such as ZD000012", r"^ZD\d{6,}$";
    /// A transfer (移库) or a note about damaged goods (残次处理): `YK000012`.
    StockNoteId(u32) = "YK", "6", "a stock note such as YK000012", r"^YK\d{6,}$";
    /// A stocktake (盘点): `PD000012`.
    StocktakeId(u32) = "PD", "6", "a stocktake such as PD000012", r"^PD\d{6,}$";
    /// A promotion (促销活动): `CX000012`.
    PromotionId(u32) = "CX", "6", "a promotion such as CX000012", r"^CX\d{6,}$";
    /// A claim (赔偿) for goods that a stocktake found short: `PC000012`.
    ClaimId(u32) = "PC", "6", "a claim such as PC000012", r"^PC\d{6,}$";
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
