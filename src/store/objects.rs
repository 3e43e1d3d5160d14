//! What the journal's entries are about: its index of objects, by kind and number.

/// Kinds of objects, as the journal's index of objects numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A person.
    Person = 1,
    /// A dealer.
    Dealer = 2,
    /// An article.
    Article = 3,
    /// An order.
    Order = 4,
    /// A payment.
    Payment = 5,
    /// An import.
    Import = 6,
    /// Settings, tiers, levels and accounts, together.
    Setting = 7,
    /// A stocktake.
    Stocktake = 8,
    /// A bill of the factory.
    Bill = 9,
    /// A requisition.
    Requisition = 10,
    /// A promotion.
    Promotion = 11,
}
