//! When the bank's bands begin, and what other times would touch before they count.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::calendar_check::{CheckPage, not_changed};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::DayKind;
use crate::terms::bank::calendar::bands_in_words;
use crate::terms::bank::store::bands::list_decisions;
use crate::terms::bank::store::load_catalogue;
use crate::work::session::actions::calendar::{CalendarError, change_calendar};
use crate::work::session::forms::bands::{BandField, BandTime, TIMES, bands_filled_in, parse_bands};

/// Where the page is, and what it is called.
const BANDS: (&str, &str) = ("/bank/bands", "Times of bands");

#[derive(Template)]
#[template(path = "work/session/pages/bands.html")]
struct BandsPage {
    page: PageFrame,
    days: Vec<(&'static str, Vec<BandTime>)>,
    decisions: Vec<DecisionLine>,
    raw: RawForm,
    errors: FieldErrors<BandField>,
}

struct DecisionLine {
    when: String,
    by: String,
    what: Vec<String>,
    why: String,
}

impl BandsPage {
    /// The page with the form as it was sent, or with what counts.
    async fn of(
        (app, who): (&App, &Admitted),
        request: &HttpRequest,
        sent: Option<(RawForm, FieldErrors<BandField>)>,
    ) -> Result<Self, AppError> {
        let now = app.clock.now();
        let tx = &mut app.db.look(who).await?;
        let band_hours = load_catalogue(tx).await?.band_hours;
        let decisions = list_decisions(tx).await?;
        let version = decisions.first().map_or(0, |newest| newest.number);
        let (raw, errors) =
            sent.unwrap_or_else(|| (bands_filled_in(&band_hours, version), FieldErrors::none()));
        let of_day = |day| TIMES.into_iter().filter(|time| time.day == day).collect();
        Ok(Self {
            page: who.frame(request),
            days: vec![
                ("Monday to Friday", of_day(DayKind::Weekday)),
                ("Saturday", of_day(DayKind::Saturday)),
                ("Sunday and bank holidays", of_day(DayKind::SundayOrBankHoliday)),
            ],
            decisions: decisions
                .into_iter()
                .map(|decision| DecisionLine {
                    when: words::when(decision.decided_at, now),
                    by: decision.by_name,
                    what: bands_in_words(&decision.value.0),
                    why: decision.why,
                })
                .collect(),
            raw,
            errors,
        })
    }
}

/// `GET /bank/bands`: when each band begins, and the form that changes it.
pub async fn bands_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&BandsPage::of((app_of(&request)?, &who), &request, None).await?)
}

/// `POST /bank/bands`: shows what other times touch, and makes the change once that was seen.
pub async fn change(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (change, why) = match parse_bands(&form) {
        Ok(entered) => entered,
        Err(errors) => {
            return page_with_errors(&BandsPage::of((app, &who), &request, Some((form, errors))).await?);
        }
    };
    let (letterhead, wish) = (app.letterhead(), (&change, why.as_str()));
    let changed =
        app.db.change(&who, async |tx| change_calendar(tx, &letterhead, wish, form.get("seen")).await).await;
    match changed {
        Ok(_) => Ok(see_told(BANDS.0, "The times of the bands are changed")),
        Err(CalendarError::AskFirst(touched)) => {
            page(&CheckPage::new(who.frame(&request), BANDS, change.in_words(), (&touched, &form)))
        }
        Err(error) => Err(not_changed(error)),
    }
}
