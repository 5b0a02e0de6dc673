//! Sixty-four people want one session at the same moment, at two servers: half of them the practice books at once when they
//! ask, the others have asked before and are accepted now. One is booked, and everybody else gets a plain answer.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BankId, BookingId, RequestId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::Desk;
use locumbank::work::booking::error::DeskError;
use locumbank::work::request::Answer;
use locumbank::work::request::actions::{Answered, Asked, answer_request, ask_for_session};
use tokio::task::JoinSet;

use crate::support::desk::assert_sound;
use crate::support::opening::Opening;
use crate::support::seed::Person;

/// How many people.
const MANY: usize = 64;

fn acting(person: &Person, bank: BankId, kind: PersonKind) -> Actor {
    Actor::Member { account: person.account, bank, membership: person.membership, kind }
}

/// Whoever is booked by one answer, or why nobody is.
fn booked_by(answer: Result<Option<BookingId>, DeskError>) -> Result<BookingId, &'static str> {
    match answer {
        Ok(Some(booking)) => Ok(booking),
        Err(DeskError::Refused(refusal)) => Err(refusal.code()),
        other => panic!("not a clean answer: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_ask_and_are_accepted_at_once_and_one_is_booked() {
    let Opening { world, mut seed, administrator, practice, .. } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    let session = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
    let bank = seed.bank;
    let mut people = Vec::new();
    for number in 0..MANY {
        people.push(seed.clinician("gp", &format!("Gp {number}"), &administrator).await.person);
    }
    let desk = Desk::of(&world.app);
    let mut waiting: Vec<RequestId> = Vec::new();
    for person in &people[..MANY / 2] {
        let actor = acting(person, bank, PersonKind::Clinician);
        let asked =
            world.app.db.change(actor, async |tx| ask_for_session(tx, &desk, session, "").await).await;
        let Ok(Asked::Waits(id)) = asked else { panic!("{asked:?}") };
        waiting.push(id);
    }
    let path = format!("/practice/{practice}/trust");
    let of_manager = world.signed_in(&manager.email).await;
    of_manager.get(&path).await.expect(200).says("You have named nobody");
    assert_eq!(of_manager.post(&path, &[("role", "gp")]).await.expect(303).location, path);
    of_manager.get(&path).await.expect(200).says("All of the role");
    of_manager.get("/practice").await.expect(200).says("Whom you book at once when they ask");

    let second = world.start_another().await;
    let mut asking = JoinSet::new();
    for (number, person) in people.iter().enumerate() {
        let app = if number % 2 == 0 { world.app.clone() } else { second.app.clone() };
        let own = waiting.get(number).copied();
        let actor = match own {
            Some(_) => acting(&manager, bank, PersonKind::PracticeManager),
            None => acting(person, bank, PersonKind::Clinician),
        };
        asking.spawn(async move {
            let desk = Desk::of(&app);
            let mut tx = app.db.begin(actor).await?;
            let booking = match own {
                Some(request) => match answer_request(&mut tx, &desk, request, Answer::Accept).await? {
                    Answered::Booked(booking) => Some(booking),
                    _ => None,
                },
                None => match ask_for_session(&mut tx, &desk, session, "").await? {
                    Asked::Booked(booking) => Some(booking),
                    _ => None,
                },
            };
            tx.commit().await?;
            Ok::<_, DeskError>(booking)
        });
    }
    let (mut booked, mut refused) = (0, Vec::new());
    while let Some(answer) = asking.join_next().await {
        match booked_by(answer.expect("no panic")) {
            Ok(_) => booked += 1,
            Err(code) => refused.push(code),
        }
    }
    assert_eq!((booked, refused), (1, vec!["session_filled"; MANY - 1]));
    let live: i64 = sqlx::query_scalar("select count(*) from booking where state = 'live'")
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(live, 1);
    // Whoever is not named any more waits for an answer.
    of_manager.post(&format!("{path}/end"), &[("role", "gp")]).await.expect(303);
    of_manager.get(&path).await.expect(200).says("You have named nobody");
    second.stop().await;
    assert_sound(seed.connection()).await;
    world.stop().await;
}
