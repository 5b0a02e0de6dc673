//! What each role of a demonstration bank is paid, needs and can do. The figures are invented: near what GPs were
//! offered in 2024, and near Agenda for Change for the rest.

use crate::terms::bank::Band;

/// A role in a demonstration bank.
#[derive(Debug, Clone, Copy)]
pub struct Trade {
    /// Its code.
    pub role: &'static str,
    /// How many of a hundred sessions ask for it.
    pub sessions_per_cent: usize,
    /// How many of a hundred clinicians work in it.
    pub clinicians_per_cent: usize,
    /// The floor of its range in core hours, in pence an hour.
    pub floor_pence_per_hour: i32,
    /// The ceiling of its range in core hours, in pence an hour.
    pub ceiling_pence_per_hour: i32,
    /// Skills that some sessions need.
    pub skills: &'static [&'static str],
    /// Documents everybody of it holds.
    pub documents: &'static [&'static str],
    /// Agenda for Change bands, where it has them.
    pub afc_bands: Option<(i16, i16)>,
    /// The shape of its registration numbers; none where there is no register.
    pub register: Option<Register>,
}

/// The shape of a register's numbers: a beginning that the register has not given out, digits, and what follows them.
#[derive(Debug, Clone, Copy)]
pub struct Register {
    /// What stands before the digits.
    pub start: &'static str,
    /// How many digits are counted up.
    pub digits: usize,
    /// What stands after the digits, or "".
    pub end: &'static str,
}

impl Register {
    const fn new(start: &'static str, digits: usize, end: &'static str) -> Self {
        Self { start, digits, end }
    }

    /// The number of the person counted as `count`.
    #[must_use]
    pub fn number(&self, count: usize) -> String {
        format!("{}{count:0digits$}{}", self.start, self.end, digits = self.digits)
    }
}

const CLINICAL: &[&str] = &["basic_life_support", "safeguarding_children_3", "enhanced_dbs", "indemnity"];
const SUPPORT: &[&str] = &["basic_life_support", "enhanced_dbs"];

/// The roles of a demonstration bank.
pub const TRADES: [Trade; 7] = [
    Trade {
        role: "gp",
        sessions_per_cent: 40,
        clinicians_per_cent: 35,
        floor_pence_per_hour: 7200,
        ceiling_pence_per_hour: 9600,
        skills: &["duty_doctor", "coil_fitting", "minor_surgery", "care_home_round"],
        documents: &[
            "basic_life_support",
            "safeguarding_children_3",
            "enhanced_dbs",
            "indemnity",
            "performers_list",
        ],
        afc_bands: None,
        register: Some(Register::new("70", 5, "")),
    },
    Trade {
        role: "msk_practitioner",
        sessions_per_cent: 12,
        clinicians_per_cent: 13,
        floor_pence_per_hour: 2900,
        ceiling_pence_per_hour: 4200,
        skills: &["fcp_stage_2", "joint_injection"],
        documents: CLINICAL,
        afc_bands: Some((7, 8)),
        register: Some(Register::new("PH1", 5, "")),
    },
    Trade {
        role: "practice_nurse",
        sessions_per_cent: 18,
        clinicians_per_cent: 18,
        floor_pence_per_hour: 2300,
        ceiling_pence_per_hour: 3400,
        skills: &["cervical_screening", "immunisation", "spirometry"],
        documents: CLINICAL,
        afc_bands: Some((5, 6)),
        register: Some(Register::new("99Z", 4, "E")),
    },
    Trade {
        role: "paramedic",
        sessions_per_cent: 7,
        clinicians_per_cent: 9,
        floor_pence_per_hour: 2700,
        ceiling_pence_per_hour: 3900,
        skills: &["home_visiting"],
        documents: CLINICAL,
        afc_bands: Some((6, 7)),
        register: Some(Register::new("PA1", 5, "")),
    },
    Trade {
        role: "pharmacist",
        sessions_per_cent: 7,
        clinicians_per_cent: 9,
        floor_pence_per_hour: 2900,
        ceiling_pence_per_hour: 4300,
        skills: &["independent_prescriber"],
        documents: CLINICAL,
        afc_bands: Some((6, 8)),
        register: Some(Register::new("20", 5, "")),
    },
    Trade {
        role: "healthcare_assistant",
        sessions_per_cent: 10,
        clinicians_per_cent: 9,
        floor_pence_per_hour: 1250,
        ceiling_pence_per_hour: 1800,
        skills: &["phlebotomy", "health_checks"],
        documents: SUPPORT,
        afc_bands: Some((2, 4)),
        register: None,
    },
    Trade {
        role: "care_coordinator",
        sessions_per_cent: 6,
        clinicians_per_cent: 7,
        floor_pence_per_hour: 1350,
        ceiling_pence_per_hour: 2300,
        skills: &["care_planning"],
        documents: SUPPORT,
        afc_bands: Some((4, 6)),
        register: None,
    },
];

/// What a band pays in hundredths of core hours.
#[must_use]
pub fn per_cent_of_core(band: Band) -> i32 {
    match band {
        Band::Core => 100,
        Band::Evening => 120,
        Band::Saturday => 125,
        Band::SundayOrBankHoliday | Band::Night => 150,
    }
}

/// The bands a demonstration bank has.
pub const BANDS: [Band; 4] = [Band::Core, Band::Evening, Band::Saturday, Band::SundayOrBankHoliday];

/// `pence` at `per_cent`, in whole steps of 50 pence.
#[must_use]
pub fn in_steps(pence: i32, per_cent: i32) -> i32 {
    pence * per_cent / 100 / 50 * 50
}
