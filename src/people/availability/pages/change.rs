//! The forms that change availability. Each change is made with the clinician's row locked, so that two windows of
//! one person can't add the same hours twice.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde_json::json;

use crate::ground::app::App;
use crate::ground::audit::{self, AuditEvent};
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::{Field, FieldErrors, RawDate, RawForm};
use crate::ground::id::{AccountId, AvailabilityId, BankId, ClinicianId, MembershipId};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{CanBeBooked, Guarded, GuardedForm, app_of};
use crate::ground::web::{page, page_with_errors, see_other};
use crate::people::availability::forms::{
    AwayField, EntryField, WEEKDAYS, WeekField, check_away, check_entry, line_of_day, parse_away,
    parse_entry, parse_week, weekday_name,
};
use crate::people::availability::{Availability, Entry, Pattern, TimeAway, store};
use crate::people::clinician::store::{find_clinician_of_membership, lock_clinician};
use crate::terms::bank::calendar::local_date;

/// Whose availability it is, and from when it may change.
#[derive(Debug, Clone, Copy)]
struct Mine {
    bank: BankId,
    membership: MembershipId,
    today: NaiveDate,
}

impl Mine {
    fn of(who: &Guarded<CanBeBooked>, request: &HttpRequest) -> Result<Self, AppError> {
        let today = local_date(who.time_zone, app_of(request)?.clock.now());
        Ok(Self { bank: who.bank, membership: who.membership, today })
    }

    async fn id(&self, tx: &mut Tx) -> Result<ClinicianId, AppError> {
        let person = find_clinician_of_membership(tx, self.membership).await?;
        Ok(person.ok_or(AppError::NotFound)?.id)
    }

    /// Everything from today on, with the person's row locked until the transaction ends.
    async fn lock(&self, tx: &mut Tx) -> Result<(ClinicianId, Availability), AppError> {
        let id = self.id(tx).await?;
        lock_clinician(tx, id).await?;
        Ok((id, self.load(tx, id).await?))
    }

    async fn load(&self, tx: &mut Tx, id: ClinicianId) -> Result<Availability, AppError> {
        let last = self.today.checked_add_days(Days::new(10_000)).unwrap_or(self.today);
        let mut found = store::load_availability(tx, Some(&[id]), self.today, last).await?;
        Ok(found.remove(&id).unwrap_or_default())
    }

    /// What the audit log says of a change to this person's availability.
    fn event(
        &self,
        who: AccountId,
        id: ClinicianId,
        action: &'static str,
        detail: serde_json::Value,
    ) -> AuditEvent {
        let subject = id.0;
        AuditEvent { bank: self.bank, by: Some(who), action, subject_kind: "clinician", subject, detail }
    }
}

#[derive(Template)]
#[template(path = "people/availability/pages/week.html")]
struct WeekPage {
    page: PageFrame,
    lines: Vec<WeekLine>,
    errors: FieldErrors<WeekField>,
}

struct WeekLine {
    label: &'static str,
    name: &'static str,
    value: String,
}

fn week_page(page: PageFrame, raw: &RawForm, errors: FieldErrors<WeekField>) -> WeekPage {
    let line = |weekday| {
        let name = WeekField(weekday).name();
        WeekLine { label: weekday_name(weekday), name, value: raw.get(name).to_owned() }
    };
    WeekPage { page, lines: WEEKDAYS.into_iter().map(line).collect(), errors }
}

/// `GET /availability/week`.
pub async fn week_form(who: Guarded<CanBeBooked>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let mine = Mine::of(&who, &request)?;
    let tx = &mut app.db.look(&who).await?;
    let id = mine.id(tx).await?;
    let availability = mine.load(tx, id).await?;
    let week = availability.week_from(mine.today);
    let pair = |weekday| (WeekField(weekday).name().to_owned(), line_of_day(&week, weekday));
    let raw = RawForm::from_pairs(WEEKDAYS.into_iter().map(pair).collect());
    let frame = who.frame(&app.settings.server.product_name, request.path());
    page(&week_page(frame, &raw, FieldErrors::none()))
}

/// `POST /availability/week`.
pub async fn save_week(
    GuardedForm { who, form }: GuardedForm<CanBeBooked>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let week = match parse_week(&form) {
        Ok(week) => week,
        Err(errors) => {
            let frame = who.frame(&app.settings.server.product_name, request.path());
            return page_with_errors(&week_page(frame, &form, errors));
        }
    };
    let (mine, account) = (Mine::of(&who, &request)?, who.account);
    app.db
        .change(&who, async |tx| {
            let (id, known) = mine.lock(tx).await?;
            let change = known.change_week(&week, mine.today);
            let today = mine.today;
            store::mark_patterns_ended(tx, id, &change.end, today).await?;
            store::delete_patterns_from(tx, id, &change.end, today).await?;
            for (weekday, hours) in &change.add {
                let pattern = Pattern {
                    id: AvailabilityId::new(),
                    weekday: *weekday,
                    hours: *hours,
                    from_date: today,
                    until_date: None,
                };
                store::insert_pattern(tx, id, &pattern).await?;
            }
            let detail = json!({ "ended": change.end.len(), "added": change.add.len() });
            let event = mine.event(account, id, "availability.week_changed", detail);
            Ok::<_, AppError>(audit::store::insert_event(tx, &event).await?)
        })
        .await?;
    Ok(see_other("/availability?done=week"))
}

/// What is added beside the week.
#[derive(Debug, Clone, Copy)]
enum Single {
    Date(Entry),
    Away(TimeAway),
}

