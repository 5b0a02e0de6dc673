//! Vacancies and applications.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{ApplicationId, ApplicationLinkId};
use locumbank::ground::not_done::NotDone;
use locumbank::hiring::application::actions::NotChanged as NotSent;
use locumbank::hiring::application::actions::begin::{Asked, ask_for_link};
use locumbank::hiring::application::actions::follow::{
    NotOpened, answer_offer, decide, find_followed, list_followed, open_cv,
};
use locumbank::hiring::application::actions::send::{WithRecord, send, send_with_record};
use locumbank::hiring::application::actions::write::{keep, withdraw};
use locumbank::hiring::application::moves::{Decision, Reason};
use locumbank::hiring::application::{Answers, RightToWork, State};
use locumbank::hiring::vacancy::actions::NotChanged;
use locumbank::hiring::vacancy::actions::decide::{close_early, settle};
use locumbank::hiring::vacancy::actions::draft::{begin_draft, change_draft, remove_draft};
use locumbank::hiring::vacancy::actions::publish::{change_advert, publish};
use locumbank::hiring::vacancy::advert::NewAdvert;
use locumbank::hiring::vacancy::store::Draft;
use locumbank::hiring::vacancy::{NotFilled, Outcome};
use locumbank::people::document::seal::DocumentKeys;

use super::{Story, is_not_found};
use crate::support::applications::sent_application;
use crate::support::vacancies::{advert, open_vacancy};

fn is_nobodys<T>(outcome: &Result<T, NotChanged>) -> bool {
    matches!(outcome, Err(NotChanged::NotDone(NotDone::NotFound)))
}

/// A vacancy is published, changed, closed and settled.
pub(super) async fn everything_happens_to_a_vacancy(story: &Story) {
    let (mo, now) = (story.manager, story.world.app.clock.now());
    let draft = Draft { practice: story.practice, title: "GP".to_owned(), typed: Vec::new() };
    let id = act!(story, mo, tx => begin_draft(tx, &draft)).expect("a draft");
    let new =
        |title| NewAdvert { advert: advert(title, now + TimeDelta::days(28)), places: vec![story.practice] };
    let (one, other) = (new("GP"), new("GP partner"));
    act!(story, mo, tx => publish(tx, (id, 1), &one, now)).expect("it is published");
    act!(story, mo, tx => change_advert(tx, (id, 2), &[], &other)).expect("it changes");
    act!(story, mo, tx => close_early(tx, id)).expect("it closes");
    act!(story, mo, tx => settle(tx, id, (Outcome::FilledHere, None))).expect("an outcome");
}

#[tokio::test]
async fn a_vacancy_is_drafted_published_changed_closed_and_settled_by_its_practice_alone() {
    let mut story = Story::begin().await;
    let (mo, sam) = (story.manager, story.stranger);
    let draft = |title: &str| Draft { practice: story.practice, title: title.to_owned(), typed: Vec::new() };
    let (first, second) = (draft("Salaried GP"), draft("GP partner"));
    assert!(is_nobodys(&act!(story, sam, tx => begin_draft(tx, &first))));
    let id = act!(story, mo, tx => begin_draft(tx, &first)).unwrap();
    let unwanted = act!(story, mo, tx => begin_draft(tx, &second)).unwrap();
    assert!(is_nobodys(&act!(story, sam, tx => remove_draft(tx, unwanted))));
    act!(story, mo, tx => remove_draft(tx, unwanted)).unwrap();

    assert!(is_nobodys(&act!(story, sam, tx => change_draft(tx, (id, 1), &second))));
    act!(story, mo, tx => change_draft(tx, (id, 1), &second)).unwrap();
    let stale = act!(story, mo, tx => change_draft(tx, (id, 1), &first));
    assert!(matches!(stale, Err(NotChanged::Since)), "{stale:?}");

    let now = story.world.app.clock.now();
    let at = |days| now + TimeDelta::days(days);
    let new = |title, days| NewAdvert { advert: advert(title, at(days)), places: vec![story.practice] };
    let (one, other, past) = (new("Salaried GP", 28), new("Salaried GP, six sessions", 28), new("GP", 1));
    assert!(is_nobodys(&act!(story, sam, tx => publish(tx, (id, 2), &one, now))));
    let backwards = act!(story, mo, tx => publish(tx, (id, 2), &past, at(2)));
    assert!(matches!(backwards, Err(NotChanged::ClosesBeforeItOpens)), "{backwards:?}");
    act!(story, mo, tx => publish(tx, (id, 2), &one, now)).unwrap();
    let again = act!(story, mo, tx => publish(tx, (id, 3), &one, now));
    assert!(matches!(again, Err(NotChanged::Advertised)), "{again:?}");
    let removed = act!(story, mo, tx => remove_draft(tx, id));
    assert!(matches!(removed, Err(NotChanged::Advertised)), "{removed:?}");

    assert!(is_nobodys(&act!(story, sam, tx => change_advert(tx, (id, 3), &[], &other))));
    let what = act!(story, mo, tx => change_advert(tx, (id, 3), &[], &other)).unwrap();
    assert_eq!(what, ["title"]);
    assert!(act!(story, mo, tx => change_advert(tx, (id, 4), &[], &other)).unwrap().is_empty());

    assert!(is_nobodys(&act!(story, sam, tx => close_early(tx, id))));
    act!(story, mo, tx => close_early(tx, id)).unwrap();
    let closed = act!(story, mo, tx => change_advert(tx, (id, 5), &[], &one));
    assert!(matches!(closed, Err(NotChanged::Closed)), "{closed:?}");
    let came = (Outcome::NotFilled, Some(NotFilled::Pay));
    assert!(is_nobodys(&act!(story, sam, tx => settle(tx, id, came))));
    act!(story, mo, tx => settle(tx, id, came)).unwrap();
    let twice = act!(story, mo, tx => settle(tx, id, (Outcome::Stopped, None)));
    assert!(matches!(twice, Err(NotChanged::Settled)), "{twice:?}");

    let log = story.log().await;
    let expected = [
        "vacancy.drafted",
        "vacancy.drafted",
        "vacancy.draft_removed",
        "vacancy.published",
        "vacancy.changed",
        "vacancy.closed",
        "vacancy.settled",
    ];
    assert_eq!(log, expected);
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from event where vacancy_id is not null order by position")
            .fetch_all(story.seed.connection())
            .await
            .unwrap();
    assert_eq!(kinds, ["vacancy_published", "vacancy_changed", "vacancy_closed", "vacancy_settled"]);
}

