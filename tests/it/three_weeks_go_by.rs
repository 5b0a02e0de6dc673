//! Three weeks in a bank, from the file that a practice posts to the sick call at 7am: a round gives the sessions out, one
//! booking is cancelled 30 hours before and costs its fee, and a plan finds somebody else.

use chrono::Utc;
use locumbank::ground::id::{RequestId, SessionId};

use crate::support::World;
use crate::support::desk::assert_sound;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

/// Two sessions of the third week, as the practice's spreadsheet has them.
const FILE: &[u8] = b"Practice,Date,Start,End,Role,Rate,Highest rate\r\n\
    J81001,17/11/2026,1:30pm,5:40pm,GP,75,95\r\n\
    J81001,18/11/2026,1:30pm,5:40pm,GP,75,95\r\n";

/// Rounds last a week and close at midday, for sessions that start a week later at the earliest.
const ROUNDS: [(&str, &str); 7] = [
    ("days", "7"),
    ("close_hour", "12"),
    ("ahead_days", "7"),
    ("confirm_hours", "48"),
    ("ledger_weeks", "12"),
    ("why", "Nobody should have to be the fastest"),
    ("version", "0"),
];

const CANCELLING: [(&str, &str); 5] = [
    ("steps", "24: 100\n72: 75"),
    ("short_notice_hours", "0"),
    ("short_notice_steps", ""),
    ("why", "The practices and the locums agreed"),
    ("version", "0"),
];

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    manager: Person,
    ann: Clinician,
    bea: Clinician,
    cai: Clinician,
}

impl Story {
    /// Monday 2 November 2026, 9am: the bank decides to hold rounds, and what cancelling costs.
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let bea = seed.clinician("gp", "Bea Example", &administrator).await;
        let cai = seed.clinician("gp", "Cai Example", &administrator).await;
        let story = Self { world, seed, administrator, manager, ann, bea, cai };
        let desk = story.world.signed_in(&story.administrator.email).await;
        desk.post("/bank/rounds", &ROUNDS).await.expect(303);
        desk.post("/bank/cancelling", &CANCELLING).await.expect(303);
        story.world.work().await;
        story
    }

    /// The clock is moved to that moment, and what was due is done.
    async fn at(&self, moment: &str) {
        let then: chrono::DateTime<Utc> = moment.parse().expect("a moment");
        let now = self.world.app.clock.now();
        assert!(then >= now, "{moment} is over");
        self.world.app.clock.advance(then - now);
        self.world.work().await;
    }

    async fn session_of(&mut self, date: &str) -> SessionId {
        sqlx::query_scalar("select id from session where local_date = $1::text::date")
            .bind(date)
            .fetch_one(self.seed.connection())
            .await
            .expect("the session")
    }

    async fn asks(&mut self, who: &Clinician, session: SessionId) -> RequestId {
        let path = format!("/find-sessions/{session}");
        self.world.signed_in(&who.person.email).await.post(&path, &[("note", "")]).await.expect(303);
        sqlx::query_scalar("select id from request where clinician_id = $1 and session_id = $2")
            .bind(who.id)
            .bind(session)
            .fetch_one(self.seed.connection())
            .await
            .expect("the request")
    }

    async fn booking_of(&mut self, session: SessionId) -> String {
        let live = "select id::text from booking where session_id = $1 and state = 'live'";
        sqlx::query_scalar(live).bind(session).fetch_one(self.seed.connection()).await.expect("a booking")
    }

    /// Who is booked where, in order of time.
    async fn booked(&mut self) -> Vec<(String, String)> {
        sqlx::query_as(
            "select to_char(b.starts_at, 'FMDay'), a.name from booking b join account a on a.id = b.account_id
              where b.state = 'live' order by b.starts_at",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("the bookings")
    }
}

