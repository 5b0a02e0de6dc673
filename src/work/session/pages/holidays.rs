//! The bank's holidays: which are known, which it has added, and which posted sessions stay in another band than the calendar
//! has them in. A change shows what it touches before it is made.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::holidays::{CalendarDecision, list_decisions};
use crate::terms::bank::store::load_catalogue;
use crate::work::booking::error::DeskError;
use crate::work::session::actions::calendar::{CalendarChange, CalendarError, change_calendar, name_of};
use crate::work::session::actions::reband::{OutOfBand, Stays, find_out_of_band};
use crate::work::session::forms::holiday::{HolidayField, parse_calendar};

/// So many holidays to come are shown.
const SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "work/session/pages/holidays.html")]
struct HolidaysPage {
    page: PageFrame,
    known_until: String,
    coming: Vec<(String, String)>,
    decisions: Vec<DecisionLine>,
    out_of_band: Vec<String>,
    raw: RawForm,
    counts: Vec<Choice>,
    errors: FieldErrors<HolidayField>,
}

struct DecisionLine {
    when: String,
    by: String,
    what: String,
    why: String,
}

fn decided(line: CalendarDecision, now: chrono::DateTime<chrono::Utc>) -> DecisionLine {
    let date = words::full_date(line.date);
    let what = match (line.title, line.day_itself_counts) {
        (Some(title), _) => format!("{date}: {title}"),
        (None, Some(true)) => format!("On a weekend the day itself and its substitute count, from {date}"),
        (None, _) => format!("On a weekend the substitute alone counts, from {date}"),
    };
    DecisionLine { when: words::when(line.decided_at, now), by: line.by_name, what, why: line.why }
}

impl HolidaysPage {
    async fn of(
        (app, who): (&App, &Admitted),
        request: &HttpRequest,
        raw: RawForm,
        errors: FieldErrors<HolidayField>,
    ) -> Result<Self, AppError> {
        let now = app.clock.now();
        let today = local_date(who.time_zone, now);
        let tx = &mut app.db.look(who).await?;
        let catalogue = load_catalogue(tx).await?;
        let decisions = list_decisions(tx).await?;
        let out = find_out_of_band(tx).await?;
        let count = |value: &str, label: &str| Choice::new(value, label, raw.get("count") == value);
        let coming = catalogue.bank_holidays.iter().filter(|holiday| holiday.date >= today).take(SHOWN);
        Ok(Self {
            page: who.frame(request),
            known_until: catalogue.holidays_known_until.map_or_else(
                || "No year’s bank holidays are known whole".to_owned(),
                |until| format!("They are known until {}", words::date_without_weekday(until)),
            ),
            coming: coming.map(|holiday| (words::full_date(holiday.date), holiday.title.clone())).collect(),
            decisions: decisions.into_iter().map(|line| decided(line, now)).collect(),
            out_of_band: out.iter().map(as_line).collect(),
            counts: vec![
                count("both", "The day itself and its substitute"),
                count("substitute", "The substitute alone"),
            ],
            raw,
            errors,
        })
    }
}

fn as_line(out: &OutOfBand) -> String {
    format!("{}.", words::capitalised(&out.sentence()))
}

/// What follows `/bank/holidays?`.
#[derive(Debug, Deserialize)]
pub struct HolidaysQuery {
    #[serde(default)]
    kind: Typed,
}

/// `GET /bank/holidays`, with the form for a holiday or, by `kind=weekends`, for how those on a weekend count.
pub async fn holidays_page(
    who: Admitted,
    query: web::Query<HolidaysQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let raw = RawForm::from_pairs(vec![("kind".to_owned(), query.kind.as_str().to_owned())]);
    page(&HolidaysPage::of((app, &who), &request, raw, FieldErrors::none()).await?)
}

#[derive(Template)]
#[template(path = "work/session/pages/holidays_check.html")]
struct CheckPage {
    page: PageFrame,
    what: String,
    why: String,
    follow: Vec<String>,
    agreed: Vec<String>,
    outside: Vec<String>,
    seen: String,
    sent: Vec<(String, String)>,
}

impl CheckPage {
    fn new(page: PageFrame, change: &CalendarChange, touched: &[OutOfBand], form: &RawForm) -> Self {
        let lines = |of: fn(&OutOfBand) -> bool| touched.iter().filter(|out| of(out)).map(as_line).collect();
        Self {
            page,
            what: match change {
                CalendarChange::Holiday(holiday) => {
                    format!("{} is a bank holiday: {}", words::full_date(holiday.date), holiday.title)
                }
                CalendarChange::Weekends(rule) if rule.day_itself_counts => format!(
                    "From {} on, the day itself counts beside its substitute",
                    words::full_date(rule.valid_from)
                ),
                CalendarChange::Weekends(rule) => {
                    format!("From {} on, the substitute alone counts", words::full_date(rule.valid_from))
                }
            },
            why: form.get("why").to_owned(),
            follow: lines(|out| out.stays.is_none()),
            agreed: lines(|out| out.stays == Some(Stays::Agreed)),
            outside: lines(|out| matches!(out.stays, Some(Stays::OutsideRange { .. }))),
            seen: name_of(touched),
            sent: form.without(&["csrf_token", "seen"]),
        }
    }
}

/// `POST /bank/holidays`: shows what a change of the calendar touches, and makes it once that was seen.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let (change, why) = match parse_calendar(&form, today) {
        Ok(entered) => entered,
        Err(errors) => {
            return page_with_errors(&HolidaysPage::of((app, &who), &request, form, errors).await?);
        }
    };
    let (letterhead, wish) = (app.letterhead(), (&change, why.as_str()));
    let seen = form.get("seen");
    let changed = app.db.change(&who, async |tx| change_calendar(tx, &letterhead, wish, seen).await).await;
    match changed {
        Ok(_) => Ok(see_told("/bank/holidays", "The calendar is changed")),
        Err(CalendarError::AskFirst(touched)) => {
            page(&CheckPage::new(who.frame(&request), &change, &touched, &form))
        }
        Err(error) => Err(not_changed(error)),
    }
}

/// Why the calendar stays as it is.
fn not_changed(error: CalendarError) -> AppError {
    match error {
        CalendarError::Known => AppError::conflict(
            "That day is a bank holiday already",
            "Somebody may have added it meanwhile. Look at the list of bank holidays.",
        ),
        CalendarError::Database(error) | CalendarError::Desk(DeskError::Database(error)) => error.into(),
        other => AppError::internal("changing the calendar", other),
    }
}
