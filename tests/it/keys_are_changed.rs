//! An operator gives the service a new key: what the old one sealed can be read as before, is sealed by the new one, and the
//! old one is taken out of the settings.

use std::process::Command;

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{ClinicianId, DocumentId};
use locumbank::ground::mail::link_key::LinkKey;
use locumbank::people::account::actions::second_factor::opened;
use locumbank::people::account::store::second_factor::find_second_factor;
use locumbank::people::document::actions::open::{NotOpened, open_of_clinician};
use locumbank::people::document::seal::{DocumentKeys, SealError};

use crate::support::documents::waiting_document;
use crate::support::opening::Opening;
use crate::support::{World, on_behalf_of};

const SECRET: [u8; 20] = *b"12345678901234567890";

fn link_key() -> LinkKey {
    LinkKey::from_hex(&"11".repeat(32).into()).expect("a key")
}

fn reseal(world: &World, document_keys: &str, data_key: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(["admin", "reseal"])
        .env_remove("REDIS_URL")
        .env("DATABASE_URL", world.database_url())
        .env("SMTP_URL", world.inbox.url())
        .env("LOCUMBANK__SECRETS__LINK_KEY", "11".repeat(32))
        .env("LOCUMBANK__SECRETS__DOCUMENT_KEYS", document_keys)
        .env("LOCUMBANK__SECRETS__DATA_KEY", data_key)
        .output()
        .expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[tokio::test]
async fn what_an_old_key_sealed_is_sealed_by_the_new_one_and_the_old_one_goes() {
    let Opening { world, mut seed, administrator, ann, .. } = Opening::begin().await;
    for competency in ["indemnity", "enhanced_dbs"] {
        waiting_document(&world, seed.bank, &ann, competency).await;
    }
    let ids: Vec<DocumentId> =
        sqlx::query_scalar("select id from document").fetch_all(seed.connection()).await.expect("documents");
    let old = link_key().data_key(&String::new().into()).expect("a key");
    let purpose = [b"second factor:".as_slice(), ann.person.account.0.as_bytes()].concat();
    let sealed = old.seal(&purpose, &SECRET, [7; 24]).expect("it is sealed");
    sqlx::query("insert into second_factor (account_id, sealed_secret, confirmed_at) values ($1, $2, now())")
        .bind(ann.person.account)
        .bind(&sealed)
        .execute(seed.connection())
        .await
        .expect("a second factor");

    let in_use = secrecy::ExposeSecret::expose_secret(&world.app.settings.secrets.document_keys).to_owned();
    let new = format!("2027:{}", "cd".repeat(32));
    let both = format!("{new},{in_use}");
    let actor = on_behalf_of(seed.bank, administrator.account);
    let open = async |keys: &str, id| read(&world, actor, keys, (ann.id, id)).await;
    for id in &ids {
        assert!(open(&both, *id).await.is_ok(), "with the new key before it, the old one opens");
        let away = open(&new, *id).await;
        assert!(matches!(away, Err(NotOpened::Sealed(SealError::KeyAway(_)))), "{away:?}");
    }
    let data_keys = format!("{},link_key", "ef".repeat(32));
    let said = reseal(&world, &both, &data_keys);
    assert!(said.contains("Sealed again: 2 files."), "{said}");
    assert!(said.contains("Sealed again: 1 secret of a second factor."), "{said}");
    // The old keys are taken away.
    for id in &ids {
        assert_eq!(open(&new, *id).await.expect("it opens"), open(&both, *id).await.expect("it opens"));
        let gone = open(&in_use, *id).await;
        assert!(matches!(gone, Err(NotOpened::Sealed(SealError::KeyAway(_)))), "{gone:?}");
    }
    let key = link_key().data_key(&"ef".repeat(32).into()).expect("a key");
    let tx = &mut world.app.db.look(Actor::SERVICE).await.expect("a look");
    let kept = find_second_factor(tx, ann.person.account).await.expect("a second factor");
    assert_eq!(opened(&key, ann.person.account, kept.sealed_secret.as_deref()), Some(SECRET));
    assert_eq!(opened(&old, ann.person.account, kept.sealed_secret.as_deref()), None);
    // Again there is nothing to do.
    let said = reseal(&world, &new, &"ef".repeat(32));
    assert!(said.contains("Sealed again: no files.") && !said.contains("No key of"), "{said}");
    world.stop().await;
}

async fn read(
    world: &World,
    actor: Actor,
    keys: &str,
    whose: (ClinicianId, DocumentId),
) -> Result<Vec<u8>, NotOpened> {
    let keys = DocumentKeys::read(&keys.into()).expect("keys");
    let opened = world.app.db.change(actor, async |tx| open_of_clinician(tx, &keys, whose).await).await;
    opened.map(|opened| opened.bytes)
}
