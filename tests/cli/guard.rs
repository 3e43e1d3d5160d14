//! What a server says before it opens books that are not the ones it kept, and when the disk is full.

use std::fs;
use std::os::unix::fs::PermissionsExt;
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

#[test]
fn a_door_that_guesses_closed_opens_with_a_new_passphrase_and_made_up_codes_fill_no_journal() {
    let store = books();
    let seen = |code: &str, passphrase: &str| {
        let args = ["show", "people", "--as", code, "--passphrase-stdin"];
        store.fed(&args, format!("{passphrase}\n").as_bytes()).0
    };
    (0..3).for_each(|_| assert_eq!(seen("boss", "guessed"), Some(2)));
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(seen("boss", "guessed"), Some(2));
    assert_eq!(seen("boss", "passphrase of boss"), Some(2), "the door is closed for two seconds");
    assert_eq!(store.fed(&["passphrase", "boss"], b"another passphrase\n").0, Some(0));
    assert_eq!(seen("boss", "another passphrase"), Some(0), "a new passphrase opens it");
    assert_eq!(seen("boss", "guessed"), Some(2));
    store.stop();
    assert_eq!(seen("boss", "another passphrase"), Some(0), "also after a restart");

    let failures = || store.text(&["journal"]).lines().filter(|line| line.contains("sign_in_failed")).count();
    let before = failures();
    (0..4).for_each(|number| assert_eq!(seen(&format!("made-up-{number}"), "guessed"), Some(2)));
    assert_eq!(failures(), before + 1, "one entry a minute, however many codes are made up");
}

#[test]
fn a_server_that_hangs_up_is_told_and_never_taken_for_success() {
    let store = Store(tempfile::tempdir().unwrap());
    let listener = std::os::unix::net::UnixListener::bind(store.0.path().join("desk.sock")).unwrap();
    const CALLS: usize = 20;
    let hanging_up = std::thread::spawn(move || (0..CALLS).for_each(|_| drop(listener.accept().unwrap())));
    for _ in 0..CALLS {
        let output = store.run(&["show", "people"]);
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains("may or may not be done"), "{}", words(&output));
    }
    hanging_up.join().unwrap();
}

#[test]
fn what_comes_back_is_its_owners_alone_and_what_does_not_leaves_nothing_behind() {
    let store = books();
    let copy = store.0.path().join("copy.redb");
    assert!(store.text(&["backup", copy.to_str().unwrap()]).contains("verified"));
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    let empty = Store(tempfile::tempdir().unwrap());
    assert!(empty.text(&["restore", copy.to_str().unwrap()]).contains("verified"));
    let mode = fs::metadata(empty.0.path().join("books.redb")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let other = Store(tempfile::tempdir().unwrap());
    fs::write(&copy, "no books").unwrap();
    assert_eq!(other.run(&["restore", copy.to_str().unwrap()]).status.code(), Some(2));
    let left: Vec<_> = fs::read_dir(other.0.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["desk.lock"]);
}
