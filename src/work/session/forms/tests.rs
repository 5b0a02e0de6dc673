use chrono::{NaiveDate, NaiveTime};

use super::{SENT_NAMES, parse, parse_withdrawal};
use crate::ground::form_fields::RawForm;
use crate::people::practice::Practice;
use crate::terms::bank::{Band, Catalogue, Competency, CompetencyKind, Role};
use crate::work::booking::reason::Reason;

fn catalogue() -> Catalogue {
    let role = |code: &str| Role {
        code: code.to_owned(),
        name: code.to_owned(),
        plural: code.to_owned(),
        regulator: None,
        register_pattern: None,
        register_example: None,
        used_until: None,
        needs_supervisor: false,
    };
    let systmone = Competency {
        code: "systmone".to_owned(),
        name: "SystmOne".to_owned(),
        kind: CompetencyKind::System,
        used_until: None,
    };
    Catalogue {
        roles: vec![role("gp"), role("paramedic")],
        competencies: vec![systmone],
        ..Catalogue::default()
    }
}

/// A form that is right, with these names changed.
fn form(practice: &Practice, changed: &[(&str, &str)]) -> RawForm {
    let id = practice.id.to_string();
    let right = [
        ("practice", id.as_str()),
        ("on-day", "3"),
        ("on-month", "11"),
        ("on-year", "2026"),
        ("start", "8:30am"),
        ("end", "12:40pm"),
        ("role", "gp"),
        ("competency", "systmone"),
        ("places", "1"),
        ("rate-min", "80"),
        ("rate-max", "95"),
        ("notes", "Parking behind the building"),
    ];
    let mut pairs: Vec<(String, String)> = right
        .iter()
        .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    pairs.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    RawForm::from_pairs(pairs)
}

#[test]
fn a_right_form_is_read_whole() {
    let own = Practice::example();
    let wanted = parse(&form(&own, &[]), std::slice::from_ref(&own), &catalogue()).unwrap();
    assert_eq!(wanted.practice, own.id);
    assert_eq!(wanted.pattern.date, NaiveDate::from_ymd_opt(2026, 11, 3).unwrap());
    assert_eq!(wanted.pattern.start, NaiveTime::from_hms_opt(8, 30, 0).unwrap());
    assert_eq!((wanted.rate_min_pence_per_hour, wanted.rate_max_pence_per_hour), (8000, 9500));
    assert_eq!((wanted.roles, wanted.competencies), (vec!["gp".to_owned()], vec!["systmone".to_owned()]));
    assert_eq!((wanted.places, wanted.priority), (1, 1));
}

#[test]
fn a_band_has_its_own_rate_where_the_form_says_so() {
    let own = Practice::example();
    let typed = form(&own, &[("rate-sunday-min", "110"), ("rate-sunday-max", "120")]);
    let wanted = parse(&typed, std::slice::from_ref(&own), &catalogue()).unwrap();
    assert_eq!(wanted.rates(Band::SundayOrBankHoliday, false), (11_000, 12_000));
    assert_eq!(wanted.rates(Band::Core, false), (8_000, 9_500));
}

#[test]
fn one_rate_is_a_span_of_itself() {
    let own = Practice::example();
    let wanted = parse(&form(&own, &[("rate-max", "")]), std::slice::from_ref(&own), &catalogue()).unwrap();
    assert_eq!((wanted.rate_min_pence_per_hour, wanted.rate_max_pence_per_hour), (8000, 8000));
}

#[test]
fn another_practices_id_is_refused_like_one_that_does_not_exist() {
    let (own, other) = (Practice::example(), Practice::example());
    for id in [other.id.to_string(), "nonsense".to_owned(), String::new()] {
        let errors = parse(&form(&own, &[("practice", &id)]), std::slice::from_ref(&own), &catalogue());
        assert_eq!(errors.unwrap_err().of("practice"), "Select a practice");
    }
}

/// What is entered, the field that is wrong, and what is said.
type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);

#[test]
fn each_field_says_what_would_be_right() {
    let cases: &[Case] = &[
        (&[("on-day", "31"), ("on-month", "2")], "on", "Date must be a real date"),
        (&[("start", "8")], "start", "Enter a start time, like 8:30am"),
        (
            &[("end", "8am")],
            "end",
            "The end must be after the start. If the session goes on past midnight, tick that it ends the next day",
        ),
        (&[("end", "9am"), ("overnight", "yes")], "end", "A session can last 24 hours at most"),
        (&[("role", "astronaut")], "role", "Select at least one role"),
        (&[("competency", "juggling")], "competency", "Select competencies from the list"),
        (&[("places", "0")], "places", "Places must be between 1 and 20"),
        (&[("rate-min", "lots")], "rate-min", "Enter a rate, like 88 or 88.50"),
        (&[("rate-max", "79.99")], "rate-max", "The highest rate must be the lowest, £80, or more"),
        (&[("repeat", "weekly")], "until", "Enter a last date"),
        (
            &[("repeat", "weekly"), ("until-day", "9"), ("until-month", "11"), ("until-year", "2026")],
            "until",
            "The last date must be 10 November 2026 or later, which is the second date",
        ),
        (&[("date", "soon")], "date", "Pick the other dates from those that are shown"),
        (&[("rate-evening-max", "90")], "rate-evening-min", "Enter a rate, like 88 or 88.50"),
        (
            &[("repeat", "fortnightly"), ("until-day", "9"), ("until-month", "11"), ("until-year", "2026")],
            "until",
            "The last date must be 17 November 2026 or later, which is the second date",
        ),
        (
            &[("repeat", "weekly"), ("until-day", "3"), ("until-month", "11"), ("until-year", "2027")],
            "until",
            "The last date must be 2 November 2027 or earlier: a session can be repeated for 52 weeks",
        ),
    ];
    let own = Practice::example();
    for (changed, field, sentence) in cases {
        let errors = parse(&form(&own, changed), std::slice::from_ref(&own), &catalogue()).unwrap_err();
        assert_eq!(errors.of(field), *sentence);
        assert_eq!(errors.lines().len(), 1, "{changed:?}");
    }
}

#[test]
fn every_name_of_a_form_is_carried_through_the_check() {
    let own = Practice::example();
    let every = [("overnight", "yes"), ("repeat", "weekly"), ("until-day", "1"), ("priority", "high")];
    let sent = ["which", "leave-out", "bank-holidays", "until-month", "until-year", "on-day", "role"];
    let raw = form(&own, &every);
    assert!(every.iter().all(|(name, value)| raw.get(name) == *value && SENT_NAMES.contains(name)));
    assert!(sent.iter().all(|name| SENT_NAMES.contains(name)));
}

#[test]
fn a_withdrawal_needs_a_reason() {
    let raw = |reason: &str| RawForm::from_pairs(vec![("reason".to_owned(), reason.to_owned())]);
    assert_eq!(parse_withdrawal(&raw(" ")).unwrap_err().of("reason"), "Select a reason");
    assert!(parse_withdrawal(&raw("not_free")).is_err(), "a clinician's reason");
    assert_eq!(parse_withdrawal(&raw("no_room")), Ok(Reason::NoRoom));
}
