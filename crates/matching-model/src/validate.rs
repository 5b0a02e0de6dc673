//! What must hold of a problem as a whole before it is planned.

use std::collections::BTreeMap;

use crate::position::Position;
use crate::problem::{Clinician, Pairing, Problem, ProblemError, Session};

/// A session lasts at most this many minutes: 24 hours.
const LONGEST_SESSION_MINUTES: i64 = 24 * 60;

/// Every number that a plan adds up stays below this, 2^53, so that any reader of the file has it exactly.
const LARGEST_SUM: i128 = 1 << 53;

/// The largest single number of points, pence, metres or minutes.
const LARGEST_NUMBER: i64 = 1_000_000_000_000;

impl Problem {
    /// Checks everything that a type alone cannot: ids, spans, ranges, places and the size of sums.
    ///
    /// # Errors
    /// The first fault in the order of the lists, with its path.
    pub fn validate(&self) -> Result<(), ProblemError> {
        let practices = ids("practices", self.practices.iter().map(|practice| practice.id.as_str()))?;
        let clinicians = ids("clinicians", self.clinicians.iter().map(|clinician| clinician.id.as_str()))?;
        let sessions = ids("sessions", self.sessions.iter().map(|session| session.id.as_str()))?;
        for (index, practice) in self.practices.iter().enumerate() {
            on_globe(&format!("practices[{index}]"), &practice.position)?;
            known(&practice.refuses, &clinicians, "clinician", || format!("practices[{index}].refuses"))?;
        }
        for (index, clinician) in self.clinicians.iter().enumerate() {
            check_clinician(index, clinician, &practices)?;
            known(&clinician.not_again, &sessions, "session", || format!("clinicians[{index}].not_again"))?;
        }
        for (index, session) in self.sessions.iter().enumerate() {
            check_session(index, session, &practices)?;
            let open_to = session.open_to.as_deref().unwrap_or_default();
            known(open_to, &clinicians, "clinician", || format!("sessions[{index}].open_to"))?;
        }
        let booked = pairs("booked", &self.booked, &sessions, &clinicians)?;
        pairs("incumbent", &self.incumbent, &sessions, &clinicians)?;
        self.check_places(&booked)?;
        self.check_sums()
    }

    fn check_places(&self, booked_sessions: &[usize]) -> Result<(), ProblemError> {
        let mut taken = vec![0_u32; self.sessions.len()];
        for (index, session) in booked_sessions.iter().enumerate() {
            let (Some(taken), Some(session)) = (taken.get_mut(*session), self.sessions.get(*session)) else {
                continue;
            };
            *taken += 1;
            if *taken > session.places {
                let expected =
                    format!("at most {} bookings for this session, one for each place", session.places);
                return Err(ProblemError::new(
                    format!("booked[{index}]"),
                    format!("{:?}", session.id),
                    expected,
                ));
            }
        }
        Ok(())
    }

    /// No plan's score, pay or bound may leave the range in which whole numbers are exact everywhere.
    fn check_sums(&self) -> Result<(), ProblemError> {
        let policy = &self.policy;
        for (key, value) in [
            ("fill_points", policy.fill_points),
            ("pay_points_per_pound", policy.pay_points_per_pound),
            ("travel_points_per_km", policy.travel_points_per_km),
            ("preferred_practice_points", policy.preferred_practice_points),
            ("continuity_points", policy.continuity_points),
            ("incumbent_points", policy.incumbent_points),
        ] {
            if value.abs() > LARGEST_NUMBER {
                return Err(too_large(format!("policy.{key}"), value));
            }
        }
        let size = |value: i64| i128::from(value.unsigned_abs());
        let greatest_rate = self.clinicians.iter().flat_map(|clinician| clinician.rates.values().copied());
        let greatest_rate = greatest_rate.chain(self.sessions.iter().map(|session| session.rate_max)).max();
        let fairness =
            self.clinicians.iter().map(|clinician| size(clinician.fairness_points)).max().unwrap_or(0);
        let extras = size(policy.preferred_practice_points)
            + size(policy.continuity_points)
            + size(policy.incumbent_points)
            + size(policy.travel_points_per_km) * 27_000
            + fairness;
        let mut sum = 0_i128;
        for (index, session) in self.sessions.iter().enumerate() {
            let pay = size(greatest_rate.unwrap_or(0)) * size(session.minutes()) / 60 + 1;
            let greatest = size(policy.fill_points) * i128::from(session.priority)
                + pay * size(policy.pay_points_per_pound) / 100
                + extras;
            sum += i128::from(session.places) * (greatest + pay);
            if sum > LARGEST_SUM {
                let expected = format!("weights and rates that keep every sum of scores below {LARGEST_SUM}");
                let value = format!("{greatest} points a place");
                return Err(ProblemError::new(format!("sessions[{index}]"), value, expected));
            }
        }
        Ok(())
    }
}

type Ids<'a> = BTreeMap<&'a str, usize>;

fn ids<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Result<Ids<'a>, ProblemError> {
    let mut known = BTreeMap::new();
    for (index, id) in ids.enumerate() {
        if id.is_empty() {
            return Err(ProblemError::new(format!("{list}[{index}].id"), "\"\"", "text that isn't empty"));
        }
        if let Some(earlier) = known.insert(id, index) {
            let expected = format!("an id that no other has; {list}[{earlier}] has it too");
            return Err(ProblemError::new(format!("{list}[{index}].id"), format!("{id:?}"), expected));
        }
    }
    Ok(known)
}

