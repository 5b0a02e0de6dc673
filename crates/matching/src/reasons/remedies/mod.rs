//! Single changes that would fill a place, each tried on the whole plan before it is told.
//!
//! A change is proposed for each clinician whom one thing alone keeps out. It is then tried: they take the place as
//! their diary stands, or leave another session that somebody else takes over, with at most `MOST_MOVED` people
//! moved, each leaving one session. Where that works the plan fills one place more. Where they could come only by
//! leaving a session that nobody takes over, the change is told to gain nothing once the prices of places prove it;
//! where they don't, longer exchanges are looked for, and what stays open is not told.

mod certificate;
mod effect;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use matching_model::plan::{Change, Plan, Remedy, RemedyValue, RuleCode, Unfilled};
use matching_model::problem::Problem;
use rayon::prelude::{IntoParallelRefMutIterator, ParallelIterator};

use crate::index::{ClinicianIx, CompetencyIx, SessionIx};
use crate::pairs::eligible::eligible_pairs;
use crate::pairs::facts::{
    ClinicianFacts, Facts, Placed, SessionFacts, Timing, last_date, local_date, working_day,
};
use crate::pairs::refusal;
use crate::pairs::score::any_worth;
use crate::roster::takers::Takers;
use crate::roster::ways::{Candidates, Chains};
use crate::roster::{Index, Roster};
use crate::stop::{NeverStop, Stop};

use self::certificate::Certificate;
use self::effect::newly_allowed;

/// How many people may change sessions for one remedy, whoever it brings in among them.
const MOST_MOVED: usize = 3;

/// How many people may change sessions where neither a shorter way nor a proof that there is none was found.
const MOST_MOVED_IN_DOUBT: usize = 5;

/// How many remedies are told of one session.
const MOST_TOLD: usize = 5;

/// How many changes that seem to gain nothing are looked at for one session.
const MOST_IN_DOUBT: usize = 15;

/// A session is moved by no more than this.
const MOST_SHIFT_MINUTES: i64 = 120;

/// Sessions are moved in steps of this.
const SHIFT_STEP_MINUTES: i64 = 15;

/// Nobody is asked to travel more than this many times what they offer, in tenths.
const MOST_TRAVEL_TENTHS: i64 = 15;

/// Adds to every unfilled session of a legal plan the changes that would fill it, cheapest first.
pub fn add_remedies(problem: &Problem, plan: &mut Plan) {
    add_remedies_until(problem, plan, &NeverStop);
}

/// Does so until `stop` is due; the sessions left then have no remedies.
pub fn add_remedies_until(problem: &Problem, plan: &mut Plan, stop: &dyn Stop) {
    if stop.is_due() {
        return;
    }
    let facts = Facts::of(problem);
    let index = Index::of(problem, &facts);
    let roster = Roster::of(&facts, index.placed(plan));
    let sessions = index.sessions;
    let candidates = Candidates::of_pairs(&facts, &eligible_pairs(&facts));
    let takers = Takers::of(&facts, &roster, &candidates);
    let certificate = Certificate::of(&facts, plan, &roster, &sessions);
    plan.unfilled.par_iter_mut().for_each_init(
        || Trial {
            problem,
            facts: &facts,
            roster: &roster,
            chains: Chains::of(&facts, &roster, &candidates, &takers),
            certificate: &certificate,
        },
        |trial, unfilled| {
            if !stop.is_due() {
                trial.remedy(unfilled, &sessions);
            }
        },
    );
}

/// Where changes are tried.
struct Trial<'a> {
    problem: &'a Problem,
    facts: &'a Facts,
    roster: &'a Roster,
    chains: Chains<'a>,
    certificate: &'a Certificate,
}

/// A remedy, and the place of the clinician it brings in.
type Proposal = (ClinicianIx, Remedy);

/// A session with its facts.
type Work<'a> = (SessionIx, &'a SessionFacts);

/// A clinician with their facts.
type Person<'a> = (ClinicianIx, &'a ClinicianFacts);

