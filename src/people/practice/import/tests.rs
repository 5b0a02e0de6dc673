use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::compare::{Changes, Side, compare};
use super::ods::{COLUMNS, OdsPractice};
use super::rows::Row;
use super::{BankReport, File, Files, ImportError, Register};
use crate::ground::id::{BankId, PracticeId};
use crate::people::practice::PlacedBy;
use crate::terms::bank::places::Place;

const ODS_LINE: &str = "J81001,THE ORCHID SURGERY,Y58,QVV,THE SURGERY,1 HIGH STREET,POOLE,,,BH15 1AA,19740401,,A,B,\
                        11J,20200401,,01202 000001,,,,0,,11J,,4,";
const MAP_HEADINGS: &str = "PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME";
const MAP_LINE: &str =
    "J81001,THE ORCHID SURGERY,U12345,HARBOUR PCN,QVV,NHS Dorset Integrated Care Board,TPP";

fn files(ods: &str, map: &str) -> Files {
    let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    Files { ods: file("ods.csv", ods), map: file("map.csv", map), postcodes: None, successors: Vec::new() }
}

/// The register of one practice that is right, with these cells of the ODS line replaced.
fn ods_with(changes: &[(&str, &str)]) -> String {
    let mut cells: Vec<&str> = ODS_LINE.split(',').collect();
    for (column, value) in changes {
        let at = COLUMNS.iter().position(|known| known == column).unwrap();
        cells[at] = value;
    }
    cells.join(",")
}

fn map_of(line: &str) -> String {
    format!("{MAP_HEADINGS}\n{line}\n")
}

