//! Reads each object of a problem file from its JSON, naming what is wrong and what would be right.

#![expect(
    clippy::needless_pass_by_value,
    reason = "every reader has one signature, so that objects and lists can be given any of them"
)]

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

use super::tree::{At, Entries, Tree, list};
use crate::policy::Policy;
use crate::position::{Degrees, Position};
use crate::problem::{Clinician, PROBLEM_FORMAT, Pairing, Practice, ProblemError, Session, Span};

type Read<T> = Result<T, ProblemError>;

/// Reads the `format` key, which must be [`PROBLEM_FORMAT`].
pub(crate) fn format_name(tree: Tree, at: &At<'_>) -> Read<()> {
    match tree {
        Tree::Text(name) if name == PROBLEM_FORMAT => Ok(()),
        other => Err(at.fault(&other, &format!("{PROBLEM_FORMAT:?}"))),
    }
}

/// Reads a time zone by its IANA name.
pub(crate) fn timezone(tree: Tree, at: &At<'_>) -> Read<Tz> {
    let expected = "the name of a time zone, such as \"Europe/London\"";
    match &tree {
        Tree::Text(name) => name.parse().map_err(|_| at.fault(&tree, expected)),
        _ => Err(at.fault(&tree, expected)),
    }
}

/// Reads the weights of the score.
pub(crate) fn policy(tree: Tree, at: &At<'_>) -> Read<Policy> {
    let mut entries = Entries::of(tree, at, "an object with the weights of the score")?;
    let policy = Policy {
        fill_points: entries.required("fill_points", points)?,
        pay_points_per_pound: entries.required("pay_points_per_pound", points)?,
        travel_points_per_km: entries.required("travel_points_per_km", points)?,
        preferred_practice_points: entries.required("preferred_practice_points", points)?,
        continuity_points: entries.required("continuity_points", points)?,
        incumbent_points: entries.required("incumbent_points", points)?,
    };
    entries.finish(
        "fill_points, pay_points_per_pound, travel_points_per_km, preferred_practice_points, continuity_points, \
         incumbent_points",
    )?;
    Ok(policy)
}

/// Reads a place of work.
pub(crate) fn practice(tree: Tree, at: &At<'_>) -> Read<Practice> {
    let mut entries = Entries::of(tree, at, "a practice")?;
    let practice = Practice {
        id: entries.required("id", id)?,
        name: entries.optional("name", String::new(), text)?,
        position: Position {
            latitude: entries.required("latitude", latitude)?,
            longitude: entries.required("longitude", longitude)?,
        },
        refuses: entries.optional("refuses", Vec::new(), ids)?,
    };
    entries.finish("id, name, latitude, longitude, refuses")?;
    Ok(practice)
}

/// Reads a person.
pub(crate) fn clinician(tree: Tree, at: &At<'_>) -> Read<Clinician> {
    let mut entries = Entries::of(tree, at, "a clinician")?;
    let clinician = Clinician {
        id: entries.required("id", id)?,
        role: entries.required("role", id)?,
        competencies: entries.optional("competencies", BTreeMap::new(), held_competencies)?,
        cleared_until: entries.required("cleared_until", date_or_null)?,
        home: entries.required("home", home)?,
        max_travel_metres: entries.required("max_travel_metres", whole)?,
        rates: entries.required("rates", rates)?,
        available: entries.required("available", spans)?,
        max_minutes_per_week: entries.optional("max_minutes_per_week", None, whole_or_null)?,
        max_minutes_per_day: entries.optional("max_minutes_per_day", None, whole_or_null)?,
        rest_minutes: entries.optional("rest_minutes", 0, whole)?,
        prefers: entries.optional("prefers", Vec::new(), ids)?,
        recent_practices: entries.optional("recent_practices", Vec::new(), ids)?,
        refuses: entries.optional("refuses", Vec::new(), ids)?,
        not_again: entries.optional("not_again", Vec::new(), ids)?,
        fairness_points: entries.optional("fairness_points", 0, points)?,
    };
    entries.finish(
        "id, role, competencies, cleared_until, home, max_travel_metres, rates, available, max_minutes_per_week, \
         max_minutes_per_day, rest_minutes, prefers, recent_practices, refuses, not_again, fairness_points",
    )?;
    Ok(clinician)
}

/// Reads a session.
pub(crate) fn session(tree: Tree, at: &At<'_>) -> Read<Session> {
    let mut entries = Entries::of(tree, at, "a session")?;
    let session = Session {
        id: entries.required("id", id)?,
        practice: entries.required("practice", id)?,
        roles: entries.required("roles", ids)?,
        competencies: entries.optional("competencies", Vec::new(), ids)?,
        start: entries.required("start", instant)?,
        end: entries.required("end", instant)?,
        band: entries.required("band", id)?,
        rate_min: entries.required("rate_min", whole)?,
        rate_max: entries.required("rate_max", whole)?,
        places: entries.optional("places", 1, count)?,
        priority: entries.optional("priority", 1, count)?,
        open_to: entries.optional("open_to", None, |tree, at| ids(tree, at).map(Some))?,
    };
    entries.finish(
        "id, practice, roles, competencies, start, end, band, rate_min, rate_max, places, priority, open_to",
    )?;
    Ok(session)
}

/// Reads a session and a clinician who belong together.
pub(crate) fn pairing(tree: Tree, at: &At<'_>) -> Read<Pairing> {
    let mut entries = Entries::of(tree, at, "a session and a clinician")?;
    let pairing =
        Pairing { session: entries.required("session", id)?, clinician: entries.required("clinician", id)? };
    entries.finish("session, clinician")?;
    Ok(pairing)
}