fn answers() -> Answers {
    Answers {
        name: "Kit Example".to_owned(),
        phone: String::new(),
        registration: None,
        statements: vec![("Patience".to_owned(), "Some".to_owned())],
        right_to_work: Some(RightToWork::Settled),
        starts_on: None,
        wants_interview: false,
        on_record: String::new(),
        opportunities: vec![("equal_age", "35_44")],
    }
}

/// An application is sent and taken back, each by whoever made it.
pub(super) async fn everything_happens_to_an_application(story: &mut Story) {
    let vacancy = open_vacancy(&mut story.seed, story.practice, "Receptionist").await;
    let (id, link, account) =
        (ApplicationId::new(), ApplicationLinkId::new(), story.who_is_ann.person.account);
    let kit = Actor::Applicant { bank: story.seed.bank, application: id };
    let (key, letterhead) = (story.world.app.link_key.clone(), story.world.app.letterhead());
    let with = WithRecord { id, link, vacancy, account, email: "ann@people.test" };
    act!(story, kit, tx => send_with_record(tx, (&key, &letterhead), &with, &answers())).expect("it is sent");
    let shortlisted = Decision { to: State::Shortlisted, reason: None, said: String::new() };
    let mo = story.manager;
    act!(story, mo, tx => decide(tx, (vacancy, &[id]), &shortlisted)).expect("a step");
    act!(story, kit, tx => withdraw(tx, &letterhead)).expect("it is taken back");
}