fn faults(files: &Files) -> Vec<String> {
    match Register::read(files) {
        Err(ImportError::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

fn register(ods: &str, map: &str) -> Register {
    match Register::read(&files(ods, map)) {
        Ok(register) => register,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_line_of_headings_is_neither_needed_nor_in_the_way() {
    let headed = format!("{}\n{ODS_LINE}\n", COLUMNS.join(","));
    for ods in [ODS_LINE, headed.as_str(), &format!("\u{feff}{ODS_LINE}\r\n")] {
        assert_eq!(faults(&files(ods, &map_of(MAP_LINE))), Vec::<String>::new());
    }
}

#[test]
fn a_bad_line_of_the_register_names_its_place_value_and_what_would_be_right() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (
            &[("organisation_code", "j81001")],
            "ods.csv, line 1, column organisation_code: \"j81001\" can't be used; \
             expected 3 to 10 capital letters and figures, like J81001",
        ),
        (
            &[("name", "")],
            "ods.csv, line 1, column name: \"\" can't be used; expected the organisation's name",
        ),
        (
            &[("status_code", "X")],
            "ods.csv, line 1, column status_code: \"X\" can't be used; \
             expected A (active), P (proposed), C (closed) or D (dormant)",
        ),
        (
            &[("open_date", "1974-04-01")],
            "ods.csv, line 1, column open_date: \"1974-04-01\" can't be used; \
             expected a date written YYYYMMDD, like 20260401, or nothing",
        ),
        (
            &[("close_date", "20260231")],
            "ods.csv, line 1, column close_date: \"20260231\" can't be used; \
             expected a date written YYYYMMDD, like 20260401, or nothing",
        ),
        (
            &[("close_date", "19700101")],
            "ods.csv, line 1, column close_date: \"19700101\" can't be used; \
             expected 19740401 or later, when it opened",
        ),
        (
            &[("postcode", "")],
            "ods.csv, line 1, column postcode: \"\" can't be used; expected a postcode, like BH1 4AB",
        ),
        (
            &[("postcode", "ZZ99 9ZZ")],
            "ods.csv, line 1, column postcode: \"ZZ99 9ZZ\" can't be used; \
             expected a postcode of Great Britain, or one of the file given with --postcodes",
        ),
        (
            &[("prescribing_setting", "four")],
            "ods.csv, line 1, column prescribing_setting: \"four\" can't be used; \
             expected a number, like 4 for a GP practice",
        ),
    ];
    for (changes, sentence) in cases {
        assert_eq!(faults(&files(&ods_with(changes), &map_of(MAP_LINE))), [*sentence]);
    }
}

#[test]
fn a_file_cut_short_a_code_that_comes_twice_and_an_empty_file_are_refused() {
    let cut = &ODS_LINE[..ODS_LINE.len() - 30];
    let said = faults(&files(&format!("{ODS_LINE}\n{cut}"), &map_of(MAP_LINE)));
    assert!(said[0].starts_with("ods.csv, line 2: ") && said[0].ends_with("expected 27 columns"), "{said:?}");
    let said = faults(&files(&format!("{ODS_LINE}\n{ODS_LINE}\n"), &map_of(MAP_LINE)));
    let twice = "ods.csv, line 2, column organisation_code: \"J81001\" can't be used; \
                 expected a code that comes once; it stands on line 1 too";
    assert_eq!(said, [twice]);
    assert!(faults(&files("", &map_of(MAP_LINE)))[0].ends_with("the file is empty"));
    let quoted = faults(&files(&format!("{ODS_LINE}\n\"J81002,THE"), &map_of(MAP_LINE)));
    assert!(quoted[0].starts_with("ods.csv, line 2: "), "{quoted:?}");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let wrong = ods_with(&[("organisation_code", "J81002"), ("status_code", "X")]);
    for (end, before) in [("\n", ""), ("\r\n", ""), ("\r\n", "\r\n\r\n"), ("\n", "\n")] {
        let ods = format!("{}{end}{ODS_LINE}{end}{before}{wrong}{end}", COLUMNS.join(","));
        let line = 3 + before.matches('\n').count();
        let said = faults(&files(&ods, &map_of(MAP_LINE)));
        assert!(said[0].starts_with(&format!("ods.csv, line {line}, column status_code")), "{said:?}");
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_column() {
    let mut wrong = files(ODS_LINE, &map_of(MAP_LINE));
    let at = ODS_LINE.find("ORCHID").unwrap();
    wrong.ods.bytes[at] = 0xE9;
    let said = faults(&wrong);
    assert!(said[0].starts_with("ods.csv, line 1, column name: "), "{said:?}");
    assert!(said[0].ends_with("expected text in UTF-8"));
}

#[test]
fn a_bad_line_of_the_mapping_names_its_place_too() {
    let with = |from: &str, to: &str| map_of(&MAP_LINE.replace(from, to));
    for (map, sentence) in [
        (
            with("J81001,", "J81999,"),
            "map.csv, line 2, column PRACTICE_CODE: \"J81999\" can't be used; \
             expected a code of the ODS file; if the practice is new, use a newer ODS file",
        ),
        (
            with("QVV,NHS Dorset Integrated Care Board", "QVV,"),
            "map.csv, line 2, column ICB_NAME: \"\" can't be used; \
             expected the name of the integrated care board",
        ),
        (
            with("U12345", "U-1"),
            "map.csv, line 2, column PCN_CODE: \"U-1\" can't be used; \
             expected 3 to 10 capital letters and figures, like U89141",
        ),
        (
            map_of(&format!("{MAP_LINE}\n{MAP_LINE}")),
            "map.csv, line 3, column PRACTICE_CODE: \"J81001\" can't be used; \
             expected a code that comes once in the mapping",
        ),
        (
            "CODE,ICB_CODE\nJ81001,QVV\n".to_owned(),
            "map.csv, line 1: \"CODE,ICB_CODE\" can't be used; \
             expected a line of headings with PRACTICE_CODE, PCN_CODE, PCN_NAME, ICB_NAME",
        ),
    ] {
        assert_eq!(faults(&files(ODS_LINE, &map)), [sentence]);
    }
}

#[test]
fn at_most_twenty_faults_are_listed_and_the_rest_is_counted() {
    let mut ods = String::new();
    for line in 0..30 {
        writeln!(
            ods,
            "{}",
            ods_with(&[("organisation_code", &format!("J8{line:04}")), ("status_code", "?")])
        )
        .unwrap();
    }
    let error = Register::read(&files(&ods, &map_of(MAP_LINE))).err().unwrap().to_string();
    assert_eq!(error.lines().count(), 22);
    assert!(error.ends_with("and 10 more\nNothing was imported."));
}

#[test]
fn a_board_that_is_not_in_the_mapping_is_refused_with_those_that_are() {
    let register = register(ODS_LINE, &map_of(MAP_LINE));
    let error = register.boards(Some("QXX")).unwrap_err().to_string();
    assert_eq!(error, "no practice of the mapping belongs to QXX; the boards it knows are QVV");
    assert_eq!(register.boards(Some("QVV")).unwrap().len(), 1);
}

#[test]
fn a_practice_is_read_as_people_write_it_and_placed_by_its_district() {
    let register = register(ODS_LINE, &map_of(MAP_LINE));
    let row = register.row(&side(BankId::new(), &BTreeMap::new()), &register.mapped[0], None).unwrap();
    assert_eq!(row.name, "The Orchid Surgery");
    assert_eq!(row.address, "The Surgery, 1 High Street, Poole");
    assert_eq!((row.pcn_code.as_deref(), row.pcn_name.as_deref()), (Some("U12345"), Some("Harbour PCN")));
    assert_eq!(row.clinical_system.as_deref(), Some("systmone"));
    assert_eq!((row.placed_by, row.closed_on), (PlacedBy::PostcodeDistrict, None));
}

#[test]
fn a_postcode_file_places_practices_more_exactly() {
    let mut all = files(ODS_LINE, &map_of(MAP_LINE));
    let text =
        "pcd,pcds,lat,long\nBH151AA,BH15 1AA,50.714722,-1.983611\nBH151AB,BH15 1AB,99.999999,0.000000\n";
    all.postcodes = Some(File { name: "onspd.csv".to_owned(), bytes: text.as_bytes().to_vec() });
    let register = Register::read(&all).ok().unwrap();
    let row = register.row(&side(BankId::new(), &BTreeMap::new()), &register.mapped[0], None).unwrap();
    let place = Place { latitude_microdegrees: 50_714_722, longitude_microdegrees: -1_983_611 };
    assert_eq!((row.place, row.placed_by), (place, PlacedBy::Postcode));
    let wrong = text.replace("50.714722", "north");
    all.postcodes = Some(File { name: "onspd.csv".to_owned(), bytes: wrong.into_bytes() });
    let sentence = "onspd.csv, line 2, column lat: \"north\" can't be used; expected degrees, like 50.720805";
    assert_eq!(faults(&all), [sentence]);
}

/// The bank of Dorset's board, on 22 November 2026.
fn side(bank: BankId, elsewhere: &BTreeMap<String, NaiveDate>) -> Side<'_> {
    static BOARDS: std::sync::LazyLock<BTreeSet<String>> =
        std::sync::LazyLock::new(|| BTreeSet::from(["QVV".to_owned()]));
    Side { bank, boards: &BOARDS, today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), elsewhere }
}

/// Compares what a bank has with what the files say, and gives the counts and the rows to write.
fn settle(register: &Register, bank: BankId, existing: &[Row]) -> (BankReport, Vec<Row>, Vec<Row>) {
    let (mut report, mut changes) = (BankReport::default(), Changes::default());
    let existing = existing.iter().map(|row| (row.ods_code.clone(), row.clone())).collect();
    compare(register, &side(bank, &BTreeMap::new()), existing, &mut report, &mut changes);
    (report, changes.added, changes.changed)
}

fn counts(report: &BankReport) -> (usize, usize, usize, usize) {
    (report.added, report.changed, report.closed, report.unchanged)
}

#[test]
fn a_second_import_changes_nothing_and_keeps_every_id() {
    let (register, bank) = (register(ODS_LINE, &map_of(MAP_LINE)), BankId::new());
    let (first, added, _) = settle(&register, bank, &[]);
    assert_eq!(counts(&first), (1, 0, 0, 0));
    let (second, none, changed) = settle(&register, bank, &added);
    assert_eq!((counts(&second), none.len(), changed.len()), ((0, 0, 0, 1), 0, 0));
}

#[test]
fn what_changes_keeps_its_id_and_what_closes_stays_on_record() {
    let bank = BankId::new();
    let (_, added, _) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &[]);
    let renamed = ods_with(&[("name", "HARBOUR PRACTICE")]);
    let (report, _, changed) = settle(&register(&renamed, &map_of(MAP_LINE)), bank, &added);
    assert_eq!(counts(&report), (0, 1, 0, 0));
    assert_eq!((changed[0].id, changed[0].name.as_str()), (added[0].id, "Harbour Practice"));
    let other = ods_with(&[("organisation_code", "J81002")]);
    let closed = format!("{}\n{other}", ods_with(&[("status_code", "C"), ("close_date", "20260930")]));
    let map = map_of(&MAP_LINE.replace("J81001", "J81002"));
    let (report, _, changed) = settle(&register(&closed, &map), bank, &added);
    assert_eq!(counts(&report), (1, 0, 1, 0));
    assert_eq!(changed[0].closed_on, NaiveDate::from_ymd_opt(2026, 9, 30));
    let (again, _, _) = settle(&register(&closed, &map), bank, &changed);
    assert_eq!(counts(&again), (1, 0, 0, 1));
}

#[test]
fn a_practice_that_moved_to_another_board_ends_here() {
    let bank = BankId::new();
    let (_, added, _) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &[]);
    let moved = map_of(&MAP_LINE.replace("QVV", "QKS"));
    let (report, _, changed) = settle(&register(ODS_LINE, &moved), bank, &added);
    assert_eq!(counts(&report), (0, 0, 1, 0));
    assert_eq!(changed[0].closed_on, NaiveDate::from_ymd_opt(2026, 11, 22));
}

#[test]
fn a_practice_unknown_to_the_register_and_a_place_given_by_hand_are_left_alone() {
    let bank = BankId::new();
    let (_, mut existing, _) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &[]);
    existing[0].placed_by = PlacedBy::Given;
    existing[0].place = Place { latitude_microdegrees: 1, longitude_microdegrees: 2 };
    let own = Row { id: PracticeId::new(), ods_code: "HUB01".to_owned(), ..existing[0].clone() };
    existing.push(own);
    let (report, added, changed) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &existing);
    assert_eq!((counts(&report), added.len(), changed.len()), ((0, 0, 0, 2), 0, 0));
}