fn known(named: &[String], ids: &Ids<'_>, kind: &str, path: impl Fn() -> String) -> Result<(), ProblemError> {
    match named.iter().enumerate().find(|(_, id)| !ids.contains_key(id.as_str())) {
        None => Ok(()),
        Some((index, id)) => {
            let expected = format!("the id of a {kind} in this file");
            Err(ProblemError::new(format!("{}[{index}]", path()), format!("{id:?}"), expected))
        }
    }
}

fn pairs(
    list: &str,
    pairs: &[Pairing],
    sessions: &Ids<'_>,
    clinicians: &Ids<'_>,
) -> Result<Vec<usize>, ProblemError> {
    let mut seen = BTreeMap::new();
    let mut places = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let unknown = |key: &str, id: &str| {
            let expected = format!("the id of a {key} in this file");
            ProblemError::new(format!("{list}[{index}].{key}"), format!("{id:?}"), expected)
        };
        places.push(*sessions.get(pair.session.as_str()).ok_or_else(|| unknown("session", &pair.session))?);
        if !clinicians.contains_key(pair.clinician.as_str()) {
            return Err(unknown("clinician", &pair.clinician));
        }
        if let Some(earlier) = seen.insert(pair, index) {
            let expected = format!("each pair once; {list}[{earlier}] is the same");
            let value = format!("{:?} and {:?}", pair.session, pair.clinician);
            return Err(ProblemError::new(format!("{list}[{index}]"), value, expected));
        }
    }
    Ok(places)
}

fn on_globe(path: &str, position: &Position) -> Result<(), ProblemError> {
    if position.is_on_globe() {
        return Ok(());
    }
    let value = format!("{} {}", position.latitude, position.longitude);
    Err(ProblemError::new(path, value, "latitude from -90 to 90 and longitude from -180 to 180 degrees"))
}

fn too_large(path: String, value: i64) -> ProblemError {
    ProblemError::new(path, value.to_string(), format!("a number from 0 to {LARGEST_NUMBER} in size"))
}

fn in_range(path: impl Fn() -> String, value: i64) -> Result<(), ProblemError> {
    if (0..=LARGEST_NUMBER).contains(&value) { Ok(()) } else { Err(too_large(path(), value)) }
}

fn check_clinician(index: usize, clinician: &Clinician, practices: &Ids<'_>) -> Result<(), ProblemError> {
    let path = |key: &str| format!("clinicians[{index}].{key}");
    on_globe(&path("home"), &clinician.home)?;
    in_range(|| path("max_travel_metres"), clinician.max_travel_metres)?;
    in_range(|| path("rest_minutes"), clinician.rest_minutes)?;
    for (key, limit) in [
        ("max_minutes_per_week", clinician.max_minutes_per_week),
        ("max_minutes_per_day", clinician.max_minutes_per_day),
    ] {
        in_range(|| path(key), limit.unwrap_or(0))?;
    }
    in_range(|| path("fairness_points"), clinician.fairness_points.saturating_abs())?;
    for (band, rate) in &clinician.rates {
        in_range(|| path(&format!("rates.{band}")), *rate)?;
    }
    for (place, span) in clinician.available.iter().enumerate() {
        if span.end <= span.start {
            let value = format!("{} to {}", span.start.to_rfc3339(), span.end.to_rfc3339());
            return Err(ProblemError::new(
                path(&format!("available[{place}]")),
                value,
                "an end after the start",
            ));
        }
    }
    for (key, named) in [
        ("prefers", &clinician.prefers),
        ("recent_practices", &clinician.recent_practices),
        ("refuses", &clinician.refuses),
    ] {
        known(named, practices, "practice", || path(key))?;
    }
    Ok(())
}

fn check_session(index: usize, session: &Session, practices: &Ids<'_>) -> Result<(), ProblemError> {
    let path = |key: &str| format!("sessions[{index}].{key}");
    let fault =
        |key: &str, value: String, expected: String| Err(ProblemError::new(path(key), value, expected));
    if !practices.contains_key(session.practice.as_str()) {
        let value = format!("{:?}", session.practice);
        return fault("practice", value, "the id of a practice in this file".into());
    }
    if session.end <= session.start {
        let start = session.start.to_rfc3339();
        return fault("end", session.end.to_rfc3339(), format!("a time after the start, {start}"));
    }
    if session.minutes() > LONGEST_SESSION_MINUTES {
        return fault("end", session.end.to_rfc3339(), "a time at most 24 hours after the start".into());
    }
    in_range(|| path("rate_min"), session.rate_min)?;
    in_range(|| path("rate_max"), session.rate_max)?;
    if session.rate_min > session.rate_max {
        let expected = format!("at most the session's rate_max, {}", session.rate_max);
        return fault("rate_min", session.rate_min.to_string(), expected);
    }
    if session.places == 0 || session.places > 1_000 {
        return fault("places", session.places.to_string(), "a whole number from 1 to 1000".into());
    }
    if session.priority == 0 || session.priority > 1_000 {
        return fault("priority", session.priority.to_string(), "a whole number from 1 to 1000".into());
    }
    Ok(())
}
