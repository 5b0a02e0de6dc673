//! Where a postcode district lies: the centre of its addresses, from `config/outcodes.csv` (OS Code-Point Open).
//!
//! A person's home and an imported practice are placed by their district, so that nobody's address is kept.

use std::collections::BTreeMap;
use std::sync::LazyLock;

const OUTCODES: &str = include_str!("../../../config/outcodes.csv");

/// A point on the globe in millionths of a degree, as the database keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// North is positive.
    pub latitude_microdegrees: i32,
    /// East is positive.
    pub longitude_microdegrees: i32,
}

static DISTRICTS: LazyLock<BTreeMap<&'static str, Place>> =
    LazyLock::new(|| OUTCODES.lines().filter_map(read_line).collect());

/// `outcode,latitude,longitude,…`; the heading line has no figures and is left out by that.
fn read_line(line: &'static str) -> Option<(&'static str, Place)> {
    let mut columns = line.split(',');
    let outcode = columns.next()?;
    let latitude_microdegrees = microdegrees(columns.next()?)?;
    let longitude_microdegrees = microdegrees(columns.next()?)?;
    Some((outcode, Place { latitude_microdegrees, longitude_microdegrees }))
}

/// Millionths of a degree from decimal text such as `-1.894499`, without going through a float. Figures past the
/// sixth are cut off: a millionth of a degree is 11 centimetres. `None` where it is no number between -180 and 180.
#[must_use]
pub fn microdegrees(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_figures = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() > 3 || !is_figures(whole) || !is_figures(fraction) {
        return None;
    }
    let millionths: i32 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let value = whole.parse::<i32>().ok()? * 1_000_000 + millionths;
    (value <= 180_000_000).then_some(sign * value)
}

/// The centre of a postcode district. `postcode` is a district (`BH1`) or a whole postcode (`BH1 4AB`), in any case
/// and spacing. `None` where there is no such district in Great Britain.
#[must_use]
pub fn find_place(postcode: &str) -> Option<Place> {
    let letters: String = postcode.chars().filter(|letter| !letter.is_whitespace()).collect();
    let letters = letters.to_uppercase();
    if let Some(place) = DISTRICTS.get(letters.as_str()) {
        return Some(*place);
    }
    let district = letters.get(..letters.len().checked_sub(3)?)?;
    DISTRICTS.get(district).copied()
}

#[cfg(test)]
mod tests {
    use super::{DISTRICTS, Place, find_place, microdegrees};

    #[test]
    fn decimal_degrees_become_millionths_without_rounding() {
        assert_eq!(microdegrees("50.801788"), Some(50_801_788));
        assert_eq!(microdegrees("-1.894499"), Some(-1_894_499));
        assert_eq!(microdegrees("-0.5"), Some(-500_000));
        assert_eq!(microdegrees("7"), Some(7_000_000));
        for wrong in ["", "-", "1e3", "NaN", "181", "1.", ".5", "5,1", "1.2.3"] {
            assert_eq!(microdegrees(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_district_is_found_from_any_writing_of_a_postcode() {
        let bournemouth = find_place("BH1").unwrap();
        assert_eq!(find_place("bh1 4ab"), Some(bournemouth));
        assert_eq!(find_place(" BH14AB "), find_place("BH1 4AB"));
        assert!((50_000_000..51_000_000).contains(&bournemouth.latitude_microdegrees));
        assert_eq!(find_place("ZZ99 9ZZ"), None);
        assert_eq!(find_place(""), None);
        assert_eq!(find_place("é"), None);
    }

    #[test]
    fn every_district_of_the_file_is_read() {
        assert_eq!(DISTRICTS.len(), super::OUTCODES.lines().count() - 1);
        let britain = |place: &Place| {
            (49_000_000..61_000_000).contains(&place.latitude_microdegrees)
                && (-9_000_000..2_000_000).contains(&place.longitude_microdegrees)
        };
        assert!(DISTRICTS.values().all(britain));
    }
}
