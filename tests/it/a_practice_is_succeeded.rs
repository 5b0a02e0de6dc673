//! A practice closes, the register says who takes its place, and an administrator hands all of it over by one decision.

use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;

use crate::boards_merge_and_practices_close::{Files, MAP, ods, said};
use crate::every_message::parsed::{CalendarPart, entry_faults, parse};
use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::{Page, Visitor};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    abi: Visitor,
    orchid: PracticeId,
    harbour: PracticeId,
    ann: Clinician,
}

impl Story {
    /// Orchid House has the last day 30 June 2028, and Harbour Practice goes on.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice: orchid, ann } = Opening::begin().await;
        let harbour = seed.practice("J81002", "Harbour Practice").await;
        sqlx::query("update bank set icb_code = 'QVV'").execute(seed.connection()).await.expect("a board");
        let abi = world.signed_in(&administrator.email).await;
        seed.cleared_until(&ann, "2029-12-31", &administrator).await;
        Self { world, seed, administrator, abi, orchid, harbour, ann }
    }

    async fn another(&mut self, name: &str) -> Clinician {
        let clinician = self.seed.clinician("gp", name, &self.administrator).await;
        self.seed.cleared_until(&clinician, "2029-12-31", &self.administrator).await;
        clinician
    }

    async fn session(&mut self, date: &str) -> SessionId {
        self.seed.session(self.orchid, "gp", date, "08:30", "12:40").await
    }

    async fn books(&self, session: SessionId, clinician: &Clinician) {
        let made =
            offer(&self.world, self.seed.bank, self.administrator.account, session, clinician.id).await;
        let link = link_of(&self.world, made);
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    }

    async fn says_of(&mut self, clinician: &Clinician, practice: PracticeId, kind: &str) {
        let said = "insert into practice_preference (bank_id, clinician_id, practice_id, kind) values ($1, $2, $3, $4)";
        let query = sqlx::query(said).bind(self.seed.bank).bind(clinician.id).bind(practice).bind(kind);
        query.execute(self.seed.connection()).await.expect("a preference");
    }

    async fn is_not_taken(&mut self, clinician: &Clinician, practice: PracticeId) {
        let said = "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
                    values ($1, $2, $3, 'Left early twice', $4)";
        let now = self.seed.now();
        let query = sqlx::query(said).bind(self.seed.bank).bind(practice).bind(clinician.id).bind(now);
        query.execute(self.seed.connection()).await.expect("a refusal");
    }

    /// The register's files say that Orchid House closes, and who takes its place.
    fn closes(&self, successors: &str) -> String {
        let files = Files::new();
        let succ = files.path("succ.csv", successors);
        let closing = ods("A", "19740401", "20280630");
        said(&files.import(&self.world, &closing, MAP, &["--icb=QVV", "--successors", &succ]))
    }

    fn path(&self) -> String {
        format!("/practices/{}/successor", self.orchid)
    }

    async fn names(&self, who: &Visitor, typed: &str, seen: &str) -> Page {
        who.post(&self.path(), &[("successor", typed), ("seen", seen)]).await
    }

    /// The date, state and practice of every session, by start.
    async fn sessions(&mut self) -> Vec<(String, String, String)> {
        sqlx::query_as(
            "select s.local_date::text, s.state, p.ods_code from session s
               join practice p on p.bank_id = s.bank_id and p.id = s.practice_id order by s.starts_at",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("sessions")
    }

    async fn count(&mut self, question: &'static str) -> i64 {
        sqlx::query_scalar(question).fetch_one(self.seed.connection()).await.expect(question)
    }

    /// The calendar part of the last mail to somebody, and the mail's subject and text.
    fn last_entry(&self, to: &Person) -> (CalendarPart, String, String) {
        let mail = self.world.inbox.last_of(&to.email);
        let part = parse(&[&mail.raw]).remove(0).calendars.remove(0);
        assert_eq!(entry_faults(&part, "REQUEST", 1, std::slice::from_ref(&to.email)), Vec::<String>::new());
        (part, mail.header("Subject"), mail.text())
    }
}

fn value<'a>(part: &'a CalendarPart, name: &str) -> &'a str {
    part.properties.iter().find(|it| it.name == name).map(|it| it.value.as_str()).unwrap_or_default()
}

