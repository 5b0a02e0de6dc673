use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::London;

use super::{refusals, to_post};
use crate::ground::form_fields::FieldErrors;
use crate::ground::id::RateRangeId;
use crate::people::practice::Practice;
use crate::terms::bank::calendar::BankHoliday;
use crate::terms::bank::{Band, BandHours, Catalogue, DayKind, Role};
use crate::terms::rate::{RateRange, RateTable};
use crate::work::session::forms::{SessionField, Wanted};
use crate::work::session::repeat::Repeat;
use crate::work::session::series::Pattern;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn catalogue() -> Catalogue {
    let role = |code: &str, name: &str| Role {
        code: code.to_owned(),
        name: name.to_owned(),
        plural: String::new(),
        regulator: None,
        register_pattern: None,
        register_example: None,
        used_until: None,
        needs_supervisor: false,
    };
    let row = |day_kind, from_time, band| BandHours { day_kind, from_time: at(from_time), band };
    Catalogue {
        roles: vec![role("gp", "GP"), role("paramedic", "Paramedic")],
        band_hours: vec![
            row(DayKind::Weekday, "08:00:00", Band::Core),
            row(DayKind::Weekday, "18:30:00", Band::Evening),
            row(DayKind::SundayOrBankHoliday, "00:00:00", Band::SundayOrBankHoliday),
        ],
        holidays_known_until: Some(day("2029-12-31")),
        bank_holidays: vec![BankHoliday { date: day("2026-12-25"), title: "Christmas Day".to_owned() }],
        ..Catalogue::default()
    }
}

fn range(role: &str, band: Band, from: &str, floor: i32, ceiling: i32) -> RateRange {
    RateRange {
        id: RateRangeId::new(),
        role: role.to_owned(),
        band,
        valid_from: day(from),
        floor_pence_per_hour: floor,
        ceiling_pence_per_hour: ceiling,
        position: 1,
    }
}

fn rates() -> RateTable {
    RateTable::new(vec![
        range("gp", Band::Core, "2026-11-01", 7600, 9800),
        range("gp", Band::SundayOrBankHoliday, "2026-11-01", 10000, 13000),
        range("gp", Band::Core, "2027-01-01", 9000, 9900),
        range("paramedic", Band::Core, "2026-11-01", 3000, 4000),
    ])
}

fn wanted(practice: &Practice, date: &str, until: Option<&str>) -> Wanted {
    Wanted {
        practice: practice.id,
        pattern: Pattern {
            date: day(date),
            start: at("08:30:00"),
            end: at("12:40:00"),
            ends_next_day: false,
            until: until.map(|last| (Repeat::Weekly(1), day(last))),
            also: Vec::new(),
            on_bank_holidays: false,
            leaves_out_skipped: false,
            which: None,
        },
        roles: vec!["gp".to_owned()],
        competencies: Vec::new(),
        places: 2,
        rate_min_pence_per_hour: 8000,
        rate_max_pence_per_hour: 9500,
        band_rates: Vec::new(),
        after_change: None,
        priority: 1,
        notes: String::new(),
        supervisor: String::new(),
    }
}

fn judge(wanted: &Wanted, practice: &Practice) -> FieldErrors<SessionField> {
    let expansion = wanted.pattern.expand(&catalogue(), London);
    refusals(wanted, &expansion, practice, &rates(), &catalogue(), now())
}

#[test]
fn a_session_inside_the_range_can_be_posted() {
    let own = Practice::example();
    let wanted = wanted(&own, "2026-12-01", None);
    assert!(judge(&wanted, &own).is_empty());
    let (series, sessions) = to_post(&wanted, &wanted.pattern.expand(&catalogue(), London));
    assert_eq!((series, sessions.len()), (None, 1));
    assert_eq!((sessions[0].band, sessions[0].places), (Band::Core, 2));
}

#[test]
fn a_rate_outside_the_range_is_refused_with_the_range_shown() {
    let own = Practice::example();
    let mut wanted = wanted(&own, "2026-12-01", None);
    let range = "The rate must lie inside the range. GP core hours: £76 to £98 an hour from 1 November 2026";
    wanted.rate_max_pence_per_hour = 9801;
    assert_eq!(judge(&wanted, &own).of("rate-max"), range);
    wanted.rate_max_pence_per_hour = 9800;
    assert!(judge(&wanted, &own).is_empty());
    wanted.rate_min_pence_per_hour = 7599;
    assert_eq!(judge(&wanted, &own).of("rate-min"), range);
}

