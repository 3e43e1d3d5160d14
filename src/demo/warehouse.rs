//! The warehouse of the demonstration: places, goods with a keeper of their own, bills received and in transit, damaged goods,
//! a stocktake that found something short, one that is half done.

use serde_json::{Value, json};

use super::goods::GOODS;
use super::{DemoFault, Stage};
use crate::domain::event::Event;
use crate::domain::id::BillId;
use crate::domain::quantity::Quantity;
use crate::domain::time::{CHINA, Moment};
use crate::store::books::{Books, Counts};

/// The factory that bills.
const FACTORY: &str = "川味干货加工厂";

/// Shelves by the letter of their places, along the way through the warehouse.
const AISLES: &[(&str, &str)] =
    &[("A", "花椒架"), ("B", "辣椒架"), ("C", "菌菇架"), ("D", "酱菜架"), ("E", "底料架"), ("F", "茶柜, 上锁")];

/// Defines the places, before goods are listed at them.
pub(super) fn places(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    for (nth, row) in GOODS.iter().enumerate() {
        let place = row.6;
        let aisle = AISLES.iter().find(|(letter, _)| place.starts_with(letter)).map_or("", |(_, name)| name);
        let name = format!("{aisle} {}", &place[2..]);
        define(stage, place, &name, nth as u32 + 1)?;
    }
    define(stage, "K-01", "高架存货区", 50)?;
    define(stage, "X-01", "残次区", 90)
}

fn define(stage: &mut Stage<'_>, code: &str, name: &str, turn: u32) -> Result<(), DemoFault> {
    stage.act("cangguan", json!({"do": "define_place", "code": code, "name": name, "turn": turn})).map(|_| ())
}

fn bill(stage: &mut Stage<'_>, number: &str, lines: Value) -> Result<BillId, DemoFault> {
    let day = stage.at.day(CHINA).to_string();
    let enter = json!({"do": "enter_bill", "number": number, "factory": FACTORY, "day": day, "lines": lines});
    match stage.act("zhuanyuan", enter)? {
        Event::BillEntered { bill, .. } => Ok(bill),
        _ => Err("a bill is a bill".into()),
    }
}

/// Goods come against bills, some otherwise than billed; some are moved, some are damaged; one bill is on its way.
pub(super) fn play(stage: &mut Stage<'_>, from: Moment) -> Result<(), DemoFault> {
    stage.until(from);
    let line = |article: &str, quantity: u32| json!({"article": article, "quantity": quantity.to_string()});
    let whole = bill(stage, "CW-1118", json!([line("HD01", 200), line("HD02", 100)]))?;
    let take = json!({"do": "receive_bill", "bill": whole, "note": "送货单 7731",
        "lines": [line("HD01", 200), line("HD02", 100)]});
    stage.act("cangguan", take)?;
    let short = bill(stage, "CW-1120", json!([line("LJ01", 120), line("ME01", 60), line("DB01", 48)]))?;
    let found = |article: &str, quantity: u32, found: &str| json!({"article": article, "quantity": quantity.to_string(), "found": found});
    let take = json!({"do": "receive_bill", "bill": short, "note": "送货单 7742", "last": true, "lines": [
        line("LJ01", 118), line("ME01", 60), found("ME01", 6, "over"), line("DB01", 40),
        found("DB01", 3, "damaged_kept"), found("DB01", 5, "damaged"), found("XG02", 20, "wrong"),
    ]});
    stage.act("cangguan", take)?;
    let moved = json!({"do": "move_goods", "to": "K-01", "reason": "架上放不下",
        "lines": [line("SZ01", 800), line("HD01", 300)]});
    stage.act("cangguan", moved)?;
    stage.act("cangguan", json!({"do": "mark_damaged", "cause": "运输挤破", "lines": [line("LJ03", 6)]}))?;
    let apart = json!({"do": "move_goods", "to": "X-01", "damaged": true, "lines": [line("LJ03", 6), line("DB01", 3)]});
    stage.act("cangguan", apart)?;
    let from_corner = json!({"article": "LJ03", "quantity": "4", "from": "X-01"});
    let settle = json!({"do": "settle_damaged", "outcome": "written_off", "reason": "破袋受潮, 不能退厂",
        "lines": [from_corner]});
    stage.act("zhuguan", settle)?;
    // On its way: 60 are billed, and 57 are in the lorry.
    bill(stage, "CW-1125", json!([line("ZS01", 60), line("CY01", 24), line("HJ01", 100)]))?;
    find_short(stage)
}

/// Sweets sold by weight are counted, found short by a pound and a half, counted again and confirmed: what is short is
/// claimed, and finance has yet to record that it was made good.
fn find_short(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    let (code, place) = ("TS01", "E-03");
    let open = json!({"do": "open_stocktake", "kind": "any_day", "articles": [code], "method": "one_sheet",
        "counters": ["cangguan", "kefu"], "note": "散装抽盘"});
    let Event::StocktakeOpened { stocktake: take, .. } = stage.act("neiqin", open)? else {
        return Err("a stocktake is a stocktake".into());
    };
    let books = stage.desk.store().read()?;
    let article = books.article_by_code(code)?.ok_or("the goods are listed")?;
    let found = books.shelf(article.id, &place.into())? - Quantity::thousandths(1_500);
    let count =
        json!({"do": "count_goods", "stocktake": take, "place": place, "code": code, "quantity": found.to_string()});
    let submit = json!({"do": "submit_sheet", "stocktake": take});
    stage.act("cangguan", count.clone())?;
    stage.act("cangguan", submit.clone())?;
    stage.act("kefu", submit.clone())?;
    stage.act("neiqin", json!({"do": "appoint_recount", "stocktake": take, "people": ["dianzhang"]}))?;
    stage.act("dianzhang", count)?;
    stage.act("dianzhang", submit)?;
    let explain = json!({"do": "explain_difference", "stocktake": take, "article": code, "place": place,
        "cause": "分装损耗", "party": "仓库", "proposal": "按零售价补亏"});
    stage.act("zhuguan", explain)?;
    stage.act("zhuguan", json!({"do": "confirm_stocktake", "stocktake": take}))?;
    Ok(())
}

/// The shop and customer service count an aisle, blind and on sheets of their own; one of them is half-way.
pub(super) fn count(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    let open = json!({"do": "open_stocktake", "kind": "any_day", "places": ["E-01", "E-02"],
        "counters": ["dianzhang", "kefu"], "note": "底料架抽盘"});
    let Event::StocktakeOpened { stocktake, .. } = stage.act("neiqin", open)? else {
        return Err("a stocktake is a stocktake".into());
    };
    let scan =
        json!({"do": "count_goods", "stocktake": stocktake, "place": "E-01", "code": "6901234000153", "quantity": "1"});
    stage.act("dianzhang", scan)?;
    stage.act("dianzhang", json!({"do": "correct_count", "stocktake": stocktake, "to": "1771"}))?;
    Ok(())
}
