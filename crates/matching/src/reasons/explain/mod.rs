//! Why a plan is as it is, in plain words: for a session who does it and why not others, for a clinician what they
//! do and why not more.
//!
//! Everything told is worked out from the problem and the plan alone, by the engine's rules; a change is told only
//! once it was tried.

mod session;
mod words;

use std::collections::BTreeMap;

use matching_model::plan::{Plan, RuleCode};
use matching_model::problem::Problem;

use crate::index::{ClinicianIx, SessionIx};
use crate::pairs::facts::Facts;
use crate::pairs::refusal;
use crate::pairs::rules::kept_out;
use crate::pairs::score::any_worth;
use crate::roster::{Index, Roster};

use self::words::{counted, hours, kilometres, listed, people, pounds, short_date, time_span};

/// How many sessions or people are told one by one.
const MOST_NAMED: usize = 8;

/// Why nothing can be explained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The problem has no such session.
    #[error("there is no session {session} in the problem")]
    UnknownSession {
        /// The id asked for.
        session: String,
    },
    /// The problem has no such clinician.
    #[error("there is no clinician {clinician} in the problem")]
    UnknownClinician {
        /// The id asked for.
        clinician: String,
    },
}

/// A plan with what is needed to explain it.
#[derive(Debug)]
pub struct Explainer<'p> {
    problem: &'p Problem,
    plan: &'p Plan,
    facts: Facts,
    roster: Roster,
    index: Index<'p>,
}

impl<'p> Explainer<'p> {
    /// Makes a legal plan of a validated problem ready to be explained.
    #[must_use]
    pub fn of(problem: &'p Problem, plan: &'p Plan) -> Self {
        let facts = Facts::of(problem);
        let index = Index::of(problem, &facts);
        let roster = Roster::of(&facts, index.placed(plan));
        Self { problem, plan, facts, roster, index }
    }

    /// The story of one clinician: their sessions, how much room is left, and who does what they could have done.
    pub fn clinician(&self, id: &str) -> Result<Vec<String>, ExplainError> {
        let unknown = || ExplainError::UnknownClinician { clinician: id.to_owned() };
        let &clinician = self.index.clinicians.get(id).ok_or_else(unknown)?;
        let told = self.facts.clinicians[clinician].told(self.problem);
        let diary = self.roster.diary(clinician);
        let minutes: i64 = diary.iter().map(|session| self.facts.sessions[*session].timing.minutes()).sum();
        let mut lines = vec![format!(
            "{id} ({}) has {} in the plan, {} in all.",
            told.role,
            counted(i64::try_from(diary.len()).unwrap_or(0), "session"),
            hours(minutes)
        )];
        for &session in diary {
            lines.push(format!("    {}", self.placed_line(clinician, session)));
        }
        if let Some(most) = told.max_minutes_per_week {
            lines.push(format!("They work at most {} a week.", hours(most)));
        }
        lines.extend(self.other_sessions(clinician));
        Ok(lines)
    }

    /// One session of a diary, with what it pays and how far it is.
    fn placed_line(&self, clinician: ClinicianIx, session: SessionIx) -> String {
        let worth = any_worth(&self.facts, (clinician, session));
        let (pay, metres) = (worth.pay_pence, worth.road_metres);
        let booked = if self.facts.is_booked(clinician, session) { ", booked already" } else { "" };
        format!("{}: {}, {} from home{booked}", self.title(session), pounds(pay), kilometres(metres))
    }

    /// What they may do by the rules of pairs and do not do.
    fn other_sessions(&self, clinician: ClinicianIx) -> Vec<String> {
        let person = &self.facts.clinicians[clinician];
        let diary = self.roster.diary(clinician);
        let mut no_room: BTreeMap<RuleCode, usize> = BTreeMap::new();
        let (mut taken, mut open) = (Vec::new(), Vec::new());
        for (session, work) in self.facts.sessions.numbered() {
            if diary.contains(&session) || refusal::of_pair(&self.facts, work, person).is_some() {
                continue;
            }
            match refusal::of_diary(&self.facts, work, person, diary) {
                Some(code) => *no_room.entry(code).or_default() += 1,
                None if self.roster.places_left(&self.facts, session) > 0 => open.push(session),
                None => taken.push((self.lead_of_others(clinician, session), session)),
            }
        }
        let mut lines = Vec::new();
        for (code, count) in no_room {
            let sessions = counted(i64::try_from(count).unwrap_or(0), "other session");
            lines.push(format!("They may do {sessions}, and there they are {}.", kept_out(code)));
        }
        taken.sort_unstable();
        if !taken.is_empty() {
            let sessions = counted(i64::try_from(taken.len()).unwrap_or(0), "other session");
            lines.push(format!("They may do {sessions} and have the time, and others do them:"));
        }
        for (lead, session) in taken.iter().take(MOST_NAMED) {
            let who: Vec<&str> =
                self.roster.people(*session).iter().map(|other| self.clinician_id(*other)).collect();
            let why = if *lead >= 0 {
                format!("worth {lead} points more there")
            } else {
                format!("worth {} points less there, so that more is filled elsewhere", -lead)
            };
            lines.push(format!("    {}: {}, {why}", self.title(*session), who.join(", ")));
        }
        if taken.len() > MOST_NAMED {
            lines.push(format!("    and {} more", taken.len() - MOST_NAMED));
        }
        for session in open {
            lines.push(format!(
                "They could also do {}, which is empty: by the weights of the score it is not worth filling.",
                self.title(session)
            ));
        }
        lines
    }

    /// How many points more the least of those in a session scores there than this clinician would.
    fn lead_of_others(&self, clinician: ClinicianIx, session: SessionIx) -> i64 {
        let score = |who: ClinicianIx| any_worth(&self.facts, (who, session)).score;
        let free = self.roster.people(session).iter().filter(|who| !self.facts.is_booked(**who, session));
        free.map(|who| score(*who)).min().map_or(0, |least| least - score(clinician))
    }

    fn session_id(&self, session: SessionIx) -> &'p str {
        &self.facts.sessions[session].told(self.problem).id
    }

    fn clinician_id(&self, clinician: ClinicianIx) -> &'p str {
        &self.facts.clinicians[clinician].told(self.problem).id
    }

    fn practice_name(&self, id: &'p str) -> &'p str {
        let named = self.problem.practices.iter().find(|practice| practice.id == id);
        named.map(|practice| practice.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(id)
    }

    /// `S000012, Monday 4 January 2027, 9am to 1pm at The practice`.
    fn title(&self, session: SessionIx) -> String {
        let told = self.facts.sessions[session].told(self.problem);
        let when = time_span(told.start, told.end, self.problem.timezone);
        format!("{}, {when} at {}", told.id, self.practice_name(&told.practice))
    }
}