#[test]
fn each_role_of_a_session_has_its_own_range() {
    let own = Practice::example();
    let mut wanted = wanted(&own, "2026-12-01", None);
    wanted.roles.push("paramedic".to_owned());
    assert_eq!(
        judge(&wanted, &own).of("role"),
        "No rate lies in the range of each role. GP core hours: £76 to £98 an hour from 1 November 2026; Paramedic core \
         hours: £30 to £40 an hour from 1 November 2026. Post a session for each role"
    );
}

#[test]
fn without_a_range_nothing_is_posted() {
    let own = Practice::example();
    let mut wanted = wanted(&own, "2026-12-01", None);
    wanted.pattern.start = at("18:30:00");
    wanted.pattern.end = at("20:00:00");
    let sentence = "There is no rate range for GP evening. Ask your commissioner for one";
    assert_eq!(judge(&wanted, &own).of("rate-min"), sentence);
}

#[test]
fn a_series_meets_the_range_of_each_date() {
    let own = Practice::example();
    let wanted = wanted(&own, "2026-12-29", Some("2027-01-05"));
    let sentence = "On Tuesday 5 January 2027 the rate must lie inside the range. \
                    GP core hours: £90 to £99 an hour from 1 January 2027";
    assert_eq!(judge(&wanted, &own).of("rate-min"), sentence);
}

#[test]
fn a_bank_holiday_of_a_series_is_left_out_or_paid_its_own_rate() {
    let own = Practice::example();
    let mut wanted = wanted(&own, "2026-12-18", Some("2026-12-25"));
    assert!(judge(&wanted, &own).is_empty(), "it is left out unless somebody says otherwise");
    wanted.pattern.on_bank_holidays = true;
    let errors = judge(&wanted, &own);
    assert!(errors.of("rate-sunday-min").starts_with("On Friday 25 December 2026 (Christmas Day) the rate"));
    assert!(
        errors
            .of("rate-sunday-min")
            .ends_with("GP Sunday or bank holiday: £100 to £130 an hour from 1 November 2026")
    );
    wanted.band_rates = vec![(Band::SundayOrBankHoliday, (11_000, 12_000))];
    assert!(judge(&wanted, &own).is_empty());
    let (_, sessions) = to_post(&wanted, &wanted.pattern.expand(&catalogue(), London));
    let rates: Vec<i32> = sessions.iter().map(|session| session.rate_min_pence_per_hour).collect();
    assert_eq!(rates, [8_000, 11_000]);
}

#[test]
fn the_past_and_a_closed_practice_are_refused() {
    let own = Practice::example();
    let past = judge(&wanted(&own, "2026-11-20", None), &own);
    assert_eq!(past.of("on"), "The session must start in the future");
    let far = judge(&wanted(&own, "2029-11-20", None), &own);
    assert_eq!(far.of("on"), "The session must start within the next 2 years");
    let closed = Practice { closed_on: Some(day("2026-11-30")), ..own };
    let errors = judge(&wanted(&closed, "2026-12-01", None), &closed);
    assert_eq!(errors.of("practice"), "Orchid House Surgery closed on 30 November 2026");
    assert!(judge(&wanted(&closed, "2026-11-30", None), &closed).is_empty());
}

#[test]
fn a_time_that_does_not_exist_is_a_question() {
    let own = Practice::example();
    let mut wanted = wanted(&own, "2027-03-28", None);
    wanted.pattern.start = at("01:30:00");
    let sentence = "On Sunday 28 March 2027 the clocks go forward over 1:30am, so that time does not exist. \
                    Choose another time";
    assert_eq!(judge(&wanted, &own).of("start"), sentence);
}

#[test]
fn a_series_shares_one_id_and_its_sessions_have_their_own() {
    let own = Practice::example();
    let wanted = wanted(&own, "2026-11-24", Some("2026-12-08"));
    let (series, sessions) = to_post(&wanted, &wanted.pattern.expand(&catalogue(), London));
    assert!(series.is_some() && sessions.iter().all(|session| session.series == series));
    let dates: Vec<NaiveDate> = sessions.iter().map(|session| session.times.local_date).collect();
    assert_eq!(dates, [day("2026-11-24"), day("2026-12-01"), day("2026-12-08")]);
    assert!(sessions[0].id < sessions[1].id);
}
