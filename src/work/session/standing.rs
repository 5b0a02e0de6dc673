//! Where a session stands.

use chrono::{DateTime, Utc};

use super::{Session, SessionState};

/// Where a session stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The practice took it back.
    Withdrawn,
    /// Every place is booked.
    Filled,
    /// Some places are booked.
    PartFilled {
        /// How many are.
        booked: usize,
        /// Of how many.
        places: usize,
    },
    /// Nobody is booked, and an offer waits for an answer.
    Offered,
    /// Nobody is booked and no offer is out.
    Open,
    /// It has begun without anybody.
    Unfilled,
}

impl Standing {
    /// Where `session` stands at `now` with so many bookings and open offers.
    #[must_use]
    pub fn of(session: &Session, booked: usize, open_offers: i64, now: DateTime<Utc>) -> Self {
        let places = usize::try_from(session.asked.places).unwrap_or_default();
        let open_offers = usize::try_from(open_offers).unwrap_or_default();
        let is_withdrawn = matches!(session.state, SessionState::Withdrawn { .. });
        Self::counted((is_withdrawn, session.asked.times.starts_at <= now), (booked, places), open_offers)
    }

    /// Where a session stands that was taken back or has begun, or neither, with so many of its places booked and so many
    /// open offers.
    #[must_use]
    pub fn counted(
        (is_withdrawn, has_begun): (bool, bool),
        (booked, places): (usize, usize),
        open_offers: usize,
    ) -> Self {
        match booked {
            _ if is_withdrawn => Self::Withdrawn,
            booked if booked >= places => Self::Filled,
            1.. => Self::PartFilled { booked, places },
            _ if has_begun => Self::Unfilled,
            _ if open_offers > 0 => Self::Offered,
            _ => Self::Open,
        }
    }

    /// How an entry of the week looks.
    #[must_use]
    pub fn look(self) -> &'static str {
        match self {
            Self::Withdrawn => "cancelled",
            Self::Filled => "filled",
            Self::PartFilled { .. } | Self::Offered => "offered",
            Self::Open | Self::Unfilled => "unfilled",
        }
    }

    /// Whether a place is empty that somebody could wonder about.
    #[must_use]
    pub fn has_empty_place(self) -> bool {
        matches!(self, Self::PartFilled { .. } | Self::Open | Self::Unfilled)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

    use super::Standing;
    use crate::ground::id::{PracticeId, SessionId};
    use crate::terms::bank::Band;
    use crate::work::session::{AskedSession, Session, SessionState, SessionTimes};

    fn now() -> DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn session(starts_in_hours: i64, places: i16) -> Session {
        let starts_at = now() + TimeDelta::hours(starts_in_hours);
        let date = starts_at.date_naive();
        Session {
            asked: AskedSession {
                id: SessionId::new(),
                practice: PracticeId::new(),
                series: None,
                times: SessionTimes {
                    local_date: date,
                    local_start: NaiveTime::MIN,
                    local_end_date: date,
                    local_end: NaiveTime::MIN,
                    time_zone: chrono_tz::Europe::London,
                    starts_at,
                    ends_at: starts_at + TimeDelta::hours(4),
                },
                band: Band::Core,
                roles: vec!["gp".to_owned()],
                competencies: Vec::new(),
                places,
                priority: 1,
                rate_min_pence_per_hour: 8000,
                rate_max_pence_per_hour: 9000,
                notes: String::new(),
                supervisor: String::new(),
            },
            state: SessionState::Open,
            posted_at: now(),
        }
    }

    #[test]
    fn a_session_stands_where_its_bookings_and_offers_put_it() {
        let of = |hours, places, booked, offers| Standing::of(&session(hours, places), booked, offers, now());
        assert_eq!(of(24, 1, 0, 0), Standing::Open);
        assert_eq!(of(24, 1, 0, 1), Standing::Offered);
        assert_eq!(of(24, 2, 1, 1), Standing::PartFilled { booked: 1, places: 2 });
        assert_eq!(of(24, 2, 2, 0), Standing::Filled);
        assert_eq!(of(0, 1, 0, 0), Standing::Unfilled);
        assert_eq!(of(-1, 1, 1, 0), Standing::Filled);
        let mut withdrawn = session(24, 1);
        withdrawn.state = SessionState::Withdrawn { at: now(), reason: "Closed".to_owned() };
        assert_eq!(Standing::of(&withdrawn, 0, 0, now()), Standing::Withdrawn);
    }
}