fn text(tree: Tree, at: &At<'_>) -> Read<String> {
    match tree {
        Tree::Text(text) => Ok(text),
        other => Err(at.fault(&other, "text")),
    }
}

fn id(tree: Tree, at: &At<'_>) -> Read<String> {
    match tree {
        Tree::Text(text) if !text.is_empty() => Ok(text),
        other => Err(at.fault(&other, "text that isn't empty")),
    }
}

fn ids(tree: Tree, at: &At<'_>) -> Read<Vec<String>> {
    list(tree, at, id)
}

/// Points of a weight: whole, and small enough for sums of them to stay whole.
fn points(tree: Tree, at: &At<'_>) -> Read<i64> {
    integer(&tree, -1_000_000_000_000, 1_000_000_000_000)
        .ok_or_else(|| at.fault(&tree, "a whole number of points between -1000000000000 and 1000000000000"))
}

fn whole(tree: Tree, at: &At<'_>) -> Read<i64> {
    integer(&tree, 0, 1_000_000_000).ok_or_else(|| at.fault(&tree, "a whole number from 0 to 1000000000"))
}

fn whole_or_null(tree: Tree, at: &At<'_>) -> Read<Option<i64>> {
    if tree == Tree::Null { Ok(None) } else { whole(tree, at).map(Some) }
}

fn count(tree: Tree, at: &At<'_>) -> Read<u32> {
    integer(&tree, 1, 1_000)
        .and_then(|value| u32::try_from(value).ok())
        .ok_or_else(|| at.fault(&tree, "a whole number from 1 to 1000"))
}

/// The integer a JSON number stands for, where it lies inside the limits; `2.0` is not a whole number here.
fn integer(tree: &Tree, least: i64, most: i64) -> Option<i64> {
    let Tree::Number(number) = tree else { return None };
    number.as_i64().filter(|value| (least..=most).contains(value))
}

fn degrees(tree: &Tree, most: Degrees) -> Option<Degrees> {
    let Tree::Number(number) = tree else { return None };
    number.as_f64().filter(|value| (-most..=most).contains(value))
}

fn latitude(tree: Tree, at: &At<'_>) -> Read<Degrees> {
    degrees(&tree, 90.0).ok_or_else(|| at.fault(&tree, "degrees north from -90 to 90"))
}

fn longitude(tree: Tree, at: &At<'_>) -> Read<Degrees> {
    degrees(&tree, 180.0).ok_or_else(|| at.fault(&tree, "degrees east from -180 to 180"))
}

fn home(tree: Tree, at: &At<'_>) -> Read<Position> {
    let mut entries = Entries::of(tree, at, "an object with latitude and longitude")?;
    let position = Position {
        latitude: entries.required("latitude", latitude)?,
        longitude: entries.required("longitude", longitude)?,
    };
    entries.finish("latitude, longitude")?;
    Ok(position)
}

fn rates(tree: Tree, at: &At<'_>) -> Read<BTreeMap<String, i64>> {
    let entries = Entries::of(tree, at, "an object that gives a rate in pence an hour for each band")?;
    let read = |(band, rate): (String, Tree)| {
        let rate = whole(rate, &At::Key(at, &band))?;
        Ok((band, rate))
    };
    entries.into_pairs().into_iter().map(read).collect()
}

fn held_competencies(tree: Tree, at: &At<'_>) -> Read<BTreeMap<String, Option<NaiveDate>>> {
    let entries =
        Entries::of(tree, at, "an object that gives a last valid date, or null, for each competency")?;
    let read = |(name, until): (String, Tree)| {
        let until = date_or_null(until, &At::Key(at, &name))?;
        Ok((name, until))
    };
    entries.into_pairs().into_iter().map(read).collect()
}

fn date_or_null(tree: Tree, at: &At<'_>) -> Read<Option<NaiveDate>> {
    let expected = "a date such as \"2027-12-31\", or null";
    match &tree {
        Tree::Null => Ok(None),
        Tree::Text(text) if text.len() == 10 => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Some).map_err(|_| at.fault(&tree, expected))
        }
        _ => Err(at.fault(&tree, expected)),
    }
}

fn instant(tree: Tree, at: &At<'_>) -> Read<DateTime<Utc>> {
    let expected = "a time on a whole minute with its offset, such as \"2027-01-04T08:30:00+00:00\"";
    let Tree::Text(text) = &tree else { return Err(at.fault(&tree, expected)) };
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| at.fault(&tree, expected))?;
    let time = time.with_timezone(&Utc);
    if time.second() == 0 && time.nanosecond() == 0 { Ok(time) } else { Err(at.fault(&tree, expected)) }
}

fn spans(tree: Tree, at: &At<'_>) -> Read<Vec<Span>> {
    list(tree, at, span)
}

fn span(tree: Tree, at: &At<'_>) -> Read<Span> {
    let expected = "a start and an end: a list of two times";
    let times = match tree {
        Tree::List(times) => <[Tree; 2]>::try_from(times)
            .map_err(|times| at.fault(&format!("a list of {}", times.len()), expected))?,
        other => return Err(at.fault(&other, expected)),
    };
    let [start, end] = times;
    Ok(Span { start: instant(start, &At::Index(at, 0))?, end: instant(end, &At::Index(at, 1))? })
}
