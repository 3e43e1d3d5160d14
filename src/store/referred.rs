//! Customers who were referred to the Tmall shop.

use redb::ReadableTable;

use super::Fault;
use super::opened::Tables;
use super::tables::REFERRALS;
use crate::domain::dealer::Referral;

/// The part of [`Books`](super::books::Books) that to-do lists read.
pub trait Referred: Tables {
    /// Referrals that led to no Tmall order yet, among the latest `looked_at` (M3.3), newest first.
    fn open_referrals(&self, looked_at: usize) -> Result<Vec<Referral>, Fault> {
        let referrals = self.table(REFERRALS)?;
        let latest = referrals.iter()?.rev().take(looked_at);
        let kept = latest.map(|row| row?.1.value().unpack()).filter(|kept| match kept {
            Ok(referral) => referral.order.is_none(),
            Err(_) => true,
        });
        kept.collect()
    }
}

impl<B: Tables> Referred for B {}
