//! Mail, against a real mail server on this machine: with TLS and login, down, refusing, dying in the middle.

use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use calamine::{Reader, Xlsx};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use taizhang::domain::time::Moment;
use taizhang::store::books::Mailbox;
use taizhang::verbs::mail::{MAIL, Postman, round};
use taizhang::verbs::show::What;

use super::show::{rows, sent};
use super::verbs::{OWNER, Served, clock};

const PASSWORD: &str = "secret of the mailbox";
/// `\0ledger@example.com\0secret of the mailbox` in base64.
const LOGIN: &str = "AGxlZGdlckBleGFtcGxlLmNvbQBzZWNyZXQgb2YgdGhlIG1haWxib3g=";

/// How a mail server behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Temper {
    Takes,
    Refuses,
    /// Goes away once it has the whole letter, before it answers.
    Dies,
}

/// How its connections are kept from others.
#[derive(Clone)]
enum Wire {
    Open,
    StartTls(Arc<ServerConfig>),
    Tls(Arc<ServerConfig>),
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// A mail server on a port of its own: what was said to it, and the letters it took.
#[derive(Clone, Default)]
struct Server {
    port: u16,
    said: Arc<Mutex<Vec<String>>>,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(temper: Temper, wire: Wire) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server { port: listener.local_addr().unwrap().port(), ..Server::default() };
        let own = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                own.serve(stream, temper, &wire);
            }
        });
        server
    }

    fn serve(&self, stream: TcpStream, temper: Temper, wire: &Wire) {
        let tls = |config: &Arc<ServerConfig>, stream| {
            StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream)
        };
        match wire {
            Wire::Open => drop(self.talk(Box::new(stream), temper, false, true)),
            Wire::Tls(config) => drop(self.talk(Box::new(tls(config, stream)), temper, false, true)),
            Wire::StartTls(config) => {
                let plain = stream.try_clone().unwrap();
                if self.talk(Box::new(plain), temper, true, true) {
                    self.talk(Box::new(tls(config, stream)), temper, false, false);
                }
            }
        }
    }

    /// Talks until the caller leaves; says whether it wants to go on under TLS.
    fn talk(&self, stream: Box<dyn Stream>, temper: Temper, offers_tls: bool, greets: bool) -> bool {
        let mut stream = BufReader::new(stream);
        let answer = |stream: &mut BufReader<Box<dyn Stream>>, text: &str| {
            let _ = write!(stream.get_mut(), "{text}\r\n").and_then(|()| stream.get_mut().flush());
        };
        if greets {
            answer(&mut stream, "220 mail.test ESMTP");
        }
        let mut line = String::new();
        while matches!(stream.read_line(&mut line), Ok(read) if read > 0) {
            let said = std::mem::take(&mut line).trim_end().to_owned();
            self.said.lock().unwrap().push(said.clone());
            match said.split(' ').next().unwrap_or_default() {
                "EHLO" if offers_tls => answer(&mut stream, "250-mail.test\r\n250 STARTTLS"),
                "EHLO" => answer(&mut stream, "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN"),
                "STARTTLS" if offers_tls => {
                    answer(&mut stream, "220 go ahead");
                    return true;
                }
                "AUTH" if said.ends_with(LOGIN) => answer(&mut stream, "235 welcome"),
                "AUTH" => answer(&mut stream, "535 who are you"),
                "RCPT" if temper == Temper::Refuses => answer(&mut stream, "550 no such mailbox here"),
                "DATA" => {
                    answer(&mut stream, "354 go on");
                    let mut letter = String::new();
                    while !letter.ends_with("\r\n.\r\n")
                        && matches!(stream.read_line(&mut letter), Ok(read) if read > 0)
                    {}
                    self.letters.lock().unwrap().push(letter);
                    if temper == Temper::Dies {
                        return false;
                    }
                    answer(&mut stream, "250 queued as 7");
                }
                "QUIT" => {
                    answer(&mut stream, "221 bye");
                    return false;
                }
                _ => answer(&mut stream, "250 fine"),
            }
        }
        false
    }

    fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

/// A certificate for this machine, as a file and as a server's.
fn certificate(folder: &std::path::Path) -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("ca.pem"), made.cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap())
}

