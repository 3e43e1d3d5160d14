//! The warehouse as a reader would tell it: shelves, bills and shipments in whole units, one function for each thing asked.
//!
//! It shares no code with the program. Stocktakes are in `count.rs` beside it. [`Bug`] plants a mistake on purpose.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Ask, Came, Fate, Found};
use super::bug::Bug;
use super::count::Take;
use super::office::Office;

/// The place where each article belongs.
pub const HOMES: [usize; 2] = [1, 0];
/// The places in the order in which they are used up, after an article's own.
const WAY: [usize; 3] = [2, 1, 0];
/// Retail prices in fen.
pub const RETAIL: [i64; 2] = [1_000, 505];

/// Goods of an article at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shelf {
    pub on_hand: i64,
    pub packed: i64,
    pub damaged: i64,
}

impl Shelf {
    /// What stands on the shelf: sound, and not packed.
    pub fn free(self) -> i64 {
        self.on_hand - self.packed
    }
}

/// A bill: its lines as (article, billed, accepted), how often goods came of it, whether nothing more is awaited.
#[derive(Debug, Clone)]
pub struct Bill {
    pub number: u8,
    pub lines: Vec<(usize, i64, i64)>,
    pub receipts: u16,
    pub done: bool,
}

/// A goods-in: what came plainly, and whether a bill was found for it.
#[derive(Debug, Clone, Default)]
pub struct Receipt {
    pub plain: Vec<(usize, i64)>,
    pub matched: bool,
}

/// An order of one line, and how far it is.
#[derive(Debug, Clone, Default)]
pub struct Order {
    pub article: usize,
    pub much: i64,
    pub picked: Vec<(usize, i64)>,
    pub labelled: bool,
    pub shipped: bool,
    pub back: i64,
}

/// The warehouse.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub bug: Option<Bug>,
    pub shelves: [[Shelf; 3]; 2],
    /// Where each article ever lay.
    pub lain: BTreeSet<(usize, usize)>,
    pub bills: Vec<Bill>,
    pub receipts: Vec<Receipt>,
    /// Reports by their goods-in, with who has read them.
    pub reports: BTreeMap<usize, Vec<&'static str>>,
    /// What is owed to the factory, in fen.
    pub owed: i64,
    pub orders: Vec<Order>,
    pub numbers: BTreeSet<u8>,
    pub takes: Vec<Take>,
    /// Claims for confirmed shortages: what each comes to in fen, and whether it was made good.
    pub claims: Vec<(i64, bool)>,
    /// The papers of the office.
    pub office: Office,
    /// How many entries the journal has.
    pub entries: u64,
}

/// A refusal. The model does not say why.
pub struct No;
pub type Answer = Result<(), No>;

pub fn must(fact: bool) -> Answer {
    if fact { Ok(()) } else { Err(No) }
}

/// Goods that an ask moves, and the places that it puts them to by name.
type Moved = (Vec<usize>, Vec<usize>);

impl Model {
    pub fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// Answers, and changes only where the answer is yes.
    pub fn ask(&mut self, who: &'static str, ask: &Ask) -> Answer {
        must(may(who, ask))?;
        let mut after = self.clone();
        let (articles, places) = after.decide(who, ask)?;
        for article in articles {
            must(self.has(Bug::FrozenMoves) || !self.is_frozen(article, &places))?;
        }
        *self = after;
        self.entries += 1;
        Ok(())
    }

    pub fn at(&mut self, article: usize, place: usize) -> &mut Shelf {
        self.lain.insert((article, place));
        &mut self.shelves[article][place]
    }

    /// The places where an article lies or lay, and where it belongs.
    pub fn places_of(&self, article: usize) -> BTreeSet<usize> {
        let lain = self.lain.iter().filter(|(of, _)| *of == article).map(|(_, place)| *place);
        lain.chain([HOMES[article]]).collect()
    }

    fn is_frozen(&self, article: usize, puts_to: &[usize]) -> bool {
        let mut places = self.places_of(article);
        places.extend(puts_to);
        self.takes.iter().any(|take| take.frozen && take.stage.is_open() && take.scope.meets(article, &places))
    }

