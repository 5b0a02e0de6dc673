//! The fields of each section of a bank's rules: what they are called, what they do, and what they take.

use chrono::NaiveTime;
use serde_json::Value;

use super::cancelling::FeeSteps;
use super::text_fields::{JOINING, PRIVACY, TERMS};
use super::{Rule, Section};
use crate::ground::words;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A whole number from the least to the most, with its unit.
    Number(i64, i64, &'static str),
    /// A full hour of the day, from the least to the most.
    Hour(i64, i64),
    /// A line of so many letters at most, which may be left empty.
    Line(usize),
    /// The same, which may not.
    NeededLine(usize),
    /// A phone number, which may be left empty.
    Phone,
    /// An email address, which may be left empty.
    Email,
    /// Yes or no.
    YesNo,
    /// Steps of hours with a share of the pay, one a line, which may be left empty.
    Steps,
    /// Lines of so many letters at most, which may be left empty.
    Words(usize),
    /// The same, which may not.
    NeededWords(usize),
}

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its name in the form and in the database.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it does.
    pub hint: &'static str,
    /// What it takes.
    pub takes: Takes,
}

pub(super) const fn asked(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    takes: Takes,
) -> Asked {
    Asked { name, label, hint, takes }
}

const ABOUT: [Asked; 4] = [
    asked("name", "Name", "As pages and emails show it", Takes::NeededLine(100)),
    asked(
        "address",
        "Address",
        "In one line, with the postcode. Leave it empty to show none",
        Takes::Line(200),
    ),
    asked("phone", "Phone number", "Leave it empty to show none", Takes::Phone),
    asked(
        "email",
        "Email address",
        "Where people can write to the bank. Leave it empty to show none",
        Takes::Email,
    ),
];

const ANSWERS: [Asked; 4] = [
    asked(
        "within_hours",
        "Hours to answer an offer",
        "Where they would end at night, an offer can be answered until the morning. Nobody can answer after a session is too near",
        Takes::Number(1, 168, "hours"),
    ),
    asked("from_hour", "Answers are asked for from", "No offer lapses before this hour", Takes::Hour(6, 12)),
    asked(
        "until_hour",
        "Answers are asked for until",
        "No offer lapses after this hour, and no email about one is sent after it until the morning",
        Takes::Hour(17, 23),
    ),
    asked(
        "told_from_hour",
        "Emails about offers are sent from",
        "An offer that is made at night, or a reminder that falls due then, is sent at this hour",
        Takes::Hour(5, 12),
    ),
];

const CANCELLING: [Asked; 3] = [
    asked(
        "steps",
        "List of steps",
        "One step a line: the hours or days before the start, and the share of the pay that the practice owes when it cancels later than that. Like 24 hours: 100%, and on the next line 3 days: 75%. Leave it empty and cancelling costs nothing",
        Takes::Steps,
    ),
    asked(
        "short_notice_hours",
        "Short notice",
        "Bookings made less than so many hours before the start follow the list below instead. 0 for none",
        Takes::Number(0, 1_440, "hours"),
    ),
    asked(
        "short_notice_steps",
        "List of steps at short notice",
        "Written the same way. Leave it empty and cancelling what was booked at short notice costs nothing",
        Takes::Steps,
    ),
];

const HOURS: [Asked; 2] = [
    asked(
        "least_rest_hours",
        "Hours of rest",
        "Between two working days of people the bank employs. The law wants 11, and days of 13 hours at most. Self-employed people set their own",
        Takes::Number(11, 16, "hours"),
    ),
    asked(
        "most_hours_per_week",
        "Most hours a week",
        "For people the bank employs. The law wants 48 at most",
        Takes::Number(8, 48, "hours"),
    ),
];

