//! The commissioner's fill rate, by week, role and practice, as a page and as a file.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::Typed;
use crate::ground::id::PracticeId;
use crate::ground::web::components::{BarChart, BarValue, Choice};
use crate::ground::web::csv_file::{Cell, csv_file};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::insight::fill_rate::{Count, Figure, METHOD, figures_by, store};
use crate::terms::bank::calendar::monday_of;
use crate::terms::bank::{self, Role};
use crate::terms::rules::store::find_newest;
use crate::terms::rules::{Rule, Section};

/// Weeks shown before the present one, and after it.
const WEEKS: (u64, u64) = (12, 4);

/// So many practices are shown; the file has them all.
const MOST_PRACTICES: usize = 50;

/// The first row of the file.
const FILE_HEADINGS: [&str; 8] = [
    "Week beginning",
    "Practice code",
    "Practice",
    "Role code",
    "Role",
    "Places requested",
    "Places filled",
    "Fill rate in %",
];

/// What follows `/fill-rate?`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    role: Typed,
    #[serde(default)]
    practice: Typed,
}

impl Filter {
    fn keeps(&self, count: &Count) -> bool {
        (self.role.is_empty() || count.role == self.role)
            && (self.practice.is_empty() || count.practice.to_string() == self.practice)
    }
}

struct Tile {
    share: String,
    label: &'static str,
    note: String,
}

#[derive(Template)]
#[template(path = "insight/fill_rate/pages/fill_rate.html")]
struct FillRatePage {
    page: PageFrame,
    method: &'static str,
    tiles: Vec<Tile>,
    roles: Vec<Choice>,
    practices: Vec<Choice>,
    file_href: String,
    is_empty: bool,
    by_week: BarChart,
    by_role: BarChart,
    by_practice: BarChart,
    practices_left_out: usize,
}

/// What the figures are made of.
struct Counted {
    counts: Vec<Count>,
    roles: Vec<Role>,
    practices: Vec<(PracticeId, String)>,
    /// The present Monday.
    monday: NaiveDate,
    /// Of fewer places than this no percentage is shown.
    least: i64,
}

/// Of how many places at least the bank wants a percentage shown.
async fn least_places(tx: &mut Tx) -> Result<i64, DbError> {
    match find_newest(tx, Section::Figures).await?.map(|version| version.rule) {
        Some(Rule::Figures(figures)) => Ok(figures.least_places),
        _ => Ok(0),
    }
}

/// The counts, the roles and the practices of the person's bank.
async fn read(who: &Admitted, request: &HttpRequest) -> Result<Counted, AppError> {
    let app = app_of(request)?;
    let monday = monday_of(words::london_date(app.clock.now()));
    let dates = (monday - Days::new(7 * WEEKS.0), monday + Days::new(7 * WEEKS.1 + 6));
    let tx = &mut app.db.look(who).await?;
    Ok(Counted {
        counts: store::list_counts(tx, dates).await?,
        roles: bank::store::list_roles(tx).await?,
        practices: store::list_practice_names(tx).await?,
        monday,
        least: least_places(tx).await?,
    })
}

/// `GET /fill-rate`.
pub async fn fill_rate(
    who: Admitted,
    filter: web::Query<Filter>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let counted = read(&who, &request).await?;
    page(&FillRatePage::of(who.frame(&request), &filter, &counted))
}

impl FillRatePage {
    fn of(page: PageFrame, filter: &Filter, counted: &Counted) -> Self {
        let kept: Vec<&Count> = counted.counts.iter().filter(|count| filter.keeps(count)).collect();
        let past = || kept.iter().copied().filter(|count| count.week < counted.monday);
        let (by_practice, practices_left_out) = practice_chart(past(), counted.least);
        Self {
            page,
            method: METHOD,
            tiles: tiles(&kept, counted.monday, counted.least),
            roles: choices(
                counted.roles.iter().map(|role| (role.code.clone(), role.name.clone())),
                "All roles",
                &filter.role,
            ),
            practices: choices(
                counted.practices.iter().map(|(id, name)| (id.to_string(), name.clone())),
                "All practices",
                &filter.practice,
            ),
            file_href: file_href(filter),
            is_empty: kept.is_empty(),
            by_week: week_chart(&kept, counted.monday, counted.least),
            by_role: role_chart(past(), &counted.roles, counted.least),
            by_practice,
            practices_left_out,
        }
    }
}

/// What was filled before the present week, in it, and of what comes.
fn tiles(kept: &[&Count], monday: NaiveDate, least: i64) -> Vec<Tile> {
    let figure = |is_meant: fn(NaiveDate, NaiveDate) -> bool| {
        Figure::of(kept.iter().copied().filter(|count| is_meant(count.week, monday)))
    };
    vec![
        tile("in the last 12 weeks", figure(|week, monday| week < monday), least),
        tile("this week, so far", figure(|week, monday| week == monday), least),
        tile("in the next 4 weeks, so far", figure(|week, monday| week > monday), least),
    ]
}

