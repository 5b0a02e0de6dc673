//! What the point before knows that helps with the next: parts that are the same, and a plan to begin with.

use std::collections::BTreeMap;

use crate::index::{ClinicianIx, PartSessionIx, SessionIx};
use crate::part::Part;
use crate::schedule::draft::Draft;
use crate::search::construct::{scarce_first, settle};
use crate::stop::Stop;

/// The parts of a point, solved.
#[derive(Debug)]
pub(crate) struct Before {
    parts: Vec<Part>,
    /// The part that each session is in.
    part_of: BTreeMap<SessionIx, usize>,
    /// What each clinician was given, as sessions of the whole, in order.
    given: BTreeMap<ClinicianIx, Vec<SessionIx>>,
}

impl Before {
    /// Keeps a point that was solved.
    pub(crate) fn of(parts: Vec<Part>) -> Self {
        let mut part_of = BTreeMap::new();
        let mut given: BTreeMap<ClinicianIx, Vec<SessionIx>> = BTreeMap::new();
        for (number, part) in parts.iter().enumerate() {
            part_of.extend(part.component.sessions.iter().map(|session| (*session, number)));
            for (clinician, session) in part.placed() {
                given.entry(clinician).or_default().push(session);
            }
        }
        for sessions in given.values_mut() {
            sessions.sort_unstable();
        }
        Self { parts, part_of, given }
    }

    /// Whether the part is as it was, in which case it takes over prices and plan.
    pub(crate) fn has_solved(&self, part: &mut Part) -> bool {
        let number = part.component.sessions.iter().next().and_then(|session| self.part_of.get(session));
        let Some(old) = number.map(|number| &self.parts[*number]) else { return false };
        let is_same = old.component.sessions == part.component.sessions
            && old.market.agents.len() == part.market.agents.len()
            && old.market.agents.zip(&part.market.agents).all(|(one, other)| {
                one.clinician == other.clinician
                    && old.market.choices(one).as_slice() == part.market.choices(other).as_slice()
            });
        if is_same {
            (part.dual, part.draft) = (old.dual.clone(), old.draft.clone());
        }
        is_same
    }

    /// Begins with what everybody was given and may still do, lets them better themselves by what that leaves, and keeps
    /// it where it is better than the part's own plan.
    pub(crate) fn lend_plan(&self, part: &mut Part, stop: &dyn Stop) {
        let mut draft = Draft::empty(&part.market);
        for (number, agent) in part.market.agents.numbered() {
            let Some(given) = self.given.get(&agent.clinician) else { continue };
            let was_given =
                |session: PartSessionIx| given.binary_search(&part.component.sessions[session]).is_ok();
            let choices = part.market.choices(agent).iter().map(|choice| choice.session);
            let kept: Vec<PartSessionIx> = choices.filter(|session| was_given(*session)).collect();
            draft.give(&part.market, number, &kept);
        }
        settle(&part.market, &mut draft, &scarce_first(&part.market), stop);
        if draft.score() > part.draft.score() {
            part.draft = draft;
        }
    }
}
