//! SQL of what sessions ask for, as long as nobody has agreed to it.

use chrono::NaiveDate;

use super::{SessionRow, insert_session_competencies, insert_session_roles, session_columns};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::SeriesId;
use crate::work::session::{AskedSession, Session};

/// The open sessions of a series that are still to begin, from a date on, by date.
pub async fn list_of_series(tx: &mut Tx, series: SeriesId, from: NaiveDate) -> Result<Vec<Session>, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let rows: Vec<SessionRow> = sqlx::query_as(concat!(
        "select ",
        session_columns!(),
        " from session_as_posted s
          where s.bank_id = $1 and s.series_id = $2 and s.local_date >= $3 and s.state = 'open' and s.starts_at > $4
          order by s.starts_at, s.id",
    ))
    .bind(bank)
    .bind(series)
    .bind(from)
    .bind(now)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the sessions of a series"))?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Changes what an open session that is still to begin asks for, as long as nobody is booked, no offer is out and no request
/// waits. Gives whether there was such a session.
pub async fn change_asked(tx: &mut Tx, asked: &AskedSession) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "update session s
            set local_date = $3, local_start = $4, local_end = $5, local_end_date = $6, starts_at = $7, ends_at = $8,
                band = $9, places = $10, priority = $11, rate_min_pence_per_hour = $12, rate_max_pence_per_hour = $13,
                notes = $14, supervisor = $16
          where s.bank_id = $1 and s.id = $2 and s.state = 'open' and s.starts_at > $15
            and (coalesce(s.open_to_all_from <= $15, true)
                 or (s.rate_min_pence_per_hour, s.rate_max_pence_per_hour) = ($12, $13))
            and not exists (select from live_booking b where b.bank_id = s.bank_id and b.session_id = s.id)
            and not exists (select from answerable_offer($15) o where o.bank_id = s.bank_id and o.session_id = s.id)
            and not exists (select from request r
                             where r.bank_id = s.bank_id and r.session_id = s.id and r.state = 'waiting')",
    )
    .bind(bank)
    .bind(asked.id)
    .bind(asked.times.local_date)
    .bind(asked.times.local_start)
    .bind(asked.times.local_end)
    .bind(asked.times.local_end_date)
    .bind(asked.times.starts_at)
    .bind(asked.times.ends_at)
    .bind(asked.band)
    .bind(asked.places)
    .bind(asked.priority)
    .bind(asked.rate_min_pence_per_hour)
    .bind(asked.rate_max_pence_per_hour)
    .bind(&asked.notes)
    .bind(now)
    .bind(&asked.supervisor)
    .execute(tx.connection())
    .await
    .map_err(failed("changing what a session asks for"))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    forget_roles_and_competencies(tx, asked).await?;
    insert_session_roles(tx, &vec![asked.id; asked.roles.len()], &asked.roles).await?;
    insert_session_competencies(tx, &vec![asked.id; asked.competencies.len()], &asked.competencies).await?;
    Ok(true)
}

async fn forget_roles_and_competencies(tx: &mut Tx, asked: &AskedSession) -> Result<(), DbError> {
    let bank = tx.bank();
    sqlx::query(
        "with roles as (delete from session_role where bank_id = $1 and session_id = $2)
         delete from session_competency where bank_id = $1 and session_id = $2",
    )
    .bind(bank)
    .bind(asked.id)
    .execute(tx.connection())
    .await
    .map_err(failed("forgetting the roles and competencies of a session"))?;
    Ok(())
}
