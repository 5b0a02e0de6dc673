//! Somebody applies for a post without an account: a link confirms their address, what they write is kept, it is sent once,
//! and read by nobody but whom it was made to.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{ApplicationId, BankId, VacancyId};
use locumbank::ground::sign_in::PersonKind;
use sqlx::AssertSqlSafe;

use crate::support::World;
use crate::support::applications::begun_application;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::vacancies::open_vacancy;
use crate::support::visitor::Visitor;

const EMAIL: &str = "kit@people.test";

struct Story {
    world: World,
    seed: Seed,
    mo: Person,
    ann: Clinician,
    vacancy: VacancyId,
    kit: Visitor,
}

/// What Kit writes.
const WHOLE: [(&str, &str); 9] = [
    ("name", "Kit Example"),
    ("phone", "01305 000002"),
    ("registration", "701 2345"),
    ("right_to_work", "settled"),
    ("criterion_1", "Since 2015, with no conditions."),
    ("criterion_2", "In Dorset."),
    ("wants_interview", "yes"),
    ("equal_age", "35_44"),
    ("equal_sex", "nonsense"),
];

fn with_do(what: &'static str) -> Vec<(&'static str, &'static str)> {
    [&WHOLE[..], &[("do", what)]].concat()
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, practice, ann, .. } = Opening::begin().await;
        let mo = seed.practice_manager("Mo Example", &[practice]).await;
        let vacancy = open_vacancy(&mut seed, practice, "Salaried GP").await;
        let kit = world.visitor();
        Self { world, seed, mo, ann, vacancy, kit }
    }

    fn apply(&self) -> String {
        format!("/vacancies/{}/apply", self.vacancy)
    }

    /// Kit asks for the link, and gets it.
    async fn link(&self) -> String {
        self.kit.post_without_token(&self.apply(), &[("email", EMAIL)]).await.expect(303);
        self.world.work().await;
        let text = self.world.inbox.last_of(EMAIL).text();
        let link = text.split_whitespace().find(|word| word.contains("/application/")).expect("a link");
        link.strip_prefix(&self.world.base_url).expect("a link to this service").to_owned()
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect("a count")
    }

    fn mails(&self, address: &str, subject: &str) -> usize {
        self.world.inbox.of(address).iter().filter(|mail| mail.header("Subject").starts_with(subject)).count()
    }
}

#[tokio::test]
async fn what_somebody_writes_is_kept_sent_once_and_taken_back() {
    let mut story = Story::begin().await;
    let page = story.kit.get(&format!("/vacancies/{}", story.vacancy)).await.expect(200);
    let apply = page.address(&story.apply());
    story.kit.get(&apply).await.expect(200).says("You need no account");
    story.kit.post_without_token(&apply, &[("email", "kit")]).await.expect(422).says("email address");
    let sent = story.kit.post_without_token(&apply, &[("email", EMAIL)]).await.expect(303);
    story.kit.get(&sent.location).await.expect(200).says("Check your email").does_not_say("kit@");
    let link = story.link().await;
    assert_eq!(story.mails(EMAIL, "Your application: Salaried GP"), 1, "pressed twice, one link");

    story.kit.get(&link).await.expect(200).says("GMC number, like").says("On the Performers List");
    let half =
        [("name", "Kit Example"), ("criterion_2", "In Dorset.\r\nSince 2019."), ("equal_age", "35_44")];
    story.kit.post_without_token(&link, &half).await.expect(303);
    let page = story.kit.get(&link).await.expect(200);
    page.says("What you have written is kept").says("Since 2019.");
    assert!(page.body.contains("value=\"Kit Example\""));
    let missing =
        story.kit.post_without_token(&link, &[&half[..], &[("do", "send")]].concat()).await.expect(422);
    for sentence in [
        "Say how you meet this: Registered with the GMC",
        "Enter your GMC number",
        "Select your right to work",
    ] {
        missing.says(sentence);
    }
    // What is no CV is refused, and the rest is kept all the same.
    let rubbish = story.kit.post_file(&link, &with_do("send"), ("cv.pdf", b"MZ no PDF")).await.expect(422);
    rubbish.says("The file must be a PDF");
    assert!(story.kit.get(&link).await.body.contains("Since 2015, with no conditions."));
    let pdf: &[u8] = b"%PDF-1.7 Kit %%EOF";
    story.kit.post_file(&link, &with_do("send"), ("cv.pdf", pdf)).await.expect(303);
    let page = story.kit.get(&link).await.expect(200);
    page.says("Your application is sent.").says("Received").says("701").says("Since 2015").says("cv.pdf");
    story.kit.post_without_token(&link, &with_do("send")).await.expect(303);
    story.world.work().await;
    assert_eq!(story.mails(EMAIL, "You have applied: Salaried GP"), 1);
    let copy = story.world.inbox.last_of(EMAIL).text();
    assert!(copy.contains("Since 2015, with no conditions.") && !copy.contains("35_44"), "{copy}");
    let mo = story.mo.email.clone();
    assert_eq!(story.mails(&mo, "Somebody has applied: Salaried GP"), 1);
    assert!(!story.world.inbox.last_of(&mo).text().contains("Kit"));
    assert_eq!(story.count("select count(*) from event where kind = 'application_sent'").await, 1);
    // What was said for equal opportunities is a count, and stands nowhere else.
    let counted = "select count(*) from equal_opportunity_count where question = 'equal_age' and answer = '35_44' and number = 1";
    assert_eq!(story.count(counted).await, 1);
    assert_eq!(story.count("select count(*) from equal_opportunity_count").await, 1);
    let kept = "select count(*) from applicant p join application a on a.id = p.application_id
                 where p.typed::text || a.statements::text || to_jsonb(a)::text ~ '35_44'";
    assert_eq!(story.count(kept).await, 0);

    story.kit.post_without_token(&format!("{link}/withdraw"), &[]).await.expect(303);
    story.kit.get(&link).await.expect(200).says("Withdrawn").does_not_say("Withdraw my application");
    story.kit.post_without_token(&link, &with_do("send")).await.expect(303);
    story.kit.get(&link).await.expect(200).says("Withdrawn");
    // While the vacancy is open, they may begin anew, by the same link.
    story.world.app.clock.advance(TimeDelta::minutes(6));
    assert_eq!(story.link().await, link);
    story.kit.post_without_token(&link, &with_do("send")).await.expect(303);
    story.kit.get(&link).await.expect(200).says("Received");
    story.world.stop().await;
}

