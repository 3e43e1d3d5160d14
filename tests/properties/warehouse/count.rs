//! Stocktakes as a reader would tell them: sheets are lists of records, and all else is worked out from those.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Ask, Scope};
use super::bug::Bug;
use super::model::{Answer, HOMES, Model, No, RETAIL, must};

/// How far a stocktake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Counting,
    Differing,
    Recounting,
    Settling,
    Closed,
    Abandoned,
}

impl Stage {
    pub fn is_open(self) -> bool {
        !matches!(self, Stage::Closed | Stage::Abandoned)
    }

    pub fn key(self) -> &'static str {
        match self {
            Stage::Counting => "counting",
            Stage::Differing => "differing",
            Stage::Recounting => "recounting",
            Stage::Settling => "settling",
            Stage::Closed => "closed",
            Stage::Abandoned => "abandoned",
        }
    }
}

impl Scope {
    pub fn covers(&self, article: usize, place: usize) -> bool {
        self.meets(article, &[place].into())
    }

    /// Whether goods of that article, wherever they could be, are counted.
    pub fn meets(&self, article: usize, places: &BTreeSet<usize>) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Places(counted) => counted.iter().any(|place| places.contains(place)),
            Scope::Articles(counted) => counted.contains(&article),
        }
    }
}

/// One entry on a sheet: what it changed, what the shelf's book was then, and whether it was not taken back.
#[derive(Debug, Clone)]
pub struct Record {
    pub who: &'static str,
    pub line: u32,
    pub place: usize,
    pub article: usize,
    pub change: i64,
    pub book: i64,
    pub stands: bool,
}

/// A sheet: its people with whether they handed it in, and its records; an undo is no record here, only a blot.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub hands: Vec<(&'static str, bool)>,
    pub records: Vec<Record>,
    pub lines: u32,
}

/// A figure of a sheet, and the book it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    pub counted: Option<i64>,
    pub book: i64,
}

impl Figure {
    fn difference(self) -> Option<i64> {
        self.counted.map(|counted| counted - self.book)
    }
}

/// Goods at a place as they came out.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub firsts: Vec<Figure>,
    pub again: Vec<Figure>,
    pub in_scope: bool,
    pub asked: usize,
    pub explained: bool,
}

/// How a row came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Equal,
    Again,
    Book,
    First,
    Third,
    Outside,
}

impl Row {
    pub fn outcome(&self) -> Outcome {
        let mut firsts = self.firsts.iter().map(|figure| figure.difference());
        match self.again.last().and_then(|figure| figure.difference()) {
            _ if !self.in_scope => Outcome::Outside,
            None if firsts.all(|difference| difference == Some(0)) => Outcome::Equal,
            None => Outcome::Again,
            Some(0) => Outcome::Book,
            again if firsts.any(|first| first == again) => Outcome::First,
            Some(_) => Outcome::Third,
        }
    }

    /// Counted less book, where somebody counted again and that stands.
    pub fn difference(&self) -> i64 {
        let stands = matches!(self.outcome(), Outcome::First | Outcome::Third);
        self.again.last().filter(|_| stands).and_then(|figure| figure.difference()).unwrap_or(0)
    }

    pub fn is_asked_again(&self) -> bool {
        self.outcome() == Outcome::Again || (self.outcome() == Outcome::Third && !self.explained)
    }

    pub fn is_unexplained(&self) -> bool {
        self.difference() != 0 && !self.explained
    }
}

/// A stocktake. Sheets have the numbers from 1; the rows are of places, then articles.
#[derive(Debug, Clone)]
pub struct Take {
    pub scope: Scope,
    pub frozen: bool,
    pub quarterly: bool,
    pub firsts: usize,
    pub counters: Vec<&'static str>,
    pub stage: Stage,
    pub sheets: Vec<Sheet>,
    pub rows: BTreeMap<(usize, usize), Row>,
    pub agreed: Option<&'static str>,
}

