//! The invented clinicians of a demonstration bank.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};

use crate::demonstration::trades::{BANDS, TRADES, Trade, in_steps, per_cent_of_core};
use crate::ground::id::{AccountId, AvailabilityId, ClinicianId, PracticeId};
use crate::people::availability::{Hours, TimeAway};
use crate::people::clinician::{Clinician, Engagement, PreferenceKind, Rates};
use crate::people::credential::Held;
use crate::terms::bank::places::Place;
use matching::example::chance::Chance;

const FIRST: [&str; 30] = [
    "Amara", "Bryn", "Chidi", "Dilys", "Emeka", "Farah", "Gethin", "Hana", "Idris", "Jaya", "Kofi", "Lowri",
    "Mina", "Nuala", "Owain", "Priya", "Quill", "Rhian", "Sana", "Tomasz", "Una", "Vikram", "Wren", "Xenia",
    "Yusuf", "Zofia", "Aled", "Bea", "Cerys", "Dev",
];
const LAST: [&str; 31] = [
    "Ashgrove",
    "Birchall",
    "Copperfield",
    "Dewhurst",
    "Elmsworth",
    "Fernley",
    "Greenhalgh",
    "Hollowell",
    "Inglewood",
    "Jessamy",
    "Kingswood",
    "Larkspur",
    "Mossman",
    "Netherby",
    "Oakeshott",
    "Pennywell",
    "Quarrington",
    "Rowanby",
    "Summerhay",
    "Thistleton",
    "Underhill",
    "Vinework",
    "Willowby",
    "Yarrowdale",
    "Appleyard",
    "Brackenby",
    "Cloverley",
    "Driftwood",
    "Everdale",
    "Foxworthy",
    "Gorseland",
];

/// Everything about one clinician.
#[derive(Debug, Clone)]
pub struct Invented {
    /// Who they are and what they keep.
    pub clinician: Clinician,
    /// What they work for.
    pub rates: Rates,
    /// What they hold.
    pub held: Vec<Held>,
    /// Until when they are cleared; none where nothing has been decided.
    pub cleared_until: Option<NaiveDate>,
    /// When they can work, every week.
    pub weekly: Vec<(Weekday, Hours)>,
    /// When they can't.
    pub away: Option<TimeAway>,
    /// Practices they prefer or refuse.
    pub preferences: Vec<(PracticeId, PreferenceKind)>,
}

/// Where a practice is, and what it uses.
#[derive(Debug, Clone)]
pub struct PlacedPractice {
    /// The practice.
    pub id: PracticeId,
    /// Its postcode.
    pub postcode: String,
    /// Where it is.
    pub place: Place,
    /// Its clinical system.
    pub clinical_system: Option<String>,
}

/// `count` clinicians who live near the practices. The first is a GP, for people to sign in as.
#[must_use]
pub fn clinicians(
    chance: &mut Chance,
    practices: &[PlacedPractice],
    count: usize,
    today: NaiveDate,
    first_email: &str,
) -> Vec<Invented> {
    let weights = TRADES.map(|trade| trade.clinicians_per_cent);
    (0..count)
        .map(|number| {
            let trade = &TRADES[if number == 0 { 0 } else { chance.weighted(&weights) }];
            let name =
                format!("{} {}", FIRST[number % FIRST.len()], LAST[(number * 11 + number / 30) % LAST.len()]);
            let name = if trade.role == "gp" { format!("Dr {name}") } else { name };
            let email = if number == 0 {
                first_email.to_owned()
            } else {
                format!("clinician{number:03}@demonstration.example")
            };
            invent(chance, practices, trade, (name, email), (number, today))
        })
        .collect()
}

fn invent(
    chance: &mut Chance,
    practices: &[PlacedPractice],
    trade: &Trade,
    (name, email): (String, String),
    (number, today): (usize, NaiveDate),
) -> Invented {
    let home = chance.below(practices.len());
    let near = near(practices, home);
    let engagement = if trade.role == "gp" || chance.per_mille(300) {
        Engagement::SelfEmployed
    } else {
        Engagement::Employed
    };
    let limit = |hours: &[i64], chance: &mut Chance| i32::try_from(*chance.pick(hours) * 60).ok();
    let clinician = Clinician {
        id: ClinicianId::new(),
        account: AccountId::new(),
        name,
        email,
        role: trade.role.to_owned(),
        afc_band: trade
            .afc_bands
            .map(|(low, high)| i16::try_from(chance.between(low.into(), high.into())).unwrap_or(low)),
        registration_number: trade.register.map(|register| register.number(number)),
        home_district: practices[home].postcode.split(' ').next().unwrap_or_default().to_owned(),
        latitude_microdegrees: practices[home].place.latitude_microdegrees,
        longitude_microdegrees: practices[home].place.longitude_microdegrees,
        max_travel_metres: i32::try_from(*chance.pick(&[24, 32, 40, 48, 64, 80]) * 1000_i64)
            .unwrap_or(40_000),
        max_minutes_per_week: limit(&[21, 25, 34, 38, 42], chance),
        max_minutes_per_day: limit(&[9, 11], chance),
        rest_minutes: 660,
        engagement,
    };
    // The one to sign in as is free on most days, so that there is something to see.
    let weekly = if number == 0 { every_weekday() } else { weekly(chance) };
    Invented {
        rates: rates(chance, trade),
        held: held(chance, trade, &practices[home], (number, today)),
        cleared_until: cleared_until(chance, (number, today)),
        weekly,
        away: (number != 0 && chance.per_mille(250)).then(|| away(chance, today)),
        preferences: preferences(chance, practices, &near),
        clinician,
    }
}