impl Single {
    async fn insert(self, tx: &mut Tx, id: ClinicianId) -> Result<(), DbError> {
        match self {
            Self::Date(entry) => store::insert_entry(tx, id, &entry).await,
            Self::Away(away) => store::insert_time_away(tx, id, &away).await,
        }
    }

    /// What the log calls it and says of it.
    fn told(self) -> (&'static str, serde_json::Value) {
        match self {
            Self::Date(entry) => ("availability.date_added", json!({ "date": entry.date })),
            Self::Away(away) => {
                ("availability.away_added", json!({ "from": away.from_date, "until": away.until_date }))
            }
        }
    }
}

/// Adds something beside the week, unless `check` says why what is there already stands against it.
async fn add<E>(
    app: &App,
    who: &Guarded<CanBeBooked>,
    mine: &Mine,
    single: Single,
    check: impl Fn(&Availability) -> Result<(), FieldErrors<E>>,
) -> Result<Result<(), FieldErrors<E>>, AppError> {
    let mine = *mine;
    app.db
        .change(who, async |tx| {
            let (id, known) = mine.lock(tx).await?;
            if let Err(errors) = check(&known) {
                return Ok(Err(errors));
            }
            single.insert(tx, id).await?;
            let (action, detail) = single.told();
            audit::store::insert_event(tx, &mine.event(who.account, id, action, detail)).await?;
            Ok(Ok(()))
        })
        .await
}

/// What is taken back beside the week.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Date,
    Away,
}

async fn remove(
    who: &Guarded<CanBeBooked>,
    path: &str,
    request: &HttpRequest,
    kind: Kind,
) -> Result<HttpResponse, AppError> {
    let single: AvailabilityId = path.parse().map_err(|_no_id| AppError::NotFound)?;
    let app = app_of(request)?;
    let (mine, account) = (Mine::of(who, request)?, who.account);
    let (action, next) = match kind {
        Kind::Date => ("availability.date_removed", "/availability?done=date-removed"),
        Kind::Away => ("availability.away_removed", "/availability?done=away-removed"),
    };
    app.db
        .change(who, async |tx| {
            let id = mine.id(tx).await?;
            let is_gone = match kind {
                Kind::Date => store::delete_entry(tx, id, single).await?,
                Kind::Away => store::delete_time_away(tx, id, single).await?,
            };
            if !is_gone {
                return Err(AppError::NotFound);
            }
            let event = mine.event(account, id, action, json!({}));
            Ok(audit::store::insert_event(tx, &event).await?)
        })
        .await?;
    Ok(see_other(next))
}

#[derive(Template)]
#[template(path = "people/availability/pages/date.html")]
struct EntryPage {
    page: PageFrame,
    raw: RawForm,
    on: RawDate,
    errors: FieldErrors<EntryField>,
}

/// `GET /availability/dates/new`.
pub async fn entry_form(who: Guarded<CanBeBooked>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let frame = who.frame(&app_of(&request)?.settings.server.product_name, request.path());
    let (raw, on) = (RawForm::default(), RawDate::default());
    page(&EntryPage { page: frame, raw, on, errors: FieldErrors::none() })
}

/// `POST /availability/dates`.
pub async fn add_entry(
    GuardedForm { who, form }: GuardedForm<CanBeBooked>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let mine = Mine::of(&who, &request)?;
    let outcome = match parse_entry(&form, mine.today) {
        Err(errors) => Err(errors),
        Ok((date, hours)) => {
            let entry = Entry { id: AvailabilityId::new(), date, hours };
            add(app, &who, &mine, Single::Date(entry), move |known| check_entry(known, date, &hours)).await?
        }
    };
    match outcome {
        Ok(()) => Ok(see_other("/availability?done=date")),
        Err(errors) => {
            let frame = who.frame(&app.settings.server.product_name, request.path());
            page_with_errors(&EntryPage { page: frame, on: form.date("on"), raw: form, errors })
        }
    }
}

/// `POST /availability/dates/{id}/remove`.
pub async fn remove_entry(
    GuardedForm { who, .. }: GuardedForm<CanBeBooked>,
    path: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    remove(&who, &path, &request, Kind::Date).await
}

#[derive(Template)]
#[template(path = "people/availability/pages/away.html")]
struct AwayPage {
    page: PageFrame,
    from: RawDate,
    until: RawDate,
    errors: FieldErrors<AwayField>,
}

/// `GET /availability/away/new`.
pub async fn away_form(who: Guarded<CanBeBooked>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let frame = who.frame(&app_of(&request)?.settings.server.product_name, request.path());
    let (from, until) = (RawDate::default(), RawDate::default());
    page(&AwayPage { page: frame, from, until, errors: FieldErrors::none() })
}

/// `POST /availability/away`.
pub async fn add_away(
    GuardedForm { who, form }: GuardedForm<CanBeBooked>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let mine = Mine::of(&who, &request)?;
    let outcome = match parse_away(&form, mine.today) {
        Err(errors) => Err(errors),
        Ok((from_date, until_date)) => {
            let away = TimeAway { id: AvailabilityId::new(), from_date, until_date };
            let check = move |known: &Availability| check_away(known, from_date, until_date);
            add(app, &who, &mine, Single::Away(away), check).await?
        }
    };
    match outcome {
        Ok(()) => Ok(see_other("/availability?done=away")),
        Err(errors) => {
            let frame = who.frame(&app.settings.server.product_name, request.path());
            let (from, until) = (form.date("from"), form.date("until"));
            page_with_errors(&AwayPage { page: frame, from, until, errors })
        }
    }
}

/// `POST /availability/away/{id}/remove`.
pub async fn remove_away(
    GuardedForm { who, .. }: GuardedForm<CanBeBooked>,
    path: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    remove(&who, &path, &request, Kind::Away).await
}
