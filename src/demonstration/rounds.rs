//! Rounds: one that was decided two days ago, which practices have still to confirm, and one in which requests gather.

use chrono::{DateTime, TimeDelta, Utc};
use matching::example::chance::Chance;
use matching::round::decide;

use crate::demonstration::SIGN_INS;
use crate::demonstration::context::{Context, LoadError};
use crate::demonstration::store::{Asking, list_clinicians};
use crate::ground::actor::Actor;
use crate::ground::db::Tx;
use crate::ground::id::RequestId;
use crate::ground::sign_in::PersonKind;
use crate::ground::words::london_date;
use crate::terms::rules::actions::{Wish, decide_rule};
use crate::terms::rules::{Rounds, Rule};
use crate::work::booking::error::DeskError;
use crate::work::request::actions::decide::{gather, keep_decision};
use crate::work::request::actions::rank::{Ranking, rank_requests};
use crate::work::request::actions::{Asked, ask_for_session};
use crate::work::request::store::finding::{Order, Sought, list_found};
use crate::work::round::Round;
use crate::work::round::actions::announce_next_round;
use crate::work::round::store::{find_newest, find_open};

/// What the administrators decided: weekly rounds, for sessions that start five days after one closes at the earliest.
const RULE: Rounds = Rounds { days: 7, close_hour: 12, ahead_days: 5, confirm_hours: 96, ledger_weeks: 12 };

/// When they decided it: the first round then opened within a day, and closed within the last three.
const DECIDED_BEFORE: TimeDelta = TimeDelta::days(10);

/// Of a thousand clinicians, so many ask in a round.
const ASK_PER_MILLE: usize = 350;

/// So many sessions at most.
const MOST_ASKED: i64 = 4;

/// Writes the rounds, as the administrator who acts in the transaction.
pub(crate) async fn write(tx: &mut Tx, context: &Context, chance: &mut Chance) -> Result<(), LoadError> {
    (context.steps)("Rounds");
    let administrator = tx.actor();
    tx.go_to_time(context.now - DECIDED_BEFORE);
    let why = "Nobody should have to be the fastest".to_owned();
    let wish = Wish { rule: Rule::Rounds(RULE), seen: 0, why };
    decide_rule(tx, &context.desk.reliants, &wish).await.map_err(failed)?;
    let first = announce(tx).await?;
    tx.go_to_time(first.opens_at + TimeDelta::minutes(1));
    announce(tx).await?;
    people_ask(tx, context, chance, first.opens_at + TimeDelta::days(1)).await?;
    tx.go_on_as(Actor::job_of(context.bank.id));
    tx.go_to_time(first.closes_at + TimeDelta::minutes(1));
    announce(tx).await?;
    if let Some(gathering) = gather(tx, first.id, context.policy).await? {
        let round = gathering.drawn.round.clone();
        let decided = tokio::task::spawn_blocking(move || decide(&round)).await.map_err(failed)?;
        keep_decision(tx, &context.desk.letterhead, &gathering, &decided.map_err(failed)?).await?;
    }
    people_ask(tx, context, chance, context.now).await?;
    tx.go_to_time(context.now);
    tx.go_on_as(administrator);
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> LoadError {
    LoadError::Rounds(error.to_string())
}

async fn announce(tx: &mut Tx) -> Result<Round, LoadError> {
    announce_next_round(tx).await.map_err(failed)?;
    find_newest(tx).await?.ok_or_else(|| failed("no round was announced"))
}

/// Some clinicians ask for sessions near them, and say in which order they want them.
async fn people_ask(
    tx: &mut Tx,
    context: &Context,
    chance: &mut Chance,
    at: DateTime<Utc>,
) -> Result<(), LoadError> {
    tx.go_to_time(at);
    let from = find_open(tx).await?.map(|round| london_date(round.sessions_from + TimeDelta::days(1)));
    for person in list_clinicians(tx).await? {
        if !chance.per_mille(ASK_PER_MILLE) && person.email != SIGN_INS[1].1 {
            continue;
        }
        tx.go_to_time(at + TimeDelta::minutes(chance.between(0, 600)).min(context.now - at));
        let Asking { account, membership, clinician, .. } = person;
        tx.go_on_as(Actor::Member {
            account,
            bank: context.bank.id,
            membership,
            kind: PersonKind::Clinician,
        });
        let mut choices: Vec<(RequestId, i16)> = Vec::new();
        // Some ask for what is too near for the round as well, which goes to the practice at once.
        let is_sample = person.email == SIGN_INS[1].1;
        let from = from.filter(|_| is_sample || chance.per_mille(700));
        let sought = Sought { from, order: Order::Nearest, ..Sought::default() };
        for found in list_found(tx, clinician, &sought, (MOST_ASKED, 0)).await? {
            match ask_for_session(tx, &context.desk, found.session_id, "").await {
                Ok(Asked::Gathers(id, _)) => {
                    choices.push((id, i16::try_from(choices.len() + 1).unwrap_or(1)));
                }
                Ok(_) | Err(DeskError::Refused(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let most = chance.per_mille(300).then_some(2);
        rank_requests(tx, &Ranking { choices, most }).await?;
    }
    Ok(())
}