impl Sheet {
    fn new(people: &[&'static str]) -> Sheet {
        Sheet { hands: people.iter().map(|who| (*who, false)).collect(), ..Sheet::default() }
    }

    pub fn is_frozen(&self) -> bool {
        self.hands.iter().any(|(_, handed_in)| *handed_in)
    }

    pub fn is_complete(&self) -> bool {
        self.hands.iter().all(|(_, handed_in)| *handed_in)
    }

    fn line(&self, line: u32) -> i64 {
        let of_line = |record: &&Record| record.line == line && record.stands;
        self.records.iter().filter(of_line).map(|record| record.change).sum()
    }

    /// The last of a person's records that was not taken back.
    pub fn top(&self, who: &str) -> Option<usize> {
        self.records.iter().rposition(|record| record.stands && record.who == who)
    }

    /// What it says of goods, with the book of their last record; none where it says nothing.
    pub fn says(&self, place: usize, article: usize, bug: Option<Bug>) -> Option<(i64, i64)> {
        let of_goods = |record: &&Record| record.place == place && record.article == article;
        let standing = || self.records.iter().filter(of_goods).filter(|record| record.stands);
        let last = match bug {
            Some(Bug::UndoneTells) => self.records.iter().rfind(of_goods),
            _ => standing().next_back(),
        };
        let counted = standing().map(|record| record.change).sum();
        standing().next().and(last).map(|last| (counted, last.book))
    }

    fn goods(&self) -> BTreeSet<(usize, usize)> {
        self.records.iter().filter(|record| record.stands).map(|record| (record.place, record.article)).collect()
    }
}

impl Take {
    pub fn has_counter(&self, who: &str) -> bool {
        self.sheets.iter().any(|sheet| sheet.hands.iter().any(|(hand, _)| *hand == who))
    }

    /// The number of the sheet that a person fills in now.
    pub fn sheet_of(&self, who: &str) -> Option<usize> {
        let own = |no: &usize| self.sheets[no - 1].hands.iter().any(|(hand, _)| *hand == who);
        match self.stage {
            Stage::Counting => (1..=self.firsts).find(own),
            Stage::Recounting => Some(self.sheets.len()).filter(own),
            _ => None,
        }
    }

    /// Articles in scope, by their own place, of which a first sheet says nothing; on a recount, what is still asked for.
    pub fn blanks(&self, no: usize) -> u32 {
        let goods = self.sheets[no - 1].goods();
        if no > self.firsts {
            let asked = self.rows.iter().filter(|(_, row)| row.asked == no);
            return asked.filter(|(key, _)| !goods.contains(key)).count() as u32;
        }
        let said: BTreeSet<usize> = goods.into_iter().map(|(_, article)| article).collect();
        let blank = |article: &usize| self.scope.covers(*article, HOMES[*article]) && !said.contains(article);
        (0..HOMES.len()).filter(blank).count() as u32
    }

    /// What follows once sheets were compared.
    fn settle(&mut self) {
        let is_open = self.rows.values().any(|row| row.outcome() == Outcome::Again);
        self.stage = if is_open { Stage::Differing } else { Stage::Settling };
    }

    /// The stocktake, while a person's sheet takes lines.
    fn writable(&mut self, who: &str) -> Result<(usize, &mut Sheet), No> {
        let no = self.sheet_of(who).ok_or(No)?;
        let sheet = &mut self.sheets[no - 1];
        must(!sheet.is_frozen())?;
        Ok((no, sheet))
    }
}

impl Model {
    pub fn count(&mut self, who: &'static str, ask: &Ask) -> Answer {
        match ask {
            Ask::Open { .. } => self.open(ask),
            Ask::Count { take, place, article, much } => {
                let book = self.shelves[*article][*place].free();
                let take = self.takes.get_mut(*take).ok_or(No)?;
                let asked = take.rows.get(&(*place, *article)).map(|row| row.asked);
                let firsts = take.firsts;
                let (no, sheet) = take.writable(who)?;
                must(*much > 0 && *much < 100_000 && (no <= firsts || asked == Some(no)))?;
                sheet.lines += 1;
                let (line, change) = (sheet.lines, *much);
                sheet.records.push(Record { who, line, place: *place, article: *article, change, book, stands: true });
                Ok(())
            }
            Ask::Set { take, to } => {
                let shelves = self.shelves;
                let (_, sheet) = self.takes.get_mut(*take).ok_or(No)?.writable(who)?;
                let last = sheet.records[sheet.top(who).ok_or(No)?].clone();
                must(*to >= 0 && *to < 100_000)?;
                let change = to - sheet.line(last.line);
                let book = shelves[last.article][last.place].free();
                sheet.records.push(Record { who, change, book, ..last });
                Ok(())
            }
            Ask::Undo { take } => {
                let (_, sheet) = self.takes.get_mut(*take).ok_or(No)?.writable(who)?;
                let top = sheet.top(who).ok_or(No)?;
                sheet.records[top].stands = false;
                must(sheet.line(sheet.records[top].line) >= 0)
            }
            Ask::Submit { take, blanks } => self.submit(who, *take, *blanks),
            _ => self.resolve(who, ask),
        }
    }