#[tokio::test]
async fn the_closing_hour_counts_to_the_minute_and_what_was_begun_before_is_taken_a_little_longer() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    // It closes at 9am on a day of winter time, 28 days on; a minute before, it is open.
    story.world.app.clock.advance(TimeDelta::days(28) - TimeDelta::minutes(1));
    story.kit.get(&story.apply()).await.expect(200);
    let late = (story.vacancy, "never@people.test");
    let (_, never_sent) = begun_application(&story.world, &mut story.seed, late).await;
    story.world.app.clock.advance(TimeDelta::minutes(1));
    story.kit.get(&story.apply()).await.expect(409).says("This vacancy is closed");
    story.kit.post_without_token(&story.apply(), &[("email", "late@people.test")]).await.expect(409);
    story.kit.get(&link).await.expect(200).says("You began before, so you can still send it");
    story.world.app.clock.advance(TimeDelta::minutes(9));
    // Two tabs send at once: one application, one copy.
    let form = with_do("send");
    let (one, other) =
        tokio::join!(story.kit.post_without_token(&link, &form), story.kit.post_without_token(&link, &form));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303), "{} {}", one.text(), other.text());
    story.world.work().await;
    assert_eq!(story.mails(EMAIL, "You have applied"), 1);
    assert_eq!(story.count("select count(*) from application where is_late and state = 'received'").await, 1);
    assert_eq!(story.count("select number::bigint from equal_opportunity_count").await, 1);
    story.kit.get(&link).await.expect(200).says("after the vacancy had closed");
    story.world.app.clock.advance(TimeDelta::minutes(1));
    let never_sent = format!("/application/{never_sent}");
    story.kit.post_without_token(&never_sent, &form).await.expect(409).says("This vacancy is closed");
    story.kit.get(&never_sent).await.expect(200).says("The vacancy closed before you sent your application");
    story.kit.post_without_token(&format!("{never_sent}/withdraw"), &[]).await.expect(303);
    story.kit.get(&never_sent).await.expect(404);
    assert_eq!(story.count("select count(*) from application").await, 1);
    story.world.stop().await;
}

#[tokio::test]
async fn a_clinician_applies_with_their_record_in_two_presses() {
    let mut story = Story::begin().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    let page = ann.get(&story.apply()).await.expect(200);
    page.says("Apply with your record").says("Ann Example").says("Cleared by Test bank as GP until");
    let sent = ann.post(&format!("/vacancies/{}/apply-with-record", story.vacancy), &[]).await.expect(303);
    ann.get(&sent.location).await.expect(200).says("Received").says("Cleared by Test bank as GP until");
    let again = ann.post(&format!("/vacancies/{}/apply-with-record", story.vacancy), &[]).await;
    again.expect(409).says("You have applied for this post already");
    assert_eq!(story.count("select count(*) from application").await, 1);
    story.world.stop().await;
}

