//! What happens is told as it happens; and what happened before there were events is told the same.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use locumbank::ground::events::EventKind;
use locumbank::ground::id::{BookingId, RateRangeId, SessionId};
use locumbank::ground::mail::Letterhead;
use locumbank::ground::sign_in::TokenHash;
use locumbank::people::credential::actions::clearance::{After, Decision, Outcome, decide};
use locumbank::people::document::actions::decide::{send_back, verify};
use locumbank::people::document::actions::hand_in::hand_in;
use locumbank::people::invitation::actions::accept::{Acceptance, Joiner, accept};
use locumbank::people::invitation::actions::invite::invite;
use locumbank::people::invitation::{Invite, Invitee};
use locumbank::people::lookup::actions::record_look_up;
use locumbank::people::membership::actions::end_membership;
use locumbank::terms::bank::Band;
use locumbank::terms::rate::actions::publish_range;
use locumbank::terms::rate::store::NewRange;
use locumbank::work::booking::actions::answer::{answer_own_offer, lapse};
use locumbank::work::booking::actions::cancel::cancel_own_booking;
use locumbank::work::booking::offer::Answer;
use locumbank::work::booking::reason::Reason;
use locumbank::work::request::DeclineReason;
use locumbank::work::request::actions::rank::{Ranking, rank_requests};
use locumbank::work::request::actions::{
    Asked, answer_request, ask_for_session, end_overtaken, withdraw_request,
};
use locumbank::work::request::jobs::decide_rounds;
use locumbank::work::session::actions::change::{change_terms, change_time};
use locumbank::work::session::actions::withdraw::withdraw_session;
use locumbank::work::session::store::find_session;
use locumbank::work::session::{SessionTimes, Terms};
use locumbank::work::succession::Wish as SuccessionWish;
use locumbank::work::succession::actions::{NotNamed, name_successor};

use super::Story;
use super::hiring::{everything_happens_to_a_vacancy, everything_happens_to_an_application};
use super::pay::everything_happens_to_work;
use super::people::{look_up, new_document};
use super::work::posted;
use crate::support::desk::offer;
use crate::support::seed::day;

/// The part of the migration that tells of what was before there were events. What was said in the log lay in its lines
/// then; it lies beside them now, and the view has both. Lines of then did not say what was before.
fn backfill() -> String {
    let migration = include_str!("../../../migrations/0041_event.sql");
    let from = migration.find("insert into event (").expect("the beginning");
    let until = migration.find("create trigger event_append_only").expect("the end");
    let told = migration[from..until].replace(" audit_event ", " audit_line ");
    told.replace("else e.detail end", "else e.detail - 'was' end")
}

/// All of them but for their order: what happens at one instant has none.
async fn events(story: &mut Story) -> Vec<String> {
    sqlx::query_scalar("select (to_jsonb(e) - 'position')::text as told from event e order by told")
        .fetch_all(story.seed.connection())
        .await
        .expect("the events")
}

async fn kinds(story: &mut Story) -> BTreeSet<String> {
    let kinds: Vec<String> = sqlx::query_scalar("select distinct kind from event")
        .fetch_all(story.seed.connection())
        .await
        .expect("the kinds");
    kinds.into_iter().collect()
}

/// A session of Ann's practice on a date, at a rate that its practice then changes, an hour later than posted.
async fn changed_session(story: &Story, like: SessionTimes) -> SessionId {
    let id = posted(story, like, story.manager).await.expect("a session");
    let desk = story.desk.clone();
    let terms = |notes: &str| Terms {
        rate_min_pence_per_hour: 8_200,
        rate_max_pence_per_hour: 9_000,
        notes: notes.to_owned(),
        supervisor: String::new(),
        changes_rate: true,
    };
    act!(story, story.manager, tx => change_terms(tx, &desk, id, &terms("Ring"))).expect("it changes");
    let later = moved(like);
    act!(story, story.manager, tx => change_time(tx, &desk, id, (&later, false))).expect("it moves");
    id
}

fn moved(times: SessionTimes) -> SessionTimes {
    let half = chrono::TimeDelta::minutes(30);
    SessionTimes { local_start: times.local_start + half, starts_at: times.starts_at + half, ..times }
}

