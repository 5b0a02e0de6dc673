//! The forms of sessions: the one that posts, and those that change, move and withdraw.

pub mod bands;
mod change;
pub mod file;
pub mod holiday;
mod hours;
pub mod like;
pub mod posting;
pub mod template;
mod time;

use chrono::{NaiveDate, TimeDelta};

use self::hours::{Hours, read_hours};
use super::MOST_WEEKS;
use super::repeat::Repeat;
use super::series::{Pattern, Which};
use crate::ground::form_fields::{
    Field, FieldErrors, RawForm, optional, pounds_as_pence, text, text_of_lines, whole_number,
};
use crate::ground::id::PracticeId;
use crate::ground::words;
use crate::people::practice::Practice;
use crate::terms::bank::{Band, Catalogue};

pub use change::{ChangeField, WithdrawField, asks_another_rate, filled_in, parse_change, parse_withdrawal};
pub use time::{TimeField, parse_time, time_filled_in};

/// The highest rate a session may name, in pence an hour, whatever the range: £1,000.
const HIGHEST_PENCE_PER_HOUR: i64 = 100_000;

/// The longest notes, in letters.
const MOST_LETTERS: usize = 1000;

/// The longest name of who supervises, with what they are, in letters.
const MOST_LETTERS_OF_SUPERVISOR: usize = 120;

/// The priority of a session that matters more: it counts as critical (3 or more) in matching.
pub const HIGH_PRIORITY: i16 = 3;

/// The fields of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionField {
    /// The practice.
    Practice,
    /// The first date.
    On,
    /// The start time.
    Start,
    /// The end time.
    End,
    /// Whether it ends the next day.
    Overnight,
    /// The roles.
    Role,
    /// The competencies.
    Competency,
    /// How many clinicians.
    Places,
    /// The rate, or the lowest.
    RateMin,
    /// The highest rate.
    RateMax,
    /// The rate in a band that has its own, or the lowest.
    BandRateMin(Band),
    /// The highest rate in a band that has its own.
    BandRateMax(Band),
    /// Whether two sessions are posted where the band changes.
    Split,
    /// The rate from there on, or the lowest.
    RateAfterMin,
    /// The highest rate from there on.
    RateAfterMax,
    /// How much it matters.
    Priority,
    /// What people should know.
    Notes,
    /// Who supervises on the day.
    Supervisor,
    /// How it is repeated.
    Repeat,
    /// Other dates.
    Also,
    /// The last date of a series.
    Until,
    /// Whether to post on bank holidays.
    BankHolidays,
    /// Whether to leave out dates on which the time does not exist.
    LeaveOut,
    /// Which instant a repeated time means.
    Which,
}

impl Field for SessionField {
    fn name(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::On => "on",
            Self::Start => "start",
            Self::End => "end",
            Self::Overnight => "overnight",
            Self::Role => "role",
            Self::Competency => "competency",
            Self::Places => "places",
            Self::RateMin => "rate-min",
            Self::RateMax => "rate-max",
            Self::BandRateMin(band) => band_rate_names(band).0,
            Self::BandRateMax(band) => band_rate_names(band).1,
            Self::Split => "split",
            Self::RateAfterMin => "rate-after-min",
            Self::RateAfterMax => "rate-after-max",
            Self::Priority => "priority",
            Self::Notes => "notes",
            Self::Supervisor => "supervisor",
            Self::Repeat => "repeat",
            Self::Also => "date",
            Self::Until => "until",
            Self::BankHolidays => "bank-holidays",
            Self::LeaveOut => "leave-out",
            Self::Which => "which",
        }
    }
}

/// The names of the two fields of a band's own rate.
#[must_use]
pub const fn band_rate_names(band: Band) -> (&'static str, &'static str) {
    match band {
        Band::Core => ("rate-core-min", "rate-core-max"),
        Band::Evening => ("rate-evening-min", "rate-evening-max"),
        Band::Saturday => ("rate-saturday-min", "rate-saturday-max"),
        Band::SundayOrBankHoliday => ("rate-sunday-min", "rate-sunday-max"),
        Band::Night => ("rate-night-min", "rate-night-max"),
    }
}

/// The names under which the browser sends the form, to carry it through the page that asks to check it.
pub const SENT_NAMES: [&str; 37] = [
    "practice",
    "on-day",
    "on-month",
    "on-year",
    "start",
    "end",
    "overnight",
    "role",
    "competency",
    "places",
    "rate-min",
    "rate-max",
    "rate-core-min",
    "rate-core-max",
    "rate-evening-min",
    "rate-evening-max",
    "rate-saturday-min",
    "rate-saturday-max",
    "rate-sunday-min",
    "rate-sunday-max",
    "rate-night-min",
    "rate-night-max",
    "own-system",
    "split",
    "rate-after-min",
    "rate-after-max",
    "priority",
    "notes",
    "supervisor",
    "repeat",
    "date",
    "until-day",
    "until-month",
    "until-year",
    "bank-holidays",
    "leave-out",
    "which",
];

