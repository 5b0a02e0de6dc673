//! Which practices can lie within a clinician's reach: a belt of latitude, so that checking a nation does not
//! compare everybody with everything. The belt only leaves out what is surely too far; the rule itself is
//! still checked on every pair.

use super::facts::Facts;

/// Practices in order of latitude, and the sessions at each.
pub struct Reach {
    by_latitude: Vec<(f64, usize)>,
    sessions_at: Vec<Vec<usize>>,
}

/// Metres of straight line in a degree of latitude, rounded down so that the belt is too wide, never too
/// narrow.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// The degrees of latitude between which everything lies that is no more road metres away.
#[expect(clippy::cast_precision_loss, reason = "a radius of travel is far below 2^52 metres")]
pub fn belt(latitude: f64, metres: i64) -> (f64, f64) {
    // A road metre is less than a metre of straight line away, so this belt has a third to spare.
    let degrees = metres as f64 / METRES_PER_DEGREE;
    (latitude - degrees, latitude + degrees)
}

impl Reach {
    /// Sorts the practices of a problem.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut by_latitude: Vec<(f64, usize)> = facts
            .practices
            .iter()
            .enumerate()
            .map(|(index, place)| (place.told.position.latitude, index))
            .collect();
        by_latitude.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut sessions_at = vec![Vec::new(); facts.practices.len()];
        for (index, session) in facts.sessions.iter().enumerate() {
            sessions_at[session.practice].push(index);
        }
        Reach { by_latitude, sessions_at }
    }

    /// The practices a clinician can reach, and perhaps a few that are a little too far.
    pub fn practices_near<'a>(
        &'a self,
        facts: &'a Facts<'_>,
        clinician: usize,
    ) -> impl Iterator<Item = usize> + 'a {
        let told = facts.clinicians[clinician].told;
        let (south, north) = belt(told.home.latitude, told.max_travel_metres);
        let from = self.by_latitude.partition_point(|(latitude, _)| *latitude < south);
        self.by_latitude[from..]
            .iter()
            .take_while(move |(latitude, _)| *latitude <= north)
            .map(|(_, practice)| *practice)
            .filter(move |practice| facts.road_metres(clinician, *practice) <= told.max_travel_metres)
    }

    /// The sessions at a practice.
    pub fn sessions_at(&self, practice: usize) -> &[usize] {
        &self.sessions_at[practice]
    }
}
