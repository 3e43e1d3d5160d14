//! The warehouse's and the closed day's part of the script: goods counted by two people and again by a third, goods
//! that come against a bill, a day that is closed.

use serde_json::json;

use crate::script::Step;

macro_rules! ask {
    ($steps:expr, $by:literal, $($json:tt)+) => { $steps.push(Step::Ask($by, json!({$($json)+}))) };
}

/// Goods that only this part moves.
fn furnish(steps: &mut Vec<Step>) {
    ask!(steps, "keeper", "do": "define_place", "code": "B-01", "name": "一号货架", "turn": 1);
    ask!(steps, "clerk", "do": "list_article", "code": "B1", "name": "八角", "unit": "斤", "location": "B-01");
    ask!(steps, "boss", "do": "set_price", "article": "B1", "price": "5.00", "from": "2026-11-02");
    ask!(steps, "keeper", "do": "receive_goods", "from": "opening", "lines": [{"article": "B1", "quantity": "10"}]);
}

/// A quarter's stocktake: a shortage of one, counted by three people, agreed by finance, confirmed.
fn count(steps: &mut Vec<Step>) {
    let take = "PD000001";
    ask!(steps, "office", "do": "open_stocktake", "kind": "quarterly", "articles": ["B1"], "counters": ["keeper", "office"], "present": ["money"]);
    ask!(steps, "keeper", "do": "count_goods", "stocktake": take, "place": "B-01", "code": "B1", "quantity": "3");
    ask!(steps, "keeper", "do": "correct_count", "stocktake": take, "to": "4");
    ask!(steps, "keeper", "do": "repeat_count", "stocktake": take);
    ask!(steps, "keeper", "do": "undo_count", "stocktake": take);
    ask!(steps, "office", "do": "count_goods", "stocktake": take, "place": "B-01", "code": "B1", "quantity": "9");
    ask!(steps, "keeper", "do": "submit_sheet", "stocktake": take);
    ask!(steps, "office", "do": "submit_sheet", "stocktake": take);
    ask!(steps, "office", "do": "appoint_recount", "stocktake": take, "people": ["promo"]);
    ask!(steps, "promo", "do": "count_goods", "stocktake": take, "place": "B-01", "code": "B1", "quantity": "9");
    ask!(steps, "promo", "do": "submit_sheet", "stocktake": take);
    ask!(steps, "boss", "do": "explain_difference", "stocktake": take, "article": "B1", "place": "B-01", "cause": "受潮", "party": "仓管", "proposal": "补亏");
    ask!(steps, "money", "do": "agree_stocktake", "stocktake": take);
    ask!(steps, "boss", "do": "confirm_stocktake", "stocktake": take);
    ask!(steps, "money", "do": "settle_claim", "claim": "PC000001", "reason": "转账 0231");
    ask!(steps, "office", "do": "open_stocktake", "kind": "any_day", "articles": ["B1"], "counters": ["keeper", "clerk"]);
    ask!(steps, "office", "do": "abandon_stocktake", "stocktake": "PD000002", "reason": "改期");
}

/// Goods come against a bill with one short, and move; some turn out damaged.
fn receive(steps: &mut Vec<Step>) {
    ask!(steps, "clerk", "do": "enter_bill", "number": "F1", "factory": "厂", "day": "2026-11-02", "lines": [{"article": "B1", "quantity": "10"}]);
    ask!(steps, "keeper", "do": "receive_bill", "bill": "ZD000001", "lines": [{"article": "B1", "quantity": "9"}], "last": true);
    ask!(steps, "shop", "do": "read_report", "report": "RK000003", "remark": "追厂家");
    ask!(steps, "keeper", "do": "define_place", "code": "B-02", "name": "二号货架", "turn": 2);
    ask!(steps, "keeper", "do": "move_goods", "to": "B-02", "lines": [{"article": "B1", "quantity": "2"}]);
    ask!(steps, "keeper", "do": "mark_damaged", "cause": "受潮", "lines": [{"article": "B1", "quantity": "1"}]);
    ask!(steps, "boss", "do": "settle_damaged", "outcome": "written_off", "reason": "霉变", "lines": [{"article": "B1", "quantity": "1"}]);
}

