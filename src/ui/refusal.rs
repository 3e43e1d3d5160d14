//! Refusals and events in the user's words: from their names and figures, which are the same everywhere.
//!
//! A refusal says what was refused, by which clause, and what would let it pass. It arrives as data
//! (`{"clause":…,"reason":…,"facts":{…}}`), so that the screen, `taizhang post` and a report word it alike.

use serde_json::{Map, Value};

use super::locale::Words;
use crate::domain::money::Money;
use crate::domain::time::{Moment, Zone};

/// The sections of the locale in which the value of a figure may have its word, by the figure's name.
const SECTIONS: &[(&str, &[&str])] = &[
    ("act", &["act"]),
    ("wanted", &["role"]),
    ("missing", &["role", "field"]),
    ("step", &["role"]),
    ("party", &["role"]),
    ("roles", &["role"]),
    ("what", &["what"]),
    ("field", &["field"]),
    ("fields", &["field"]),
    ("changed", &["field"]),
    ("state", &["state", "stage", "requisition_state"]),
    ("phase", &["promotion_state"]),
    ("shift", &["shift"]),
    ("stage", &["stage"]),
    ("class", &["class"]),
    ("carrier", &["carrier"]),
    ("progress", &["stocktake_stage"]),
    ("outcome", &["outcome"]),
];

/// A list of refusals as lines, the most important first: what, by which clause, and what would let it pass.
pub fn lines(words: &Words, refusals: &Value, zone: Zone) -> Vec<String> {
    let one = |refusal: &Value| {
        let reason = refusal["reason"].as_str().unwrap_or_default();
        let facts = refusal["facts"].as_object().cloned().unwrap_or_default();
        let what = filled(words, &format!("refuse.{reason}"), &facts, zone);
        let pass = filled(words, &format!("pass.{reason}"), &facts, zone);
        let clause = clause(words, refusal["clause"].as_str().unwrap_or_default());
        words.say_with("notice.refused", &[("what", &what), ("clause", &clause), ("pass", &pass)])
    };
    match refusals {
        Value::Array(all) => all.iter().map(one).collect(),
        single => vec![one(single)],
    }
}

/// An event in words, such as the journal of an object shows it.
pub fn event(words: &Words, event: &Value, zone: Zone) -> String {
    let name = event["event"].as_str().unwrap_or_default();
    let facts = event.as_object().cloned().unwrap_or_default();
    // What an event charges besides stands in it only where there is some.
    let besides = if facts.contains_key("charged") { "_charged" } else { "" };
    filled(words, &format!("event.{name}{besides}"), &facts, zone)
}

/// A clause as the regulations number it for a reader: `M3.2a` is 管理办法 三.2a.
pub fn clause(words: &Words, id: &str) -> String {
    let Some((book, rest)) = id.split_at_checked(1) else {
        return id.to_owned();
    };
    let (chapter, rest) = rest.split_once('.').map_or((rest, None), |(chapter, rest)| (chapter, Some(rest)));
    let numbered = format!("clause.chapter_{chapter}");
    let numeral = if words.has(&numbered) { words.say(&numbered) } else { chapter };
    let book = match book {
        "M" => words.say("clause.m"),
        "W" => words.say("clause.w"),
        "G" => words.say("clause.g"),
        "P" => words.say("clause.p"),
        other => other,
    };
    let rest = rest.map_or_else(String::new, |rest| format!(".{rest}"));
    format!("{book}{numeral}{rest} ({id})")
}

/// The text under `key` with every figure filled in, in words where a figure is a name of something.
fn filled(words: &Words, key: &str, facts: &Map<String, Value>, zone: Zone) -> String {
    let mut text = words.say(key).to_owned();
    for (name, value) in facts {
        let hole = format!("{{{name}}}");
        if text.contains(&hole) {
            text = text.replace(&hole, &figure(words, name, value, zone));
        }
    }
    text
}