    fn decide(&mut self, who: &'static str, ask: &Ask) -> Result<Moved, No> {
        match ask {
            Ask::Receive { article, much } => {
                must(*much > 0)?;
                self.at(*article, HOMES[*article]).on_hand += much;
                self.receipts.push(Receipt { plain: vec![(*article, *much)], matched: false });
                Ok((vec![*article], vec![]))
            }
            Ask::EnterBill { number, lines } => self.enter_bill(*number, lines).map(|()| Moved::default()),
            Ask::ReceiveBill { bill, seen, lines, last } => self.receive(*bill, *seen, lines, *last),
            Ask::Match { bill, seen, receipt, last } => {
                self.match_up(*bill, *seen, *receipt, *last).map(|()| Moved::default())
            }
            Ask::Read { receipt } => {
                let readers = self.reports.get_mut(receipt).ok_or(No)?;
                must(!readers.contains(&who))?;
                readers.push(who);
                Ok(Moved::default())
            }
            Ask::Move { lines, to, damaged } => self.shift(lines, *to, *damaged),
            Ask::Spoil { article, much, from, reasoned } => {
                let place = from.unwrap_or(HOMES[*article]);
                must(*reasoned && *much > 0 && *much <= self.shelves[*article][place].free())?;
                let shelf = self.at(*article, place);
                shelf.on_hand -= much;
                shelf.damaged += much;
                Ok((vec![*article], vec![]))
            }
            Ask::Settle { article, much, from, fate, reasoned } => {
                let place = from.unwrap_or(HOMES[*article]);
                must(*reasoned && *much > 0 && *much <= self.shelves[*article][place].damaged)?;
                let shelf = self.at(*article, place);
                shelf.damaged -= much;
                match fate {
                    Fate::Sound => shelf.on_hand += much,
                    Fate::ToFactory => self.owed -= RETAIL[*article] * much,
                    Fate::WrittenOff => {}
                    Fate::Damaged => return Err(No),
                }
                Ok((vec![*article], vec![]))
            }
            Ask::Sell { .. }
            | Ask::Pack { .. }
            | Ask::Unpack { .. }
            | Ask::Label { .. }
            | Ask::Ship { .. }
            | Ask::Back { .. } => self.ship(ask),
            Ask::MadeGood { .. } | Ask::CloseDay { .. } | Ask::Address { .. } | Ask::Hurry { .. } => {
                self.file(ask).map(|()| Moved::default())
            }
            _ => self.count(who, ask).map(|()| Moved::default()),
        }
    }

    fn enter_bill(&mut self, number: u8, lines: &[(usize, i64)]) -> Answer {
        must(!lines.is_empty() && self.bills.iter().all(|bill| bill.number != number))?;
        let articles: BTreeSet<usize> = lines.iter().map(|(article, _)| *article).collect();
        must(articles.len() == lines.len() && lines.iter().all(|(_, much)| *much > 0))?;
        self.owed += lines.iter().map(|(article, much)| RETAIL[*article] * much).sum::<i64>();
        let lines = lines.iter().map(|(article, much)| (*article, *much, 0)).collect();
        self.bills.push(Bill { number, lines, receipts: 0, done: false });
        Ok(())
    }

    /// A bill of which goods may come now.
    fn awaited(&self, bill: usize, seen: u16) -> Result<Bill, No> {
        let kept = self.bills.get(bill).ok_or(No)?;
        must(!kept.done && (seen == kept.receipts || self.has(Bug::ReceiveUnseen)))?;
        Ok(kept.clone())
    }

