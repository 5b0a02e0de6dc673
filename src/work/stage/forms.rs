//! The form that releases a session in stages.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Audience, NewStage, Opens, Stage};
use crate::ground::form_fields::{Field, FieldErrors, RawDate, RawForm, optional, time_of_day, whole_number};
use crate::ground::words::{moment, time_of_day as time_in_words};
use crate::terms::bank::calendar::{WallTime, wall_time};

/// Ninety days.
const MOST_HOURS: i64 = 2_160;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageField {
    /// Which list comes first.
    Preferred,
    /// Hours before the start from which people who have worked there are asked.
    WorkedHereHours,
    /// Or the day.
    WorkedHereOn,
    /// And its time.
    WorkedHereAt,
    /// Hours before the start from which everybody is asked.
    EverybodyHours,
    /// Or the day.
    EverybodyOn,
    /// And its time.
    EverybodyAt,
}

impl Field for StageField {
    fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::WorkedHereHours => "worked_here_hours",
            Self::WorkedHereOn => "worked_here_on",
            Self::WorkedHereAt => "worked_here_at",
            Self::EverybodyHours => "everybody_hours",
            Self::EverybodyOn => "everybody_on",
            Self::EverybodyAt => "everybody_at",
        }
    }
}

type Errors = FieldErrors<StageField>;

/// The session whose stages are read: when it starts, by which clocks, and what time it is.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The zone of what is typed.
    pub zone: Tz,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Reads the stages, the first of which opens at once; none where everybody is asked at once.
pub fn parse(raw: &RawForm, around: Around) -> Result<Vec<NewStage>, Errors> {
    let mut errors = Errors::none();
    let preferred = match raw.get("preferred") {
        "" => Some(None),
        "any" => Some(Some(Audience::Preferred(None))),
        list => {
            let read = list.parse().ok().map(|list| Some(Audience::Preferred(Some(list))));
            if read.is_none() {
                errors.add(StageField::Preferred, "Select one of your lists");
            }
            read
        }
    };
    let asks_worked_here = raw.is_ticked("worked_here", "yes");
    let at_once = Opens::At(around.now);
    let mut stages: Vec<NewStage> = Vec::new();
    let first = preferred.flatten();
    stages.extend(first.map(|audience| NewStage { audience, opens: at_once, keeps_previous: true }));
    if asks_worked_here {
        let fields = (StageField::WorkedHereHours, StageField::WorkedHereOn, StageField::WorkedHereAt);
        let opens = if first.is_some() { opens(raw, fields, around, &mut errors) } else { Some(at_once) };
        let keeps_previous = !raw.is_ticked("worked_here_closes", "yes");
        let audience = Audience::WorkedHere;
        stages.extend(opens.map(|opens| NewStage { audience, opens, keeps_previous }));
    }
    if preferred.is_some() && first.is_none() && !asks_worked_here {
        return errors.finish(Some(Vec::new()));
    }
    let fields = (StageField::EverybodyHours, StageField::EverybodyOn, StageField::EverybodyAt);
    let everybody = opens(raw, fields, around, &mut errors);
    if let (Some(last), Some(before)) = (everybody, stages.last())
        && last.moment(around.starts_at) <= before.opens.moment(around.starts_at)
    {
        let earlier = moment(before.opens.moment(around.starts_at));
        errors.add(
            StageField::EverybodyHours,
            format!("It must open to everybody later than the stage before it opens, {earlier}"),
        );
    }
    let audience = Audience::Everybody;
    stages.extend(everybody.map(|opens| NewStage { audience, opens, keeps_previous: true }));
    errors.finish(Some(stages))
}

/// When a stage opens: hours before the start, or a day and a time.
fn opens(
    raw: &RawForm,
    (hours, on, at): (StageField, StageField, StageField),
    around: Around,
    errors: &mut Errors,
) -> Option<Opens> {
    let read = optional(raw.get(hours.name()), |typed| whole_number(typed, 1, MOST_HOURS));
    let read = errors.keep(hours, "number of hours", read)?;
    let date = raw.date(on.name());
    let opens = match (read, date.is_empty()) {
        (Some(_), false) => {
            errors.add(hours, "Enter hours before the start, or a day and a time, not both");
            return None;
        }
        (None, true) => {
            errors.add(hours, "Enter hours before the start, or a day and a time");
            return None;
        }
        (Some(hours), true) => Opens::HoursBefore(i32::try_from(hours).unwrap_or(i32::MAX)),
        (None, false) => {
            let date = errors.keep(on, "day", date.read());
            let time = errors.keep(at, "time", time_of_day(raw.get(at.name())));
            let (date, time) = date.zip(time)?;
            match wall_time(around.zone, date, time) {
                // Of an hour that comes twice the first is meant: nobody waits for the other.
                WallTime::Once(instant) | WallTime::Twice(instant, _) => Opens::At(instant),
                WallTime::Never => {
                    let sentence =
                        format!("There is no {} on that day: the clocks go forward", time_in_words(time));
                    errors.add(at, sentence);
                    return None;
                }
            }
        }
    };
    if opens.moment(around.starts_at) >= around.starts_at {
        errors.add(on, "It must open before the session starts");
        return None;
    }
    Some(opens)
}

