//! What people are told about clearances: one folder a message.

pub mod clearance_ended;
pub mod clearance_ending;
pub mod clearance_refused;
pub mod clearances_weekly;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Europe::London;

use crate::ground::id::{BankId, ClearanceId};
use crate::ground::mail::Recipient;
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;
use crate::terms::bank::calendar::start_of_day;

messages! {
    CLEARANCE_ENDING clearance_ending "Your clearance ends soon" Clinician AtOnce always 4;
    CLEARANCE_ENDED clearance_ended "Your clearance has ended" Clinician AtOnce always 4;
    CLEARANCE_REFUSED clearance_refused "You are not cleared" Clinician AtOnce always 4;
    CLEARANCES_WEEKLY clearances_weekly "Clearances that end" BankAdministrator AtOnce declinable 8;
}

/// A clearance and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearanceFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The decision.
    pub clearance: ClearanceId,
    /// The clinician's name.
    pub name: String,
    /// Where mail reaches them.
    pub to: Recipient,
    /// The name of their role.
    pub role: String,
    /// The last date on which they may work.
    pub cleared_until: NaiveDate,
    /// Their documents that end no later than thirty days after that, each with its last valid date.
    pub documents: Vec<(String, NaiveDate)>,
}

impl ClearanceFacts {
    /// A clearance that ends so many days after the specimen's day, with a document that ends on the same day.
    #[must_use]
    pub fn example(specimen: &Specimen, days: i64) -> Self {
        let until = crate::ground::words::london_date(specimen.now) + TimeDelta::days(days);
        Self {
            bank: specimen.bank,
            bank_name: specimen.bank_name.clone(),
            clearance: ClearanceId::new(),
            name: specimen.name.clone(),
            to: specimen.recipient(),
            role: "GP".to_owned(),
            cleared_until: until,
            documents: vec![("Basic life support".to_owned(), until)],
        }
    }
}

/// The end of a London day: what is only of use on it is not sent after.
fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    start_of_day(London, date + Days::new(1))
}
