//! The roles and competencies of the bank, and every change of them.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::terms::catalogue::store::{self, Decision};
use crate::terms::catalogue::{Standing, Term, TermKind, bands_in_words};

#[derive(Template)]
#[template(path = "terms/catalogue/pages/list.html")]
struct ListPage {
    page: PageFrame,
    roles: Vec<RoleLine>,
    competencies: Vec<CompetencyLine>,
    decisions: Vec<DecisionLine>,
}

struct RoleLine {
    name: String,
    register: String,
    bands: String,
    people: String,
    until: String,
    href: String,
}

struct CompetencyLine {
    name: String,
    kind: &'static str,
    people: String,
    until: String,
    href: String,
}

struct DecisionLine {
    when: String,
    by: String,
    what: String,
    why: String,
}

/// Where the form of a role or a competency is.
#[must_use]
pub fn change_href(kind: TermKind, code: &str) -> String {
    format!("/bank/roles/change?kind={}&code={code}", kind.code())
}

fn until(standing: &Standing) -> String {
    let last = standing.term.used_until();
    last.map_or_else(|| "In use".to_owned(), |last| format!("Until {}", words::date_without_weekday(last)))
}

fn role_line(standing: &Standing) -> Option<RoleLine> {
    let Term::Role(role) = &standing.term else { return None };
    let register = role.register.as_ref();
    Some(RoleLine {
        name: role.name.clone(),
        register: register.map_or_else(
            || "None".to_owned(),
            |register| format!("{}, like {}", register.regulator, register.example),
        ),
        bands: bands_in_words(role.afc_bands),
        people: words::number(standing.people),
        until: until(standing),
        href: change_href(TermKind::Role, &standing.code),
    })
}

fn competency_line(standing: &Standing) -> Option<CompetencyLine> {
    let Term::Competency(competency) = &standing.term else { return None };
    Some(CompetencyLine {
        name: competency.name.clone(),
        kind: competency.kind.name(),
        people: words::number(standing.people),
        until: until(standing),
        href: change_href(TermKind::Competency, &standing.code),
    })
}

fn decision_line(decision: Decision, now: DateTime<Utc>) -> DecisionLine {
    let kind = if decision.is_role { "Role" } else { "Competency" };
    let renamed = if decision.name == decision.name_before {
        String::new()
    } else {
        format!(", before {}", decision.name_before)
    };
    let until = decision
        .used_until
        .map_or_else(String::new, |last| format!(". Last day of use: {}", words::date_without_weekday(last)));
    DecisionLine {
        when: words::when(decision.decided_at, now),
        by: decision.by_name,
        what: format!("{kind} {}{renamed}{until}", decision.name),
        why: decision.why,
    }
}

/// `GET /bank/roles`: what there is, and who changed it when and why.
pub async fn list_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let (roles, competencies) = (store::list_roles(tx).await?, store::list_competencies(tx).await?);
    let decisions = store::list_decisions(tx).await?;
    page(&ListPage {
        page: who.frame(&request),
        roles: roles.iter().filter_map(role_line).collect(),
        competencies: competencies.iter().filter_map(competency_line).collect(),
        decisions: decisions.into_iter().map(|decision| decision_line(decision, now)).collect(),
    })
}
