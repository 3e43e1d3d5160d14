//! Random steps in the warehouse, and what they come to where it stands: mostly the next thing that a bill, an order or a
//! stocktake needs, and now and then something else.

use proptest::prelude::*;

use super::ask::{Ask, Came, Fate, Found, Scope};
use super::count::{Sheet, Stage, Take};
use super::model::{HOMES, Model};
use crate::step::{Step, of_kinds, pick};

/// Kinds of steps, by weight.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![
        2 => Just(0u8), 2 => Just(1u8), 5 => Just(2u8), 3 => Just(3u8), 2 => Just(4u8), 6 => Just(5u8), 4 => Just(6u8),
        30 => Just(7u8), 5 => Just(8u8), 6 => Just(9u8),
    ];
    of_kinds(kind, 80)
}

/// Who can be appointed to count, and the administrator, who cannot.
const COUNTERS: [&str; 7] = ["keeper", "clerk", "promo", "sales", "boss", "money", "admin"];
const STAFF: [&str; 10] = ["admin", "clerk", "boss", "keeper", "money", "office", "promo", "sales", "director", "shop"];

type Deed = (&'static str, Ask);

/// Mostly one of them, the newest more often; now and then one that is not there.
fn one_of(count: usize, by: u8) -> usize {
    if by > 250 { count } else { pick(count.min(3), by) + count.saturating_sub(3) }
}

fn a_place(by: u8) -> Option<usize> {
    [None, None, Some(0), Some(1), Some(2)][pick(5, by)]
}

/// Exactly so much, mostly; else a little more or less, or half.
fn about(much: i64, by: u8) -> i64 {
    match by % 8 {
        0 => much + 1,
        1 => much - 1,
        2 | 3 => (much / 2).max(1),
        _ => much,
    }
}

impl Step {
    /// What the step comes to now, and who asks for it.
    pub fn errand(&self, model: &Model) -> Deed {
        let Step { kind, a, b, c } = *self;
        let article = usize::from(a % 2);
        match kind {
            0 => ("keeper", Ask::Receive { article, much: i64::from(b % 30) }),
            1 => self.bills(),
            2 => self.comes(model),
            3 => self.moves(model),
            4 => self.spoils(model),
            5 => self.ships(model),
            6 => self.opens(),
            7 => self.counts(model).unwrap_or_else(|| self.opens()),
            9 => self.files(model),
            _ => {
                // The same by somebody else.
                let kind = [2, 3, 4, 5, 6, 7, 7, 7, 9][pick(9, c)];
                let (_, ask) = Step { kind, a: b, b: c, c: a }.errand(model);
                (STAFF[pick(STAFF.len(), b)], ask)
            }
        }
    }

    fn bills(&self) -> Deed {
        let Step { a, b, c, .. } = *self;
        let one = (usize::from(a % 2), i64::from(b % 25));
        let lines = match c % 8 {
            0 => vec![one, one],
            1..=4 => vec![one, (1 - one.0, i64::from(b / 25) + 1)],
            _ => vec![one],
        };
        ("clerk", Ask::EnterBill { number: c % 16, lines })
    }

    /// Goods against a bill, all or some of it; or a bill for what came before it; or a report is read.
    fn comes(&self, model: &Model) -> Deed {
        let Step { a, b, c, .. } = *self;
        let open: Vec<usize> = (0..model.bills.len()).filter(|at| !model.bills[*at].done).collect();
        let bill =
            if a > 245 { one_of(model.bills.len(), b) } else { open.get(pick(open.len(), a)).copied().unwrap_or(0) };
        let Some(kept) = model.bills.get(bill) else { return self.bills() };
        let seen = if b > 235 { 0 } else { kept.receipts };
        let last = c.is_multiple_of(4);
        match c % 9 {
            0 => {
                let receipt = model.reports.keys().nth(pick(model.reports.len(), b)).copied().unwrap_or(0);
                return (["director", "shop"][pick(2, a)], Ask::Read { receipt });
            }
            1 => return ("keeper", Ask::Match { bill, seen, receipt: one_of(model.receipts.len(), b), last }),
            _ => {}
        }
        let mut lines = Vec::new();
        for (nth, (article, billed, accepted)) in kept.lines.iter().enumerate() {
            let much = about(billed - accepted, b.rotate_left(nth as u32));
            if much > 0 || c > 250 {
                lines.push(Came { article: *article, much, found: Found::Accepted, place: a_place(c) });
            }
        }
        let other = [Found::DamagedKept, Found::Damaged, Found::Over, Found::Wrong, Found::Accepted][pick(5, a)];
        match b % 5 {
            0 => {
                lines.push(Came { article: usize::from(a % 2), much: 1 + i64::from(a % 3), found: other, place: None })
            }
            1 => lines.iter_mut().for_each(|line| line.found = other),
            _ => {}
        }
        ("keeper", Ask::ReceiveBill { bill, seen, lines, last })
    }

    fn moves(&self, model: &Model) -> Deed {
        let Step { a, b, c, .. } = *self;
        let (article, from, damaged) = (usize::from(a % 2), a_place(b), c.is_multiple_of(5));
        let shelf = model.shelves[article][from.unwrap_or(HOMES[article])];
        let there = match damaged {
            true => shelf.damaged,
            false if c > 200 => shelf.on_hand,
            false => shelf.free(),
        };
        let one = (article, about(there, c), from);
        let lines = if a > 200 { vec![one, (article, 1, from)] } else { vec![one] };
        ("keeper", Ask::Move { lines, to: usize::from(b / 5 % 3), damaged })
    }

    fn spoils(&self, model: &Model) -> Deed {
        let Step { a, b, c, .. } = *self;
        let (article, from, reasoned) = (usize::from(a % 2), a_place(b), !c.is_multiple_of(11));
        let shelf = model.shelves[article][from.unwrap_or(HOMES[article])];
        if shelf.damaged > 0 && c.is_multiple_of(2) {
            let fate = [Fate::Sound, Fate::WrittenOff, Fate::ToFactory][pick(3, b)];
            return ("boss", Ask::Settle { article, much: about(shelf.damaged, a), from, fate, reasoned });
        }
        let much = if a > 200 { shelf.on_hand } else { about(shelf.free().min(9), a) };
        ("keeper", Ask::Spoil { article, much, from, reasoned })
    }

    /// The next thing that an order needs, or a new one; goods come back.
    fn ships(&self, model: &Model) -> Deed {
        let Step { a, b, c, .. } = *self;
        let order = one_of(model.orders.len(), a);
        let Some(kept) = model.orders.get(order).filter(|_| !b.is_multiple_of(4)) else {
            return ("clerk", Ask::Sell { number: c, article: usize::from(a % 2), much: i64::from(b % 40) });
        };
        let place = [None, Some(1), Some(2)][pick(3, b)];
        let each = [Fate::Sound, Fate::Damaged, Fate::WrittenOff];
        let back = |much: i64| {
            let (fate, other) = (each[pick(3, a)], each[pick(3, a / 3)]);
            // As one, or in two lines, each or the first alone with what becomes of it.
            let lines = if much > 1 && a.is_multiple_of(2) { vec![1, much - 1] } else { vec![much] };
            let fates = [vec![], vec![(other, None)], vec![(other, place), (fate, Some(1))]][pick(3, c)].clone();
            Ask::Back { order, lines, fate, place, fates }
        };
        let ask = match c % 7 {
            0 => Ask::Unpack { order, reasoned: !b.is_multiple_of(9) },
            1 => back(about(kept.much, b)),
            _ if kept.shipped => back(about(kept.much - kept.back, b)),
            _ if kept.picked.is_empty() => Ask::Pack { order },
            _ if !kept.labelled => Ask::Label { order },
            _ => Ask::Ship { order },
        };
        ("keeper", ask)
    }

    /// A claim is made good, a day closed, or a letter hurried.
    fn files(&self, model: &Model) -> Deed {
        let Step { a, b, c, .. } = *self;
        let open = model.claims.iter().position(|(_, settled)| !settled);
        let person = ["office", "promo", "director"][pick(3, b)];
        match c % 5 {
            0 => ("boss", Ask::CloseDay { day: 1 + a % 3 }),
            1 => ("admin", Ask::Address { person, given: !a.is_multiple_of(5) }),
            2 => {
                let letter = model.office.letters.get(pick(model.office.letters.len(), a)).copied().unwrap_or(1);
                (["boss", "office"][pick(2, c)], Ask::Hurry { letter, person })
            }
            _ => {
                let claim = open.filter(|_| a < 180).unwrap_or_else(|| one_of(model.claims.len(), b));
                ("money", Ask::MadeGood { claim, reasoned: !a.is_multiple_of(9) })
            }
        }
    }

    fn opens(&self) -> Deed {
        let Step { a, b, c, .. } = *self;
        let scope = match a % 8 {
            0..=3 => Scope::Whole,
            4 => Scope::Places(vec![1]),
            5 => Scope::Places(vec![0, 2]),
            6 => Scope::Articles(vec![0]),
            _ => Scope::Articles(vec![1]),
        };
        let (one, other) = (COUNTERS[pick(7, b)], COUNTERS[pick(7, b / 7)]);
        let counters = if c > 250 { vec![one] } else { vec![one, other] };
        let (one_sheet, frozen) = (c.is_multiple_of(4), a > 215);
        let (quarterly, finance) = (c % 4 == 1, !b.is_multiple_of(3));
        ("office", Ask::Open { scope, one_sheet, frozen, quarterly, counters, finance })
    }

    /// The next thing that a stocktake needs.
    fn counts(&self, model: &Model) -> Option<Deed> {
        let Step { a, b, c, .. } = *self;
        let open: Vec<usize> = (0..model.takes.len()).filter(|at| model.takes[*at].stage.is_open()).collect();
        let at = if a > 252 { pick(model.takes.len(), b) } else { *open.get(pick(open.len(), a))? };
        let take = model.takes.get(at)?;
        if c == 99 {
            return Some(("office", Ask::Abandon { take: at, reasoned: !b.is_multiple_of(5) }));
        }
        match take.stage {
            Stage::Counting | Stage::Recounting => self.fills(model, at, take),
            Stage::Differing => Some(self.appoints(at, take)),
            // Goods are packed between a count and its confirmation.
            Stage::Settling if c % 8 == 1 => {
                let waits = model.orders.iter().position(|order| order.picked.is_empty());
                Some(match waits {
                    Some(order) => ("keeper", Ask::Pack { order }),
                    None => ("clerk", Ask::Sell { number: c, article: usize::from(b % 2), much: 12 }),
                })
            }
            Stage::Settling => Some(self.resolves(at, take)),
            Stage::Closed | Stage::Abandoned => Some((COUNTERS[pick(7, c)], Ask::Undo { take: at })),
        }
    }

    /// A line of a sheet, or the sheet is handed in once it has them all.
    fn fills(&self, model: &Model, at: usize, take: &Take) -> Option<Deed> {
        let Step { b, c, .. } = *self;
        let again = take.stage == Stage::Recounting;
        if c == 98 {
            return Some(self.appoints(at, take));
        }
        let all = || take.sheets.iter().enumerate();
        let current = all().filter(|(nth, _)| if again { nth + 1 == take.sheets.len() } else { *nth < take.firsts });
        let hands: Vec<(usize, &Sheet, &'static str)> = current
            .flat_map(|(nth, sheet)| {
                sheet.hands.iter().filter(|hand| !hand.1).map(move |hand| (nth + 1, sheet, hand.0))
            })
            .collect();
        let (no, sheet, who) = *hands.get(pick(hands.len(), b))?;
        let wanted: Vec<(usize, usize)> = match again {
            true => take.rows.iter().filter(|(_, row)| row.asked == no).map(|(key, _)| *key).collect(),
            false => (0..2).flat_map(|article| (0..3).map(move |place| (place, article))).collect(),
        };
        let is_there = |(place, article): &(usize, usize)| {
            let shelf = model.shelves[*article][*place];
            let covered = take.scope.covers(*article, *place);
            again || (covered && (shelf.free() > 0 || HOMES[*article] == *place)) || c == 97
        };
        let blank = |key: &(usize, usize)| sheet.says(key.0, key.1, None).is_none();
        let next: Vec<(usize, usize)> = wanted.into_iter().filter(is_there).filter(blank).collect();
        let act = match c % 12 {
            0 | 3 => Ask::Undo { take: at },
            // More of what is on the sheet already.
            4 if !sheet.records.is_empty() => {
                let more = &sheet.records[pick(sheet.records.len(), b)];
                Ask::Count { take: at, place: more.place, article: more.article, much: 1 + i64::from(b % 2) }
            }
            1 => Ask::Set { take: at, to: about(i64::from(b % 20), c) },
            2 => Ask::Submit { take: at, blanks: [None, Some(1), Some(2)][pick(3, b)] },
            _ => match next.get(pick(next.len(), c / 12)) {
                None => Ask::Submit { take: at, blanks: Some(take.blanks(no)) },
                Some((place, article)) => {
                    let (place, article) = (*place, *article);
                    let free = model.shelves[article][place].free();
                    let earlier = take.rows.get(&(place, article)).and_then(|row| row.firsts.first());
                    let much = match (b / 2 % 6, earlier) {
                        (0, _) => free + 2,
                        (1, _) => free / 4,
                        (2, Some(first)) => free + first.counted.unwrap_or(0) - first.book,
                        (3, Some(_)) => free + 1,
                        _ => free,
                    };
                    Ask::Count { take: at, place, article, much: if c > 250 { 0 } else { much.max(1) } }
                }
            },
        };
        Some((who, act))
    }

    fn appoints(&self, take: usize, kept: &Take) -> Deed {
        let Step { b, c, .. } = *self;
        let fresh: Vec<&'static str> = COUNTERS.into_iter().filter(|who| !kept.has_counter(who)).collect();
        let people = match b % 8 {
            0 => vec![COUNTERS[pick(7, c)]],
            1 => kept.counters.clone(),
            2 => fresh.iter().copied().take(2).collect(),
            _ => vec![fresh.get(pick(fresh.len(), c)).copied().unwrap_or("admin")],
        };
        ("office", Ask::Appoint { take, people })
    }

    fn resolves(&self, take: usize, kept: &Take) -> Deed {
        let Step { b, c, .. } = *self;
        if c.is_multiple_of(8) {
            return match b % 3 {
                0 => self.appoints(take, kept),
                1 => ("money", Ask::Agree { take }),
                _ => ("boss", Ask::Confirm { take }),
            };
        }
        let open = kept.rows.iter().find(|(_, row)| row.is_unexplained());
        if let Some(((place, article), _)) = open {
            let (place, article, worded) = (*place, *article, !b.is_multiple_of(9));
            return (["keeper", "boss", "money"][pick(3, b)], Ask::Explain { take, place, article, worded });
        }
        match kept.quarterly && kept.agreed.is_none() {
            true => ("money", Ask::Agree { take }),
            false => ("boss", Ask::Confirm { take }),
        }
    }
}
