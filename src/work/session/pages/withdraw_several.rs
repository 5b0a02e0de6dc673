//! Withdrawing several sessions of a practice at once: those of some days, or those of a series. They are chosen, then what
//! falls with them is shown, and all are withdrawn by one act.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::detail::{Known, tag_of};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::id::{PracticeId, SessionId};
use crate::ground::web::components::{Choice, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::practice::Practice;
use crate::people::practice::store::list_practices_managed_by;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::store::load_catalogue;
use crate::work::booking::Side;
use crate::work::booking::actions::call_off::Seen;
use crate::work::booking::desk::Desk;
use crate::work::booking::forms::seen_fee_pence;
use crate::work::booking::pages::answered;
use crate::work::booking::reason::Reason;
use crate::work::session::actions::withdraw::withdraw_sessions;
use crate::work::session::forms::{WithdrawField, parse_withdrawal};
use crate::work::session::store::standing::{Sought, list_sessions_to_withdraw};

/// More than these nobody reads before they press.
const MOST_SESSIONS: i64 = 200;

/// What follows `/sessions/withdraw?`.
#[derive(Debug, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    practice: Typed,
    #[serde(default)]
    from: Typed,
    #[serde(default)]
    until: Typed,
    /// A session of the series that is to stop.
    #[serde(default)]
    series: Typed,
}

#[derive(Template)]
#[template(path = "work/session/pages/withdraw_several.html")]
struct ChoosePage {
    page: PageFrame,
    is_series: bool,
    practices: Vec<Choice>,
    from: String,
    until: String,
    lines: Vec<Line>,
    has_more: bool,
}

/// A session that can be withdrawn.
struct Line {
    id: SessionId,
    when: String,
    roles: String,
    state: Tag,
    /// What falls with it: who is booked, and the offers that are out.
    falls: String,
    /// "£275"; "" where it costs nothing.
    fee: String,
    fee_pence: i32,
    booked: usize,
}

impl Line {
    fn of(known: &Known, now: DateTime<Utc>) -> Self {
        let fee_pence = known.fees().iter().map(|fees| fees.due(Side::Practice, now)).sum();
        let names: Vec<&str> = known.booked.iter().map(|row| row.name.as_str()).collect();
        let offers = known.open_offers();
        let mut falls = Vec::new();
        if !names.is_empty() {
            falls.push(format!("{} booked", words::list(&names)));
        }
        if offers > 0 {
            falls.push(words::count(offers, "offer is out", "offers are out"));
        }
        Self {
            id: known.session.asked.id,
            when: known.session.asked.times.when_text(),
            roles: known.roles(),
            state: tag_of(known.standing(now)),
            falls: falls.join(", "),
            fee: if fee_pence == 0 { String::new() } else { words::pounds(i64::from(fee_pence)) },
            fee_pence,
            booked: names.len(),
        }
    }
}

/// What was found, and the practices that the person acts for.
async fn load(
    app: &App,
    who: &Admitted,
    sought: impl FnOnce(&[Practice]) -> Sought,
) -> Result<(Vec<Practice>, Sought, Vec<Line>), AppError> {
    let now = app.clock.now();
    let tx = &mut app.db.look(who).await?;
    let own = list_practices_managed_by(tx, who.membership).await?;
    let sought = sought(&own);
    let found = list_sessions_to_withdraw(tx, who.membership, &sought, MOST_SESSIONS + 1).await?;
    let catalogue = load_catalogue(tx).await?;
    let line = |so_far| Line::of(&Known::of(so_far, catalogue.clone()), now);
    Ok((own, sought, found.into_iter().map(line).collect()))
}

impl Query {
    /// The sessions of a series, or of some days at one practice: today and the six days after it where none are asked for.
    fn sought(&self, own: &[Practice], today: NaiveDate) -> Sought {
        if let Ok(series_of) = self.series.parse() {
            return Sought { series_of: Some(series_of), ..Sought::default() };
        }
        let from: NaiveDate = self.from.parse().unwrap_or(today);
        let until = self.until.parse().unwrap_or(from + Days::new(6)).max(from);
        let asked: Option<PracticeId> = self.practice.parse().ok();
        let practice =
            own.iter().map(|practice| practice.id).find(|id| asked.is_none_or(|asked| asked == *id));
        Sought { practice, days: Some((from, until)), ..Sought::default() }
    }
}