async fn book_change_and_cancel(story: &Story, session: SessionId, times: SessionTimes) {
    let (bank, desk, ann) = (story.seed.bank, story.desk.clone(), story.who_is_ann.id);
    let by = story.administrator.account().expect("an account");
    let made = offer(&story.world, bank, by, session, ann).await;
    let booking: BookingId = act!(story, story.ann, tx => answer_own_offer(tx, &desk, made, &Answer::Accept))
        .expect("an answer")
        .expect("a booking");
    let notes = Terms {
        rate_min_pence_per_hour: 8_200,
        rate_max_pence_per_hour: 9_000,
        notes: "Ring twice".to_owned(),
        supervisor: String::new(),
        changes_rate: false,
    };
    act!(story, story.manager, tx => change_terms(tx, &desk, session, &notes)).expect("it changes");
    let again = moved(moved(times));
    act!(story, story.manager, tx => change_time(tx, &desk, session, (&again, true))).expect("it moves");
    act!(story, story.ann, tx => cancel_own_booking(tx, &desk, booking, (Reason::Another, "Ill"), 0))
        .expect("a cancellation");
}

/// Ann asks for sessions: one request is declined, one taken back, and one ends with its session.
async fn sessions_are_requested(story: &Story, times: SessionTimes) {
    let (desk, letterhead) = (story.desk.clone(), story.world.app.letterhead());
    let session = posted(story, times, story.manager).await.expect("a session");
    let ask = async || {
        let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, ""));
        let Ok(Asked::Waits(id)) = asked else { panic!("{asked:?}") };
        id
    };
    let no = locumbank::work::request::Answer::Decline(DeclineReason::Another);
    let declined = ask().await;
    act!(story, story.manager, tx => answer_request(tx, &desk, declined, no)).expect("a no");
    let taken_back = ask().await;
    act!(story, story.ann, tx => withdraw_request(tx, taken_back)).expect("it is taken back");
    ask().await;
    act!(story, story.manager, tx => withdraw_session(tx, &desk, session, (Reason::NotNeeded, 0)))
        .expect("it goes");
    act!(story, locumbank::ground::actor::Actor::SERVICE, tx => end_overtaken(tx, &letterhead))
        .expect("the end of a request");
}

/// Two sessions are asked for in a round by somebody who wants one.
async fn a_round_is_decided(story: &mut Story, times: [SessionTimes; 2]) {
    story.seed.round(TimeDelta::hours(1)).await;
    let desk = story.desk.clone();
    let mut choices = Vec::new();
    for times in times {
        let session = posted(story, times, story.manager).await.expect("a session");
        let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, ""));
        let Ok(Asked::Gathers(id, 1)) = asked else { panic!("{asked:?}") };
        choices.push((id, 1));
    }
    let ranking = Ranking { choices, most: Some(1) };
    assert!(act!(story, story.ann, tx => rank_requests(tx, &ranking)).expect("an order"));
    story.world.app.clock.advance(TimeDelta::hours(1));
    decide_rounds(&story.world.app, serde_json::json!({})).await.expect("a decision");
}

async fn somebody_joins(story: &Story) {
    let wish = Invite {
        people: vec![Invitee { email: "newcomer@example.org".to_owned(), name: String::new() }],
        kind: locumbank::ground::sign_in::PersonKind::Commissioner,
        practices: Vec::new(),
    };
    let key = story.world.app.link_key.clone();
    let sent = act!(story, story.administrator, tx => invite(tx, &key, &wish)).expect("an invitation");
    let joiner = Joiner::New { name: "New Comer".to_owned(), password_hash: "none".to_owned() };
    let acceptance =
        Acceptance { link: TokenHash::of(&sent[0].token), joiner, profession: None, terms: None };
    let reliants = story.world.app.reliants();
    act!(story, locumbank::ground::actor::Actor::Visitor, tx => accept(tx, &reliants, &acceptance))
        .expect("somebody joins");
}

async fn somebody_leaves(story: &Story) {
    let (account, membership) = story.stranger.account().zip(story.stranger.membership()).expect("a member");
    let reliants = story.world.app.reliants();
    act!(story, story.administrator, tx => end_membership(tx, &reliants, account, membership))
        .expect("somebody leaves");
}

