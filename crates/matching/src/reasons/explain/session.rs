//! The story of one session.

use std::collections::BTreeMap;

use matching_model::plan::{Change, Remedy, RemedyValue, RuleCode, UnfilledReason};

use super::{
    ExplainError, Explainer, MOST_NAMED, any_worth, counted, kept_out, kilometres, listed, people, pounds,
    refusal, short_date,
};
use crate::index::{ClinicianIx, SessionIx};
use crate::pairs::facts::{ClinicianFacts, SessionFacts};
use crate::reasons::bottleneck::bottleneck;

impl Explainer<'_> {
    /// The story of one session: who does it, who could and does something else, who cannot and by which rule, and
    /// what would fill a place that is empty.
    pub fn session(&self, id: &str) -> Result<Vec<String>, ExplainError> {
        let unknown = || ExplainError::UnknownSession { session: id.to_owned() };
        let &session = self.index.sessions.get(id).ok_or_else(unknown)?;
        let work = &self.facts.sessions[session];
        let told = work.told(self.problem);
        let needs = if told.competencies.is_empty() {
            String::new()
        } else {
            format!(" with {}", told.competencies.join(" and "))
        };
        let mut lines = vec![format!(
            "{}, for {}{needs}, {} to {} an hour, {}.",
            self.title(session),
            told.roles.join(" or "),
            pounds(told.rate_min),
            pounds(told.rate_max),
            counted(i64::from(told.places), "place")
        )];
        for &clinician in self.roster.people(session) {
            lines.push(self.person_line(clinician, session));
        }
        lines.extend(self.those_who_could(session, work));
        lines.extend(self.those_who_cannot(session, work));
        lines.extend(self.empty_places(id));
        Ok(lines)
    }

    fn person_line(&self, clinician: ClinicianIx, session: SessionIx) -> String {
        let id = self.clinician_id(clinician);
        let worth = any_worth(&self.facts, (clinician, session));
        let why = if self.facts.is_booked(clinician, session) { " They were booked already." } else { "" };
        format!(
            "{id} does it for {} an hour, {} in all, {} from home.{why}",
            pounds(worth.rate_pence_per_hour),
            pounds(worth.pay_pence),
            kilometres(worth.road_metres)
        )
    }

    /// Everybody of an accepted role who is not in it.
    fn others<'a>(
        &'a self,
        session: SessionIx,
        work: &'a SessionFacts,
    ) -> impl Iterator<Item = (ClinicianIx, &'a ClinicianFacts)> + 'a {
        let people = self.roster.people(session);
        self.facts.clinicians.numbered().filter(move |(clinician, person)| {
            work.roles.contains(&person.role) && !people.contains(clinician)
        })
    }

    /// Those whom every rule of pairs allows it, best score first, with what stands in the way.
    fn those_who_could(&self, session: SessionIx, work: &SessionFacts) -> Vec<String> {
        let score = |who: ClinicianIx| any_worth(&self.facts, (who, session)).score;
        let least = self.roster.people(session).iter().map(|who| score(*who)).min();
        let mut could: Vec<(i64, ClinicianIx, &ClinicianFacts)> = self
            .others(session, work)
            .filter(|(_, person)| refusal::of_pair(&self.facts, work, person).is_none())
            .map(|(clinician, person)| (-score(clinician), clinician, person))
            .collect();
        could.sort_by_key(|(score, clinician, _)| (*score, *clinician));
        if could.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![format!("{} more may do it by the rules:", people(could.len()))];
        for (negative, clinician, person) in could.iter().take(MOST_NAMED) {
            let points = -negative;
            let against = match least {
                Some(least) if points > least => {
                    format!("{} points more than the plan's choice", points - least)
                }
                Some(least) => format!("{} points less than the plan's choice", least - points),
                None => format!("{points} points"),
            };
            let diary = self.roster.diary(*clinician);
            let stands = match refusal::of_diary(&self.facts, work, person, diary) {
                Some(code) => format!("{}{}", kept_out(code), self.what_instead(*clinician, session)),
                None if points <= 0 => "not worth what it costs by the weights of the score".to_owned(),
                None => "free at the time".to_owned(),
            };
            lines.push(format!("    {} ({against}): {stands}", self.clinician_id(*clinician)));
        }
        if could.len() > MOST_NAMED {
            lines.push(format!("    and {} more", could.len() - MOST_NAMED));
        }
        lines
    }

    /// What they do that day instead, where it is a session of the plan.
    fn what_instead(&self, clinician: ClinicianIx, session: SessionIx) -> String {
        let day = |session: SessionIx| self.facts.sessions[session].timing.day;
        let same_day: Vec<&str> = self
            .roster
            .diary(clinician)
            .iter()
            .filter(|other| day(**other) == day(session))
            .map(|other| self.session_id(*other))
            .collect();
        if same_day.is_empty() {
            String::new()
        } else {
            format!(" (that day they do {})", same_day.join(", "))
        }
    }

    /// How many people each rule of pairs keeps out, under the first that fails.
    fn those_who_cannot(&self, session: SessionIx, work: &SessionFacts) -> Vec<String> {
        let mut counts: BTreeMap<RuleCode, usize> = BTreeMap::new();
        for (_, person) in self.others(session, work) {
            if let Some(code) = refusal::of_pair(&self.facts, work, person) {
                *counts.entry(code).or_default() += 1;
            }
        }
        let line = |(code, count): (RuleCode, usize)| {
            let are = if count == 1 { "is" } else { "are" };
            format!("{} {are} {}.", people(count), kept_out(code))
        };
        counts.into_iter().map(line).collect()
    }

    fn empty_places(&self, id: &str) -> Vec<String> {
        let Some(unfilled) = self.plan.unfilled.iter().find(|unfilled| unfilled.session == id) else {
            return Vec::new();
        };
        let left = counted(i64::from(unfilled.places_left), "place");
        let why = match unfilled.reason {
            UnfilledReason::NoEligibleClinician => "nobody else may do it",
            UnfilledReason::AllEligibleBetterUsed => {
                "everybody who may do it is worth more elsewhere, booked or out of hours"
            }
            UnfilledReason::NotWorthFilling => "by the weights of the score it costs more than it is worth",
        };
        let are = if unfilled.places_left == 1 { "is" } else { "are" };
        let mut lines = vec![format!("{left} {are} empty: {why}.")];
        if unfilled.reason == UnfilledReason::AllEligibleBetterUsed {
            lines.extend(self.bottleneck_line(id));
        }
        lines.extend(unfilled.remedies.iter().map(|remedy| self.remedy_line(remedy, id)));
        lines
    }

    /// The fewest sessions, this one among them, that share too few people.
    fn bottleneck_line(&self, id: &str) -> Option<String> {
        let found = bottleneck(&self.facts, &self.roster, self.index.sessions[id])?;
        let who = found.clinicians.iter().take(MOST_NAMED).map(|clinician| self.clinician_id(*clinician));
        let who = listed(&who.collect::<Vec<_>>(), found.clinicians.len());
        let can = people(found.clinicians.len());
        if let [_] = found.sessions.as_slice() {
            return Some(format!(
                "Only {can} may do it ({who}), and their bookings and hours leave no room for it."
            ));
        }
        let others = found.sessions.iter().filter(|session| self.session_id(**session) != id);
        let named: Vec<&str> = others.take(MOST_NAMED).map(|session| self.session_id(*session)).collect();
        let named = listed(&named, found.sessions.len() - 1);
        let places = counted(i64::from(found.places), "place");
        Some(format!(
            "It shares {can} ({who}) with {named}: {places} in all, more than they can fill whatever they leave elsewhere. \
             Without any one of these sessions they could do the rest."
        ))
    }

    fn remedy_line(&self, remedy: &Remedy, session: &str) -> String {
        let who = &remedy.clinician;
        let number = match &remedy.to {
            RemedyValue::Number(number) => *number,
            RemedyValue::Date(_) => 0,
        };
        let date = match &remedy.to {
            RemedyValue::Date(date) => date.as_str(),
            RemedyValue::Number(_) => "",
        };
        let change = match remedy.change {
            Change::RaiseRateMax => format!("paying up to {} an hour", pounds(number)),
            Change::ExtendTravel => format!("{who} travelling {}", kilometres(number)),
            Change::ShiftStart if number < 0 => format!("starting {} minutes earlier", -number),
            Change::ShiftStart => format!("starting {number} minutes later"),
            Change::ExtendAvailability => {
                let told = self.facts.sessions[self.index.sessions[session]].told(self.problem);
                let day = short_date(told.start, self.problem.timezone);
                format!("{who} offering the whole time on {day}")
            }
            Change::RenewCompetency => {
                format!("{who} renewing {} to {date}", remedy.competency.as_deref().unwrap_or("a competency"))
            }
            Change::ExtendClearance => format!("clearing {who} to {date}"),
            Change::RaiseWeeklyMinutes => format!("{who} working {number} minutes that week"),
            Change::RaiseDailyMinutes => format!("{who} working {number} minutes that day"),
        };
        let effect = if remedy.gains == 1 {
            "one place more is filled in the whole plan"
        } else {
            "another session would lose its clinician"
        };
        format!("    Tried: {change} brings in {who} for {}, and {effect}.", pounds(remedy.cost_pence))
    }
}
