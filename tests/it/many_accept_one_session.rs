//! Many people want one session at the same moment, through several servers: one of them gets it, everybody else
//! gets a clean answer, and both sides are told once. Each guard holds alone; without both the test notices.

use chrono::TimeDelta;
use locumbank::ground::clock::Clock;
use locumbank::ground::id::{BookingId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::{Desk, WayIn, Wish};
use sqlx::{Executor, PgConnection};
use tokio::task::JoinSet;

use crate::support::desk::{ServerProcess, assert_sound, broken, link_of, offer_each, rounds};
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Inbox, Visitor, World, on_behalf_of};

/// How many people.
const MANY: usize = 64;

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    people: Vec<Clinician>,
    sessions: Vec<SessionId>,
}

impl Story {
    /// So many GPs and sessions at the same time a month from now, by the machine's clock, on a database of its own.
    async fn begin(people: usize, sessions: usize) -> Self {
        let fresh = World::start().await;
        let world = World::start_on(fresh.database_url(), Inbox::start(), Clock::System).await;
        fresh.stop().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let practice = seed.practice("J81001", "Orchid House Surgery").await;
        seed.practice_manager("Mo Example", &[practice]).await;
        let today = world.app.clock.now().date_naive();
        let (date, later) =
            ((today + TimeDelta::days(30)).to_string(), (today + TimeDelta::days(60)).to_string());
        let mut story = Self { world, seed, administrator, people: Vec::new(), sessions: Vec::new() };
        for number in 0..people {
            let by = story.administrator.clone();
            let clinician = story.seed.clinician("gp", &format!("Gp {number}"), &by).await;
            story.seed.cleared_until(&clinician, &later, &by).await;
            story.people.push(clinician);
        }
        for _ in 0..sessions {
            story.sessions.push(story.seed.session(practice, "gp", &date, "08:30", "12:40").await);
        }
        story
    }

    /// Everybody asks for the first session at once, half of them at each of two servers; gives who got it and what
    /// the others were told.
    async fn all_ask_at_once(&self) -> (Vec<BookingId>, Vec<&'static str>) {
        let second = self.world.start_another().await;
        let mut asking = JoinSet::new();
        for (number, person) in self.people.iter().enumerate() {
            let app = if number % 2 == 0 { self.world.app.clone() } else { second.app.clone() };
            let wish = Wish {
                session: self.sessions[0],
                clinician: person.id,
                way_in: WayIn::Request,
                key: format!("test.request:{number}"),
            };
            let actor = on_behalf_of(self.seed.bank, person.person.account);
            asking.spawn(async move {
                let desk = Desk::of(&app);
                let mut tx = app.db.begin(actor).await?;
                let booked = book(&mut tx, &desk, &wish).await?;
                tx.commit().await?;
                Ok(booked)
            });
        }
        let (mut booked, mut refused) = (Vec::new(), Vec::new());
        while let Some(answer) = asking.join_next().await {
            match answer.expect("no panic") {
                Ok(made) => booked.push(made.booking),
                Err(DeskError::Refused(refusal)) => refused.push(refusal.code()),
                Err(other) => panic!("not a clean refusal: {other:?}"),
            }
        }
        second.stop().await;
        (booked, refused)
    }

    async fn finish(mut self) {
        assert_sound(self.seed.connection()).await;
        self.world.stop().await;
    }
}

/// One place is offered to everybody, which the service itself never does.
async fn offer_one_place_to_all(story: &mut Story) -> Vec<String> {
    let session = story.sessions[0];
    let places = i16::try_from(story.people.len()).expect("a place each");
    set_places(story.seed.connection(), session, places).await;
    let pairs: Vec<_> = story.people.iter().map(|person| (session, person.id)).collect();
    let by = story.administrator.account;
    let offers = offer_each(&story.world, story.seed.bank, by, &pairs).await.expect("offers are made");
    let connection = story.seed.connection();
    connection.execute("drop index offer_live_place_key").await.expect("the index goes");
    connection.execute("update offer set place_no = 1").await.expect("one place for all");
    set_places(connection, session, 1).await;
    offers.into_iter().map(|offer| link_of(&story.world, offer)).collect()
}

async fn set_places(connection: &mut PgConnection, session: SessionId, places: i16) {
    let query = sqlx::query("update session set places = $2 where id = $1").bind(session).bind(places);
    query.execute(connection).await.expect("places are set");
}

