//! What people are told of their memberships: one folder a message.

pub mod membership_begun;
pub mod membership_ended;

use chrono::{DateTime, Utc};

use super::{MembershipLine, Person};
use crate::ground::id::{AccountId, MembershipId};
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;
use crate::ground::sign_in::PersonKind;
use crate::ground::words::{list, with_article};

messages! {
    MEMBERSHIP_BEGUN membership_begun "You can act as more in a bank" Everybody AtOnce always 2;
    MEMBERSHIP_ENDED membership_ended "You act in a bank no more" Everybody AtOnce always 2;
}

/// "a practice manager of Orchid House Surgery".
fn acts_as(line: &MembershipLine) -> String {
    let kind = with_article(line.kind.text());
    if line.practices.is_empty() { kind } else { format!("{kind} of {}", list(&line.practices)) }
}

/// The person of the specimen, who manages its practice.
fn example(specimen: &Specimen, at: DateTime<Utc>) -> (Person, MembershipLine) {
    let person = Person {
        account: AccountId::default(),
        name: specimen.name.clone(),
        email: specimen.address.clone(),
        is_closed: false,
        has_second_factor: false,
        sign_ins: 0,
    };
    let line = MembershipLine {
        id: MembershipId::default(),
        kind: PersonKind::PracticeManager,
        created_at: at,
        ended_at: None,
        last_signed_in_at: None,
        practices: vec![specimen.practice.clone()],
        unmanaged_without: Vec::new(),
        clinician: None,
        is_last_administrator: false,
    };
    (person, line)
}
