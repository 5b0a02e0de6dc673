//! The log answers who cleared whom, when, and from what to what; it is found by words, people, changes and dates, and handed
//! out as a file.

use crate::support::opening::Opening;

#[tokio::test]
async fn the_log_says_who_cleared_whom_from_what_to_what_and_is_searched_and_handed_out() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    let desk = world.signed_in(&administrator.email).await;
    let path = format!("/clinicians/{}/clear", ann.id);
    for year in ["2027", "2028"] {
        let form = desk.get(&path).await.expect(200);
        let seen = form.hidden("after");
        let until = [
            ("until-day", "2"),
            ("until-month", "11"),
            ("until-year", year),
            ("reason", "All documents seen"),
            ("sure", "yes"),
            ("after", seen.as_str()),
        ];
        desk.post(&path, &until).await.expect(303);
    }
    let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let theirs = world.signed_in(&manager.email).await;
    let rates = [("rate-min", "75"), ("rate-max", "98"), ("notes", "")];
    theirs.post(&format!("/sessions/{session}/change"), &rates).await.expect(303);

    let found = desk.get("/audit?words=ann+example&action=clearance.decided").await.expect(200);
    found.says("Clearance decided").says("Abi Example").says("cleared until: from 2027-11-02 to 2028-11-02");
    assert_eq!(found.address(&format!("/clinicians/{}", ann.id)), format!("/clinicians/{}", ann.id));
    found.does_not_say("Session changed Session changed");
    let changed = desk.get("/audit?words=orchid").await.expect(200);
    changed
        .says("rate max: from £95 an hour to £98 an hour")
        .says("Orchid House Surgery, Tue 10 Nov, 8:30am");
    assert_eq!(changed.address("/unfilled-sessions/"), format!("/unfilled-sessions/{session}"));
    for nothing in ["words=nobody+at+all", "from=2026-11-03", "until=2026-11-01", "action=booking.made"] {
        desk.get(&format!("/audit?{nothing}")).await.expect(200).says("Nothing found");
    }
    desk.get("/audit?from=2026-11-02&until=2026-11-02").await.expect(200).says("Clearance decided");
    let file = desk.get("/audit.csv?words=ann+example").await.expect(200);
    assert!(file.body.contains("cleared until: from 2027-11-02 to 2028-11-02"), "{}", file.body);
    world.stop().await;
}