#[tokio::test]
async fn an_application_is_written_sent_and_taken_back_by_whoever_made_it_alone() {
    let mut story = Story::begin().await;
    let vacancy = open_vacancy(&mut story.seed, story.practice, "Receptionist").await;
    let (bank, now) = (story.seed.bank, story.world.app.clock.now());
    let asked = Asked { bank, vacancy, email: "kit@people.test".to_owned(), at: now };
    act!(story, Actor::link_holder(bank), tx => ask_for_link(tx, &asked)).unwrap();
    story.world.work().await;
    let id: ApplicationId = sqlx::query_scalar("select id from application")
        .fetch_one(story.seed.connection())
        .await
        .expect("it is begun");
    let (kit, letterhead) = (Actor::Applicant { bank, application: id }, story.world.app.letterhead());
    let nobodys = |outcome: Result<(), NotSent>| matches!(outcome, Err(NotSent::NotDone(NotDone::NotFound)));
    let stranger = Actor::Applicant { bank, application: ApplicationId::new() };
    for other in [stranger, story.manager, story.administrator, Actor::link_holder(bank)] {
        assert!(nobodys(act!(story, other, tx => keep(tx, &[], None))), "{other:?}");
        assert!(nobodys(act!(story, other, tx => send(tx, &letterhead, &answers()))), "{other:?}");
        assert!(nobodys(act!(story, other, tx => withdraw(tx, &letterhead)).map(drop)), "{other:?}");
    }
    let typed = [("name".to_owned(), "Kit".to_owned())];
    act!(story, kit, tx => keep(tx, &typed, None)).unwrap();
    act!(story, kit, tx => send(tx, &letterhead, &answers())).unwrap();
    act!(story, kit, tx => send(tx, &letterhead, &answers())).expect("it is sent once, however often");
    let kept = act!(story, kit, tx => keep(tx, &typed, None));
    assert!(matches!(kept, Err(NotSent::Sent)), "{kept:?}");
    act!(story, kit, tx => withdraw(tx, &letterhead)).unwrap();
    let again = act!(story, kit, tx => withdraw(tx, &letterhead)).map(drop);
    assert!(matches!(again, Err(NotSent::Sent)), "{again:?}");

    let (key, account) = (story.world.app.link_key.clone(), story.who_is_ann.person.account);
    let (other, link) = (ApplicationId::new(), ApplicationLinkId::new());
    let twice = WithRecord { id: other, link, vacancy, account, email: "kit@people.test" };
    let applicant = Actor::Applicant { bank, application: twice.id };
    let twice = act!(story, applicant, tx => send_with_record(tx, (&key, &letterhead), &twice, &answers()));
    assert!(matches!(twice, Err(NotSent::Twice)), "{twice:?}");
    let log: Vec<String> = sqlx::query_scalar(
        "select action from audit_event where action like 'application.%' order by position",
    )
    .fetch_all(story.seed.connection())
    .await
    .expect("the log");
    assert_eq!(log, ["application.sent", "application.withdrawn"]);
}

#[tokio::test]
async fn an_application_is_read_and_answered_by_its_practice_alone() {
    let mut story = Story::begin().await;
    let vacancy = open_vacancy(&mut story.seed, story.practice, "Receptionist").await;
    let (id, _) = sent_application(&story.world, &mut story.seed, (vacancy, "kit@people.test")).await;
    let (mo, sam, bank, letterhead) =
        (story.manager, story.stranger, story.seed.bank, story.world.app.letterhead());
    let kit = Actor::Applicant { bank, application: id };
    let keys = DocumentKeys::read(&story.world.app.settings.secrets.document_keys).expect("keys");
    let to = |to: State| Decision { to, reason: None, said: "Ring us".to_owned() };
    assert!(is_not_found(&act!(story, sam, tx => list_followed(tx, vacancy))));
    assert!(is_not_found(&act!(story, sam, tx => find_followed(tx, (vacancy, id)))));
    let opened = act!(story, sam, tx => open_cv(tx, &keys, (vacancy, id)));
    assert!(matches!(opened, Err(NotOpened::NotDone(NotDone::NotFound))), "{opened:?}");
    let moved = act!(story, sam, tx => decide(tx, (vacancy, &[id]), &to(State::Offered)));
    assert!(matches!(moved, Err(NotSent::NotDone(NotDone::NotFound))), "{moved:?}");

    assert_eq!(act!(story, mo, tx => list_followed(tx, vacancy)).unwrap().len(), 1);
    assert_eq!(act!(story, mo, tx => find_followed(tx, (vacancy, id))).unwrap().state, State::Received);
    let (_, bytes) = act!(story, mo, tx => open_cv(tx, &keys, (vacancy, id))).unwrap();
    assert_eq!(bytes, b"%PDF-1.7 CV %%EOF");
    let early = act!(story, kit, tx => answer_offer(tx, &letterhead, true));
    assert!(matches!(early, Err(NotSent::OtherStep(State::Received, State::Accepted))), "{early:?}");
    act!(story, mo, tx => decide(tx, (vacancy, &[id]), &to(State::Offered))).unwrap();
    act!(story, kit, tx => answer_offer(tx, &letterhead, false)).unwrap();
    let no = Decision { to: State::Unsuccessful, reason: Some(Reason::Other), said: String::new() };
    let late = act!(story, mo, tx => decide(tx, (vacancy, &[id]), &no));
    assert!(matches!(late, Err(NotSent::OtherStep(State::Declined, State::Unsuccessful))), "{late:?}");
    let log: Vec<String> = sqlx::query_scalar(
        "select action from audit_event where action like 'application.%' order by position",
    )
    .fetch_all(story.seed.connection())
    .await
    .expect("the log");
    assert_eq!(log, ["application.cv_opened", "application.moved", "application.moved"]);
}
