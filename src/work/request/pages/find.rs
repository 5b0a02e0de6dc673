//! `/find-sessions`: the sessions that want somebody like the clinician, with what stands in the way where something does.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;

use super::travel_words;
use crate::eligibility::facts::{PairFacts, SessionFacts};
use crate::eligibility::judge::judge;
use crate::eligibility::wishes::Wishes;
use crate::eligibility::words::Audience;
use crate::ground::form_fields::Typed;
use crate::ground::id::SessionId;
use crate::ground::web::components::{Choice, Pagination, Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::web::paging::{AskedPage, Span};
use crate::ground::words;
use crate::people::clinician::actions::find_own;
use crate::terms::bank::calendar::local_date;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::{SessionWords, pay_words};
use crate::work::booking::pages::answered;
use crate::work::booking::store::facts::list_pairs;
use crate::work::request::actions::terms_of;
use crate::work::request::store::finding::{FoundSession, Order, Sought, list_found};
use crate::work::round::Round;
use crate::work::round::store::find_open;

/// What follows `/find-sessions?`.
#[derive(Debug, Deserialize)]
pub struct FindQuery {
    #[serde(default)]
    weeks: Typed,
    #[serde(default)]
    within: Typed,
    #[serde(default)]
    order: Typed,
    #[serde(default)]
    page: AskedPage,
}

/// Choices of how far ahead to look, in weeks, with what they are called.
const WEEKS: [(&str, &str); 4] =
    [("1", "Next 7 days"), ("4", "Next 4 weeks"), ("12", "Next 12 weeks"), ("all", "Any date")];
const USUAL_WEEKS: &str = "4";

/// Choices of how far from home, in miles by road.
const MILES: [(&str, &str); 5] =
    [("", "Any distance"), ("5", "5 miles"), ("10", "10 miles"), ("20", "20 miles"), ("40", "40 miles")];
const METRES_IN_A_MILE: f64 = 1_609.344;

const ORDERS: [(Order, &str); 3] = [
    (Order::Soonest, "Soonest first"),
    (Order::Nearest, "Nearest first"),
    (Order::BestPaid, "Best paid first"),
];

#[derive(Template)]
#[template(path = "work/request/pages/find.html")]
struct FindPage {
    page: PageFrame,
    weeks: Vec<Choice>,
    miles: Vec<Choice>,
    orders: Vec<Choice>,
    found: String,
    lines: Vec<Line>,
    pages: Pagination,
}

struct Line {
    href: String,
    heading: String,
    place: String,
    pay: String,
    travel: String,
    state: Option<Tag>,
    /// The round that it is in, and when that closes.
    round: String,
    /// What stands in the way, and what to do about it; or what is unusual about asking.
    remark: String,
}

/// What somebody looks for, as the address says it.
struct Asked {
    weeks: &'static str,
    miles: &'static str,
    order: Order,
}

impl Asked {
    fn of(query: &FindQuery) -> Self {
        let known = |list: &'static [(&'static str, &'static str)], typed: &str, usual| {
            list.iter().map(|(code, _)| *code).find(|code| *code == typed).unwrap_or(usual)
        };
        Self {
            weeks: known(&WEEKS, query.weeks.as_str(), USUAL_WEEKS),
            miles: known(&MILES, query.within.as_str(), ""),
            order: Order::of_code(query.order.as_str()),
        }
    }

    fn sought(&self, today: NaiveDate) -> Sought {
        let until = self.weeks.parse::<u64>().ok().map(|weeks| today + Days::new(weeks * 7 - 1));
        #[expect(clippy::cast_possible_truncation, reason = "40 miles are few metres")]
        let metres = |miles: f64| (miles * METRES_IN_A_MILE) as i32;
        Sought { from: None, until, within_metres: self.miles.parse().ok().map(metres), order: self.order }
    }

    fn href(&self, number: u32) -> String {
        let (weeks, miles, order) = (self.weeks, self.miles, self.order.code());
        format!("/find-sessions?weeks={weeks}&within={miles}&order={order}&page={number}")
    }
}

