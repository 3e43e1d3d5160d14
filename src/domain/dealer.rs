//! Dealers (经销商): Tmall dealers, Weidian shops, WeChat dealers, and offline customers who also sell online.
//!
//! A dealer's file is kept in versions and goes to the back office and to finance (M1.4). An account
//! is *registered* from the moment finance acknowledged the version that carries it: a payment made
//! before that stays unregistered (M1.1b), else whoever enters orders could register any account a minute
//! before using it. One account is never in two dealers' files.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal};
use super::event::Event;
use super::flow::Channel;
use super::id::{DealerId, PersonId, ReferralId};
use super::money::Money;
use super::role::Role;
use super::text::Text;
use super::time::{Day, Moment};

/// What kind of dealer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DealerKind {
    /// 天猫经销商.
    Tmall,
    /// 微店.
    Weidian,
    /// 微信经销商.
    Wechat,
    /// 线下兼线上: an offline customer who also sells online (M1.2).
    OfflineOnline,
}

impl DealerKind {
    /// Every kind.
    pub const ALL: &[DealerKind] =
        &[DealerKind::Tmall, DealerKind::Weidian, DealerKind::Wechat, DealerKind::OfflineOnline];
}

/// An account from which a dealer pays (打款账号).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayAccount {
    /// Through whom.
    pub channel: Channel,
    /// The account as statements write it: login, telephone, card number or openid.
    pub number: Text,
    /// In whose name, where known.
    #[serde(default)]
    pub holder: Text,
}

/// A dealer's file (客户资料档案), M1.1a.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DealerFile {
    /// What kind of dealer.
    pub kind: DealerKind,
    /// 客户姓名.
    pub name: Text,
    /// 开始经营我公司产品的时间.
    #[serde(default)]
    pub since: Option<Day>,
    /// 经营渠道: shops and platforms.
    #[serde(default)]
    pub channels: Vec<Text>,
    /// Who to speak to.
    #[serde(default)]
    pub contact: Text,
    /// 联系方式: telephone.
    #[serde(default)]
    pub phone: Text,
    /// 收货地址.
    #[serde(default)]
    pub address: Text,
    /// 支付渠道: how they usually pay.
    #[serde(default)]
    pub pays_by: Option<Channel>,
    /// 打款帐号.
    #[serde(default)]
    pub accounts: Vec<PayAccount>,
    /// 进货价格等级, by code.
    #[serde(default)]
    pub tier: Text,
    /// 包邮等级, by code.
    #[serde(default)]
    pub free_shipping: Text,
    /// 备注.
    #[serde(default)]
    pub remark: Text,
}

/// Who took a file version into their books, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// Which version.
    pub version: u32,
}

/// The back office's match of an offline customer (M1.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfflineMatch {
    /// Who matched.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The customer's number in the offline books.
    pub number: Text,
}

/// A dealer as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dealer {
    /// The dealer's number.
    pub id: DealerId,
    /// The file in force.
    pub file: DealerFile,
    /// Its version, from 1.
    pub version: u32,
    /// Who entered that version.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: Moment,
    /// The last acknowledgement of the back office.
    pub back_office: Option<Acknowledgement>,
    /// The last acknowledgement of finance.
    pub finance: Option<Acknowledgement>,
    /// The match of an offline customer.
    pub matched: Option<OfflineMatch>,
    /// Money of the dealer's that no order uses (预存款).
    pub credit: Money,
}

/// When an account was registered for a dealer, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Whose account it is.
    pub dealer: DealerId,
    /// From when payments from it count; none while finance has not acknowledged it.
    pub from: Option<Moment>,
    /// Until when, once a later acknowledged version no longer carries it.
    pub until: Option<Moment>,
}

impl Registration {
    /// Whether the account was registered at `time`.
    pub fn covers(&self, time: Moment) -> bool {
        self.from.is_some_and(|from| time >= from) && self.until.is_none_or(|until| time < until)
    }
}

/// The form of an account number by which it is compared: folded, lower case, no blanks.
pub fn account_key(number: &str) -> String {
    if number.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'-') {
        return number.to_owned();
    }
    let folded = super::text::fold(number);
    folded.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

/// A referral as the books keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// Its number.
    pub id: ReferralId,
    /// Who was referred.
    pub name: Text,
    /// How they can be reached.
    pub contact: Text,
    /// What they wanted.
    pub remark: Text,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Moment,
    /// The Tmall order it led to.
    pub order: Option<super::id::OrderId>,
}

