//! What was done lately, what can be taken back, and a row that is copied.

use crate::desk::{Desk, find, press_until, row};
use crate::watch::Watch;

const F8: &[u8] = b"\x1b[19~";
const CTRL_Z: &[u8] = b"\x1a";
const CTRL_Y: &[u8] = b"\x19";

/// Whether the first shipment of an order is packed.
fn stage(desk: &Desk, order: &str) -> String {
    desk.rows(&["orders", order])[0]["shipments"][0]["stage"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn packing_is_undone_by_unpacking_and_done_again() {
    let desk = Desk::new();
    let order =
        desk.order("packing", |order| order["shipments"][0]["signed"].as_array().is_some_and(|all| all.len() == 3));
    let terminal = desk.clerk("cangguan");
    find(&terminal, &order);
    terminal.keys(F8);
    terminal.wait_for_text("F8 装箱");
    press_until(&terminal, F8, "已存");
    assert_eq!(stage(&desk, &order), "waybill");
    terminal.keys(CTRL_Z);
    let told = terminal.wait_for_text("F8 撤销");
    assert!(told.contains("拆箱"), "{told}");
    // The question takes no key at first: the reason is typed until it stands there.
    press_until(&terminal, "装错".as_bytes(), "装错");
    press_until(&terminal, F8, "已存");
    assert_eq!(stage(&desk, &order), "packing");
    terminal.keys(CTRL_Y);
    terminal.wait_for_text("F8 重做");
    press_until(&terminal, F8, "已存");
    assert_eq!(stage(&desk, &order), "waybill");
    terminal.keys(b"\x1b[20~95");
    let listed = terminal.wait_for_text("刚才的操作");
    assert!(listed.contains("可撤 (Ctrl+Z)") && listed.contains("已撤"), "{listed}");
    assert_eq!(desk.run(&["verify"]).0, Some(0));
}

#[test]
fn a_signature_stays_and_its_counter_step_is_named() {
    let desk = Desk::new();
    let order = desk.order("signing", |order| order["shipments"][0]["signed"].as_array().is_some_and(Vec::is_empty));
    let terminal = desk.clerk("zhuguan");
    find(&terminal, &order);
    terminal.keys(F8);
    terminal.wait_for_text("F8 签核");
    press_until(&terminal, F8, "已存");
    let before = desk.journal();
    terminal.keys(CTRL_Z);
    terminal.wait_for_text("不能撤; 要退用: 拒签");
    assert_eq!(desk.journal(), before);
}

#[test]
fn a_filter_comes_back_and_goes_again() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuguan");
    terminal.keys("成都".as_bytes());
    terminal.wait_for("the filter", |screen| row(screen, 1).contains("成都"));
    terminal.keys(b"\x1b[24~");
    terminal.wait_for("no filter", |screen| !row(screen, 1).contains("成都"));
    terminal.keys(CTRL_Z);
    terminal.wait_for("the filter again", |screen| row(screen, 1).contains("成都"));
    terminal.keys(CTRL_Z);
    terminal.wait_for("none again", |screen| !row(screen, 1).contains("成都"));
    terminal.keys(CTRL_Y);
    terminal.wait_for("the filter once more", |screen| row(screen, 1).contains("成都"));
}

#[test]
fn a_row_is_sent_to_the_clipboard_only_where_that_was_asked_for() {
    let desk = Desk::new();
    let plain = desk.clerk("zhuguan");
    plain.keys(b"c");
    plain.wait_for_text("选中的一行");
    assert!(!String::from_utf8_lossy(&plain.written()).contains("\x1b]"));
    let asked = desk.sit("zhuguan", &["--clipboard"], &[], (80, 24));
    asked.keys(b"c");
    asked.wait_for_text("已发给终端");
    let written = asked.wait_for_written("\x1b]52;c;");
    let sent = written.split("\x1b]52;c;").nth(1).and_then(|rest| rest.split('\x07').next()).unwrap_or_default();
    // WFM is XS in base64: the row begins with the order's number.
    assert!(sent.starts_with("WFM"), "{sent}");
    assert_eq!(written.matches("\x1b]").count(), 1, "nothing else leaves the alphabet");
}
