//! What a bank administrator enters: how long somebody is cleared, why a clearance ends, and documents.

use chrono::{Days, Months, NaiveDate};

use super::Held;
use crate::ground::form_fields::{Field, FieldErrors, RawForm, text_of_lines};
use crate::ground::words;
use crate::terms::bank::Competency;

/// The longest a clearance may be given for, in months: three years, as an enhanced DBS check counts by custom.
const LONGEST_MONTHS: u32 = 36;

/// The furthest date a document may carry, in days: ten years.
const FURTHEST_DOCUMENT_DAYS: u64 = 3_653;

/// The most letters of a reason.
const MOST_LETTERS: usize = 500;

/// The fields of a clearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearField {
    /// The last day.
    Until,
    /// Why.
    Reason,
    /// That the warnings have been read.
    Sure,
}

impl Field for ClearField {
    fn name(self) -> &'static str {
        match self {
            Self::Until => "until",
            Self::Reason => "reason",
            Self::Sure => "sure",
        }
    }
}

/// A clearance as it was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearanceEntered {
    /// The last day on which the person may work.
    pub cleared_until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Whether the administrator says that they have read what speaks against it.
    pub is_sure: bool,
}

/// Reads a clearance: from `today` to three years on, with a reason.
pub fn parse_clearance(raw: &RawForm, today: NaiveDate) -> Result<ClearanceEntered, FieldErrors<ClearField>> {
    let mut errors = FieldErrors::none();
    let until = errors.keep(ClearField::Until, "last day", raw.date("until").read());
    let longest = today.checked_add_months(Months::new(LONGEST_MONTHS)).unwrap_or(NaiveDate::MAX);
    if until.is_some_and(|until| until < today) {
        let today = words::date_without_weekday(today);
        errors.add(
            ClearField::Until,
            format!("The last day must be today, {today}, or later. To end a clearance, use “End clearance”"),
        );
    }
    if until.is_some_and(|until| until > longest) {
        let longest = words::date_without_weekday(longest);
        errors.add(
            ClearField::Until,
            format!("The last day must be {longest} or earlier: nobody is cleared for longer than 3 years"),
        );
    }
    let reason = errors.keep(ClearField::Reason, "reason", text_of_lines(raw.get("reason"), MOST_LETTERS));
    let is_sure = raw.is_ticked("sure", "yes");
    errors.finish(until.zip(reason).map(|(cleared_until, reason)| ClearanceEntered {
        cleared_until,
        reason,
        is_sure,
    }))
}

/// Reads why a clearance ends.
pub fn parse_ending(raw: &RawForm) -> Result<String, FieldErrors<ClearField>> {
    let mut errors = FieldErrors::none();
    let reason = errors.keep(ClearField::Reason, "reason", text_of_lines(raw.get("reason"), MOST_LETTERS));
    errors.finish(reason)
}

/// The fields of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentField {
    /// Which one.
    Competency,
    /// Its last day.
    ValidThrough,
    /// That it has none.
    Forever,
}

impl Field for DocumentField {
    fn name(self) -> &'static str {
        match self {
            Self::Competency => "competency",
            Self::ValidThrough => "valid",
            Self::Forever => "forever",
        }
    }
}

/// Reads a document, skill or system that an administrator has seen, with its last valid day or none.
pub fn parse_document(
    raw: &RawForm,
    known: &[Competency],
    today: NaiveDate,
) -> Result<Held, FieldErrors<DocumentField>> {
    let mut errors = FieldErrors::none();
    let competency = known.iter().find(|competency| competency.code == raw.get("competency"));
    if competency.is_none() {
        errors.add(DocumentField::Competency, "Select what you have seen");
    }
    let valid_through = last_day_or_none(raw, today, &mut errors, DocumentField::ValidThrough);
    let held = competency
        .zip(valid_through)
        .map(|(competency, valid_through)| Held { competency: competency.code.clone(), valid_through });
    errors.finish(held)
}

