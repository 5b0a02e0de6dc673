//! `/me`: what a clinician has said of themselves, what blocks them, and what the bank knows.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::eligibility::block::{Block, blocks};
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::clinician::store::{NamedPreference, list_named_preferences};
use crate::people::clinician::{Clinician, Engagement, LEAST_REST_MINUTES, PreferenceKind};
use crate::people::credential::HeldCompetency;
use crate::people::credential::store::record::Whose;
use crate::people::credential::store::refusal::{Refused, list_refusals};
use crate::people::profile::Profile;
use crate::people::profile::store::load_profile;
use crate::terms::bank::calendar::local_date;
use crate::terms::bank::{Band, CompetencyKind};
use crate::terms::rate::RateRange;

#[derive(Template)]
#[template(path = "work/standing/pages/me.html")]
struct MePage {
    page: PageFrame,
    blocks: Vec<Block>,
    person: Clinician,
    facts: Facts,
    clearance: String,
    /// Why they were not cleared, or "" where they are or nobody has said no.
    not_cleared: String,
    rates: Vec<RateLine>,
    skills: String,
    documents: Vec<HeldLine>,
    preferred: Vec<NamedPreference>,
    refused: Vec<NamedPreference>,
}

/// A person's details in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The name of the role, with the Agenda for Change band where there is one.
    pub role: String,
    /// The number on the register, with the register's name.
    pub registration: String,
    /// "20 miles by road from BH1".
    pub travel: String,
    /// "37 hours 30 minutes a week, 8 hours a day".
    pub limits: String,
    /// "11 hours".
    pub rest: String,
}

impl Facts {
    /// The facts of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let person = &profile.record.clinician;
        let role = match person.afc_band {
            Some(band) => format!("{}, Agenda for Change band {band}", profile.record.role.name),
            None => profile.record.role.name.clone(),
        };
        let registration = match (&profile.record.role.regulator, &person.registration_number) {
            (None, _) => "No register for this role".to_owned(),
            (Some(regulator), Some(number)) => format!("{regulator} {number}"),
            (Some(regulator), None) => format!("{regulator} number not given"),
        };
        let limit = |minutes: Option<i32>, span| {
            minutes.map(|minutes| format!("{} {span}", words::duration(minutes.into())))
        };
        let limits: Vec<String> =
            [limit(person.max_minutes_per_week, "a week"), limit(person.max_minutes_per_day, "a day")]
                .into_iter()
                .flatten()
                .collect();
        let own_limits = match person.engagement {
            Engagement::Employed if person.max_minutes_per_week.is_none() => "48 hours a week, by law",
            Engagement::Employed | Engagement::SelfEmployed => "No limit of your own",
        };
        let rest = words::duration(person.rest_minutes.into());
        Self {
            role,
            registration,
            travel: format!(
                "{} by road from {}",
                words::distance(person.max_travel_metres.into()),
                person.home_district
            ),
            limits: if limits.is_empty() { own_limits.to_owned() } else { limits.join(", ") },
            rest: if person.rest_minutes < LEAST_REST_MINUTES {
                format!(
                    "{rest}: less than the 11 hours that the law gives employees. Rest well before you work"
                )
            } else {
                rest
            },
        }
    }
}

/// What somebody asks in one band, beside what the commissioner allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLine {
    /// The band's name.
    pub band: &'static str,
    /// "£88 an hour", or that there is none.
    pub rate: String,
    /// "£76 to £98 an hour".
    pub range: String,
    /// How the two lie to each other.
    pub state: Tag,
}

/// The rates of a profile on `today`, one line for each band with a rate or a range.
#[must_use]
pub fn rate_lines(profile: &Profile, today: NaiveDate) -> Vec<RateLine> {
    let line = |band: Band| {
        let rate = profile.record.rates.get(&band).copied();
        let range = profile.ranges.in_force(&profile.record.role.code, band, today);
        (rate.is_some() || range.is_some()).then(|| RateLine {
            band: band.name(),
            rate: rate.map_or("No rate".to_owned(), |rate| words::rate_an_hour(rate.into())),
            range: range.map_or("None published".to_owned(), RateRange::span),
            state: match (rate, range) {
                (None, _) => Tag::new("Not offered", TagColour::Grey),
                (Some(_), None) => Tag::new("No range yet", TagColour::Grey),
                (Some(rate), Some(range)) if rate > range.ceiling_pence_per_hour => {
                    Tag::new("Above the range", TagColour::Red)
                }
                (Some(rate), Some(range)) if rate < range.floor_pence_per_hour => {
                    Tag::new("Paid the floor at least", TagColour::Blue)
                }
                (Some(_), Some(_)) => Tag::new("Inside the range", TagColour::Green),
            },
        })
    };
    Band::ALL.into_iter().filter_map(line).collect()
}

