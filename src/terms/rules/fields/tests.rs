//! Fields of rules, and how they are shown.

use super::{differences, fields_of};
use crate::terms::rules::{
    Answers, Cancelling, Joining, LookUps, Privacy, Releasing, Retention, Rounds, Rule, Section,
    ShownFigures, Terms, WorkHours,
};
use matching_model::policy::Policy;

#[test]
fn every_field_of_a_rule_is_asked_for() {
    let rules = [
        Rule::Answers(Answers::within(24)),
        Rule::Cancelling(Cancelling::default()),
        Rule::Hours(WorkHours::LAW),
        Rule::Registers(LookUps::UNDECIDED),
        Rule::Weights(Policy::default()),
        Rule::Rounds(Rounds::NONE),
        Rule::Releasing(Releasing::AT_ONCE),
        Rule::Figures(ShownFigures::default()),
        Rule::Retention(Retention::USUAL),
        Rule::Joining(Joining::default()),
        Rule::Terms(Terms::default()),
        Rule::Privacy(Privacy::default()),
    ];
    for rule in rules {
        let value = rule.value();
        let kept: Vec<&String> = value.as_object().unwrap().keys().collect();
        let fields = fields_of(rule.section());
        assert_eq!(kept.len(), fields.len());
        assert!(fields.iter().all(|field| kept.iter().any(|name| *name == field.name)));
    }
    assert_eq!(fields_of(Section::About).len(), 4);
}

#[test]
fn a_long_text_is_shown_by_its_beginning() {
    let long = Rule::Terms(Terms { text: "word ".repeat(1_200) });
    let shown = fields_of(Section::Terms)[0].shown(&long);
    assert!(shown.starts_with("word word") && shown.ends_with("word … (1,200 words)"), "{shown}");
}

#[test]
fn what_differs_is_said_in_words() {
    let (before, after) = (Answers::within(24), Answers { until_hour: 22, ..Answers::within(48) });
    assert_eq!(
        differences(&Rule::Answers(before), &Rule::Answers(after)),
        [
            "Hours to answer an offer: 48 hours, before 24 hours",
            "Answers are asked for until: 10pm, before 9pm"
        ]
    );
}
