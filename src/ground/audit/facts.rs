//! What a line of the log says was changed, in words: from what to what.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::ground::words;

/// What rates are kept under: `rate_pence_per_hour`, and `rates_pence_per_hour` of each band.
const PENCE: &str = "_pence_per_hour";

/// The facts of a change in one line: "cleared until: from 2026-01-01 to 2027-01-01, role: gp". Ids of records say nothing
/// to a person and are left out.
#[must_use]
pub fn in_words(detail: &Value) -> String {
    let (mut now, mut was) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in detail.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("was", Value::Object(before)) => {
                for (name, value) in before {
                    flatten(name, value, &mut was);
                }
            }
            _ => flatten(name, value, &mut now),
        }
    }
    let mut names: Vec<&String> = now.keys().chain(was.keys()).collect();
    names.sort();
    names.dedup();
    let fact = |name: &String| match (was.get(name), now.get(name)) {
        (Some(before), Some(after)) if before != after => format!("{name}: from {before} to {after}"),
        (Some(before), None) => format!("{name}: from {before} to nothing"),
        (_, after) => format!("{name}: {}", after.map(String::as_str).unwrap_or_default()),
    };
    names.into_iter().map(fact).collect::<Vec<_>>().join(", ")
}

/// Puts what can be told of a value under its name, and of what is inside it under both names.
fn flatten(name: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let is_pence = name.contains(PENCE);
    let text = match value {
        Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => return,
        Value::String(text) => moment(text),
        Value::Number(number) => match number.as_i64().filter(|_| is_pence) {
            Some(pence) => words::rate_an_hour(pence),
            None => number.to_string(),
        },
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Object(inside) => {
            for (part, value) in inside {
                flatten(&format!("{name} {part}"), value, into);
            }
            return;
        }
        Value::Null | Value::Array(_) => return,
    };
    into.insert(name.replacen(PENCE, "", 1).replace('_', " "), text);
}

/// A moment as people read it; whatever else the text is, as it is.
fn moment(text: &str) -> String {
    let instant = DateTime::parse_from_rfc3339(text);
    instant.map_or_else(|_no_moment| text.to_owned(), |at| words::moment(at.with_timezone(&Utc)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::in_words;
    use crate::ground::audit::changed;

    #[test]
    fn facts_are_told_without_ids_and_without_what_is_not_there() {
        let detail = json!({ "until": "2027-01-01", "session": "01a200dc-d3a8-7617-ba30-a6dc6e001444", "places": 2, "none": null });
        assert_eq!(in_words(&detail), "places: 2, until: 2027-01-01");
        assert_eq!(in_words(&json!({ "rate_pence_per_hour": 7_450 })), "rate: £74.50 an hour");
    }

    #[test]
    fn what_was_otherwise_is_told_from_what_to_what() {
        let cleared = |until: Option<&str>| json!({ "cleared_until": until });
        let longer =
            changed(cleared(Some("2026-06-01")), json!({ "cleared_until": "2027-06-01", "role": "gp" }));
        assert_eq!(in_words(&longer), "cleared until: from 2026-06-01 to 2027-06-01, role: gp");
        let first = changed(cleared(None), cleared(Some("2027-06-01")));
        assert_eq!(in_words(&first), "cleared until: 2027-06-01");
        let rates = |core: i64| json!({ "rates_pence_per_hour": { "core": core, "evening": 9_000 } });
        assert_eq!(
            in_words(&changed(rates(8_000), rates(8_400))),
            "rates core: from £80 an hour to £84 an hour, rates evening: £90 an hour"
        );
        let gone = changed(json!({ "kind": "preferred" }), json!({ "kind": null }));
        assert_eq!(in_words(&gone), "kind: from preferred to nothing");
        let moved = |at: &str| json!({ "starts_at": at });
        let later = changed(moved("2026-11-10T08:30:00Z"), moved("2026-11-10T09:00:00Z"));
        assert_eq!(
            in_words(&later),
            "starts at: from Tuesday 10 November 2026, 8:30am to Tuesday 10 November 2026, 9am"
        );
    }
}
