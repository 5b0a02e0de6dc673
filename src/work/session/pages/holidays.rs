//! The bank's holidays: which are known, which it has added, and which posted sessions stay in another band than the calendar
//! has them in. A change shows what it touches before it is made.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::calendar_check::{CheckPage, as_line, not_changed};
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
use crate::work::session::actions::calendar::{CalendarError, change_calendar};
use crate::work::session::actions::reband::find_out_of_band;
use crate::work::session::forms::holiday::{HolidayField, parse_calendar};

/// Where the page is, and what it is called.
const HOLIDAYS: (&str, &str) = ("/bank/holidays", "Bank holidays");

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
        Ok(_) => Ok(see_told(HOLIDAYS.0, "The calendar is changed")),
        Err(CalendarError::AskFirst(touched)) => {
            page(&CheckPage::new(who.frame(&request), HOLIDAYS, change.in_words(), (&touched, &form)))
        }
        Err(error) => Err(not_changed(error)),
    }
}
