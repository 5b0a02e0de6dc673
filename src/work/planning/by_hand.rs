//! Who can be booked in one session by hand, judged by the rules of matching: who fits, who would have to agree to more
//! than they offer, and what keeps the others out.

use chrono::NaiveDate;

use super::prepare::{Facts, prepare};
use super::store::facts::SessionRow;
use crate::ground::id::ClinicianId;
use crate::ground::words;
use crate::people::clinician::{Clinician, Engagement};
use crate::people::credential::Held;
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
    /// What speaks against it, a sentence each; nothing where they fit.
    pub against: Vec<String>,
    /// Their own rate, or the least the session pays where that is more.
    pub rate_pence_per_hour: i64,
    /// Road metres from their home.
    pub road_metres: i64,
    /// What the pair is worth to a plan.
    pub score: i64,
    /// Whether an offer of the session waits for their answer.
    pub is_offered: bool,
}

/// Everybody of the session's roles who is not booked in it: those who fit first, the best of each standing before the others. None where no
/// rate is left that the session could pay. `today` is the date on which documents are judged to have ended.
pub fn candidates(
    facts: &Facts,
    catalogue: &Catalogue,
    today: NaiveDate,
) -> Result<Option<Vec<Candidate>>, Fault> {
    let prepared = prepare(facts);
    let Some(session) = facts.sessions.first() else { return Ok(Some(Vec::new())) };
    if !prepared.closed.is_empty() {
        return Ok(None);
    }
    let words = Words { facts, catalogue, session, today };
    let mut found = Vec::new();
    for judged in judge_session(&prepared.problem, &session.id.to_string())? {
        let person = facts.clinicians.iter().find(|person| person.id.to_string() == judged.clinician);
        let is_booked = |person: &Clinician| {
            facts.bookings.iter().any(|row| (row.session_id, row.clinician_id) == (session.id, person.id))
        };
        if let Some(person) =
            person.filter(|person| session.roles.contains(&person.role) && !is_booked(person))
        {
            found.push(words.candidate(person, &judged));
        }
    }
    found.sort_by(|a, b| {
        (a.standing, b.score, &a.name, a.clinician).cmp(&(b.standing, a.score, &b.name, b.clinician))
    });
    Ok(Some(found))
}

/// Whether a rule is somebody's own wish, which the booking desk does not hold against them once they agree.
fn is_own_wish(rule: RuleCode, engagement: Engagement) -> bool {
    match rule {
        RuleCode::Availability
        | RuleCode::Distance
        | RuleCode::Rate
        | RuleCode::DailyHours
        | RuleCode::WeeklyHours => true,
        // Eleven hours bind those the bank employs; the rest of others is their own.
        RuleCode::Rest => engagement == Engagement::SelfEmployed,
        RuleCode::Role
        | RuleCode::Competency
        | RuleCode::Clearance
        | RuleCode::Refused
        | RuleCode::Overlap
        | RuleCode::Travel => false,
    }
}

/// What is needed to say what speaks against somebody.
struct Words<'a> {
    facts: &'a Facts,
    catalogue: &'a Catalogue,
    session: &'a SessionRow,
    today: NaiveDate,
}

