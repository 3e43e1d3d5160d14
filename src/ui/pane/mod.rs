//! What a screen is: what it holds, what it can do, how it is drawn. A pane is one file, one row in [`Opening`], one keymap.
//!
//! Acts are rows of the pane's own table, named for the keymaps; there is no enum of all actions. A pane asks for
//! commands and writes nothing. What the operator chose (ids, filters) is kept apart from rows, which are read again
//! whenever the journal moves.

use ratatui::layout::{Position, Rect};

use crate::domain::clause::Refusals;
use crate::domain::command::Command;
use crate::domain::id::{ArticleId, DealerId, ImportId, PersonId};
use crate::domain::mask;
use crate::domain::role::Roles;
use crate::domain::setting::Settings;
use crate::domain::text::Text;
use crate::domain::time::Moment;
use crate::ui::Pen;
use crate::ui::canvas::Canvas;
use crate::ui::face::Focus;
use crate::ui::keymap::Kind;
use crate::ui::layout;
use crate::ui::locale::Words;
use crate::ui::part::find::Find;
use crate::ui::part::form::Form;
use crate::ui::part::list::{List, Travel};
use crate::ui::part::message::Weight;
use crate::ui::part::scroll::{Line, Scroll};

mod any;
mod ask;
mod bill_form;
mod bills;
mod card;
mod checks;
mod claims;
mod compare;
mod conflicts;
mod count_form;
mod count_view;
mod days;
mod dealer_form;
mod dealers;
mod detail;
mod differing;
mod entering;
mod filling;
mod goods;
mod goods_forms;
mod import_form;
mod imports;
mod ledger;
mod listing;
pub(super) mod lookup;
mod month;
mod opening;
mod order_form;
mod order_gifts;
mod order_words;
mod orders;
mod outbox;
mod outcome;
mod passphrase_form;
mod payment_form;
mod payments;
mod people;
mod person_form;
mod picking;
mod places;
mod promotion_form;
mod promotions;
mod queue;
mod queue_find;
mod receive_form;
mod reports;
mod requisition_form;
mod requisitions;
mod return_form;
mod settings;
mod settlements;
mod slow;
mod stocktake_detail;
mod stocktake_form;
mod stocktake_words;
mod stocktakes;
mod suggestion;
mod tmall_form;
mod todo;
mod visitors;
mod wall;
#[cfg(test)]
mod words_tests;
mod write_offs;

pub use any::Pane;
pub use ask::{Ask, Filled, Make, Objection};
pub use entering::{Due, Entering};
pub use opening::{Opening, SCREENS, Subject};
pub use outcome::{Commit, Foreseen, Instead, Outcome};

/// Every screen by its type.
pub(super) mod panes {
    pub use super::bill_form::BillForm;
    pub use super::bills::Bills;
    pub use super::card::Card;
    pub use super::checks::Checks;
    pub use super::claims::Claims;
    pub use super::compare::Compare;
    pub use super::conflicts::Conflicts;
    pub use super::count_form::CountForm;
    pub use super::days::Days;
    pub use super::dealer_form::DealerForm;
    pub use super::dealers::Dealers;
    pub use super::detail::Detail;
    pub use super::goods::Goods;
    pub use super::goods_forms::{article_form, goods_in_form};
    pub use super::import_form::ImportForm;
    pub use super::imports::Imports;
    pub use super::ledger::Ledger;
    pub use super::month::Months;
    pub use super::order_form::OrderForm;
    pub use super::orders::Orders;
    pub use super::outbox::Outbox;
    pub use super::passphrase_form::PassphraseForm;
    pub use super::payment_form::PaymentForm;
    pub use super::payments::Payments;
    pub use super::people::People;
    pub use super::person_form::person_form;
    pub use super::places::Places;
    pub use super::promotion_form::promotion_form;
    pub use super::promotions::Promotions;
    pub use super::queue::Queue;
    pub use super::receive_form::receive_form;
    pub use super::reports::Reports;
    pub use super::requisition_form::requisition_form;
    pub use super::requisitions::Requisitions;
    pub use super::return_form::return_form;
    pub use super::settings::SettingList;
    pub use super::settlements::Settlements;
    pub use super::slow::Slow;
    pub use super::stocktake_form::StocktakeForm;
    pub use super::stocktakes::Stocktakes;
    pub use super::tmall_form::tmall_form;
    pub use super::todo::ToDo;
    pub use super::visitors::Visitors;
    pub use super::wall::Wall;
    pub use super::write_offs::WriteOffs;
}

