//! Who may do what, exhaustively: `permits.txt` against the program, for roles, commands and states of an order.
//!
//! The table is written from the rulebook and never from the code. Every set of roles meets every command; every role, every
//! pair and all roles together meet every command in every state, through the desk.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use taizhang::desk::Desk;
use taizhang::domain::clause::Refusals;
use taizhang::domain::command::{Command, permit};
use taizhang::domain::id::PersonId;
use taizhang::domain::order::Order;
use taizhang::domain::role::{Role, Roles};
use taizhang::store::books::{Books, Mailbox};

use crate::table;
use crate::world::World;

/// A row of the table.
struct Permit {
    command: String,
    variant: String,
    roles: Roles,
    clause: String,
    states: BTreeSet<String>,
    only: Option<String>,
}

fn permits() -> Vec<Permit> {
    let rows = table::plain("permits.txt");
    let read = |row: Vec<String>| {
        let (command, variant) = row[0].split_once('/').unwrap_or((&row[0], ""));
        let role =
            |name: &str| *Role::ALL.iter().find(|role| role.key() == name).unwrap_or_else(|| panic!("no role {name}"));
        let roles = match &*row[1] {
            "everyone" => Roles::of(Role::ALL),
            names => Roles::of(&names.split('+').map(role).collect::<Vec<_>>()),
        };
        Permit {
            command: command.to_owned(),
            variant: variant.to_owned(),
            roles,
            clause: row[2].clone(),
            states: row[3].split('+').map(str::to_owned).collect(),
            only: row.get(4).cloned(),
        }
    };
    rows.into_iter().map(read).collect()
}

fn sharing(left: Roles, right: Roles) -> bool {
    left.iter().any(|role| right.holds(role))
}

/// All sets of roles that a person can hold: the administrator's stands alone.
fn role_sets() -> Vec<Roles> {
    let others: Vec<Role> = Role::ALL.iter().copied().filter(|role| *role != Role::Administrator).collect();
    let of =
        |bits: usize| others.iter().enumerate().filter(move |(at, _)| bits & (1 << at) != 0).map(|(_, role)| *role);
    let mut sets: Vec<Roles> = (1..1 << others.len()).map(|bits| Roles::of(&of(bits).collect::<Vec<_>>())).collect();
    sets.push(Roles::of(&[Role::Administrator]));
    sets
}

/// The cells of roles and commands in which table and program differ, and how many cells there are.
fn differences(rows: &[Permit]) -> (Vec<String>, usize) {
    let (mut met, mut wrong) = (0, Vec::new());
    for name in Command::NAMES {
        let own: Vec<&Permit> = rows.iter().filter(|row| row.command == **name).collect();
        for roles in role_sets().into_iter().chain([Roles::NONE]) {
            let may = own.iter().any(|row| sharing(row.roles, roles));
            let answer = permit(name, roles);
            met += 1;
            let right = match &answer {
                Ok(()) => may,
                Err(refusals) => !may && refusals.list()[0].clause().id() == own[0].clause,
            };
            if !right {
                wrong.push(format!("{name} by {:?}: {answer:?}", roles.iter().map(Role::key).collect::<Vec<_>>()));
            }
        }
    }
    (wrong, met)
}

#[test]
fn every_set_of_roles_meets_every_command() {
    let rows = permits();
    let named: BTreeSet<&str> = rows.iter().map(|row| row.command.as_str()).collect();
    assert_eq!(named, Command::NAMES.iter().copied().collect(), "every command has a row, and every row a command");
    let (wrong, met) = differences(&rows);
    assert!(wrong.is_empty(), "{} of {met} cells are wrong, first {}", wrong.len(), wrong[0]);
    assert_eq!(met, Command::NAMES.len() * 1_025);
}

/// A right too many, a right too few and a wrong clause are each found.
#[test]
fn a_wrong_permit_is_found_out() {
    let planted: [fn(&mut Permit); 3] = [
        |row| row.roles = Roles::of(Role::ALL),
        |row| row.roles = Roles::of(&[Role::StoreManager]),
        |row| row.clause = "W6".into(),
    ];
    for plant in planted {
        let mut rows = permits();
        plant(rows.iter_mut().find(|row| row.command == "pack_shipment").expect("packing has a row"));
        assert!(!differences(&rows).0.is_empty());
    }
}

