//! What keeps somebody from being offered work, whatever the session: the facts of each.
//!
//! One function a rule; all of them look at facts alone. They find what the matching will find, before it looks. How each
//! is said stands with the words of all rules, in [`super::words`].

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::people::availability::spans::spans;
use crate::people::clinician::register::registration_number;
use crate::people::credential::{DocumentEnd, HeldCompetency};
use crate::people::lookup::Lookup;
use crate::people::profile::{DAYS_LOOKED_AHEAD, Profile};
use crate::terms::bank::Band;

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

/// A span over which hours are limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A week.
    Week,
    /// A day.
    Day,
}

/// One thing that keeps somebody from being offered work, with its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Nothing has been decided about them.
    NotCleared,
    /// A document that their role needs ends, or is not recorded: they work until that day at most, as of today.
    Document {
        /// The document.
        document: DocumentEnd,
        /// The last day on which they may work.
        works_until: NaiveDate,
        /// The day on which this is said.
        today: NaiveDate,
    },
    /// They have another number on the register than they were cleared on.
    NumberChanged,
    /// Their register does not have them: what it said.
    OffRegister(Lookup),
    /// Their clearance ended on that day.
    ClearanceEnded(NaiveDate),
    /// Their clearance ends on that day.
    ClearanceEnds(NaiveDate),
    /// Something they hold has ended: its last day.
    HeldEnded(HeldCompetency, NaiveDate),
    /// Something they hold ends: its last day.
    HeldEnds(HeldCompetency, NaiveDate),
    /// Their role has a register, that of this name, and they have given no number.
    NumberMissing(String),
    /// The number is none that this register has.
    NumberOdd(String, String),
    /// They have given no time over the next weeks.
    NoTime,
    /// They have given no rate.
    NoRates,
    /// They ask more in a band than its range allows.
    RateTooHigh {
        /// The band.
        band: Band,
        /// What they ask, in pence an hour.
        rate_pence_per_hour: i32,
        /// The most that is allowed, in pence an hour.
        ceiling_pence_per_hour: i32,
        /// Whether every band is like this or has no rate.
        keeps_everything_away: bool,
    },
    /// They have given no rate for these bands, in which there is work.
    BandsWithoutRate {
        /// The bands.
        bands: Vec<Band>,
        /// Whether every band is like this or is asked too much for.
        keeps_everything_away: bool,
    },
    /// They have not said how far they travel.
    NoTravel,
    /// No practice lies within the distance they travel, in metres, from their district.
    OutOfReach(i32, String),
    /// They have set a limit of no hours.
    NoHours(Limit),
}

impl Block {
    /// How much it keeps away.
    #[must_use]
    pub fn reach(&self) -> Reach {
        match self {
            Self::Document { works_until, today, .. } if works_until >= today => Reach::Soon,
            Self::ClearanceEnds(_) | Self::HeldEnds(..) | Self::NumberMissing(_) | Self::NumberOdd(..) => {
                Reach::Soon
            }
            Self::RateTooHigh { keeps_everything_away: false, .. }
            | Self::BandsWithoutRate { keeps_everything_away: false, .. }
            | Self::HeldEnded(..) => Reach::Something,
            Self::NotCleared
            | Self::Document { .. }
            | Self::NumberChanged
            | Self::OffRegister(_)
            | Self::ClearanceEnded(_)
            | Self::NoTime
            | Self::NoRates
            | Self::RateTooHigh { .. }
            | Self::BandsWithoutRate { .. }
            | Self::NoTravel
            | Self::OutOfReach(..)
            | Self::NoHours(_) => Reach::Everything,
        }
    }

    /// Whether it keeps every session away.
    #[must_use]
    pub fn keeps_everything_away(&self) -> bool {
        self.reach() == Reach::Everything
    }
}

/// Everything that keeps `profile` from being offered work, the worst first. `today` is the date in `zone`.
#[must_use]
pub fn blocks(profile: &Profile, zone: Tz, today: NaiveDate) -> Vec<Block> {
    let mut found = Vec::new();
    found.extend(clearance(profile, today));
    found.extend(profile.record.held.iter().filter_map(|held| expiry(held, today)));
    found.extend(registration(profile));
    found.extend(register(profile));
    found.extend(availability(profile, zone, today));
    found.extend(rates(profile, today));
    found.extend(travel(profile));
    found.extend(limits(profile));
    found.sort_by_key(Block::reach);
    found
}

/// The last date that is still soon.
fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(DAYS_OF_WARNING)).unwrap_or(NaiveDate::MAX)
}

