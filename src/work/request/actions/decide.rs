//! A round is decided: read, handed to the core, and kept unless something moved meanwhile.

use std::collections::BTreeMap;

use matching::round::Decision;
use serde_json::json;

use crate::eligibility::facts::SessionFacts;
use crate::ground::audit::{self, Action};
use crate::ground::db::Tx;
use crate::ground::events::{self, Happened};
use crate::ground::id::{AccountId, ClinicianId, RequestId, RoundId, SessionId};
use crate::ground::mail::{self, Letterhead};
use crate::terms::rules::store::load_decided;
use crate::work::booking::error::DeskError;
use crate::work::booking::messages::Person;
use crate::work::booking::people;
use crate::work::booking::store::facts::{list_pairs, list_sessions};
use crate::work::booking::store::offers::list_holders;
use crate::work::request::deciding::{Drawn, Gathered, Verdict, draw, results};
use crate::work::request::messages::{Occasion, round_proposals, round_results};
use crate::work::request::store::rounds;
use crate::work::request::{Request, RequestState};
use crate::work::round::store::{find_round, list_entries, lock_undecided, mark_decided, set_turns};
use crate::work::round::{InTurn, Round, in_turn};
use matching_model::policy::Policy;

/// A round as it was read, ready to be decided.
#[derive(Debug, Clone)]
pub struct Gathering {
    /// The round.
    pub round: Round,
    turns: Vec<InTurn>,
    gathered: Vec<RequestId>,
    /// What the core decides.
    pub drawn: Drawn,
}

/// What came of keeping a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is decided: so many requests are proposed, of so many.
    Decided(usize, usize),
    /// Somebody took a request back after it was read; it has to be read again.
    Moved,
    /// Another process has decided it.
    Before,
}

/// Reads what gathered in a closed round; none where it is decided. `usual` are the weights of the score where the bank's
/// administrators have decided none.
pub async fn gather(tx: &mut Tx, id: RoundId, usual: Policy) -> Result<Option<Gathering>, DeskError> {
    let now = tx.now();
    let round = find_round(tx, id).await?.filter(|round| round.decided_at.is_none());
    let Some(round) = round else { return Ok(None) };
    let rows = rounds::list_gathered(tx, id).await?;
    let pairs: Vec<(SessionId, ClinicianId)> =
        rows.iter().map(|row| (row.session_id, row.clinician_id)).collect();
    let facts = list_pairs(tx, &pairs, now).await?;
    let facts: BTreeMap<_, _> =
        facts.into_iter().map(|it| ((it.session.id, it.clinician.person.id), it)).collect();
    let entries = list_entries(tx, &round).await?;
    let asks = |clinician: ClinicianId| rows.iter().any(|row| row.clinician_id == clinician);
    let turns = in_turn(&round, entries.into_iter().filter(|entry| asks(entry.clinician_id)).collect());
    let gathered: Vec<Gathered> = rows
        .iter()
        .filter_map(|row| {
            Some(Gathered { row: *row, facts: facts.get(&(row.session_id, row.clinician_id))?.clone() })
        })
        .collect();
    let policy = load_decided(tx).await?.weights.unwrap_or(usual);
    let drawn = draw(&round, &turns, &gathered, &policy)?;
    Ok(Some(Gathering { turns, gathered: rows.iter().map(|row| row.id).collect(), drawn, round }))
}

/// Keeps what the core decided: proposes, says of everything else why not, and writes to everybody once.
pub async fn keep_decision(
    tx: &mut Tx,
    letterhead: &Letterhead,
    gathering: &Gathering,
    decision: &Decision,
) -> Result<Kept, DeskError> {
    let Some(round) = lock_undecided(tx, gathering.round.id).await? else { return Ok(Kept::Before) };
    let requests = rounds::lock_waiting(tx, round.id).await?;
    if !requests.iter().map(|request| request.id).eq(gathering.gathered.iter().copied()) {
        return Ok(Kept::Moved);
    }
    let results = results(&gathering.drawn, decision);
    let decided: Vec<Request> = requests.into_iter().map(|request| settled(request, &results)).collect();
    let proposed: Vec<RequestId> =
        decided.iter().filter(|it| it.state == RequestState::Proposed).map(|it| it.id).collect();
    let not_given: Vec<(RequestId, &str)> = decided.iter().filter_map(why_not).collect();
    rounds::mark_proposed(tx, &proposed).await?;
    rounds::mark_not_given(tx, &not_given).await?;
    rounds::set_asked_by(tx, &asked_by(&decided)).await?;
    set_turns(tx, round.id, &gathering.turns).await?;
    mark_decided(tx, round.id).await?;
    let happened = decided.iter().map(|request| match request.state {
        RequestState::Proposed => Happened::RequestProposed(request.as_subject()),
        _ => Happened::RequestNotGiven(request.as_subject()),
    });
    events::record(tx, &happened.collect::<Vec<_>>()).await?;
    let detail = json!({
        "number": round.number, "requests": decided.len(), "people": gathering.turns.len(),
        "proposed": proposed.len(), "filled": decision.filled,
    });
    audit::record(tx, Action::RoundDecided, round.id, detail).await?;
    tell(tx, letterhead, &round, &decided).await?;
    Ok(Kept::Decided(proposed.len(), decided.len()))
}

