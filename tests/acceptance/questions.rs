//! Checks 15 to 17: what cannot answer a question, and who can sign.

use std::time::Duration;

use crate::desk::{Desk, PASSPHRASE, chosen, find, press_until};
use crate::pty::Pty;
use crate::tmux::Tmux;
use crate::watch::Watch;

const F8: &[u8] = b"\x1b[19~";
const F12: &[u8] = b"\x1b[24~";

/// An order that nobody has signed yet.
fn unsigned(desk: &Desk) -> String {
    desk.order("signing", |order| order["shipments"][0]["signed"].as_array().is_some_and(Vec::is_empty))
}

/// Opens the question about an order and waits until it takes keys: until then it swallows the digit.
fn ask(terminal: &Pty, order: &str) {
    find(terminal, order);
    terminal.keys(F8);
    terminal.wait_for_text("F8 签核");
    for _ in 0..20 {
        terminal.keys(b"7");
        if terminal.look(Duration::from_secs(1), |screen| screen.contents().contains(": 7_")).is_some() {
            return;
        }
    }
    terminal.wait_for_text(": 7_");
}

#[test]
fn neither_a_scan_nor_enter_answers_a_question() {
    let desk = Desk::new();
    let order = unsigned(&desk);
    let terminal = desk.clerk("zhuguan");
    let before = desk.journal();
    ask(&terminal, &order);
    let bells = terminal.bells();
    terminal.keys(b"9787020002207\r");
    terminal.until("one bell", |terminal| terminal.bells() == bells + 1);
    terminal.with(|screen| assert!(screen.contents().contains("F8 签核"), "{}", screen.contents()));
    // What was typed towards the code is gone with the scan or not: Enter alone then presses 取消.
    terminal.keys(b"\x1b[D\x1b[C\r");
    terminal.wait_for_text("已取消");
    assert_eq!(desk.journal(), before);
}

#[test]
fn three_quick_presses_open_a_question_and_confirm_nothing() {
    let desk = Desk::new();
    let order = unsigned(&desk);
    let tmux = Tmux::sit(&desk, "zhuguan", "", (80, 24));
    tmux.keys(&["F4"]);
    tmux.literal(&order);
    tmux.until("the order", |shown| shown.lines().any(|line| line.starts_with('>') && line.contains(&order)));
    tmux.keys(&["Enter", "F8", "F8", "F8"]);
    tmux.wait_for("F8 签核");
    // Two seconds of the screen's own clock: whatever was going to happen has happened.
    for _ in 0..2 {
        let before = tmux.capture().lines().next().unwrap_or_default().to_owned();
        tmux.until("the next second", |shown| shown.lines().next().unwrap_or_default() != before);
    }
    assert!(tmux.capture().contains("F8 签核"));
    assert_eq!(desk.signatures(&order), 0);
    tmux.keys(&["F8"]);
    tmux.wait_for("已存");
    assert_eq!(desk.signatures(&order), 1);
}

#[test]
fn three_people_sign_once_each_and_a_guesser_waits() {
    let desk = Desk::new();
    let order = unsigned(&desk);
    let started = desk.journal().len();
    for person in ["zhuguan", "tuiguang", "yunying"] {
        let terminal = desk.clerk(person);
        find(&terminal, &order);
        terminal.keys(F8);
        terminal.wait_for_text("F8 签核");
        press_until(&terminal, F8, "已存");
        if person == "zhuguan" {
            // The same person again, for another step.
            terminal.keys(F12);
            find(&terminal, &order);
            let told = press_until(&terminal, F8, "M4.2");
            assert!(told.contains("已签了") && !told.contains("F8 签核"), "{told}");
        }
    }
    assert_eq!(desk.signatures(&order), 3);
    let rows = desk.rows(&["orders", &order]);
    assert_eq!(rows[0]["shipments"][0]["stage"], "packing", "{}", rows[0]);
    let signed: Vec<_> =
        desk.journal().into_iter().skip(started).filter(|entry| entry["event"]["event"] == "shipment_signed").collect();
    let mut by: Vec<String> = signed.iter().map(|entry| entry["by"].to_string()).collect();
    by.sort();
    by.dedup();
    assert_eq!((by.len(), signed.len()), (3, 3), "{signed:?}");
    assert!(signed.iter().all(|entry| entry["at"].is_string()), "{signed:?}");
}

#[test]
fn three_wrong_passphrases_make_even_the_right_one_wait() {
    let desk = Desk::new();
    let terminal = desk.terminal(&[], &[], (80, 24));
    for nth in 1..=3 {
        terminal.keys(if nth == 1 { b"zhuguan\r" } else { b"" });
        terminal.keys(b"wrong\r");
        terminal.until("the refusal", |terminal| terminal.bells() == nth);
    }
    terminal.keys(format!("{PASSPHRASE}\r").as_bytes());
    terminal.until("a refusal of the right one", |terminal| terminal.bells() == 4);
    terminal.with(|screen| assert!(screen.contents().contains("秒后再试"), "{}", screen.contents()));
    for _ in 0..40 {
        terminal.keys(format!("{PASSPHRASE}\r").as_bytes());
        if terminal.look(Duration::from_secs(2), |screen| !chosen(screen).is_empty()).is_some() {
            return;
        }
    }
    terminal.wait_for_text("路致远/");
}

/// A scanner in the wrong field: what stands on goods is no passphrase and no person (E59).
#[test]
fn a_code_scanned_at_the_gate_signs_nobody_in() {
    let desk = Desk::new();
    for (nth, typed) in ["zhuguan\r6901234000184\r", "6901234000184\rtaizhang-demo\r"].into_iter().enumerate() {
        let terminal = desk.terminal(&[], &[], (80, 24));
        terminal.keys(typed.as_bytes());
        terminal.until("the refusal", |terminal| terminal.bells() == 1);
        let shown = terminal.wait_for_text("工号或口令不对");
        assert!(nth > 0 || !shown.contains("6901234000184"), "{shown}");
        terminal.with(|screen| assert!(chosen(screen).is_empty(), "{}", screen.contents()));
    }
}
