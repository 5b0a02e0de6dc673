//! A professional register is looked up for the clinicians of all banks, from a file or by hand: whoever is off it is offered
//! nothing and not booked, what stands is put before people, and a look-up counts for so long as the bank decides.

use std::process::{Command, Output};

use chrono::TimeDelta;
use locumbank::ground::id::SessionId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};

use crate::support::desk::offer;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{World, on_behalf_of};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    ann: Clinician,
    ben: Clinician,
    session: SessionId,
}

/// Ann has an offer and a booking, and Ben of another bank has nothing; both have numbers.
async fn begin() -> Story {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let mut other = Seed::bank(&world, "Other bank").await;
    let bea = other.person(PersonKind::BankAdministrator, "Bea Example").await;
    let ben = other.clinician("gp", "Ben Example", &bea).await;
    for (clinician, number) in [(&ann, "7012345"), (&ben, "7012346")] {
        seed.numbered(clinician, number).await;
    }
    seed.cleared_until(&ann, "2028-11-02", &administrator).await;
    other.cleared_until(&ben, "2028-11-02", &bea).await;
    let offered = seed.session(practice, "gp", "2028-07-04", "08:30", "12:40").await;
    let session = seed.session(practice, "gp", "2028-07-06", "08:30", "12:40").await;
    offer(&world, seed.bank, administrator.account, offered, ann.id).await;
    let wish = Wish {
        session,
        clinician: ann.id,
        way_in: WayIn::Administrator { rate_pence_per_hour: 8_800 },
        key: "the key".to_owned(),
    };
    let (desk, actor) = (Desk::of(&world.app), on_behalf_of(seed.bank, administrator.account));
    world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await).await.expect("booked");
    Story { world, seed, administrator, ann, ben, session }
}

const HEADINGS: &str = "GMC Ref No,Surname,Given Name,Registration Status,FtP Conditions Exist";

impl Story {
    /// Runs the command with a file of these entries.
    fn import(&self, entries: &str, more: &[&str]) -> Output {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("lrmp.csv");
        std::fs::write(&file, format!("{HEADINGS}\n{entries}")).expect("writes");
        Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args(["import", "register", file.to_str().expect("a path")])
            .args(if more.contains(&"--register") { &[][..] } else { &["--register", "gmc"] })
            .args(more)
            .env_remove("REDIS_URL")
            .env("DATABASE_URL", self.world.database_url())
            .env("SMTP_URL", self.world.inbox.url())
            .env("LOCUMBANK__SECRETS__LINK_KEY", "11".repeat(32))
            .output()
            .expect("the binary runs")
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect(statement)
    }

