//! Whoever looks for work finds the open vacancies of every bank without signing in: by place, role, contract, pay, hours
//! and words, as pages, as a feed and as JSON; and nothing that is not advertised.

use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, VacancyId};
use locumbank::hiring::search::posting::job_posting;
use locumbank::hiring::search::store::find_advertised;

use crate::support::World;
use crate::support::opening::Opening;
use crate::support::seed::Seed;
use crate::support::vacancies::open_vacancy;
use crate::support::visitor::{Page, Visitor};

struct Story {
    world: World,
    seed: Seed,
    other: Seed,
    practice: PracticeId,
    far: PracticeId,
    visitor: Visitor,
}

impl Story {
    /// Two banks: one with a practice in Dorchester, one with a practice in Leeds, each with a vacancy.
    async fn begin() -> Self {
        let Opening { world, mut seed, practice, .. } = Opening::begin().await;
        let mut other = Seed::bank(&world, "Other bank").await;
        let far = other.practice("B86001", "Aire Surgery").await;
        let moved = "update practice set address = '1 Wharf Street, Leeds', postcode = 'LS1 4AP',
                            latitude_microdegrees = 53795000, longitude_microdegrees = -1548000 where id = $1";
        sqlx::query(moved).bind(far).execute(other.connection()).await.expect("a place");
        open_vacancy(&mut seed, practice, "Salaried GP").await;
        open_vacancy(&mut other, far, "Practice nurse").await;
        let visitor = world.visitor();
        Self { world, seed, other, practice, far, visitor }
    }

    async fn find(&self, query: &str) -> Page {
        self.visitor.get(&format!("/vacancies?{query}")).await.expect(200)
    }

    async fn change(&mut self, statement: &'static str, id: VacancyId) {
        sqlx::query(statement).bind(id).execute(self.seed.connection()).await.expect(statement);
    }
}

#[tokio::test]
async fn every_bank_is_searched_by_place_words_pay_and_hours() {
    let mut story = Story::begin().await;
    let receptionist = open_vacancy(&mut story.seed, story.practice, "Receptionist").await;
    story
        .change(
            "update vacancy set role = null, staff_group = '08', contract = 'fixed_term', least_minutes_a_week = 2250,
                    most_minutes_a_week = 2250, least_pence_per_year = 2500000, most_pence_per_year = 2500000 where id = $1",
            receptionist,
        )
        .await;
    let all = story.find("").await;
    all.says("3 vacancies")
        .says("Salaried GP")
        .says("Practice nurse")
        .says("Receptionist")
        .says("Other posts (1)");
    for (query, found, not) in [
        ("place=DT1", "Salaried GP", "Practice nurse"),
        ("place=ls1+4ap&miles=5", "Practice nurse", "Salaried GP"),
        ("place=leeds", "Practice nurse", "Salaried GP"),
        ("words=recepsionist", "Receptionist", "Practice nurse"),
        ("words=nurses", "Practice nurse", "Receptionist"),
        ("words=performers+list&place=DT1", "Salaried GP", "Practice nurse"),
        ("pay=40000", "Salaried GP", "Receptionist"),
        ("hours=full", "Receptionist", "Salaried GP"),
        ("hours=part", "Salaried GP", "Receptionist"),
        ("role=other", "Receptionist", "Salaried GP"),
        ("contract=fixed_term", "Receptionist", "Practice nurse"),
    ] {
        let page = story.find(query).await;
        let cards: String = page.body.split("nhsuk-card__link").skip(1).collect();
        assert!(cards.contains(found) && !cards.contains(not), "{query}: {}", page.text());
    }
    story.find("place=DT1").await.says("under 1 mile away");
    story.find("place=Atlantis").await.says("We do not know that place").says("3 vacancies");
    story.find("words=astronaut").await.says("No vacancy fits all of that");
    let orders = ["nearest&place=DT1", "newest", "closing", "pay", "fitting&words=gp"];
    for order in orders {
        story.find(&format!("order={order}")).await.says("Salaried GP");
    }
    story.world.stop().await;
}

#[tokio::test]
async fn what_is_not_advertised_is_found_by_nobody() {
    let mut story = Story::begin().await;
    let (draft, later) = (
        open_vacancy(&mut story.seed, story.practice, "Secret draft").await,
        open_vacancy(&mut story.seed, story.practice, "Later post").await,
    );
    story
        .change(
            "update vacancy set advert = null, staff_group = null, contract = null, least_minutes_a_week = null,
                    most_minutes_a_week = null, least_pence_per_year = null, most_pence_per_year = null, words = null,
                    published_at = null, opens_at = null, closes_at = null where id = $1",
            draft,
        )
        .await;
    story.change("update vacancy set opens_at = opens_at + interval '1 day' where id = $1", later).await;
    story.find("").await.says("2 vacancies").does_not_say("Secret draft").does_not_say("Later post");
    for id in [draft, later, VacancyId::new()] {
        story.visitor.get(&format!("/vacancies/{id}")).await.expect(404);
    }
    // The crossing is the functions': a visitor's own statement sees nothing of any bank.
    let tx = &mut story.world.app.db.look(Actor::Visitor).await.expect("a connection");
    for statement in [
        "select count(*) from vacancy",
        "select count(*) from vacancies_fitting($1, null, null, null, null, null, null, null, null, null)",
    ] {
        let query = sqlx::query_scalar(statement);
        let query = if statement.contains("$1") { query.bind(story.world.app.clock.now()) } else { query };
        let seen: i64 = query.fetch_one(tx.connection()).await.expect("a count");
        assert_eq!(seen, 0, "{statement}");
    }
    story.world.app.clock.advance(TimeDelta::days(1));
    story.find("").await.says("3 vacancies").says("Later post");
    story.world.stop().await;
}