#[test]
fn the_register_keeps_what_it_read_by_code() {
    let register = register(ODS_LINE, &map_of(MAP_LINE));
    let known: &BTreeMap<String, OdsPractice> = &register.organisations;
    assert_eq!(known["J81001"].line, 1);
    assert_eq!(known["J81001"].opened_on, NaiveDate::from_ymd_opt(1974, 4, 1));
}

/// Status, open date, close date and the last day known before: the first and the last day on which it is open. The import
/// is on 22 November 2026.
#[test]
fn status_and_dates_decide_when_a_practice_is_open() {
    let day = |text: &str| (!text.is_empty()).then(|| text.parse::<NaiveDate>().unwrap());
    let table = [
        ("A", "19740401", "", "", Some(("1974-04-01", ""))),
        ("A", "", "", "", Some(("", ""))),
        ("A", "19740401", "20261231", "", Some(("1974-04-01", "2026-12-31"))),
        ("A", "19740401", "20260930", "", Some(("1974-04-01", "2026-09-30"))),
        ("A", "20270401", "", "", Some(("2027-04-01", ""))),
        ("P", "20270401", "", "", Some(("2027-04-01", ""))),
        ("P", "", "", "", None),
        ("C", "19740401", "20260930", "", Some(("1974-04-01", "2026-09-30"))),
        ("C", "19740401", "20270331", "", Some(("1974-04-01", "2027-03-31"))),
        ("C", "19740401", "", "", Some(("1974-04-01", "2026-11-22"))),
        ("C", "19740401", "", "2026-10-31", Some(("1974-04-01", "2026-10-31"))),
        ("C", "20270401", "", "", Some(("2027-04-01", "2027-04-01"))),
        ("D", "19740401", "", "", Some(("1974-04-01", "2026-11-22"))),
        ("D", "19740401", "", "2026-10-31", Some(("1974-04-01", "2026-10-31"))),
        ("D", "19740401", "20270331", "", Some(("1974-04-01", "2026-11-22"))),
        ("D", "19740401", "20260930", "", Some(("1974-04-01", "2026-09-30"))),
    ];
    let bank = BankId::new();
    for (status, opened, closed, known, expected) in table {
        let changes = [("status_code", status), ("open_date", opened), ("close_date", closed)];
        let read = register(&ods_with(&changes), &map_of(MAP_LINE));
        let before = (!known.is_empty()).then(|| {
            let (_, added, _) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &[]);
            Row { closed_on: day(known), ..added[0].clone() }
        });
        let row = read.row(&side(bank, &BTreeMap::new()), &read.mapped[0], before.as_ref());
        let days = row.map(|row| (row.opened_on, row.closed_on));
        let expected = expected.map(|(first, last)| (day(first), day(last)));
        assert_eq!(days, expected, "{status} {opened:?} {closed:?} {known:?}");
    }
}

