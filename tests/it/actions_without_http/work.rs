//! Sessions, plans, offers, bookings.

use chrono::{NaiveTime, TimeDelta};
use locumbank::eligibility::not_again::LeftOutReason;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BookingId, PlanId, SessionFileId, SessionId};
use locumbank::ground::not_done::NotDone;
use locumbank::people::practice::Trust;
use locumbank::people::practice::actions::{stop_trusting, trust};
use locumbank::terms::bank::calendar::BankHoliday;
use locumbank::terms::bank::{Band, CompetencyKind, presets};
use locumbank::terms::catalogue::actions::{NotKept, Wish, keep_term};
use locumbank::terms::catalogue::{CompetencyTerm, Term};
use locumbank::work::booking::actions::answer::{answer_offer, answer_own_offer, take_back};
use locumbank::work::booking::actions::call_off::Seen;
use locumbank::work::booking::actions::cancel::cancel_own_booking;
use locumbank::work::booking::actions::chase::chase;
use locumbank::work::booking::actions::feed::{end_feed, make_feed};
use locumbank::work::booking::actions::not_again::{ask_again, propose_again};
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::offer::Answer;
use locumbank::work::booking::reason::Reason;
use locumbank::work::booking::refusal::Refusal;
use locumbank::work::booking::store::offers::find_offer;
use locumbank::work::planning::actions::decide::{NotDecided, leave_out, set_plan_aside, take_in};
use locumbank::work::planning::actions::publish::{Publishing, publish};
use locumbank::work::planning::actions::request::request_plan;
use locumbank::work::planning::{Pair, PlanState};
use locumbank::work::request::actions::rank::{Ranking, rank_requests};
use locumbank::work::request::actions::{Answered, Asked, answer_request, ask_for_session, withdraw_request};
use locumbank::work::request::{self, DeclineReason};
use locumbank::work::session::actions::calendar::{CalendarChange, CalendarError, change_calendar, name_of};
use locumbank::work::session::actions::change::{AskedChange, change_asked, change_terms, change_time};
use locumbank::work::session::actions::post::{Posting, keep_file, post_file, post_sessions};
use locumbank::work::session::actions::template::{remove_template, save_template};
use locumbank::work::session::actions::withdraw::{withdraw_session, withdraw_sessions};
use locumbank::work::session::row::FormRow;
use locumbank::work::session::store::find_session;
use locumbank::work::session::store::template::list_templates_managed_by;
use locumbank::work::session::template::NewTemplate;
use locumbank::work::session::{AskedSession, SessionTimes, Terms};

use crate::support::desk::offer;
use crate::support::on_behalf_of;
use crate::support::seed::day;

use super::{Story, is_not_found};

#[tokio::test]
async fn the_calendar_is_changed_by_whoever_has_seen_what_it_touches() {
    let mut story = Story::begin().await;
    story.session("2026-11-10").await;
    let letterhead = story.world.app.letterhead();
    let holiday = BankHoliday { date: day("2026-11-10"), title: "A coronation".to_owned() };
    let change = CalendarChange::Holiday(holiday);
    let wish = (&change, "Proclaimed");
    let unseen = act!(story, story.administrator, tx => change_calendar(tx, &letterhead, wish, ""));
    let Err(CalendarError::AskFirst(touched)) = unseen else { panic!("{unseen:?}") };
    assert_eq!(touched.len(), 1);
    let seen = name_of(&touched);
    act!(story, story.administrator, tx => change_calendar(tx, &letterhead, wish, &seen)).unwrap();
    let again = act!(story, story.administrator, tx => change_calendar(tx, &letterhead, wish, &seen));
    assert!(matches!(again, Err(CalendarError::Known)), "{again:?}");
}

#[tokio::test]
async fn bands_get_other_times_from_whoever_has_seen_those_that_count() {
    let story = Story::begin().await;
    let letterhead = story.world.app.letterhead();
    let change = CalendarChange::Bands(presets::band_hours(), 0);
    let wish = (&change, "As the law has them");
    let seen = name_of(&[]);
    act!(story, story.administrator, tx => change_calendar(tx, &letterhead, wish, &seen)).unwrap();
    let again = act!(story, story.administrator, tx => change_calendar(tx, &letterhead, wish, &seen));
    assert!(matches!(again, Err(CalendarError::Since)), "{again:?}");
}