/// Makes the screen that is opened.
pub(super) fn open(opening: &Opening) -> Box<dyn Pane> {
    use panes::*;
    match opening {
        Opening::Dealer(dealer) => Box::new(Detail::of(detail::Shown::Dealer(*dealer))),
        Opening::DealerVersions(dealer) => Box::new(Detail::of(detail::Shown::Versions(*dealer))),
        Opening::DealerForm(dealer) => Box::new(DealerForm::of(*dealer)),
        Opening::Orders(dealer) => Box::new(Orders::of_dealer(*dealer)),
        Opening::Order(order) => Box::new(Detail::of(detail::Shown::Order(*order))),
        Opening::OrderForm(dealer) => Box::new(OrderForm::of(*dealer)),
        Opening::OrderChange(order) => Box::new(OrderForm::change(*order)),
        Opening::ReturnForm(order) => Box::new(return_form(*order)),
        Opening::Payment(payment) => Box::new(Detail::of(detail::Shown::Payment(*payment))),
        Opening::PaymentForm(payment) => Box::new(PaymentForm::of(*payment)),
        Opening::Days => Box::<Days>::default(),
        Opening::Ledger(day) => Box::new(Ledger::of_day(*day)),
        Opening::Bills => Box::<Bills>::default(),
        Opening::Bill(bill) => Box::new(Detail::of(detail::Shown::Bill(*bill))),
        Opening::BillForm => Box::<BillForm>::default(),
        Opening::ReceiveForm(bill) => Box::new(receive_form(*bill)),
        Opening::Reports => Box::<Reports>::default(),
        Opening::Places => Box::<Places>::default(),
        Opening::Card(article) => Box::new(Card::of_article(*article)),
        Opening::Passphrase(person) => Box::new(PassphraseForm::of(*person)),
        Opening::Requisitions => Box::<Requisitions>::default(),
        Opening::RequisitionForm => Box::new(requisition_form()),
        Opening::Settlements => Box::<Settlements>::default(),
        Opening::Promotions => Box::<Promotions>::default(),
        Opening::PromotionForm(promotion) => Box::new(promotion_form(*promotion)),
        Opening::WriteOffs => Box::<WriteOffs>::default(),
        Opening::Slow => Box::<Slow>::default(),
        Opening::Checks => Box::<Checks>::default(),
        Opening::Visitors => Box::<Visitors>::default(),
        Opening::Wall => Box::<Wall>::default(),
        Opening::ToDo => Box::<ToDo>::default(),
        Opening::Goods => Box::<Goods>::default(),
        Opening::Article(article) => Box::new(Detail::of(detail::Shown::Article(*article))),
        Opening::ArticleForm(article) => Box::new(article_form(*article)),
        Opening::GoodsIn => Box::new(goods_in_form()),
        Opening::People => Box::<People>::default(),
        Opening::PersonForm(person) => Box::new(person_form(*person)),
        Opening::Settings => Box::<SettingList>::default(),
        Opening::Conflicts => Box::<Conflicts>::default(),
        Opening::Imports => Box::<Imports>::default(),
        Opening::TmallForm(referral) => Box::new(tmall_form(*referral)),
        Opening::Import => Box::<ImportForm>::default(),
        Opening::Count(take, place) => Box::new(CountForm::of(*take, place.clone())),
        Opening::Sheet(take, sheet) => Box::new(Detail::of(detail::Shown::Sheet(*take, *sheet))),
        Opening::StocktakeForm => Box::<StocktakeForm>::default(),
        Opening::Stocktake(take) => Box::new(Detail::of(detail::Shown::Stocktake(*take))),
        Opening::Compare(take) => Box::new(Compare::of(*take)),
        Opening::Month => Box::<Months>::default(),
        Opening::Outbox => Box::<Outbox>::default(),
        Opening::Claims => Box::<Claims>::default(),
        Opening::Journal(subject) => Box::new(Detail::of(detail::Shown::Journal(*subject))),
    }
}

