//! The goods of the demonstration: dry goods of Sichuan, with places, packs and prices of three tiers.

use serde_json::json;

use super::{DemoFault, Stage};
use crate::domain::time::CHINA;

/// Code, name, unit, barcode, how many units a 件 holds, retail price in fen, place, mark, opening stock.
type Row = (&'static str, &'static str, &'static str, &'static str, u32, i64, &'static str, &'static str, u32);

#[rustfmt::skip]
pub(super) const GOODS: &[Row] = &[
    ("HJ01", "汉源贡椒 特级 散装",        "斤", "6901234000016", 20,  98_00, "A-01", "",     900),
    ("HJ02", "茂县大红袍花椒 一级 散装",   "斤", "6901234000023", 20,  86_00, "A-02", "",     760),
    ("HJ03", "青花椒 特级 250克袋装",      "袋", "6901234000030", 40,  26_00, "A-03", "",   1_200),
    ("LJ01", "二荆条干辣椒 去把 散装",     "斤", "6901234000047", 20,  32_00, "B-01", "",   1_500),
    ("LJ02", "七星椒 散装",               "斤", "6901234000054", 20,  36_00, "B-02", "",     640),
    ("LJ03", "子弹头干辣椒 500克袋装",     "袋", "6901234000061", 24,  21_50, "B-03", "",     980),
    ("ME01", "青川黑木耳 秋耳 250克袋装",  "袋", "6901234000078", 30,  49_00, "C-01", "",     700),
    ("ME02", "通江银耳 200克盒装",         "盒", "6901234000085", 24,  58_00, "C-02", "防潮",  420),
    ("XG01", "青川香菇 花菇 250克袋装",    "袋", "6901234000092", 30,  45_00, "C-03", "",     560),
    ("XG02", "香菇脚 散装",               "斤", "6901234000108", 20,  15_80, "C-04", "",     300),
    ("ZS01", "竹荪 干 100克盒装",          "盒", "6901234000115", 40,  76_00, "C-05", "易碎",  260),
    ("SZ01", "宜宾碎米芽菜 230克袋装",     "袋", "6901234000122", 50,   6_80, "D-01", "",   2_400),
    ("DB01", "郫县豆瓣 三年陈 1千克坛装",  "坛", "6901234000139", 12,  38_00, "D-02", "易碎",  480),
    ("DC01", "永川豆豉 500克袋装",         "袋", "6901234000146", 30,  12_50, "D-03", "",   1_100),
    ("HD01", "火锅底料 牛油特辣 500克",    "袋", "6901234000153", 20,  28_00, "E-01", "",   1_600),
    ("HD02", "火锅底料 清油 500克",        "袋", "6901234000160", 20,  26_00, "E-02", "",   1_300),
    ("TS01", "川贝枇杷糖 散装",            "斤", "6901234000177", 10,  42_00, "E-03", "",     210),
    ("CY01", "蒙顶甘露 一级 50克罐装",     "罐", "6901234000184", 48, 12_800, "F-01", "专管",  180),
];

/// Tier code, name, share of the retail price in percent.
pub(super) const TIERS: &[(&str, &str, i64)] = &[("A", "一级经销", 72), ("B", "二级经销", 80), ("C", "三级经销", 88)];

/// Lists the goods, prices them, and takes the opening stock in.
pub(super) fn list(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    for (code, name, _) in TIERS {
        stage.act("zhuguan", json!({"do": "define_tier", "code": code, "name": name}))?;
    }
    for (code, name, from) in
        [("BY1", "满 300 元包邮", Some("300.00")), ("BY2", "满 800 元包邮", Some("800.00")), ("BY0", "不包邮", None)]
    {
        stage.act("zhuguan", json!({"do": "define_free_shipping", "code": code, "name": name, "free_from": from}))?;
    }
    for (channel, number, name) in super::inbox::ACCOUNTS {
        stage.act("caiwu", json!({"do": "open_account", "channel": channel, "number": number, "name": name}))?;
    }
    let from = stage.at.day(CHINA).to_string();
    let mut opening = Vec::new();
    for (code, name, unit, barcode, holds, retail, place, mark, stock) in GOODS {
        let card = json!({"do": "list_article", "code": code, "name": name, "unit": unit, "barcode": barcode, "location": place,
            "special": mark, "keeper": if *mark == "专管" { "cangguan" } else { "" }, "packs": [{"unit": "件", "holds": holds.to_string()}]});
        stage.act("zhuanyuan", card)?;
        let fen = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        stage.act("zhuguan", json!({"do": "set_price", "article": code, "price": fen(*retail), "from": from}))?;
        for (tier, _, percent) in TIERS {
            let price = fen(retail * percent / 100);
            stage.act(
                "zhuguan",
                json!({"do": "set_price", "article": code, "tier": tier, "price": price, "from": from}),
            )?;
        }
        opening.push(json!({"article": code, "quantity": stock.to_string()}));
    }
    stage.act("cangguan", json!({"do": "receive_goods", "from": "opening", "note": "期初盘点", "lines": opening}))?;
    Ok(())
}
