//! What one act tells one person comes in one mail, however many things it tells. Each has a mail of its own in the outbox
//! all the same, by which it is known that it was told, and which says that it stands in that one.

use super::NewMail;
use super::store::{insert_mails, settle};
use crate::ground::db::{DbError, Tx};

/// The mails of one act in one bank.
#[derive(Debug, Default)]
pub struct Together {
    each: Vec<NewMail>,
    of_people: Vec<NewMail>,
}

impl Together {
    /// Adds a mail that tells one thing. Where one of [`Together::add_for_several`] tells one of its readers the same, it
    /// stands in that.
    pub fn add(&mut self, mail: NewMail) {
        self.each.push(mail);
    }

    /// Adds a mail that tells one person several things.
    pub fn add_for_several(&mut self, mail: NewMail) {
        self.of_people.push(mail);
    }

    /// Puts them into the outbox of the transaction's bank.
    pub async fn put_into_outbox(self, tx: &mut Tx) -> Result<(), DbError> {
        let each = insert_mails(tx, &self.each).await?;
        let of_people = insert_mails(tx, &self.of_people).await?;
        settle::mark_digested(tx, &each, &of_people).await
    }
}
