//! The form that posts, filled in like a session that was posted before.

use crate::ground::form_fields::{RawDate, RawForm};
use crate::ground::words;
use crate::work::session::Session;
use crate::work::session::forms::hours;

/// Everything that the session asks for, with its date: the form that changes it.
#[must_use]
pub fn filled_in_whole(session: &Session) -> RawForm {
    let mut pairs = filled_in_like(session).without(&[]);
    let date = RawDate::of(session.asked.times.local_date);
    let boxes = [("on-day", date.day), ("on-month", date.month), ("on-year", date.year)];
    pairs.extend(boxes.map(|(name, value)| (name.to_owned(), value)));
    RawForm::from_pairs(pairs)
}

/// Everything that the session asks for, without its date: another like it is on another day.
#[must_use]
pub fn filled_in_like(session: &Session) -> RawForm {
    let asked = &session.asked;
    let typed = |pence: i32| words::pounds(pence.into()).trim_start_matches('£').replace(',', "");
    let (least, most) = (asked.rate_min_pence_per_hour, asked.rate_max_pence_per_hour);
    let mut pairs = hours::filled_in(&asked.times);
    let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
    add("practice", asked.practice.to_string());
    asked.roles.iter().for_each(|role| add("role", role.clone()));
    asked.competencies.iter().for_each(|code| add("competency", code.clone()));
    add("places", asked.places.to_string());
    add("rate-min", typed(least));
    if most != least {
        add("rate-max", typed(most));
    }
    if asked.priority >= super::HIGH_PRIORITY {
        add("priority", "high".to_owned());
    }
    add("notes", asked.notes.clone());
    add("supervisor", asked.supervisor.clone());
    RawForm::from_pairs(pairs)
}
