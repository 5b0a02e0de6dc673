//! The administrator's pages of the log: who did what to what, when, from what to what; found by words, people, kinds of
//! change and dates, and handed out as a file.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::store::{self, AuditLine, Sought};
use super::{Action, facts};
use crate::ground::form_fields::Typed;
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::csv_file::{Cell, csv_file};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::PAGE_LENGTH;
use crate::ground::words;

/// A file holds so many lines, the newest that are looked for.
const MOST_IN_FILE: i64 = 10_000;

/// The headings of the file.
const HEADINGS: [&str; 5] = ["when", "what", "who", "about", "details"];

struct Line {
    when: String,
    what: String,
    who: String,
    about: Vec<Link>,
    /// The kind of record, where it leads nowhere.
    kind: String,
    details: String,
}

#[derive(Template)]
#[template(path = "ground/audit/log.html")]
struct LogPage {
    page: PageFrame,
    words: String,
    from: String,
    until: String,
    actions: Vec<Choice>,
    file: String,
    lines: Vec<Line>,
    older: Option<String>,
}

/// What follows `/audit?`.
#[derive(Debug, Default, Deserialize)]
pub struct LogQuery {
    before: Option<i64>,
    #[serde(default)]
    words: Typed,
    #[serde(default)]
    action: Typed,
    #[serde(default)]
    from: Typed,
    #[serde(default)]
    until: Typed,
}

impl LogQuery {
    fn sought(&self) -> Sought {
        let words = self.words.trim().to_owned();
        let lowered = words.to_lowercase();
        let titled = Action::ALL.iter().filter(|action| action.title().to_lowercase().contains(&lowered));
        Sought {
            codes: titled.map(|action| action.code()).collect(),
            action: Action::of_code(&self.action).map(Action::code),
            from: self.from.trim().parse().ok(),
            until: self.until.trim().parse().ok(),
            words,
        }
    }

    /// The same search as an address with a path and what else it says.
    fn address(&self, path: &str, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let all = [
            ("words", self.words.trim()),
            ("action", &self.action),
            ("from", self.from.trim()),
            ("until", self.until.trim()),
            ("before", &before),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
        format!("{path}?{}", serde_html_form::to_string(said).unwrap_or_default())
    }
}

/// `GET /audit`: the bank's log, newest first.
pub async fn log(
    who: Admitted,
    query: web::Query<LogQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let sought = query.sought();
    let tx = &mut app.db.look(&who).await?;
    let mut found = store::list_events(tx, &sought, query.before, i64::from(PAGE_LENGTH) + 1).await?;
    let length = usize::try_from(PAGE_LENGTH).unwrap_or(usize::MAX);
    let has_older = found.len() > length;
    found.truncate(length);
    let last = found.last().filter(|_| has_older).map(|line| query.address("/audit", Some(line.position)));
    let action =
        |action: &Action| Choice::new(action.code(), action.title(), sought.action == Some(action.code()));
    let mut actions: Vec<Choice> = Action::ALL.iter().map(action).collect();
    actions.sort_by(|one, other| one.label.cmp(&other.label));
    actions.insert(0, Choice::new("", "Any change", sought.action.is_none()));
    page(&LogPage {
        page: who.frame(&request),
        from: sought.from.map(|from| from.to_string()).unwrap_or_default(),
        until: sought.until.map(|until| until.to_string()).unwrap_or_default(),
        words: sought.words,
        actions,
        file: query.address("/audit.csv", None),
        lines: found.into_iter().map(line).collect(),
        older: last,
    })
}

/// `GET /audit.csv`: the newest 10,000 lines that are looked for.
pub async fn file(
    who: Admitted,
    query: web::Query<LogQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let found = store::list_events(tx, &query.sought(), query.before, MOST_IN_FILE).await?;
    let row = |event: AuditLine| {
        let line = line(event);
        let about: Vec<String> = line.about.into_iter().map(|link| link.label).collect();
        [line.when, line.what, line.who, about.join("; "), line.details].map(Cell::Text)
    };
    csv_file("audit.csv", HEADINGS, found.into_iter().map(row))
}

fn line(event: AuditLine) -> Line {
    Line {
        when: words::moment(event.at),
        what: words(&event.action),
        details: if event.is_erased {
            "Erased with a person".to_owned()
        } else {
            facts::in_words(&event.detail)
        },
        about: about(&event),
        kind: words::capitalised(&event.subject_kind.replace('_', " ")),
        who: event.by.unwrap_or_else(|| "The service".to_owned()),
    }
}

/// What was changed, each record with where it can be looked at.
fn about(event: &AuditLine) -> Vec<Link> {
    let mut links = Vec::new();
    if let Some((id, name)) = event.clinician_id.zip(event.clinician.as_ref()) {
        links.push(Link::new(name, format!("/clinicians/{id}")));
    }
    if let Some((id, name)) = event.account_id.zip(event.person.as_ref()) {
        links.push(Link::new(name, format!("/people/{id}")));
    }
    if let Some(practice) = &event.practice {
        match (event.session_id, event.starts_at, event.practice_id) {
            (Some(session), Some(starts_at), _) => {
                let day = words::short_date(words::london_date(starts_at));
                let when = format!("{practice}, {day}, {}", words::time_at(starts_at));
                links.push(Link::new(when, format!("/unfilled-sessions/{session}")));
            }
            (.., Some(id)) => links.push(Link::new(practice, format!("/practices/{id}"))),
            _ => {}
        }
    }
    if event.subject_kind == "plan" {
        links.push(Link::new("Plan", format!("/matching/{}", event.subject_id)));
    }
    if event.subject_kind == "round" {
        links.push(Link::new("Round", format!("/rounds/{}", event.subject_id)));
    }
    links
}

/// What was done: its title, or for a code that this version does not know, the code as words: `rate_range.retired` →
/// "Rate range retired".
fn words(code: &str) -> String {
    let unknown = || words::capitalised(&code.replace(['.', '_'], " "));
    Action::of_code(code).map_or_else(unknown, |action| action.title().to_owned())
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn changes_are_told_in_words() {
        assert_eq!(words("rate_range.published"), "Rate range published");
        assert_eq!(words("account.added"), "Account added");
        assert_eq!(words("rate_range.retired"), "Rate range retired");
    }
}