    fn receive(&mut self, at: usize, seen: u16, lines: &[Came], last: bool) -> Result<Moved, No> {
        let mut bill = self.awaited(at, seen)?;
        must(last || !lines.is_empty())?;
        let (mut differs, mut moved) = (false, Moved::default());
        for came in lines {
            must(came.much > 0)?;
            differs |= came.found != Found::Accepted;
            if !matches!(came.found, Found::Accepted | Found::DamagedKept) {
                continue;
            }
            let line = bill.lines.iter_mut().find(|(article, ..)| *article == came.article).ok_or(No)?;
            must(came.much <= line.1 - line.2 || self.has(Bug::TakeMoreThanBilled))?;
            line.2 += came.much;
            let place = came.place.unwrap_or(HOMES[came.article]);
            must(is_place(came.article, place))?;
            let is_sound = came.found == Found::Accepted || self.has(Bug::DamagedIsSound);
            let shelf = self.at(came.article, place);
            if is_sound {
                shelf.on_hand += came.much;
            } else {
                shelf.damaged += came.much;
            }
            moved.0.push(came.article);
            moved.1.push(place);
        }
        self.came(at, bill, differs, last);
        Ok(moved)
    }

    /// A plain goods-in turns out to be of a bill: nothing moves.
    fn match_up(&mut self, at: usize, seen: u16, receipt: usize, last: bool) -> Answer {
        let mut bill = self.awaited(at, seen)?;
        let before = self.receipts.get_mut(receipt).filter(|receipt| !receipt.plain.is_empty()).ok_or(No)?;
        must(!before.matched)?;
        before.matched = true;
        let mut differs = false;
        for (article, came) in &before.plain {
            let line = bill.lines.iter_mut().find(|(of, ..)| of == article);
            let left = line.as_ref().map_or(0, |line| line.1 - line.2);
            if let Some(line) = line {
                line.2 += left.min(*came);
            }
            differs |= *came > left;
        }
        self.came(at, bill, differs, last);
        Ok(())
    }

    fn came(&mut self, at: usize, mut bill: Bill, differs: bool, last: bool) {
        let short = bill.lines.iter().any(|(_, billed, accepted)| accepted < billed);
        bill.receipts += 1;
        bill.done = last || !short;
        if bill.done && !self.has(Bug::OweWhatIsShort) {
            let left = |(article, billed, accepted): &(usize, i64, i64)| RETAIL[*article] * (billed - accepted);
            self.owed -= bill.lines.iter().map(left).sum::<i64>();
        }
        if differs || (last && short) {
            self.reports.insert(self.receipts.len(), Vec::new());
        }
        self.receipts.push(Receipt::default());
        self.bills[at] = bill;
    }

    fn shift(&mut self, lines: &[(usize, i64, Option<usize>)], to: usize, damaged: bool) -> Result<Moved, No> {
        must(!lines.is_empty())?;
        let mut taken: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (article, much, from) in lines {
            let place = from.unwrap_or(HOMES[*article]);
            let shelf = self.shelves[*article][place];
            let there = match damaged {
                true => shelf.damaged,
                false if self.has(Bug::MovePacked) => shelf.on_hand,
                false => shelf.free(),
            };
            let all = taken.entry((*article, place)).or_default();
            *all += much;
            must(*much > 0 && *all <= there && is_place(*article, to) && to != place)?;
        }
        for ((article, place), much) in &taken {
            let amount = |shelf: &mut Shelf, much: i64| {
                let kept = if damaged { &mut shelf.damaged } else { &mut shelf.on_hand };
                *kept += much;
            };
            amount(self.at(*article, *place), -much);
            amount(self.at(*article, to), *much);
        }
        Ok((taken.keys().map(|(article, _)| *article).collect(), vec![to]))
    }

