//! What is told of a bank once a week: the list a person gets on Monday, or after a downtime on Tuesday or Wednesday.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::Bank;
use super::calendar::{local_date, monday_of, start_of_day};
use crate::ground::mail::kinds::MessageKind;
use crate::ground::mail::{NewMail, Recipient};
use crate::ground::words::{count, short_date};

/// A bank and the week that is told of.
#[derive(Debug, Clone, Copy)]
pub struct Week<'a> {
    /// The bank.
    pub bank: &'a Bank,
    /// The Monday of the week, by the bank's calendar.
    pub monday: NaiveDate,
    /// The day it is, by the bank's calendar.
    pub today: NaiveDate,
}

impl<'a> Week<'a> {
    /// The week to tell of at `now`. `None` from Thursday on, when it would be nearly the next.
    #[must_use]
    pub fn to_tell_of(bank: &'a Bank, now: DateTime<Utc>) -> Option<Self> {
        let today = local_date(bank.time_zone, now);
        matches!(today.weekday(), Weekday::Mon | Weekday::Tue | Weekday::Wed).then(|| Self {
            bank,
            monday: monday_of(today),
            today,
        })
    }

    /// The mail to one person, one a week, of use until the week is over. Its subject begins with the week and the
    /// bank, and goes on with `said`.
    #[must_use]
    pub fn mail(
        &self,
        kind: &'static MessageKind,
        to: &Recipient,
        said: &str,
        bodies: (String, String),
    ) -> NewMail {
        let reader = to.account.map_or_else(|| to.address.clone(), |account| account.to_string());
        NewMail {
            not_after: Some(start_of_day(self.bank.time_zone, self.monday + Days::new(7))),
            ..NewMail::new(
                self.bank.id,
                kind,
                format!("{}:{reader}", self.monday),
                vec![to.clone()],
                format!("Week of {}, {}: {said}", short_date(self.monday), self.bank.name),
                bodies,
            )
        }
    }
}

/// "7 more are on the page.", for what a list leaves out; "" where it leaves out nothing.
#[must_use]
pub fn more_on_the_page(left_out: i64) -> String {
    if left_out > 0 {
        format!("{} on the page.", count(left_out, "more is", "more are"))
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Week, more_on_the_page};
    use crate::ground::id::{AccountId, BankId};
    use crate::ground::mail::specimen::Specimen;
    use crate::ground::mail::{Letterhead, NewMail, Recipient};
    use crate::insight::fill_rate::messages::UNFILLED_WEEKLY;
    use crate::terms::bank::Bank;

    fn at(instant: &str) -> DateTime<Utc> {
        instant.parse().unwrap()
    }

    fn mail_at(now: DateTime<Utc>, account: Option<AccountId>) -> Option<NewMail> {
        let specimen = Specimen::plain(BankId::default(), "Orchid bank", Letterhead::for_tests(), now);
        let bank = Bank::of_specimen(&specimen);
        let to = Recipient { account, ..specimen.recipient() };
        let bodies = ("Text".to_owned(), "<p>Text</p>".to_owned());
        Week::to_tell_of(&bank, now).map(|week| week.mail(&UNFILLED_WEEKLY, &to, "7 sessions", bodies))
    }

    #[test]
    fn a_week_is_told_of_once_a_person_and_until_it_is_over() {
        let account = Some(AccountId::new());
        let monday = mail_at(at("2026-10-19T07:00:00Z"), account).unwrap();
        assert_eq!(monday.subject, "Week of Mon 19 Oct, Orchid bank: 7 sessions");
        // The clocks go back on the Sunday, so the next Monday begins at midnight in winter time.
        assert_eq!(monday.not_after, Some(at("2026-10-26T00:00:00Z")));
        let wednesday = mail_at(at("2026-10-21T07:00:00Z"), account).unwrap();
        assert_eq!(wednesday.dedup_key, monday.dedup_key);
        let other = mail_at(at("2026-10-19T07:00:00Z"), Some(AccountId::new())).unwrap();
        assert_ne!(other.dedup_key, monday.dedup_key);
        assert_eq!(
            mail_at(at("2026-10-19T07:00:00Z"), None).unwrap().dedup_key,
            "2026-10-19:ann@example.org"
        );
    }

    #[test]
    fn a_week_begins_by_the_banks_calendar_and_is_not_told_of_late() {
        // 11.30pm on Sunday in UTC is Monday in London while summer time lasts.
        assert!(mail_at(at("2026-10-18T23:30:00Z"), None).is_some());
        assert!(mail_at(at("2026-10-18T22:30:00Z"), None).is_none());
        assert!(mail_at(at("2026-10-22T07:00:00Z"), None).is_none());
    }

    #[test]
    fn what_a_list_leaves_out_is_counted() {
        assert_eq!(
            [0, 1, 7].map(more_on_the_page),
            ["", "1 more is on the page.", "7 more are on the page."]
        );
    }
}
