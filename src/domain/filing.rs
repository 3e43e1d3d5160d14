//! Filing dealers (建档): opening and revising files, their acknowledgement, the match of offline customers, referrals.
//!
//! Two people who change different fields of one file both keep what they typed; the same field is shown to the later one.
//! Finance does not acknowledge what the same person filed. A customer without a file is referred to the Tmall shop.

use serde::{Deserialize, Serialize};

use super::clause::{Clause, Reason, Refusal, Refusals};
use super::dealer::{Dealer, DealerFile, DealerKind, PayAccount, account_key};
use super::event::Event;
use super::id::{DealerId, PersonId, ReferralId};
use super::role::Role;
use super::text::Text;
use super::{Actor, Rule};

/// File a dealer (建档).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileDealer {
    /// The file.
    pub file: DealerFile,
}

/// Revise a dealer's file (改档). Fields that others changed meanwhile are kept where they do not clash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseDealer {
    /// Whose.
    pub dealer: DealerId,
    /// The version that was seen.
    pub version: u32,
    /// The whole file as it should be.
    pub file: DealerFile,
}

/// Take a file version into the books of the back office or of finance (M1.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeDealer {
    /// Whose.
    pub dealer: DealerId,
    /// The version that was seen.
    pub version: u32,
    /// For which party: `back_office` or `finance`.
    pub party: Role,
}

/// Match an offline customer who also sells online (M1.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchOffline {
    /// Whose.
    pub dealer: DealerId,
    /// The customer's number in the offline books.
    pub number: Text,
}

/// Send a retail customer to the Tmall shop (转天猫, M3.3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferCustomer {
    /// Who.
    pub name: Text,
    /// How they can be reached.
    #[serde(default)]
    pub contact: Text,
    /// What they wanted.
    #[serde(default)]
    pub remark: Text,
}

/// What commands about dealers may look at.
pub struct DealerFacts {
    /// The dealer named, if there is one.
    pub dealer: Option<Dealer>,
    /// The file of the version that the command was based on.
    pub base: Option<DealerFile>,
    /// Accounts of the new file that stand in another dealer's file, with that dealer.
    pub elsewhere: Vec<(PayAccount, Dealer)>,
    /// Whether the tier named exists, or none is named.
    pub tier_known: bool,
    /// Whether the free-shipping level named exists, or none is named.
    pub level_known: bool,
    /// Names of the people in the record, for words.
    pub names: Vec<(PersonId, Text)>,
    /// Who filed the versions that finance has not acknowledged yet.
    pub filers: Vec<PersonId>,
    /// The number the next dealer gets.
    pub next: DealerId,
    /// The number the next referral gets.
    pub next_referral: ReferralId,
}

impl DealerFile {
    /// Refuses a file that no dealer can have: without a name, of an unknown tier, with an account of another dealer's.
    fn proper(&self, facts: &DealerFacts) -> Result<(), Refusal> {
        if self.name.is_empty() {
            return Err(Clause::DealerFile.refuse(Reason::Empty { field: "name" }));
        }
        if !facts.tier_known {
            return Err(Clause::Known.refuse(Reason::Unknown { what: "tier", code: self.tier.clone() }));
        }
        if !facts.level_known {
            let code = self.free_shipping.clone();
            return Err(Clause::Known.refuse(Reason::Unknown { what: "free_shipping", code }));
        }
        for (at, account) in self.accounts.iter().enumerate() {
            let key = account_key(&account.number);
            if key.is_empty() || key.contains('*') || key == "/" {
                let value = account.number.clone();
                return Err(Clause::DealerFile.refuse(Reason::Malformed { field: "accounts", value }));
            }
            let same = |other: &PayAccount| other.channel == account.channel && account_key(&other.number) == key;
            if self.accounts[..at].iter().any(same) {
                let by = self.name.clone();
                return Err(Clause::DealerFile.refuse(Reason::Taken {
                    what: "account",
                    code: account.number.clone(),
                    by,
                }));
            }
        }
        if let Some((account, other)) = facts.elsewhere.first() {
            let dealer = Text::new(&format!("{} {}", other.id, other.file.name));
            return Err(
                Clause::RegisteredOnly.refuse(Reason::AccountElsewhere { account: account.number.clone(), dealer })
            );
        }
        Ok(())
    }
}

