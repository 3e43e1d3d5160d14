//! Imported statements (账单导入): whether a file may be posted, and each of its flows at most once.
//!
//! A file that states totals must agree with its own rows, or it is refused as a whole with both figures;
//! finance can take it all the same with a reason, which stays in the journal. A flow number that is known is not posted
//! again; one that now says something else is a conflict, kept aside.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::flow::{Channel, Flow, FlowClass, StatedTotal};
use super::id::{AccountId, ImportId};
use super::money::Money;
use super::setting::Account;
use super::text::Text;
use super::time::Moment;
use super::{Actor, Rule};

/// What a file says of itself, before anything is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FileFacts {
    /// The file's name, without its folder.
    pub name: Text,
    /// Its format's name.
    pub format: Text,
    /// Through whom.
    pub channel: Channel,
    /// The account it states, or empty.
    pub account: Text,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: Text,
    /// Its rows.
    pub rows: u64,
    /// The totals it states, beside what its rows add up to.
    pub totals: Vec<StatedTotal>,
}

/// Post a statement that has been read whole (导入账单).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportStatement {
    /// The receiving account, by name; none where the file itself names one that is in the books.
    #[serde(default)]
    pub account: Option<Text>,
    /// What the file says of itself.
    pub file: FileFacts,
    /// Take the file although its totals disagree with its rows, for this reason.
    #[serde(default)]
    pub accept_totals: Option<Text>,
}

/// What an import may look at.
pub struct ImportFacts {
    /// The receiving accounts.
    pub accounts: Vec<Account>,
    /// The number the next import gets.
    pub next: ImportId,
}

/// What one import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tally {
    /// Flows posted.
    pub new: u64,
    /// Of them, payments that finance can confirm.
    pub payments: u64,
    /// What these come to.
    pub amount: Money,
    /// Of them, those from an account that is registered for a dealer.
    pub matched: u64,
    /// Flows known already.
    pub known: u64,
    /// Rows kept aside.
    pub conflicts: u64,
}

/// An import as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its number.
    pub id: ImportId,
    /// The receiving account.
    pub account: AccountId,
    /// What the file said of itself.
    pub file: FileFacts,
    /// Why it was taken although its totals disagree, if so.
    pub accepted: Option<Text>,
    /// Who imported it.
    pub by: super::id::PersonId,
    /// When.
    pub at: Moment,
    /// What it came to so far.
    pub tally: Tally,
}

/// Flows in the journal: one header of column names, then a plain row each, since a million of them are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowTable(pub Vec<Flow>);

const COLUMNS: [&str; 13] = [
    "row",
    "number",
    "order_ref",
    "time",
    "direction",
    "class",
    "amount",
    "fee",
    "payer",
    "payer_account",
    "remark",
    "kind",
    "state",
];

type Row<'a> = (
    u32,
    &'a Text,
    &'a Text,
    Moment,
    super::flow::Direction,
    FlowClass,
    Money,
    Money,
    &'a Text,
    &'a Text,
    &'a Text,
    &'a Text,
    &'a Text,
);
type OwnedRow =
    (u32, Text, Text, Moment, super::flow::Direction, FlowClass, Money, Money, Text, Text, Text, Text, Text);

impl Serialize for FlowTable {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Rows<'a>(&'a [Flow]);
        impl Serialize for Rows<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_seq(self.0.iter().map(|f| -> Row<'_> {
                    let (amount, fee) = (f.amount, f.fee);
                    let (payer, account) = (&f.payer, &f.payer_account);
                    let words = (&f.remark, &f.kind, &f.state);
                    let ids = (&f.number, &f.order_ref);
                    (
                        f.row,
                        ids.0,
                        ids.1,
                        f.time,
                        f.direction,
                        f.class,
                        amount,
                        fee,
                        payer,
                        account,
                        words.0,
                        words.1,
                        words.2,
                    )
                }))
            }
        }
        let mut table = to.serialize_struct("FlowTable", 2)?;
        table.serialize_field("columns", &COLUMNS)?;
        table.serialize_field("rows", &Rows(&self.0))?;
        table.end()
    }
}

impl<'de> Deserialize<'de> for FlowTable {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<FlowTable, D::Error> {
        #[derive(Deserialize)]
        struct Table {
            columns: Vec<String>,
            rows: Vec<OwnedRow>,
        }
        let table = Table::deserialize(from)?;
        if table.columns != COLUMNS {
            return Err(serde::de::Error::custom("the columns of the flows are not those expected"));
        }
        let flow = |row: OwnedRow| {
            let (
                row,
                number,
                order_ref,
                time,
                direction,
                class,
                amount,
                fee,
                payer,
                payer_account,
                remark,
                kind,
                state,
            ) = row;
            Flow {
                row,
                number,
                order_ref,
                time,
                direction,
                class,
                amount,
                fee,
                payer,
                payer_account,
                remark,
                kind,
                state,
            }
        };
        Ok(FlowTable(table.rows.into_iter().map(flow).collect()))
    }
}

impl schemars::JsonSchema for FlowTable {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FlowTable".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": { "columns": { "const": COLUMNS }, "rows": { "type": "array", "items": { "type": "array" } } },
            "required": ["columns", "rows"]
        })
    }
}

impl Flow {
    /// Whether a later statement says the same of this flow. States may move on; money, time and sides may not.
    pub fn same_as(&self, later: &Flow) -> bool {
        let core = |f: &Flow| (f.amount, f.direction, f.time);
        core(self) == core(later) && self.payer_account == later.payer_account
    }
}

impl Rule for ImportStatement {
    type Facts = ImportFacts;

    fn decide(&self, _: &Actor, facts: &ImportFacts) -> Result<Event, Refusals> {
        let file = &self.file;
        let stated = |account: &&Account| account.channel == file.channel && account.number == file.account;
        let account = match &self.account {
            Some(name) => facts.accounts.iter().find(|account| account.name == *name),
            None => facts.accounts.iter().find(stated),
        };
        let named = self.account.clone().unwrap_or_else(|| file.account.clone());
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "account", code: named });
        let account = account.ok_or_else(unknown)?;
        if account.channel != file.channel {
            return Err(Clause::FinanceFirst.refuse(Reason::OtherChannel { account: account.name.clone() }).into());
        }
        let elsewhere = facts.accounts.iter().find(stated).filter(|owner| owner.id != account.id);
        if let Some(owner) = elsewhere {
            let (stated, chosen) = (owner.name.clone(), account.name.clone());
            return Err(Clause::FileWhole.refuse(Reason::OtherAccount { stated, chosen }).into());
        }
        let accepted = self.accept_totals.clone().filter(|reason| !reason.is_empty());
        let disagree = file.totals.iter().filter(|total| !total.agrees()).map(|total| {
            let side = |rows: Option<u64>, sum: Option<Money>| {
                let rows = rows.map(|rows| rows.to_string()).unwrap_or("-".into());
                Text::from(format!("{rows}, {}", sum.map(|sum| sum.to_string()).unwrap_or("-".into())))
            };
            let stated = side(total.rows_stated, total.sum_stated);
            let found = side(Some(total.rows_found), Some(total.sum_found));
            Clause::FileWhole.refuse(Reason::TotalsDisagree { name: total.name.clone(), stated, found })
        });
        let disagree: Vec<_> = disagree.collect();
        if accepted.is_none() {
            Refusals::unless_empty(disagree)?;
        }
        Ok(Event::StatementImported { import: facts.next, account: account.id, file: file.clone(), accepted })
    }
}