/// Something held, with its last day in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// "31 March 2027", or that it does not expire.
    pub valid: String,
    /// Whether it is in date.
    pub state: Tag,
}

/// What is held, in words on `today`.
#[must_use]
pub fn held_line(held: &HeldCompetency, today: NaiveDate) -> HeldLine {
    let soon = today + chrono::Days::new(crate::eligibility::block::DAYS_OF_WARNING);
    HeldLine {
        code: held.code.clone(),
        name: held.name.clone(),
        valid: held.valid_through.map_or("Does not expire".to_owned(), words::date_without_weekday),
        state: match held.valid_through {
            Some(last) if last < today => Tag::new("Ended", TagColour::Red),
            Some(last) if last <= soon => Tag::new("Ends soon", TagColour::Yellow),
            _ => Tag::new("In date", TagColour::Green),
        },
    }
}

/// The names of what is held of a kind, without those a bank administrator has dated.
fn self_declared(profile: &Profile) -> String {
    let is_own =
        |held: &&HeldCompetency| held.kind != CompetencyKind::Document && held.valid_through.is_none();
    let names: Vec<&str> = profile.record.held.iter().filter(is_own).map(|held| held.name.as_str()).collect();
    if names.is_empty() { "None yet".to_owned() } else { names.join(", ") }
}

/// `GET /me`.
pub async fn me(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let tx = &mut app.db.look(&who).await?;
    let profile = load_profile(tx, Whose::Membership(who.membership), today).await?;
    let profile = profile.ok_or(AppError::NotFound)?;
    let refused = list_refusals(tx, profile.record.clinician.id).await?.into_iter().next();
    let preferences = list_named_preferences(tx, profile.record.clinician.id).await?;
    let shown = MePage::of(who.frame(&request), profile, preferences, (who.time_zone, today));
    page(&MePage { not_cleared: refused.map(|it| refused_in_words(&it)).unwrap_or_default(), ..shown })
}

/// "On 2 November 2026 your bank did not clear you: …".
fn refused_in_words(refused: &Refused) -> String {
    let day = words::date_without_weekday(words::london_date(refused.at));
    format!("On {day} your bank did not clear you: {}", refused.reason)
}

impl MePage {
    fn of(
        page: PageFrame,
        profile: Profile,
        preferences: Vec<NamedPreference>,
        (zone, today): (Tz, NaiveDate),
    ) -> Self {
        let is_recorded =
            |held: &&HeldCompetency| held.kind == CompetencyKind::Document || held.valid_through.is_some();
        let recorded = profile.record.held.iter().filter(is_recorded);
        let (preferred, refused) =
            preferences.into_iter().partition(|practice| practice.kind == PreferenceKind::Preferred);
        Self {
            page,
            blocks: blocks(&profile, zone, today),
            facts: Facts::of(&profile),
            clearance: clearance_in_words(&profile, today),
            not_cleared: String::new(),
            rates: rate_lines(&profile, today),
            skills: self_declared(&profile),
            documents: recorded.map(|held| held_line(held, today)).collect(),
            person: profile.record.clinician,
            preferred,
            refused,
        }
    }
}

/// "Cleared until 31 March 2027".
fn clearance_in_words(profile: &Profile, today: NaiveDate) -> String {
    match &profile.record.clearance {
        None => "Not cleared yet".to_owned(),
        Some(clearance) if !clearance.is_of_number => {
            "Your registration number has changed: your bank administrator decides again".to_owned()
        }
        Some(clearance) if clearance.works_until < today => clearance.document.as_ref().map_or_else(
            || format!("Ended on {}", words::date_without_weekday(clearance.cleared_until)),
            |document| document.sentence(today),
        ),
        Some(clearance) => {
            format!("Cleared until {}", words::date_without_weekday(clearance.works_until))
        }
    }
}
