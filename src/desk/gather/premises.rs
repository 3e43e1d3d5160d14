//! Facts of the warehouse's premises: checks, visitors, and what is proposed for goods that lie.

use super::{Gather, next};
use crate::domain::Actor;
use crate::domain::id::{CheckId, VisitorId};
use crate::domain::premises::{
    Check, CheckFacts, NoteCheck, NoteVisitor, NoteVisitorLeft, ReadCheck, Visitor, VisitorFacts,
};
use crate::domain::slow::{ProposeForSlow, SlowFacts};
use crate::domain::text::Text;
use crate::store::Fault;
use crate::store::books::{Books, Premises};

fn check_facts(books: &impl Books, check: Option<Check>, name: Text) -> Result<CheckFacts, Fault> {
    Ok(CheckFacts { check, name, inside: books.inside()?.len(), next: CheckId(next(books, "checks")?) })
}

impl Gather for NoteCheck {
    fn gather(&self, books: &impl Books, by: &Actor) -> Result<CheckFacts, Fault> {
        let done = books.check_of(by.today(), self.shift)?;
        let name = done.as_ref().map_or(Ok(Text::default()), |check| books.person_name(check.by))?;
        check_facts(books, done, name)
    }
}

impl Gather for ReadCheck {
    fn gather(&self, books: &impl Books, by: &Actor) -> Result<CheckFacts, Fault> {
        check_facts(books, books.check(self.check)?, books.person_name(by.person)?)
    }
}

fn visitor_facts(books: &impl Books, visitor: Option<Visitor>) -> Result<VisitorFacts, Fault> {
    Ok(VisitorFacts { visitor, next: VisitorId(next(books, "visitors")?) })
}

impl Gather for NoteVisitor {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<VisitorFacts, Fault> {
        visitor_facts(books, None)
    }
}

impl Gather for NoteVisitorLeft {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<VisitorFacts, Fault> {
        visitor_facts(books, books.visitor(self.visitor)?)
    }
}

impl Gather for ProposeForSlow {
    fn gather(&self, books: &impl Books, _: &Actor) -> Result<SlowFacts, Fault> {
        let article = books.article_by_code(&self.article)?;
        let was = article.as_ref().map_or(Ok(None), |article| books.proposal(article.id))?;
        Ok(SlowFacts { article, was: was.map(|proposal| proposal.words).unwrap_or_default() })
    }
}
