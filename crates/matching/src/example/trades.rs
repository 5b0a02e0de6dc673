//! The roles of an example, what they earn and what they can do.

use super::Shape;
use super::chance::Chance;

/// A role of primary care.
pub struct Trade {
    /// Its name in the problem.
    pub role: &'static str,
    /// How common it is, in a hundred.
    weight: usize,
    /// The lowest usual rate in pence an hour.
    pub low_pence: i64,
    /// The highest usual rate in pence an hour.
    pub high_pence: i64,
    /// What some of its people can do and some of its sessions need.
    pub skills: &'static [&'static str],
}

/// Every role.
pub const TRADES: [Trade; 6] = [
    Trade {
        role: "gp",
        weight: 55,
        low_pence: 7_600,
        high_pence: 9_800,
        skills: &["duty_doctor", "coil_fitting", "minor_surgery", "care_home_round"],
    },
    Trade {
        role: "practice_nurse",
        weight: 15,
        low_pence: 2_400,
        high_pence: 3_400,
        skills: &["cervical_screening", "immunisation", "spirometry"],
    },
    Trade {
        role: "msk_practitioner",
        weight: 10,
        low_pence: 3_000,
        high_pence: 4_200,
        skills: &["fcp_stage_2", "joint_injection"],
    },
    Trade { role: "paramedic", weight: 7, low_pence: 2_900, high_pence: 3_900, skills: &["home_visiting"] },
    Trade {
        role: "pharmacist",
        weight: 7,
        low_pence: 3_100,
        high_pence: 4_300,
        skills: &["independent_prescriber"],
    },
    Trade {
        role: "physician_associate",
        weight: 6,
        low_pence: 2_700,
        high_pence: 3_600,
        skills: &["phlebotomy"],
    },
];

/// The bands and their pay in hundredths of the core rate.
pub const BANDS: [(&str, i64); 4] =
    [("core", 100), ("evening", 120), ("saturday", 125), ("sunday_or_bank_holiday", 150)];

/// Hundredths of the core rate that a band pays.
pub fn band_percent(band: &str) -> i64 {
    BANDS.iter().find(|(name, _)| *name == band).map_or(100, |(_, percent)| *percent)
}

/// A role, as often as it is common.
pub fn trade(chance: &mut Chance, shape: Shape) -> &'static Trade {
    if matches!(shape, Shape::OneRole | Shape::Identical) {
        return &TRADES[0];
    }
    &TRADES[chance.weighted(&TRADES.map(|trade| trade.weight))]
}

/// Rounded down to whole steps.
pub fn in_steps(pence: i64, step: i64) -> i64 {
    pence / step * step
}