/// `GET /sessions/withdraw`: the sessions of some days, or of a series, to choose from.
pub async fn choose(
    who: Admitted,
    query: web::Query<Query>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let (own, sought, mut lines) = load(app, &who, |own| query.sought(own, today)).await?;
    let has_more = lines.len() > usize::try_from(MOST_SESSIONS).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(MOST_SESSIONS).unwrap_or(usize::MAX));
    let (from, until) = sought.days.unwrap_or((today, today));
    let choice = |practice: &Practice| {
        Choice::new(practice.id.to_string(), &practice.name, Some(practice.id) == sought.practice)
    };
    page(&ChoosePage {
        page: who.frame(&request),
        is_series: sought.series_of.is_some(),
        practices: if own.len() < 2 { Vec::new() } else { own.iter().map(choice).collect() },
        from: from.to_string(),
        until: until.to_string(),
        lines,
        has_more,
    })
}

#[derive(Template)]
#[template(path = "work/session/pages/withdraw_several_check.html")]
struct CheckPage {
    page: PageFrame,
    lines: Vec<Line>,
    /// What the practice owes if it withdraws them now; "" where nothing.
    fee: String,
    fee_pence: i32,
    booked: usize,
    reasons: Vec<Choice>,
    errors: FieldErrors<WithdrawField>,
}

impl CheckPage {
    fn of(page: PageFrame, lines: Vec<Line>, chosen: &str, errors: FieldErrors<WithdrawField>) -> Self {
        let fee_pence: i32 = lines.iter().map(|line| line.fee_pence).sum();
        let choice = |reason: &Reason| Choice::new(reason.code(), reason.text(), reason.code() == chosen);
        Self {
            page,
            fee: if fee_pence == 0 { String::new() } else { words::pounds(i64::from(fee_pence)) },
            fee_pence,
            booked: lines.iter().map(|line| line.booked).sum(),
            reasons: Reason::of(Side::Practice).iter().map(choice).collect(),
            lines,
            errors,
        }
    }
}

/// The sessions that were ticked.
fn ticked(form: &RawForm) -> Vec<SessionId> {
    let mut ids: Vec<SessionId> = form.all("session").iter().filter_map(|id| id.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn load_ticked(app: &App, who: &Admitted, form: &RawForm) -> Result<Vec<Line>, AppError> {
    let ids = Some(ticked(form));
    let (_, _, lines) = load(app, who, |_| Sought { ids, ..Sought::default() }).await?;
    Ok(lines)
}

const NOTHING_TICKED: &str = "Nothing was withdrawn: tick the sessions first";

/// `POST /sessions/withdraw/check`: what falls with the chosen ones, what that costs, and why they are withdrawn.
pub async fn check(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    if form.all("session").is_empty() {
        return Ok(see_told("/sessions/withdraw", NOTHING_TICKED));
    }
    let lines = load_ticked(app_of(&request)?, &who, &form).await?;
    if lines.is_empty() {
        return Err(AppError::NotFound);
    }
    page(&CheckPage::of(who.frame(&request), lines, "", FieldErrors::none()))
}

/// `POST /sessions/withdraw`: withdraws them, all or none.
pub async fn withdraw(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let reason = match parse_withdrawal(&form) {
        Ok(reason) => reason,
        Err(errors) => {
            let lines = load_ticked(app, &who, &form).await?;
            if lines.is_empty() {
                return Err(AppError::NotFound);
            }
            return page_with_errors(&CheckPage::of(who.frame(&request), lines, form.get("reason"), errors));
        }
    };
    let (ids, desk, now) = (ticked(&form), Desk::of(app), app.clock.now());
    let seen =
        Seen { fee_pence: seen_fee_pence(&form), booked: Some(form.get("booked").parse().unwrap_or(0)) };
    let done = app.db.change(&who, async |tx| withdraw_sessions(tx, &desk, &ids, (reason, seen)).await);
    let done = i64::try_from(done.await.map_err(|error| answered(error, now))?).unwrap_or(i64::MAX);
    let sessions = words::count(done, "session is withdrawn", "sessions are withdrawn");
    let told = format!("{}, and everybody concerned is told by email", words::capitalised(&sessions));
    Ok(see_told("/sessions", told))
}