/// Goods are asked of the factory, billed, sent and received; another asking comes to nothing; October is settled.
fn purchase(steps: &mut Vec<Step>) {
    let asked = "YH000001";
    ask!(steps, "clerk", "do": "submit_requisition", "factory": "厂", "lines": [{"article": "B1", "quantity": "10"}]);
    ask!(steps, "office", "do": "acknowledge_requisition", "requisition": asked);
    ask!(steps, "clerk", "do": "enter_bill", "number": "F2", "factory": "厂", "day": "2026-11-02", "requisition": asked, "lines": [{"article": "B1", "quantity": "10"}]);
    ask!(steps, "clerk", "do": "note_sent", "requisition": asked, "day": "2026-11-02");
    ask!(steps, "keeper", "do": "receive_bill", "bill": "ZD000002", "lines": [{"article": "B1", "quantity": "10"}], "last": true);
    ask!(steps, "clerk", "do": "submit_requisition", "factory": "厂", "lines": [{"article": "B1", "quantity": "1"}]);
    ask!(steps, "boss", "do": "close_requisition", "requisition": "YH000002", "reason": "停产");
    ask!(steps, "boss", "do": "prepare_settlement", "month": "2026-10");
    ask!(steps, "money", "do": "confirm_settlement", "month": "2026-10", "payable": "0.00");
}

/// A visitor comes and goes, the warehouse is checked, and something is proposed for goods that lie.
fn keep(steps: &mut Vec<Step>) {
    ask!(steps, "keeper", "do": "note_visitor", "name": "周", "firm": "审计", "purpose": "盘点");
    ask!(steps, "keeper", "do": "note_visitor_left", "visitor": "LF000001");
    ask!(steps, "keeper", "do": "note_check", "shift": "closing", "doors": "后门没锁", "power": "", "goods": "");
    ask!(steps, "shop", "do": "read_check", "check": "JC000001", "remark": "换锁");
    ask!(steps, "keeper", "do": "propose_for_slow", "article": "B1", "proposal": "搭赠");
}

/// A list leaves the books, the ledger has somewhere to go, and the day is closed.
fn close(steps: &mut Vec<Step>) {
    ask!(steps, "office", "do": "note_export", "what": "dealers", "file": "xlsx", "rows": 2, "sha256": "0".repeat(64));
    ask!(steps, "admin", "do": "set_address", "person": "office", "address": "office@example.com");
    ask!(steps, "boss", "do": "close_day", "day": "2026-11-02");
    // Each step but a draft is an entry; the one that closed the day numbers its letters.
    let letter = steps.iter().filter(|step| !matches!(step, Step::Draft(_))).count();
    ask!(steps, "boss", "do": "hurry_letter", "letter": letter, "person": "office");
}

/// A promotion is drafted, rejected, revised, confirmed by both, gives a gift and is ended; last month's gifts are written off.
fn promote(steps: &mut Vec<Step>) {
    let terms = json!({"name": "买二送一", "first": "2026-11-01", "last": "2026-11-30", "article": "B1", "buy": "2",
        "gift": "B1", "free": "1", "expected": "10"});
    let asked = "CX000001";
    ask!(steps, "clerk", "do": "draft_promotion", "terms": terms);
    ask!(steps, "clerk", "do": "submit_promotion", "promotion": asked, "version": 1);
    ask!(steps, "promo", "do": "reject_promotion", "promotion": asked, "reason": "改期");
    ask!(steps, "clerk", "do": "revise_promotion", "promotion": asked, "version": 1, "terms": terms);
    ask!(steps, "clerk", "do": "submit_promotion", "promotion": asked, "version": 2);
    ask!(steps, "sales", "do": "confirm_promotion", "promotion": asked, "version": 2);
    ask!(steps, "promo", "do": "confirm_promotion", "promotion": asked, "version": 2);
    let (sold, to) = ("XS2611000008", json!({"name": "李", "address": "上海市"}));
    ask!(steps, "clerk", "do": "enter_tmall_order", "number": "TM-2", "buyer": "李小姐", "paid_at": "2026-11-02T08:30:00+08:00",
        "lines": [{"article": "B1", "quantity": "4"}], "to": to, "promotions": [asked]);
    ask!(steps, "keeper", "do": "pack_shipment", "order": sold);
    ask!(steps, "keeper", "do": "note_waybill", "order": sold, "carrier": "sf", "number": "SF1402345678908");
    ask!(steps, "keeper", "do": "ship_shipment", "order": sold);
    ask!(steps, "keeper", "do": "take_back_goods", "order": sold, "lines": [[1, "1"], [2, "1"]], "reason": "破损");
    ask!(steps, "boss", "do": "end_promotion", "promotion": asked, "reason": "缺货");
    ask!(steps, "boss", "do": "prepare_write_off", "month": "2026-10");
    ask!(steps, "money", "do": "confirm_write_off", "month": "2026-10", "amount": "0.00");
}

/// All of it, after the rest of the script.
pub fn steps(steps: &mut Vec<Step>) {
    furnish(steps);
    count(steps);
    receive(steps);
    purchase(steps);
    keep(steps);
    promote(steps);
    close(steps);
}
