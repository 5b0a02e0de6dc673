//! A sound problem file, and a table of the ways to spoil it.

use matching_model::format::write_problem;
use serde_json::{Value, json};

use super::small_world::{pairing, world};

/// A sound problem file.
pub fn good() -> Value {
    let mut problem = world();
    problem.sessions[0].places = 1;
    problem.booked.push(pairing("monday", "ann"));
    let mut bytes = Vec::new();
    write_problem(&problem, &mut bytes).expect("writes");
    serde_json::from_slice(&bytes).expect("reads")
}

/// Where a good file is spoilt, by what, and how the path of the fault begins.
pub fn faults() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/format", json!("locumbank.problem/2"), "format"),
        ("/timezone", json!("Europe/Poole"), "timezone"),
        ("/policy/fill_points", json!(1.5), "policy.fill_points"),
        ("/practices/0/latitude", json!(90.5), "practices[0].latitude"),
        ("/practices/0/longitude", json!("west"), "practices[0].longitude"),
        ("/practices/1/id", json!("near"), "practices[1].id"),
        ("/practices/0/refuses", json!(["nobody"]), "practices[0].refuses[0]"),
        ("/clinicians/0/cleared_until", json!("2027-02-30"), "clinicians[0].cleared_until"),
        ("/clinicians/0/rates/core", json!(-1), "clinicians[0].rates.core"),
        ("/clinicians/0/rates/core", json!(80.5), "clinicians[0].rates.core"),
        (
            "/clinicians/0/available/2",
            json!(["2027-01-06T09:00:00+00:00", "2027-01-06T08:00:00+00:00"]),
            "clinicians[0].available[2]",
        ),
        ("/clinicians/0/available/0/0", json!("2027-01-04T09:00:00"), "clinicians[0].available[0][0]"),
        ("/sessions/0/practice", json!("elsewhere"), "sessions[0].practice"),
        ("/sessions/0/end", json!("2027-01-04T09:00:00+00:00"), "sessions[0].end"),
        ("/sessions/0/end", json!("2027-01-05T09:01:00+00:00"), "sessions[0].end"),
        ("/sessions/0/start", json!("tomorrow"), "sessions[0].start"),
        ("/sessions/0/places", json!(0), "sessions[0].places"),
        ("/sessions/0/priority", json!(1001), "sessions[0].priority"),
        ("/sessions/0/rate_max", json!(6_999), "sessions[0].rate_m"),
        ("/sessions/0/rate_min", json!(1e300), "sessions[0].rate_min"),
        ("/booked/0/clinician", json!("eve"), "booked[0].clinician"),
        ("/booked/0/session", json!("sunday"), "booked[0].session"),
        ("/booked", json!({}), "booked"),
    ]
}
