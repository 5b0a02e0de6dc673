//! The main job, done as people do it: through pages, forms, mails and their links. Then everything is counted again
//! from the database and the inbox, and what was said must agree.

pub mod browser;
pub mod inbox;
mod people;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::NaiveDate;

use crate::demonstration::store::{self, Count};
use crate::demonstration::walk::browser::Browser;
use crate::demonstration::walk::inbox::Arrived;
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::db::DbError;
use crate::ground::id::{BankId, PlanId};
use crate::ground::mail::store::overtaken::hasten;
use crate::ground::words;
use crate::terms::bank::calendar;

/// How many offers are answered by their links, as people would: most say yes.
const ACCEPTED: usize = 40;
const DECLINED: usize = 5;
/// How long mail may take to arrive.
const MAIL_PATIENCE: Duration = Duration::from_mins(2);
/// How long a plan may take.
const PLAN_PATIENCE: Duration = Duration::from_mins(3);

/// The main job could not be done.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// A page answered otherwise than it should.
    #[error("{path} answered {status} instead of {expected}: {said}")]
    Page {
        /// The page.
        path: String,
        /// What it answered.
        status: u16,
        /// What it should have.
        expected: u16,
        /// What it said.
        said: String,
    },
    /// A form is missing from a page.
    #[error("{path} has no form that leads to {action}")]
    NoForm {
        /// The page.
        path: String,
        /// Where the form should lead.
        action: String,
    },
    /// A link is missing from a page.
    #[error("{0}")]
    Missing(String),
    /// The service or the inbox does not answer.
    #[error("{path} can't be reached: {error}")]
    Unreachable {
        /// What was asked for.
        path: String,
        /// Why.
        #[source]
        error: reqwest::Error,
    },
    /// The inbox is nowhere.
    #[error("INBOX_URL does not name an inbox; ./dev demo --once starts one")]
    NoInbox,
    /// What was done and what is there afterwards do not agree.
    #[error("{what}: the pages say {said}, {whose} says {found}")]
    Disagree {
        /// What was counted.
        what: &'static str,
        /// What the walk counted.
        said: i64,
        /// Who was asked afterwards.
        whose: &'static str,
        /// What they say.
        found: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The first and the last day that were planned.
    pub dates: (NaiveDate, NaiveDate),
    /// The address of the plan.
    pub plan: String,
    /// What the plan's page says of it, in its own words.
    pub plan_says: Vec<String>,
    /// How far the plan's page says it can be from the best possible.
    pub gap: String,
    /// What came of it, by the database.
    pub count: Count,
    /// Mails that arrived.
    pub mails: usize,
    /// Confirmations that arrived with a calendar entry.
    pub confirmations: usize,
    /// What the fill-rate page says of all weeks, in its own words.
    pub fill_rate: String,
}

/// Does the main job on a demonstration bank that `app` serves.
pub async fn walk(app: &App, bank: BankId, inbox_url: &str) -> Result<Outcome, WalkError> {
    let base_url = app.base_url();
    let today = calendar::local_date(chrono_tz::Europe::London, app.clock.now());
    people::post_session(&base_url, today).await?;
    people::offer_a_saturday(&base_url, today).await?;
    people::publish_range(&base_url, today).await?;
    people::clear_somebody(&base_url, today).await?;
    let planned = people::plan_and_publish(&base_url, PLAN_PATIENCE).await?;
    let id: PlanId = planned
        .path
        .trim_start_matches("/matching/")
        .parse()
        .map_err(|_no_id| WalkError::Missing(format!("{} is not the address of a plan", planned.path)))?;
    wait_for_mail(app, bank, id).await?;
    let offers = links_in(&inbox::everything(inbox_url).await?);
    answer(&base_url, &offers).await?;
    wait_for_mail(app, bank, id).await?;
    let mails = inbox::everything(inbox_url).await?;
    let count = recount(app, bank, id).await?;
    let fill_rate = people::read_fill_rate(&base_url).await?;
    agree(&offers, &mails, &count)?;
    agree_on_fill_rate(&fill_rate, &count)?;
    let confirmations = mails.iter().filter(|mail| mail.has_calendar()).count();
    Ok(Outcome {
        dates: planned.dates,
        plan: planned.path,
        plan_says: planned.says,
        gap: planned.gap,
        count,
        mails: mails.len(),
        confirmations,
        fill_rate,
    })
}

/// The links to answer offers in these mails; a mail may carry several.
fn links_in(mails: &[Arrived]) -> Vec<String> {
    mails.iter().flat_map(Arrived::offer_links).map(str::to_owned).collect()
}

/// Answers offers by the links in their mails. Nobody is signed in.
async fn answer(base_url: &str, links: &[String]) -> Result<(), WalkError> {
    let mut browser = Browser::new(base_url)?;
    for (number, link) in links.iter().take(ACCEPTED + DECLINED).enumerate() {
        let path = link.strip_prefix(base_url).unwrap_or(link).to_owned();
        let form = browser.get(&path).await?.expect(200)?.form(&path)?;
        let answer = if number < ACCEPTED { "accept" } else { "decline" };
        browser.send(form.with("answer", answer)).await?.expect(303)?;
    }
    Ok(())
}

/// The figure on the commissioner's page must be what the sessions and bookings of those weeks come to.
fn agree_on_fill_rate(page: &str, count: &Count) -> Result<(), WalkError> {
    let places = |number| words::number(number);
    let found = format!("{} of {} places", places(count.places_filled), places(count.places_requested));
    if page.contains(&found) {
        return Ok(());
    }
    Err(WalkError::Missing(format!("the page says of the fill rate: {page}; the database says: {found}")))
}

async fn recount(app: &App, bank: BankId, plan: PlanId) -> Result<Count, WalkError> {
    let today = calendar::local_date(chrono_tz::Europe::London, app.clock.now());
    let tx = &mut app.db.look(Actor::job_of(bank)).await?;
    Ok(store::count(tx, plan, today).await?)
}

/// Waits until the outbox has nothing left to send.
async fn wait_for_mail(app: &App, bank: BankId, plan: PlanId) -> Result<(), WalkError> {
    let mut tx = app.db.begin(Actor::job_of(bank)).await?;
    hasten(&mut tx).await?;
    tx.commit().await?;
    let mut waited = Duration::ZERO;
    let pause = Duration::from_millis(200);
    loop {
        let waiting = recount(app, bank, plan).await?.mails_waiting;
        if waiting == 0 {
            return Ok(());
        }
        if waited >= MAIL_PATIENCE {
            return Err(WalkError::Missing(format!("{waiting} mails had not left after two minutes")));
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// What was done, what the database holds and what arrived must agree.
fn agree(offers: &[String], mails: &[Arrived], count: &Count) -> Result<(), WalkError> {
    let as_count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let answered = offers.len().min(ACCEPTED + DECLINED);
    let accepted = answered.min(ACCEPTED);
    let distinct: BTreeSet<&str> = mails.iter().map(|mail| mail.headers.message_id.as_str()).collect();
    let checks = [
        ("offers by mail", as_count(offers.len()), "the database", count.offers),
        ("offers accepted", as_count(accepted), "the database", count.accepted),
        ("offers declined", as_count(answered - accepted), "the database", count.declined),
        ("bookings", as_count(accepted), "the database", count.bookings),
        ("mails that arrived", as_count(mails.len()), "the outbox", count.mails_sent),
        ("mails that differ", as_count(distinct.len()), "the inbox", as_count(mails.len())),
    ];
    for (what, said, whose, found) in checks {
        if said != found {
            return Err(WalkError::Disagree { what, said, whose, found });
        }
    }
    Ok(())
}