    fn ship(&mut self, ask: &Ask) -> Result<Moved, No> {
        let (Ask::Pack { order: at }
        | Ask::Unpack { order: at, .. }
        | Ask::Label { order: at }
        | Ask::Ship { order: at }
        | Ask::Back { order: at, .. }) = ask
        else {
            let Ask::Sell { number, article, much } = ask else { return Err(No) };
            must(*much > 0 && self.numbers.insert(*number))?;
            self.orders.push(Order { article: *article, much: *much, ..Order::default() });
            return Ok(Moved::default());
        };
        let mut order = self.orders.get(*at).ok_or(No)?.clone();
        let article = order.article;
        let (mut moved, mut puts_to) = (vec![article], vec![]);
        let is_packed = !order.picked.is_empty();
        match ask {
            Ask::Pack { .. } => {
                must(!is_packed && !order.shipped)?;
                order.picked = self.pick(article, order.much)?;
                order.picked.iter().for_each(|(place, much)| self.at(article, *place).packed += much);
            }
            Ask::Unpack { reasoned, .. } => {
                must(is_packed && !order.shipped && *reasoned)?;
                order.picked.drain(..).for_each(|(place, much)| self.at(article, place).packed -= much);
                order.labelled = false;
            }
            Ask::Label { .. } => {
                must(is_packed && !order.shipped)?;
                (order.labelled, moved) = (true, vec![]);
            }
            Ask::Ship { .. } => {
                must(is_packed && order.labelled && !order.shipped)?;
                for (place, much) in &order.picked {
                    let shelf = self.at(article, *place);
                    shelf.packed -= much;
                    shelf.on_hand -= much;
                }
                order.shipped = true;
            }
            Ask::Back { lines, fate, place, fates, .. } => {
                must(order.shipped && !lines.is_empty() && fates.len() <= lines.len())?;
                puts_to.extend(place.iter().chain(fates.iter().filter_map(|(_, place)| place.as_ref())));
                for (nth, much) in lines.iter().enumerate() {
                    let left = if self.has(Bug::BackTwice) { order.much } else { order.much - order.back };
                    must(*much > 0 && *much <= left)?;
                    order.back += much;
                    let own = fates.get(nth).filter(|_| !self.has(Bug::OneFate)).copied();
                    let (fate, place) = own.unwrap_or((*fate, *place));
                    let shelf = self.at(article, place.unwrap_or(HOMES[article]));
                    match fate {
                        Fate::Sound => shelf.on_hand += much,
                        Fate::Damaged => shelf.damaged += much,
                        Fate::WrittenOff => {}
                        Fate::ToFactory => return Err(No),
                    }
                }
            }
            _ => return Err(No),
        }
        self.orders[*at] = order;
        Ok((moved, puts_to))
    }

    /// From which shelves so much is taken: the article's own place first, then along the way.
    fn pick(&self, article: usize, much: i64) -> Result<Vec<(usize, i64)>, No> {
        let home = HOMES[article];
        let way = [home].into_iter().chain(WAY.into_iter().filter(|place| *place != home));
        let (mut left, mut picked) = (much, Vec::new());
        for place in way {
            let here = left.min(self.shelves[article][place].free());
            if here > 0 {
                left -= here;
                picked.push((place, here));
            }
        }
        must(left == 0)?;
        Ok(picked)
    }
}

/// Whether goods of an article can be put there: on the list, or its own place.
fn is_place(article: usize, place: usize) -> bool {
    place != 0 || HOMES[article] == 0
}

/// Whether that person's role allows to ask for it.
fn may(who: &str, ask: &Ask) -> bool {
    match ask {
        Ask::EnterBill { .. } => ["clerk", "boss", "keeper"].contains(&who),
        Ask::Read { .. } => ["director", "shop"].contains(&who),
        Ask::Settle { .. } | Ask::Confirm { .. } | Ask::CloseDay { .. } => who == "boss",
        Ask::MadeGood { .. } => who == "money",
        Ask::Address { .. } => who == "admin",
        Ask::Hurry { .. } => ["boss", "office"].contains(&who),
        Ask::Sell { .. } => ["clerk", "boss"].contains(&who),
        Ask::Open { .. } | Ask::Appoint { .. } | Ask::Abandon { .. } => who == "office",
        Ask::Count { .. } | Ask::Set { .. } | Ask::Undo { .. } | Ask::Submit { .. } => who != "admin",
        Ask::Explain { .. } => ["keeper", "boss", "money"].contains(&who),
        Ask::Agree { .. } => who == "money",
        _ => who == "keeper",
    }
}