/// Ann hands in two documents, of which one is verified and one is sent back.
async fn documents_are_decided_about(story: &Story) {
    let (ann, app) = (story.who_is_ann.id, story.world.app.clone());
    let (good, bad) = (new_document(story, "enhanced_dbs"), new_document(story, "indemnity"));
    for new in [&good, &bad] {
        act!(story, story.ann, tx => hand_in(tx, new)).expect("it is handed in");
    }
    let (good, bad, letterhead) = ((ann, good.whose.document), (ann, bad.whose.document), app.letterhead());
    act!(story, story.administrator, tx => verify(tx, &app.reliants(), good, None)).expect("it is verified");
    act!(story, story.administrator, tx => send_back(tx, &letterhead, bad, "Blurred"))
        .expect("it is sent back");
}

/// Makes everything happen that the catalogue has.
async fn make_everything_happen(story: &mut Story, times: [SessionTimes; 3]) {
    let (bank, desk, ann) = (story.seed.bank, story.desk.clone(), story.who_is_ann.id);
    let by = story.administrator.account().expect("an account");
    let session = changed_session(story, times[0]).await;
    let declined = offer(&story.world, bank, by, session, ann).await;
    let no = Answer::Decline { reason: None };
    act!(story, story.ann, tx => answer_own_offer(tx, &desk, declined, &no)).expect("a no");
    book_change_and_cancel(story, session, times[0]).await;
    // Taken back by the practice, and by the service because its session is withdrawn.
    let withdrawn = posted(story, times[1], story.manager).await.expect("a session");
    offer(&story.world, bank, by, withdrawn, ann).await;
    act!(story, story.manager, tx => withdraw_session(tx, &desk, withdrawn, (Reason::NotNeeded, 0)))
        .expect("it goes");
    sessions_are_requested(story, times[1]).await;
    somebody_joins(story).await;
    somebody_leaves(story).await;
    let range = NewRange {
        id: RateRangeId::new(),
        role: "gp".to_owned(),
        band: Band::Core,
        valid_from: day("2026-12-01"),
        floor_pence_per_hour: 7_500,
        ceiling_pence_per_hour: 9_900,
    };
    act!(story, story.administrator, tx => publish_range(tx, &story.world.app.reliants(), &range))
        .expect("a range");
    a_round_is_decided(story, [times[1], times[2]]).await;
    super::stages::a_stage_opens(story, times[1]).await;
    let lapsing = posted(story, times[2], story.manager).await.expect("a session");
    offer(&story.world, bank, by, lapsing, ann).await;
    story.world.app.clock.advance(chrono::TimeDelta::days(4));
    let letterhead: Letterhead = story.world.app.letterhead();
    act!(story, locumbank::ground::actor::Actor::SERVICE, tx => lapse(tx, &letterhead)).expect("a lapse");
    story.run("update clinician set registration_number = '7012345'").await;
    let lookup = look_up(ann, "7012345");
    let reliants = story.world.app.reliants();
    act!(story, story.administrator, tx => record_look_up(tx, &reliants, &lookup)).expect("it is looked up");
    documents_are_decided_about(story).await;
    everything_happens_to_a_vacancy(story).await;
    everything_happens_to_an_application(story).await;
    everything_happens_to_work(story).await;
    for until in ["2027-03-31", "2026-11-01"] {
        let decision = Decision {
            clinician: ann,
            role: "gp".to_owned(),
            cleared_until: day(until),
            reason: "Papers seen".to_owned(),
            by_name: "Abi Example".to_owned(),
            cancels: Vec::new(),
            after: After::Whichever,
        };
        let reliants = story.world.app.reliants();
        let outcome = act!(story, story.administrator, tx => decide(tx, &reliants, &decision));
        let outcome = outcome.expect("it is decided");
        assert_eq!(outcome, Outcome::Decided { cancelled: 0 });
    }
    a_practice_is_succeeded(story).await;
}

/// Its practice closes, and what was posted there goes over to another.
async fn a_practice_is_succeeded(story: &mut Story) {
    let successor = story.seed.practice("J81099", "Harbour Practice").await;
    story.run("update practice set closed_on = '2027-02-28' where ods_code <> 'J81099'").await;
    let (desk, practice) = (story.desk.clone(), story.practice);
    let wish = SuccessionWish { practice, successor, seen: String::new() };
    let shown = act!(story, story.administrator, tx => name_successor(tx, &desk, &wish));
    let Err(NotNamed::AskFirst(shown)) = shown else { panic!("{shown:?}") };
    let wish = SuccessionWish { seen: shown.name(), ..wish };
    let done = act!(story, story.administrator, tx => name_successor(tx, &desk, &wish));
    assert_eq!(done.expect("it is named"), *shown, "what is shown is what is done");
}

