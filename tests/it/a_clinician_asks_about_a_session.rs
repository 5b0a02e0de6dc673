//! A clinician asks about a session, the practice answers, and everybody who sees the session reads both without a name.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{QuestionId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::question::Answer;
use locumbank::work::question::actions::{Answered, Asked, answer_question, ask_about};

use crate::support::World;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Page;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Clinician,
    session: SessionId,
}

impl Story {
    /// Orchid House wants a GP on Tuesday 10 November, 8:30am to 12:40pm.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
        Self { world, seed, administrator, manager, ann, session }
    }

    fn asking(&self) -> String {
        format!("/questions/{}", self.session)
    }

    async fn open_as(&self, person: &Person, path: &str) -> Page {
        self.world.signed_in(&person.email).await.get(path).await
    }

    async fn send_as(&self, person: &Person, path: &str, fields: &[(&str, &str)]) -> Page {
        self.world.signed_in(&person.email).await.post(path, fields).await
    }

    /// Where in the last mail of that person a link to such a path leads.
    fn link_to(&self, person: &Person, path: &str) -> String {
        let text = self.world.inbox.last_of(&person.email).text();
        let link = text.split_whitespace().find(|word| word.contains(path)).expect("a link");
        link.strip_prefix(&self.world.base_url).expect("a link to this service").to_owned()
    }

    async fn actor(&mut self, person: &Person, kind: PersonKind) -> Actor {
        let membership =
            sqlx::query_scalar("select id from membership where bank_id = $1 and account_id = $2")
                .bind(self.seed.bank)
                .bind(person.account)
                .fetch_one(self.seed.connection())
                .await
                .expect("a membership");
        Actor::Member { account: person.account, bank: self.seed.bank, membership, kind }
    }
}

#[tokio::test]
async fn what_is_asked_and_answered_is_read_by_whoever_sees_the_session() {
    let mut story = Story::begin().await;
    let (ann, manager) = (story.ann.person.clone(), story.manager.clone());
    let bea = story.seed.clinician("gp", "Bea Example", &story.administrator.clone()).await.person;
    let nurse =
        story.seed.clinician("practice_nurse", "Eve Example", &story.administrator.clone()).await.person;
    let path = story.asking();
    let session = format!("/find-sessions/{}", story.session);
    story.open_as(&ann, &session).await.expect(200).says("Questions about this session");
    story.open_as(&ann, &path).await.expect(200).says("Nobody has asked anything yet");
    story.send_as(&ann, &path, &[("words", " ")]).await.expect(422).says("Enter a question");
    let words = [("words", "Is there somewhere to park?")];
    story.send_as(&ann, &path, &words).await.expect(303);
    // Once more, by Back or in another tab, is the same question.
    story.send_as(&ann, &path, &words).await.expect(303);
    let own = story.open_as(&ann, &path).await.expect(200);
    own.says("Is there somewhere to park?").says("You asked").says("waits for an answer");
    // Before there is an answer it concerns nobody else; and whoever is of another role sees no such session.
    story.open_as(&bea, &path).await.expect(200).does_not_say("Is there somewhere to park?");
    story.open_as(&nurse, &path).await.expect(404);
    story.send_as(&nurse, &path, &words).await.expect(404);

    story.world.work().await;
    let mail = story.world.inbox.last_of(&manager.email);
    assert_eq!(mail.header("Subject"), "A question: Tue 10 Nov, 8:30am, Orchid House Surgery");
    assert!(mail.text().contains("Ann Example asks about this session of yours."), "{}", mail.text());
    let answer = story.link_to(&manager, "/answers/");
    story.open_as(&manager, "/answers").await.expect(200).says("Waiting for your answer").says("to park?");
    story
        .open_as(&manager, &format!("/sessions/{}", story.session))
        .await
        .expect(200)
        .says("not answered yet");
    let form = story.open_as(&manager, &answer).await.expect(200);
    form.says("Ann Example asked").says("Send answer");
    story.send_as(&manager, &answer, &[("words", "")]).await.expect(422).says("Enter an answer");
    let first = [("words", "Yes, behind the house"), ("after", "0")];
    assert_eq!(story.send_as(&manager, &answer, &first).await.expect(303).location, "/answers");
    // Another tab knew of no answer yet: its writer is shown the one that stands, which stays.
    let late = [("words", "No"), ("after", "0")];
    assert_eq!(story.send_as(&manager, &answer, &late).await.expect(303).location, answer);
    story.open_as(&manager, &answer).await.expect(200).says("Yes, behind the house").says("Change answer");

    story.world.work().await;
    let told = story.world.inbox.last_of(&ann.email);
    assert_eq!(told.header("Subject"), "Answered: Tue 10 Nov, 8:30am, Orchid House Surgery");
    assert!(told.text().contains("Answer: Yes, behind the house"), "{}", told.text());
    assert_eq!(story.link_to(&ann, "/questions/"), path);
    let read = story.open_as(&bea, &path).await.expect(200);
    read.says("Yes, behind the house").does_not_say("Ann Example");
    // What was wrong is answered anew, and told again.
    story.send_as(&manager, &answer, &[("words", "Only in the street"), ("after", "1")]).await.expect(303);
    story.world.work().await;
    assert!(story.world.inbox.last_of(&ann.email).text().contains("Answer: Only in the street"));
    story.open_as(&bea, &path).await.expect(200).does_not_say("Yes, behind the house");
    story.world.stop().await;
}

