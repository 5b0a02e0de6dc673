//! The parts of an advert, read from its form.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Europe::London;

use super::{AdvertField, Known, named_places, posting_practice};
use crate::ground::form_fields::{
    Field as _, FieldErrors, RawForm, Wrong, email, hundredths, optional, phone, pounds_as_pence, text,
    text_of_lines, time_of_day, whole_number,
};
use crate::ground::id::PracticeId;
use crate::ground::words;
use crate::hiring::vacancy::Contract;
use crate::hiring::vacancy::advert::Contact;
use crate::hiring::vacancy::hours::{Hours, HoursUnit};
use crate::hiring::vacancy::pay::{Pay, PayUnit};
use crate::terms::bank::calendar::{WallTime, wall_time};

/// The most letters of one part of the description.
const MOST_LETTERS: usize = 4_000;
/// The most lines of criteria, and the most letters of one.
const MOST_LINES: usize = 20;
const MOST_LETTERS_OF_A_LINE: usize = 200;
/// The most practices one vacancy is for.
const MOST_PLACES: usize = 10;
/// Days that a vacancy is open at most.
const MOST_DAYS: u64 = 365;

type Errors = FieldErrors<AdvertField>;

pub(super) fn line(raw: &RawForm, name: &str, most: usize) -> Result<String, Wrong> {
    text(raw.get(name), most)
}

pub(super) fn prose(raw: &RawForm, name: &str) -> Result<String, Wrong> {
    text_of_lines(raw.get(name), MOST_LETTERS)
}

pub(super) fn optional_prose(raw: &RawForm, name: &str) -> Result<String, Wrong> {
    Ok(optional(raw.get(name), |typed| text_of_lines(typed, MOST_LETTERS))?.unwrap_or_default())
}

/// The practice that posts, and those that are named besides it.
pub(super) fn places(raw: &RawForm, known: &Known, errors: &mut Errors) -> Option<Vec<PracticeId>> {
    let Some(own) = posting_practice(raw, &known.own) else {
        errors.add(AdvertField::Practice, "Select the practice that posts this vacancy");
        return None;
    };
    let mut places = vec![own];
    for named in named_places(raw) {
        let found: Vec<_> = known.named.iter().filter(|one| one.is_called(&named)).collect();
        match found[..] {
            [one] if places.contains(&one.id) => {}
            [one] => places.push(one.id),
            [] => errors.add(
                AdvertField::Places,
                format!("There is no practice {named} in the bank. Enter its ODS code, like J81006"),
            ),
            _ => errors.add(
                AdvertField::Places,
                format!("Several practices are called {named}. Enter its ODS code"),
            ),
        }
    }
    if places.len() > MOST_PLACES {
        errors.add(AdvertField::Places, format!("A vacancy has {MOST_PLACES} places of work at most"));
    }
    Some(places)
}

pub(super) fn role(raw: &RawForm, known: &Known, errors: &mut Errors) -> Option<String> {
    let chosen = raw.get("role");
    let is_known = known.roles.iter().any(|role| role.code == chosen);
    if !chosen.is_empty() && !is_known {
        errors.add(AdvertField::Role, "Select a role, or that it is another");
    }
    Some(chosen.to_owned()).filter(|_| is_known)
}

pub(super) fn staff_group(raw: &RawForm, known: &Known, errors: &mut Errors) -> Option<String> {
    let chosen = raw.get("staff_group");
    let found = known.groups.iter().find(|group| group.code == chosen).map(|group| group.code.clone());
    if found.is_none() {
        errors.add(AdvertField::StaffGroup, "Select a staff group");
    }
    found
}

/// How somebody is taken on, and for how many months where it is for a term.
pub(super) fn contract(raw: &RawForm, errors: &mut Errors) -> Option<(Contract, Option<i64>)> {
    let Some(contract) = Contract::of_code(raw.get("contract")) else {
        errors.add(AdvertField::Contract, "Select a contract");
        return None;
    };
    if contract != Contract::FixedTerm {
        return Some((contract, None));
    }
    let months =
        errors.keep(AdvertField::Months, "number of months", whole_number(raw.get("months"), 1, 60))?;
    Some((contract, Some(months)))
}

pub(super) fn hours(raw: &RawForm, errors: &mut Errors) -> Option<Hours> {
    let unit = HoursUnit::of_code(raw.get("hours_unit"));
    if unit.is_none() {
        errors.add(AdvertField::HoursUnit, "Select how you count the hours");
    }
    let unit = unit?;
    let most = match unit {
        HoursUnit::WholeTime => 100,
        HoursUnit::Sessions => 1_200,
        HoursUnit::Hours => 4_800,
    };
    let least = hundredths(raw.get("hours_least"), 5, most);
    let least_hundredths = errors.keep(AdvertField::HoursLeast, "hours of the post", least)?;
    let most = optional(raw.get("hours_most"), |typed| hundredths(typed, least_hundredths, most));
    let most = errors.keep(AdvertField::HoursMost, "most hours of the post", most)?;
    Some(Hours { unit, least_hundredths, most_hundredths: most.unwrap_or(least_hundredths) })
}

