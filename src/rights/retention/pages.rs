//! `/bank/erased`: what nights erased, or counted, and who was erased.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::store::{Run, list_runs};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::rights::erasure::store::{ErasureLine, list_erasures};

/// So many nights and people are shown.
const MOST: i64 = 30;

#[derive(Template)]
#[template(path = "rights/retention/erased.html")]
struct ErasedPage {
    page: PageFrame,
    nights: Vec<Night>,
    people: Vec<Person>,
}

struct Night {
    when: String,
    did: &'static str,
    what: Vec<String>,
}

struct Person {
    when: String,
    by: &'static str,
    href: String,
}

fn night(run: &Run) -> Night {
    let line = |(name, count): (&'static str, u64)| (count > 0).then(|| format!("{name}: {count}"));
    Night {
        when: words::moment(run.at),
        did: if run.only_counts { "Counted" } else { "Erased" },
        what: run.counts.lines().into_iter().filter_map(line).collect(),
    }
}

fn person(line: &ErasureLine) -> Person {
    Person {
        when: words::moment(line.erased_at),
        by: match (line.by_themselves, line.by_itself) {
            (true, _) => "Themselves",
            (_, true) => "The bank’s times",
            _ => "An administrator",
        },
        href: format!("/people/{}/data", line.account_id),
    }
}

/// `GET /bank/erased`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let tx = &mut app_of(&request)?.db.look(&who).await?;
    let nights = list_runs(tx, MOST).await?.iter().map(night).collect();
    let people = list_erasures(tx, None, MOST).await?.iter().map(person).collect();
    page(&ErasedPage { page: who.frame(&request), nights, people })
}
