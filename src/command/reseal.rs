//! `locumbank admin reseal`: what older keys have sealed is sealed by the newest, so that the older can go from the settings.

use secrecy::ExposeSecret as _;

use crate::command::CommandError;
use crate::ground::actor::Actor;
use crate::ground::data_key::NONCE;
use crate::ground::db::Db;
use crate::ground::mail::link_key::LinkKey;
use crate::ground::settings::Settings;
use crate::ground::words;
use crate::people::account::actions::second_factor::reseal_second_factors;
use crate::people::document::actions::reseal::reseal_one;
use crate::people::document::seal::DocumentKeys;
use crate::people::document::store::list_key_ids;

/// Seals everything again that is not sealed by the newest keys: files, each in a transaction of its own, and the secrets of
/// second factors. It can be broken off, run again, and run while the service works.
pub async fn reseal(db: &Db, settings: &Settings) -> Result<(), CommandError> {
    let doing = "Sealing everything by the newest keys";
    let keys = DocumentKeys::read(&settings.secrets.document_keys)
        .map_err(|error| CommandError::new("Reading secrets.document_keys", &error))?;
    let mut files = 0;
    while db
        .change(Actor::Operator, async |tx| reseal_one(tx, &keys).await)
        .await
        .map_err(|error| CommandError::new(doing, &error))?
    {
        files += 1;
    }
    say!("Sealed again: {}.", words::count(files, "file", "files"));
    reseal_secrets(db, settings).await?;
    say_what_no_key_opens(db, &keys).await
}

async fn reseal_secrets(db: &Db, settings: &Settings) -> Result<(), CommandError> {
    if settings.secrets.link_key.expose_secret().is_empty() {
        say!("Second factors were left alone: secrets.link_key is not given.");
        return Ok(());
    }
    let link_key = LinkKey::from_hex(&settings.secrets.link_key)
        .map_err(|error| CommandError::new("Reading secrets.link_key", &error))?;
    let key = link_key
        .data_key(&settings.secrets.data_key)
        .map_err(|error| CommandError::new("Reading secrets.data_key", &error))?;
    let by_chance = || {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map(|()| nonce)
    };
    let done = db.change(Actor::Operator, async |tx| reseal_second_factors(tx, &key, by_chance).await);
    let (resealed, lost) =
        done.await.map_err(|error| CommandError::new("Sealing second factors again", &error))?;
    say!(
        "Sealed again: {}.",
        words::count(resealed, "secret of a second factor", "secrets of second factors")
    );
    if lost > 0 {
        say!(
            "No key of secrets.data_key opens {}: whose they are sets them up anew.",
            words::count(lost, "secret of a second factor", "secrets of second factors")
        );
    }
    say!(
        "Forms that wait for people who were signed out are kept for 24 hours: leave the older key so long."
    );
    Ok(())
}

async fn say_what_no_key_opens(db: &Db, keys: &DocumentKeys) -> Result<(), CommandError> {
    let failed = |error| CommandError::new("Asking which keys have sealed files", &error);
    let sealed = list_key_ids(&mut db.look(Actor::Operator).await.map_err(failed)?).await.map_err(failed)?;
    for (key, count) in sealed.into_iter().filter(|(key, _)| !keys.has(key)) {
        say!(
            "{} sealed by the key {key}, which secrets.document_keys does not have.",
            words::capitalised(&words::count(count, "file is", "files are"))
        );
    }
    Ok(())
}
