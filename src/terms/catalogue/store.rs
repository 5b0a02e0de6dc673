//! SQL of the roles and competencies of banks: versions are added and never changed.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CompetencyTerm, Register, RoleTerm, Standing, Term, TermKind};
use crate::ground::db::{DbError, Tx, failed};
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::number_form::NumberForm;

#[derive(sqlx::FromRow)]
struct RoleRow {
    code: String,
    number: i32,
    name: String,
    plural: String,
    regulator: Option<String>,
    register_pattern: Option<String>,
    register_example: Option<String>,
    lowest_afc_band: Option<i16>,
    highest_afc_band: Option<i16>,
    needs_supervisor: bool,
    used_until: Option<NaiveDate>,
    people: i64,
}

impl From<RoleRow> for Standing {
    fn from(row: RoleRow) -> Self {
        let form = row.register_pattern.as_deref().and_then(NumberForm::of_pattern);
        let register = row.regulator.zip(form).zip(row.register_example);
        let register = register.map(|((regulator, form), example)| Register { regulator, form, example });
        let term = Term::Role(RoleTerm {
            name: row.name,
            plural: row.plural,
            register,
            afc_bands: row.lowest_afc_band.zip(row.highest_afc_band),
            needs_supervisor: row.needs_supervisor,
            used_until: row.used_until,
        });
        Self { code: row.code, number: row.number, term, people: row.people }
    }
}

/// The roles of the bank, by name, each with how many people of the bank have it.
pub async fn list_roles(tx: &mut Tx) -> Result<Vec<Standing>, DbError> {
    let bank = tx.bank();
    let rows: Vec<RoleRow> = sqlx::query_as(
        "select r.code, r.number, r.name, r.plural, r.regulator, r.register_pattern, r.register_example,
                r.lowest_afc_band, r.highest_afc_band, r.needs_supervisor, r.used_until,
                (select count(*) from clinician c where c.bank_id = r.bank_id and c.role = r.code) as people
           from role_of_bank r
          where r.bank_id = $1
          order by r.name, r.code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the roles of a bank"))?;
    Ok(rows.into_iter().map(Standing::from).collect())
}

/// The competencies of the bank, by kind and name, each with how many people of the bank hold it.
pub async fn list_competencies(tx: &mut Tx) -> Result<Vec<Standing>, DbError> {
    type Row = (String, i32, String, CompetencyKind, Option<NaiveDate>, i64);
    let bank = tx.bank();
    let rows: Vec<Row> = sqlx::query_as(
        "select k.code, k.number, k.name, k.kind, k.used_until,
                (select count(*) from clinician_competency h
                  where h.bank_id = k.bank_id and h.competency = k.code) as people
           from competency_of_bank k
          where k.bank_id = $1
          order by k.kind, k.name, k.code",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the competencies of a bank"))?;
    let standing = |(code, number, name, kind, used_until, people): Row| Standing {
        code,
        number,
        term: Term::Competency(CompetencyTerm { name, kind, used_until }),
        people,
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// The roles, or the competencies, of the bank.
pub async fn list(tx: &mut Tx, kind: TermKind) -> Result<Vec<Standing>, DbError> {
    match kind {
        TermKind::Role => list_roles(tx).await,
        TermKind::Competency => list_competencies(tx).await,
    }
}

/// Adds a role that only this bank has. False where its code is taken, by whichever bank.
pub async fn insert_role(tx: &mut Tx, code: &str, role: &RoleTerm) -> Result<bool, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    let done = sqlx::query(
        "insert into role (code, name, plural, source, valid_from, brought_by)
         values ($1, $2, $3, 'Added by the bank', $4::timestamptz::date, $5)
             on conflict (code) do nothing",
    )
    .bind(code)
    .bind(&role.name)
    .bind(&role.plural)
    .bind(now)
    .bind(bank)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a role"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds a competency that only this bank has. False where its code is taken, by whichever bank.
pub async fn insert_competency(tx: &mut Tx, code: &str, it: &CompetencyTerm) -> Result<bool, DbError> {
    let bank = tx.bank();
    let done = sqlx::query(
        "insert into competency (code, name, kind, brought_by) values ($1, $2, $3, $4) on conflict (code) do nothing",
    )
    .bind(code)
    .bind(&it.name)
    .bind(it.kind)
    .bind(bank)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a competency"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds the version after `seen` of a role. False where another has been added since.
pub async fn insert_role_decision(
    tx: &mut Tx,
    (code, seen): (&str, i32),
    role: &RoleTerm,
    why: &str,
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let register = role.register.as_ref();
    let done = sqlx::query(
        "insert into role_decision (bank_id, code, number, name, plural, regulator, register_pattern, register_example,
                lowest_afc_band, highest_afc_band, used_until, needs_supervisor, why, decided_by, decided_at)
         select $1, $2, $3 + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
          where $3 = (select coalesce(max(number), 0) from role_decision where bank_id = $1 and code = $2)
             on conflict (bank_id, code, number) do nothing",
    )
    .bind(bank)
    .bind(code)
    .bind(seen)
    .bind(&role.name)
    .bind(&role.plural)
    .bind(register.map(|register| register.regulator.clone()))
    .bind(register.map(|register| register.form.pattern()))
    .bind(register.map(|register| register.example.clone()))
    .bind(role.afc_bands.map(|(lowest, _)| lowest))
    .bind(role.afc_bands.map(|(_, highest)| highest))
    .bind(role.used_until)
    .bind(role.needs_supervisor)
    .bind(why)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a version of a role"))?;
    Ok(done.rows_affected() == 1)
}

/// Adds the version after `seen` of a competency. False where another has been added since.
pub async fn insert_competency_decision(
    tx: &mut Tx,
    (code, seen): (&str, i32),
    competency: &CompetencyTerm,
    why: &str,
) -> Result<bool, DbError> {
    let (bank, by, now) = (tx.bank(), tx.account(), tx.now());
    let done = sqlx::query(
        "insert into competency_decision (bank_id, code, number, name, used_until, why, decided_by, decided_at)
         select $1, $2, $3 + 1, $4, $5, $6, $7, $8
          where $3 = (select coalesce(max(number), 0) from competency_decision where bank_id = $1 and code = $2)
             on conflict (bank_id, code, number) do nothing",
    )
    .bind(bank)
    .bind(code)
    .bind(seen)
    .bind(&competency.name)
    .bind(competency.used_until)
    .bind(why)
    .bind(by)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("adding a version of a competency"))?;
    Ok(done.rows_affected() == 1)
}

/// A change of a role or a competency, for the list that administrators read.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Decision {
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// Who decided.
    pub by_name: String,
    /// What it is called since.
    pub name: String,
    /// What it was called before.
    pub name_before: String,
    /// The last day on which it is used.
    pub used_until: Option<NaiveDate>,
    /// Whether it is a role.
    pub is_role: bool,
    /// Why.
    pub why: String,
}

