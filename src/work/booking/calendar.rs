//! Calendar entries of bookings (RFC 5545, RFC 5546): instants in UTC, one UID a booking for good, a sequence that
//! rises with each change, so that calendars update what they have.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use super::Organiser;
use crate::eligibility::facts::SessionFacts;
use crate::ground::id::{BookingId, OfferId};
use crate::ground::mail::CalendarMethod;

/// How an entry stands in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryStatus {
    /// Offered, and not answered yet.
    Tentative,
    /// Booked.
    Firm,
    /// Booked once, and cancelled.
    Cancelled,
}

impl EntryStatus {
    fn name(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Firm => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// What a calendar entry says.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The name under which calendars know it for good: [`uid`], or [`uid_of_offer`].
    pub uid: String,
    /// How it stands.
    pub status: EntryStatus,
    /// Its sequence.
    pub sequence: i32,
    /// Whether calendars enter or cancel it.
    pub method: CalendarMethod,
    /// The session.
    pub session: &'a SessionFacts,
    /// The heading: "GP session at Orchid House Surgery".
    pub summary: String,
    /// What is worth knowing, in lines.
    pub description: String,
    /// Who organises it.
    pub organiser: Organiser,
    /// Names and addresses of those it is for; nobody for a file that a person fetches.
    pub attendees: Vec<(&'a str, &'a str)>,
    /// When it is written.
    pub written_at: DateTime<Utc>,
}

/// The entry as a whole `VCALENDAR`.
#[must_use]
pub fn render(entry: &Entry<'_>) -> String {
    render_all(entry.method, [event(entry)])
}

/// These events as one `VCALENDAR`. Several that are entered or cancelled by themselves are published together: a request
/// or a cancellation is about one alone (RFC 5546, section 3.2).
#[must_use]
pub fn render_all(method: CalendarMethod, events: impl IntoIterator<Item = Event>) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//locumbank//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", method.name()));
    for event in events {
        calendar.push(event);
    }
    folded(&calendar.to_string())
}

/// The entry as a `VEVENT`.
#[must_use]
pub fn event(entry: &Entry<'_>) -> Event {
    let mut event = Event::new();
    event
        .uid(&entry.uid)
        .sequence(entry.sequence.unsigned_abs())
        .timestamp(entry.written_at)
        .add_property("DTSTART", utc(entry.session.starts_at))
        .add_property("DTEND", utc(entry.session.ends_at))
        .summary(&plain(&entry.summary))
        .location(&plain(&format!("{}, {}", entry.session.practice_name, entry.session.practice_address)))
        .description(&plain(&entry.description))
        .add_property("STATUS", entry.status.name())
        .append_property(person("ORGANIZER", &entry.organiser.name, &entry.organiser.address));
    for (name, address) in &entry.attendees {
        let mut attendee = person("ATTENDEE", name, address);
        attendee
            .add_parameter("ROLE", "REQ-PARTICIPANT")
            .add_parameter("PARTSTAT", "ACCEPTED")
            .add_parameter("RSVP", "FALSE");
        event.append_multi_property(attendee);
    }
    event.done()
}

/// The octets a line may have, its end not counted (RFC 5545, section 3.1).
const LINE_OCTETS: usize = 75;

/// The text with its lines folded anew: the writer leaves a last piece of 75 octets whole after the space that
/// continues a line, which makes 76.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + text.len() / LINE_OCTETS);
    for line in text.replace("\r\n ", "").split_inclusive("\r\n") {
        let mut octets = 0;
        for letter in line.chars() {
            let needed = if matches!(letter, '\r' | '\n') { 0 } else { letter.len_utf8() };
            if octets + needed > LINE_OCTETS {
                folded.push_str("\r\n ");
                octets = 1;
            }
            folded.push(letter);
            octets += needed;
        }
    }
    folded
}

/// The name under which calendars know a booking for good.
#[must_use]
pub fn uid(booking: BookingId) -> String {
    format!("booking-{booking}@locumbank")
}

/// The name under which calendars know an offer while it waits for an answer.
#[must_use]
pub fn uid_of_offer(offer: OfferId) -> String {
    format!("offer-{offer}@locumbank")
}

