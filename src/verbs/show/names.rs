//! Names for numbers: people, articles and accounts are few, so each is read once for a list.

use std::cell::RefCell;
use std::collections::HashMap;

use redb::ReadTransaction;

use crate::domain::goods::Article;
use crate::domain::id::{AccountId, ArticleId, PersonId};
use crate::domain::text::Text;
use crate::store::Fault;
use crate::store::books::Books;

/// Names that a list needs.
pub(super) struct Names<'a> {
    books: &'a ReadTransaction,
    people: RefCell<HashMap<PersonId, Text>>,
    articles: RefCell<HashMap<ArticleId, Option<Article>>>,
    accounts: HashMap<AccountId, Text>,
}

impl<'a> Names<'a> {
    /// The names in a snapshot.
    pub fn new(books: &'a ReadTransaction) -> Result<Names<'a>, Fault> {
        let accounts = books.accounts()?.into_iter().map(|account| (account.id, account.name)).collect();
        Ok(Names { books, people: RefCell::default(), articles: RefCell::default(), accounts })
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> Result<Text, Fault> {
        if let Some(name) = self.people.borrow().get(&id) {
            return Ok(name.clone());
        }
        let name = self.books.person_name(id)?;
        self.people.borrow_mut().insert(id, name.clone());
        Ok(name)
    }

    /// An article.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>, Fault> {
        if let Some(article) = self.articles.borrow().get(&id) {
            return Ok(article.clone());
        }
        let article = self.books.article(id)?;
        self.articles.borrow_mut().insert(id, article.clone());
        Ok(article)
    }

    /// A receiving account's name.
    pub fn account(&self, id: AccountId) -> Text {
        self.accounts.get(&id).cloned().unwrap_or_else(|| Text::new(&format!("#{}", id.0)))
    }
}
