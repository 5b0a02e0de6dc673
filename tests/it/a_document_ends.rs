//! A document that a role needs ends, or is not there: nobody is booked beyond it, whatever the way in, and it is said which
//! document and when.

use locumbank::ground::actor::Actor;
use locumbank::ground::facts::FactError;
use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::terms::bank::needs::{need_document, need_no_longer};

use crate::support::World;
use crate::support::desk::{link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed, day};

/// What becomes of the document, its last day, and what is said of it: to the clinician, and to an administrator. The session
/// is on 10 November, and it is the 2nd.
const CASES: [(&str, Option<&str>, &str, &str); 3] = [
    ("ended", Some("2026-11-01"), "Indemnity ended on 1 November 2026", "Indemnity ended on 1 November 2026"),
    (
        "ends before the session",
        Some("2026-11-09"),
        "Indemnity ends on 9 November 2026, before this session does",
        "Indemnity ends on 9 November 2026",
    ),
    ("is not there", None, "Indemnity is not recorded", "Indemnity is not recorded"),
];

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    /// A bank whose GPs need indemnity, and a GP whose own reaches until then.
    async fn begin(indemnity_until: Option<&str>) -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let story = Self { world, seed, administrator, practice, ann, session };
        story.needs("indemnity").await.expect("it is needed");
        let mut story = story;
        story.indemnity(indemnity_until).await;
        story
    }

    async fn needs(&self, document: &str) -> Result<(), FactError> {
        let (job, reliants) = (Actor::job_of(self.seed.bank), self.world.app.reliants());
        let from = day("2026-11-01");
        self.world
            .app
            .db
            .change(job, async |tx| need_document(tx, &reliants, ("gp", document), from).await)
            .await
    }

    async fn indemnity(&mut self, until: Option<&str>) {
        let ann = self.ann.clone();
        sqlx::query("delete from clinician_competency where clinician_id = $1 and competency = 'indemnity'")
            .bind(ann.id)
            .execute(self.seed.connection())
            .await
            .expect("it is gone");
        if until.is_some() {
            self.seed.competency(&ann, "indemnity", until).await;
        }
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect(statement)
    }

    /// Accepts by the link in the mail: the page that answers.
    async fn by_link(&self) -> crate::support::visitor::Page {
        let by = self.administrator.account;
        let offered = offer(&self.world, self.seed.bank, by, self.session, self.ann.id).await;
        self.world.visitor().post_without_token(&link_of(&self.world, offered), &[("answer", "accept")]).await
    }
}

#[tokio::test]
async fn whatever_the_way_in_nobody_is_booked_beyond_a_needed_document() {
    for (case, until, said, told) in CASES {
        let mut story = Story::begin(until).await;
        // By the link, and on their own page.
        story.by_link().await.expect(409).says(said);
        let ann = story.world.signed_in(&story.ann.person.email).await;
        let offers = ann.get("/offers").await.expect(200);
        let page = offers.address("/offers/");
        ann.post(&page, &[("answer", "accept")]).await.expect(409).says(said);
        // By hand: not among those who fit, and refused if asked all the same.
        sqlx::query("update offer set state = 'withdrawn', answered_at = offered_at")
            .execute(story.seed.connection())
            .await
            .expect("the offer is gone");
        let administrator = story.world.signed_in(&story.administrator.email).await;
        let path = format!("/unfilled-sessions/{}", story.session);
        administrator
            .get(&path)
            .await
            .expect(200)
            .says("Fits (0)")
            .does_not_say("What speaks against it Nothing");
        administrator.get(&format!("{path}?show=cannot")).await.expect(200).says("Ann Example").says(told);
        let id = story.ann.id.to_string();
        let key = locumbank::ground::id::BookingId::new().to_string();
        let form = [("clinician", id.as_str()), ("key", &key), ("rate", "88"), ("agreed", "yes")];
        let refused = administrator.post(&format!("{path}/book"), &form).await;
        assert!(matches!(refused.status.as_u16(), 409 | 422), "{case}: {}", refused.status);
        // By a plan.
        administrator.ask_for_plan("2026-11-10", "2026-11-10").await;
        story.world.work().await;
        let proposed = story.count("select count(*) from plan_pair").await;
        let bookings = story.count("select count(*) from booking").await;
        assert_eq!((proposed, bookings), (0, 0), "{case}");
        // The list of clinicians says so, and finds them.
        let list = administrator.get("/clinicians").await.expect(200);
        if case == "ends before the session" {
            administrator.get("/clinicians?state=soon").await.expect(200).says("Ann Example");
        } else {
            list.says(said);
            administrator.get("/clinicians?state=cleared").await.expect(200).does_not_say("Ann Example");
            administrator.get("/clinicians?state=ended").await.expect(200).says("Ann Example");
        }
        // A renewal is not filled in beyond the document.
        let clear = administrator.get(&format!("/clinicians/{}/clear", story.ann.id)).await.expect(200);
        let filled_in = |what: &str| clear.body.contains(&format!("value=\"{what}\""));
        let is_filled_in = filled_in("9") && filled_in("11") && filled_in("2026");
        assert_eq!(is_filled_in, case == "ends before the session", "{case}");
        assert!(!filled_in("2027"), "{case}");
        story.world.stop().await;
    }
}

#[tokio::test]
async fn whoever_has_the_document_until_the_day_is_booked_and_the_database_keeps_it() {
    let mut story = Story::begin(Some("2026-11-10")).await;
    story.by_link().await.expect(303);
    assert_eq!(story.count("select count(*) from booking where state = 'live'").await, 1);
    // Never-event 4: whatever the code does.
    story.indemnity(Some("2026-11-09")).await;
    let moved =
        sqlx::query("update booking set starts_at = starts_at").execute(story.seed.connection()).await;
    let refused = moved.expect_err("the database refuses it");
    let constraint = refused.as_database_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("booking_clearance_covers"));
}

#[tokio::test]
async fn what_is_needed_is_known_dated_and_ended() {
    let mut story = Story::begin(None).await;
    assert!(matches!(story.needs("duty_doctor").await, Err(FactError::NotFound)), "a skill is no document");
    // Needed from a later day on, it does not matter before.
    let (job, reliants) = (Actor::job_of(story.seed.bank), story.world.app.reliants());
    let later = day("2026-11-11");
    let dated = story
        .world
        .app
        .db
        .change(job, async |tx| need_document(tx, &reliants, ("gp", "indemnity"), later).await);
    dated.await.expect("it is dated");
    story.by_link().await.expect(303);
    let other = story.seed.session(story.practice, "gp", "2026-11-12", "08:30", "12:40").await;
    story.session = other;
    story.by_link().await.expect(409).says("Indemnity is not recorded");
    let ended =
        story.world.app.db.change(job, async |tx| need_no_longer(tx, &reliants, ("gp", "indemnity")).await);
    ended.await.expect("it is ended");
    sqlx::query("update offer set state = 'withdrawn', answered_at = offered_at where state = 'open'")
        .execute(story.seed.connection())
        .await
        .expect("the offer is gone");
    story.by_link().await.expect(303);
    let again = story
        .world
        .app
        .db
        .change(job, async |tx| need_no_longer(tx, &reliants, ("gp", "indemnity")).await)
        .await;
    assert!(matches!(again, Err(FactError::NotFound)), "{again:?}");
}
