//! A practice signs off what was worked: as booked, otherwise, as not attended; a week at once; what its clinician says fills
//! its form, and what they ask is answered. Nothing is signed off by itself, and reminders come after two days and five.

use chrono::TimeDelta;
use locumbank::ground::id::{OfferId, PracticeId};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer_each};
use crate::support::inbox::Received;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::visitor::Visitor;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
    mo: Visitor,
    own: Visitor,
}

impl Story {
    /// Monday 2 November 2026, 9am. The practice pays for home visits and mileage.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let mo = world.signed_in(&manager.email).await;
        let own = world.signed_in(&ann.person.email).await;
        for extra in [
            [("name", "Home visit"), ("unit", "each"), ("price", "12.00")],
            [("name", "Mileage"), ("unit", "mile"), ("price", "0.55")],
        ] {
            mo.post(&format!("/practice/{practice}/extras"), &extra).await.expect(303);
        }
        Self { world, seed, administrator, manager, practice, ann, mo, own }
    }

    /// Books Ann on these dates from 8:30am to 12:40pm at £88 an hour, and gives the paths of the bookings.
    async fn booked(&mut self, dates: &[&str]) -> Vec<String> {
        let mut pairs = Vec::new();
        for date in dates {
            let session = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
            pairs.push((session, self.ann.id));
        }
        let by = self.administrator.account;
        let offers = offer_each(&self.world, self.seed.bank, by, &pairs).await.expect("offers");
        let mut paths = Vec::new();
        for offer in offers {
            paths.push(self.accepted(offer).await);
        }
        self.world.work().await;
        paths
    }

    async fn accepted(&mut self, offer: OfferId) -> String {
        let link = link_of(&self.world, offer);
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        let id: String = sqlx::query_scalar("select id::text from booking where offer_id = $1")
            .bind(offer)
            .fetch_one(self.seed.connection())
            .await
            .expect("the booking");
        format!("/bookings/{id}")
    }

    fn mails(&self, to: &Person, beginning: &str) -> Vec<Received> {
        let is_meant = |mail: &Received| mail.header("Subject").starts_with(beginning);
        self.world.inbox.of(&to.email).into_iter().filter(is_meant).collect()
    }

    /// So many hours later, with everything done and sent that is due by then.
    async fn after(&mut self, hours: i64) {
        self.later(hours).await;
        self.world.work().await;
    }

    /// So many hours later, with everybody signed in anew.
    async fn later(&mut self, hours: i64) {
        self.world.app.clock.advance(TimeDelta::hours(hours));
        self.mo = self.world.signed_in(&self.manager.email).await;
        self.own = self.world.signed_in(&self.ann.person.email).await;
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect(statement)
    }
}

/// Otherwise than booked: a reason is needed, and only what was agreed is taken.
async fn signed_off_otherwise(story: &Story, work: &str) {
    let otherwise = |end, reason| {
        [
            ("outcome", "otherwise"),
            ("version", "0"),
            ("start", "8:30am"),
            ("end", end),
            ("break", "30"),
            ("extra-0", "2"),
            ("reason", reason),
        ]
    };
    let sign = format!("{work}/sign-off");
    story
        .mo
        .post(&sign, &otherwise("1:40pm", ""))
        .await
        .expect(422)
        .says("Enter why: the clinician reads it");
    story
        .mo
        .post(&sign, &otherwise("8:00am", "Late clinic"))
        .await
        .expect(422)
        .says("Enter an end that is after the start");
    story.mo.post(&sign, &otherwise("1:40pm", "Late clinic")).await.expect(303);
    story.own.get(work).await.expect(200).says("£434.67").says("2 × Home visit, £12 each: £24");
}

