//! A clinician's availability: the weeks as they come out, and what they are made of.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, app_of};
use crate::ground::web::page;
use crate::ground::words;
use crate::people::availability::forms::{WEEKDAYS, line_of_day, weekday_name};
use crate::people::availability::{Availability, Entry, TimeAway, store};
use crate::people::clinician::store::find_clinician_of_membership;
use crate::terms::bank::calendar::{local_date, monday_of};

/// How far ahead single dates and time away are listed, in days: as far as they can be entered.
const LISTED_DAYS: u64 = 731;

/// Days shown as they come out.
const SHOWN_DAYS: u64 = 28;

#[derive(Template)]
#[template(path = "people/availability/pages/overview.html")]
struct OverviewPage {
    page: PageFrame,
    is_empty: bool,
    every_week: Vec<(&'static str, String)>,
    entries: Vec<EntryLine>,
    away: Vec<AwayLine>,
    booked_while_away: Vec<String>,
    weeks: Vec<Vec<DayShown>>,
}

struct EntryLine {
    date: String,
    hours: String,
    remove_path: String,
}

struct AwayLine {
    span: String,
    remove_path: String,
}

struct DayShown {
    date: String,
    look: &'static str,
    hours: Vec<String>,
    is_away: bool,
    /// When their bookings are.
    booked: Vec<String>,
}

/// A live booking: the date on which it begins, its start and its end.
type Booked = (NaiveDate, DateTime<Utc>, DateTime<Utc>);

/// `GET /availability`.
pub async fn overview(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let today = local_date(who.time_zone, app.clock.now());
    let (membership, first) = (who.membership, monday_of(today));
    let last = today.checked_add_days(Days::new(LISTED_DAYS)).unwrap_or(today);
    let tx = &mut app.db.look(&who).await?;
    let person = find_clinician_of_membership(tx, membership).await?;
    let person = person.ok_or(AppError::NotFound)?.id;
    let availability = store::load_availability(tx, person, first, last).await?;
    let booked = store::list_booked_times(tx, person, first, last).await?;
    let frame = who.frame(&request);
    page(&overview_page(frame, &availability, &booked, today))
}

fn overview_page(
    page: PageFrame,
    availability: &Availability,
    booked: &[Booked],
    today: NaiveDate,
) -> OverviewPage {
    let week = availability.week_from(today);
    let line = |weekday| {
        let line = line_of_day(&week, weekday);
        (weekday_name(weekday), if line.is_empty() { "Not available".to_owned() } else { line })
    };
    let entry = |entry: &Entry| EntryLine {
        date: words::full_date(entry.date),
        hours: entry.hours.text(),
        remove_path: format!("/availability/dates/{}/remove", entry.id),
    };
    let away = |away: &TimeAway| AwayLine {
        span: words::date_span(away.from_date, away.until_date),
        remove_path: format!("/availability/away/{}/remove", away.id),
    };
    let mut booked_dates: Vec<NaiveDate> = booked.iter().map(|(date, _, _)| *date).collect();
    booked_dates.dedup();
    let is_away = |date: &&NaiveDate| **date >= today && availability.away_on(**date).is_some();
    OverviewPage {
        page,
        is_empty: availability == &Availability::default(),
        every_week: WEEKDAYS.into_iter().map(line).collect(),
        entries: availability.entries.iter().filter(|entry| entry.date >= today).map(entry).collect(),
        away: availability.away.iter().filter(|away| away.until_date >= today).map(away).collect(),
        booked_while_away: booked_dates.iter().filter(is_away).map(|date| words::full_date(*date)).collect(),
        weeks: weeks(availability, booked, today),
    }
}

/// The days from this week's Monday to the Sunday after the last day shown, in weeks.
fn weeks(availability: &Availability, booked: &[Booked], today: NaiveDate) -> Vec<Vec<DayShown>> {
    let last = today.checked_add_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(today);
    let day = |date: NaiveDate| {
        let is_past = date < today;
        let hours = if is_past { Vec::new() } else { availability.hours_on(date) };
        DayShown {
            date: words::short_date(date),
            look: match date {
                date if date == today => "today",
                _ if hours.is_empty() => "closed",
                _ => "",
            },
            is_away: !is_past && availability.away_on(date).is_some(),
            booked: booked
                .iter()
                .filter(|(begins_on, _, _)| *begins_on == date)
                .map(|(_, start, end)| words::time_span(*start, *end))
                .collect(),
            hours: hours.iter().map(crate::people::availability::Hours::text).collect(),
        }
    };
    let mondays = monday_of(today).iter_weeks().take_while(|monday| *monday <= last);
    mondays.map(|monday| monday.iter_days().take(7).map(day).collect()).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

    use super::weeks;
    use crate::ground::id::AvailabilityId;
    use crate::people::availability::{Availability, Hours, Pattern, TimeAway};

    #[test]
    fn the_next_four_weeks_come_out_in_whole_weeks() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let pattern = Pattern {
            id: AvailabilityId::new(),
            weekday: Weekday::Tue,
            hours: Hours { start: time(9), end: time(17) },
            from_date: today - chrono::Days::new(30),
            until_date: None,
        };
        let day_off = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let away = TimeAway { id: AvailabilityId::new(), from_date: day_off, until_date: day_off };
        let availability =
            Availability { patterns: vec![pattern], away: vec![away], ..Availability::default() };
        let starts_at = "2026-12-01T09:00:00Z".parse().unwrap();
        let booked = (day_off, starts_at, starts_at + chrono::TimeDelta::hours(4));
        let weeks = weeks(&availability, &[booked], today);
        assert_eq!((today.weekday(), weeks.len()), (Weekday::Sun, 5));
        assert!(weeks[0][1].hours.is_empty(), "a past day shows nothing");
        assert_eq!(
            (weeks[0][6].look, weeks[1][1].hours.as_slice()),
            ("today", ["9am to 5pm".to_owned()].as_slice())
        );
        assert!(weeks[2][1].is_away && weeks[2][1].hours.is_empty());
        assert_eq!(weeks[2][1].booked, ["9am to 1pm"]);
    }
}
