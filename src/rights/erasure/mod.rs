//! Erasing somebody: what a bank has of them, or their account with all that every bank has. What the law keeps stays, with
//! a number in the place of the name, and is listed before and afterwards, with until when.

pub mod actions;
pub mod pages;
pub mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ground::words;

/// How far an erasure goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Their account, with what every bank has of them.
    Account,
    /// What the bank has that the transaction is in. Who acts in no other is erased whole.
    Bank,
}

/// Something that is kept, as pages list it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What: "Bookings".
    pub what: String,
    /// How many.
    pub count: i64,
    /// Why.
    pub why: String,
    /// Until when a name is beside it; none where none is.
    pub until: Option<NaiveDate>,
}

impl Kept {
    /// "Until 30 November 2032", or "Without a name".
    #[must_use]
    pub fn lasts(&self) -> String {
        self.until.map_or_else(
            || "Without a name".to_owned(),
            |until| format!("With the name until {}", words::date_without_weekday(until)),
        )
    }
}

/// Why somebody can't be erased yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// So many bookings are still to be worked.
    Bookings(i64),
    /// So many offers wait for their answer.
    Offers(i64),
    /// So many requests wait for theirs.
    Requests(i64),
    /// Nobody else administers this bank.
    LastAdministrator(String),
}

impl Obstacle {
    /// What stands in the way, and what to do about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Bookings(count) => format!(
                "{} still to come: cancel what is not to be worked, or wait until it is over.",
                words::capitalised(&words::count(*count, "booking is", "bookings are"))
            ),
            Self::Offers(count) => format!(
                "{} open: answer or take back each, or wait until it lapses.",
                words::capitalised(&words::count(*count, "offer is", "offers are"))
            ),
            Self::Requests(count) => format!(
                "{} for an answer: take back each first.",
                words::capitalised(&words::count(
                    *count,
                    "request for a session waits",
                    "requests for sessions wait"
                ))
            ),
            Self::LastAdministrator(bank) => {
                format!("Nobody else administers {bank}: somebody else has to become an administrator first.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Obstacle};

    #[test]
    fn what_stands_in_the_way_says_what_to_do() {
        assert_eq!(
            Obstacle::Bookings(1).sentence(),
            "1 booking is still to come: cancel what is not to be worked, or wait until it is over."
        );
        assert!(Obstacle::Requests(2).sentence().starts_with("2 requests for sessions wait for an answer"));
        assert!(Obstacle::LastAdministrator("Kent bank".to_owned()).sentence().contains("Kent bank"));
    }

    #[test]
    fn what_is_kept_says_until_when() {
        let kept = Kept {
            what: "Bookings".to_owned(),
            count: 3,
            why: String::new(),
            until: "2032-11-30".parse().ok(),
        };
        assert_eq!(kept.lasts(), "With the name until 30 November 2032");
        assert_eq!(Kept { until: None, ..kept }.lasts(), "Without a name");
    }
}