/// Ann asks, once; the practice answers by words, then by another sign-off.
async fn asked_about_and_answered(story: &Story, work: &str) {
    let (ann, manager, sign) = (&story.ann.person, &story.manager, format!("{work}/sign-off"));
    let question = [("words", "I drove 10 miles as well")];
    story.own.post(&format!("{work}/query"), &question).await.expect(303);
    story.own.post(&format!("{work}/query"), &question).await.expect(409);
    story.mo.get("/worked").await.expect(200).says("Question asked");
    story.mo.post(&format!("{work}/answer"), &[("words", "Which way?")]).await.expect(303);
    story.own.post(&format!("{work}/query"), &[("words", "To both visits")]).await.expect(303);
    let again = [
        ("outcome", "otherwise"),
        ("version", "1"),
        ("start", "8:30am"),
        ("end", "1:40pm"),
        ("break", "30"),
        ("extra-0", "2"),
        ("extra-1", "10"),
        ("reason", "Mileage was left out"),
    ];
    story.mo.post(&sign, &again).await.expect(303);
    story.world.work().await;
    assert_eq!(story.mails(manager, "Question about a sign-off").len(), 2);
    assert_eq!(story.mails(ann, "Answered").len(), 1);
    let told = story.mails(ann, "Signed off: Wed 4 Nov");
    let again = told.iter().find(|mail| mail.text().contains("Mileage was left out"));
    let text = again.expect("the second sign-off is told").text();
    assert!(text.contains("£440.17"), "{text}");
    story.own.get(work).await.expect(200).says("£440.17").does_not_say("Not yet");
}

/// Not attended, and undone with a reason.
async fn not_attended_and_undone(story: &Story, path: &str) {
    let absent = |version, reason| [("outcome", "absent"), ("version", version), ("reason", reason)];
    let last = format!("{path}/worked/sign-off");
    story.mo.post(&last, &absent("1", "")).await.expect(422);
    story.mo.post(&last, &absent("1", "Nobody came")).await.expect(303);
    story.own.get("/worked").await.expect(200).says("Not attended");
    story.own.get(path).await.expect(200).says("Not attended");
    let undone = [("outcome", "booked"), ("version", "2"), ("reason", "They were at the other door")];
    story.mo.post(&last, &undone).await.expect(303);
    story.own.get("/worked").await.expect(200).does_not_say("Not attended").says("£366.67");
    story.mo.get("/worked").await.expect(200).says("Nothing waits for you");
}

