//! What is written about what was worked: one folder a message, with its text and its HTML.

pub mod query_answered;
pub mod sign_off_due;
pub mod sign_off_queried;
pub mod work_signed_off;

use chrono::TimeDelta;

use crate::ground::id::{AccountId, BookingId, ClinicianId, PracticeId, SessionId};
use crate::ground::mail::Recipient;
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;
use crate::ground::words::{london_date, short_date, time_span};
use crate::pay::worked::store::works::Work;

messages! {
    WORK_SIGNED_OFF work_signed_off "A practice signs off what you worked" Clinician AtOnce always 4;
    SIGN_OFF_DUE sign_off_due "Sessions wait to be signed off" PracticeManager AtOnce always 5;
    SIGN_OFF_QUERIED sign_off_queried "A clinician asks about a sign-off" PracticeManager AtOnce always 4;
    QUERY_ANSWERED query_answered "A practice answers your question about a sign-off" Clinician AtOnce always 4;
}

/// "Tue 10 Nov, 8:30am to 12:40pm".
fn when_of(work: &Work) -> String {
    format!("{}, {}", short_date(london_date(work.starts_at)), time_span(work.starts_at, work.ends_at))
}

/// The clinician of a booking.
fn clinician_of(work: &Work) -> Recipient {
    Recipient {
        address: work.clinician_email.clone(),
        name: work.clinician_name.clone(),
        account: Some(work.account_id),
    }
}

/// A booking of yesterday, of the specimen's people.
fn example(specimen: &Specimen) -> Work {
    let starts_at = specimen.now - TimeDelta::hours(24);
    Work {
        id: BookingId::new(),
        session_id: SessionId::new(),
        clinician_id: ClinicianId::new(),
        account_id: AccountId::new(),
        clinician_name: specimen.name.clone(),
        clinician_email: specimen.address.clone(),
        role_name: "GP".to_owned(),
        practice_id: PracticeId::new(),
        practice_name: specimen.practice.clone(),
        bank_name: specimen.bank_name.clone(),
        time_zone: "Europe/London".to_owned(),
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(250),
        rate_pence_per_hour: 8_800,
        is_live: true,
        agreed: Vec::new(),
        sign_offs: Vec::new(),
        said: None,
        queries: Vec::new(),
        total: 1,
    }
}
