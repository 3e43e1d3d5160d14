//! Search while typing, kept up with the journal: dealers and articles by code, Chinese or pinyin.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::desk::Desk;
use crate::domain::dealer::DealerFile;
use crate::domain::event::Event;
use crate::domain::goods::ArticleCard;
use crate::domain::id::{ArticleId, DealerId};
use crate::domain::text::Text;
use crate::find::{Entry, Index};
use crate::store::books::Books;
use crate::store::{Fault, journal};

/// How many dealers are read at a time while the index is built.
const PAGE: usize = 1_000;

/// The indexes, and how far in the journal they have come.
pub struct Shelves {
    desk: Arc<Desk>,
    dealers: RwLock<Index<DealerId>>,
    articles: RwLock<Index<ArticleId>>,
    seq: AtomicU64,
}

impl Shelves {
    /// Builds the indexes from the books.
    pub fn new(desk: Arc<Desk>) -> Result<Shelves, Fault> {
        let (mut dealers, mut articles) = (Index::default(), Index::default());
        let books = desk.store().read()?;
        let mut from = DealerId(0);
        loop {
            let page = books.dealers(from, PAGE)?;
            let Some(last) = page.last() else { break };
            from = DealerId(last.id.0 + 1);
            page.iter().for_each(|dealer| put_dealer(&mut dealers, dealer.id, &dealer.file));
        }
        books.articles()?.iter().for_each(|article| put_article(&mut articles, article.id, &article.card));
        let seq = journal::head(&books)?.seq.0;
        drop(books);
        Ok(Shelves { desk, dealers: RwLock::new(dealers), articles: RwLock::new(articles), seq: AtomicU64::new(seq) })
    }

    /// Takes in what the journal says since. Called on the desk's thread after each commit.
    pub fn follow(&self) {
        // What cannot be read now is only not found by name; the next start builds the index anew.
        let _ = self.take_in();
    }

    fn take_in(&self) -> Result<(), Fault> {
        let books = self.desk.store().read()?;
        let now = journal::head(&books)?.seq.0;
        for seq in self.seq.load(Ordering::Relaxed) + 1..=now {
            let Some(line) = books.line(seq)? else { continue };
            if !names_something(&line) {
                continue;
            }
            match journal::read(seq, &line)?.event {
                Event::DealerFiled { dealer, file } | Event::DealerRevised { dealer, file, .. } => {
                    put_dealer(&mut self.dealers.write().unwrap_or_else(PoisonError::into_inner), dealer, &file);
                }
                Event::ArticleListed { article, card } | Event::ArticleRevised { article, card, .. } => {
                    put_article(&mut self.articles.write().unwrap_or_else(PoisonError::into_inner), article, &card);
                }
                _ => {}
            }
        }
        self.seq.store(now, Ordering::Relaxed);
        Ok(())
    }

    /// The best dealers for a query.
    pub fn find_dealers(&self, query: &str, limit: usize) -> Vec<DealerId> {
        let index = self.dealers.read().unwrap_or_else(PoisonError::into_inner);
        index.find(query, limit).rows.into_iter().map(|hit| hit.id).collect()
    }

    /// The best articles for a query.
    pub fn find_articles(&self, query: &str, limit: usize) -> Vec<ArticleId> {
        let index = self.articles.read().unwrap_or_else(PoisonError::into_inner);
        index.find(query, limit).rows.into_iter().map(|hit| hit.id).collect()
    }

    /// A snapshot of the books.
    pub fn read(&self) -> Result<redb::ReadTransaction, Text> {
        self.desk.store().read().map_err(|fault| fault.to_string().into())
    }
}

/// Whether a line is worth reading: only files and cards bring names, and lines of flows are long.
fn names_something(line: &[u8]) -> bool {
    let head = &line[..line.len().min(600)];
    let holds = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    holds(b"\"dealer_filed\"") || holds(b"\"dealer_revised\"") || holds(b"\"article_")
}

fn put_dealer(index: &mut Index<DealerId>, id: DealerId, file: &DealerFile) {
    let code = id.to_string();
    index.put(id, Entry { code: &code, name: &file.name, extra: &[&file.contact, &file.phone] });
}

fn put_article(index: &mut Index<ArticleId>, id: ArticleId, card: &ArticleCard) {
    let barcodes: Vec<&str> = card.codes().skip(1).map(Text::as_str).collect();
    index.put(id, Entry { code: &card.code, name: &card.name, extra: &barcodes });
}
