//! What can be asked, with everything it names. Orders, payments and dealers are named by their place, from 0; money is in
//! fen, quantities in thousandths.

/// The three who sign, by role.
pub const SIGNERS: [&str; 3] = ["ecommerce_supervisor", "promotion_supervisor", "sales_ops_supervisor"];

/// Sets of roles that the administrator gives to the person `flex`.
pub const SETS: [&[&str]; 4] =
    [&["clerk"], &["keeper", "sales_ops_supervisor"], &["ecommerce_supervisor", "finance"], &SIGNERS];

/// Whose account the money came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    Dealer(usize),
    Stranger,
    Masked,
}

/// Something asked, with everything it names. Orders, payments and dealers are named by their place, from 0.
#[derive(Debug, Clone)]
pub enum Ask {
    Enter {
        dealer: usize,
        lines: Vec<(usize, i64)>,
        promoted: bool,
    },
    Tmall {
        number: u8,
        lines: Vec<(usize, i64)>,
        promoted: bool,
    },
    Change {
        order: usize,
        content: u32,
        lines: Vec<(usize, i64)>,
    },
    Cancel {
        order: usize,
        reasoned: bool,
    },
    Confirm {
        payment: usize,
        dealer: usize,
        shares: Vec<(usize, i64)>,
        credit: i64,
        retail: bool,
        judged: Option<bool>,
    },
    Return {
        payment: usize,
        fen: i64,
        reasoned: bool,
    },
    UseCredit {
        order: usize,
        fen: i64,
    },
    ReturnCredit {
        dealer: usize,
        fen: i64,
        reasoned: bool,
    },
    Release {
        order: usize,
        payment: usize,
        reasoned: bool,
    },
    Tolerate {
        order: usize,
        reasoned: bool,
    },
    Credit {
        order: usize,
        fen: i64,
        reasoned: bool,
    },
    Sign {
        order: usize,
        part: u8,
        fresh: bool,
    },
    Object {
        order: usize,
        part: u8,
        reasoned: bool,
    },
    Lift {
        order: usize,
        part: u8,
        reasoned: bool,
    },
    Except {
        order: usize,
        part: u8,
        reasoned: bool,
    },
    Pack {
        order: usize,
        part: u8,
    },
    Unpack {
        order: usize,
        part: u8,
        reasoned: bool,
    },
    Waybill {
        order: usize,
        part: u8,
        number: u8,
    },
    Ship {
        order: usize,
        part: u8,
    },
    Split {
        order: usize,
        part: u8,
        line: usize,
        much: i64,
    },
    Close {
        order: usize,
        part: u8,
        reasoned: bool,
    },
    TakeBack {
        order: usize,
        part: u8,
        line: usize,
        much: i64,
        reasoned: bool,
        charge: bool,
    },
    Receive {
        article: usize,
        much: i64,
    },
    Acknowledge,
    Roles {
        set: usize,
    },
    Active {
        active: bool,
    },
}