#[tokio::test]
async fn a_competency_is_added_and_changed_by_whoever_has_seen_what_it_says() {
    let story = Story::begin().await;
    let wish = |code: Option<&str>, seen, name: &str| Wish {
        code: code.map(str::to_owned),
        seen,
        term: Term::Competency(CompetencyTerm {
            name: name.to_owned(),
            kind: CompetencyKind::Skill,
            used_until: None,
        }),
        why: "A clinic opened".to_owned(),
    };
    let new = wish(None, 0, "Travel vaccines");
    let code = act!(story, story.administrator, tx => keep_term(tx, &new)).unwrap();
    assert_eq!(code, "travel_vaccines");
    let taken = act!(story, story.administrator, tx => keep_term(tx, &new));
    assert!(matches!(taken, Err(NotKept::NameTaken)), "{taken:?}");
    let renamed = wish(Some(&code), 1, "Travel health");
    act!(story, story.administrator, tx => keep_term(tx, &renamed)).unwrap();
    let late = wish(Some(&code), 1, "Vaccines for travellers");
    let since = act!(story, story.administrator, tx => keep_term(tx, &late));
    assert!(matches!(since, Err(NotKept::Since)), "{since:?}");
    let none = wish(Some("juggling"), 0, "Juggling");
    let not_there = act!(story, story.administrator, tx => keep_term(tx, &none));
    assert!(matches!(not_there, Err(NotKept::NotFound)), "{not_there:?}");
}

#[tokio::test]
async fn offers_are_answered_and_bookings_cancelled_by_those_they_concern() {
    let mut story = Story::begin().await;
    let session = story.session("2026-11-10").await;
    let (bank, desk, ann) = (story.seed.bank, story.desk.clone(), story.who_is_ann.id);
    let by = story.administrator.account().expect("an account");
    let first = offer(&story.world, bank, by, session, ann).await;
    act!(story, story.administrator, tx => take_back(tx, (session, first), "It is filled in another way."))
        .unwrap();
    let second = offer(&story.world, bank, by, session, ann).await;
    let foreign = act!(story, story.manager, tx => answer_own_offer(tx, &desk, second, &Answer::Accept));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    let booking: BookingId =
        act!(story, story.ann, tx => answer_own_offer(tx, &desk, second, &Answer::Accept)).unwrap().unwrap();
    let foreign =
        act!(story, story.stranger, tx => cancel_own_booking(tx, &desk, booking, (Reason::Another, "No"), 0));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    act!(story, story.manager, tx => cancel_own_booking(tx, &desk, booking, (Reason::Another, "A partner is back"), 0)).unwrap();
    let third = offer(&story.world, bank, by, session, ann).await;
    let declined = Answer::Decline { reason: None };
    let offered = act!(story, story.ann, tx => find_offer(tx, third)).unwrap().expect("an offer");
    let holder = on_behalf_of(bank, story.who_is_ann.person.account);
    assert!(act!(story, holder, tx => answer_offer(tx, &desk, &offered, &declined)).unwrap().is_none());
    let log = story.log().await;
    let done: Vec<&str> = log.iter().map(String::as_str).filter(|what| *what != "offer.made").collect();
    assert_eq!(done, ["offer.withdrawn", "booking.made", "booking.cancelled", "offer.declined"]);
}

#[tokio::test]
async fn a_session_given_back_is_asked_for_by_its_clinician_and_proposed_by_an_administrator() {
    let mut story = Story::begin().await;
    let session = story.session("2026-11-10").await;
    let (bank, desk, ann) = (story.seed.bank, story.desk.clone(), story.who_is_ann.id);
    let by = story.administrator.account().expect("an account");
    let declined = Answer::Decline { reason: None };
    for _ in 0..2 {
        let offered = offer(&story.world, bank, by, session, ann).await;
        act!(story, story.ann, tx => answer_own_offer(tx, &desk, offered, &declined)).unwrap();
        assert!(is_not_found(&act!(story, story.manager, tx => ask_again(tx, session))));
        act!(story, story.ann, tx => ask_again(tx, session)).unwrap();
        assert!(is_not_found(&act!(story, story.ann, tx => ask_again(tx, session))));
    }
    let offered = offer(&story.world, bank, by, session, ann).await;
    act!(story, story.ann, tx => answer_own_offer(tx, &desk, offered, &declined)).unwrap();
    act!(story, story.administrator, tx => propose_again(tx, session, ann)).unwrap();
    assert!(is_not_found(&act!(story, story.administrator, tx => propose_again(tx, session, ann))));
    let log = story.log().await;
    let done = log.iter().filter(|what| what.starts_with("session."));
    let asked = "session.asked_for_again";
    assert_eq!(done.collect::<Vec<_>>(), [asked, asked, "session.proposed_again"]);
}

