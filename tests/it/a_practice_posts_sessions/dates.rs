//! Several dates at once, their rates, what is posted already, and what is asked for otherwise later.

use locumbank::ground::sign_in::PersonKind;

use super::{SESSIONS, Story, borrowed};

/// Fridays before and on Christmas Day and New Year's Day.
const CHRISTMAS: [(&str, &str); 7] = [
    ("on-day", "18"),
    ("on-month", "12"),
    ("repeat", "weekly"),
    ("until-day", "1"),
    ("until-month", "1"),
    ("until-year", "2027"),
    ("bank-holidays", "yes"),
];

#[tokio::test]
async fn bank_holidays_of_a_series_take_their_own_rate() {
    let mut story = Story::begin().await;
    story.seed.rate_range("gp", "sunday_or_bank_holiday", "2026-06-01", 11_000, 13_000).await;
    let refused = story.check(&story.form(&CHRISTMAS)).await.expect(422);
    refused.says("On Friday 25 December 2026 (Christmas Day) the rate must lie inside the range");
    refused.says("Rate for Sunday or bank holiday");
    let both =
        story.form(&[&CHRISTMAS[..], &[("rate-sunday-min", "115"), ("rate-sunday-max", "120")]].concat());
    let check = story.check(&both).await.expect(200);
    check.says("3 sessions").says("£80 to £95 an hour, and £115 to £120 an hour for Sunday or bank holiday");
    story.post(&both, &check.hidden("key")).await.expect(303);
    let posted: Vec<(String, i32)> =
        sqlx::query_as("select band, rate_min_pence_per_hour from session order by local_date")
            .fetch_all(&mut story.world.connection().await)
            .await
            .unwrap();
    let holiday = || ("sunday_or_bank_holiday".to_owned(), 11_500);
    assert_eq!(posted, [("core".to_owned(), 8_000), holiday(), holiday()]);
}

#[tokio::test]
async fn several_dates_are_picked_and_posted_in_one_press_with_what_they_cost() {
    let story = Story::begin().await;
    story
        .visitor
        .get("/sessions/new")
        .await
        .expect(200)
        .says("Pick more dates")
        .says("From Monday 9 November");
    let mut form = story.form(&[("date", "2026-11-19")]);
    form.push(("date", "2026-12-02".to_owned()));
    let check = story.check(&form).await.expect(200);
    check.says("3 sessions").says("Thursday 19 November 2026").says("Wednesday 2 December 2026");
    // 4 hours 10 minutes for two people at £80 to £95, three times.
    check.says("£666.67 to £791.67").says("What it costs £2,000.01 to £2,375.01");
    story.post(&form, &check.hidden("key")).await.expect(303);
    assert_eq!(story.count(SESSIONS).await, 3);
    let rules =
        [("repeat", "fortnightly"), ("until-day", "8"), ("until-month", "12"), ("until-year", "2026")];
    story.check(&story.form(&rules)).await.expect(200).says("3 sessions").says("Tuesday 24 November 2026");
}

#[tokio::test]
async fn the_same_session_twice_is_warned_about_and_then_taken() {
    let story = Story::begin().await;
    let check = story.check(&story.form(&[])).await.expect(200);
    check.does_not_say("You have posted this already");
    story.post(&story.form(&[]), &check.hidden("key")).await.expect(303);
    let again = story.check(&story.form(&[])).await.expect(200);
    again.says("You have posted this already").says("Tuesday 10 November 2026");
    story
        .check(&story.form(&[("end", "1pm")]))
        .await
        .expect(200)
        .does_not_say("You have posted this already");
    story.post(&story.form(&[]), &again.hidden("key")).await.expect(303);
    assert_eq!(story.count(SESSIONS).await, 2);
}

#[tokio::test]
async fn another_session_like_one_is_posted_and_needs_the_practices_own_system() {
    let mut story = Story::begin().await;
    let statement =
        "insert into practice_guide (bank_id, practice_id, version, phone, clinical_system, parking, arrival,
                            contact_name, contact_phone, changed_at)
                     select bank_id, id, 1, '', 'emis_web', '', '', '', '', now() from practice";
    sqlx::query(statement).execute(story.seed.connection()).await.expect("a guide");
    let page = story.visitor.get("/sessions/new").await.expect(200);
    page.says("They know the practice’s own clinical system").says("EMIS Web at Orchid House Surgery");
    let form = story.form(&[("competency", "duty_doctor"), ("own-system", "yes")]);
    let check = story.check(&form).await.expect(200);
    check.says("Duty doctor and EMIS Web");
    let posted = story.post(&form, &check.hidden("key")).await.expect(303);
    let week = story.visitor.get(&posted.location).await.expect(200);
    let session = story.visitor.get(&week.address("/sessions/0")).await.expect(200);
    session.says("Post another session like this");
    let like = story.visitor.get(&session.address("/sessions/new?like=")).await.expect(200);
    like.says("Park behind the building");
    for field in ["value=\"8:30am\"", "value=\"80\"", "value=\"95\"", "value=\"2\""] {
        assert!(like.body.contains(field), "{field}");
    }
    let mut template = borrowed(&form);
    template.push(("template", "Duty morning"));
    story.visitor.post("/sessions/templates", &template).await.expect(303);
    let page = story.visitor.get("/sessions/new").await.expect(200);
    page.says("Duty morning");
    let used = story.visitor.get(&page.address("/sessions/new?template=")).await.expect(200);
    assert!(
        used.body.contains("value=\"8:30am\"")
            && !used.body.contains("name=\"on-day\" type=\"text\" inputmode=\"numeric\" value=\"10\"")
    );
    let none = "/sessions/new?like=01980000-0000-7000-8000-000000000000";
    story.visitor.get(none).await.expect(404);
}

