//! What speaks for a proposed pair, for the person who approves it and for the person it is offered to.

use std::collections::BTreeMap;

use matching_check::Candidate;
use matching_model::plan::Assignment;
use matching_model::problem::{Clinician, Problem, Session};

/// From so many points on, somebody counts as having had little of the work they offer to do: three quarters of
/// [`MOST_POINTS`](super::fairness::MOST_POINTS), which is to have worked a quarter or less.
const LITTLE_WORK_POINTS: i64 = 1_500;

/// One thing that speaks for a pair, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Why {
    /// They hold an offer of it.
    Offered,
    /// Nobody else may do it.
    OnlyOne,
    /// They prefer the practice.
    Preferred,
    /// They worked there lately.
    Recent,
    /// Nobody else who may do it lives as near.
    Nearest,
    /// Nobody else who may do it works for as little.
    LowestRate,
    /// They had little of the work they offer to do.
    LittleWork,
}

impl Why {
    /// The name in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::OnlyOne => "only_one",
            Self::Preferred => "preferred",
            Self::Recent => "recent",
            Self::Nearest => "nearest",
            Self::LowestRate => "lowest_rate",
            Self::LittleWork => "little_work",
        }
    }

    /// What a page says.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Offered => "has an offer of it",
            Self::OnlyOne => "the only one who can",
            Self::Preferred => "prefers this practice",
            Self::Recent => "worked here in the last 12 weeks",
            Self::Nearest => "lives nearest",
            Self::LowestRate => "asks the least",
            Self::LittleWork => "had little of the work they offer to do",
        }
    }
}

/// The sentence for a pair whose session so many people may do: "Lives nearest, prefers this practice. 7 people can
/// do it."
#[must_use]
pub fn sentence(whys: &[Why], candidates: i32) -> String {
    let said = said(whys, Why::text);
    let said = if said.is_empty() {
        "the others who can are worth more elsewhere".to_owned()
    } else {
        said.join(", ")
    };
    let said = crate::ground::words::capitalised(&said);
    if candidates > 1 { format!("{said}. {candidates} people can do it.") } else { format!("{said}.") }
}

/// The words for each, the strongest first.
fn said(whys: &[Why], text: fn(Why) -> &'static str) -> Vec<&'static str> {
    let mut whys = whys.to_vec();
    whys.sort_unstable();
    whys.into_iter().map(text).collect()
}

impl Why {
    /// What somebody reads who was not chosen; nobody is named.
    #[must_use]
    pub fn text_for_others(self) -> &'static str {
        match self {
            Self::Offered => "had an offer of it already",
            Self::OnlyOne => "was the only one left who could",
            Self::Preferred => "prefers this practice",
            Self::Recent => "worked there in the last 12 weeks",
            Self::Nearest => "lives nearest",
            Self::LowestRate => "asks a lower rate",
            Self::LittleWork => "had had little of the work they offer to do",
        }
    }
}

/// Why a session went to somebody else: "It was offered to somebody who prefers this practice and lives nearest.
/// 7 people could do it."
#[must_use]
pub fn sentence_for_others(whys: &[Why], candidates: i32) -> String {
    let said = said(whys, Why::text_for_others);
    let why = if said.is_empty() {
        "It was offered to somebody else, so that more sessions could be filled in all.".to_owned()
    } else {
        format!("It was offered to somebody who {}.", crate::ground::words::list(&said))
    };
    if candidates > 1 { format!("{why} {candidates} people could do it.") } else { why }
}

/// A problem's people and sessions by id, to tell what speaks for each pair.
#[derive(Debug)]
pub struct Reasons<'a> {
    clinicians: BTreeMap<&'a str, &'a Clinician>,
    sessions: BTreeMap<&'a str, &'a Session>,
    incumbent: Vec<(&'a str, &'a str)>,
    candidates: &'a BTreeMap<String, Vec<Candidate>>,
}

impl<'a> Reasons<'a> {
    /// Of a problem, with those who may do each session.
    #[must_use]
    pub fn of(problem: &'a Problem, candidates: &'a BTreeMap<String, Vec<Candidate>>) -> Self {
        let mut incumbent: Vec<(&str, &str)> =
            problem.incumbent.iter().map(|pair| (pair.session.as_str(), pair.clinician.as_str())).collect();
        incumbent.sort_unstable();
        Self {
            clinicians: problem.clinicians.iter().map(|person| (person.id.as_str(), person)).collect(),
            sessions: problem.sessions.iter().map(|session| (session.id.as_str(), session)).collect(),
            incumbent,
            candidates,
        }
    }

    /// How many people may do a session.
    #[must_use]
    pub fn candidates(&self, session: &str) -> usize {
        self.candidates.get(session).map_or(0, Vec::len)
    }

    /// What speaks for a pair, the strongest first.
    #[must_use]
    pub fn why(&self, pair: &Assignment) -> Vec<Why> {
        let (Some(person), Some(session)) =
            (self.clinicians.get(pair.clinician.as_str()), self.sessions.get(pair.session.as_str()))
        else {
            return Vec::new();
        };
        let all = self.candidates.get(&pair.session).map_or(&[][..], Vec::as_slice);
        let others = || all.iter().filter(|other| other.clinician != pair.clinician);
        let rate_of = |id: &str| {
            let asked = self.clinicians.get(id).and_then(|other| other.rates.get(&session.band));
            asked.map_or(session.rate_max, |asked| (*asked).max(session.rate_min))
        };
        let offered = (pair.session.as_str(), pair.clinician.as_str());
        let has_others = others().next().is_some();
        let nearest = has_others && others().all(|other| other.road_metres > pair.road_metres);
        let lowest = has_others && others().all(|other| rate_of(&other.clinician) > pair.rate_pence_per_hour);
        let facts = [
            (Why::Offered, self.incumbent.binary_search(&offered).is_ok()),
            (Why::OnlyOne, !has_others),
            (Why::Preferred, person.prefers.contains(&session.practice)),
            (Why::Recent, person.recent_practices.contains(&session.practice)),
            (Why::Nearest, nearest),
            (Why::LowestRate, lowest),
            (Why::LittleWork, has_others && person.fairness_points >= LITTLE_WORK_POINTS),
        ];
        facts.into_iter().filter(|(_, holds)| *holds).map(|(why, _)| why).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Why, sentence, sentence_for_others};

    #[test]
    fn whoever_was_not_chosen_reads_what_spoke_for_somebody_else() {
        assert_eq!(
            sentence_for_others(&[Why::Nearest, Why::Preferred], 7),
            "It was offered to somebody who prefers this practice and lives nearest. 7 people could do it."
        );
        assert_eq!(
            sentence_for_others(&[], 1),
            "It was offered to somebody else, so that more sessions could be filled in all."
        );
    }

    #[test]
    fn a_pair_says_what_speaks_for_it() {
        assert_eq!(
            sentence(&[Why::Nearest, Why::Preferred], 7),
            "Prefers this practice, lives nearest. 7 people can do it."
        );
        assert_eq!(sentence(&[Why::OnlyOne], 1), "The only one who can.");
        assert_eq!(sentence(&[], 3), "The others who can are worth more elsewhere. 3 people can do it.");
    }
}
