//! The administrator's page of the log.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::Action;
use super::store::{self, AuditLine};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::PAGE_LENGTH;
use crate::ground::words;

struct Line {
    when: String,
    what: String,
    who: String,
    details: String,
}

#[derive(Template)]
#[template(path = "ground/audit/log.html")]
struct LogPage {
    page: PageFrame,
    lines: Vec<Line>,
    older: Option<String>,
}

/// What follows `/audit?`.
#[derive(Debug, Deserialize)]
pub struct LogQuery {
    before: Option<i64>,
}

/// `GET /audit`: the bank's log, newest first.
pub async fn log(
    who: Admitted,
    query: web::Query<LogQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let before = query.before;
    let tx = &mut app.db.look(&who).await?;
    let mut found = store::list_events(tx, before, i64::from(PAGE_LENGTH) + 1).await?;
    let length = usize::try_from(PAGE_LENGTH).unwrap_or(usize::MAX);
    let has_older = found.len() > length;
    found.truncate(length);
    let last = found.last().filter(|_| has_older).map(|line| format!("/audit?before={}", line.position));
    page(&LogPage { page: who.frame(&request), lines: found.into_iter().map(line).collect(), older: last })
}

fn line(event: AuditLine) -> Line {
    Line {
        when: words::moment(event.at),
        what: words(&event.action),
        who: event.by.unwrap_or_else(|| "The service".to_owned()),
        details: if event.is_erased { "Erased with a person".to_owned() } else { details(&event.detail) },
    }
}

/// What was done: its title, or for a code that this version does not know, the code as words: `rate_range.retired` →
/// "Rate range retired".
fn words(code: &str) -> String {
    let unknown = || words::capitalised(&code.replace(['.', '_'], " "));
    Action::of_code(code).map_or_else(unknown, |action| action.title().to_owned())
}

/// The facts of a change in one line: "cleared until: 2027-01-01, reason: …". Ids of records say nothing to a
/// person and are left out.
fn details(detail: &Value) -> String {
    let facts = detail.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let pence = value.as_i64();
        if let Some((name, pence)) = name.strip_suffix("_pence_per_hour").zip(pence) {
            return Some(format!("{}: {}", name.replace('_', " "), words::rate_an_hour(pence)));
        }
        let text = match value {
            Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => return None,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        Some(format!("{}: {text}", name.replace('_', " ")))
    });
    facts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{details, words};

    #[test]
    fn changes_are_told_in_words() {
        assert_eq!(words("rate_range.published"), "Rate range published");
        assert_eq!(words("account.added"), "Account added");
        assert_eq!(words("rate_range.retired"), "Rate range retired");
        let detail = json!({ "until": "2027-01-01", "session": "01a200dc-d3a8-7617-ba30-a6dc6e001444", "places": 2, "none": null });
        assert_eq!(details(&detail), "places: 2, until: 2027-01-01");
        assert_eq!(details(&json!({ "rate_pence_per_hour": 7_450 })), "rate: £74.50 an hour");
    }
}