#[tokio::test]
async fn robots_are_refused_or_harmless() {
    let mut story = Story::begin().await;
    let link = story.link().await;
    let long = "x".repeat(10_000);
    let form = [("name", long.as_str()), ("criterion_1", "%"), ("criterion_2", "<script>"), ("do", "send")];
    let page = story.kit.post_without_token(&link, &form).await.expect(422);
    page.says("Name must have 100 characters or fewer");
    assert!(!page.body.contains("<script>"), "what is typed is text");
    story.kit.post_without_token(&link, &[("name", "a\0b")]).await.expect(400);
    story.kit.post_without_token(&story.apply(), &[("email", long.as_str())]).await.expect(422);
    for walked in ["/application/1", "/application/%00", "/application/../x", &format!("/application/{long}")]
    {
        let page = story.kit.get(walked).await;
        assert!([404, 400].contains(&page.status.as_u16()), "{walked}: {}", page.status);
    }
    story.kit.get(&format!("/vacancies/{}/apply", VacancyId::new())).await.expect(404);
    // Whoever asks for link after link is slowed.
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses
            .push(story.kit.post_without_token(&story.apply(), &[("email", EMAIL)]).await.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    // Nobody has applied for all of that, and a form of two hundred fields is no form.
    let many: Vec<(String, String)> = (0..60).map(|n| (format!("f{n}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    story.kit.post_file(&link, &many, ("cv.pdf", b"%PDF-1.7 %%EOF")).await.expect(400);
    assert_eq!(story.count("select count(*) from application where state <> 'begun'").await, 0);
    story.world.stop().await;
}

/// The tables in which an applicant is to be found.
const TABLES: [&str; 3] = ["application", "applicant", "application_file"];

/// Which of the tables this person of a practice finds anything in, whatever a statement forgets to ask.
async fn found_by(world: &World, bank: BankId, who: &Person) -> Vec<&'static str> {
    let actor = Actor::Member {
        account: who.account,
        bank,
        membership: who.membership,
        kind: PersonKind::PracticeManager,
    };
    let mut found = Vec::new();
    for table in TABLES {
        let tx = &mut world.app.db.look(actor).await.expect("a connection");
        let statement = format!("select count(*) from {table}");
        let seen: i64 =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(tx.connection()).await.expect("a count");
        found.extend((seen > 0).then_some(table));
    }
    found
}

#[tokio::test]
async fn an_application_is_read_by_nobody_but_whom_it_was_made_to() {
    let mut story = Story::begin().await;
    let far = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let sam = story.seed.practice_manager("Sam Stranger", &[far]).await;
    let mut other = Seed::bank(&story.world, "Other bank").await;
    let there = other.practice("K81001", "Aire Surgery").await;
    let pat = other.practice_manager("Pat Elsewhere", &[there]).await;
    let bank = story.seed.bank;
    let link = story.link().await;
    story.kit.post_file(&link, &WHOLE, ("cv.pdf", b"%PDF-1.7 Kit %%EOF")).await.expect(303);
    assert_eq!(found_by(&story.world, bank, &story.mo).await, Vec::<&str>::new(), "nothing was sent yet");
    story.kit.post_without_token(&link, &with_do("send")).await.expect(303);
    assert_eq!(found_by(&story.world, bank, &story.mo).await, TABLES);
    for (bank, who) in [(bank, &sam), (other.bank, &pat)] {
        assert_eq!(found_by(&story.world, bank, who).await, Vec::<&str>::new(), "{}", who.email);
    }
    // Nor by another applicant, nor by whoever acts for the bank.
    let applicant = Actor::Applicant { bank, application: ApplicationId::new() };
    for actor in [applicant, Actor::job_of(bank), Actor::link_holder(bank), Actor::Visitor] {
        let tx = &mut story.world.app.db.look(actor).await.expect("a connection");
        let seen: i64 = sqlx::query_scalar("select count(*) from applicant")
            .fetch_one(tx.connection())
            .await
            .expect("a count");
        assert_eq!(seen, 0, "{actor:?}");
    }
    // Without the policies they would: this story can fail.
    for table in TABLES {
        let dropped = format!("drop policy whom_it_was_made_to on {table}");
        sqlx::query(AssertSqlSafe(dropped)).execute(story.seed.connection()).await.expect("a policy");
    }
    assert_eq!(found_by(&story.world, bank, &sam).await, TABLES);
    story.world.stop().await;
}
