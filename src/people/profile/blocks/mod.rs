//! What keeps somebody from being offered work, in plain sentences, each with what to do next.
//!
//! One function a rule; all of them look at facts alone. They say what the matching will find, before it looks.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::Profile;
use crate::ground::words;
use crate::people::availability::spans::spans;
use crate::people::clinician::register::registration_number;
use crate::people::credential::HeldCompetency;
use crate::terms::bank::{Band, CompetencyKind};

/// Days ahead over which availability is looked at: offers are made for about four weeks.
pub const DAYS_LOOKED_AHEAD: u64 = 28;

/// Days ahead at which an end is worth a word, so that there is time to renew.
pub const DAYS_OF_WARNING: u64 = 30;

/// How much a block keeps away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// No session can be offered.
    Everything,
    /// Some sessions can't be offered.
    Something,
    /// Nothing yet, but soon.
    Soon,
}

/// One thing that keeps somebody from being offered work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// How much it keeps away.
    pub reach: Reach,
    /// What it is: one sentence.
    pub sentence: String,
    /// What to do: one sentence; empty where the link says it.
    pub advice: String,
    /// Where the person mends it by themselves.
    pub mend: Option<Mend>,
}

/// A page where somebody mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mend {
    /// What the link says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

impl Block {
    /// Whether it keeps every session away.
    #[must_use]
    pub fn keeps_everything_away(&self) -> bool {
        self.reach == Reach::Everything
    }

    fn ask_administrator(reach: Reach, sentence: String, advice: &str) -> Self {
        Self { reach, sentence, advice: advice.to_owned(), mend: None }
    }

    fn mend(reach: Reach, sentence: String, label: &'static str, href: &'static str) -> Self {
        Self { reach, sentence, advice: String::new(), mend: Some(Mend { label, href }) }
    }
}

/// Everything that keeps `profile` from being offered work, the worst first. `today` is the date in `zone`.
#[must_use]
pub fn blocks(profile: &Profile, zone: Tz, today: NaiveDate) -> Vec<Block> {
    let mut found = Vec::new();
    found.extend(clearance(profile, today));
    found.extend(profile.record.held.iter().filter_map(|held| expiry(held, today)));
    found.extend(registration(profile));
    found.extend(availability(profile, zone, today));
    found.extend(rates(profile, today));
    found.extend(travel(profile));
    found.extend(limits(profile));
    found.sort_by_key(|block| block.reach);
    found
}

/// The last date that is still soon.
fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(DAYS_OF_WARNING)).unwrap_or(NaiveDate::MAX)
}

/// Nobody works without a clearance, or after it has ended.
fn clearance(profile: &Profile, today: NaiveDate) -> Option<Block> {
    let Some(clearance) = &profile.record.clearance else {
        return Some(Block::ask_administrator(
            Reach::Everything,
            "You are not cleared to work yet.".to_owned(),
            "Your bank administrator checks your documents and clears you. Ask them what is missing.",
        ));
    };
    if let Some(document) = clearance.document.as_ref().filter(|_| clearance.works_until <= soon(today)) {
        let said = document.sentence(today);
        let advice = "Send it to your bank administrator.";
        return Some(if clearance.works_until < today {
            let sentence = format!("{said}, and your role needs it. Nothing can be offered to you.");
            Block::ask_administrator(Reach::Everything, sentence, advice)
        } else {
            let sentence =
                format!("{said}, and your role needs it. Sessions after that day can't be offered to you.");
            Block::ask_administrator(Reach::Soon, sentence, advice)
        });
    }
    let until = words::date_without_weekday(clearance.cleared_until);
    if !clearance.is_of_number {
        Some(Block::ask_administrator(
            Reach::Everything,
            "Your registration number has changed since you were cleared.".to_owned(),
            "Your bank administrator looks at the new number and decides again. Nothing is offered to you until then.",
        ))
    } else if clearance.cleared_until < today {
        Some(Block::ask_administrator(
            Reach::Everything,
            format!("Your clearance ended on {until}."),
            "Ask your bank administrator to renew it.",
        ))
    } else if clearance.cleared_until <= soon(today) {
        Some(Block::ask_administrator(
            Reach::Soon,
            format!("Your clearance ends on {until}. Sessions after that day can't be offered to you."),
            "Ask your bank administrator to renew it.",
        ))
    } else {
        None
    }
}

/// A document, skill or system counts up to its last valid date.
fn expiry(held: &HeldCompetency, today: NaiveDate) -> Option<Block> {
    let last = held.valid_through.filter(|last| *last <= soon(today))?;
    let (thing, day) = (in_a_sentence(held), words::date_without_weekday(last));
    let advice = match held.kind {
        CompetencyKind::Document => "Send the new one to your bank administrator.",
        CompetencyKind::Skill | CompetencyKind::System => {
            "Tell your bank administrator when you have renewed it."
        }
    };
    if last < today {
        Some(Block::ask_administrator(Reach::Something, format!("Your {thing} ended on {day}."), advice))
    } else {
        Some(Block::ask_administrator(Reach::Soon, format!("Your {thing} ends on {day}."), advice))
    }
}

