//! Clinicians hand in documents; administrators open them, verify them or send them back; nobody else sees them.

mod hostile;
mod reminders;

use locumbank::ground::sign_in::PersonKind;
use reqwest::Method;

use crate::support::World;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::{Page, Visitor};

/// A whole PDF, with words that nobody may find in the database.
const PDF: &[u8] = b"%PDF-1.7\n(Certificate of Ann Example)\n%%EOF\n";

/// What a clinician says of it.
const INDEMNITY: [(&str, &str); 4] =
    [("competency", "indemnity"), ("valid-day", "31"), ("valid-month", "3"), ("valid-year", "2027")];

struct Story {
    seed: Seed,
    administrator: Person,
    ann: Clinician,
    at_desk: Visitor,
    at_home: Visitor,
}

impl Story {
    async fn begin(world: &World) -> Self {
        let mut seed = Seed::bank(world, "Test bank").await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let ann = seed.clinician("gp", "Ann Example", &administrator).await;
        let at_desk = world.signed_in(&administrator.email).await;
        let at_home = world.signed_in(&ann.person.email).await;
        Self { seed, administrator, ann, at_desk, at_home }
    }

    async fn hands_in(&self, fields: &[(&str, &str)], file: (&str, &[u8])) -> Page {
        self.at_home.post_file("/me/documents", fields, file).await
    }

    /// The address of the page of the document that waits the longest.
    async fn waiting(&self) -> String {
        let start = format!("/clinicians/{}/documents/", self.ann.id);
        self.at_desk.get("/documents-to-look-at").await.expect(200).address(&start)
    }

    async fn states(&mut self) -> Vec<String> {
        sqlx::query_scalar("select state from document order by handed_in_at, id")
            .fetch_all(self.seed.connection())
            .await
            .expect("the documents")
    }

    async fn files(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from document_file")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }

    /// What is recorded of the indemnity: its last day.
    async fn recorded(&mut self) -> Option<String> {
        sqlx::query_scalar(
            "select valid_through::text from clinician_competency where clinician_id = $1 and competency = 'indemnity'",
        )
        .bind(self.ann.id)
        .fetch_optional(self.seed.connection())
        .await
        .expect("what is recorded")
    }

    async fn log(&mut self) -> Vec<String> {
        sqlx::query_scalar("select action from audit_event where action like 'document.%' order by position")
            .fetch_all(self.seed.connection())
            .await
            .expect("the log")
    }
}

/// What a form that opens a file gets, with its headers.
async fn open(visitor: &Visitor, path: &str) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let form = [("csrf_token", visitor.form_token())];
    let answer = visitor.request(Method::POST, path).form(&form).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    let headers = answer.headers().iter().map(header).collect();
    (status, headers, answer.bytes().await.expect("a body").to_vec())
}

#[tokio::test]
async fn a_document_is_handed_in_opened_verified_and_recorded() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    story.at_home.get("/me").await.expect(200).says("Hand in documents");
    let form = story.at_home.get("/me/documents/new?competency=indemnity").await.expect(200);
    form.says("Hand in nothing about your health");
    assert!(form.body.contains("accept=\"application/pdf,image/jpeg,image/png\""), "phones convert for this");
    let done = story.hands_in(&INDEMNITY, ("mdu.pdf", PDF)).await.expect(303);
    let own = story.at_home.get(&done.location).await.expect(200);
    own.says("Indemnity is handed in")
        .says("mdu.pdf (PDF, 1 KB)")
        .says("Waits to be looked at")
        .says("31 March 2027");

    story.at_desk.get("/clinicians").await.expect(200).says("1 document to look at");
    let path = story.waiting().await;
    let page = story.at_desk.get(&path).await.expect(200);
    page.says("Indemnity").says("Nobody has looked: open the file with care");
    let (status, headers, bytes) = open(&story.at_desk, &format!("{path}/open")).await;
    assert_eq!((status, bytes.as_slice()), (200, PDF));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename=\"indemnity-2026-11-02.pdf\""),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
    ] {
        let found = headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(found, Some(value), "{name}");
    }
    let verified = story.at_desk.post(&format!("{path}/verify"), &INDEMNITY[1..]).await.expect(303);
    story.at_desk.get(&verified.location).await.expect(200).says("Indemnity is verified and recorded");
    assert_eq!(story.recorded().await.as_deref(), Some("2027-03-31"));
    let own = story.at_home.get("/me/documents").await;
    own.says("Verified").says("By Abi Example");
    let mine = own.address("/me/documents/0");
    assert_eq!(open(&story.at_home, &mine).await.2, PDF);
    assert_eq!(
        story.log().await,
        ["document.handed_in", "document.opened", "document.verified", "document.opened"]
    );
    let plain: i64 = sqlx::query_scalar(
        "select count(*) from document_file_part where position('Certificate' in encode(sealed, 'escape')) > 0",
    )
    .fetch_one(story.seed.connection())
    .await
    .expect("a count");
    assert_eq!(plain, 0, "what lies in the database is sealed");
    world.stop().await;
}

#[tokio::test]
async fn a_document_is_sent_back_with_what_is_wrong() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    story.hands_in(&INDEMNITY, ("scan.pdf", PDF)).await.expect(303);
    let path = story.waiting().await;
    let back = format!("{path}/send-back");
    story.at_desk.post(&back, &[]).await.expect(422).says("Enter a reason");
    let done = story.at_desk.post(&back, &[("reason", "The second page is missing.")]).await.expect(303);
    story.at_desk.get(&done.location).await.says("Ann Example is told by email");
    world.work().await;
    let mail = world.inbox.last_of(&story.ann.person.email);
    assert_eq!(mail.header("Subject"), "Test bank: Indemnity is sent back");
    assert!(mail.text().contains("The second page is missing."), "{}", mail.text());
    assert!(mail.text().contains("/me/documents/new?competency=indemnity"), "{}", mail.text());
    story.at_home.get("/me/documents").await.says("Sent back").says("The second page is missing.");
    story.at_desk.post(&back, &[("reason", "Again")]).await.expect(409).says("does not wait any more");
    assert_eq!((story.recorded().await, story.states().await), (None, vec!["sent_back".to_owned()]));
    world.stop().await;
}

