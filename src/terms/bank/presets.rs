//! What a new bank begins with: the customary table of bands (`config/bands.json`: core hours are Monday to Friday,
//! 8am to 6:30pm, as the GP contract has them) and the bank holidays of England (`config/bank-holidays.json`, GOV.UK).

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::calendar::BankHoliday;
use super::{Band, BandHours, DayKind, store};
use crate::ground::db::{DbError, Tx};

const BANDS: &str = include_str!("../../../config/bands.json");
const BANK_HOLIDAYS: &str = include_str!("../../../config/bank-holidays.json");

#[derive(Deserialize)]
struct BandRow {
    day_kind: DayKind,
    from_time: String,
    band: Band,
}

#[derive(Deserialize)]
struct Divisions {
    #[serde(rename = "england-and-wales")]
    england_and_wales: Division,
}

#[derive(Deserialize)]
struct Division {
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    date: NaiveDate,
}

/// Gives `bank` the customary bands, and the service every bank holiday it knows of.
pub async fn insert_presets(tx: &mut Tx) -> Result<(), DbError> {
    for row in band_hours() {
        store::insert_band_hours(tx, &row).await?;
    }
    for holiday in bank_holidays() {
        store::upsert_bank_holiday(tx, &holiday).await?;
    }
    Ok(())
}

/// The customary table of bands.
#[must_use]
pub fn band_hours() -> Vec<BandHours> {
    let rows: Vec<BandRow> = serde_json::from_str(BANDS).unwrap_or_default();
    rows.into_iter()
        .filter_map(|row| {
            let from_time = NaiveTime::parse_from_str(&row.from_time, "%H:%M").ok()?;
            Some(BandHours { day_kind: row.day_kind, from_time, band: row.band })
        })
        .collect()
}

/// The bank holidays of England, in order.
#[must_use]
pub fn bank_holidays() -> Vec<BankHoliday> {
    let divisions: Result<Divisions, _> = serde_json::from_str(BANK_HOLIDAYS);
    let events = divisions.map(|divisions| divisions.england_and_wales.events).unwrap_or_default();
    events.into_iter().map(|event| BankHoliday { date: event.date, title: event.title }).collect()
}

#[cfg(test)]
mod tests {
    use super::{band_hours, bank_holidays};

    #[test]
    fn the_files_can_be_read() {
        assert_eq!(band_hours().len(), 4);
        let holidays = bank_holidays();
        let christmas = holidays.iter().find(|holiday| holiday.date.to_string() == "2026-12-25");
        assert_eq!(christmas.map(|holiday| holiday.title.as_str()), Some("Christmas Day"));
    }
}