fn week_chart(kept: &[&Count], monday: NaiveDate, least: i64) -> BarChart {
    let name = |week: NaiveDate| {
        let name = words::short_span(week, week + Days::new(6));
        if week >= monday { format!("{name}, so far") } else { name }
    };
    let by_week = figures_by(kept.iter().copied(), |count| count.week);
    let bars = by_week.into_iter().map(|(week, figure)| (name(week), figure, week < monday));
    chart(("By week", "Week"), bars, least)
}

fn role_chart<'a>(past: impl Iterator<Item = &'a Count>, roles: &[Role], least: i64) -> BarChart {
    let name =
        |code: &str| roles.iter().find(|role| role.code == code).map_or(code, |role| &role.plural).to_owned();
    let by_role = figures_by(past, |count| count.role.as_str());
    let bars = by_role.into_iter().map(|(code, figure)| (name(code), figure, true));
    chart(("By role, last 12 weeks", "Role"), bars, least)
}

/// The practices that were filled least, and how many others there are.
fn practice_chart<'a>(past: impl Iterator<Item = &'a Count>, least: i64) -> (BarChart, usize) {
    let by_practice = figures_by(past, |count| (count.practice_name.as_str(), count.practice));
    let mut by_practice: Vec<_> = by_practice.into_iter().collect();
    // The emptiest first: that is where something can be done. Of too few places nothing is said of how empty they were.
    let emptiness =
        |figure: &Figure| (figure.requested < least, words::share_percent(figure.filled, figure.requested));
    by_practice.sort_by_key(|(_, figure)| emptiness(figure));
    let left_out = by_practice.len().saturating_sub(MOST_PRACTICES);
    by_practice.truncate(MOST_PRACTICES);
    let bars = by_practice.into_iter().map(|((name, _), figure)| (name.to_owned(), figure, true));
    (chart(("By practice, last 12 weeks, the emptiest first", "Practice"), bars, least), left_out)
}

fn tile(label: &'static str, figure: Figure, least: i64) -> Tile {
    let (filled, requested) = (words::number(figure.filled), words::number(figure.requested));
    Tile { share: share_or_too_few(figure, least), label, note: format!("{filled} of {requested} places") }
}

/// "87%"; or that the places were too few for a percentage.
fn share_or_too_few(figure: Figure, least: i64) -> String {
    if figure.requested < least {
        "Too few to say".to_owned()
    } else {
        words::share(figure.filled, figure.requested)
    }
}

/// The choices of a filter, with "all" first.
pub(crate) fn choices(each: impl Iterator<Item = (String, String)>, all: &str, chosen: &str) -> Vec<Choice> {
    let first = Choice::new("", all, chosen.is_empty());
    std::iter::once(first)
        .chain(each.map(|(value, label)| {
            let is_chosen = value == chosen;
            Choice::new(value, label, is_chosen)
        }))
        .collect()
}

fn file_href(filter: &Filter) -> String {
    let query = serde_html_form::to_string([("role", &filter.role), ("practice", &filter.practice)]);
    format!("/fill-rate.csv?{}", query.unwrap_or_default())
}

/// One bar a figure. What is over is coloured by how full it came to be; what still moves is not judged.
fn chart(
    (title, label): (&str, &str),
    figures: impl Iterator<Item = (String, Figure, bool)>,
    least: i64,
) -> BarChart {
    let value = |(label, figure, is_over): (String, Figure, bool)| {
        let is_few = figure.requested < least;
        let percent = words::share_percent(figure.filled, figure.requested).filter(|_| !is_few).unwrap_or(0);
        let share = share_or_too_few(figure, least);
        BarValue {
            label,
            value: percent.unsigned_abs(),
            value_text: format!("{share} ({} of {})", figure.filled, figure.requested),
            mood: match percent {
                _ if !is_over || is_few => "",
                ..50 => "bad",
                50..80 => "attention",
                _ => "good",
            },
        }
    };
    BarChart::new(title, label, "Filled", 100, figures.map(value).collect())
}

/// `GET /fill-rate.csv`: the figures by week, practice and role. The method stands on the page that leads here.
pub async fn file(
    who: Admitted,
    filter: web::Query<Filter>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let Counted { counts, roles, least, .. } = read(&who, &request).await?;
    let row = |count: &Count| {
        let role = roles.iter().find(|role| role.code == count.role).map_or(&count.role, |role| &role.name);
        [
            Cell::Date(count.week),
            Cell::Text(count.practice_code.clone()),
            Cell::Text(count.practice_name.clone()),
            Cell::Text(count.role.clone()),
            Cell::Text(role.clone()),
            Cell::Number(count.requested),
            Cell::Number(count.filled),
            words::share_hundredths(count.filled, count.requested)
                .filter(|_| count.requested >= least)
                .map_or(Cell::Empty, Cell::Hundredths),
        ]
    };
    csv_file("fill-rate.csv", FILE_HEADINGS, counts.iter().filter(|count| filter.keeps(count)).map(row))
}
