//! What a plan says of itself, held against what its assignments make it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Datelike, NaiveDate};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::facts::{Facts, Points};
use super::pair::Refusal;
use super::reach::Reach;
use super::{Fault, Proven, Report};
use crate::matching::plan::{
    Assignment, BoundProof, Change, Plan, Remedy, RemedyValue, Unfilled, UnfilledReason,
};

/// Who stands in each session, by the plan's assignments.
struct Standing {
    people: Vec<Vec<usize>>,
    score: Points,
}

impl Facts<'_> {
    /// Everything that is wrong with a plan, and what it adds up to.
    pub fn check(&self, plan: &Plan) -> Report {
        let mut faults = Vec::new();
        let standing = self.check_assignments(&plan.assignments, &mut faults);
        self.check_bookings(&standing, &mut faults);
        let mut diaries = vec![Vec::new(); self.clinicians.len()];
        for (session, people) in standing.people.iter().enumerate() {
            for clinician in people {
                diaries[*clinician].push(session);
            }
        }
        let of_diaries: Vec<Vec<Fault>> = (0..diaries.len())
            .into_par_iter()
            .map(|clinician| self.diary_faults(clinician, &diaries[clinician]))
            .collect();
        faults.extend(of_diaries.into_iter().flatten());
        let filled = standing.people.iter().map(Vec::len).sum();
        let places: usize = self.sessions.iter().map(super::facts::SessionFacts::places).sum();
        check_totals(plan, standing.score, filled, places, &mut faults);
        let left: Vec<usize> = standing
            .people
            .iter()
            .zip(&self.sessions)
            .map(|(people, session)| session.places().saturating_sub(people.len()))
            .collect();
        self.check_unfilled(&plan.unfilled, &standing, &left, &mut faults);
        Report { faults, score: standing.score, filled, places_left: left.iter().sum() }
    }

    fn check_assignments(&self, assignments: &[Assignment], faults: &mut Vec<Fault>) -> Standing {
        let checked: Vec<_> =
            assignments.into_par_iter().map(|assignment| self.check_assignment(assignment)).collect();
        let mut standing = Standing { people: vec![Vec::new(); self.sessions.len()], score: 0 };
        for (assignment, (pair, found)) in assignments.iter().zip(checked) {
            faults.extend(found);
            let Some((session, clinician, score)) = pair else {
                continue;
            };
            if standing.people[session].contains(&clinician) {
                faults.push(Fault::Twice {
                    session: assignment.session.clone(),
                    clinician: assignment.clinician.clone(),
                });
            }
            standing.people[session].push(clinician);
            standing.score += score;
        }
        standing
    }

    fn check_assignment(&self, assignment: &Assignment) -> (Option<(usize, usize, Points)>, Vec<Fault>) {
        let Assignment { session: session_id, clinician: clinician_id, .. } = assignment;
        let (Some(session), Some(clinician)) = (self.session(session_id), self.clinician(clinician_id))
        else {
            let fault = Fault::Unknown { session: session_id.clone(), clinician: clinician_id.clone() };
            return (None, vec![fault]);
        };
        let mut faults = Vec::new();
        let booked = self.is_booked(session, clinician);
        if !booked {
            faults.extend(self.refusals(session, clinician).into_iter().map(|refusal| Fault::MayNotDo {
                session: session_id.clone(),
                clinician: clinician_id.clone(),
                code: refusal.code(),
            }));
        }
        let worth = self.worth(session, clinician);
        // A booking may have been agreed at another rate than today's.
        let agreed = [
            ("rate_pence_per_hour", assignment.rate_pence_per_hour, worth.rate_pence_per_hour),
            ("pay_pence", assignment.pay_pence, worth.pay_pence),
        ];
        let always = [
            ("road_metres", Points::from(assignment.road_metres), Points::from(worth.road_metres)),
            ("score", Points::from(assignment.score), worth.score),
        ];
        let agreed = agreed.map(|(field, told, right)| (field, Points::from(told), Points::from(right)));
        let numbers = agreed.into_iter().filter(|_| !booked).chain(always);
        faults.extend(numbers.filter(|(_, told, right)| told != right).map(|(field, told, right)| {
            let (session, clinician) = (session_id.clone(), clinician_id.clone());
            Fault::WrongNumber { session, clinician, field, told, right }
        }));
        (Some((session, clinician, worth.score)), faults)
    }

    fn check_bookings(&self, standing: &Standing, faults: &mut Vec<Fault>) {
        for (session, facts) in self.sessions.iter().enumerate() {
            let people = &standing.people[session];
            for clinician in self.booked(session).iter().filter(|clinician| !people.contains(clinician)) {
                faults.push(Fault::BookingDropped {
                    session: facts.told.id.clone(),
                    clinician: self.clinicians[*clinician].told.id.clone(),
                });
            }
            if people.len() > facts.places() {
                faults.push(Fault::TooManyPeople {
                    session: facts.told.id.clone(),
                    people: people.len(),
                    places: facts.places(),
                });
            }
        }
    }

    /// Which sessions somebody not in them already may do by the rules of pairs.
    fn somebody_else_may(&self, standing: &Standing) -> Vec<bool> {
        let reach = Reach::of(self);
        let found: Vec<AtomicBool> = self.sessions.iter().map(|_| AtomicBool::new(false)).collect();
        (0..self.clinicians.len()).into_par_iter().for_each(|clinician| {
            for session in self.eligible_sessions(clinician, &reach) {
                if !standing.people[session].contains(&clinician) {
                    found[session].store(true, Ordering::Relaxed);
                }
            }
        });
        found.into_iter().map(AtomicBool::into_inner).collect()
    }

    fn check_unfilled(
        &self,
        told: &[Unfilled],
        standing: &Standing,
        left: &[usize],
        faults: &mut Vec<Fault>,
    ) {
        let by_session: BTreeMap<&str, &Unfilled> =
            told.iter().map(|unfilled| (unfilled.session.as_str(), unfilled)).collect();
        let somebody_else = self.somebody_else_may(standing);
        let mut say = |session: &str, what: String| {
            faults.push(Fault::Unfilled { session: session.to_owned(), what });
        };
        let mut known = BTreeSet::new();
        for unfilled in told {
            if self.session(&unfilled.session).is_none() {
                say(&unfilled.session, "told as unfilled, and is not in the problem".to_owned());
            } else if !known.insert(&unfilled.session) {
                say(&unfilled.session, "told as unfilled more than once".to_owned());
            }
        }
        for (session, places_left) in left.iter().enumerate() {
            let id = self.sessions[session].told.id.as_str();
            match by_session.get(id) {
                None if *places_left > 0 => {
                    say(id, format!("{places_left} places left, not told as unfilled"));
                }
                Some(_) if *places_left == 0 => {
                    say(id, "no place left, told as unfilled".to_owned());
                }
                None => {}
                Some(unfilled) => {
                    if unfilled.places_left as usize != *places_left {
                        say(
                            id,
                            format!("places_left is given as {}, and is {places_left}", unfilled.places_left),
                        );
                    }
                    let nobody = unfilled.reason == UnfilledReason::NoEligibleClinician;
                    if nobody && somebody_else[session] {
                        say(id, "the reason says nobody is eligible, and somebody is".to_owned());
                    } else if !nobody && !somebody_else[session] {
                        say(id, "the reason says somebody is eligible, and nobody is".to_owned());
                    }
                    for remedy in &unfilled.remedies {
                        if let Some(what) = self.remedy_fault(session, remedy) {
                            say(id, format!("a remedy for {} {what}", remedy.clinician));
                        }
                    }
                }
            }
        }
    }

    /// Whether the one change of a remedy makes its clinician eligible, for the changes a pair rule decides.
    fn remedy_fault(&self, session: usize, remedy: &Remedy) -> Option<String> {
        let Some(clinician) = self.clinician(&remedy.clinician) else {
            return Some("names nobody in the problem".to_owned());
        };
        let rule = match remedy.change {
            Change::RaiseRateMax => Refusal::Rate,
            Change::ExtendTravel => Refusal::Distance,
            Change::RenewCompetency => Refusal::Competency,
            Change::ExtendClearance => Refusal::Clearance,
            Change::ShiftStart
            | Change::ExtendAvailability
            | Change::RaiseWeeklyMinutes
            | Change::RaiseDailyMinutes => return None,
        };
        let refusals = self.refusals(session, clinician);
        if refusals.is_empty() {
            return Some("changes something for a person who is eligible already".to_owned());
        }
        let others: Vec<&str> =
            refusals.iter().filter(|refusal| **refusal != rule).map(|refusal| refusal.code()).collect();
        if !others.is_empty() {
            return Some(format!("leaves them refused by {}", others.join(", ")));
        }
        let facts = &self.sessions[session];
        let enough = match (&remedy.to, rule) {
            (RemedyValue::Number(pence), Refusal::Rate) => self
                .asked_rate(session, clinician)
                .is_some_and(|asked| asked.max(facts.told.rate_min) <= *pence),
            (RemedyValue::Number(metres), Refusal::Distance) => {
                self.road_metres(clinician, facts.practice) <= *metres
            }
            (RemedyValue::Date(date), Refusal::Clearance) => lasts(date, facts.last_day),
            (RemedyValue::Date(date), Refusal::Competency) => {
                lasts(date, facts.last_day)
                    && remedy
                        .competency
                        .as_deref()
                        .is_some_and(|name| self.lacks_only(session, clinician, name))
            }
            _ => false,
        };
        (!enough).then(|| format!("is not enough: {} still holds them back", rule.code()))
    }
}