/// What the register says is proposed, on every page that an administrator comes by.
async fn the_register_proposes(story: &Story) {
    // The register's files close it and name who takes its place; the closing takes open sessions back.
    let told = story.closes("J81001,J81002,R,20280701,1\n");
    assert!(told.contains("1 successor is proposed of practices that close"), "{told}");
    assert_eq!(story.closes("J81001,J81002,R,20280701,1\n").matches("proposed").count(), 0, "it is no news");
    story.world.work().await;
    story.abi.get("/today").await.expect(200).says("1 practice closes");
    story.abi.get("/practices").await.expect(200).says("Orchid House Surgery: last day 30 June 2028");
    let page = story.abi.get(&format!("/practices/{}", story.orchid)).await.expect(200);
    page.says("The NHS register names Harbour Practice as the practice that takes its place");
    assert_eq!(page.address("/practices/"), story.path());
    let form = story.abi.get(&story.path()).await.expect(200);
    assert!(form.body.contains(r#"value="J81002""#), "whom the register names stands in the field");
}

/// What goes over is shown first, and nothing has happened. Gives the name of what was seen.
async fn it_is_shown(story: &mut Story) -> String {
    let before = story.sessions().await;
    let check = story.names(&story.abi, "J81002", "").await.expect(200);
    for words in [
        "3 sessions, with 1 booking",
        "1 manager: Mo Example",
        "1 clinician whom it does not take",
        "1 clinician who prefers it",
        "1 clinician says something else of it already, which stays",
        "Withdrawn by the closing; open again",
        "1 person booked, to whom we write",
        "Cat Example is booked:",
    ] {
        check.says(words);
    }
    assert_eq!(story.sessions().await, before);
    assert_eq!(story.count("select count(*) from practice_successor where named_at is not null").await, 0);
    check.hidden("seen")
}

/// Of two administrators who decide at the same moment one does, and the other is told that it was done.
async fn two_decide(story: &mut Story, seen: &str) {
    let bea = story.seed.person(PersonKind::BankAdministrator, "Bea Example").await;
    let bea = story.world.signed_in(&bea.email).await;
    let (one, other) =
        tokio::join!(story.names(&story.abi, "J81002", seen), story.names(&bea, "J81002", seen));
    let mut both = [one, other];
    both.sort_by_key(|page| page.status);
    assert_eq!(both.each_ref().map(|page| page.status), [303, 409]);
    both[1].says("Harbour Practice takes the place of this practice");
    assert_eq!(both[0].location, format!("/practices/{}", story.harbour));
    let row = |date: &str, state: &str, code: &str| (date.to_owned(), state.to_owned(), code.to_owned());
    assert_eq!(
        story.sessions().await,
        [
            row("2028-06-06", "open", "J81001"),
            row("2028-07-04", "open", "J81002"),
            row("2028-07-05", "open", "J81002"),
            row("2028-07-06", "open", "J81002"),
            row("2028-07-07", "open", "J81001"),
            row("2028-07-10", "withdrawn", "J81001"),
        ]
    );
}

/// Whoever is booked has it in the mail and in the calendar, and so have the people of both practices.
fn all_are_told(story: &Story, (ben, cat): (&Clinician, &Clinician), (mo, nia): (&Person, &Person)) {
    let sentence = "Harbour Practice takes the place of Orchid House Surgery, whose last day is 30 June 2028. The time and the \
                    pay are as they were.";
    let (entry, subject, text) = story.last_entry(&ben.person);
    assert_eq!(subject, "Changed: Thu 6 Jul, 8:30am, Harbour Practice: your GP session");
    assert!(text.contains("is at another practice now") && text.contains(sentence), "{text}");
    assert!(value(&entry, "LOCATION").contains("Harbour Practice"), "{entry:?}");
    let of_nia = story.world.inbox.of(&nia.email);
    let subjects: Vec<String> = of_nia.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(
        subjects,
        [
            "Changed: Thu 6 Jul, 8:30am, Harbour Practice: Ben Example, GP",
            "Harbour Practice takes the place of Orchid House Surgery",
        ]
    );
    assert!(of_nia[0].text().contains(sentence), "{}", of_nia[0].text());
    let succeeded = of_nia[1].text();
    for words in [
        "Carried over: 3 sessions, with 1 booking",
        "Managed by: Mo Example too",
        "Not taken: 1 clinician whom it did not take",
    ] {
        assert!(succeeded.contains(words), "{words}\n{succeeded}");
    }
    assert_eq!(story.world.inbox.last_of(&mo.email).header("Subject"), subjects[1], "Mo manages it now");
    let last_to_cat = story.world.inbox.last_of(&cat.person.email).header("Subject");
    assert!(!last_to_cat.starts_with("Changed"), "{last_to_cat}");
}

#[tokio::test]
async fn all_of_a_practice_goes_over_to_its_successor() {
    let mut story = Story::begin().await;
    let mo = story.seed.practice_manager("Mo Example", &[story.orchid]).await;
    let nia = story.seed.practice_manager("Nia Example", &[story.harbour]).await;
    let (ben, cat, dan) = (
        story.another("Ben Example").await,
        story.another("Cat Example").await,
        story.another("Dan Example").await,
    );
    story.session("2028-06-06").await;
    story.session("2028-07-04").await;
    let offered = story.session("2028-07-05").await;
    let booked = story.session("2028-07-06").await;
    let stays = story.session("2028-07-07").await;
    let given_up = story.session("2028-07-10").await;
    let (orchid, harbour, ann) = (story.orchid, story.harbour, story.ann.clone());
    offer(&story.world, story.seed.bank, story.administrator.account, offered, story.ann.id).await;
    story.books(booked, &ben).await;
    story.books(stays, &cat).await;
    story.says_of(&cat, harbour, "refused").await;
    story.says_of(&cat, orchid, "preferred").await;
    story.says_of(&ann, orchid, "preferred").await;
    story.is_not_taken(&dan, orchid).await;
    sqlx::query("update session set state = 'withdrawn', withdrawn_at = posted_at, withdrawn_reason = 'No room' where id = $1")
        .bind(given_up)
        .execute(story.seed.connection())
        .await
        .unwrap();

    the_register_proposes(&story).await;
    let seen = it_is_shown(&mut story).await;
    two_decide(&mut story, &seen).await;
    story.world.work().await;
    all_are_told(&story, (&ben, &cat), (&mo, &nia));

    // Wishes, refusals, the log and the count of events.
    for (question, many) in [
        ("select count(*) from event where kind = 'session_carried_over'", 3),
        ("select count(*) from audit_event where action = 'practice.succeeded'", 1),
        ("select count(*) from practice_refusal", 2),
        ("select count(*) from practice_preference where kind = 'preferred'", 3),
        ("select count(*) from practice_manager", 3),
    ] {
        assert_eq!(story.count(question).await, many, "{question}");
    }
    let mo = story.world.signed_in(&mo.email).await;
    mo.get(&format!("/sessions/{booked}")).await.expect(200).says("Harbour Practice");
    let page = story.abi.get(&format!("/practices/{orchid}")).await.expect(200);
    page.says("Harbour Practice takes its place: its last day is 30 June 2028");
    story.abi.get(&story.path()).await.expect(409);
    story.abi.get("/today").await.expect(200).does_not_say("practice closes");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn what_can_not_take_a_place_is_refused_and_changes_nothing() {
    let mut story = Story::begin().await;
    let form = story.abi.get(&story.path()).await.expect(200);
    form.says("The NHS register knows no last day of Orchid House Surgery");
    story
        .names(&story.abi, "J81002", "")
        .await
        .expect(422)
        .says("The register knows no last day of this practice");
    story.session("2028-07-04").await;
    story.closes("");
    let mut elsewhere = Seed::bank(&story.world, "Other bank").await;
    elsewhere.practice("K81009", "Quay Practice").await;
    for (typed, why) in [
        ("", "Enter the practice that takes its place, by ODS code or name"),
        ("J81001", "Enter another practice: this is the one that closes"),
        ("K81009", "“K81009” is no practice of the bank"),
        ("Nowhere", "“Nowhere” is no practice of the bank"),
    ] {
        story.names(&story.abi, typed, "").await.expect(422).says(why);
    }
    let change = async |story: &mut Story, statement: &'static str| {
        sqlx::query(statement).execute(story.seed.connection()).await.expect(statement);
    };
    change(&mut story, "update practice set closed_on = '2028-06-30' where ods_code = 'J81002'").await;
    let refused = story.names(&story.abi, "Harbour Practice", "").await.expect(422);
    refused.says("That practice is not open on 1 July 2028. Enter one that goes on");
    change(&mut story, "update practice set closed_on = null where ods_code = 'J81002'").await;
    change(
        &mut story,
        "insert into practice_successor (bank_id, practice_id, successor_id, named_at)
         select o.bank_id, o.id, n.id, '2026-01-01' from practice o join practice n on n.bank_id = o.bank_id
          where o.ods_code = 'J81002' and n.ods_code = 'J81001'",
    )
    .await;
    story
        .names(&story.abi, "J81002", "")
        .await
        .expect(422)
        .says("That practice’s place was taken by this one before");
    let undone = sqlx::query("delete from practice_successor").execute(story.seed.connection()).await;
    assert_eq!(undone.expect("no circle").rows_affected(), 1);

    // What was seen is not what there is any more: it is shown again.
    let seen = story.names(&story.abi, "J81002", "").await.expect(200).hidden("seen");
    let cat = story.another("Cat Example").await;
    story.is_not_taken(&cat, story.orchid).await;
    let again = story.names(&story.abi, "J81002", &seen).await.expect(200);
    again.says("Nothing has been changed yet").says("1 clinician whom it does not take");
    assert_ne!(again.hidden("seen"), seen);
    assert_eq!(story.count("select count(*) from practice_successor").await, 0);
    story.names(&story.abi, "J81002", &again.hidden("seen")).await.expect(303);
    let named = sqlx::query("update practice_successor set successor_id = practice_id")
        .execute(story.seed.connection())
        .await;
    assert!(named.is_err(), "what was named stays");
    story.world.work().await;
    story.world.stop().await;
}
