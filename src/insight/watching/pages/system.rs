//! The administrator's page of background work.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::health::read_depths;
use crate::ground::app::job::{self, JobKind};
use crate::ground::mail::MailState;
use crate::ground::queue::store::dead::{DeadJob, list_dead};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::insight::watching::figures::Depths;
use crate::letters::stopped_address::ReportKind;

/// Jobs that were given up, shown at once; the next follow as these are decided.
const MOST_SHOWN: i64 = 50;

struct Tile {
    figure: String,
    label: &'static str,
    note: String,
}

struct Line {
    title: &'static str,
    ready: String,
    running: String,
    dead: String,
}

struct DeadLine {
    title: &'static str,
    tries: String,
    given_up: String,
    href: String,
}

#[derive(Template)]
#[template(path = "insight/watching/pages/system.html")]
struct SystemPage {
    page: PageFrame,
    tiles: Vec<Tile>,
    are_held: bool,
    lines: Vec<Line>,
    dead: Vec<DeadLine>,
}

/// `GET /system`: what waits, what was given up, and for how long the longest has waited.
pub async fn system(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let depths = read_depths(app).await?;
    let tx = &mut app.db.look(&who).await?;
    let dead = list_dead(tx, MOST_SHOWN).await?;
    page(&SystemPage {
        page: who.frame(&request),
        tiles: tiles(&depths),
        are_held: depths.held > 0,
        lines: lines(app.site.jobs, &depths),
        dead: dead.iter().map(|job| dead_line(app.site.jobs, job)).collect(),
    })
}

fn tiles(depths: &Depths) -> Vec<Tile> {
    let jobs = |states: &[&str]| -> i64 {
        let of_them = depths.jobs.iter().filter(|job| states.contains(&job.state.as_str()));
        of_them.map(|job| job.count).sum()
    };
    let mails = |states: &[MailState]| -> i64 {
        depths.mails.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
    };
    let came_back = |kinds: &[ReportKind]| -> i64 {
        depths.reports.iter().filter(|it| kinds.contains(&it.kind)).map(|it| it.in_seven_days).sum()
    };
    let in_seven_days = || "In the last 7 days".to_owned();
    let tile = |figure: i64, label, note| Tile { figure: words::number(figure), label, note };
    let to_send = mails(&[MailState::Pending, MailState::Sending, MailState::Uncertain]);
    let mut tiles = vec![
        tile(to_send - depths.held, "emails to send", waited(depths.mail_wait_seconds)),
        tile(mails(&[MailState::Uncertain]), "of these may have arrived", String::new()),
        tile(mails(&[MailState::Failed]), "emails given up", String::new()),
        tile(came_back(&[ReportKind::Hard, ReportKind::Soft]), "emails came back", in_seven_days()),
        tile(came_back(&[ReportKind::Complaint]), "emails complained of", in_seven_days()),
        tile(depths.stopped_addresses, "addresses take no email", String::new()),
        tile(jobs(&["ready", "running"]), "pieces of work to do", waited(depths.job_wait_seconds)),
        tile(jobs(&["dead"]), "pieces of work given up", String::new()),
    ];
    if depths.held > 0 {
        tiles.push(tile(depths.held, "emails held back", "Since a backup was restored".to_owned()));
    }
    tiles
}

/// Work that has waited for minutes says that something is away or too slow.
fn waited(seconds: i64) -> String {
    match seconds / 60 {
        0 => String::new(),
        minutes => format!("The longest has waited for {}", words::duration(minutes)),
    }
}

fn lines(known: &[JobKind], depths: &Depths) -> Vec<Line> {
    let mut kinds_seen: Vec<&str> = depths.jobs.iter().map(|job| job.kind.as_str()).collect();
    kinds_seen.dedup();
    let count = |kind: &str, state: &str| {
        let found = depths.jobs.iter().find(|job| job.kind == kind && job.state == state);
        words::number(found.map_or(0, |job| job.count))
    };
    let line = |kind: &str| Line {
        title: job::title_of(known, kind),
        ready: count(kind, "ready"),
        running: count(kind, "running"),
        dead: count(kind, "dead"),
    };
    kinds_seen.into_iter().map(line).collect()
}

fn dead_line(known: &[JobKind], job: &DeadJob) -> DeadLine {
    DeadLine {
        title: job::title_of(known, &job.kind),
        tries: job.attempts.to_string(),
        given_up: words::moment(job.finished_at),
        href: format!("/system/jobs/{}/again", job.id),
    }
}
