//! SQL of invitations.

pub mod own;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use sqlx::types::Json;

use super::{Invitation, InvitationState, Invitee, Said};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId, InvitationId, MembershipId, PracticeId};
use crate::ground::sign_in::{PersonKind, TokenHash};

/// An invitation with its practices.
const SELECT: &str =
    "select i.bank_id, i.id, i.email, i.name, i.kind, i.state, i.sent_at, i.times_sent, i.expires_at, i.said,
            array(select p.practice_id from invitation_practice p
                   where p.bank_id = i.bank_id and p.invitation_id = i.id order by p.practice_id) as practices
       from invitation i";

/// The invitation of that id in the bank, where somebody sent it.
pub async fn find_invitation(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(AssertSqlSafe(format!("{SELECT} where i.bank_id = $1 and i.id = $2 and i.said is null")))
        .bind(bank)
        .bind(id)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding an invitation"))
}

/// The same, locked until the transaction ends.
pub async fn lock_invitation(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} where i.bank_id = $1 and i.id = $2 and i.said is null for update of i"
    )))
    .bind(bank)
    .bind(id)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("locking an invitation"))
}

/// The bank whose invitation a link is of.
pub async fn find_bank_of_link(tx: &mut Tx, hash: &TokenHash) -> Result<Option<BankId>, DbError> {
    sqlx::query_scalar("select bank_id from bank_of_invitation_link($1) as bank_id where bank_id is not null")
        .bind(hash.0.as_slice())
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding whose link an invitation's is"))
}

/// The open invitation of a link, in the bank that it is of unless that was removed.
pub async fn find_open_of_link(tx: &mut Tx, hash: &TokenHash) -> Result<Option<Invitation>, DbError> {
    let now = tx.now();
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} join bank b on b.id = i.bank_id and b.removed_at is null
          where i.token_hash = $1 and i.state = 'open' and i.expires_at > $2"
    )))
    .bind(hash.0.as_slice())
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("finding the invitation of a link"))
}

/// The same, locked until the transaction ends: whoever comes second finds it ended.
pub async fn lock_open_of_link(tx: &mut Tx, hash: &TokenHash) -> Result<Option<Invitation>, DbError> {
    let now = tx.now();
    sqlx::query_as(AssertSqlSafe(format!(
        "{SELECT} join bank b on b.id = i.bank_id and b.removed_at is null
          where i.token_hash = $1 and i.state = 'open' and i.expires_at > $2
            for update of i"
    )))
    .bind(hash.0.as_slice())
    .bind(now)
    .fetch_optional(tx.connection())
    .await
    .map_err(failed("locking the invitation of a link"))
}

/// An invitation to be added.
#[derive(Debug)]
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub invitee: &'a Invitee,
    /// As what.
    pub kind: PersonKind,
    /// For which practices.
    pub practices: &'a [PracticeId],
    /// The hash of its link's token.
    pub token_hash: TokenHash,
    /// Until when its link can be used.
    pub expires_at: DateTime<Utc>,
    /// What they have written, who ask for it themselves.
    pub said: Option<&'a Said>,
}

/// Adds an invitation; false where there is an open one already.
pub async fn insert_invitation(tx: &mut Tx, new: &NewInvitation<'_>) -> Result<bool, DbError> {
    let (bank, now, by) = (tx.bank(), tx.now(), tx.account());
    let done = sqlx::query(
        "insert into invitation (bank_id, id, email, name, kind, token_hash, invited_by, invited_at, sent_at, expires_at,
                                 said)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)
             on conflict do nothing",
    )
    .bind(bank)
    .bind(new.id)
    .bind(&new.invitee.email)
    .bind(&new.invitee.name)
    .bind(new.kind)
    .bind(new.token_hash.0.as_slice())
    .bind(by)
    .bind(now)
    .bind(new.expires_at)
    .bind(new.said.map(Json))
    .execute(tx.connection())
    .await
    .map_err(failed("adding an invitation"))?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "insert into invitation_practice (bank_id, invitation_id, practice_id)
         select $1, $2, practice from unnest($3::uuid[]) as chosen (practice)",
    )
    .bind(bank)
    .bind(new.id)
    .bind(new.practices)
    .execute(tx.connection())
    .await
    .map_err(failed("adding the practices of an invitation"))?;
    Ok(true)
}

/// Puts a new link in the place of an open invitation's.
pub async fn mark_sent_again(
    tx: &mut Tx,
    id: InvitationId,
    token_hash: &TokenHash,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update invitation
            set token_hash = $3, sent_at = $4, expires_at = $5, times_sent = times_sent + 1
          where bank_id = $1 and id = $2 and state = 'open'",
    )
    .bind(bank)
    .bind(id)
    .bind(token_hash.0.as_slice())
    .bind(now)
    .bind(expires_at)
    .execute(tx.connection())
    .await
    .map_err(failed("sending an invitation again"))?;
    Ok(())
}

/// Ends an open invitation because the person has joined; of a clinician every one that is open, whoever invited them and
/// whether they asked themselves. What they had written is in their record now.
pub async fn mark_accepted(
    tx: &mut Tx,
    invitation: &Invitation,
    account: AccountId,
    membership: MembershipId,
) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update invitation
            set state = 'accepted', ended_at = $3, account_id = $4, membership_id = $5,
                said = case when said is not null then '{}'::jsonb end
          where bank_id = $1 and state = 'open'
            and (id = $2 or (kind = 'clinician' and kind = $6 and email = $7))",
    )
    .bind(bank)
    .bind(invitation.id)
    .bind(now)
    .bind(account)
    .bind(membership)
    .bind(invitation.kind)
    .bind(&invitation.email)
    .execute(tx.connection())
    .await
    .map_err(failed("accepting an invitation"))?;
    Ok(())
}