/// What a practice wants posted, as it was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The practice.
    pub practice: PracticeId,
    /// Dates and times.
    pub pattern: Pattern,
    /// The roles that may do it, at least one.
    pub roles: Vec<String>,
    /// The competencies it needs.
    pub competencies: Vec<String>,
    /// How many clinicians it needs.
    pub places: i16,
    /// Pence an hour it pays at least.
    pub rate_min_pence_per_hour: i32,
    /// Pence an hour it pays at most.
    pub rate_max_pence_per_hour: i32,
    /// The same two rates in bands that have their own.
    pub band_rates: Vec<(Band, (i32, i32))>,
    /// The same two rates from where the band changes on, where two sessions are wanted that touch there.
    pub after_change: Option<(i32, i32)>,
    /// How much it matters, 1 to 1,000.
    pub priority: i16,
    /// What people should know.
    pub notes: String,
    /// Who supervises on the day; "" for nobody.
    pub supervisor: String,
}

impl Wanted {
    /// Pence an hour at least and at most of a session in a band, before the band changes in it or after.
    #[must_use]
    pub fn rates(&self, band: Band, is_after_change: bool) -> (i32, i32) {
        let of_band = self.band_rates.iter().find(|(known, _)| *known == band).map(|(_, rates)| *rates);
        let before = (self.rate_min_pence_per_hour, self.rate_max_pence_per_hour);
        self.after_change.filter(|_| is_after_change).or(of_band).unwrap_or(before)
    }

    /// Whether a band has a rate of its own.
    #[must_use]
    pub fn has_own_rate(&self, band: Band) -> bool {
        self.band_rates.iter().any(|(known, _)| *known == band)
    }
}

/// Reads the form. `own` are the practices the person acts for. Whether the rate lies inside the commissioner's range,
/// and what bank holidays and clock changes ask, is judged afterwards by [`posting`].
pub fn parse(
    raw: &RawForm,
    own: &[Practice],
    catalogue: &Catalogue,
) -> Result<Wanted, FieldErrors<SessionField>> {
    let mut errors = FieldErrors::none();
    let practice = own.iter().find(|practice| practice.id.to_string() == raw.get("practice"));
    if practice.is_none() {
        errors.add(SessionField::Practice, "Select a practice");
    }
    let pattern = read_pattern(raw, &mut errors);
    let roles = known(raw, "role", |code| catalogue.role(code).is_some());
    if roles.as_ref().is_none_or(Vec::is_empty) {
        errors.add(SessionField::Role, "Select at least one role");
    }
    let competencies = known(raw, "competency", |code| catalogue.competency(code).is_some());
    if competencies.is_none() {
        errors.add(SessionField::Competency, "Select competencies from the list");
    }
    let places = errors.keep(SessionField::Places, "places", whole_number(raw.get("places"), 1, 20));
    let (rate_min, rate_max) =
        read_rates(raw, (SessionField::RateMin, SessionField::RateMax), &mut errors).unzip();
    let band_rates = Band::ALL.into_iter().filter_map(|band| {
        let fields = (SessionField::BandRateMin(band), SessionField::BandRateMax(band));
        let is_empty = [fields.0, fields.1].iter().all(|field| raw.get(field.name()).trim().is_empty());
        if is_empty { None } else { Some((band, read_rates(raw, fields, &mut errors)?)) }
    });
    let band_rates: Vec<_> = band_rates.collect();
    let after_change = if raw.is_ticked(SessionField::Split.name(), "yes") {
        read_rates(raw, (SessionField::RateAfterMin, SessionField::RateAfterMax), &mut errors)
    } else {
        None
    };
    let priority = match raw.get("priority") {
        "" | "normal" => 1,
        _ => HIGH_PRIORITY,
    };
    let notes = optional(raw.get("notes"), |typed| text_of_lines(typed, MOST_LETTERS));
    let notes = errors.keep(SessionField::Notes, "notes", notes);
    let supervisor = read_supervisor(raw, SessionField::Supervisor, roles.as_deref(), catalogue, &mut errors);
    let wanted = (|| {
        Some(Wanted {
            practice: practice?.id,
            pattern: pattern?,
            roles: roles?,
            competencies: competencies?,
            places: i16::try_from(places?).ok()?,
            rate_min_pence_per_hour: rate_min?,
            rate_max_pence_per_hour: rate_max?,
            band_rates,
            after_change,
            priority,
            notes: notes?.unwrap_or_default(),
            supervisor: supervisor?,
        })
    })();
    errors.finish(wanted)
}

