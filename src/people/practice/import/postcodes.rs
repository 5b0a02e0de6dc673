//! A file of postcodes with their coordinates, such as the ONS Postcode Directory: where one is given, practices lie
//! where their postcode does instead of at the centre of its district.

use std::collections::BTreeMap;

use super::lines::{Fault, Line, Lines};
use crate::terms::bank::places::{Place, microdegrees};

/// The names under which files have the columns that are needed.
const POSTCODE: [&str; 4] = ["pcds", "postcode", "pcd", "pcd7"];
const LATITUDE: [&str; 2] = ["lat", "latitude"];
const LONGITUDE: [&str; 3] = ["long", "longitude", "lng"];

/// The latitude a published file gives to a postcode that has no place.
const NOWHERE_MICRODEGREES: i32 = 99_999_999;

/// Reads the whole file: postcodes without spaces, each with its place.
pub fn read(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, Place>, Vec<Fault>> {
    let mut lines = Lines::of(file, bytes);
    let headings: Vec<String> = match lines.next(&[]) {
        Some(Ok(line)) => line.fields().iter().map(|name| name.to_lowercase()).collect(),
        Some(Err(fault)) => return Err(vec![fault]),
        None => Vec::new(),
    };
    let named =
        |names: &[&'static str]| names.iter().copied().find(|name| headings.iter().any(|h| h == name));
    let (Some(postcode), Some(latitude), Some(longitude)) =
        (named(&POSTCODE), named(&LATITUDE), named(&LONGITUDE))
    else {
        return Err(vec![Fault {
            file: file.to_owned(),
            line: 1,
            column: String::new(),
            value: headings.join(","),
            expected: "a line of headings with postcode (or pcds), latitude (or lat) and longitude (or long)"
                .to_owned(),
        }]);
    };
    let read = [postcode, latitude, longitude];
    let columns: Vec<&'static str> = headings
        .iter()
        .map(|name| read.into_iter().find(|known| known == name).unwrap_or_default())
        .collect();
    let (mut places, mut faults) = (BTreeMap::new(), Vec::new());
    while let Some(line) = lines.next(&columns) {
        match line.and_then(|line| one(&line, read)) {
            Ok(Some((postcode, place))) => {
                places.insert(postcode, place);
            }
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

fn one(line: &Line<'_>, read: [&str; 3]) -> Result<Option<(String, Place)>, Fault> {
    let [postcode, latitude, longitude] = read;
    let degrees = |column: &str, most: i32, example: &str| {
        let value = microdegrees(line.get(column));
        value
            .filter(|value| value.abs() <= most || *value == NOWHERE_MICRODEGREES)
            .ok_or_else(|| line.fault(column, format!("degrees, like {example}")))
    };
    let spelt = line.filled(postcode, "a postcode, like BH1 4AB")?;
    let spelt: String = spelt.chars().filter(|letter| !letter.is_whitespace()).collect();
    let latitude_microdegrees = degrees(latitude, 90_000_000, "50.720805")?;
    let longitude_microdegrees = degrees(longitude, 180_000_000, "-1.879762")?;
    if latitude_microdegrees == NOWHERE_MICRODEGREES {
        return Ok(None);
    }
    Ok(Some((spelt.to_uppercase(), Place { latitude_microdegrees, longitude_microdegrees })))
}
