//! The sessions of a demonstration bank.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use crate::demonstration::people::PlacedPractice;
use crate::demonstration::trades::{TRADES, Trade, in_steps, per_cent_of_core};
use crate::ground::id::SessionId;
use crate::terms::bank::Catalogue;
use crate::terms::bank::calendar::{WallTime, wall_time};
use crate::work::session::{AskedSession, SessionTimes};
use matching::example::chance::Chance;

/// Start, minutes and how common on weekdays: mornings, afternoons, evenings, whole days. A GP session is 4 hours
/// 10 minutes (BMA).
const WEEKDAY: [((u32, u32), i64, usize); 7] = [
    ((8, 30), 250, 26),
    ((8, 0), 250, 14),
    ((14, 0), 250, 26),
    ((13, 30), 250, 14),
    ((18, 30), 90, 5),
    ((18, 30), 120, 5),
    ((8, 0), 600, 10),
];
const SATURDAY: [((u32, u32), i64, usize); 3] = [((9, 0), 250, 2), ((9, 0), 480, 1), ((13, 0), 240, 1)];

/// `count` sessions on the dates from `first`, for `days` days. Bank holidays and Sundays are left out.
#[must_use]
pub fn sessions(
    chance: &mut Chance,
    practices: &[PlacedPractice],
    catalogue: &Catalogue,
    zone: Tz,
    (first, days): (NaiveDate, u64),
    count: usize,
) -> Vec<AskedSession> {
    let dates: Vec<NaiveDate> = (0..days)
        .filter_map(|day| first.checked_add_days(Days::new(day)))
        .filter(|date| date.weekday() != Weekday::Sun && catalogue.bank_holiday(*date).is_none())
        .collect();
    let (saturdays, weekdays): (Vec<_>, Vec<_>) =
        dates.into_iter().partition(|date| date.weekday() == Weekday::Sat);
    // Some practices need more help than others.
    let weights: Vec<usize> = (0..practices.len()).map(|index| 2 + (index * 7) % 9).collect();
    let mut sessions = Vec::with_capacity(count);
    // Dates that can't be used (a span of bank holidays) must not make this go on for ever.
    for _ in 0..count * 4 {
        if sessions.len() == count {
            break;
        }
        let practice = &practices[chance.weighted(&weights)];
        let is_saturday = !saturdays.is_empty() && chance.per_mille(70);
        let dates = if is_saturday { &saturdays } else { &weekdays };
        if let Some(date) = (!dates.is_empty()).then(|| *chance.pick(dates)) {
            sessions.extend(session(chance, practice, catalogue, zone, date));
        }
    }
    sessions
}

fn session(
    chance: &mut Chance,
    practice: &PlacedPractice,
    catalogue: &Catalogue,
    zone: Tz,
    date: NaiveDate,
) -> Option<AskedSession> {
    let trade = &TRADES[chance.weighted(&TRADES.map(|trade| trade.sessions_per_cent))];
    let hours: &[_] = if date.weekday() == Weekday::Sat { &SATURDAY } else { &WEEKDAY };
    let common: Vec<usize> = hours.iter().map(|(_, _, weight)| *weight).collect();
    let ((hour, minute), minutes, _) = hours[chance.weighted(&common)];
    let times = times(zone, date, NaiveTime::from_hms_opt(hour, minute, 0)?, minutes)?;
    let band = catalogue.band_at(date, times.local_start)?;
    let (least, most) = rates(chance, trade, per_cent_of_core(band));
    Some(AskedSession {
        id: SessionId::new(),
        practice: practice.id,
        series: None,
        times,
        band,
        roles: vec![trade.role.to_owned()],
        competencies: competencies(chance, trade, practice),
        places: if chance.per_mille(30) { 2 } else { 1 },
        priority: [1, 2, 3][chance.weighted(&[80, 15, 5])],
        rate_min_pence_per_hour: least,
        rate_max_pence_per_hour: most,
        notes: String::new(),
        supervisor: String::new(),
    })
}

fn times(zone: Tz, date: NaiveDate, start: NaiveTime, minutes: i64) -> Option<SessionTimes> {
    let (end, _) = start.overflowing_add_signed(chrono::TimeDelta::minutes(minutes));
    let instant = |time| match wall_time(zone, date, time) {
        WallTime::Once(instant) => Some(instant),
        WallTime::Twice(..) | WallTime::Never => None,
    };
    Some(SessionTimes {
        local_date: date,
        local_start: start,
        local_end_date: date,
        local_end: end,
        time_zone: zone,
        starts_at: instant(start)?,
        ends_at: instant(end)?,
    })
}

fn rates(chance: &mut Chance, trade: &Trade, per_cent: i32) -> (i32, i32) {
    let (floor, ceiling) = (trade.floor_pence_per_hour, trade.ceiling_pence_per_hour);
    let offered = chance.between(i64::from(floor) * 114 / 100, i64::from(ceiling) * 104 / 100);
    let most = in_steps(i32::try_from(offered).unwrap_or(ceiling).min(ceiling), per_cent);
    (in_steps(floor, per_cent).min(most), most)
}

fn competencies(chance: &mut Chance, trade: &Trade, practice: &PlacedPractice) -> Vec<String> {
    let mut needed = Vec::new();
    if chance.per_mille(750) {
        needed.extend(practice.clinical_system.clone());
    }
    if chance.per_mille(200) {
        needed.push((*chance.pick(trade.skills)).to_owned());
    }
    needed.push("basic_life_support".to_owned());
    needed.sort();
    needed
}
