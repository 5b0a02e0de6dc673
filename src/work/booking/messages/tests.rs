//! What people read.

use chrono::TimeDelta;

use super::told::{Told, booking_cancelled, booking_changed, booking_confirmed};
use super::{Hope, Person, offer_withdrawn, session_offered};
use crate::eligibility::facts::PairFacts;
use crate::eligibility::judge::examples::{facts, now};
use crate::ground::id::{BookingId, OfferId};
use crate::ground::mail::links::offer_link;
use crate::ground::mail::{CalendarMethod, Letterhead, NewMail, Recipient};
use crate::people::practice::guide::Guide;
use crate::terms::rules::{Cancelling, FeeSteps};
use crate::work::booking::changed::Changed;
use crate::work::booking::offer::{Offer, OfferState};
use crate::work::booking::people::of_clinician;
use crate::work::booking::{Booking, BookingState, Organiser, Side};

fn offer(facts: &PairFacts) -> Offer {
    Offer {
        bank: facts.session.bank,
        id: OfferId::new(),
        session: facts.session.id,
        place_no: 1,
        clinician: facts.clinician.person.id,
        rate_pence_per_hour: 8_800,
        pay_pence: 36_667,
        road_metres: 12_900,
        offered_at: now(),
        expires_at: now() + TimeDelta::hours(32),
        state: OfferState::Open,
    }
}

fn managers() -> Vec<Person> {
    let manager = |name: &str, address: &str| Person {
        name: name.to_owned(),
        role: String::new(),
        to: Recipient { address: address.to_owned(), name: name.to_owned(), account: None },
    };
    vec![manager("Bea", "bea@example.org"), manager("Cyn", "cyn@example.org")]
}

fn booking(facts: &PairFacts, calendar_sequence: i32) -> Booking {
    Booking {
        bank: facts.session.bank,
        id: BookingId::new(),
        session: facts.session.id,
        clinician: facts.clinician.person.id,
        rate_pence_per_hour: 8_800,
        pay_pence: 36_667,
        fee_steps: FeeSteps::read("24: 100").unwrap(),
        made_at: now(),
        state: BookingState::Live,
        calendar_sequence,
        organiser: None,
    }
}

fn unfolded(mail: &NewMail) -> String {
    mail.calendar.as_ref().unwrap().body.replace("\r\n ", "")
}

#[test]
fn an_offer_says_who_when_where_and_until_when() {
    let facts = facts();
    let offer = offer(&facts);
    let cancelling = Cancelling { steps: FeeSteps::read("24: 100").unwrap(), ..Cancelling::default() };
    let offered = (&offer, &facts.session);
    let mail = session_offered::mail(offered, &of_clinician(&facts.clinician), &cancelling, now()).unwrap();
    assert_eq!(
        mail.subject,
        "Tue 3 Nov, 8:30am, Orchid House Surgery: GP session offered to you, £88 an hour, answer by 5pm tomorrow"
    );
    for body in [&mail.text, &mail.html] {
        assert!(body.contains(&offer_link(offer.id)));
        assert!(body.contains("£88 an hour, £366.67 in all"));
        assert!(body.contains("Tuesday 3 November 2026") && body.contains("8:30am to 12:40pm"));
        assert!(body.contains("Monday 2 November 2026, 5pm"));
        assert!(body.contains("Hello Dr Ann Example"));
        assert!(body.contains(
            "Less than 24 hours before the start the practice owes £366.67. Earlier it owes nothing."
        ));
    }
    // Terms that change before it is answered are told where they are known, on its page.
    let near = Cancelling { short_notice_hours: 24, ..cancelling };
    let near = session_offered::mail(offered, &of_clinician(&facts.clinician), &near, now()).unwrap();
    assert!(!near.text.contains("the practice owes"));
    assert!(mail.html.contains("8 miles") && mail.html.contains("Basic life support"));
    assert_eq!((mail.kind.name, mail.not_after), ("session_offered", Some(offer.expires_at)));
}

#[test]
fn both_sides_are_told_of_a_booking_with_a_calendar_entry_each() {
    let facts = facts();
    let (booking, clinician) = (booking(&facts, 0), of_clinician(&facts.clinician));
    let told =
        Told { booking: &booking, session: &facts.session, clinician: &clinician, practice: &managers() };
    let [own, practice] =
        booking_confirmed(&told, &Guide::default(), &Letterhead::for_tests(), now()).unwrap();
    assert_eq!(own.subject, "Booked: Tue 3 Nov, 8:30am, Orchid House Surgery: GP session, £88 an hour");
    assert_eq!(practice.subject, "Booked: Tue 3 Nov, 8:30am, Orchid House Surgery: Dr Ann Example, GP");
    assert_eq!(
        (own.kind.name, practice.kind.name),
        ("booking_confirmed_clinician", "booking_confirmed_practice")
    );
    assert_eq!((own.to.len(), practice.to.len()), (1, 2));
    for mail in [&own, &practice] {
        assert!(mail.text.contains(&format!("https://bank.example/bookings/{}", booking.id)));
        assert!(unfolded(mail).contains(&format!("UID:booking-{}@locumbank", booking.id)));
        assert_eq!(mail.calendar.as_ref().unwrap().method, CalendarMethod::Request);
        assert_eq!(mail.booking, Some(booking.id));
    }
    assert!(unfolded(&own).contains("ann@example.org") && !unfolded(&own).contains("bea@example.org"));
    assert!(unfolded(&practice).contains("SUMMARY:GP session: Dr Ann Example"));
}

