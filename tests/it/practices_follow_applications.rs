//! A practice reads who has applied, takes each a step further or says no, and everybody hears of it; whoever waits for long
//! is not forgotten, and what is kept goes by itself.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{ApplicationId, VacancyId};
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::applications::{begun_application, sent_application};
use crate::support::opening::Opening;
use crate::support::seed::{Person, Seed};
use crate::support::vacancies::open_vacancy;

struct Story {
    world: World,
    seed: Seed,
    mo: Person,
    vacancy: VacancyId,
    kit: (ApplicationId, String),
    lou: (ApplicationId, String),
}

impl Story {
    /// Kit and Lou have applied.
    async fn begin() -> Self {
        let Opening { world, mut seed, practice, .. } = Opening::begin().await;
        let mo = seed.practice_manager("Mo Example", &[practice]).await;
        let vacancy = open_vacancy(&mut seed, practice, "Salaried GP").await;
        let kit = sent_application(&world, &mut seed, (vacancy, "kit@people.test")).await;
        let lou = sent_application(&world, &mut seed, (vacancy, "lou@people.test")).await;
        Self { world, seed, mo, vacancy, kit, lou }
    }

    fn list(&self) -> String {
        format!("/your-vacancies/{}/applications", self.vacancy)
    }

    fn one(&self, id: ApplicationId) -> String {
        format!("{}/{id}", self.list())
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect("a count")
    }

    fn told(&self, address: &str, subject: &str) -> usize {
        self.world.inbox.of(address).iter().filter(|mail| mail.header("Subject").starts_with(subject)).count()
    }

    /// What the one mail to that address says whose subject begins so.
    fn text_of(&self, address: &str, subject: &str) -> String {
        let mails = self.world.inbox.of(address);
        mails.iter().find(|mail| mail.header("Subject").starts_with(subject)).expect("a mail").text()
    }
}

#[tokio::test]
async fn each_applicant_is_taken_further_or_told_why_not() {
    let mut story = Story::begin().await;
    let mo = story.world.signed_in(&story.mo.email).await;
    let (list, kit, lou) = (story.list(), story.kit.0.to_string(), story.lou.0.to_string());
    mo.get(&format!("/your-vacancies/{}", story.vacancy))
        .await
        .expect(200)
        .says("2 applicants wait for an answer");
    mo.get(&list).await.expect(200).says("Kit Example").says("Lou Example").says("Received");
    mo.post(&list, &[("to", "shortlisted")]).await.expect(422).says("Select at least one applicant");
    mo.post(&list, &[("which", &kit), ("to", "unsuccessful")])
        .await
        .expect(422)
        .says("the applicant is told");
    let both = [("which", kit.as_str()), ("which", lou.as_str()), ("to", "shortlisted")];
    mo.post(&list, &both).await.expect(303);
    mo.get(&list).await.expect(200).says("2 applicants are told by email").says("Shortlisted");
    // Of several, where one can't take the step, none does.
    let (kit_path, lou_path) = (story.one(story.kit.0), story.one(story.lou.0));
    mo.post(&kit_path, &[("to", "offered"), ("said", "We liked you.\nRing us.")]).await.expect(303);
    let both = [("which", kit.as_str()), ("which", lou.as_str()), ("to", "interview")];
    mo.post(&list, &both).await.expect(409).says("Nothing was changed");
    let page = mo.get(&lou_path).await.expect(200);
    page.says("Shortlisted").says("I have some").says("lou@people.test");
    let file = mo.post(&format!("{lou_path}/cv"), &[]).await.expect(200);
    assert_eq!((file.content_type.as_str(), file.body.as_str()), ("application/pdf", "%PDF-1.7 CV %%EOF"));

    story.world.work().await;
    assert_eq!(story.told("kit@people.test", "Your application, offered: Salaried GP"), 1);
    let text = story.text_of("kit@people.test", "Your application, offered");
    assert!(text.contains("We liked you.") && text.contains("/application/"), "{text}");
    let visitor = story.world.visitor();
    let kits_page = format!("/application/{}", story.kit.1);
    visitor.get(&kits_page).await.expect(200).says("The post is offered to you").says("Take the post");
    visitor.post_without_token(&format!("{kits_page}/offer"), &[("answer", "accept")]).await.expect(303);
    visitor.post_without_token(&format!("{kits_page}/offer"), &[("answer", "decline")]).await.expect(409);
    visitor.get(&kits_page).await.expect(200).says("You have taken the post").does_not_say("Decline it");

    // What came of the vacancy is said once everybody has an answer.
    mo.post(&format!("/your-vacancies/{}/close", story.vacancy), &[]).await.expect(303);
    let outcome = format!("/your-vacancies/{}/outcome", story.vacancy);
    let waits = mo.post(&outcome, &[("outcome", "filled_here")]).await.expect(409);
    waits.says("1 applicant waits for an answer");
    mo.post(&lou_path, &[("to", "unsuccessful"), ("reason", "filled")]).await.expect(303);
    mo.post(&outcome, &[("outcome", "filled_here")]).await.expect(303);
    for to in ["checks", "started"] {
        mo.post(&kit_path, &[("to", to)]).await.expect(303);
    }
    mo.post(&kit_path, &[("to", "unsuccessful"), ("reason", "other")]).await.expect(409);
    story.world.work().await;
    let text = story.text_of("lou@people.test", "Your application, unsuccessful");
    assert!(text.contains("Why: The post is filled, or is not offered any more"), "{text}");
    assert_eq!(story.told(&story.mo.email, "Applicant, accepted: Salaried GP"), 1);
    visitor.get(&format!("/application/{}", story.lou.1)).await.expect(200).says("You do not get this post");
    assert_eq!(story.count("select count(*) from event where kind = 'application_moved'").await, 7);
    strangers_see_no_step(&mut story).await;
    story.world.stop().await;
}

