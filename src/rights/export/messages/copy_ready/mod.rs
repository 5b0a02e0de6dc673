//! To whoever asked for a copy of what is held about somebody: it is there. The link opens nothing by itself.

use chrono::{DateTime, Utc};

use crate::ground::id::{AccountId, ExportId};
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::moment;
use crate::people::account::Holder;
use crate::rights::export::{Export, LASTS};

struct Letter {
    bank_name: String,
    name: String,
    is_own: bool,
    until: String,
    link: String,
}

bodies!(Letter "rights/export/messages/copy_ready/text.txt" "rights/export/messages/copy_ready/message.html");

/// The mail that says so.
pub fn mail(
    holder: &Holder,
    export: &Export,
    until: DateTime<Utc>,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let is_own = export.account_id == export.asked_by;
    let path = if is_own { "/your-data".to_owned() } else { format!("/people/{}/data", export.account_id) };
    let letter = Letter {
        bank_name: holder.bank_name.clone(),
        name: holder.name.clone(),
        is_own,
        until: moment(until),
        link: format!("{}{path}", letterhead.base_url),
    };
    let about = if is_own { "you" } else { "a person" };
    Ok(NewMail::new(
        export.bank_id,
        &super::COPY_READY,
        export.id.to_string(),
        vec![holder.recipient()],
        format!("{}: a copy of what is held about {about} is ready", holder.bank_name),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let account = AccountId::default();
    let holder = Holder {
        account,
        name: specimen.name.clone(),
        email: specimen.address.clone(),
        password_hash: None,
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
    };
    let export = Export {
        bank_id: specimen.bank,
        id: ExportId::default(),
        account_id: account,
        whole_account: true,
        asked_by: account,
        asked_at: specimen.now,
        ready_at: Some(specimen.now),
        expires_at: Some(specimen.now + LASTS),
        bytes: Some(1),
    };
    let mail = mail(&holder, &export, specimen.now + LASTS, &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}
