//! A problem turned into numbers: ids become places in lists, times become minutes, names become codes.
//!
//! Sessions are in order of start, clinicians and practices in order of id, so that the order of the file never
//! matters to the plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Problem, Session};

use crate::pairs::geography::Roads;

/// When and where a session is. Times are minutes since 1970, days are counted from the year 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timing {
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// The local date on which it starts.
    pub(crate) day: i32,
    /// The ISO week of its start, counted in weeks.
    pub(crate) week: i32,
    pub(crate) practice: u32,
}

impl Timing {
    pub(crate) fn minutes(&self) -> i64 {
        self.end - self.start
    }
}

/// A session in numbers.
#[derive(Debug, Clone)]
pub(crate) struct SessionFacts {
    /// Where it stands in the problem's own list.
    pub(crate) source: usize,
    pub(crate) timing: Timing,
    pub(crate) roles: Vec<u32>,
    pub(crate) needs: Vec<u32>,
    /// The local date on which it ends.
    pub(crate) last_day: i32,
    pub(crate) band: u32,
    pub(crate) rate_min: i64,
    pub(crate) rate_max: i64,
    pub(crate) places: u32,
    pub(crate) priority: i64,
}

/// A clinician in numbers.
#[derive(Debug, Clone)]
pub(crate) struct ClinicianFacts {
    /// Where they stand in the problem's own list.
    pub(crate) source: usize,
    pub(crate) role: u32,
    /// Competencies held, in order, each with its last valid day.
    pub(crate) holds: Vec<(u32, i32)>,
    /// The last day on which they may work.
    pub(crate) cleared_until: i32,
    pub(crate) home: Position,
    pub(crate) max_travel_metres: i64,
    /// What they ask by band, in order of band; a band they don't work in isn't here.
    rates: Vec<(u32, i64)>,
    /// Offered spans in order of start, each with the latest end of all spans up to it.
    pub(crate) available: Vec<(i64, i64)>,
    pub(crate) max_minutes_per_week: Option<i64>,
    pub(crate) max_minutes_per_day: Option<i64>,
    pub(crate) rest_minutes: i64,
    /// Practices where either side refuses the other, in order.
    pub(crate) refused: Vec<u32>,
    pub(crate) prefers: Vec<u32>,
    pub(crate) recent: Vec<u32>,
    pub(crate) fairness_points: i64,
}

impl ClinicianFacts {
    /// What they ask in a band, in pence an hour.
    pub(crate) fn rate_in(&self, band: u32) -> Option<i64> {
        let place = self.rates.binary_search_by_key(&band, |(own, _)| *own).ok()?;
        self.rates.get(place).map(|(_, rate)| *rate)
    }
}

/// A whole problem in numbers.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) policy: Policy,
    pub(crate) sessions: Vec<SessionFacts>,
    pub(crate) clinicians: Vec<ClinicianFacts>,
    pub(crate) roads: Arc<Roads>,
    /// Booked pairs as (clinician, session), in order.
    pub(crate) booked: Vec<(u32, u32)>,
    /// Pairs with an offer out or of the last plan, as (clinician, session), in order.
    pub(crate) incumbent: Vec<(u32, u32)>,
}

/// Gives each distinct name a code, in order of the names.
struct Codes<'a>(BTreeMap<&'a str, u32>);

impl<'a> Codes<'a> {
    fn of(names: impl Iterator<Item = &'a str>) -> Self {
        let mut codes: BTreeMap<&str, u32> = names.map(|name| (name, 0)).collect();
        for (place, code) in (0..).zip(codes.values_mut()) {
            *code = place;
        }
        Self(codes)
    }

    fn code(&self, name: &str) -> u32 {
        self.0.get(name).copied().unwrap_or(u32::MAX)
    }

