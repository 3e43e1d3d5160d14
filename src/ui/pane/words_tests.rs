//! The words of states fit into the cells of their lists, in both languages: none is ever cut, however narrow the list.

use super::listing::Table;
use super::*;
use crate::ui::text;

/// In a list's column of that title stand these words: keys, or whole sections with `.*`.
fn fits<T: Table>(title: &str, keys: &[&str]) -> Vec<String> {
    let column = T::COLUMNS.iter().find(|column| column.title == title).unwrap_or_else(|| panic!("no {title}"));
    cut(T::NAME, title, column.least, keys)
}

fn cut(list: &str, title: &str, least: u16, keys: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for lang in crate::ui::locale::Lang::ALL {
        let words = Words::load(lang);
        for key in keys {
            let section = key.strip_suffix('*');
            let is_meant = |known: &&str| section.map_or(*known == *key, |section| known.starts_with(section));
            let meant: Vec<&str> = words.keys().filter(is_meant).collect();
            assert!(!meant.is_empty(), "{list}: no words {key}");
            let wide = meant.into_iter().filter(|known| text::width(words.say(known)) > usize::from(least));
            faults.extend(wide.map(|known| format!("{list}, {title}, {least} cells: {known} {}", words.say(known))));
        }
    }
    faults
}

#[test]
fn no_word_of_a_state_is_cut() {
    let state = "column.state";
    let faults = [
        fits::<bills::BillTable>(state, &["bill_state.*"]),
        fits::<checks::CheckTable>(state, &["check_state.*"]),
        fits::<checks::CheckTable>("column.shift", &["shift.*"]),
        fits::<claims::ClaimTable>(state, &["claim_state.*"]),
        fits::<conflicts::ConflictTable>(state, &["conflict.open", "conflict.settled"]),
        fits::<days::DayTable>(state, &["days.open", "days.closed", "days.late", "days.overdue"]),
        fits::<dealers::DealerTable>("column.file", &["dealer.complete", "dealer.incomplete", "dealer.awaits"]),
        fits::<dealers::DealerTable>("column.kind", &["dealer_kind.*"]),
        fits::<orders::OrderTable>(state, &["state.*", "stage.*"]),
        fits::<orders::OrderTable>("column.open_amount", &["order.on_platform"]),
        fits::<outbox::OutboxTable>(state, &["letter_state.*"]),
        fits::<payments::PaymentTable>(state, &["class.*", "payment.to_confirm", "payment.partly", "payment.done"]),
        fits::<people::PeopleTable>(state, &["person.active", "person.inactive"]),
        fits::<promotions::PromotionTable>(state, &["promotion_state.*"]),
        fits::<promotions::PromotionTable>("column.awaited_of", &["short_role.*"]),
        fits::<queue::QueueTable>("column.stage", &["stage.*"]),
        fits::<queue::QueueTable>("column.signed", &["queue.no_signing"]),
        fits::<queue::QueueTable>("column.urgent", &["queue.late", "queue.soon"]),
        fits::<queue::QueueTable>("column.awaits", &["short_role.*"]),
        fits::<reports::ReportTable>(state, &["report.open"]),
        fits::<requisitions::RequisitionTable>(state, &["requisition_state.*"]),
        fits::<settings::SettingTable>("column.kind", &["setting_kind.*"]),
        fits::<settlements::SettlementTable>(state, &["settlement_state.*"]),
        fits::<stocktakes::StocktakeTable>("stocktake.column_stage", &["stocktake_stage.*"]),
        fits::<stocktakes::StocktakeTable>("stocktake.column_kind", &["stocktake_kind.*"]),
        fits::<todo::ToDoTable>(
            "column.what",
            &[
                "stage.*",
                "todo.acknowledge",
                "todo.claim",
                "todo.conflict",
                "todo.gifts",
                "todo.payment",
                "todo.promotion",
                "todo.referral",
                "todo.rejected",
                "todo.write_off",
            ],
        ),
        fits::<visitors::VisitorTable>(state, &["visitor_state.*"]),
        fits::<write_offs::WriteOffTable>(state, &["write_off_state.*"]),
        fits::<card::Movements>("column.move", &["move_kind.*"]),
        compare_words(),
    ];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The words in what differs, which is no table of its own.
fn compare_words() -> Vec<String> {
    let outcomes = ["equal", "again", "book", "first", "third", "outside"].map(|key| format!("outcome.{key}"));
    let outcomes: Vec<&str> = outcomes.iter().map(String::as_str).collect();
    let least = |title: &str| compare::COLUMNS.iter().find(|column| column.title == title).expect("a column").least;
    let mut faults = cut("compare", "outcome", least("compare.column_outcome"), &outcomes);
    for title in ["compare.column_first_1", "compare.column_first_2", "compare.column_again"] {
        faults.extend(cut("compare", title, least(title), &["compare.hidden", "compare.blank"]));
    }
    faults
}
