//! Search while typing, kept up with the journal: dealers and articles by code, Chinese or pinyin.
//!
//! The indexes are built beside everything else, so that a terminal shows its sign-in before they are there. Whoever
//! searches sooner waits for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread;

use crate::desk::Desk;
use crate::domain::dealer::DealerFile;
use crate::domain::event::Event;
use crate::domain::goods::ArticleCard;
use crate::domain::id::{ArticleId, DealerId};
use crate::domain::text::Text;
use crate::find::{Entry, Index};
use crate::server::log;
use crate::store::books::Books;
use crate::store::{Fault, journal};

/// How many dealers are read at a time while the index is built.
const PAGE: usize = 1_000;

/// Further than any journal comes.
const NEVER: u64 = u64::MAX - 1;

/// The indexes, once they are built.
pub struct Shelves {
    desk: Arc<Desk>,
    built: OnceLock<Built>,
}

/// The indexes, and how far in the journal they have come.
#[derive(Default)]
struct Built {
    dealers: RwLock<Index<DealerId>>,
    articles: RwLock<Index<ArticleId>>,
    seq: AtomicU64,
}

impl Built {
    /// Empty indexes that follow nothing: reading the whole journal on the desk's thread would hold up every post.
    fn nothing() -> Built {
        Built { seq: AtomicU64::new(NEVER), ..Built::default() }
    }

    fn from_books(books: &impl Books) -> Result<Built, Fault> {
        let (mut dealers, mut articles) = (Index::default(), Index::default());
        let mut from = DealerId(0);
        loop {
            let page = books.dealers(from, PAGE)?;
            let Some(last) = page.last() else { break };
            from = DealerId(last.id.0 + 1);
            page.iter().for_each(|dealer| put_dealer(&mut dealers, dealer.id, &dealer.file));
        }
        books.articles()?.iter().for_each(|article| put_article(&mut articles, article.id, &article.card));
        let seq = journal::head(books)?.seq.0;
        Ok(Built { dealers: RwLock::new(dealers), articles: RwLock::new(articles), seq: AtomicU64::new(seq) })
    }
}

impl Shelves {
    /// Builds the indexes from the books.
    pub fn new(desk: Arc<Desk>) -> Shelves {
        let shelves = Shelves { desk, built: OnceLock::new() };
        shelves.build();
        shelves
    }

    /// Begins to build them, beside everything else.
    pub fn begin(desk: Arc<Desk>) -> std::io::Result<Arc<Shelves>> {
        let shelves = Arc::new(Shelves { desk, built: OnceLock::new() });
        let own = shelves.clone();
        thread::Builder::new().name("index".to_owned()).spawn(move || own.build())?;
        Ok(shelves)
    }

    fn build(&self) {
        let read = || self.desk.store().read().and_then(|books| Built::from_books(&books));
        let broken = |_| Err(Fault::Broken("the search could not be prepared".into()));
        // Whoever waits for the indexes must not wait for ever.
        let built = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(broken).unwrap_or_else(|fault| {
            log(format_args!("nobody is found by name: {fault}"));
            Built::nothing()
        });
        self.built.get_or_init(|| built);
        self.follow();
    }

    /// Takes in what the journal says since. Called on the desk's thread after each commit.
    pub fn follow(&self) {
        if let Some(built) = self.built.get() {
            // What cannot be read now is only not found by name; the next start builds the index anew.
            let _ = self.take_in(built);
        }
    }

    fn take_in(&self, built: &Built) -> Result<(), Fault> {
        let books = self.desk.store().read()?;
        let now = journal::head(&books)?.seq.0;
        for seq in built.seq.load(Ordering::Relaxed) + 1..=now {
            let Some(line) = books.line(seq)? else { continue };
            if !names_something(&line) {
                continue;
            }
            match journal::read(seq, &line)?.event {
                Event::DealerFiled { dealer, file } | Event::DealerRevised { dealer, file, .. } => {
                    put_dealer(&mut built.dealers.write().unwrap_or_else(PoisonError::into_inner), dealer, &file);
                }
                Event::ArticleListed { article, card } | Event::ArticleRevised { article, card, .. } => {
                    put_article(&mut built.articles.write().unwrap_or_else(PoisonError::into_inner), article, &card);
                }
                _ => {}
            }
        }
        built.seq.fetch_max(now, Ordering::Relaxed);
        Ok(())
    }

    /// The best dealers for a query.
    pub fn find_dealers(&self, query: &str, limit: usize) -> Vec<DealerId> {
        let index = self.built.wait().dealers.read().unwrap_or_else(PoisonError::into_inner);
        index.find(query, limit).rows.into_iter().map(|hit| hit.id).collect()
    }

    /// The best articles for a query.
    pub fn find_articles(&self, query: &str, limit: usize) -> Vec<ArticleId> {
        let index = self.built.wait().articles.read().unwrap_or_else(PoisonError::into_inner);
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
