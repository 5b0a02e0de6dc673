//! The practice that takes another's place when it closes or merges.
//!
//! ```text
//! proposed ──▶ named    the register's files name one; an administrator names it, or another, and what is to be is carried over
//! ```

use chrono::{DateTime, NaiveDate, Utc};

use super::Practice;
use crate::ground::id::PracticeId;

/// The practice that takes another's place, or is proposed to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Successor {
    /// The practice that closes.
    pub practice_id: PracticeId,
    /// The one that takes its place.
    pub successor_id: PracticeId,
    /// Its name.
    pub successor_name: String,
    /// Its ODS code.
    pub successor_code: String,
    /// When an administrator named it; none where the register proposes it.
    pub named_at: Option<DateTime<Utc>>,
}

/// Why a practice can't take another's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// The register knows no day on which the practice closes.
    StaysOpen,
    /// It is the practice itself.
    Itself,
    /// It is not open on the day after the other's last.
    NotOpen(NaiveDate),
    /// The practice took its place before.
    Circle,
}

impl Unfit {
    /// What is in the way, as the sentence at the field.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::StaysOpen => {
                "The register knows no last day of this practice. Read its files in again once they do"
                    .to_owned()
            }
            Self::Itself => "Enter another practice: this is the one that closes".to_owned(),
            Self::NotOpen(day) => format!(
                "That practice is not open on {}. Enter one that goes on",
                crate::ground::words::date_without_weekday(day)
            ),
            Self::Circle => {
                "That practice’s place was taken by this one before. Enter one that goes on".to_owned()
            }
        }
    }
}

/// The first day of the successor: the day after the last one of the practice, or today where that is later.
///
/// # Errors
/// What makes it unfit. `took_place_of` are the practices whose place `practice` has taken, however many steps ago.
pub fn first_day(
    practice: &Practice,
    successor: &Practice,
    took_place_of: &[PracticeId],
    today: NaiveDate,
) -> Result<NaiveDate, Unfit> {
    if practice.id == successor.id {
        return Err(Unfit::Itself);
    }
    let Some(day) = practice.closed_on.and_then(|last| last.succ_opt()) else {
        return Err(Unfit::StaysOpen);
    };
    if took_place_of.contains(&successor.id) {
        return Err(Unfit::Circle);
    }
    let day = day.max(today);
    if successor.is_open_on(day) { Ok(day) } else { Err(Unfit::NotOpen(day)) }
}

#[cfg(test)]
mod tests {
    use super::{Unfit, first_day};
    use crate::people::practice::Practice;

    #[test]
    fn a_successor_is_another_practice_that_goes_on() {
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        let today = day("2028-01-10");
        let closing = |last: &str| Practice { closed_on: Some(day(last)), ..Practice::example() };
        let (old, next) = (closing("2028-03-31"), Practice::example());
        assert_eq!(first_day(&old, &next, &[], today), Ok(day("2028-04-01")));
        assert_eq!(first_day(&closing("2027-12-31"), &next, &[], today), Ok(today), "it has closed");
        assert_eq!(first_day(&old, &old, &[], today), Err(Unfit::Itself));
        assert_eq!(first_day(&next, &old, &[], today), Err(Unfit::StaysOpen));
        assert_eq!(first_day(&old, &next, &[next.id], today), Err(Unfit::Circle));
        let closed = closing("2028-03-31");
        assert_eq!(first_day(&old, &closed, &[], today), Err(Unfit::NotOpen(day("2028-04-01"))));
        let later = Practice { opened_on: Some(day("2028-04-02")), ..next };
        assert_eq!(first_day(&old, &later, &[], today), Err(Unfit::NotOpen(day("2028-04-01"))));
    }
}