fn lasts(date: &str, last_day: i32) -> bool {
    date.parse::<NaiveDate>().is_ok_and(|date| date.num_days_from_ce() >= last_day)
}

fn check_totals(plan: &Plan, score: Points, filled: usize, places: usize, faults: &mut Vec<Fault>) {
    let mut compare = |field: &'static str, told: Points, right: Points| {
        if told != right {
            faults.push(Fault::WrongTotal { field, told: told.to_string(), right: right.to_string() });
        }
    };
    compare("score", Points::from(plan.score), score);
    compare("places", Points::from(plan.places), places as Points);
    compare("filled", Points::from(plan.filled), filled as Points);
    let upper = Points::from(plan.upper_bound);
    // The gap is told in millionths of a per cent; another writer may have rounded it at the fourth decimal.
    let whole = upper.abs().max(1);
    let off = (Points::from(plan.gap.0) * whole - 100_000_000 * (upper - score)).abs();
    if upper >= score && off > 100 * whole {
        let right = (100_000_000 * (upper - score)).div_euclid(whole);
        let right = format!("{}.{:06}", right.div_euclid(1_000_000), right.rem_euclid(1_000_000));
        faults.push(Fault::WrongTotal { field: "gap", told: plan.gap.to_string(), right });
    }
    if upper < score {
        faults.push(Fault::BoundTooLow { field: "upper_bound", told: upper, reached: score });
    }
    if let Some(most) = plan.fill_upper_bound
        && Points::from(most) < filled as Points
    {
        let (told, reached) = (Points::from(most), filled as Points);
        faults.push(Fault::BoundTooLow { field: "fill_upper_bound", told, reached });
    }
}

/// Adds what a plan claims beyond what its prices prove.
pub fn compare_with_proof(plan: &Plan, proven: Proven, faults: &mut Vec<Fault>) {
    let told = Points::from(plan.upper_bound);
    if plan.bound_proof == BoundProof::Prices && told < proven.score {
        faults.push(Fault::NotProven { field: "upper_bound", told, proven: proven.score });
    }
    // Prices of places are a certificate only where the plan carries them.
    if let Some(most) = plan.fill_upper_bound.map(Points::from)
        && !plan.fill_prices.is_empty()
        && most < proven.filled
    {
        faults.push(Fault::NotProven { field: "fill_upper_bound", told: most, proven: proven.filled });
    }
}