impl DealerFile {
    /// The fields that M1.1a asks for and this file lacks.
    pub fn missing(&self) -> Vec<&'static str> {
        let fields = [
            ("name", self.name.is_empty()),
            ("since", self.since.is_none()),
            ("channels", self.channels.is_empty()),
            ("contact", self.contact.is_empty()),
            ("phone", self.phone.is_empty()),
            ("pays_by", self.pays_by.is_none()),
            ("accounts", self.accounts.is_empty()),
            ("tier", self.tier.is_empty()),
            ("free_shipping", self.free_shipping.is_empty()),
        ];
        fields.into_iter().filter(|(_, lacks)| *lacks).map(|(name, _)| name).collect()
    }

    /// The fields in which two files differ, by name.
    pub fn changed(&self, other: &DealerFile) -> Vec<&'static str> {
        let fields = [
            ("kind", self.kind != other.kind),
            ("name", self.name != other.name),
            ("since", self.since != other.since),
            ("channels", self.channels != other.channels),
            ("contact", self.contact != other.contact),
            ("phone", self.phone != other.phone),
            ("address", self.address != other.address),
            ("pays_by", self.pays_by != other.pays_by),
            ("accounts", self.accounts != other.accounts),
            ("tier", self.tier != other.tier),
            ("free_shipping", self.free_shipping != other.free_shipping),
            ("remark", self.remark != other.remark),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// `mine`, changed from `base`, laid over `self`, which somebody else changed from `base` (E81).
    pub(super) fn merged(&self, base: &DealerFile, mine: &DealerFile) -> Result<DealerFile, Vec<&'static str>> {
        let ours = mine.changed(base);
        let theirs = self.changed(base);
        let clash: Vec<_> =
            ours.iter().copied().filter(|f| theirs.contains(f) && self.changed(mine).contains(f)).collect();
        if !clash.is_empty() {
            return Err(clash);
        }
        let mut merged = mine.clone();
        for field in theirs.iter().filter(|field| !ours.contains(field)) {
            match *field {
                "kind" => merged.kind = self.kind,
                "name" => merged.name = self.name.clone(),
                "since" => merged.since = self.since,
                "channels" => merged.channels = self.channels.clone(),
                "contact" => merged.contact = self.contact.clone(),
                "phone" => merged.phone = self.phone.clone(),
                "address" => merged.address = self.address.clone(),
                "pays_by" => merged.pays_by = self.pays_by,
                "accounts" => merged.accounts = self.accounts.clone(),
                "tier" => merged.tier = self.tier.clone(),
                "free_shipping" => merged.free_shipping = self.free_shipping.clone(),
                "remark" => merged.remark = self.remark.clone(),
                other => unreachable!("{other} is a field of `changed`"),
            }
        }
        Ok(merged)
    }
}

impl Dealer {
    /// What keeps the dealer's shipments back, if anything (M1.2, M1.3, M1.4): every fault at once.
    pub fn incomplete(&self) -> Vec<Refusal> {
        let dealer = || self.file.name.clone();
        let mut found = Vec::new();
        let missing = self.file.missing();
        if !missing.is_empty() {
            found.push(Clause::NoFileNoGoods.refuse(Reason::FileIncomplete { dealer: dealer(), missing }));
        }
        if self.file.kind == DealerKind::OfflineOnline && self.matched.is_none() {
            found.push(Clause::OfflineMatch.refuse(Reason::NotMatched { dealer: dealer() }));
        }
        let parties = [(Role::BackOffice, &self.back_office), (Role::Finance, &self.finance)];
        let missing: Vec<Role> = parties.into_iter().filter(|(_, ack)| ack.is_none()).map(|(role, _)| role).collect();
        if !missing.is_empty() {
            found.push(Clause::FileHandedOn.refuse(Reason::FileNotHandedOn { dealer: dealer(), missing }));
        }
        found
    }

    /// Which parties have yet to take the version in force into their books (M1.4).
    pub fn awaits(&self) -> Vec<Role> {
        let behind = |ack: &Option<Acknowledgement>| ack.as_ref().is_none_or(|ack| ack.version < self.version);
        let parties = [(Role::BackOffice, behind(&self.back_office)), (Role::Finance, behind(&self.finance))];
        parties.into_iter().filter(|(_, behind)| *behind).map(|(role, _)| role).collect()
    }

    /// What an event does to the record.
    pub fn apply(&mut self, by: PersonId, at: Moment, event: &Event) {
        match event {
            Event::DealerRevised { version, file, .. } => {
                self.file = file.clone();
                self.version = *version;
                self.filed_by = by;
                self.filed_at = at;
            }
            Event::DealerAcknowledged { version, party, .. } => {
                let ack = Some(Acknowledgement { by, at, version: *version });
                if *party == Role::Finance { self.finance = ack } else { self.back_office = ack }
            }
            Event::DealerMatched { number, .. } => self.matched = Some(OfflineMatch { by, at, number: number.clone() }),
            _ => {}
        }
    }
}