const RETENTION: [Asked; 6] = [
    asked(
        "bookings_years",
        "Bookings keep a name for",
        "From the last one on, also when the person is erased. The tax office and England’s code for NHS records want six years",
        Takes::Number(6, 20, "years"),
    ),
    asked(
        "left_years",
        "People who left are erased after",
        "From the end of the last thing they did here",
        Takes::Number(1, 20, "years"),
    ),
    asked(
        "documents_months",
        "Files are deleted after",
        "Of documents that were replaced, were sent back, or ended. That they were verified stays on record",
        Takes::Number(1, 72, "months"),
    ),
    asked(
        "applications_months",
        "Applications are deleted after",
        "From the closing of their vacancy on. What was begun and never sent goes after a month",
        Takes::Number(6, 24, "months"),
    ),
    asked(
        "mails_days",
        "Emails lose their text after",
        "From their leaving on. That they left stays on record",
        Takes::Number(30, 730, "days"),
    ),
    asked(
        "plans_days",
        "Plans lose homes, hours and wishes after",
        "What a plan was made of can’t be downloaded whole any more then. What it proposed stays",
        Takes::Number(30, 1095, "days"),
    ),
];

const REGISTERS: [Asked; 1] = [asked(
    "within_months",
    "Months that a look-up counts",
    "After so long somebody’s number is to be looked up on their professional register again",
    Takes::Number(1, 24, "months"),
)];

/// Weights beyond this are no weights any more: plans work in whole points.
const MOST_POINTS: i64 = 100_000_000;

const WEIGHTS: [Asked; 6] = [
    asked(
        "fill_points",
        "A filled place",
        "The more it is, the more a plan pays and lets people travel to fill one place more. Times the session’s priority",
        Takes::Number(1, MOST_POINTS, "points"),
    ),
    asked(
        "pay_points_per_pound",
        "Each pound of pay",
        "Taken away. The more it is, the more a plan gives sessions to people who ask less",
        Takes::Number(0, MOST_POINTS, "points"),
    ),
    asked(
        "travel_points_per_km",
        "Each kilometre of travel",
        "Taken away. The more it is, the more a plan gives sessions to people who live near",
        Takes::Number(0, MOST_POINTS, "points"),
    ),
    asked(
        "preferred_practice_points",
        "A practice the clinician prefers",
        "The more it is, the more people work where they like to",
        Takes::Number(0, MOST_POINTS, "points"),
    ),
    asked(
        "continuity_points",
        "A practice the clinician worked at lately",
        "The more it is, the more practices see the same people again",
        Takes::Number(0, MOST_POINTS, "points"),
    ),
    asked(
        "incumbent_points",
        "Whom the last plan or an offer has already",
        "The more it is, the less a new plan changes of the one before",
        Takes::Number(0, MOST_POINTS, "points"),
    ),
];

const ROUNDS: [Asked; 5] = [
    asked(
        "days",
        "Days a round lasts",
        "One follows the other. 0 for none: requests then go to the practice at once",
        Takes::Number(0, 28, "days"),
    ),
    asked("close_hour", "Rounds close at", "The next opens at the same time", Takes::Hour(6, 20)),
    asked(
        "ahead_days",
        "Days between a round and its sessions",
        "Sessions that start at least so long after a round closes are in it. All others are asked for and answered one by one",
        Takes::Number(1, 90, "days"),
    ),
    asked(
        "confirm_hours",
        "Hours to confirm",
        "Nobody is booked before the practice confirms. What it has not confirmed by then goes back",
        Takes::Number(1, 336, "hours"),
    ),
    asked(
        "ledger_weeks",
        "Weeks that decide whose turn it is",
        "Whoever was given the fewest hours of work in them comes first, and among equals the lot decides",
        Takes::Number(1, 52, "weeks"),
    ),
];

const RELEASING: [Asked; 4] = [
    asked(
        "is_staged",
        "Sessions are released in stages",
        "When a session is posted, the practice’s preferred people are asked first. Each practice can say otherwise for each session. No for all at once",
        Takes::YesNo,
    ),
    asked(
        "worked_here_hours",
        "People who have worked there are asked",
        "So many hours before the start. 0 for none: they are asked with everybody",
        Takes::Number(0, 2_160, "hours"),
    ),
    asked(
        "everybody_hours",
        "Everybody is asked",
        "So many hours before the start. A session that is posted later than that is open to everybody at once",
        Takes::Number(1, 2_159, "hours"),
    ),
    asked(
        "keeps_previous",
        "Stages before stay open",
        "No closes the stage of the preferred people when that of those who have worked there opens",
        Takes::YesNo,
    ),
];

