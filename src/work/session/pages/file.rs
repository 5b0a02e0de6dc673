//! Posting from a spreadsheet: the file is looked through, everything to mend is said by row and column, and what it would
//! post is shown before anything is. All of it is posted or nothing, and what stands already is left out.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::confirm::{cost_in_words, count, week_of};
use super::post::{Grounds, judge, load_grounds};
use crate::ground::app::App;
use crate::ground::form_fields::{RawForm, SentFile};
use crate::ground::id::{PracticeId, SessionFileId, SessionId};
use crate::ground::not_done::NotDone;
use crate::ground::table::read_table;
use crate::ground::web::csv_file::{Cell, csv_file};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::upload::AdmittedUpload;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::bank::calendar::local_date;
use crate::work::session::AskedSession;
use crate::work::session::actions::post::{Posting, keep_file, post_file};
use crate::work::session::forms::file::{CellFault, Column, LIMITS, read_rows};
use crate::work::session::forms::posting::to_post;
use crate::work::session::row::FormRow;
use crate::work::session::store::file::find_file;
use crate::work::session::store::same::list_same;

/// So many things to mend, and so many sessions, are listed.
const MOST_LISTED: usize = 100;

#[derive(Template)]
#[template(path = "work/session/pages/file.html")]
struct FilePage {
    page: PageFrame,
    columns: Vec<(&'static str, &'static str)>,
    most: String,
    /// Why the file could not be read at all; "" where it could, or none was sent.
    refused: String,
    faults: Vec<CellFault>,
    /// "And 12 more."
    more: String,
}

impl FilePage {
    fn new(page: PageFrame, refused: String, mut faults: Vec<CellFault>) -> Self {
        let more = more_than_listed(faults.len());
        faults.truncate(MOST_LISTED);
        let columns = Column::ALL.map(|column| (column.name(), column.hint())).to_vec();
        Self { page, columns, most: words::number(count(LIMITS.rows - 1)), refused, faults, more }
    }
}

fn more_than_listed(number: usize) -> String {
    let more = number.saturating_sub(MOST_LISTED);
    if more == 0 { String::new() } else { format!("And {} more.", words::number(count(more))) }
}

/// `GET /sessions/file`: what a file has to have, and where it is sent.
pub async fn file_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    page(&FilePage::new(who.frame(&request), String::new(), Vec::new()))
}

/// `GET /sessions/file.csv`: a file to fill in, with the headings and one session as it is written.
pub async fn example(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let grounds = load_grounds(app, &who).await?;
    let today = local_date(who.time_zone, app.clock.now());
    let text = |text: &str| Cell::Text(text.to_owned());
    let cell = |column: Column| match column {
        Column::Practice => grounds.own.first().map_or(Cell::Empty, |practice| text(&practice.ods_code)),
        Column::Date => {
            let date = today + chrono::TimeDelta::days(14);
            text(&date.format("%d/%m/%Y").to_string())
        }
        Column::Start => text("08:30"),
        Column::End => text("12:40"),
        Column::Role => text("GP"),
        Column::Places => Cell::Number(1),
        Column::Rate => Cell::Hundredths(8_500),
        _ => Cell::Empty,
    };
    csv_file("sessions.csv", Column::ALL.map(Column::name), std::iter::once(Column::ALL.map(cell)))
}

/// What makes two sessions of a file the same: their practice, when they begin and end, and their roles.
type Same = (PracticeId, DateTime<Utc>, DateTime<Utc>, Vec<String>);

/// The sessions of a file, each with its row; or everything there is to mend.
type Read = Result<Vec<(usize, AskedSession)>, Vec<CellFault>>;

