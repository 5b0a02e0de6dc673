//! `/my-requests`: what a clinician has asked for, in which order they want what gathers in a round, and what became of it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

use super::{asked_words, tag_of};
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::{RequestId, RoundId};
use crate::ground::web::components::{Pagination, Tag};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::web::told::see_told;
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::terms::rules::Rounds;
use crate::terms::rules::store::load_decided;
use crate::work::booking::pages::answered;
use crate::work::request::RequestState;
use crate::work::request::actions::withdraw_request;
use crate::work::request::forms::{RankField, choice_field};
use crate::work::request::store::lists::{RequestLine, list_of_clinician};
use crate::work::round::Round;
use crate::work::round::store::ledger::{Ledger, load_ledger};
use crate::work::round::store::{find_open, find_own_entry};

/// What follows `/my-requests?`.
#[derive(Debug, Deserialize)]
pub struct OwnQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/request/pages/own.html")]
struct OwnPage {
    page: PageFrame,
    round: Option<InRound>,
    waiting: Vec<Line>,
    settled: Vec<Line>,
    /// What they asked for, were offered and were given, beside the median.
    ledger: Vec<LedgerLine>,
    since: String,
    pages: Pagination,
    errors: FieldErrors<RankField>,
}

/// What gathers in the open round.
struct InRound {
    href: String,
    number: i32,
    closes: String,
    ticket: String,
    most: String,
    lines: Vec<Line>,
}

struct LedgerLine {
    what: &'static str,
    own: String,
    median: String,
}

fn ledger_lines(ledger: &Ledger) -> Vec<LedgerLine> {
    let hours = |minutes: i64| match minutes {
        0 => "None".to_owned(),
        minutes => words::duration(minutes),
    };
    let line = |what, own, median| LedgerLine { what, own, median };
    let sessions = |what, own: i64, median: i64| line(what, words::number(own), words::number(median));
    vec![
        sessions("Sessions asked for", ledger.asked, ledger.median_asked),
        sessions("Sessions offered, or given by a round", ledger.offered, ledger.median_offered),
        sessions("Sessions booked", ledger.got, ledger.median_got),
        line("Hours booked", hours(ledger.minutes), hours(ledger.median_minutes)),
    ]
}

struct Line {
    id: RequestId,
    href: String,
    date: String,
    times: String,
    practice: String,
    state: Tag,
    /// The field that says which choice it is, and what stands in it.
    field: String,
    choice: String,
    why: String,
}

impl Line {
    /// "Thu 26 Nov, 8:30am to 12:40pm, Orchid House Surgery".
    fn label(&self) -> String {
        format!("{}, {}, {}", self.date, self.times, self.practice)
    }
}

fn line(row: &RequestLine) -> Line {
    let state = row.state();
    Line {
        id: row.id,
        href: match &state {
            RequestState::Accepted(booking) => format!("/bookings/{booking}"),
            _ => format!("/find-sessions/{}", row.session_id),
        },
        date: words::short_date(words::london_date(row.starts_at)),
        times: words::time_span(row.starts_at, row.ends_at),
        practice: row.practice_name.clone(),
        state: tag_of(&state),
        field: choice_field(row.id),
        choice: row.choice.to_string(),
        why: why(row, state),
    }
}

/// What is known of it beside its state, a sentence or several.
fn why(row: &RequestLine, state: RequestState) -> String {
    let mut sentences = Vec::new();
    match state {
        RequestState::Declined(reason) => sentences.push(format!("{reason}.")),
        RequestState::Ended(reason) | RequestState::NotGiven(reason) => sentences.push(reason),
        RequestState::Proposed => {
            let by = row.confirm_by.map(words::moment).unwrap_or_default();
            sentences.push(format!("The round gives it to you. The practice confirms by {by}."));
        }
        RequestState::Waiting if row.round_id.is_some() => {
            sentences.push("The round has closed and is being decided.".to_owned());
        }
        RequestState::Waiting | RequestState::Accepted(_) | RequestState::Withdrawn => {}
    }
    if let (Some(number), Some(asked), Some(turn)) = (row.round_number, row.asked_by, row.turn) {
        let asked = asked_words(asked);
        sentences.push(format!(
            "Round {number}: your choice {}, {asked}, your turn was number {turn}.",
            row.choice
        ));
    }
    sentences.join(" ")
}

/// The page, and the requests that gather in the open round.
pub(super) struct Seen {
    rows: Vec<RequestLine>,
    round: Option<(Round, String, Option<i16>)>,
    ledger: Ledger,
    since: NaiveDate,
    pages: Pagination,
}

