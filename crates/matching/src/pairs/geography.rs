//! Where people and practices are, and how far apart by road.
//!
//! The only place where coordinates, which are floats, are handled: everything leaves here as whole metres or
//! whole minutes.

use matching_model::position::Position;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::index::{ClinicianIx, IndexVec, Ix, PracticeIx};

/// Mean radius of the Earth in metres (IUGG), as the problem format fixes it.
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// Roads are this much longer than the straight line, as the problem format fixes it.
const ROAD_FACTOR: f64 = 1.3;

/// Road metres between two places: 1.3 × the haversine distance, halves rounded up.
#[must_use]
pub fn road_metres(from: &Position, to: &Position) -> i64 {
    let (from_latitude, to_latitude) = (from.latitude.to_radians(), to.latitude.to_radians());
    let (from_longitude, to_longitude) = (from.longitude.to_radians(), to.longitude.to_radians());
    let half_chord_squared = ((to_latitude - from_latitude) / 2.0).sin().powi(2)
        + from_latitude.cos() * to_latitude.cos() * ((to_longitude - from_longitude) / 2.0).sin().powi(2);
    let straight = 2.0 * EARTH_RADIUS_METRES * half_chord_squared.sqrt().min(1.0).asin();
    whole_metres((ROAD_FACTOR * straight + 0.5).floor())
}

/// The place as a point on the unit sphere, so that nearness is a plain difference of vectors.
pub(crate) fn unit_vector(place: &Position) -> [f64; 3] {
    let (latitude, longitude) = (place.latitude.to_radians(), place.longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
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
pub(crate) fn generous_chord_squared(road_metres: i64) -> f64 {
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
pub(crate) fn chord_squared(from: &[f64; 3], to: &[f64; 3]) -> f64 {
    let [x, y, z] = [from[0] - to[0], from[1] - to[1], from[2] - to[2]];
    x * x + y * y + z * z
}

/// Drives of at most so many minutes are judged by the straight line first, without trigonometry.
const QUICK_MINUTES: i64 = 1_024;

/// The drives between a problem's practices.
#[derive(Debug, Clone)]
pub(crate) struct Roads {
    places: IndexVec<PracticeIx, (Position, [f64; 3])>,
    /// For each number of minutes, squared straight lines surely and not surely within the drive.
    quick: Vec<(f64, f64)>,
}

impl Roads {
    /// The roads between these places; later they go by their position in this list.
    pub(crate) fn between(places: impl Iterator<Item = Position>) -> Self {
        let limit = |minutes: i64| {
            let metres = farthest_in(minutes);
            let near = generous_chord_squared((metres - 2).max(0)) * 0.999_998;
            (if metres > 2 { near } else { 0.0 }, generous_chord_squared(metres))
        };
        Self {
            places: places.map(|place| (place, unit_vector(&place))).collect(),
            quick: (0..QUICK_MINUTES).map(limit).collect(),
        }
    }

    /// Road metres between two places.
    pub(crate) fn metres(&self, from: PracticeIx, to: PracticeIx) -> i64 {
        road_metres(self.position(from), self.position(to))
    }

    /// Minutes to drive between two places, none within one place.
    pub(crate) fn drive_minutes(&self, from: PracticeIx, to: PracticeIx) -> i64 {
        if from == to { 0 } else { drive_minutes(self.metres(from, to)) }
    }

    /// Whether the drive between two places takes at most so many minutes.
    pub(crate) fn within(&self, from: PracticeIx, to: PracticeIx, minutes: i64) -> bool {
        if from == to {
            return minutes >= 0;
        }
        // Longer drives than these are rare; they are worked out.
        let quick = usize::try_from(minutes).ok().and_then(|minutes| self.quick.get(minutes));
        if let Some((near, far)) = quick {
            let apart = chord_squared(&self.places[from].1, &self.places[to].1);
            if apart < *near {
                return true;
            }
            if apart > *far {
                return false;
            }
        }
        self.drive_minutes(from, to) <= minutes
    }

    /// The place's position.
    pub(crate) fn position(&self, place: PracticeIx) -> &Position {
        &self.places[place].0
    }

    /// All places' positions, in order.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (PracticeIx, Position)> + '_ {
        self.places.numbered().map(|(place, (position, _))| (place, *position))
    }
}

/// Homes in an index on space, each with how far its owner travels.
pub(crate) struct Homes {
    tree: RTree<GeomWithData<[f64; 3], Home>>,
    /// The squared straight line that nobody's reach exceeds.
    farthest: f64,
}

struct Home {
    owner: ClinicianIx,
    position: Position,
    reach: f64,
}

impl Homes {
    /// An index of homes and the road metres their owners travel at most; owners go by their position in the list.
    pub(crate) fn of(homes: impl Iterator<Item = (Position, i64)>) -> Self {
        let entry = |(owner, (position, metres)): (usize, (Position, i64))| {
            let home =
                Home { owner: ClinicianIx::at(owner), position, reach: generous_chord_squared(metres) };
            GeomWithData::new(unit_vector(&position), home)
        };
        let entries: Vec<_> = homes.enumerate().map(entry).collect();
        let farthest = entries.iter().map(|entry| entry.data.reach).fold(0.0, f64::max);
        Self { tree: RTree::bulk_load(entries), farthest }
    }

    /// Owners whose home may be near enough to a place, with the exact road metres between.
    pub(crate) fn near(&self, place: Position) -> impl Iterator<Item = (ClinicianIx, i64)> + '_ {
        let vector = unit_vector(&place);
        self.tree
            .locate_within_distance(vector, self.farthest)
            .filter(move |entry| chord_squared(entry.geom(), &vector) <= entry.data.reach)
            .map(move |entry| (entry.data.owner, road_metres(&entry.data.position, &place)))
    }
}

/// The most road metres that take no more than so many minutes.
fn farthest_in(minutes: i64) -> i64 {
    (minutes * 2_000).div_euclid(3)
}

#[cfg(test)]
mod tests {
    use matching_model::position::Position;

    use super::{Roads, chord_squared, drive_minutes, generous_chord_squared, road_metres, unit_vector};
    use crate::index::{Ix, PracticeIx};

    #[test]
    fn the_quick_answer_is_the_exact_one() {
        let place = |step: i32| Position {
            latitude: 51.0 + f64::from(step % 17) * 0.031,
            longitude: 0.5 - f64::from(step % 23) * 0.047,
        };
        let roads = Roads::between((0..391).map(place));
        for from in PracticeIx::each(0..391) {
            for to in PracticeIx::each(0..391) {
                let drive = roads.drive_minutes(from, to);
                assert!(roads.within(from, to, drive));
                assert!(!roads.within(from, to, drive - 1));
            }
        }
    }

    #[test]
    fn a_degree_of_latitude_is_about_a_hundred_and_forty_five_kilometres_by_road() {
        let south = Position { latitude: 50.0, longitude: -2.0 };
        let north = Position { latitude: 51.0, longitude: -2.0 };
        assert_eq!(road_metres(&south, &north), 144_554);
        assert_eq!(road_metres(&south, &south), 0);
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
            let metres = road_metres(&home, &place);
            assert!(
                chord_squared(&unit_vector(&home), &unit_vector(&place)) <= generous_chord_squared(metres)
            );
        }
    }

    #[test]
    fn opposite_ends_of_the_globe_have_a_distance() {
        let here = Position { latitude: 0.0, longitude: 0.0 };
        let there = Position { latitude: 0.0, longitude: 180.0 };
        // 1.3 times half the circumference is 26,019,648.77 metres.
        assert_eq!(road_metres(&here, &there), 26_019_649);
    }
}