#[tokio::test]
async fn what_was_worked_is_said_signed_off_asked_about_and_answered() {
    let mut story = Story::begin().await;
    let paths = story.booked(&["2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]).await;
    let ann = story.ann.person.clone();
    story.own.get(&paths[0]).await.expect(200).says("Home visit, £12 each; Mileage, £0.55 a mile");
    // What is decided later does not touch what is booked.
    story.later(1).await;
    let dearer = [("name", "Home visit"), ("unit", "each"), ("price", "20.00")];
    let extras = format!("/practice/{}/extras", story.practice);
    story.mo.post(&extras, &dearer).await.expect(303);
    story.mo.get(&extras).await.expect(200).says("£20 each").does_not_say("£12 each");
    let ended = [("name", "Mileage"), ("unit", "mile")];
    story.mo.post(&format!("{extras}/end"), &ended).await.expect(303);
    story.mo.get(&extras).await.expect(200).does_not_say("a mile");
    story.own.get(&paths[0]).await.expect(200).says("Home visit, £12 each; Mileage, £0.55 a mile");

    // Before it is over nothing can be said.
    let early = [("outcome", "booked"), ("version", "0")];
    story.mo.get(&format!("{}/worked", paths[0])).await.expect(200).says("not over");
    story.mo.post(&format!("{}/worked/sign-off", paths[0]), &early).await.expect(409);
    story.after(24 * 5).await;

    // Ann says first what she worked: it fills the form and signs nothing off.
    let said =
        [("start", "8:30am"), ("end", "1:40pm"), ("break", "30"), ("extra-0", "2"), ("words", "Two visits")];
    let work = format!("{}/worked", paths[1]);
    story.own.post(&format!("{work}/said"), &said).await.expect(303);
    story
        .mo
        .get("/worked")
        .await
        .expect(200)
        .says("Differs from the booking")
        .says("Sign off the week as booked");
    let form = story.mo.get(&work).await.expect(200);
    form.says("8:30am to 1:40pm with a break of 30 minutes (4 hours 40 minutes)").says("Two visits");
    assert!(form.body.contains("value=\"1:40pm\""), "the form is filled");
    let other = story.world.signed_in(&story.administrator.email).await;
    other.get(&work).await.expect(404);

    // The week as booked leaves out what Ann says otherwise.
    let week = story.mo.get("/worked/week?of=2026-11-04").await.expect(200);
    week.says("In all: £1,100.01").says("1 session of the week left out");
    let ids: Vec<String> =
        [0, 2, 3].map(|at: usize| paths[at].trim_start_matches("/bookings/").to_owned()).to_vec();
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("booking", id.as_str())).collect();
    story.mo.post("/worked/week", &fields).await.expect(303);
    story
        .mo
        .post("/worked/week", &fields)
        .await
        .expect(409)
        .says("A colleague has signed this off meanwhile");
    story.world.work().await;
    let told = story.mails(&ann, "Signed off: 3 sessions");
    assert_eq!(told.len(), 1, "one mail an act");
    assert!(told[0].text().contains("As booked: £366.67"));

    signed_off_otherwise(&story, &work).await;
    asked_about_and_answered(&story, &work).await;
    not_attended_and_undone(&story, &paths[3]).await;

    // The database keeps every version as it was given.
    for statement in [
        "update work_sign_off set pay_pence = pay_pence + 1",
        "update work_sign_off set reason = ''  where reason <> ''",
        "delete from work_sign_off",
        "insert into work_sign_off select bank_id, gen_random_uuid(), booking_id, 9, attended, starts_at, ends_at, break_minutes,
                extras, pay_pence, extras_pence, 'again', signed_by, signed_at from work_sign_off limit 1",
    ] {
        let refused = sqlx::query(statement).execute(story.seed.connection()).await;
        assert!(refused.is_err(), "{statement}");
    }
    assert_eq!(story.count("select count(*) from work_sign_off").await, 7);
    assert_eq!(story.count("select count(*) from event where kind like 'work_%'").await, 11);
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}

#[tokio::test]
async fn practices_are_reminded_after_two_days_and_five_of_what_waits() {
    let mut story = Story::begin().await;
    let paths = story.booked(&["2026-11-03", "2026-11-04"]).await;
    let manager = story.manager.clone();
    let subject = "Sessions wait to be signed off";
    // Thursday 5 November, 9am: not two days after 12:40pm on Tuesday; and at 9pm nobody is told.
    story.after(24 * 3).await;
    assert!(story.mails(&manager, subject).is_empty());
    story.after(12).await;
    assert!(story.mails(&manager, subject).is_empty(), "it is 9pm");
    story.after(10).await;
    story.after(1).await;
    let first = story.mails(&manager, subject);
    assert_eq!(first.len(), 1, "at 7am, once");
    assert!(first[0].text().contains("Tue 3 Nov") && !first[0].text().contains("Wed 4 Nov"));
    // The second is due at noon on Friday, and comes with the next mail; Saturday at 7am.
    story.after(23).await;
    let second = story.mails(&manager, subject).pop().expect("a second mail");
    assert!(second.text().contains("Tue 3 Nov") && second.text().contains("Wed 4 Nov"), "all that waits");
    // After five days once more, of what is not signed off by then; what is signed off meanwhile is told to nobody.
    story.later(24 + 9).await;
    let sign = |at: usize| format!("{}/worked/sign-off", paths[at]);
    story.mo.post(&sign(0), &[("outcome", "booked"), ("version", "0")]).await.expect(303);
    story.world.work().await;
    assert_eq!(story.mails(&manager, subject).len(), 2);
    story.later(22).await;
    locumbank::ground::worker::due::queue_due(&story.world.app).await.expect("the schedule is kept");
    locumbank::ground::worker::run_all_due(&story.world.app).await.expect("jobs run");
    let written = "select count(*) from mail where kind = 'sign_off_due' and state = 'pending'";
    assert_eq!(story.count(written).await, 1);
    story.mo.post(&sign(1), &[("outcome", "booked"), ("version", "0")]).await.expect(303);
    story.world.work().await;
    assert_eq!(story.mails(&manager, subject).len(), 2, "nothing waits any more");
    story.after(24 * 10).await;
    assert_eq!(story.mails(&manager, subject).len(), 2);
    assert_eq!(story.count("select count(*) from work_sign_off where signed_by is null").await, 0);
    story.world.stop().await;
}
