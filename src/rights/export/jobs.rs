//! Makes copies: reads everything as of one moment, puts it together, seals it, and tells whoever asked.

use serde::Deserialize;
use serde_json::Value;

use super::archive::{self, Contents, File, Part};
use super::messages::copy_ready;
use super::{Export, LASTS, purpose, store};
use crate::ground::actor::Actor;
use crate::ground::app::App;
use crate::ground::data_key::NONCE;
use crate::ground::db::Tx;
use crate::ground::id::{BankId, ExportId};
use crate::ground::mail;
use crate::ground::queue::JobError;
use crate::people::account::store::password::find_holder;
use crate::people::document::seal::{DocumentKeys, Whose};
use crate::people::document::store::find_file;
use crate::rights::erasure::store::find_subject;
use crate::rights::held::store::{Subject, list_copied};
use crate::rights::held::tables;
use crate::terms::bank::store::find_bank;

/// So many bytes of the file are in a row, at most.
const PART_BYTES: usize = 1024 * 1024;

#[derive(Debug, Deserialize)]
struct Payload {
    bank: BankId,
    export: ExportId,
}

/// Makes the copy that was asked for, unless it is there or its person is not any more.
pub async fn make(app: &App, payload: Value) -> Result<(), JobError> {
    let Payload { bank, export: id } = serde_json::from_value(payload)?;
    let mut tx = app.db.snapshot(Actor::SERVICE).await?;
    tx.go_to_bank(bank).await?;
    let Some(export) = store::find_export(&mut tx, id).await?.filter(|export| export.ready_at.is_none())
    else {
        return tx.give_up().await.map_err(JobError::from);
    };
    let contents = read(app, &mut tx, &export).await?;
    tx.give_up().await?;
    let Some(contents) = contents else { return Ok(()) };
    let written = tokio::task::spawn_blocking(move || archive::write(&contents)).await;
    let file = written.map_err(failed)?.map_err(failed)?;
    keep(app, &export, &file).await
}

/// The work itself failed, for this reason.
fn failed(error: impl std::fmt::Display) -> JobError {
    JobError::Failed(error.to_string())
}

/// Everything that the copy has; none where the person was erased meanwhile.
async fn read(app: &App, tx: &mut Tx, export: &Export) -> Result<Option<Contents>, JobError> {
    let Some(found) = find_subject(tx, export.account_id).await? else { return Ok(None) };
    let banks = if export.whole_account { found.banks.clone() } else { vec![export.bank_id] };
    let subject = Subject { banks, whole_account: export.whole_account, ..found };
    let bank = find_bank(tx, export.bank_id).await?;
    let mut parts = Vec::new();
    for table in tables().filter(|table| !table.heading.is_empty()) {
        parts.push(Part { table, rows: list_copied(tx, table, &subject).await? });
    }
    Ok(Some(Contents {
        made_at: tx.now(),
        whole_account: subject.whole_account,
        bank_name: bank.map_or(String::new(), |bank| bank.name),
        parts,
        files: read_files(app, tx, &subject).await?,
        name: subject.name,
    }))
}

/// The files they handed in. One whose key is not in the settings any more is left out, which its name says.
async fn read_files(app: &App, tx: &mut Tx, subject: &Subject) -> Result<Vec<File>, JobError> {
    let keys = DocumentKeys::read(&app.settings.secrets.document_keys).map_err(failed)?;
    let mut files = Vec::new();
    for handed_in in store::list_handed_in(tx, subject.account, &subject.banks).await? {
        tx.go_to_bank(handed_in.bank_id).await?;
        let Some(sealed) = find_file(tx, handed_in.id).await? else { continue };
        let whose = Whose {
            bank: handed_in.bank_id,
            clinician: handed_in.clinician_id,
            document: handed_in.id,
            kind: handed_in.kind,
        };
        files.push(match keys.open(&whose, sealed) {
            Ok(bytes) => File { name: format!("files/{}.{}", handed_in.id, handed_in.kind.code()), bytes },
            Err(error) => {
                tracing::error!(%error, document = %handed_in.id, "a file could not be put into a copy");
                let name = format!("files/{} could not be opened.txt", handed_in.id);
                File { name, bytes: b"Ask the bank's administrators for this file.\n".to_vec() }
            }
        });
    }
    Ok(files)
}

/// Keeps the file sealed, and tells whoever asked that it is there.
async fn keep(app: &App, export: &Export, file: &[u8]) -> Result<(), JobError> {
    let mut tx = app.db.begin(Actor::SERVICE).await?;
    tx.go_to_bank(export.bank_id).await?;
    let (expires_at, bytes) = (tx.now() + LASTS, i32::try_from(file.len()).map_err(failed)?);
    if !store::mark_ready(&mut tx, export.id, (expires_at, bytes)).await? {
        return tx.give_up().await.map_err(JobError::from);
    }
    for (number, part) in (1_i32..).zip(file.chunks(PART_BYTES)) {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(failed)?;
        let sealed = app.data_key.seal(&purpose(export.id, number), part, nonce).map_err(failed)?;
        store::insert_part(&mut tx, export.id, (number, &sealed)).await?;
    }
    if let Some(holder) = find_holder(&mut tx, export.asked_by).await? {
        let mail = copy_ready::mail(&holder, export, expires_at, &app.letterhead()).map_err(failed)?;
        mail::store::insert_mail(&mut tx, &mail).await?;
    }
    tx.commit().await.map_err(JobError::from)
}
