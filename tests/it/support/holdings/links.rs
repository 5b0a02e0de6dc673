//! Live links of a person.

use locumbank::ground::id::{AddressChangeId, PasswordLinkId};
use locumbank::ground::mail::links::{address_token, password_token};
use locumbank::ground::mail::sealed_link::{Purpose, SealedLink};
use locumbank::ground::sign_in::TokenHash;

use crate::support::World;
use crate::support::seed::{Clinician, Person, Seed};

/// The token of a live link to a new password.
pub async fn password_link(world: &World, seed: &mut Seed, person: &Person) -> String {
    let (id, now) = (PasswordLinkId::new(), world.app.clock.now());
    let token = password_token(&world.app.link_key, id);
    sqlx::query(
        "insert into password_reset (id, account_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $4 + interval '30 minutes')",
    )
    .bind(id)
    .bind(person.account)
    .bind(TokenHash::of(&token).0.as_slice())
    .bind(now)
    .execute(seed.connection())
    .await
    .expect("a link to a new password");
    token
}

/// The token of a live link that confirms a new address.
pub async fn address_link(world: &World, seed: &mut Seed, person: &Person) -> String {
    let (id, now) = (AddressChangeId::new(), world.app.clock.now());
    let tokens = [false, true].map(|is_new| address_token(&world.app.link_key, id, is_new));
    sqlx::query(
        "insert into address_change (id, account_id, new_email, old_token_hash, new_token_hash, created_at, expires_at)
         values ($1, $2, 'another@people.test', $3, $4, $5, $5 + interval '1 day')",
    )
    .bind(id)
    .bind(person.account)
    .bind(TokenHash::of(&tokens[0]).0.as_slice())
    .bind(TokenHash::of(&tokens[1]).0.as_slice())
    .bind(now)
    .execute(seed.connection())
    .await
    .expect("a link that confirms a new address");
    tokens[0].clone()
}

/// The token of the address at which the clinician's calendar fetches.
pub async fn calendar_link(world: &World, seed: &mut Seed, clinician: &Clinician) -> String {
    let id = "insert into calendar_feed (bank_id, id, clinician_id, made_at) values ($1, gen_random_uuid(), $2, now())
              returning id";
    let id: uuid::Uuid = sqlx::query_scalar(id)
        .bind(seed.bank)
        .bind(clinician.id)
        .fetch_one(seed.connection())
        .await
        .expect("a feed");
    let link = SealedLink { bank: seed.bank, id, kind: String::new() };
    link.token(&world.app.link_key, Purpose::Calendar)
}
