//! The demonstration department: it can be made, it agrees with itself, and its statements can be imported.

use std::sync::Arc;

use redb::backends::InMemoryBackend;
use taizhang::demo::{self, Scale};
use taizhang::desk::import::{Request, Stopped, import};
use taizhang::desk::{Desk, thread};
use taizhang::domain::time::Moment;
use taizhang::store::books::{Books, Counts};
use taizhang::store::open::Store;
use taizhang::store::verify::{Verdict, verify};

fn now() -> Moment {
    "2026-11-23T14:00:00+08:00".parse().unwrap()
}

fn furnished(folder: &std::path::Path, scale: Scale) -> Desk {
    let desk = Desk::new(Store::on_backend(InMemoryBackend::new(), true).unwrap());
    demo::furnish(&desk, now(), &|_| "hash".into(), folder, scale, &mut |_, _| {}).unwrap();
    desk
}

#[test]
fn every_stage_is_there_and_the_books_agree() {
    let folder = tempfile::tempdir().unwrap();
    let desk = furnished(folder.path(), Scale::default());
    let books = desk.store().read().unwrap();
    assert!(matches!(verify(&books, &mut |_| {}).unwrap(), Verdict::Good(_)));
    let mut stages: Vec<&str> = books.orders(None, 500).unwrap().iter().map(|order| order.state_key()).collect();
    stages.sort_unstable();
    stages.dedup();
    assert_eq!(stages, ["cancelled", "done", "money", "packing", "ready", "signing", "waybill"]);
    let open = books.open_stocktakes().unwrap();
    assert!(open.len() == 1 && open[0].sheets[0].records == 2, "somebody is half-way through a count");
    let claims = books.open_claims(9).unwrap();
    assert_eq!(claims.iter().map(|claim| claim.difference.amount.to_string()).collect::<Vec<_>>(), ["63.00"]);
    let late = books.queue(None, 100).unwrap().iter().filter(|row| row.deadline.is_some_and(|at| at < now())).count();
    assert!(late >= 2, "{late} shipments are late");
}

#[test]
fn the_waiting_statements_are_imported_or_refused_as_they_deserve() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Arc::new(furnished(folder.path(), Scale::default()));
    let by = desk.store().read().unwrap().person_by_code("caiwu").unwrap().unwrap().id;
    let inbox = thread::start(desk.clone(), now, |_| {}, |_| {}).unwrap();
    let mut came = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let account = name.starts_with("微信支付账单").then(|| "微信个人".into());
        let account = account.or(name.starts_with("支付宝交易明细").then(|| "支付宝货款".into()));
        let request = Request {
            path: &path,
            name: name.as_str().into(),
            account,
            accept_totals: None,
            by,
            at: now(),
            terminal: "t".into(),
        };
        came.push((name, import(&inbox, &request, &mut |_, _| {})));
    }
    came.sort_by(|a, b| a.0.cmp(&b.0));
    let words: Vec<String> = came
        .iter()
        .map(|(name, came)| match came {
            Ok(outcome) => format!("{name}: {} payments", outcome.tally.payments),
            Err(Stopped::Refused(refusals)) => format!("{name}: {}", refusals.list()[0].clause().id()),
            Err(Stopped::Damaged(_)) => format!("{name}: damaged"),
            Err(Stopped::Failed(words)) => format!("{name}: {words}"),
        })
        .collect();
    assert_eq!(words.len(), 5, "{words:?}");
    assert!(
        words.iter().any(|line| line.ends_with("damaged")) && words.iter().any(|line| line.ends_with("G7")),
        "{words:?}"
    );
    assert_eq!(words.iter().filter(|line| line.ends_with("payments")).count(), 3, "{words:?}");
}

#[test]
fn it_can_be_made_at_any_hour() {
    let folder = tempfile::tempdir().unwrap();
    for hour in ["00:00:01", "07:59:00", "23:20:00", "23:59:59"] {
        let now: Moment = format!("2026-11-23T{hour}+08:00").parse().unwrap();
        let desk = Desk::new(Store::on_backend(InMemoryBackend::new(), true).unwrap());
        let made = demo::furnish(&desk, now, &|_| "hash".into(), folder.path(), Scale::default(), &mut |_, _| {});
        assert!(made.is_ok(), "{hour}: {made:?}");
    }
}

#[test]
fn more_orders_and_dealers_are_added_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let desk = furnished(folder.path(), Scale { orders: 900, dealers: 300 });
    let books = desk.store().read().unwrap();
    assert_eq!((books.count("orders").unwrap(), books.count("dealers").unwrap()), (900, 300));
}