/// What was decided is seen by nobody of another practice either; and without the policy it would be.
async fn strangers_see_no_step(story: &mut Story) {
    let sam = story.seed.practice_manager("Sam Stranger", &[]).await;
    let actor = Actor::Member {
        account: sam.account,
        bank: story.seed.bank,
        membership: sam.membership,
        kind: PersonKind::PracticeManager,
    };
    let seen = async |story: &Story| -> i64 {
        let tx = &mut story.world.app.db.look(actor).await.expect("a connection");
        sqlx::query_scalar("select count(*) from application_move")
            .fetch_one(tx.connection())
            .await
            .expect("a count")
    };
    assert_eq!(seen(story).await, 0);
    for statement in ["drop policy whom_it_was_made_to on application_move"] {
        sqlx::query(statement).execute(story.seed.connection()).await.expect(statement);
    }
    assert_eq!(seen(story).await, 7);
}

#[tokio::test]
async fn whoever_waits_is_remembered_and_what_is_kept_goes_by_itself() {
    let mut story = Story::begin().await;
    begun_application(&story.world, &mut story.seed, (story.vacancy, "never@people.test")).await;
    let reminded = |story: &Story| story.told(&story.mo.email, "Applicants wait for an answer: Salaried GP");
    story.world.app.clock.advance(TimeDelta::days(6));
    story.world.work().await;
    assert_eq!(reminded(&story), 0);
    story.world.app.clock.advance(TimeDelta::days(1));
    story.world.work().await;
    assert_eq!(reminded(&story), 1);
    assert!(story.world.inbox.last_of(&story.mo.email).text().contains("2 applicants have waited"));
    story.world.app.clock.advance(TimeDelta::days(3));
    story.world.work().await;
    assert_eq!(reminded(&story), 1);
    story.world.app.clock.advance(TimeDelta::days(4));
    story.world.work().await;
    assert_eq!(reminded(&story), 2);
    // The vacancy closes after 28 days; what was never sent goes a month later, the others a year later.
    for (days, left) in [(28 + 31, 2), (28 + 360, 2), (28 + 380, 0)] {
        let at = story.seed.now() + TimeDelta::days(days);
        let ahead = at - story.world.app.clock.now();
        story.world.app.clock.advance(ahead);
        story.world.work().await;
        story.world.app.clock.advance(TimeDelta::days(1));
        story.world.work().await;
        assert_eq!(story.count("select count(*) from application").await, left, "after {days} days");
    }
    assert_eq!(story.count("select count(*) from application_file").await, 0);
    story.world.stop().await;
}
