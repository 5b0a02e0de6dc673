//! A new bank, from `locumbank migrate` to its first accepted booking: after the first administrator's invitation nobody
//! needs the command line.

use std::process::Command;

use chrono::{Days, NaiveDate};
use locumbank::ground::clock::Clock;
use locumbank::ground::words::london_date;

use crate::people_are_invited::link_in;
use crate::support::{Inbox, Visitor, World, empty_database, signed_in_as_serving};

const ODS: &str = "\
J81001,THE ORCHID SURGERY,Y58,QVV,1 HIGH STREET,POOLE,,,,BH15 1AA,19740401,,A,B,11J,20200401,,01202 000001,,,,0,,11J,,4,
";
const MAP: &str = "\
PRACTICE_CODE,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME
J81001,U12345,HARBOUR PCN,QVV,NHS Dorset Integrated Care Board,TPP
";

/// The key of links in config/test.toml, with which the service fills in what the binary has written.
const LINK_KEY: &str = "7465737465737465737465737465737465737465737465737465737465737465";

/// A password that stands guessing.
const PASSWORD: &str = "lantern osprey gravel teapot";

/// Runs the binary on the bank's database, and gives what it prints.
fn operate(owner: &str, database: &str, base_url: &str, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(arguments)
        .env_remove("REDIS_URL")
        .env("DATABASE_URL", database)
        .env("DATABASE_OWNER_URL", owner)
        .env("LOCUMBANK__SERVER__BASE_URL", base_url)
        .env("LOCUMBANK__SECRETS__LINK_KEY", LINK_KEY)
        .output()
        .expect("the binary runs");
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// A service with a bank and its one practice, and nobody in it. Its clock is the machine's, as the binary's is.
async fn a_bank_without_people() -> World {
    let database = empty_database().await;
    // The binary makes the role that serves, where there is none, and goes on as that.
    let (owner, database) = (database.clone(), signed_in_as_serving(&database));
    operate(&owner, &database, "", &["migrate"]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect(name);
        folder.path().join(name).display().to_string()
    };
    let (ods, map) = (format!("--ods={}", file("ods.csv", ODS)), format!("--map={}", file("map.csv", MAP)));
    operate("", &database, "", &["import", "practices", &ods, &map, "--icb=QVV"]);
    World::start_on(&owner, Inbox::start(), Clock::System).await
}

/// Opens the link in the mail and joins.
async fn joins(world: &World, email: &str, name: &str, more: &[(&str, &str)], start: &str) -> Visitor {
    world.work().await;
    let link = link_in(world, email);
    let mut visitor = world.visitor();
    visitor.get(&link).await.expect(200).says("Join").says(email);
    let fields = [&[("name", name), ("password", PASSWORD)], more].concat();
    assert_eq!(visitor.join(&link, &fields).await.expect(303).location, start);
    visitor
}

/// The three boxes of a date.
fn boxes(name: &str, date: NaiveDate) -> Vec<(String, String)> {
    let part = |part: &str, pattern: &str| (format!("{name}-{part}"), date.format(pattern).to_string());
    vec![part("day", "%-d"), part("month", "%-m"), part("year", "%Y")]
}

async fn post(visitor: &Visitor, path: &str, fields: &[(&str, &str)], dates: &[(String, String)]) -> String {
    let dates = dates.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain(dates).collect();
    visitor.post(path, &fields).await.expect(303).location
}

/// Cora publishes what GPs may be paid from today.
async fn publishes_ranges(cora: &Visitor, today: NaiveDate) {
    for (number, band) in ["core", "evening", "saturday", "sunday_or_bank_holiday"].into_iter().enumerate() {
        let key = format!("01980000-0000-7000-8000-00000000000{number}");
        let range = [("role", "gp"), ("band", band), ("floor", "70"), ("ceiling", "100"), ("key", &key)];
        post(cora, "/rate-ranges", &range, &boxes("from", today)).await;
    }
    cora.get("/rate-ranges").await.expect(200).says("£70 to £100");
}

/// Mo posts a GP session for that day.
async fn posts_a_session(mo: &Visitor, day: NaiveDate) {
    let form = mo.get("/sessions/new").await.expect(200);
    let (_, choices) = form.body.split_once("name=\"practice\"").expect("a choice of practices");
    let practice = choices.split('"').find(|part| part.len() == 36).expect("the id of one").to_owned();
    let session = [
        ("practice", practice.as_str()),
        ("start", "9am"),
        ("end", "1pm"),
        ("role", "gp"),
        ("places", "1"),
        ("rate-min", "80"),
        ("rate-max", "95"),
    ];
    let dates = boxes("on", day);
    let whole: Vec<(&str, &str)> = session
        .into_iter()
        .chain(dates.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .collect();
    let key = mo.post("/sessions/check", &whole).await.expect(200).hidden("key");
    post(mo, "/sessions", &[&session[..], &[("key", &key)]].concat(), &dates).await;
}

/// Ann reads that she waits to be cleared, and says when she can work and for what.
async fn keeps_her_own_pages(ann: &Visitor) {
    ann.get("/me").await.expect(200).says("You are not cleared to work yet.").says("GMC 7012345");
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        .map(|day| (day, "8am to 6pm"));
    post(ann, "/availability/week", &week, &[]).await;
    let rates = ["rate-core", "rate-evening", "rate-saturday", "rate-sunday"].map(|band| (band, "85"));
    post(ann, "/me/rates", &rates, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_bank_comes_to_its_first_booking_without_the_command_line() {
    let world = a_bank_without_people().await;
    let today = london_date(world.app.clock.now());
    let day = today + Days::new(14);
    let invited = ["admin", "invite", "--icb=qvv", "--email=Abi@people.test", "--print-link"];
    let printed = operate("", world.database_url(), &world.base_url, &invited);

    let abi = joins(&world, "abi@people.test", "Abi Example", &[], "/today").await;
    assert!(printed.trim_end().ends_with(&link_in(&world, "abi@people.test")), "{printed}");
    for (kind, practices, people) in [
        ("commissioner", "", "cora@people.test"),
        ("practice_manager", "j81001", "Mo Example <mo@people.test>"),
        ("clinician", "", "ann@people.test"),
    ] {
        let form = [("kind", kind), ("practices", practices), ("people", people)];
        abi.post("/invitations/check", &form).await.expect(200).says("Send the invitation");
        post(&abi, "/invitations", &form, &[]).await;
    }
    let cora = joins(&world, "cora@people.test", "Cora Example", &[], "/fill-rate").await;
    publishes_ranges(&cora, today).await;
    let mo = joins(&world, "mo@people.test", "Mo Example", &[], "/sessions").await;
    posts_a_session(&mo, day).await;
    let about_ann = [
        ("role", "gp"),
        ("registration", "7012345"),
        ("engagement", "self_employed"),
        ("home", "BH15"),
        ("travel", "20"),
    ];
    let ann = joins(&world, "ann@people.test", "Ann Example", &about_ann, "/me/missing").await;
    keeps_her_own_pages(&ann).await;

    let cleared = abi.get("/clinicians?state=none").await.expect(200).address("/clinicians/0");
    let why = [("reason", "Documents seen"), ("sure", "yes")];
    let until = today + Days::new(300);
    // A new bank's GPs need indemnity.
    post(&abi, &format!("{cleared}/documents"), &[("competency", "indemnity")], &boxes("valid", until)).await;
    post(&abi, &format!("{cleared}/clear"), &why, &boxes("until", until)).await;
    let plan = abi.ask_for_plan(&day.to_string(), &day.to_string()).await;
    world.work().await;
    abi.get(&plan).await.expect(200).says("1 of 1 places").says("Ann Example");
    post(&abi, &format!("{plan}/publish"), &[], &[]).await;

    // Nobody is told of offers at night, and this story is told at any hour.
    let mut connection = world.connection().await;
    sqlx::query("update mail set next_attempt_at = now() where state = 'pending'")
        .execute(&mut connection)
        .await
        .expect("morning");
    world.work().await;
    let text = world.inbox.last_of("ann@people.test").text();
    let link = text.split_whitespace().find(|word| word.contains("/offer-link/")).expect("a link");
    world.visitor().post_without_token(link, &[("answer", "accept")]).await.expect(303);
    world.visitor().get(link).await.expect(200).says("You are booked");
    world.work().await;
    assert!(world.inbox.last_of("mo@people.test").header("Subject").starts_with("Booked: "));
    mo.get(&format!("/bookings?week={day}")).await.expect(200).says("Ann Example");
    world.stop().await;
}
