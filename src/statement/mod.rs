//! Statements: reading what payment companies made, as what it is.
//!
//! A file's kind and encoding are found by its content, its header by the names in it, its columns by
//! their names. [`survey`] says what a file is, what it states about itself and whether it is whole;
//! [`read`] hands out its flows in file order. Both refuse the same files with the same words: line,
//! column, fault. Nothing is posted, netted or guessed here, and nothing in a file is believed to be
//! small: every size has a limit (`limits.rs`).

use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::flow::{Channel, Flow, FlowClass, StatedTotal};
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::Moment;

mod alipay_app;
mod alipay_funds;
mod alipay_ledger;
mod alipay_merchant;
mod alipay_web;
mod cells;
mod comma;
mod fault;
mod format;
mod header;
mod layout;
pub mod limits;
mod notes;
mod open;
mod reading;
mod row;
pub mod sample;
mod sheet_xml;
mod summary;
mod tally;
mod value;
mod wechat_funds;
mod wechat_personal;
mod wechat_trades;
mod workbook;

pub use fault::{Damage, Excess, Fault};
pub use format::Format;
pub use limits::Limits;

/// What a statement file is and says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Whose export it is.
    pub format: Format,
    /// Through whom its money moved.
    pub channel: Channel,
    /// The receiving account it states (login, merchant number or nickname), or empty.
    pub account: Text,
    /// The start of the period it states, else the time of its earliest flow.
    pub from: Option<Moment>,
    /// The end of the period it states, else the time of its latest flow.
    pub until: Option<Moment>,
    /// How many flows it holds.
    pub rows: u64,
    /// How many flows of each class and what they add up to, directions not netted.
    pub by_class: BTreeMap<FlowClass, (u64, Money)>,
    /// Every total that it states, beside what its rows add up to.
    pub totals: Vec<StatedTotal>,
    /// The account's balance after its latest flow, where the format states one.
    pub balance: Option<Money>,
    /// The digest of the file as it lies on the disk.
    pub sha256: [u8; 32],
    /// The size of the file as it lies on the disk, in bytes.
    pub bytes: u64,
}

/// One pass over the whole file: what it is, what it states, whether it is whole. Nothing is posted.
///
/// # Errors
/// [`Damage`] for a file that is unknown, cut, damaged or past a limit, with line and column.
pub fn survey(path: &Path) -> Result<Survey, Damage> {
    survey_within(path, &Limits::DEFAULT)
}

/// [`survey`] with limits other than the usual ones.
///
/// # Errors
/// As [`survey`].
pub fn survey_within(path: &Path, limits: &Limits) -> Result<Survey, Damage> {
    let mut tally = tally::Tally::default();
    let (outcome, seal) = open::with_rows(path, limits, open::Seal::Wanted, &mut |rows| {
        reading::run(rows, limits, &mut |cells, figures| {
            cells.check_texts(figures)?;
            tally.count(cells, figures);
            Ok(true)
        })
    })?;
    tally.survey(outcome, seal)
}

/// A second pass that hands out every flow in file order. `each` returns false to stop.
///
/// # Errors
/// As [`survey`]; flows before the damage have been handed out by then, so survey first.
pub fn read(path: &Path, each: &mut dyn FnMut(Flow) -> bool) -> Result<(), Damage> {
    read_within(path, &Limits::DEFAULT, each)
}

/// [`read`] with limits other than the usual ones.
///
/// # Errors
/// As [`read`].
pub fn read_within(path: &Path, limits: &Limits, each: &mut dyn FnMut(Flow) -> bool) -> Result<(), Damage> {
    open::with_rows(path, limits, open::Seal::Spared, &mut |rows| {
        reading::run(rows, limits, &mut |cells, figures| Ok(each(cells.flow(figures)?)))
    })?;
    Ok(())
}
