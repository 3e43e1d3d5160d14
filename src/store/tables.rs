//! Every table of the store, on one screen.
//!
//! The journal, the credentials and the drafts are what cannot be rebuilt; all other tables are derived from the
//! journal and can be dropped. Keys that are tuples are sorted as the screens page through them.
//!
//! What nearly every post writes is named `kept_`, so that it sorts right behind `journal`: redb notes where a table begins
//! in one tree by name, and names that lie together are noted on one page.

use redb::{TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::Fault;
use super::codec::{Packed, Record};
use crate::domain::bill::Bill;
use crate::domain::claim::Claim;
use crate::domain::comparing::Compared;
use crate::domain::dealer::{Dealer, DealerFile, Referral, Registration};
use crate::domain::flow::Flow;
use crate::domain::goods::Article;
use crate::domain::id::{AccountId, DealerId, ImportId, PersonId};
use crate::domain::ledger::{ClosedDay, LedgerLine};
use crate::domain::mailing::Letter;
use crate::domain::order::Order;
use crate::domain::payment::{ConflictKept, Treatment};
use crate::domain::person::Person;
use crate::domain::place::Place;
use crate::domain::premises::{Check, Visitor};
use crate::domain::promotion::Promotion;
use crate::domain::receiving::{Receipt, Report};
use crate::domain::requisition::Requisition;
use crate::domain::setting::{Account, FreeShipping, Settings, Tier};
use crate::domain::settlement::{FactoryRow, Settlement};
use crate::domain::slow::Proposal;
use crate::domain::statement::Import;
use crate::domain::stock::{Movement, Stock};
use crate::domain::stocktake::{CountLine, CountRecord, Sheet, Stocktake, Tally};
use crate::domain::time::Moment;
use crate::domain::write_off::WriteOff;

type Table<K, V> = TableDefinition<'static, K, V>;

/// A version of a dealer's file, as it was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealerVersion {
    /// The file.
    pub file: DealerFile,
    /// Who entered it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
}

/// Flows that lie together: a million of them are kept, so they share a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowBlock {
    /// The receiving account.
    pub account: AccountId,
    /// The import they came with.
    pub import: ImportId,
    /// The flows, the first under the block's own number.
    pub flows: Vec<Flow>,
    /// For each flow the dealer whose registered account it came from, as known when it was posted.
    pub matched: Vec<Option<DealerId>>,
}

/// A block that is written without copying its flows: the same fields in the same order as [`FlowBlock`].
#[derive(Serialize)]
pub struct BorrowedBlock<'a> {
    /// The receiving account.
    pub account: AccountId,
    /// The import they came with.
    pub import: ImportId,
    /// The flows.
    pub flows: &'a [Flow],
    /// Their dealers.
    pub matched: Vec<Option<DealerId>>,
}

/// How many flows one block holds at most.
pub const BLOCK: usize = 128;

