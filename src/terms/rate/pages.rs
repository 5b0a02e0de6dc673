//! The commissioner's rate ranges: what counts, what comes, what was; and publishing another.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::forms::{self, RangeEntered, RangeField};
use super::store::{self, Effects, NewRange, Publication};
use super::{RateRange, RateTable, actions};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawDate, RawForm};
use crate::ground::id::RateRangeId;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link, Pagination};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::paging::AskedPage;
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::{Band, Catalogue, calendar};

/// What follows `/rate-ranges?`.
#[derive(Debug, Deserialize)]
pub struct RangesQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "terms/rate/list.html")]
struct RangesPage {
    page: PageFrame,
    headings: Vec<&'static str>,
    bands: String,
    today: String,
    lines: Vec<RoleLine>,
    coming: Vec<ComingLine>,
    history: Vec<HistoryLine>,
    pages: Pagination,
}

/// One role, and its range in force in each band.
struct RoleLine {
    role: String,
    spans: Vec<String>,
}

struct ComingLine {
    from: String,
    role: String,
    band: &'static str,
    span: String,
    replaces: String,
}

struct HistoryLine {
    published: String,
    by: String,
    role: String,
    band: &'static str,
    from: String,
    span: String,
}

/// `GET /rate-ranges`: what counts today, what comes, and everything that was published.
pub async fn ranges_page(
    who: Admitted,
    query: web::Query<RangesQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let roles = crate::terms::bank::store::list_roles(tx).await?;
    let table = store::load_rate_table(tx).await?;
    let shown = query.page.of(store::count_publications(tx).await?);
    let publications = store::list_publications(tx, shown.span().limit, shown.span().offset).await?;
    let now = app.clock.now();
    let today = calendar::local_date(who.time_zone, now);
    let catalogue = Catalogue { roles, ..Catalogue::default() };
    let bands: Vec<&'static str> = Band::ALL.iter().map(|band| band.name()).collect();
    let history = |row: Publication| HistoryLine::of(row, &catalogue, now);
    page(&RangesPage {
        page: who.frame(&request),
        headings: [&["Role"], bands.as_slice()].concat(),
        bands: bands.join(", "),
        today: words::date_without_weekday(today),
        lines: lines_in_force(&table, &catalogue, today),
        coming: coming(&table, &catalogue, today),
        history: publications.into_iter().map(history).collect(),
        pages: shown.links(|number| format!("/rate-ranges?page={number}")),
    })
}

impl HistoryLine {
    fn of(row: Publication, catalogue: &Catalogue, now: DateTime<Utc>) -> Self {
        Self {
            published: words::when(row.published_at, now),
            by: row.published_by.unwrap_or_else(|| "Set when the bank began".to_owned()),
            role: catalogue.role_name(&row.role).to_owned(),
            band: row.band.name(),
            from: words::date_without_weekday(row.valid_from),
            span: words::rate_span(row.floor_pence_per_hour.into(), row.ceiling_pence_per_hour.into()),
        }
    }
}

fn lines_in_force(table: &RateTable, catalogue: &Catalogue, today: NaiveDate) -> Vec<RoleLine> {
    let span = |role: &str, band: Band| {
        table.in_force(role, band, today).map_or_else(|| "–".to_owned(), pounds_span)
    };
    let with_ranges = catalogue.roles.iter().filter(|role| table.roles().contains(&role.code.as_str()));
    with_ranges
        .map(|role| RoleLine {
            role: role.name.clone(),
            spans: Band::ALL.iter().map(|band| span(&role.code, *band)).collect(),
        })
        .collect()
}

/// "£76 to £98", for a table whose heading says that it is by the hour.
fn pounds_span(range: &RateRange) -> String {
    let pounds = |pence: i32| words::pounds(pence.into());
    format!("{} to {}", pounds(range.floor_pence_per_hour), pounds(range.ceiling_pence_per_hour))
}

