//! Why a place stays empty although people may take it: the fewest sessions that cannot all be filled together.
//!
//! Whoever may do the session is asked what stands in the way: sessions that the plan gives them. Those sessions are
//! taken in, with all who may do them, and so on, as an alternating search goes, until the sessions taken in are
//! shown to be more than these people can do, whatever is left elsewhere. Then every session that can be left
//! out again is left out.
//!
//! In the field: an *irreducible infeasible subset*, which is a Hall violator where everybody does one session.

use std::collections::BTreeSet;

use crate::bound::descent::Pace;
use crate::index::{ClinicianIx, SessionIx};
use crate::market::FILL_POINTS;
use crate::market::parts::components;
use crate::market::{Market, go_together};
use crate::pairs::eligible::EligiblePair;
use crate::pairs::facts::Facts;
use crate::pairs::refusal;
use crate::part::Part;
use crate::roster::Roster;
use crate::roster::ways::Candidates;
use crate::stop::NeverStop;

/// Sessions that cannot all be filled, and none of which can be left out without making it possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bottleneck {
    /// The sessions, in order of start.
    pub(crate) sessions: Vec<SessionIx>,
    /// The places in them that people would have to take.
    pub(crate) places: u32,
    /// Everybody who may do any of them.
    pub(crate) clinicians: Vec<ClinicianIx>,
}

/// Rounds of taking in what stands in the way.
const MOST_ROUNDS: usize = 6;

/// A bottleneck of more sessions explains nothing to anybody.
const MOST_SESSIONS: usize = 60;

/// Passes over the prices for one set of sessions.
const PASSES: u32 = 80;

/// The bottleneck that keeps a session's next place empty; nothing where none is found, or somebody has room for it.
pub(crate) fn bottleneck(facts: &Facts, roster: &Roster, session: SessionIx) -> Option<Bottleneck> {
    let candidates = Candidates::of(facts);
    let search = Search { facts, roster, candidates: &candidates, session };
    let mut sessions = BTreeSet::from([session]);
    for _ in 0..MOST_ROUNDS {
        let taken_in = search.take_in(&sessions)?;
        if search.cannot_be_filled(&sessions) {
            return Some(search.reduced(sessions));
        }
        if taken_in.is_subset(&sessions) {
            return None;
        }
        sessions.extend(taken_in);
        if sessions.len() > MOST_SESSIONS {
            // The nearest in time are the likeliest to be in each other's way.
            return None;
        }
    }
    None
}

/// A search for the bottleneck of one session.
struct Search<'a> {
    facts: &'a Facts,
    roster: &'a Roster,
    candidates: &'a Candidates,
    session: SessionIx,
}

impl Search<'_> {
    /// What stands in the way of everybody who may do any of these; nothing where somebody has room for the empty place.
    fn take_in(&self, sessions: &BTreeSet<SessionIx>) -> Option<BTreeSet<SessionIx>> {
        let mut found = BTreeSet::new();
        for &session in sessions {
            for &(clinician, _) in self.candidates.may(self.facts, session) {
                if self.roster.people(session).contains(&clinician) {
                    continue;
                }
                let in_the_way = self.in_the_way(clinician, session);
                if in_the_way.is_none() && session == self.session {
                    return None;
                }
                found.extend(in_the_way.into_iter().flatten());
            }
        }
        Some(found)
    }

    /// The planned sessions of a clinician that keep them from this one; nothing where none does.
    fn in_the_way(&self, clinician: ClinicianIx, session: SessionIx) -> Option<Vec<SessionIx>> {
        let (work, person) = (&self.facts.sessions[session], &self.facts.clinicians[clinician]);
        let diary = self.roster.diary(clinician);
        refusal::of_diary(self.facts, work, person, diary)?;
        let timing = |other: SessionIx| &self.facts.sessions[other].timing;
        let clashes = |other: SessionIx| {
            !go_together(&work.timing, timing(other), person.rest_minutes, &self.facts.roads)
        };
        let planned = || diary.iter().copied().filter(|other| !self.facts.is_booked(clinician, *other));
        let clashing: Vec<SessionIx> = planned().filter(|other| clashes(*other)).collect();
        if !clashing.is_empty() {
            return Some(clashing);
        }
        Some(planned().filter(|other| timing(*other).week == work.timing.week).collect())
    }

    /// The places that would have to be filled: those the plan fills, and one more in the session itself.
    fn wanted(&self, session: SessionIx) -> u32 {
        let people = self.roster.people(session).iter();
        let planned = people.filter(|clinician| !self.facts.is_booked(**clinician, session)).count();
        u32::try_from(planned).unwrap_or(u32::MAX) + u32::from(session == self.session)
    }

    /// Whether it is proven that these sessions cannot all be filled, whatever is left elsewhere.
    fn cannot_be_filled(&self, sessions: &BTreeSet<SessionIx>) -> bool {
        let mut pairs = Vec::new();
        for &session in sessions {
            let people = self.candidates.may(self.facts, session).iter();
            pairs.extend(people.map(|(clinician, _)| EligiblePair {
                clinician: *clinician,
                session,
                road_metres: self.road_metres(*clinician, session),
            }));
        }
        pairs.sort_unstable();
        let mut market = Market::of(self.facts, &pairs, |_| FILL_POINTS);
        let wanted = |session| if sessions.contains(&session) { self.wanted(session) } else { 0 };
        market.all.places = market.all.places.numbers().map(wanted).collect();
        let wanted: i64 = sessions.iter().map(|session| i64::from(self.wanted(*session))).sum();
        let mut parts: Vec<Part> =
            components(&market.all).into_iter().map(|part| Part::of(&market, part)).collect();
        let may_fill = |parts: &[Part]| -> i64 {
            parts.iter().map(|part| part.upper_bound().div_euclid(FILL_POINTS)).sum()
        };
        let steps: [fn(&mut Part); 3] = [
            |part| {
                part.descend(Pace { passes: PASSES, hundredths_of_time: 100 }, &NeverStop);
                part.construct(&NeverStop);
            },
            |part| part.tighten(part.draft.score(), &NeverStop),
            |part| part.close(&NeverStop),
        ];
        for step in steps {
            parts.iter_mut().for_each(step);
            let filled: u64 = parts.iter().map(|part| part.draft.filled()).sum();
            if filled.cast_signed() >= wanted {
                return false;
            }
            if may_fill(&parts) < wanted {
                return true;
            }
        }
        false
    }

    fn road_metres(&self, clinician: ClinicianIx, session: SessionIx) -> i64 {
        refusal::road_metres(self.facts, &self.facts.sessions[session], &self.facts.clinicians[clinician])
    }

    /// Leaves out every session without which the others still cannot all be filled.
    fn reduced(&self, mut sessions: BTreeSet<SessionIx>) -> Bottleneck {
        for other in sessions.clone().into_iter().filter(|other| *other != self.session) {
            sessions.remove(&other);
            if !self.cannot_be_filled(&sessions) {
                sessions.insert(other);
            }
        }
        let may = sessions.iter().flat_map(|session| self.candidates.may(self.facts, *session));
        let clinicians: BTreeSet<ClinicianIx> = may.map(|(clinician, _)| *clinician).collect();
        Bottleneck {
            places: sessions.iter().map(|session| self.wanted(*session)).sum(),
            sessions: sessions.into_iter().collect(),
            clinicians: clinicians.into_iter().collect(),
        }
    }
}
