//! The dealers: found while typing, each with what its file lacks and what the department owes it.
//!
//! Finance and the back office take a file version into their books here; the back office matches offline customers.

use crate::domain::command::Command;
use crate::domain::dealer::Dealer;
use crate::domain::filing::{AcknowledgeDealer, MatchOffline, ReferCustomer};
use crate::domain::id::DealerId;
use crate::domain::role::{Role, Roles};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::detail::dealer_lines;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Opening, Sight, Subject};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.code", least: 6, most: 8, align: Align::Left, rank: 1 },
    Column { title: "column.dealer", least: 10, most: 30, align: Align::Left, rank: 0 },
    Column { title: "column.file", least: 6, most: 10, align: Align::Left, rank: 2 },
    Column { title: "column.tier", least: 4, most: 6, align: Align::Left, rank: 3 },
    Column { title: "column.credit", least: 10, most: 14, align: Align::Right, rank: 4 },
    Column { title: "column.contact", least: 8, most: 16, align: Align::Left, rank: 5 },
    Column { title: "column.kind", least: 14, most: 14, align: Align::Left, rank: 6 },
];
/// The most rows a filter shows.
const FOUND: usize = 500;

/// The dealers.
pub type Dealers = Listing<DealerTable>;

/// What the list of dealers is about.
#[derive(Clone, Default)]
pub struct DealerTable {
    chosen: Option<Dealer>,
    roles: Roles,
}

/// Dealers are numbered without gaps, so that any page is a range.
fn page(sight: &Sight<'_>, need: Need<DealerId>, height: usize) -> Result<Vec<Dealer>, Fault> {
    let last = u32::try_from(sight.books.count("dealers")?).unwrap_or(u32::MAX);
    let room = height as u32;
    match need {
        Need::First => sight.books.dealers(DealerId(0), height),
        Need::From(id) => sight.books.dealers(id, height),
        Need::After(id) => sight.books.dealers(DealerId(id.0 + 1), height),
        Need::Before(id) => {
            let from = id.0.saturating_sub(room);
            let rows = sight.books.dealers(DealerId(from), height)?;
            Ok(rows.into_iter().filter(|dealer| dealer.id < id).collect())
        }
        Need::Last => sight.books.dealers(DealerId((last + 1).saturating_sub(room)), height),
    }
}

fn row(sight: &Sight<'_>, dealer: &Dealer) -> Row<DealerId> {
    let say = |key: &str| sight.words.say(key).to_owned();
    let file = match (dealer.incomplete().is_empty(), dealer.awaits().is_empty()) {
        (false, _) => Cell::toned(say("dealer.incomplete"), Tone::Late),
        (true, false) => Cell::toned(say("dealer.awaits"), Tone::Soon),
        (true, true) => Cell::toned(say("dealer.complete"), Tone::Done),
    };
    let kind = serde_json::to_value(dealer.file.kind)
        .ok()
        .and_then(|kind| kind.as_str().map(|kind| say(&format!("dealer_kind.{kind}"))));
    let cells = vec![
        Cell::plain(dealer.id.to_string()),
        Cell::plain(dealer.file.name.as_str()),
        file,
        Cell::plain(dealer.file.tier.as_str()),
        Cell::plain(dealer.credit.to_string()),
        Cell::plain(dealer.file.contact.as_str()),
        Cell::plain(kind.unwrap_or_default()),
    ];
    Row { id: dealer.id, cells }
}

