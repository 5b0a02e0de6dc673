//! Whether the one change of a remedy really lets its clinician into the session.

use chrono::{Datelike, NaiveDate};

use super::facts::{Facts, local_day};
use super::judge::Caps;
use super::pair::Refusal;
use super::unfilled::FilledIn;
use matching_model::plan::{Change, Remedy, RemedyValue, RuleCode};

impl Facts<'_> {
    /// What is wrong with a remedy for a session; `None` where its change is enough, and is needed.
    pub fn remedy_fault(&self, session: usize, remedy: &Remedy, filled: &FilledIn<'_>) -> Option<String> {
        let Some(clinician) = self.clinician(&remedy.clinician) else {
            return Some("names nobody in the problem".to_owned());
        };
        if filled.people[session].contains(&clinician) {
            return Some("names somebody who is in it already".to_owned());
        }
        if remedy.gains > 1 {
            return Some(format!("gains {} places by one person", remedy.gains));
        }
        let pay = self.worth(session, clinician).pay_pence;
        if remedy.cost_pence != pay {
            return Some(format!("costs {pay}, and is given as {}", remedy.cost_pence));
        }
        match remedy.change {
            Change::RaiseRateMax => self.pair_fault(session, clinician, Refusal::Rate, remedy),
            Change::ExtendTravel => self.pair_fault(session, clinician, Refusal::Distance, remedy),
            Change::RenewCompetency => self.pair_fault(session, clinician, Refusal::Competency, remedy),
            Change::ExtendClearance => self.pair_fault(session, clinician, Refusal::Clearance, remedy),
            Change::ExtendAvailability => self.pair_fault(session, clinician, Refusal::Availability, remedy),
            Change::RaiseWeeklyMinutes | Change::RaiseDailyMinutes => {
                self.hours_fault(session, clinician, remedy, &filled.diaries[clinician])
            }
            Change::ShiftStart => self.shift_fault(session, clinician, remedy, filled),
        }
    }

    /// A change that lifts one rule of pairs, which must be the only one that fails.
    fn pair_fault(&self, session: usize, clinician: usize, rule: Refusal, remedy: &Remedy) -> Option<String> {
        let refusals: Vec<Refusal> = self.refusals(session, clinician).collect();
        if refusals.is_empty() {
            return Some("changes something for a person who is eligible already".to_owned());
        }
        let others: Vec<&str> =
            refusals.iter().filter(|refusal| **refusal != rule).map(|refusal| refusal.code()).collect();
        if !others.is_empty() {
            return Some(format!("leaves them refused by {}", others.join(", ")));
        }
        let facts = &self.sessions[session];
        let enough = match (&remedy.to, rule) {
            (RemedyValue::Number(pence), Refusal::Rate) => self
                .asked_rate(session, clinician)
                .is_some_and(|asked| asked.max(facts.told.rate_min) <= *pence),
            (RemedyValue::Number(metres), Refusal::Distance) => {
                self.road_metres(clinician, facts.practice) <= *metres
            }
            (RemedyValue::Date(date), Refusal::Clearance) => lasts(date, facts.last_day),
            (RemedyValue::Date(date), Refusal::Availability) => {
                day_of(date).is_some_and(|day| day == local_day(self.problem, facts.told.start))
            }
            (RemedyValue::Date(date), Refusal::Competency) => {
                let name = remedy.competency.as_deref();
                lasts(date, facts.last_day)
                    && name.is_some_and(|name| self.lacks_only(session, clinician, name))
            }
            _ => false,
        };
        (!enough).then(|| format!("is not enough: {} still holds them back", rule.code()))
    }

    /// More minutes a week or a day, for somebody whom nothing else keeps out of the session as the plan stands.
    fn hours_fault(
        &self,
        session: usize,
        clinician: usize,
        remedy: &Remedy,
        diary: &[usize],
    ) -> Option<String> {
        if let Some(refusal) = self.refusals(session, clinician).next() {
            return Some(format!("leaves them refused by {}", refusal.code()));
        }
        let RemedyValue::Number(minutes) = remedy.to else {
            return Some("is not a number of minutes".to_owned());
        };
        let own = Caps::of(self.clinicians[clinician].told);
        let (rule, widened) = if remedy.change == Change::RaiseWeeklyMinutes {
            (RuleCode::WeeklyHours, Caps { week: Some(minutes), ..own })
        } else {
            (RuleCode::DailyHours, Caps { day: Some(minutes), ..own })
        };
        let facts = &self.sessions[session];
        if self.diary_refusals(clinician, facts, diary, own).next() != Some(rule) {
            return Some("changes a cap that does not hold them back".to_owned());
        }
        let still = self.diary_refusals(clinician, facts, diary, widened).next()?;
        Some(format!("is not enough: {still:?} still holds them back"))
    }

    /// Another start of a session that nobody is in yet.
    fn shift_fault(
        &self,
        session: usize,
        clinician: usize,
        remedy: &Remedy,
        filled: &FilledIn<'_>,
    ) -> Option<String> {
        let RemedyValue::Number(minutes) = remedy.to else {
            return Some("is not a number of minutes".to_owned());
        };
        if !filled.people[session].is_empty() {
            return Some("moves a session that somebody is in".to_owned());
        }
        let Some(moved) = self.shifted(session, minutes) else {
            return Some("moves the session to another date".to_owned());
        };
        let kept_out = self.refusals(session, clinician).find(|refusal| *refusal != Refusal::Availability);
        if let Some(refusal) = kept_out {
            return Some(format!("leaves them refused by {}", refusal.code()));
        }
        if !self.is_available(&moved, clinician) {
            return Some("is not enough: availability still holds them back".to_owned());
        }
        let caps = Caps::of(self.clinicians[clinician].told);
        let still = self.diary_refusals(clinician, &moved, &filled.diaries[clinician], caps).next()?;
        Some(format!("is not enough: {still:?} still holds them back"))
    }
}

fn day_of(date: &str) -> Option<i32> {
    date.parse::<NaiveDate>().ok().map(|date| date.num_days_from_ce())
}

fn lasts(date: &str, last_day: i32) -> bool {
    day_of(date).is_some_and(|day| day >= last_day)
}
