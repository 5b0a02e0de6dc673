//! What clinicians keep about themselves: terms, home, limits.

use super::{Clinician, Engagement};

/// What a person keeps about themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// On what terms they work.
    pub engagement: Engagement,
    /// Their number on the role's register.
    pub registration_number: Option<String>,
    /// The postcode district they set out from.
    pub home_district: String,
    /// Where it lies, in millionths of a degree: north and east.
    pub home_microdegrees: (i32, i32),
    /// Road metres they will travel at most.
    pub max_travel_metres: i32,
    /// Minutes a week at most.
    pub max_minutes_per_week: Option<i32>,
    /// Minutes a day at most.
    pub max_minutes_per_day: Option<i32>,
    /// Minutes between two days of work at least.
    pub rest_minutes: i32,
}

impl Details {
    /// Puts the details into the record and says which of them differ from before, in the log's words.
    pub fn put_into(&self, person: &mut Clinician) -> Vec<&'static str> {
        let home = (person.latitude_microdegrees, person.longitude_microdegrees);
        let differs = [
            ("engagement", person.engagement != self.engagement),
            ("registration", person.registration_number != self.registration_number),
            ("home", person.home_district != self.home_district || home != self.home_microdegrees),
            ("travel", person.max_travel_metres != self.max_travel_metres),
            ("week", person.max_minutes_per_week != self.max_minutes_per_week),
            ("day", person.max_minutes_per_day != self.max_minutes_per_day),
            ("rest", person.rest_minutes != self.rest_minutes),
        ];
        person.engagement = self.engagement;
        person.registration_number.clone_from(&self.registration_number);
        person.home_district.clone_from(&self.home_district);
        (person.latitude_microdegrees, person.longitude_microdegrees) = self.home_microdegrees;
        person.max_travel_metres = self.max_travel_metres;
        person.max_minutes_per_week = self.max_minutes_per_week;
        person.max_minutes_per_day = self.max_minutes_per_day;
        person.rest_minutes = self.rest_minutes;
        differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}
