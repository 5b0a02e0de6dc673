//! What somebody enters about the email they want.

use super::{Choices, Nature, QuietHours};
use crate::ground::form_fields::{Field, FieldErrors, RawForm, optional, time_of_day};
use crate::ground::mail::kinds::{Audience, MessageKind, Messages};
use crate::letters::digest::messages::DIGEST;

/// The fields of "Your email" that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceField {
    /// When quiet hours start.
    QuietFrom,
    /// When they end.
    QuietUntil,
}

impl Field for ChoiceField {
    fn name(self) -> &'static str {
        match self {
            Self::QuietFrom => "quiet_from",
            Self::QuietUntil => "quiet_until",
        }
    }
}

/// The kinds among `messages` that somebody of this audience can choose about. The daily email is for everybody.
pub fn asked_about(messages: Messages, audience: Audience) -> impl Iterator<Item = &'static MessageKind> {
    messages.all().filter(move |kind| {
        (kind.audience == audience || kind.name == DIGEST.name) && Nature::of(kind).choices().len() > 1
    })
}

/// Reads the choices. A kind that was not sent, or sent with a choice it does not have, is left as it is.
pub fn parse(
    raw: &RawForm,
    messages: Messages,
    audience: Audience,
) -> Result<Choices, FieldErrors<ChoiceField>> {
    let mut errors = FieldErrors::none();
    let chosen = asked_about(messages, audience).filter_map(|kind| {
        let choice = Nature::of(kind).choices().iter().find(|choice| choice.code() == raw.get(kind.name))?;
        Some((kind.name, *choice))
    });
    let chosen = chosen.collect();
    let from = errors.keep(
        ChoiceField::QuietFrom,
        "time when quiet hours start",
        optional(raw.get("quiet_from"), time_of_day),
    );
    let until = errors.keep(
        ChoiceField::QuietUntil,
        "time when quiet hours end",
        optional(raw.get("quiet_until"), time_of_day),
    );
    let quiet = match (from.flatten(), until.flatten()) {
        (Some(starts_at), Some(ends_at)) if starts_at == ends_at => {
            errors.add(ChoiceField::QuietUntil, "Quiet hours must end at another time than they start");
            None
        }
        (Some(starts_at), Some(ends_at)) => Some(QuietHours { starts_at, ends_at }),
        (Some(_), None) => {
            errors.add(ChoiceField::QuietUntil, "Enter the time when quiet hours end");
            None
        }
        (None, Some(_)) => {
            errors.add(ChoiceField::QuietFrom, "Enter the time when quiet hours start");
            None
        }
        (None, None) => None,
    };
    errors.finish(Some(Choices { of_kinds: chosen, quiet }))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::{Choices, asked_about, parse};
    use crate::ground::actor::PersonKind;
    use crate::ground::form_fields::RawForm;
    use crate::ground::mail::kinds::Audience;
    use crate::letters::mail_choice::{Choice, QuietHours};
    use crate::site::messages::MESSAGES;

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        RawForm::from_pairs(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    #[test]
    fn choices_that_a_message_does_not_have_are_passed_over() {
        let pairs = [("digest", "never"), ("session_offered", "never"), ("no_such_kind", "never")];
        let entered = parse(&form(&pairs), MESSAGES, Audience::Acting(PersonKind::Clinician)).unwrap();
        assert_eq!(entered, Choices { of_kinds: vec![("digest", Choice::Never)], quiet: None });
        assert_eq!(
            parse(&form(&[("digest", "digest")]), MESSAGES, Audience::Acting(PersonKind::Clinician))
                .unwrap()
                .of_kinds,
            []
        );
        assert!(
            asked_about(MESSAGES, Audience::Acting(PersonKind::Clinician))
                .all(|kind| kind.name != "session_offered")
        );
    }

    #[test]
    fn quiet_hours_need_both_ends_and_some_time_between() {
        let quiet = |from, until| {
            parse(
                &form(&[("quiet_from", from), ("quiet_until", until)]),
                MESSAGES,
                Audience::Acting(PersonKind::Clinician),
            )
        };
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        assert_eq!(
            quiet("10pm", "7am").unwrap().quiet,
            Some(QuietHours { starts_at: time(22), ends_at: time(7) })
        );
        assert_eq!(quiet("", "").unwrap().quiet, None);
        for (from, until, field) in [
            ("10pm", "", "quiet_until"),
            ("", "7am", "quiet_from"),
            ("7am", "7am", "quiet_until"),
            ("late", "7am", "quiet_from"),
        ] {
            assert!(!quiet(from, until).unwrap_err().of(field).is_empty(), "{from} to {until}");
        }
    }
}
