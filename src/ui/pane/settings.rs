//! Settings (设置): the department's own values, price tiers, free-shipping levels and receiving accounts, in one list.
//!
//! A setting is a value of [`Settings`] as it is kept in data, so that a new one needs only its words. Whose act a change is
//! depends on the row.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::domain::command::Command;
use crate::domain::flow::Channel;
use crate::domain::setting::{ChangeSettings, DefineFreeShipping, DefineTier, OpenAccount, Settings};
use crate::domain::text::Text;
use crate::store::books::{Books, Fault};
use crate::ui::keymap::Confirm;
use crate::ui::locale::Words;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Objection, Sight};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.kind", least: 13, most: 13, align: Align::Left, rank: 1 },
    Column { title: "column.code", least: 16, most: 26, align: Align::Left, rank: 2 },
    Column { title: "column.called", least: 14, most: 30, align: Align::Left, rank: 0 },
    Column { title: "column.value", least: 10, most: 40, align: Align::Left, rank: 0 },
];
/// The channels, with their names in data and in the locale files.
const CHANNELS: [(&str, Channel); 3] =
    [("alipay", Channel::Alipay), ("wechat", Channel::Wechat), ("bank", Channel::Bank)];

/// The settings.
pub type SettingList = Listing<SettingTable>;

/// A row: what kind of thing it is, and which one, as a number made of its code, whole: two accounts may look alike masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingRow(Kind, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Setting,
    Tier,
    Level,
    Account,
}

/// One row with what it holds.
struct Held {
    kind: Kind,
    id: SettingRow,
    code: String,
    name: String,
    value: String,
}

/// What the list of settings is about.
#[derive(Default)]
pub struct SettingTable {
    settings: Settings,
    chosen: Option<Held>,
}

impl Held {
    fn new(kind: Kind, code: &str, name: &str, value: String) -> Held {
        let mut hasher = DefaultHasher::new();
        code.hash(&mut hasher);
        let id = SettingRow(kind, hasher.finish());
        Held { kind, id, code: code.to_owned(), name: name.to_owned(), value }
    }

    fn kind_key(&self) -> &'static str {
        match self.kind {
            Kind::Setting => "setting_kind.setting",
            Kind::Tier => "setting_kind.tier",
            Kind::Level => "setting_kind.level",
            Kind::Account => "setting_kind.account",
        }
    }
}

/// The settings that are one value each, by name.
fn values(settings: &Settings) -> Vec<(String, String)> {
    let data = serde_json::to_value(settings).unwrap_or_default();
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let each = data.as_object().into_iter().flatten();
    each.filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
}

fn all(sight: &Sight<'_>) -> Result<Vec<Held>, Fault> {
    let words = sight.words;
    let setting =
        |(code, value): (String, String)| Held::new(Kind::Setting, &code, words.say(&format!("setting.{code}")), value);
    let mut rows: Vec<Held> = values(&sight.books.settings()?).into_iter().map(setting).collect();
    rows.extend(sight.books.tiers()?.iter().map(|tier| Held::new(Kind::Tier, &tier.code, &tier.name, String::new())));
    rows.extend(sight.books.levels()?.iter().map(|level| {
        let from = level.free_from.map_or_else(String::new, |from| from.to_string());
        Held::new(Kind::Level, &level.code, &level.name, from)
    }));
    for account in sight.books.accounts()? {
        let channel = CHANNELS.iter().find(|(_, channel)| *channel == account.channel).map_or("", |(key, _)| key);
        let channel = words.say(&format!("channel.{channel}")).to_owned();
        let held = Held::new(Kind::Account, &account.number, &account.name, channel);
        rows.push(Held { code: sight.mask().account(&account.number).to_string(), ..held });
    }
    Ok(rows)
}

impl Table for SettingTable {
    type Id = SettingRow;
    const NAME: &'static str = "settings";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "list.empty";
    const ACTS: &'static [Act<SettingList>] = &[
        Act {
            name: "row.edit",
            command: |pane| {
                Some(match pane.of.chosen.as_ref()?.kind {
                    Kind::Setting => "change_settings",
                    Kind::Tier => "define_tier",
                    Kind::Level => "define_free_shipping",
                    Kind::Account => "open_account",
                })
            },
            deed: Deed::Ask(|pane, words| {
                let held = pane.of.chosen.as_ref()?;
                match held.kind {
                    Kind::Setting => change(pane, held),
                    Kind::Tier => Some(define_tier(Some(held))),
                    Kind::Level => Some(define_level(Some(held), words)),
                    Kind::Account => Some(open_account(words)),
                }
            }),
        },
        Act { name: "setting.tier", command: |_| Some("define_tier"), deed: Deed::Ask(|_, _| Some(define_tier(None))) },
        Act {
            name: "setting.level",
            command: |_| Some("define_free_shipping"),
            deed: Deed::Ask(|_, words| Some(define_level(None, words))),
        },
        Act {
            name: "setting.account",
            command: |_| Some("open_account"),
            deed: Deed::Ask(|_, words| Some(open_account(words))),
        },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("pane.settings").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<SettingRow>,
        height: usize,
    ) -> Result<Vec<Row<SettingRow>>, Fault> {
        let mut rows = all(sight)?;
        rows.retain(|held| [&held.code, &held.name, &held.value].into_iter().any(|text| text.contains(query)));
        let row = |held: &Held| {
            let cells = [sight.words.say(held.kind_key()), &held.code, &held.name, &held.value];
            Row { id: held.id, cells: cells.into_iter().map(Cell::plain).collect() }
        };
        Ok(need.page_of(&rows, |held| held.id, height).iter().map(row).collect())
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<SettingRow>) -> Result<Vec<Line>, Fault> {
        self.settings = sight.books.settings()?;
        self.chosen = all(sight)?.into_iter().find(|held| Some(held.id) == at);
        let Some(held) = &self.chosen else { return Ok(vec![]) };
        let remark = format!("setting_remark.{}", held.code);
        let mut lines = vec![Line::title(format!("{}  {}", held.name, held.value))];
        if held.kind == Kind::Setting && sight.words.has(&remark) {
            lines.push(Line::plain(sight.words.say(&remark)));
        }
        Ok(lines)
    }
}

