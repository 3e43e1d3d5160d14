//! Mistakes that are planted in the warehouse's model on purpose: the comparison with the program must find each of them.

/// A mistake planted in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// More than was billed is taken.
    TakeMoreThanBilled,
    /// A goods-in that was keyed twice is taken twice.
    ReceiveUnseen,
    /// What did not come of a bill is owed all the same.
    OweWhatIsShort,
    /// Damaged goods lie among the sound ones.
    DamagedIsSound,
    /// Packed goods are moved to another place.
    MovePacked,
    /// More comes back than was shipped.
    BackTwice,
    /// One person fills in both sheets.
    BothSheets,
    /// Whoever counted it counts it again.
    CountOwnAgain,
    /// What was left blank is nothing.
    BlankIsZero,
    /// A figure is held against the book as it is when the sheets are compared.
    BookOfNow,
    /// What was taken back still says when the goods were counted.
    UndoneTells,
    /// A shortage takes packed goods too.
    TakePacked,
    /// One article's surplus makes up for another's shortage.
    NetArticles,
    /// Whoever counted confirms.
    ConfirmOwn,
    /// The quarter is counted without finance.
    QuarterAlone,
    /// Goods that are counted frozen move.
    FrozenMoves,
    /// A claim is settled once more.
    SettleTwice,
    /// All that comes back is as the whole return says.
    OneFate,
    /// A letter is hurried to whom it is not for.
    HurryAnybody,
}

/// Every planted mistake.
pub const BUGS: &[Bug] = &[
    Bug::TakeMoreThanBilled,
    Bug::ReceiveUnseen,
    Bug::OweWhatIsShort,
    Bug::DamagedIsSound,
    Bug::MovePacked,
    Bug::BackTwice,
    Bug::BothSheets,
    Bug::CountOwnAgain,
    Bug::BlankIsZero,
    Bug::BookOfNow,
    Bug::UndoneTells,
    Bug::TakePacked,
    Bug::NetArticles,
    Bug::ConfirmOwn,
    Bug::QuarterAlone,
    Bug::FrozenMoves,
    Bug::SettleTwice,
    Bug::OneFate,
    Bug::HurryAnybody,
];
