//! The problem restated for checking: names become numbers, instants become minutes, and every distance
//! and date is worked out here again, by other code than the engine's.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::Fault;
use matching_model::position::Position;
use matching_model::problem::{Clinician, Practice, Problem, Session};

/// Points of score. Wide enough that no sum over a problem can overflow.
pub type Points = i128;

/// Mean radius of the Earth in metres (IUGG), as the published rules name it.
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// Road metres for each metre of the great circle, as the published rules name it.
const ROAD_METRES_PER_STRAIGHT_METRE: f64 = 1.3;

/// A day that no date reaches: the last day of a competency that does not expire.
const NEVER: i32 = i32::MAX;

/// A day before every date: the clearance of somebody who has none.
const NOT_CLEARED: i32 = i32::MIN;

/// A session as the checker sees it. Minutes are whole minutes since 1970, days and weeks are counted from
/// the year 1 in the problem's time zone.
#[derive(Clone)]
pub struct SessionFacts<'p> {
    /// What the problem says of it.
    pub told: &'p Session,
    /// Index of its practice.
    pub practice: usize,
    /// Start in minutes since 1970.
    pub start_minute: i64,
    /// End in minutes since 1970.
    pub end_minute: i64,
    /// The working day it belongs to: the local date of its start, or the one before where it starts before 4am.
    pub day: i32,
    /// ISO week (Monday to Sunday) of its working day.
    pub week: i32,
    /// Local date of its last moment: one that ends at midnight does not touch the next.
    pub last_day: i32,
    roles: Vec<usize>,
    competencies: Vec<usize>,
    band: usize,
}

impl SessionFacts<'_> {
    /// How long it lasts, in minutes.
    pub fn minutes(&self) -> i64 {
        self.end_minute - self.start_minute
    }

    /// How many people it takes.
    pub fn places(&self) -> usize {
        self.told.places as usize
    }

    /// The order in which one person's sessions stand.
    pub fn span(&self) -> (i64, i64) {
        (self.start_minute, self.end_minute)
    }
}

impl ClinicianFacts<'_> {
    fn holds(&self, competency: usize, on: i32) -> bool {
        self.competencies.iter().any(|(held, until)| *held == competency && *until >= on)
    }
}

/// A clinician as the checker sees them.
pub struct ClinicianFacts<'p> {
    /// What the problem says of them.
    pub told: &'p Clinician,
    role: usize,
    /// Each with the last day it is valid on.
    competencies: Vec<(usize, i32)>,
    cleared_until_day: i32,
    rates: HashMap<usize, i64>,
    available: Vec<(i64, i64)>,
    prefers: Vec<usize>,
    recent: Vec<usize>,
    refuses: Vec<usize>,
}

/// Everything the checker knows of a problem.
pub struct Facts<'p> {
    /// The problem itself.
    pub problem: &'p Problem,
    /// Practices in the problem's order.
    pub practices: Vec<PracticeFacts<'p>>,
    /// Sessions in the problem's order.
    pub sessions: Vec<SessionFacts<'p>>,
    /// Clinicians in the problem's order.
    pub clinicians: Vec<ClinicianFacts<'p>>,
    session_of: HashMap<&'p str, usize>,
    clinician_of: HashMap<&'p str, usize>,
    /// Who is booked in each session.
    booked: Vec<Vec<usize>>,
    /// Who holds an offer or the last plan's place in each session.
    incumbent: Vec<Vec<usize>>,
}

/// A practice as the checker sees it.
pub struct PracticeFacts<'p> {
    /// What the problem says of it.
    pub told: &'p Practice,
    /// The clinicians it refuses.
    refuses: Vec<usize>,
}

/// Numbers handed out to names in the order they come.
#[derive(Default)]
struct Names<'p>(HashMap<&'p str, usize>);

impl<'p> Names<'p> {
    fn number(&mut self, name: &'p str) -> usize {
        let next = self.0.len();
        *self.0.entry(name).or_insert(next)
    }

    fn numbers(&mut self, names: &'p [String]) -> Vec<usize> {
        names.iter().map(|name| self.number(name)).collect()
    }
}

