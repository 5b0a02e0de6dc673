//! A role works under supervision: its practices name on each session who supervises, and whoever is booked knows it.

use locumbank::ground::id::SessionId;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};

use crate::every_message::parsed::{entry_faults, parse};
use crate::support::desk::assert_sound;
use crate::support::on_behalf_of;
use crate::support::opening::Opening;

const SUPERVISED: [(&str, &str); 10] = [
    ("kind", "role"),
    ("code", "physician_associate"),
    ("version", "0"),
    ("name", "Physician associate"),
    ("plural", "Physician associates"),
    ("regulator", "GMC"),
    ("form", "A#######"),
    ("example", "A7012345"),
    ("supervised", "yes"),
    ("why", "They work under a named doctor"),
];

#[tokio::test]
async fn who_supervises_is_named_on_the_session_and_told_to_whoever_is_booked() {
    let Opening { world, mut seed, administrator, practice, .. } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    seed.rate_range("physician_associate", "core", "2026-01-01", 3_000, 5_000).await;
    let pam = seed.clinician("physician_associate", "Pam Example", &administrator).await;
    let session = seed.session(practice, "physician_associate", "2026-11-10", "08:30", "12:40").await;
    let wish = Wish {
        session,
        clinician: pam.id,
        way_in: WayIn::Administrator { rate_pence_per_hour: 3_200 },
        key: "the key".to_owned(),
    };
    let (desk, actor) = (Desk::of(&world.app), on_behalf_of(seed.bank, administrator.account));
    world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await).await.expect("booked");
    world.work().await;
    let mo = world.signed_in(&manager.email).await;
    mo.get("/sessions/new").await.expect(200).does_not_say("Who supervises on the day");

    // An administrator decides that the role needs it, and sees which sessions name nobody.
    let abi = world.signed_in(&administrator.email).await;
    let check = abi.post("/bank/roles/check", &SUPERVISED).await.expect(200);
    check.says("Supervisor: Named on each session, before Not needed");
    check.says("1 open session has no supervisor: they stay as they are until their practice changes them");
    abi.post("/bank/roles", &SUPERVISED).await.expect(303);

    // What was posted before says so, and is changed only with a name.
    let (page, change) = (format!("/sessions/{session}"), format!("/sessions/{session}/change"));
    mo.get(&page).await.expect(200).says("Nobody is named yet");
    mo.get(&change).await.expect(200).says("Who supervises on the day");
    mo.post(&change, &[("notes", "Ring"), ("supervisor", "")])
        .await
        .expect(422)
        .says("Enter who supervises on the day: physician associates work under somebody who is named");
    mo.post(&change, &[("notes", ""), ("supervisor", "Dr Sam Hill, GP partner")]).await.expect(303);
    mo.get(&page).await.expect(200).says("Dr Sam Hill, GP partner");
    world.work().await;
    let mail = world.inbox.last_of(&pam.person.email);
    let text = mail.text();
    assert!(
        text.contains(
            "Dr Sam Hill, GP partner supervises it on the day; the time and the pay are as they were."
        ),
        "{text}"
    );
    assert!(text.contains("Supervised by: Dr Sam Hill, GP partner"), "{text}");
    let entry = parse(&[&mail.raw]).remove(0).calendars.remove(0);
    assert_eq!(
        entry_faults(&entry, "REQUEST", 1, std::slice::from_ref(&pam.person.email)),
        Vec::<String>::new()
    );
    let description = entry.properties.iter().find(|it| it.name == "DESCRIPTION").expect("a description");
    assert!(description.value.contains("Supervised by: Dr Sam Hill"), "{}", description.value);
    let hers = world.signed_in(&pam.person.email).await;
    let bookings = hers.get("/bookings").await.expect(200).address("/bookings/0");
    hers.get(&bookings).await.expect(200).says("Supervised by").says("Dr Sam Hill, GP partner");
    assert_sound(seed.connection()).await;
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_posted_for_the_role_without_by_the_form_or_past_it() {
    let Opening { world, mut seed, administrator, practice, .. } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    seed.rate_range("physician_associate", "core", "2026-01-01", 3_000, 5_000).await;
    let abi = world.signed_in(&administrator.email).await;
    abi.post("/bank/roles", &SUPERVISED).await.expect(303);
    let mo = world.signed_in(&manager.email).await;
    let id = practice.to_string();
    let mut form = vec![
        ("practice", id.as_str()),
        ("on-day", "17"),
        ("on-month", "11"),
        ("on-year", "2026"),
        ("start", "8:30am"),
        ("end", "12:40pm"),
        ("role", "physician_associate"),
        ("places", "1"),
        ("rate-min", "32"),
    ];
    let refused = mo.post("/sessions/check", &form).await.expect(422);
    refused.says("Enter who supervises on the day").says("Needed for physician associates");
    form.push(("supervisor", "Dr Ada Hill"));
    let check = mo.post("/sessions/check", &form).await.expect(200);
    check.says("Supervised by").says("Dr Ada Hill");
    let key = check.hidden("key");
    form.push(("key", &key));
    mo.post("/sessions", &form).await.expect(303);
    let named: Vec<String> =
        sqlx::query_scalar("select supervisor from session_as_posted order by starts_at")
            .fetch_all(seed.connection())
            .await
            .expect("sessions");
    assert_eq!(named, ["Dr Ada Hill"]);
    let gp: SessionId = seed.session(practice, "gp", "2026-11-12", "08:30", "12:40").await;
    let past = sqlx::query(
        "insert into session_role (bank_id, session_id, role) values ($1, $2, 'physician_associate')",
    )
    .bind(seed.bank)
    .bind(gp)
    .execute(seed.connection())
    .await
    .expect_err("the database refuses");
    assert_eq!(past.as_database_error().and_then(|it| it.constraint()), Some("session_names_supervisor"));
    let emptied = sqlx::query("update session set supervisor = '' where supervisor <> ''")
        .execute(seed.connection())
        .await;
    let emptied = emptied.expect_err("nor is a name taken away");
    assert_eq!(emptied.as_database_error().and_then(|it| it.constraint()), Some("session_keeps_supervisor"));
    world.work().await;
    assert_sound(seed.connection()).await;
    world.stop().await;
}