fn judge_rows(rows: &[FormRow], grounds: &Grounds, who: &Admitted, now: DateTime<Utc>) -> Read {
    let (mut sessions, mut faults) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<Same, usize> = BTreeMap::new();
    for row in rows {
        let (wanted, expansion) = match judge(&RawForm::from_pairs(row.fields.clone()), grounds, who, now) {
            Ok(judged) => judged,
            Err((_, errors)) => {
                faults.extend(errors.lines().iter().map(|line| CellFault {
                    row: row.row,
                    column: Column::of_field(line.field).name().to_owned(),
                    sentence: line.message.to_owned(),
                }));
                continue;
            }
        };
        for session in to_post(&wanted, &expansion).1 {
            let times = (session.times.starts_at, session.times.ends_at);
            let key = (session.practice, times.0, times.1, session.roles.clone());
            if let Some(first) = seen.insert(key, row.row) {
                let sentence = format!("This is row {first} again. For two people, write 2 under Places");
                faults.push(CellFault { row: row.row, column: Column::Date.name().to_owned(), sentence });
            }
            sessions.push((row.row, session));
        }
    }
    if faults.is_empty() { Ok(sessions) } else { Err(faults) }
}

/// The rows of what was sent; or why they can't be read.
fn rows_of(file: &SentFile, grounds: &Grounds) -> Result<Result<Vec<FormRow>, Vec<CellFault>>, String> {
    let bytes = match file {
        SentFile::None => return Err("Choose a file".to_owned()),
        SentFile::TooLarge => return Err("The file is too large: it must be 4 MB or smaller".to_owned()),
        SentFile::Read { bytes, .. } => bytes,
    };
    Ok(read_rows(&read_table(bytes, LIMITS)?, &grounds.own, &grounds.catalogue))
}

/// `POST /sessions/file`: looks the file through, and shows what is to be mended or what it would post.
pub async fn read(upload: AdmittedUpload, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let AdmittedUpload { who, file, .. } = upload;
    let grounds = load_grounds(app, &who).await?;
    let again = |refused: String, faults: Vec<CellFault>| {
        let again = FilePage::new(who.frame(&request), refused, faults);
        page_with_errors(&again)
    };
    let rows = match rows_of(&file, &grounds) {
        Ok(Ok(rows)) => rows,
        Ok(Err(faults)) => return again(String::new(), faults),
        Err(refused) => return again(refused, Vec::new()),
    };
    match judge_rows(&rows, &grounds, &who, app.clock.now()) {
        Ok(sessions) => preview((app, &who), &request, (&rows, &sessions), &grounds).await,
        Err(faults) => again(String::new(), faults),
    }
}

#[derive(Template)]
#[template(path = "work/session/pages/file_check.html")]
struct CheckPage {
    page: PageFrame,
    id: SessionFileId,
    facts: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    more: String,
    /// How many stand already, in a sentence; "" where none does.
    standing: String,
    /// "Post 12 sessions"; "" where there is none to post.
    button: String,
}

struct Line {
    row: String,
    practice: String,
    date: String,
    span: String,
    roles: String,
    rate: String,
}

/// Those of the sessions that do not stand already.
async fn without_standing(
    app: &App,
    who: &Admitted,
    sessions: &[(usize, AskedSession)],
) -> Result<Vec<(usize, AskedSession)>, AppError> {
    let asked: Vec<AskedSession> = sessions.iter().map(|(_, session)| session.clone()).collect();
    let standing: BTreeSet<SessionId> =
        list_same(&mut app.db.look(who).await?, &asked).await?.into_iter().collect();
    Ok(sessions.iter().filter(|(_, session)| !standing.contains(&session.id)).cloned().collect())
}

async fn preview(
    (app, who): (&App, &Admitted),
    request: &HttpRequest,
    (rows, sessions): (&[FormRow], &[(usize, AskedSession)]),
    grounds: &Grounds,
) -> Result<HttpResponse, AppError> {
    let new = without_standing(app, who, sessions).await?;
    let id = SessionFileId::new();
    app.db.change(who, async |tx| keep_file(tx, id, rows).await).await?;
    page(&CheckPage::of(who.frame(request), id, (&new, sessions.len() - new.len()), grounds))
}

