//! The feed of a clinician's calendar (RFC 5545): bookings firm, offers tentative, cancellations as such; with an alarm, and
//! everything that is needed on the day. Calendars that subscribe to it fetch it by themselves.

use chrono::{DateTime, Duration, Utc};
use icalendar::{Alarm, Event, EventLike};

use super::calendar::{Entry, EntryStatus, event, render_all, uid, uid_of_offer};
use super::messages::{SessionWords, pay_words};
use super::offer::Offer;
use super::{Booking, BookingState, Organiser};
use crate::eligibility::facts::SessionFacts;
use crate::ground::id::PracticeId;
use crate::ground::mail::{CalendarMethod, Letterhead};
use crate::ground::words::moment;
use crate::people::practice::guide::Guide;

/// So long before the start a calendar reminds of a booking.
const REMINDED_BEFORE: Duration = Duration::hours(2);

/// What a feed is made of.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The name of the person's role.
    pub role: String,
    /// What they are booked for, and were.
    pub bookings: Vec<Booking>,
    /// Their open offers.
    pub offers: Vec<Offer>,
    /// The sessions of all of them.
    pub sessions: Vec<SessionFacts>,
    /// What the practices say to those who come.
    pub guides: Vec<(PracticeId, Guide)>,
}

impl Feed {
    /// The feed as a whole `VCALENDAR`.
    #[must_use]
    pub fn render(&self, letterhead: &Letterhead, now: DateTime<Utc>) -> String {
        let bookings = self.bookings.iter().filter_map(|booking| self.booked(booking, letterhead, now));
        let offers = self.offers.iter().filter_map(|offer| self.offered(offer, letterhead, now));
        render_all(CalendarMethod::Publish, bookings.chain(offers))
    }

    fn booked(&self, booking: &Booking, letterhead: &Letterhead, now: DateTime<Utc>) -> Option<Event> {
        let session = self.sessions.iter().find(|session| session.id == booking.session)?;
        let status = match booking.state {
            BookingState::Live => EntryStatus::Firm,
            BookingState::Cancelled { .. } => EntryStatus::Cancelled,
        };
        let pay = pay_words(booking.rate_pence_per_hour, booking.pay_pence);
        let mut lines = vec![format!("Pay: {pay}")];
        lines.extend(needed_on_the_day(session));
        if let Some((_, guide)) = self.guides.iter().find(|(practice, _)| *practice == session.practice)
            && status == EntryStatus::Firm
        {
            lines.extend(guide.for_everybody().into_iter().map(|(name, text)| format!("{name}: {text}")));
            lines.extend(filled("On the day, ask for", &guide.contact()));
        }
        lines.push(format!("{}/bookings/{}", letterhead.base_url, booking.id));
        let entry = Entry {
            uid: uid(booking.id),
            status,
            sequence: booking.calendar_sequence,
            method: CalendarMethod::Publish,
            session,
            summary: format!("{} session at {}", self.role, session.practice_name),
            description: lines.join("\n"),
            organiser: booking.organiser(letterhead),
            attendees: Vec::new(),
            written_at: now,
        };
        let mut event = event(&entry);
        if status == EntryStatus::Firm {
            event.alarm(Alarm::display(&format!("Session at {}", session.practice_name), -REMINDED_BEFORE));
        }
        Some(event)
    }

    fn offered(&self, offer: &Offer, letterhead: &Letterhead, now: DateTime<Utc>) -> Option<Event> {
        let session = self.sessions.iter().find(|session| session.id == offer.session)?;
        let mut lines = vec![
            format!("Answer by: {}", moment(offer.expires_at)),
            format!("Pay: {}", pay_words(offer.rate_pence_per_hour, offer.pay_pence)),
        ];
        lines.extend(needed_on_the_day(session));
        lines.push(format!("{}/offers/{}", letterhead.base_url, offer.id));
        Some(event(&Entry {
            uid: uid_of_offer(offer.id),
            status: EntryStatus::Tentative,
            sequence: 0,
            method: CalendarMethod::Publish,
            session,
            summary: format!("Offered: {} session at {}", self.role, session.practice_name),
            description: lines.join("\n"),
            organiser: Organiser::of(letterhead),
            attendees: Vec::new(),
            written_at: now,
        }))
    }
}

