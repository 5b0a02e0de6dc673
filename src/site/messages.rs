//! Every message the service writes, a line a slice; and whom delivery asks before one leaves.

use crate::ground::app::site::Delivery;
use crate::ground::mail::kinds::Messages;
use crate::hiring::{application, vacancy};
use crate::insight::fill_rate;
use crate::letters::mail_choice::delivery::courses;
use crate::letters::{alert, bounce, digest, opened};
use crate::pay::worked;
use crate::people::{account, credential, document, invitation, lookup, membership};
use crate::rights::export;
use crate::work::{booking, planning, question, request, standing, succession};

/// Every message, in the order in which lists show them.
pub const MESSAGES: Messages = Messages(&[
    booking::messages::MESSAGES,
    credential::messages::MESSAGES,
    document::messages::MESSAGES,
    lookup::messages::MESSAGES,
    request::messages::MESSAGES,
    question::messages::MESSAGES,
    standing::messages::MESSAGES,
    succession::messages::MESSAGES,
    planning::messages::MESSAGES,
    vacancy::messages::MESSAGES,
    application::messages::MESSAGES,
    worked::messages::MESSAGES,
    fill_rate::messages::MESSAGES,
    digest::messages::MESSAGES,
    alert::messages::MESSAGES,
    opened::messages::MESSAGES,
    bounce::messages::MESSAGES,
    account::messages::MESSAGES,
    invitation::messages::MESSAGES,
    membership::messages::MESSAGES,
    export::messages::MESSAGES,
]);

/// Whom delivery asks.
pub const DELIVERY: Delivery = Delivery {
    courses: |tx, mail, kind| Box::pin(courses(tx, mail, kind)),
    count_refusals: |tx, app, mail, refusals| {
        Box::pin(bounce::receive::count_refusals(tx, app, mail, refusals))
    },
};

#[cfg(test)]
mod tests {
    use super::MESSAGES;
    use crate::ground::id::BankId;
    use crate::ground::mail::Letterhead;
    use crate::ground::mail::specimen::Specimen;

    #[test]
    fn every_message_has_a_name_of_its_own() {
        let mut names: Vec<&str> = MESSAGES.all().map(|kind| kind.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), MESSAGES.all().count());
        assert!(MESSAGES.find("session_offered").is_some() && MESSAGES.find("nothing").is_none());
    }

    #[test]
    fn every_sample_is_of_its_own_kind() {
        let now = chrono::DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let specimen = Specimen::plain(BankId::new(), "Orchid bank", Letterhead::for_tests(), now);
        for kind in MESSAGES.all() {
            let mail = (kind.sample)(&specimen).unwrap();
            assert_eq!(mail.kind, kind, "the line of {} names another folder", kind.name);
            assert!((1..=9).contains(&kind.priority), "{}", kind.name);
        }
    }
}
