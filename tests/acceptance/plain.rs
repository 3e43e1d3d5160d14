//! Line by line: the same work without a screen.

use crate::desk::{Desk, PASSPHRASE};
use crate::pty::Pty;
use crate::watch::Watch;

/// Waits for `text` among what was written after `from` bytes; answers how many there are then.
fn told(terminal: &Pty, from: usize, text: &str) -> usize {
    terminal.until(text, |terminal| String::from_utf8_lossy(&terminal.written()[from..]).contains(text));
    terminal.written().len()
}

/// Types a line and waits for what it makes the program say.
fn say(terminal: &Pty, line: &str, answer: &str) {
    let from = terminal.written().len();
    terminal.keys(format!("{line}\r").as_bytes());
    told(terminal, from, answer);
}

fn sit(desk: &Desk, person: &str) -> Pty {
    let terminal = desk.terminal(&["--plain"], &[], (80, 24));
    told(&terminal, 0, "工号 *: ");
    say(&terminal, person, "口令 *: ");
    say(&terminal, PASSPHRASE, "f9 菜单");
    terminal
}

#[test]
fn a_supervisor_signs_line_by_line() {
    let desk = Desk::new();
    let order = desk.order("signing", |order| order["shipments"][0]["signed"].as_array().is_some_and(Vec::is_empty));
    let terminal = sit(&desk, "zhuguan");
    say(&terminal, &format!("/{order}"), &order);
    say(&terminal, "签核", "没有这个动作");
    say(&terminal, "办理", "空行取消");
    say(&terminal, "", "已取消");
    assert_eq!(desk.signatures(&order), 0);
    say(&terminal, "f8", "空行取消");
    say(&terminal, "f8", "已存");
    assert_eq!(desk.signatures(&order), 1);
    // The same refusal in the same words.
    say(&terminal, "f8", "同一个人已签了");
    say(&terminal, "?", "F9 11");
    say(&terminal, "f9", "11 办理");
    say(&terminal, "", "f9 菜单");
}

#[test]
fn a_clerk_enters_an_order_field_by_field() {
    let desk = Desk::new();
    let goods = desk.rows(&["goods"]);
    let code = goods[0]["article"].as_str().expect("a code");
    let before = desk.rows(&["orders"]).len();
    let terminal = sit(&desk, "zhuanyuan");
    say(&terminal, "f6", "经销商 *");
    say(&terminal, "D00001", "收货人");
    for label in ["收货电话", "收货地址", "备注", "1 商品"] {
        say(&terminal, "", label);
    }
    say(&terminal, code, "1 数量");
    say(&terminal, "2", "1 单位");
    say(&terminal, "", "2 商品");
    say(&terminal, ":f8", "已存");
    assert_eq!(desk.rows(&["orders"]).len(), before + 1);
}

#[test]
fn no_escape_is_written_and_no_passphrase_echoed() {
    let desk = Desk::new();
    let mut terminal = sit(&desk, "zhuguan");
    terminal.keys("成x\x7f\x7f3\r".as_bytes());
    say(&terminal, "f10", "空行取消");
    terminal.keys(b"f8\r");
    assert_eq!(terminal.wait().code(), Some(0));
    let written = terminal.written();
    assert!(!written.contains(&0x1b), "{}", String::from_utf8_lossy(&written));
    let written = String::from_utf8_lossy(&written);
    assert!(
        !written.contains(PASSPHRASE.split('-').next_back().unwrap_or_default()) || {
            // The demo's welcome names it once; typing it adds nothing.
            written.matches(PASSPHRASE).count() == 1
        }
    );
    let modes = rustix::termios::LocalModes::ICANON | rustix::termios::LocalModes::ECHO;
    assert!(terminal.settings().local_modes.contains(modes));
}

#[test]
fn a_dumb_terminal_and_one_of_another_codeset_get_lines_of_their_own() {
    let desk = Desk::new();
    let dumb = desk.terminal(&[], &[("TERM", "dumb")], (80, 24));
    told(&dumb, 0, "工号 *: ");
    let other = desk.terminal(&[], &[("LC_ALL", "zh_CN.GBK")], (80, 24));
    told(&other, 0, "Code *: ");
    assert!(other.written().is_ascii() && !other.written().contains(&0x1b));
}

#[test]
fn a_keeper_counts_line_by_line() {
    let desk = crate::counting::opened();
    let terminal = sit(&desk, "cangguan");
    // The fourth pane, and one's own sheet in it.
    say(&terminal, "tab", "PD000003");
    say(&terminal, "f8", "盘点录入");
    say(&terminal, ".F-01", "库位 F-01");
    say(&terminal, "6901234000184", "已存 #1");
    say(&terminal, "12.5", "已存 #2");
    say(&terminal, "-", "已存 #3");
    say(&terminal, "9787020002208", "校验位不对");
    say(&terminal, "", "请扫码");
    say(&terminal, "*7", "已存 #4");
    let stored = desk.journal().into_iter().filter(|entry| entry["event"]["event"] == "goods_counted");
    let stored = stored.filter(|entry| entry["event"]["stocktake"] == "PD000003");
    let now: Vec<String> = stored.map(|entry| entry["event"]["now"].as_str().unwrap().to_owned()).collect();
    assert_eq!(now, ["1", "12.5", "1", "7"]);
    say(&terminal, ":f8", "交表后不能再改");
    say(&terminal, "f8", "交了第");
}