#[tokio::test]
async fn a_newer_document_takes_the_place_of_one_that_waits_and_nothing_is_lost() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    story.hands_in(&INDEMNITY, ("first.pdf", PDF)).await.expect(303);
    let first = story.waiting().await;
    story.hands_in(&INDEMNITY, ("second.pdf", PDF)).await.expect(303);
    assert_eq!(story.states().await, ["replaced", "waiting"]);
    story.at_desk.post(&format!("{first}/verify"), &INDEMNITY[1..]).await.expect(409);
    let second = story.waiting().await;
    story.at_desk.post(&format!("{second}/verify"), &[("forever", "yes")]).await.expect(303);
    story.hands_in(&INDEMNITY, ("third.pdf", PDF)).await.expect(303);
    let third = story.waiting().await;
    story.at_desk.post(&format!("{third}/verify"), &INDEMNITY[1..]).await.expect(303);
    assert_eq!(story.states().await, ["replaced", "verified", "verified"]);
    assert_eq!((story.files().await, story.recorded().await.as_deref()), (3, Some("2027-03-31")));
    for path in [first, second, third] {
        assert_eq!(open(&story.at_desk, &format!("{path}/open")).await.2, PDF, "history can be opened");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_decisions_at_once_one_counts() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let bea = story.seed.person(PersonKind::BankAdministrator, "Bea Example").await;
    let bea = world.signed_in(&bea.email).await;
    for round in 0..8 {
        story.hands_in(&INDEMNITY, ("scan.pdf", PDF)).await.expect(303);
        let path = story.waiting().await;
        let (verify, back) = (format!("{path}/verify"), format!("{path}/send-back"));
        let reason = [("reason", "Blurred")];
        let (verified, sent_back) =
            tokio::join!(story.at_desk.post(&verify, &INDEMNITY[1..]), bea.post(&back, &reason));
        let mut statuses = [verified.status.as_u16(), sent_back.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}");
    }
    let decided = story.log().await.iter().filter(|action| *action != "document.handed_in").count();
    assert_eq!(decided, 8);
    world.stop().await;
}

#[tokio::test]
async fn verifying_an_earlier_last_day_shows_first_what_falls_with_it() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let ann = story.ann.clone();
    story.seed.competency(&ann, "indemnity", Some("2028-01-31")).await;
    sqlx::query("insert into role_requirement (bank_id, role, competency, valid_from, decided_at) values ($1, 'gp', 'indemnity', '2026-01-01', now())")
        .bind(story.seed.bank)
        .execute(story.seed.connection())
        .await
        .expect("a need");
    let practice = story.seed.practice("Y00001", "Orchid House Surgery").await;
    let session = story.seed.session(practice, "gp", "2026-11-20", "08:30", "12:40").await;
    crate::support::desk::offer(&world, story.seed.bank, story.administrator.account, session, ann.id).await;
    let soon =
        [("competency", "indemnity"), ("valid-day", "10"), ("valid-month", "11"), ("valid-year", "2026")];
    story.hands_in(&soon, ("scan.pdf", PDF)).await.expect(303);
    let path = story.waiting().await;
    let asked = story.at_desk.post(&format!("{path}/verify"), &soon[1..]).await.expect(200);
    asked.says("Nothing has been changed yet").says("1 offer ends");
    assert_eq!(story.states().await, ["waiting"]);
    let seen = asked.hidden("seen");
    let agreed = [&soon[1..], &[("seen", seen.as_str())]].concat();
    story.at_desk.post(&format!("{path}/verify"), &agreed).await.expect(303);
    assert_eq!(
        (story.states().await, story.recorded().await.as_deref()),
        (vec!["verified".to_owned()], Some("2026-11-10"))
    );
    world.stop().await;
}

#[tokio::test]
async fn a_file_is_opened_by_the_key_that_sealed_it() {
    let world = World::start().await;
    let story = Story::begin(&world).await;
    story.hands_in(&INDEMNITY, ("scan.pdf", PDF)).await.expect(303);
    let path = format!("{}/open", story.waiting().await);
    let old = "test:646f63756d656e74646f63756d656e74646f63756d656e74646f63756d656e74";
    let new = format!("new:{}", "ab".repeat(32));
    let both = world
        .start_another_with(|settings| settings.secrets.document_keys = format!("{new},{old}").into())
        .await;
    let at_desk = both.signed_in(&story.administrator.email).await;
    assert_eq!(open(&at_desk, &path).await.2, PDF);
    let lost = world.start_another_with(|settings| settings.secrets.document_keys = new.into()).await;
    let at_desk = lost.signed_in(&story.administrator.email).await;
    assert_eq!(open(&at_desk, &path).await.0, 409);
    let none = world.start_another_with(|settings| settings.secrets.document_keys = "".into()).await;
    let at_home = none.signed_in(&story.ann.person.email).await;
    at_home.get("/me/documents").await.expect(200).says("This service takes no files");
    at_home.post_file("/me/documents", &INDEMNITY, ("scan.pdf", PDF)).await.expect(409);
    for world in [both, lost, none, world] {
        world.stop().await;
    }
}
