//! A session is open to some before it is open to others: to a practice's preferred people, to those who have worked there,
//! to everybody. Whom it is not open to neither finds it nor asks for it, to the minute.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::letters::opened::jobs::tell_stages;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::actions::publish::{OfferError, insert_offers};
use locumbank::work::booking::desk::Desk;
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::offer::OfferToMake;
use locumbank::work::booking::{WayIn, Wish};
use locumbank::work::request::actions::ask_for_session;
use locumbank::work::stage::actions::set_stages;
use locumbank::work::stage::jobs::open_stages;
use locumbank::work::stage::{Audience, NewStage, Opens};

use crate::support::desk::assert_sound;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{World, on_behalf_of};

struct Story {
    world: World,
    seed: Seed,
    practice: PracticeId,
    manager: Person,
    ann: Clinician,
    bea: Clinician,
    cy: Clinician,
    session: SessionId,
}

impl Story {
    /// Monday 2 November 2026, 9am. Bea has worked at Orchid House in October. It wants a GP on Tuesday 1 December, 8:30am to
    /// 12:40pm, a time that all three offer.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let bea = seed.clinician("gp", "Bea Example", &administrator).await;
        let cy = seed.clinician("gp", "Cy Example", &administrator).await;
        for person in [&ann, &bea, &cy] {
            seed.weekly(person, 2, "08:00", "18:00").await;
        }
        let session = seed.session(practice, "gp", "2026-12-01", "08:30", "12:40").await;
        let before = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
        let wish = Wish {
            session: before,
            clinician: bea.id,
            way_in: WayIn::Administrator { rate_pence_per_hour: 8_500 },
            key: "Bea agreed on the phone".to_owned(),
        };
        let (desk, by) = (Desk::of(&world.app), on_behalf_of(seed.bank, administrator.account));
        world.app.db.change(by, async |tx| book(tx, &desk, &wish).await).await.expect("Bea is booked");
        world.app.clock.advance(TimeDelta::days(2));
        world.work().await;
        Self { world, seed, practice, manager, ann, bea, cy, session }
    }

    async fn open_as(&self, person: &Person, path: &str) -> Page {
        self.world.signed_in(&person.email).await.get(path).await
    }

    async fn send_as(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        self.world.signed_in(&person.email).await.post(path, fields).await
    }

    fn acting(&self, person: &Person, kind: PersonKind) -> Actor {
        Actor::Member { account: person.account, bank: self.seed.bank, membership: person.membership, kind }
    }

    /// Who of the three finds the session, by their initials; nobody else can open its page either.
    async fn seen_by(&self) -> String {
        let mut seen = String::new();
        for (initial, who) in [('a', &self.ann), ('b', &self.bea), ('c', &self.cy)] {
            let list = self.open_as(&who.person, "/find-sessions").await.expect(200);
            let one = self.open_as(&who.person, &format!("/find-sessions/{}", self.session)).await;
            let finds = list.text().contains("Tuesday 1 December 2026");
            if finds {
                one.expect(200);
                seen.push(initial);
            } else {
                one.expect(409).says("This session is open to others first");
            }
        }
        seen
    }

    fn advance_to(&self, moment: &str) {
        let moment: chrono::DateTime<chrono::Utc> = moment.parse().expect("a moment");
        self.world.app.clock.advance(moment - self.world.app.clock.now());
    }

    /// The jobs of stages run, and mail leaves.
    async fn open_and_tell(&self) {
        open_stages(&self.world.app, serde_json::Value::Null).await.expect("stages opened");
        tell_stages(&self.world.app, serde_json::Value::Null).await.expect("stages told");
        self.world.work().await;
    }

    /// The subjects of what stages wrote to somebody.
    fn told(&self, who: &Clinician) -> usize {
        let mails = self.world.inbox.of(&who.person.email);
        mails
            .iter()
            .filter(|mail| mail.header("Subject") == "Sessions that fit you are open to you now")
            .count()
    }
}