#[tokio::test]
async fn a_vacancy_has_a_page_for_people_and_programs_until_it_closes_to_the_minute() {
    let mut story = Story::begin().await;
    let id = open_vacancy(&mut story.seed, story.practice, "GP </script> partner").await;
    let path = format!("/vacancies/{id}");
    let page = story.visitor.get(&path).await.expect(200);
    page.says("6 sessions a week").says("Vacancies like this one").says("sure of an interview");
    let script =
        page.body.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let posting: serde_json::Value = serde_json::from_str(script.expect("a posting")).expect("JSON");
    for required in
        ["datePosted", "description", "hiringOrganization", "jobLocation", "title", "validThrough"]
    {
        assert!(!posting[required].is_null(), "{required}");
    }
    assert_eq!(posting["title"], "GP </script> partner");
    assert_eq!(posting["validThrough"], "2026-11-30T09:00:00+00:00");
    assert_eq!(posting["baseSalary"]["value"]["minValue"], 99_000.0);
    {
        let tx = &mut story.world.app.db.look(Actor::Visitor).await.expect("a connection");
        let vacancy = find_advertised(tx, id).await.expect("a vacancy").expect("a vacancy");
        let url = posting["url"].as_str().expect("an address");
        assert_eq!(posting, job_posting(id, &vacancy, url).expect("a posting"));
    }

    story.world.app.clock.advance(TimeDelta::days(28) - TimeDelta::minutes(1));
    story.visitor.get(&path).await.expect(200).does_not_say("This vacancy is closed");
    story.world.app.clock.advance(TimeDelta::minutes(1));
    let closed = story.visitor.get(&path).await.expect(200);
    closed.says("This vacancy is closed");
    assert!(!closed.body.contains("application/ld+json") && closed.body.contains("noindex"));
    story.find("").await.says("No vacancies at the moment");
    story.find("contract=permanent").await.says("No vacancy fits all of that");
    story.world.app.clock.advance(TimeDelta::days(180));
    story.visitor.get(&path).await.expect(410).says("This vacancy is closed");
    story.world.stop().await;
}

/// What an XML parser that is none of ours reads of a text: how many elements of that name it has.
fn elements_of(text: &str, name: &str) -> usize {
    let program = "import sys,xml.etree.ElementTree as e;print(len([x for x in e.fromstring(sys.stdin.buffer.read()).iter() if x.tag.endswith('}'+sys.argv[1])]))";
    let mut parser = Command::new("python3")
        .args(["-c", program, name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    parser.stdin.take().expect("a way in").write_all(text.as_bytes()).expect("the text is taken");
    let said = parser.wait_with_output().expect("an answer");
    String::from_utf8_lossy(&said.stdout).trim().parse().expect("a number")
}

#[tokio::test]
async fn programs_read_feeds_and_hostile_searches_do_no_harm() {
    let mut story = Story::begin().await;
    open_vacancy(&mut story.other, story.far, "Pharmacist & <prescriber>").await;
    let feed = story.visitor.get("/vacancies.atom?place=leeds").await.expect(200);
    assert!(feed.content_type.starts_with("application/atom+xml"), "{}", feed.content_type);
    assert_eq!((elements_of(&feed.body, "entry"), elements_of(&feed.body, "updated")), (2, 3));
    let json = story.visitor.get("/vacancies.json?words=pharmacist").await.expect(200);
    let json: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(json["total"], 1);
    assert_eq!(json["vacancies"][0]["title"], "Pharmacist & <prescriber>");
    assert_eq!(json["vacancies"][0]["closes_at"], "2026-11-30T09:00:00+00:00");
    let map = story.visitor.get("/sitemap.xml").await.expect(200);
    assert_eq!(elements_of(&map.body, "loc"), 4);
    story.visitor.get("/robots.txt").await.expect(200).says("/sitemap.xml");

    let long = "%27".repeat(3_000);
    for query in [
        "words=%25",
        "words=%00",
        "words=%27%3B+drop+table+vacancy",
        "words=%26+%7C+%21%28",
        "words=the",
        &format!("words={long}"),
        &format!("place={long}"),
        "place=%25",
        "place=%00",
        "place=_",
        "miles=-5&place=DT1",
        "miles=99999&place=DT1",
        "pay=99999999999999999999",
        "role=%27%25",
        "contract=%00",
        "order=%27",
    ] {
        for path in ["/vacancies", "/vacancies.atom", "/vacancies.json"] {
            // A NUL is refused where addresses are read, before anything looks for it.
            let expected = if query.contains("%00") { 400 } else { 200 };
            story.visitor.get(&format!("{path}?{query}")).await.expect(expected);
        }
    }
    let first = story.find("").await.text();
    for number in ["99999", "99999999999999999999", "-1", "two", ""] {
        assert_eq!(story.find(&format!("page={number}")).await.text(), first, "{number}");
    }
    story.visitor.get("/vacancies/not-an-id").await.expect(404);
    story.world.stop().await;
}
