//! People who can be booked: who they are, what they work for, how far and how long, and where.

pub mod actions;
mod details;
pub mod forms;
pub mod pages;
pub mod register;
pub mod store;

use std::collections::BTreeMap;

pub use self::details::Details;
use crate::ground::id::{AccountId, ClinicianId};
use crate::terms::bank::Band;
use crate::terms::rules::WorkHours;

/// The rest that the law gives people whom a bank employs. A bank may give more.
pub const LEAST_REST_MINUTES: i32 = WorkHours::LAW.least_rest_hours * 60;

/// The most minutes that the law lets them work in one week. A bank may let them less.
pub const EMPLOYED_MINUTES_PER_WEEK: i64 = WorkHours::LAW.most_hours_per_week as i64 * 60;

/// On what terms somebody works, which decides whether the law's hours bind or only their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Engagement {
    /// By the bank: rest and weekly hours of the Working Time Regulations bind.
    Employed,
    /// For themselves: they set their own limits.
    SelfEmployed,
}

impl Engagement {
    /// Both, in the order in which forms list them.
    pub const ALL: [Self; 2] = [Self::Employed, Self::SelfEmployed];

    /// The name in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Employed => "employed",
            Self::SelfEmployed => "self_employed",
        }
    }

    /// The name on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Employed => "Employed by the bank",
            Self::SelfEmployed => "Self-employed",
        }
    }

    /// The engagement of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engagement| engagement.code() == code)
    }
}

/// A person who can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinician {
    /// Their id.
    pub id: ClinicianId,
    /// Their account, the same in every bank.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address, in lower case.
    pub email: String,
    /// The role they work in, by code.
    pub role: String,
    /// Their Agenda for Change band, for roles that have them.
    pub afc_band: Option<i16>,
    /// Their number on the role's register, in capitals.
    pub registration_number: Option<String>,
    /// The postcode district they set out from: "BH1".
    pub home_district: String,
    /// Where that is, in millionths of a degree north.
    pub latitude_microdegrees: i32,
    /// Where that is, in millionths of a degree east.
    pub longitude_microdegrees: i32,
    /// Road metres they will travel from home at most.
    pub max_travel_metres: i32,
    /// Minutes in one week (Monday to Sunday) at most.
    pub max_minutes_per_week: Option<i32>,
    /// Minutes in one day at most.
    pub max_minutes_per_day: Option<i32>,
    /// Minutes between the last session of one day and the first of a later one, at least.
    pub rest_minutes: i32,
    /// On what terms they work.
    pub engagement: Engagement,
}

/// The least somebody works for, in pence an hour by band; no work in a band that is missing.
pub type Rates = BTreeMap<Band, i32>;

/// What somebody says about a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PreferenceKind {
    /// They like to work there.
    Preferred,
    /// They will not work there.
    Refused,
}

impl PreferenceKind {
    /// The name in forms and in the database.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Refused => "refused",
        }
    }

    /// The kind of that code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Preferred, Self::Refused].into_iter().find(|kind| kind.code() == code)
    }
}
