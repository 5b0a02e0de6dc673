//! A problem turned into numbers: ids become places in lists, times become minutes, names become codes.
//!
//! Sessions are in order of start, clinicians and practices in order of id, so that the order of the file never
//! matters to the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use matching_model::policy::Policy;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Pairing, Practice, Problem, Session};

use crate::index::{BandIx, ClinicianIx, CompetencyIx, IndexVec, Ix, PracticeIx, RoleIx, SessionIx};
use crate::pairs::geography::Roads;

/// The local hour at which a working day begins, so that a night belongs to the evening that it follows.
const WORKING_DAY_BEGINS_AT_HOUR: u32 = 4;

/// When and where a session is. Times are minutes since 1970, days are counted from the year 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timing {
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// The working day it belongs to.
    pub(crate) day: i32,
    /// The ISO week of its working day, counted in weeks.
    pub(crate) week: i32,
    pub(crate) practice: PracticeIx,
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
    source: usize,
    pub(crate) timing: Timing,
    pub(crate) roles: Vec<RoleIx>,
    pub(crate) needs: Vec<CompetencyIx>,
    /// The local date of its last minute: one that ends at midnight does not touch the next day.
    pub(crate) last_day: i32,
    pub(crate) band: BandIx,
    pub(crate) rate_min: i64,
    pub(crate) rate_max: i64,
    pub(crate) places: u32,
    pub(crate) priority: i64,
    /// Where the clinicians stand in the problem's own list to whom alone it is open, in order; none where it is open to all.
    open_to: Option<Vec<usize>>,
}

/// A clinician in numbers.
#[derive(Debug, Clone)]
pub(crate) struct ClinicianFacts {
    /// Where they stand in the problem's own list.
    source: usize,
    pub(crate) role: RoleIx,
    /// Competencies held, in order, each with its last valid day.
    pub(crate) holds: Vec<(CompetencyIx, i32)>,
    /// The last day on which they may work.
    pub(crate) cleared_until: i32,
    pub(crate) home: Position,
    pub(crate) max_travel_metres: i64,
    /// What they ask by band, in order of band; a band they don't work in isn't here.
    rates: Vec<(BandIx, i64)>,
    /// Offered spans in order of start, each with the latest end of all spans up to it.
    pub(crate) available: Vec<(i64, i64)>,
    pub(crate) max_minutes_per_week: Option<i64>,
    pub(crate) max_minutes_per_day: Option<i64>,
    pub(crate) rest_minutes: i64,
    /// Practices where either side refuses the other, in order.
    pub(crate) refused: Vec<PracticeIx>,
    /// Where the sessions stand in the problem's own list that they are not proposed for again, in order.
    not_again: Vec<usize>,
    pub(crate) prefers: Vec<PracticeIx>,
    pub(crate) recent: Vec<PracticeIx>,
    pub(crate) fairness_points: i64,
}

impl ClinicianFacts {
    /// What they ask in a band, in pence an hour.
    pub(crate) fn rate_in(&self, band: BandIx) -> Option<i64> {
        let place = self.rates.binary_search_by_key(&band, |(own, _)| *own).ok()?;
        Some(self.rates[place].1)
    }

    /// Whether they are not to be proposed for a session again.
    pub(crate) fn is_done_with(&self, session: &SessionFacts) -> bool {
        self.not_again.binary_search(&session.source).is_ok()
    }

    /// Whether a session is open to them yet.
    pub(crate) fn is_asked(&self, session: &SessionFacts) -> bool {
        session.open_to.as_ref().is_none_or(|people| people.binary_search(&self.source).is_ok())
    }

    /// The person as the problem has them.
    pub(crate) fn told<'p>(&self, problem: &'p Problem) -> &'p Clinician {
        &problem.clinicians[self.source]
    }
}

impl SessionFacts {
    /// The session as the problem has it.
    pub(crate) fn told<'p>(&self, problem: &'p Problem) -> &'p Session {
        &problem.sessions[self.source]
    }
}

/// A clinician in a session.
pub(crate) type Placed = (ClinicianIx, SessionIx);