/// Writes `mail.toml` for a server on that port.
fn route(served: &Served, port: u16, tls: &str, more: &str) {
    let path = served.office.folder.join(MAIL);
    let text = format!("host = \"localhost\"\nport = {port}\ntls = \"{tls}\"\nfrom = \"ledger@example.com\"\n{more}");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn login(served: &Served) -> String {
    let ca = served.office.folder.join("ca.pem");
    format!("user = \"ledger@example.com\"\npassword = \"{PASSWORD}\"\nca = \"{}\"\n", ca.display())
}

/// A closed day whose ledger is owed to two people with addresses.
fn owing() -> Served {
    let served = sent();
    for person in ["office", "promo"] {
        let line =
            json!({"as": "admin", "do": "set_address", "person": person, "address": format!("{person}@example.com")});
        let (status, answers, _) = served.post(OWNER, super::verbs::nobody(), &line.to_string());
        assert_eq!(status, 0, "{answers:?}");
    }
    served
}

static LATER: AtomicI64 = AtomicI64::new(0);

/// The present of these tests: later than the department's whenever somebody waited.
fn now() -> Moment {
    clock().plus_seconds(LATER.load(Ordering::SeqCst))
}

/// Sends what is due, as a postman does who has just begun; then waits until the desk has written down what came of it.
fn send(served: &Served) -> usize {
    let taken = send_at(served, now);
    LATER.fetch_add(3_601, Ordering::SeqCst);
    taken
}

/// The same by another clock.
fn send_at(served: &Served, clock: fn() -> Moment) -> usize {
    let postman = Postman {
        desk: Arc::downgrade(&served.office.desk),
        inbox: served.office.inbox.clone(),
        folder: served.office.folder.clone(),
        clock,
    };
    let taken = round(&postman).unwrap();
    served.post(
        OWNER,
        super::verbs::nobody(),
        r#"{"as":"clerk","do":"cancel_order","order":"XS2611009999","reason":"x"}"#,
    );
    taken
}

fn box_of(served: &Served) -> Vec<Value> {
    rows(served, What::Mail, json!({}))
}

fn decoded(part: &str) -> Vec<u8> {
    let (head, body) = part.split_once("\r\n\r\n").unwrap_or(("", part));
    if !head.to_ascii_lowercase().contains("base64") {
        return body.as_bytes().to_vec();
    }
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for digit in body.bytes().filter_map(|byte| alphabet.iter().position(|known| *known == byte)) {
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// The text of a letter and the workbook in it.
fn opened(letter: &str) -> (String, Vec<u8>) {
    let mark = letter.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    let body = letter.split_once("\r\n\r\n").unwrap().1;
    let parts: Vec<&str> = body.split(&format!("--{mark}")).filter(|part| part.contains("Content-Type")).collect();
    assert_eq!(parts.len(), 2, "{letter}");
    let text = String::from_utf8_lossy(&decoded(parts[0].trim_start())).replace("=\r\n", "");
    (text, decoded(parts[1].trim_start()))
}

#[test]
fn the_ledger_of_a_closed_day_goes_out_once_with_the_head_of_the_journal() {
    let served = owing();
    assert_eq!(send(&served), 0, "without mail.toml nothing is sent and nothing lost");
    assert!(box_of(&served).iter().all(|row| row["state"] == "owed" && row["tries"] == 0));
    let server = Server::start(Temper::Takes, Wire::Open);
    route(&served, server.port, "none", "");
    assert_eq!((send(&served), send(&served)), (2, 0));
    let letters = server.letters();
    assert_eq!(letters.len(), 2);
    let day = rows(&served, What::Days, json!({}))[0].clone();
    let (text, file) = opened(&letters[0]);
    assert!(text.contains(day["head"].as_str().unwrap()) && text.contains("30.00"), "{text}");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    let cells: Vec<String> =
        book.worksheet_range(&name).unwrap().cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(cells.iter().any(|cell| cell == "XS2611000003"), "{cells:?}");
    assert!(cells.iter().any(|cell| cell.contains(day["head"].as_str().unwrap())), "{cells:?}");
    let rows = box_of(&served);
    assert!(rows.iter().all(|row| row["state"] == "sent" && row["answer"].as_str().unwrap().contains("queued as 7")));
    let (_, journal) = served.journal_lines();
    let sent = journal.iter().filter(|entry| entry["event"]["event"] == "letter_sent");
    assert_eq!(sent.map(|entry| entry["event"]["rows"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn tls_and_login_by_either_way_and_never_a_password_in_the_open() {
    for (tls, starts) in [("tls", false), ("starttls", true)] {
        let served = owing();
        let config = certificate(&served.office.folder);
        let wire = if starts { Wire::StartTls(config) } else { Wire::Tls(config) };
        let server = Server::start(Temper::Takes, wire);
        route(&served, server.port, tls, &login(&served));
        assert_eq!(send(&served), 2, "{tls}: {:?}", box_of(&served));
        assert!(server.said.lock().unwrap().iter().any(|line| line.ends_with(LOGIN)));
        let journal = serde_json::to_string(&served.journal_lines().1).unwrap();
        assert!(!journal.contains(PASSWORD), "the journal never has it");
    }
    // A server that offers no TLS, or has a certificate nobody knows, is told nothing.
    let served = owing();
    let plain = Server::start(Temper::Takes, Wire::Open);
    route(&served, plain.port, "starttls", &login(&served).replace("ca =", "#"));
    assert_eq!(send(&served), 0);
    let config = certificate(&served.office.folder);
    let unknown = Server::start(Temper::Takes, Wire::Tls(config));
    route(&served, unknown.port, "tls", &login(&served).replace("ca =", "#"));
    assert_eq!(send(&served), 0);
    for server in [plain, unknown] {
        assert!(!server.said.lock().unwrap().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")));
    }
    assert!(box_of(&served).iter().all(|row| row["state"] == "owed" && row["tries"].as_u64() >= Some(1)));
}

#[test]
fn a_server_that_is_down_refuses_or_dies_loses_and_doubles_nothing() {
    let served = owing();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    route(&served, free, "none", "");
    assert_eq!(send(&served), 0);
    let down = box_of(&served);
    assert!(down.iter().all(|row| row["tries"] == 1 && !row["why"].as_str().unwrap().is_empty()), "{down:?}");
    let failing = || served.office.desk.store().read().unwrap().letters_failing().unwrap();
    assert_eq!(failing(), 2);
    let refuses = Server::start(Temper::Refuses, Wire::Open);
    route(&served, refuses.port, "none", "");
    assert_eq!(send(&served), 0);
    let refused = box_of(&served);
    assert!(refused.iter().all(|row| row["why"].as_str().unwrap().contains("no such mailbox")), "{refused:?}");
    let dies = Server::start(Temper::Dies, Wire::Open);
    route(&served, dies.port, "none", "");
    assert_eq!(send(&served), 0);
    assert!(box_of(&served).iter().all(|row| row["tries"] == 3 && row["state"] == "owed"));
    assert_eq!(failing(), 2, "a letter counts once, however often it fails");
    let takes = Server::start(Temper::Takes, Wire::Open);
    route(&served, takes.port, "none", "");
    assert_eq!((send(&served), send(&served)), (2, 0));
    assert_eq!(failing(), 0);
    let id = |letter: &String| letter.lines().find(|line| line.starts_with("Message-ID:")).expect("an id").to_owned();
    let ids = |server: &Server| server.letters().iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(&dies), ids(&takes), "what may have come twice is known as one letter");
    let sent = served.journal_lines().1.into_iter().filter(|entry| entry["event"]["event"] == "letter_sent").count();
    assert_eq!(sent, 2);
}

#[test]
fn a_letter_that_somebody_wants_at_once_does_not_wait_for_its_pause() {
    let soon: fn() -> Moment = || clock().plus_seconds(10);
    let served = owing();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    route(&served, free, "none", "");
    assert_eq!(send_at(&served, clock), 0);
    let server = Server::start(Temper::Takes, Wire::Open);
    route(&served, server.port, "none", "");
    assert_eq!(send_at(&served, soon), 0, "its pause is not over: {:?}", box_of(&served));
    let letter = box_of(&served)[0]["letter"].clone();
    let line = json!({"as": "boss", "do": "hurry_letter", "letter": letter, "person": "office"}).to_string();
    let (status, answers, _) = served.post(OWNER, super::verbs::nobody(), &line);
    assert_eq!(status, 0, "{answers:?}");
    assert_eq!(send_at(&served, soon), 1, "the other one still waits: {:?}", box_of(&served));
    assert_eq!(server.letters().len(), 1);
    let (status, answers, _) = served.post(OWNER, super::verbs::nobody(), &line);
    assert_eq!((status, &answers[0]["refused"][0]["reason"]), (1, &json!("letter_taken")));
}

#[test]
fn who_has_no_address_is_shown_and_a_file_that_others_read_is_not_used() {
    let served = sent();
    let server = Server::start(Temper::Takes, Wire::Open);
    route(&served, server.port, "none", "");
    assert_eq!(send(&served), 0);
    assert!(box_of(&served).iter().all(|row| row["state"] == "no_address"), "{:?}", box_of(&served));
    let served = owing();
    route(&served, server.port, "none", "");
    let path = served.office.folder.join(MAIL);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(send(&served), 0);
    assert!(box_of(&served).iter().all(|row| row["why"].as_str().unwrap().contains("chmod 600")));
    assert!(server.letters().is_empty());
}
