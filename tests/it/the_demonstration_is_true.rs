//! What is invented for the demonstration holds to the rules of what is real.

use std::sync::Arc;

use locumbank::demonstration::Size;
use locumbank::demonstration::load::{Practices, load};

use crate::support::World;

const SIZE: Size =
    Size { clinicians: 120, sessions: 20, weeks_ahead: 1, weeks_behind: 1, sessions_a_week_behind: 5 };

#[tokio::test]
async fn everybody_with_a_register_has_a_number_of_its_shape() {
    let world = World::start().await;
    load(&world.app, Practices::Invented, SIZE, Arc::new(|_step| ())).await.expect("a demonstration bank");
    let mut connection = world.connection().await;
    let (people, roles, wrong): (i64, i64, Vec<String>) = sqlx::query_as(
        "select count(*), count(distinct c.role),
                coalesce(array_agg(c.role || ' ' || coalesce(c.registration_number, 'none')) filter (
                    where case when r.register_pattern is null then c.registration_number is not null
                               else c.registration_number is null or c.registration_number !~ r.register_pattern end), '{}')
           from clinician c join role r on r.code = c.role",
    )
    .fetch_one(&mut connection)
    .await
    .expect("the clinicians");
    assert_eq!((people, roles), (120, 7));
    assert_eq!(wrong, Vec::<String>::new());
    let same: i64 = sqlx::query_scalar(
        "select count(*) - count(distinct registration_number) from clinician where registration_number is not null",
    )
    .fetch_one(&mut connection)
    .await
    .expect("the numbers");
    assert_eq!(same, 0, "two people have one number");
    let (vacancies, open, forgotten): (i64, i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where opens_at <= $1 and closes_at > $1),
                count(*) filter (where closes_at < $1 - interval '25 days' and outcome is null)
           from vacancy where published_at is not null",
    )
    .bind(world.app.clock.now())
    .fetch_one(&mut connection)
    .await
    .expect("the vacancies");
    assert!(
        vacancies == 10 && open > 0 && forgotten == 0,
        "{vacancies} vacancies, {open} open, {forgotten} forgotten"
    );
    world.stop().await;
}
