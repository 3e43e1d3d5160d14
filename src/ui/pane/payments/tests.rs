use redb::{Database, ReadableDatabase, backends::InMemoryBackend};

use super::*;
use crate::domain::clause::Refusals;
use crate::domain::flow::{Direction, Flow, FlowClass};
use crate::domain::id::{AccountId, ArticleId, DealerId, PersonId};
use crate::domain::money::Money;
use crate::domain::role::Roles;
use crate::domain::setting::Settings;
use crate::domain::time::Moment;
use crate::store::codec::Image;
use crate::store::tables::{FLOWS, FlowBlock, OPEN_FLOWS, create_all};
use crate::ui::locale::Lang;
use crate::ui::pane::{Library, Reading, Seated};

/// A library that nothing is asked of.
struct Bare;

impl Library for Bare {
    fn read(&self) -> Result<Reading, Text> {
        unreachable!("the books are at hand")
    }
    fn find_dealers(&self, _: &str, _: usize) -> Vec<DealerId> {
        vec![]
    }
    fn find_articles(&self, _: &str, _: usize) -> Vec<ArticleId> {
        vec![]
    }
    fn statements(&self) -> Vec<String> {
        vec![]
    }
    fn would_refuse(&self, _: &Reading, _: PersonId, _: Moment, _: &Command) -> Option<Refusals> {
        None
    }
}

/// Books with so many payments, all open.
fn books(count: usize) -> Database {
    let database = Database::builder().create_with_backend(InMemoryBackend::new()).unwrap();
    let tx = database.begin_write().unwrap();
    create_all(&tx).unwrap();
    let flow = |nth: usize| Flow {
        row: nth as u32,
        number: format!("2026{nth}").into(),
        order_ref: "".into(),
        time: Moment::from_micros(1_700_000_000_000_000),
        direction: Direction::In,
        class: FlowClass::Receipt,
        amount: Money::fen(7_700 + nth as i64),
        fee: Money::ZERO,
        payer: "长沙定王台".into(),
        payer_account: "dwt@example.com".into(),
        remark: format!("货款{nth}").into(),
        kind: "转账".into(),
        state: "".into(),
    };
    let flows = (1..=count).map(flow).collect();
    let block = FlowBlock { account: AccountId(1), import: ImportId(1), flows, matched: vec![None; count] };
    if count > 0 {
        tx.open_table(FLOWS).unwrap().insert(1, Image::pack(&block)).unwrap();
        tx.open_table(OPEN_FLOWS).unwrap().insert(1, (1u128 << count) - 1).unwrap();
    }
    tx.commit().unwrap();
    database
}

/// What a look at the books is like.
fn look<T>(books: &Database, see: impl FnOnce(&Sight<'_>) -> T) -> T {
    let (words, settings) = (Words::load(Lang::Zh), Settings::default());
    let who = Seated { id: PersonId(1), name: "王".into(), roles: Roles::NONE };
    let now = Moment::from_micros(1_700_000_000_000_000);
    let books = &books.begin_read().unwrap();
    see(&Sight { books, library: &Bare, words: &words, settings: &settings, who: &who, now })
}

fn said(table: &mut PaymentTable, books: &Database, id: u64) -> Vec<String> {
    let lines = look(books, |sight| table.look_closer(sight, Some(FlowId(id))).unwrap());
    lines.into_iter().map(|line| line.words).collect()
}

#[test]
fn what_is_known_of_a_payment_is_the_same_whether_its_page_was_kept_or_not() {
    let books = books(5);
    let mut paged = PaymentTable::default();
    let rows = look(&books, |sight| paged.rows(sight, "", Need::First, 3).unwrap());
    assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [5, 4, 3]);
    for id in 1..=5 {
        let mut bare = PaymentTable::default();
        assert_eq!(said(&mut paged, &books, id), said(&mut bare, &books, id));
        assert_eq!((&paged.chosen, paged.open), (&bare.chosen, bare.open));
        assert_eq!(paged.chosen.as_ref().map(|posted| posted.id.0), Some(id));
    }
    assert!(said(&mut paged, &books, 6).is_empty() && paged.chosen.is_none());
}

#[test]
fn a_payment_of_the_page_is_not_unpacked_again() {
    let (full, empty) = (books(5), books(0));
    let mut table = PaymentTable::default();
    look(&full, |sight| table.rows(sight, "", Need::First, 3).unwrap());
    // Where the books hold no flow at all, whatever is known of one was kept.
    assert_eq!([5, 4, 3, 2].map(|id| !said(&mut table, &empty, id).is_empty()), [true, true, true, false]);
    look(&full, |sight| table.rows(sight, "", Need::After(FlowId(1)), 3).unwrap());
    assert!(!said(&mut table, &empty, 4).is_empty(), "past the last page the rows that are shown stay");
    look(&full, |sight| table.rows(sight, "货款2", Need::First, 3).unwrap());
    assert_eq!([4, 2].map(|id| !said(&mut table, &empty, id).is_empty()), [false, true], "the page of a filter");
}
