//! `/today`: where a bank's administrators start.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::store::{Waiting, find_waiting};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::document::store::count_waiting as count_documents;
use crate::terms::bank::calendar::local_date;
use crate::work::standing::store::waiting::count_waiting as count_to_clear;

#[derive(Template)]
#[template(path = "insight/today/today.html")]
struct TodayPage {
    page: PageFrame,
    date: String,
    waiting: Vec<Line>,
}

/// Something that waits, and where it is done.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    what: String,
    hint: &'static str,
    href: &'static str,
}

/// A line where there is any of it.
fn line(number: i64, (one, many): (&str, &str), hint: &'static str, href: &'static str) -> Option<Line> {
    let what = words::capitalised(&words::count(number, one, many));
    (number > 0).then_some(Line { what, hint, href })
}

/// What waits, the most pressing first.
fn lines(waiting: &Waiting, (to_clear, documents): (i64, i64)) -> Vec<Line> {
    let later = waiting.places_this_week - waiting.places_soon;
    let lines = [
        line(
            waiting.flagged,
            ("booking to look at", "bookings to look at"),
            "Something has changed since they were agreed",
            "/bookings-to-look-at",
        ),
        line(
            waiting.places_soon,
            ("place empty today or tomorrow", "places empty today or tomorrow"),
            "See who could fill them, and book by hand",
            "/unfilled-sessions",
        ),
        line(
            waiting.plans,
            ("plan is ready", "plans are ready"),
            "Look at it, then publish it or set it aside",
            "/matching",
        ),
        line(
            later,
            ("more place empty within seven days", "more places empty within seven days"),
            "Make a plan, or book by hand",
            "/unfilled-sessions",
        ),
        line(
            waiting.offers_lapsing,
            ("offer lapses within a day", "offers lapse within a day"),
            "They have not been answered yet",
            "/unfilled-sessions",
        ),
        line(
            to_clear,
            ("person waits to be cleared", "people wait to be cleared"),
            "Nobody works before they are",
            "/clearing",
        ),
        line(
            documents,
            ("document to look at", "documents to look at"),
            "Verify it, or send it back",
            "/documents-to-look-at",
        ),
        line(
            waiting.closing,
            ("practice closes", "practices close"),
            "Name who takes its place, if anybody does",
            "/practices",
        ),
        line(
            waiting.invitations_lapsed,
            ("invitation has lapsed", "invitations have lapsed"),
            "Within thirty days. Send them again, or leave them",
            "/invitations",
        ),
        line(
            waiting.mails_failed,
            ("email was given up", "emails were given up"),
            "Nobody got them. See why, and send them again",
            "/mail?state=failed",
        ),
        line(
            waiting.jobs_dead,
            ("piece of background work was given up", "pieces of background work were given up"),
            "See why, and do it again",
            "/system",
        ),
    ];
    lines.into_iter().flatten().collect()
}

/// `GET /today`: what waits for the bank's administrators.
pub async fn today(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let date = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let people = (count_to_clear(tx).await?, count_documents(tx).await?);
    let waiting = find_waiting(tx, date).await?;
    page(&TodayPage {
        page: who.frame(&request),
        date: words::full_date(date),
        waiting: lines(&waiting, people),
    })
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::insight::today::store::Waiting;

    #[test]
    fn what_is_not_there_is_not_listed_and_the_most_pressing_comes_first() {
        assert_eq!(lines(&Waiting::default(), (0, 0)), []);
        let waiting = Waiting { flagged: 1, places_this_week: 3, places_soon: 1, ..Waiting::default() };
        let found: Vec<String> = lines(&waiting, (2, 0)).into_iter().map(|line| line.what).collect();
        assert_eq!(
            found,
            [
                "1 booking to look at",
                "1 place empty today or tomorrow",
                "2 more places empty within seven days",
                "2 people wait to be cleared"
            ]
        );
    }
}
