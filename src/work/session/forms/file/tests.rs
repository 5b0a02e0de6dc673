use super::{Column, date_of, letters, read_rows, sum_of, time_of};
use crate::ground::form_fields::{RawDate, RawForm};
use crate::ground::table::{TableRow, text};
use crate::people::practice::Practice;
use crate::terms::bank::{Catalogue, Competency, CompetencyKind, Role};
use crate::work::session::forms::parse;

fn catalogue() -> Catalogue {
    let role = |code: &str, name: &str| Role {
        code: code.to_owned(),
        name: name.to_owned(),
        plural: format!("{name}s"),
        regulator: None,
        register_pattern: None,
        register_example: None,
        used_until: None,
        needs_supervisor: false,
    };
    let system = Competency {
        code: "emis_web".to_owned(),
        name: "EMIS Web".to_owned(),
        kind: CompetencyKind::System,
        used_until: None,
    };
    Catalogue {
        roles: vec![role("gp", "GP"), role("practice_nurse", "Practice nurse")],
        competencies: vec![system],
        ..Catalogue::default()
    }
}

fn rows(file: &str) -> Vec<TableRow> {
    text::read_rows(file.as_bytes()).unwrap()
}

#[test]
fn columns_are_known_by_name_and_a_row_is_read_as_the_form_is() {
    let own = [Practice::example()];
    let file =
        "\u{feff}Rate;Day;From;To;Who;Skills;Max. rate\r\n£85;1/12/26;0830;12.40;GPs;emis web;95.5\r\n";
    let forms = read_rows(&rows(file), &own, &catalogue()).unwrap();
    assert_eq!(forms[0].row, 2);
    let wanted = parse(&RawForm::from_pairs(forms[0].fields.clone()), &own, &catalogue()).unwrap();
    assert_eq!(wanted.pattern.date.to_string(), "2026-12-01");
    assert_eq!(
        (wanted.pattern.start.to_string(), wanted.pattern.end.to_string()),
        ("08:30:00".into(), "12:40:00".into())
    );
    assert_eq!((wanted.rate_min_pence_per_hour, wanted.rate_max_pence_per_hour), (8_500, 9_550));
    assert_eq!((wanted.roles, wanted.competencies), (vec!["gp".to_owned()], vec!["emis_web".to_owned()]));
    assert_eq!(wanted.places, 1);
}

#[test]
fn what_can_not_be_read_is_said_with_row_and_column() {
    let own = [Practice::example(), Practice { ods_code: "K81001".to_owned(), ..Practice::example() }];
    let told = |file: &str| {
        let faults = read_rows(&rows(file), &own, &catalogue()).unwrap_err();
        faults.into_iter().map(|it| format!("{} {}: {}", it.row, it.column, it.sentence)).collect::<Vec<_>>()
    };
    let headings = told("Date,Start,Weather,Start time\n");
    assert!(headings[0].starts_with("1 Weather: No column of sessions is called so. Call it Practice, Date"));
    assert_eq!(headings[1], "1 Start time: There are two columns for Start: remove one");
    assert_eq!(headings[2], "1 Practice: The file has no such column, and each session needs it");
    let all = "Practice,Date,Start,End,Role,Rate\n";
    assert!(
        told(&format!("{all}Nowhere,1/12/2026,8am,9am,GP,80\n"))[0]
            .starts_with("2 Practice: You act for no such practice")
    );
    let role = told(&format!("{all}\nK81001,1/12/2026,8am,9am,Astronaut,80\n"));
    assert_eq!(
        role,
        ["3 Role: The bank has no role called “Astronaut”: write its name as the form shows it"]
    );
    let beyond = told(&format!("{all}K81001,1/12/2026,8am,9am,GP,80,,more\n"));
    assert_eq!(beyond, ["2 H: This column has no heading: name it, or empty it"]);
    assert!(told(all)[0].contains("There is no session in the file"));
    assert!(told("")[0].contains("The file is empty"));
}

#[test]
fn what_spreadsheets_make_of_dates_times_and_sums_is_read() {
    let date = |day: &str, month: &str, year: &str| RawDate {
        day: day.to_owned(),
        month: month.to_owned(),
        year: year.to_owned(),
    };
    for (typed, read) in [
        ("1/12/26", date("1", "12", "2026")),
        ("01.12.2026", date("01", "12", "2026")),
        ("2026-12-01", date("01", "12", "2026")),
        ("Tue 1 Dec 2026", date("1", "Dec", "2026")),
        ("Tuesday, 1st December 2026", date("1", "December", "2026")),
        ("1-Dec-26", date("1", "Dec", "2026")),
        ("", RawDate::default()),
    ] {
        assert_eq!(date_of(typed), read, "{typed}");
    }
    assert!(date_of("soon").read().is_err() && date_of("46357").read().is_err());
    for (typed, read) in [
        ("0830", "08:30"),
        ("830", "8:30"),
        ("8:30:00", "8:30"),
        ("18:00:00", "18:00"),
        ("8:30:00 AM", "8:30 AM"),
        ("8.30", "8.30"),
        ("8:30 am", "8:30 am"),
        ("18:00", "18:00"),
    ] {
        assert_eq!(time_of(typed), read);
    }
    for (typed, read) in [("£85", "£85"), ("85.5", "85.50"), ("£ 85.50", "£85.50"), ("85/hour", "85")] {
        assert_eq!(sum_of(typed), read);
    }
    assert_eq!([0, 25, 26, 51].map(letters), ["A", "Z", "AA", "AZ"]);
    for column in Column::ALL {
        assert_eq!(Column::of_heading(column.name()), Some(column));
    }
}