    async fn lookups(&mut self) -> Vec<(String, String, String)> {
        sqlx::query_as("select number, outcome, source from register_lookup order by number")
            .fetch_all(self.seed.connection())
            .await
            .expect("the look-ups")
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn whoever_has_lapsed_is_shown_first_and_then_offered_nothing() {
    let mut story = begin().await;
    let entries = "7012345,Example,Ann,Not Registered - Having relinquished registration,N\n\
                   7012346,Example,Benjamin,Registered with Licence,Y\n";
    let shown = story.import(entries, &["--date", "2026-11-01"]);
    assert!(shown.status.success(), "{}", said(&shown));
    for says in [
        "The GMC register on 1 November 2026: 2 entries, 2 clinicians with a number on it.",
        "Lapsed, suspended, removed or without a licence (1):\n  Ann Example, 7012345, Test bank",
        "With conditions, undertakings or a warning (1):\n  Ben Example, 7012346, Other bank: as Benjamin Example",
        "Nothing was changed. Run it again with --record",
    ] {
        assert!(said(&shown).contains(says), "{says}: {}", said(&shown));
    }
    assert!(story.lookups().await.is_empty());
    let recorded = story.import(entries, &["--date", "2026-11-01", "--record"]);
    assert!(said(&recorded).contains("Recorded: 2 look-ups."), "{}", said(&recorded));
    let row = |number: &str, outcome: &str| (number.to_owned(), outcome.to_owned(), "lrmp.csv".to_owned());
    assert_eq!(story.lookups().await, [row("7012345", "lapsed"), row("7012346", "conditions")]);
    // The offer has ended, the booking stands before people, and Ann is told.
    assert_eq!(story.count("select count(*) from offer where state = 'open'").await, 0);
    assert_eq!(story.count("select count(*) from booking_flag where code = 'off_register'").await, 1);
    assert_eq!(story.count("select count(*) from booking where state = 'live'").await, 1);
    // The command works by the clock of this machine, which may be ahead of the story’s.
    story.world.app.clock.advance(TimeDelta::days(400));
    story.world.work().await;
    let mails = story.world.inbox.of(&story.ann.person.email);
    let mail =
        mails.iter().find(|mail| mail.header("Subject") == "Test bank: your number on the GMC register");
    let text = mail.expect("she is told").text();
    assert!(text.contains("7012345") && text.contains("Sunday 1 November 2026"), "{text}");
    assert!(
        story.world.inbox.of(&story.ben.person.email).is_empty(),
        "conditions are for his administrators"
    );
    // Run again, it records nothing twice.
    let again = story.import(entries, &["--date", "2026-11-01", "--record"]);
    assert!(said(&again).contains("Recorded: no look-ups."), "{}", said(&again));
    let abi = story.world.signed_in(&story.administrator.email).await;
    abi.get("/clinicians?state=register").await.expect(200).says("Ann Example").says("Off the GMC register");
    abi.get("/bookings-to-look-at").await.says("The registration had lapsed when the register was looked up");
    abi.get("/clearing").await.says("their register says what it did not say when they were cleared");
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/me").await.says("Lapsed on the GMC register on 1 November 2026");
    let missing = ann.get("/me/missing").await;
    missing.says("Your number on the GMC register").says("Waits for it: Every session");
    // Nobody books her, by hand or otherwise, and the database keeps it.
    abi.get(&format!("/unfilled-sessions/{}", story.session)).await.does_not_say("Fits (1)");
    let again = "do $$ declare own text; begin
                     select string_agg(column_name, ', ') into own from information_schema.columns
                      where table_name = 'booking' and is_generated = 'NEVER' and is_identity = 'NO';
                     execute format('insert into booking (%1$s) select %1$s from booking', own);
                 end $$";
    let refused =
        sqlx::raw_sql(again).execute(story.seed.connection()).await.expect_err("she is off the register");
    let constraint = refused.as_database_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("booking_clinician_is_registered"), "{refused}");
    story.world.stop().await;
}

#[tokio::test]
async fn a_file_of_a_part_of_the_register_says_nothing_of_others() {
    let mut story = begin().await;
    let administrator = story.administrator.clone();
    for number in 7_012_347..7_012_351 {
        let who = story.seed.clinician("gp", &format!("Gp {number}"), &administrator).await;
        story.seed.numbered(&who, &number.to_string()).await;
    }
    let entries =
        "7012345,Example,Ann,Registered with Licence,N\n7099999,Example,Ben,Registered with Licence,N\n";
    let refused = story.import(entries, &["--record"]);
    assert!(!refused.status.success());
    assert!(said(&refused).contains("5 of 6 clinicians are not in this file"), "{}", said(&refused));
    assert!(said(&refused).contains("Ben Example, 7012346, Other bank: somebody of that name has 7099999"));
    assert!(story.lookups().await.is_empty());
    let recorded = story.import(entries, &["--record", "--only-listed"]);
    assert!(said(&recorded).contains("Recorded: 1 look-up."), "{}", said(&recorded));
    for (more, says) in [
        (["--date", "2031-01-01"], "--date can be no later than today"),
        (["--register", "ABC"], "no role has the register “ABC”; there are GMC, GPhC, HCPC and NMC"),
    ] {
        let refused = story.import(entries, &more);
        assert!(!refused.status.success() && said(&refused).contains(says), "{}", said(&refused));
    }
    story.world.stop().await;
}

#[tokio::test]
async fn an_administrator_records_a_look_up_and_it_goes_stale() {
    let story = begin().await;
    let abi = story.world.signed_in(&story.administrator.email).await;
    let (path, look_up) =
        (format!("/clinicians/{}", story.ann.id), format!("/clinicians/{}/look-up", story.ann.id));
    abi.get(&path).await.expect(200).says("The GMC register has not been looked up").address(&look_up);
    abi.get("/clinicians?state=register").await.says("Ann Example");
    let ann = story.world.signed_in(&story.ann.person.email).await;
    ann.get("/me/missing").await.says("Your number on the GMC register").says("With your administrator");
    let asked = abi.get(&look_up).await.expect(200);
    asked.says("GMC 7012345").says("Only where it is another than Ann Example");
    abi.post(&look_up, &[("outcome", "")]).await.expect(422).says("Select what the register says");
    let on = [("on-day", "2"), ("on-month", "11"), ("on-year", "2026")];
    let found = [&on[..], &[("outcome", "found")]].concat();
    let done = abi.post(&look_up, &found).await.expect(303);
    abi.get(&done.location).await.says("On the GMC register on 2 November 2026").says("look-up recorded");
    abi.get("/clinicians?state=register").await.does_not_say("Ann Example");
    ann.get("/me/missing").await.says("On 2 November 2026");

    // The bank lets a look-up count for a month; after that it is to be looked up again, and nothing else changes.
    let rule = [("within_months", "1"), ("why", "Safer"), ("version", "0")];
    abi.post("/bank/registers/check", &rule).await.expect(200).says("listed under “Clinicians”");
    abi.post("/bank/registers", &rule).await.expect(303);
    story.world.app.clock.advance(TimeDelta::days(31));
    let abi = story.world.signed_in(&story.administrator.email).await;
    abi.get(&path).await.says("last looked up on 2 November 2026, more than 1 month ago");
    abi.get("/clinicians?state=register").await.says("Ann Example").does_not_say("Off the GMC register");
    story.world.stop().await;
}

#[tokio::test]
async fn what_falls_with_a_look_up_is_seen_first_and_a_better_one_mends_it() {
    let mut story = begin().await;
    let abi = story.world.signed_in(&story.administrator.email).await;
    let look_up = format!("/clinicians/{}/look-up", story.ann.id);
    let on = [("on-day", "2"), ("on-month", "11"), ("on-year", "2026")];
    let missing = [&on[..], &[("outcome", "not_found")]].concat();
    let asked = abi.post(&look_up, &missing).await;
    asked.says("Orchid House Surgery").says("The number was not on the register");
    assert!(story.lookups().await.is_empty(), "she has only been asked");
    let seen = asked.hidden("seen");
    abi.post(&look_up, &[&missing[..], &[("seen", seen.as_str())]].concat()).await.expect(303);
    assert_eq!(story.count("select count(*) from booking_flag").await, 1);
    let found = [&on[..], &[("outcome", "found")]].concat();
    abi.post(&look_up, &found).await.expect(303);
    assert_eq!(story.count("select count(*) from booking_flag").await, 0, "the booking is lawful again");
    // Another number is another entry, and what was said of the one before says nothing.
    let ann = story.ann.clone();
    story.seed.numbered(&ann, "7012399").await;
    let page = abi.get(&format!("/clinicians/{}", story.ann.id)).await;
    page.says("The GMC register has not been looked up");
    story.world.stop().await;
}
