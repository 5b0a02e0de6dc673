//! SQL of the templates of practices.

use sqlx::types::Json;

use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{MembershipId, PracticeId, SessionTemplateId};
use crate::work::session::template::{NewTemplate, SessionTemplate};

/// Keeps a template of a practice, in the place of one of the same name.
pub async fn upsert_template(tx: &mut Tx, practice: PracticeId, new: &NewTemplate) -> Result<(), DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    sqlx::query(
        "insert into session_template (bank_id, id, practice_id, name, fields, saved_by, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (bank_id, practice_id, name) do update
            set fields = excluded.fields, saved_by = excluded.saved_by, saved_at = excluded.saved_at",
    )
    .bind(bank)
    .bind(SessionTemplateId::new())
    .bind(practice)
    .bind(&new.name)
    .bind(Json(&new.fields))
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("keeping a template"))?;
    Ok(())
}

/// The templates of the practices that somebody manages, by name.
pub async fn list_templates_managed_by(
    tx: &mut Tx,
    membership: Option<MembershipId>,
) -> Result<Vec<SessionTemplate>, DbError> {
    type Row = (SessionTemplateId, PracticeId, String, Json<Vec<(String, String)>>);
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select t.id, t.practice_id, t.name, t.fields
           from practice_manager m
           join session_template t on t.bank_id = m.bank_id and t.practice_id = m.practice_id
          where m.bank_id = $1 and m.membership_id = $2
          order by t.name, t.id",
    )
    .bind(bank)
    .bind(membership)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the templates of a manager"))?;
    let template =
        |(id, practice, name, fields): Row| SessionTemplate { id, practice, name, fields: fields.0 };
    Ok(rows.into_iter().map(template).collect())
}

/// Whose the template of that id is.
pub async fn find_practice(tx: &mut Tx, id: SessionTemplateId) -> Result<Option<PracticeId>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select practice_id from session_template where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(id)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding whose a template is"))
}

/// Forgets a template. False where it is not there.
pub async fn delete_template(tx: &mut Tx, id: SessionTemplateId) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query("delete from session_template where bank_id = $1 and id = $2")
        .bind(bank)
        .bind(id)
        .execute(tx.connection())
        .await
        .map_err(failed("forgetting a template"))?;
    Ok(done.rows_affected() == 1)
}
