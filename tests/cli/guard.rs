//! What a server says before it opens books that are not the ones it kept, and when the disk is full.

use std::fs;
use std::process::Output;

use serde_json::Value;

use super::program::Store;

const PEOPLE: [&str; 2] = ["root", "boss"];
const PASSPHRASES: &[u8] = b"passphrase of root\npassphrase of boss\n";

/// Real books of two people who have passphrases; the server is stopped.
fn books() -> Store {
    let store = Store(tempfile::tempdir().unwrap());
    let appointed = r#"{"as":"root","do":"appoint_person","code":"root","name":"管理员","roles":["administrator"]}
{"as":"root","do":"appoint_person","code":"boss","name":"主管","roles":["ecommerce_supervisor"]}
"#;
    assert_eq!(store.fed(&["post"], appointed.as_bytes()).0, Some(0));
    for person in PEOPLE {
        let (status, words) = store.fed(&["passphrase", person], format!("passphrase of {person}\n").as_bytes());
        assert_eq!(status, Some(0), "{words}");
    }
    store.stop();
    store
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), output.stderr.as_slice()].concat()).into_owned()
}

/// What a server says that does not open the books.
fn refusal(store: &Store) -> String {
    let served = store.run(&["serve"]);
    assert_eq!(served.status.code(), Some(75), "{}", words(&served));
    words(&served)
}

fn appoint(store: &Store, code: &str) {
    let line = format!(r#"{{"as":"root","do":"appoint_person","code":"{code}","name":"新人","roles":["clerk"]}}"#);
    assert_eq!(store.fed(&["post"], line.as_bytes()).0, Some(0));
}

#[test]
fn yesterdays_books_are_opened_only_when_two_people_answer_for_it() {
    let store = books();
    let file = store.0.path().join("books.redb");
    let yesterday = fs::read(&file).unwrap();
    appoint(&store, "one");
    store.stop();
    fs::write(&file, yesterday).unwrap();
    let said = refusal(&store);
    assert!(said.contains("older copy") && said.contains("旧副本") && said.contains("taizhang accept"), "{said}");

    let accept = |people: [&str; 2], passphrases: &[u8]| {
        let args = ["accept", "--as", people[0], "--second", people[1], "--passphrase-stdin", "the disk was lost"];
        store.fed(&args, passphrases)
    };
    assert_eq!(accept(["root", "boss"], b"passphrase of root\nwrong\n").0, Some(2));
    assert_eq!(accept(["root", "root"], b"passphrase of root\npassphrase of root\n").0, Some(2));
    refusal(&store);
    let (status, said) = accept(["root", "boss"], PASSPHRASES);
    assert_eq!(status, Some(0), "{said}");
    let last = store.text(&["journal"]).lines().last().map(str::to_owned).unwrap();
    let entry: Value = serde_json::from_str(&last).unwrap();
    let event = &entry["event"];
    assert_eq!((&event["event"], &event["objection"]), (&"books_accepted".into(), &"shorter".into()), "{entry}");
    assert_eq!(event["witnessed"].as_u64(), event["entries"].as_u64().map(|entries| entries + 1), "{entry}");
    assert!(store.text(&["verify"]).contains("good"));
    store.stop();
    assert_eq!(accept(["root", "boss"], PASSPHRASES).0, Some(2), "there is nothing to accept");
}

#[test]
fn other_books_and_none_at_all_are_not_opened_in_place_of_those_that_were_seen() {
    let store = books();
    let file = store.0.path().join("books.redb");
    let own = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let said = refusal(&store);
    assert!(said.contains("taizhang restore") && !file.exists(), "{said}");
    let other = books();
    fs::copy(other.0.path().join("books.redb"), &file).unwrap();
    let said = refusal(&store);
    assert!(said.contains("not the books that the witness saw"), "{said}");
    fs::write(&file, own).unwrap();
    appoint(&store, "one");
    store.stop();
    let witness = fs::read_dir(store.0.path().join("witness")).unwrap().next().unwrap().unwrap().path();
    fs::write(witness, "nonsense").unwrap();
    let said = refusal(&store);
    assert!(said.contains("altered"), "{said}");
}

#[test]
fn a_full_disk_refuses_what_is_new_and_shows_what_is_there() {
    let store = books();
    let run = |args: &[&str], input: &[u8]| {
        let mut command = store.command(args);
        command.env("TAIZHANG_KEEP_FREE", "18000000000000").stdin(std::process::Stdio::piped());
        let mut child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let line = r#"{"as":"root","do":"appoint_person","code":"one","name":"新人","roles":["clerk"]}"#;
    let (status, answer) = run(&["post"], line.as_bytes());
    assert_eq!(status, Some(1), "{answer}");
    assert!(answer.contains("no_room"), "{answer}");
    let (status, people) = run(&["show", "people", "--json"], b"");
    assert_eq!((status, people.contains("boss")), (Some(0), true), "{people}");
    store.stop();
    appoint(&store, "one");
}
