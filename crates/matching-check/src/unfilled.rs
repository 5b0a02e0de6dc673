//! What a plan says of its empty places: which they are, why, and whom each rule keeps out.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::Fault;
use super::facts::Facts;
use super::judge::Caps;
use super::reach::belt;
use matching_model::plan::{RuleCode, Unfilled, UnfilledReason};

/// Who is where by the plan's assignments.
pub struct FilledIn<'a> {
    /// The people of each session.
    pub people: &'a [Vec<usize>],
    /// The sessions of each clinician.
    pub diaries: &'a [Vec<usize>],
    /// The places of each session that nobody takes.
    pub left: &'a [usize],
}

/// Everybody to be asked.
struct People<'a> {
    /// By role, from south to north.
    by_role: BTreeMap<&'a str, Vec<Person>>,
    /// The most metres that anybody travels.
    farthest: i64,
}

/// A clinician, and the degrees of latitude between which everything lies that is near enough for them.
struct Person {
    clinician: usize,
    home: f64,
    belt: (f64, f64),
}

impl<'a> People<'a> {
    fn of(facts: &'a Facts<'_>) -> Self {
        let mut by_role: BTreeMap<&str, Vec<Person>> = BTreeMap::new();
        for (clinician, facts) in facts.clinicians.iter().enumerate() {
            let home = facts.told.home.latitude;
            let belt = belt(home, facts.told.max_travel_metres);
            by_role.entry(facts.told.role.as_str()).or_default().push(Person { clinician, home, belt });
        }
        for people in by_role.values_mut() {
            people.sort_by(|one, other| one.home.total_cmp(&other.home));
        }
        let farthest = facts.clinicians.iter().map(|facts| facts.told.max_travel_metres).max();
        Self { by_role, farthest: farthest.unwrap_or(0) }
    }

    /// Those of these roles; where it is said at which latitude, only those for whom that may be near enough.
    fn of_roles(&self, roles: &[String], at: Option<f64>) -> impl Iterator<Item = &Person> {
        let roles: BTreeSet<&str> = roles.iter().map(String::as_str).collect();
        let (south, north) = at.map_or((f64::MIN, f64::MAX), |at| belt(at, self.farthest));
        let people = roles.into_iter().filter_map(|role| self.by_role.get(role));
        let within = people.flat_map(move |people| {
            let from = people.partition_point(|person| person.home < south);
            people[from..].iter().take_while(move |person| person.home <= north)
        });
        within.filter(move |person| at.is_none_or(|at| (person.belt.0..=person.belt.1).contains(&at)))
    }
}

/// What asking everybody of a session's roles gives.
#[derive(Default)]
struct Asked {
    blocked: BTreeMap<RuleCode, u32>,
    somebody_may: bool,
    somebody_is_worth_it: bool,
}

impl Facts<'_> {
    /// Adds everything that the list of unfilled sessions gets wrong.
    pub fn check_unfilled(&self, told: &[Unfilled], filled: &FilledIn<'_>, faults: &mut Vec<Fault>) {
        let mut say = |session: &str, what: String| {
            faults.push(Fault::Unfilled { session: session.to_owned(), what });
        };
        let mut known = BTreeSet::new();
        for unfilled in told {
            match self.session(&unfilled.session) {
                None => say(&unfilled.session, "told as unfilled, and is not in the problem".to_owned()),
                Some(_) if !known.insert(unfilled.session.as_str()) => {
                    say(&unfilled.session, "told as unfilled more than once".to_owned());
                }
                Some(session) if filled.left[session] == 0 => {
                    say(&unfilled.session, "no place left, told as unfilled".to_owned());
                }
                Some(_) => {}
            }
        }
        for (session, left) in filled.left.iter().enumerate().filter(|(_, left)| **left > 0) {
            let id = self.sessions[session].told.id.as_str();
            if !known.contains(id) {
                say(id, format!("{left} places left, not told as unfilled"));
            }
        }
        let everybody = People::of(self);
        let found: Vec<Vec<String>> =
            told.par_iter().map(|unfilled| self.faults_of_one(unfilled, filled, &everybody)).collect();
        for (unfilled, found) in told.iter().zip(found) {
            for what in found {
                say(&unfilled.session, what);
            }
        }
    }

    /// What is wrong with what is told of one session that has places left.
    fn faults_of_one(
        &self,
        unfilled: &Unfilled,
        filled: &FilledIn<'_>,
        everybody: &People<'_>,
    ) -> Vec<String> {
        let Some(session) = self.session(&unfilled.session).filter(|session| filled.left[*session] > 0)
        else {
            return Vec::new();
        };
        let mut wrong = Vec::new();
        let left = filled.left[session];
        if unfilled.places_left as usize != left {
            wrong.push(format!("places_left is given as {}, and is {left}", unfilled.places_left));
        }
        // A plan by other hands may leave the counts out, and so does ours when its time was short.
        let has_counts = !unfilled.blocked.is_empty();
        let asked = self.ask_everybody(session, filled, everybody, has_counts);
        let reason = match (asked.somebody_may, asked.somebody_is_worth_it) {
            (false, _) => UnfilledReason::NoEligibleClinician,
            (true, false) => UnfilledReason::NotWorthFilling,
            (true, true) => UnfilledReason::AllEligibleBetterUsed,
        };
        if unfilled.reason != reason {
            wrong.push(format!("the reason is given as {:?}, and is {reason:?}", unfilled.reason));
        }
        if has_counts && unfilled.blocked != asked.blocked {
            wrong.push(format!("blocked is given as {:?}, and is {:?}", unfilled.blocked, asked.blocked));
        }
        let remedies = &unfilled.remedies;
        if !remedies.is_sorted_by_key(|remedy| remedy.cost_pence) {
            wrong.push("its remedies are not told cheapest first".to_owned());
        }
        wrong.extend(remedies.iter().filter_map(|remedy| {
            let what = self.remedy_fault(session, remedy, filled)?;
            Some(format!("a remedy for {} {what}", remedy.clinician))
        }));
        wrong
    }

    /// Asks every clinician of an accepted role who is not in the session which rule keeps them out first. Without counts,
    /// only those are asked who may live near enough, and nobody more once the reason is known.
    fn ask_everybody(
        &self,
        session: usize,
        filled: &FilledIn<'_>,
        everybody: &People<'_>,
        has_counts: bool,
    ) -> Asked {
        let facts = &self.sessions[session];
        let mut asked = Asked::default();
        let latitude = self.practices[facts.practice].told.position.latitude;
        let at = (!has_counts).then_some(latitude);
        for &Person { clinician, .. } in everybody.of_roles(&facts.told.roles, at) {
            if filled.people[session].contains(&clinician) {
                continue;
            }
            let code = if let Some(refusal) = self.refusals(session, clinician).next() {
                Some(refusal.rule())
            } else {
                asked.somebody_may = true;
                asked.somebody_is_worth_it |= self.worth(session, clinician).score > 0;
                if asked.somebody_is_worth_it && !has_counts {
                    break;
                }
                let caps = Caps::of(self.clinicians[clinician].told);
                self.diary_refusals(clinician, facts, &filled.diaries[clinician], caps).next()
            };
            if let Some(code) = code {
                *asked.blocked.entry(code).or_default() += 1;
            }
        }
        asked
    }
}
