//! To the people of a practice that takes another's place: what has gone over to it.

use chrono::Days;

use crate::ground::facts::Fallout;
use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words;
use crate::people::practice::{Practice, PracticeKind, RegisterStatus};
use crate::terms::bank::Bank;
use crate::work::booking::messages::Person;
use crate::work::succession::CarriedOver;

/// What the templates are given.
#[derive(Debug, Clone)]
struct Letter {
    bank_name: String,
    before: String,
    last_day: String,
    successor: String,
    sessions: String,
    managers: String,
    /// What else holds of the successor; "" for nothing.
    said: String,
    link: String,
}

bodies!(Letter "work/succession/messages/practice_succeeded/text.txt" "work/succession/messages/practice_succeeded/message.html");

fn count(number: usize, one: &str, many: &str) -> String {
    words::count(i64::try_from(number).unwrap_or(i64::MAX), one, many)
}

/// The mail.
pub fn mail(
    bank: &Bank,
    (practice, successor): (&Practice, &Practice),
    done: &CarriedOver,
    to: &[Person],
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let refused = done.refusals.len();
    let letter = Letter {
        bank_name: bank.name.clone(),
        before: practice.name.clone(),
        last_day: practice.closed_on.map(words::date_without_weekday).unwrap_or_default(),
        successor: successor.name.clone(),
        sessions: format!(
            "{}, with {}",
            count(done.sessions.len(), "session", "sessions"),
            count(done.booked(), "booking", "bookings")
        ),
        managers: if done.managers.is_empty() {
            "as before".to_owned()
        } else {
            format!("{} too", words::list(&done.managers))
        },
        said: if refused == 0 {
            String::new()
        } else {
            count(refused, "clinician whom it did not take", "clinicians whom it did not take")
        },
        link: format!("{}/sessions", letterhead.base_url),
    };
    let subject = format!("{} takes the place of {}", letter.successor, letter.before);
    let (key, to) = (practice.id.to_string(), to.iter().map(|person| person.to.clone()).collect());
    Ok(NewMail::new(bank.id, &super::PRACTICE_SUCCEEDED, key, to, subject, render(&letter)?))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let today = words::london_date(specimen.now);
    let bank = Bank {
        id: specimen.bank,
        name: specimen.bank_name.clone(),
        time_zone: chrono_tz::Europe::London,
        invented: false,
    };
    let practice = |name: &str, closed_on| Practice {
        id: crate::ground::id::PracticeId::new(),
        ods_code: "J81001".to_owned(),
        name: name.to_owned(),
        kind: PracticeKind::GpPractice,
        address: specimen.place.clone(),
        postcode: "BH1 4AB".to_owned(),
        latitude_microdegrees: 50_715_000,
        longitude_microdegrees: -2_437_000,
        placed_by: crate::people::practice::PlacedBy::PostcodeDistrict,
        pcn_code: None,
        pcn_name: None,
        clinical_system: None,
        status: RegisterStatus::Active,
        opened_on: None,
        closed_on,
        email: None,
    };
    let done = CarriedOver {
        first_day: today + Days::new(1),
        sessions: Vec::new(),
        stays: Vec::new(),
        managers: vec![specimen.name.clone()],
        refusals: vec![crate::ground::id::ClinicianId::new()],
        preferences: Vec::new(),
        said_otherwise: 0,
        fallout: Fallout::default(),
    };
    let to = Person { name: specimen.name.clone(), role: String::new(), to: specimen.recipient() };
    let pair = (&practice("Orchid House Surgery", Some(today)), &practice(&specimen.practice, None));
    mail(&bank, pair, &done, &[to], &specimen.letterhead)
}