#[test]
fn a_dormant_practice_that_is_active_again_is_open_again() {
    let bank = BankId::new();
    let (_, added, _) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &[]);
    let dormant = register(&ods_with(&[("status_code", "D")]), &map_of(MAP_LINE));
    let (report, _, changed) = settle(&dormant, bank, &added);
    assert_eq!((report.closed, report.reopened_or_closed.len()), (1, 1));
    let (again, _, none) = settle(&dormant, bank, &changed);
    assert_eq!((counts(&again), none.len()), ((0, 0, 0, 1), 0), "the first day it was seen dormant stays");
    let (back, _, changed) = settle(&register(ODS_LINE, &map_of(MAP_LINE)), bank, &changed);
    assert_eq!((back.reopened_or_closed.len(), changed[0].closed_on), (1, None));
}

#[test]
fn a_practice_that_came_from_another_bank_opens_after_its_last_day_there() {
    let bank = BankId::new();
    let read = register(ODS_LINE, &map_of(MAP_LINE));
    let elsewhere = BTreeMap::from([("J81001".to_owned(), "2027-03-31".parse().unwrap())]);
    let row = read.row(&side(bank, &elsewhere), &read.mapped[0], None).unwrap();
    assert_eq!((row.opened_on, row.closed_on), ("2027-04-01".parse().ok(), None));
    let closed = register(&ods_with(&[("status_code", "C"), ("close_date", "20261231")]), &map_of(MAP_LINE));
    let row = closed.row(&side(bank, &elsewhere), &closed.mapped[0], None).unwrap();
    assert_eq!(row.closed_on, "2026-12-31".parse().ok(), "what ended before it came never opens here");
}