#[tokio::test]
async fn each_event_is_told_and_what_was_before_events_is_told_the_same() {
    let mut story = Story::begin().await;
    let mut times = Vec::new();
    for date in ["2026-11-10", "2026-11-11", "2026-11-12"] {
        let template = story.session(date).await;
        let known = act!(story, story.manager, tx => find_session(tx, template)).unwrap().expect("a session");
        times.push(known.asked.times);
    }
    story.session("2027-03-10").await;
    // What the story found when it began was written without actions.
    sqlx::raw_sql(sqlx::AssertSqlSafe(backfill()))
        .execute(story.seed.connection())
        .await
        .expect("what was before");
    make_everything_happen(&mut story, [times[0], times[1], times[2]]).await;
    let all: BTreeSet<String> = EventKind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
    assert_eq!(kinds(&mut story).await, all);

    // What nobody could do before there were events of it, nothing before tells of.
    let mut told = events(&mut story).await;
    let is_new = |event: &String| {
        [
            "\"person_left\"",
            "\"request_",
            "\"register_looked_up\"",
            "\"document_",
            "\"kind\": \"vacancy_",
            "\"kind\": \"work_",
            "\"kind\": \"application_",
            "\"session_carried_over\"",
            "\"stage_opened\"",
        ]
        .iter()
        .any(|kind| event.contains(kind))
    };
    told.retain(|event| !is_new(event));
    // Nor of what a practice owes by terms that nobody had set.
    let mut told: Vec<String> = told.iter().map(|event| event.replace(", \"fee_pence\": 0", "")).collect();
    told.sort();
    let forget =
        "set session_replication_role = replica; delete from event; set session_replication_role = default";
    sqlx::raw_sql(forget).execute(story.seed.connection()).await.expect("they are forgotten");
    sqlx::raw_sql(sqlx::AssertSqlSafe(backfill()))
        .execute(story.seed.connection())
        .await
        .expect("they are told again");
    // The session that was worked was there without having been posted.
    let was_posted =
        |event: &String| !event.contains("\"session_posted\"") || !event.contains("2026-11-19T08:30");
    let mut again = events(&mut story).await;
    again.retain(was_posted);
    told.retain(was_posted);
    let differ: Vec<&String> = told
        .iter()
        .filter(|one| !again.contains(one))
        .chain(again.iter().filter(|one| !told.contains(one)))
        .collect();
    assert!(differ.is_empty(), "{differ:#?}");
    assert_eq!(told.len(), again.len());
}

#[tokio::test]
async fn the_database_knows_what_each_kind_is_about() {
    let mut story = Story::begin().await;
    for kind in EventKind::ALL {
        let about_nothing = sqlx::query(
            "insert into event (bank_id, kind, at, detail) select id, $1, now(), '{}' from bank limit 1",
        )
        .bind(kind.code())
        .execute(story.seed.connection())
        .await
        .expect_err(kind.code());
        let constraint =
            about_nothing.as_database_error().and_then(|error| error.constraint()).unwrap_or_default();
        assert!(constraint.starts_with("event_about_"), "{}: {about_nothing}", kind.code());
    }
}

#[tokio::test]
async fn what_happened_is_never_changed() {
    let mut story = Story::begin().await;
    let session = story.session("2026-11-10").await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(backfill()))
        .execute(story.seed.connection())
        .await
        .expect("what was before");
    for statement in ["update event set at = at", "delete from event", "truncate event"] {
        let refused = sqlx::raw_sql(statement).execute(story.seed.connection()).await.expect_err(statement);
        let constraint = refused.as_database_error().and_then(|error| error.constraint());
        assert_eq!(constraint, Some("event_append_only"), "{statement}");
    }
    // Nor told without what it is about, or of a kind that nobody knows.
    for (kind, column) in [
        ("offer_made", "session_id"),
        ("session_forgotten", "session_id"),
        ("session_posted", "clinician_id"),
    ] {
        let statement = format!(
            "insert into event (bank_id, kind, at, {column}, detail)
             select bank_id, '{kind}', posted_at, case '{column}' when 'session_id' then id end, '{{}}'
               from session where id = '{session}'"
        );
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(story.seed.connection()).await;
        assert!(refused.is_err(), "{kind} about {column}");
    }
}
