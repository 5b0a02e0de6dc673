//! Somebody whom nothing keeps from work, for the tests of what does.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Weekday};

use super::Profile;
use crate::ground::id::{AccountId, AvailabilityId, ClearanceId, ClinicianId, RateRangeId};
use crate::people::availability::{Availability, Hours, Pattern};
use crate::people::clinician::{Clinician, Engagement};
use crate::people::credential::{Clearance, HeldCompetency, LastDecision, Record};
use crate::people::lookup::Outcome;
use crate::people::lookup::examples::looked_up;
use crate::terms::bank::{Band, CompetencyKind, Role};
use crate::terms::rate::{RateRange, RateTable};
use crate::terms::rules::LookUps;

/// The day of the tests.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// So many days later.
pub fn after(days: u64) -> NaiveDate {
    today() + Days::new(days)
}

/// So many days earlier.
pub fn before(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

/// A decision with that last day.
pub fn cleared_until(date: NaiveDate) -> Clearance {
    Clearance {
        id: ClearanceId::new(),
        clinician: ClinicianId::new(),
        role: "gp".to_owned(),
        cleared_until: date,
        works_until: date,
        document: None,
        reason: "Documents seen".to_owned(),
        decided_by: AccountId::new(),
        decided_by_name: "An administrator".to_owned(),
        decided_at: DateTime::UNIX_EPOCH,
        is_of_number: true,
    }
}

/// A range from long ago.
pub fn range(band: Band, floor: i32, ceiling: i32) -> RateRange {
    RateRange {
        id: RateRangeId::new(),
        role: "gp".to_owned(),
        band,
        valid_from: before(100),
        floor_pence_per_hour: floor,
        ceiling_pence_per_hour: ceiling,
        position: 1,
    }
}

/// Somebody whose details are in order.
pub fn clinician() -> Clinician {
    Clinician {
        id: ClinicianId::new(),
        account: AccountId::new(),
        name: "Rowan Ash".to_owned(),
        email: "rowan@example.com".to_owned(),
        role: "gp".to_owned(),
        afc_band: None,
        registration_number: Some("7012345".to_owned()),
        home_district: "BH1".to_owned(),
        latitude_microdegrees: 50_720_000,
        longitude_microdegrees: -1_880_000,
        max_travel_metres: 32_187,
        max_minutes_per_week: Some(1_920),
        max_minutes_per_day: None,
        rest_minutes: 660,
        engagement: Engagement::SelfEmployed,
    }
}

/// A profile that nothing blocks.
pub fn ready() -> Profile {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let pattern = Pattern {
        id: AvailabilityId::new(),
        weekday: Weekday::Mon,
        hours: Hours { start: time(9), end: time(17) },
        from_date: before(100),
        until_date: None,
    };
    let record = Record {
        clinician: clinician(),
        role: Role {
            code: "gp".to_owned(),
            name: "GP".to_owned(),
            plural: "GPs".to_owned(),
            regulator: Some("GMC".to_owned()),
            register_pattern: Some("^[0-9]{7}$".to_owned()),
            register_example: Some("7012345".to_owned()),
            used_until: None,
            needs_supervisor: false,
        },
        rates: [(Band::Core, 8_800), (Band::Evening, 9_500)].into(),
        held: vec![document("basic_life_support", "Basic life support", after(31))],
        needs: Vec::new(),
        clearance: Some(cleared_until(after(31))),
        last_decision: LastDecision::default(),
        lookup: Some(looked_up(Outcome::Found, before(30))),
        look_ups: LookUps::UNDECIDED,
        same_number: Vec::new(),
    };
    Profile {
        record,
        availability: Availability { patterns: vec![pattern], ..Availability::default() },
        ranges: RateTable::new(vec![range(Band::Core, 7_600, 9_800), range(Band::Evening, 8_000, 11_000)]),
        practices_within_reach: 1,
    }
}

/// A document with its last day.
pub fn document(code: &str, name: &str, last: NaiveDate) -> HeldCompetency {
    HeldCompetency {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: CompetencyKind::Document,
        valid_through: Some(last),
    }
}
