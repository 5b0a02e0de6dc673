//! What a plan says of itself, held against what its assignments make it.

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use super::facts::{Facts, Points};
use super::unfilled::FilledIn;
use super::{Fault, Proven, Report};
use matching_model::plan::{Assignment, BoundProof, Plan};

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
        let filled_in = FilledIn { people: &standing.people, diaries: &diaries, left: &left };
        self.check_unfilled(&plan.unfilled, &filled_in, &mut faults);
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
            faults.extend(self.refusals(session, clinician).map(|refusal| Fault::MayNotDo {
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
