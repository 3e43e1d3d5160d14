//! The columns of the lists that people read: a selection of each row's fields, on a screen and in files.

use super::What;
use crate::report::{self, Kind};
use crate::ui::locale::Words;

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The row's field, or a field within a field as `to.phone`.
    pub field: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// The section of the locale files in which its values have their words, if any.
    pub vocabulary: &'static str,
    /// Whether it is added up in files.
    pub total: bool,
    /// Whether files alone have it: a screen is not wide enough for everything.
    pub file_only: bool,
    /// Whether a value with fields of its own is said by their values alone.
    pub words_only: bool,
    /// Its width on paper, in cells.
    pub width: u16,
}

const fn of(field: &'static str, kind: Kind, width: u16) -> Column {
    Column { field, kind, vocabulary: "", total: false, file_only: false, words_only: false, width }
}

const fn text(field: &'static str) -> Column {
    of(field, Kind::Text, 14)
}

const fn long(field: &'static str) -> Column {
    of(field, Kind::Text, 28)
}

const fn money(field: &'static str) -> Column {
    of(field, Kind::Money, 13)
}

const fn quantity(field: &'static str) -> Column {
    of(field, Kind::Quantity, 11)
}

const fn count(field: &'static str) -> Column {
    of(field, Kind::Count, 8)
}

const fn day(field: &'static str) -> Column {
    of(field, Kind::Day, 12)
}

const fn time(field: &'static str) -> Column {
    of(field, Kind::Time, 20)
}

const fn word(field: &'static str, vocabulary: &'static str) -> Column {
    Column { vocabulary, ..text(field) }
}

impl Column {
    const fn plain(self) -> Column {
        Column { words_only: true, ..self }
    }

    const fn file(self) -> Column {
        Column { file_only: true, ..self }
    }

    const fn sum(self) -> Column {
        Column { total: true, ..self }
    }

    /// Its header.
    pub(super) fn head(&self, words: &Words) -> String {
        words.say(&format!("show_column.{}", self.field)).to_owned()
    }
}

