//! Who waits to be cleared stands in a queue with everything that decides about them: those with nothing open are cleared
//! together, others looked at, and whoever is refused reads why and waits again once they have changed something.

use chrono::TimeDelta;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::documents::waiting_document;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    seed: Seed,
    administrator: Person,
    ready: Clinician,
    without: Clinician,
}

/// Two GPs about whom nothing was decided: one has everything, one has no indemnity.
async fn begin(world: &World) -> Story {
    let mut seed = Seed::bank(world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let ready = seed.clinician("gp", "Rea Dy", &administrator).await;
    let without = seed.clinician("gp", "Wil Out", &administrator).await;
    seed.need("gp", "indemnity", "2026-01-01").await;
    seed.competency(&ready, "indemnity", Some("2027-03-31")).await;
    for statement in [
        "alter table clearance disable trigger clearance_append_only",
        "delete from clearance",
        "alter table clearance enable trigger clearance_append_only",
        "update clinician set registration_number = '7012345', created_at = created_at - interval '3 days'",
        "update clinician set registration_number = '7012346' where id = (select max(id::text)::uuid from clinician)",
        "insert into register_lookup (bank_id, id, clinician_id, register, number, outcome, looked_up_on, source, recorded_at)
         select bank_id, gen_random_uuid(), id, 'GMC', registration_number, 'found', created_at::date, 'lrmp.csv', created_at
           from clinician",
    ] {
        sqlx::query(statement).execute(seed.connection()).await.expect(statement);
    }
    Story { seed, administrator, ready, without }
}

impl Story {
    async fn decisions(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from clearance")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }
}

#[tokio::test]
async fn those_with_nothing_open_are_cleared_together() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let abi = world.signed_in(&story.administrator.email).await;
    abi.get("/clinicians").await.expect(200).address("/clearing");
    let page = abi.get("/clearing").await.expect(200);
    page.says("2 people wait").says("Waits for 3 days: has never been cleared");
    page.says("Indemnity until 31 March 2027").says("GMC 7012345").says("Clear Rea Dy: nothing is open");
    page.says("Indemnity is not recorded").does_not_say("Clear Wil Out: nothing is open");
    page.says("there is no field for it");
    let (ready, without) = (story.ready.id.to_string(), story.without.id.to_string());
    let both = [("clinician", ready.as_str()), ("clinician", without.as_str())];
    abi.post("/clearing", &both).await.expect(422).says("Enter a reason");
    abi.post("/clearing", &[("reason", "Seen")]).await.expect(422).says("Select whom to clear");
    assert_eq!(story.decisions().await, 0);
    let done =
        abi.post("/clearing", &[&both[..], &[("reason", "Indemnity seen")]].concat()).await.expect(303);
    let page = abi.get(&done.location).await.expect(200);
    page.says("1 clinician is cleared; 1 is left as it is").says("1 person waits").does_not_say("Rea Dy");
    abi.get(&format!("/clinicians/{ready}")).await.says("Until 31 March 2027").says("Indemnity seen");
    assert_eq!(story.decisions().await, 1);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_clear_somebody_at_once_one_does() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let bea = story.seed.person(PersonKind::BankAdministrator, "Bea Example").await;
    let (abi, bea) = (world.signed_in(&story.administrator.email).await, world.signed_in(&bea.email).await);
    let ready = story.ready.id.to_string();
    let form = [("clinician", ready.as_str()), ("reason", "Seen")];
    let (one, other) = tokio::join!(abi.post("/clearing", &form), bea.post("/clearing", &form));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    assert_eq!(story.decisions().await, 1);
    world.stop().await;
}

/// Two administrators open a form about the same person, and send it at the same moment: one decides, and the other is
/// told that somebody has; what stands is one decision.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_decide_at_the_same_moment_the_second_sees_what_the_first_did() {
    let until = [
        ("until-day", "1"),
        ("until-month", "3"),
        ("until-year", "2027"),
        ("reason", "Seen"),
        ("sure", "yes"),
    ];
    let no = [("reason", "We could not reach your referee.")];
    for (one_does, other_does) in [("clear", "clear"), ("clear", "refuse"), ("refuse", "refuse")] {
        let world = World::start().await;
        let mut story = begin(&world).await;
        let bea = story.seed.person(PersonKind::BankAdministrator, "Bea Example").await;
        let (abi, bea) =
            (world.signed_in(&story.administrator.email).await, world.signed_in(&bea.email).await);
        let path = format!("/clinicians/{}", story.ready.id);
        let form = |what: &str| if what == "clear" { until.to_vec() } else { no.to_vec() };
        let (first, second) = (format!("{path}/{one_does}"), format!("{path}/{other_does}"));
        let seen = abi.get(&first).await.expect(200).hidden("after");
        assert_eq!(seen, bea.get(&second).await.expect(200).hidden("after"));
        let with = |what: &str| [form(what), vec![("after", seen.as_str())]].concat();
        let (with_one, with_other) = (with(one_does), with(other_does));
        let (one, other) = tokio::join!(abi.post(&first, &with_one), bea.post(&second, &with_other));
        let mut answers = [one.status.as_u16(), other.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409], "{one_does} and {other_does}");
        let late = if one.status.as_u16() == 409 { one } else { other };
        late.says("Somebody has decided about this clinician meanwhile");
        let refusals: i64 = sqlx::query_scalar("select count(*) from clearance_refusal")
            .fetch_one(story.seed.connection())
            .await
            .expect("a count");
        assert_eq!(story.decisions().await + refusals, 1, "{one_does} and {other_does}");
        // Whoever looks again decides after what stands.
        let again = abi.get(&first).await.expect(200).hidden("after");
        assert_ne!(again, seen);
        world.stop().await;
    }
}