impl CheckPage {
    fn of(
        page: PageFrame,
        id: SessionFileId,
        (new, standing): (&[(usize, AskedSession)], usize),
        grounds: &Grounds,
    ) -> Self {
        let number = words::count(count(new.len()), "session", "sessions");
        let dates: BTreeSet<NaiveDate> = new.iter().map(|(_, session)| session.times.local_date).collect();
        let span = dates.first().zip(dates.last()).map(|(first, last)| words::date_span(*first, *last));
        let practices: BTreeSet<PracticeId> = new.iter().map(|(_, session)| session.practice).collect();
        Self {
            page,
            id,
            facts: vec![
                ("Sessions", number.clone()),
                ("Practices", words::number(count(practices.len()))),
                ("Dates", span.unwrap_or_default()),
                ("What it costs", cost_in_words(new.iter().map(|(_, session)| session.cost_pence()))),
            ],
            lines: new.iter().take(MOST_LISTED).map(|line| Line::of(line, grounds)).collect(),
            more: more_than_listed(new.len()),
            standing: standing_sentence(standing),
            button: if new.is_empty() { String::new() } else { format!("Post {number}") },
        }
    }
}

/// How many stand already; nothing where none does.
fn standing_sentence(number: usize) -> String {
    if number == 0 {
        return String::new();
    }
    let stand = words::count(count(number), "session stands", "sessions stand");
    format!("{} already, and nothing is posted for them again.", words::capitalised(&stand))
}

impl Line {
    fn of((row, session): &(usize, AskedSession), grounds: &Grounds) -> Self {
        let practice = grounds.own.iter().find(|practice| practice.id == session.practice);
        let roles: Vec<&str> = session.roles.iter().map(|role| grounds.catalogue.role_name(role)).collect();
        let (least, most) = (session.rate_min_pence_per_hour, session.rate_max_pence_per_hour);
        Self {
            row: row.to_string(),
            practice: practice.map(|practice| practice.name.clone()).unwrap_or_default(),
            date: words::short_date(session.times.local_date),
            span: session.times.span_text(),
            roles: words::list_or(&roles),
            rate: words::rate_span(least.into(), most.into()),
        }
    }
}

/// `POST /sessions/file/post`: posts all of the file that was looked through, or nothing.
pub async fn post(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id: SessionFileId = form.get("file").parse().map_err(|_no_file| AppError::ForeignForm)?;
    let rows = find_file(&mut app.db.look(&who).await?, id).await?;
    let Some(rows) = rows else { return Ok(told_gone()) };
    let grounds = load_grounds(app, &who).await?;
    let sessions = match judge_rows(&rows, &grounds, &who, app.clock.now()) {
        Ok(sessions) => without_standing(app, &who, &sessions).await?,
        // What counts has changed since the file was looked through.
        Err(faults) => {
            let again = FilePage::new(who.frame(&request), String::new(), faults);
            return page_with_errors(&again);
        }
    };
    let postings = postings_of(id, &sessions);
    match app.db.change(&who, async |tx| post_file(tx, id, &postings).await).await {
        Ok(()) => Ok(told_of(&sessions)),
        Err(NotDone::NotFound) => Ok(told_gone()),
        Err(error) => Err(error.into()),
    }
}

/// The sessions of a file by practice, each posting done once.
fn postings_of(id: SessionFileId, sessions: &[(usize, AskedSession)]) -> Vec<Posting> {
    let mut by_practice: BTreeMap<PracticeId, Vec<AskedSession>> = BTreeMap::new();
    for (_, session) in sessions {
        by_practice.entry(session.practice).or_default().push(session.clone());
    }
    let posting = |(practice, sessions)| Posting {
        key: format!("session.file:{id}:{practice}"),
        practice,
        series: None,
        sessions,
    };
    by_practice.into_iter().map(posting).collect()
}

fn told_of(sessions: &[(usize, AskedSession)]) -> HttpResponse {
    let posted = words::count(count(sessions.len()), "session is", "sessions are");
    let first = sessions.iter().map(|(_, session)| session.times.local_date).min().unwrap_or_default();
    see_told(&week_of(first), format!("{} posted", words::capitalised(&posted)))
}

fn told_gone() -> HttpResponse {
    see_told("/sessions", "That file is posted already, or you have had another looked through since")
}
