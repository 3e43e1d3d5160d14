//! `taizhang show`: the lists of the books, as an aligned table, one JSON array, or CSV.
//!
//! Rows are read page by page from one snapshot and printed as they come, so that a history of a million costs no
//! more memory than one page. The field names are a public interface: [`rows`] is their only definition, and
//! `taizhang schema` prints it. Accounts and telephone numbers are masked for roles that may not see them (P3).

mod column;
mod counts;
mod days;
mod goods;
mod known;
mod money;
mod names;
mod ordering;
mod people;
mod premises;
mod print;
mod promotions;
mod purchasing;
pub mod rows;
mod rows_of_counts;
mod rows_of_days;
mod rows_of_money;
mod rows_of_premises;
mod rows_of_promotions;
mod rows_of_purchasing;
mod rows_of_stock;
mod warehouse;

use serde::{Deserialize, Serialize};

use super::args::{Filter, Show};
use super::caller::{Caller, Lines};
use super::speaking::Speaking;
use super::{DONE, Office, Stop};
use crate::domain::blindness::Blindness;
use crate::domain::id::PersonId;
use crate::domain::mask::Sight;
use crate::domain::role::Roles;
use crate::domain::time::{Day, Moment, Zone};
use crate::store::books::{Books, Counts};
use crate::ui::locale::Words;
use counts::Paper;
use names::Names;
use print::{Printer, Take};
use redb::ReadTransaction;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $row:ident;)*) => {
        /// A list that can be shown.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum What { $($(#[$doc])* $name),* }

        impl What {
            /// Every list.
            pub const ALL: &[What] = &[$(What::$name),*];

            /// The list's name on the command line and in the locale files.
            pub const fn key(self) -> &'static str { match self { $(What::$name => $key),* } }

            /// The JSON Schema of one of its rows.
            pub fn row_schema(self) -> schemars::Schema {
                match self { $(What::$name => schemars::schema_for!(rows::$row)),* }
            }
        }
    };
}

lists! {
    /// The people of the department.
    People = "people", PersonRow;
    /// Dealers' files.
    Dealers = "dealers", DealerRow;
    /// Articles with the prices in force.
    Goods = "goods", GoodsRow;
    /// Every price with its first day.
    Prices = "prices", PriceRow;
    /// What is on hand.
    Stock = "stock", StockRow;
    /// Stock cards, each place of an article after the other.
    Card = "card", CardRow;
    /// The places of the warehouse, in order.
    Places = "places", PlaceRow;
    /// Bills of the factory, newest first.
    Bills = "bills", BillRow;
    /// Reports of differences, newest first.
    Reports = "reports", ReportRow;
    /// Orders, newest first.
    Orders = "orders", OrderRow;
    /// What waits to be shipped, the most urgent first.
    Queue = "queue", QueueRow;
    /// Flows of the statements, newest first.
    Payments = "payments", PaymentRow;
    /// Rows of statements kept aside.
    Conflicts = "conflicts", ConflictRow;
    /// Imported statements, newest first.
    Imports = "imports", ImportRow;
    /// Retail customers sent to the Tmall shop.
    Referrals = "referrals", ReferralRow;
    /// Settings, tiers, free-shipping levels and receiving accounts, together.
    Settings = "settings", SettingsRow;
    /// The ledger, oldest first.
    Ledger = "ledger", LedgerRow;
    /// Days, the newest first: open ones with lines, then closed ones.
    Days = "days", DayRow;
    /// The month's goods: in, out, on hand.
    Month = "month", MonthRow;
    /// Letters with the ledgers of closed days, the newest first.
    Mail = "mail", MailRow;
    /// Stocktakes, newest first.
    Stocktakes = "stocktakes", StocktakeRow;
    /// How a stocktake came out, by place.
    Stocktake = "stocktake", ComparedRow;
    /// A person's sheet, line by line.
    Sheet = "sheet", SheetRow;
    /// Claims for goods found short, newest first.
    Claims = "claims", ClaimRow;
    /// What should be asked of the factory today, and why.
    Suggestion = "suggestion", SuggestionRow;
    /// Requisitions, newest first.
    Requisitions = "requisitions", RequisitionRow;
    /// The department's account at the factory, by month.
    Factory = "factory", FactoryAccountRow;
    /// The months' settlements with finance.
    Settlements = "settlements", SettlementRow;
    /// Promotions, newest first.
    Promotions = "promotions", PromotionRow;
    /// What promotions gave, by month, with how far its write-off has come.
    Gifts = "gifts", GiftRow;
    /// Slow goods, with what is proposed for them.
    Slow = "slow", SlowRow;
    /// Checks before and after work, newest first.
    Checks = "checks", CheckRow;
    /// Who came to the warehouse, newest first.
    Visitors = "visitors", VisitorRow;
    /// What happened, oldest first.
    Journal = "journal", JournalRow;
}

/// How many rows are read from the books at once.
const PAGE: usize = 256;

/// What a list is read with.
struct View<'a> {
    books: &'a ReadTransaction,
    names: Names<'a>,
    filter: &'a Filter,
    sight: Sight,
    /// Whose eyes, if anybody's in particular.
    person: Option<PersonId>,
    blind: Blindness,
    zone: Zone,
    now: Moment,
}