#[tokio::test]
async fn a_session_is_asked_for_by_who_could_do_it_and_answered_by_its_practice() {
    let mut story = Story::begin().await;
    let session = story.session("2026-11-10").await;
    let desk = story.desk.clone();
    let foreign = act!(story, story.manager, tx => ask_for_session(tx, &desk, session, ""));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, "I know your system"));
    let Ok(Asked::Waits(first)) = asked else { panic!("{asked:?}") };
    let again = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, "")).unwrap();
    assert_eq!(again, Asked::WaitedBefore(first));
    let foreign =
        act!(story, story.stranger, tx => answer_request(tx, &desk, first, request::Answer::Accept));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    let foreign = act!(story, story.manager, tx => withdraw_request(tx, first));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    let no = request::Answer::Decline(DeclineReason::Another);
    let declined = act!(story, story.manager, tx => answer_request(tx, &desk, first, no)).unwrap();
    assert_eq!(declined, Answered::Declined);
    let ask = async || {
        let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, ""));
        let Ok(Asked::Waits(id)) = asked else { panic!("{asked:?}") };
        id
    };
    let second = ask().await;
    act!(story, story.ann, tx => withdraw_request(tx, second)).unwrap();
    let third = ask().await;
    let booked = act!(story, story.manager, tx => answer_request(tx, &desk, third, request::Answer::Accept));
    assert!(matches!(booked, Ok(Answered::Booked(_))), "{booked:?}");
    let (made, accepted) = ("request.made", "request.accepted");
    let done = [made, "request.declined", made, "request.withdrawn", made, "booking.made", accepted];
    assert_eq!(story.log().await, done);
}

#[tokio::test]
async fn requests_of_a_round_are_put_in_order_by_whose_they_are_until_it_closes() {
    let mut story = Story::begin().await;
    story.seed.round(TimeDelta::hours(1)).await;
    let session = story.session("2026-11-10").await;
    let desk = story.desk.clone();
    let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, session, ""));
    let Ok(Asked::Gathers(id, 1)) = asked else { panic!("{asked:?}") };
    let accept = request::Answer::Accept;
    let early = act!(story, story.manager, tx => answer_request(tx, &desk, id, accept)).unwrap();
    assert_eq!(early, Answered::Stands(request::RequestState::Waiting));
    let ranking = Ranking { choices: vec![(id, 2)], most: None };
    let foreign = act!(story, story.manager, tx => rank_requests(tx, &ranking));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    assert!(act!(story, story.ann, tx => rank_requests(tx, &ranking)).unwrap());
    story.world.app.clock.advance(TimeDelta::hours(1));
    assert!(!act!(story, story.ann, tx => rank_requests(tx, &ranking)).unwrap(), "the round has closed");
    assert_eq!(story.log().await, ["request.made", "request.ranked"]);
}

#[tokio::test]
async fn what_a_session_asks_for_is_changed_by_its_own_practice_alone() {
    let mut story = Story::begin().await;
    let id = story.session("2026-11-10").await;
    let known = act!(story, story.manager, tx => find_session(tx, id)).unwrap().expect("a session");
    let asked = [AskedSession { places: 3, ..known.asked }];
    assert!(is_not_found(&act!(story, story.stranger, tx => change_asked(tx, &asked))));
    let done = act!(story, story.manager, tx => change_asked(tx, &asked)).unwrap();
    assert_eq!(done, AskedChange { changed: 1, left: 0 });
    let known = act!(story, story.manager, tx => find_session(tx, id)).unwrap().expect("a session");
    assert_eq!(known.asked.places, 3);
}

#[tokio::test]
async fn templates_are_kept_and_removed_by_their_own_practice_alone() {
    let story = Story::begin().await;
    let new = NewTemplate { name: "Saturday".to_owned(), fields: vec![("role".to_owned(), "gp".to_owned())] };
    let practice = story.practice;
    assert!(is_not_found(&act!(story, story.stranger, tx => save_template(tx, practice, &new))));
    for _ in 0..2 {
        act!(story, story.manager, tx => save_template(tx, practice, &new)).unwrap();
    }
    let membership = story.manager.membership();
    let kept = act!(story, story.manager, tx => list_templates_managed_by(tx, membership)).unwrap();
    let [kept] = kept.as_slice() else { panic!("one template: {kept:?}") };
    assert_eq!((kept.name.as_str(), &kept.fields), ("Saturday", &new.fields));
    let id = kept.id;
    assert!(is_not_found(&act!(story, story.stranger, tx => remove_template(tx, id))));
    act!(story, story.manager, tx => remove_template(tx, id)).unwrap();
    assert!(is_not_found(&act!(story, story.manager, tx => remove_template(tx, id))));
}