/// The ranges that will count from a day after `today`, by day, role and band.
fn coming(table: &RateTable, catalogue: &Catalogue, today: NaiveDate) -> Vec<ComingLine> {
    let mut found: Vec<(&RateRange, Option<&RateRange>)> = Vec::new();
    for role in &catalogue.roles {
        for band in Band::ALL {
            let later = table.of(&role.code, band).filter(|range| range.valid_from > today);
            // One that another of the same day replaced never counts.
            let counting = later.filter(|range| {
                table.in_force(&role.code, band, range.valid_from).is_some_and(|last| last.id == range.id)
            });
            found.extend(counting.map(|range| {
                let before = range.valid_from.pred_opt();
                (range, before.and_then(|day| table.in_force(&role.code, band, day)))
            }));
        }
    }
    found.sort_by_key(|(range, _)| range.valid_from);
    let line = |(range, before): (&RateRange, Option<&RateRange>)| ComingLine {
        from: words::date_without_weekday(range.valid_from),
        role: catalogue.role_name(&range.role).to_owned(),
        band: range.band.name(),
        span: pounds_span(range),
        replaces: before.map_or_else(|| "–".to_owned(), pounds_span),
    };
    found.into_iter().map(line).collect()
}

#[derive(Template)]
#[template(path = "terms/rate/new.html")]
struct NewRangePage {
    page: PageFrame,
    raw: RawForm,
    from: RawDate,
    roles: Vec<Choice>,
    bands: Vec<Choice>,
    errors: FieldErrors<RangeField>,
}

impl NewRangePage {
    fn new(page: PageFrame, raw: RawForm, catalogue: &Catalogue, errors: FieldErrors<RangeField>) -> Self {
        let select = Choice::new("", "Select", false);
        let role = |role: &crate::terms::bank::Role| {
            Choice::new(&role.code, &role.name, raw.get("role") == role.code)
        };
        let band = |band: &Band| Choice::new(band.code(), band.name(), raw.get("band") == band.code());
        let roles = std::iter::once(select.clone()).chain(catalogue.roles.iter().map(role)).collect();
        let bands = std::iter::once(select).chain(Band::ALL.iter().map(band)).collect();
        Self { page, from: raw.date("from"), roles, bands, raw, errors }
    }
}

/// `GET /rate-ranges/new`: the form.
pub async fn new_range_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let catalogue = load_catalogue(app, &who).await?;
    let frame = who.frame(&request);
    page(&NewRangePage::new(frame, RawForm::default(), &catalogue, FieldErrors::none()))
}

