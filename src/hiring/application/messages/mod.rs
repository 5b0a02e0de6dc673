//! What is written about applications: one folder a message, with its text and its HTML.

pub mod application_answered;
pub mod application_came;
pub mod application_copy;
pub mod application_link;
pub mod application_moved;
pub mod applications_wait;

use crate::ground::mail::kinds::messages;

messages! {
    APPLICATION_LINK application_link "The link to an application" Applicant AtOnce always 2;
    APPLICATION_COPY application_copy "An application was sent: a copy" Applicant AtOnce always 3;
    APPLICATION_MOVED application_moved "Where an application stands" Applicant AtOnce always 3;
    APPLICATION_ANSWERED application_answered "An applicant has answered" PracticeManager AtOnce always 4;
    APPLICATIONS_WAIT applications_wait "Applicants wait for an answer" PracticeManager AtOnce declinable 6;
    APPLICATION_CAME application_came "Somebody has applied" PracticeManager AtOnce declinable 6;
}
