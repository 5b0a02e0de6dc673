//! The forms that change a session's terms and that withdraw it.

use super::{read_rates, read_supervisor};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, text_of_lines};
use crate::ground::words;
use crate::terms::bank::Catalogue;
use crate::terms::rate::RateRange;
use crate::work::booking::Side;
use crate::work::booking::reason::Reason;
use crate::work::session::{Session, Terms};

/// The field of the form that withdraws a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawField {
    /// Why.
    Reason,
}

impl Field for WithdrawField {
    fn name(self) -> &'static str {
        "reason"
    }
}

/// Reads why a session is withdrawn.
pub fn parse_withdrawal(raw: &RawForm) -> Result<Reason, FieldErrors<WithdrawField>> {
    let mut errors = FieldErrors::none();
    let mut reasons = Reason::of(Side::Practice).iter();
    let reason = reasons.find(|reason| reason.code() == raw.get("reason")).copied();
    if reason.is_none() {
        errors.add(WithdrawField::Reason, "Select a reason");
    }
    errors.finish(reason)
}

/// The fields of the form that changes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeField {
    /// The rate, or the lowest.
    RateMin,
    /// The highest rate.
    RateMax,
    /// What people should know.
    Notes,
    /// Who supervises on the day.
    Supervisor,
}

impl Field for ChangeField {
    fn name(self) -> &'static str {
        match self {
            Self::RateMin => "rate-min",
            Self::RateMax => "rate-max",
            Self::Notes => "notes",
            Self::Supervisor => "supervisor",
        }
    }
}

/// The form filled in with what a session pays and says now.
#[must_use]
pub fn filled_in(session: &Session) -> RawForm {
    let typed = |pence: i32| words::pounds(pence.into()).trim_start_matches('£').to_owned();
    let (lowest, highest) = (session.asked.rate_min_pence_per_hour, session.asked.rate_max_pence_per_hour);
    RawForm::from_pairs(vec![
        ("rate-min".to_owned(), typed(lowest)),
        ("rate-max".to_owned(), if highest == lowest { String::new() } else { typed(highest) }),
        ("notes".to_owned(), session.asked.notes.clone()),
        ("supervisor".to_owned(), session.asked.supervisor.clone()),
    ])
}

/// Whether the form asks another rate than the session pays. A form that shows no rate asks none.
#[must_use]
pub fn asks_another_rate(raw: &RawForm, session: &Session) -> bool {
    let before = filled_in(session);
    let rate =
        |form: &RawForm| (form.get("rate-min").trim().to_owned(), form.get("rate-max").trim().to_owned());
    !raw.get("rate-min").trim().is_empty() && rate(raw) != rate(&before)
}

/// Reads the form. Where `rate_stands`, the rates stay what they are. `ranges` are those that count for the session,
/// each with its words; a rate must lie inside every one of them.
pub fn parse_change(
    raw: &RawForm,
    (session, catalogue): (&Session, &Catalogue),
    rate_stands: bool,
    ranges: &[(&RateRange, String)],
) -> Result<Terms, FieldErrors<ChangeField>> {
    let mut errors = FieldErrors::none();
    let before = (session.asked.rate_min_pence_per_hour, session.asked.rate_max_pence_per_hour);
    let rates = if rate_stands {
        Some(before)
    } else {
        read_rates(raw, (ChangeField::RateMin, ChangeField::RateMax), &mut errors)
    };
    if let Some((lowest, highest)) = rates
        && rates != Some(before)
    {
        for (range, words) in ranges {
            let sentence = format!("The rate must lie inside the range. {words}");
            if !range.holds(lowest) {
                errors.add(ChangeField::RateMin, sentence);
            } else if !range.holds(highest) {
                errors.add(ChangeField::RateMax, sentence);
            }
        }
        if ranges.len() < session.asked.roles.len() {
            errors.add(
                ChangeField::RateMin,
                "There is no rate range for this session. Ask your commissioner for one",
            );
        }
    }
    let notes = optional(raw.get("notes"), |typed| text_of_lines(typed, super::MOST_LETTERS));
    let notes = errors.keep(ChangeField::Notes, "notes", notes);
    let roles = Some(session.asked.roles.as_slice());
    let supervisor = read_supervisor(raw, ChangeField::Supervisor, roles, catalogue, &mut errors);
    let terms = rates.zip(notes).zip(supervisor).map(|(((lowest, highest), notes), supervisor)| Terms {
        rate_min_pence_per_hour: lowest,
        rate_max_pence_per_hour: highest,
        notes: notes.unwrap_or_default(),
        supervisor,
        changes_rate: (lowest, highest) != before,
    });
    errors.finish(terms)
}
