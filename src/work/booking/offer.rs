//! An offer: a session held for one clinician until a time.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::ground::events::OfferOf;
use crate::ground::id::{BankId, ClinicianId, OfferId, PlanId, SessionId};
use crate::terms::bank::calendar::{WallTime, local_date, start_of_day, wall_time};
use crate::terms::rules::Answers;

/// Where an offer stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferState {
    /// Waits for an answer until it expires.
    Open,
    /// The clinician said yes.
    Accepted {
        /// When.
        at: DateTime<Utc>,
    },
    /// The clinician said no.
    Declined {
        /// When.
        at: DateTime<Utc>,
        /// Why, where they said so.
        reason: Option<String>,
    },
    /// It was taken back.
    Withdrawn {
        /// When.
        at: DateTime<Utc>,
        /// Why, in a sentence for the clinician.
        reason: String,
    },
    /// Nobody answered in time.
    Lapsed {
        /// When that was noted.
        at: DateTime<Utc>,
    },
}

/// A session held for one clinician until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its bank.
    pub bank: BankId,
    /// Its id.
    pub id: OfferId,
    /// The session.
    pub session: SessionId,
    /// Which of the session's places it holds, from 1.
    pub place_no: i16,
    /// Whom it is held for.
    pub clinician: ClinicianId,
    /// The rate offered.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// Road metres from the clinician's home.
    pub road_metres: i32,
    /// When it was made.
    pub offered_at: DateTime<Utc>,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OfferState,
}

impl Offer {
    /// What an event says it is about.
    #[must_use]
    pub fn as_subject(&self) -> OfferOf {
        OfferOf { offer: self.id, session: self.session, clinician: self.clinician }
    }
}

impl Offer {
    /// Whether it can still be answered at `now`.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state == OfferState::Open && now < self.expires_at
    }
}

/// An offer to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferToMake {
    /// The session.
    pub session: SessionId,
    /// Whom it will be held for.
    pub clinician: ClinicianId,
    /// The rate offered.
    pub rate_pence_per_hour: i32,
    /// The pay for the whole session.
    pub pay_pence: i32,
    /// Road metres from the clinician's home.
    pub road_metres: i32,
    /// The plan that proposed it.
    pub plan: Option<PlanId>,
}

/// What is left to answer by the evening before is too little when it is less.
const LEAST_TIME: TimeDelta = TimeDelta::hours(2);

/// Until when an offer made at `now` can be answered: the bank's time to answer, and where that ends at night until
/// the morning, since a time that ends while people sleep is as good as one that ends when they go to bed, and reads as a
/// reproach. A session that comes sooner than that is answered by its least time before the start, and where that
/// is at night by the evening before, unless the evening is nearly over. `None` where it is too late to answer at all.
#[must_use]
pub fn expiry(
    (answers, latest_before_start): (&Answers, TimeDelta),
    zone: Tz,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let latest = starts_at - latest_before_start;
    let usual = morning_after(answers, zone, now + TimeDelta::hours(answers.within_hours.into()));
    let evening = evening_before(answers, zone, latest);
    let expires = if usual <= latest {
        usual
    } else if evening - now >= LEAST_TIME {
        evening
    } else {
        latest
    };
    (expires > now).then_some(expires)
}

/// Nobody is told of an offer at night, by default between 9pm and 7am, unless fewer than this would be left to answer it.
const LEAST_LEFT_TO_ANSWER: TimeDelta = TimeDelta::hours(12);

/// When the mail of an offer made at `now` leaves.
#[must_use]
pub fn told_at(answers: &Answers, zone: Tz, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let date = local_date(zone, now);
    let morning = |date| at_hour(zone, date, answers.told_from_hour);
    let morning = if now >= at_hour(zone, date, answers.until_hour) {
        morning(date + Days::new(1))
    } else {
        morning(date)
    };
    if expires_at - morning >= LEAST_LEFT_TO_ANSWER { morning.max(now) } else { now }
}

/// `instant`, or where it falls into the night the next morning.
fn morning_after(answers: &Answers, zone: Tz, instant: DateTime<Utc>) -> DateTime<Utc> {
    let date = local_date(zone, instant);
    let (morning, evening) = answer_hours(answers, zone, date);
    if instant < morning {
        morning
    } else if instant > evening {
        answer_hours(answers, zone, date + Days::new(1)).0
    } else {
        instant
    }
}

/// `instant`, or where it falls into the night the evening before.
fn evening_before(answers: &Answers, zone: Tz, instant: DateTime<Utc>) -> DateTime<Utc> {
    let date = local_date(zone, instant);
    let (morning, evening) = answer_hours(answers, zone, date);
    if instant < morning { answer_hours(answers, zone, date - Days::new(1)).1 } else { instant.min(evening) }
}

/// When the hours in which answers are asked for begin and end on a date.
fn answer_hours(answers: &Answers, zone: Tz, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (at_hour(zone, date, answers.from_hour), at_hour(zone, date, answers.until_hour))
}

/// That full hour of a date.
fn at_hour(zone: Tz, date: NaiveDate, hour: i32) -> DateTime<Utc> {
    match wall_time(zone, date, NaiveTime::MIN + TimeDelta::hours(hour.into())) {
        WallTime::Once(instant) | WallTime::Twice(instant, _) => instant,
        // Clocks change at night, so the hours that are asked for are always there.
        WallTime::Never => start_of_day(zone, date) + TimeDelta::hours(hour.into()),
    }
}