/// Nobody works without a clearance, or after it has ended.
fn clearance(profile: &Profile, today: NaiveDate) -> Option<Block> {
    let Some(clearance) = &profile.record.clearance else { return Some(Block::NotCleared) };
    let (until, works_until) = (clearance.cleared_until, clearance.works_until);
    if let Some(document) = clearance.document.clone().filter(|_| works_until <= soon(today)) {
        return Some(Block::Document { document, works_until, today });
    }
    if !clearance.is_of_number {
        Some(Block::NumberChanged)
    } else if until < today {
        Some(Block::ClearanceEnded(until))
    } else {
        (until <= soon(today)).then_some(Block::ClearanceEnds(until))
    }
}

/// A document, skill or system counts up to its last valid date.
fn expiry(held: &HeldCompetency, today: NaiveDate) -> Option<Block> {
    let last = held.valid_through.filter(|last| *last <= soon(today))?;
    let held = held.clone();
    Some(if last < today { Block::HeldEnded(held, last) } else { Block::HeldEnds(held, last) })
}

/// A role with a register needs a number on it.
fn registration(profile: &Profile) -> Option<Block> {
    profile.record.role.register_pattern.as_ref()?;
    let register = profile.record.role.regulator.clone().unwrap_or_else(|| "registration".to_owned());
    let number = profile.record.clinician.registration_number.as_deref().unwrap_or_default();
    match registration_number(&profile.record.role, number) {
        Ok(Some(_)) => None,
        Ok(None) => Some(Block::NumberMissing(register)),
        Err(_) => Some(Block::NumberOdd(register, number.to_owned())),
    }
}

/// Nobody works whom their register does not have.
fn register(profile: &Profile) -> Option<Block> {
    let lookup = profile.record.lookup.as_ref().filter(|lookup| !lookup.outcome.is_registered());
    lookup.cloned().map(Block::OffRegister)
}

/// Sessions are offered in the hours somebody has given.
fn availability(profile: &Profile, zone: Tz, today: NaiveDate) -> Option<Block> {
    let last = today.checked_add_days(Days::new(DAYS_LOOKED_AHEAD - 1)).unwrap_or(today);
    spans(&profile.availability, zone, today, last).is_empty().then_some(Block::NoTime)
}

/// A rate for each band in which the commissioner has published a range, and not above it.
fn rates(profile: &Profile, today: NaiveDate) -> Vec<Block> {
    let (asked, role) = (&profile.record.rates, &profile.record.role.code);
    if asked.is_empty() {
        return vec![Block::NoRates];
    }
    let in_force = |band| profile.ranges.in_force(role, band, today);
    let ceilings: Vec<(Band, i32)> = Band::ALL
        .into_iter()
        .filter_map(|band| in_force(band).map(|range| (band, range.ceiling_pence_per_hour)))
        .collect();
    let missing: Vec<Band> =
        ceilings.iter().map(|(band, _)| *band).filter(|band| !asked.contains_key(band)).collect();
    let too_high: Vec<(Band, i32, i32)> = ceilings
        .iter()
        .filter_map(|(band, ceiling)| asked.get(band).map(|rate| (*band, *rate, *ceiling)))
        .filter(|(_, rate, ceiling)| rate > ceiling)
        .collect();
    let keeps_everything_away = !ceilings.is_empty() && missing.len() + too_high.len() == ceilings.len();
    let block = |(band, rate_pence_per_hour, ceiling_pence_per_hour)| Block::RateTooHigh {
        band,
        rate_pence_per_hour,
        ceiling_pence_per_hour,
        keeps_everything_away,
    };
    let mut found: Vec<Block> = too_high.into_iter().map(block).collect();
    if !missing.is_empty() {
        found.push(Block::BandsWithoutRate { bands: missing, keeps_everything_away });
    }
    found
}

/// At least one practice lies within the distance somebody travels.
fn travel(profile: &Profile) -> Option<Block> {
    let person = &profile.record.clinician;
    (profile.practices_within_reach == 0).then(|| match person.max_travel_metres {
        0 => Block::NoTravel,
        metres => Block::OutOfReach(metres, person.home_district.clone()),
    })
}

/// A limit of no hours at all leaves no room for a session.
fn limits(profile: &Profile) -> Vec<Block> {
    let person = &profile.record.clinician;
    let limits = [(person.max_minutes_per_week, Limit::Week), (person.max_minutes_per_day, Limit::Day)];
    limits.into_iter().filter(|(most, _)| *most == Some(0)).map(|(_, limit)| Block::NoHours(limit)).collect()
}

#[cfg(test)]
mod tests;
