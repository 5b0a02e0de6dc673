//! Bank holidays are proclaimed, moved and counted otherwise after sessions were posted: these follow, or are listed; and
//! nothing is posted beyond what is known.

use std::process::{Command, Output};

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::terms::bank::actions::{choose_weekend_holidays, keep_list, keep_release};
use locumbank::terms::bank::calendar::BankHoliday;
use locumbank::terms::bank::holidays::{HolidayRule, released};
use locumbank::terms::bank::store::holidays::list_published;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{WayIn, Wish};
use locumbank::work::session::actions::reband::{Stays, find_out_of_band, reband_sessions};

use crate::support::desk::offer;
use crate::support::opening::Opening;
use crate::support::seed::day;
use crate::support::{World, on_behalf_of};

/// The list of the release with another holiday, and one taken away.
fn list_with(added: &str, left_out: &str) -> Vec<BankHoliday> {
    let mut list = released();
    list.retain(|holiday| holiday.date.to_string() != left_out);
    list.push(BankHoliday { date: day(added), title: "Bank holiday for the jubilee".to_owned() });
    list.sort_by_key(|holiday| holiday.date);
    list
}

#[tokio::test]
async fn posted_sessions_follow_a_new_holiday_unless_somebody_agreed_or_the_rate_does_not_fit() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let (bank, abi) = (seed.bank, administrator.account);
    let open = seed.session(practice, "gp", "2026-12-08", "08:30", "12:40").await;
    let offered = seed.session(practice, "gp", "2026-12-08", "13:00", "17:00").await;
    let nurse = seed.session(practice, "practice_nurse", "2026-12-08", "08:30", "12:40").await;
    let other_day = seed.session(practice, "gp", "2026-12-09", "08:30", "12:40").await;
    offer(&world, bank, abi, offered, ann.id).await;
    // Nurses are dearer on Sundays: the session's £25 to £35 lie below.
    seed.rate_range("practice_nurse", "sunday_or_bank_holiday", "2026-06-01", 4000, 6000).await;

    let mut tx = world.app.db.begin(Actor::job_of(bank)).await.unwrap();
    let changes = keep_list(&mut tx, &list_with("2026-12-08", "2026-12-28"), "jubilee.json").await.unwrap();
    assert_eq!((changes.added.len(), changes.removed.len()), (1, 1));
    let found = reband_sessions(&mut tx).await.unwrap();
    let stays = |id| found.iter().find(|out| out.session.id == id).map(|out| out.stays.clone());
    assert_eq!(stays(open), Some(None));
    assert_eq!(stays(offered), Some(Some(Stays::Agreed)));
    assert_eq!(stays(nurse), Some(Some(Stays::OutsideRange { role: "Practice nurse".to_owned() })));
    assert_eq!(stays(other_day), None);
    // What follows the calendar is out of band no more; the rest stays on the list.
    assert_eq!(find_out_of_band(&mut tx).await.unwrap().len(), 2);
    tx.commit().await.unwrap();
    let bands: Vec<(String, i64)> =
        sqlx::query_as("select band, count(*) from session group by band order by band")
            .fetch_all(seed.connection())
            .await
            .unwrap();
    assert_eq!(bands, [("core".to_owned(), 3), ("sunday_or_bank_holiday".to_owned(), 1)]);

    // What the operator read holds against the release, which is kept again at each start.
    let mut tx = world.app.db.begin(Actor::Operator).await.unwrap();
    keep_release(&mut tx).await.unwrap();
    let known = list_published(&mut tx).await.unwrap();
    let is_known = |date: &str| known.iter().any(|holiday| holiday.date == day(date));
    assert!(is_known("2026-12-08") && !is_known("2026-12-28"));
    tx.give_up().await.unwrap();
    world.stop().await;
}

