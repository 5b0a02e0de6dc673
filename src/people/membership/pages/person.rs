//! `/people/{id}`: one person of the bank, as what they act here, and where they are signed in; what an administrator adds
//! and ends.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::ground::form_fields::{FieldErrors, RawForm, Typed};
use crate::ground::id::{AccountId, MembershipId};
use crate::ground::sign_in::PersonKind;
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::membership::actions::{
    MembershipError, add_membership, end_membership, end_sign_ins_of_person, reset_factor_of_person,
};
use crate::people::membership::forms::{AddField, parse_add};
use crate::people::membership::store::{find_person, list_memberships_here};
use crate::people::membership::{MembershipLine, Person};
use crate::people::practice::forms::practices_typed;
use crate::people::practice::store::list_practices_called;

#[derive(Template)]
#[template(path = "people/membership/pages/person.html")]
struct PersonPage {
    page: PageFrame,
    person: Person,
    path: String,
    lines: Vec<Line>,
    kinds: Vec<Choice>,
    may_come_as_clinician: bool,
    sign_ins: String,
    is_own: bool,
    raw: RawForm,
    errors: FieldErrors<AddField>,
}

/// A membership on the page.
struct Line {
    kind: &'static str,
    practices: String,
    state: Tag,
    since: String,
    last_signed_in: String,
    /// Where it is ended; "" where it can't be.
    end_href: String,
    is_last_administrator: bool,
    /// A clinician's own page; "" for others.
    clinician_href: String,
}

impl Line {
    fn new(path: &str, row: &MembershipLine, now: DateTime<Utc>) -> Self {
        let date = |at| words::date_without_weekday(words::london_date(at));
        let (state, since) = match row.ended_at {
            None => (Tag::new("Joined", TagColour::Green), format!("Since {}", date(row.created_at))),
            Some(ended_at) => (
                Tag::new("Ended", TagColour::Grey),
                format!("From {} to {}", date(row.created_at), date(ended_at)),
            ),
        };
        let can_end = row.ended_at.is_none() && !row.is_last_administrator;
        let clinician = row.clinician.filter(|_| row.ended_at.is_none());
        Self {
            kind: row.kind.name(),
            practices: words::list(&row.practices),
            state,
            since,
            last_signed_in: row.last_signed_in_at.map_or(String::new(), |at| words::when(at, now)),
            end_href: if can_end { format!("{path}/end?membership={}", row.id) } else { String::new() },
            is_last_administrator: row.is_last_administrator,
            clinician_href: clinician.map_or(String::new(), |id| format!("/clinicians/{id}")),
        }
    }
}

/// A person with their memberships of the administrator's bank.
async fn load(
    who: &Admitted,
    id: AccountId,
    request: &HttpRequest,
) -> Result<(Person, Vec<MembershipLine>), AppError> {
    let app = app_of(request)?;
    let (now, rules) = (app.clock.now(), &app.settings.sign_in);
    let live = (now - TimeDelta::hours(rules.absolute_hours), now - TimeDelta::minutes(rules.idle_minutes));
    let tx = &mut app.db.look(who).await?;
    let person = find_person(tx, id, live).await?.ok_or(AppError::NotFound)?;
    let memberships = list_memberships_here(tx, id).await?;
    Ok((person, memberships))
}

/// As what else they can act: as a practice manager always, of more practices; as a clinician where they have a record.
fn choosable(memberships: &[MembershipLine]) -> Vec<PersonKind> {
    let can = |kind: &PersonKind| {
        let known = memberships.iter().find(|line| line.kind == *kind);
        match kind {
            PersonKind::PracticeManager => true,
            PersonKind::Clinician => {
                known.is_some_and(|line| line.ended_at.is_some() && line.clinician.is_some())
            }
            _ => known.is_none_or(|line| line.ended_at.is_some()),
        }
    };
    PersonKind::ALL.into_iter().filter(can).collect()
}

fn person_page(
    page: PageFrame,
    (person, memberships): (Person, Vec<MembershipLine>),
    (raw, errors): (RawForm, FieldErrors<AddField>),
    (is_own, now): (bool, DateTime<Utc>),
) -> PersonPage {
    let path = format!("/people/{}", person.account);
    let choice = |kind: PersonKind| Choice::new(kind.code(), kind.name(), raw.get("kind") == kind.code());
    PersonPage {
        page,
        lines: memberships.iter().map(|line| Line::new(&path, line, now)).collect(),
        kinds: choosable(&memberships).into_iter().map(choice).collect(),
        may_come_as_clinician: memberships.iter().all(|line| line.clinician.is_none()),
        is_own,
        sign_ins: words::count(person.sign_ins, "browser", "browsers"),
        path,
        person,
        raw,
        errors,
    }
}