#[test]
fn both_sides_are_told_of_a_cancellation_with_its_reason() {
    let facts = facts();
    let clinician = of_clinician(&facts.clinician);
    let booking = booking(&facts, 1);
    let mails = |facts: &PairFacts, side, hope| {
        let told =
            Told { booking: &booking, session: &facts.session, clinician: &clinician, practice: &managers() };
        booking_cancelled(&told, &Letterhead::for_tests(), (side, "Our GP is back."), hope, now()).unwrap()
    };
    let [own, practice] = mails(&facts, Side::Practice, Some(Hope::Offers));
    assert!(own.text.contains("cancelled by the practice") && own.text.contains("Reason: Our GP is back."));
    assert!(practice.html.contains("is open again, and the bank has been told"));
    let [_, practice] = mails(&facts, Side::Clinician, Some(Hope::ByHandAlone));
    assert!(practice.text.contains("starts too soon to be offered by email"));
    assert!(unfolded(&own).contains("METHOD:CANCEL") && unfolded(&own).contains("SEQUENCE:1"));
    let [own, practice] = mails(&facts, Side::Clinician, None);
    assert!(
        own.text.contains("You cancelled this booking")
            && practice.text.contains("cancelled by the clinician")
    );
    let [_, practice] = mails(&facts, Side::Practice, None);
    assert!(!practice.html.contains("is open again") && !practice.text.contains("is open again"));
}

#[test]
fn a_cancellation_names_the_entry_it_cancels() {
    let facts = facts();
    let clinician = of_clinician(&facts.clinician);
    let made = booking(&facts, 0);
    let cancelled = Booking { calendar_sequence: 1, ..made.clone() };
    let told = |booking: &Booking| -> [Vec<String>; 2] {
        let told = Told { booking, session: &facts.session, clinician: &clinician, practice: &managers() };
        let mails = if booking.calendar_sequence == 0 {
            booking_confirmed(&told, &Guide::default(), &Letterhead::for_tests(), now())
        } else {
            booking_cancelled(&told, &Letterhead::for_tests(), (Side::Bank, "Closed."), None, now())
        };
        mails.unwrap().map(|mail| {
            let names = ["UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND"];
            let is_identity = |line: &&str| names.iter().any(|name| line.starts_with(name));
            unfolded(&mail).lines().filter(is_identity).map(str::to_owned).collect()
        })
    };
    assert_eq!(told(&made), told(&cancelled));
    assert!(told(&made)[0].len() >= 5);
}

#[test]
fn strange_names_stay_words() {
    let mut facts = facts();
    facts.session.practice_name = "<b>Tŷ Bach</b> & \"Sons\"".to_owned();
    facts.clinician.person.name = "Siân <script>".to_owned();
    let person = of_clinician(&facts.clinician);
    let mail = offer_withdrawn::mail(&offer(&facts), &facts.session, &person, "The session has been filled.")
        .unwrap();
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"));
    assert!(mail.text.contains("<b>Tŷ Bach</b> & \"Sons\"") && mail.text.contains("Hello Siân <script>"));
    assert!(mail.text.contains("The session has been filled."));
}

/// Whatever a booking's mails do to calendars, they do it in the name of whoever entered it.
#[test]
fn every_calendar_entry_of_a_booking_names_its_first_organiser() {
    let facts = facts();
    let organiser = Organiser { name: "Old bank".to_owned(), address: "old@bank.example".to_owned() };
    let made = Booking { organiser: Some(organiser), ..booking(&facts, 0) };
    let (clinician, practice) = (of_clinician(&facts.clinician), managers());
    let told = Told { booking: &made, session: &facts.session, clinician: &clinician, practice: &practice };
    let (letterhead, before) = (Letterhead::for_tests(), facts.session.starts_at - TimeDelta::hours(1));
    let moved = Changed::Time { from: before, until: facts.session.ends_at };
    let mut mails = booking_confirmed(&told, &Guide::default(), &letterhead, now()).unwrap().to_vec();
    mails.extend(booking_changed(&told, &letterhead, &moved, now()).unwrap());
    mails.extend(booking_cancelled(&told, &letterhead, (Side::Bank, "Closed."), None, now()).unwrap());
    assert_eq!(mails.len(), 6);
    for mail in mails {
        assert!(
            unfolded(&mail).contains("ORGANIZER;CN=Old bank:mailto:old@bank.example"),
            "{}",
            mail.subject
        );
    }
}
