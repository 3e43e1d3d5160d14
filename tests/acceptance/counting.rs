//! Checks 18 to 20 and 22 to 24, and a whole stocktake: two people count blind at two terminals, and it is confirmed.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};

use crate::desk::{Desk, chosen, find, press_until, row, server};
use crate::pty::Pty;
use crate::tmux::Tmux;
use crate::watch::Watch;

const F2: &[u8] = b"\x1bOQ";
const F3: &[u8] = b"\x1bOR";
const F6: &[u8] = b"\x1b[17~";
const F7: &[u8] = b"\x1b[18~";
const F8: &[u8] = b"\x1b[19~";
const F9: &[u8] = b"\x1b[20~";
const F12: &[u8] = b"\x1b[24~";

/// Goods of the demo at F-01 and at E-03, and a code of no goods.
const A: &str = "6901234000184";
const B: &str = "6901234000177";
const UNKNOWN: &str = "9787020002207";
/// The stocktake of a test; the demo has one of its own.
pub const TAKE: &str = "PD000003";

/// Carries commands out for the people whose work they are; all must be accepted.
fn post(desk: &Desk, commands: &[(&str, Value)]) {
    let mut command = std::process::Command::new(crate::desk::PROGRAM);
    command.args(["post", "--store"]).arg(desk.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = child.stdin.take().unwrap();
    for (person, command) in commands {
        let mut command = command.clone();
        command["as"] = json!(person);
        writeln!(lines, "{command}").unwrap();
    }
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A stocktake of two places that the keeper and the clerk count, each on a sheet of their own.
pub fn opened() -> Desk {
    let desk = Desk::new();
    let open = json!({"do": "open_stocktake", "kind": "any_day", "places": ["E-03", "F-01"],
        "counters": ["cangguan", "zhuanyuan"]});
    post(&desk, &[("neiqin", open)]);
    desk
}

/// The person's own sheet at F-01, reached by keys.
pub fn at_sheet(desk: &Desk, person: &str) -> Pty {
    let terminal = desk.clerk(person);
    enter_sheet(&terminal);
    terminal
}

fn enter_sheet(terminal: &Pty) {
    terminal.keys(b"\t");
    terminal.wait_for("the stocktakes", |screen| row(screen, 1).starts_with("[4 ") && !chosen(screen).is_empty());
    terminal.keys(b"\r");
    terminal.wait_for_text("盘点录入");
    terminal.keys(b".F-01\r");
    terminal.wait_for_text("库位 F-01");
}

/// A line with its Enter, then waits until so many records are on the sheet.
fn line(terminal: &Pty, text: &str, records: u32) {
    terminal.keys(format!("{text}\r").as_bytes());
    saved(terminal, records);
}

pub fn saved(terminal: &Pty, records: u32) {
    let saved = format!("已存到第 {records} 笔");
    terminal.wait_for(&saved, |screen| row(screen, 1).contains(&saved));
}

/// Two seconds of the screen's own clock: a new question takes keys by then.
fn settled(terminal: &Pty) {
    for _ in 0..2 {
        let before = terminal.with(|screen| row(screen, 0));
        terminal.wait_for("the next second", |screen| row(screen, 0) != before);
    }
}

/// The records of its sheets, in order.
pub fn records(desk: &Desk) -> Vec<Value> {
    let entries = desk.journal().into_iter().map(|entry| entry["event"].clone());
    entries.filter(|event| event["event"] == "goods_counted" && event["stocktake"] == TAKE).collect()
}

/// What the records come to for a code.
fn total(desk: &Desk, code: &str) -> f64 {
    let of_code = |event: &Value| event["code"] == code || event["article"] == code;
    let quantities = records(desk).into_iter().filter(of_code);
    quantities.map(|event| event["quantity"].as_str().unwrap().parse::<f64>().unwrap()).sum()
}

#[test]
fn every_scan_begins_a_figure_of_its_own() {
    let desk = opened();
    let terminal = at_sheet(&desk, "cangguan");
    let bells = terminal.bells();
    // All at once, as a scanner that is faster than the disk.
    let lines = [A, "12", A, A, B, "", A, "2", A, "2"].map(|line| format!("{line}\r")).concat();
    terminal.keys(lines.as_bytes());
    saved(&terminal, 9);
    assert_eq!((total(&desk, A), total(&desk, B)), (18.0, 1.0));
    assert_eq!(terminal.bells(), bells, "the scanner beeps itself");
}

#[test]
fn a_code_is_no_figure_however_slowly_it_is_typed() {
    let desk = opened();
    let terminal = at_sheet(&desk, "cangguan");
    line(&terminal, A, 1);
    for digit in UNKNOWN.bytes() {
        terminal.keys(&[digit]);
        terminal.look(Duration::from_millis(200), |_| false);
    }
    line(&terminal, "", 2);
    assert_eq!((total(&desk, A), total(&desk, UNKNOWN)), (1.0, 1.0));
    line(&terminal, A, 3);
    let bells = terminal.bells();
    terminal.keys(b"123456\r");
    terminal.wait_for_text("6 到 7 位");
    assert_eq!(terminal.bells(), bells + 2);
    terminal.keys(b"\r");
    line(&terminal, A, 4);
    terminal.keys("12三\r".as_bytes());
    terminal.wait_for_text("整行不收");
    terminal.until("the bell", |terminal| terminal.bells() == bells + 4);
    terminal.keys(b"\r");
    line(&terminal, B, 5);
    assert_eq!(records(&desk).len(), 5, "nothing else was stored");
    let quantity = |event: &Value| event["quantity"].as_str().unwrap().parse::<f64>().unwrap();
    assert!(records(&desk).iter().all(|event| quantity(event) < 99_999.0));
}

#[test]
fn every_enter_of_a_keypad_records_a_quantity_once() {
    let desk = opened();
    let tmux = Tmux::sit(&desk, "cangguan", "", (80, 24));
    tmux.keys(&["Tab"]);
    tmux.until("the stocktake", |shown| shown.lines().any(|line| line.starts_with("> 1 PD")));
    tmux.keys(&["Enter"]);
    tmux.wait_for("盘点录入");
    tmux.literal(".F-01");
    tmux.keys(&["Enter"]);
    tmux.wait_for("库位 F-01");
    let ways: [&dyn Fn(); 3] = [
        &|| {
            tmux.literal("5");
            tmux.keys(&["KPEnter"]);
        },
        &|| tmux.bytes(b"\x35\x0d\x0a"),
        &|| tmux.bytes(b"\x1bOu\x1bOM"),
    ];
    for (nth, five) in (1..).zip(ways) {
        tmux.literal(A);
        tmux.keys(&["Enter"]);
        tmux.wait_for(&format!("已存到第 {} 笔", nth * 2 - 1));
        five();
        tmux.wait_for(&format!("已存到第 {} 笔", nth * 2));
        assert_eq!(total(&desk, A), f64::from(nth) * 5.0, "way {nth}");
    }
    // F3 of a keypad leaves the form, and it is there again at the same place with the same lines.
    tmux.literal(A);
    tmux.keys(&["Enter"]);
    tmux.wait_for("已存到第 7 笔");
    tmux.bytes(b"\x1bOR");
    let shown = tmux.until("the list", |shown| shown.lines().any(|line| line.starts_with("> 1 PD")));
    assert!(!shown.contains("OR"), "{shown}");
    tmux.keys(&["Enter"]);
    let shown = tmux.wait_for("已存到第 7 笔");
    assert!(shown.contains("库位 F-01") && shown.contains(A), "{shown}");
}

/// So many different codes, each with its check digit.
pub fn codes(count: u64) -> Vec<String> {
    let code = |nth: u64| {
        let text = format!("{:012}", 200_000_000_000 + nth * 7);
        let weights = text.bytes().rev().zip([3, 1].into_iter().cycle());
        let sum: u32 = weights.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        format!("{text}{}", (10 - sum % 10) % 10)
    };
    (0..count).map(code).collect()
}

#[test]
fn two_hundred_scans_in_one_paste_outlive_the_program() {
    let desk = opened();
    let mut terminal = at_sheet(&desk, "cangguan");
    let codes = codes(200);
    terminal.keys(codes.iter().map(|code| format!("{code}\r")).collect::<String>().as_bytes());
    saved(&terminal, 200);
    terminal.signal(rustix::process::Signal::KILL);
    terminal.wait();
    let again = desk.clerk("cangguan");
    again.wait_for("the form at its place", |screen| {
        row(screen, 1).contains("已存到第 200 笔") && row(screen, 1).contains("库位 F-01")
    });
    let stored: Vec<Value> = records(&desk).into_iter().map(|event| event["code"].clone()).collect();
    assert!(stored.iter().eq(codes.iter()), "{stored:?}");
    // The same where the server dies, and what was half-typed is gone and said to be.
    settled(&again);
    again.keys(b"69012");
    again.wait_for_text("69012");
    settled(&again);
    let pid = server(desk.path()).expect("a server runs");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    again.wait_for_text("zhuanyuan");
    crate::desk::sign_in(&again, "cangguan");
    let shown = again.wait_for_text("半截已清掉");
    assert!(
        shown.contains("库位 F-01") && shown.contains("已存到第 200 笔") && !shown.contains("条码 > 69012"),
        "{shown}"
    );
    line(&again, A, 201);
}

#[test]
fn what_is_taken_back_is_a_line_and_every_error_rings() {
    let desk = opened();
    let terminal = at_sheet(&desk, "cangguan");
    let bells = terminal.bells();
    line(&terminal, A, 1);
    terminal.keys(b"\x1a");
    saved(&terminal, 2);
    line(&terminal, B, 3);
    line(&terminal, "-", 4);
    terminal.with(|screen| {
        let shown = screen.contents();
        assert_eq!(shown.matches("撤销 #").count(), 2, "{shown}");
    });
    assert_eq!((total(&desk, A), total(&desk, B), records(&desk).len()), (0.0, 0.0, 4));
    line(&terminal, UNKNOWN, 5);
    terminal.wait_for_text("未知码");
    assert_eq!(terminal.bells(), bells);
    terminal.keys(b"9787020002208\r");
    terminal.wait_for_text("校验位不对");
    terminal.until("the bell", |terminal| terminal.bells() == bells + 2);
    // The error holds the field: what is scanned on is refused until Enter comes alone.
    terminal.keys(format!("{A}\r").as_bytes());
    terminal.wait_for_text("其后 1 行没有收");
    terminal.keys(b"\r");
    line(&terminal, A, 6);
    assert_eq!(records(&desk).len(), 6);
    let unknown = records(&desk).into_iter().find(|event| event["code"] == UNKNOWN).expect("an unknown code");
    assert_eq!(unknown["article"], Value::Null);
}

/// What the book has of goods, as a screen would write it.
fn book(desk: &Desk, article: &str) -> String {
    desk.rows(&["stock", article])[0]["sound"].as_str().unwrap().to_owned()
}

/// Hands the sheet in.
fn submit(terminal: &Pty) {
    terminal.keys(F8);
    terminal.wait_for_text("交表后不能再改");
    press_until(terminal, F8, "交了第");
}

#[test]
fn two_count_blind_at_two_terminals_a_third_counts_again_and_it_is_confirmed() {
    let desk = Desk::new();
    // The marketing centre arranges it: which kind, who counts, which places.
    let office = desk.clerk("neiqin");
    office.keys(b"\t");
    office.wait_for("the stocktakes", |screen| row(screen, 1).starts_with("[4 "));
    office.keys(F6);
    office.wait_for_text("盘点人甲");
    office.keys(b"\r");
    for text in ["cangguan", "zhuanyuan", "", ""] {
        office.keys(text.as_bytes());
        office.wait_for_text(text);
        office.keys(b"\r");
    }
    office.keys(b"E-03 F-01");
    office.wait_for_text("E-03 F-01");
    office.keys(F8);
    office.wait_for_text(TAKE);
    office.keys(b"\x1b[1~");
    office.wait_for(TAKE, |screen| chosen(screen).contains(TAKE) && chosen(screen).contains("盘点中"));

    // Each sees a sheet of their own. One is three short of one of the goods; the other goods agree.
    let (tea, sweets) = (book(&desk, "CY01"), book(&desk, "TS01"));
    let fewer = (tea.parse::<u32>().unwrap() - 3).to_string();
    let [keeper, clerk] = ["cangguan", "zhuanyuan"].map(|person| at_sheet(&desk, person));
    for (terminal, figure) in [(&keeper, &fewer), (&clerk, &tea)] {
        line(terminal, A, 1);
        line(terminal, figure, 2);
    }
    for terminal in [&keeper, &clerk] {
        terminal.keys(b".E-03\r");
        terminal.wait_for_text("库位 E-03");
        line(terminal, B, 3);
        line(terminal, &sweets, 4);
    }
    // Neither sees the other's lines: not on the command line, not in the whole of the stocktake, not in its journal.
    let (status, words) = desk.run(&["show", "sheet", TAKE, "zhuanyuan", "--as", "cangguan"]);
    assert!(status != Some(0) || !words.contains(&tea), "{words}");
    keeper.keys(F3);
    keeper.wait_for("the list", |screen| chosen(screen).contains(TAKE));
    for (key, there) in [(F2, "甲表"), (b"\x1b[20~70".as_slice(), "经过")] {
        keeper.keys(key);
        let shown = keeper.wait_for(there, |screen| chosen(screen).is_empty() && screen.contents().contains(there));
        assert!(!shown.contains(&format!(" {tea} ")), "{shown}");
        keeper.keys(F12);
        keeper.wait_for("the list", |screen| chosen(screen).contains(TAKE));
    }
    keeper.keys(b"\r");
    saved(&keeper, 4);
    submit(&keeper);
    submit(&clerk);

    // Only what differs is compared, and whoever counted it does not count it again alone.
    office.wait_for("the differing stocktake", |screen| chosen(screen).contains("待复盘"));
    office.keys(F8);
    let shown = office.wait_for("the comparison", |screen| chosen(screen).contains("CY01"));
    assert!(!shown.contains("TS01"), "{shown}");
    // A refused question still stands: what was filled in is typed over.
    let appoint = |person: &str, answer: &str| {
        if !office.with(|screen| screen.contents().contains("谁来复盘")) {
            office.keys(F8);
        }
        office.wait_for_text("谁来复盘");
        settled(&office);
        office.keys(b"\r");
        office.keys(&[0x7f; 20]);
        office.keys(person.as_bytes());
        office.wait_for_text(person);
        office.keys(F8);
        office.wait_for_text(answer);
    };
    appoint("cangguan", "M5.3");
    appoint("tuiguang", "安排了复盘");

    // The third person is told what to count, and no figure.
    let third = desk.clerk("tuiguang");
    third.keys(b"\t");
    third.wait_for("the recount", |screen| chosen(screen).contains(TAKE));
    third.keys(b"\r");
    let shown = third.wait_for_text("复盘表");
    assert!(shown.contains("CY01") && !shown.contains("TS01"), "{shown}");
    assert!(!shown.contains(&tea) && !shown.contains(&fewer), "{shown}");
    third.keys(b".F-01\r");
    third.wait_for_text("库位 F-01");
    line(&third, A, 1);
    line(&third, &fewer, 2);
    submit(&third);

    // The supervisor writes down what it came of, sees the claim and its price, and confirms.
    let boss = desk.clerk("zhuguan");
    boss.keys(b"\t");
    boss.wait_for("the settled stocktake", |screen| chosen(screen).contains("待确认"));
    boss.keys(F8);
    boss.wait_for("the comparison", |screen| chosen(screen).contains("-3"));
    boss.keys(F2);
    boss.wait_for_text("责任");
    settled(&boss);
    for text in ["破损", "仓库", "照赔"] {
        boss.keys(text.as_bytes());
        boss.wait_for_text(text);
        boss.keys(b"\r");
    }
    boss.keys(F8);
    boss.wait_for_text("原因: 破损");
    boss.keys(F8);
    boss.wait_for_text("384.00");
    press_until(&boss, F8, "确认了盘点");
    assert_eq!(desk.rows(&["stock", "CY01"])[0]["sound"], json!(fewer));
    // The demonstration has a claim of its own.
    let claims = || -> Vec<Value> {
        desk.rows(&["claims"]).into_iter().filter(|claim| claim["stocktake"] == json!(TAKE)).collect()
    };
    let [claim] = &claims()[..] else { panic!("{:?}", claims()) };
    assert_eq!((&claim["amount"], &claim["state"]), (&json!("384.00"), &json!("open")), "{claim}");
    boss.keys(F12);
    boss.wait_for("the list", |screen| chosen(screen).contains("已确认"));
    boss.keys(F7);
    boss.wait_for_text("未赔 2 笔, 计 447.00");

    // Finance finds it among what waits, and records that it was made good.
    let money = desk.clerk("caiwu");
    money.keys(F9);
    money.wait_for_text("可打拼音");
    money.keys(b"90");
    money.wait_for_text("[待办");
    find(&money, "PC000002");
    money.wait_for("the claim that waits", |screen| chosen(screen).contains("PC000002"));
    money.keys(b"\r");
    money.wait_for("the claims", |screen| chosen(screen).contains("384.00"));
    money.keys(F8);
    money.wait_for_text("理由");
    settled(&money);
    money.keys("转账 0231".as_bytes());
    money.wait_for_text("转账 0231");
    press_until(&money, F8, "已结清");
    assert_eq!((&claims()[0]["state"], &claims()[0]["settled_how"]), (&json!("settled"), &json!("转账 0231")));
    let (status, words) = desk.run(&["verify"]);
    assert!(status == Some(0) && words.contains("good"), "{words}");
}
