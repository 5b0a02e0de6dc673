//! Tells those who were available and not chosen why, at most once a week a person.
//!
//! A published plan keeps the problem it was made from, so who could have done each session is worked out again from
//! it, by the checker, and not kept a second time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use serde_json::Value;

use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::id::{BankId, ClinicianId, PlanId};
use crate::ground::mail::{NewMail, Recipient};
use crate::ground::outbox;
use crate::ground::queue::JobError;
use crate::terms::bank;
use crate::terms::bank::calendar::start_of_day;
use crate::terms::bank::weekly::Week;
use crate::work::planning::messages::not_chosen::{self, Elsewhere};
use crate::work::planning::store;
use crate::work::planning::store::chosen::{
    ChosenRow, list_chosen, list_clinicians_to_tell, list_plans_published,
};
use matching_check::{Candidate, candidates};
use matching_model::format::problem_from_slice;

/// What published plans gave to whom, and who else could have done it.
#[derive(Debug, Default)]
struct Told {
    /// Who was offered anything: they are not told that they were not chosen.
    chosen: BTreeSet<ClinicianId>,
    /// For each other person, the sessions that went elsewhere.
    elsewhere: BTreeMap<ClinicianId, Vec<Elsewhere>>,
}

impl Told {
    fn add(&mut self, offered: &[ChosenRow], able: &BTreeMap<String, Vec<Candidate>>) {
        self.chosen.extend(offered.iter().map(|row| row.clinician_id));
        let mut seen = BTreeSet::new();
        // A session with several places stands there once a place.
        for row in offered.iter().filter(|row| seen.insert(row.session_id)) {
            let others = able.get(&row.session_id.to_string()).into_iter().flatten();
            for id in others.filter_map(|candidate| candidate.clinician.parse::<ClinicianId>().ok()) {
                let session = Elsewhere {
                    starts_at: row.starts_at,
                    practice: row.practice.clone(),
                    why: row.why.clone(),
                    candidates: row.candidates,
                };
                self.elsewhere.entry(id).or_default().push(session);
            }
        }
    }

    /// Those to be told, each with their sessions in order of time.
    fn not_chosen(mut self) -> BTreeMap<ClinicianId, Vec<Elsewhere>> {
        self.elsewhere.retain(|id, _| !self.chosen.contains(id));
        for sessions in self.elsewhere.values_mut() {
            sessions.sort_by(|one, other| {
                (one.starts_at, &one.practice).cmp(&(other.starts_at, &other.practice))
            });
        }
        self.elsewhere
    }
}

/// Tells the clinicians of every bank what the plans published last week gave to others.
pub async fn tell_not_chosen(app: &App, _payload: Value) -> Result<(), JobError> {
    let now = app.clock.now();
    let banks = bank::store::list_banks(&mut app.db.look(Actor::SERVICE).await?).await?;
    for bank in banks {
        let Some(week) = Week::to_tell_of(&bank, now) else { continue };
        let mails = mails(app, week).await?;
        outbox::put_all(app, &mails).await?;
    }
    Ok(())
}

async fn mails(app: &App, week: Week<'_>) -> Result<Vec<NewMail>, JobError> {
    let (id, zone) = (week.bank.id, week.bank.time_zone);
    let last_week = (start_of_day(zone, week.monday - Days::new(7)), start_of_day(zone, week.monday));
    let plans = list_plans_published(&mut app.db.look(Actor::job_of(id)).await?, last_week).await?;
    let mut told = Told::default();
    for plan in plans {
        add_plan(app, (id, plan), &mut told).await?;
    }
    let sessions = told.not_chosen();
    let ids: Vec<ClinicianId> = sessions.keys().copied().collect();
    let people = list_clinicians_to_tell(&mut app.db.look(Actor::job_of(id)).await?, &ids).await?;
    let letterhead = app.letterhead();
    let mail = |(id, to): &(ClinicianId, Recipient)| {
        let own = sessions.get(id).map_or(&[][..], Vec::as_slice);
        not_chosen::mail(week, own, to, &letterhead)
    };
    let mails: Result<Vec<NewMail>, _> = people.iter().map(mail).collect();
    mails.map_err(|error| JobError::Failed(format!("writing to those who were not chosen: {error}")))
}

async fn add_plan(app: &App, (bank, plan): (BankId, PlanId), told: &mut Told) -> Result<(), JobError> {
    let mut tx = app.db.look(Actor::job_of(bank)).await?;
    let problem = store::find_problem(&mut tx, plan).await?;
    let offered = list_chosen(&mut tx, plan).await?;
    drop(tx);
    let Some(problem) = problem else { return Ok(()) };
    // Working out who could do what takes seconds for a large bank, which would hold up other work.
    let able = tokio::task::spawn_blocking(move || {
        let problem = problem_from_slice(problem.as_bytes()).map_err(|error| error.to_string())?;
        candidates(&problem).map_err(|fault| fault.to_string())
    });
    let able = able.await.map_err(|error| JobError::Failed(error.to_string()))?.map_err(JobError::Failed)?;
    told.add(&offered, &able);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::{Candidate, ChosenRow, Told};
    use crate::ground::id::{ClinicianId, SessionId};

    #[test]
    fn who_got_anything_is_not_told_and_who_could_and_did_not_is() {
        let (ann, bea, cyn) = (ClinicianId::new(), ClinicianId::new(), ClinicianId::new());
        let (early, late) = (SessionId::new(), SessionId::new());
        let row = |session, clinician, seconds| ChosenRow {
            session_id: session,
            clinician_id: clinician,
            starts_at: DateTime::from_timestamp(seconds, 0).unwrap(),
            practice: "Orchid House Surgery".to_owned(),
            why: Vec::new(),
            candidates: 3,
        };
        let able = |ids: &[ClinicianId]| -> Vec<Candidate> {
            ids.iter().map(|id| Candidate { clinician: id.to_string(), road_metres: 0 }).collect()
        };
        let could = BTreeMap::from([
            (early.to_string(), able(&[ann, bea, cyn])),
            (late.to_string(), able(&[ann, cyn])),
        ]);
        let mut told = Told::default();
        // The later session has two places.
        told.add(&[row(late, ann, 2_000), row(late, bea, 2_000), row(early, bea, 1_000)], &could);
        let found = told.not_chosen();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [cyn]);
        let times: Vec<i64> = found[&cyn].iter().map(|session| session.starts_at.timestamp()).collect();
        assert_eq!(times, [1_000, 2_000]);
    }
}
