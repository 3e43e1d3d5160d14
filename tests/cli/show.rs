//! The lists: stable names in JSON, cells in tables, formulas neutralised, secrets masked for who may not see them.

use serde_json::{Value, json};
use taizhang::ui::text;
use taizhang::verbs::schema::schema;
use taizhang::verbs::show::What;

use super::verbs::{OWNER, Served, Typed, ledger, who};

pub fn worked() -> Served {
    let served = Served::furnished();
    let order = r#"{"as":"clerk","at":"2026-11-02T09:10:00+08:00","do":"enter_order","dealer":"D00001","lines":[{"article":"A1","quantity":"10"}],"remark":"=1+1"}"#;
    let referred = r#"{"as":"clerk","do":"refer_customer","name":"散客","contact":"13900001111"}"#;
    let (status, answers, _) =
        served.post(OWNER, json!({"person": null, "proof": false, "tty": ""}), &[order, order, referred].join("\n"));
    assert_eq!(status, 0, "{answers:?}");
    served.import("a.csv", &ledger(&[("A1", "wang@example.com", 8_000), ("A2", "li@example.com", 100)]), json!({}));
    served.import("b.csv", &ledger(&[("A1", "wang@example.com", 8_001)]), json!({}));
    let confirm = r#"{"as":"money","do":"confirm_payment","payment":"LS00000001","dealer":"D00001","orders":[{"order":"XS2611000001","amount":"80.00"}],"judgement":{"registered":true,"reason":"老账号"}}"#;
    served.post(OWNER, json!({"person": null, "proof": false, "tty": ""}), confirm);
    super::counts::confirmed(&served);
    served
}

/// The same, with goods that left and a day that was closed.
pub fn sent() -> Served {
    let served = worked();
    let lines = [
        r#"{"as":"clerk","do":"enter_tmall_order","number":"TM1","buyer":"李四","paid_at":"2026-11-02T08:00:00+08:00","lines":[{"article":"A1","quantity":"3"}],"to":{"name":"李四","phone":"13700000000","address":"成都"}}"#,
        r#"{"as":"keeper","do":"pack_shipment","order":"XS2611000003"}"#,
        r#"{"as":"keeper","do":"note_waybill","order":"XS2611000003","carrier":"sf","number":"SF1402345678901"}"#,
        r#"{"as":"keeper","do":"ship_shipment","order":"XS2611000003"}"#,
        r#"{"as":"keeper","do":"define_place","code":"P-01","name":"一号货架"}"#,
        r#"{"as":"clerk","do":"enter_bill","number":"F1","factory":"厂","day":"2026-11-02","lines":[{"article":"A1","quantity":"10"}]}"#,
        r#"{"as":"keeper","do":"receive_bill","bill":"ZD000001","lines":[{"article":"A1","quantity":"9"}],"last":true}"#,
        r#"{"as":"clerk","do":"submit_requisition","factory":"厂","lines":[{"article":"A1","quantity":"20"}]}"#,
        r#"{"as":"keeper","do":"note_visitor","name":"周","purpose":"盘点"}"#,
        r#"{"as":"keeper","do":"note_check","shift":"opening","doors":"后门没锁","power":"","goods":""}"#,
        r#"{"as":"boss","do":"propose_for_slow","article":"A1","proposal":"搭赠"}"#,
        r#"{"as":"boss","do":"close_day","day":"2026-11-03"}"#,
    ];
    let (status, answers, _) =
        served.post(OWNER, json!({"person": null, "proof": false, "tty": ""}), &lines.join("\n"));
    assert_eq!(status, 0, "{answers:?}");
    served
}