#[tokio::test]
async fn a_file_of_sessions_is_posted_once_by_whoever_had_it_looked_through() {
    let story = Story::begin().await;
    let (first, second) = (SessionFileId::new(), SessionFileId::new());
    let rows = [FormRow { row: 2, fields: vec![("places".to_owned(), "1".to_owned())] }];
    act!(story, story.manager, tx => keep_file(tx, first, &rows)).unwrap();
    act!(story, story.manager, tx => keep_file(tx, second, &rows)).unwrap();
    for (by, file) in [(story.manager, first), (story.stranger, second)] {
        assert!(is_not_found(&act!(story, by, tx => post_file(tx, file, &[]))));
    }
    act!(story, story.manager, tx => post_file(tx, second, &[])).unwrap();
    assert!(is_not_found(&act!(story, story.manager, tx => post_file(tx, second, &[]))));
}

#[tokio::test]
async fn a_practice_books_at_once_whom_it_trusts() {
    let mut story = Story::begin().await;
    let (desk, practice, ann) = (story.desk.clone(), story.practice, story.who_is_ann.id);
    let whom = Trust::Clinician(ann);
    assert!(is_not_found(&act!(story, story.stranger, tx => trust(tx, practice, &whom))));
    act!(story, story.manager, tx => trust(tx, practice, &whom)).unwrap();
    act!(story, story.manager, tx => trust(tx, practice, &whom)).unwrap();
    let nobody = Trust::Role("astronaut".to_owned());
    assert!(is_not_found(&act!(story, story.manager, tx => trust(tx, practice, &nobody))));
    let first = story.session("2026-11-10").await;
    let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, first, ""));
    assert!(matches!(asked, Ok(Asked::Booked(_))), "{asked:?}");
    assert!(is_not_found(&act!(story, story.stranger, tx => stop_trusting(tx, practice, &whom))));
    act!(story, story.manager, tx => stop_trusting(tx, practice, &whom)).unwrap();
    let second = story.session("2026-11-11").await;
    let asked = act!(story, story.ann, tx => ask_for_session(tx, &desk, second, ""));
    assert!(matches!(asked, Ok(Asked::Waits(_))), "{asked:?}");
    let booked = ["request.made", "booking.made", "request.accepted"];
    let log = [&["practice.trusts"][..], &booked, &["practice.trust_ended", "request.made"]].concat();
    assert_eq!(story.log().await, log);
}

/// Posts one session for a practice of the story's manager, and gives it.
pub(super) async fn posted(story: &Story, times: SessionTimes, by: Actor) -> Result<SessionId, NotDone> {
    let id = SessionId::new();
    let new = AskedSession {
        id,
        practice: story.practice,
        series: None,
        times,
        band: Band::Core,
        roles: vec!["gp".to_owned()],
        competencies: Vec::new(),
        places: 1,
        priority: 100,
        rate_min_pence_per_hour: 8_000,
        rate_max_pence_per_hour: 9_000,
        notes: String::new(),
        supervisor: String::new(),
    };
    let posting =
        Posting { key: format!("story {id}"), practice: story.practice, series: None, sessions: vec![new] };
    act!(story, by, tx => post_sessions(tx, &posting)).map(|()| id)
}

