//! The form of a section of a bank's rules.

use serde_json::{Map, Value};

use super::cancelling::FeeSteps;
use super::fields::{Asked, Takes, fields_of};
use super::{Rule, Section};
use crate::ground::form_fields::{
    Field, FieldErrors, RawForm, Wrong, email, optional, phone, text, text_of_lines, whole_number, yes_or_no,
};
use crate::ground::words::in_sentence;

/// The most letters of a reason.
const MOST_LETTERS_OF_WHY: usize = 300;

/// A field of the form, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleField(pub &'static str);

/// Why it is to be so.
pub const WHY: RuleField = RuleField("why");

impl Field for RuleField {
    fn name(self) -> &'static str {
        self.0
    }
}

/// A rule as it was entered, and why.
pub type Entered = (Rule, String);

/// Reads a section's form.
pub fn parse(section: Section, raw: &RawForm) -> Result<Entered, FieldErrors<RuleField>> {
    let mut errors = FieldErrors::none();
    let mut value = Map::new();
    for asked in fields_of(section) {
        let read = read(asked, raw.get(asked.name));
        if let Some(read) = errors.keep(RuleField(asked.name), &in_sentence(asked.label), read) {
            value.insert(asked.name.to_owned(), read);
        }
    }
    let why = errors.keep(WHY, "reason", text(raw.get(WHY.0), MOST_LETTERS_OF_WHY));
    let rule = Rule::of_value(section, Value::Object(value));
    if let Some(Rule::Answers(answers)) = &rule
        && answers.told_from_hour > answers.from_hour
    {
        let sentence = "Emails about offers must be sent no later than answers are asked for";
        errors.add(RuleField("told_from_hour"), sentence);
    }
    if let Some(Rule::Rounds(rounds)) = &rule
        && rounds.confirm_hours > rounds.ahead_days * 24
    {
        let sentence = "Hours to confirm must end before the first session of the round";
        errors.add(RuleField("confirm_hours"), sentence);
    }
    if let Some(Rule::Releasing(releasing)) = &rule
        && (1..=releasing.everybody_hours).contains(&releasing.worked_here_hours)
    {
        let sentence =
            "People who have worked there must be asked more hours before the start than everybody";
        errors.add(RuleField("worked_here_hours"), sentence);
    }
    errors.finish(rule.zip(why))
}

fn read(asked: &Asked, typed: &str) -> Result<Value, Wrong> {
    let line = |read: Result<Option<String>, Wrong>| read.map(|line| Value::from(line.unwrap_or_default()));
    match asked.takes {
        Takes::Number(least, most, _) | Takes::Hour(least, most) => {
            whole_number(typed, least, most).map(Value::from)
        }
        Takes::Steps => FeeSteps::read(typed).map(|steps| serde_json::json!(steps)),
        Takes::YesNo => yes_or_no(typed).map(Value::from),
        Takes::Words(most) => line(optional(typed, |typed| text_of_lines(typed, most))),
        Takes::NeededWords(most) => text_of_lines(typed, most).map(Value::from),
        Takes::NeededLine(most) => text(typed, most).map(Value::from),
        Takes::Line(most) => line(optional(typed, |typed| text(typed, most))),
        Takes::Phone => line(optional(typed, phone)),
        Takes::Email => line(optional(typed, email)),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::ground::form_fields::RawForm;
    use crate::terms::rules::{Answers, Rule, Section, WorkHours};

    fn form(pairs: &[(&str, &str)]) -> RawForm {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RawForm::from_pairs(pairs.iter().map(pair).collect())
    }

    #[test]
    fn a_rule_is_read_with_its_reason() {
        let hours =
            form(&[("least_rest_hours", "12"), ("most_hours_per_week", "40"), ("why", "Tired people")]);
        let (rule, why) = parse(Section::Hours, &hours).unwrap();
        assert_eq!(rule, Rule::Hours(WorkHours { least_rest_hours: 12, most_hours_per_week: 40 }));
        assert_eq!(why, "Tired people");
        let about =
            form(&[("name", "Kent bank"), ("address", ""), ("phone", ""), ("email", ""), ("why", "New")]);
        assert!(parse(Section::About, &about).is_ok(), "what is not shown is left empty");
    }

    #[test]
    fn each_field_says_what_would_be_right() {
        let right = [
            ("within_hours", "24"),
            ("from_hour", "9"),
            ("until_hour", "21"),
            ("told_from_hour", "7"),
            ("why", "x"),
        ];
        assert_eq!(parse(Section::Answers, &form(&right)).unwrap().0, Rule::Answers(Answers::within(24)));
        for (name, value, sentence) in [
            ("within_hours", "0", "Hours to answer an offer must be between 1 and 168"),
            ("until_hour", "", "Enter"),
            ("told_from_hour", "10", "Emails about offers must be sent no later"),
            ("why", " ", "Enter a reason"),
        ] {
            let typed: Vec<(&str, &str)> = right
                .iter()
                .map(|(known, right)| (*known, if *known == name { value } else { *right }))
                .collect();
            let errors = parse(Section::Answers, &form(&typed)).unwrap_err();
            assert!(errors.of(name).starts_with(sentence), "{name}: {}", errors.of(name));
        }
        for (name, value) in [("least_rest_hours", "10"), ("most_hours_per_week", "49")] {
            let right = [("least_rest_hours", "11"), ("most_hours_per_week", "48"), ("why", "x")];
            let typed: Vec<(&str, &str)> = right
                .iter()
                .map(|(known, right)| (*known, if *known == name { value } else { *right }))
                .collect();
            assert!(
                parse(Section::Hours, &form(&typed)).unwrap_err().of(name).contains("between"),
                "the law"
            );
        }
    }
}
