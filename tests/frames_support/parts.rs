//! Pictures of the parts, kept as text with a map of their styles. `UPDATE_FRAMES=1` rewrites them.

use crate::frames_support::{assert_frame, drawn, every_size};
use ratatui::layout::Rect;
use taizhang::domain::time::Moment;
use taizhang::ui::Pen;
use taizhang::ui::locale::{Lang, Words};
use taizhang::ui::look::{Look, Tone};
use taizhang::ui::part::dialog::Dialog;
use taizhang::ui::part::field::Field;
use taizhang::ui::part::form::{Form, Step};
use taizhang::ui::part::grid::{Column as GridColumn, Grid, Shown};
use taizhang::ui::part::input::Kind;
use taizhang::ui::part::list::{Cell, Column, List, Picture, Row, Travel};
use taizhang::ui::part::menu::{Item, Menu};
use taizhang::ui::part::scroll::{self, Line, Scroll};
use taizhang::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "list.number", least: 12, most: 12, align: Align::Left, rank: 0 },
    Column { title: "form.remark", least: 12, most: 30, align: Align::Left, rank: 1 },
    Column { title: "form.remark", least: 12, most: 14, align: Align::Right, rank: 2 },
    Column { title: "form.remark", least: 4, most: 8, align: Align::Left, rank: 3 },
];

const NAMES: [&str; 5] = ["成都文轩图书专营店", "重庆新华书店网络部", "阿依·买买提", "乐山“新知”书店", "Lake & Co"];

fn list() -> List<u32> {
    let row = |id: u32| Row {
        id,
        cells: vec![
            Cell::plain(format!("XS26110000{id:02}")),
            Cell::plain(NAMES[id as usize % NAMES.len()]),
            Cell::plain(format!("{id},200.00")),
            if id == 1 { Cell::toned("超时", Tone::Late) } else { Cell::toned("将到", Tone::Soon) },
        ],
    };
    let mut list = List::default();
    list.fit(20);
    list.show((1..=9).map(row).collect());
    list.travel(Travel::Down);
    list
}

fn picture(words: &Words) -> Picture<'_> {
    Picture {
        columns: COLUMNS,
        titles: vec!["单号", "经销商", "款额", "状态"],
        number: words.say("list.number"),
        focused: true,
        empty: words.say("list.empty"),
        look: Look::Mono,
    }
}

fn form() -> Form {
    let column = |name, kind, begins| GridColumn { name, label: "form.remark", kind, cells: 14, begins, lookup: false };
    let grid = Grid::new(
        vec![column("article", Kind::Code, ""), column("quantity", Kind::Quantity, "1")],
        vec![Shown { label: "form.remark", cells: 20, align: Align::Left }],
    );
    let mut form = Form::new(
        vec![
            Field::line("name", "form.remark", Kind::Text).needed().holding("成都文轩图书专营店"),
            Field::choice("tier", "form.remark", vec![("a".into(), "一级".into()), ("b".into(), "二级".into())]),
            Field::line("paid", "form.remark", Kind::Money).holding("12.345"),
        ],
        Some(grid),
    );
    form.step(Step::Commit);
    form
}

fn dialog() -> Dialog {
    let passphrase = Field::line("passphrase", "dialog.passphrase", Kind::Passphrase).needed();
    let lines = ["单号  XS2611000002   重庆新华书店网络部   43件", "款额  12,680.00 已核对"].map(String::from).to_vec();
    Dialog::new("签核: 电商主管 (第 1 方)".into(), lines, "签核".into())
        .with_code(Moment::from_micros(37_000))
        .with_fields(vec![passphrase])
}

fn menu() -> Menu {
    let item = |number, words: &str, keys: &str, remark: &str| Item {
        act: words.into(),
        number,
        words: words.into(),
        keys: keys.into(),
        remark: remark.into(),
    };
    let items = vec![
        item(Some(1), "签核", "F8 a", "要口令"),
        item(Some(2), "取消订单", "Del", "已付款: 先退款"),
        item(Some(0), "退出程序", "F10", ""),
    ];
    Menu::new("菜单: 待发货 XS2611000002".into(), items)
}

#[test]
fn a_list_at_three_sizes() {
    let words = Words::load(Lang::Zh);
    for (width, height) in [(80, 12), (40, 8), (30, 8)] {
        let frame = drawn(width, height, |area, buf| {
            picture(&words).render(&list(), area, buf);
            None
        });
        assert_frame(&format!("part_list_{width}x{height}"), &frame);
    }
}

