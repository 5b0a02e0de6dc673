//! What stands in the way of posting a session: the commissioner's range, the bank's bands, the past, a practice that
//! has closed, and what has still to be asked.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{SessionField, Wanted};
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::{SeriesId, SessionId};
use crate::ground::words;
use crate::people::practice::{Practice, Standing};
use crate::terms::bank::{Band, Catalogue, InUse as _};
use crate::terms::rate::{RateRange, RateTable};
use crate::work::session::AskedSession;
use crate::work::session::crossing::Crossing;
use crate::work::session::series::{Expansion, Occurrence, Question};

/// How far ahead a session may be posted, in days: two years, if bank holidays are known that far.
const MOST_DAYS_AHEAD: i64 = 731;

/// Everything that stands in the way, in the words of the form. Nothing when the sessions can be posted.
#[must_use]
pub fn refusals(
    wanted: &Wanted,
    expansion: &Expansion,
    practice: &Practice,
    rates: &RateTable,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> FieldErrors<SessionField> {
    let mut errors = FieldErrors::none();
    for question in &expansion.questions {
        ask(question, wanted.pattern.is_series(), &mut errors);
    }
    let first = expansion.occurrences.iter().find_map(|one| one.band.filter(|_| !one.is_after_change));
    for occurrence in &expansion.occurrences {
        check_time(occurrence, practice, now, &mut errors);
        check_calendar(wanted, occurrence, catalogue, &mut errors);
        check_words(wanted, occurrence.times.local_date, catalogue, &mut errors);
        let Some(band) = occurrence.band else {
            let day = words::full_date(occurrence.times.local_date);
            errors.add(
                SessionField::Start,
                format!("The bank has no band for {day}. Ask your bank administrator to set one"),
            );
            continue;
        };
        check_rate(wanted, (occurrence, first), band, rates, catalogue, &mut errors);
    }
    if errors.is_empty() && expansion.occurrences.is_empty() {
        errors.add(
            SessionField::Until,
            "No date is left: every one is a bank holiday or a day on which the time does not exist",
        );
    }
    errors
}

fn ask(question: &Question, is_series: bool, errors: &mut FieldErrors<SessionField>) {
    let happens = question.sentence();
    match question {
        Question::Skipped(..) if is_series => {
            let choose = "Leave that date out, or choose another time";
            errors.add(SessionField::LeaveOut, format!("{happens}. {choose}"));
        }
        Question::Skipped(..) => {
            errors.add(SessionField::Start, format!("{happens}. Choose another time"));
        }
        Question::Repeated(..) => errors.add(SessionField::Which, happens),
    }
}

fn check_time(
    occurrence: &Occurrence,
    practice: &Practice,
    now: DateTime<Utc>,
    errors: &mut FieldErrors<SessionField>,
) {
    let times = &occurrence.times;
    if times.starts_at <= now {
        errors.add(SessionField::On, "The session must start in the future");
    } else if times.starts_at > now + TimeDelta::days(MOST_DAYS_AHEAD) {
        errors.add(SessionField::On, "The session must start within the next 2 years");
    }
    if times.ends_at <= times.starts_at {
        errors.add(SessionField::End, "The end must be after the start");
    } else if times.ends_at - times.starts_at > TimeDelta::hours(24) {
        errors.add(
            SessionField::End,
            "A session can last 24 hours at most, and the clocks go back during this one",
        );
    }
    if let Some(why) = not_open(practice, times.local_date) {
        errors.add(SessionField::Practice, why);
    }
}

/// Why there can be no work at a practice on a day; none where it is open.
fn not_open(practice: &Practice, date: NaiveDate) -> Option<String> {
    let (name, day) = (&practice.name, words::date_without_weekday);
    match practice.standing_on(date) {
        Standing::Open | Standing::OpenUntil(_) => None,
        Standing::Opens(first) => Some(format!("{name} opens on {}: choose a date from then on", day(first))),
        Standing::Dormant(last) => Some(format!(
            "{name} is dormant in the NHS register since {}: nothing can be posted until it is active again",
            day(last)
        )),
        Standing::Closed(last) => Some(format!("{name} closed on {}", day(last))),
    }
}

/// What the bank does not use any more on a day can't be asked for on it.
fn check_words(
    wanted: &Wanted,
    date: NaiveDate,
    catalogue: &Catalogue,
    errors: &mut FieldErrors<SessionField>,
) {
    let sentence = |name: &str, until: Option<NaiveDate>| {
        let last = until.map(words::date_without_weekday).unwrap_or_default();
        format!("The bank uses {name} until {last}: choose another, or an earlier date")
    };
    let roles = wanted.roles.iter().filter_map(|code| catalogue.role(code));
    for role in roles.filter(|role| !role.is_used_on(date)) {
        errors.add(SessionField::Role, sentence(&role.name, role.used_until));
    }
    let competencies = wanted.competencies.iter().filter_map(|code| catalogue.competency(code));
    for competency in competencies.filter(|competency| !competency.is_used_on(date)) {
        errors.add(SessionField::Competency, sentence(&competency.name, competency.used_until));
    }
}

/// Nobody knows the band of a day of which it isn't known whether it is a bank holiday.
fn check_calendar(
    wanted: &Wanted,
    occurrence: &Occurrence,
    catalogue: &Catalogue,
    errors: &mut FieldErrors<SessionField>,
) {
    let date = occurrence.times.local_date;
    if catalogue.holidays_known_until.is_some_and(|until| date <= until) {
        return;
    }
    let field = if date > wanted.pattern.date { SessionField::Until } else { SessionField::On };
    errors.add(
        field,
        match catalogue.holidays_known_until {
            Some(until) => {
                let until = words::date_without_weekday(until);
                format!("Bank holidays are known until {until} only, and the rate depends on them: choose a date up to then")
            }
            None => "No bank holidays are known, and the rate depends on them: ask your bank administrator".to_owned(),
        },
    );
}

fn check_rate(
    wanted: &Wanted,
    (occurrence, first): (&Occurrence, Option<Band>),
    band: Band,
    rates: &RateTable,
    catalogue: &Catalogue,
    errors: &mut FieldErrors<SessionField>,
) {
    let date = occurrence.times.local_date;
    let (least_field, most_field) = rate_fields(wanted, (occurrence, first), band);
    let day = day_in_words(wanted, occurrence);
    let mut ranges = Vec::new();
    for role in &wanted.roles {
        if let Some(range) = rates.in_force(role, band, date) {
            ranges.push(range);
            continue;
        }
        let (name, hours) = (catalogue.role_name(role), band.within_a_sentence());
        let sentence =
            format!("{day}there is no rate range for {name} {hours}. Ask your commissioner for one");
        errors.add(least_field, words::capitalised(&sentence));
    }
    if let Some(sentence) = do_not_meet(&ranges, catalogue) {
        errors.add(SessionField::Role, words::capitalised(&format!("{day}{sentence}")));
        return;
    }
    let (least, most) = wanted.rates(band, occurrence.is_after_change);
    for range in ranges {
        let outside =
            if range.holds(least) { (!range.holds(most)).then_some(most_field) } else { Some(least_field) };
        if let Some(field) = outside {
            let range = named(range, catalogue);
            let crossing = Crossing::of(catalogue, &occurrence.times);
            let why = crossing.map_or_else(String::new, |crossing| format!(". {}", crossing.sentence()));
            let sentence = format!("{day}the rate must lie inside the range. {range}{why}");
            errors.add(field, words::capitalised(&sentence));
        }
    }
}

/// The fields of the rate that a session has: its band's own, where there is one or where its dates begin in another band,
/// since one rate cannot lie in two ranges.
fn rate_fields(
    wanted: &Wanted,
    (occurrence, first): (&Occurrence, Option<Band>),
    band: Band,
) -> (SessionField, SessionField) {
    if occurrence.is_after_change {
        (SessionField::RateAfterMin, SessionField::RateAfterMax)
    } else if wanted.has_own_rate(band) || first != Some(band) {
        (SessionField::BandRateMin(band), SessionField::BandRateMax(band))
    } else {
        (SessionField::RateMin, SessionField::RateMax)
    }
}

fn day_in_words(wanted: &Wanted, occurrence: &Occurrence) -> String {
    let date = words::full_date(occurrence.times.local_date);
    match &occurrence.bank_holiday {
        Some(title) => format!("On {date} ({title}) "),
        None if wanted.pattern.is_series() => format!("On {date} "),
        None => String::new(),
    }
}

/// That no rate lies in each of these ranges; none where one does.
fn do_not_meet(ranges: &[&RateRange], catalogue: &Catalogue) -> Option<String> {
    let floor = ranges.iter().map(|range| range.floor_pence_per_hour).max()?;
    let ceiling = ranges.iter().map(|range| range.ceiling_pence_per_hour).min()?;
    let named: Vec<String> = ranges.iter().map(|range| named(range, catalogue)).collect();
    (floor > ceiling).then(|| {
        format!("no rate lies in the range of each role. {}. Post a session for each role", named.join("; "))
    })
}

/// "GP core hours: £76 to £98 an hour from 1 November 2026".
#[must_use]
pub fn named(range: &RateRange, catalogue: &Catalogue) -> String {
    let role = catalogue.role_name(&range.role);
    format!("{role} {}: {}", range.band.within_a_sentence(), range.span_and_date())
}

/// The sessions to add, in order, and the series that joins them where there are several.
#[must_use]
pub fn to_post(wanted: &Wanted, expansion: &Expansion) -> (Option<SeriesId>, Vec<AskedSession>) {
    let series = (expansion.occurrences.len() > 1).then(SeriesId::new);
    let with_band = expansion.occurrences.iter().filter_map(|one| Some((one, one.band?)));
    let session = |(occurrence, band): (&Occurrence, Band)| AskedSession {
        id: SessionId::new(),
        practice: wanted.practice,
        series,
        times: occurrence.times,
        band,
        roles: wanted.roles.clone(),
        competencies: wanted.competencies.clone(),
        places: wanted.places,
        priority: wanted.priority,
        rate_min_pence_per_hour: wanted.rates(band, occurrence.is_after_change).0,
        rate_max_pence_per_hour: wanted.rates(band, occurrence.is_after_change).1,
        notes: wanted.notes.clone(),
        supervisor: wanted.supervisor.clone(),
    };
    (series, with_band.map(session).collect())
}

#[cfg(test)]
mod tests;
