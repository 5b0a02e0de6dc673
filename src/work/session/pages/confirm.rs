//! The page that asks to check what would be posted, and the posting itself.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use super::post::{Grounds, PostPage, holiday_line, judge, load_grounds};
use crate::ground::app::App;
use crate::ground::form_fields::RawForm;
use crate::ground::id::SessionId;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::{self, Band, calendar};
use crate::work::session::AskedSession;
use crate::work::session::actions::post::{Posting, find_posted, post_sessions};
use crate::work::session::crossing::Crossing;
use crate::work::session::forms::posting::to_post;
use crate::work::session::forms::{self, SENT_NAMES, Wanted};
use crate::work::session::series::{Expansion, Occurrence};
use crate::work::session::store::same::list_same;

#[derive(Template)]
#[template(path = "work/session/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    key: SessionId,
    practice: String,
    roles: String,
    competencies: String,
    places: String,
    rate: String,
    priority: &'static str,
    notes: String,
    supervisor: String,
    caption: String,
    /// What it costs at least and at most.
    cost: String,
    /// Sessions like these that are posted already.
    same: Vec<String>,
    button: String,
    dates: Vec<DateLine>,
    left_out: Vec<String>,
    /// What it means that the band changes while a session goes on; "" where none does.
    change: String,
    can_be_two: bool,
    sent: Vec<(&'static str, String)>,
}

/// One session to be posted.
struct DateLine {
    date: String,
    span: String,
    length: String,
    band: String,
    cost: String,
}

/// `POST /sessions/check`: what would be posted, date by date, before anything is.
pub async fn check_session(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let grounds = load_grounds(app, &who).await?;
    let frame = who.frame(&request);
    let now = app.clock.now();
    let (wanted, expansion) = match judge(&form, &grounds, &who, now) {
        Ok(judged) => judged,
        Err((questions, errors)) => {
            let today = calendar::local_date(who.time_zone, now);
            return page_with_errors(&PostPage::new(frame, form, &grounds, &questions, errors, today));
        }
    };
    let (_, sessions) = to_post(&wanted, &expansion);
    let known = list_same(&mut app.db.look(&who).await?, &sessions).await?;
    let same = sessions.iter().filter(|session| known.contains(&session.id));
    let same: Vec<NaiveDate> = same.map(|session| session.times.local_date).collect();
    page(&CheckPage::of(frame, &grounds, (&wanted, &expansion, &sessions), &same, &form))
}

impl CheckPage {
    fn of(
        page: PageFrame,
        grounds: &Grounds,
        (wanted, expansion, sessions): (&Wanted, &Expansion, &[AskedSession]),
        same: &[NaiveDate],
        form: &RawForm,
    ) -> Self {
        let catalogue = &grounds.catalogue;
        let practice = grounds.own.iter().find(|practice| practice.id == wanted.practice);
        let roles: Vec<&str> = wanted.roles.iter().map(|role| catalogue.role_name(role)).collect();
        let needed = wanted.competencies.iter().map(|code| catalogue.competency_name(code));
        let needed: Vec<&str> = needed.collect();
        let crossing = expansion.occurrences.iter().find_map(|one| Crossing::of(catalogue, &one.times));
        let number = words::count(count(expansion.occurrences.len()), "session", "sessions");
        Self {
            page,
            key: SessionId::new(),
            practice: practice.map(|practice| practice.name.clone()).unwrap_or_default(),
            roles: words::list_or(&roles),
            competencies: if needed.is_empty() { "None".to_owned() } else { words::list(&needed) },
            places: wanted.places.to_string(),
            rate: rates_in_words(wanted),
            priority: if wanted.priority >= forms::HIGH_PRIORITY { "High" } else { "Normal" },
            notes: wanted.notes.clone(),
            supervisor: wanted.supervisor.clone(),
            caption: words::capitalised(&number),
            cost: cost_in_words(sessions.iter().map(AskedSession::cost_pence)),
            same: same.iter().map(|date| words::full_date(*date)).collect(),
            button: format!("Post {number}"),
            dates: expansion.occurrences.iter().zip(sessions).map(date_line).collect(),
            left_out: left_out_lines(expansion),
            can_be_two: crossing.is_some_and(|crossing| crossing.two_sessions().is_some()),
            change: crossing.map_or_else(String::new, |crossing| crossing.sentence()),
            sent: sent_again(form),
        }
    }
}

/// "£80 to £95 an hour", and what is paid after the band changes.
fn rates_in_words(wanted: &Wanted) -> String {
    let span = |(least, most): (i32, i32)| words::rate_span(least.into(), most.into());
    let mut rates = vec![span((wanted.rate_min_pence_per_hour, wanted.rate_max_pence_per_hour))];
    rates.extend(wanted.after_change.map(|after| format!("{} where the band changes", span(after))));
    let of_band =
        |(band, rates): &(Band, (i32, i32))| format!("{} for {}", span(*rates), band.within_a_sentence());
    rates.extend(wanted.band_rates.iter().map(of_band));
    rates.join(", and ")
}

