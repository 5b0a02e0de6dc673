//! `/your-vacancies`: what a practice does with its vacancies.

pub mod form;
pub mod list;
pub mod own;

use chrono::{DateTime, Utc};

use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::RawForm;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::words;
use crate::hiring::vacancy::Standing;
use crate::hiring::vacancy::actions::NotChanged;
use crate::hiring::vacancy::forms::{Known, named_places};
use crate::hiring::vacancy::store::reference::{list_pay_bands, list_staff_groups};
use crate::people::practice::store::{list_practices_called, list_practices_managed_by};
use crate::terms::bank::store::list_roles_in_use;

/// What the form's answers are chosen from, and the practices that `raw` names.
async fn known(tx: &mut Tx, raw: &RawForm) -> Result<Known, DbError> {
    let today = words::london_date(tx.now());
    let own = match tx.membership() {
        Some(membership) => list_practices_managed_by(tx, membership).await?,
        None => Vec::new(),
    };
    let called = named_places(raw);
    Ok(Known {
        own,
        named: if called.is_empty() { Vec::new() } else { list_practices_called(tx, &called).await? },
        roles: list_roles_in_use(tx, today).await?,
        groups: list_staff_groups(tx, today).await?,
        bands: list_pay_bands(tx, today).await?,
    })
}

/// Where a vacancy stands, in a word or two.
fn tag(standing: Standing) -> Tag {
    match standing {
        Standing::Draft => Tag::new("Draft", TagColour::Grey),
        Standing::OpensAt(_) => Tag::new("Opens later", TagColour::Blue),
        Standing::OpenUntil(_) => Tag::new("Open", TagColour::Green),
        Standing::ClosedAt(_) => Tag::new("Closed", TagColour::Yellow),
        Standing::Settled(_) => Tag::new("Done", TagColour::Grey),
    }
}

/// The same in a sentence without its full stop.
fn sentence(standing: Standing, now: DateTime<Utc>) -> String {
    match standing {
        Standing::Draft => "Only you and your colleagues see it".to_owned(),
        Standing::OpensAt(at) => format!("Everybody can see it from {}", words::moment(at)),
        Standing::OpenUntil(at) => format!("Open until {}", words::deadline(at, now)),
        Standing::ClosedAt(at) => format!("Closed {}. Say what came of it", words::when(at, now)),
        Standing::Settled(outcome) => outcome.name().to_owned(),
    }
}

/// "3 applicants wait".
fn waits(number: i64) -> String {
    words::count(number, "applicant waits", "applicants wait")
}

impl From<NotChanged> for AppError {
    fn from(error: NotChanged) -> Self {
        let conflict = |title: &str, advice: &str| Self::conflict(title, advice);
        match error {
            NotChanged::NotDone(error) => error.into(),
            NotChanged::Database(error) => error.into(),
            NotChanged::Since => conflict(
                "A colleague has changed this meanwhile",
                "Open the vacancy again, see what it says now, and enter yours again.",
            ),
            NotChanged::Advertised => conflict(
                "This vacancy is published already",
                "Open it again to see it as everybody sees it. You can still change it there.",
            ),
            NotChanged::Closed => conflict(
                "This vacancy is closed",
                "What it said stays as it was. Copy it as a new draft to advertise the post again.",
            ),
            NotChanged::ClosesBeforeItOpens => conflict(
                "This vacancy would close before it opens",
                "Change its closing date, or publish it earlier.",
            ),
            NotChanged::Unanswered(number) => Self::conflict(
                format!("{} for an answer", words::capitalised(&waits(number))),
                "Open the applications and answer each first: nobody is left without one.",
            ),
            NotChanged::Settled => conflict(
                "It has been said already what came of this vacancy",
                "Open the vacancy again to see it.",
            ),
        }
    }
}