/// Reads the last valid day from the fields `valid` and `forever`, or that there is none; nothing after noting at `field`
/// what is wrong. No document carries a day that is farther away than ten years.
pub fn last_day_or_none<F: Field>(
    raw: &RawForm,
    today: NaiveDate,
    errors: &mut FieldErrors<F>,
    field: F,
) -> Option<Option<NaiveDate>> {
    let date = raw.date("valid");
    let never_ends = raw.is_ticked("forever", "yes");
    let valid_through = match (never_ends, date.is_empty()) {
        (true, true) => Some(None),
        (true, false) => {
            errors.add(field, "Enter a last day, or say that it does not end: not both");
            None
        }
        (false, _) => errors.keep(field, "last day", date.read()).map(Some),
    };
    let furthest = today.checked_add_days(Days::new(FURTHEST_DOCUMENT_DAYS)).unwrap_or(NaiveDate::MAX);
    if valid_through.flatten().is_some_and(|last| last > furthest) {
        let furthest = words::date_without_weekday(furthest);
        errors.add(field, format!("The last day must be {furthest} or earlier"));
    }
    valid_through
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{ClearField, ClearanceEntered, parse_clearance, parse_document, parse_ending};
    use crate::ground::form_fields::{FieldErrors, RawForm};
    use crate::people::credential::Held;
    use crate::terms::bank::{Competency, CompetencyKind};

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn form(date: &str, name: &str, pairs: &[(&str, &str)]) -> RawForm {
        let parts: Vec<&str> = date.split('-').collect();
        let mut all: Vec<(String, String)> = ["year", "month", "day"]
            .iter()
            .zip(parts)
            .map(|(part, value)| (format!("{name}-{part}"), value.to_owned()))
            .collect();
        all.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        RawForm::from_pairs(all)
    }

    fn clearance(date: &str, reason: &str) -> Result<ClearanceEntered, FieldErrors<ClearField>> {
        parse_clearance(&form(date, "until", &[("reason", reason)]), today())
    }

    #[test]
    fn a_clearance_lasts_from_today_to_three_years_on() {
        let read = |date| clearance(date, "Documents seen").map(|entered| entered.cleared_until);
        assert_eq!(read("2026-11-22"), Ok(today()));
        assert_eq!(read("2029-11-22"), Ok(NaiveDate::from_ymd_opt(2029, 11, 22).unwrap()));
        let past = read("2026-11-21").unwrap_err();
        assert!(past.of("until").starts_with("The last day must be today, 22 November 2026, or later"));
        let far = read("2029-11-23").unwrap_err();
        assert!(far.of("until").starts_with("The last day must be 22 November 2029 or earlier"));
    }

    #[test]
    fn a_decision_needs_a_reason() {
        assert_eq!(clearance("2026-12-01", " ").unwrap_err().of("reason"), "Enter a reason");
        assert_eq!(parse_ending(&RawForm::default()).unwrap_err().of("reason"), "Enter a reason");
        let ticked = form("2026-12-01", "until", &[("reason", "Seen"), ("sure", "yes")]);
        assert!(parse_clearance(&ticked, today()).unwrap().is_sure);
        assert!(!clearance("2026-12-01", "Seen").unwrap().is_sure);
    }

    #[test]
    fn a_document_has_a_last_day_or_none() {
        let known = [Competency {
            code: "indemnity".to_owned(),
            name: "Indemnity".to_owned(),
            kind: CompetencyKind::Document,
            used_until: None,
        }];
        let read =
            |date: &str, pairs: &[(&str, &str)]| parse_document(&form(date, "valid", pairs), &known, today());
        let held = |valid_through| Held { competency: "indemnity".to_owned(), valid_through };
        let last = NaiveDate::from_ymd_opt(2027, 3, 31);
        assert_eq!(read("2027-3-31", &[("competency", "indemnity")]), Ok(held(last)));
        let forever = [("competency", "indemnity"), ("forever", "yes")];
        assert_eq!(read("--", &forever), Ok(held(None)));
        assert!(read("2027-3-31", &forever).unwrap_err().of("valid").ends_with("not both"));
        assert!(
            read("--", &[("competency", "indemnity")])
                .unwrap_err()
                .of("valid")
                .starts_with("Enter a last day")
        );
        let far = read("2037-1-1", &[("competency", "indemnity")]).unwrap_err();
        assert_eq!(far.of("valid"), "The last day must be 22 November 2036 or earlier");
        let unknown = read("2027-3-31", &[("competency", "passport")]).unwrap_err();
        assert_eq!(unknown.of("competency"), "Select what you have seen");
    }
}
