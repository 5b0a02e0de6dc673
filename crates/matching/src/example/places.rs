//! Practices scattered over postcode districts.

use matching_model::position::Position;
use matching_model::problem::Practice;

use super::chance::Chance;
use super::{ExampleError, Shape};

/// A postcode district with the middle of its postcodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its code, such as `CT14`.
    pub outcode: String,
    /// Millionths of a degree north.
    pub latitude_millionths: i64,
    /// Millionths of a degree east.
    pub longitude_millionths: i64,
    /// How many postcodes it has, a measure of how many people live there.
    pub postcodes: usize,
    /// Whether it lies in England.
    pub in_england: bool,
}

/// A place in millionths of a degree: north, east.
pub type Spot = (i64, i64);

/// Millionths of a degree of latitude for each kilometre north.
const MILLIONTHS_PER_KM_NORTH: i64 = 8_993;

/// Millionths of a degree of longitude for each kilometre east, at the latitude of southern England.
const MILLIONTHS_PER_KM_EAST: i64 = 14_400;

/// Reads the list of postcode districts: `outcode,latitude,longitude,easting,northing,postcodes,main_district`.
pub fn read_districts(list: &str) -> Result<Vec<District>, ExampleError> {
    let lines = list.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let wrong = || ExampleError::District { line: index + 1, text: line.to_owned() };
            let fields: Vec<&str> = line.trim().split(',').collect();
            let [outcode, latitude, longitude, _, _, postcodes, main_district] = fields[..] else {
                return Err(wrong());
            };
            Ok(District {
                outcode: outcode.to_owned(),
                latitude_millionths: millionths(latitude).ok_or_else(wrong)?,
                longitude_millionths: millionths(longitude).ok_or_else(wrong)?,
                postcodes: postcodes.parse().map_err(|_| wrong())?,
                in_england: main_district.starts_with('E'),
            })
        })
        .collect()
}

/// `-2.120443` as -2,120,443.
fn millionths(degrees: &str) -> Option<i64> {
    let (sign, digits) = degrees.strip_prefix('-').map_or((1, degrees), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * 1_000_000 + fraction))
}

/// The districts of these areas: an area is the letters of its outcodes (`CT`), `england` or `all`.
pub fn districts_of<'d>(
    districts: &'d [District],
    areas: &[String],
) -> Result<Vec<&'d District>, ExampleError> {
    for area in areas {
        if !districts.iter().any(|district| lies_in(district, area)) {
            return Err(ExampleError::UnknownArea { area: area.clone() });
        }
    }
    let chosen: Vec<&District> =
        districts.iter().filter(|district| areas.iter().any(|area| lies_in(district, area))).collect();
    if chosen.is_empty() { Err(ExampleError::NoArea) } else { Ok(chosen) }
}

fn lies_in(district: &District, area: &str) -> bool {
    let letters = district.outcode.trim_end_matches(|end: char| !end.is_ascii_alphabetic());
    let letters = letters.split(|digit: char| digit.is_ascii_digit()).next().unwrap_or(letters);
    match area.to_ascii_lowercase().as_str() {
        "all" => true,
        "england" => district.in_england,
        asked => letters.eq_ignore_ascii_case(asked),
    }
}

/// A spot some way from another.
pub fn scatter(chance: &mut Chance, from: Spot, deviation_metres: i64) -> Spot {
    let (north, east) = (chance.round_zero(deviation_metres), chance.round_zero(deviation_metres));
    (from.0 + north * MILLIONTHS_PER_KM_NORTH / 1000, from.1 + east * MILLIONTHS_PER_KM_EAST / 1000)
}

/// The spot as the problem file writes it.
#[expect(clippy::cast_precision_loss, reason = "a degree in millionths is far below 2^52")]
pub fn location(spot: Spot) -> Position {
    Position { latitude: spot.0 as f64 / 1e6, longitude: spot.1 as f64 / 1e6 }
}

/// A practice with what only the making of an example needs to know.
pub struct Place {
    /// The practice as the problem has it.
    pub practice: Practice,
    /// Where it is.
    pub spot: Spot,
    /// The clinical system it works with, a competency.
    pub system: &'static str,
    /// How much locum work it has, against the others.
    pub weight: usize,
}

/// One practice for each district, and one more for each 600 postcodes: about what England has.
pub fn practices(chance: &mut Chance, districts: &[&District], shape: Shape) -> Vec<Place> {
    let mut places = Vec::new();
    for district in districts {
        let here = if shape == Shape::Identical { 1 } else { 1 + district.postcodes / 600 };
        for number in 1..=here {
            let middle = (district.latitude_millionths, district.longitude_millionths);
            let spot = scatter(chance, middle, 1_500);
            places.push(Place {
                practice: Practice {
                    id: format!("P{:05}", places.len()),
                    name: format!("{} practice {number}", district.outcode),
                    position: location(spot),
                    refuses: Vec::new(),
                },
                spot,
                system: if chance.per_mille(550) { "systmone" } else { "emis_web" },
                weight: 20 + chance.below(100),
            });
            if shape == Shape::Identical {
                return places;
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{districts_of, millionths, read_districts};

    #[test]
    fn degrees_are_read_without_rounding() {
        assert_eq!(millionths("-2.120443"), Some(-2_120_443));
        assert_eq!(millionths("51.5"), Some(51_500_000));
        assert_eq!(millionths("-0.1"), Some(-100_000));
        assert_eq!(millionths("51.1234567"), None);
        assert_eq!(millionths("north"), None);
    }

    #[test]
    fn areas_are_told_apart_by_their_letters() {
        let list = "head\nE1,51.5,-0.1,0,0,10,E09\nEC1A,51.5,-0.1,0,0,10,E09\nAB10,57.1,-2.1,0,0,10,S12\n";
        let districts = read_districts(list).expect("a good list");
        let codes = |areas: &[&str]| {
            let areas: Vec<String> = areas.iter().map(|area| (*area).to_owned()).collect();
            districts_of(&districts, &areas)
                .map(|found| found.iter().map(|district| district.outcode.clone()).collect::<Vec<_>>())
        };
        assert_eq!(codes(&["e"]).expect("known"), ["E1"]);
        assert_eq!(codes(&["EC", "AB"]).expect("known"), ["EC1A", "AB10"]);
        assert_eq!(codes(&["england"]).expect("known"), ["E1", "EC1A"]);
        assert!(codes(&["ZZ"]).is_err());
        assert!(codes(&[]).is_err());
    }
}