/// The columns of every list.
#[rustfmt::skip]
const COLUMNS: &[(What, &[Column])] = &[
    (What::People, &[
        text("code"), text("name"), word("roles", "role"), count("unix"), text("active"), text("passphrase"),
        time("since").file(),
    ]),
    (What::Dealers, &[
        text("dealer"), long("name"), word("kind", "dealer_kind"), day("since").file(), long("channels").file(),
        text("tier"), text("free_shipping"), text("contact"), text("phone"), long("address").file(),
        word("pays_by", "channel").file(), long("accounts").file().plain(), money("credit").sum(), text("complete"),
        word("missing", "field").file(), word("awaits", "role"), text("matched").file(), count("version"),
        text("filed_by").file(), time("filed_at").file(), long("remark").file(),
    ]),
    (What::Goods, &[
        text("article"), long("name"), text("unit"), text("barcode").file(), text("packs").file().plain(), money("retail"),
        long("tiers").file().plain(), quantity("on_hand"), text("location"), text("special"), text("keeper").file(),
    ]),
    (What::Prices, &[text("article"), long("name"), text("tier"), money("price"), day("from"), text("in_force")]),
    (What::Stock, &[
        text("article"), long("name"), text("location"), text("unit"), quantity("on_hand"), quantity("packed"),
        quantity("sound"), quantity("damaged"),
    ]),
    (What::Card, &[
        text("article"), text("place"), time("at"), day("day").file(), word("kind", "move_kind"), quantity("change"),
        quantity("balance"), quantity("balance_damaged"), quantity("total"), text("document"), money("retail_then").file(),
        count("seq").file(),
    ]),
    (What::Places, &[count("turn"), text("place"), long("name"), count("articles")]),
    (What::Bills, &[
        text("bill"), text("number"), long("factory"), day("day"), word("state", "bill_state"), money("amount").sum(),
        long("lines").file().plain(), text("receipts").file(), text("by"), time("at"),
    ]),
    (What::Reports, &[
        text("report"), text("bill"), time("at"), text("by"), word("state", "show_state"), long("differences").plain(),
        text("read_by"),
    ]),
    (What::Orders, &[
        text("order"), time("at"), text("dealer"), text("tmall").file(), long("name"), word("state", "show_state"),
        money("due").sum(), money("paid").sum(), money("open").sum(), money("charged").file().sum(),
        money("tier_total").file().sum(),
        money("retail_total").file().sum(), text("by").file(), text("to.name").file(), text("to.phone").file(),
        long("to.address").file(), long("remark"),
    ]),
    (What::Queue, &[
        text("order"), count("part"), long("name"), word("stage", "show_state"), time("deadline"), text("late"),
        word("awaits", "role"), money("due"), count("hours"),
    ]),
    (What::Payments, &[
        text("payment"), time("time"), word("state", "show_state"), word("class", "class"),
        word("direction", "direction").file(), money("amount"), money("fee").file(), money("open").sum(), long("payer"),
        long("payer_account"), text("dealer"), text("account"), long("number").file(), long("remark"),
        long("reason").file(),
    ]),
    (What::Conflicts, &[
        count("conflict"), long("number"), text("payment"), money("posted"), money("stated"), time("time"),
        text("settled_by").file(), time("settled_at").file(), long("note"),
    ]),
    (What::Imports, &[
        count("import"), time("at"), text("by"), long("file"), text("account"), count("rows"), count("new"),
        money("amount"), count("known"), count("conflicts"), long("accepted"), long("sha256").file(),
    ]),
    (What::Referrals, &[
        text("referral"), time("at"), text("by"), text("name"), text("contact"), text("order"), long("remark").file(),
    ]),
    (What::Settings, &[long("settings"), long("tiers"), long("levels"), long("accounts"), text("rehearsal")]),
    (What::Ledger, &[
        day("day"), time("at").file(), word("side", "show_state"), text("order"), text("dealer").file(), long("name"),
        word("channel", "dealer_kind"), text("article").file(), text("article_name"), quantity("quantity"),
        text("unit"), quantity("gift").file(), text("promotion").file(), money("price"), money("amount").sum(), money("freight").sum(),
        text("accounts").file(), text("flows"), text("confirmed_by").file(), text("signed_by").file(),
        word("carrier", "carrier").file(), text("waybill"), money("fee").file(), quantity("stock_after"),
        text("by").file(), long("corrects").plain().file(),
    ]),
    (What::Days, &[
        day("day"), word("state", "show_state"), text("by"), time("at"), count("shipped_lines").sum(),
        money("shipped").sum(), count("returned_lines").sum(), money("returned").sum(), money("freight").sum(),
        money("net").sum(), count("payments"), count("queue"), count("entries").file(), long("head").file(),
    ]),
    (What::Month, &[
        text("month").file(), text("article"), long("name"), text("unit"), quantity("opening"), quantity("begun"),
        quantity("delivery"), quantity("came_back"), quantity("gone"), quantity("damaged"), quantity("to_factory"),
        quantity("counted"), quantity("other"), quantity("closing"), money("retail").file(), money("value").sum(),
        money("sold").sum(),
    ]),
    (What::Mail, &[
        day("day"), text("person"), text("address"), word("state", "show_state"), count("tries"), time("next"),
        long("why"), time("sent_at"), long("answer").file(),
    ]),
    (What::Stocktakes, &[
        text("stocktake"), word("kind", "stocktake_kind"), day("day"), day("month_end").file(),
        word("scope", "stocktake_scope"), long("counted").file(), text("frozen"), word("method", "stocktake_method"),
        long("counters"), text("present").file(), word("stage", "stocktake_stage"), text("awaits"), count("rows"),
        count("to_recount"), count("differing"), text("agreed").file(), text("by").file(), time("at"),
        time("ended").file(), long("note").file(),
    ]),
    (What::Stocktake, &[
        text("place"), text("article"), long("name"), text("unit"), quantity("sheet_1"), quantity("sheet_2"),
        text("recounts"), quantity("book"), quantity("packed"), word("outcome", "outcome"), quantity("difference"),
        text("moved").file(), text("moved_since").file(), long("cause").file(), text("party").file(),
        long("proposal").file(), text("claim").file(), quantity("claimed").file(), money("price").file(),
        money("amount").sum(), text("twin"),
    ]),
    (What::Sheet, &[
        count("sheet"), count("line"), text("place"), text("code"), text("article"), long("name"), text("special").file(),
        text("unit"), quantity("quantity"), text("taken_back"), text("in_scope"), text("by"), time("at"), count("seq"),
    ]),
    (What::Claims, &[
        text("claim"), text("stocktake"), day("day"), text("article"), long("name"), text("place"), quantity("quantity"),
        money("price"), money("amount").sum(), word("state", "claim_state"), count("days_open"), long("cause"), text("party"),
        long("proposal").file(), time("at").file(), text("settled_by").file(), time("settled_at").file(),
        long("settled_how").file(),
    ]),
    (What::Suggestion, &[
        text("article"), long("name"), text("unit"), quantity("on_hand"), quantity("awaited"), quantity("ordered"),
        quantity("sold"), quantity("daily"), count("window_days").file(), count("lead_days").file(), quantity("safety"),
        quantity("pack"), quantity("suggested"),
    ]),
    (What::Requisitions, &[
        text("requisition"), time("at"), text("by"), text("factory"), word("state", "requisition_state"),
        long("lines").file().plain(), text("acknowledged_by"), long("bills"), day("sent"), long("closed").file(),
        long("remark").file(),
    ]),
    (What::Factory, &[
        text("month"), day("day"), word("kind", "factory_kind"), text("paper"), money("amount").sum(), money("balance"),
    ]),
    (What::Settlements, &[
        text("month"), word("state", "settlement_state"), day("due"), count("days_left"), money("billed"),
        money("not_taken"), money("sent_back"), money("gifts"), money("payable").sum(), text("prepared_by"),
        text("confirmed_by"), time("confirmed_at").file(),
    ]),
    (What::Promotions, &[
        text("promotion"), long("name"), word("state", "promotion_state"), day("first"), day("last"), text("article"),
        quantity("buy"), text("gift"), quantity("free"), quantity("expected"), quantity("given"), word("awaits", "role"),
        text("submitted_by").file(), long("confirmed_by").file(), long("rejected_why").file(), long("ended_why").file(),
        text("by").file(), time("at").file(),
    ]),
    (What::Gifts, &[
        text("month"), word("state", "write_off_state"), text("promotion"), long("name"), text("article"),
        text("article_name"), quantity("quantity"), text("unit"), money("amount").sum(), text("prepared_by"),
        text("confirmed_by"), time("confirmed_at").file(),
    ]),
    (What::Slow, &[
        text("article"), long("name"), text("unit"), quantity("on_hand"), quantity("sold"), count("days_of_supply"),
        day("moved"), count("idle"), money("value").sum(), long("proposal"), text("proposed_by").file(),
        time("proposed_at").file(),
    ]),
    (What::Checks, &[
        text("check"), day("day"), word("shift", "shift"), word("state", "check_state"), long("doors"), long("power"),
        long("goods"), text("by"), time("at").file(), long("read_by"), long("remark").file(),
    ]),
    (What::Visitors, &[
        text("visitor"), long("name"), long("firm"), long("purpose"), time("at"), text("by"),
        word("state", "visitor_state"), time("left_at"), text("left_by").file(),
    ]),
    (What::Journal, &[count("seq"), time("at"), text("by"), text("name"), long("event"), long("terminal")]),
];