impl Words<'_> {
    fn candidate(&self, person: &Clinician, judged: &Judged) -> Candidate {
        let standing = if judged.against.is_empty() {
            Standing::Fits
        } else if judged.against.iter().all(|rule| is_own_wish(*rule, person.engagement)) {
            Standing::MustAgree
        } else {
            Standing::CanNot
        };
        let offers = self.facts.offers.iter().filter(|offer| offer.is_open);
        let mut holders = offers.map(|offer| (offer.session_id, offer.clinician_id));
        Candidate {
            is_offered: holders.any(|pair| pair == (self.session.id, person.id)),
            clinician: person.id,
            name: person.name.clone(),
            role: person.role.clone(),
            standing,
            against: judged.against.iter().map(|rule| self.sentence(*rule, person)).collect(),
            rate_pence_per_hour: judged.rate_pence_per_hour,
            road_metres: judged.road_metres,
            score: judged.score,
        }
    }

    fn sentence(&self, rule: RuleCode, person: &Clinician) -> String {
        let fixed = match rule {
            RuleCode::Competency => return self.lacking(person),
            RuleCode::Clearance => return self.clearance(person),
            RuleCode::Rate => return self.rate(person),
            RuleCode::Refused => self.refusal(person),
            RuleCode::Role => "Works in another role",
            RuleCode::Availability => "Not free for all of that time",
            RuleCode::Distance => "Farther than they travel",
            RuleCode::Overlap => "Booked elsewhere at that time",
            RuleCode::Travel => "Could not get there in time from another booking",
            RuleCode::Rest => "Would have too little rest",
            RuleCode::WeeklyHours => "Beyond their hours of that week",
            RuleCode::DailyHours => "Beyond their hours of that day",
        };
        fixed.to_owned()
    }

    /// "Lacks coil fitting; Basic life support ends on 3 November 2026".
    fn lacking(&self, person: &Clinician) -> String {
        let last_date = calendar::last_date(self.facts.zone, self.session.ends_at);
        let held: &[Held] = self.facts.held.get(&person.id).map_or(&[], Vec::as_slice);
        let lacking = self.session.competencies.iter().filter_map(|code| {
            let name = self.catalogue.competency_name(code);
            match held.iter().find(|held| held.competency == *code) {
                None => Some(format!("Lacks {}", words::in_sentence(name))),
                Some(held) => held.valid_through.filter(|last| *last < last_date).map(|last| {
                    let verb = if last < self.today { "ended" } else { "ends" };
                    format!("{name} {verb} on {}", words::date_without_weekday(last))
                }),
            }
        });
        lacking.collect::<Vec<_>>().join("; ")
    }

    fn clearance(&self, person: &Clinician) -> String {
        match self.facts.clearances.get(&person.id) {
            None => "Not cleared".to_owned(),
            Some(clearance) => {
                let until = clearance.cleared_until;
                let verb = if until < self.today { "ended" } else { "ends" };
                format!("Clearance {verb} on {}", words::date_without_weekday(until))
            }
        }
    }

    fn rate(&self, person: &Clinician) -> String {
        let rates = self.facts.rates.get(&person.id);
        match rates.and_then(|rates| rates.get(&self.session.band)) {
            None => "Has given no rate for this time of the week".to_owned(),
            Some(rate) => format!("Asks {}", words::rate_an_hour((*rate).into())),
        }
    }

    fn refusal(&self, person: &Clinician) -> &'static str {
        if self.facts.refusals.contains(&(self.session.practice_id, person.id)) {
            "The practice does not take them"
        } else {
            "Will not work at this practice"
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Candidate, Facts, Standing, candidates};
    use crate::people::clinician::{Engagement, Preference, PreferenceKind};
    use crate::terms::bank::{Band, Catalogue};
    use crate::work::planning::example::facts;

    fn judged(facts: &Facts) -> Option<Candidate> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        candidates(facts, &Catalogue::default(), today).unwrap().unwrap().into_iter().next()
    }

    fn said(facts: &Facts) -> (Standing, Vec<String>) {
        let found = judged(facts).expect("somebody of the role");
        (found.standing, found.against)
    }

    #[test]
    fn who_fits_has_nothing_against_them() {
        assert_eq!(said(&facts()), (Standing::Fits, Vec::new()));
    }

    #[test]
    fn what_is_their_own_wish_they_can_agree_to() {
        let mut far = facts();
        far.clinicians[0].max_travel_metres = 0;
        far.practices[0].latitude_microdegrees += 100_000;
        assert_eq!(said(&far), (Standing::MustAgree, vec!["Farther than they travel".to_owned()]));
        let mut busy = facts();
        busy.available.clear();
        assert_eq!(said(&busy), (Standing::MustAgree, vec!["Not free for all of that time".to_owned()]));
        let mut dear = facts();
        let id = dear.clinicians[0].id;
        dear.rates.get_mut(&id).unwrap().insert(Band::Core, 50_000);
        assert_eq!(said(&dear), (Standing::MustAgree, vec!["Asks £500 an hour".to_owned()]));
        dear.rates.clear();
        let no_rate = "Has given no rate for this time of the week".to_owned();
        assert_eq!(said(&dear), (Standing::MustAgree, vec![no_rate]));
    }

    #[test]
    fn what_is_not_theirs_to_decide_keeps_them_out() {
        let mut not_cleared = facts();
        not_cleared.clearances.clear();
        assert_eq!(said(&not_cleared), (Standing::CanNot, vec!["Not cleared".to_owned()]));
        let mut lacking = facts();
        lacking.sessions[0].competencies = vec!["coil_fitting".to_owned()];
        lacking.held.clear();
        assert_eq!(said(&lacking), (Standing::CanNot, vec!["Lacks coil_fitting".to_owned()]));
        let mut not_taken = facts();
        not_taken.refusals = vec![(not_taken.sessions[0].practice_id, not_taken.clinicians[0].id)];
        let practice = "The practice does not take them".to_owned();
        assert_eq!(said(&not_taken), (Standing::CanNot, vec![practice]));
        let mut unwilling = facts();
        unwilling.preferences = vec![Preference {
            clinician: unwilling.clinicians[0].id,
            practice: unwilling.sessions[0].practice_id,
            kind: PreferenceKind::Refused,
        }];
        let own = "Will not work at this practice".to_owned();
        assert_eq!(said(&unwilling), (Standing::CanNot, vec![own]));
    }

    #[test]
    fn one_wish_beside_one_rule_keeps_them_out_and_both_are_said() {
        let mut both = facts();
        both.clearances.clear();
        both.available.clear();
        let (standing, against) = said(&both);
        assert_eq!((standing, against.len()), (Standing::CanNot, 2));
    }

    #[test]
    fn rest_binds_those_the_bank_employs() {
        assert!(super::is_own_wish(super::RuleCode::Rest, Engagement::SelfEmployed));
        assert!(!super::is_own_wish(super::RuleCode::Rest, Engagement::Employed));
    }

    #[test]
    fn nobody_is_a_candidate_where_no_rate_is_left_or_of_another_role() {
        let mut closed = facts();
        closed.sessions[0].rate_max_pence_per_hour = 1;
        closed.sessions[0].rate_min_pence_per_hour = 1;
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        assert_eq!(candidates(&closed, &Catalogue::default(), today).unwrap(), None);
        let mut other = facts();
        other.clinicians[0].role = "paramedic".to_owned();
        assert_eq!(judged(&other), None);
    }
}