fn needed_on_the_day(session: &SessionFacts) -> Vec<String> {
    let words = SessionWords::of(session);
    let facts = [("Supervised by", &words.supervisor), ("Needs", &words.needs), ("Notes", &words.notes)];
    facts.into_iter().filter_map(|(name, text)| filled(name, text)).collect()
}

fn filled(name: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{name}: {text}"))
}

#[cfg(test)]
mod tests {
    use calcard::icalendar::{ICalendarComponentType, ICalendarProperty, ICalendarStatus};
    use calcard::{Entry, Parser};
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Feed;
    use crate::eligibility::judge::examples;
    use crate::ground::id::{BookingId, ClinicianId, SessionId};
    use crate::ground::mail::Letterhead;
    use crate::terms::rules::FeeSteps;
    use crate::work::booking::{Booking, BookingState, Organiser, Side};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Sessions from 8:30am by the clock, on the days around both changes of it: two of them are cancelled.
    fn feed() -> (Feed, Vec<DateTime<Utc>>) {
        let starts = [
            "2026-10-24T07:30:00Z",
            "2026-10-25T08:30:00Z",
            "2026-10-26T08:30:00Z",
            "2027-03-27T08:30:00Z",
            "2027-03-28T07:30:00Z",
            "2027-03-29T07:30:00Z",
        ]
        .map(at);
        let example = examples::facts().session;
        let mut feed = Feed {
            role: "GP".to_owned(),
            bookings: Vec::new(),
            offers: Vec::new(),
            sessions: Vec::new(),
            guides: Vec::new(),
        };
        for (number, starts_at) in starts.into_iter().enumerate() {
            let mut session = example.clone();
            (session.id, session.starts_at) = (SessionId::new(), starts_at);
            session.ends_at = starts_at + TimeDelta::minutes(250);
            let cancelled = BookingState::Cancelled {
                at: starts_at,
                side: Side::Bank,
                reason: "x".to_owned(),
                fee_pence: 0,
            };
            feed.bookings.push(Booking {
                bank: session.bank,
                id: BookingId::new(),
                session: session.id,
                clinician: ClinicianId::new(),
                rate_pence_per_hour: 8_800,
                pay_pence: 36_667,
                fee_steps: FeeSteps::default(),
                made_at: starts_at,
                state: if number % 3 == 2 { cancelled } else { BookingState::Live },
                calendar_sequence: i32::try_from(number).unwrap(),
                organiser: Some(Organiser {
                    name: "Old bank".to_owned(),
                    address: "old@bank.example".to_owned(),
                }),
            });
            feed.sessions.push(session);
        }
        (feed, starts.to_vec())
    }

    #[test]
    fn another_parser_reads_every_entry_across_both_clock_changes() {
        let (feed, starts) = feed();
        let text = feed.render(&Letterhead::for_tests(), at("2026-10-01T00:00:00Z"));
        let Entry::ICalendar(calendar) = Parser::new(&text).entry() else { panic!("no calendar: {text}") };
        let is_event = |one: &&calcard::icalendar::ICalendarComponent| {
            one.component_type == ICalendarComponentType::VEvent
        };
        let events: Vec<_> = calendar.components.iter().filter(is_event).collect();
        assert_eq!(events.len(), starts.len());
        for (number, (event, starts_at)) in events.into_iter().zip(starts).enumerate() {
            let value = |name| event.property(&name).and_then(|found| found.values.first()).expect("a value");
            let starts = value(ICalendarProperty::Dtstart).as_partial_date_time();
            assert_eq!(
                starts.and_then(calcard::common::PartialDateTime::to_timestamp),
                Some(starts_at.timestamp())
            );
            assert_eq!(value(ICalendarProperty::Sequence).as_integer(), i64::try_from(number).ok());
            let organiser = format!("{:?}", value(ICalendarProperty::Organizer));
            assert!(organiser.contains("old@bank.example"), "the organiser for life: {organiser}");
            let is_cancelled = number % 3 == 2;
            let status = if is_cancelled { ICalendarStatus::Cancelled } else { ICalendarStatus::Confirmed };
            assert_eq!(event.status(), Some(&status));
            assert_eq!(event.component_ids.len(), usize::from(!is_cancelled), "its alarm");
        }
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        // By the clock of London each begins at 8:30am.
        assert!(
            feed.sessions
                .iter()
                .all(|session| { crate::ground::words::time_at(session.starts_at) == "8:30am" })
        );
    }
}