/// What the field says in which somebody is named who supervises; "" where none of the roles that there are needs it.
#[must_use]
pub fn supervisor_hint(roles: &[String]) -> String {
    let names = words::list(roles);
    let hint = || format!("Needed for {names}. Their name and what they are, like Dr Sam Hill, GP partner");
    if roles.is_empty() { String::new() } else { hint() }
}

/// Who supervises, in a field: somebody where one of these roles needs it, "" where nobody is named.
fn read_supervisor<F: Field>(
    raw: &RawForm,
    field: F,
    roles: Option<&[String]>,
    catalogue: &Catalogue,
    errors: &mut FieldErrors<F>,
) -> Option<String> {
    let named = optional(raw.get("supervisor"), |typed| text(typed, MOST_LETTERS_OF_SUPERVISOR));
    let named = errors.keep(field, "supervisor", named)?;
    let supervised = catalogue.supervised(roles.unwrap_or_default());
    if named.is_none() && !supervised.is_empty() {
        let names = words::list(&supervised);
        errors
            .add(field, format!("Enter who supervises on the day: {names} work under somebody who is named"));
        return None;
    }
    Some(named.unwrap_or_default())
}

/// The codes ticked under `name`, in order and once each; none where one is not known.
fn known(raw: &RawForm, name: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let mut codes: Vec<String> = raw.all(name).iter().map(|code| (*code).to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes.iter().all(|code| is_known(code)).then_some(codes)
}

/// Dates and hours as far as they can be read, for what the form says about them.
#[must_use]
pub fn typed_pattern(raw: &RawForm) -> Option<Pattern> {
    read_pattern(raw, &mut FieldErrors::none())
}

fn read_pattern(raw: &RawForm, errors: &mut FieldErrors<SessionField>) -> Option<Pattern> {
    let date = errors.keep(SessionField::On, "date", raw.date("on").read());
    let hours = read_hours(raw, (SessionField::Start, SessionField::End), errors);
    let until = Repeat::of_code(raw.get("repeat")).and_then(|rule| {
        let until = errors.keep(SessionField::Until, "last date", raw.date("until").read())?;
        if let Some(date) = date {
            check_until(date, (rule, until), errors);
        }
        Some((rule, until))
    });
    let also: Result<Vec<NaiveDate>, _> = raw.all("date").into_iter().map(str::parse).collect();
    if also.is_err() {
        errors.add(SessionField::Also, "Pick the other dates from those that are shown");
    }
    let Hours { start, end, ends_next_day } = hours?;
    Some(Pattern {
        date: date?,
        start,
        end,
        ends_next_day,
        until,
        also: also.unwrap_or_default(),
        on_bank_holidays: raw.get("bank-holidays") == "yes",
        leaves_out_skipped: raw.is_ticked("leave-out", "yes"),
        which: Which::of_code(raw.get("which")),
    })
}

fn check_until(date: NaiveDate, (rule, until): (Repeat, NaiveDate), errors: &mut FieldErrors<SessionField>) {
    let second = rule.second(date);
    if until < second {
        let second = words::date_without_weekday(second);
        errors.add(
            SessionField::Until,
            format!("The last date must be {second} or later, which is the second date"),
        );
    } else if until > date + TimeDelta::weeks(MOST_WEEKS) {
        let last = words::date_without_weekday(date + TimeDelta::weeks(MOST_WEEKS));
        errors.add(
            SessionField::Until,
            format!(
                "The last date must be {last} or earlier: a session can be repeated for {MOST_WEEKS} weeks"
            ),
        );
    }
}

/// The lowest and the highest rate in pence an hour; one rate alone is both.
fn read_rates<F: Field>(
    raw: &RawForm,
    (lowest_field, highest_field): (F, F),
    errors: &mut FieldErrors<F>,
) -> Option<(i32, i32)> {
    let pence = |typed: &str| pounds_as_pence(typed, 1, HIGHEST_PENCE_PER_HOUR);
    let lowest = errors.keep(lowest_field, "rate", pence(raw.get(lowest_field.name())));
    let highest = optional(raw.get(highest_field.name()), pence);
    let highest = errors.keep(highest_field, "highest rate", highest);
    let (lowest, highest) = (lowest?, highest?.unwrap_or(lowest?));
    if highest < lowest {
        let lowest = words::pounds(lowest);
        errors.add(highest_field, format!("The highest rate must be the lowest, {lowest}, or more"));
    }
    Some((i32::try_from(lowest).ok()?, i32::try_from(highest).ok()?))
}

#[cfg(test)]
mod tests;