/// The practice names Ann, and asks her first, then who has worked there alone, then everybody: its list.
async fn released_in_stages(story: &mut Story, page: &str) -> String {
    let manager = story.manager.clone();
    let preferred = format!("/practice/{}/preferred", story.practice);
    story.open_as(&manager, "/practice").await.expect(200).says("Whom you would rather have");
    story.send_as(&manager, &format!("{preferred}/lists"), &[("name", "")]).await.expect(400);
    story.send_as(&manager, &format!("{preferred}/lists"), &[("name", "Regulars")]).await.expect(303);
    story.open_as(&manager, &format!("{preferred}?search=Ann")).await.expect(200).says("Put on Regulars");
    let list: uuid::Uuid = sqlx::query_scalar("select id from preferred_list")
        .fetch_one(story.seed.connection())
        .await
        .expect("a list");
    let (list, ann) = (list.to_string(), story.ann.id.to_string());
    let named = [("list", list.as_str()), ("clinician", ann.as_str())];
    assert_eq!(story.send_as(&manager, &preferred, &named).await.expect(303).location, preferred);
    story.open_as(&manager, &preferred).await.expect(200).says("Ann Example");
    let stages = format!("{page}/stages");
    story.open_as(&manager, &stages).await.expect(200).says("The list Regulars");
    story
        .send_as(&manager, &stages, &[("preferred", "any")])
        .await
        .expect(422)
        .says("hours before the start");
    let released = [
        ("preferred", list.as_str()),
        ("worked_here", "yes"),
        ("worked_here_hours", "336"),
        ("worked_here_closes", "yes"),
        ("everybody_hours", "168"),
    ];
    assert_eq!(story.send_as(&manager, &stages, &released).await.expect(303).location, page);
    let said = story.open_as(&manager, page).await.expect(200);
    said.says("Open to the people on your list Regulars, until Tuesday 17 November 2026, 8:30am");
    said.says("Opens to people who have worked here on Tuesday 17 November 2026, 8:30am");
    said.says("Opens to everybody of the bank on Tuesday 24 November 2026, 8:30am");
    story.open_as(&manager, &stages).await.expect(200).says("Close it to your preferred people then");
    list
}

/// Whatever a statement forgets, nobody asks for what is not open to them, or is offered it.
async fn nothing_goes_round_the_audience(story: &mut Story) {
    let by_hand = sqlx::query(
        "insert into request (bank_id, id, session_id, clinician_id, note, requested_at)
         values ($1, $2, $3, $4, '', '2026-11-17T08:30:00Z')",
    )
    .bind(story.seed.bank)
    .bind(locumbank::ground::id::RequestId::new())
    .bind(story.session)
    .bind(story.cy.id)
    .execute(story.seed.connection())
    .await
    .expect_err("it is not open to Cy");
    let constraint = by_hand.as_database_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("request_is_of_the_audience"));
    let wanted = [OfferToMake {
        session: story.session,
        clinician: story.cy.id,
        rate_pence_per_hour: 8_500,
        pay_pence: 35_417,
        road_metres: 1_000,
        plan: None,
    }];
    let desk = Desk::of(&story.world.app);
    let offered = {
        let mut tx = story.world.app.db.begin(Actor::job_of(story.seed.bank)).await.expect("a transaction");
        let offered = insert_offers(&mut tx, &desk, &wanted).await;
        tx.give_up().await.expect("given up");
        offered
    };
    assert!(matches!(offered, Err(OfferError::NotOpen(..))), "{offered:?}");
}