/// The twelve practices nearest to one, as the crow flies.
fn near(practices: &[PlacedPractice], home: usize) -> Vec<usize> {
    let centre = practices[home].place;
    let distance = |place: Place| {
        let north = i64::from(place.latitude_microdegrees - centre.latitude_microdegrees);
        let east = i64::from(place.longitude_microdegrees - centre.longitude_microdegrees);
        north * north + east * east * 2 / 5
    };
    let mut order: Vec<usize> = (0..practices.len()).collect();
    order.sort_by_key(|index| distance(practices[*index].place));
    order.truncate(12);
    order
}

fn rates(chance: &mut Chance, trade: &Trade) -> Rates {
    let (floor, ceiling) = (i64::from(trade.floor_pence_per_hour), i64::from(trade.ceiling_pence_per_hour));
    // A few ask for more than the range allows.
    let most = if chance.per_mille(60) { ceiling * 105 / 100 } else { ceiling * 94 / 100 };
    let base = i32::try_from(chance.between(floor, most)).unwrap_or(trade.ceiling_pence_per_hour);
    let mut rates = BTreeMap::new();
    for band in BANDS {
        if chance.per_mille(850) || band == BANDS[0] {
            rates.insert(band, in_steps(base, per_cent_of_core(band)).max(50));
        }
    }
    rates
}

fn held(
    chance: &mut Chance,
    trade: &Trade,
    home: &PlacedPractice,
    (number, today): (usize, NaiveDate),
) -> Vec<Held> {
    let mut held: BTreeMap<&str, Option<NaiveDate>> = BTreeMap::new();
    held.insert(home.clinical_system.as_deref().unwrap_or("systmone"), None);
    if chance.per_mille(600) {
        held.insert("systmone", None);
        held.insert("emis_web", None);
    }
    for skill in trade.skills {
        if chance.per_mille(700) {
            held.insert(skill, None);
        }
    }
    for document in trade.documents {
        let days = if number != 0 && chance.per_mille(30) {
            chance.between(-25, 20)
        } else {
            chance.between(40, 700)
        };
        held.insert(document, Some(later(today, days)));
    }
    held.into_iter()
        .map(|(competency, valid_through)| Held { competency: competency.to_owned(), valid_through })
        .collect()
}

/// Nearly everybody is cleared; a few not yet, a few not for long.
fn cleared_until(chance: &mut Chance, (number, today): (usize, NaiveDate)) -> Option<NaiveDate> {
    match chance.below(100) {
        0..4 if number != 0 => None,
        4..9 if number != 0 => Some(later(today, chance.between(3, 25))),
        _ => Some(later(today, chance.between(120, 500))),
    }
}

fn hours(start: (u32, u32), end: (u32, u32)) -> Option<Hours> {
    let time = |(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0);
    Some(Hours { start: time(start)?, end: time(end)? })
}

const WEEKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

fn every_weekday() -> Vec<(Weekday, Hours)> {
    WEEKDAYS.iter().filter_map(|day| Some((*day, hours((7, 30), (19, 0))?))).collect()
}

fn weekly(chance: &mut Chance) -> Vec<(Weekday, Hours)> {
    let mut weekly = Vec::new();
    for day in WEEKDAYS {
        if !chance.per_mille(680) {
            continue;
        }
        let span = match chance.weighted(&[10, 10, 50, 30]) {
            0 => hours((7, 30), (13, 30)),
            1 => hours((13, 0), (19, 0)),
            2 => hours((7, 30), (19, 0)),
            _ => hours((7, 30), (21, 30)),
        };
        weekly.extend(span.map(|span| (day, span)));
    }
    if chance.per_mille(200) {
        weekly.extend(hours((8, 0), (18, 0)).map(|span| (Weekday::Sat, span)));
    }
    weekly
}

fn away(chance: &mut Chance, today: NaiveDate) -> TimeAway {
    let from_date = later(today, chance.between(-40, 24));
    TimeAway { id: AvailabilityId::new(), from_date, until_date: later(from_date, chance.between(2, 10)) }
}

fn preferences(
    chance: &mut Chance,
    practices: &[PlacedPractice],
    near: &[usize],
) -> Vec<(PracticeId, PreferenceKind)> {
    let mut chosen: BTreeMap<PracticeId, PreferenceKind> = BTreeMap::new();
    for _ in 0..chance.below(4) {
        chosen.insert(practices[*chance.pick(near)].id, PreferenceKind::Preferred);
    }
    if chance.per_mille(100) {
        chosen.entry(practices[*chance.pick(near)].id).or_insert(PreferenceKind::Refused);
    }
    chosen.into_iter().collect()
}

/// The date `days` after another, or before it where they are negative.
#[must_use]
pub fn later(date: NaiveDate, days: i64) -> NaiveDate {
    let step = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) };
    moved.unwrap_or(date)
}
