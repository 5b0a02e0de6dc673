//! What a new bank begins with: the customary table of bands (`config/bands.json`: core hours are Monday to Friday,
//! 8am to 6:30pm, as the GP contract has them), the documents that roles need, and the bank holidays of the release.

use chrono::NaiveTime;
use serde::Deserialize;

use super::actions::keep_release;
use super::{Band, BandHours, DayKind, needs, store};
use crate::ground::db::{DbError, Tx};
use crate::ground::words::london_date;

const BANDS: &str = include_str!("../../../config/bands.json");

#[derive(Deserialize)]
struct BandRow {
    day_kind: DayKind,
    from_time: String,
    band: Band,
}

/// Gives the transaction's bank the customary bands and needs of roles, and the service every bank holiday it knows of.
pub async fn insert_presets(tx: &mut Tx) -> Result<(), DbError> {
    for row in band_hours() {
        store::insert_band_hours(tx, &row).await?;
    }
    keep_release(tx).await?;
    needs::insert_customary(tx, london_date(tx.now())).await
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

#[cfg(test)]
mod tests {
    use super::band_hours;

    #[test]
    fn the_file_can_be_read() {
        assert_eq!(band_hours().len(), 4);
    }
}