/// Text as a calendar may hold it: lines end in line feeds, which the writer escapes, and there is no other control
/// character (RFC 5545, section 3.1).
fn plain(text: &str) -> String {
    let lines = text.replace("\r\n", "\n");
    lines.chars().map(|letter| if letter.is_control() && letter != '\n' { ' ' } else { letter }).collect()
}

fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A person with their name, freed of what no parameter may hold (RFC 5545, section 3.1).
fn person(key: &str, name: &str, address: &str) -> Property {
    let name: String = name.chars().filter(|letter| *letter != '"' && !letter.is_control()).collect();
    let mut property = Property::new(key, format!("mailto:{address}"));
    property.add_parameter("CN", name.trim());
    property
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Entry, EntryStatus, render, uid};
    use crate::eligibility::facts::SessionFacts;
    use crate::eligibility::judge::examples;
    use crate::ground::id::BookingId;
    use crate::ground::mail::{CalendarMethod, Letterhead};
    use crate::work::booking::Organiser;

    fn rendered(method: CalendarMethod, sequence: i32, name: &str) -> (BookingId, String) {
        let facts = examples::facts();
        let booking = BookingId::new();
        let entry = Entry {
            uid: uid(booking),
            status: if method == CalendarMethod::Cancel { EntryStatus::Cancelled } else { EntryStatus::Firm },
            sequence,
            method,
            session: &facts.session,
            summary: "GP session, Orchid House".to_owned(),
            description: "First line\nsecond".to_owned(),
            organiser: Organiser::of(&Letterhead::for_tests()),
            attendees: vec![(name, "ann@example.org")],
            written_at: DateTime::from_timestamp(1_793_000_000, 0).unwrap(),
        };
        (booking, render(&entry).replace("\r\n ", ""))
    }

    #[test]
    fn a_booking_is_entered_in_utc_under_its_own_name() {
        let (booking, text) = rendered(CalendarMethod::Request, 0, "Dr Ann Example");
        for line in [
            "METHOD:REQUEST",
            &format!("UID:{}", uid(booking)),
            "SEQUENCE:0",
            "DTSTART:20261103T083000Z",
            "DTEND:20261103T124000Z",
            "STATUS:CONFIRMED",
            "SUMMARY:GP session\\, Orchid House",
            "DESCRIPTION:First line\\nsecond",
            "ORGANIZER;CN=Orchid bank:mailto:bank@bank.example",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert!(text.contains("ATTENDEE;CN=Dr Ann Example;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:ann@example.org"));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn a_cancelled_booking_leaves_the_calendar_by_a_later_sequence() {
        let (_, text) = rendered(CalendarMethod::Cancel, 1, "Ann");
        assert!(text.contains("METHOD:CANCEL") && text.contains("STATUS:CANCELLED"));
        assert!(text.contains("SEQUENCE:1"));
    }

    #[test]
    fn a_name_cannot_add_lines_to_the_calendar() {
        let (_, text) = rendered(CalendarMethod::Request, 0, "Ann\r\nATTACH:evil \"Q\", MD");
        assert!(text.contains("ATTENDEE;CN=\"AnnATTACH:evil Q, MD\";"));
        assert!(!text.lines().any(|line| line.starts_with("ATTACH")));
    }

    #[test]
    fn lines_are_no_longer_than_calendars_take() {
        let facts = examples::facts();
        // Each length in turn ends a line at another place.
        for length in 0..200 {
            let entry = long_entry(&facts.session, length);
            let text = render(&entry);
            assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
            assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{}\r\n", entry.summary)));
        }
    }

    fn long_entry(session: &SessionFacts, length: usize) -> Entry<'_> {
        Entry {
            uid: uid(BookingId::new()),
            status: EntryStatus::Firm,
            sequence: 0,
            method: CalendarMethod::Request,
            session,
            summary: format!("{}{}", "x".repeat(length % 3), "Ŵ".repeat(length)),
            description: "x".repeat(length),
            organiser: Organiser::of(&Letterhead::for_tests()),
            attendees: Vec::new(),
            written_at: DateTime::from_timestamp(1_793_000_000, 0).unwrap(),
        }
    }
}