#[tokio::test]
async fn sessions_are_changed_by_their_own_practice_alone() {
    let mut story = Story::begin().await;
    let template = story.session("2026-11-10").await;
    let known = act!(story, story.manager, tx => find_session(tx, template)).unwrap().expect("a session");
    assert!(is_not_found(&posted(&story, known.asked.times, story.stranger).await));
    let id = posted(&story, known.asked.times, story.manager).await.unwrap();

    let (desk, stranger, manager) = (story.desk.clone(), story.stranger, story.manager);
    let terms = Terms {
        rate_min_pence_per_hour: 8_200,
        rate_max_pence_per_hour: 9_000,
        notes: "Ring the bell".to_owned(),
        supervisor: String::new(),
        changes_rate: true,
    };
    let foreign = act!(story, stranger, tx => change_terms(tx, &desk, id, &terms));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    act!(story, manager, tx => change_terms(tx, &desk, id, &terms)).unwrap();

    let hour = chrono::TimeDelta::hours(1);
    let later = SessionTimes {
        local_start: NaiveTime::from_hms_opt(9, 30, 0).expect("a time"),
        starts_at: known.asked.times.starts_at + hour,
        ..known.asked.times
    };
    assert!(act!(story, stranger, tx => change_time(tx, &desk, id, (&later, false))).is_err());
    act!(story, manager, tx => change_time(tx, &desk, id, (&later, false))).unwrap();

    let foreign = act!(story, stranger, tx => withdraw_session(tx, &desk, id, (Reason::NotNeeded, 0)));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    act!(story, manager, tx => withdraw_session(tx, &desk, id, (Reason::NotNeeded, 0))).unwrap();
    let seen = Seen { fee_pence: 0, booked: Some(0) };
    let foreign = act!(story, stranger, tx => withdraw_sessions(tx, &desk, &[id], (Reason::NotNeeded, seen)));
    assert!(matches!(foreign, Err(DeskError::NotFound)), "{foreign:?}");
    let again = act!(story, manager, tx => withdraw_sessions(tx, &desk, &[id], (Reason::NotNeeded, seen)));
    assert_eq!(again.unwrap(), 0);
    let over = act!(story, manager, tx => change_terms(tx, &desk, id, &terms));
    assert!(matches!(over, Err(DeskError::Refused(Refusal::JustChanged))), "{over:?}");
    let done = ["posted", "changed", "moved", "withdrawn"];
    assert_eq!(story.log().await, done.map(|what| format!("session.{what}")));
}

#[tokio::test]
async fn a_clinician_makes_an_address_for_their_calendar_and_ends_it() {
    let mut story = Story::begin().await;
    let none = act!(story, story.manager, tx => make_feed(tx));
    assert!(matches!(none, Err(NotDone::NotFound)), "{none:?}");
    for _ in 0..2 {
        act!(story, story.ann, tx => make_feed(tx)).unwrap();
    }
    for _ in 0..2 {
        act!(story, story.ann, tx => end_feed(tx)).unwrap();
    }
    assert_eq!(story.log().await, ["calendar_feed.made", "calendar_feed.ended"]);
}

#[tokio::test]
async fn a_plan_is_asked_for_pruned_published_or_set_aside() {
    let mut story = Story::begin().await;
    let (session, date) = (story.session("2026-11-10").await, day("2026-11-10"));
    let (plan, other) = (PlanId::new(), PlanId::new());
    act!(story, story.administrator, tx => request_plan(tx, plan, (date, date))).unwrap();
    let pair = Pair { session, clinician: story.who_is_ann.id };
    let why = LeftOutReason::KeptForSomebody;
    let early = act!(story, story.administrator, tx => leave_out(tx, plan, pair, why));
    assert!(matches!(early, Err(NotDecided::NotReady(PlanState::Running))), "{early:?}");
    story.world.work().await;
    act!(story, story.administrator, tx => leave_out(tx, plan, pair, why)).unwrap();
    assert!(act!(story, story.administrator, tx => take_in(tx, plan, pair)).unwrap());
    let publishing = Publishing {
        zone: chrono_tz::Europe::London,
        plan,
        policy: story.world.app.settings.matching.policy,
        desk: story.desk.clone(),
        seen: std::collections::BTreeSet::new(),
    };
    let published = act!(story, story.administrator, tx => publish(tx, &publishing)).unwrap();
    assert_eq!(published.offers, 1);
    let late = act!(story, story.administrator, tx => set_plan_aside(tx, plan));
    assert!(matches!(late, Err(NotDecided::NotReady(PlanState::Published))), "{late:?}");
    act!(story, story.administrator, tx => request_plan(tx, other, (date, date))).unwrap();
    act!(story, story.administrator, tx => set_plan_aside(tx, other)).unwrap();
    let chased = act!(story, story.administrator, tx => chase(tx, &publishing.desk, plan)).unwrap();
    assert_eq!(chased.people, 1);
    let done = ["requested", "pair_left_out", "published", "requested", "set_aside", "chased"];
    let mut done = done.map(|what| format!("plan.{what}")).to_vec();
    done.insert(2, "session.proposed_again".to_owned());
    done.insert(3, "offer.made".to_owned());
    assert_eq!(story.log().await, done);
}
