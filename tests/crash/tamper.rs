//! What somebody alters in the file is found, and the first entry that is not as it was written is named (E76).

use redb::{ReadableDatabase, ReadableTable, TableDefinition, TableHandle, WriteTransaction};
use taizhang::store::open::{BEGIN_ON_BACKEND, Store};
use taizhang::store::tables::{COUNTS, CREDENTIALS, DRAFTS, FORMER_COUNTS, JOURNAL, LISTS, ORDERS, STOCK};
use taizhang::store::verify::{self, Verdict};
use taizhang::store::{Fault, chain, journal};

use super::bases::{Bases, aged};
use super::disk::{Disk, Plan};
use super::witness::verified;

/// How often each kind of alteration is tried.
const TRIES: usize = 1_000;

fn disk() -> Disk {
    let bases = Bases::new();
    let (_, image) = bases.stores.last().expect("there are bases");
    Disk::holding(image.to_vec(), Plan::Sound)
}

fn open(disk: &Disk) -> Result<Store, Fault> {
    Store::on_backend(disk.clone(), true)
}

fn line(tx: &WriteTransaction, seq: u64) -> Vec<u8> {
    tx.open_table(JOURNAL).unwrap().get(seq).unwrap().expect("the entry is there").value().to_vec()
}

fn put(tx: &WriteTransaction, seq: u64, line: &[u8]) {
    tx.open_table(JOURNAL).unwrap().insert(seq, line).unwrap();
}

fn cut(tx: &WriteTransaction, seq: u64) {
    tx.open_table(JOURNAL).unwrap().remove(seq).unwrap();
}

/// An alteration at entry `at` of a journal of `last` entries; gives the first entry that is wrong.
type Alteration = fn(&WriteTransaction, at: u64, last: u64, &mut fastrand::Rng) -> u64;

fn one_byte(tx: &WriteTransaction, at: u64, _: u64, luck: &mut fastrand::Rng) -> u64 {
    let mut altered = line(tx, at);
    let place = luck.usize(..altered.len());
    altered[place] ^= 1 << luck.u8(0..8);
    put(tx, at, &altered);
    at
}

fn deleted(tx: &WriteTransaction, at: u64, _: u64, _: &mut fastrand::Rng) -> u64 {
    cut(tx, at);
    at
}

fn deleted_and_closed_up(tx: &WriteTransaction, at: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    for seq in at..last {
        put(tx, seq, &line(tx, seq + 1));
    }
    cut(tx, last);
    at
}

fn inserted(tx: &WriteTransaction, at: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    for seq in (at..=last).rev() {
        put(tx, seq + 1, &line(tx, seq));
    }
    at + 1
}

fn reordered(tx: &WriteTransaction, at: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    let first = at.min(last - 1);
    let (one, other) = (line(tx, first), line(tx, first + 1));
    put(tx, first, &other);
    put(tx, first + 1, &one);
    first
}

fn cut_off(tx: &WriteTransaction, at: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    (at..=last).for_each(|seq| cut(tx, seq));
    at
}

/// A line of the same length with another amount in it, as somebody would write it who knows the format.
fn rewritten(tx: &WriteTransaction, at: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    let has_digit = |seq: &u64| line(tx, *seq).windows(3).any(|three| three == b".00");
    let at = (at..=last).chain(1..at).find(has_digit).expect("amounts in the journal");
    let mut altered = line(tx, at);
    let place = altered.windows(3).rposition(|three| three == b".00").expect("an amount");
    altered[place + 2] = b'5';
    put(tx, at, &altered);
    at
}

fn appended(tx: &WriteTransaction, _: u64, last: u64, _: &mut fastrand::Rng) -> u64 {
    let head = journal::head(tx).unwrap();
    let before = String::from_utf8(line(tx, last)).unwrap();
    let value: serde_json::Value = serde_json::from_str(&before).unwrap();
    let (seq, prev) = (format!("{{\"seq\":{last},"), value["prev"].as_str().unwrap());
    let forged = before.replacen(&seq, &format!("{{\"seq\":{},", last + 1), 1).replacen(prev, &head.hex(), 1);
    put(tx, last + 1, forged.as_bytes());
    last + 1
}

const ALTERATIONS: &[(&str, Alteration)] = &[
    ("one byte", one_byte),
    ("deleted", deleted),
    ("deleted and closed up", deleted_and_closed_up),
    ("inserted", inserted),
    ("reordered", reordered),
    ("cut off", cut_off),
    ("rewritten", rewritten),
    ("appended", appended),
];