/// Which places of a session can be offered: those with neither a live booking nor an open offer, lowest first.
#[must_use]
pub fn free_places(places: i16, booked: &[i16], offered: &[i16]) -> Vec<i16> {
    (1..=places).filter(|place| !booked.contains(place) && !offered.contains(place)).collect()
}

/// What a clinician says to an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Accept,
    /// No.
    Decline {
        /// Why, where they say so.
        reason: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use chrono_tz::Europe::London;

    use super::{expiry, free_places, told_at};
    use crate::terms::rules::Answers;
    use chrono::TimeDelta;

    /// An offer made at, for a session that starts at, can be answered until. The desk of the tests gives 24 hours,
    /// and no less than two before the start.
    const ANSWERED_UNTIL: [(&str, &str, Option<&str>); 17] = [
        ("2026-11-02T12:00:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T12:00:00Z")),
        // The morning: 9am counts as morning, a minute before does not.
        ("2026-11-02T03:50:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T09:00:00Z")),
        ("2026-11-02T08:59:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T09:00:00Z")),
        ("2026-11-02T09:00:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T09:00:00Z")),
        ("2026-11-02T09:01:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T09:01:00Z")),
        // The evening: 9pm counts as evening, a minute after as night.
        ("2026-11-02T21:00:00Z", "2026-11-10T08:30:00Z", Some("2026-11-03T21:00:00Z")),
        ("2026-11-02T21:01:00Z", "2026-11-10T08:30:00Z", Some("2026-11-04T09:00:00Z")),
        // In summer 9am is 8am universal time; the night the clocks change is as any other.
        ("2026-07-06T02:50:00Z", "2026-07-10T08:30:00Z", Some("2026-07-07T08:00:00Z")),
        ("2027-03-26T23:00:00Z", "2027-04-10T08:30:00Z", Some("2027-03-28T08:00:00Z")),
        ("2027-10-29T23:00:00Z", "2027-11-10T08:30:00Z", Some("2027-10-31T09:00:00Z")),
        // A session that comes sooner: two hours before it, or the evening before.
        ("2026-11-02T09:00:00Z", "2026-11-02T19:00:00Z", Some("2026-11-02T17:00:00Z")),
        ("2026-11-02T09:00:00Z", "2026-11-03T08:30:00Z", Some("2026-11-02T21:00:00Z")),
        ("2026-11-02T09:00:00Z", "2026-11-03T00:30:00Z", Some("2026-11-02T21:00:00Z")),
        // Two hours are left of the evening, or not.
        ("2026-11-02T19:00:00Z", "2026-11-03T08:30:00Z", Some("2026-11-02T21:00:00Z")),
        ("2026-11-02T19:01:00Z", "2026-11-03T08:30:00Z", Some("2026-11-03T06:30:00Z")),
        ("2026-11-03T06:00:00Z", "2026-11-03T08:30:00Z", Some("2026-11-03T06:30:00Z")),
        ("2026-11-03T06:30:00Z", "2026-11-03T08:30:00Z", None),
    ];

    #[test]
    fn an_answer_is_asked_for_while_people_are_awake_and_well_before_the_session() {
        let (answers, notice) = (Answers::within(24), TimeDelta::hours(2));
        let instant = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        for (made_at, starts_at, until) in ANSWERED_UNTIL {
            let found = expiry((&answers, notice), London, instant(starts_at), instant(made_at));
            assert_eq!(found, until.map(instant), "made at {made_at} for {starts_at}");
        }
    }

    #[test]
    fn nobody_is_told_of_an_offer_at_night_who_can_answer_it_next_day() {
        let instant = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        for (made_at, expires_at, told) in [
            ("2026-11-02T01:43:00Z", "2026-11-03T09:00:00Z", "2026-11-02T07:00:00Z"),
            ("2026-11-02T06:59:59Z", "2026-11-03T09:00:00Z", "2026-11-02T07:00:00Z"),
            ("2026-11-02T07:00:00Z", "2026-11-03T09:00:00Z", "2026-11-02T07:00:00Z"),
            ("2026-11-02T20:59:59Z", "2026-11-03T21:00:00Z", "2026-11-02T20:59:59Z"),
            ("2026-11-02T21:00:00Z", "2026-11-03T21:00:00Z", "2026-11-03T07:00:00Z"),
            // By summer time; and the night in which the clocks change.
            ("2026-07-06T21:30:00Z", "2026-07-08T08:00:00Z", "2026-07-07T06:00:00Z"),
            ("2027-03-27T23:30:00Z", "2027-03-29T08:00:00Z", "2027-03-28T06:00:00Z"),
            // Eleven hours would be left from the morning on.
            ("2026-11-02T01:43:00Z", "2026-11-02T18:00:00Z", "2026-11-02T01:43:00Z"),
        ] {
            assert_eq!(
                told_at(&Answers::within(24), London, instant(expires_at), instant(made_at)),
                instant(told),
                "{made_at}"
            );
        }
    }

    #[test]
    fn a_place_is_free_when_nobody_has_it_or_is_asked() {
        assert_eq!(free_places(4, &[2], &[3]), [1, 4]);
        assert!(free_places(1, &[1], &[]).is_empty());
    }
}
