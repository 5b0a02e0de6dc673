//! Who can be booked in one session by hand, judged by the rules of matching: who fits, who would have to agree to more
//! than they offer, and what keeps the others out.

use std::collections::BTreeMap;

use super::prepare::{Facts, prepare, with_wishes};
use super::store::facts::SessionRow;
use super::store::people::PersonFacts;
use crate::eligibility::judge::{Case, obstacle_of, rules_that_bind};
use crate::eligibility::not_again::Cause;
use crate::eligibility::obstacle::Obstacle;
use crate::eligibility::wishes::Wishes;
use crate::ground::id::ClinicianId;
use crate::terms::bank::{Catalogue, calendar};
use matching_check::{Fault, Judged, judge_session};
use matching_model::plan::RuleCode;

/// How a clinician stands to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing speaks against it.
    Fits,
    /// Only their own wishes do: they can agree to it all the same.
    MustAgree,
    /// A rule does that nobody can agree away.
    CanNot,
}

impl Standing {
    /// Every one, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Fits, Self::MustAgree, Self::CanNot];

    /// The name in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::MustAgree => "agree",
            Self::CanNot => "cannot",
        }
    }

    /// The name on the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fits => "Fits",
            Self::MustAgree => "Would have to agree",
            Self::CanNot => "Can't be booked",
        }
    }
}

/// Somebody of the session's roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The clinician.
    pub clinician: ClinicianId,
    /// Their name.
    pub name: String,
    /// The code of their role.
    pub role: String,
    /// How they stand.
    pub standing: Standing,
    /// What speaks against it; nothing where they fit.
    pub against: Vec<Obstacle>,
    /// Their own rate, or the least the session pays where that is more.
    pub rate_pence_per_hour: i64,
    /// Road metres from their home.
    pub road_metres: i64,
    /// What the pair is worth to a plan.
    pub score: i64,
    /// Whether an offer of the session waits for their answer.
    pub is_offered: bool,
    /// What made it so that plans do not propose them for it again, where something did.
    pub not_again: Option<Cause>,
}

/// Everybody of the session's roles who is not booked in it: those who fit first, the best of each standing before the
/// others. None where no rate is left that the session could pay.
pub fn candidates(facts: &Facts, catalogue: &Catalogue) -> Result<Option<Vec<Candidate>>, Fault> {
    let prepared = prepare(facts);
    let Some(session) = facts.sessions.first() else { return Ok(Some(Vec::new())) };
    if !prepared.closed.is_empty() {
        return Ok(None);
    }
    let id = session.id.to_string();
    // What binds them once they agree, by the rules that no agreement sets aside.
    let once_agreed = judge_session(&with_wishes(facts, &prepared, Wishes::Refusals), &id)?;
    let binding: BTreeMap<&str, &Judged> =
        once_agreed.iter().map(|judged| (judged.clinician.as_str(), judged)).collect();
    let known = Known { facts, catalogue, session };
    let mut found = Vec::new();
    for judged in judge_session(&prepared.problem, &id)? {
        let person = facts.people.iter().find(|person| person.record.id.to_string() == judged.clinician);
        let is_booked = |person: &PersonFacts| person.bookings.iter().any(|row| row.session_id == session.id);
        if let Some(person) =
            person.filter(|person| session.roles.contains(&person.record.role) && !is_booked(person))
        {
            let agreed = binding.get(judged.clinician.as_str()).map_or(&[][..], |judged| &judged.against);
            found.push(known.candidate(person, &judged, agreed));
        }
    }
    found.sort_by(|a, b| {
        (a.standing, b.score, &a.name, a.clinician).cmp(&(b.standing, a.score, &b.name, b.clinician))
    });
    Ok(Some(found))
}

/// What is known of the session and of those who could do it.
struct Known<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    session: &'a SessionRow,
}