/// Another value for one setting; the others stay.
fn change(pane: &SettingList, held: &Held) -> Option<Ask> {
    let data = serde_json::to_value(&pane.of.settings).ok()?;
    let name = held.code.clone();
    let fields = vec![Field::line("value", "column.value", input::Kind::Text).needed().holding(&held.value)];
    let make = move |filled: &Filled<'_>| {
        let typed = crate::domain::text::fold(filled("value").trim());
        let mut data = data.clone();
        data[&name] = match &data[&name] {
            Value::Number(_) => typed.parse::<i64>().map_or(Value::Null, Value::from),
            _ => Value::from(typed),
        };
        let settings = serde_json::from_value(data);
        let settings = settings.map_err(|_| -> Objection { ("value", "setting.malformed".to_owned()) })?;
        Ok(Command::ChangeSettings(ChangeSettings { settings }))
    };
    Some(Ask { title: held.name.clone(), lines: vec![], fields, confirm: Some(Confirm::F8), make: Box::new(make) })
}

/// The code and the name of a new tier or level, or of one whose name changes.
fn coded(held: Option<&Held>) -> Vec<Field> {
    let (code, name) = held.map_or(("", ""), |held| (&held.code, &held.name));
    vec![
        Field::line("code", "column.code", input::Kind::Code).needed().holding(code),
        Field::line("name", "column.called", input::Kind::Text).needed().holding(name),
    ]
}

fn define_tier(held: Option<&Held>) -> Ask {
    let make = |filled: &Filled<'_>| {
        let (code, name) = (Text::new(&filled("code")), Text::new(&filled("name")));
        Ok(Command::DefineTier(DefineTier { code, name }))
    };
    let title = held.map_or_else(String::new, |held| held.code.clone());
    Ask { title, lines: vec![], fields: coded(held), confirm: Some(Confirm::F8), make: Box::new(make) }
}

fn define_level(held: Option<&Held>, words: &Words) -> Ask {
    let from = held.map_or("", |held| &held.value);
    let mut fields = coded(held);
    fields.push(Field::line("free_from", "field.free_from", input::Kind::Money).holding(from));
    let make = |filled: &Filled<'_>| {
        let typed = filled("free_from");
        let free_from = Some(typed.trim()).filter(|typed| !typed.is_empty()).map(str::parse).transpose();
        let free_from = free_from.map_err(|_| -> Objection { ("free_from", "input.not_an_amount".to_owned()) })?;
        let (code, name) = (Text::new(&filled("code")), Text::new(&filled("name")));
        Ok(Command::DefineFreeShipping(DefineFreeShipping { code, name, free_from }))
    };
    let title = held.map_or_else(String::new, |held| held.code.clone());
    let lines = vec![words.say("setting.level_line").to_owned()];
    Ask { title, lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) }
}

fn open_account(words: &Words) -> Ask {
    let channels = CHANNELS.map(|(key, _)| (key.to_owned(), format!("channel.{key}")));
    let fields = vec![
        Field::choice("channel", "field.channel", channels.to_vec()),
        Field::line("number", "field.account", input::Kind::Code).needed(),
        Field::line("name", "column.called", input::Kind::Text).needed(),
    ];
    let make = |filled: &Filled<'_>| {
        let channel = CHANNELS.iter().find(|(key, _)| *key == filled("channel")).map(|(_, channel)| *channel);
        let channel = channel.ok_or_else(|| -> Objection { ("channel", "input.needed".to_owned()) })?;
        let (number, name) = (Text::new(&filled("number")), Text::new(&filled("name")));
        Ok(Command::OpenAccount(OpenAccount { channel, number, name }))
    };
    let lines = vec![words.say("setting.account_line").to_owned()];
    Ask { title: String::new(), lines, fields, confirm: Some(Confirm::F8), make: Box::new(make) }
}