impl<'p> Facts<'p> {
    /// Restates a problem; an error names what the problem itself gets wrong, so that nothing can be checked
    /// against it.
    pub fn of(problem: &'p Problem) -> Result<Self, Fault> {
        let practice_of = index_of(problem.practices.iter().map(|practice| practice.id.as_str()));
        let session_of = index_of(problem.sessions.iter().map(|session| session.id.as_str()));
        let clinician_of = index_of(problem.clinicians.iter().map(|clinician| clinician.id.as_str()));
        let (mut roles, mut competencies, mut bands) = (Names::default(), Names::default(), Names::default());
        let mut sessions = Vec::with_capacity(problem.sessions.len());
        for told in &problem.sessions {
            let practice = *practice_of.get(told.practice.as_str()).ok_or_else(|| unknown(&told.practice))?;
            let day = working_day(problem, told.start);
            sessions.push(SessionFacts {
                told,
                practice,
                start_minute: minute_of(&told.start),
                end_minute: minute_of(&told.end),
                day,
                week: (day - 1).div_euclid(7),
                last_day: day_before(problem, told.end),
                roles: roles.numbers(&told.roles),
                competencies: competencies.numbers(&told.competencies),
                band: bands.number(&told.band),
            });
        }
        // A practice that is refused or preferred and is not in the problem can matter to nobody.
        let known = |ids: &[String], index: &HashMap<&str, usize>| -> Vec<usize> {
            ids.iter().filter_map(|id| index.get(id.as_str()).copied()).collect()
        };
        let mut clinicians = Vec::with_capacity(problem.clinicians.len());
        for told in &problem.clinicians {
            clinicians.push(ClinicianFacts {
                told,
                role: roles.number(&told.role),
                competencies: told
                    .competencies
                    .iter()
                    .map(|(name, until)| (competencies.number(name), until.map_or(NEVER, day_number)))
                    .collect(),
                cleared_until_day: told.cleared_until.map_or(NOT_CLEARED, day_number),
                rates: told.rates.iter().map(|(band, rate)| (bands.number(band), *rate)).collect(),
                available: told
                    .available
                    .iter()
                    .map(|span| (minute_of(&span.start), minute_of(&span.end)))
                    .collect(),
                prefers: known(&told.prefers, &practice_of),
                recent: known(&told.recent_practices, &practice_of),
                refuses: known(&told.refuses, &practice_of),
            });
        }
        let practices = problem
            .practices
            .iter()
            .map(|told| PracticeFacts { told, refuses: known(&told.refuses, &clinician_of) })
            .collect();
        let mut facts = Facts {
            problem,
            practices,
            sessions,
            clinicians,
            session_of,
            clinician_of,
            booked: Vec::new(),
            incumbent: Vec::new(),
        };
        facts.booked =
            facts.by_session(problem.booked.iter().map(|pair| (&pair.session, &pair.clinician)))?;
        facts.incumbent =
            facts.by_session(problem.incumbent.iter().map(|pair| (&pair.session, &pair.clinician)))?;
        Ok(facts)
    }

    fn by_session<'a>(
        &self,
        pairs: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> Result<Vec<Vec<usize>>, Fault> {
        let mut people = vec![Vec::new(); self.sessions.len()];
        for (session, clinician) in pairs {
            let session = self.session(session).ok_or_else(|| unknown(session))?;
            people[session].push(self.clinician(clinician).ok_or_else(|| unknown(clinician))?);
        }
        Ok(people)
    }

    /// Index of the session with this id.
    pub fn session(&self, id: &str) -> Option<usize> {
        self.session_of.get(id).copied()
    }

    /// Index of the clinician with this id.
    pub fn clinician(&self, id: &str) -> Option<usize> {
        self.clinician_of.get(id).copied()
    }

