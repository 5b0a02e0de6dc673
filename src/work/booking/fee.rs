//! What a practice owes when it cancels a booking, by the steps that the booking keeps, in pounds.

use chrono::{DateTime, Utc};

use super::offer::Offer;
use super::{Booking, Side};
use crate::eligibility::facts::SessionFacts;
use crate::ground::words::{self, pounds};
use crate::terms::rules::{Cancelling, FeeStep, FeeSteps};

/// The steps of a booking, or of one that an offer would lead to, with what they are reckoned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fees {
    /// The steps.
    pub steps: FeeSteps,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// When the session starts.
    pub starts_at: DateTime<Utc>,
}

impl Fees {
    /// Of a booking.
    #[must_use]
    pub fn of(booking: &Booking, session: &SessionFacts) -> Self {
        let (steps, pay_pence) = (booking.fee_steps.clone(), booking.pay_pence);
        Self { steps, pay_pence, starts_at: session.starts_at }
    }

    /// The pence of a step, halves rounded up.
    fn pence(&self, step: FeeStep) -> i32 {
        let pence = (i64::from(self.pay_pence) * i64::from(step.percent) + 50) / 100;
        i32::try_from(pence).unwrap_or(i32::MAX)
    }

    /// What falls due when this side cancels at `at`, in pence: only a practice owes anything.
    #[must_use]
    pub fn due(&self, side: Side, at: DateTime<Utc>) -> i32 {
        match side {
            Side::Practice => self.steps.at(self.starts_at, at).map_or(0, |step| self.pence(step)),
            Side::Clinician | Side::Bank => 0,
        }
    }

    /// Every step, for an offer and a confirmation: "Less than 24 hours before the start the practice owes £366.67, less
    /// than 3 days before the start £275. Earlier it owes nothing." Empty where there is none.
    #[must_use]
    pub fn in_words(&self) -> String {
        let said = |(at, step): (usize, &FeeStep)| {
            let owes = if at == 0 { "the practice owes " } else { "" };
            format!("{} {owes}{}", step.when(), pounds(self.pence(*step).into()))
        };
        let said: Vec<String> = self.steps.steps().iter().enumerate().map(said).collect();
        if said.is_empty() {
            return String::new();
        }
        format!("{}. Earlier it owes nothing.", words::capitalised(&said.join(", ")))
    }

    /// What it costs the practice to cancel at `at`, and from when it costs more. Empty where there are no steps.
    #[must_use]
    pub fn before_cancelling(&self, at: DateTime<Utc>) -> String {
        if self.steps.steps().is_empty() {
            return String::new();
        }
        let now = match self.steps.at(self.starts_at, at) {
            Some(step) => format!(
                "If the practice cancels now, it owes {}: {}% of the pay, because it is {}.",
                pounds(self.pence(step).into()),
                step.percent,
                step.when()
            ),
            None => "If the practice cancels now, it owes nothing.".to_owned(),
        };
        match self.steps.next_after(self.starts_at, at) {
            Some((until, next)) => format!(
                "{now} After {}, it owes {}.",
                words::deadline(until, at),
                pounds(self.pence(next).into())
            ),
            None => now,
        }
    }
}

/// What an offer's mail says of a practice that cancels what would be booked by it. Empty where nothing falls due, and where
/// it depends on when the offer is accepted, which its page says.
#[must_use]
pub fn offered(
    cancelling: &Cancelling,
    (offer, session): (&Offer, &SessionFacts),
    now: DateTime<Utc>,
) -> String {
    let steps = cancelling.steps_for(session.starts_at, now);
    if steps != cancelling.steps_for(session.starts_at, offer.expires_at) {
        return String::new();
    }
    Fees { steps: steps.clone(), pay_pence: offer.pay_pence, starts_at: session.starts_at }.in_words()
}

/// What fell due with a cancellation, as both sides read it: "£275, which the practice owes". Empty where nothing could.
#[must_use]
pub fn fallen_due(fees: &Fees, side: Side, fee_pence: i32) -> String {
    match (side, fee_pence) {
        (Side::Clinician | Side::Bank, _) => String::new(),
        (Side::Practice, 0) if fees.steps.steps().is_empty() => String::new(),
        (Side::Practice, 0) => "None: the practice cancelled early enough".to_owned(),
        (Side::Practice, pence) => format!("{}, which the practice owes", pounds(pence.into())),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Fees, fallen_due};
    use crate::terms::rules::FeeSteps;
    use crate::work::booking::Side;

    fn fees() -> Fees {
        let starts_at: DateTime<Utc> = "2026-11-10T08:30:00Z".parse().unwrap();
        Fees { steps: FeeSteps::read("24: 100\n72: 75").unwrap(), pay_pence: 36_667, starts_at }
    }

    #[test]
    fn the_practice_alone_owes_and_by_the_step_it_reached() {
        let fees = fees();
        let due = |side, hours| fees.due(side, fees.starts_at - TimeDelta::hours(hours));
        let practice = [73, 72, 71, 24, 23].map(|hours| due(Side::Practice, hours));
        assert_eq!(practice, [0, 0, 27_500, 27_500, 36_667]);
        assert_eq!([due(Side::Clinician, 1), due(Side::Bank, 1)], [0, 0]);
    }

    #[test]
    fn it_is_said_in_pounds_before_and_after() {
        let fees = fees();
        assert_eq!(
            fees.in_words(),
            "Less than 24 hours before the start the practice owes £366.67, less than 3 days before the start £275. Earlier it owes nothing."
        );
        let at = |hours| fees.before_cancelling(fees.starts_at - TimeDelta::hours(hours));
        assert_eq!(
            at(200),
            "If the practice cancels now, it owes nothing. After 8:30am on Saturday 7 November, it owes £275."
        );
        assert_eq!(
            at(1),
            "If the practice cancels now, it owes £366.67: 100% of the pay, because it is less than 24 hours before the start."
        );
        assert_eq!(fallen_due(&fees, Side::Practice, 27_500), "£275, which the practice owes");
        assert_eq!(fallen_due(&fees, Side::Practice, 0), "None: the practice cancelled early enough");
        assert_eq!(fallen_due(&fees, Side::Clinician, 0), "");
        let none = Fees { steps: FeeSteps::default(), ..fees };
        assert_eq!((none.in_words(), none.before_cancelling(none.starts_at)), (String::new(), String::new()));
    }
}
