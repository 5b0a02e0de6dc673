//! The fill rate is what docs/METRICS.md says, worked out by hand and recounted from the file.

use locumbank::ground::id::SessionId;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::seed::Seed;

async fn withdraw(seed: &mut Seed, session: SessionId, days_ahead: i32) {
    sqlx::query(
        "update session set state = 'withdrawn', withdrawn_reason = 'Closed',
                withdrawn_at = starts_at - make_interval(days => $2) where id = $1",
    )
    .bind(session)
    .bind(days_ahead)
    .execute(seed.connection())
    .await
    .expect("a withdrawn session");
}

#[tokio::test]
async fn places_of_sessions_withdrawn_late_count_as_requested() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
    let practice = seed.practice("J81001", "=Orchid House Surgery").await;
    for start in ["08:30", "13:00", "14:00"] {
        seed.session(practice, "gp", "2026-10-27", start, "18:00").await;
    }
    let late = seed.session(practice, "gp", "2026-10-28", "08:30", "12:40").await;
    withdraw(&mut seed, late, 3).await;
    let early = seed.session(practice, "gp", "2026-10-28", "13:00", "17:00").await;
    withdraw(&mut seed, early, 10).await;
    seed.session(practice, "practice_nurse", "2026-11-20", "09:00", "12:00").await;

    let visitor = world.signed_in(&commissioner.email).await;
    let page = visitor.get("/fill-rate").await.expect(200);
    page.says("0% in the last 12 weeks 0 of 4 places").says("Fill rate = places filled ÷ places requested");
    visitor
        .get("/fill-rate?role=practice_nurse")
        .await
        .expect(200)
        .says("0% in the next 4 weeks, so far 0 of 1 places");

    let file = visitor.get("/fill-rate.csv").await.expect(200).body;
    let rows: Vec<&str> =
        file.strip_prefix('\u{feff}').expect("a byte-order mark").split_terminator("\r\n").collect();
    assert_eq!(
        rows,
        [
            "Week beginning,Practice code,Practice,Role code,Role,Places requested,Places filled,Fill rate in %",
            "2026-10-26,J81001,'=Orchid House Surgery,gp,GP,4,0,0.00",
            "2026-11-16,J81001,'=Orchid House Surgery,practice_nurse,Practice nurse,1,0,0.00"
        ]
    );

    // Of so few places as the bank says no percentage is shown, and the numbers stay.
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let administrator = world.signed_in(&administrator.email).await;
    let form = [("least_places", "5"), ("version", "0"), ("why", "Four places say nothing")];
    administrator
        .post("/bank/figures/check", &form)
        .await
        .expect(200)
        .says("Fewest places for a percentage: 5 places");
    administrator.post("/bank/figures", &form).await.expect(303);
    let page = visitor.get("/fill-rate").await.expect(200);
    page.says("Too few to say in the last 12 weeks 0 of 4 places");
    let file = visitor.get("/fill-rate.csv").await.expect(200).body;
    assert!(file.contains("gp,GP,4,0,\r\n"), "{file}");
    world.stop().await;
}
