//! Applications for stories to begin with.

use locumbank::ground::id::{ApplicationId, ApplicationLinkId, VacancyId};
use locumbank::ground::mail::links::application_token;
use locumbank::ground::sign_in::TokenHash;
use locumbank::hiring::application::cv::CvOf;
use locumbank::people::document::FileKind;
use locumbank::people::document::seal::DocumentKeys;

use super::World;
use super::seed::Seed;

/// An application of that address in which nobody has written anything, and the token of its link.
pub async fn begun_application(
    world: &World,
    seed: &mut Seed,
    (vacancy, email): (VacancyId, &str),
) -> (ApplicationId, String) {
    let (bank, id, link, now) = (seed.bank, ApplicationId::new(), ApplicationLinkId::new(), seed.now());
    let token = application_token(&world.app.link_key, link);
    sqlx::query(
        "with begun as (
             insert into application (bank_id, id, vacancy_id, link_id, token_hash, link_sent_at, state, begun_at, changed_at)
             values ($1, $2, $3, $4, $5, $6, 'begun', $6, $6))
         insert into applicant (bank_id, application_id, vacancy_id, email, name, phone, typed)
         values ($1, $2, $3, $7, '', '', '[]')",
    )
    .bind(bank)
    .bind(id)
    .bind(vacancy)
    .bind(link)
    .bind(TokenHash::of(&token).0.as_slice())
    .bind(now)
    .bind(email)
    .execute(seed.connection())
    .await
    .expect("an application");
    (id, token)
}

/// An application that was sent, with a CV, of somebody called after their address; and the token of its link.
pub async fn sent_application(
    world: &World,
    seed: &mut Seed,
    (vacancy, email): (VacancyId, &str),
) -> (ApplicationId, String) {
    let (id, token) = begun_application(world, seed, (vacancy, email)).await;
    let keys = DocumentKeys::read(&world.app.settings.secrets.document_keys).expect("keys");
    let of = CvOf { bank: seed.bank, application: id, kind: FileKind::Pdf };
    let sealed = keys.seal(&of, b"%PDF-1.7 CV %%EOF".to_vec()).expect("a sealed file");
    sqlx::query(
        "with sent as (
             update application
                set state = 'received', sent_at = begun_at, moved_at = begun_at, right_to_work = 'settled',
                    statements = '[[\"Patience\", \"I have some\"]]'
              where bank_id = $1 and id = $2),
         named as (
             update applicant set name = initcap(split_part(email, '@', 1)) || ' Example'
              where bank_id = $1 and application_id = $2)
         insert into application_file (bank_id, application_id, kind, file_name, bytes, virus_checked, key_id, nonce, sealed)
         values ($1, $2, 'pdf', 'cv.pdf', 17, false, $3, $4, $5)",
    )
    .bind(seed.bank)
    .bind(id)
    .bind(&sealed.key_id)
    .bind(&sealed.nonce)
    .bind(&sealed.bytes)
    .execute(seed.connection())
    .await
    .expect("it is sent");
    (id, token)
}
