//! The columns of the tables that people read: a selection of each row's fields.

use super::What;
use crate::ui::text::Align;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The row's field.
    pub field: &'static str,
    /// At which end of its cells it stands.
    pub align: Align,
    /// The section of the locale files in which its values have their words, if any.
    pub vocabulary: &'static str,
}

const fn left(field: &'static str) -> Column {
    Column { field, align: Align::Left, vocabulary: "" }
}

const fn right(field: &'static str) -> Column {
    Column { field, align: Align::Right, vocabulary: "" }
}

const fn word(field: &'static str, vocabulary: &'static str) -> Column {
    Column { field, align: Align::Left, vocabulary }
}

/// The columns of every list.
const COLUMNS: &[(What, &[Column])] = &[
    (
        What::People,
        &[left("code"), left("name"), word("roles", "role"), right("unix"), left("active"), left("passphrase")],
    ),
    (
        What::Dealers,
        &[
            left("dealer"),
            left("name"),
            word("kind", "dealer_kind"),
            left("tier"),
            left("free_shipping"),
            left("contact"),
            left("phone"),
            right("credit"),
            left("complete"),
            word("awaits", "role"),
            right("version"),
        ],
    ),
    (
        What::Goods,
        &[
            left("article"),
            left("name"),
            left("unit"),
            right("retail"),
            right("on_hand"),
            left("location"),
            left("special"),
        ],
    ),
    (What::Prices, &[left("article"), left("name"), left("tier"), right("price"), left("from"), left("in_force")]),
    (
        What::Stock,
        &[
            left("article"),
            left("name"),
            left("location"),
            left("unit"),
            right("on_hand"),
            right("packed"),
            right("sound"),
        ],
    ),
    (
        What::Orders,
        &[
            left("order"),
            left("at"),
            left("dealer"),
            left("name"),
            word("state", "show_state"),
            right("due"),
            right("paid"),
            right("open"),
            left("remark"),
        ],
    ),
    (
        What::Queue,
        &[
            left("order"),
            right("part"),
            left("name"),
            word("stage", "show_state"),
            left("deadline"),
            left("late"),
            word("awaits", "role"),
            right("due"),
            right("hours"),
        ],
    ),
    (
        What::Payments,
        &[
            left("payment"),
            left("time"),
            word("state", "show_state"),
            word("class", "class"),
            right("amount"),
            right("open"),
            left("payer"),
            left("payer_account"),
            left("dealer"),
            left("account"),
            left("remark"),
        ],
    ),
    (
        What::Conflicts,
        &[
            right("conflict"),
            left("number"),
            left("payment"),
            right("posted"),
            right("stated"),
            left("time"),
            left("note"),
        ],
    ),
    (
        What::Imports,
        &[
            right("import"),
            left("at"),
            left("by"),
            left("file"),
            left("account"),
            right("rows"),
            right("new"),
            right("amount"),
            right("known"),
            right("conflicts"),
            left("accepted"),
        ],
    ),
    (What::Referrals, &[left("referral"), left("at"), left("by"), left("name"), left("contact"), left("order")]),
    (What::Settings, &[left("settings"), left("tiers"), left("levels"), left("accounts"), left("rehearsal")]),
    (What::Journal, &[right("seq"), left("at"), left("by"), left("name"), left("event"), left("terminal")]),
];

/// The columns of a list.
pub(super) fn columns(what: What) -> &'static [Column] {
    COLUMNS.iter().find(|(of, _)| *of == what).map(|(_, columns)| *columns).expect("every list has its row above")
}