/// The request as the round leaves it.
fn settled(request: Request, results: &BTreeMap<RequestId, Verdict>) -> Request {
    let state = match results.get(&request.id) {
        Some(Verdict::Proposed) => RequestState::Proposed,
        Some(Verdict::NotGiven(why)) => RequestState::NotGiven(why.clone()),
        // Whose facts are not there any more: the person has left the bank.
        None => RequestState::NotGiven("You can’t be booked in it any more.".to_owned()),
    };
    Request { state, ..request }
}

fn why_not(request: &Request) -> Option<(RequestId, &str)> {
    match &request.state {
        RequestState::NotGiven(why) => Some((request.id, why.as_str())),
        _ => None,
    }
}

fn asked_by(requests: &[Request]) -> Vec<(RequestId, i32)> {
    let of = |session: SessionId| requests.iter().filter(|other| other.session == session).count();
    requests.iter().map(|it| (it.id, i32::try_from(of(it.session)).unwrap_or(i32::MAX))).collect()
}

/// A manager, with whom their practices are proposed for which sessions.
type ToRead<'a> = (&'a Person, Vec<(&'a Person, &'a SessionFacts)>);

/// Writes one mail to everybody who asked, and one to everybody at practices to whom somebody is proposed.
async fn tell(
    tx: &mut Tx,
    letterhead: &Letterhead,
    round: &Round,
    decided: &[Request],
) -> Result<(), DeskError> {
    let mut ids: Vec<SessionId> = decided.iter().map(|request| request.session).collect();
    ids.sort_unstable();
    ids.dedup();
    let sessions = list_sessions(tx, &ids).await?;
    let sessions: BTreeMap<SessionId, SessionFacts> = sessions.into_iter().map(|it| (it.id, it)).collect();
    let mut clinicians: Vec<ClinicianId> = decided.iter().map(|request| request.clinician).collect();
    clinicians.sort_unstable();
    clinicians.dedup();
    let holders = list_holders(tx, &clinicians).await?;
    let people: BTreeMap<ClinicianId, Person> =
        holders.iter().map(|holder| (holder.clinician_id, people::of_holder(holder))).collect();
    let mut mails = Vec::new();
    for (clinician, person) in &people {
        let own = decided.iter().filter(|request| request.clinician == *clinician);
        let own = own.filter_map(|request| Some((request, sessions.get(&request.session)?)));
        let own: Vec<(&Request, &SessionFacts)> = own.collect();
        mails.push(
            round_results::mail((round, Occasion::Decided), &own, person, letterhead)
                .map_err(DeskError::Unwritten)?,
        );
    }
    let proposed = decided.iter().filter(|request| request.state == RequestState::Proposed);
    let proposed = proposed.filter_map(|it| Some((people.get(&it.clinician)?, sessions.get(&it.session)?)));
    let proposed: Vec<(&Person, &SessionFacts)> = proposed.collect();
    let practices: Vec<_> = proposed.iter().map(|(_, session)| session.practice).collect();
    let managers = people::list_of_practices(tx, &practices).await?;
    let mut by_reader: BTreeMap<Option<AccountId>, ToRead<'_>> = BTreeMap::new();
    for pair in &proposed {
        for manager in managers.get(&pair.1.practice).into_iter().flatten() {
            by_reader.entry(manager.to.account).or_insert_with(|| (manager, Vec::new())).1.push(*pair);
        }
    }
    for (reader, proposed) in by_reader.values() {
        mails.push(
            round_proposals::mail((round, Occasion::Decided), proposed, reader, letterhead)
                .map_err(DeskError::Unwritten)?,
        );
    }
    mail::store::insert_mails(tx, &mails).await?;
    Ok(())
}
