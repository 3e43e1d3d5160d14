//! The department's main job, from a dealer's file to goods that leave, through the desk alone.

use crate::support::rehearsal::Rehearsal;
use serde_json::{Value, json};

fn paid_order(books: &mut Rehearsal) -> String {
    let order = books.accept(
        "clerk",
        json!({"do": "enter_order", "dealer": "D00001", "lines": [{"article": "A1", "quantity": "10"}]}),
    );
    order["order"].as_str().unwrap().to_owned()
}

fn sign_all(books: &mut Rehearsal, order: &str) {
    for person in ["boss", "promo", "sales"] {
        let seen = books.fingerprint(order);
        books.accept(person, json!({"do": "sign_shipment", "order": order, "seen": seen}));
    }
}

#[test]
fn a_payment_becomes_a_signed_shipment() {
    let mut books = Rehearsal::furnished();
    let order = paid_order(&mut books);
    assert_eq!(books.order(&order)["state"], "money");
    // 10 x 8.00 at the tier; free shipping from 50.00.
    let flow = books.pay("wang@example.com", "80.00", "LS-1");
    let confirm = json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": [{"order": order, "amount": "80.00"}]});
    books.refuse("clerk", confirm.clone(), "M3.0");
    books.accept("money", confirm.clone());
    books.refuse("money", confirm, "G5");
    assert_eq!(books.order(&order)["state"], "signing");
    books.refuse("keeper", json!({"do": "pack_shipment", "order": order}), "M4.2");
    sign_all(&mut books, &order);
    let seen = books.fingerprint(&order);
    books.refuse("boss", json!({"do": "sign_shipment", "order": order, "seen": seen}), "M4.2");
    books.accept("keeper", json!({"do": "pack_shipment", "order": order}));
    books.refuse("keeper", json!({"do": "ship_shipment", "order": order}), "M4.3");
    books.accept("keeper", json!({"do": "note_waybill", "order": order, "carrier": "sf", "number": "SF1402345678901"}));
    let shipped = books.accept("keeper", json!({"do": "ship_shipment", "order": order}));
    assert_eq!(shipped["late"], Value::Bool(false));
    books.refuse("keeper", json!({"do": "ship_shipment", "order": order}), "G5");
    assert_eq!(books.stock("A1"), "90");
    books.verify();
}

#[test]
fn money_from_a_stranger_settles_at_retail() {
    let mut books = Rehearsal::furnished();
    let order = paid_order(&mut books);
    let flow = books.pay("stranger@example.com", "80.00", "LS-1");
    let confirm = json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": [{"order": order, "amount": "80.00"}]});
    let refused = books.refuse("money", confirm.clone(), "M1.1b");
    assert_eq!(refused["facts"]["tier_total"], "80.00");
    assert_eq!(refused["facts"]["retail_total"], "112.00");
    let mut accepted = confirm;
    accepted["accept_retail"] = Value::Bool(true);
    books.accept("money", accepted);
    assert_eq!(books.order(&order)["state"], "money");
    let rest = books.pay("wang@example.com", "32.00", "LS-2");
    books.accept("money", json!({"do": "confirm_payment", "payment": rest, "dealer": "D00001", "orders": [{"order": order, "amount": "32.00"}]}));
    assert_eq!(books.order(&order)["state"], "signing");
    books.verify();
}

#[test]
fn a_changed_order_voids_the_signatures_and_keeps_the_surplus() {
    let mut books = Rehearsal::furnished();
    let order = paid_order(&mut books);
    let flow = books.pay("wang@example.com", "100.00", "LS-1");
    let shares = json!([{"order": order, "amount": "80.00"}]);
    books.accept(
        "money",
        json!({"do": "confirm_payment", "payment": flow, "dealer": "D00001", "orders": shares, "to_credit": "20.00"}),
    );
    sign_all(&mut books, &order);
    let to = json!({"name": "x", "address": "成都市"});
    let lines = json!([{"article": "A1", "quantity": "7"}]);
    let changed =
        books.accept("clerk", json!({"do": "change_order", "order": order, "content": 1, "lines": lines, "to": to}));
    assert_eq!(changed["signatures_void"], 3);
    assert_eq!(changed["back"]["to_credit"], "24.00");
    assert_eq!(books.order(&order)["state"], "signing");
    books.accept("clerk", json!({"do": "cancel_order", "order": order, "reason": "客户不要了"}));
    books.accept("money", json!({"do": "return_credit", "dealer": "D00001", "amount": "100.00", "reason": "退款"}));
    books.verify();
}