    fn open(&mut self, ask: &Ask) -> Answer {
        let Ask::Open { scope, one_sheet, frozen, quarterly, counters, finance } = ask else { return Err(No) };
        let [one, other] = counters[..] else { return Err(No) };
        must(one != other || self.has(Bug::BothSheets))?;
        must(counters.iter().all(|who| *who != "admin"))?;
        let with_finance = *finance || counters.contains(&"money");
        must(!*quarterly || with_finance || self.has(Bug::QuarterAlone))?;
        let open = self.takes.iter().filter(|take| take.stage.is_open());
        must(!open.into_iter().any(|take| self.overlap(&take.scope, scope)))?;
        let sheets = match one_sheet {
            true => vec![Sheet::new(&[one, other])],
            false => vec![Sheet::new(&[one]), Sheet::new(&[other])],
        };
        self.takes.push(Take {
            scope: scope.clone(),
            frozen: *frozen,
            quarterly: *quarterly,
            firsts: sheets.len(),
            counters: counters.clone(),
            stage: Stage::Counting,
            sheets,
            rows: BTreeMap::new(),
            agreed: None,
        });
        Ok(())
    }

    /// Whether some goods could be counted by both.
    fn overlap(&self, one: &Scope, other: &Scope) -> bool {
        match (one, other) {
            (Scope::Whole, _) | (_, Scope::Whole) => true,
            (Scope::Places(one), Scope::Places(other)) => one.iter().any(|place| other.contains(place)),
            (Scope::Articles(articles), other) | (other, Scope::Articles(articles)) => {
                articles.iter().any(|article| other.meets(*article, &self.places_of(*article)))
            }
        }
    }

    fn submit(&mut self, who: &'static str, at: usize, given: Option<u32>) -> Answer {
        let take = self.takes.get(at).ok_or(No)?;
        let no = take.sheet_of(who).ok_or(No)?;
        let sheet = &take.sheets[no - 1];
        let hand = sheet.hands.iter().position(|hand| hand.0 == who).ok_or(No)?;
        must(!sheet.hands[hand].1)?;
        if !sheet.is_frozen() {
            let blanks = take.blanks(no);
            must(!sheet.records.is_empty() && (blanks == 0 || (no <= take.firsts && given == Some(blanks))))?;
        }
        let firsts = take.firsts;
        let is_counted = |take: &Take| take.sheets[..firsts].iter().all(Sheet::is_complete);
        let take = &mut self.takes[at];
        take.sheets[no - 1].hands[hand].1 = true;
        if no <= firsts && is_counted(take) {
            self.compare(at);
            self.takes[at].settle();
        } else if no > firsts && take.sheets[no - 1].is_complete() {
            let sheet = take.sheets[no - 1].clone();
            for ((place, article), row) in take.rows.iter_mut().filter(|(_, row)| row.asked == no) {
                if let Some((counted, book)) = sheet.says(*place, *article, self.bug) {
                    row.again.push(Figure { counted: Some(counted), book });
                }
            }
            take.settle();
        }
        Ok(())
    }

    /// Every place and article that the first sheets or the book name becomes a row.
    fn compare(&mut self, at: usize) {
        let take = &self.takes[at];
        let sheets = &take.sheets[..take.firsts];
        let mut keys: BTreeSet<(usize, usize)> = sheets.iter().flat_map(Sheet::goods).collect();
        for (article, shelves) in self.shelves.iter().enumerate() {
            for (place, shelf) in shelves.iter().enumerate() {
                if shelf.free() != 0 && take.scope.covers(article, place) {
                    keys.insert((place, article));
                }
            }
        }
        let mut rows = BTreeMap::new();
        for (place, article) in keys {
            let now = self.shelves[article][place].free();
            let figure = |sheet: &Sheet| match sheet.says(place, article, self.bug) {
                Some((counted, _)) if self.has(Bug::BookOfNow) => Figure { counted: Some(counted), book: now },
                Some((counted, book)) => Figure { counted: Some(counted), book },
                None if self.has(Bug::BlankIsZero) => Figure { counted: Some(0), book: now },
                None => Figure { counted: None, book: now },
            };
            let (firsts, in_scope) = (sheets.iter().map(figure).collect(), take.scope.covers(article, place));
            rows.insert((place, article), Row { firsts, in_scope, ..Row::default() });
        }
        self.takes[at].rows = rows;
    }

