//! Offers about to lapse, bookings two days ahead, clearances that end: each is told once, in time, and not at all
//! when events have overtaken it.

use chrono::TimeDelta;
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::ground::worker::{self, due};

use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::inbox::Received;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    practice: PracticeId,
    ann: Clinician,
}

impl Story {
    /// Monday 2 November 2026, 9am.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        Self { world, seed, administrator, manager, practice, ann }
    }

    /// Offers Ann a session on that date and gives the path of the link in its mail.
    async fn offered(&mut self, date: &str) -> String {
        let session = self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
        let by = self.administrator.account;
        let made = offer(&self.world, self.seed.bank, by, session, self.ann.id).await;
        self.world.work().await;
        link_of(&self.world, made)
    }

    /// Books Ann in a session on that date and gives the path of the booking.
    async fn booked(&mut self, date: &str) -> String {
        let link = self.offered(date).await;
        self.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        self.world.work().await;
        let id: String = sqlx::query_scalar("select id::text from booking order by starts_at desc limit 1")
            .fetch_one(self.seed.connection())
            .await
            .expect("the booking");
        format!("/bookings/{id}")
    }

    /// So many hours later, with everything done and sent that is due by then.
    async fn after(&self, hours: i64) {
        self.world.app.clock.advance(TimeDelta::hours(hours));
        self.world.work().await;
    }

    /// Does what is due, so that mails wait in the outbox, and sends none of them.
    async fn written_and_not_sent(&mut self) {
        due::queue_due(&self.world.app).await.expect("the schedule is kept");
        worker::run_all_due(&self.world.app).await.expect("jobs run");
        let waiting = "select count(*) from mail where state = 'pending'";
        let count: i64 =
            sqlx::query_scalar(waiting).fetch_one(self.seed.connection()).await.expect("a count");
        assert!(count > 0, "nothing was written");
    }

    /// The mails to somebody whose subject begins like this.
    fn mails(&self, to: &Person, beginning: &str) -> Vec<Received> {
        let is_meant = |mail: &Received| mail.header("Subject").starts_with(beginning);
        self.world.inbox.of(&to.email).into_iter().filter(is_meant).collect()
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

#[tokio::test]
async fn an_offer_nobody_answers_is_reminded_of_once_and_lapses() {
    let mut story = Story::begin().await;
    let ann = story.ann.person.clone();
    story.seed.wants_at_once(&ann, "offer_lapsed").await;
    let link = story.offered("2026-11-10").await;
    story.after(19).await;
    assert!(story.mails(&story.ann.person, "Answer by").is_empty(), "five hours are left");
    story.after(2).await;
    assert!(story.mails(&story.ann.person, "Answer by").is_empty(), "it is 6am");
    story.after(1).await;
    story.after(1).await;
    let reminders = story.mails(&story.ann.person, "Answer by");
    assert_eq!(reminders.len(), 1, "at 7am, and once");
    assert_eq!(
        reminders[0].header("Subject"),
        "Answer by 9am today: Tue 10 Nov, 8:30am, Orchid House Surgery: GP session, £88 an hour"
    );
    assert!(reminders[0].text().contains(&link), "the reminder carries the link");
    story.after(1).await;
    story.after(1).await;
    let lapsed = "Tue 10 Nov, 8:30am, Orchid House Surgery: the offer of this GP session to you has lapsed";
    assert_eq!(story.mails(&story.ann.person, lapsed).len(), 1);
    assert_eq!(story.world.inbox.of(&story.ann.person.email).len(), 3);
    story.finish().await;
}

#[tokio::test]
async fn an_offer_that_was_answered_is_not_reminded_of() {
    let mut story = Story::begin().await;
    let link = story.offered("2026-11-10").await;
    story.world.visitor().post_without_token(&link, &[("answer", "decline")]).await.expect(303);
    story.after(22).await;
    assert!(story.mails(&story.ann.person, "Answer by").is_empty());
    story.finish().await;
}

#[tokio::test]
async fn a_reminder_that_waits_while_the_offer_is_answered_stays_behind() {
    let mut story = Story::begin().await;
    let link = story.offered("2026-11-10").await;
    story.world.app.clock.advance(TimeDelta::hours(22));
    story.written_and_not_sent().await;
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.after(0).await;
    assert!(story.mails(&story.ann.person, "Answer by").is_empty());
    assert_eq!(story.mails(&story.ann.person, "Booked:").len(), 1);
    story.finish().await;
}

#[tokio::test]
async fn an_offer_that_stands_for_less_than_two_hours_came_only_just_now() {
    let mut story = Story::begin().await;
    // It lapses two hours before the session, at 10:30am.
    let session = story.seed.session(story.practice, "gp", "2026-11-02", "12:30", "16:40").await;
    let by = story.administrator.account;
    offer(&story.world, story.seed.bank, by, session, story.ann.id).await;
    story.world.work().await;
    story.after(1).await;
    story.world.app.clock.advance(TimeDelta::minutes(25));
    story.world.work().await;
    assert!(story.mails(&story.ann.person, "Answer by").is_empty());
    story.finish().await;
}

#[tokio::test]
async fn an_offer_that_is_taken_back_before_its_mail_leaves_is_never_read() {
    let mut story = Story::begin().await;
    let session = story.seed.session(story.practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let by = story.administrator.account;
    offer(&story.world, story.seed.bank, by, session, story.ann.id).await;
    let manager = story.world.signed_in(&story.manager.email).await;
    let path = format!("/sessions/{session}/withdraw");
    manager.post(&path, &[("reason", "no_room")]).await.expect(303);
    story.world.work().await;
    let subjects: Vec<String> =
        story.world.inbox.of(&story.ann.person.email).iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects, ["Tue 10 Nov, 8:30am, Orchid House Surgery: GP session no longer offered to you"]);
    story.finish().await;
}

#[tokio::test]
async fn a_reminder_that_waits_while_the_booking_is_cancelled_stays_behind() {
    let mut story = Story::begin().await;
    let booking = story.booked("2026-11-10").await;
    story.world.app.clock.advance(TimeDelta::hours(6 * 24));
    story.written_and_not_sent().await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.post(&format!("{booking}/cancel"), &[("reason", "cannot_get_there")]).await.expect(303);
    story.after(0).await;
    for person in [&story.ann.person, &story.manager] {
        assert!(story.mails(person, "Reminder").is_empty());
        assert_eq!(story.mails(person, "Cancelled by").len(), 1);
    }
    story.finish().await;
}

#[tokio::test]
async fn both_sides_are_reminded_two_days_before_and_once() {
    let mut story = Story::begin().await;
    story.booked("2026-11-10").await;
    story.after(5 * 24 + 23).await;
    assert!(story.mails(&story.ann.person, "Reminder").is_empty(), "two days and a half hour are left");
    story.after(1).await;
    story.after(24).await;
    let own = story.mails(&story.ann.person, "Reminder");
    assert_eq!(own.len(), 1);
    assert_eq!(
        own[0].header("Subject"),
        "Reminder: Tue 10 Nov, 8:30am, Orchid House Surgery: your GP session"
    );
    assert!(own[0].text().contains("/bookings/") && own[0].text().contains("Ann Example"));
    let practice = story.mails(&story.manager, "Reminder");
    assert_eq!(practice.len(), 1);
    assert!(practice[0].text().contains("Ann Example is booked for this session"));
    story.finish().await;
}

#[tokio::test]
async fn nobody_is_reminded_of_what_was_agreed_or_cancelled_since_or_begins_at_once() {
    let mut story = Story::begin().await;
    story.booked("2026-11-05").await;
    let cancelled = story.booked("2026-11-10").await;
    story.booked("2026-11-20").await;
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.post(&format!("{cancelled}/cancel"), &[("reason", "cannot_get_there")]).await.expect(303);
    // The first was agreed less than three days ahead.
    story.after(24).await;
    story.after(5 * 24).await;
    assert!(story.mails(&story.ann.person, "Reminder").is_empty());
    // After a downtime the last begins in eight hours: too late for a reminder of two days.
    story.after(11 * 24 + 16).await;
    assert!(story.mails(&story.ann.person, "Reminder").is_empty());
    story.finish().await;
}

#[tokio::test]
async fn a_clearance_that_ends_is_told_in_steps_and_to_the_administrators_weekly() {
    let mut story = Story::begin().await;
    let (ann, by) = (story.ann.clone(), story.administrator.clone());
    story.seed.competency(&ann, "indemnity", Some("2026-12-10")).await;
    story.seed.cleared_until(&ann, "2026-12-12", &by).await;
    let told = |story: &Story| -> Vec<String> {
        let mails = story.world.inbox.of(&story.ann.person.email);
        mails.iter().map(|mail| mail.header("Subject")).collect()
    };
    story.after(24).await;
    assert_eq!(told(&story), Vec::<String>::new());
    // Thursday 12 November: thirty days are left.
    story.after(9 * 24).await;
    story.after(24).await;
    let first = "Sat 12 Dec, Test bank: your clearance to work as a GP ends in 30 days";
    assert_eq!(told(&story), [first]);
    let text = story.world.inbox.last_of(&story.ann.person.email).text();
    assert!(text.contains("Indemnity, valid until Thursday 10 December 2026"), "{text}");
    // After a downtime of weeks only the nearest step is told: Wednesday 9 December.
    story.after(26 * 24).await;
    let second = "Sat 12 Dec, Test bank: your clearance to work as a GP ends in 3 days";
    assert_eq!(told(&story), [first, second]);
    story.after(4 * 24).await;
    story.after(24).await;
    let third = "Sat 12 Dec, Test bank: your clearance to work as a GP has ended";
    assert_eq!(told(&story), [first, second, third]);
    let weekly = story.mails(&story.administrator, "Week of");
    let subjects: Vec<String> = weekly.iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(
        subjects,
        [
            "Week of Mon 7 Dec, Test bank: 1 clearance ends soon",
            "Week of Mon 14 Dec, Test bank: 1 clearance has ended"
        ]
    );
    story.finish().await;
}

#[tokio::test]
async fn who_could_and_was_not_chosen_reads_why_and_the_commissioner_what_is_unfilled() {
    let mut story = Story::begin().await;
    let by = story.administrator.clone();
    let bea = story.seed.clinician("gp", "Bea Example", &by).await;
    story.seed.wants_at_once(&bea.person, "not_chosen").await;
    story.seed.rate(&bea, "core", 9_000).await;
    story.seed.session(story.practice, "gp", "2026-11-10", "08:30", "12:40").await;
    story.seed.session(story.practice, "practice_nurse", "2026-11-11", "09:00", "12:00").await;
    let commissioner = story.seed.person(PersonKind::Commissioner, "Cas Example").await;
    let administrator = story.world.signed_in(&by.email).await;
    let plan = administrator.ask_for_plan("2026-11-10", "2026-11-11").await;
    story.world.work().await;
    administrator.post(&format!("{plan}/publish"), &[]).await.expect(303);
    story.world.work().await;
    // Monday 9 November, and the day after.
    story.after(7 * 24).await;
    story.after(24).await;
    let own = story.mails(&bea.person, "Week of");
    assert_eq!(own.len(), 1);
    assert_eq!(
        own[0].header("Subject"),
        "Week of Mon 9 Nov, Test bank: 1 session you could do went to others, and why"
    );
    let text = own[0].text();
    assert!(text.contains("Tue 10 Nov, 8:30am, Orchid House Surgery"), "{text}");
    assert!(text.contains("offered to somebody who asks a lower rate"), "{text}");
    assert!(text.contains("2 people could do it."), "{text}");
    assert!(!text.contains("Ann"), "nobody is named");
    assert!(story.mails(&story.ann.person, "Week of").is_empty(), "Ann was chosen");
    let list = story.mails(&commissioner, "Week of Mon 9 Nov");
    assert_eq!(list.len(), 1);
    let text = list[0].text();
    assert!(text.contains("Wed 11 Nov, 9am to 12") || text.contains("9am to midday"), "{text}");
    assert!(text.contains("Nobody in the bank can do it."), "{text}");
    story.finish().await;
}

#[tokio::test]
async fn several_offers_that_lapse_together_are_reminded_of_in_one_mail() {
    let mut story = Story::begin().await;
    let ann = story.ann.person.clone();
    story.seed.wants_at_once(&ann, "offer_lapsed").await;
    let mut links = vec![];
    for date in ["2026-11-10", "2026-11-11", "2026-11-12"] {
        links.push(story.offered(date).await);
    }
    story.world.app.clock.advance(TimeDelta::hours(22));
    story.written_and_not_sent().await;
    // One is answered before the mail leaves, which says nothing of it.
    story.world.visitor().post_without_token(&links[0], &[("answer", "decline")]).await.expect(303);
    story.after(0).await;
    let reminders = story.mails(&ann, "Answer by");
    assert_eq!(reminders.len(), 1, "one mail, not one each");
    assert_eq!(reminders[0].header("Subject"), "Answer by 9am today: sessions are still offered to you");
    let text = reminders[0].text();
    assert!(!text.contains(&links[0]), "it was answered: {text}");
    assert!(links[1..].iter().all(|link| text.contains(link)), "each can be answered: {text}");
    assert!(!text.contains("[["), "{text}");
    story.after(3).await;
    assert_eq!(story.mails(&ann, "Answer by").len(), 1, "and once");
    let lapsed = story.mails(&ann, "The offers of 2 sessions to you have lapsed");
    assert_eq!(lapsed.len(), 1);
    assert!(lapsed[0].text().contains("Wednesday 11 November 2026"));
    story.finish().await;
}

#[tokio::test]
async fn several_bookings_of_a_day_are_reminded_of_in_one_mail_and_not_at_night() {
    let mut story = Story::begin().await;
    let mo = story.manager.clone();
    story.seed.wants_at_once(&mo, "booking_reminder_practice").await;
    let by = story.administrator.clone();
    let bea = story.seed.clinician("gp", "Bea Example", &by).await;
    // Two in the evening, which are due when people sleep, one the next morning, and Bea's beside the first.
    let mut paths = vec![];
    for (whom, date, from, until) in [
        (story.ann.clone(), "2026-11-10", "21:15", "22:00"),
        (bea.clone(), "2026-11-10", "21:30", "22:30"),
        (story.ann.clone(), "2026-11-11", "07:00", "09:00"),
    ] {
        let session = story.seed.session(story.practice, "gp", date, from, until).await;
        let made = offer(&story.world, story.seed.bank, by.account, session, whom.id).await;
        story.world.work().await;
        let link = link_of(&story.world, made);
        story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
        paths.push(link);
    }
    // Sunday 8 November, 9:45pm: two days before the first.
    story.world.app.clock.advance(TimeDelta::minutes((6 * 24 + 12) * 60 + 45));
    story.world.work().await;
    for person in [&story.ann.person, &bea.person, &mo] {
        assert!(story.mails(person, "Reminder").is_empty(), "a mail came at 9:45pm");
    }
    // Monday, 7:15am.
    story.world.app.clock.advance(TimeDelta::minutes(9 * 60 + 30));
    story.world.work().await;
    let subjects = |person: &Person| -> Vec<String> {
        story.mails(person, "Reminder").iter().map(|mail| mail.header("Subject")).collect()
    };
    assert_eq!(subjects(&story.ann.person), ["Reminder: your sessions on Tue 10 Nov and Wed 11 Nov"]);
    assert_eq!(
        subjects(&bea.person),
        ["Reminder: Tue 10 Nov, 9:30pm, Orchid House Surgery: your GP session"]
    );
    assert_eq!(subjects(&mo), ["Reminder: sessions on Tue 10 Nov and Wed 11 Nov"]);
    let text = story.mails(&mo, "Reminder")[0].text();
    assert!(text.contains("Ann Example is booked") && text.contains("Bea Example is booked"), "{text}");
    story.after(24).await;
    assert_eq!(story.mails(&story.ann.person, "Reminder").len(), 1, "and once");
    story.finish().await;
}
