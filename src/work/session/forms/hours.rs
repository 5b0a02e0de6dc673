//! The hours of a session as they are typed: when it begins, when it ends, and whether that is on the next day.

use chrono::NaiveTime;

use crate::ground::form_fields::{Field, FieldErrors, RawForm, end_time, time_of_day};
use crate::work::session::SessionTimes;
use crate::work::session::series::Which;

/// When a session begins and ends, by the clocks of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) start: NaiveTime,
    pub(super) end: NaiveTime,
    pub(super) ends_next_day: bool,
}

/// Reads `start` and `end`, and `overnight` where it is ticked. Midnight is the end of the day on which the session
/// begins and needs no tick; any other end that is no later than the start does, as it may as well be mistyped.
pub(super) fn read_hours<F: Field>(
    raw: &RawForm,
    (start_field, end_field): (F, F),
    errors: &mut FieldErrors<F>,
) -> Option<Hours> {
    let start = errors.keep(start_field, "start time", time_of_day(raw.get("start")));
    let end = errors.keep(end_field, "end time", end_time(raw.get("end")));
    let (start, end) = (start?, end?);
    let ends_day = end == NaiveTime::MIN && start != NaiveTime::MIN;
    let ends_next_day = ends_day || raw.is_ticked("overnight", "yes");
    if !ends_next_day && end <= start {
        errors.add(
            end_field,
            "The end must be after the start. If the session goes on past midnight, tick that it ends the next day",
        );
        return None;
    }
    if ends_next_day && end > start {
        errors.add(end_field, "A session can last 24 hours at most");
        return None;
    }
    Some(Hours { start, end, ends_next_day })
}

/// The fields filled in with the hours of a session.
pub(super) fn filled_in(times: &SessionTimes) -> Vec<(String, String)> {
    let mut pairs = vec![
        ("start".to_owned(), crate::ground::words::time_of_day(times.local_start)),
        ("end".to_owned(), crate::ground::words::time_of_day(times.local_end)),
    ];
    if times.local_end_date != times.local_date && times.local_end != NaiveTime::MIN {
        pairs.push(("overnight".to_owned(), "yes".to_owned()));
    }
    pairs.extend(Which::of_session(times).map(|which| ("which".to_owned(), which.code().to_owned())));
    pairs
}