/// What a screen says when the store cannot be read.
fn unread(fault: crate::store::books::Fault) -> Text {
    Text::new(&fault.to_string())
}

pub use crate::store::books::Reading;

/// What screens may read beside the books: search while typing.
pub trait Library: Send + Sync {
    /// The books as of now.
    fn read(&self) -> Result<Reading, Text>;
    /// The best dealers for a query.
    fn find_dealers(&self, query: &str, limit: usize) -> Vec<DealerId>;
    /// The best articles for a query.
    fn find_articles(&self, query: &str, limit: usize) -> Vec<ArticleId>;
    /// The statement files that wait to be imported, by name.
    fn statements(&self) -> Vec<String>;
    /// Why the rules would refuse a command of that person now; none where it would be accepted, or cannot be told.
    fn would_refuse(&self, books: &Reading, by: PersonId, at: Moment, command: &Command) -> Option<Refusals>;
}

/// Who sits at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: Text,
    /// Their roles.
    pub roles: Roles,
}

/// All that a screen may look at while it reads its rows.
pub struct Sight<'a> {
    /// The books.
    pub books: &'a Reading,
    /// Search.
    pub library: &'a dyn Library,
    /// The words, for cells.
    pub words: &'a Words,
    /// The settings in force.
    pub settings: &'a Settings,
    /// Who looks.
    pub who: &'a Seated,
    /// The present moment.
    pub now: Moment,
}

impl Sight<'_> {
    /// What the person may see of accounts and telephone numbers (P3).
    pub fn mask(&self) -> mask::Sight {
        mask::Sight::of(Some(self.who.roles))
    }
}

/// One thing a key can do in pane `P`: its name in keymaps, the command it leads to, its deed.
pub struct Act<P> {
    /// Its name.
    pub name: &'static str,
    /// The command that it asks for in the end, which says whose act it is and by which clause.
    pub command: fn(&P) -> Option<&'static str>,
    /// What it does.
    pub deed: Deed<P>,
}

/// What an act does.
pub enum Deed<P> {
    /// Turns something on this screen; nothing is written.
    Turn(fn(&mut P)),
    /// Turns something, after which other rows are needed.
    Read(fn(&mut P)),
    /// Asks for a command, perhaps with something to fill in first. `None` where nothing is chosen.
    Ask(fn(&P, &Words) -> Option<Ask>),
    /// Opens another screen. `None` where nothing is chosen.
    Open(fn(&P) -> Option<Opening>),
}

