//! Mistakes that are planted in the model on purpose: the comparison with the program must find each of them.

/// A mistake planted in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The largest shortfall itself is refused: `<` where `<=` is the rule.
    ToleranceBelowLimit,
    /// Signatures outlive a change of what they were given for.
    SignaturesStay,
    /// What is given back to credit is given twice.
    CreditTwice,
    /// A stranger's money settles at the tier.
    StrangerAtTier,
    /// A stranger's money becomes credit when an order gives it back.
    StrangerToCredit,
    /// One person signs in two roles.
    SignTwice,
    /// Goods are packed that are not there.
    PackAnything,
    /// A waybill number is used again at once.
    WaybillTwice,
    /// Closing a part frees nothing.
    CloseKeepsMoney,
    /// An exception needs one signature only.
    ExceptionOfOne,
    /// A step begun gives its gift.
    StepBegun,
    /// The gift stays when the goods that earned it come back or are closed short.
    GiftStays,
    /// A gift that is kept without being earned is charged at the tier.
    ChargeAtTier,
    /// What was charged of a gift is charged again.
    ChargeAgain,
}

/// Every planted mistake.
pub const BUGS: &[Bug] = &[
    Bug::ToleranceBelowLimit,
    Bug::SignaturesStay,
    Bug::CreditTwice,
    Bug::StrangerAtTier,
    Bug::StrangerToCredit,
    Bug::SignTwice,
    Bug::PackAnything,
    Bug::WaybillTwice,
    Bug::CloseKeepsMoney,
    Bug::ExceptionOfOne,
    Bug::StepBegun,
    Bug::GiftStays,
    Bug::ChargeAtTier,
    Bug::ChargeAgain,
];
