//! A session, an offer of it and its booking, made of a specimen's data.

use chrono::{Days, TimeDelta};
use chrono_tz::Europe::London;

use super::Person;
use super::told::Told;
use crate::eligibility::facts::{Place, SessionFacts};
use crate::ground::id::{BookingId, ClinicianId, OfferId, PracticeId, SessionId};
use crate::ground::mail::Recipient;
use crate::ground::mail::specimen::Specimen;
use crate::ground::words::london_date;
use crate::terms::bank::Band;
use crate::terms::bank::calendar::start_of_day;
use crate::terms::rules::{Cancelling, FeeSteps, WorkHours};
use crate::work::booking::changed::Changed;
use crate::work::booking::fee::Fees;
use crate::work::booking::offer::{Offer, OfferState};
use crate::work::booking::{Booking, BookingState, Side, pay_pence};

/// A GP session of 4 hours 10 minutes, three days ahead.
const SESSION_MINUTES: i64 = 250;
/// Half past eight in the morning.
const STARTS_AT_MINUTES: i64 = 510;
const RATE_PENCE_PER_HOUR: i32 = 8_800;

/// Records as the booking desk would have them.
#[derive(Debug, Clone)]
pub struct Example {
    /// A session.
    pub session: SessionFacts,
    /// An open offer of it.
    pub offer: Offer,
    /// The booking it led to.
    pub booking: Booking,
    /// Who holds the offer, and is booked.
    pub clinician: Person,
    /// The people of the practice.
    pub practice: Vec<Person>,
    /// What the bank has a practice owe that cancels.
    pub cancelling: Cancelling,
}

impl Example {
    /// The records of a specimen.
    #[must_use]
    pub fn of(specimen: &Specimen) -> Self {
        let session = session(specimen);
        let offer = Offer {
            bank: session.bank,
            id: OfferId::new(),
            session: session.id,
            place_no: 1,
            clinician: ClinicianId::new(),
            rate_pence_per_hour: RATE_PENCE_PER_HOUR,
            pay_pence: pay_pence(RATE_PENCE_PER_HOUR, session.minutes()),
            road_metres: 12_900,
            offered_at: specimen.now,
            expires_at: specimen.now + TimeDelta::hours(24),
            state: OfferState::Open,
        };
        let booking = Booking {
            bank: offer.bank,
            id: BookingId::new(),
            session: offer.session,
            clinician: offer.clinician,
            rate_pence_per_hour: offer.rate_pence_per_hour,
            pay_pence: offer.pay_pence,
            fee_steps: fee_steps(),
            made_at: specimen.now,
            state: BookingState::Live,
            calendar_sequence: 0,
            organiser: None,
        };
        let person = |name: &str, role: &str, to: Recipient| Person {
            name: name.to_owned(),
            role: role.to_owned(),
            to: Recipient { name: name.to_owned(), ..to },
        };
        Self {
            clinician: person(&specimen.name, "GP", specimen.recipient()),
            practice: vec![person(&specimen.name, "", specimen.recipient())],
            cancelling: Cancelling { steps: fee_steps(), ..Cancelling::default() },
            session,
            offer,
            booking,
        }
    }

    /// The same after the booking was changed or cancelled: calendars are told a second time.
    #[must_use]
    pub fn told_again(mut self) -> Self {
        self.booking.calendar_sequence = 1;
        self
    }

    /// The same after this side has cancelled it, two days before the start.
    #[must_use]
    pub fn cancelled(self, side: Side, reason: &str) -> Self {
        let mut example = self.told_again();
        let at = example.session.starts_at - TimeDelta::days(2);
        let fee_pence = Fees::of(&example.booking, &example.session).due(side, at);
        example.booking.state = BookingState::Cancelled { at, side, reason: reason.to_owned(), fee_pence };
        example
    }

    /// The session's time has changed: it began and ended half an hour earlier.
    #[must_use]
    pub fn moved(&self) -> Changed {
        let earlier = TimeDelta::minutes(30);
        Changed::Time { from: self.session.starts_at - earlier, until: self.session.ends_at - earlier }
    }

    /// The booking and everybody who is told about it.
    #[must_use]
    pub fn told(&self) -> Told<'_> {
        Told {
            booking: &self.booking,
            session: &self.session,
            clinician: &self.clinician,
            practice: &self.practice,
        }
    }
}

/// The whole pay from 24 hours before the start on, and three quarters from three days.
fn fee_steps() -> FeeSteps {
    FeeSteps::read("24: 100\n72: 75").unwrap_or_default()
}

fn session(specimen: &Specimen) -> SessionFacts {
    let date = london_date(specimen.now) + Days::new(3);
    let starts_at = start_of_day(London, date) + TimeDelta::minutes(STARTS_AT_MINUTES);
    SessionFacts {
        bank: specimen.bank,
        bank_name: specimen.bank_name.clone(),
        id: SessionId::new(),
        practice: PracticeId::new(),
        practice_name: specimen.practice.clone(),
        practice_address: specimen.place.clone(),
        place: Place { latitude_microdegrees: 50_715_000, longitude_microdegrees: -2_437_000 },
        practice_opened_on: None,
        practice_closed_on: None,
        bank_hours: WorkHours::LAW,
        zone: London,
        starts_at,
        ends_at: starts_at + TimeDelta::minutes(SESSION_MINUTES),
        local_date: date,
        last_date: date,
        band: Band::Core,
        places: 1,
        rate_min_pence_per_hour: 7_600,
        rate_max_pence_per_hour: 9_800,
        notes: specimen.note.clone(),
        supervisor: String::new(),
        is_withdrawn: false,
        roles: vec!["gp".to_owned()],
        competencies: vec![("systmone".to_owned(), "SystmOne".to_owned())],
    }
}