/// The form filled in with how a session is released.
#[must_use]
pub fn filled_in(stages: &[Stage], zone: Tz) -> RawForm {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        let name = match stage.audience {
            Audience::Preferred(list) => {
                let chosen = list.map_or_else(|| "any".to_owned(), |list| list.to_string());
                pairs.push(("preferred".to_owned(), chosen));
                continue;
            }
            Audience::WorkedHere => {
                pairs.push(("worked_here".to_owned(), "yes".to_owned()));
                if !stage.keeps_previous {
                    pairs.push(("worked_here_closes".to_owned(), "yes".to_owned()));
                }
                "worked_here"
            }
            Audience::Everybody => "everybody",
        };
        match stage.hours_before {
            Some(hours) => pairs.push((format!("{name}_hours"), hours.to_string())),
            // What comes first opens at once and has no time of its own.
            None if at == 0 => {}
            None => {
                let local = stage.opens_at.with_timezone(&zone);
                let date = RawDate::of(local.date_naive());
                let boxes = [("day", date.day), ("month", date.month), ("year", date.year)];
                pairs.extend(boxes.map(|(part, value)| (format!("{name}_on-{part}"), value)));
                pairs.push((format!("{name}_at"), time_in_words(local.time())));
            }
        }
    }
    RawForm::from_pairs(pairs)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use chrono_tz::Europe::London;

    use super::{Around, parse};
    use crate::ground::form_fields::RawForm;
    use crate::work::stage::{Audience, NewStage, Opens};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Vec<NewStage>, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let around =
            Around { starts_at: at("2027-03-30T07:30:00Z"), zone: London, now: at("2027-03-01T09:00:00Z") };
        let read = parse(&RawForm::from_pairs(pairs.iter().map(owned).collect()), around);
        read.map_err(|errors| {
            errors.lines().iter().map(|line| line.message.to_owned()).collect::<Vec<_>>().join("; ")
        })
    }

    #[test]
    fn everybody_at_once_is_no_stage() {
        assert_eq!(read(&[]), Ok(Vec::new()));
    }

    #[test]
    fn stages_open_by_hours_or_by_a_moment() {
        let pairs = [
            ("preferred", "any"),
            ("worked_here", "yes"),
            ("worked_here_closes", "yes"),
            ("worked_here_hours", "336"),
            ("everybody_on-day", "29"),
            ("everybody_on-month", "3"),
            ("everybody_on-year", "2027"),
            ("everybody_at", "9am"),
        ];
        let stages = read(&pairs).unwrap();
        let opens: Vec<_> =
            stages.iter().map(|stage| (stage.audience, stage.opens, stage.keeps_previous)).collect();
        assert_eq!(
            opens,
            [
                (Audience::Preferred(None), Opens::At(at("2027-03-01T09:00:00Z")), true),
                (Audience::WorkedHere, Opens::HoursBefore(336), false),
                // The clocks went forward the night before.
                (Audience::Everybody, Opens::At(at("2027-03-29T08:00:00Z")), true),
            ]
        );
    }

    #[test]
    fn what_is_no_moment_is_said_at_its_field() {
        let with = |more: &[(&str, &str)]| {
            let mut pairs = vec![("preferred", "any")];
            pairs.extend_from_slice(more);
            read(&pairs).unwrap_err()
        };
        assert!(with(&[]).contains("hours before the start, or a day and a time"));
        assert!(with(&[("everybody_hours", "0")]).contains("between 1 and 2,160"));
        let skipped = [
            ("everybody_on-day", "28"),
            ("everybody_on-month", "3"),
            ("everybody_on-year", "2027"),
            ("everybody_at", "1:30am"),
        ];
        assert!(with(&skipped).contains("There is no 1:30am on that day"));
        assert!(with(&[("everybody_hours", "2160")]).contains("later than the stage before it"));
    }
}