    fn sorted(&self, names: &[String]) -> Vec<u32> {
        let mut codes: Vec<u32> = names.iter().map(|name| self.code(name)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

/// Where each id stands in a list.
struct Places<'a>(BTreeMap<&'a str, u32>);

impl<'a> Places<'a> {
    fn of(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(ids.zip(0..).collect())
    }

    fn sorted(&self, ids: &[String]) -> Vec<u32> {
        let mut places: Vec<u32> = ids.iter().filter_map(|id| self.0.get(id.as_str()).copied()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Facts {
    /// Turns a validated problem into numbers.
    pub(crate) fn of(problem: &Problem) -> Self {
        let mut practice_order: Vec<usize> = (0..problem.practices.len()).collect();
        practice_order.sort_by_key(|place| problem.practices.get(*place).map(|practice| &practice.id));
        let practices: Vec<_> =
            practice_order.iter().filter_map(|place| problem.practices.get(*place)).collect();
        let practice_places = Places::of(practices.iter().map(|practice| practice.id.as_str()));

        let mut session_order: Vec<(usize, &Session)> = problem.sessions.iter().enumerate().collect();
        session_order.sort_by_key(|(_, session)| (session.start, session.end, &session.id));
        let session_places = Places::of(session_order.iter().map(|(_, session)| session.id.as_str()));
        let mut clinician_order: Vec<(usize, &Clinician)> = problem.clinicians.iter().enumerate().collect();
        clinician_order.sort_by_key(|(_, clinician)| &clinician.id);
        let clinician_places = Places::of(clinician_order.iter().map(|(_, clinician)| clinician.id.as_str()));

        let names = Names {
            roles: Codes::of(
                problem
                    .sessions
                    .iter()
                    .flat_map(|session| session.roles.iter().map(String::as_str))
                    .chain(problem.clinicians.iter().map(|clinician| clinician.role.as_str())),
            ),
            competencies: Codes::of(
                problem.sessions.iter().flat_map(|session| session.competencies.iter().map(String::as_str)),
            ),
            bands: Codes::of(problem.sessions.iter().map(|session| session.band.as_str())),
            practices: practice_places,
            timezone: problem.timezone,
        };
        let sessions =
            session_order.iter().map(|(source, session)| names.session(*source, session)).collect();
        let mut clinicians: Vec<ClinicianFacts> =
            clinician_order.iter().map(|(source, clinician)| names.clinician(*source, clinician)).collect();
        for (place, practice) in (0..).zip(&practices) {
            for clinician in clinician_places.sorted(&practice.refuses) {
                if let Some(clinician) = clinicians.get_mut(clinician as usize) {
                    clinician.refused.push(place);
                }
            }
        }
        for clinician in &mut clinicians {
            clinician.refused.sort_unstable();
            clinician.refused.dedup();
        }
        let pairs = |pairs: &[matching_model::problem::Pairing]| {
            let mut found: Vec<(u32, u32)> = pairs
                .iter()
                .filter_map(|pair| {
                    let clinician = clinician_places.0.get(pair.clinician.as_str())?;
                    Some((*clinician, *session_places.0.get(pair.session.as_str())?))
                })
                .collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        Self {
            policy: problem.policy,
            sessions,
            clinicians,
            roads: Arc::new(Roads::between(practices.iter().map(|practice| practice.position).collect())),
            booked: pairs(&problem.booked),
            incumbent: pairs(&problem.incumbent),
        }
    }

    /// The sessions a clinician is booked in, in order of start.
    pub(crate) fn bookings_of(&self, clinician: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.booked.partition_point(|(who, _)| *who < clinician);
        self.booked
            .iter()
            .skip(from)
            .take_while(move |(who, _)| *who == clinician)
            .map(|(_, session)| *session)
    }
}

/// What names stand for while a problem is turned into numbers.
struct Names<'a> {
    roles: Codes<'a>,
    competencies: Codes<'a>,
    bands: Codes<'a>,
    practices: Places<'a>,
    timezone: Tz,
}

impl Names<'_> {
    fn session(&self, source: usize, session: &Session) -> SessionFacts {
        let first = local_date(session.start, self.timezone);
        SessionFacts {
            source,
            timing: Timing {
                start: minutes(session.start),
                end: minutes(session.end),
                day: first.num_days_from_ce(),
                // Day 1 of the common era was a Monday, so whole weeks counted from it begin on Mondays.
                week: (first.num_days_from_ce() - 1).div_euclid(7),
                practice: self.practices.0.get(session.practice.as_str()).copied().unwrap_or(u32::MAX),
            },
            roles: self.roles.sorted(&session.roles),
            needs: self.competencies.sorted(&session.competencies),
            last_day: local_date(session.end, self.timezone).num_days_from_ce(),
            band: self.bands.code(&session.band),
            rate_min: session.rate_min,
            rate_max: session.rate_max,
            places: session.places,
            priority: i64::from(session.priority),
        }
    }

    fn clinician(&self, source: usize, clinician: &Clinician) -> ClinicianFacts {
        let mut available: Vec<(i64, i64)> =
            clinician.available.iter().map(|span| (minutes(span.start), minutes(span.end))).collect();
        available.sort_unstable();
        let mut latest = i64::MIN;
        for (_, end) in &mut available {
            latest = latest.max(*end);
            *end = latest;
        }
        let mut rates: Vec<(u32, i64)> = clinician
            .rates
            .iter()
            .filter_map(|(band, rate)| Some((*self.bands.0.get(band.as_str())?, *rate)))
            .collect();
        rates.sort_unstable();
        let held = clinician.competencies.iter().filter_map(|(name, until)| {
            let code = *self.competencies.0.get(name.as_str())?;
            Some((code, until.map_or(i32::MAX, |until| until.num_days_from_ce())))
        });
        ClinicianFacts {
            source,
            role: self.roles.code(&clinician.role),
            holds: held.collect(),
            cleared_until: clinician.cleared_until.map_or(i32::MIN, |until| until.num_days_from_ce()),
            home: clinician.home,
            max_travel_metres: clinician.max_travel_metres,
            rates,
            available,
            max_minutes_per_week: clinician.max_minutes_per_week,
            max_minutes_per_day: clinician.max_minutes_per_day,
            rest_minutes: clinician.rest_minutes,
            refused: self.practices.sorted(&clinician.refuses),
            prefers: self.practices.sorted(&clinician.prefers),
            recent: self.practices.sorted(&clinician.recent_practices),
            fairness_points: clinician.fairness_points,
        }
    }
}

fn minutes(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(60)
}

fn local_date(time: DateTime<Utc>, timezone: Tz) -> NaiveDate {
    time.with_timezone(&timezone).date_naive()
}
