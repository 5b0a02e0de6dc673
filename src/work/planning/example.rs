//! One session, one practice beside another, and one person who may do the session, for tests.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::prepare::Facts;
use super::store::facts::{PracticeRow, SessionRow};
use super::store::people::{BookingRow, PersonFacts};
use crate::ground::id::{AccountId, ClinicianId, PracticeId, RateRangeId, SessionId};
use crate::people::clinician::{Clinician, Engagement};
use crate::people::credential::Held;
use crate::terms::bank::Band;
use crate::terms::rate::{RateRange, RateTable};
use matching_model::policy::Policy;
use matching_model::problem::Span;

pub const SESSION: SessionId = SessionId(Uuid::from_u128(1));
pub const OTHER_SESSION: SessionId = SessionId(Uuid::from_u128(2));
pub const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(11));
pub const OTHER_PRACTICE: PracticeId = PracticeId(Uuid::from_u128(12));
pub const PERSON: ClinicianId = ClinicianId(Uuid::from_u128(21));
pub const OTHER_PERSON: ClinicianId = ClinicianId(Uuid::from_u128(22));

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn range(role: &str, position: i64, from: &str, floor: i32, ceiling: i32) -> RateRange {
    RateRange {
        id: RateRangeId(Uuid::from_u128(31)),
        role: role.to_owned(),
        band: Band::Core,
        valid_from: from.parse().unwrap(),
        floor_pence_per_hour: floor,
        ceiling_pence_per_hour: ceiling,
        position,
    }
}

fn clinician(id: ClinicianId) -> Clinician {
    Clinician {
        id,
        account: AccountId(Uuid::from_u128(41)),
        name: "A person".to_owned(),
        email: "person@example.com".to_owned(),
        role: "gp".to_owned(),
        afc_band: None,
        registration_number: None,
        home_district: "BH1".to_owned(),
        latitude_microdegrees: 50_720_000,
        longitude_microdegrees: -1_880_000,
        max_travel_metres: 20_000,
        max_minutes_per_week: Some(2_250),
        max_minutes_per_day: Some(600),
        rest_minutes: 660,
        engagement: Engagement::SelfEmployed,
    }
}

/// Somebody with nothing on record.
pub fn person(id: ClinicianId) -> PersonFacts {
    PersonFacts {
        record: clinician(id),
        rates: BTreeMap::new(),
        held: Vec::new(),
        works_until: None,
        document: None,
        prefers: Vec::new(),
        refuses: Vec::new(),
        refused_by: Vec::new(),
        available: Vec::new(),
        bookings: Vec::new(),
        recent_work: Vec::new(),
    }
}

pub fn session() -> SessionRow {
    SessionRow {
        id: SESSION,
        practice_id: PRACTICE,
        local_date: "2026-12-01".parse().unwrap(),
        starts_at: at("2026-12-01T08:30:00Z"),
        ends_at: at("2026-12-01T12:40:00Z"),
        band: Band::Core,
        places: 1,
        booked: 0,
        is_in_round: false,
        proposed: 0,
        priority: 1,
        rate_min_pence_per_hour: 7_000,
        rate_max_pence_per_hour: 9_900,
        exception_pence_per_hour: None,
        roles: vec!["gp".to_owned()],
        competencies: vec!["systmone".to_owned()],
        offered_to: Vec::new(),
        not_again: Json(BTreeMap::new()),
        open_to: None,
    }
}

/// One session and one person who may do it.
pub fn facts() -> Facts {
    let practice = |id, latitude_microdegrees| PracticeRow {
        id,
        name: "A practice".to_owned(),
        latitude_microdegrees,
        longitude_microdegrees: -1_880_000,
    };
    let person = PersonFacts {
        rates: BTreeMap::from([(Band::Core, 8_800)]),
        held: vec![Held {
            competency: "systmone".to_owned(),
            valid_through: Some("2026-12-01".parse().unwrap()),
        }],
        works_until: Some("2026-12-01".parse().unwrap()),
        available: vec![Span { start: at("2026-12-01T08:00:00Z"), end: at("2026-12-01T18:00:00Z") }],
        ..person(PERSON)
    };
    Facts {
        zone: chrono_tz::Europe::London,
        policy: Policy::default(),
        answers: None,
        bank_hours: crate::terms::rules::WorkHours::LAW,
        dates: ("2026-11-30".parse().unwrap(), "2026-12-06".parse().unwrap()),
        sessions: vec![session()],
        practices: vec![practice(PRACTICE, 50_760_000), practice(OTHER_PRACTICE, 50_700_000)],
        ranges: RateTable::new(vec![range("gp", 1, "2026-04-01", 7_600, 9_800)]),
        people: vec![person],
    }
}

pub fn booking(session_id: SessionId, starts_at: &str, ends_at: &str) -> BookingRow {
    BookingRow {
        session_id,
        practice_id: OTHER_PRACTICE,
        starts_at: at(starts_at),
        ends_at: at(ends_at),
        latitude_microdegrees: 50_700_000,
        longitude_microdegrees: -1_880_000,
    }
}