/// Ends an open invitation because it is taken back.
pub async fn mark_withdrawn(tx: &mut Tx, id: InvitationId) -> Result<(), DbError> {
    let (bank, now) = (tx.bank(), tx.now());
    sqlx::query(
        "update invitation set state = 'withdrawn', ended_at = $3
          where bank_id = $1 and id = $2 and state = 'open'",
    )
    .bind(bank)
    .bind(id)
    .bind(now)
    .execute(tx.connection())
    .await
    .map_err(failed("withdrawing an invitation"))?;
    Ok(())
}

/// Which of these addresses have an open invitation of the kind, lapsed or not. A practice manager's counts for the
/// person alone who acts now.
pub async fn list_open_of(
    tx: &mut Tx,
    emails: &[&str],
    kind: PersonKind,
) -> Result<Vec<(String, InvitationId)>, DbError> {
    let (bank, by) = (tx.bank(), tx.account());
    sqlx::query_as(
        "select email, id from invitation
          where bank_id = $1 and email = any($2) and kind = $3 and state = 'open' and said is null
            and (kind <> 'practice_manager' or invited_by is not distinct from $4)",
    )
    .bind(bank)
    .bind(emails)
    .bind(kind)
    .bind(by)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing open invitations"))
}

/// Which of these addresses belong to people who act in the bank as the kind, and for each of the practices.
pub async fn list_members_of(
    tx: &mut Tx,
    emails: &[&str],
    kind: PersonKind,
    practices: &[PracticeId],
) -> Result<Vec<String>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select a.email
           from membership m join account a on a.id = m.account_id
          where m.bank_id = $1 and a.email = any($2) and m.kind = $3 and m.ended_at is null
            and not exists (select 1 from unnest($4::uuid[]) as chosen (practice)
                             where not exists (select 1 from practice_manager p
                                                where p.bank_id = m.bank_id and p.membership_id = m.id
                                                  and p.practice_id = chosen.practice))",
    )
    .bind(bank)
    .bind(emails)
    .bind(kind)
    .bind(practices)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing which people act in a bank"))
}

/// One invitation in the list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct InvitationLine {
    /// Its id.
    pub id: InvitationId,
    /// Where it was sent.
    pub email: String,
    /// The person's name as the inviter wrote it; may be empty.
    pub name: String,
    /// As what they were invited.
    pub kind: PersonKind,
    /// Where it stands.
    pub state: InvitationState,
    /// When it was sent last.
    pub sent_at: DateTime<Utc>,
    /// Until when its link can be used.
    pub expires_at: DateTime<Utc>,
    /// When the person joined, or it was withdrawn.
    pub ended_at: Option<DateTime<Utc>>,
    /// The names of the practices.
    pub practices: Vec<String>,
}

/// One page of the bank's invitations, newest first, without those that people have asked for themselves and not used; with a practice manager's membership, those alone
/// whose practices are all theirs.
pub async fn list_invitations(
    tx: &mut Tx,
    of: Option<MembershipId>,
    (limit, offset): (i64, i64),
) -> Result<Vec<InvitationLine>, DbError> {
    let bank = tx.bank();
    sqlx::query_as(
        "select i.id, i.email, i.name, i.kind, i.state, i.sent_at, i.expires_at, i.ended_at,
                array(select p.name from invitation_practice c
                        join practice p on p.bank_id = c.bank_id and p.id = c.practice_id
                       where c.bank_id = i.bank_id and c.invitation_id = i.id order by p.name, p.id) as practices
           from invitation i
          where i.bank_id = $1 and (i.said is null or i.state = 'accepted')
            and ($2::uuid is null or (i.kind = 'practice_manager' and not exists (
                    select 1 from invitation_practice c
                     where c.bank_id = i.bank_id and c.invitation_id = i.id
                       and not exists (select 1 from practice_manager o
                                        where o.bank_id = c.bank_id and o.membership_id = $2
                                          and o.practice_id = c.practice_id))))
          order by i.invited_at desc, i.id
          limit $3 offset $4",
    )
    .bind(bank)
    .bind(of)
    .bind(limit)
    .bind(offset)
    .fetch_all(tx.connection())
    .await
    .map_err(failed("listing invitations"))
}

/// How many invitations [`list_invitations`] finds in all.
pub async fn count_invitations(tx: &mut Tx, of: Option<MembershipId>) -> Result<i64, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar(
        "select count(*) from invitation i
          where i.bank_id = $1 and (i.said is null or i.state = 'accepted')
            and ($2::uuid is null or (i.kind = 'practice_manager' and not exists (
                    select 1 from invitation_practice c
                     where c.bank_id = i.bank_id and c.invitation_id = i.id
                       and not exists (select 1 from practice_manager o
                                        where o.bank_id = c.bank_id and o.membership_id = $2
                                          and o.practice_id = c.practice_id))))",
    )
    .bind(bank)
    .bind(of)
    .fetch_one(tx.connection())
    .await
    .map_err(failed("counting invitations"))
}

/// The names of these practices.
pub async fn list_practice_names(tx: &mut Tx, practices: &[PracticeId]) -> Result<Vec<String>, DbError> {
    let bank = tx.bank();
    sqlx::query_scalar("select name from practice where bank_id = $1 and id = any($2) order by name, id")
        .bind(bank)
        .bind(practices)
        .fetch_all(tx.connection())
        .await
        .map_err(failed("listing the names of practices"))
}

/// The name of whoever acts.
pub async fn find_own_name(tx: &mut Tx) -> Result<Option<String>, DbError> {
    let Some(account) = tx.account() else { return Ok(None) };
    sqlx::query_scalar("select name from account where id = $1")
        .bind(account)
        .fetch_optional(tx.connection())
        .await
        .map_err(failed("finding somebody's name"))
}
