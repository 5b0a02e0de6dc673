//! A small problem for the tests, good in every way.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Pairing, Practice, Problem, Session, Span};

pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::London;

/// A local time on a day of the week of Monday 4 January 2027: day 0 is that Monday.
pub fn at(day: u64, hour: u32, minute: u32) -> DateTime<Utc> {
    let monday = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a date");
    let time = NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    ZONE.from_local_datetime(&(monday + Days::new(day)).and_time(time))
        .earliest()
        .expect("no clock change")
        .to_utc()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// So many metres north of a spot in Dorset, in straight line.
pub fn north(metres: i32) -> Position {
    // Whole millionths of a degree, as published coordinates are.
    let millionths = 50_800_000 + metres * 8_993 / 1_000;
    Position { latitude: f64::from(millionths) / 1e6, longitude: -2.0 }
}

pub fn practice(id: &str, metres_north: i32) -> Practice {
    Practice { id: id.into(), name: format!("{id} practice"), position: north(metres_north), refuses: vec![] }
}

/// Somebody who may do everything on Monday to Sunday of that week, from 6am to 11pm.
pub fn clinician(id: &str) -> Clinician {
    Clinician {
        id: id.into(),
        role: "gp".into(),
        competencies: BTreeMap::from([("systmone".into(), None), ("emis_web".into(), None)]),
        cleared_until: Some(date("2028-12-31")),
        home: north(0),
        max_travel_metres: 60_000,
        rates: BTreeMap::from([("core".into(), 8_000), ("evening".into(), 9_000)]),
        available: (0..7).map(|day| Span { start: at(day, 6, 0), end: at(day, 23, 0) }).collect(),
        max_minutes_per_week: None,
        max_minutes_per_day: None,
        rest_minutes: 0,
        prefers: vec![],
        recent_practices: vec![],
        refuses: vec![],
        not_again: Vec::new(),
        fairness_points: 0,
    }
}

/// A session of four hours from nine on a day of that week.
pub fn session(id: &str, practice: &str, day: u64) -> Session {
    Session {
        id: id.into(),
        practice: practice.into(),
        roles: vec!["gp".into()],
        competencies: vec!["systmone".into()],
        start: at(day, 9, 0),
        end: at(day, 13, 0),
        band: "core".into(),
        rate_min: 7_000,
        rate_max: 9_500,
        places: 1,
        priority: 1,
        open_to: None,
    }
}

/// Two practices 10 km of road apart or so, one clinician, one session that they may do.
pub fn world() -> Problem {
    Problem {
        timezone: ZONE,
        policy: Policy::default(),
        practices: vec![practice("near", 0), practice("far", 8_000)],
        clinicians: vec![clinician("ann")],
        sessions: vec![session("monday", "near", 0)],
        booked: vec![],
        incumbent: vec![],
    }
}

pub fn pairing(session: &str, clinician: &str) -> Pairing {
    Pairing { session: session.into(), clinician: clinician.into() }
}
