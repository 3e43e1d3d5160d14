//! The cells of one row by what they hold: amounts, times, numbers and texts, each with the fault that
//! names its line and column.

use std::borrow::Cow;

use super::fault::{Damage, Fault};
use super::header::Columns;
use super::layout::{Field, Figures, Layout};
use super::row::Row;
use super::value::{
    Clock, bare, civil_time, has_lost_digits, hundred_thousandths, name_and_account, plain_fen, without_shop_prefix,
};
use crate::domain::flow::{Direction, Flow};
use crate::domain::money::Money;
use crate::domain::text::Text;
use crate::domain::time::Moment;

/// One row, seen through its layout.
pub(super) struct Cells<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// Its layout.
    pub(super) layout: &'static Layout,
    /// Where the columns of this file stand.
    pub(super) columns: &'a Columns,
}

/// The texts of a row that end up in a flow.
const TEXTS: &[Field] = &[
    Field::Kind,
    Field::State,
    Field::OtherState,
    Field::Payer,
    Field::Account,
    Field::PayerAndAccount,
    Field::Goods,
    Field::Remark,
    Field::OtherRemark,
];

impl<'a> Cells<'a> {
    /// A fault of this row in the column of `field`.
    pub(super) fn damage(&self, field: Field, fault: Fault) -> Damage {
        Damage { line: Some(self.row.line), column: self.columns.name(field), fault }
    }

    /// The bytes of a cell without the marks around them; empty for every word that means empty.
    pub(super) fn raw(&self, field: Field) -> &'a [u8] {
        self.columns.of(field).map_or(b"", |at| bare(self.row.cell(at)))
    }

    /// Whether the cell holds nothing.
    pub(super) fn is_empty(&self, field: Field) -> bool {
        self.raw(field).is_empty()
    }

    /// The cell's words.
    pub(super) fn word(&self, field: Field) -> Result<Cow<'a, str>, Damage> {
        self.row.encoding.decode(self.raw(field)).ok_or_else(|| self.damage(field, Fault::Encoding))
    }

    /// The cell as text that is safe to keep.
    pub(super) fn text(&self, field: Field) -> Result<Text, Damage> {
        Ok(Text::new(&self.word(field)?))
    }

    fn shown(&self, field: Field) -> Text {
        Text::new(&String::from_utf8_lossy(self.raw(field)))
    }

    /// The amount of a cell; nothing where it is empty.
    pub(super) fn amount(&self, field: Field) -> Result<Option<Money>, Damage> {
        let raw = self.raw(field);
        if raw.is_empty() {
            return Ok(None);
        }
        if let Some(fen) = plain_fen(raw) {
            return Ok(Some(Money::fen(fen)));
        }
        let word = self.word(field)?;
        let digits = word.trim_start_matches(['`', '\'']);
        digits.parse().map(Some).map_err(|_| self.damage(field, Fault::Amount { text: Text::new(&word) }))
    }

    /// The amount of a cell that may not be empty.
    pub(super) fn needed_amount(&self, field: Field) -> Result<Money, Damage> {
        self.amount(field)?.ok_or_else(|| self.damage(field, Fault::Amount { text: Text::default() }))
    }

    /// A fee with up to five places, in hundred-thousandths of a yuan; zero where the cell is empty.
    pub(super) fn exact(&self, field: Field) -> Result<i64, Damage> {
        let raw = self.raw(field);
        if raw.is_empty() {
            return Ok(0);
        }
        let word = self.word(field)?;
        hundred_thousandths(&word).ok_or_else(|| self.damage(field, Fault::Amount { text: Text::new(&word) }))
    }

    /// The time of a cell, in China's zone.
    pub(super) fn time(&self, field: Field) -> Result<Moment, Damage> {
        let raw = self.raw(field);
        match civil_time(raw) {
            Clock::Whole(moment) => Ok(moment),
            Clock::NoSeconds => Err(self.damage(field, Fault::SecondsLost { text: self.shown(field) })),
            Clock::Not => Err(self.damage(field, Fault::Time { text: self.text(field).unwrap_or_default() })),
        }
    }

    /// 收入, 支出, or any of the words for neither.
    pub(super) fn side(&self) -> Result<Direction, Damage> {
        match &*self.word(Field::Side)? {
            "收入" => Ok(Direction::In),
            "支出" => Ok(Direction::Out),
            "" | "不计收支" | "其他" | "其它" | "中性交易" => Ok(Direction::Neutral),
            other => Err(self.damage(Field::Side, Fault::Side { text: Text::new(other) })),
        }
    }

    /// A number that is an identity: refused where a spreadsheet has taken its digits.
    fn identity(&self, field: Field) -> Result<&'a [u8], Damage> {
        let raw = self.raw(field);
        if has_lost_digits(raw) {
            return Err(self.damage(field, Fault::NumberLost { text: self.shown(field) }));
        }
        if !self.row.encoding.is_text(raw) {
            return Err(self.damage(field, Fault::Encoding));
        }
        Ok(raw)
    }

    /// The flow's number, from the other column where the first is empty.
    fn number(&self, figures: &Figures) -> Result<Field, Damage> {
        for field in [figures.number, Field::OtherNumber] {
            if !self.identity(field)?.is_empty() {
                return Ok(field);
            }
        }
        Err(self.damage(figures.number, Fault::NumberMissing))
    }

    /// Says what [`Cells::flow`] would refuse, without making the flow.
    pub(super) fn check_texts(&self, figures: &Figures) -> Result<(), Damage> {
        self.number(figures)?;
        self.identity(Field::ShopOrder)?;
        self.identity(Field::OrderRef)?;
        for &field in TEXTS {
            if !self.row.encoding.is_text(self.raw(field)) {
                return Err(self.damage(field, Fault::Encoding));
            }
        }
        Ok(())
    }

    /// The flow of this row; where it has none, for the very reason that [`Cells::check_texts`] gives.
    pub(super) fn flow(&self, figures: &Figures) -> Result<Flow, Damage> {
        self.flow_of(figures).map_err(|damage| self.check_texts(figures).err().unwrap_or(damage))
    }

    fn flow_of(&self, figures: &Figures) -> Result<Flow, Damage> {
        let (payer, payer_account) = match self.columns.of(Field::PayerAndAccount) {
            Some(_) => name_and_account(&self.word(Field::PayerAndAccount)?),
            None => (self.text(Field::Payer)?, self.text(Field::Account)?),
        };
        let (shop, merchant) = (self.identity(Field::ShopOrder)?, self.identity(Field::OrderRef)?);
        let order = if shop.is_empty() { merchant } else { shop };
        let order = self.row.encoding.decode(order).unwrap_or_default();
        Ok(Flow {
            row: self.row.line,
            number: self.text(self.number(figures)?)?,
            order_ref: Text::new(without_shop_prefix(&order)),
            time: figures.time,
            direction: figures.direction,
            class: figures.class,
            amount: figures.amount,
            fee: figures.fee,
            payer,
            payer_account,
            remark: self.joined(&[Field::Goods, Field::Remark, Field::OtherRemark], "; ")?,
            kind: self.text(Field::Kind)?,
            state: self.joined(&[Field::State, Field::OtherState], " ")?,
        })
    }

    fn joined(&self, fields: &[Field], between: &str) -> Result<Text, Damage> {
        let mut all = Cow::Borrowed("");
        for &field in fields {
            let word = self.word(field)?;
            if all.is_empty() {
                all = word;
            } else if !word.is_empty() && all != word {
                all = Cow::Owned(format!("{all}{between}{word}"));
            }
        }
        Ok(Text::new(&all))
    }
}