/// The same a day later, when what left counts as sold, a promotion has given something and every list has rows.
pub fn sold() -> Served {
    let mut served = sent();
    served.office.clock = || "2026-11-04T10:00:00+08:00".parse().unwrap();
    let lines = [
        r#"{"as":"admin","do":"appoint_person","code":"sales","name":"运营","roles":["sales_ops_supervisor"]}"#,
        r#"{"as":"clerk","do":"draft_promotion","terms":{"name":"买二送一","first":"2026-11-01","last":"2026-11-30","article":"A1","buy":"2","gift":"A1","free":"1","expected":"10"}}"#,
        r#"{"as":"clerk","do":"submit_promotion","promotion":"CX000001","version":1}"#,
        r#"{"as":"sales","do":"confirm_promotion","promotion":"CX000001","version":1}"#,
        r#"{"as":"promo","do":"confirm_promotion","promotion":"CX000001","version":1}"#,
        r#"{"as":"clerk","do":"enter_tmall_order","number":"TM2","buyer":"李四","paid_at":"2026-11-04T08:00:00+08:00","lines":[{"article":"A1","quantity":"2"}],"promotions":["CX000001"],"to":{"name":"李四","phone":"13700000000","address":"成都"}}"#,
        r#"{"as":"keeper","do":"pack_shipment","order":"XS2611000004"}"#,
        r#"{"as":"keeper","do":"note_waybill","order":"XS2611000004","carrier":"sf","number":"SF1402345678902"}"#,
        r#"{"as":"keeper","do":"ship_shipment","order":"XS2611000004"}"#,
    ];
    let (status, answers, _) =
        served.post(OWNER, json!({"person": null, "proof": false, "tty": ""}), &lines.join("\n"));
    assert_eq!(status, 0, "{answers:?}");
    served
}

pub fn show(served: &Served, what: What, form: &str, person: Option<&str>, filter: Value) -> String {
    let who = person.map_or(json!({"person": null, "proof": false, "tty": ""}), who);
    let mut all = json!({"from": null, "to": null, "dealer": null, "state": null, "only": null, "limit": null});
    all.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
    let args = json!({"who": who, "lang": "zh", "what": what, "form": form, "filter": all});
    let mut caller = Typed::new(OWNER, b"");
    let status = served.call("show", args, &mut caller);
    assert_eq!(status, 0, "{}", String::from_utf8_lossy(&caller.error));
    caller.text()
}

/// What `show` says where it refuses a filter, in `lang`.
fn refused(served: &Served, what: What, lang: &str, filter: Value) -> String {
    let mut all = json!({"from": null, "to": null, "dealer": null, "state": null, "only": null, "limit": null});
    all.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
    let who = json!({"person": null, "proof": false, "tty": ""});
    let args = json!({"who": who, "lang": lang, "what": what, "form": "json", "filter": all});
    let mut caller = Typed::new(OWNER, b"");
    assert_eq!(served.call("show", args, &mut caller), 2, "{} {filter}: {}", what.key(), caller.text());
    assert_eq!(caller.text(), "", "{} {filter}", what.key());
    String::from_utf8(caller.error.clone()).unwrap()
}

pub fn rows(served: &Served, what: What, filter: Value) -> Vec<Value> {
    serde_json::from_str(&show(served, what, "json", None, filter)).unwrap()
}

#[test]
fn every_list_gives_rows_of_its_schema() {
    let served = sold();
    let schema = schema();
    for what in What::ALL {
        let validator = jsonschema::validator_for(&schema["show"][what.key()]).unwrap();
        let rows = rows(&served, *what, json!({}));
        assert!(!rows.is_empty(), "{}", what.key());
        for row in rows {
            let faults: Vec<String> = validator.iter_errors(&row).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{} {row} {faults:?}", what.key());
        }
    }
}

#[test]
fn filters_narrow_a_list() {
    let served = worked();
    assert_eq!(rows(&served, What::Orders, json!({})).len(), 2);
    assert_eq!(rows(&served, What::Orders, json!({"limit": 1}))[0]["order"], "XS2611000002");
    assert_eq!(rows(&served, What::Orders, json!({"state": "money"})).len(), 1);
    assert_eq!(rows(&served, What::Orders, json!({"only": "XS2611000001"}))[0]["state"], "signing");
    assert_eq!(rows(&served, What::Orders, json!({"dealer": "D00001"})).len(), 2);
    assert_eq!(rows(&served, What::Ledger, json!({"dealer": "D00001"})).len(), 0);
    assert_eq!(rows(&served, What::Orders, json!({"from": "2026-11-03"})).len(), 0);
    assert_eq!(rows(&served, What::Orders, json!({"to": "2026-11-02"})).len(), 2);
    // Numbers tell the months of one century apart; the days of a filter are of any.
    for (filter, wanted) in [
        (json!({"to": "1926-11-30"}), 0),
        (json!({"to": "2126-10-01"}), 2),
        (json!({"to": "9999-12-31"}), 2),
        (json!({"from": "1926-12-01"}), 2),
        (json!({"from": "2126-01-01"}), 0),
    ] {
        assert_eq!(rows(&served, What::Orders, filter.clone()).len(), wanted, "{filter}");
    }
    assert_eq!(rows(&served, What::Payments, json!({"state": "open"})).len(), 1);
    assert_eq!(rows(&served, What::Payments, json!({"state": "done"}))[0]["orders"][0]["order"], "XS2611000001");
    assert_eq!(rows(&served, What::Queue, json!({"state": "signing"})).len(), 1);
    assert_eq!(rows(&served, What::Stock, json!({}))[0]["on_hand"], "100");
    assert_eq!(rows(&served, What::Stock, json!({"to": "2026-11-01"}))[0]["on_hand"], "0");
    assert_eq!(rows(&served, What::Journal, json!({"state": "order_entered"})).len(), 2);
    assert_eq!(rows(&served, What::Journal, json!({"from": "2026-11-04"})).len(), 0);
    assert_eq!(rows(&served, What::Dealers, json!({"state": "incomplete"})).len(), 0);
}

