//! Stock (库存): what there is of an article, at a place and in all, and the movements that made it so.
//!
//! Sound goods are on hand whether packed or not; damaged ones (残次) lie apart and never ship. A movement keeps what it
//! changed and what there was afterwards, so that a balance of the past is one row, and leads to the document it came from.

use std::ops::{Add, AddAssign, Neg};

use serde::{Deserialize, Serialize};

use super::id::{ArticleId, BillId, OrderId, ReceiptId, StockNoteId};
use super::money::Money;
use super::quantity::Quantity;
use super::text::Text;
use super::time::{Day, Moment};

/// Stock of an article, at one place or in all; also a change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stock {
    /// Sound goods in the warehouse, packed or not.
    pub on_hand: Quantity,
    /// Of these, packed for shipments that have not left.
    pub packed: Quantity,
    /// Damaged goods, beside the sound ones.
    pub damaged: Quantity,
}

impl Stock {
    /// What can still be packed.
    pub fn sound(self) -> Quantity {
        self.on_hand - self.packed
    }

    /// A change of what is on hand.
    pub fn of_sound(quantity: Quantity) -> Stock {
        Stock { on_hand: quantity, ..Stock::default() }
    }

    /// A change of what is packed: nothing comes or goes.
    pub fn of_packed(quantity: Quantity) -> Stock {
        Stock { packed: quantity, ..Stock::default() }
    }

    /// A change of what is damaged.
    pub fn of_damaged(quantity: Quantity) -> Stock {
        Stock { damaged: quantity, ..Stock::default() }
    }

    /// Whether such stock can be: nothing is negative, and no more is packed than there is.
    pub fn can_be(self) -> bool {
        self.packed >= Quantity::ZERO && self.packed <= self.on_hand && self.damaged >= Quantity::ZERO
    }

    /// Whether there is nothing.
    pub fn is_empty(self) -> bool {
        self == Stock::default()
    }
}

impl Add for Stock {
    type Output = Stock;
    fn add(self, other: Stock) -> Stock {
        Stock {
            on_hand: self.on_hand + other.on_hand,
            packed: self.packed + other.packed,
            damaged: self.damaged + other.damaged,
        }
    }
}

impl AddAssign for Stock {
    fn add_assign(&mut self, other: Stock) {
        *self = *self + other;
    }
}

impl Neg for Stock {
    type Output = Stock;
    fn neg(self) -> Stock {
        Stock { on_hand: -self.on_hand, packed: -self.packed, damaged: -self.damaged }
    }
}

macro_rules! move_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $key:literal;)*) => {
        /// Why stock moved. The codes are part of the tables' keys.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum MoveKind { $($(#[$doc])* $name),* }

        impl MoveKind {
            /// Every kind, in the order of reports.
            pub const ALL: &[MoveKind] = &[$(MoveKind::$name),*];

            /// The kind's number in keys of tables.
            pub const fn code(self) -> u8 {
                match self {
                    $(MoveKind::$name => $code),*
                }
            }

            /// The kind's name in data and in the locale files.
            pub const fn key(self) -> &'static str {
                match self {
                    $(MoveKind::$name => $key),*
                }
            }
        }
    };
}

move_kinds! {
    /// 期初: the stock the books begin with.
    Opening = 1, "opening";
    /// 收货: a delivery.
    Delivery = 2, "delivery";
    /// 退货: a customer's goods came back.
    Returned = 3, "returned";
    /// 发货: goods left.
    Shipped = 4, "shipped";
    /// 移库: between places.
    Transfer = 5, "transfer";
    /// 转残次: sound goods turned out damaged.
    Damaged = 6, "damaged";
    /// 复检合格: damaged goods turned out sound.
    Restored = 7, "restored";
    /// 报损: damaged goods were written off.
    WrittenOff = 8, "written_off";
    /// 退厂: goods went back to the factory.
    ToFactory = 9, "to_factory";
    /// 盘点: a confirmed count.
    Counted = 10, "counted";
    /// 打包: taken off the shelf for a shipment; still on hand.
    Packed = 11, "packed";
    /// 拆包: put back on the shelf.
    Unpacked = 12, "unpacked";
}

impl MoveKind {
    /// Whether goods come into stock, leave it or change their state; packing only sets them aside.
    pub fn counts(self) -> bool {
        !matches!(self, MoveKind::Packed | MoveKind::Unpacked)
    }
}

/// The paper that a movement came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A goods-in.
    Receipt(ReceiptId),
    /// A goods-in against a bill of the factory.
    Bill(BillId, ReceiptId),
    /// A shipment of an order.
    Shipment(OrderId, u8),
    /// A transfer, or what became of damaged goods.
    Note(StockNoteId),
    /// A stocktake, by its number.
    Count(u32),
}

/// A row of a stock card (库存卡).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// When.
    pub at: Moment,
    /// The day of the ledger to which it belongs.
    pub day: Day,
    /// The retail price of one base unit at that moment; zero where there was none.
    pub retail: Money,
    /// Why.
    pub kind: MoveKind,
    /// What changed at the place.
    pub change: Stock,
    /// What was at the place afterwards.
    pub balance: Stock,
    /// What was on hand of the article in all places afterwards.
    pub total: Quantity,
    /// The document.
    pub document: Document,
}

/// A movement with where it stands: the article's card at a place, the entry of the journal and the line in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// Which article.
    pub article: ArticleId,
    /// At which place.
    pub place: Text,
    /// The entry.
    pub seq: u64,
    /// The line of the entry, from 0.
    pub line: u32,
    /// What moved.
    pub movement: Movement,
}

/// Goods of an article at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// Which article.
    pub article: ArticleId,
    /// Where.
    pub place: Text,
    /// How much.
    pub stock: Stock,
}

/// Goods taken off a shelf, or put on one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Picked {
    /// Which article.
    pub article: ArticleId,
    /// Where; empty while nobody said where the article belongs.
    pub place: Text,
    /// How much.
    pub quantity: Quantity,
}

/// Takes goods from shelves, which are in the order in which they are used up; what they do not hold is left out.
pub fn pick(goods: &[(ArticleId, Quantity)], shelves: &[Shelf]) -> Vec<Picked> {
    let mut left: Vec<Quantity> = shelves.iter().map(|shelf| shelf.stock.sound()).collect();
    let mut picked = Vec::with_capacity(goods.len());
    for (article, wanted) in goods {
        let mut wanted = *wanted;
        for (shelf, left) in shelves.iter().zip(&mut left).filter(|(shelf, _)| shelf.article == *article) {
            let quantity = wanted.min(*left);
            if quantity.is_positive() {
                wanted -= quantity;
                *left -= quantity;
                picked.push(Picked { article: *article, place: shelf.place.clone(), quantity });
            }
        }
    }
    picked
}
