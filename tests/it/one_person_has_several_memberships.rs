//! One person acts in several banks, or as several kinds: they choose, are remembered, switch, and mail leads them right.
//! Whatever else they are, they see what the membership may in which they act.

use chrono::TimeDelta;
use locumbank::ground::sign_in::PersonKind;

use crate::support::desk::offer;
use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// Ann is a GP in two banks, and manages a practice in the second.
struct Story {
    world: World,
    first: Seed,
    second: Seed,
    /// Ann in each bank, and as the manager.
    ann: [Person; 3],
    offers: [String; 2],
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, seed: mut first, administrator, practice, ann } = Opening::begin().await;
        let mut second = Seed::bank(&world, "Second bank").await;
        let bo = second.person(PersonKind::BankAdministrator, "Bo Example").await;
        let fern = second.practice("K81001", "Fern Lane Surgery").await;
        let clinician = second.also(&ann.person, PersonKind::Clinician).await;
        let there = second.clinician_of(clinician.clone(), "gp", &bo).await;
        let manager = second.also(&ann.person, PersonKind::PracticeManager).await;
        second.manages(&manager, &[fern]).await;
        let session = first.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        let here = offer(&world, first.bank, administrator.account, session, ann.id).await;
        let session = second.session(fern, "gp", "2026-11-12", "08:30", "12:40").await;
        let elsewhere = offer(&world, second.bank, bo.account, session, there.id).await;
        let offers = [here.to_string(), elsewhere.to_string()];
        Self { world, first, second, ann: [ann.person, clinician, manager], offers }
    }

    /// Goes on in another membership, a minute later.
    async fn switch(&self, visitor: &mut Visitor, to: &Person, next: &str) -> Page {
        self.world.app.clock.advance(TimeDelta::minutes(1));
        let membership = to.membership.to_string();
        let page = visitor.post("/switch", &[("membership", &membership), ("next", next)]).await;
        visitor.take_token("/switch").await;
        page
    }

    async fn signs_in(&self, next: &str) -> (Visitor, Page) {
        self.world.app.clock.advance(TimeDelta::minutes(1));
        let form = [("email", self.ann[0].email.as_str()), ("password", PASSWORD), ("next", next)];
        let page = self.world.visitor().post_without_token("/sign-in", &form).await.expect(303);
        (self.world.signed_in(&self.ann[0].email).await, page)
    }
}

#[tokio::test]
async fn they_choose_once_and_begin_where_they_were() {
    let mut story = Story::begin().await;
    let form = [("email", story.ann[0].email.as_str()), ("password", PASSWORD)];
    let first = story.world.visitor().post_without_token("/sign-in", &form).await.expect(303);
    assert_eq!(first.location, "/switch");
    let mut ann = story.world.signed_in(&story.ann[0].email).await;
    let page = ann.get("/switch").await.expect(200);
    page.says("Clinician, Test bank").says("Clinician, Second bank").says("Practice manager, Second bank");
    ann.post("/switch", &[]).await.expect(422).says("Select what you want to act as");
    assert_eq!(story.switch(&mut ann, &story.ann[2], "").await.expect(303).location, "/sessions");
    ann.get("/sessions").await.expect(200).says("Second bank").says("(practice manager)").says("Switch");
    let (_, again) = story.signs_in("").await;
    assert_eq!(again.location, "/sessions", "she begins where she was");
    // Whoever is one thing is not asked, and has nothing to switch to.
    let cas = story.first.person(PersonKind::Commissioner, "Cas Example").await;
    let cas = story.world.signed_in(&cas.email).await;
    cas.get("/fill-rate").await.expect(200).does_not_say("Switch");
    story.world.stop().await;
}

