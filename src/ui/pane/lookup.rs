//! What can stand in a field that offers a look-up: dealers and articles, found as everywhere, and the coded lists.

use std::collections::BTreeMap;

use crate::domain::id::ArticleId;
use crate::domain::person::Person;
use crate::domain::promotion::Promotion;
use crate::domain::role::Role;
use crate::store::books::{Books, Fault, Promoting, Stockroom};
use crate::ui::pane::{Library, Reading};
use crate::ui::part::chooser::Candidate;

/// The most candidates that are shown.
const SHOWN: usize = 100;

/// The candidates for the field called `field` that fit the query; none where it offers nothing.
pub fn candidates(books: &Reading, library: &dyn Library, field: &str, query: &str) -> Vec<Candidate> {
    let found = match field {
        "dealer" => dealers(books, library, query),
        "article" | "gift" => articles(books, library, query),
        "ordered" => ordered(books, library, query),
        "order" => orders(books, query),
        "account" => accounts(books, query),
        "file" => Ok(files(library, query)),
        "place" | "places" | "from" => places(books, query),
        "counter" | "counter_2" | "present" => people(books, query),
        "articles" => articles(books, library, query),
        _ => Ok(vec![]),
    };
    found.unwrap_or_default()
}

fn dealers(books: &Reading, library: &dyn Library, query: &str) -> Result<Vec<Candidate>, Fault> {
    let dealers = if query.is_empty() {
        books.dealers(crate::domain::id::DealerId(0), SHOWN)?
    } else {
        let found = library.find_dealers(query, SHOWN);
        found.into_iter().filter_map(|id| books.dealer(id).transpose()).collect::<Result<_, _>>()?
    };
    let candidate = |dealer: crate::domain::dealer::Dealer| Candidate {
        code: dealer.id.to_string(),
        name: dealer.file.name.to_string(),
        remark: dealer.file.contact.to_string(),
    };
    Ok(dealers.into_iter().map(candidate).collect())
}

fn articles(books: &Reading, library: &dyn Library, query: &str) -> Result<Vec<Candidate>, Fault> {
    let articles = if query.is_empty() {
        books.articles()?
    } else {
        let found: Vec<ArticleId> = library.find_articles(query, SHOWN);
        found.into_iter().filter_map(|id| books.article(id).transpose()).collect::<Result<_, _>>()?
    };
    let candidate = |article: crate::domain::goods::Article| Candidate {
        code: article.card.code.to_string(),
        name: article.card.name.to_string(),
        remark: article.card.unit.to_string(),
    };
    Ok(articles.into_iter().take(SHOWN).map(candidate).collect())
}

/// What can stand on a line of an order: articles, and the promotions that nobody has ended.
fn ordered(books: &Reading, library: &dyn Library, query: &str) -> Result<Vec<Candidate>, Fault> {
    let mut found = articles(books, library, query)?;
    let fits = |text: &str| text.to_lowercase().contains(&query.to_lowercase());
    let running =
        books.promotions(None, SHOWN)?.into_iter().filter(|one| one.ended.is_none() && one.missing().is_empty());
    let candidate = |one: Promotion| Candidate {
        code: one.id.to_string(),
        name: one.terms.name.to_string(),
        remark: format!("{} - {}", one.terms.first, one.terms.last),
    };
    found.extend(running.map(candidate).filter(|one| fits(&one.code) || fits(&one.name)));
    Ok(found)
}

/// Orders that wait for money.
fn orders(books: &Reading, query: &str) -> Result<Vec<Candidate>, Fault> {
    let mut found = Vec::new();
    for order in books.orders(None, 500)? {
        let fits = order.id.to_string().contains(&query.to_ascii_uppercase()) || order.name.contains(query);
        if order.open_amount().is_positive() && fits {
            let remark = order.open_amount().to_string();
            found.push(Candidate { code: order.id.to_string(), name: order.name.to_string(), remark });
        }
    }
    found.truncate(SHOWN);
    Ok(found)
}

/// Places by code and name, also those that only cards name. What is there is not told: who counts is blind.
fn places(books: &Reading, query: &str) -> Result<Vec<Candidate>, Fault> {
    let mut places: BTreeMap<String, String> =
        books.articles()?.into_iter().map(|article| (article.card.location.to_string(), String::new())).collect();
    places.extend(books.places()?.into_iter().map(|place| (place.code.to_string(), place.name.to_string())));
    places.remove("");
    let fits = |text: &str| text.to_lowercase().contains(&query.to_lowercase());
    let candidate = |(code, name)| Candidate { code, name, remark: String::new() };
    Ok(places.into_iter().filter(|(code, name)| fits(code) || fits(name)).take(SHOWN).map(candidate).collect())
}

fn people(books: &Reading, query: &str) -> Result<Vec<Candidate>, Fault> {
    let fits = |text: &str| text.to_lowercase().contains(&query.to_lowercase());
    let people = books.people()?.into_iter().filter(|person| person.active && !person.roles.holds(Role::Administrator));
    let candidate = |person: Person| Candidate {
        code: person.code.to_string(),
        name: person.name.to_string(),
        remark: String::new(),
    };
    Ok(people.filter(|person| fits(&person.code) || fits(&person.name)).take(SHOWN).map(candidate).collect())
}

fn files(library: &dyn Library, query: &str) -> Vec<Candidate> {
    let fits = library.statements().into_iter().filter(|name| name.to_lowercase().contains(&query.to_lowercase()));
    fits.take(SHOWN).map(|name| Candidate { code: name, name: String::new(), remark: String::new() }).collect()
}

fn accounts(books: &Reading, query: &str) -> Result<Vec<Candidate>, Fault> {
    let fits =
        |account: &crate::domain::setting::Account| account.name.contains(query) || account.number.contains(query);
    let candidate = |account: crate::domain::setting::Account| Candidate {
        code: account.name.to_string(),
        name: account.number.to_string(),
        remark: String::new(),
    };
    Ok(books.accounts()?.into_iter().filter(fits).map(candidate).collect())
}

#[cfg(test)]
mod tests {
    use crate::ui::locale::{Lang, Words};

    #[test]
    fn every_field_that_offers_something_has_a_word() {
        let named = include_str!("lookup.rs").split("let found = match field {").nth(1).unwrap();
        let arms = named.split("_ => Ok(vec![])").next().unwrap();
        let fields: Vec<&str> = arms.split('"').skip(1).step_by(2).collect();
        assert!(fields.contains(&"ordered") && fields.len() > 10, "{fields:?}");
        for words in Lang::ALL.map(Words::load) {
            for field in &fields {
                assert!(words.has(&format!("field.{field}")), "{field}, {:?}", words.lang());
            }
        }
    }
}