#[tokio::test]
async fn each_stage_is_open_to_its_audience_from_its_minute_on() {
    let mut story = Story::begin().await;
    let (manager, page) = (story.manager.clone(), format!("/sessions/{}", story.session));
    assert_eq!(story.seen_by().await, "abc");
    story.open_as(&manager, &page).await.expect(200).says("Open to everybody of the bank");

    let list = released_in_stages(&mut story, &page).await;
    let (preferred, ann) = (format!("/practice/{}/preferred", story.practice), story.ann.id.to_string());
    let named = [("list", list.as_str()), ("clinician", ann.as_str())];
    assert_eq!(story.seen_by().await, "a");
    story.open_and_tell().await;
    story.open_and_tell().await;
    assert_eq!((story.told(&story.ann), story.told(&story.bea), story.told(&story.cy)), (1, 0, 0));
    let mail = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(mail.contains(&format!("/find-sessions/{}", story.session)), "{mail}");

    // What it pays stays the same until everybody is asked.
    let dearer = [("rate-min", "90"), ("rate-max", "95"), ("notes", "")];
    let refused = story.send_as(&manager, &format!("{page}/change"), &dearer).await.expect(409);
    refused.says("The rate stays the same until the session is open to everybody");

    // The minute on which one stage closes and the next opens.
    story.advance_to("2026-11-17T08:29:59Z");
    assert_eq!(story.seen_by().await, "a");
    story.advance_to("2026-11-17T08:30:00Z");
    assert_eq!(story.seen_by().await, "b");
    story.open_and_tell().await;
    assert_eq!((story.told(&story.ann), story.told(&story.bea), story.told(&story.cy)), (1, 1, 0));

    nothing_goes_round_the_audience(&mut story).await;

    // The day comes on which everybody is asked; the daily email tells it.
    story.advance_to("2026-11-24T08:29:59Z");
    assert_eq!(story.seen_by().await, "b");
    story.advance_to("2026-11-24T08:30:00Z");
    assert_eq!(story.seen_by().await, "abc");
    story.open_and_tell().await;
    assert_eq!((story.told(&story.ann), story.told(&story.bea), story.told(&story.cy)), (1, 1, 0));
    let cy = story.cy.person.clone();
    story.send_as(&cy, &format!("/find-sessions/{}", story.session), &[("note", "")]).await.expect(303);
    let opened: Vec<String> =
        sqlx::query_scalar("select detail ->> 'audience' from event where kind = 'stage_opened' order by at")
            .fetch_all(story.seed.connection())
            .await
            .expect("the events");
    assert_eq!(opened, ["preferred", "worked_here", "everybody"]);
    story.send_as(&manager, &format!("{preferred}/remove"), &named).await.expect(303);
    story
        .send_as(&manager, &format!("{preferred}/lists/remove"), &[("list", list.as_str())])
        .await
        .expect(303);
    story.open_as(&manager, &preferred).await.expect(200).says("You have no list yet");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn a_session_that_moves_takes_its_stages_along_and_opening_it_ends_them() {
    let mut story = Story::begin().await;
    let (manager, page) = (story.manager.clone(), format!("/sessions/{}", story.session));
    let released = [("worked_here", "yes"), ("everybody_hours", "24")];
    story.send_as(&manager, &format!("{page}/stages"), &released).await.expect(303);
    assert_eq!(story.seen_by().await, "b");
    let moved = [("start", "9:30"), ("end", "13:40")];
    story.send_as(&manager, &format!("{page}/time"), &moved).await.expect(303);
    let said = story.open_as(&manager, &page).await.expect(200);
    said.says("Open to people who have worked here")
        .says("Opens to everybody of the bank on Monday 30 November 2026, 9:30am");
    // Near the start whoever fits is told at once.
    story.open_and_tell().await;
    story.advance_to("2026-11-30T09:30:00Z");
    story.open_and_tell().await;
    assert_eq!((story.told(&story.ann), story.told(&story.bea), story.told(&story.cy)), (1, 1, 1));
    story.send_as(&manager, &format!("{page}/stages"), &[("act", "open")]).await.expect(303);
    story.open_as(&manager, &page).await.expect(200).says("Open to everybody of the bank");
    let left: i64 = sqlx::query_scalar("select count(*) from session_stage")
        .fetch_one(story.seed.connection())
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn whoever_asks_while_the_stages_change_has_asked_or_is_told_no() {
    let mut story = Story::begin().await;
    let (session, desk) = (story.session, Desk::of(&story.world.app));
    let by = story.acting(&story.manager, PersonKind::PracticeManager);
    let to_all = Opens::HoursBefore(24);
    let staged = [
        NewStage {
            audience: Audience::WorkedHere,
            opens: Opens::At(story.world.app.clock.now()),
            keeps_previous: true,
        },
        NewStage { audience: Audience::Everybody, opens: to_all, keeps_previous: true },
    ];
    let app = &story.world.app;
    for round in 0..6 {
        let cy = story.acting(&story.cy.person, PersonKind::Clinician);
        let stages: &[NewStage] = if round % 2 == 0 { &staged } else { &[] };
        let (asked, set) = tokio::join!(
            app.db.change(cy, async |tx| ask_for_session(tx, &desk, session, "").await),
            app.db.change(by, async |tx| set_stages(tx, session, stages).await),
        );
        set.expect("the stages are set");
        let code = match asked {
            Ok(_) => "asked",
            Err(DeskError::Refused(refusal)) => refusal.code(),
            Err(other) => panic!("not a clean answer: {other:?}"),
        };
        assert!(["asked", "audience"].contains(&code), "{code}");
        let waiting: i64 = sqlx::query_scalar("select count(*) from request where state = 'waiting'")
            .fetch_one(story.seed.connection())
            .await
            .expect("a count");
        assert_eq!(waiting, i64::from(code == "asked"));
        sqlx::query(
            "update request set state = 'withdrawn', settled_at = requested_at where state = 'waiting'",
        )
        .execute(story.seed.connection())
        .await
        .expect("taken back");
    }
    story.world.stop().await;
}