#[tokio::test]
async fn she_sees_what_the_membership_may_in_which_she_acts() {
    let story = Story::begin().await;
    let mut ann = story.world.signed_in(&story.ann[0].email).await;
    let [here, elsewhere] = story.offers.clone().map(|id| format!("/offers/{id}"));
    for (acting, own, others) in [(0, &here, &elsewhere), (1, &elsewhere, &here)] {
        story.switch(&mut ann, &story.ann[acting], "").await.expect(303);
        ann.get(own).await.expect(200);
        ann.get(others).await.expect(404);
        ann.post(others, &[("answer", "accept")]).await.expect(404);
        ann.get("/sessions").await.expect(404);
    }
    story.switch(&mut ann, &story.ann[2], "").await.expect(303);
    for path in [&here, &elsewhere, "/offers", "/me"] {
        ann.get(path).await.expect(404);
    }
    ann.get("/sessions?week=2026-11-09").await.expect(200).says("Thu 12 Nov 8:30am to 12:40pm GP Offered");
    story.world.stop().await;
}

#[tokio::test]
async fn mail_leads_to_the_membership_that_it_is_for_and_switches_nothing_by_itself() {
    let mut story = Story::begin().await;
    let (here, elsewhere) = (story.ann[0].clone(), story.ann[1].clone());
    story.first.wants_at_once(&here, "offer_lapsed").await;
    story.second.wants_at_once(&elsewhere, "offer_lapsed").await;
    // A mail with a link to a page for signed-in people: an offer that has lapsed.
    story.world.work().await;
    story.world.app.clock.advance(TimeDelta::days(9));
    story.world.work().await;
    let mails = story.world.inbox.of(&story.ann[0].email);
    let link = |bank: &str| {
        let mail =
            mails.iter().find(|mail| mail.header("Subject").contains("lapsed") && mail.text().contains(bank));
        let text = mail.expect("a mail about a lapsed offer").text();
        let link = text.split_whitespace().find(|word| word.contains("/availability")).expect("a link");
        link.strip_prefix(&story.world.base_url).expect("to this service").to_owned()
    };
    let there = link("Second bank");
    assert!(there.contains(&format!("for=clinician.{}", story.second.bank)), "{there}");
    let mut ann = story.world.signed_in(&story.ann[0].email).await;
    story.switch(&mut ann, &story.ann[0], "").await.expect(303);
    let led = ann.get(&there).await.expect(303).location;
    assert!(led.starts_with("/switch?next=%2Favailability"), "{led}");
    let page = ann.get(&led).await.expect(200);
    page.says("The page that you opened is for you as clinician of Second bank");
    ann.get("/availability").await.expect(200).says("Test bank");
    assert_eq!(story.switch(&mut ann, &story.ann[1], &there).await.expect(303).location, there);
    ann.get(&there).await.expect(200).says("Second bank");
    // Signing in by the link begins in what it is for.
    let (_, signed_in) = story.signs_in(&there).await;
    assert_eq!(signed_in.location, there);
    let acting = "select kind || bank_id::text from membership where account_id = $1
                   order by last_signed_in_at desc nulls last limit 1";
    let acting: String = sqlx::query_scalar(acting)
        .bind(story.ann[0].account)
        .fetch_one(story.first.connection())
        .await
        .expect("a membership");
    assert_eq!(acting, format!("clinician{}", story.second.bank));
    // Whoever is not what it is for is led nowhere.
    let stranger = format!("/availability?for=commissioner.{}", story.first.bank);
    ann.get(&stranger).await.expect(200);
    story.world.stop().await;
}

#[tokio::test]
async fn a_form_opened_before_switching_is_not_taken_for_what_they_do_now() {
    let mut story = Story::begin().await;
    let before = story.world.signed_in(&story.ann[0].email).await;
    let mut ann = before.clone();
    story.switch(&mut ann, &story.ann[1], "").await.expect(303);
    before.post("/switch", &[]).await.expect(403).says("stale");
    // A membership of somebody else's, an ended one and none are the same.
    let stranger = story.first.person(PersonKind::Commissioner, "Cas Example").await;
    story.switch(&mut ann, &stranger, "").await.expect(404);
    sqlx::query("update membership set ended_at = created_at where id = $1")
        .bind(story.ann[2].membership)
        .execute(story.second.connection())
        .await
        .expect("it is ended");
    story.switch(&mut ann, &story.ann[2], "").await.expect(404);
    ann.get("/offers").await.expect(200).says("Second bank");
    story.world.stop().await;
}