#[test]
fn a_filter_that_names_nothing_is_refused() {
    let served = sold();
    for what in What::ALL.iter().copied() {
        let states = what.states();
        for (lang, none, known) in [("zh", "没有状态", "没有 bogus 这个状态"), ("en", "no states", "no state bogus")]
        {
            let said = refused(&served, what, lang, json!({"state": "bogus"}));
            assert!(said.contains(if states.is_empty() { none } else { known }), "{}: {said}", what.key());
            assert!(states.iter().all(|state| said.contains(state.as_str())), "{}: {said}", what.key());
            let said = refused(&served, what, lang, json!({"dealer": "NOBODY"}));
            assert!(said.contains("NOBODY"), "{}: {said}", what.key());
            assert!(refused(&served, what, lang, json!({"place": "Z-99"})).contains("Z-99"));
            assert!(refused(&served, what, lang, json!({"of": "nobody"})).contains("nobody"));
        }
        // Every state that a row has is one that may be asked for.
        for row in rows(&served, what, json!({})) {
            let name = &row[if what == What::Journal { "name" } else { "state" }];
            let state = [name, &row["stage"], &row["side"]].into_iter().find_map(Value::as_str);
            let state = state.filter(|_| !states.is_empty() && what != What::Dealers);
            assert!(state.is_none_or(|state| states.iter().any(|known| known == state)), "{}: {row}", what.key());
        }
        for state in states {
            show(&served, what, "json", None, json!({ "state": state }));
        }
    }
    assert!(What::Journal.states().len() > 80);
}

#[test]
fn an_object_that_is_not_there_is_refused() {
    let served = sold();
    let without = [What::Settings, What::Factory, What::Month];
    for what in What::ALL.iter().copied().filter(|what| !without.contains(what)) {
        for only in ["nothing", "XS2611099999", "0"] {
            let said = refused(&served, what, "en", json!({ "only": only }));
            assert!(said.contains(only), "{}: {said}", what.key());
        }
    }
    // What is there is not refused, though a list may have no row about it now.
    for (what, only, wanted) in [
        (What::Orders, "XS2611000003", 1),
        (What::Queue, "XS2611000003", 0),
        (What::Ledger, "a1", 3),
        (What::Ledger, "XS2611000001", 0),
        (What::Bills, "F1", 1),
        (What::Bills, "ZD000001", 1),
        (What::Reports, "ZD000001", 1),
        (What::Days, "2026-11-03", 1),
        (What::Mail, "2026-11-01", 0),
        (What::Promotions, "买二送一", 1),
        (What::Gifts, "2026-11", 1),
        (What::Gifts, "2026-10", 0),
        (What::Journal, "1", 1),
        (What::People, "CLERK", 1),
        (What::Places, "p-01", 1),
        (What::Settlements, "2026-10", 1),
    ] {
        assert_eq!(rows(&served, what, json!({ "only": only })).len(), wanted, "{} {only}", what.key());
    }
}

