//! Settings (设置): where a company could well choose otherwise.
//!
//! A change of a setting is an event like any other. What was decided under the old value stays as it was.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusals};
use super::event::Event;
use super::flow::Channel;
use super::id::AccountId;
use super::money::Money;
use super::quantity::Quantity;
use super::text::Text;
use super::time::{CHINA, Zone};
use super::{Actor, Rule};

/// All settings together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The department's name, as the screens' first word.
    pub department: Text,
    /// Fixed offset from UTC in minutes; the business day follows it.
    pub zone: Zone,
    /// Freight of one order where the dealer's level does not make it free (不包邮的运费).
    pub freight: Money,
    /// The largest shortfall that finance may tolerate with a reason.
    pub tolerance_max: Money,
    /// Hours from payment to shipment (M4.1).
    pub ship_hours: u16,
    /// Hours before the deadline at which a shipment shows as near due (将到).
    pub warn_hours: u16,
    /// Minutes without a key after which a terminal locks.
    pub lock_minutes: u16,
    /// Minutes for which a passphrase given for a signature or for money stays good.
    pub confirm_minutes: u16,
    /// How much of an article one line of a stocktake's sheet has at most without being asked about; an empty article
    /// stands for all that are not named.
    #[serde(default)]
    pub count_limits: Vec<CountLimit>,
    /// When a terminal's bell rings while goods are counted.
    #[serde(default)]
    pub bell: Bell,
}

/// When a terminal's bell rings while goods are counted: a scanner makes a sound of its own for what it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bell {
    /// Twice where something is refused or asked.
    #[default]
    Error,
    /// Also once where something was taken.
    All,
    /// Never.
    Off,
}

/// A limit past which a counted quantity is asked about (真是这么多吗?).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountLimit {
    /// The article's code, or empty.
    pub article: Text,
    /// The most that is not asked about, in the base unit.
    pub limit: Quantity,
}

impl Settings {
    /// The limit for an article's lines, if there is one.
    pub fn count_limit(&self, code: &Text) -> Option<Quantity> {
        let of = |code: &str| self.count_limits.iter().find(|it| it.article.as_str() == code).map(|it| it.limit);
        of(code).or_else(|| of(""))
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            department: "电商部".into(),
            zone: CHINA,
            freight: Money::fen(1_200),
            tolerance_max: Money::fen(500),
            ship_hours: 24,
            warn_hours: 4,
            lock_minutes: 10,
            confirm_minutes: 5,
            count_limits: Vec::new(),
            bell: Bell::Error,
        }
    }
}

/// A purchase-price tier (进货价格等级).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// Its code, such as `A`.
    pub code: Text,
    /// Its name.
    pub name: Text,
}

/// A free-shipping level (包邮等级).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeShipping {
    /// Its code, such as `B1`.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// The goods total from which an order ships free; none means never.
    pub free_from: Option<Money>,
}

impl FreeShipping {
    /// The freight of an order with this total of goods.
    pub fn freight(&self, goods: Money, settings: &Settings) -> Money {
        if self.free_from.is_some_and(|from| goods >= from) { Money::ZERO } else { settings.freight }
    }
}

/// One of the company's receiving accounts (收款账户).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number in the books.
    pub id: AccountId,
    /// Through whom.
    pub channel: Channel,
    /// The account's own number or login, as statements write it.
    pub number: Text,
    /// What the department calls it; unique.
    pub name: Text,
}

/// Change settings, all of them at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettings {
    /// The settings from now on.
    pub settings: Settings,
}

/// Define a price tier, or rename one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineTier {
    /// Its code.
    pub code: Text,
    /// Its name.
    pub name: Text,
}

/// Define a free-shipping level, or change one for orders taken from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineFreeShipping {
    /// Its code.
    pub code: Text,
    /// Its name.
    pub name: Text,
    /// The goods total from which an order ships free; none means never.
    #[serde(default)]
    pub free_from: Option<Money>,
}

/// Open a receiving account in the books (M3.1, M3.2a).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// Through whom.
    pub channel: Channel,
    /// The account's own number or login.
    pub number: Text,
    /// What the department calls it.
    pub name: Text,
}

/// What these commands may look at.
pub struct SettingFacts {
    /// The settings in force.
    pub settings: Settings,
    /// The receiving accounts.
    pub accounts: Vec<Account>,
}

fn named(code: &Text, name: &Text) -> Result<(), Refusals> {
    for (field, value) in [("code", code), ("name", name)] {
        if value.is_empty() {
            return Err(Clause::Exact.refuse(Reason::Empty { field }).into());
        }
    }
    Ok(())
}

impl Rule for ChangeSettings {
    type Facts = SettingFacts;

    fn decide(&self, _: &Actor, facts: &SettingFacts) -> Result<Event, Refusals> {
        let new = &self.settings;
        let checks = [
            ("freight", new.freight >= Money::ZERO && new.freight <= Money::LIMIT),
            ("tolerance_max", new.tolerance_max >= Money::ZERO && new.tolerance_max <= Money::fen(10_000)),
            ("zone", new.zone.0.abs() <= 14 * 60),
            ("ship_hours", (1..=240).contains(&new.ship_hours)),
            ("warn_hours", new.warn_hours <= new.ship_hours),
            ("lock_minutes", (1..=60).contains(&new.lock_minutes)),
            ("confirm_minutes", new.confirm_minutes <= 30),
            ("department", !new.department.is_empty()),
            ("count_limits", new.count_limits.iter().all(|it| it.limit.is_positive())),
        ];
        if let Some((field, _)) = checks.iter().find(|(_, good)| !good) {
            let value = serde_json::to_value(new).expect("settings are plain data")[field].to_string();
            return Err(Clause::Exact.refuse(Reason::Malformed { field, value: value.into() }).into());
        }
        Ok(Event::SettingsChanged { settings: new.clone(), was: facts.settings.clone() })
    }
}

impl Rule for DefineTier {
    type Facts = SettingFacts;

    fn decide(&self, _: &Actor, _: &SettingFacts) -> Result<Event, Refusals> {
        named(&self.code, &self.name)?;
        Ok(Event::TierDefined { code: self.code.clone(), name: self.name.clone() })
    }
}

impl Rule for DefineFreeShipping {
    type Facts = SettingFacts;

    fn decide(&self, _: &Actor, _: &SettingFacts) -> Result<Event, Refusals> {
        named(&self.code, &self.name)?;
        if self.free_from.is_some_and(|from| from < Money::ZERO) {
            return Err(Clause::Exact.refuse(Reason::NotPositive { field: "free_from" }).into());
        }
        let DefineFreeShipping { code, name, free_from } = self.clone();
        Ok(Event::FreeShippingDefined { code, name, free_from })
    }
}

impl Rule for OpenAccount {
    type Facts = SettingFacts;

    fn decide(&self, _: &Actor, facts: &SettingFacts) -> Result<Event, Refusals> {
        named(&self.number, &self.name)?;
        let same = |a: &&Account| a.name == self.name || (a.channel == self.channel && a.number == self.number);
        if let Some(other) = facts.accounts.iter().find(same) {
            let taken = Reason::Taken { what: "account", code: self.name.clone(), by: other.name.clone() };
            return Err(Clause::NothingErased.refuse(taken).into());
        }
        let OpenAccount { channel, number, name } = self.clone();
        let account = AccountId(facts.accounts.iter().map(|a| a.id.0).max().unwrap_or(0) + 1);
        Ok(Event::AccountOpened { account, channel, number, name })
    }
}