impl Trial<'_> {
    fn remedy(&mut self, unfilled: &mut Unfilled, sessions: &BTreeMap<&str, SessionIx>) {
        let session = sessions[unfilled.session.as_str()];
        let facts = self.facts;
        let work = &facts.sessions[session];
        let people: Vec<Person<'_>> = facts
            .clinicians
            .numbered()
            .filter(|(clinician, person)| {
                work.roles.contains(&person.role) && !self.roster.people(session).contains(clinician)
            })
            .collect();
        let mut found: Vec<Proposal> = Vec::new();
        for (clinician, person) in people {
            let changes = self.changes_for((session, work), (clinician, person));
            found.extend(changes.into_iter().map(|remedy| (clinician, remedy)));
        }
        unfilled.remedies = self.chosen((session, work), found);
    }

    /// The remedies that are told, cheapest first. Those that gain a place come before those that gain none, where not
    /// all can be told.
    fn chosen(&mut self, (session, work): Work<'_>, mut found: Vec<Proposal>) -> Vec<Remedy> {
        let by_cost = |a: &Remedy, b: &Remedy| {
            (a.cost_pence, a.change, &a.clinician).cmp(&(b.cost_pence, b.change, &b.clinician))
        };
        found.sort_by(|(_, a), (_, b)| by_cost(a, b));
        let (gaining, in_doubt): (Vec<Proposal>, Vec<Proposal>) =
            found.into_iter().partition(|(_, remedy)| remedy.gains > 0);
        let mut told: Vec<Remedy> = gaining.into_iter().map(|(_, remedy)| remedy).take(MOST_TOLD).collect();
        for (clinician, remedy) in in_doubt.into_iter().take(MOST_IN_DOUBT) {
            if told.len() == MOST_TOLD {
                break;
            }
            told.extend(self.settled((session, work), clinician, remedy));
        }
        told.sort_by(by_cost);
        told
    }

    /// A change for which no short way was found: proven to gain nothing, or found to gain a place after all, or not
    /// told.
    fn settled(
        &mut self,
        (session, work): Work<'_>,
        clinician: ClinicianIx,
        remedy: Remedy,
    ) -> Option<Remedy> {
        let person = &self.facts.clinicians[clinician];
        let allowed = newly_allowed(self.facts, &remedy, (session, work), (clinician, person));
        if self.certificate.rules_out(self.facts, &allowed) {
            return Some(remedy);
        }
        let score = any_worth(self.facts, (clinician, session)).score;
        let fills = (MOST_MOVED + 1..=MOST_MOVED_IN_DOUBT)
            .any(|moved| self.chains.best_with(session, moved, (clinician, score)).is_some());
        fills.then_some(Remedy { gains: 1, ..remedy })
    }

    /// Every single change that brings this clinician into this session.
    fn changes_for(&mut self, work: Work<'_>, person: Person<'_>) -> Vec<Remedy> {
        match refusal::all_of_pair(self.facts, work.1, person.1).as_slice() {
            [] => self.diary_changes(work, person),
            [code] => {
                let mut changes: Vec<Remedy> = self
                    .pair_change(*code, work, person)
                    .and_then(|change| self.tried(change, work, person))
                    .into_iter()
                    .collect();
                if *code == RuleCode::Availability {
                    changes.extend(self.shifted(work, person));
                }
                changes
            }
            _ => Vec::new(),
        }
    }

    /// The change that lifts the one rule of pairs that fails, where it is one that people can make.
    fn pair_change(
        &self,
        code: RuleCode,
        (_, work): Work<'_>,
        (_, person): Person<'_>,
    ) -> Option<(Change, RemedyValue, Option<String>)> {
        let last_day = || RemedyValue::Date(date_of(work.last_day).to_string());
        match code {
            RuleCode::Rate => {
                let asked = person.rate_in(work.band)?;
                Some((Change::RaiseRateMax, RemedyValue::Number(asked.max(work.rate_min)), None))
            }
            RuleCode::Distance => {
                let metres = refusal::road_metres(self.facts, work, person);
                let bearable = metres * 10 <= person.max_travel_metres * MOST_TRAVEL_TENTHS;
                bearable.then_some((Change::ExtendTravel, RemedyValue::Number(metres), None))
            }
            RuleCode::Clearance => {
                (person.cleared_until > i32::MIN).then(|| (Change::ExtendClearance, last_day(), None))
            }
            RuleCode::Competency => {
                let name = self.lapsed_competency(work, person)?;
                Some((Change::RenewCompetency, last_day(), Some(name)))
            }
            RuleCode::Availability => {
                let date = local_date(work.told(self.problem).start, self.problem.timezone);
                self.offers_time_on(person, date)
                    .then(|| (Change::ExtendAvailability, RemedyValue::Date(date.to_string()), None))
            }
            _ => None,
        }
    }

    /// The one needed competency that is held and lasts too short; `None` where more is missing.
    fn lapsed_competency(&self, work: &SessionFacts, person: &ClinicianFacts) -> Option<String> {
        let last_valid =
            |need: &CompetencyIx| person.holds.iter().find(|(held, _)| held == need).map(|(_, until)| *until);
        let mut lapsed =
            work.needs.iter().filter(|need| last_valid(need).is_none_or(|until| until < work.last_day));
        let need = lapsed.next()?;
        if lapsed.next().is_some() {
            return None;
        }
        last_valid(need)?;
        let told = person.told(self.problem);
        let needed = &work.told(self.problem).competencies;
        let lasts_too_short = |name: &&String| {
            told.competencies
                .get(*name)
                .is_some_and(|until| until.is_some_and(|until| until < date_of(work.last_day)))
        };
        needed.iter().find(lasts_too_short).cloned()
    }

    fn offers_time_on(&self, person: &ClinicianFacts, date: NaiveDate) -> bool {
        let (spans, zone) = (&person.told(self.problem).available, self.problem.timezone);
        spans.iter().any(|span| local_date(span.start, zone) <= date && date <= last_date(span.end, zone))
    }

    /// Tries a change that makes the pair allowed.
    fn tried(
        &mut self,
        (change, to, competency): (Change, RemedyValue, Option<String>),
        (session, work): Work<'_>,
        (clinician, person): Person<'_>,
    ) -> Option<Remedy> {
        let worth = Some(any_worth(self.facts, (clinician, session))).filter(|worth| worth.score > 0)?;
        let fills = (0..=MOST_MOVED)
            .any(|moved| self.chains.best_with(session, moved, (clinician, worth.score)).is_some());
        if !fills && !self.could_come_instead(work, (clinician, person)) {
            return None;
        }
        Some(Remedy {
            change,
            to,
            clinician: person.told(self.problem).id.clone(),
            competency,
            cost_pence: worth.pay_pence,
            gains: u32::from(fills),
        })
    }

    /// Whether they could do the session if they left one other that is only planned.
    fn could_come_instead(&self, work: &SessionFacts, (clinician, person): Person<'_>) -> bool {
        let diary = self.roster.diary(clinician);
        diary.iter().filter(|left| !self.facts.is_booked(clinician, **left)).any(|left| {
            let rest: Vec<SessionIx> = diary.iter().copied().filter(|other| other != left).collect();
            refusal::of_diary(self.facts, work, person, &rest).is_none()
        })
    }

    /// Changes for somebody who may do the session, and whose diary has no room for it.
    fn diary_changes(&self, (session, work): Work<'_>, (clinician, person): Person<'_>) -> Vec<Remedy> {
        let diary = self.roster.diary(clinician);
        let minutes = |same: &dyn Fn(&Timing) -> bool| -> i64 {
            let timings = diary.iter().map(|other| &self.facts.sessions[*other].timing);
            timings.filter(|other| same(other)).map(Timing::minutes).sum()
        };
        let more = work.timing.minutes();
        let mut widened = person.clone();
        let change = match refusal::of_diary(self.facts, work, person, diary) {
            Some(RuleCode::WeeklyHours) => {
                let needed = minutes(&|other| other.week == work.timing.week) + more;
                widened.max_minutes_per_week = Some(needed);
                (Change::RaiseWeeklyMinutes, needed)
            }
            Some(RuleCode::DailyHours) => {
                let needed = minutes(&|other| other.day == work.timing.day) + more;
                widened.max_minutes_per_day = Some(needed);
                (Change::RaiseDailyMinutes, needed)
            }
            Some(RuleCode::Overlap | RuleCode::Travel | RuleCode::Rest) => {
                return self.shifted((session, work), (clinician, person)).into_iter().collect();
            }
            _ => return Vec::new(),
        };
        if refusal::of_diary(self.facts, work, &widened, diary).is_some() {
            return Vec::new();
        }
        self.direct(change, (clinician, session)).into_iter().collect()
    }

    /// A change after which nobody else has to move.
    fn direct(&self, (change, to): (Change, i64), (clinician, session): Placed) -> Option<Remedy> {
        let worth = Some(any_worth(self.facts, (clinician, session))).filter(|worth| worth.score > 0)?;
        Some(Remedy {
            change,
            to: RemedyValue::Number(to),
            clinician: self.facts.clinicians[clinician].told(self.problem).id.clone(),
            competency: None,
            cost_pence: worth.pay_pence,
            gains: 1,
        })
    }

    /// The smallest move of the session, within its day, after which this clinician has the time for it. Only for a
    /// session that nobody is in yet.
    fn shifted(&self, (session, work): Work<'_>, (clinician, person): Person<'_>) -> Option<Remedy> {
        if !self.roster.people(session).is_empty() {
            return None;
        }
        let steps = (1..=MOST_SHIFT_MINUTES / SHIFT_STEP_MINUTES).flat_map(|step| {
            let minutes = step * SHIFT_STEP_MINUTES;
            [minutes, -minutes]
        });
        let fits = |shift: &i64| {
            let Some(moved) = self.moved(work, *shift) else { return false };
            refusal::of_pair(self.facts, &moved, person).is_none()
                && refusal::of_diary(self.facts, &moved, person, self.roster.diary(clinician)).is_none()
        };
        let shift = { steps }.find(fits)?;
        self.direct((Change::ShiftStart, shift), (clinician, session))
    }

    /// The session so many minutes later, where it is then of the same working day and ends on the same date.
    fn moved(&self, work: &SessionFacts, shift: i64) -> Option<SessionFacts> {
        let told = work.told(self.problem);
        let by = chrono::TimeDelta::minutes(shift);
        let days = |by| {
            let zone = self.problem.timezone;
            (working_day(told.start + by, zone), last_date(told.end + by, zone))
        };
        if days(by) != days(chrono::TimeDelta::zero()) {
            return None;
        }
        let mut moved = work.clone();
        (moved.timing.start, moved.timing.end) = (work.timing.start + shift, work.timing.end + shift);
        Some(moved)
    }
}

/// The date of a day counted from the year 1.
fn date_of(day: i32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default();
    first + Days::new(u64::try_from(day - 1).unwrap_or(0))
}
