//! The rules of one clinician's whole diary, restated for checking: nothing overlaps, the drive fits, rest is kept
//! between working days and left by each of them, and the hours of the day and of the week stay within their caps.

use std::collections::BTreeMap;

use super::Fault;
use super::facts::{Facts, SessionFacts};
use matching_model::plan::Plan;

impl Facts<'_> {
    /// The sessions that a plan gives each clinician; whoever and whatever the problem does not have is left out.
    pub fn diaries(&self, plan: &Plan) -> Vec<Vec<usize>> {
        let mut diaries = vec![Vec::new(); self.clinicians.len()];
        for told in &plan.assignments {
            if let (Some(session), Some(clinician)) =
                (self.session(&told.session), self.clinician(&told.clinician))
            {
                diaries[clinician].push(session);
            }
        }
        diaries
    }

    /// Whether a clinician can do `second` after `first`, which starts no later.
    pub fn can_follow(&self, clinician: usize, first: &SessionFacts<'_>, second: &SessionFacts<'_>) -> bool {
        let drive = self.drive_minutes(first.practice, second.practice);
        let gap = if first.day == second.day {
            if second.end_minute - first.start_minute > self.longest_day(clinician) {
                return false;
            }
            drive
        } else {
            drive.max(self.clinicians[clinician].told.rest_minutes)
        };
        first.end_minute + gap <= second.start_minute
    }

    /// The most minutes from the start to the end of one working day of a clinician: what their rest, of which at most
    /// eleven hours count here, leaves of 24 hours.
    pub fn longest_day(&self, clinician: usize) -> i64 {
        match self.clinicians[clinician].told.rest_minutes {
            ..=0 => i64::MAX,
            rest => 1_440 - rest.min(660),
        }
    }

    /// Whether a clinician can do both sessions, whichever comes first.
    pub fn can_do_both(&self, clinician: usize, one: usize, other: usize) -> bool {
        let (one, other) = (&self.sessions[one], &self.sessions[other]);
        if one.span() <= other.span() {
            self.can_follow(clinician, one, other)
        } else {
            self.can_follow(clinician, other, one)
        }
    }

    /// Every fault in one clinician's diary. What is booked on both sides is not questioned; what the plan
    /// adds must fit round it.
    pub fn diary_faults(&self, clinician: usize, diary: &[usize]) -> Vec<Fault> {
        let id = |session: usize| self.sessions[session].told.id.clone();
        let told = self.clinicians[clinician].told;
        let mut sessions = diary.to_vec();
        sessions.sort_by_key(|session| self.sessions[*session].span());
        let added = |session: usize| !self.is_booked(session, clinician);
        let mut faults = Vec::new();
        for (position, first) in sessions.iter().enumerate() {
            for second in &sessions[position + 1..] {
                if (added(*first) || added(*second))
                    && !self.can_follow(clinician, &self.sessions[*first], &self.sessions[*second])
                {
                    faults.push(Fault::CannotDoBoth {
                        clinician: told.id.clone(),
                        first: id(*first),
                        second: id(*second),
                    });
                }
            }
        }
        let caps = [
            (
                "week",
                told.max_minutes_per_week,
                self.minutes_by(&sessions, |session| self.sessions[session].week),
            ),
            (
                "day",
                told.max_minutes_per_day,
                self.minutes_by(&sessions, |session| self.sessions[session].day),
            ),
        ];
        for (period, cap, used) in caps {
            let Some(cap) = cap else { continue };
            for (minutes, in_period) in used.values() {
                if *minutes > cap && in_period.iter().any(|session| added(*session)) {
                    faults.push(Fault::TooManyMinutes {
                        clinician: told.id.clone(),
                        period,
                        first: id(in_period[0]),
                        minutes: *minutes,
                        cap,
                    });
                }
            }
        }
        faults
    }

    fn minutes_by(
        &self,
        sessions: &[usize],
        period: impl Fn(usize) -> i32,
    ) -> BTreeMap<i32, (i64, Vec<usize>)> {
        let mut used: BTreeMap<i32, (i64, Vec<usize>)> = BTreeMap::new();
        for session in sessions {
            let (minutes, in_period) = used.entry(period(*session)).or_default();
            *minutes += self.sessions[*session].minutes();
            in_period.push(*session);
        }
        used
    }
}