#[test]
fn a_form_with_a_fault_and_lines() {
    for lang in Lang::ALL {
        let words = Words::load(lang);
        let pen = Pen::timeless(&words, Look::Mono);
        let frame = drawn(80, 10, |area, buf| form().render(area, buf, pen));
        assert_frame(&format!("part_form_{lang:?}").to_lowercase(), &frame);
    }
}

#[test]
fn a_question_over_a_chinese_list_shows_both_borders() {
    let words = Words::load(Lang::Zh);
    let pen = Pen::timeless(&words, Look::Mono);
    for width in [80, 81, 82] {
        let frame = drawn(width, 14, |area, buf| {
            picture(&words).render(&list(), area, buf);
            dialog().render(area, buf, pen)
        });
        let boxed = frame.glyphs.lines().filter(|row| row.contains('|') || row.contains("+-")).count();
        let both =
            frame.glyphs.lines().filter(|row| row.matches('|').count() == 2 || row.matches('+').count() == 2).count();
        assert!(boxed >= 7 && boxed == both, "{}", frame.glyphs);
        assert_frame(&format!("part_dialog_{width}"), &frame);
    }
}

#[test]
fn a_menu_and_a_text() {
    let words = Words::load(Lang::Zh);
    let pen = Pen::timeless(&words, Look::Mono);
    assert_frame("part_menu", &drawn(80, 10, |area, buf| menu().render(area, buf, pen)));
    let lines = (0..9).map(|n| if n % 4 == 0 { Line::title("签核") } else { Line::plain("财务 11-23 15:31 已签") });
    let mut text = Scroll::new(lines.collect());
    text.fit(40, 5);
    assert_frame(
        "part_text",
        &drawn(40, 5, |area, buf| {
            text.render(area, buf, pen);
            None
        }),
    );
}

#[test]
fn the_mark_of_what_has_no_room_stands_beside_the_text_and_covers_none_of_it() {
    let words = Words::load(Lang::Zh);
    let pen = Pen::timeless(&words, Look::Mono);
    let said = "盘点单 PD000001 已点 118 行; sheet A is handed in, sheet B is being counted by two people 复盘";
    let lines = vec![Line::plain(said); 7];
    let rows = |width: u16, height: u16, scrolls: bool| {
        let seen = drawn(width, height, |area, buf| {
            let mut text = Scroll::new(lines.clone());
            text.fit(width.into(), height.into());
            if scrolls {
                text.render(area, buf, pen)
            } else {
                scroll::render(&lines, area, buf, pen)
            }
            None
        });
        seen.glyphs.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut gave_way = 0;
    for (width, height) in (13..90).flat_map(|width| (1..5).map(move |height| (width, height))) {
        for scrolls in [true, false] {
            // One row further down the same row is not the last one.
            let whole = &rows(width, height + 1, scrolls)[usize::from(height) - 1];
            let last = &rows(width, height, scrolls)[usize::from(height) - 1];
            let (shown, more) = last.rsplit_once(" +").unwrap_or_else(|| panic!("{last}"));
            let below = scroll::rows(&lines, width.into()) - usize::from(height);
            let left = whole.strip_prefix(shown.trim_end()).unwrap_or_else(|| panic!("{last} of {whole}"));
            let is_whole = left.is_empty();
            assert_eq!(more.parse(), Ok(below + usize::from(!is_whole)), "{width}x{height}: {last} of {whole}");
            let in_a_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            let parted = in_a_word(shown.trim_end().chars().last()) && in_a_word(left.chars().next());
            assert!(!parted || width < 30, "{width}x{height}: {last} of {whole}");
            gave_way += usize::from(!is_whole);
        }
    }
    assert!(gave_way > 100, "{gave_way}");
}

#[test]
fn every_part_can_be_drawn_at_every_size() {
    for lang in Lang::ALL {
        let words = Words::load(lang);
        let pen = Pen::timeless(&words, Look::Colour);
        let (list, form, dialog, menu) = (list(), form(), dialog(), menu());
        let text = Scroll::new(NAMES.map(Line::plain).to_vec());
        let keys = [(1, "帮助"), (8, "签核"), (12, "取消")];
        every_size(|area, buf| {
            picture(&words).render(&list, area, buf);
            None
        });
        every_size(|area, buf| form.render(area, buf, pen));
        every_size(|area, buf| dialog.render(area, buf, pen));
        every_size(|area, buf| menu.render(area, buf, pen));
        every_size(|area, buf| {
            text.render(area, buf, pen);
            taizhang::ui::part::bar::render(&keys, Rect { height: area.height.min(1), ..area }, buf, Look::Mono);
            None
        });
    }
}
