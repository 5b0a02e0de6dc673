//! What the service is made of. The lists themselves are the site's.

use super::App;
use super::job::JobKind;
use super::route::Route;
use crate::ground::db::{BoxFuture, DbError, Tx};
use crate::ground::facts::Reliant;
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
