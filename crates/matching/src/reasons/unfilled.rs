//! Why places are empty: a reason for each session with places left, and a count of who is kept out by which rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use matching_model::plan::{RuleCode, Unfilled, UnfilledReason};
use matching_model::problem::Problem;
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::index::{ClinicianIx, IndexVec, RoleIx, SessionIx};
use crate::pairs::eligible::Reach;
use crate::pairs::facts::{ClinicianFacts, Facts, Placed};
use crate::pairs::refusal;
use crate::pairs::score::any_worth;
use crate::stop::Stop;

/// Every session with places left, in order of its id, with nothing tried yet to fill it.
///
/// `placed` holds every pair of the plan, bookings among them, in order. Once `stop` is due, the sessions left have their
/// reason without the counts, which is found out as soon as one person is met whom the rules let in; `reach` is who may
/// come to each practice, or is filled in when it is needed.
pub(crate) fn unfilled(
    problem: &Problem,
    facts: &Facts,
    placed: &[Placed],
    (reach, stop): (&OnceLock<Reach>, &dyn Stop),
) -> Vec<Unfilled> {
    let asking = Asking::of(facts, placed);
    let mut found: Vec<Unfilled> = asking
        .open
        .par_iter()
        .map(|(number, places_left)| {
            let session = &facts.sessions[*number];
            let tally = if stop.is_due() {
                asking.in_short(*number, reach.get_or_init(|| Reach::of(facts)))
            } else {
                asking.in_full(*number)
            };
            Unfilled {
                session: session.told(problem).id.clone(),
                places_left: *places_left,
                reason: tally.reason(),
                blocked: tally.blocked,
                remedies: Vec::new(),
            }
        })
        .collect();
    found.sort_by(|one, other| one.session.cmp(&other.session));
    found
}

/// Finds out the reasons of at most so many sessions, spread over all that have places left, for whoever wants to know how
/// long that takes; says how many it tried, and of how many.
pub(crate) fn try_some(facts: &Facts, placed: &[Placed], most: usize) -> (usize, usize) {
    let asking = Asking::of(facts, placed);
    let all = asking.open.len();
    let tried = (0..most.min(all)).into_par_iter().map(|turn| turn * all / most.min(all));
    (tried.map(|place| asking.in_full(asking.open[place].0)).count(), all)
}

/// Everybody with what they do by a plan, to be asked why places are empty.
struct Asking<'a> {
    facts: &'a Facts,
    diaries: Diaries,
    by_role: BTreeMap<RoleIx, Vec<(ClinicianIx, &'a ClinicianFacts)>>,
    /// Sessions with places left, and how many.
    open: Vec<(SessionIx, u32)>,
}

impl<'a> Asking<'a> {
    fn of(facts: &'a Facts, placed: &[Placed]) -> Self {
        let mut diaries: Diaries = facts.clinicians.map(|_| Vec::new());
        let mut left = facts.sessions.map(|session| session.places);
        for (clinician, session) in placed {
            diaries[*clinician].push(*session);
            left[*session] = left[*session].saturating_sub(1);
        }
        let open = left.numbered().filter(|(_, left)| **left > 0).map(|(session, left)| (session, *left));
        Self { facts, diaries, by_role: clinicians_by_role(facts), open: open.collect() }
    }

    /// Asks everybody of the session's roles.
    fn in_full(&self, number: SessionIx) -> Tally {
        let facts = self.facts;
        let session = &facts.sessions[number];
        // A role that nobody has is in no list.
        let asked = session.roles.iter().filter_map(|role| self.by_role.get(role)).flatten();
        let mut tally = Tally::default();
        for (clinician, person) in asked {
            let diary = &self.diaries[*clinician];
            if diary.contains(&number) {
                continue;
            }
            let mut failing = refusal::of_pair(facts, session, person);
            if failing.is_none() {
                tally.anybody_may = true;
                tally.anybody_worth_it |= any_worth(facts, (*clinician, number)).score > 0;
                failing = refusal::of_diary(facts, session, person, diary);
            }
            if let Some(code) = failing {
                *tally.blocked.entry(code).or_insert(0) += 1;
            }
        }
        tally
    }

    /// Asks those within reach until the reason is known.
    fn in_short(&self, number: SessionIx, reach: &Reach) -> Tally {
        let facts = self.facts;
        let session = &facts.sessions[number];
        let mut tally = Tally::default();
        let asked = reach.comers(session).map(|(clinician, _)| *clinician);
        for clinician in asked.filter(|clinician| !self.diaries[*clinician].contains(&number)) {
            if refusal::of_pair(facts, session, &facts.clinicians[clinician]).is_none() {
                tally.anybody_may = true;
                tally.anybody_worth_it = any_worth(facts, (clinician, number)).score > 0;
            }
            if tally.anybody_worth_it {
                break;
            }
        }
        tally
    }
}

/// Each clinician's sessions.
type Diaries = IndexVec<ClinicianIx, Vec<SessionIx>>;

fn clinicians_by_role(facts: &Facts) -> BTreeMap<RoleIx, Vec<(ClinicianIx, &ClinicianFacts)>> {
    let mut by_role: BTreeMap<RoleIx, Vec<(ClinicianIx, &ClinicianFacts)>> = BTreeMap::new();
    for (clinician, person) in facts.clinicians.numbered() {
        by_role.entry(person.role).or_default().push((clinician, person));
    }
    by_role
}

/// What asking everybody of the accepted roles gave.
#[derive(Default)]
struct Tally {
    blocked: BTreeMap<RuleCode, u32>,
    anybody_may: bool,
    anybody_worth_it: bool,
}

impl Tally {
    fn reason(&self) -> UnfilledReason {
        match (self.anybody_may, self.anybody_worth_it) {
            (false, _) => UnfilledReason::NoEligibleClinician,
            (true, false) => UnfilledReason::NotWorthFilling,
            (true, true) => UnfilledReason::AllEligibleBetterUsed,
        }
    }
}