impl DealerFacts {
    fn named(&self, id: DealerId) -> Result<&Dealer, Refusal> {
        let unknown = || Clause::Known.refuse(Reason::Unknown { what: "dealer", code: id.to_string().into() });
        self.dealer.as_ref().ok_or_else(unknown)
    }

    fn name(&self, of: PersonId) -> Text {
        self.names.iter().find(|(id, _)| *id == of).map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

impl Rule for FileDealer {
    type Facts = DealerFacts;

    fn decide(&self, _: &Actor, facts: &DealerFacts) -> Result<Event, Refusals> {
        self.file.proper(facts)?;
        Ok(Event::DealerFiled { dealer: facts.next, file: self.file.clone() })
    }
}

impl Rule for ReviseDealer {
    type Facts = DealerFacts;

    fn decide(&self, _: &Actor, facts: &DealerFacts) -> Result<Event, Refusals> {
        let dealer = facts.named(self.dealer)?;
        let stale =
            || Clause::AsSeen.refuse(Reason::ChangedSince { seen: self.version.into(), now: dealer.version.into() });
        let base = facts.base.as_ref().ok_or_else(stale)?;
        let file = dealer.file.merged(base, &self.file);
        let file = file.map_err(|fields| Clause::AsSeen.refuse(Reason::BothChanged { fields }))?;
        file.proper(facts)?;
        let changed = file.changed(&dealer.file).into_iter().map(Text::from).collect();
        Ok(Event::DealerRevised { dealer: dealer.id, version: dealer.version + 1, file, changed })
    }
}

impl Rule for AcknowledgeDealer {
    type Facts = DealerFacts;

    fn decide(&self, by: &Actor, facts: &DealerFacts) -> Result<Event, Refusals> {
        let dealer = facts.named(self.dealer)?;
        let ack = match self.party {
            Role::Finance => &dealer.finance,
            Role::BackOffice => &dealer.back_office,
            other => {
                let value = other.key().into();
                return Err(Clause::FileHandedOn.refuse(Reason::Malformed { field: "party", value }).into());
            }
        };
        if !by.roles.holds(self.party) {
            let wanted = vec![self.party];
            return Err(Clause::FileHandedOn.refuse(Reason::NotYourRole { act: "acknowledge_dealer", wanted }).into());
        }
        if self.version != dealer.version {
            let (seen, now) = (self.version.into(), dealer.version.into());
            return Err(Clause::AsSeen.refuse(Reason::ChangedSince { seen, now }).into());
        }
        if let Some(done) = ack.as_ref().filter(|ack| ack.version == self.version) {
            let again = Reason::AcknowledgedAlready { by: facts.name(done.by), at: done.at };
            return Err(Clause::OnceOnly.refuse(again).into());
        }
        if self.party == Role::Finance && facts.filers.contains(&by.person) {
            return Err(Clause::OwnWork.refuse(Reason::OwnFile).into());
        }
        Ok(Event::DealerAcknowledged { dealer: dealer.id, version: self.version, party: self.party })
    }
}

impl Rule for MatchOffline {
    type Facts = DealerFacts;

    fn decide(&self, _: &Actor, facts: &DealerFacts) -> Result<Event, Refusals> {
        let dealer = facts.named(self.dealer)?;
        if dealer.file.kind != DealerKind::OfflineOnline {
            let dealer = dealer.file.name.clone();
            return Err(Clause::OfflineMatch.refuse(Reason::NoMatchNeeded { dealer }).into());
        }
        if self.number.is_empty() {
            return Err(Clause::OfflineMatch.refuse(Reason::Empty { field: "number" }).into());
        }
        Ok(Event::DealerMatched { dealer: dealer.id, number: self.number.clone() })
    }
}

impl Rule for ReferCustomer {
    type Facts = DealerFacts;

    fn decide(&self, _: &Actor, facts: &DealerFacts) -> Result<Event, Refusals> {
        if self.name.is_empty() {
            return Err(Clause::TmallOnly.refuse(Reason::Empty { field: "name" }).into());
        }
        let ReferCustomer { name, contact, remark } = self.clone();
        Ok(Event::CustomerReferred { referral: facts.next_referral, name, contact, remark })
    }
}