/// Reads a page of the person's requests.
pub(super) async fn see(app: &App, who: &Admitted, asked: AskedPage) -> Result<Seen, AppError> {
    let tx = &mut app.db.look(who).await?;
    let own = find_own(tx).await?;
    let read = async |span: Span| list_of_clinician(tx, own, (span.limit, span.offset)).await;
    let (rows, shown) = asked.read(read, |row| row.total).await?;
    let mut round = None;
    if let Some(open) = find_open(tx).await?
        && let Some((ticket, most)) = find_own_entry(tx, (open.id, own)).await?
    {
        round = Some((open, ticket, most));
    }
    let weeks = load_decided(tx).await?.rounds.unwrap_or(Rounds::NONE).ledger_weeks;
    let from = app.clock.now() - TimeDelta::weeks(weeks.into());
    let (ledger, since) = (load_ledger(tx, own, from).await?, words::london_date(from));
    Ok(Seen {
        rows,
        round,
        ledger,
        since,
        pages: shown.links(|number| format!("/my-requests?page={number}")),
    })
}

impl Seen {
    fn gathers_in(&self) -> Option<RoundId> {
        self.round.as_ref().map(|(round, ..)| round.id)
    }

    fn gathering(&self) -> impl Iterator<Item = &RequestLine> {
        let round = self.gathers_in();
        self.rows.iter().filter(move |row| {
            row.state() == RequestState::Waiting && row.round_id.is_some() && row.round_id == round
        })
    }

    /// The requests that can be put in order.
    pub(super) fn requests(&self) -> Vec<RequestId> {
        self.gathering().map(|row| row.id).collect()
    }

    fn page(&self, frame: PageFrame) -> OwnPage {
        let gathering = self.requests();
        let mut lines: Vec<&RequestLine> = self.gathering().collect();
        lines.sort_by_key(|row| (row.choice, row.starts_at, row.id));
        let of_round = |(round, ticket, most): &(Round, String, Option<i16>)| InRound {
            href: format!("/rounds/{}", round.id),
            number: round.number,
            closes: words::moment(round.closes_at),
            ticket: ticket.clone(),
            most: most.map(|most| most.to_string()).unwrap_or_default(),
            lines: lines.iter().map(|row| line(row)).collect(),
        };
        let others = || self.rows.iter().filter(|row| !gathering.contains(&row.id));
        OwnPage {
            page: frame,
            round: self.round.as_ref().filter(|_| !gathering.is_empty()).map(of_round),
            waiting: others().filter(|row| row.state().is_open()).map(line).collect(),
            settled: others().filter(|row| !row.state().is_open()).map(line).collect(),
            ledger: ledger_lines(&self.ledger),
            since: words::date_without_weekday(self.since),
            pages: self.pages.clone(),
            errors: FieldErrors::none(),
        }
    }

    /// The page as its form was sent, with what is wrong.
    pub(super) fn again(
        &self,
        frame: PageFrame,
        form: &RawForm,
        errors: FieldErrors<RankField>,
    ) -> impl Template + use<> {
        let mut page = self.page(frame);
        if let Some(round) = &mut page.round {
            form.get("most").clone_into(&mut round.most);
            for line in &mut round.lines {
                form.get(&line.field).clone_into(&mut line.choice);
            }
        }
        OwnPage { errors, ..page }
    }
}

/// `GET /my-requests`.
pub async fn own_requests_page(
    who: Admitted,
    query: web::Query<OwnQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let seen = see(app, &who, query.page).await?;
    page(&seen.page(who.frame(&request)))
}

const TAKEN_BACK: &str = "You took your request back.";

/// `POST /my-requests/{id}/withdraw`: takes a request back.
pub async fn withdraw(
    AdmittedForm { who, form: _ }: AdmittedForm,
    id: web::Path<RequestId>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let id = *id;
    let stands = app.db.change(&who, async |tx| withdraw_request(tx, id).await).await;
    Ok(match stands.map_err(|error| answered(error, app.clock.now()))? {
        RequestState::Accepted(booking) => see_told(
            &format!("/bookings/{booking}"),
            "The practice has accepted your request meanwhile, so you are booked. If you can’t work the session, cancel the booking.",
        ),
        RequestState::Waiting | RequestState::Proposed | RequestState::Withdrawn => {
            see_told("/my-requests", TAKEN_BACK)
        }
        RequestState::Declined(_) | RequestState::Ended(_) | RequestState::NotGiven(_) => {
            see_told("/my-requests", "The request was settled before you took it back. It is listed below.")
        }
    })
}
