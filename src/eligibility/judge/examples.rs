//! Facts to try rules and messages on: a GP and a session that fit.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::eligibility::facts::{ClinicianFacts, Neighbour, PairFacts, Place, RangeFacts, SessionFacts};
use crate::ground::id::{
    AccountId, BankId, BookingId, ClearanceId, ClinicianId, PracticeId, RateRangeId, SessionId,
};
use crate::people::clinician::{Clinician, Engagement};
use crate::people::credential::Held;
use crate::terms::bank::Band;
use crate::terms::rules::WorkHours;

/// Two days before the session.
pub fn now() -> DateTime<Utc> {
    at("2026-11-01T09:00:00Z")
}

pub fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Tuesday 3 November 2026, 8:30am to 12:40pm, at £76 to £98 an hour, with nothing else booked.
pub fn facts() -> PairFacts {
    let place = Place { latitude_microdegrees: 50_720_000, longitude_microdegrees: -1_880_000 };
    PairFacts {
        session: SessionFacts {
            bank: BankId::new(),
            bank_name: "Orchid bank".to_owned(),
            id: SessionId::new(),
            practice: PracticeId::new(),
            practice_name: "Orchid House Surgery".to_owned(),
            practice_address: "1 High Street, BH1 1AA".to_owned(),
            place,
            practice_opened_on: None,
            practice_closed_on: None,
            bank_hours: WorkHours::LAW,
            zone: chrono_tz::Europe::London,
            starts_at: at("2026-11-03T08:30:00Z"),
            ends_at: at("2026-11-03T12:40:00Z"),
            local_date: day("2026-11-03"),
            last_date: day("2026-11-03"),
            band: Band::Core,
            places: 1,
            rate_min_pence_per_hour: 7_600,
            rate_max_pence_per_hour: 9_800,
            notes: String::new(),
            supervisor: String::new(),
            is_withdrawn: false,
            roles: vec!["gp".to_owned()],
            competencies: vec![("basic_life_support".to_owned(), "Basic life support".to_owned())],
        },
        clinician: ClinicianFacts {
            person: Clinician {
                id: ClinicianId::new(),
                account: AccountId::new(),
                name: "Dr Ann Example".to_owned(),
                email: "ann@example.org".to_owned(),
                role: "gp".to_owned(),
                afc_band: None,
                registration_number: None,
                home_district: "BH1".to_owned(),
                latitude_microdegrees: 50_720_000,
                longitude_microdegrees: -1_880_000,
                max_travel_metres: 0,
                max_minutes_per_week: Some(60),
                max_minutes_per_day: Some(60),
                rest_minutes: 660,
                engagement: Engagement::Employed,
            },
            role_name: "GP".to_owned(),
            is_member: true,
            held: vec![Held {
                competency: "basic_life_support".to_owned(),
                valid_through: Some(day("2026-11-03")),
            }],
            clearance: Some((ClearanceId::new(), day("2026-11-03"))),
            works_until: Some(day("2026-11-03")),
            document: None,
            is_decided_on_number: true,
            off_register: None,
            own_rate_pence_per_hour: Some(8_800),
            is_refused_by_practice: false,
            refuses_practice: false,
        },
        range: Some(RangeFacts {
            id: RateRangeId::new(),
            floor_pence_per_hour: 7_000,
            ceiling_pence_per_hour: 9_800,
            exception: None,
        }),
        neighbours: Vec::new(),
    }
}

/// A booking at another practice, this far south of the first.
pub fn neighbour(from: &str, minutes: i64, south_microdegrees: i32) -> Neighbour {
    Neighbour {
        booking: BookingId::new(),
        practice: PracticeId::new(),
        practice_name: "Fern Lane Surgery".to_owned(),
        place: Place {
            latitude_microdegrees: 50_720_000 - south_microdegrees,
            longitude_microdegrees: -1_880_000,
        },
        starts_at: at(from),
        ends_at: at(from) + TimeDelta::minutes(minutes),
    }
}