/// The newest hundred changes of roles and competencies of the bank, the newest first.
pub async fn list_decisions(tx: &mut Tx) -> Result<Vec<Decision>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select d.decided_at, coalesce(a.name, 'The operator') as by_name, d.name, d.name_before, d.used_until,
                d.is_role, d.why
           from (select v.decided_at, v.decided_by, v.name, v.used_until, true as is_role, v.why,
                        coalesce(lag(v.name) over (partition by v.code order by v.number), r.name) as name_before
                   from role_decision v join role r on r.code = v.code where v.bank_id = $1
                 union all
                 select v.decided_at, v.decided_by, v.name, v.used_until, false, v.why,
                        coalesce(lag(v.name) over (partition by v.code order by v.number), k.name)
                   from competency_decision v join competency k on k.code = v.code where v.bank_id = $1) d
           left join account a on a.id = d.decided_by
          order by d.decided_at desc, d.name
          limit 100",
    )
    .bind(bank)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing changes of roles and competencies"))
}

/// What a change of a role or a competency touches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Touched {
    /// Open sessions after a day that ask for it.
    pub sessions: i64,
    /// How many of them somebody is booked for.
    pub booked: i64,
}

/// The open sessions of the bank after a day, from now on, that ask for a role or a competency.
pub async fn count_touched(
    tx: &mut Tx,
    (kind, code): (TermKind, &str),
    after: NaiveDate,
) -> Result<Touched, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_as(
        "select count(*) as sessions,
                count(*) filter (where exists (select from live_booking b
                                                where b.bank_id = s.bank_id and b.session_id = s.id)) as booked
           from session s
          where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2 and s.local_date > $3
            and case when $4 then exists (select from session_role r
                                           where r.bank_id = s.bank_id and r.session_id = s.id and r.role = $5)
                     else exists (select from session_competency n
                                   where n.bank_id = s.bank_id and n.session_id = s.id and n.competency = $5) end",
    )
    .bind(bank)
    .bind(now)
    .bind(after)
    .bind(kind == TermKind::Role)
    .bind(code)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting what a role or a competency touches"))
}

/// How many open sessions of the bank from now on ask for a role and name nobody who supervises.
pub async fn count_unsupervised(tx: &mut Tx, role: &str) -> Result<i64, DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query_scalar(
        "select count(*)
           from session s
           join session_role r on r.bank_id = s.bank_id and r.session_id = s.id and r.role = $3
          where s.bank_id = $1 and s.state = 'open' and s.starts_at > $2 and s.supervisor = ''",
    )
    .bind(bank)
    .bind(now)
    .bind(role)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting sessions that name nobody who supervises"))
}

/// The registration numbers of the bank's people of a role.
pub async fn list_numbers(tx: &mut Tx, role: &str) -> Result<Vec<String>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select registration_number from clinician
          where bank_id = $1 and role = $2 and registration_number is not null",
    )
    .bind(bank)
    .bind(role)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing the registration numbers of a role"))
}
