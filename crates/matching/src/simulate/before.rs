//! What the point before knows that helps with the next: parts that are the same, and a plan to begin with.

use std::collections::BTreeMap;

use crate::market::Market;
use crate::part::Part;
use crate::part::placed_in;
use crate::schedule::draft::Draft;
use crate::search::construct::{scarce_first, settle};
use crate::stop::Stop;

/// The market of a point, solved.
#[derive(Debug)]
pub(crate) struct Before {
    market: Market,
    parts: Vec<Part>,
    /// The part that each session is in.
    part_of: BTreeMap<u32, usize>,
    /// What each clinician was given, as sessions of the whole, in order.
    given: BTreeMap<u32, Vec<u32>>,
}

impl Before {
    /// Keeps a point that was solved.
    pub(crate) fn of(market: Market, parts: Vec<Part>) -> Self {
        let mut part_of = BTreeMap::new();
        let mut given: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (number, part) in parts.iter().enumerate() {
            part_of.extend(part.component.sessions.iter().map(|session| (*session, number)));
            for (clinician, session) in placed_in(&market, part) {
                given.entry(clinician).or_default().push(session);
            }
        }
        for sessions in given.values_mut() {
            sessions.sort_unstable();
        }
        Self { market, parts, part_of, given }
    }

    /// Whether the part is as it was, in which case it takes over prices and plan.
    pub(crate) fn has_solved(&self, market: &Market, part: &mut Part) -> bool {
        let number = part.component.sessions.first().and_then(|session| self.part_of.get(session));
        let Some(old) = number.and_then(|number| self.parts.get(*number)) else { return false };
        let clinicians = |market: &Market, part: &Part| -> Vec<Option<u32>> {
            let agents = part.component.agents.iter();
            agents.map(|agent| market.agents.get(*agent).map(|agent| agent.clinician)).collect()
        };
        let agents = || old.market.agents.iter().zip(&part.market.agents);
        let is_same = old.component.sessions == part.component.sessions
            && clinicians(&self.market, old) == clinicians(market, part)
            && agents().all(|(one, other)| old.market.choices(one) == part.market.choices(other));
        if is_same {
            (part.dual, part.draft) = (old.dual.clone(), old.draft.clone());
        }
        is_same
    }

    /// Begins with what everybody was given and may still do, lets them better themselves by what that leaves, and keeps
    /// it where it is better than the part's own plan.
    pub(crate) fn lend_plan(&self, part: &mut Part, stop: &dyn Stop) {
        let mut draft = Draft::empty(&part.market);
        for (place, agent) in part.market.agents.iter().enumerate() {
            let Some(given) = self.given.get(&agent.clinician) else { continue };
            let was_given = |session: u32| {
                let whole = part.component.sessions.get(session as usize);
                whole.is_some_and(|session| given.binary_search(session).is_ok())
            };
            let choices = part.market.choices(agent).iter().map(|choice| choice.session);
            let kept: Vec<u32> = choices.filter(|session| was_given(*session)).collect();
            draft.give(&part.market, place, &kept);
        }
        settle(&part.market, &mut draft, &scarce_first(&part.market), stop);
        if draft.score() > part.draft.score() {
            part.draft = draft;
        }
    }
}