fn figure(words: &Words, name: &str, value: &Value, zone: Zone) -> String {
    match value {
        Value::Array(all) => {
            let each: Vec<String> = all.iter().map(|one| figure(words, name, one, zone)).collect();
            each.join(words.say("notice.and"))
        }
        Value::String(text) => named(words, name, text).unwrap_or_else(|| scalar(text, zone)),
        Value::Object(of) if of.contains_key("amount") => figure(words, "amount", &of["amount"], zone),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

fn named(words: &Words, name: &str, text: &str) -> Option<String> {
    let (_, sections) = SECTIONS.iter().find(|(known, _)| *known == name)?;
    let keys = sections.iter().map(|section| format!("{section}.{text}"));
    keys.into_iter().find(|key| words.has(key)).map(|key| words.say(&key).to_owned())
}

/// A moment or an amount as screens write it; any other text as it is.
fn scalar(text: &str, zone: Zone) -> String {
    if let Ok(moment) = text.parse::<Moment>() {
        return moment.short(zone);
    }
    let is_amount = text.len() > 3 && text.as_bytes()[text.len() - 3] == b'.' && text.is_ascii();
    match text.parse::<Money>() {
        Ok(amount) if is_amount => amount.to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clause::{Clause, Reason, Refusals};
    use crate::domain::role::Role;
    use crate::domain::time::CHINA;
    use crate::ui::locale::Lang;

    fn said(lang: Lang, refusals: impl Into<Refusals>) -> String {
        let data = serde_json::to_value(refusals.into()).unwrap();
        lines(&Words::load(lang), &data, CHINA).join("\n")
    }

    #[test]
    fn a_refusal_says_what_by_which_clause_and_what_lets_it_pass() {
        let refusal = Clause::NoFileNoGoods
            .refuse(Reason::FileIncomplete { dealer: "成都文轩".into(), missing: vec!["contact", "accounts"] });
        let zh = said(Lang::Zh, refusal.clone());
        assert_eq!(zh, "成都文轩 的档案不全: 缺 联系人, 打款账号 [管理办法 一.3 (M1.3)] 补齐档案");
        assert!(said(Lang::En, refusal).contains("contact, paying accounts"));
    }

    #[test]
    fn roles_and_amounts_are_written_as_on_screens() {
        let role = Clause::NoCash.refuse(Reason::NotYourRole { act: "confirm_payment", wanted: vec![Role::Finance] });
        assert!(said(Lang::Zh, role).starts_with("确认收款 不归本岗位办"));
        let money = Clause::RegisteredOnly.refuse(Reason::NotRegistered {
            account: "a@b.c".into(),
            tier_total: Money::fen(123_456_700),
            retail_total: Money::fen(200),
        });
        assert!(said(Lang::Zh, money).contains("1,234,567.00"));
    }

    #[test]
    fn every_reason_has_its_words() {
        let source = include_str!("../domain/clause/reason.rs");
        let body = source.split("pub enum Reason {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
        let names = body.lines().map(str::trim).filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
        let words = Words::load(Lang::Zh);
        let mut seen = 0;
        for name in names.map(|line| line.split([' ', ',', '(']).next().unwrap_or_default()) {
            let snake: String = name
                .chars()
                .enumerate()
                .map(|(at, c)| {
                    if at > 0 && c.is_uppercase() {
                        format!("_{}", c.to_lowercase())
                    } else {
                        c.to_lowercase().to_string()
                    }
                })
                .collect();
            assert!(
                words.has(&format!("refuse.{snake}")) && words.has(&format!("pass.{snake}")),
                "{snake} has no words"
            );
            seen += 1;
        }
        assert!(seen > 60, "{seen}");
    }

    #[test]
    fn every_role_command_and_stage_has_its_word() {
        let words = Words::load(Lang::En);
        for role in Role::ALL {
            assert!(words.has(&format!("role.{}", role.key())));
        }
        for name in crate::domain::command::Command::NAMES {
            assert!(words.has(&format!("act.{name}")), "{name}");
        }
        for stage in crate::domain::shipment::Stage::ALL {
            assert!(words.has(&format!("stage.{}", stage.key())));
        }
        for carrier in crate::domain::waybill::Carrier::ALL {
            assert!(words.has(&format!("carrier.{}", carrier.key())));
        }
    }

    #[test]
    fn an_event_is_a_sentence() {
        let event_data = serde_json::json!({"event": "shipment_signed", "step": "ecommerce_supervisor", "part": 1});
        assert_eq!(event(&Words::load(Lang::Zh), &event_data, CHINA), "电商主管 签核");
    }
}