#[tokio::test]
async fn whoever_is_refused_is_told_why_and_waits_again_once_something_has_changed() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let abi = world.signed_in(&story.administrator.email).await;
    let (without, path) = (story.without.clone(), format!("/clinicians/{}", story.without.id));
    let refuse = format!("{path}/refuse");
    abi.get(&refuse).await.expect(200).says("Write nothing about anybody’s health");
    abi.post(&refuse, &[]).await.expect(422).says("Enter a reason");
    let done = abi.post(&refuse, &[("reason", "We could not reach your referee.")]).await.expect(303);
    abi.get(&done.location).await.says("is told by email that they are not cleared, and why");
    abi.get("/clearing").await.expect(200).does_not_say("Wil Out");
    world.work().await;
    let mail = world.inbox.last_of(&without.person.email);
    assert_eq!(mail.header("Subject"), "Test bank: you are not cleared to work");
    assert!(mail.text().contains("We could not reach your referee."), "{}", mail.text());
    let wil = world.signed_in(&without.person.email).await;
    wil.get("/me")
        .await
        .says("On 2 November 2026 your bank did not clear you: We could not reach your referee.");

    world.app.clock.advance(TimeDelta::minutes(5));
    waiting_document(&world, story.seed.bank, &without, "indemnity").await;
    let page = abi.get("/clearing").await.expect(200);
    page.says("Wil Out").says("Indemnity waits to be looked at");
    page.address(&format!("{path}/documents/"));

    story.seed.cleared_until(&without, "2027-01-31", &story.administrator).await;
    abi.post(&refuse, &[("reason", "No")]).await.expect(303);
    story.seed.competency(&without, "indemnity", Some("2027-03-31")).await;
    abi.post(&refuse, &[("reason", "No")]).await.expect(409).says("This clinician is cleared");
    world.stop().await;
}

#[tokio::test]
async fn administrators_are_told_together_of_everybody_who_waits() {
    let world = World::start().await;
    let mut story = begin(&world).await;
    let bea = story.seed.person(PersonKind::BankAdministrator, "Bea Example").await;
    let told = |email: &str| {
        let all = world.inbox.of(email);
        all.iter().map(|mail| mail.header("Subject")).filter(|it| it.contains("cleared")).collect::<Vec<_>>()
    };
    // They wait since three days ago: that was told then.
    world.work().await;
    assert!(told(&bea.email).is_empty());
    let without = story.without.clone();
    waiting_document(&world, story.seed.bank, &without, "indemnity").await;
    for _ in 0..3 {
        world.app.clock.advance(TimeDelta::hours(23));
        world.work().await;
        world.app.clock.advance(TimeDelta::hours(1));
    }
    for email in [&bea.email, &story.administrator.email] {
        assert!(told(email).is_empty(), "whoever waits the longest is not new: {:?}", told(email));
    }
    let new = story.seed.clinician("practice_nurse", "Nur Se", &story.administrator).await;
    story.seed.need("practice_nurse", "indemnity", "2026-01-01").await;
    waiting_document(&world, story.seed.bank, &new, "indemnity").await;
    world.app.clock.advance(TimeDelta::hours(23));
    world.work().await;
    for email in [&bea.email, &story.administrator.email] {
        assert_eq!(told(email), ["Test bank: 3 people wait to be cleared"]);
    }
    let text = world.inbox.last_of(&bea.email).text();
    assert!(text.contains("Nur Se, practice nurse") && text.contains("/clearing"), "{text}");
    world.work().await;
    world.app.clock.advance(TimeDelta::days(1));
    world.work().await;
    assert_eq!(told(&bea.email).len(), 1, "nobody more waits");
    world.stop().await;
}