    /// A session so many minutes later; nothing where that is of another working day or ends on another date.
    pub fn shifted(&self, session: usize, minutes: i64) -> Option<SessionFacts<'p>> {
        let facts = &self.sessions[session];
        let by = TimeDelta::try_minutes(minutes)?;
        let day = working_day(self.problem, facts.told.start.checked_add_signed(by)?);
        let last_day = day_before(self.problem, facts.told.end.checked_add_signed(by)?);
        let (start_minute, end_minute) = (facts.start_minute + minutes, facts.end_minute + minutes);
        ((day, last_day) == (facts.day, facts.last_day)).then(|| SessionFacts {
            start_minute,
            end_minute,
            ..facts.clone()
        })
    }

    /// Who is booked in this session.
    pub fn booked(&self, session: usize) -> &[usize] {
        &self.booked[session]
    }

    /// Whether this pair is booked.
    pub fn is_booked(&self, session: usize, clinician: usize) -> bool {
        self.booked[session].contains(&clinician)
    }

    /// Whether this pair is an offer out or was in the last plan.
    pub fn is_incumbent(&self, session: usize, clinician: usize) -> bool {
        self.incumbent[session].contains(&clinician)
    }

    /// Minutes to drive between two practices: 40 km/h on the road, rounded up; none within one practice.
    pub fn drive_minutes(&self, from: usize, to: usize) -> i64 {
        if from == to {
            return 0;
        }
        let metres = road_metres(self.practices[from].told.position, self.practices[to].told.position);
        (metres * 3).div_ceil(2000).cast_signed()
    }

    /// Road metres from a clinician's home to a practice.
    pub fn road_metres(&self, clinician: usize, practice: usize) -> i64 {
        let home = self.clinicians[clinician].told.home;
        road_metres(home, self.practices[practice].told.position).cast_signed()
    }

    /// Whether their role is among those the session accepts.
    pub fn has_role(&self, session: usize, clinician: usize) -> bool {
        self.sessions[session].roles.contains(&self.clinicians[clinician].role)
    }

    /// Whether every competency the session needs is held and valid on its last day.
    pub fn is_competent(&self, session: usize, clinician: usize) -> bool {
        let (session, clinician) = (&self.sessions[session], &self.clinicians[clinician]);
        session.competencies.iter().all(|need| clinician.holds(*need, session.last_day))
    }

    /// Whether this competency is the only one they lack for the session.
    pub fn lacks_only(&self, session: usize, clinician: usize, competency: &str) -> bool {
        let (session, clinician) = (&self.sessions[session], &self.clinicians[clinician]);
        let lacking = |need: &usize| !clinician.holds(*need, session.last_day);
        let needs = session.competencies.iter().zip(&session.told.competencies);
        let mut missing = needs.filter(|(need, _)| lacking(need)).map(|(_, name)| name);
        missing.next().is_some_and(|name| name == competency) && missing.all(|name| name == competency)
    }

    /// Whether they are cleared to work on the session's last day.
    pub fn is_cleared(&self, session: usize, clinician: usize) -> bool {
        self.clinicians[clinician].cleared_until_day >= self.sessions[session].last_day
    }

    /// Whether one available span contains the whole session.
    pub fn is_available(&self, session: &SessionFacts<'_>, clinician: usize) -> bool {
        let (start, end) = session.span();
        self.clinicians[clinician].available.iter().any(|(from, to)| *from <= start && end <= *to)
    }

    /// What they ask for an hour in the session's band, in pence.
    pub fn asked_rate(&self, session: usize, clinician: usize) -> Option<i64> {
        self.clinicians[clinician].rates.get(&self.sessions[session].band).copied()
    }

    /// Whether they prefer the session's practice.
    pub fn is_preferred(&self, session: usize, clinician: usize) -> bool {
        self.clinicians[clinician].prefers.contains(&self.sessions[session].practice)
    }

    /// Whether they worked at the session's practice lately.
    pub fn is_recent(&self, session: usize, clinician: usize) -> bool {
        self.clinicians[clinician].recent.contains(&self.sessions[session].practice)
    }

    /// Whether the practice or the clinician refuses the other.
    pub fn is_refused(&self, session: usize, clinician: usize) -> bool {
        let practice = self.sessions[session].practice;
        self.practices[practice].refuses.contains(&clinician)
            || self.clinicians[clinician].refuses.contains(&practice)
    }
}

fn index_of<'p>(ids: impl Iterator<Item = &'p str>) -> HashMap<&'p str, usize> {
    ids.enumerate().map(|(index, id)| (id, index)).collect()
}

fn unknown(id: &str) -> Fault {
    Fault::ProblemUnusable { what: format!("it names {id}, which is not in it") }
}

/// The working day of what starts then, counted from the year 1: it begins four hours after its date does.
fn working_day(problem: &Problem, start: DateTime<Utc>) -> i32 {
    let wall = start.with_timezone(&problem.timezone).naive_local();
    day_number((wall - TimeDelta::hours(4)).date())
}

/// The local date of the last moment before an instant, counted from the year 1.
fn day_before(problem: &Problem, end: DateTime<Utc>) -> i32 {
    local_day(problem, end - TimeDelta::nanoseconds(1))
}

/// The local date of an instant, counted from the year 1.
pub fn local_day(problem: &Problem, at: DateTime<Utc>) -> i32 {
    day_number(at.with_timezone(&problem.timezone).date_naive())
}

fn minute_of(at: &DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

/// Road metres between two places in degrees: 1.3 times the great circle, rounded half up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "half the Earth's circumference times 1.3 is 26 million metres"
)]
fn road_metres(from: Position, to: Position) -> u64 {
    let (from_latitude, to_latitude) = (from.latitude.to_radians(), to.latitude.to_radians());
    let (north, east) =
        (to_latitude - from_latitude, to.longitude.to_radians() - from.longitude.to_radians());
    let haversine =
        (north / 2.0).sin().powi(2) + from_latitude.cos() * to_latitude.cos() * (east / 2.0).sin().powi(2);
    let metres =
        ROAD_METRES_PER_STRAIGHT_METRE * 2.0 * EARTH_RADIUS_METRES * haversine.min(1.0).sqrt().asin();
    (metres + 0.5).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::{Position, road_metres};

    #[test]
    fn a_degree_of_latitude_is_a_hundred_and_eleven_kilometres_of_straight_line() {
        // 1.3 x 6,371,008.8 x pi / 180 = 144,554.5…; worked by hand.
        let at = |latitude, longitude| Position { latitude, longitude };
        assert_eq!(road_metres(at(50.0, -2.0), at(51.0, -2.0)), 144_554);
        assert_eq!(road_metres(at(50.0, -2.0), at(50.0, -2.0)), 0);
    }
}