/// A whole problem in numbers.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) policy: Policy,
    pub(crate) sessions: IndexVec<SessionIx, SessionFacts>,
    pub(crate) clinicians: IndexVec<ClinicianIx, ClinicianFacts>,
    pub(crate) roads: Arc<Roads>,
    /// Booked pairs, in order.
    pub(crate) booked: Vec<Placed>,
    /// Pairs with an offer out or of the last plan, in order.
    pub(crate) incumbent: Vec<Placed>,
}

/// What each name or id stands for. Whoever asks for one has validated the problem, so that it is there.
struct Names<'a, I>(BTreeMap<&'a str, I>);

impl<'a, I: Ix> Names<'a, I> {
    /// Each distinct name, numbered in order of the names.
    fn in_order(names: impl Iterator<Item = &'a str>) -> Self {
        let distinct: BTreeSet<&str> = names.collect();
        Self::as_listed(distinct.into_iter())
    }

    /// Each id, numbered as it stands in a list.
    fn as_listed(ids: impl Iterator<Item = &'a str>) -> Self {
        Self(ids.enumerate().map(|(place, id)| (id, I::at(place))).collect())
    }

    fn of(&self, name: &str) -> I {
        self.0[name]
    }

    fn sorted(&self, names: &[String]) -> Vec<I> {
        let mut numbers: Vec<I> = names.iter().map(|name| self.of(name)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

impl Facts {
    /// Turns a validated problem into numbers.
    pub(crate) fn of(problem: &Problem) -> Self {
        let mut practices: Vec<&Practice> = problem.practices.iter().collect();
        practices.sort_by_key(|practice| &practice.id);
        let mut in_order: Vec<(usize, &Session)> = problem.sessions.iter().enumerate().collect();
        in_order.sort_by_key(|(_, session)| (session.start, session.end, &session.id));
        let session_names = Names::as_listed(in_order.iter().map(|(_, session)| session.id.as_str()));
        let mut by_id: Vec<(usize, &Clinician)> = problem.clinicians.iter().enumerate().collect();
        by_id.sort_by_key(|(_, clinician)| &clinician.id);
        let clinician_names = Names::as_listed(by_id.iter().map(|(_, clinician)| clinician.id.as_str()));

        let roles = problem.sessions.iter().flat_map(|session| session.roles.iter().map(String::as_str));
        let needs = problem.sessions.iter().flat_map(|session| &session.competencies);
        let reading = Reading {
            roles: Names::in_order(
                roles.chain(problem.clinicians.iter().map(|clinician| clinician.role.as_str())),
            ),
            competencies: Names::in_order(needs.map(String::as_str)),
            bands: Names::in_order(problem.sessions.iter().map(|session| session.band.as_str())),
            practices: Names::as_listed(practices.iter().map(|practice| practice.id.as_str())),
            sources: problem
                .sessions
                .iter()
                .enumerate()
                .map(|(at, session)| (session.id.as_str(), at))
                .collect(),
            people: problem
                .clinicians
                .iter()
                .enumerate()
                .map(|(at, clinician)| (clinician.id.as_str(), at))
                .collect(),
            timezone: problem.timezone,
        };
        let sessions = in_order.iter().map(|(source, session)| reading.session(*source, session)).collect();
        let clinicians = by_id.iter().map(|(source, clinician)| reading.clinician(*source, clinician));
        let mut clinicians: IndexVec<ClinicianIx, ClinicianFacts> = clinicians.collect();
        for practice in &practices {
            for clinician in clinician_names.sorted(&practice.refuses) {
                clinicians[clinician].refused.push(reading.practices.of(&practice.id));
            }
        }
        for clinician in &mut clinicians {
            clinician.refused.sort_unstable();
            clinician.refused.dedup();
        }
        let pairs = |pairs: &[Pairing]| {
            let of = |pair: &Pairing| (clinician_names.of(&pair.clinician), session_names.of(&pair.session));
            let mut found: Vec<Placed> = pairs.iter().map(of).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        Self {
            policy: problem.policy,
            sessions,
            clinicians,
            roads: Arc::new(Roads::between(practices.iter().map(|practice| practice.position))),
            booked: pairs(&problem.booked),
            incumbent: pairs(&problem.incumbent),
        }
    }

    /// The sessions a clinician is booked in, in order of start.
    pub(crate) fn bookings_of(&self, clinician: ClinicianIx) -> impl Iterator<Item = SessionIx> + '_ {
        let from = self.booked.partition_point(|(who, _)| *who < clinician);
        self.booked
            .iter()
            .skip(from)
            .take_while(move |(who, _)| *who == clinician)
            .map(|(_, session)| *session)
    }

    /// Whether a clinician is booked in a session.
    pub(crate) fn is_booked(&self, clinician: ClinicianIx, session: SessionIx) -> bool {
        self.booked.binary_search(&(clinician, session)).is_ok()
    }

    /// The places that bookings leave, by session. There are never more bookings than places.
    pub(crate) fn places_left(&self) -> IndexVec<SessionIx, u32> {
        let mut left = self.sessions.map(|session| session.places);
        for (_, session) in &self.booked {
            left[*session] -= 1;
        }
        left
    }
}

/// What names stand for while a problem is turned into numbers.
struct Reading<'a> {
    roles: Names<'a, RoleIx>,
    competencies: Names<'a, CompetencyIx>,
    bands: Names<'a, BandIx>,
    practices: Names<'a, PracticeIx>,
    /// Where each session stands in the problem's own list.
    sources: BTreeMap<&'a str, usize>,
    /// Where each clinician does.
    people: BTreeMap<&'a str, usize>,
    timezone: Tz,
}

impl Reading<'_> {
    fn session(&self, source: usize, session: &Session) -> SessionFacts {
        let day = working_day(session.start, self.timezone).num_days_from_ce();
        let open_to = session.open_to.as_ref().map(|ids| {
            let mut people: Vec<usize> = ids.iter().map(|id| self.people[id.as_str()]).collect();
            people.sort_unstable();
            people
        });
        SessionFacts {
            source,
            timing: Timing {
                start: minutes(session.start),
                end: minutes(session.end),
                day,
                // Day 1 of the common era was a Monday, so whole weeks counted from it begin on Mondays.
                week: (day - 1).div_euclid(7),
                practice: self.practices.of(&session.practice),
            },
            roles: self.roles.sorted(&session.roles),
            needs: self.competencies.sorted(&session.competencies),
            last_day: last_date(session.end, self.timezone).num_days_from_ce(),
            band: self.bands.of(&session.band),
            rate_min: session.rate_min,
            rate_max: session.rate_max,
            places: session.places,
            priority: i64::from(session.priority),
            open_to,
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
        let mut rates: Vec<(BandIx, i64)> = clinician
            .rates
            .iter()
            .filter_map(|(band, rate)| Some((*self.bands.0.get(band.as_str())?, *rate)))
            .collect();
        rates.sort_unstable();
        let held = clinician.competencies.iter().filter_map(|(name, until)| {
            let code = *self.competencies.0.get(name.as_str())?;
            Some((code, until.map_or(i32::MAX, |until| until.num_days_from_ce())))
        });
        let mut not_again: Vec<usize> =
            clinician.not_again.iter().map(|session| self.sources[session.as_str()]).collect();
        not_again.sort_unstable();
        ClinicianFacts {
            source,
            role: self.roles.of(&clinician.role),
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
            not_again,
            prefers: self.practices.sorted(&clinician.prefers),
            recent: self.practices.sorted(&clinician.recent_practices),
            fairness_points: clinician.fairness_points,
        }
    }
}

fn minutes(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(60)
}

/// The local date of an instant.
pub(crate) fn local_date(time: DateTime<Utc>, timezone: Tz) -> NaiveDate {
    time.with_timezone(&timezone).date_naive()
}

/// The working day of what starts at an instant: its local date, or the one before where the day has not begun yet.
pub(crate) fn working_day(start: DateTime<Utc>, timezone: Tz) -> NaiveDate {
    let local = start.with_timezone(&timezone);
    let night = i64::from(local.hour() < WORKING_DAY_BEGINS_AT_HOUR);
    local.date_naive() - TimeDelta::days(night)
}

/// The local date of the last moment of what ends at an instant.
pub(crate) fn last_date(end: DateTime<Utc>, timezone: Tz) -> NaiveDate {
    local_date(end - TimeDelta::seconds(1), timezone)
}
