//! Where people and practices are, and how far apart by road.
//!
//! The only place where coordinates, which are floats, are handled: everything leaves here as whole metres or
//! whole minutes.

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth in metres (IUGG), as the problem format fixes it.
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// Roads are this much longer than the straight line, as the problem format fixes it.
const ROAD_FACTOR: f64 = 1.3;

/// Degrees of latitude or longitude.
pub type Degrees = f64;

/// A place on the globe in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub latitude: Degrees,
    /// Degrees east, −180 to 180.
    pub longitude: Degrees,
}

impl Position {
    /// The place at these millionths of a degree, which is how places are stored.
    #[must_use]
    pub fn from_microdegrees(latitude: i32, longitude: i32) -> Self {
        Self { latitude: f64::from(latitude) / 1_000_000.0, longitude: f64::from(longitude) / 1_000_000.0 }
    }

    /// Whether both coordinates are numbers on the globe.
    #[must_use]
    pub fn is_on_globe(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }

    /// Road metres between two places: 1.3 × the haversine distance, halves rounded up.
    #[must_use]
    pub fn road_metres_to(&self, other: &Position) -> i64 {
        let (from_latitude, to_latitude) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (from_longitude, to_longitude) = (self.longitude.to_radians(), other.longitude.to_radians());
        let half_chord_squared = ((to_latitude - from_latitude) / 2.0).sin().powi(2)
            + from_latitude.cos() * to_latitude.cos() * ((to_longitude - from_longitude) / 2.0).sin().powi(2);
        let straight = 2.0 * EARTH_RADIUS_METRES * half_chord_squared.sqrt().min(1.0).asin();
        whole_metres((ROAD_FACTOR * straight + 0.5).floor())
    }

    /// The place as a point on the unit sphere, so that nearness is a plain difference of vectors.
    #[must_use]
    pub fn unit_vector(&self) -> [f64; 3] {
        let (latitude, longitude) = (self.latitude.to_radians(), self.longitude.to_radians());
        [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half the Earth's girth times 1.3 is far below 2^53")]
fn whole_metres(metres: f64) -> i64 {
    metres as i64
}

/// Minutes to drive so many road metres at 40 km/h, rounded up.
#[must_use]
pub fn drive_minutes(road_metres: i64) -> i64 {
    (road_metres * 3 + 1_999).div_euclid(2_000)
}

/// The square of the longest straight line on the unit sphere that can still be within `road_metres`, with a
/// little to spare: a quick first test before the exact distance.
#[must_use]
pub fn generous_chord_squared(road_metres: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "metres on the globe are far below 2^53")]
    let straight = (road_metres as f64 + 1.0) / ROAD_FACTOR;
    let angle = straight / EARTH_RADIUS_METRES;
    if angle >= std::f64::consts::PI {
        return 4.1;
    }
    let chord = 2.0 * (angle / 2.0).sin();
    chord * chord * 1.000_001
}

/// The square of the straight line between two points of the unit sphere.
#[must_use]
pub fn chord_squared(from: &[f64; 3], to: &[f64; 3]) -> f64 {
    let [x, y, z] = [from[0] - to[0], from[1] - to[1], from[2] - to[2]];
    x * x + y * y + z * z
}

#[cfg(test)]
mod tests {
    use super::{Position, chord_squared, drive_minutes, generous_chord_squared};

    #[test]
    fn a_degree_of_latitude_is_about_a_hundred_and_forty_five_kilometres_by_road() {
        let south = Position { latitude: 50.0, longitude: -2.0 };
        let north = Position { latitude: 51.0, longitude: -2.0 };
        assert_eq!(south.road_metres_to(&north), 144_554);
        assert_eq!(south.road_metres_to(&south), 0);
    }

    #[test]
    fn driving_is_rounded_up_to_whole_minutes() {
        assert_eq!(drive_minutes(0), 0);
        assert_eq!(drive_minutes(1), 1);
        assert_eq!(drive_minutes(2_000), 3);
        assert_eq!(drive_minutes(2_001), 4);
    }

    #[test]
    fn the_quick_test_never_excludes_a_place_that_is_near_enough() {
        let home = Position { latitude: 51.3, longitude: 0.5 };
        for step in 0..200 {
            let place = Position {
                latitude: 51.3 + f64::from(step) * 0.003,
                longitude: 0.5 - f64::from(step) * 0.002,
            };
            let metres = home.road_metres_to(&place);
            assert!(
                chord_squared(&home.unit_vector(), &place.unit_vector()) <= generous_chord_squared(metres)
            );
        }
    }

    #[test]
    fn opposite_ends_of_the_globe_have_a_distance() {
        let here = Position { latitude: 0.0, longitude: 0.0 };
        let there = Position { latitude: 0.0, longitude: 180.0 };
        assert_eq!(here.road_metres_to(&there), 26_019_648);
    }
}