#[tokio::test]
async fn a_booking_keeps_the_band_it_was_agreed_in() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let bank = seed.bank;
    let session = seed.session(practice, "gp", "2026-12-26", "08:30", "12:40").await;
    let wish = Wish {
        session,
        clinician: ann.id,
        way_in: WayIn::Administrator { rate_pence_per_hour: 8_800 },
        key: "the key".to_owned(),
    };
    let actor = on_behalf_of(bank, administrator.account);
    let desk = locumbank::work::booking::Desk::of(&world.app);
    world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await).await.expect("booked");
    let mut tx = world.app.db.begin(Actor::job_of(bank)).await.unwrap();
    // Boxing Day 2026 is a Saturday. Without a rule the day itself counts beside Monday.
    let bands = |found: Vec<locumbank::work::session::actions::reband::OutOfBand>| {
        found.into_iter().map(|out| (out.band.code(), out.stays)).collect::<Vec<_>>()
    };
    let found = bands(reband_sessions(&mut tx).await.unwrap());
    assert_eq!(found, [("sunday_or_bank_holiday", Some(Stays::Agreed))]);
    let rule = HolidayRule { valid_from: day("2026-12-01"), day_itself_counts: false };
    choose_weekend_holidays(&mut tx, rule, "").await.unwrap();
    assert_eq!(bands(find_out_of_band(&mut tx).await.unwrap()), [("saturday", Some(Stays::Agreed))]);
    tx.give_up().await.unwrap();
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_posted_beyond_the_known_calendar() {
    let Opening { world, mut seed, practice, .. } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    world.app.clock.advance(TimeDelta::days(70));
    let manager = world.signed_in(&manager.email).await;
    let id = practice.to_string();
    let form = |year: &'static str, month: &'static str, day: &'static str| {
        vec![
            ("on-day", day),
            ("on-month", month),
            ("on-year", year),
            ("start", "8:30am"),
            ("end", "12:40pm"),
            ("role", "gp"),
            ("places", "1"),
            ("rate-min", "80"),
            ("rate-max", "95"),
        ]
    };
    let check = async |mut fields: Vec<(&'static str, &'static str)>,
                       more: &[(&'static str, &'static str)]| {
        fields.extend_from_slice(more);
        let mut fields: Vec<(&str, &str)> = fields;
        fields.push(("practice", &id));
        manager.post("/sessions/check", &fields).await
    };
    let said = "Bank holidays are known until 31 December 2028 only, and the rate depends on them";
    check(form("2029", "1", "8"), &[]).await.expect(422).says(said);
    check(form("2028", "12", "29"), &[]).await.expect(200).does_not_say(said);
    let series = [("repeat", "weekly"), ("until-day", "9"), ("until-month", "1"), ("until-year", "2029")];
    check(form("2028", "12", "5"), &[&series[..], &[("bank-holidays", "no")]].concat())
        .await
        .expect(422)
        .says(said);
    // 25 December 2027 is a Saturday and counts, with the name of the day.
    check(form("2027", "12", "25"), &[]).await.expect(200).says("Sunday or bank holiday (Christmas Day)");
    world.stop().await;
}

fn operate(world: &World, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(arguments)
        .env_remove("REDIS_URL")
        .env("DATABASE_URL", world.database_url())
        .env("SMTP_URL", world.inbox.url())
        .env("LOCUMBANK__SECRETS__LINK_KEY", "11".repeat(32))
        .output()
        .expect("the binary runs")
}

#[tokio::test]
async fn an_operator_reads_a_list_and_chooses_what_counts() {
    let Opening { world, mut seed, practice, .. } = Opening::begin().await;
    sqlx::query("update bank set icb_code = 'QVV'").execute(seed.connection()).await.unwrap();
    // A Wednesday, and the Saturday before the substitute of New Year's Day.
    seed.session(practice, "gp", "2028-06-07", "08:30", "12:40").await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bank-holidays.json");
    let events: Vec<_> = list_with("2028-06-07", "2028-05-29")
        .iter()
        .map(|holiday| serde_json::json!({ "title": holiday.title, "date": holiday.date, "notes": "", "bunting": true }))
        .collect();
    let json =
        serde_json::json!({ "england-and-wales": { "division": "england-and-wales", "events": events } });
    std::fs::write(&path, json.to_string()).expect("a file");
    let file = path.display().to_string();
    let said = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();

    let tried = operate(&world, &["import", "holidays", &file, "--dry-run"]);
    let expected = "Added: Wednesday 7 June 2028, Bank holiday for the jubilee\n\
                    Removed: Monday 29 May 2028, Spring bank holiday\n\
                    Test bank: the session at Orchid House Surgery on Wednesday 7 June 2028, 8:30am to 12:40pm, is Sunday or \
                    bank holiday now, not Core hours.\n\
                    Bank holidays are known until 31 December 2028.\n";
    assert_eq!(said(&tried), format!("{expected}Nothing was changed: this was a dry run.\n"));
    assert_eq!(said(&operate(&world, &["import", "holidays", &file])), expected);
    assert_eq!(
        said(&operate(&world, &["import", "holidays", &file])),
        "Bank holidays are known until 31 December 2028.\n"
    );

    std::fs::write(&path, json.to_string().replace("2028-06-07", "7 June 2028")).expect("a file");
    let refused = operate(&world, &["import", "holidays", &file]);
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        why.contains(
            "date: \"7 June 2028\" can't be used; expected a date like 2026-12-25. Nothing was changed."
        ),
        "{why}"
    );

    let choice = ["admin", "weekend-holidays", "--icb=qvv", "--count=substitute", "--from=2026-12-01"];
    let chosen = operate(&world, &choice);
    let sentence = "Test bank: from 1 December 2026 on, when 25 or 26 December or 1 January is on a weekend, the substitute alone \
                    counts.\n";
    assert_eq!(said(&chosen), sentence, "{}", String::from_utf8_lossy(&chosen.stderr));
    world.stop().await;
}