const FIGURES: [Asked; 1] = [asked(
    "least_places",
    "Fewest places for a percentage",
    "Where fewer were asked for, the numbers are shown without a percentage. 0 shows all",
    Takes::Number(0, 100, "places"),
)];

/// The fields of a section.
#[must_use]
pub fn fields_of(section: Section) -> &'static [Asked] {
    match section {
        Section::About => &ABOUT,
        Section::Answers => &ANSWERS,
        Section::Cancelling => &CANCELLING,
        Section::Hours => &HOURS,
        Section::Retention => &RETENTION,
        Section::Registers => &REGISTERS,
        Section::Weights => &WEIGHTS,
        Section::Rounds => &ROUNDS,
        Section::Releasing => &RELEASING,
        Section::Figures => &FIGURES,
        Section::Joining => &JOINING,
        Section::Terms => &TERMS,
        Section::Privacy => &PRIVACY,
    }
}

impl Asked {
    /// What a rule says in this field, as it is typed.
    #[must_use]
    pub fn typed(&self, rule: &Rule) -> String {
        match rule.value().get(self.name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(steps @ Value::Array(_)) => steps_of(steps).to_string(),
            Some(Value::Bool(is_so)) => if *is_so { "yes" } else { "no" }.to_owned(),
            _ => String::new(),
        }
    }

    /// What a rule says in this field, as people read it.
    #[must_use]
    pub fn shown(&self, rule: &Rule) -> String {
        let typed = self.typed(rule);
        match self.takes {
            Takes::Number(_, _, unit) => {
                format!("{} {unit}", typed.parse().map_or_else(|_| typed.clone(), words::number))
            }
            Takes::Hour(..) => typed.parse().ok().and_then(full_hour).unwrap_or(typed),
            Takes::YesNo => words::capitalised(&typed),
            Takes::Steps => steps_shown(rule.value().get(self.name)),
            _ if typed.is_empty() => "Not shown".to_owned(),
            Takes::Words(_) | Takes::NeededWords(_) => in_short(typed),
            Takes::Line(_) | Takes::NeededLine(_) | Takes::Phone | Takes::Email => typed,
        }
    }
}

fn steps_of(value: &Value) -> FeeSteps {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

/// "Less than 24 hours before the start 100% of the pay, less than 3 days before the start 75%".
fn steps_shown(value: Option<&Value>) -> String {
    let steps = value.map(steps_of).unwrap_or_default();
    let said = |(at, step): (usize, &super::FeeStep)| {
        let of = if at == 0 { " of the pay" } else { "" };
        format!("{} {}%{of}", step.when(), step.percent)
    };
    let said: Vec<String> = steps.steps().iter().enumerate().map(said).collect();
    if said.is_empty() { "Nothing is owed".to_owned() } else { words::capitalised(&said.join(", ")) }
}

/// A long text by its beginning, and how long it is.
fn in_short(text: String) -> String {
    const SHOWN: usize = 200;
    if text.chars().count() <= SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    let beginning = beginning.rsplit_once(char::is_whitespace).map_or(beginning.as_str(), |(whole, _)| whole);
    let count = i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX);
    format!("{beginning} … ({})", words::count(count, "word", "words"))
}

/// "9am".
#[must_use]
pub fn full_hour(hour: u32) -> Option<String> {
    NaiveTime::from_hms_opt(hour, 0, 0).map(words::time_of_day)
}

/// What differs between two rules of a section, in words: "Hours to answer an offer: 48 hours, before 24 hours".
#[must_use]
pub fn differences(before: &Rule, after: &Rule) -> Vec<String> {
    let fields = fields_of(after.section()).iter();
    let differing = fields.filter(|field| field.typed(before) != field.typed(after));
    differing
        .map(|field| format!("{}: {}, before {}", field.label, field.shown(after), field.shown(before)))
        .collect()
}

#[cfg(test)]
mod tests;