#[test]
fn the_administrator_stands_alone_in_every_set() {
    let mut world = World::new();
    for roles in role_sets().into_iter().filter(|roles| !roles.holds(Role::Administrator)) {
        let both = roles.iter().map(Role::key).chain(["administrator"]).collect::<Vec<_>>().join("+");
        let fields = |who: &str| vec![(who.to_owned(), "clerk".to_owned()), ("roles".to_owned(), both.clone())];
        let told = world.ask("admin", "change_roles", &fields("person"));
        assert_eq!(told.words, "G1 administrator_alone", "{both}");
    }
    let told = world.ask("admin", "appoint_person", &pairs("code=x name=x roles=clerk+administrator"));
    assert_eq!(told.words, "G1 administrator_alone");
}

fn pairs(row: &str) -> Vec<(String, String)> {
    let fields = row.split(' ').filter(|field| !field.is_empty());
    fields
        .map(|field| field.split_once('=').expect("a field"))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// One order of every state, by the state's name.
struct Stand {
    world: World,
    orders: BTreeMap<String, String>,
    stocktakes: BTreeMap<String, String>,
    promotions: BTreeMap<String, String>,
    payments: BTreeMap<String, String>,
    /// The entry that closed a day, whose letters are owed.
    letter: u64,
}

impl Stand {
    fn ask(&mut self, row: &str) {
        let mut words = row.splitn(3, ' ');
        let (who, what) = (words.next().expect("who"), words.next().expect("what"));
        let told = self.world.ask(who, what, &pairs(words.next().unwrap_or_default()));
        assert_eq!(told.words, "ok", "{row}");
    }

    /// Takes an order, brings it so far, and keeps it under its state's name. `%` stands for the order, `$` for its payment.
    fn bring(&mut self, state: &str, enter: &str, rows: &[&str]) {
        self.ask(enter);
        let order = self.world.real(&format!("order{}", self.orders.len() + 1));
        for row in rows {
            let pays = row.starts_with("bank");
            let payment = self.payments.get(state).cloned().unwrap_or_default();
            self.ask(&row.replace('%', &order).replace('$', &payment));
            if pays {
                let nth = self.payments.len() + 1;
                self.payments.insert(state.to_owned(), self.world.real(&format!("pay{nth}")));
            }
        }
        self.orders.insert(state.to_owned(), order);
    }

    /// Opens a stocktake of goods of its own, brings it so far, and keeps it under its state's name. `%` stands for it.
    fn count(&mut self, state: &str, rows: &[&str]) {
        let code = format!("S{}", self.stocktakes.len() + 1);
        self.ask(&format!("clerk list_article code={code} name={code} unit=斤"));
        self.ask(&format!("keeper receive_goods from=delivery lines={code}:5"));
        self.ask(&format!("office open_stocktake kind=any_day articles={code} counters=keeper+office"));
        let take = self.world.real(&format!("stocktake{}", self.stocktakes.len() + 1));
        for row in rows {
            self.ask(&row.replace('%', &take).replace('@', &code));
        }
        self.stocktakes.insert(state.to_owned(), take);
    }

    fn order(&self, state: &str) -> Order {
        let read = self.world.desk().store().read().unwrap();
        read.order(self.orders[state].parse().unwrap()).unwrap().expect("the order exists")
    }
}

/// An order in each state of the table, everybody of [`people`], an open payment, credit, a conflict, a second dealer.
fn stand() -> Stand {
    let (orders, payments, stocktakes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let (world, promotions) = (World::new(), BTreeMap::new());
    let mut stand = Stand { world, orders, stocktakes, promotions, payments, letter: 0 };
    stand.ask("admin set_address person=office address=office@example.com");
    stand.ask("boss close_day day=2026-11-01");
    stand.letter = stand.world.desk().store().read().unwrap().letters_owed(1).unwrap()[0].0;
    stand.ask("keeper receive_goods from=delivery lines=A1:1000");
    stand.ask("clerk enter_bill number=F0 factory=x day=2026-11-02 lines=A1:10");
    stand.ask("clerk enter_bill number=F1 factory=x day=2026-11-02 lines=A1:10");
    stand.ask("keeper receive_bill bill=ZD000001 lines=A1:5,A1:2!over last=yes");
    stand.ask("clerk submit_requisition factory=x lines=A1:10");
    stand.ask("clerk submit_requisition factory=x lines=A1:10");
    stand.ask("office acknowledge_requisition requisition=YH000002");
    stand.ask("clerk enter_bill number=F9 factory=x day=2026-11-02 lines=A1:5 requisition=YH000002");
    stand.ask("boss prepare_settlement month=2026-09");
    stand.ask("boss prepare_write_off month=2026-09");
    stand.ask("keeper note_check shift=closing doors=x power= goods=");
    stand.ask("keeper note_visitor name=x purpose=x");
    stand.ask("keeper define_place code=P9 name=x");
    stand.ask("keeper mark_damaged cause=x lines=A1:5");
    stand.ask("bank pays amount=100.00");
    stand.ask("money confirm_payment payment=pay1 dealer=D00001 to_credit=100.00");
    stand.payments.insert("credit".into(), stand.world.real("pay1"));
    stand.ask("bank pays amount=80.00 number=T-1 at=2026-11-02T09:30:00+08:00");
    stand.payments.insert("open".into(), stand.world.real("pay2"));
    stand.ask("bank pays amount=81.00 number=T-1 at=2026-11-02T09:30:00+08:00");
    stand.ask("clerk file_dealer kind=offline_online");
    let enter = "clerk enter_order dealer=D00001 lines=A1:10";
    let tmall = |number: &str| {
        format!("clerk enter_tmall_order number={number} buyer=x paid_at=2026-11-02T08:00:00+08:00 lines=A1:3 to=x")
    };
    let paid = ["bank pays amount=80.00", "money confirm_payment payment=$ dealer=D00001 orders=%:80.00"];
    let signed = ["boss", "promo", "sales"].map(|who| format!("{who} sign_shipment order=% seen=now"));
    let [boss, promo, sales] = signed.each_ref().map(String::as_str);
    let except = "boss except_shipment order=% reason=x";
    let pack = "keeper pack_shipment order=%";
    let waybill = |no: u8| format!("keeper note_waybill order=% carrier=sf number=SF14023456789{no:02}");
    let (ready, gone, left, half) = (waybill(1), waybill(2), waybill(3), waybill(4));
    let ship = "keeper ship_shipment order=%";
    let states: &[(&str, Vec<&str>)] = &[
        ("signing", vec![]),
        ("objected", vec!["sales object_shipment order=% reason=x"]),
        ("excepted", vec![boss, promo, except]),
        ("packing", vec![boss, promo, sales]),
        ("packed", vec![boss, promo, sales, pack]),
        ("ready", vec![boss, promo, sales, pack, &ready]),
        ("shipped", vec![boss, promo, sales, pack, &gone, ship]),
        ("late", vec![boss, promo, except, pack, &left, ship]),
        ("half", vec!["boss split_shipment order=% lines=1:4", boss, promo, sales, pack, &half, ship]),
        ("closed", vec!["boss close_shipment order=% reason=x"]),
    ];
    stand.bring("money", enter, &[]);
    stand.bring("cancelled", enter, &["clerk cancel_order order=% reason=x"]);
    let short = ["bank pays amount=79.00", "money confirm_payment payment=$ dealer=D00001 orders=%:79.00"];
    stand.bring("short", enter, &short);
    for (state, rows) in states {
        let rows: Vec<&str> = paid.iter().chain(rows).copied().collect();
        stand.bring(state, enter, &rows);
    }
    stand.bring("tmall", &tmall("TM1"), &[]);
    stand.bring("tmall_packed", &tmall("TM2"), &[pack]);
    bring_stocktakes(&mut stand);
    bring_promotions(&mut stand);
    stand
}

/// A promotion in each state: a draft, submitted, confirmed by one, by both before its first day, running, ended.
fn bring_promotions(stand: &mut Stand) {
    let (submit, sales, promo) = ("submit", "sales", "promo");
    let states: &[(&str, &str, &[&str])] = &[
        ("of_draft", "2026-11-01", &[]),
        ("of_submitted", "2026-11-01", &[submit]),
        ("of_half", "2026-11-01", &[submit, sales]),
        ("of_coming", "2026-11-03", &[submit, sales, promo]),
        ("of_running", "2026-11-01", &[submit, sales, promo]),
        ("of_ended", "2026-11-01", &[submit, sales, promo, "end"]),
    ];
    for (state, first, steps) in states {
        stand.ask(&format!("clerk draft_promotion first={first}"));
        let promotion = stand.world.real(&format!("promotion{}", stand.promotions.len() + 1));
        for step in *steps {
            stand.ask(&match *step {
                "submit" => format!("clerk submit_promotion promotion={promotion} version=1"),
                "end" => format!("boss end_promotion promotion={promotion} reason=x"),
                who => format!("{who} confirm_promotion promotion={promotion} version=1"),
            });
        }
        stand.promotions.insert((*state).to_owned(), promotion);
    }
}

/// A stocktake in each state: both sheets begun, handed in and different, being counted again, all counted, confirmed, given up.
fn bring_stocktakes(stand: &mut Stand) {
    let begun = ["keeper", "office"].map(|who| format!("{who} count_goods stocktake=% place= code=@ quantity=4"));
    let submitted = ["keeper", "office"].map(|who| format!("{who} submit_sheet stocktake=%"));
    let again = [
        "office appoint_recount stocktake=% people=promo",
        "promo count_goods stocktake=% place= code=@ quantity=4",
        "promo submit_sheet stocktake=%",
        "boss explain_difference stocktake=% article=@ place= cause=x party=x proposal=x",
        "boss confirm_stocktake stocktake=%",
    ];
    let both: Vec<&str> = begun.iter().chain(&submitted).map(String::as_str).collect();
    let until = |steps: usize| [both.clone(), again[..steps].to_vec()].concat();
    stand.count("counting", &both[..2]);
    stand.count("differing", &both);
    stand.count("recounting", &until(2));
    stand.count("settling", &until(4));
    stand.count("confirmed", &until(5));
    stand.count("abandoned", &["office abandon_stocktake stocktake=% reason=x"]);
}

/// Who meets every state: one person for each role, each pair, and all but the administrator's.
fn people(stand: &mut Stand) -> Vec<(String, Roles)> {
    let sets = role_sets().into_iter().filter(|roles| matches!(roles.iter().count(), 1 | 2 | 10));
    let named: Vec<(String, Roles)> = sets.enumerate().map(|(nth, roles)| (format!("p{nth}"), roles)).collect();
    for (code, roles) in &named {
        let roles = roles.iter().map(Role::key).collect::<Vec<_>>().join("+");
        stand.ask(&format!("admin appoint_person code={code} name={code} roles={roles}"));
    }
    named
}

/// A command that is right in every respect but, perhaps, who asks and the state of the order.
fn sample(stand: &Stand, permit: &Permit, state: &str, who: &str) -> Value {
    let name = permit.command.as_str();
    if let Some(take) = stand.stocktakes.get(state) {
        return stocktake_sample(stand, name, take);
    }
    if let Some(promotion) = stand.promotions.get(state) {
        return promotion_sample(name, promotion);
    }
    let about_order = state != "*";
    let order = about_order.then(|| stand.order(state));
    let payment = stand.payments.get(state).unwrap_or(&stand.payments["open"]).clone();
    let open = &stand.payments["open"];
    let id = order.as_ref().map(|order| order.id.to_string()).unwrap_or_default();
    let lines = json!([{"article": "A1", "quantity": "2"}]);
    let to = json!({"name": "x", "address": "x"});
    let file = |name: &str, account: &str, kind: &str| {
        let mut file = crate::support::rehearsal::dealer_file(name, account);
        file["kind"] = json!(kind);
        file
    };
    let mut command = match name {
        "appoint_person" => json!({"code": "newcomer", "name": "x", "roles": ["clerk"]}),
        "change_roles" => json!({"person": "keeper", "roles": ["clerk"]}),
        "bind_unix" => json!({"person": "keeper", "unix": 7}),
        "set_active" => json!({"person": "keeper", "active": false}),
        "set_address" => json!({"person": "office", "address": "office@example.com"}),
        "close_day" => json!({"day": "2026-11-02"}),
        "note_export" => {
            json!({"what": "dealers", "file": "xlsx", "rows": 1, "sha256": "0".repeat(64)})
        }
        "note_passphrase" => json!({"person": who}),
        "change_settings" => json!({"settings": taizhang::domain::setting::Settings::default()}),
        "define_tier" => json!({"code": "B", "name": "x"}),
        "define_free_shipping" => json!({"code": "B2", "name": "x"}),
        "set_price" => json!({"article": "A1", "price": "11.00", "from": "2027-01-01"}),
        "list_article" => json!({"code": "N1", "name": "x", "unit": "斤"}),
        "revise_article" => {
            json!({"article": "A1", "version": 1, "card": {"code": "A1", "name": "x", "unit": "斤"}})
        }
        "define_place" => json!({"code": "P1", "name": "x"}),
        "enter_bill" => {
            json!({"number": "F2", "factory": "x", "day": "2026-11-02", "lines": lines})
        }
        "submit_requisition" => json!({"factory": "x", "lines": lines}),
        "acknowledge_requisition" => json!({"requisition": "YH000001"}),
        "note_sent" => json!({"requisition": "YH000002", "day": "2026-11-02"}),
        "close_requisition" => json!({"requisition": "YH000001", "reason": "x"}),
        "prepare_settlement" => json!({"month": "2026-10"}),
        "confirm_settlement" => json!({"month": "2026-09", "payable": "0.00"}),
        "prepare_write_off" => json!({"month": "2026-10"}),
        "confirm_write_off" => json!({"month": "2026-09", "amount": "0.00"}),
        "draft_promotion" => json!({"terms": crate::world::terms(&[])}),
        "receive_bill" => json!({"bill": "ZD000002", "lines": lines}),
        "note_check" => json!({"shift": "opening", "doors": "", "power": "", "goods": ""}),
        "read_check" => json!({"check": "JC000001"}),
        "note_visitor" => json!({"name": "x", "purpose": "x"}),
        "note_visitor_left" => json!({"visitor": "LF000001"}),
        "propose_for_slow" => json!({"article": "A1", "proposal": "x"}),
        "read_report" => json!({"report": "RK000003"}),
        "move_goods" => json!({"to": "P9", "lines": lines}),
        "mark_damaged" => json!({"cause": "x", "lines": lines}),
        "settle_damaged" => json!({"outcome": "written_off", "reason": "x", "lines": lines}),
        "receive_goods" => json!({"from": "delivery", "lines": lines}),
        "file_dealer" => json!({"file": file("n", "n@example.com", "wechat")}),
        "revise_dealer" => {
            json!({"dealer": "D00002", "version": 1, "file": file("n", "n@example.com", "wechat")})
        }
        "acknowledge_dealer" => json!({"dealer": "D00002", "version": 1, "party": permit.variant}),
        "match_offline" => json!({"dealer": "D00002", "number": "7"}),
        "refer_customer" => json!({"name": "x"}),
        "enter_order" => json!({"dealer": "D00001", "lines": lines}),
        "enter_tmall_order" => {
            json!({"number": "TM9", "buyer": "x", "paid_at": "2026-11-02T08:00:00+08:00", "lines": lines, "to": to})
        }
        "open_stocktake" => {
            json!({"kind": "any_day", "articles": ["A1"], "counters": ["keeper", "office"]})
        }
        "open_account" => json!({"channel": "bank", "number": "1", "name": "x"}),
        "import_statement" => json!({"file": {"name": "x", "format": "x", "channel": "alipay",
            "account": "2088000000000001", "sha256": "00", "rows": 0, "totals": []}}),
        "return_payment" => json!({"payment": open, "amount": "1.00", "reason": "x"}),
        "return_credit" => json!({"dealer": "D00001", "amount": "1.00", "reason": "x"}),
        "hurry_letter" => json!({"letter": stand.letter, "person": "office"}),
        "settle_claim" => json!({"claim": "PC000001", "reason": "x"}),
        "settle_conflict" => json!({"conflict": 1, "note": "x"}),
        "change_order" => {
            json!({"content": order.as_ref().map(|order| order.content), "lines": lines, "to": to})
        }
        "confirm_payment" => {
            json!({"payment": open, "dealer": "D00001", "orders": [{"order": id, "amount": "1.00"}],
            "to_credit": "79.00"})
        }
        "use_credit" => json!({"amount": "1.00"}),
        "release_allocation" => json!({"payment": payment, "reason": "x"}),
        "credit_order" => json!({"amount": "1.00", "reason": "x"}),
        "sign_shipment" => json!({"seen": order.as_ref().map(|order| order.fingerprint(1))}),
        "note_waybill" => json!({"carrier": "sf", "number": "SF1402345678999"}),
        "split_shipment" | "take_back_goods" => json!({"lines": [[1, "1"]], "reason": "x"}),
        "pack_shipment" | "ship_shipment" => json!({}),
        _ => json!({"reason": "x"}),
    };
    let own_lines = name == "split_shipment";
    if own_lines {
        command.as_object_mut().expect("an object").remove("reason");
    }
    if about_order && name != "confirm_payment" {
        command["order"] = json!(id);
    }
    command["do"] = json!(name);
    command
}

/// The same, about a promotion.
fn promotion_sample(name: &str, promotion: &str) -> Value {
    let mut command = match name {
        "revise_promotion" => json!({"version": 1, "terms": crate::world::terms(&[])}),
        "submit_promotion" | "confirm_promotion" => json!({"version": 1}),
        _ => json!({"reason": "x"}),
    };
    command["do"] = json!(name);
    command["promotion"] = json!(promotion);
    command
}

/// The same, about a stocktake.
fn stocktake_sample(stand: &Stand, name: &str, take: &str) -> Value {
    let nth: usize = take.trim_start_matches("PD").parse().expect("a stocktake's number");
    let code = format!("S{nth}");
    assert!(nth <= stand.stocktakes.len());
    let mut command = match name {
        "count_goods" => json!({"place": "", "code": code}),
        "correct_count" => json!({"to": "3"}),
        "appoint_recount" => json!({"people": ["sales"]}),
        "explain_difference" => {
            json!({"article": code, "place": "", "cause": "x", "party": "x", "proposal": "x"})
        }
        "abandon_stocktake" => json!({"reason": "x"}),
        _ => json!({}),
    };
    command["do"] = json!(name);
    command["stocktake"] = json!(take);
    command
}

fn ask(stand: &Stand, who: &str, command: Value) -> Result<(), Refusals> {
    let command: Command = serde_json::from_value(command.clone()).unwrap_or_else(|error| panic!("{command}: {error}"));
    let read = stand.world.desk().store().read().unwrap();
    let by = read.person_by_code(who).unwrap().map_or(PersonId(0), |person| person.id);
    Desk::may(&read, by, stand.world.books.now, &command).unwrap().map(|_| ())
}

fn is_about_role(refusals: &Refusals, clause: &str) -> bool {
    let [one] = refusals.list() else { return false };
    one.clause().id() == clause && one.reason().key() == "not_your_role"
}

#[test]
fn every_command_meets_every_state_by_every_role_and_pair() {
    let mut stand = stand();
    let mut everyone = people(&mut stand);
    let rows = permits();
    let named: BTreeSet<&str> =
        rows.iter().filter_map(|row| row.only.as_deref()).flat_map(|only| only.split('+')).collect();
    for (code, roles) in crate::support::rehearsal::PEOPLE.iter().filter(|(code, _)| named.contains(code)) {
        let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| roles.contains(&role.key())).collect();
        everyone.push(((*code).to_owned(), Roles::of(&roles)));
    }
    let (mut met, mut wrong) = (0, Vec::new());
    let heads: BTreeMap<(&str, &str), &Permit> = rows.iter().map(|row| ((&*row.command, &*row.variant), row)).collect();
    for ((command, variant), head) in heads {
        let own: Vec<&Permit> = rows.iter().filter(|row| row.command == command && row.variant == variant).collect();
        let aside = own.iter().all(|row| row.states.contains("*"));
        let about =
            |of: &BTreeMap<String, String>| own.iter().any(|row| row.states.iter().any(|it| of.contains_key(it)));
        let states: Vec<String> = match aside {
            true => vec!["*".into()],
            false if about(&stand.stocktakes) => stand.stocktakes.keys().cloned().collect(),
            false if about(&stand.promotions) => stand.promotions.keys().cloned().collect(),
            false => stand.orders.keys().cloned().collect(),
        };
        for (state, (who, roles)) in states.iter().flat_map(|state| everyone.iter().map(move |who| (state, who))) {
            let names = |row: &Permit| row.only.as_ref().is_some_and(|only| only.split('+').any(|one| one == who));
            if !who.starts_with('p') && !own.iter().any(|row| names(row)) {
                continue;
            }
            let named = |row: &&&Permit| row.only.is_none() || names(row);
            let may = own.iter().filter(named).any(|row| sharing(row.roles, *roles) && row.states.contains(state));
            let holds = own.iter().any(|row| sharing(row.roles, *roles));
            let answer = ask(&stand, who, sample(&stand, head, state, who));
            met += 1;
            let right = match &answer {
                Ok(()) => may,
                Err(refusals) if !holds => is_about_role(refusals, &head.clause),
                Err(refusals) => !may && !is_about_role(refusals, &head.clause),
            };
            if !right {
                let held: Vec<_> = roles.iter().map(Role::key).collect();
                wrong.push(format!(
                    "{command} {variant} in {state} by {who} {held:?}: {answer:?}, the table says {may}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {met} cells are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(met > 15_000, "only {met} cells were met");
}

#[test]
fn whoever_may_act_no_more_may_do_nothing_in_any_state() {
    let mut stand = stand();
    let all = Role::ALL.iter().filter(|role| **role != Role::Administrator).map(|role| role.key()).collect::<Vec<_>>();
    stand.ask(&format!("admin appoint_person code=gone name=gone roles={}", all.join("+")));
    stand.ask("admin set_active person=gone active=no");
    for row in permits() {
        let of = |known: &BTreeMap<String, String>| row.states.iter().any(|state| known.contains_key(state));
        let about = match () {
            () if of(&stand.stocktakes) => &stand.stocktakes,
            () if of(&stand.promotions) => &stand.promotions,
            () => &stand.orders,
        };
        for state in about.keys().cloned().chain(["*".to_owned()]) {
            if (state == "*") != row.states.contains("*") {
                continue;
            }
            let refused = ask(&stand, "gone", sample(&stand, &row, &state, "gone")).expect_err("nobody");
            assert_eq!(refused.list()[0].reason().key(), "not_signed_in", "{} in {state}", row.command);
        }
    }
}

/// Whatever roles one person holds, one person is one signature.
#[test]
fn one_person_in_any_two_signing_roles_is_one_signature() {
    let mut stand = stand();
    let signing = ["ecommerce_supervisor", "promotion_supervisor", "sales_ops_supervisor"];
    for (nth, (first, second)) in [(0, 1), (0, 2), (1, 2)].into_iter().enumerate() {
        let who = format!("two{nth}");
        let state = format!("own{nth}");
        stand.ask(&format!("admin appoint_person code={who} name={who} roles={}", signing[first]));
        let paid = ["bank pays amount=80.00", "money confirm_payment payment=$ dealer=D00001 orders=%:80.00"];
        stand.bring(&state, "clerk enter_order dealer=D00001 lines=A1:10", &paid);
        let sign = permits().into_iter().find(|row| row.command == "sign_shipment").expect("signing has a row");
        let order = stand.orders[&state].clone();
        stand.ask(&format!("{who} sign_shipment order={order} seen=now"));
        stand.ask(&format!("admin change_roles person={who} roles={}+{}", signing[first], signing[second]));
        let refused = ask(&stand, &who, sample(&stand, &sign, &state, &who)).expect_err("one signature");
        assert_eq!(refused.list()[0].reason().key(), "same_person");
        stand.ask(&format!("admin change_roles person={who} roles={}", signing[second]));
        let refused = ask(&stand, &who, sample(&stand, &sign, &state, &who)).expect_err("one signature");
        assert_eq!(refused.list()[0].reason().key(), "same_person");
    }
}
