//! What the service is made of. The lists themselves are the site's.

use super::App;
use super::job::JobKind;
use super::route::Route;
use crate::ground::db::{Asked, BoxFuture, DbError, Tx};
use crate::ground::facts::{FactChange, FactError, Reliance};
use crate::ground::mail::course::Courses;
use crate::ground::mail::kinds::{MessageKind, Messages};
use crate::ground::mail::store::sending::MailInHand;
use crate::ground::queue::schedule::Schedule;

/// What the service is made of, as those that serve all of it are told.
#[derive(Debug)]
pub struct Site {
    /// Every URL, with who may ask for it.
    pub routes: &'static [Route],
    /// Every kind of job.
    pub jobs: &'static [JobKind],
    /// What runs by itself.
    pub schedules: &'static [Schedule],
    /// Every message.
    pub messages: Messages,
    /// Whom delivery asks what becomes of a mail.
    pub delivery: Delivery,
    /// Who relies on facts that others keep.
    pub reliants: &'static [Reliant],
}

impl Site {
    /// What relies on a fact that might change, for a page that shows it.
    pub async fn who_relies(&self, tx: &mut Tx, change: &FactChange) -> Result<Reliance, DbError> {
        let mut all = Reliance::default();
        for reliant in self.reliants {
            all.add((reliant.who_relies)(tx, change).await?);
        }
        Ok(all)
    }

    /// What relies on a fact that is about to change, locked until the transaction ends.
    pub async fn lock_reliance(&self, tx: &mut Tx, change: &FactChange) -> Result<Reliance, DbError> {
        let mut all = Reliance::default();
        for reliant in self.reliants {
            all.add((reliant.lock)(tx, change).await?);
        }
        Ok(all)
    }

    /// Ends what relied on a fact, in the transaction that changes it, and tells those it concerns.
    pub async fn end_reliance(
        &self,
        tx: &mut Tx,
        app: &App,
        change: &FactChange,
        reliance: &Reliance,
    ) -> Result<(), FactError> {
        for reliant in self.reliants {
            (reliant.end)(tx, app, change, reliance).await?;
        }
        Ok(())
    }
}

/// Somebody who relies on facts that others keep.
#[derive(Debug, Clone, Copy)]
pub struct Reliant {
    /// Lists what of theirs could not stand after the change.
    pub who_relies: for<'c> fn(&'c mut Tx, &'c FactChange) -> Asked<'c, Reliance>,
    /// Locks that, and lists what was locked.
    pub lock: for<'c> fn(&'c mut Tx, &'c FactChange) -> Asked<'c, Reliance>,
    /// Ends it.
    pub end: End,
}

/// Ends what relied on a fact.
pub type End =
    for<'c> fn(&'c mut Tx, &'c App, &'c FactChange, &'c Reliance) -> BoxFuture<'c, Result<(), FactError>>;

/// Gives everybody a mail in hand still goes to, and what becomes of it for each of them. The kind is
/// `None` where the service no longer has it.
pub type AskCourses = for<'c> fn(
    &'c mut Tx,
    &'c MailInHand,
    Option<&'static MessageKind>,
) -> BoxFuture<'c, Result<Courses, DbError>>;

/// Counts recipients whom the relay refused for good, each with its words, against their addresses.
pub type CountRefusals = for<'c> fn(
    &'c mut Tx,
    &'c App,
    &'c MailInHand,
    &'c [(String, String)],
) -> BoxFuture<'c, Result<(), DbError>>;

/// Whom delivery asks: those who know what readers chose and what their addresses take. The site names them.
#[derive(Debug, Clone, Copy)]
pub struct Delivery {
    /// What becomes of a mail.
    pub courses: AskCourses,
    /// Who counts what the relay refused.
    pub count_refusals: CountRefusals,
}