#[derive(Template)]
#[template(path = "terms/rate/check.html")]
struct CheckPage {
    page: PageFrame,
    range: NewRange,
    role: String,
    span: String,
    from: String,
    until: String,
    current: String,
    effects: Vec<String>,
    sent: Vec<(&'static str, String)>,
}

/// The fields of the form, which the page that asks to check it sends again.
const SENT_NAMES: [&str; 7] = ["role", "band", "from-day", "from-month", "from-year", "floor", "ceiling"];

/// `POST /rate-ranges/check`: what the range would touch, before anything is published.
pub async fn check_range(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let catalogue = load_catalogue(app, &who).await?;
    let frame = who.frame(&request);
    let today = calendar::local_date(who.time_zone, app.clock.now());
    let entered = match forms::parse(&form, &catalogue, today) {
        Ok(entered) => entered,
        Err(errors) => return page_with_errors(&NewRangePage::new(frame, form, &catalogue, errors)),
    };
    let range = to_publish(RateRangeId::new(), &entered);
    let tx = &mut app.db.look(&who).await?;
    let table = store::load_rate_table(tx).await?;
    let until = counts_until(&range, &table);
    let effects = store::find_effects(tx, &range, until).await?;
    let current = table.in_force(&range.role, range.band, range.valid_from);
    page(&CheckPage {
        page: frame,
        role: catalogue.role_name(&range.role).to_owned(),
        span: words::rate_span(range.floor_pence_per_hour.into(), range.ceiling_pence_per_hour.into()),
        from: words::full_date(range.valid_from),
        until: until.map_or_else(String::new, until_in_words),
        current: current.map_or_else(|| "There is none yet".to_owned(), RateRange::span_and_date),
        effects: effects_in_words(&effects),
        sent: SENT_NAMES.map(|name| (name, form.get(name).to_owned())).to_vec(),
        range,
    })
}

/// The day on which a later range, published already, takes the place of `range`.
fn counts_until(range: &NewRange, table: &RateTable) -> Option<NaiveDate> {
    let mut published = table.of(&range.role, range.band);
    published.find(|other| other.valid_from > range.valid_from).map(|other| other.valid_from)
}

fn until_in_words(day: NaiveDate) -> String {
    format!("The range already published from {}", words::full_date(day))
}

/// What a range touches, a sentence each.
fn effects_in_words(effects: &Effects) -> Vec<String> {
    let sessions = match (effects.open_sessions, effects.sessions_outside) {
        (0, _) => "No open session is posted for that time yet.".to_owned(),
        (open, 0) => {
            format!("{} for that time: every rate lies inside the new range.", open_sessions(open))
        }
        (open, outside) => format!(
            "{} for that time: the rate of {outside} goes outside the new range. Only the part inside counts, and a \
             session with no part inside gets no offers until its practice changes its rate.",
            open_sessions(open)
        ),
    };
    let mut sentences = vec![sessions];
    if effects.clinicians == 0 {
        sentences.push("Nobody in the bank has given a rate for this role and band.".to_owned());
        return sentences;
    }
    let people = words::count(effects.clinicians, "clinician has", "clinicians have");
    sentences.push(format!("{} given a rate for this role and band.", words::capitalised(&people)));
    if effects.asking_above > 0 {
        let asking = words::count(effects.asking_above, "of them asks", "of them ask");
        sentences.push(format!("{asking} more than the new ceiling, and would get no offers in this band."));
    }
    if effects.asking_below > 0 {
        let asking = words::count(effects.asking_below, "of them asks", "of them ask");
        sentences.push(format!("{asking} less than the new floor, and would be paid the floor."));
    }
    sentences.push("Bookings already made keep their rate.".to_owned());
    sentences
}

fn open_sessions(open: i64) -> String {
    words::capitalised(&words::count(open, "open session is posted", "open sessions are posted"))
}

/// `POST /rate-ranges`: publishes the range. The page that asked for confirmation carries the range's id, so that
/// pressing twice publishes once.
pub async fn publish_range(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let catalogue = load_catalogue(app, &who).await?;
    let frame = who.frame(&request);
    let today = calendar::local_date(who.time_zone, app.clock.now());
    let entered = match forms::parse(&form, &catalogue, today) {
        Ok(entered) => entered,
        Err(errors) => return page_with_errors(&NewRangePage::new(frame, form, &catalogue, errors)),
    };
    let id: RateRangeId = form.get("key").parse().map_err(|_no_id| AppError::ForeignForm)?;
    let range = to_publish(id, &entered);
    let reliants = app.reliants().with_consent_to(seen(&form));
    let published = app.db.change(&who, async |tx| actions::publish_range(tx, &reliants, &range).await).await;
    let counts = match published {
        Ok(counts) => counts,
        Err(error) => {
            return ask_first(error, &request, (&who, &form), Link::new("Rate ranges", "/rate-ranges"));
        }
    };
    let said = if counts {
        "The range is published"
    } else {
        "This range was published before, and another has replaced it since"
    };
    Ok(see_told("/rate-ranges", said))
}

fn to_publish(id: RateRangeId, entered: &RangeEntered) -> NewRange {
    NewRange {
        id,
        role: entered.role.clone(),
        band: entered.band,
        valid_from: entered.valid_from,
        floor_pence_per_hour: entered.floor_pence_per_hour,
        ceiling_pence_per_hour: entered.ceiling_pence_per_hour,
    }
}

async fn load_catalogue(app: &App, who: &Admitted) -> Result<Catalogue, AppError> {
    let today = calendar::local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(who).await?;
    Ok(crate::terms::bank::store::load_catalogue(tx).await?.in_use_on(today))
}