#[tokio::test]
async fn a_file_a_round_a_cancellation_and_a_sick_call_end_with_every_session_filled() {
    let mut story = Story::begin().await;
    let (ann, bea, cai) = (story.ann.clone(), story.bea.clone(), story.cai.clone());
    let manager = story.world.signed_in(&story.manager.email).await;

    // The first week: the practice posts its file, and the round gathers.
    let check = manager.post_file("/sessions/file", &[], ("sessions.csv", FILE)).await.expect(200);
    check.says("Post 2 sessions");
    manager.post("/sessions/file/post", &[("file", &check.hidden("file"))]).await.expect(303);
    story.at("2026-11-02T13:00:00Z").await;
    let (tuesday, wednesday) = (story.session_of("2026-11-17").await, story.session_of("2026-11-18").await);
    let first = story.asks(&ann, tuesday).await;
    let second = story.asks(&bea, wednesday).await;

    // The second week: the round closes, the practice confirms, both are booked.
    story.at("2026-11-09T12:01:00Z").await;
    let both = [first.to_string(), second.to_string()];
    let both = [("request", both[0].as_str()), ("request", both[1].as_str())];
    let manager = story.world.signed_in(&story.manager.email).await;
    manager.get("/requests").await.expect(200).says("Proposed by a round");
    manager.post("/requests/confirm", &both).await.expect(303);
    story.world.work().await;
    let named = |day: &str, name: &str| (day.to_owned(), name.to_owned());
    assert_eq!(story.booked().await, [named("Tuesday", "Ann Example"), named("Wednesday", "Bea Example")]);

    // The third: 30 hours before it begins the practice cancels, and owes three quarters.
    story.at("2026-11-16T07:30:00Z").await;
    let cancel = format!("/bookings/{}/cancel", story.booking_of(tuesday).await);
    let manager = story.world.signed_in(&story.manager.email).await;
    let page = manager.get(&cancel).await.expect(200);
    page.says("If the practice cancels now, it owes £250: 75% of the pay");
    let fee = page.hidden("fee");
    let form = [("reason", "own_cover"), ("fee", fee.as_str())];
    let done = manager.post(&cancel, &form).await.expect(303);
    manager.get(&done.location).await.expect(200).says("£250, which the practice owes");

    // It is wanted after all, and a plan finds Bea or Cai; Ann, who lost it, is not asked again.
    let desk_now = story.world.signed_in(&story.administrator.email).await;
    let plan = desk_now.ask_for_plan("2026-11-17", "2026-11-17").await;
    story.world.work().await;
    let preview = desk_now.get(&plan).await.expect(200);
    preview.says("1 of 1 places").says("Next: ");
    desk_now.get(&format!("{plan}/publish")).await.expect(200).says("1 session will be offered now");
    desk_now.post(&format!("{plan}/publish"), &[]).await.expect(303);
    story.world.work().await;
    let offered = [&bea, &cai].into_iter().find(|who| {
        let mails = story.world.inbox.of(&who.person.email);
        mails.iter().any(|mail| mail.header("Subject").contains("offered to you"))
    });
    let offered = offered.expect("somebody is offered it").clone();
    let mail = story.world.inbox.last_of(&offered.person.email).text();
    assert!(mail.contains("Less than 24 hours before the start the practice owes"), "{mail}");
    let link = mail.split_whitespace().find(|word| word.contains("/offer-link/")).expect("a link");
    let link = link.strip_prefix(&story.world.base_url).expect("a link to this service").to_owned();
    story.world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    story.world.work().await;
    desk_now.get(&plan).await.expect(200).says("1 accepted");

    // Wednesday, 7am: Bea rings in sick. Seven pages later somebody else is booked.
    story.at("2026-11-18T07:00:00Z").await;
    let desk_now = story.world.signed_in(&story.administrator.email).await;
    let rota = desk_now.get("/rota?days=1").await.expect(200);
    let path = rota.address("/rota/bookings/");
    desk_now.get(&path).await.expect(200).says("Cancel the booking of Bea Example?");
    let gone = desk_now.post(&path, &[("reason", "clinician.short_notice")]).await.expect(303);
    let who = desk_now.get(&gone.location).await.expect(200);
    let asked = desk_now.get(&who.address(&format!("{}/book?", gone.location))).await.expect(200);
    let (instead, key) = (asked.hidden("clinician"), asked.hidden("key"));
    let form = [("clinician", instead.as_str()), ("key", key.as_str()), ("rate", "80"), ("agreed", "yes")];
    desk_now.post(&format!("{}/book", gone.location), &form).await.expect(303);
    story.world.work().await;
    let booked = story.booked().await;
    assert_eq!(booked.iter().map(|(day, _)| day.as_str()).collect::<Vec<_>>(), ["Tuesday", "Wednesday"]);
    assert_ne!(booked[0].1, "Ann Example");
    assert_ne!(booked[1].1, "Bea Example");
    assert_sound(story.seed.connection()).await;
    story.world.stop().await;
}
