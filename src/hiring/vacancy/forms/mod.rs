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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Known, parse};
    use crate::ground::form_fields::RawForm;
    use crate::hiring::vacancy::Contract;
    use crate::hiring::vacancy::advert::{Advert, Contact};
    use crate::hiring::vacancy::filled::filled_in;
    use crate::hiring::vacancy::hours::{Hours, HoursUnit};
    use crate::hiring::vacancy::pay::{Pay, PayUnit};
    use crate::hiring::vacancy::store::reference::{PayBand, StaffGroup};
    use crate::people::practice::Practice;

    fn known() -> Known {
        Known {
            own: vec![Practice::example()],
            groups: vec![StaffGroup {
                code: "08".to_owned(),
                name: "Administrative and clerical".to_owned(),
            }],
            bands: vec![PayBand {
                band: "4".to_owned(),
                entry_pence_per_year: 2_839_200,
                top_pence_per_year: 3_115_700,
            }],
            ..Known::default()
        }
    }

    #[test]
    fn what_an_advert_fills_in_reads_as_the_same_advert() {
        let now = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let day = |text: &str| text.parse().unwrap();
        let advert = Advert {
            title: "Care navigator".to_owned(),
            role: None,
            staff_group: "08".to_owned(),
            contract: Contract::FixedTerm,
            months: Some(12),
            hours: Hours { unit: HoursUnit::Hours, least_hundredths: 2_250, most_hundredths: 3_000 },
            pay: Pay {
                band: Some("4".to_owned()),
                unit: PayUnit::Hour,
                least_pence: 1_460,
                most_pence: 1_500,
            },
            starts_on: Some(day("2027-01-04")),
            closes_at: now + TimeDelta::days(20),
            interviews: Some((day("2026-12-01"), day("2026-12-02"))),
            duties: "Two\nlines".to_owned(),
            about: String::new(),
            pattern: "Mornings".to_owned(),
            essential: vec!["One".to_owned(), "Two".to_owned()],
            desirable: Vec::new(),
            benefits: vec!["Parking".to_owned()],
            mentoring: String::new(),
            sponsors_visa: true,
            is_disability_confident: false,
            contact: Contact {
                name: "Mo Example".to_owned(),
                email: String::new(),
                phone: "01305 000001".to_owned(),
            },
        };
        let known = known();
        let read = parse(&RawForm::from_pairs(filled_in(&advert)), &known, now);
        let read = read.map_err(|errors| format!("{errors:?}")).unwrap();
        // A closing time is typed to the minute.
        let closes_at = read.advert.closes_at;
        assert!((advert.closes_at - closes_at).num_seconds() < 60, "{closes_at}");
        assert_eq!(read.advert, Advert { closes_at, ..advert });
        assert_eq!(read.places, [known.own[0].id]);
    }

    #[test]
    fn each_part_that_is_missing_says_what_would_be_right() {
        let now = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
        let errors = parse(&RawForm::default(), &known(), now).unwrap_err();
        for (field, sentence) in [
            ("title", "Enter a job title"),
            ("contract", "Select a contract"),
            ("hours_unit", "Select how you count the hours"),
            ("pay_unit", "Select for what the sum is paid"),
            ("closes", "Enter a closing date"),
            ("essential", "Enter at least one essential criterion"),
            ("contact_email", "Enter an email address or a phone number to ask at"),
        ] {
            assert_eq!(errors.of(field), sentence, "{field}");
        }
    }
}