/// `GET /find-sessions`.
pub async fn find_page(
    who: Admitted,
    query: web::Query<FindQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let now = app.clock.now();
    let asked = Asked::of(&query);
    let sought = asked.sought(local_date(who.time_zone, now));
    let tx = &mut app.db.look(&who).await?;
    let own = find_own(tx).await?;
    let read = async |span: Span| list_found(tx, own, &sought, (span.limit, span.offset)).await;
    let (found, shown) = query.page.read(read, |row| row.total).await?;
    let pairs: Vec<_> = found.iter().map(|row| (row.session_id, own)).collect();
    let facts = list_pairs(tx, &pairs, now).await?;
    let facts: BTreeMap<SessionId, PairFacts> = facts.into_iter().map(|it| (it.session.id, it)).collect();
    let open = find_open(tx).await?;
    let lines =
        found.iter().filter_map(|row| Some(line(row, facts.get(&row.session_id)?, (open.as_ref(), now))));
    let lines = lines.collect::<Result<Vec<_>, _>>().map_err(|error| answered(error, now))?;
    page(&FindPage {
        page: who.frame(&request),
        weeks: choices(&WEEKS, asked.weeks),
        miles: choices(&MILES, asked.miles),
        orders: ORDERS.map(|(order, name)| Choice::new(order.code(), name, order == asked.order)).into(),
        found: found_words(&found),
        lines,
        pages: shown.links(|number| asked.href(number)),
    })
}

/// "12 sessions want".
fn found_words(found: &[FoundSession]) -> String {
    let total = found.first().map_or(0, |row| row.total);
    words::count(total, "session wants", "sessions want")
}

fn choices(list: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    list.iter().map(|(code, name)| Choice::new(*code, *name, *code == chosen)).collect()
}

fn line(
    row: &FoundSession,
    facts: &PairFacts,
    (open, now): (Option<&Round>, DateTime<Utc>),
) -> Result<Line, DeskError> {
    let words = SessionWords::of(&facts.session);
    let (state, href) = match (row.offer_id, row.request_id) {
        (Some(offer), _) => (Some(Tag::new("Offered to you", TagColour::Yellow)), format!("/offers/{offer}")),
        (None, Some(_)) => (Some(Tag::new("Asked for", TagColour::Blue)), "/my-requests".to_owned()),
        (None, None) => (None, format!("/find-sessions/{}", row.session_id)),
    };
    let (pay, remark) = match terms_of(facts) {
        Ok((rate, pay)) => (pay_words(rate, pay), unusual(facts, rate)?),
        Err(DeskError::Refused(refusal)) => {
            let session = &facts.session;
            let (least, most) = (session.rate_min_pence_per_hour, session.rate_max_pence_per_hour);
            let says = format!(
                "{}. {}",
                refusal.sentence(Audience::Clinician, now),
                refusal.next_step(Audience::Clinician)
            );
            (words::capitalised(&words::rate_span(least.into(), most.into())), says)
        }
        Err(other) => return Err(other),
    };
    Ok(Line {
        href,
        heading: format!("{}, {}", words.date, words.times),
        place: format!("{}, {}", words.practice, words.address),
        pay,
        travel: travel_words(facts),
        state,
        round: round_words(open, &facts.session),
        remark,
    })
}

/// "In round 12, which closes on Thursday 5 November 2026, midday"; empty where it is in none.
fn round_words(open: Option<&Round>, session: &SessionFacts) -> String {
    let open = open.filter(|round| round.takes(session.starts_at));
    open.map_or_else(String::new, |round| {
        format!("In round {}, which closes on {}", round.number, words::moment(round.closes_at))
    })
}

/// Which of their own wishes asking for it sets aside; empty where none.
pub(super) fn unusual(facts: &PairFacts, rate: i32) -> Result<String, DeskError> {
    let against = judge(facts, Wishes::All, rate).map_err(DeskError::Unjudged)?.err();
    let rule = against.and_then(|obstacle| obstacle.rule());
    Ok(rule.and_then(against_wish).unwrap_or_default().to_owned())
}

fn against_wish(rule: matching_model::plan::RuleCode) -> Option<&'static str> {
    use matching_model::plan::RuleCode;
    match rule {
        RuleCode::Availability => Some("It is outside the times you offer."),
        RuleCode::Distance => Some("It is farther than you said you travel."),
        RuleCode::WeeklyHours => Some("It is beyond the hours you said you work in a week."),
        RuleCode::DailyHours => Some("It is beyond the hours you said you work in a day."),
        RuleCode::Rest => Some("It leaves less rest than you said you want."),
        _ => None,
    }
}
