//! `taizhang show`: the lists of the books, as an aligned table, one JSON array, or CSV.
//!
//! Rows are read page by page from one snapshot and printed as they come, so that a history of a million costs no
//! more memory than one page. The field names are a public interface: [`rows`] is their only definition, and
//! `taizhang schema` prints it. Accounts and telephone numbers are masked for roles that may not see them (P3).

mod column;
mod goods;
mod money;
mod names;
mod ordering;
mod people;
mod print;
pub mod rows;
mod rows_of_money;

use serde::{Deserialize, Serialize};

use super::args::{Filter, Show};
use super::caller::{Caller, Lines};
use super::mask::Sight;
use super::speaking::Speaking;
use super::{DONE, Office, Stop};
use crate::domain::time::{Day, Moment, Zone};
use crate::store::books::Books;
use crate::ui::locale::Words;
use names::Names;
use print::Printer;
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
    let zone = books.settings()?.zone;
    let view = View {
        books: &books,
        names: Names::new(&books)?,
        filter: &args.filter,
        sight: Sight::of(roles),
        zone,
        now: (office.clock)(),
    };
    let columns = column::columns(args.what);
    let mut printer = Printer::new(args.form, columns, words, zone, args.filter.limit, caller);
    match args.what {
        What::People => people::people(&view, &mut printer)?,
        What::Dealers => people::dealers(&view, &mut printer)?,
        What::Referrals => people::referrals(&view, &mut printer)?,
        What::Settings => people::settings(&view, &mut printer)?,
        What::Goods => goods::goods(&view, &mut printer)?,
        What::Prices => goods::prices(&view, &mut printer)?,
        What::Stock => goods::stock(&view, &mut printer)?,
        What::Orders => ordering::orders(&view, &mut printer)?,
        What::Queue => ordering::queue(&view, &mut printer)?,
        What::Payments => money::payments(&view, &mut printer)?,
        What::Conflicts => money::conflicts(&view, &mut printer)?,
        What::Imports => money::imports(&view, &mut printer)?,
        What::Journal => people::journal(&view, &mut printer)?,
    }
    printer.finish()?;
    Ok(DONE)
}
