//! Applications: answers to vacancies, from the link that confirms an address to what came of them.

pub mod actions;
pub mod copy;
pub mod cv;
pub mod forms;
pub mod jobs;
pub mod messages;
pub mod moves;
pub mod opportunity;
pub mod pages;
pub mod store;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::vacancy::{Times, named};
use crate::ground::id::{AccountId, ApplicationId, ApplicationLinkId, VacancyId};

/// For so long after a vacancy has closed may be sent what was begun before.
pub const GRACE: TimeDelta = TimeDelta::minutes(10);

named! {
    /// Where an application stands.
    State {
        /// It is being written.
        Begun "begun" "Not sent yet";
        /// It was sent.
        Received "received" "Received";
        /// The practice looks at it closer.
        Shortlisted "shortlisted" "Shortlisted";
        /// The practice wants to speak with the applicant.
        Interview "interview" "Interview";
        /// The post is offered to them.
        Offered "offered" "Offered";
        /// They take it.
        Accepted "accepted" "Accepted";
        /// The checks of the NHS are made.
        Checks "checks" "Checks";
        /// They have started.
        Started "started" "Started";
        /// Somebody else was offered it first.
        Reserve "reserve" "Reserve list";
        /// They do not take it.
        Declined "declined" "Declined";
        /// They took their application back.
        Withdrawn "withdrawn" "Withdrawn";
        /// They do not get it.
        Unsuccessful "unsuccessful" "Unsuccessful";
    }
}

named! {
    /// By what right somebody may work in the United Kingdom.
    RightToWork {
        /// A citizen, or settled.
        Settled "settled" "I am a British or Irish citizen, or have settled or pre-settled status";
        /// A visa they have.
        Visa "visa" "I have a visa that lets me do this work";
        /// A visa they would need.
        NeedsSponsorship "needs_sponsorship" "I would need somebody to sponsor a visa";
    }
}

/// Whether an application may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The vacancy is open.
    Open,
    /// It has closed, and until this moment what was begun before is taken, and marked.
    Late(DateTime<Utc>),
    /// Nothing is taken any more.
    Closed,
}

/// Whether an application that was begun then may be sent to a vacancy of those times at `now`. The minute that closes it
/// belongs to what comes after, for everybody, whatever their clock says.
#[must_use]
pub fn door(times: &Times, begun_at: DateTime<Utc>, now: DateTime<Utc>) -> Door {
    let end = times.end();
    if now < end {
        Door::Open
    } else if begun_at < end && now < end + GRACE {
        Door::Late(end + GRACE)
    } else {
        Door::Closed
    }
}

/// What somebody sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// Their name.
    pub name: String,
    /// Their phone number; "" where they give none.
    pub phone: String,
    /// Their number on the register, where the role has one.
    pub registration: Option<String>,
    /// Each essential criterion with what they say to it.
    pub statements: Vec<(String, String)>,
    /// By what right they may work; none where a bank has it on record.
    pub right_to_work: Option<RightToWork>,
    /// The first day they could; none where they can agree it.
    pub starts_on: Option<NaiveDate>,
    /// Whether they ask for the interview that is sure to disabled applicants who have what is essential.
    pub wants_interview: bool,
    /// What a bank has on record of them; "" of most.
    pub on_record: String,
    /// Question and answer of what is counted and not kept.
    pub opportunities: Vec<(&'static str, &'static str)>,
}

/// An application, as whoever made it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The vacancy.
    pub vacancy: VacancyId,
    /// What its link is made of.
    pub link: ApplicationLinkId,
    /// Where it stands.
    pub state: State,
    /// When its link was asked for.
    pub begun_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Whether that was in the minutes after the vacancy had closed.
    pub is_late: bool,
    /// The address that applies.
    pub email: String,
    /// Whose account it is, where a clinician applies with their record.
    pub account: Option<AccountId>,
    /// The fields of the form as they were typed, until it is sent.
    pub typed: Vec<(String, String)>,
    /// What was sent; what is empty until then.
    pub answers: Answers,
    /// The name and the size in bytes of the CV.
    pub cv: Option<(String, i32)>,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use chrono_tz::{Europe::London, TZ_VARIANTS};

    use super::{Door, GRACE, door};
    use crate::hiring::vacancy::Times;
    use crate::terms::bank::calendar::{WallTime, wall_time};

    #[test]
    fn what_was_begun_before_may_be_sent_for_ten_minutes_more() {
        let end = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let at = |minutes| end + TimeDelta::minutes(minutes);
        let times =
            |early: Option<i64>| Times { opens_at: at(-900), closes_at: at(0), closed_at: early.map(at) };
        let late = Door::Late(end + GRACE);
        for (early, begun, now, expected) in [
            (None, at(-60), at(-1), Door::Open),
            (None, at(-60), at(0), late),
            (None, at(-60), at(10) - TimeDelta::milliseconds(1), late),
            (None, at(-60), at(10), Door::Closed),
            (None, at(0), at(5), Door::Closed),
            (Some(-30), at(-60), at(-29), Door::Late(at(-20))),
            (Some(-30), at(-60), at(-10), Door::Closed),
            (Some(-30), at(-25), at(-24), Door::Closed),
        ] {
            assert_eq!(door(&times(early), begun, now), expected, "{early:?} {begun} {now}");
        }
    }

    /// Whatever zone somebody sits in, the vacancy closes in the same instant: what their clock shows is nowhere asked.
    #[test]
    fn a_closing_hour_is_the_same_instant_in_every_zone_and_on_both_changes_of_the_clocks() {
        let zones: Vec<_> = TZ_VARIANTS.iter().step_by(TZ_VARIANTS.len() / 24).take(24).collect();
        assert_eq!(zones.len(), 24);
        // The days on which the clocks of London change in 2027, and one beside them.
        for date in ["2027-03-28", "2027-10-31", "2027-06-30"] {
            let time = "17:00:00".parse().unwrap();
            let WallTime::Once(end) = wall_time(London, date.parse().unwrap(), time) else {
                panic!("{date}")
            };
            let times = Times { opens_at: end - TimeDelta::days(20), closes_at: end, closed_at: None };
            for zone in &zones {
                let there = end.with_timezone(*zone);
                let before = (there - TimeDelta::minutes(1)).to_utc();
                assert_eq!(door(&times, before, before), Door::Open, "{zone} {date}");
                assert_eq!(door(&times, there.to_utc(), there.to_utc()), Door::Closed, "{zone} {date}");
            }
        }
    }
}
