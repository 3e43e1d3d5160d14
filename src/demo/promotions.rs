//! The promotions of the demonstration: one that runs and has given something, one that waits for marketing.

use serde_json::json;

use super::{DemoFault, Stage};
use crate::domain::event::Event;
use crate::domain::id::PromotionId;
use crate::domain::time::CHINA;

/// Drafts a promotion of so many days, submits it, and has it confirmed by `parties`.
fn promote(
    stage: &mut Stage<'_>,
    (name, days): (&str, i64),
    (article, buy, gift, free): (&str, &str, &str, &str),
    parties: &[&str],
) -> Result<PromotionId, DemoFault> {
    let [first, last] = [0, days].map(|later| stage.at.plus_hours(24 * later).day(CHINA).to_string());
    let terms = json!({"name": name, "first": first, "last": last, "article": article, "buy": buy, "gift": gift,
        "free": free, "expected": "120"});
    let Event::PromotionDrafted { promotion, .. } =
        stage.act("zhuanyuan", json!({"do": "draft_promotion", "terms": terms}))?
    else {
        return Err("a promotion is a promotion".into());
    };
    stage.act("zhuanyuan", json!({"do": "submit_promotion", "promotion": promotion, "version": 1}))?;
    for person in parties {
        stage.act(person, json!({"do": "confirm_promotion", "promotion": promotion, "version": 1}))?;
    }
    Ok(promotion)
}

/// Sells goods with a gift, and leaves a promotion to be confirmed.
pub(super) fn play(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    let rule = ("LJ01", "2", "LJ01", "1");
    let runs = promote(stage, ("二荆条买二送一", 20), rule, &["yunying", "tuiguang"])?;
    let to = json!({"name": "邹小姐", "phone": "13900000000", "address": "成都市演示街 12 号"});
    let enter = json!({"do": "enter_tmall_order", "number": "19302611230000900", "buyer": "天猫买家9", "to": to,
        "paid_at": stage.at.plus_hours(-1), "lines": [{"article": "LJ01", "quantity": "5"}], "promotions": [runs]});
    let Event::TmallOrderEntered { order, .. } = stage.act("zhuanyuan", enter)? else {
        return Err("an order is an order".into());
    };
    stage.act("cangguan", json!({"do": "pack_shipment", "order": order}))?;
    let waybill = json!({"do": "note_waybill", "order": order, "carrier": "sf", "number": "SF1409000000900"});
    stage.act("cangguan", waybill)?;
    stage.act("cangguan", json!({"do": "ship_shipment", "order": order}))?;
    promote(stage, ("木耳满四袋送碎米芽菜", 30), ("ME01", "4", "SZ01", "2"), &["yunying"])?;
    Ok(())
}
