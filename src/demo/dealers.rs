//! The dealers of the demonstration: complete files, files that wait, one not matched, one with gaps.

use serde_json::{Value, json};

use super::goods::TIERS;
use super::{DemoFault, Stage};
use crate::domain::event::Event;

/// City, its own word, the shop's word.
#[rustfmt::skip]
const SHOPS: &[(&str, &str, &str)] = &[
    ("成都", "文轩里", "干货店"), ("重庆", "渝中香", "山货行"), ("厦门", "鹭岛味", "食品店"), ("长沙", "星城", "南北货"), ("西安", "长安里", "干杂店"),
    ("武汉", "江滩", "食品商行"), ("广州", "西关", "海味行"), ("乐山", "三江", "土产店"), ("单县", "湖西", "副食店"), ("贵阳", "甲秀", "山珍店"),
    ("昆明", "翠湖", "菌子店"), ("南京", "秦淮", "食品店"), ("杭州", "湖墅", "南货店"), ("郑州", "二七", "干果店"), ("沈阳", "北市", "食杂店"),
    ("哈尔滨", "中央街", "山货店"), ("济南", "泉城", "副食行"), ("合肥", "淮上", "食品店"), ("福州", "三坊", "干货店"), ("南昌", "滕王阁下", "食品店"),
    ("绵阳", "涪江", "调料行"), ("德阳", "旌湖", "食品店"), ("宜宾", "三江口", "土产店"), ("自贡", "盐都", "调味店"), ("泸州", "江阳", "食品行"),
    ("南充", "嘉陵", "干杂店"), ("达州", "巴山", "山货店"), ("雅安", "蒙顶", "茶货店"), ("广元", "剑门", "山珍店"), ("遂宁", "涪滨", "副食店"),
    ("上海", "豫园边", "南北货"), ("北京", "前门外", "干货店"), ("天津", "海河", "食品店"), ("苏州", "平江", "南货店"), ("无锡", "太湖", "食品店"),
    ("宁波", "甬江", "海味店"), ("温州", "瓯江", "干货店"), ("佛山", "禅城", "食品行"), ("深圳", "南头", "食品店"), ("珠海", "香洲", "海味行"),
    ("桂林", "漓江", "土产店"), ("柳州", "龙城", "调料行"), ("海口", "骑楼", "食品店"), ("兰州", "黄河边", "干果店"), ("银川", "贺兰", "土产店"),
    ("乌鲁木齐", "天山", "干果行"), ("太原", "晋阳", "副食店"), ("大同", "云冈", "食杂店"), ("石家庄", "燕赵", "食品店"), ("青岛", "栈桥", "海味店"),
    ("烟台", "芝罘", "食品行"), ("洛阳", "洛水", "干货店"), ("襄阳", "汉江", "食品店"), ("宜昌", "西陵", "山货店"), ("株洲", "湘江", "食品店"),
    ("遵义", "湄潭", "山珍店"), ("曲靖", "珠江源", "菌子店"), ("大理", "洱海", "土产店"), ("拉萨", "八廓", "食品店"), ("西宁", "湟水", "干货店"),
];
const CONTACTS: &[&str] =
    &["周先生", "吴女士", "郑先生", "冯女士", "褚先生", "卫女士", "蒋先生", "沈女士", "韩先生", "杨女士"];

/// The name of the dealer numbered `nth`, from 0.
pub(super) fn name(nth: usize) -> String {
    let (city, word, shop) = SHOPS[nth % SHOPS.len()];
    let branch = nth / SHOPS.len();
    if branch == 0 { format!("{city}{word}{shop}") } else { format!("{city}{word}{shop}{branch}分店") }
}

/// How the dealer numbered `nth` pays: through whom and from which account.
pub(super) fn account(nth: usize) -> (&'static str, String) {
    if nth % 3 == 1 {
        ("wechat", format!("oUpF8u{nth:06}demo"))
    } else {
        ("alipay", format!("shop{nth:05}@example.com"))
    }
}

/// The file of the dealer numbered `nth`.
pub(super) fn file_of(nth: usize) -> Value {
    let (city, ..) = SHOPS[nth % SHOPS.len()];
    let (channel, number) = account(nth);
    let kind = ["wechat", "weidian", "tmall", "wechat"][nth % 4];
    let contact = CONTACTS[nth % CONTACTS.len()];
    let sells_on = ["微信", "微店", "天猫"][nth % 3];
    let level = ["BY1", "BY2", "BY1", "BY0"][nth % 4];
    let tier = TIERS[nth % TIERS.len()].0;
    json!({
        "kind": kind, "name": name(nth), "since": format!("20{:02}-0{}-01", 16 + nth % 10, 1 + nth % 9), "channels": [sells_on],
        "contact": contact, "phone": format!("139{:08}", 10_000_000 + nth * 7_919), "address": format!("{city}市演示路 {} 号", 1 + nth % 199),
        "pays_by": channel, "accounts": [{"channel": channel, "number": number, "holder": contact}],
        "tier": tier, "free_shipping": level,
    })
}

/// Dealers of the demonstration's own few days.
pub(super) const OWN: usize = 60;
/// The offline customer whom the back office has not matched.
const NOT_MATCHED: usize = 56;
/// The dealer whose file lacks something.
const WITH_GAPS: usize = 57;
/// From here on files wait for finance, and from the next on for both parties.
const WAITING: usize = 58;

/// Files the dealers.
pub(super) fn file(stage: &mut Stage<'_>) -> Result<(), DemoFault> {
    for nth in 0..OWN {
        let mut file = file_of(nth);
        if nth == NOT_MATCHED {
            file["kind"] = "offline_online".into();
        }
        if nth == WITH_GAPS {
            (file["contact"], file["phone"]) = ("".into(), "".into());
        }
        let Event::DealerFiled { dealer, .. } = stage.act("zhuanyuan", json!({"do": "file_dealer", "file": file}))?
        else {
            return Err("a filed dealer is filed".into());
        };
        for (person, party) in [("neiqin", "back_office"), ("caiwu", "finance")] {
            let waits = nth > WAITING || (nth == WAITING && party == "finance");
            if !waits {
                stage
                    .act(person, json!({"do": "acknowledge_dealer", "dealer": dealer, "version": 1, "party": party}))?;
            }
        }
    }
    Ok(())
}
