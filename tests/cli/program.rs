//! The program itself: each subcommand as a process, on a store in a folder of its own.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A store's folder whose server is ended with it.
pub struct Store(pub tempfile::TempDir);

impl Store {
    /// A demo department.
    pub fn demo() -> Store {
        let store = Store(tempfile::tempdir().unwrap());
        let made = store.run(&["demo", "--no-open"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        store
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.args(args).args(["--lang", "en", "--store"]).arg(self.0.path());
        command.env_remove("TAIZHANG_STORE").stdin(Stdio::null());
        command.env("TAIZHANG_WITNESS", self.0.path().join("witness"));
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a subcommand that must end with 0; its output.
    pub fn text(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn rows(&self, args: &[&str]) -> Vec<Value> {
        serde_json::from_str(&self.text(args)).unwrap()
    }

    pub fn fed(&self, args: &[&str], input: &[u8]) -> (Option<i32>, String) {
        let mut child: Child = self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    }
}

impl Store {
    /// Tells the server to end, if one runs, and waits until it has.
    pub fn stop(&self) {
        self.end_server();
        let lock = std::fs::File::options().write(true).open(self.0.path().join("desk.lock")).unwrap();
        lock.lock().unwrap();
    }

    fn end_server(&self) {
        // The kernel knows who serves: the peer of a connection to the socket.
        if let Ok(stream) = std::os::unix::net::UnixStream::connect(self.0.path().join("desk.sock"))
            && let Ok(peer) = rustix::net::sockopt::socket_peercred(&stream)
        {
            // A server that has ended by itself needs no end.
            let _ = rustix::process::kill_process(peer.pid, rustix::process::Signal::TERM);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.end_server();
    }
}

fn post_line(order: &str, seen: &str) -> String {
    format!(r#"{{"as":"zhuguan","do":"sign_shipment","order":"{order}","seen":"{seen}"}}"#)
}

#[test]
fn the_demo_is_worked_on_from_the_command_line_alone() {
    let store = Store::demo();
    let people = store.rows(&["show", "people", "--json"]);
    let mode = std::fs::metadata(store.0.path().join("books.redb")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "the books are their owner's alone");
    assert!(people.len() >= 11 && people.iter().all(|person| person["passphrase"] == true));
    let signing = store.rows(&["show", "orders", "--state", "signing", "--json"]);
    let unsigned = signing.iter().find(|order| order["shipments"][0]["signed"] == Value::Array(Vec::new()));
    let order = unsigned.expect("an order waits for its first signature");
    let (number, seen) = (order["order"].as_str().unwrap(), order["shipments"][0]["seen"].as_str().unwrap());
    let (status, answer) = store.fed(&["post"], post_line(number, seen).as_bytes());
    assert_eq!(status, Some(0), "{answer}");
    let (status, answer) = store.fed(&["post", "-"], post_line(number, seen).as_bytes());
    assert_eq!(status, Some(1), "{answer}");
    assert!(answer.contains("same_person"), "{answer}");
    let now = store.rows(&["show", "orders", number, "--json"]);
    assert_eq!(now[0]["shipments"][0]["signed"][0]["step"], "ecommerce_supervisor");
    assert!(store.text(&["show", "queue"]).contains(number));
    assert!(store.text(&["verify"]).contains("good"));
    let last = store.text(&["journal", "--since", "1"]).lines().last().map(str::to_owned).unwrap();
    let entry: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(entry["event"]["event"], "shipment_signed");
}

#[test]
fn statements_are_imported_and_backed_up_and_come_back() {
    let store = Store::demo();
    let folder = store.0.path();
    let inbox = folder.join("inbox");
    let all: Vec<_> = std::fs::read_dir(&inbox).unwrap().map(|file| file.unwrap().path()).collect();
    let named = |part: &str| all.iter().find(|path| path.to_str().unwrap().contains(part)).unwrap().to_str().unwrap();
    let (whole, cut, trimmed) = (named("_账务明细.csv"), named("传输中断"), named("20230210"));
    let import = |more: &[&str]| {
        let output = store.run(&[&["import", "--as", "caiwu", "--json"], more].concat());
        let answers = String::from_utf8(output.stdout).unwrap();
        let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output.status.code(), answers)
    };
    let (status, would) = import(&["--dry-run", whole]);
    assert_eq!((status, &would[0]["import"]), (Some(0), &Value::Null), "{would:?}");
    let (status, came) = import(&[whole, cut]);
    assert_eq!(status, Some(1));
    assert_eq!(came[0]["new"], would[0]["new"]);
    assert!(came[0]["new"].as_u64() > Some(0) && came[1]["damage"]["fault"].is_string(), "{came:?}");
    let (status, came) = import(&["--account", "支付宝货款", trimmed]);
    assert_eq!((status, &came[0]["refused"][0]["reason"]), (Some(1), &"totals_disagree".into()), "{came:?}");
    let (status, _) = import(&["--account", "支付宝货款", "--accept-totals", "发布者删节", trimmed]);
    assert_eq!(status, Some(0));
    assert_eq!(store.rows(&["show", "imports", "--json"])[0]["accepted"], "发布者删节");
    assert_eq!(store.run(&["import", "--as", "caiwu", "/nonexistent.csv"]).status.code(), Some(2));
    let copy = folder.join("copy.redb");
    assert!(store.text(&["backup", copy.to_str().unwrap()]).contains("verified"));
    let empty = Store(tempfile::tempdir().unwrap());
    assert!(empty.text(&["restore", copy.to_str().unwrap()]).contains("verified"));
    assert_eq!(empty.run(&["restore", copy.to_str().unwrap()]).status.code(), Some(2), "nothing is overwritten");
    assert_eq!(empty.rows(&["show", "dealers", "--json"]).len(), store.rows(&["show", "dealers", "--json"]).len());
}

#[test]
fn a_followed_journal_shows_what_is_posted_meanwhile() {
    let store = Store::demo();
    let head = store.rows(&["show", "journal", "--json"]).len();
    let since = (head + 1).to_string();
    let mut follower =
        store.command(&["journal", "--follow", "--since", &since]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let (status, _) = store.fed(&["post"], br#"{"as":"kefu","do":"refer_customer","name":"x"}"#);
    assert_eq!(status, Some(0));
    let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&line["seq"], &line["event"]["event"]), (&Value::from(head + 1), &"customer_referred".into()));
    follower.kill().unwrap();
    follower.wait().unwrap();
}

#[test]
fn a_demo_is_made_once_and_other_books_are_left_alone() {
    let store = Store::demo();
    let before = store.rows(&["show", "orders", "--json"]).len();
    let again = store.run(&["demo", "--no-open"]);
    assert!(again.status.success());
    assert_eq!(store.rows(&["show", "orders", "--json"]).len(), before);
    let other = Store(tempfile::tempdir().unwrap());
    std::fs::write(other.0.path().join("books.redb"), b"precious").unwrap();
    assert_eq!(other.run(&["demo", "--fresh", "--no-open"]).status.code(), Some(2));
    assert_eq!(std::fs::read(other.0.path().join("books.redb")).unwrap(), b"precious");
    // While the demo is served it cannot be made anew.
    assert_eq!(store.run(&["demo", "--fresh", "--no-open"]).status.code(), Some(2));
}

#[test]
fn a_store_not_for_rehearsals_begins_with_its_administrator() {
    let store = Store(tempfile::tempdir().unwrap());
    let first = r#"{"as":"root","do":"appoint_person","code":"root","name":"管理员","roles":["administrator"]}"#;
    assert_eq!(store.fed(&["post"], first.as_bytes()).0, Some(0));
    let (status, words) = store.fed(&["passphrase", "root"], b"a long passphrase\n");
    assert_eq!(status, Some(0), "{words}");
    let (status, answer) =
        store.fed(&["post"], first.replace("\"do\"", "\"at\":\"2020-01-01T00:00:00Z\",\"do\"").as_bytes());
    assert_eq!(status, Some(1), "{answer}");
    assert!(answer.contains("no_rehearsal"), "{answer}");
    let proof = store.0.path().join("passphrase");
    std::fs::write(&proof, "a long passphrase\n").unwrap();
    let args = ["show", "people", "--json", "--as", "root", "--passphrase-file", proof.to_str().unwrap()];
    assert_eq!(store.rows(&args)[0]["code"], "root");
    std::fs::write(&proof, "a wrong passphrase\n").unwrap();
    assert_eq!(store.run(&args).status.code(), Some(2));
}

#[test]
fn what_needs_no_server_starts_none() {
    let store = Store(tempfile::tempdir().unwrap());
    let schema: Value = serde_json::from_str(&store.text(&["schema"])).unwrap();
    assert!(schema["command"].is_object());
    assert!(store.text(&["completions", "bash"]).contains("taizhang"));
    assert!(store.text(&["man"]).contains(".TH"));
    assert!(store.text(&["keymap", "print"]).contains("queue"));
    assert!(store.text(&["keymap", "check"]).contains("Nothing is wrong"));
    assert!(store.text(&["--help"]).contains("Commands"));
    assert_eq!(store.run(&["fly"]).status.code(), Some(2));
    let pages = store.0.path().join("man");
    store.text(&["man", "--folder", pages.to_str().unwrap()]);
    assert!(pages.join("taizhang-post.1").exists());
    assert!(!store.0.path().join("desk.sock").exists());
}