/// The columns of a list: all of them for a file, those that fit for a screen.
pub(super) fn columns(what: What, in_file: bool) -> Vec<Column> {
    let own =
        COLUMNS.iter().find(|(of, _)| *of == what).map(|(_, columns)| *columns).expect("every list has its row above");
    own.iter().copied().filter(|column| in_file || !column.file_only).collect()
}

/// The lists whose workbook has a chart: by which column its bars are named, which columns are drawn.
const CHARTS: &[(What, &str, &[&str])] = &[
    (What::Month, "name", &["value", "sold"]),
    (What::Days, "day", &["shipped", "returned"]),
    (What::Queue, "order", &["hours"]),
];

/// The chart in the workbook of a list, if it has one.
pub(in crate::verbs) fn bars(what: What, words: &Words) -> Option<report::Bars> {
    let (_, names, figures) = CHARTS.iter().find(|(of, ..)| *of == what)?;
    let columns = columns(what, true);
    let at = |field: &str| columns.iter().position(|column| column.field == field).map(|at| at as u16);
    let (tab, title) = (words.say("chart.tab").to_owned(), words.say(&format!("chart.{}", what.key())).to_owned());
    let (names, figures) = (at(names)?, figures.iter().filter_map(|field| at(field)).collect::<Vec<u16>>());
    let leading = figures.first().map(|at| columns[usize::from(*at)].head(words)).unwrap_or_default();
    let key = if columns[usize::from(names)].kind == Kind::Day { "chart.newest" } else { "chart.largest" };
    let cut = words.say_with(key, &[("count", &report::BARS_MAX), ("column", &leading)]);
    Some(report::Bars { tab, title, cut, names, figures })
}

/// The columns as a sheet has them.
pub(super) fn sheet_columns(columns: &[Column], words: &Words) -> Vec<report::Column> {
    let one = |column: &Column| report::Column {
        key: column.field,
        head: column.head(words),
        width: column.width,
        kind: column.kind,
        total: column.total,
    };
    columns.iter().map(one).collect()
}