impl View<'_> {
    /// The day whose prices and stock are asked for: the last of the filter, else today.
    fn day(&self) -> Day {
        self.filter.to.unwrap_or_else(|| self.now.day(self.zone))
    }

    fn has_day(&self, day: Day) -> bool {
        self.filter.from.is_none_or(|from| day >= from) && self.filter.to.is_none_or(|to| day <= to)
    }

    fn has_moment(&self, at: Moment) -> bool {
        (self.filter.from.is_none() && self.filter.to.is_none()) || self.has_day(at.day(self.zone))
    }

    fn has_state(&self, state: &str) -> bool {
        self.filter.state.as_ref().is_none_or(|wanted| wanted.as_str() == state)
    }

    fn is_wanted(&self, keys: &[&str]) -> bool {
        self.filter.only.as_ref().is_none_or(|only| keys.iter().any(|key| key.eq_ignore_ascii_case(only)))
    }
}

/// Shows a list.
pub(super) fn show(office: &Office, args: &Show, words: &Words, caller: &mut dyn Caller) -> Result<u8, Stop> {
    let speaking = Speaking::settle(office, &args.who, &mut Lines::default(), caller)?;
    let roles = speaking.view(office)?;
    if args.what == What::Journal {
        speaking.must_see_all(office)?;
    }
    let books = office.desk.store().read()?;
    let (person, blind) = (speaking.person, books.blindness(speaking.person)?);
    let eyes = Eyes { books: &books, filter: &args.filter, roles, person, blind, now: (office.clock)() };
    let view = eyes.view()?;
    let columns = column::columns(args.what, false);
    let mut printer = Printer::new(args.form, columns, words, view.zone, args.filter.limit, caller);
    known::check(args.what, &view, words)?;
    list(args.what, &view, &mut printer)?;
    printer.finish()?;
    Ok(DONE)
}

/// With whose eyes which rows of the books are seen.
pub(super) struct Eyes<'a> {
    pub books: &'a ReadTransaction,
    pub filter: &'a Filter,
    /// `None` is the owner of the store.
    pub roles: Option<Roles>,
    /// Who asks, if it is known.
    pub person: Option<PersonId>,
    /// What they may see while they count.
    pub blind: Blindness,
    pub now: Moment,
}

impl<'a> Eyes<'a> {
    fn view(&self) -> Result<View<'a>, Stop> {
        Ok(View {
            books: self.books,
            names: Names::new(self.books)?,
            filter: self.filter,
            sight: Sight::of(self.roles),
            person: self.person,
            blind: self.blind.clone(),
            zone: self.books.settings()?.zone,
            now: self.now,
        })
    }
}

/// Gives the rows of a list for a file; how many there were.
pub(super) fn rows(what: What, eyes: &Eyes<'_>, words: &Words, take: Take<'_>) -> Result<u64, Stop> {
    let view = eyes.view()?;
    known::check(what, &view, words)?;
    let mut printer = Printer::to_file(column::columns(what, true), words, view.zone, eyes.filter.limit, take);
    list(what, &view, &mut printer)?;
    printer.finish()
}

/// What a file says around the rows of a list.
pub(super) fn paper(what: What, eyes: &Eyes<'_>, words: &Words) -> Result<Paper, Stop> {
    counts::paper(&eyes.view()?, what, words)
}

/// The chart in the workbook of a list, if it has one.
pub(super) fn bars(what: What, words: &Words) -> Option<crate::report::Bars> {
    column::bars(what, words)
}

/// The columns of a list in a file.
pub(super) fn sheet_columns(what: What, words: &Words) -> Vec<crate::report::Column> {
    column::sheet_columns(&column::columns(what, true), words)
}

fn list(what: What, view: &View<'_>, out: &mut Printer<'_>) -> Result<(), Stop> {
    match what {
        What::People => people::people(view, out),
        What::Dealers => people::dealers(view, out),
        What::Referrals => people::referrals(view, out),
        What::Settings => people::settings(view, out),
        What::Goods => goods::goods(view, out),
        What::Prices => goods::prices(view, out),
        What::Stock => goods::stock(view, out),
        What::Card => warehouse::card(view, out),
        What::Places => warehouse::places(view, out),
        What::Bills => warehouse::bills(view, out),
        What::Reports => warehouse::reports(view, out),
        What::Orders => ordering::orders(view, out),
        What::Queue => ordering::queue(view, out),
        What::Payments => money::payments(view, out),
        What::Conflicts => money::conflicts(view, out),
        What::Imports => money::imports(view, out),
        What::Ledger => days::ledger(view, out),
        What::Days => days::days(view, out),
        What::Month => days::month(view, out),
        What::Mail => days::mail(view, out),
        What::Stocktakes => counts::stocktakes(view, out),
        What::Stocktake => counts::stocktake(view, out),
        What::Sheet => counts::sheet(view, out),
        What::Claims => counts::claims(view, out),
        What::Journal if view.blind.is_blind() => Err(Stop::Said("verb.blind", Vec::new())),
        What::Suggestion => purchasing::suggestion(view, out),
        What::Requisitions => purchasing::requisitions(view, out),
        What::Slow => premises::slow(view, out),
        What::Checks => premises::checks(view, out),
        What::Visitors => premises::visitors(view, out),
        What::Factory => purchasing::factory(view, out),
        What::Settlements => purchasing::settlements(view, out),
        What::Promotions => promotions::promotions(view, out),
        What::Gifts => promotions::gifts(view, out),
        What::Journal => people::journal(view, out),
    }
}