/// By a band, whose sums are taken where none are typed, or by sums.
pub(super) fn pay(raw: &RawForm, known: &Known, errors: &mut Errors) -> Option<Pay> {
    let band = known.bands.iter().find(|band| band.band == raw.get("pay_band"));
    if band.is_none() && !raw.get("pay_band").is_empty() {
        errors.add(AdvertField::PayBand, "Select a band, or that the pay goes by none");
        return None;
    }
    if let Some(band) = band.filter(|_| raw.get("pay_least").trim().is_empty()) {
        return Some(Pay {
            band: Some(band.band.clone()),
            unit: PayUnit::Year,
            least_pence: band.entry_pence_per_year,
            most_pence: band.top_pence_per_year,
        });
    }
    let Some(unit) = PayUnit::of_code(raw.get("pay_unit")) else {
        errors.add(AdvertField::PayUnit, "Select for what the sum is paid");
        return None;
    };
    let (least, most) = match unit {
        PayUnit::Year => (1_000_000, 30_000_000),
        PayUnit::Session => (500_000, 3_000_000),
        PayUnit::Hour => (500, 20_000),
    };
    let least_pence = pounds_as_pence(raw.get("pay_least").trim(), least, most);
    let least_pence = errors.keep(AdvertField::PayLeast, "sum", least_pence)?;
    let most = optional(raw.get("pay_most"), |typed| pounds_as_pence(typed, least_pence, most));
    let most = errors.keep(AdvertField::PayMost, "largest sum", most)?;
    let band = band.map(|band| band.band.clone());
    Some(Pay { band, unit, least_pence, most_pence: most.unwrap_or(least_pence) })
}

pub(super) fn optional_date(
    raw: &RawForm,
    field: AdvertField,
    what: &str,
    errors: &mut Errors,
) -> Option<NaiveDate> {
    let typed = raw.date(field.name());
    if typed.is_empty() { None } else { errors.keep(field, what, typed.read()) }
}

/// The moment at which a vacancy closes, by the clocks of London.
pub(super) fn closes_at(raw: &RawForm, now: DateTime<Utc>, errors: &mut Errors) -> Option<DateTime<Utc>> {
    let date = errors.keep(AdvertField::Closes, "closing date", raw.date("closes").read());
    let time = time_of_day(raw.get("closes_time"));
    let time = errors.keep(AdvertField::ClosesTime, "closing time", time)?;
    let date = date?;
    let closes_at = match wall_time(London, date, time) {
        WallTime::Once(instant) | WallTime::Twice(_, instant) => instant,
        WallTime::Never => {
            errors.add(AdvertField::ClosesTime, "The clocks go forward over that time. Enter another");
            return None;
        }
    };
    let last = words::london_date(now) + Days::new(MOST_DAYS);
    if closes_at <= now {
        errors.add(AdvertField::Closes, "The closing date must be in the future");
    } else if date > last {
        let last = words::date_without_weekday(last);
        errors.add(AdvertField::Closes, format!("The closing date must be {last} or before"));
    }
    Some(closes_at)
}

pub(super) fn interviews(raw: &RawForm, errors: &mut Errors) -> Option<(NaiveDate, NaiveDate)> {
    let first = optional_date(raw, AdvertField::InterviewFirst, "first day of interviews", errors);
    let last = optional_date(raw, AdvertField::InterviewLast, "last day of interviews", errors);
    if first.is_none() && last.is_some() && !errors.has(AdvertField::InterviewFirst) {
        errors.add(AdvertField::InterviewFirst, "Enter the first day of interviews");
    }
    let first = first?;
    let last = last.unwrap_or(first);
    if last < first {
        errors.add(AdvertField::InterviewLast, "The last day of interviews must not be before the first");
    }
    Some((first, last))
}

/// Criteria and the like: one a line.
pub(super) fn criteria(raw: &RawForm, field: AdvertField, what: &str, errors: &mut Errors) -> Vec<String> {
    let typed = raw.get(field.name());
    let whole = optional(typed, |typed| text_of_lines(typed, MOST_LINES * (MOST_LETTERS_OF_A_LINE + 1)));
    let Some(whole) = errors.keep(field, what, whole) else { return Vec::new() };
    let lines = whole.unwrap_or_default();
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let what = words::capitalised(what);
    if lines.len() > MOST_LINES {
        errors.add(field, format!("{what}: enter {MOST_LINES} lines or fewer"));
    }
    if lines.iter().any(|line| line.chars().count() > MOST_LETTERS_OF_A_LINE) {
        errors
            .add(field, format!("{what}: each line must have {MOST_LETTERS_OF_A_LINE} characters or fewer"));
    }
    lines.into_iter().map(str::to_owned).collect()
}

pub(super) fn contact(raw: &RawForm, errors: &mut Errors) -> Option<Contact> {
    let name = errors.keep(AdvertField::ContactName, "name to ask for", line(raw, "contact_name", 100));
    let address = optional(raw.get("contact_email"), email);
    let address = errors.keep(AdvertField::ContactEmail, "email address", address);
    let number = optional(raw.get("contact_phone"), phone);
    let number = errors.keep(AdvertField::ContactPhone, "phone number", number);
    let (address, number) = (address?.unwrap_or_default(), number?.unwrap_or_default());
    if address.is_empty() && number.is_empty() {
        errors.add(AdvertField::ContactEmail, "Enter an email address or a phone number to ask at");
    }
    Some(Contact { name: name?, email: address, phone: number })
}
