//! Checks 9 to 14: full-width marks, filters, bursts, pinyin, keymaps, scans.

use std::fs;

use crate::desk::{Desk, chosen, row, sign_in};
use crate::watch::Watch;

/// The code of no article: a scan of something that is not sold here.
const STRANGE: &str = "9787020002207";

#[test]
fn full_width_marks_open_find_help_and_the_menu() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuguan");
    for (mark, opens) in [("／", "查找"), ("？", "- 帮助 -"), ("：", "菜单: ")] {
        terminal.keys(mark.as_bytes());
        terminal.wait_for(opens, |screen| {
            (1..24).map(|number| row(screen, number)).filter(|row| !row.starts_with('1')).any(|row| row.contains(opens))
        });
        terminal.keys(b"\x1b[24~");
        terminal.wait_for("the list", |screen| !row(screen, 1).contains("查找") && !screen.contents().contains("+---"));
    }
}

#[test]
fn what_an_input_method_commits_filters_the_list() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuanyuan");
    terminal.keys(b"\t\t");
    terminal.wait_for_text("[1 经销商]");
    terminal.keys("成都".as_bytes());
    let rows = |screen: &vt100::Screen| -> Vec<String> {
        let rows = (3..17).map(|number| row(screen, number));
        rows.filter(|row| row.contains("D000")).collect()
    };
    terminal.wait_for("only what matches", |screen| {
        row(screen, 1).contains("成都")
            && !rows(screen).is_empty()
            && rows(screen).iter().all(|row| row.contains("成都"))
    });
    terminal.keys(b"\x1b[24~");
    terminal.wait_for("all rows", |screen| rows(screen).len() > 10);
}

#[test]
fn a_burst_of_letters_filters_and_one_letter_is_a_key() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuguan");
    let before = desk.journal();
    // Each of these letters is a key of this list.
    terminal.keys(b"xjat");
    terminal.wait_for("the filter", |screen| row(screen, 1).contains("xjat"));
    assert_eq!(desk.journal(), before);
    terminal.keys(b"\x1b[24~");
    terminal.wait_for("the first row", |screen| chosen(screen).starts_with("> 1"));
    terminal.keys(b"\x1b[B");
    terminal.wait_for("the second row", |screen| chosen(screen).starts_with("> 2"));
    terminal.keys(b"t");
    terminal.wait_for("sorted, from the top", |screen| chosen(screen).starts_with("> 1"));
    assert_eq!(desk.journal(), before);
}

#[test]
fn dealers_are_found_by_every_reading_by_chinese_and_by_code() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuanyuan");
    terminal.keys(b"\t\t");
    terminal.wait_for_text("[1 经销商]");
    let wanted = [
        ("cq", "重庆"),
        ("csxc", "长沙星城"),
        ("xm", "厦门"),
        ("sx", "单县"),
        ("cdwx", "成都"),
        ("成都", "成都"),
        ("D00008", "乐山"),
    ];
    for (typed, found) in wanted {
        terminal.keys(b"\x1bOS");
        terminal.keys(typed.as_bytes());
        terminal.wait_for(typed, |screen| row(screen, 1).contains(typed) && chosen(screen).contains(found));
        terminal.keys(b"\x1b[24~");
        terminal.wait_for("no filter", |screen| !row(screen, 1).contains(typed));
    }
}

#[test]
fn keymaps_are_checked_and_a_wrong_one_leaves_the_defaults_in_force() {
    let desk = Desk::new();
    let folder = desk.path().join("keymaps");
    fs::create_dir(&folder).unwrap();
    let (status, words) = desk.run(&["keymap", "check"]);
    assert_eq!(status, Some(0), "{words}");
    let wrong = "context = \"queue\"\n\n[[bind]]\non = [\"f8\"]\nrun = \"queue.sort\"\nzh = \"排\"\nen = \"Sort\"\n\n\
                 [[bind]]\non = [\"f8\"]\nrun = \"queue.advance\"\nzh = \"办\"\nen = \"Do\"\n\n\
                 [[bind]]\non = [\"fx\"]\nrun = \"queue.waybill\"\nzh = \"运\"\nen = \"Bill\"\n";
    fs::write(folder.join("queue.toml"), wrong).unwrap();
    let (status, words) = desk.run(&["keymap", "check"]);
    assert_ne!(status, Some(0), "{words}");
    for named in ["queue.toml:9", "queue.sort", "queue.advance", "queue.toml:15", "fx"] {
        assert!(words.contains(named), "{named} is not in\n{words}");
    }
    let terminal = desk.terminal(&[], &[], (80, 24));
    terminal.wait_for_text("queue.toml");
    sign_in(&terminal, "zhuguan");
    terminal.wait_for("the keys that are right", |screen| row(screen, 23).contains("9菜单 10退出程序 12取消"));
}

#[test]
fn an_overlay_that_moves_a_key_changes_the_bar() {
    let desk = Desk::new();
    let folder = desk.path().join("keymaps");
    fs::create_dir(&folder).unwrap();
    let moved = "context = \"queue\"\n\n[[bind]]\non = [\"f7\"]\nrun = \"queue.advance\"\nzh = \"签字\"\nen = \"Sign\"\nconfirm = \"pin\"\n\n\
                 [[bind]]\non = [\"f8\"]\nrun = \"view.cycle\"\nzh = \"看单\"\nen = \"See\"\n";
    fs::write(folder.join("queue.toml"), moved).unwrap();
    let terminal = desk.clerk("yunying");
    terminal
        .wait_for("the keys as moved", |screen| row(screen, 23).contains("7签字") && row(screen, 23).contains("8看单"));
}

#[test]
fn a_scan_in_any_list_finds_or_says_no_and_does_nothing() {
    let desk = Desk::new();
    let terminal = desk.clerk("zhuguan");
    let before = desk.journal();
    // The queue, all orders, the payments, the dealers.
    for (keys, title) in
        [(&b""[..], "3 待发货"), (b"\x1b[18~", "订单"), (b"\x1bOR\x1b[Z", "2 到账"), (b"\x1b[Z", "1 经销商")]
    {
        terminal.keys(keys);
        terminal.wait_for(title, |screen| row(screen, 1).contains(title));
        terminal.keys(format!("{STRANGE}\r").as_bytes());
        terminal.wait_for_text(&format!("没有 {STRANGE}"));
        terminal.with(|screen| assert!(!screen.contents().contains("+---"), "{}", screen.contents()));
    }
    terminal.keys(b"\x1b[B");
    terminal.keys(b"D00003xx");
    terminal.wait_for("a burst without Enter filters", |screen| row(screen, 1).contains("D00003xx"));
    assert_eq!(desk.journal(), before);
}
