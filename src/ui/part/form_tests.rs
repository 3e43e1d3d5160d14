use super::*;
use crate::ui::part::grid::Column;

fn form() -> Form {
    let column = |name, kind, begins, lookup| Column { name, label: "form.remark", kind, cells: 14, begins, lookup };
    Form::new(
        vec![
            Field::line("dealer", "form.remark", Kind::Code).needed().with_lookup(),
            Field::line("paid", "form.remark", Kind::Money),
            Field::line("remark", "form.remark", Kind::Text).after("整件发"),
        ],
        Some(Grid::new(
            vec![column("article", Kind::Code, "", true), column("quantity", Kind::Quantity, "1", false)],
            vec![],
        )),
    )
}

#[test]
fn enter_goes_on_and_never_commits() {
    let mut form = form();
    form.typed("CD01");
    let came: Vec<Came> = (0..9).map(|_| form.step(Step::Enter)).collect();
    assert!(!came.contains(&Came::Commit));
    assert_eq!(came.last(), Some(&Came::AtEnd));
    assert_eq!(form.step(Step::Commit), Came::Commit);
}

#[test]
fn a_field_that_objects_keeps_the_cursor() {
    let mut form = form();
    assert_eq!(form.step(Step::Enter), Came::Changed);
    assert_eq!((form.field_at(), form.fields[0].fault.as_deref()), (Some(0), Some("input.needed")));
    assert_eq!(form.step(Step::Commit), Came::Changed);
    form.typed("CD01");
    form.step(Step::Enter);
    form.typed("1.234");
    form.step(Step::Enter);
    assert_eq!((form.field_at(), form.fields[1].fault.as_deref()), (Some(1), Some("input.not_an_amount")));
}

#[test]
fn non_ascii_in_a_code_is_refused_whole_with_a_bell() {
    let mut form = form();
    assert_eq!(form.typed("CD三"), Came::Refused(Refused::NotAscii));
    assert_eq!(form.text("dealer"), "");
    form.typed("ＣＤ０１");
    assert_eq!(form.text("dealer"), "CD01");
}

#[test]
fn up_from_the_lines_goes_back_to_the_fields() {
    let mut form = form();
    form.set("dealer", "CD01");
    for _ in 0..3 {
        assert_eq!(form.step(Step::Enter), Came::Changed);
    }
    assert_eq!((form.field_at(), form.focus()), (None, Focus::Code));
    form.typed("A1");
    form.step(Step::Enter);
    assert_eq!(form.focus(), Focus::Quantity);
    form.step(Step::Previous);
    assert_eq!((form.field_at(), form.focus()), (Some(2), Focus::Text));
}

#[test]
fn what_was_typed_last_time_comes_by_a_key() {
    let mut form = form();
    form.set("dealer", "CD01");
    form.step(Step::Next);
    form.step(Step::Next);
    assert_eq!(form.step(Step::Copy), Came::Changed);
    assert_eq!(form.text("remark"), "整件发");
    form.step(Step::Clear);
    form.step(Step::Undo);
    assert_eq!(form.text("remark"), "整件发");
}

#[test]
fn lookup_is_asked_where_there_is_one() {
    let mut form = form();
    assert_eq!(form.step(Step::Lookup), Came::Lookup("dealer"));
    form.step(Step::Next);
    assert_eq!(form.step(Step::Lookup), Came::Refused(Refused::NoPick));
    form.step(Step::NewLine);
    assert_eq!(form.step(Step::Lookup), Came::Lookup("article"));
}

#[test]
fn rows_are_pasted_into_lines_only_and_whole_or_not_at_all() {
    let mut form = form();
    assert_eq!(form.pasted("A 1\nB 2"), Came::Refused(Refused::NotHere));
    assert_eq!(form.pasted("CD01\n"), Came::Changed);
    form.step(Step::NewLine);
    assert_eq!(form.pasted("A1\t12\nB2 3.5\n"), Came::Changed);
    assert_eq!(form.grid.as_ref().unwrap().texts(), [["A1", "12"], ["B2", "3.5"]]);
    assert_eq!(form.pasted("C3 1\n茶 2"), Came::Refused(Refused::NotAscii));
    assert_eq!(form.grid.as_ref().unwrap().texts().len(), 2);
}

#[test]
fn an_objection_from_outside_shows_at_its_field() {
    let mut form = form();
    form.set("dealer", "XX");
    form.object("dealer", "没有这个经销商");
    assert_eq!(form.fields[0].fault.as_deref(), Some("没有这个经销商"));
    form.typed("1");
    assert_eq!(form.fields[0].fault, None);
}

#[test]
fn what_a_form_has_nothing_for_is_said() {
    let mut form = Form::new(vec![Field::line("name", "form.name", Kind::Text)], None);
    assert!(!form.can_copy() && !form.can_look_up());
    for (step, why) in [
        (Step::NewLine, Refused::NoLines),
        (Step::DropLine, Refused::NoLines),
        (Step::Copy, Refused::NoCopy),
        (Step::Lookup, Refused::NoPick),
    ] {
        assert_eq!(form.step(step), Came::Refused(why));
    }
}