impl Table for DealerTable {
    type Id = DealerId;
    const NAME: &'static str = "dealers";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "dealer.none";
    const ACTS: &'static [Act<Dealers>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Dealer)) },
        Act {
            name: "row.new",
            command: |_| Some("file_dealer"),
            deed: Deed::Open(|_| Some(Opening::DealerForm(None))),
        },
        Act {
            name: "row.edit",
            command: |_| Some("revise_dealer"),
            deed: Deed::Open(|pane| pane.at().map(|dealer| Opening::DealerForm(Some(dealer)))),
        },
        Act {
            name: "row.journal",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|dealer| Opening::Journal(Subject::Dealer(dealer)))),
        },
        Act {
            name: "view.cycle",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(|dealer| Opening::Orders(Some(dealer)))),
        },
        Act {
            name: "dealer.order",
            command: |_| Some("enter_order"),
            deed: Deed::Open(|pane| pane.at().map(|dealer| Opening::OrderForm(Some(dealer)))),
        },
        Act {
            name: "dealer.versions",
            command: |_| None,
            deed: Deed::Open(|pane| pane.at().map(Opening::DealerVersions)),
        },
        Act { name: "dealer.acknowledge", command: |_| Some("acknowledge_dealer"), deed: Deed::Ask(acknowledge) },
        Act { name: "dealer.match", command: |_| Some("match_offline"), deed: Deed::Ask(match_offline) },
        Act {
            name: "dealer.refer",
            command: |_| Some("refer_customer"),
            deed: Deed::Ask(|_, words| Some(referral([""; 3], words))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.dealers").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<DealerId>,
        height: usize,
    ) -> Result<Vec<Row<DealerId>>, Fault> {
        let dealers = match query {
            "" => page(sight, need, height)?,
            query => {
                let found = sight.library.find_dealers(query, FOUND);
                let page = need.page_of(&found, |id| *id, height).iter();
                page.filter_map(|id| sight.books.dealer(*id).transpose()).collect::<Result<Vec<_>, _>>()?
            }
        };
        Ok(dealers.iter().map(|dealer| row(sight, dealer)).collect())
    }

    fn scout(&self) -> Option<Self> {
        Some(self.clone())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<DealerId>) -> Result<Vec<Line>, Fault> {
        self.roles = sight.who.roles;
        self.chosen = at.map_or(Ok(None), |id| sight.books.dealer(id))?;
        self.chosen.as_ref().map_or(Ok(vec![]), |dealer| dealer_lines(sight, dealer))
    }
}

/// The version in force goes into the books of the person's own party.
fn acknowledge(pane: &Dealers, words: &Words) -> Option<Ask> {
    Some(acknowledgement(pane.of.chosen.as_ref()?, pane.of.roles, pane.lines(), words))
}

/// The same question, asked on any screen that shows the file.
pub(super) fn acknowledgement(dealer: &Dealer, roles: Roles, seen: &[Line], words: &Words) -> Ask {
    let waiting = dealer.awaits().into_iter().find(|party| roles.holds(*party));
    let party = waiting.unwrap_or(if roles.holds(Role::Finance) { Role::Finance } else { Role::BackOffice });
    let role = words.say(&format!("role.{}", party.key())).to_owned();
    let line = words.say_with("dealer.acknowledging", &[("version", &dealer.version), ("party", &role)]);
    let mut lines = vec![line];
    lines.extend(seen.iter().map(|line| line.words.clone()));
    let command = Command::AcknowledgeDealer(AcknowledgeDealer { dealer: dealer.id, version: dealer.version, party });
    Ask::plain(format!("{} {}", dealer.id, dealer.file.name), lines, command).confirmed_by(Confirm::F8)
}

fn match_offline(pane: &Dealers, _: &Words) -> Option<Ask> {
    let dealer = pane.of.chosen.as_ref()?;
    let id = dealer.id;
    let fields = vec![Field::line("number", "field.offline_number", input::Kind::Code).needed()];
    let make = move |filled: &Filled<'_>| {
        Ok(Command::MatchOffline(MatchOffline { dealer: id, number: Text::new(&filled("number")) }))
    };
    let title = format!("{} {}", dealer.id, dealer.file.name);
    Some(Ask { title, lines: vec![], fields, confirm: Some(Confirm::F8), make: Box::new(make) })
}

/// A customer who is sent to Tmall (转天猫), with the name, telephone number and remark that are known already.
pub(super) fn referral([name, contact, remark]: [&str; 3], words: &Words) -> Ask {
    let fields = vec![
        Field::line("name", "field.name", input::Kind::Text).needed().holding(name),
        Field::line("contact", "field.phone", input::Kind::Text).holding(contact),
        Field::line("remark", "field.remark", input::Kind::Text).holding(remark),
    ];
    let make = |filled: &Filled<'_>| {
        let text = |name: &str| Text::new(&filled(name));
        Ok(Command::ReferCustomer(ReferCustomer {
            name: text("name"),
            contact: text("contact"),
            remark: text("remark"),
        }))
    };
    let lines = vec![words.say("dealer.referring").to_owned()];
    let title = words.say("dealer.retail").to_owned();
    Ask { title, lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) }
}