/// "£333.33", or "£333.33 to £395.83", of all of them.
pub(super) fn cost_in_words(costs: impl Iterator<Item = (i64, i64)>) -> String {
    let (least, most) = costs.fold((0, 0), |sum, cost| (sum.0 + cost.0, sum.1 + cost.1));
    if least == most {
        words::pounds(least)
    } else {
        format!("{} to {}", words::pounds(least), words::pounds(most))
    }
}

fn date_line((occurrence, session): (&Occurrence, &AskedSession)) -> DateLine {
    let band = occurrence.band.map_or("", bank::Band::name);
    let title = occurrence.bank_holiday.as_ref();
    DateLine {
        date: occurrence.times.date_text(),
        span: occurrence.times.span_text(),
        length: words::duration(occurrence.times.minutes()),
        band: title.map_or_else(|| band.to_owned(), |title| format!("{band} ({title})")),
        cost: cost_in_words(std::iter::once(session.cost_pence())),
    }
}

fn left_out_lines(expansion: &Expansion) -> Vec<String> {
    let skipped = expansion.skipped_left_out.iter();
    let skipped =
        skipped.map(|date| format!("{}: the clocks go forward over the time", words::full_date(*date)));
    expansion.holidays_left_out.iter().map(holiday_line).chain(skipped).collect()
}

/// The form's own fields, to be sent again as they are.
fn sent_again(form: &RawForm) -> Vec<(&'static str, String)> {
    let values =
        SENT_NAMES.iter().flat_map(|name| form.all(name).into_iter().map(|value| (*name, value.to_owned())));
    values.collect()
}

/// `POST /sessions`: posts what was checked. The key of the page that asked to check it makes sure that pressing
/// twice posts once.
pub async fn post_session(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let key: SessionId = form.get("key").parse().map_err(|_no_key| AppError::ForeignForm)?;
    let key = format!("session.post:{}:{key}", who.account);
    if let Some(answer) = answered_before(app, &who, &key).await? {
        return Ok(answer);
    }
    let grounds = load_grounds(app, &who).await?;
    let now = app.clock.now();
    let (wanted, expansion) = match judge(&form, &grounds, &who, now) {
        Ok(judged) => judged,
        Err((questions, errors)) => {
            let frame = who.frame(&request);
            let today = calendar::local_date(who.time_zone, now);
            return page_with_errors(&PostPage::new(frame, form, &grounds, &questions, errors, today));
        }
    };
    let posting = posting_of(&wanted, &expansion, key.clone());
    match app.db.change(&who, async |tx| post_sessions(tx, &posting).await).await {
        Ok(()) => Ok(told_of_posting(&expansion)),
        // The same form came twice at the same time, and the other was first.
        Err(error) => answered_before(app, &who, &key).await?.ok_or_else(|| error.into()),
    }
}

/// What is to be done once, whoever presses twice with this `key`.
fn posting_of(wanted: &Wanted, expansion: &Expansion, key: String) -> Posting {
    let (series, sessions) = to_post(wanted, expansion);
    let until = expansion.occurrences.last().map(|one| one.times.local_date).unwrap_or_default();
    Posting { key, practice: wanted.practice, series: series.map(|series| (series, until)), sessions }
}

/// Back to the week of the first session, with how many were posted.
fn told_of_posting(expansion: &Expansion) -> HttpResponse {
    let posted = words::count(count(expansion.occurrences.len()), "session is", "sessions are");
    let first = expansion.occurrences.first().map(|one| one.times.local_date).unwrap_or_default();
    see_told(&week_of(first), format!("{} posted", words::capitalised(&posted)))
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn week_of(date: NaiveDate) -> String {
    format!("/sessions?week={}", calendar::monday_of(date))
}

/// Where a form leads that was sent before, with what stands of the sessions it posted.
async fn answered_before(app: &App, who: &Admitted, key: &str) -> Result<Option<HttpResponse>, AppError> {
    let Some(posted) = find_posted(&mut app.db.look(who).await?, key).await? else { return Ok(None) };
    let open = words::count(posted.open, "session is", "sessions are");
    let mut said = format!("{} posted", words::capitalised(&open));
    if posted.withdrawn > 0 {
        let gone = words::count(posted.withdrawn, "has been withdrawn since", "have been withdrawn since");
        said = format!("{said}; {gone}");
    }
    Ok(Some(see_told(&week_of(posted.first), said)))
}