/// The form that asks for three nurses on 18 November instead, with these fields changed or added.
fn otherwise(story: &Story, changed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let nurses =
        [("on-day", "18"), ("places", "3"), ("role", "practice_nurse"), ("rate-min", "30"), ("rate-max", "")];
    story.form(&[&nurses, changed].concat())
}

#[tokio::test]
async fn what_a_session_asks_for_changes_until_somebody_agrees_also_of_a_whole_series() {
    let mut story = Story::begin().await;
    let weekly = [("repeat", "weekly"), ("until-day", "1"), ("until-month", "12"), ("until-year", "2026")];
    let form = story.form(&weekly);
    let check = story.check(&form).await.expect(200);
    check.says("4 sessions");
    story.post(&form, &check.hidden("key")).await.expect(303);
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar("select id from session order by local_date")
        .fetch_all(story.seed.connection())
        .await
        .unwrap();
    let path = format!("/sessions/{}/asked", ids[1]);
    let page = story.visitor.get(&format!("/sessions/{}", ids[1])).await.expect(200);
    page.says("Change");
    story.visitor.get(&path).await.expect(200).says("This session and the later ones of its series");
    let wrong = otherwise(&story, &[("rate-min", "80")]);
    let wrong: Vec<_> =
        wrong.into_iter().filter(|(name, value)| *name != "rate-min" || value == "80").collect();
    story.visitor.post(&path, &borrowed(&wrong)).await.expect(422).says("The rate must lie inside the range");
    // Alone it can move to another day.
    let done = story.visitor.post(&path, &borrowed(&otherwise(&story, &[]))).await.expect(303);
    let page = story.visitor.get(&done.location).await.expect(200);
    page.says("The session is changed").says("Wednesday 18 November 2026").says("Practice nurse");
    // Of the later ones each keeps its date, and what somebody has an offer for stays.
    let administrator = story.seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let ann = story.seed.clinician("gp", "Ann Example", &administrator).await;
    let offered = locumbank::ground::id::SessionId(ids[3]);
    crate::support::desk::offer(&story.world, story.seed.bank, administrator.account, offered, ann.id).await;
    let later =
        story.visitor.post(&path, &borrowed(&otherwise(&story, &[("scope", "later")]))).await.expect(303);
    story.visitor.get(&later.location).await.expect(200).says("2 sessions are changed; 1 stays as it was");
    let posted: Vec<(String, i16)> =
        sqlx::query_as("select to_char(local_date, 'DD Mon'), places from session order by local_date")
            .fetch_all(story.seed.connection())
            .await
            .unwrap();
    let session = |date: &str, places| (date.to_owned(), places);
    assert_eq!(
        posted,
        [session("10 Nov", 2), session("18 Nov", 3), session("24 Nov", 3), session("01 Dec", 2)]
    );
    let offered = format!("/sessions/{}/asked", ids[3]);
    let page = story.visitor.get(&offered).await.expect(303);
    story.visitor.get(&page.location).await.expect(200).says("Somebody is booked or has an offer for it");
    story.visitor.post(&offered, &borrowed(&otherwise(&story, &[]))).await.expect(409);
}

#[tokio::test]
async fn roles_without_a_range_or_with_ranges_that_do_not_meet_are_told_apart() {
    let story = Story::begin().await;
    let page = story.visitor.get("/sessions/new").await.expect(200);
    page.says("Nothing can be posted for Advanced nurse practitioner, Care co-ordinator");
    assert!(!page.body.contains("value=\"paramedic\""), "nobody can choose it");
    let mut form = story.form(&[]);
    form.push(("role", "practice_nurse".to_owned()));
    let refused = story.check(&form).await.expect(422);
    refused.says("No rate lies in the range of each role. GP core hours: £70 to £100 an hour from 1 January 2026; Practice nurse");
    refused.says("Post a session for each role");
}