#[tokio::test]
async fn nobody_asks_too_much_or_about_what_has_begun_or_answers_for_others() {
    let mut story = Story::begin().await;
    let (ann, manager) = (story.ann.person.clone(), story.manager.clone());
    let elsewhere = story.seed.practice("J81009", "Lime Surgery").await;
    let stranger = story.seed.practice_manager("Nia Example", &[elsewhere]).await;
    let (asker, session) = (story.actor(&ann, PersonKind::Clinician).await, story.session);
    let (letterhead, db) = (story.world.app.letterhead(), story.world.app.db.clone());
    let ask = async |words: &str| {
        db.change(asker, async |tx| ask_about(tx, &letterhead, session, words).await).await
    };
    let Asked::Waits(question) = ask("Who is the duty doctor?").await.expect("a question") else {
        panic!("it waits")
    };
    assert_eq!(ask("Who is the duty doctor?").await.expect("the same"), Asked::WaitedBefore(question));
    for words in ["Which system?", "Which room?"] {
        assert!(matches!(ask(words).await.expect("a question"), Asked::Waits(_)));
    }
    assert_eq!(ask("Who is on the desk?").await.expect("an answer"), Asked::TooMany);
    let page = story.send_as(&ann, &story.asking(), &[("words", "One more?")]).await.expect(422);
    page.says("3 questions of yours wait for an answer").says("One more?");

    let answer = Answer { words: "Dr Example".to_owned(), after: 0 };
    let by = async |actor: Actor, id: QuestionId| {
        db.change(actor, async |tx| answer_question(tx, &letterhead, id, &answer).await).await
    };
    let (own, other) = (
        story.actor(&manager, PersonKind::PracticeManager).await,
        story.actor(&stranger, PersonKind::PracticeManager).await,
    );
    assert!(by(other, question).await.is_err(), "a practice of its own");
    // The same answer again, by a second press, is one answer.
    for _ in 0..2 {
        assert_eq!(by(own, question).await.expect("answered"), Answered::Told);
    }
    let answers: i32 = sqlx::query_scalar("select answers from question where id = $1")
        .bind(question)
        .fetch_one(story.seed.connection())
        .await
        .expect("the question");
    assert_eq!(answers, 1);
    let log: Vec<String> =
        sqlx::query_scalar("select action from audit_event where subject_id = $1 order by position")
            .bind(question)
            .fetch_all(story.seed.connection())
            .await
            .expect("the log");
    assert_eq!(log, ["question.asked", "question.answered"]);

    story.world.app.clock.advance(chrono::TimeDelta::days(30));
    story.open_as(&ann, &story.asking()).await.expect(200).does_not_say("Send question");
    assert!(ask("Too late?").await.is_err(), "it has begun");
    story.world.stop().await;
}
