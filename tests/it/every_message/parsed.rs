//! Mails as Python's `email` reads them, and calendar entries as another program than their writer does.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// One mail as Python reads it.
#[derive(Debug, Deserialize)]
pub struct Parsed {
    /// The addresses in its headers, in order.
    pub recipients: Vec<String>,
    /// The names beside them.
    pub names: Vec<String>,
    /// Its subjects, decoded.
    pub subjects: Vec<String>,
    /// Its Message-IDs.
    pub message_ids: Vec<String>,
    /// Headers that no mail of ours has.
    pub extra_headers: Vec<String>,
    /// What breaks a standard.
    pub defects: Vec<String>,
    /// Its plain text parts.
    pub plain: Vec<String>,
    /// Its HTML parts.
    pub html: Vec<String>,
    /// Its calendar parts.
    pub calendars: Vec<CalendarPart>,
}

/// A calendar part.
#[derive(Debug, Deserialize)]
pub struct CalendarPart {
    /// What its content type says calendars are to do.
    pub method: String,
    /// The entry.
    pub body: String,
    /// Its properties.
    pub properties: Vec<Property>,
    /// What is wrong with its form.
    pub faults: Vec<String>,
}

/// A property of a calendar entry.
#[derive(Debug, Deserialize)]
pub struct Property {
    /// The components it lies in: `VCALENDAR/VEVENT`.
    pub within: String,
    /// Its name.
    pub name: String,
    /// Its value, as it is written.
    pub value: String,
}

/// Reads mails, all in one run of Python.
pub fn parse(mails: &[&str]) -> Vec<Parsed> {
    let mut python = Command::new("python3")
        .args(["-I", "-c", include_str!("parse.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs; ./dev test looks for it");
    let mut input = python.stdin.take().expect("a way in");
    let text = serde_json::to_string(mails).expect("JSON");
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let done = python.wait_with_output().expect("python3 ends");
    writing.join().expect("the writer ends").expect("python3 reads");
    assert!(done.status.success(), "python3 could not read the mails");
    let parsed: Vec<Parsed> = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(parsed.len(), mails.len());
    parsed
}

/// What is wrong with a calendar part by RFC 5545 and RFC 5546, one line each.
pub fn entry_faults(
    part: &CalendarPart,
    method: &str,
    wanted_sequence: u32,
    attendees: &[String],
) -> Vec<String> {
    let values = |within: &str, name: &str| -> Vec<&str> {
        let of_name = part.properties.iter().filter(|it| it.within == within && it.name == name);
        of_name.map(|it| it.value.as_str()).collect()
    };
    let one = |name: &str| values("VCALENDAR/VEVENT", name);
    let is_instant = |text: &str| {
        text.len() == 16 && text.ends_with('Z') && text.bytes().filter(u8::is_ascii_digit).count() == 14
    };
    let mut called: Vec<&str> = one("ATTENDEE");
    called.sort_unstable();
    let mut wanted: Vec<String> = attendees.iter().map(|address| format!("mailto:{address}")).collect();
    wanted.sort();
    // Several that end at once are published together; a request or a cancellation is about one.
    let is_published = method == "PUBLISH";
    let entries = one("UID").len();
    let each = |name: &str, holds: &dyn Fn(&str) -> bool| {
        one(name).len() == entries && one(name).into_iter().all(holds)
    };
    let of_order = one("DTSTART").into_iter().zip(one("DTEND")).all(|(start, end)| start < end);
    let status = if is_published || method == "CANCEL" { "CANCELLED" } else { "CONFIRMED" };
    if is_published {
        wanted.clear();
    }
    let elsewhere =
        part.properties.iter().any(|it| !["VCALENDAR", "VCALENDAR/VEVENT"].contains(&it.within.as_str()));
    let checks = [
        (values("VCALENDAR", "METHOD") == [method], "METHOD"),
        (values("VCALENDAR", "VERSION") == ["2.0"], "VERSION"),
        (values("VCALENDAR", "PRODID").len() == 1, "PRODID"),
        ((entries == 1) != is_published && entries > 0, "how many entries there are"),
        (each("UID", &|uid| uid.ends_with("@locumbank")), "UID"),
        (each("SEQUENCE", &|sequence| sequence.parse() == Ok(wanted_sequence)), "SEQUENCE"),
        (each("STATUS", &|found| found == status), "STATUS"),
        (each("DTSTAMP", &is_instant), "DTSTAMP"),
        (each("DTSTART", &is_instant) && each("DTEND", &is_instant) && of_order, "DTSTART or DTEND"),
        (each("ORGANIZER", &|organiser| organiser.starts_with("mailto:")), "ORGANIZER"),
        (called == wanted, "ATTENDEE"),
        (each("SUMMARY", &|_| true) && each("LOCATION", &|_| true), "SUMMARY or LOCATION"),
        (!elsewhere, "another component"),
    ];
    let wrong =
        checks.iter().filter(|(holds, _)| !holds).map(|(_, name)| format!("calendar: {name} is wrong"));
    part.faults.iter().map(|fault| format!("calendar: {fault}")).chain(wrong).collect()
}