    fn resolve(&mut self, who: &'static str, ask: &Ask) -> Answer {
        let (Ask::Appoint { take: at, .. }
        | Ask::Explain { take: at, .. }
        | Ask::Agree { take: at }
        | Ask::Confirm { take: at }
        | Ask::Abandon { take: at, .. }) = ask
        else {
            return Err(No);
        };
        let bug = self.bug;
        let take = self.takes.get_mut(*at).ok_or(No)?;
        match ask {
            Ask::Appoint { people, .. } => {
                let is_begun = take.stage == Stage::Recounting && take.sheets.last().is_some_and(Sheet::is_frozen);
                must(take.stage.is_open() && take.stage != Stage::Counting && !is_begun)?;
                must(take.rows.values().any(Row::is_asked_again))?;
                let ids: BTreeSet<&'static str> = people.iter().copied().collect();
                let together = ids == take.counters.iter().copied().collect();
                let may_count = |who: &&'static str| {
                    *who != "admin" && (together || !take.has_counter(who) || bug == Some(Bug::CountOwnAgain))
                };
                must((1..=2).contains(&ids.len()) && ids.iter().all(may_count))?;
                take.sheets.push(Sheet::new(&ids.into_iter().collect::<Vec<_>>()));
                let no = take.sheets.len();
                take.rows.values_mut().filter(|row| row.is_asked_again()).for_each(|row| row.asked = no);
                (take.stage, take.agreed) = (Stage::Recounting, None);
            }
            Ask::Explain { place, article, worded, .. } => {
                must(take.stage == Stage::Settling && *worded)?;
                let row = take.rows.get_mut(&(*place, *article)).ok_or(No)?;
                must(row.difference() != 0)?;
                (row.explained, take.agreed) = (true, None);
            }
            Ask::Agree { .. } => {
                must(take.stage == Stage::Settling && !take.has_counter(who) && take.agreed.is_none())?;
                must(!take.rows.values().any(Row::is_unexplained))?;
                take.agreed = Some(who);
            }
            Ask::Confirm { .. } => {
                must(take.stage == Stage::Settling && (!take.has_counter(who) || bug == Some(Bug::ConfirmOwn)))?;
                must(!take.rows.values().any(Row::is_unexplained))?;
                must(!take.quarterly || take.agreed.is_some_and(|agreed| agreed != who))?;
                take.stage = Stage::Closed;
                let rows = take.rows.clone();
                self.adjust(&rows);
            }
            Ask::Abandon { reasoned, .. } => {
                must(take.stage.is_open() && *reasoned)?;
                take.stage = Stage::Abandoned;
            }
            _ => return Err(No),
        }
        Ok(())
    }

    /// Puts stock right, down to what is packed, and claims what is short of an article in all places together.
    fn adjust(&mut self, rows: &BTreeMap<(usize, usize), Row>) {
        let (mut sums, mut changes) = ([0, 0], Vec::new());
        for ((place, article), row) in rows.iter().filter(|(_, row)| row.difference() != 0) {
            let free = self.shelves[*article][*place].free();
            let change = if self.has(Bug::TakePacked) { row.difference() } else { row.difference().max(-free) };
            self.at(*article, *place).on_hand += change;
            sums[*article] += change;
            changes.push((*article, change));
        }
        if self.has(Bug::NetArticles) {
            let net = (0..2).map(|article| -sums[article] * RETAIL[article]).sum::<i64>();
            return self.claims.extend((net > 0).then_some((net, false)));
        }
        // Row by row as much of what is short of its article as is left.
        let mut short = sums.map(|sum: i64| (-sum).max(0));
        for (article, change) in changes {
            let much = short[article].min(-change);
            if much > 0 {
                short[article] -= much;
                self.claims.push((much * RETAIL[article], false));
            }
        }
    }
}