async fn accept_at_once(links: &[String], servers: [&str; 2]) -> Vec<u16> {
    let mut accepting = JoinSet::new();
    for (number, link) in links.iter().enumerate() {
        let (visitor, link) = (Visitor::new(servers[number % 2]), link.clone());
        accepting.spawn(async move { visitor.post_without_token(&link, &[("answer", "accept")]).await });
    }
    let pages = accepting.join_all().await;
    pages.iter().map(|page| page.status.as_u16()).collect()
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|found| **found == status).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_people_accept_one_session_through_two_server_processes() {
    for _ in 0..rounds(1, 1_000) {
        let mut story = Story::begin(MANY, 1).await;
        let links = offer_one_place_to_all(&mut story).await;
        let one = ServerProcess::start(story.world.database_url()).await;
        let other = ServerProcess::start(story.world.database_url()).await;
        let answers = accept_at_once(&links, [&one.base_url, &other.base_url]).await;
        assert_eq!((count(&answers, 303), count(&answers, 409)), (1, MANY - 1), "{answers:?}");
        let told: Vec<(String, i64)> = sqlx::query_as(
            "select kind, count(*) from mail where kind <> 'session_offered' group by kind order by kind",
        )
        .fetch_all(story.seed.connection())
        .await
        .expect("mails");
        let told: Vec<(&str, i64)> = told.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        assert_eq!(
            told,
            [("booking_confirmed_clinician", 1), ("booking_confirmed_practice", 1), ("offer_withdrawn", 63)]
        );
        story.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_accepts_sixty_four_sessions_of_the_same_morning() {
    let mut story = Story::begin(1, MANY).await;
    let ann = story.people[0].id;
    let pairs: Vec<_> = story.sessions.iter().map(|session| (*session, ann)).collect();
    let by = story.administrator.account;
    let offers = offer_each(&story.world, story.seed.bank, by, &pairs).await.expect("offers are made");
    let links: Vec<String> = offers.into_iter().map(|offer| link_of(&story.world, offer)).collect();
    let one = ServerProcess::start(story.world.database_url()).await;
    let other = ServerProcess::start(story.world.database_url()).await;
    let answers = accept_at_once(&links, [&one.base_url, &other.base_url]).await;
    assert_eq!((count(&answers, 303), count(&answers, 409)), (1, MANY - 1), "{answers:?}");
    let open: i64 = sqlx::query_scalar("select count(*) from offer where state = 'open'")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(open, 0);
    story.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_place_is_booked_once_however_many_ask() {
    let story = Story::begin(MANY, 1).await;
    let (booked, refused) = story.all_ask_at_once().await;
    assert_eq!((booked.len(), refused.len()), (1, MANY - 1));
    assert!(refused.iter().all(|code| *code == "session_filled"), "{refused:?}");
    story.finish().await;
}

/// A session that is read through a query of its own can't be locked: PostgreSQL passes `for update` over it.
const TAKE_THE_LOCK_AWAY: &str = "alter table session rename to locked_session;
     create view session as with every as (select * from locked_session) select * from every;";

/// Whoever books holds still for a moment, so that everybody has looked before anybody has booked.
const HOLD_STILL: &str = "create function hold_still() returns trigger language plpgsql as
     'begin perform pg_sleep(0.2); return new; end';
     create trigger hold_still before insert on booking for each row execute function hold_still();";

const TAKE_THE_CONSTRAINT_AWAY: &str = "drop index booking_place_once";

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_alone_is_enough() {
    let mut story = Story::begin(8, 1).await;
    for statement in [HOLD_STILL, TAKE_THE_CONSTRAINT_AWAY] {
        story.seed.connection().execute(statement).await.expect("a guard is taken away");
    }
    let (booked, refused) = story.all_ask_at_once().await;
    assert_eq!((booked.len(), refused.len()), (1, 7));
    story.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constraint_alone_is_enough_and_gives_the_same_answer() {
    let mut story = Story::begin(8, 1).await;
    for statement in [HOLD_STILL, TAKE_THE_LOCK_AWAY] {
        story.seed.connection().execute(statement).await.expect("a guard is taken away");
    }
    let (booked, refused) = story.all_ask_at_once().await;
    assert_eq!((booked.len(), refused.len()), (1, 7));
    assert!(refused.iter().all(|code| *code == "session_filled"), "{refused:?}");
    story.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_lock_and_constraint_the_double_booking_is_noticed() {
    let mut story = Story::begin(8, 1).await;
    for statement in [HOLD_STILL, TAKE_THE_LOCK_AWAY, TAKE_THE_CONSTRAINT_AWAY] {
        story.seed.connection().execute(statement).await.expect("a guard is taken away");
    }
    let (booked, _) = story.all_ask_at_once().await;
    assert!(booked.len() > 1, "the guards that were taken away were not what kept the place");
    let found = broken(story.seed.connection()).await;
    assert!(
        found.iter().any(|what| what.starts_with("a session with more bookings than places")),
        "{found:?}"
    );
    story.world.stop().await;
}