/// "basic life support certificate": what is held, in the middle of a sentence.
fn in_a_sentence(held: &HeldCompetency) -> String {
    let known = match held.code.as_str() {
        "basic_life_support" => Some("basic life support certificate"),
        "safeguarding_children_3" => Some("safeguarding children level 3 certificate"),
        "indemnity" => Some("indemnity cover"),
        "enhanced_dbs" => Some("enhanced DBS check"),
        "performers_list" => Some("Performers List entry"),
        "right_to_work" => Some("right to work check"),
        _ => None,
    };
    known.map_or_else(|| format!("“{}”", held.name), str::to_owned)
}

/// A role with a register needs a number on it.
fn registration(profile: &Profile) -> Option<Block> {
    profile.record.role.register_pattern.as_ref()?;
    let register = profile.record.role.regulator.as_deref().unwrap_or("registration");
    let number = profile.record.clinician.registration_number.as_deref().unwrap_or_default();
    match registration_number(&profile.record.role, number) {
        Ok(Some(_)) => None,
        Ok(None) => Some(Block::mend(
            Reach::Soon,
            format!("Your {register} number is missing, so your clearance can't be renewed."),
            "Add your registration number",
            "/me/details",
        )),
        Err(_) => Some(Block::mend(
            Reach::Soon,
            format!(
                "Your {register} number, {number}, does not look right, so your clearance can't be renewed."
            ),
            "Correct your registration number",
            "/me/details",
        )),
    }
}

/// Sessions are offered in the hours somebody has given.
fn availability(profile: &Profile, zone: Tz, today: NaiveDate) -> Option<Block> {
    let last = today.checked_add_days(Days::new(DAYS_LOOKED_AHEAD - 1)).unwrap_or(today);
    spans(&profile.availability, zone, today, last).is_empty().then(|| {
        Block::mend(
            Reach::Everything,
            "You have given no time when you can work in the next four weeks.".to_owned(),
            "Add your availability",
            "/availability",
        )
    })
}

/// A rate for each band in which the commissioner has published a range, and not above it.
fn rates(profile: &Profile, today: NaiveDate) -> Vec<Block> {
    let in_force = |band| profile.ranges.in_force(&profile.record.role.code, band, today);
    let bands: Vec<Band> = Band::ALL.into_iter().filter(|band| in_force(*band).is_some()).collect();
    if profile.record.rates.is_empty() {
        let sentence = "You have not said what you work for.".to_owned();
        return vec![Block::mend(Reach::Everything, sentence, "Add your rates", "/me/rates")];
    }
    let too_high = |band: &Band| match (profile.record.rates.get(band), in_force(*band)) {
        (Some(rate), Some(range)) if *rate > range.ceiling_pence_per_hour => Some((*rate, range)),
        _ => None,
    };
    let missing: Vec<Band> =
        bands.iter().copied().filter(|band| !profile.record.rates.contains_key(band)).collect();
    let all_out =
        !bands.is_empty() && bands.iter().all(|band| missing.contains(band) || too_high(band).is_some());
    let reach = if all_out { Reach::Everything } else { Reach::Something };
    let mut found = Vec::new();
    for band in &bands {
        if let Some((rate, range)) = too_high(band) {
            let sentence = format!(
                "Your rate for {}, {}, is above the highest the commissioner allows, {}.",
                work_in(*band),
                words::rate_an_hour(rate.into()),
                words::rate_an_hour(range.ceiling_pence_per_hour.into())
            );
            found.push(Block::mend(reach, sentence, "Change your rates", "/me/rates"));
        }
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|band| work_in(*band)).collect();
        let sentence =
            format!("You have given no rate for {}, so you are offered none.", words::list_or(&names));
        found.push(Block::mend(reach, sentence, "Add your rates", "/me/rates"));
    }
    found
}

/// Work in a band, in the middle of a sentence.
fn work_in(band: Band) -> &'static str {
    match band {
        Band::Core => "work in core hours",
        Band::Evening => "evening work",
        Band::Saturday => "Saturday work",
        Band::SundayOrBankHoliday => "work on Sundays and bank holidays",
        Band::Night => "night work",
    }
}

/// At least one practice lies within the distance somebody travels.
fn travel(profile: &Profile) -> Option<Block> {
    let person = &profile.record.clinician;
    (profile.practices_within_reach == 0).then(|| {
        let sentence = if person.max_travel_metres == 0 {
            "You have not said how far you travel.".to_owned()
        } else {
            format!(
                "No practice of the bank lies within {} of {} by road.",
                words::distance(person.max_travel_metres.into()),
                person.home_district
            )
        };
        Block::mend(Reach::Everything, sentence, "Change how far you travel", "/me/details")
    })
}

/// A limit of no hours at all leaves no room for a session.
fn limits(profile: &Profile) -> Vec<Block> {
    let person = &profile.record.clinician;
    let limits = [(person.max_minutes_per_week, "a week"), (person.max_minutes_per_day, "a day")];
    let none = limits.into_iter().filter(|(most, _)| *most == Some(0));
    none.map(|(_, span)| {
        let sentence = format!("You have set your limit to no hours {span}.");
        Block::mend(Reach::Everything, sentence, "Change your limits", "/me/details")
    })
    .collect()
}

#[cfg(test)]
pub(crate) mod tests;
