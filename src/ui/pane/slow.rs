//! Slow goods (滞销): what lasts too long or has lain too long, with what is proposed for it. F8 proposes.

use std::cell::RefCell;

use crate::domain::command::Command;
use crate::domain::goods::Article;
use crate::domain::id::ArticleId;
use crate::domain::slow::{Proposal, ProposeForSlow, Supply};
use crate::domain::text::Text;
use crate::domain::time::Day;
use crate::store::books::{Books, Counts, Fault, Premises};
use crate::ui::locale::Words;
use crate::ui::look::Tone;
use crate::ui::pane::listing::{Listing, Table};
use crate::ui::pane::{Act, Ask, Deed, Filled, Opening, Sight, order_words as said};
use crate::ui::part::field::Field;
use crate::ui::part::input;
use crate::ui::part::list::{Cell, Column, Need, Row};
use crate::ui::part::scroll::Line;
use crate::ui::text::Align;

const COLUMNS: &[Column] = &[
    Column { title: "column.code", least: 6, most: 12, align: Align::Left, rank: 0 },
    Column { title: "column.name", least: 12, most: 40, align: Align::Left, rank: 1 },
    Column { title: "column.on_hand", least: 9, most: 12, align: Align::Right, rank: 2 },
    Column { title: "column.supply", least: 12, most: 12, align: Align::Right, rank: 3 },
    Column { title: "column.idle", least: 9, most: 10, align: Align::Right, rank: 4 },
    Column { title: "column.proposal", least: 10, most: 40, align: Align::Left, rank: 2 },
];

/// The slow goods.
pub type Slow = Listing<SlowTable>;

/// What the list of slow goods is about.
#[derive(Default)]
pub struct SlowTable {
    /// What was slow when the list was opened, or when its day began: working that out reads every article.
    found: RefCell<Option<(Day, Vec<ArticleId>)>>,
    chosen: Option<(Text, Option<Proposal>)>,
}

impl SlowTable {
    /// What is slow, without what the person counts at the moment.
    fn articles(&self, sight: &Sight<'_>, today: Day) -> Result<Vec<Article>, Fault> {
        let known = self.found.borrow().as_ref().filter(|(day, _)| *day == today).map(|(_, ids)| ids.clone());
        let ids = match known {
            Some(ids) => ids,
            None => {
                let all = sight.books.supplies(sight.books.articles()?, today)?.into_iter();
                all.filter(|(_, supply)| supply.is_slow(today)).map(|(article, _)| article.id).collect()
            }
        };
        *self.found.borrow_mut() = Some((today, ids.clone()));
        let blindness = sight.books.blindness(Some(sight.who.id))?;
        let seen = ids.into_iter().filter(|id| !blindness.hides(*id));
        seen.filter_map(|id| sight.books.article(id).transpose()).collect()
    }
}

fn row(sight: &Sight<'_>, today: Day, (article, supply): &(Article, Supply)) -> Result<Row<ArticleId>, Fault> {
    let proposal = sight.books.proposal(article.id)?;
    let card = &article.card;
    let cells = vec![
        Cell::plain(card.code.as_str()),
        Cell::plain(format!("{} ({})", card.name, card.unit)),
        Cell::plain(supply.on_hand.to_string()),
        Cell::plain(
            supply.days().map_or_else(|| sight.words.say("premises.unsold").to_owned(), |days| days.to_string()),
        ),
        Cell::plain(supply.idle(today).map(|days| days.to_string()).unwrap_or_default()),
        match proposal {
            Some(proposal) => Cell::plain(proposal.words.as_str()),
            None => Cell::toned(sight.words.say("premises.no_proposal"), Tone::Soon),
        },
    ];
    Ok(Row { id: article.id, cells })
}

impl Table for SlowTable {
    type Id = ArticleId;
    const NAME: &'static str = "slow";
    const COLUMNS: &'static [Column] = COLUMNS;
    const EMPTY: &'static str = "premises.nothing_slow";
    const ACTS: &'static [Act<Slow>] = &[
        Act { name: "row.open", command: |_| None, deed: Deed::Open(|pane| pane.at().map(Opening::Article)) },
        Act { name: "slow.propose", command: |_| Some("propose_for_slow"), deed: Deed::Ask(propose) },
    ];

    fn title(&self, words: &Words) -> String {
        words.say("list_name.slow").to_owned()
    }

    fn rows(
        &self,
        sight: &Sight<'_>,
        query: &str,
        need: Need<ArticleId>,
        height: usize,
    ) -> Result<Vec<Row<ArticleId>>, Fault> {
        let today = sight.now.day(sight.settings.zone);
        let upper = query.to_ascii_uppercase();
        let mut found = self.articles(sight, today)?;
        found.retain(|article| article.card.code.contains(&upper) || article.card.name.contains(query));
        let page = need.page_of(&found, |article| article.id, height).to_vec();
        sight.books.supplies(page, today)?.iter().map(|one| row(sight, today, one)).collect()
    }

    fn look_closer(&mut self, sight: &Sight<'_>, at: Option<ArticleId>) -> Result<Vec<Line>, Fault> {
        let Some(article) = at.map_or(Ok(None), |id| sight.books.article(id))? else {
            self.chosen = None;
            return Ok(vec![]);
        };
        let proposal = sight.books.proposal(article.id)?;
        let mut lines = vec![Line::title(format!("{} {}", article.card.code, article.card.name))];
        if let Some(proposal) = &proposal {
            let (by, at) = (said::name(sight.books, proposal.by)?, proposal.at.short(sight.settings.zone));
            let values = [("proposal", &proposal.words as &dyn std::fmt::Display), ("by", &by), ("at", &at)];
            lines.push(Line::plain(sight.words.say_with("premises.proposed", &values)));
        }
        self.chosen = Some((article.card.code, proposal));
        Ok(lines)
    }
}

fn propose(pane: &Slow, _: &Words) -> Option<Ask> {
    let (article, was) = pane.of.chosen.clone()?;
    let was = was.map(|proposal| proposal.words).unwrap_or_default();
    let fields = vec![Field::line("proposal", "field.proposal", input::Kind::Text).holding(&was)];
    let title = article.to_string();
    let make = move |filled: &Filled<'_>| {
        let (article, proposal) = (article.clone(), Text::new(&filled("proposal")));
        Ok(Command::ProposeForSlow(ProposeForSlow { article, proposal }))
    };
    let lines = pane.said();
    Some(Ask { title, lines, fields, confirm: None, make: Box::new(make) })
}
