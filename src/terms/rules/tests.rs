//! Rules as the database keeps them.

use matching_model::policy::Policy;

use super::{
    About, Answers, Cancelling, Joining, LookUps, Privacy, Releasing, Retention, Rounds, Rule, Section,
    ShownFigures, Terms, WorkHours,
};

#[test]
fn a_rule_comes_back_from_the_database_as_it_was() {
    let about = About {
        name: "Kent bank".to_owned(),
        address: "1 High Street".to_owned(),
        phone: "01622 000001".to_owned(),
        email: String::new(),
    };
    let rules = [
        Rule::About(about),
        Rule::Answers(Answers::within(48)),
        Rule::Cancelling(Cancelling { short_notice_hours: 168, ..Cancelling::default() }),
        Rule::Hours(WorkHours { least_rest_hours: 12, ..WorkHours::LAW }),
        Rule::Registers(LookUps { within_months: 6 }),
        Rule::Weights(Policy::default()),
        Rule::Rounds(Rounds { days: 7, ..Rounds::NONE }),
        Rule::Releasing(Releasing { is_staged: true, ..Releasing::AT_ONCE }),
        Rule::Figures(ShownFigures { least_places: 5 }),
        Rule::Retention(Retention { mails_days: 90, ..Retention::USUAL }),
        Rule::Joining(Joining { is_open: false, ..Joining::default() }),
        Rule::Terms(Terms { text: "Be kind.".to_owned() }),
        Rule::Privacy(Privacy::default()),
    ];
    for (rule, section) in rules.into_iter().zip(Section::ALL) {
        assert_eq!(rule.section(), section);
        assert_eq!(Rule::of_value(section, rule.value()), Some(rule));
        assert_eq!(section.code().parse(), Ok(section));
    }
    assert!("weather".parse::<Section>().is_err());
    assert_eq!(Rule::of_value(Section::Hours, serde_json::json!({})), None);
}
