//! `/rounds/{id}`: one round, its terms, its sealed lot, and once it is decided in which order people came.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ground::actor::Actor;
use crate::ground::id::RoundId;
use crate::ground::web::components::{Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{app_of, visitor_frame};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::terms::bank::store::find_bank;
use crate::work::round::store::{Turn, find_bank_of, find_round, list_beside, list_turns};
use crate::work::round::{Round, Stage};

/// What follows `/rounds/{id}?`.
#[derive(Debug, Deserialize)]
pub struct RoundQuery {
    #[serde(default)]
    page: AskedPage,
}

#[derive(Template)]
#[template(path = "work/round/pages/one.html")]
struct RoundPage {
    page: PageFrame,
    number: i32,
    bank: String,
    state: Tag,
    rows: Vec<(&'static str, String)>,
    seed_hash: String,
    /// The seed, once it is decided.
    seed: String,
    turns: Vec<Line>,
    beside: Vec<(String, String)>,
    pages: Pagination,
}

struct Line {
    turn: String,
    ticket: String,
    had: String,
    lot: String,
}

fn line(turn: &Turn) -> Line {
    Line {
        turn: turn.turn.to_string(),
        ticket: turn.ticket.clone(),
        had: if turn.had_minutes == 0 { "Nothing".to_owned() } else { words::duration(turn.had_minutes) },
        lot: turn.lot.clone(),
    }
}

/// Where a round stands, in a word or two.
#[must_use]
pub fn tag_of(stage: Stage) -> Tag {
    match stage {
        Stage::Announced => Tag::new("Not open yet", TagColour::Grey),
        Stage::Open => Tag::new("Open", TagColour::Green),
        Stage::Closed => Tag::new("Being decided", TagColour::Yellow),
        Stage::Decided => Tag::new("Decided", TagColour::Blue),
    }
}

fn rows_of(round: &Round) -> Vec<(&'static str, String)> {
    let capitalised = |at| words::capitalised(&words::moment(at));
    vec![
        ("Opens", capitalised(round.opens_at)),
        ("Closes", capitalised(round.closes_at)),
        ("Practices confirm by", capitalised(round.confirm_by)),
        ("Sessions", format!("Those that start from {} on", words::moment(round.sessions_from))),
        ("Whose turn it is", format!("By hours of work given since {}", words::moment(round.counted_from))),
        ("Announced", capitalised(round.announced_at)),
    ]
}

/// `GET /rounds/{id}`.
pub async fn round_page(
    id: web::Path<RoundId>,
    query: web::Query<RoundQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let tx = &mut app.db.look(Actor::Visitor).await?;
    let bank = find_bank_of(tx, *id).await?.ok_or(AppError::NotFound)?;
    tx.go_to_bank(bank).await?;
    let bank = find_bank(tx, bank).await?.ok_or(AppError::NotFound)?;
    let round = find_round(tx, *id).await?.ok_or(AppError::NotFound)?;
    let read = async |span: Span| list_turns(tx, round.id, (span.limit, span.offset)).await;
    let (turns, shown) = query.page.read(read, |row| row.total).await?;
    let beside = list_beside(tx, &round).await?;
    let frame = visitor_frame(&request).of_bank(&bank.name, bank.invented);
    let pages = shown.links(|number| format!("/rounds/{}?page={number}", round.id));
    page(&RoundPage::of(frame, bank.name, (&round, &beside), &turns, (pages, app.clock.now())))
}

impl RoundPage {
    fn of(
        page: PageFrame,
        bank: String,
        (round, beside): (&Round, &[Round]),
        turns: &[Turn],
        (pages, now): (Pagination, DateTime<Utc>),
    ) -> Self {
        let stage = round.stage(now);
        let link = |other: &Round| (format!("Round {}", other.number), format!("/rounds/{}", other.id));
        Self {
            page,
            bank,
            number: round.number,
            state: tag_of(stage),
            rows: rows_of(round),
            seed_hash: round.seed_hash.clone(),
            seed: if stage == Stage::Decided { round.seed.clone() } else { String::new() },
            turns: turns.iter().map(line).collect(),
            beside: beside.iter().map(link).collect(),
            pages,
        }
    }
}