/// The first number of an entry in some words.
fn named(words: &str) -> Option<u64> {
    let rest = words.split("entry ").nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[test]
fn the_first_altered_entry_is_named() {
    let store = open(&disk()).unwrap();
    let last = journal::head(&store.read().unwrap()).unwrap().seq.0;
    let mut luck = fastrand::Rng::with_seed(76);
    for (what, alter) in ALTERATIONS {
        for _ in 0..TRIES {
            let tx = store.write().unwrap();
            let at = luck.u64(1..=last);
            let wrong = alter(&tx, at, last, &mut luck);
            let words = chain::walk(&tx, |_, _| Ok(())).unwrap().expect_err(what);
            assert_eq!(named(&words), Some(wrong), "{what} at {at}: {words}");
            tx.abort().unwrap();
        }
    }
}

/// Every kind is refused by whoever opens the file, and found by `verify`.
#[test]
fn an_altered_store_does_not_open() {
    for (what, alter) in ALTERATIONS {
        let disk = disk();
        let store = open(&disk).unwrap();
        let last = journal::head(&store.read().unwrap()).unwrap().seq.0;
        let tx = store.write().unwrap();
        let wrong = alter(&tx, last / 2, last, &mut fastrand::Rng::with_seed(1));
        tx.commit().unwrap();
        let Verdict::Bad(words) = verify::verify(&store.read().unwrap(), &mut |_| {}).unwrap() else {
            panic!("{what} is not found");
        };
        assert_eq!(named(&words), Some(wrong), "{what}: {words}");
        drop(store);
        let refused = open(&disk).err().map(|fault| fault.to_string());
        assert_eq!(refused.as_deref().and_then(named), Some(wrong), "{what}: {refused:?}");
    }
}

/// A counter that says one.
const ONE: [u8; 8] = 1i64.to_le_bytes();

/// What somebody does to the file behind the books' back.
type Alter = fn(&WriteTransaction);

#[test]
fn a_table_changed_behind_the_journal_is_named() {
    let alterations: [(&str, Alter); 5] = [
        ("counts", |tx| drop(tx.open_table(COUNTS).unwrap().insert("payments_open_fen", ONE.as_slice()).unwrap())),
        ("lists", |tx| drop(tx.open_table(LISTS).unwrap().pop_last().unwrap().expect("a place in the queue"))),
        ("lists", |tx| drop(tx.open_table(LISTS).unwrap().insert((2, 9, 2, 9), ()).unwrap())),
        ("stock", |tx| drop(tx.open_table(STOCK).unwrap().pop_first().unwrap().expect("a row"))),
        ("orders", |tx| drop(tx.open_table(ORDERS).unwrap().pop_last().unwrap().expect("a row"))),
    ];
    for (table, alter) in alterations {
        let store = open(&disk()).unwrap();
        verified(&store).unwrap();
        let tx = store.write().unwrap();
        alter(&tx);
        tx.commit().unwrap();
        let words = verified(&store).expect_err(table);
        assert!(words.contains(table), "{table}: {words}");
    }
}

/// Everything that no journal could give back.
fn kept(store: &Store) -> Vec<(String, Vec<u8>)> {
    let books = store.read().unwrap();
    let mut kept = Vec::new();
    for row in books.open_table(CREDENTIALS).unwrap().iter().unwrap() {
        let (person, hash) = row.unwrap();
        kept.push((format!("credential {}", person.value()), hash.value().as_bytes().to_vec()));
    }
    for row in books.open_table(DRAFTS).unwrap().iter().unwrap() {
        let (place, draft) = row.unwrap();
        kept.push((format!("draft {:?}", place.value()), draft.value().as_bytes().to_vec()));
    }
    for row in books.open_table(JOURNAL).unwrap().iter().unwrap() {
        let (seq, line) = row.unwrap();
        kept.push((format!("entry {}", seq.value()), line.value().to_vec()));
    }
    kept
}

#[test]
fn tables_of_an_older_shape_are_built_anew() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let before = kept(&store);
    assert!(before.iter().any(|(what, _)| what.starts_with("draft")));
    drop(store);
    let old = Disk::holding(aged(disk.synced()), Plan::Sound);
    let store = open(&old).unwrap();
    verified(&store).unwrap();
    assert_eq!(kept(&store), before);
}

#[test]
fn a_table_that_is_gone_is_built_anew() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let before = kept(&store);
    let tx = store.write().unwrap();
    tx.delete_table(STOCK).unwrap();
    tx.delete_table(LISTS).unwrap();
    tx.commit().unwrap();
    drop(store);
    let store = open(&disk).unwrap();
    verified(&store).unwrap();
    assert_eq!(kept(&store), before);
}

/// Tables are not built anew from a journal that was altered or cut off meanwhile.
#[test]
fn an_altered_journal_gives_no_tables() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let tx = store.write().unwrap();
    tx.delete_table(STOCK).unwrap();
    let last = journal::head(&tx).unwrap().seq.0;
    cut(&tx, last);
    tx.commit().unwrap();
    drop(store);
    let refused = open(&disk).err().map(|fault| fault.to_string());
    assert_eq!(refused.as_deref().and_then(named), Some(last), "{refused:?}");
    let books = Disk::holding(disk.synced()[BEGIN_ON_BACKEND as usize..].to_vec(), Plan::Sound);
    let db = redb::Database::builder().create_with_backend(books).unwrap();
    assert!(db.begin_read().unwrap().open_table(ORDERS).is_ok(), "the other tables were dropped");
}

/// Gives tables the names that they once had.
fn rename(tx: &WriteTransaction) {
    tx.rename_table(COUNTS, FORMER_COUNTS).unwrap();
    tx.rename_table(ORDERS, TableDefinition::<u64, &[u8]>::new("orders")).unwrap();
}

#[test]
fn tables_under_former_names_are_built_anew_and_dropped() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let before = kept(&store);
    let tx = store.write().unwrap();
    rename(&tx);
    tx.commit().unwrap();
    drop(store);
    let store = open(&disk).unwrap();
    verified(&store).unwrap();
    assert_eq!(kept(&store), before);
    let books = store.read().unwrap();
    let names: Vec<String> = books.list_tables().unwrap().map(|table| table.name().to_owned()).collect();
    assert!(!names.iter().any(|name| name == "counts" || name == "orders"), "{names:?}");
}

#[test]
fn a_journal_that_is_shorter_than_the_counters_of_a_former_name_say_gives_no_tables() {
    let disk = disk();
    let store = open(&disk).unwrap();
    let tx = store.write().unwrap();
    rename(&tx);
    let last = tx.open_table(JOURNAL).unwrap().pop_last().unwrap().expect("a line").0.value();
    tx.commit().unwrap();
    drop(store);
    let refused = open(&disk).err().map(|fault| fault.to_string());
    assert_eq!(refused.as_deref().and_then(named), Some(last), "{refused:?}");
}
