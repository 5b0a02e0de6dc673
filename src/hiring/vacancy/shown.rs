//! A vacancy as those who look for work see it.

use super::advert::{Advert, Contact};
use super::store::own::PlaceOfWork;
use crate::ground::words;
use crate::terms::rules::paragraphs;

/// A part of the description, with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading.
    pub heading: &'static str,
    /// Prose.
    pub paragraphs: Vec<String>,
    /// Or what is listed.
    pub lines: Vec<String>,
}

/// A vacancy as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// What the post is called.
    pub title: String,
    /// Who posts it.
    pub practice: String,
    /// What is known of it, named.
    pub facts: Vec<(&'static str, String)>,
    /// The description.
    pub parts: Vec<Part>,
    /// Whether disabled applicants who have what is essential are sure of an interview.
    pub is_disability_confident: bool,
    /// Whom to ask.
    pub contact: Contact,
}

/// What the codes of an advert are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Its role; none where it is in none.
    pub role: Option<String>,
    /// Its staff group.
    pub staff_group: String,
}

fn contract(advert: &Advert) -> String {
    let name = advert.contract.name();
    advert.months.map_or_else(
        || name.to_owned(),
        |months| format!("{name}, {}", words::count(months, "month", "months")),
    )
}

fn place(place: &PlaceOfWork) -> String {
    let parts = [&place.name, &place.address, &place.postcode];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn prose(heading: &'static str, text: &str) -> Part {
    Part { heading, paragraphs: paragraphs(text), lines: Vec::new() }
}

fn listed(heading: &'static str, lines: &[String]) -> Part {
    Part { heading, paragraphs: Vec::new(), lines: lines.to_vec() }
}

impl Shown {
    /// An advert at these places.
    #[must_use]
    pub fn of(advert: &Advert, names: &Names, places: &[PlaceOfWork]) -> Self {
        let interviews = advert.interviews.map(|(first, last)| words::date_span(first, last));
        let starts = advert.starts_on.map_or_else(|| "As soon as we agree".to_owned(), words::full_date);
        let mut facts = vec![
            ("Contract", contract(advert)),
            ("Hours", advert.hours.text()),
            ("Pay", advert.pay.text()),
            ("Start", starts),
            ("Apply by", words::moment(advert.closes_at)),
        ];
        facts.extend(interviews.map(|dates| ("Interviews", dates)));
        facts.extend(names.role.clone().map(|role| ("Role", role)));
        facts.push(("Staff group", names.staff_group.clone()));
        let visa =
            if advert.sponsors_visa { "We can sponsor a visa for this post" } else { "Not for this post" };
        facts.push(("Visa sponsorship", visa.to_owned()));
        let heading = if places.len() > 1 { "Places of work" } else { "Place of work" };
        let parts = [
            prose("What you will do", &advert.duties),
            prose("Days and times", &advert.pattern),
            prose("About us", &advert.about),
            listed("What you must have", &advert.essential),
            listed("What is welcome", &advert.desirable),
            listed("What we offer", &advert.benefits),
            prose("Help in your first months", &advert.mentoring),
            listed(heading, &places.iter().map(place).collect::<Vec<_>>()),
        ];
        Self {
            title: advert.title.clone(),
            practice: places.first().map(|place| place.name.clone()).unwrap_or_default(),
            facts,
            parts: parts
                .into_iter()
                .filter(|part| !part.paragraphs.is_empty() || !part.lines.is_empty())
                .collect(),
            is_disability_confident: advert.is_disability_confident,
            contact: advert.contact.clone(),
        }
    }
}