macro_rules! records {
    ($($kind:ty = $name:literal;)*) => { $(impl Record for $kind { const NAME: &'static str = $name; })* };
}

records! {
    Person = "person/1";
    Settings = "settings/3";
    Tier = "tier/1";
    FreeShipping = "free_shipping/1";
    Account = "account/1";
    Article = "article/2";
    Stock = "stock/2";
    Place = "place/2";
    Movement = "movement/2";
    Bill = "bill/2";
    Requisition = "requisition/1";
    FactoryRow = "factory_row/2";
    Settlement = "settlement/1";
    Promotion = "promotion/1";
    WriteOff = "write_off/1";
    Check = "check/1";
    Visitor = "visitor/1";
    Proposal = "proposal/1";
    Receipt = "receipt/1";
    Report = "report/1";
    Dealer = "dealer/1";
    DealerVersion = "dealer_version/1";
    Vec<Registration> = "registrations/1";
    Referral = "referral/1";
    Order = "order/5";
    FlowBlock = "flow_block/1";
    Treatment = "treatment/1";
    ConflictKept = "conflict/1";
    Import = "import/1";
    Stocktake = "stocktake/1";
    Sheet = "sheet/1";
    CountRecord = "count_record/1";
    CountLine = "count_line/1";
    Tally = "tally/1";
    Compared = "compared/1";
    Claim = "claim/2";
    LedgerLine = "ledger_line/3";
    Letter = "letter/2";
    ClosedDay = "closed_day/1";
}

// What cannot be rebuilt.

/// The journal: one line of JSON for each thing that happened.
pub const JOURNAL: Table<u64, &[u8]> = Table::new("journal");
/// Passphrase hashes (Argon2id) by person.
pub const CREDENTIALS: Table<u32, &str> = Table::new("credentials");
/// Half-entered forms by person and form.
pub const DRAFTS: Table<(u32, &str), &str> = Table::new("drafts");
/// Failed sign-ins in a row: (code, Unix account) to (how many, when the next is taken, in µs).
pub const TRIES: Table<(&str, u32), (u32, i64)> = Table::new("tries");
/// Tries to send a letter: (letter, person) to (how many failed, when the next is due in µs, what was said).
pub const MAIL_TRIES: Table<(u64, u32), (u32, i64, &str)> = Table::new("mail_tries");
/// Letters that were tried and that no mail server has taken: (letter, person).
pub const FAILING: Table<(u64, u32), ()> = Table::new("failing");
/// What the store is: its random identity, whether it is for rehearsals.
pub const IDENTITY: Table<&str, &str> = Table::new("identity");

macro_rules! derived {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $value:ty = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Table<$key, $value> = Table::new($text);)*

        /// Creates every table that is not there yet.
        pub fn create_all(tx: &WriteTransaction) -> Result<(), Fault> {
            tx.open_table(JOURNAL)?;
            tx.open_table(CREDENTIALS)?;
            tx.open_table(DRAFTS)?;
            tx.open_table(TRIES)?;
            tx.open_table(MAIL_TRIES)?;
            tx.open_table(FAILING)?;
            tx.open_table(IDENTITY)?;
            $(tx.open_table($name)?;)*
            Ok(())
        }

        /// Drops every table that the journal can rebuild.
        pub fn drop_derived(tx: &WriteTransaction) -> Result<(), Fault> {
            for name in DERIVED.iter().chain(&FORMER) {
                tx.delete_table(redb::TableDefinition::<&[u8], &[u8]>::new(name)).or_else(|error| match error {
                    redb::TableError::TableTypeMismatch { .. } => tx.delete_untyped(name),
                    other => Err(other),
                })?;
            }
            Ok(())
        }

        /// The names of the tables that the journal can rebuild.
        pub const DERIVED: &[&str] = &[$($text),*];

        /// Compares every derived table of two stores, byte for byte, and names the first that differs.
        pub fn first_difference(ours: &redb::ReadTransaction, theirs: &redb::ReadTransaction) -> Result<Option<String>, Fault> {
            $(if let Some(key) = super::verify::table_difference(ours, theirs, $name)? {
                return Ok(Some(format!("{}: {key}", $text)));
            })*
            Ok(None)
        }
    };
}

/// Counters under the name that they once had. Their head says how long the journal of such a store must be.
pub const FORMER_COUNTS: Table<&str, &[u8]> = Table::new("counts");

/// Names of derived tables that have others now.
const FORMER: [&str; 4] = ["counts", "lists", "orders", "period_totals"];

/// Deletes a table whatever its types are.
trait DeleteUntyped {
    fn delete_untyped(&self, name: &str) -> Result<bool, redb::TableError>;
}

impl DeleteUntyped for WriteTransaction {
    fn delete_untyped(&self, name: &str) -> Result<bool, redb::TableError> {
        use redb::TableHandle;
        let found = self.list_tables()?.find(|table| table.name() == name);
        found.map_or(Ok(false), |table| self.delete_table(table))
    }
}

derived! {
    /// Commands that carried an id, by person and id, with the entry they led to.
    COMMANDS: (u32, &str) => u64 = "commands";
    /// Lists of numbers: (owner's kind, owner, list, number); see `lists.rs`.
    LISTS: (u8, u64, u8, u64) => () = "kept_lists";
    /// Counters: the last number of each kind, and sums that screens show (eight bytes each, the lowest first). Beside
    /// them, under `head`, the head of the chain with the seq and time of the last entry: every post moves both.
    COUNTS: &str => &[u8] = "kept_counts";

    /// People.
    PEOPLE: u32 => Packed<Person> = "people";
    /// People by sign-in code.
    PERSON_CODES: &str => u32 = "person_codes";
    /// People by Unix account.
    UNIX: u32 => u32 = "unix";

    /// The settings, under `settings`.
    SETTINGS: &str => Packed<Settings> = "settings";
    /// Price tiers.
    TIERS: &str => Packed<Tier> = "tiers";
    /// Free-shipping levels.
    LEVELS: &str => Packed<FreeShipping> = "levels";
    /// Receiving accounts.
    ACCOUNTS: u16 => Packed<Account> = "accounts";

    /// Articles.
    ARTICLES: u32 => Packed<Article> = "articles";
    /// Articles by code and barcode.
    ARTICLE_CODES: &str => u32 = "article_codes";
    /// Articles by the place of their card: (place, article).
    HOMES: (&str, u32) => () = "homes";
    /// Prices in fen: (article, tier or empty for retail, first day).
    PRICES: (u32, &str, i32) => i64 = "prices";
    /// Places of the warehouse.
    PLACES: &str => Packed<Place> = "places";
    /// Stock by article, in all places.
    STOCK: u32 => Packed<Stock> = "stock";
    /// Stock by place: (article, place).
    PLACE_STOCK: (u32, &str) => Packed<Stock> = "place_stock";
    /// Which articles ever lay at a place: (place, article).
    PLACE_ARTICLES: (&str, u32) => () = "place_articles";
    /// Stock cards: (article, place, seq, line).
    MOVES: (u32, &str, u64, u32) => Packed<Movement> = "moves";
    /// Bills of the factory.
    BILLS: u32 => Packed<Bill> = "bills";
    /// Bills of which goods are awaited.
    OPEN_BILLS: u32 => () = "open_bills";
    /// Bills by factory and its number.
    BILL_NUMBERS: (&str, &str) => u32 = "bill_numbers";
    /// Requisitions.
    REQUISITIONS: u32 => Packed<Requisition> = "requisitions";
    /// Requisitions of which something is awaited.
    OPEN_REQUISITIONS: u32 => () = "open_requisitions";
    /// The account at the factory: (month it counts for, seq, kind).
    FACTORY_ROWS: (i32, u64, u32) => Packed<FactoryRow> = "factory_rows";
    /// Settlements by month.
    SETTLEMENTS: i32 => Packed<Settlement> = "settlements";
    /// Promotions.
    PROMOTIONS: u32 => Packed<Promotion> = "promotions";
    /// Promotions that nobody has ended: (last day, promotion).
    PROMOTION_ENDS: (i32, u32) => () = "promotion_ends";
    /// Write-offs of gifts by month.
    WRITE_OFFS: i32 => Packed<WriteOff> = "write_offs";
    /// Checks of the warehouse.
    CHECKS: u32 => Packed<Check> = "checks";
    /// Checks by day and shift.
    CHECK_DAYS: (i32, u8) => u32 = "check_days";
    /// Visits.
    VISITORS: u32 => Packed<Visitor> = "visitors";
    /// Visits of those who are in the warehouse.
    INSIDE: u32 => () = "inside";
    /// What is proposed for goods that lie, by article.
    PROPOSALS: u32 => Packed<Proposal> = "proposals";
    /// Plain goods-ins.
    RECEIPTS: u32 => Packed<Receipt> = "receipts";
    /// Reports of differences, by goods-in.
    REPORTS: u32 => Packed<Report> = "reports";
    /// Reports that nobody has read.
    OPEN_REPORTS: u32 => () = "open_reports";
    /// Totals kept while posting: (kind, period, a, b) to two sums; see `totals.rs`.
    TOTALS: (u8, i32, u64, u64) => (i64, i64) = "kept_totals";

    /// The ledger: (ledger day, seq, line).
    LEDGER: (i32, u64, u32) => Packed<LedgerLine> = "ledger";
    /// The ledger by shipment: (order, part, seq) to the ledger day.
    LEDGER_ORDERS: (u64, u8, u64) => i32 = "ledger_orders";
    /// Letters that closed days owed: (entry that closed the day, person).
    LETTERS: (u64, u32) => Packed<Letter> = "letters";
    /// Letters that no mail server has taken.
    OWED: (u64, u32) => () = "owed";
    /// Addresses for mail, by person.
    ADDRESSES: u32 => &str = "addresses";
    /// Closed days.
    CLOSED_DAYS: i32 => Packed<ClosedDay> = "closed_days";

    /// Dealers.
    DEALERS: u32 => Packed<Dealer> = "dealers";
    /// Versions of dealers' files: (dealer, version).
    DEALER_VERSIONS: (u32, u32) => Packed<DealerVersion> = "dealer_versions";
    /// Dealers by name, contact and account holder: (name, dealer).
    DEALER_NAMES: (&str, u32) => () = "dealer_names";
    /// Registrations by account: (channel, account key).
    REGISTRATIONS: (u8, &str) => Packed<Vec<Registration>> = "registrations";
    /// Accounts that ever stood in a dealer's file: (dealer, channel, account key).
    DEALER_ACCOUNTS: (u32, u8, &str) => () = "dealer_accounts";
    /// Referrals to the Tmall shop.
    REFERRALS: u32 => Packed<Referral> = "referrals";

    /// Orders.
    ORDERS: u64 => Packed<Order> = "kept_orders";
    /// Orders by Tmall's number.
    TMALL_NUMBERS: &str => u64 = "tmall_numbers";
    /// Shipments by waybill: (carrier, number).
    WAYBILLS: (u8, &str) => (u64, u8) = "waybills";

    /// Flows, in blocks, by the number of the first.
    FLOWS: u64 => Packed<FlowBlock> = "flows";
    /// Which flows of a block are payments not disposed of: a bitmap, absent where none is.
    OPEN_FLOWS: u64 => u128 = "open_flows";
    /// Which flow numbers are known: buckets of sorted (hash, flow), see `flows.rs`.
    FLOW_KEYS: u32 => &[u8] = "flow_keys";
    /// What was made of payments.
    TREATMENTS: u64 => Packed<Treatment> = "treatments";
    /// Rows kept aside.
    CONFLICTS: u32 => Packed<ConflictKept> = "conflicts";
    /// Imports.
    IMPORTS: u32 => Packed<Import> = "imports";
    /// Totals: (account, day, class, direction) to (flows, fen).
    ACCOUNT_DAYS: (u16, i32, u8, u8) => (u64, i64) = "account_days";

    /// Stocktakes, without their sheets.
    STOCKTAKES: u32 => Packed<Stocktake> = "stocktakes";
    /// Stocktakes that are neither confirmed nor given up.
    OPEN_STOCKTAKES: u32 => () = "open_stocktakes";
    /// Sheets: (stocktake, sheet).
    SHEETS: (u32, u8) => Packed<Sheet> = "sheets";
    /// Records of a sheet: (stocktake, sheet, record).
    COUNT_RECORDS: (u32, u8, u32) => Packed<CountRecord> = "count_records";
    /// Lines of a sheet: (stocktake, sheet, line).
    COUNT_LINES: (u32, u8, u32) => Packed<CountLine> = "count_lines";
    /// What a sheet says: (stocktake, sheet, place, article or 0, unknown code or empty).
    TALLIES: (u32, u8, &str, u32, &str) => Packed<Tally> = "tallies";
    /// Goods as they were compared: (stocktake, place, article).
    COMPARED: (u32, &str, u32) => Packed<Compared> = "compared";
    /// Of those, what is not simply as the book says: (stocktake, place, article).
    DIFFERING: (u32, &str, u32) => () = "differing";
    /// Claims for goods found short.
    CLAIMS: u32 => Packed<Claim> = "claims";
    /// Claims that are not made good.
    OPEN_CLAIMS: u32 => () = "open_claims";
}