/// `GET /people/{id}`.
pub async fn show(
    who: Admitted,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let loaded = load(&who, *path, &request).await?;
    let form = (RawForm::default(), FieldErrors::none());
    let own = (who.account == *path, app_of(&request)?.clock.now());
    page(&person_page(who.frame(&request), loaded, form, own))
}

/// `POST /people/{id}`: lets them act as more.
pub async fn add(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *path;
    let loaded = load(&who, id, &request).await?;
    let typed = practices_typed(&form, "practices");
    let found = list_practices_called(&mut app.db.look(&who).await?, &typed).await?;
    let entered = match parse_add(&form, &choosable(&loaded.1), &found) {
        Ok(entered) => entered,
        Err(errors) => {
            let frame = who.frame(&request);
            let own = (who.account == id, app.clock.now());
            return page_with_errors(&person_page(frame, loaded, (form, errors), own));
        }
    };
    let practices: Vec<_> = entered.practices.iter().map(|practice| practice.id).collect();
    let reliants = app.reliants();
    let add = async |tx: &mut _| add_membership(tx, &reliants, id, (entered.kind, &practices)).await;
    app.db.change(&who, add).await?;
    let acts = words::with_article(entered.kind.text());
    Ok(see_told(&format!("/people/{id}"), format!("{} can act as {acts} now", loaded.0.name)))
}

/// What follows `/people/{id}/end?`.
#[derive(Debug, Deserialize)]
pub struct EndQuery {
    #[serde(default)]
    membership: Typed,
}

#[derive(Template)]
#[template(path = "people/membership/pages/end.html")]
struct EndPage {
    page: PageFrame,
    name: String,
    acts_as: &'static str,
    path: String,
    membership: MembershipId,
    is_clinician: bool,
    is_own: bool,
    unmanaged: Vec<String>,
}

fn membership_in(text: &str) -> Result<MembershipId, AppError> {
    text.parse().map_err(|_no_id| AppError::NotFound)
}

/// `GET /people/{id}/end`: what ending a membership does, before it is done.
pub async fn end_page(
    who: Admitted,
    path: web::Path<AccountId>,
    query: web::Query<EndQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let id = membership_in(&query.membership)?;
    let (person, memberships) = load(&who, *path, &request).await?;
    let line = memberships.into_iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
    if line.ended_at.is_some() {
        return Err(MembershipError::Ended.into());
    }
    if line.is_last_administrator {
        return Err(MembershipError::LastAdministrator.into());
    }
    page(&EndPage {
        page: who.frame(&request),
        name: person.name,
        acts_as: line.kind.text(),
        path: format!("/people/{}", *path),
        membership: id,
        is_clinician: line.clinician.is_some(),
        is_own: id == who.membership,
        unmanaged: line.unmanaged_without,
    })
}

/// `POST /people/{id}/end`: asks first where offers end or bookings have to be looked at.
pub async fn end(
    AdmittedForm { who, form }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (account, membership) = (*path, membership_in(form.get("membership"))?);
    let back = format!("/people/{account}");
    let reliants = app.reliants().with_consent_to(seen(&form));
    let end = async |tx: &mut _| end_membership(tx, &reliants, account, membership).await;
    match app.db.change(&who, end).await {
        Ok(_) => {
            Ok(see_told(&back, "They can do nothing here as this any more, and have been sent an email"))
        }
        Err(MembershipError::Reliance(error)) => {
            ask_first(error, &request, (&who, &form), Link::new("Back to the person", back))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/{id}/sign-out`: ends their sign-ins.
pub async fn sign_out(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *path;
    let ended = app.db.change(&who, async |tx| end_sign_ins_of_person(tx, id).await).await?;
    let said = match ended {
        0 => "They were not signed in anywhere",
        _ => "They are signed out everywhere",
    };
    Ok(see_told(&format!("/people/{id}"), said))
}

/// `POST /people/{id}/second-factor`: resets it.
pub async fn reset(
    AdmittedForm { who, .. }: AdmittedForm,
    path: web::Path<AccountId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let (id, letterhead) = (*path, app.letterhead());
    app.db.change(&who, async |tx| reset_factor_of_person(tx, &letterhead, id).await).await?;
    let said = "Their second factor is reset, they are signed out everywhere, and have been sent an email";
    Ok(see_told(&format!("/people/{id}"), said))
}