#[test]
fn the_ledger_the_days_and_the_month_are_lists() {
    let served = sent();
    let line = &rows(&served, What::Ledger, json!({"from": "2026-11-03", "to": "2026-11-03"}))[0];
    for (field, wanted) in [
        ("order", "XS2611000003"),
        ("channel", "shop"),
        ("article", "A1"),
        ("quantity", "3"),
        ("amount", "30.00"),
        ("waybill", "SF1402345678901"),
        ("stock_after", "97"),
        ("by", "仓管"),
    ] {
        assert_eq!(line[field], wanted, "{line}");
    }
    assert_eq!(rows(&served, What::Ledger, json!({"from": "2026-11-04"})).len(), 0);
    assert_eq!(rows(&served, What::Ledger, json!({"dealer": "D00001"})).len(), 0);
    let day = &rows(&served, What::Days, json!({}))[0];
    assert_eq!((&day["state"], &day["net"], &day["payments"]), (&json!("closed"), &json!("30.00"), &json!(1)), "{day}");
    let month = &rows(&served, What::Month, json!({"only": "2026-11"}))[0];
    assert_eq!((&month["begun"], &month["gone"], &month["closing"]), (&json!("100"), &json!("-3"), &json!("106")));
    assert_eq!((&month["value"], &month["sold"]), (&json!("1060.00"), &json!("30.00")), "{month}");
    for (month, opening, gone, closing) in [
        ("2026-12", "106", "0", "106"),
        ("2126-11", "106", "0", "106"),
        ("2026-10", "0", "0", "0"),
        ("1926-11", "0", "0", "0"),
        ("0000-01", "0", "0", "0"),
        ("9999-12", "106", "0", "106"),
    ] {
        let row = &rows(&served, What::Month, json!({"only": month}))[0];
        assert_eq!((&row["opening"], &row["gone"]), (&json!(opening), &json!(gone)), "{row}");
        assert_eq!((&row["month"], &row["closing"]), (&json!(month), &json!(closing)), "{row}");
    }
}

#[test]
fn what_is_no_month_is_said() {
    let served = worked();
    for text in ["2026-13", "2026", "12026-11", "262142-12", "-0001-11", "十一月"] {
        let mut caller = Typed::new(OWNER, b"");
        let filter = json!({"from": null, "to": null, "dealer": null, "state": null, "only": text, "limit": null});
        let who = json!({"person": null, "proof": false, "tty": ""});
        let args = json!({"who": who, "lang": "zh", "what": What::Month, "form": "json", "filter": filter});
        assert_ne!(served.call("show", args, &mut caller), 0, "{text}");
        assert!(String::from_utf8_lossy(&caller.error).contains("不是月份"), "{text}");
    }
}

#[test]
fn a_row_tells_a_signer_what_to_sign() {
    let served = worked();
    let order = &rows(&served, What::Orders, json!({"only": "XS2611000001"}))[0];
    let seen = order["shipments"][0]["seen"].as_str().unwrap();
    let sign = json!({"as": "boss", "do": "sign_shipment", "order": "XS2611000001", "seen": seen}).to_string();
    let (status, answers, _) = served.post(OWNER, who("boss"), &sign);
    assert_eq!(status, 0, "{answers:?}");
}

#[test]
fn tables_are_aligned_in_cells_and_say_states_in_words() {
    let served = sold();
    for what in What::ALL {
        let table = show(&served, *what, "table", None, json!({}));
        let mut lines = table.lines();
        let (head, rule) = (lines.next().unwrap(), lines.next().unwrap());
        assert!(text::width(head) <= text::width(rule), "{table}");
        assert!(!table.contains("show_column."), "a column has no name: {table}");
        assert!(table.lines().all(|line| !text::is_ambiguous(line)), "{table}");
    }
    let orders = show(&served, What::Orders, "table", None, json!({}));
    assert!(orders.contains("待签") && orders.contains("待款"), "{orders}");
    assert_eq!(show(&served, What::Orders, "table", None, json!({"state": "cancelled"})).lines().count(), 1);
    assert_eq!(show(&served, What::Orders, "json", None, json!({"state": "cancelled"})), "[]\n");
}

#[test]
fn a_csv_holds_no_formula() {
    let served = worked();
    let csv = show(&served, What::Orders, "csv", None, json!({}));
    assert!(csv.contains("'=1+1") && !csv.contains(",=1+1"), "{csv}");
    let flows = show(&served, What::Payments, "csv", None, json!({}));
    assert!(flows.contains("'=cmd|"), "{flows}");
}

#[test]
fn accounts_and_phones_are_masked_for_who_may_not_see_them() {
    let served = worked();
    for (person, phone, account) in
        [(None, true, true), (Some("money"), true, true), (Some("keeper"), true, false), (Some("promo"), false, false)]
    {
        let dealers = show(&served, What::Dealers, "json", person, json!({}));
        assert_eq!(dealers.contains("13800000000"), phone, "{person:?}");
        assert_eq!(dealers.contains("wang@example.com"), account, "{person:?}");
        let flows = show(&served, What::Payments, "json", person, json!({}));
        assert_eq!(flows.contains("li@example.com"), account, "{person:?}");
    }
}