impl Known<'_> {
    /// `once_agreed` are the rules against them when they agree.
    fn candidate(&self, person: &PersonFacts, judged: &Judged, once_agreed: &[RuleCode]) -> Candidate {
        let standing = if judged.against.is_empty() {
            Standing::Fits
        } else if once_agreed.iter().any(|rule| rules_that_bind(Wishes::Refusals).contains(rule)) {
            Standing::CanNot
        } else {
            Standing::MustAgree
        };
        let case = self.case(person);
        let record = &person.record;
        Candidate {
            is_offered: self.session.offered_to.contains(&record.id),
            not_again: case.not_again,
            clinician: record.id,
            name: record.name.clone(),
            role: record.role.clone(),
            standing,
            against: judged.against.iter().map(|rule| obstacle_of(*rule, &case)).collect(),
            rate_pence_per_hour: judged.rate_pence_per_hour,
            road_metres: judged.road_metres,
            score: judged.score,
        }
    }

    fn case<'c>(&'c self, person: &'c PersonFacts) -> Case<'c> {
        let needs = self.session.competencies.iter().map(String::as_str);
        Case {
            needs: needs.map(|code| (code, self.catalogue.competency_name(code))).collect(),
            times: (self.session.starts_at, self.session.ends_at),
            last_date: calendar::last_date(self.facts.zone, self.session.ends_at),
            zone: self.facts.zone,
            role_name: self.catalogue.role_name(&person.record.role),
            held: &person.held,
            works_until: person.works_until,
            document: person.document.as_ref(),
            own_rate: person.rates.get(&self.session.band).copied(),
            is_refused_by_practice: person.refused_by.contains(&self.session.practice_id),
            not_again: self.session.not_again.get(&person.record.id).copied(),
            neighbours: &[],
            bank_hours: self.facts.bank_hours,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Candidate, Facts, Standing, candidates};
    use crate::eligibility::not_again::Cause;
    use crate::eligibility::words::Audience;
    use crate::ground::id::SessionId;
    use crate::people::clinician::Engagement;
    use crate::terms::bank::{Band, Catalogue};
    use crate::work::planning::example::{OTHER_SESSION, booking, facts};

    fn judged(facts: &Facts) -> Option<Candidate> {
        candidates(facts, &Catalogue::default()).unwrap().unwrap().into_iter().next()
    }

    fn said(facts: &Facts) -> (Standing, Vec<String>) {
        let found = judged(facts).expect("somebody of the role");
        let now: DateTime<Utc> = "2026-11-02T09:00:00Z".parse().unwrap();
        let said = found.against.iter().map(|obstacle| obstacle.sentence(Audience::Administrator, now));
        (found.standing, said.collect())
    }

    #[test]
    fn who_fits_has_nothing_against_them() {
        assert_eq!(said(&facts()), (Standing::Fits, Vec::new()));
    }

    #[test]
    fn what_is_their_own_wish_they_can_agree_to() {
        let mut far = facts();
        far.people[0].record.max_travel_metres = 0;
        far.practices[0].latitude_microdegrees += 100_000;
        assert_eq!(said(&far), (Standing::MustAgree, vec!["Lives too far away".to_owned()]));
        let mut busy = facts();
        busy.people[0].available.clear();
        assert_eq!(said(&busy), (Standing::MustAgree, vec!["Is not free for all of that time".to_owned()]));
        let mut dear = facts();
        dear.people[0].rates.insert(Band::Core, 50_000);
        assert_eq!(said(&dear), (Standing::MustAgree, vec!["Asks £500 an hour".to_owned()]));
        dear.people[0].rates.clear();
        let no_rate = "Has given no rate for this time of the week".to_owned();
        assert_eq!(said(&dear), (Standing::MustAgree, vec![no_rate]));
    }

    #[test]
    fn what_is_not_theirs_to_decide_keeps_them_out() {
        let mut not_cleared = facts();
        not_cleared.people[0].works_until = None;
        assert_eq!(said(&not_cleared), (Standing::CanNot, vec!["Not cleared".to_owned()]));
        let mut lacking = facts();
        lacking.sessions[0].competencies = vec!["coil_fitting".to_owned()];
        lacking.people[0].held.clear();
        assert_eq!(said(&lacking), (Standing::CanNot, vec!["Lacks coil_fitting".to_owned()]));
        let mut not_taken = facts();
        not_taken.people[0].refused_by = vec![not_taken.sessions[0].practice_id];
        let practice = "The practice does not take them".to_owned();
        assert_eq!(said(&not_taken), (Standing::CanNot, vec![practice]));
        let mut unwilling = facts();
        unwilling.people[0].refuses = vec![unwilling.sessions[0].practice_id];
        let own = "Will not work at this practice".to_owned();
        assert_eq!(said(&unwilling), (Standing::CanNot, vec![own]));
    }

    #[test]
    fn one_wish_beside_one_rule_keeps_them_out_and_both_are_said() {
        let mut both = facts();
        both.people[0].works_until = None;
        both.people[0].available.clear();
        let (standing, against) = said(&both);
        assert_eq!((standing, against.len()), (Standing::CanNot, 2));
    }

    #[test]
    fn rest_binds_those_the_bank_employs() {
        let mut tired = facts();
        tired.people[0].bookings =
            vec![booking(OTHER_SESSION, "2026-11-30T18:00:00Z", "2026-11-30T22:00:00Z")];
        let said_of = |facts: &Facts| said(facts).0;
        assert_eq!(said_of(&tired), Standing::MustAgree);
        tired.people[0].record.engagement = Engagement::Employed;
        assert_eq!(said_of(&tired), Standing::CanNot);
    }

    #[test]
    fn the_law_keeps_the_hours_of_those_the_bank_employs_and_others_keep_their_own() {
        let mut busy = facts();
        busy.people[0].record.max_minutes_per_week = Some(60);
        assert_eq!(said(&busy), (Standing::MustAgree, vec!["Has no hours left that week".to_owned()]));
        busy.people[0].record.engagement = Engagement::Employed;
        assert_eq!(said(&busy).0, Standing::MustAgree);
        let days = ["02", "03", "04", "05"];
        busy.people[0].bookings = days
            .map(|day| {
                let at = |hour| format!("2026-12-{day}T{hour}:00:00Z");
                booking(SessionId::new(), &at("08"), &at("20"))
            })
            .to_vec();
        assert_eq!(said(&busy).0, Standing::CanNot);
    }

    #[test]
    fn who_gave_it_back_must_agree_and_the_list_says_so() {
        let mut back = facts();
        back.sessions[0].not_again.insert(back.people[0].record.id, Cause::CancelledByClinician);
        let cancelled = "Cancelled their booking of it".to_owned();
        assert_eq!(said(&back), (Standing::MustAgree, vec![cancelled]));
    }

    #[test]
    fn nobody_is_a_candidate_where_no_rate_is_left_or_of_another_role() {
        let mut closed = facts();
        closed.sessions[0].rate_max_pence_per_hour = 1;
        closed.sessions[0].rate_min_pence_per_hour = 1;
        assert_eq!(candidates(&closed, &Catalogue::default()).unwrap(), None);
        let mut other = facts();
        other.people[0].record.role = "paramedic".to_owned();
        assert_eq!(judged(&other), None);
    }
}