/// The part of a screen that takes keys.
pub enum Body<'a> {
    /// Rows.
    Rows(&'a mut dyn Rows),
    /// Fields.
    Form(&'a mut Form),
    /// Text.
    Text(&'a mut Scroll),
    /// A field whose every line is a command of its own.
    Entry(&'a mut dyn Entering),
}

/// Rows of any kind, as far as moving in them goes.
pub trait Rows {
    /// Moves. Returns whether other rows are needed.
    fn travel(&mut self, travel: Travel) -> bool;
    /// Goes to the row of that number on the page. Returns whether there is one.
    fn go_to(&mut self, number: usize) -> bool;
    /// Says how many rows there is room for. Returns whether other rows are needed.
    fn fit(&mut self, height: usize) -> bool;
    /// Begins again from the first row.
    fn restart(&mut self);
    /// Whether there is no row.
    fn is_empty(&self) -> bool;
    /// The texts of the chosen row, if there is one.
    fn chosen(&self) -> Option<Vec<String>>;
}

impl<I: Copy + PartialEq> Rows for List<I> {
    fn travel(&mut self, travel: Travel) -> bool {
        List::travel(self, travel)
    }
    fn go_to(&mut self, number: usize) -> bool {
        List::go_to(self, number)
    }
    fn fit(&mut self, height: usize) -> bool {
        List::fit(self, height)
    }
    fn restart(&mut self) {
        List::restart(self);
    }
    fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }
    fn chosen(&self) -> Option<Vec<String>> {
        let row = self.rows().iter().find(|row| Some(row.id) == self.at())?;
        let cells = row.cells.iter().map(|cell| crate::ui::text::safe(&cell.text).into_owned());
        Some(cells.filter(|cell| !cell.is_empty()).collect())
    }
}

/// A half-entered form: how to open it again, what is in it, and the version of the record that was seen.
pub struct Half<'a> {
    /// How to open it again.
    pub opening: Opening,
    /// What is in it; none where how to open it says all.
    pub form: Option<&'a Form>,
    /// The version of the record that is being changed, 0 where there is none.
    pub seen: u32,
}

/// What a pane writes down; all else is derived from it.
pub trait Screen: Sized + 'static {
    /// The name of its keymap layer.
    const NAME: &'static str;
    /// What characters mean there.
    const KIND: Kind;
    /// What it can do beyond what its body can.
    const ACTS: &'static [Act<Self>];

    /// Its title, with its count or subject.
    fn title(&self, words: &Words) -> String;
    /// Reads its rows again.
    fn refresh(&mut self, sight: &Sight<'_>) -> Result<(), Text>;
    /// Reads what it shows of the chosen row alone, after a step on the page: the rows stay as they are.
    fn refocus(&mut self, sight: &Sight<'_>) -> Result<(), Text> {
        self.refresh(sight)
    }
    /// Shows of the chosen row what was read ahead. Returns whether it was, so that nothing is to be read.
    fn take_ahead(&mut self) -> bool {
        false
    }
    /// Goes to what an import of this terminal brought, before its rows are read again.
    fn imported(&mut self, _sight: &Sight<'_>, _import: ImportId) -> Result<(), Text> {
        Ok(())
    }
    /// Draws it. Returns where the cursor stands, if it has a field in focus.
    fn render(&self, area: Rect, buf: &mut Canvas, pen: Pen<'_>, focused: bool) -> Option<Position>;
    /// The part that takes keys.
    fn body(&mut self) -> Body<'_>;
    /// What characters mean now.
    fn focus(&self) -> Focus {
        Focus::List
    }
    /// The field that filters its rows, if they can be filtered.
    fn find(&mut self) -> Option<&mut Find> {
        None
    }
    /// The same field, to look at.
    fn finding(&self) -> Option<&Find> {
        None
    }
    /// The detail of what is chosen, for the block below the panes.
    fn detail(&self) -> &[Line] {
        &[]
    }
    /// Whether the chosen row has a detail.
    fn has_detail(&self) -> bool {
        false
    }
    /// The rows above what scrolls: the title, and the header of a list.
    fn rows_above(&self) -> u16 {
        2
    }
    /// What a filled form asks for.
    fn commit(&self) -> Result<Commit, Objection> {
        Err(("", String::new()))
    }
    /// What is half-entered, where the screen is a form worth keeping.
    fn half(&self) -> Option<Half<'_>> {
        None
    }
    /// What is offered instead, where the command that it asked for was refused.
    fn instead(&self, _refusals: &serde_json::Value, _words: &Words) -> Option<Instead> {
        None
    }
    /// Its fields and lines, where it is a form.
    fn form(&self) -> Option<&Form> {
        self.half().and_then(|half| half.form)
    }
    /// The half-entered form is taken up again: it was begun when the record had that version.
    fn see(&mut self, _version: u32) {}
    /// The command of an act whose question asks for more than words, with all of that still empty.
    fn unfilled(&self, _act: &str) -> Option<Command> {
        None
    }
    /// Reads what the next step of the choice will need, while nobody waits for it.
    fn look_ahead(&mut self, _sight: &Sight<'_>) {}
    /// What was read ahead may be no longer so.
    fn forget(&mut self) {}
    /// The clock moved on: what counts down is written anew.
    fn tick(&mut self, _now: Moment, _words: &Words) {}
    /// The least width it can be used at, in columns.
    fn least_width(&self) -> u16 {
        layout::LEAST_WIDTH
    }
    /// Whether it is read from afar: it stays in sight when the terminal locks, and any key shows the lock.
    fn stays_lit(&self) -> bool {
        false
    }
    /// What stands on the message row as long as nothing else is said there.
    fn notice(&self, _words: &Words) -> Option<(Weight, String)> {
        None
    }
    /// What stands on the row above the keys where the acts have no letters: a locale key.
    fn hint(&self) -> Option<&'static str> {
        None
    }
}
