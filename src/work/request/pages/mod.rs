//! Pages, one file each.

pub mod answer;
pub mod ask;
pub mod find;
pub mod own;
pub mod practice;
pub mod rank;

use crate::eligibility::facts::PairFacts;
use crate::ground::web::components::{Tag, TagColour};
use crate::ground::words::{capitalised, distance, duration, number};
use crate::work::request::RequestState;
use matching::{drive_minutes, road_metres};
use matching_model::position::Position;

/// Where a request stands, in a word or two.
#[must_use]
pub fn tag_of(state: &RequestState) -> Tag {
    match state {
        RequestState::Waiting => Tag::new("Waiting", TagColour::Blue),
        RequestState::Proposed => Tag::new("To be confirmed", TagColour::Yellow),
        RequestState::Accepted(_) => Tag::new("Booked", TagColour::Green),
        RequestState::Declined(_) => Tag::new("Declined", TagColour::Grey),
        RequestState::Withdrawn => Tag::new("Taken back", TagColour::Grey),
        RequestState::Ended(_) => Tag::new("Not available", TagColour::Grey),
        RequestState::NotGiven(_) => Tag::new("Not given", TagColour::Grey),
    }
}

/// How many asked for a session in a round, to be told of one of them: "nobody else asked for it", "3 people asked for it".
fn asked_words(asked_by: i32) -> String {
    match asked_by {
        1 => "nobody else asked for it".to_owned(),
        many => format!("{} people asked for it", number(many.into())),
    }
}

/// "8 miles from home, about 20 minutes by car".
fn travel_words(facts: &PairFacts) -> String {
    let (place, person) = (facts.session.place, &facts.clinician.person);
    let practice = Position::from_microdegrees(place.latitude_microdegrees, place.longitude_microdegrees);
    let home = Position::from_microdegrees(person.latitude_microdegrees, person.longitude_microdegrees);
    let metres = road_metres(&home, &practice);
    let travel =
        format!("{} from home, about {} by car", distance(metres), duration(drive_minutes(metres).max(1)));
    capitalised(&travel)
}
