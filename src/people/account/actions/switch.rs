//! A person goes on in another of their memberships.

use crate::ground::db::Tx;
use crate::ground::id::MembershipId;
use crate::ground::not_done::NotDone;
use crate::ground::sign_in::{self, PersonKind, TokenHash};
use crate::people::account::store;

/// Goes on with the sign-in of `token`, whose person acts in `tx`, in another membership of theirs, and says as what. Its
/// forms carry a token made of `form_key` from now on. It is where they begin next time.
pub async fn switch_membership(
    tx: &mut Tx,
    (token, form_key): (&TokenHash, [u8; 32]),
    wanted: MembershipId,
) -> Result<PersonKind, NotDone> {
    let account = tx.account().ok_or(NotDone::NotFound)?;
    let own = store::list_memberships(tx, account).await?;
    let wanted = own.into_iter().find(|own| own.membership_id == wanted).ok_or(NotDone::NotFound)?;
    let acts_in = (wanted.bank_id, wanted.membership_id);
    sign_in::store::mark_switched(tx, (token, form_key), acts_in).await?;
    tx.go_to_bank(wanted.bank_id).await?;
    store::mark_signed_in(tx, wanted.membership_id).await?;
    Ok(wanted.kind)
}
