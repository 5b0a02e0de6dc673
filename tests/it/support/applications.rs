//! Applications for stories to begin with.

use locumbank::ground::id::{ApplicationId, ApplicationLinkId, VacancyId};
use locumbank::ground::mail::links::application_token;
use locumbank::ground::sign_in::TokenHash;

use super::World;
use super::seed::Seed;

/// The token of the link of an application to a vacancy, which nobody has written anything in.
pub async fn application_link(world: &World, seed: &mut Seed, vacancy: VacancyId) -> String {
    let (bank, id, link, now) = (seed.bank, ApplicationId::new(), ApplicationLinkId::new(), seed.now());
    let token = application_token(&world.app.link_key, link);
    sqlx::query(
        "with begun as (
             insert into application (bank_id, id, vacancy_id, link_id, token_hash, link_sent_at, state, begun_at, changed_at)
             values ($1, $2, $3, $4, $5, $6, 'begun', $6, $6))
         insert into applicant (bank_id, application_id, vacancy_id, email, name, phone, typed)
         values ($1, $2, $3, 'seeker@people.test', '', '', '[]')",
    )
    .bind(bank)
    .bind(id)
    .bind(vacancy)
    .bind(link)
    .bind(TokenHash::of(&token).0.as_slice())
    .bind(now)
    .execute(seed.connection())
    .await
    .expect("an application");
    token
}

/// The token of the link of an application that was sent.
pub async fn sent_application_link(world: &World, seed: &mut Seed, vacancy: VacancyId) -> String {
    let token = application_link(world, seed, vacancy).await;
    sqlx::query(
        "update application set state = 'received', sent_at = begun_at, statements = '[]', right_to_work = 'settled'
          where token_hash = $1",
    )
    .bind(TokenHash::of(&token).0.as_slice())
    .execute(seed.connection())
    .await
    .expect("it is sent");
    token
}
