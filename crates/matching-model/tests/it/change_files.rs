//! Files of changes.

use matching_model::change::read_changes;

use crate::small_world::at;

#[test]
fn change_files_are_read_and_wrong_ones_refused() {
    let text = r#"{"format": "locumbank.change/1", "at": "2027-01-04T06:00:00+00:00", "events": [
        {"cancelled": {"session": "monday", "clinician": "ann"}},
        {"withdrawn": {"session": "monday"}},
        {"added": {"session": {"id": "new", "practice": "near", "roles": ["gp"], "start": "2027-01-05T09:00:00+00:00",
            "end": "2027-01-05T13:00:00+00:00", "band": "core", "rate_min": 7000, "rate_max": 9000}}},
        {"moved": {"session": "monday", "start": "2027-01-04T10:00:00+00:00", "end": "2027-01-04T14:00:00+00:00"}},
        {"away": {"clinician": "ann", "from": "2027-01-04T00:00:00+00:00", "until": "2027-01-05T00:00:00+00:00"}},
        {"rate": {"session": "monday", "rate_min": 7000, "rate_max": 9000}}]}"#;
    let read = read_changes(text.as_bytes()).expect("reads");
    assert_eq!((read.at, read.events.len()), (at(0, 6, 0), 6));
    for (from, to) in [
        ("change/1", "change/2"),
        ("\"rate\"", "\"rates\""),
        ("rate_min", "rate_mim"),
        ("T10:00:00+00:00", "T10:00:00"),
    ] {
        assert!(read_changes(text.replace(from, to).as_bytes()).is_err(), "{to}");
    }
}
