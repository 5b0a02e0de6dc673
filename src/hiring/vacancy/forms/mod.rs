//! The form of a vacancy. A draft is kept as it was typed, however much is missing; what is published is read here.

pub mod deciding;
mod fields;
mod read;

use chrono::{DateTime, Utc};

pub use self::fields::AdvertField;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::id::PracticeId;
use crate::hiring::vacancy::advert::{Advert, NewAdvert};
use crate::hiring::vacancy::store::reference::{PayBand, StaffGroup};
use crate::people::practice::Practice;
use crate::terms::bank::Role;

/// The most letters of a post's title.
const MOST_LETTERS_OF_A_TITLE: usize = 100;

/// What the form's answers are chosen from.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The practices of whoever posts.
    pub own: Vec<Practice>,
    /// The practices of the bank that are named in the form as further places.
    pub named: Vec<Practice>,
    /// The roles the bank uses.
    pub roles: Vec<Role>,
    /// The staff groups.
    pub groups: Vec<StaffGroup>,
    /// The bands of Agenda for Change in force.
    pub bands: Vec<PayBand>,
}

/// What a draft keeps of a form: every field of it that says something.
#[must_use]
pub fn as_typed(raw: &RawForm) -> Vec<(String, String)> {
    let mut typed = raw.without(&["csrf_token", "version"]);
    typed.retain(|(_, value)| !value.trim().is_empty());
    typed
}

/// What a draft is called: its title as far as there is one and it fits.
#[must_use]
pub fn title_of(raw: &RawForm) -> String {
    raw.get("title").trim().chars().take(MOST_LETTERS_OF_A_TITLE).collect()
}

/// The practice that posts it, among one's own: the only one, or that which was chosen.
#[must_use]
pub fn posting_practice(raw: &RawForm, own: &[Practice]) -> Option<PracticeId> {
    match own {
        [only] => Some(only.id),
        several => several.iter().find(|one| one.id.to_string() == raw.get("practice")).map(|one| one.id),
    }
}

/// The further places of work as they are typed, one a line.
#[must_use]
pub fn named_places(raw: &RawForm) -> Vec<String> {
    let lines = raw.get("places").lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// Reads what is to be published. `now` is when it is read: a vacancy closes after that.
pub fn parse(
    raw: &RawForm,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<NewAdvert, FieldErrors<AdvertField>> {
    let mut errors = FieldErrors::none();
    let places = read::places(raw, known, &mut errors);
    let title =
        errors.keep(AdvertField::Title, "job title", read::line(raw, "title", MOST_LETTERS_OF_A_TITLE));
    let role = read::role(raw, known, &mut errors);
    let group = read::staff_group(raw, known, &mut errors);
    let contract = read::contract(raw, &mut errors);
    let hours = read::hours(raw, &mut errors);
    let pay = read::pay(raw, known, &mut errors);
    let starts_on = read::optional_date(raw, AdvertField::Starts, "start", &mut errors);
    let closes_at = read::closes_at(raw, now, &mut errors);
    let interviews = read::interviews(raw, &mut errors);
    let duties =
        errors.keep(AdvertField::Duties, "what somebody does in this post", read::prose(raw, "duties"));
    let mut optional =
        |field, name, what| errors.keep(field, what, read::optional_prose(raw, name)).unwrap_or_default();
    let about = optional(AdvertField::About, "about", "about your practice");
    let pattern = optional(AdvertField::Pattern, "pattern", "days and times");
    let mentoring = optional(AdvertField::Mentoring, "mentoring", "help in the first months");
    let essential = read::criteria(raw, AdvertField::Essential, "essential criteria", &mut errors);
    let desirable = read::criteria(raw, AdvertField::Desirable, "desirable criteria", &mut errors);
    let benefits = read::criteria(raw, AdvertField::Benefits, "what you offer", &mut errors);
    if essential.is_empty() && !errors.has(AdvertField::Essential) {
        errors.add(AdvertField::Essential, "Enter at least one essential criterion");
    }
    let contact = read::contact(raw, &mut errors);
    let read = || {
        let (contract, months) = contract?;
        let advert = Advert {
            title: title?,
            role,
            staff_group: group?,
            contract,
            months,
            hours: hours?,
            pay: pay?,
            starts_on,
            closes_at: closes_at?,
            interviews,
            duties: duties?,
            about,
            pattern,
            essential,
            desirable,
            benefits,
            mentoring,
            sponsors_visa: raw.is_ticked("visa", "yes"),
            is_disability_confident: raw.is_ticked("disability_confident", "yes"),
            contact: contact?,
        };
        Some(NewAdvert { advert, places: places? })
    };
    let read = read();
    errors.finish(read)
}
