//! What counts in the bank, and every version of it; and what everybody in the bank can read of it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::web::components::Pagination;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::AskedPage;
use crate::ground::words;
use crate::terms::rules::fields::{differences, fields_of};
use crate::terms::rules::{Rule, Section, Version, store};

/// What follows `/bank?`.
#[derive(Debug, Deserialize)]
pub struct BankQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "terms/rules/pages/overview.html")]
struct OverviewPage {
    page: PageFrame,
    sections: Vec<SectionLines>,
    public_path: String,
    public_url: String,
    versions: Vec<VersionLine>,
    pages: Pagination,
}

/// A section with what counts of it.
struct SectionLines {
    title: &'static str,
    href: String,
    since: String,
    rows: Vec<(&'static str, String)>,
}

struct VersionLine {
    when: String,
    by: String,
    section: &'static str,
    changes: Vec<String>,
    why: String,
}

/// What counts of a section, with the newest version of it.
pub async fn standing(
    tx: &mut Tx,
    app: &App,
    section: Section,
    bank_name: &str,
) -> Result<(Rule, Option<Version>), DbError> {
    let newest = store::find_newest(tx, section).await?;
    let rule = newest.as_ref().map(|version| version.rule.clone());
    Ok((rule.unwrap_or_else(|| Rule::undecided(section, bank_name, &app.settings)), newest))
}

fn rows_of(rule: &Rule) -> Vec<(&'static str, String)> {
    fields_of(rule.section()).iter().map(|field| (field.label, field.shown(rule))).collect()
}

impl SectionLines {
    fn of(rule: &Rule, newest: Option<&Version>, now: DateTime<Utc>) -> Self {
        Self {
            title: rule.section().title(),
            href: format!("/bank/{}", rule.section()),
            since: newest.map_or_else(
                || "As it was when the bank began".to_owned(),
                |version| format!("Since {}, by {}", words::when(version.decided_at, now), version.by_name),
            ),
            rows: rows_of(rule),
        }
    }
}

impl VersionLine {
    fn of(version: Version, before: &Rule, now: DateTime<Utc>) -> Self {
        Self {
            when: words::when(version.decided_at, now),
            section: version.rule.section().title(),
            changes: differences(before, &version.rule),
            by: version.by_name,
            why: version.why,
        }
    }
}

/// These sections, with what counts of each.
fn sections_of(app: &App, who: &Admitted, wanted: &[Section], newest: &[Version]) -> Vec<SectionLines> {
    let lines = |section: &Section| {
        let newest = newest.iter().find(|version| version.rule.section() == *section);
        let rule = newest.map(|version| version.rule.clone());
        let rule = rule.unwrap_or_else(|| Rule::undecided(*section, &who.bank_name, &app.settings));
        SectionLines::of(&rule, newest, app.clock.now())
    };
    wanted.iter().map(lines).collect()
}

/// `GET /bank`: what counts, and the versions, newest first.
pub async fn overview(
    who: Admitted,
    query: web::Query<BankQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let tx = &mut app.db.look(&who).await?;
    let sections = sections_of(app, &who, &Section::ALL, &store::list_newest(tx).await?);
    let shown = query.page.of(store::count_versions(tx).await?);
    let versions = store::list_versions(tx, (shown.span().limit, shown.span().offset)).await?;
    let line = |(version, before): (Version, Option<Rule>)| {
        let section = version.rule.section();
        let before = before.unwrap_or_else(|| Rule::undecided(section, &who.bank_name, &app.settings));
        VersionLine::of(version, &before, now)
    };
    let public = store::find_public_bank_of(tx, who.bank).await?.ok_or(AppError::NotFound)?;
    page(&OverviewPage {
        page: who.frame(&request),
        sections,
        public_url: format!("{}{}", app.letterhead().base_url, public.path()),
        public_path: public.path(),
        versions: versions.into_iter().map(line).collect(),
        pages: shown.links(|number| format!("/bank?page={number}")),
    })
}

#[derive(Template)]
#[template(path = "terms/rules/pages/our_bank.html")]
struct OurBankPage {
    page: PageFrame,
    name: String,
    sections: Vec<SectionLines>,
}

/// `GET /our-bank`: the bank's name, where it is found, and the rules that touch everybody.
pub async fn our_bank(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(&who).await?;
    let wanted = [Section::About, Section::Answers, Section::Cancelling, Section::Hours, Section::Rounds];
    let sections = sections_of(app, &who, &wanted, &store::list_newest(tx).await?);
    page(&OurBankPage { page: who.frame(&request), name: who.bank_name.clone(), sections })
}
